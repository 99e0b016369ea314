"""The ways out of this server: a mail relay, signed webhooks, services; set by the environment."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import Final, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from upheld.app.send import Taken
from upheld.core.values.frozen import dataclass, replace
from upheld.net.guard import Guard
from upheld.net.policy import FOR_WEBHOOKS, Policy
from upheld.net.resolving import SystemResolver
from upheld.notify.mail import Mail
from upheld.notify.message import Channel
from upheld.notify.service import Service
from upheld.notify.smtp import Relay, Security
from upheld.notify.webhook import Webhook

PORTS: Final[Mapping[str, int]] = {"smtp": 587, "smtps": 465}


class SettingError(ValueError):
    """A setting cannot be used; the message names it and says what to write."""


@dataclass(frozen=True, slots=True)
class Channels:
    """How each taken message goes out. `relay` None: there is no mail server, so mail waits."""

    guard: Guard
    relay: Relay | None
    sender: str
    allow_private: bool = False

    def of(self, taken: Taken) -> Channel | None:
        """The channel of a message; None if this server has none of its way."""
        if taken.way == "mail":
            return (
                None
                if self.relay is None
                else Mail(self.guard, ticks, self.relay, self.sender, taken.address)
            )
        policy = replace(FOR_WEBHOOKS, ports=None, allow_private=True) if self.allow_private else FOR_WEBHOOKS
        if taken.way == "webhook":
            said = json.loads(taken.address)
            return Webhook(self.guard, said["url"], tuple(said["secrets"]), policy)
        return Service(self.guard, taken.address, Policy(ports=None, allow_private=self.allow_private))


def ticks() -> int:
    """Microseconds that only go forward, from no particular instant on."""
    return time.monotonic_ns() // 1_000


def channels_of(environment: Mapping[str, str] = os.environ) -> Channels:
    """The channels that the environment sets. SettingError for what cannot be one."""
    address = environment.get("UPHELD_MAIL", "")
    return Channels(
        Guard(SystemResolver(), ticks),
        relay_of(address) if address else None,
        environment.get("UPHELD_MAIL_FROM", "upheld@localhost"),
        environment.get("UPHELD_PRIVATE_TARGETS", "") == "yes",
    )


def relay_of(address: str) -> Relay:
    """The relay at an address such as smtp://user:password@mail.example:587?security=starttls.

    SettingError if it is none.
    """
    parts = urlsplit(address)
    said = dict(parse_qsl(parts.query))
    security = said.pop("security", "tls" if parts.scheme == "smtps" else "starttls")
    try:
        port = parts.port or PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise SettingError(
            "UPHELD_MAIL: write smtp://HOST:PORT, or smtps:// for TLS from the start"
        ) from None
    if security not in get_args(Security) or not parts.hostname or said:
        raise SettingError("UPHELD_MAIL: write smtp://HOST:PORT?security=starttls (or tls, or none)")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    hello = os.uname().nodename or "localhost"
    return Relay(parts.hostname, port, hello, security, user, password)  # type: ignore[arg-type]  # just checked
