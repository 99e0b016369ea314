"""What a server is told to do before it is killed; told again to the next one, it is done once."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from tests.core.worlds import DOCUMENT
from tests.lake.worlds import Row
from tests.live.observing import table
from upheld.app.acknowledge import acknowledge
from upheld.app.apply import apply
from upheld.app.observe import observe
from upheld.app.once import Answered, once
from upheld.app.policies import who_is
from upheld.app.record import record
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import MINUTE, Instant
from upheld.core.values.frozen import dataclass
from upheld.server.clock import salt
from upheld.store.models import Token
from upheld.store.walls import between

MEASURED: Final = """
component: {api: {}, web: {}}
signal: {http: {of: [api, web], checks: a request, every: 1m}}
indicator:
  uptime: {count: checks of api, signal: http, per: {slice: 5m, good when: good = total}, combine: bad time}
commit: {up: {indicator: uptime, level: '>= 99 %', per: calendar month}}
"""
ROWS: Final = 20
"""In each batch, half of them of each component."""
BY: Final = "Lea"
"""Who acknowledges."""
DESK: Final = "desk"
"""The token of whoever applies texts."""


class Order(Protocol):
    """Its name, by which it is known to be done, and how a server does it."""

    @property
    def id(self) -> str:
        """By which a server says that it is done."""

    def do(self, provider_id: int, at: Instant, lake: Path) -> None:
        """Now; once more changes nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact."""

    fact: Fact

    @property
    def id(self) -> str:
        """That of the fact."""
        return self.fact.id

    def do(self, provider_id: int, at: Instant, lake: Path) -> None:
        """It is recorded."""
        record(provider_id, [self.fact], "desk", at, salt)


@dataclass(frozen=True, slots=True)
class Taken:
    """A page that somebody takes care of, by its number and its key."""

    number: int
    key: str

    @property
    def id(self) -> str:
        """That of the fact which is recorded of it."""
        return self.key

    def do(self, provider_id: int, at: Instant, lake: Path) -> None:
        """It is acknowledged."""
        assert acknowledge(provider_id, self.number, BY, "desk", "api", at, salt) is not None


@dataclass(frozen=True, slots=True)
class Seen:
    """A batch of observations, the last of them at an instant."""

    number: int
    at: Instant

    @property
    def id(self) -> str:
        """The key of the batch."""
        return f"batch {self.number}"

    @property
    def rows(self) -> list[Row]:
        """A check a minute of each component, every fifth of which failed; some of them were told before."""
        first_at = self.at - self.at % MINUTE - ROWS // 2 * MINUTE
        instants = [first_at + n * MINUTE for n in range(1, ROWS // 2 + 1)]
        return [
            Row("checks", name, "http", at, (("ok", at // MINUTE % 5 > 0),))
            for name in ("api", "web")
            for at in instants
        ]

    def do(self, provider_id: int, at: Instant, lake: Path) -> None:
        """It is taken."""
        observe(provider_id, self.id, table(self.rows), at, lake)


@dataclass(frozen=True, slots=True)
class Applied:
    """The texts that hold from now on: those of the world, with a comment that numbers them."""

    number: int
    agreement: str
    contract: str

    @property
    def id(self) -> str:
        """Other ones each time."""
        return f"texts {self.number}"

    @property
    def texts(self) -> dict[str, bytes]:
        """By their paths."""
        numbered = f"{DOCUMENT}{self.agreement}# {self.id}\n"
        return {"acme.yaml": numbered.encode(), "c1.yaml": self.contract.encode()}

    def do(self, provider_id: int, at: Instant, lake: Path) -> None:
        """They are applied under a key, or whoever repeats this later would take back what came behind."""
        with between(provider_id):
            desk = Token.objects.select_related("provider", "customer").get(name=DESK)

        def act() -> Answered:
            apply(provider_id, self.texts, at)
            return Answered(200, b"")

        once(who_is(desk, desk.scopes.split(), DESK), self.id, sha256(self.id.encode()).hexdigest(), at, act)
