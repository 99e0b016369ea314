"""What a caller of the guard may do, and how much of an answer is read."""

from __future__ import annotations

from typing import Final

from upheld.core.timeline.instant import SECOND, Duration
from upheld.core.values.frozen import dataclass, replace

WEB_PORTS: Final = frozenset({80, 443, 8080, 8443})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read of an answer: `body` bytes unpacked, of which `kept` stay; `headers` in `head` bytes.

    Source: safety.md, threat 10.
    """

    body: int = 1 << 20
    kept: int = 64 << 10
    headers: int = 100
    head: int = 64 << 10


@dataclass(frozen=True, slots=True)
class Policy:
    """Where a caller may go, and for how long. `ports` None: to any.

    `redirects` is how many are followed, each judged as the first. `allow_private` marks a caller for
    loopback and private networks. `total_us` is the one limit of everything, from the look-up of the name to
    the last byte; to connect to one address takes at most `connect_us` of it.
    """

    ports: frozenset[int] | None = WEB_PORTS
    redirects: int = 0
    allow_private: bool = False
    total_us: Duration = 30 * SECOND
    connect_us: Duration = 10 * SECOND
    limits: Limits = Limits()

    def marked(self, is_marked: bool = True) -> Policy:
        """The same for a caller whom the operator lets into private networks, at any port."""
        return replace(self, ports=None, allow_private=True) if is_marked else self


FOR_WEBHOOKS: Final = Policy()
"""A webhook goes where its owner said, and nowhere else."""
FOR_EVENTS: Final = Policy(total_us=15 * SECOND, connect_us=5 * SECOND)
"""So does an event, of which there may be many: who takes one works on it afterwards."""
FOR_PROBES: Final = Policy(redirects=3, total_us=10 * SECOND, connect_us=5 * SECOND)
