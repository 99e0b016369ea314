"""A world in which servers are killed: a provider with its database, its clock and all whom it tells.

What there is to tell, how time passes, and when each server dies is drawn from a seed; how far it was by then
is not, and is counted. Source: safety.md R1 to R4.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import override_settings

from tests.core.worlds import CONTRACT, at, fact
from tests.live.databases import Postgres, Sqlite
from tests.live.desk import random_bytes
from tests.live.kills.orders import DESK, MEASURED, Applied, Order, Seen, Taken, Told
from tests.live.kills.victim import Given, Victim
from tests.live.receiver import Receiver
from tests.live.test_messages import LADDER, Office
from tests.notify.relay import Post, relaying
from upheld.app.chains import Level, put_chain
from upheld.app.due import next_due
from upheld.app.endpoints import Wanted, make_endpoint
from upheld.app.pass_on import is_behind
from upheld.app.policies import Who
from upheld.app.rotas import Said, put_rota
from upheld.app.send import HOLD_US
from upheld.app.sequence import unsigned
from upheld.app.tokens import make_token
from upheld.app.wording import put_template
from upheld.core.alerting.texts import Template
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import DAY, MINUTE, Duration, Instant, format_instant
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass
from upheld.net.marks import EVERYBODY
from upheld.store.models import Message, Page, Reach

BEGIN_AT: Final = at("Mon 06-08 10:00")
LAST_AT: Final = at("Mon 06-08 13:00")
"""What is opened by then is late on the same day."""
ENDS_US: Final[Duration] = 210 * MINUTE
"""So long after a ticket is opened everybody has been told that it is late, the whole chain included."""
STEP_US: Final[Duration] = 25 * MINUTE
DATABASE: Final = "upheld.sqlite3"
PATIENCE_S: Final = 0.4
"""So long a server lives at most before it is killed."""
SHIFTS: Final = Said(
    ("Lea", "Dirk"), "daily", "Europe/Amsterdam", date(2026, 6, 1), 14 * 3600, date(2026, 6, 11)
)  # fmt: skip
"""A hand-over in the middle, and a gap that is near enough to be told."""
TIMES: Final = 2
"""So often the chain is gone through, of two levels."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a provider has, and how its servers are started.

    Lea has a `spare` way behind the first, or `refused` goes before it: one by which nothing can be sent.
    """

    chain: bool = False
    rota: bool = False
    template: bool = False
    endpoint: bool = False
    spare: bool = False
    refused: bool = False
    measured: bool = False
    alone: bool = True
    burst: int = 5

    @classmethod
    def drawn(cls, drawn: Random) -> Setting:
        """Any of them."""
        chain, template, endpoint, spare, alone = (drawn.random() < 0.6 for _ in range(5))
        rota, refused, measured = chain and drawn.random() < 0.7, drawn.random() < 0.3, drawn.random() < 0.5
        burst = drawn.choice((2, 5))
        return cls(chain, rota, template, endpoint, spare, refused, measured, alone, burst)


EVERYTHING: Final = Setting(
    chain=True, rota=True, template=True, endpoint=True, refused=True, measured=True, burst=2
)


class World:
    """A provider whose servers die. `hit` counts what each of them, of those looked at, had left undone."""

    def __init__(self, seed: int, setting: Setting, address: str, folder: Path, post: Post) -> None:
        self._drawn = Random(seed)
        self.setting, self._address, self._folder = setting, address, folder
        self.post, self.receiver = post, Receiver()
        self.orders: list[Order] = []
        self.acknowledged: set[str] = set()
        self.hit: Counter[str] = Counter()
        self.kills = 0
        self._started: list[Victim] = []
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        self.now: Instant = BEGIN_AT
        self.put(BEGIN_AT)

    def build(self) -> None:
        """The provider with its people, and whatever else it has."""
        said, self.agreement = self.setting, LADDER + (MEASURED if self.setting.measured else "")
        self.office = Office(ticket=False, agreement=self.agreement)
        pk = self.office.provider.pk
        by_service = Reach.objects.filter(way="service")  # Lea's second way
        if said.refused:
            by_service.update(rank=-1)
        elif said.spare:
            by_service.update(way="mail")
        else:
            by_service.delete()
        make_token(pk, DESK, "owner", ["agreements:write"], BEGIN_AT, BEGIN_AT + DAY, random_bytes)
        if said.template:
            put_template(pk, "en", "late", Template("{subject} is late", "{to}: {due_at}\n"), Place("told"))
        if said.rota:
            put_rota(pk, "desk", [SHIFTS], BEGIN_AT, tells="lead")
        if said.chain:
            first = Level((), 10 * MINUTE, "desk") if said.rota else Level(("Lea",), 10 * MINUTE)
            put_chain(pk, "lead", [first, Level(("Dirk",), 20 * MINUTE)], TIMES)
        if said.endpoint:
            who = Who(pk, "northwind", None, None, "owner", frozenset(), "test", 0, "test")
            make_endpoint(who, Wanted(self.receiver.url("/")), BEGIN_AT, random_bytes)
        connection.close()

    @property
    def facts(self) -> list[Fact]:
        """Those that a server is told."""
        return [one.fact for one in self.orders if isinstance(one, Told)]

    # -- time, and what happens in it ------------------------------------------------------------------------

    def put(self, now: Instant) -> None:
        """The clock stands at another instant."""
        self.now = now
        (self._folder / "next").write_text(format_instant(now))
        (self._folder / "next").replace(self._folder / "now")

    def open(self, count: int) -> None:
        """Tickets are opened now, which nobody has told the server yet."""
        number = sum(one.type == "ticket.opened" for one in self.facts)
        for n in range(number, number + count):
            said = {"contract": "c1", "priority": "P1"}
            self.orders.append(Told(fact("ticket.opened", self.now, f"T-{n}", f"o{n}", **said)))

    def reply(self, subject: str) -> None:
        """A ticket is answered, just after now."""
        self.orders.append(Told(fact("ticket.replied", self.now + 1, subject, f"a{subject}", by="human")))

    def take_a_page(self) -> bool:
        """Somebody says that they take care of what people are woken for; whether there is any such page."""
        taken = {one.number for one in self.orders if isinstance(one, Taken)}
        page = Page.objects.exclude(pk__in=taken).filter(acknowledged_at=None).order_by("pk").first()
        connection.close()
        if page is not None:
            self.orders.append(Taken(page.pk, page.key))
        return page is not None

    def see(self) -> None:
        """What is measured is looked at."""
        if self.setting.measured:
            self.orders.append(Seen(len(self.orders), self.now))

    def apply(self) -> None:
        """Other texts are to hold, which say the same."""
        self.orders.append(Applied(len(self.orders), self.agreement, CONTRACT))

    def unanswered(self) -> list[str]:
        """The tickets to which nobody has replied."""
        replied = {one.subject for one in self.facts if one.type == "ticket.replied"}
        return [one.subject for one in self.facts if one.subject not in replied]

    def untold(self) -> list[Order]:
        """The orders of which nobody knows that they are done."""
        return [one for one in self.orders if one.id not in self.acknowledged]

    def pass_some_time(self, kills: int) -> None:
        """As much as leaves enough for the rest, or none; and something happens."""
        drawn = self._drawn
        if drawn.random() < 0.7:
            self.put(self.now + drawn.randrange(2 * (LAST_AT - BEGIN_AT) // kills))
        self.open(drawn.choice((0, 0, 1, 2)))
        if (waiting := self.unanswered()) and drawn.random() < 0.4:
            self.reply(drawn.choice(waiting))
        for chance, happens in ((0.2, self.take_a_page), (0.3, self.see), (0.1, self.apply)):
            if drawn.random() < chance:
                happens()

    # -- servers ---------------------------------------------------------------------------------------------

    def start(
        self, point: str = "", statement: int = 0, stops: bool = False, lasts: int | None = None
    ) -> Victim:
        """A server that is told what none before has acknowledged. What may happen to it, see `Given`."""
        said, address = self.setting, self._address
        if stops:  # the database is to give it up soon, and not within a minute
            address += f"&options={quote('-c idle_in_transaction_session_timeout=1s')}"
        victim = Victim(
            Given(
                address, self._folder, self.post.port, said.burst, settings.SECRET_KEY, said.alone,
                point, statement, stops, lasts,
            )
        )  # fmt: skip
        self._started.append(victim)
        victim.tell(self.untold())
        return victim

    def buried(self, victim: Victim) -> None:
        """What a dead server has acknowledged counts."""
        self.acknowledged |= set(victim.acknowledged)
        self.kills += 1

    def leave(self) -> None:
        """Nobody is left behind, also where a test fails: who stands still would be waited for."""
        for victim in self._started:
            if not victim.is_gone:
                victim.kill()

    def kill(self) -> None:
        """A server is started, and killed at a moment that is drawn; some could not write, or stood still."""
        drawn, told, heard = self._drawn, len(self.untold()), len(self.post.envelopes)
        if drawn.random() < 0.1 and self.suffer():
            return
        how = drawn.choice(("time", "statement", "order" if told else "mail", "mail"))
        statement = round(2 ** (drawn.random() * 9)) if how == "statement" else 0
        number, a_bit_s = 1 + drawn.randrange(max(told, 3)), drawn.random() ** 4 * 0.02
        victim = self.start(statement=statement)
        if how == "time":
            victim.listen(drawn.random() * PATIENCE_S / 2)
        elif how == "statement":
            _wait(lambda: victim.is_dead, PATIENCE_S)
        elif how == "order":
            _wait(lambda: victim.has_acknowledged(number), PATIENCE_S)
        else:
            _wait(lambda: len(self.post.envelopes) >= heard + min(number, 3), PATIENCE_S)
        if how in ("order", "mail"):
            threading.Event().wait(a_bit_s)
        victim.kill()
        self.buried(victim)
        self.hit.update(self._undone() if drawn.random() < 0.5 else ())

    def suffer(self) -> bool:
        """A server finds the disk full, or stands still for so long that another takes up what it held.

        False where neither can be: only PostgreSQL gives up who stands still, and its disk is its own.
        """
        drawn = self._drawn
        if self._address.startswith("sqlite"):
            victim = self.start()
            victim.listen(drawn.random() * PATIENCE_S / 4)
            victim.may_write(round(drawn.random() * (self._folder / DATABASE).stat().st_size))
            victim.listen(PATIENCE_S)
            self.hit["found the disk full"] += 1
        elif not self.setting.alone:
            victim = self.start(stops=True)
            victim.listen(drawn.random() * PATIENCE_S)
            victim.stand_still()
            self.put(self.now + 2 * HOLD_US)
            other = self.start()
            _wait(lambda: self.is_done(other), 4 * PATIENCE_S, 0.05)
            victim.go_on()
            other.listen(drawn.random() * PATIENCE_S)
            other.kill()
            self.buried(other)
            self.hit["stood still"] += 1
        else:
            return False
        victim.kill()
        self.buried(victim)
        return True

    def _undone(self) -> Iterator[str]:
        """What there was to be done. Who looks also rolls back what was half written: not after each kill."""
        orders, sending = bool(self.untold()), Message.objects.filter(state="sending").exists()
        due_at = next_due()
        found = {
            "an order not acknowledged": orders,
            "a message on its way": sending,
            "something due": due_at is not None and due_at <= self.now,
            "a log not signed": bool(unsigned(1)),
        }
        connection.close()
        yield "looked at"
        yield from (name for name, is_so in found.items() if is_so)
        yield from () if any(found.values()) else ("nothing",)

    def survive(self) -> None:
        """The last start: what was not acknowledged is told again, time passes, everything goes out."""
        self.put(self.now + 2 * HOLD_US)  # nobody holds any more what the dead were sending
        victim = self.start()
        until(lambda: self.is_done(victim))
        end_at = ENDS_US + max((one.at for one in self.facts), default=BEGIN_AT)
        while self.now < end_at or _goes_on():
            self.put(max(next_due() or end_at, self.now + STEP_US))
            until(lambda: self.is_done(victim))
        assert victim.stop() == 0
        self.acknowledged |= set(victim.acknowledged)

    def is_done(self, victim: Victim) -> bool:
        """Whether everything that was ordered is done, and nothing is left to be done as of now."""
        victim.listen()
        if len(self.acknowledged | set(victim.acknowledged)) < len(self.orders):
            return False
        return self.is_decided() and not unsigned(1)

    def is_decided(self) -> bool:
        """Whether nothing is left to be decided or sent as of now."""
        due_at = next_due()
        return (due_at is None or due_at > self.now) and not is_behind(self.now)


def _goes_on() -> bool:
    """Whether a message is to go out, or somebody may still be woken."""
    messages = Message.objects.filter(state__in=("waiting", "sending"))
    return messages.exists() or Page.objects.filter(next_at__isnull=False).exists()


@contextmanager
def living(seed: int, setting: Setting, databases: Sqlite | Postgres, folder: Path) -> Iterator[World]:
    """A world on a database of its own, which waits for the disk."""
    with databases.fresh(folder) as address, relaying({}) as post:
        world = World(seed, setting, address, folder, post)
        with world.receiver.listening(), override_settings(PRIVATE_TARGETS=EVERYBODY):
            world.build()
            try:
                yield world
            finally:
                world.leave()


def until(is_so: Callable[[], object]) -> None:
    """Waits for what another process does; fails if it does not come."""
    assert _wait(is_so, 120, 0.05), "this did not come in time"


def _wait(is_so: Callable[[], object], within_s: float, look_s: float = 0.002) -> bool:
    pause = threading.Event()
    for _ in range(int(within_s / look_s)):
        if is_so():
            return True
        pause.wait(look_s)
    return False
