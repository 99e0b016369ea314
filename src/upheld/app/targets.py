"""Where this server would send anything to, or look: for whom, and what can be refused when it is told."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from upheld.app.refusal import Fault
from upheld.core.measuring.observation import Stream
from upheld.net.guard import NOWHERE, check_url
from upheld.net.marks import Marks
from upheld.net.policy import FOR_PROBES, FOR_WEBHOOKS
from upheld.net.url import UrlError
from upheld.probe.kinds import Look
from upheld.store.models import Provider

_ALLOWS: Final = "only where the operator of this server allows them to you (UPHELD_PRIVATE_TARGETS)"
_WAY_OUT: Final = f"give a URL at a public address and at port 80, 443, 8080 or 8443; other ones {_ALLOWS}"
_AS: Final = "write it as https://hooks.northwind.example/upheld"
_LOOK_WAY_OUT: Final = (
    f"a probe looks at public addresses, at ports that are commonly offered to others; elsewhere {_ALLOWS}"
)


def is_marked(provider_id: int, *, is_customers: bool = False) -> bool:
    """Whether a provider may go to private networks; what a customer says itself may where everybody may."""
    marks: Marks = settings.PRIVATE_TARGETS
    if marks.everybody or is_customers or not marks.keys:
        return marks.everybody
    return Provider.objects.filter(pk=provider_id, key__in=marks.keys).exists()


def target_fault(url: str, may_be_private: bool) -> Fault | None:
    """What speaks against sending to a URL, but for what its name stands for: that is looked up then."""
    try:
        check_url(url, FOR_WEBHOOKS.marked(may_be_private))
    except UrlError as fault:
        return Fault(fault.message, _WAY_OUT if fault.reason in ("address", "port") else _AS)
    return None


def look_fault(look: Look, may_be_private: bool) -> Fault | None:
    """What speaks against making a look, but for what its name stands for: that is looked up each time."""
    policy = FOR_PROBES.marked() if may_be_private else None
    looked = look(NOWHERE, Stream("", "", ""), 0, policy)
    return Fault(looked.detail, _LOOK_WAY_OUT, "settings") if looked.observation is None else None
