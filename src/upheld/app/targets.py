"""Where this server would send anything to, or look: what can be refused of it when it is told."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from upheld.app.refusal import Fault
from upheld.core.measuring.observation import Stream
from upheld.net.guard import NOWHERE, check_url
from upheld.net.policy import FOR_PROBES, FOR_WEBHOOKS
from upheld.net.url import UrlError
from upheld.probe.kinds import Look

_WAY_OUT: Final = (
    "give a URL at a public address and at port 80, 443, 8080 or 8443; "
    "other ones only where the operator of this server allows private targets (UPHELD_PRIVATE_TARGETS)"
)

_AS: Final = "write it as https://hooks.northwind.example/upheld"
_LOOK_WAY_OUT: Final = (
    "a probe looks at public addresses, at ports that are commonly offered to others; elsewhere "
    "only where the operator of this server allows private targets (UPHELD_PRIVATE_TARGETS)"
)


def target_fault(url: str) -> Fault | None:
    """What speaks against sending to a URL, but for what its name stands for: that is looked up then."""
    try:
        check_url(url, FOR_WEBHOOKS.marked(settings.PRIVATE_TARGETS))
    except UrlError as fault:
        return Fault(fault.message, _WAY_OUT if fault.reason in ("address", "port") else _AS)
    return None


def look_fault(look: Look) -> Fault | None:
    """What speaks against making a look, but for what its name stands for: that is looked up each time."""
    policy = FOR_PROBES.marked() if settings.PRIVATE_TARGETS else None
    looked = look(NOWHERE, Stream("", "", ""), 0, policy)
    return Fault(looked.detail, _LOOK_WAY_OUT, "settings") if looked.observation is None else None
