"""The ways out of this server: a mail relay, signed webhooks, services; set by the environment."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Final, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

import structlog

from upheld.core.values.frozen import dataclass, field
from upheld.net.guard import Guard
from upheld.net.policy import FOR_EVENTS, FOR_WEBHOOKS, Policy
from upheld.net.resolving import SystemResolver
from upheld.notify.kept import Kept
from upheld.notify.mail import Mail
from upheld.notify.mail_address import parse_mail_address
from upheld.notify.message import Channel
from upheld.notify.repeating import Way
from upheld.notify.smtp import Relay, Security
from upheld.notify.webhook import Webhook
from upheld.server.public import private_targets

PORTS: Final[Mapping[str, int]] = {"smtp": 587, "smtps": 465}

log = structlog.get_logger("upheld.guard")


class SettingError(ValueError):
    """A setting cannot be used; the message names it and says what to write."""


@dataclass(frozen=True, slots=True)
class Channels:
    """How each taken message goes out. `relay` None: there is no mail server, so mail waits.

    `allow_private` marks what the server itself asks for private networks: its issuer, alarms and ping.
    `origin` tells mails of this server from those of others, and gives nothing away.
    """

    guard: Guard
    relay: Relay | None
    sender: str
    allow_private: bool = False
    origin: str = ""
    kept: Kept = field(default_factory=lambda: Kept(ticks), repr=False, compare=False)

    def to(self, way: Way, address: str, is_marked: bool = False) -> Channel | None:
        """The channel of a way to an address; None if this server has none of that way.

        `is_marked`: it is of somebody who may go to private networks.
        """
        if way == "mail":
            if self.relay is None:
                return None
            return Mail(
                self.guard, ticks, self.relay, self.sender, address, kept=self.kept, origin=self.origin
            )
        if way in ("webhook", "event"):
            said = json.loads(address)
            policy = FOR_EVENTS if way == "event" else FOR_WEBHOOKS
            return Webhook(self.guard, said["url"], tuple(said["secrets"]), policy.marked(is_marked))
        # Apprise is a third of the memory of a process, and few use it.
        from upheld.notify.service import Service

        return Service(self.guard, address, Policy(ports=None, allow_private=is_marked))

    def tidy(self, everything: bool = False) -> None:
        """Ends the connections that nobody needs any more, or all that nobody uses."""
        self.kept.tidy(everything)


def ticks() -> int:
    """Microseconds that only go forward, from no particular instant on."""
    return time.monotonic_ns() // 1_000


def channels_of(environment: Mapping[str, str] = os.environ) -> Channels:
    """The channels that the environment sets. SettingError for what cannot be one."""
    address, sender = environment.get("UPHELD_MAIL", ""), environment.get("UPHELD_MAIL_FROM", "")
    relay = relay_of(address) if address else None
    if relay is not None:
        try:
            parse_mail_address(sender)
        except ValueError:
            raise SettingError(
                "UPHELD_MAIL_FROM: write the address from which mails come, such as sla@northwind.example"
            ) from None
    guard = Guard(SystemResolver(), ticks, noted=_noted)
    origin = _origin(environment.get("UPHELD_SECRET_KEY", ""))
    return Channels(guard, relay, sender, private_targets(environment).of_server, origin)


def _noted(host: str, address: str) -> None:
    """For the operator alone: whoever gave the name is not told what it stands for in this network."""
    log.warning("a name leads where nothing is sent", host=host, address=address)


def _origin(key: str) -> str:
    """By the key, which stays when all else is another: after a restart, on another machine, of a backup."""
    return sha256(b"upheld origin 1\x00" + key.encode()).hexdigest()[:16] if key else ""


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
