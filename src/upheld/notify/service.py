"""Every other service that Apprise knows: SMS, chats, pagers.

Its requests do not pass the guard: it looks names up itself, and a name that moves between the guard's look
and its own goes unnoticed. So the operator says which services may be used, and a customer never gives such a
URL. Redirects are off, one URL names one recipient, and Apprise's own log goes nowhere: it holds secrets.
"""

from __future__ import annotations

import logging
import re
from typing import Final
from urllib.parse import unquote

from apprise import Apprise, AppriseAsset, AppriseResultStatus, NotifyBase, NotifyFormat

from upheld.core.timeline.instant import SECOND, Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.net.guard import Guard
from upheld.net.policy import Policy
from upheld.notify.mail_text import one_line, plain
from upheld.notify.message import Delivery, Message, evident

HOSTED: Final = frozenset(
    {
        "46elks", "bulksms", "clickatell", "discord", "gchat", "infobip", "nexmo", "opsgenie", "pagerduty",
        "plivo", "pover", "seven", "sinch", "slack", "sns", "spike", "tgram", "threema", "twilio",
        "victorops", "vonage", "wxteams", "workflow", "workflows",
    }
)  # fmt: skip
"""Services at an address of their own."""
OWN_HOST: Final = frozenset(
    {
        "gotify", "gotifys", "matrix", "matrixs", "mmost", "mmosts", "ntfy", "ntfys", "rocket", "rockets",
        "signal", "signals", "smseagle", "smseagles",
    }
)  # fmt: skip
"""Services that somebody runs, whose host stands in the URL."""
SCHEMES: Final = HOSTED | OWN_HOST

_SCHEME = re.compile(r"([a-z0-9]+)://", re.ASCII | re.IGNORECASE)
_ANSWERED = re.compile(r"error[= ](\d{3})\b", re.ASCII)
_NEVER_SENT: Final = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeout",
    "certificate verify failed",
)
_PARTS = re.compile(r"[^/@:?&=#,+\s]{4,}")

for _name in ("apprise", "urllib3"):  # both write URLs into their logs, which are secrets here
    _log = logging.getLogger(_name)
    _log.propagate = False
    _log.addHandler(logging.NullHandler())
logging.getLogger("apprise").setLevel(logging.DEBUG)  # what was answered is told in no other way


@dataclass(frozen=True, slots=True)
class Service:
    """One recipient of a service, as a URL of Apprise: a secret as a whole.

    A host in it is judged by the guard and the policy before each attempt.
    """

    guard: Guard
    url: str
    policy: Policy = Policy(ports=None)
    schemes: frozenset[str] = SCHEMES
    within_us: Duration = 30 * SECOND

    def __repr__(self) -> str:
        return "Service(****)"

    def send(self, message: Message, at: Instant) -> Delivery:
        """One attempt. It is unknown unless Apprise says that it arrived, or what was answered."""
        target, fault = self._target()
        if target is None:
            return Delivery("refused", at, fault)
        if target.host and _names_host(target):
            port = target.port or (443 if target.secure else 80)
            forbidden = self.guard.judge(target.host, port, self.policy)
            if forbidden is not None:
                is_final = forbidden.end == "refused"
                return Delivery(
                    "refused" if is_final else "failed", at, evident(forbidden.detail, *self._secrets(target))
                )
        return self._sent(target, message, at)

    def _target(self) -> tuple[NotifyBase | None, str]:
        return _target_of(self.url, self.schemes)

    def _sent(self, target: NotifyBase, message: Message, at: Instant) -> Delivery:
        sending = Apprise(asset=target.asset)
        sending.add(target)
        text = "\n\n".join(filter(None, (plain(message.possible_repeat), plain(message.text))))
        result = sending.notify(
            body=text,
            title=one_line(message.subject),
            body_format=NotifyFormat.TEXT,
            timeout=self.within_us / SECOND,
            log_level=logging.DEBUG,
        )
        logs = [entry for each in result.results for entry in each.logs()]
        told = " ".join(entry.message for entry in logs if entry.level in ("WARNING", "ERROR", "CRITICAL"))
        evidence = evident(told or result.status.name.lower(), *self._secrets(target))
        if result.status == AppriseResultStatus.SUCCESS:
            return Delivery("accepted", at, evidence)
        if (answered := _ANSWERED.search(told)) is not None:
            return Delivery("failed", at, evidence, int(answered[1]))
        if any(word in entry.message for entry in logs for word in _NEVER_SENT):
            return Delivery("failed", at, evidence, of_channel=True)
        return Delivery("unknown", at, evidence)

    def _secrets(self, target: NotifyBase) -> tuple[str, ...]:
        """Every part of the URL but a host: which of them are secret, only the service knows.

        Where a service has a host of its own, what stands in its place is a key.
        """
        rest = self.url.partition("://")[2]
        parts = _PARTS.findall(rest) + _PARTS.findall(unquote(rest))
        return tuple(part for part in parts if part != target.host or not _names_host(target))


def _names_host(target: NotifyBase) -> bool:
    """Whether its URL says where it is asked."""
    templates: tuple[str, ...] = target.templates
    return any("{host}" in template for template in templates)


def why_unusable(url: str) -> str:
    """What speaks against a URL of a service, before anything is sent there; empty if nothing does."""
    return _target_of(url, SCHEMES)[1]


def _target_of(url: str, schemes: frozenset[str]) -> tuple[NotifyBase | None, str]:
    scheme = _SCHEME.match(url)
    if scheme is None or scheme[1].lower() not in schemes:
        return None, "this service is not among those that the operator allows"
    asset = AppriseAsset(async_mode=False, http_redirects=False, storage_mode="memory", app_id="Upheld")
    target = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if not isinstance(target, NotifyBase):
        return None, "the URL of the service cannot be read"
    if target.redirects or not target.verify_certificate:
        return None, "the URL of a service turns neither redirects on nor certificates off"
    if len(target) != 1:
        return None, "the URL of a service names one recipient"
    if hasattr(target, "discovery"):  # the host that is judged would name another one, which nobody judges
        target.discovery = False
    return target, ""
