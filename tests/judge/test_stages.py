"""Stages found the slow way: minute by minute on the clocks of Amsterdam, around the changes of the clocks.

Written from the words of the reference alone: nothing of `core` is used, but to ask for its answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.core.worlds import CONTRACT, bound
from upheld.core.alerting.stage import judged_in, stages
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import Instant

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
STEP = timedelta(minutes=1)
STARTS = (
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 10, 23, tzinfo=UTC),
    datetime(2026, 6, 5, tzinfo=UTC),
)
MARKS = ("start", "5 %", "50 %", "75 %", "100 %", "goal", "limit", "limit - 30m", "limit + 45m", "goal - 15m")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = 12

AGREEMENT = """
calendar:
  desk: {{zone: Europe/Amsterdam, open: "Mon-Fri 08:30-12:00 12:30-17:00, Sat 01:00-04:00"}}
  staff: {{zone: Europe/Amsterdam, open: "Mon-Fri 09:00-17:30, Sun 02:30-05:00"}}
deadline:
  response:
    from: opened
    until: answered
    pause: waiting
    on: {on}
    within: {{goal: {goal}m, limit: {limit}m}}
escalate:
  ladder: {{of: response, at: [{marks}], tell: lead{hours}}}
"""


def is_open(calendar: str, at: datetime) -> bool:
    """Whether a calendar is open in the minute that begins then."""
    local = at.astimezone(AMSTERDAM)
    day, clock = f"{local:%a}", f"{local:%H:%M}"
    weekday = day not in ("Sat", "Sun")
    if calendar == "always":
        return True
    if calendar == "desk":
        by_day = weekday and ("08:30" <= clock < "12:00" or "12:30" <= clock < "17:00")
        return by_day or (day == "Sat" and "01:00" <= clock < "04:00")
    return (weekday and "09:00" <= clock < "17:30") or (day == "Sun" and "02:30" <= clock < "05:00")


@dataclass
class World:
    """One ticket: when it was opened, when it waited, when it was answered, and when somebody asks."""

    on: str
    hours: str
    goal: int
    limit: int
    opened: datetime
    asked: datetime
    answered: datetime | None = None
    waits: list[tuple[datetime, datetime | None]] = field(default_factory=list)


def drawn(random: Random) -> World:
    """A world that the seed decides."""
    opened = random.choice(STARTS) + timedelta(minutes=random.randrange(4 * 1440))
    limit = 20 * random.randrange(1, 40)
    world = World(
        random.choice(["desk", "always"]), random.choice(["", "staff"]), random.randint(1, limit), limit,
        opened, opened + timedelta(minutes=random.randrange(4 * 1440)),
    )  # fmt: skip
    at = opened
    for _ in range(random.randrange(3)):
        begins = at + timedelta(minutes=random.randrange(1, 600))
        at = begins + timedelta(minutes=random.randrange(1, 600))
        if begins > world.asked:
            break
        world.waits.append((begins, at if at <= world.asked else None))
    if random.random() < 0.4:
        answered = at + timedelta(minutes=random.randrange(1, 2000))
        world.answered = answered if answered <= world.asked else None
    return world


# -- the slow answer ---------------------------------------------------------------------------------------


class Slow:
    """A world walked through a minute at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.due = self.used_up(world.limit)
        self.goal = self.used_up(world.goal)

    def waits(self, at: datetime) -> bool:
        """Whether the clock stands still in the minute that begins then."""
        return any(begins <= at and (ends is None or at < ends) for begins, ends in self.world.waits)

    def minutes(self) -> Iterator[datetime]:
        """Every minute from the opening on."""
        at = self.world.opened
        while at < self.world.opened + timedelta(days=DAYS):
            yield at
            at += STEP

    def counts(self, at: datetime) -> bool:
        """Whether a minute is counted."""
        return is_open(self.world.on, at) and not self.waits(at)

    def used_up(self, minutes: int | Fraction) -> datetime | None:
        """The first instant by which so many minutes have been counted; None while the clock stands still."""
        counted = 0
        for at in self.minutes():
            if counted >= minutes:
                return at
            counted += self.counts(at)
        return None

    def late(self) -> datetime | None:
        """The instant after which it is late: the last one by which no more than the limit was counted."""
        counted = 0
        for at in self.minutes():
            counted += self.counts(at)
            if counted > self.world.limit:
                return at
        return None

    def placed(self, mark: str) -> tuple[datetime, int] | None:
        """Where a mark lies, and the microseconds beyond: late is strictly after what is in time."""
        world = self.world
        if mark == "start":
            return world.opened, 0
        if mark.endswith("%"):
            found = self.used_up(Fraction(int(mark.split()[0]) * world.limit, 100))
        elif mark == "goal":
            found = self.goal
        elif mark == "limit":
            late = self.late()
            return None if late is None else (late, 1)
        else:
            name, sign, minutes = mark.removesuffix("m").split()
            base = self.due if name == "limit" else self.goal
            found = None if base is None else self.beside(base, sign, int(minutes))
        return None if found is None else (max(found, world.opened), 0)

    def beside(self, base: datetime, sign: str, minutes: int) -> datetime:
        """So many open minutes of the clock's calendar after, or before, an instant."""
        at, counted = base, 0
        while counted < minutes:
            if sign == "+":
                counted += is_open(self.world.on, at)
                at += STEP
            else:
                at -= STEP
                counted += is_open(self.world.on, at)
        return at

    def told(self, mark: str) -> Instant | None:
        """When somebody is told, in microseconds; None if nobody ever is."""
        placed = self.placed(mark)
        if placed is None:
            return None
        bare, beyond = placed
        is_warning = self.due is not None and bare < self.due
        at, extra = self.heard(bare, beyond, is_warning)
        stop = self.world.answered
        ends = at if is_warning else bare
        if stop is not None and (ends > stop or (ends == stop and not is_warning and beyond)):
            return None
        return (at - EPOCH) // timedelta(microseconds=1) + extra

    def heard(self, bare: datetime, beyond: int, is_warning: bool) -> tuple[datetime, int]:
        """The instant at which somebody is there."""
        hours = self.world.hours
        if not hours or is_open(hours, bare):
            return bare, beyond
        opens = bare
        while not is_open(hours, opens):
            opens += STEP
        if not is_warning or (self.due is not None and opens < self.due):
            return opens, 0
        closes = bare
        while not is_open(hours, closes - STEP):
            closes -= STEP
        begins = closes
        while is_open(hours, begins - STEP):
            begins -= STEP
        return max(closes - timedelta(minutes=30), begins, self.world.opened), 0


# -- the answer of core ------------------------------------------------------------------------------------


def of_core(world: World) -> dict[str, Instant]:
    """What `core` says, by the name of the stage."""
    hours = f", hours: {world.hours}" if world.hours else ""
    text = AGREEMENT.format(
        on=world.on, goal=world.goal, limit=world.limit, marks=", ".join(MARKS), hours=hours
    )
    terms = bound(text, CONTRACT)
    told = [(world.opened, "opened", {"contract": "c1"})]
    for begins, ends in world.waits:
        told.append((begins, "waiting_started", {"for": "customer"}))
        told += [(ends, "waiting_ended", {})] if ends is not None else []
    told += [(world.answered, "replied", {"by": "human"})] if world.answered is not None else []
    facts = [
        Fact(f"f{n}", "desk", f"ticket.{verb}", instant(at), instant(at), "T-1", data)
        for n, (at, verb, data) in enumerate(told)
    ]
    asked = instant(world.asked)
    evaluation = evaluate([terms], FactLog(facts).effective(asked), asked)
    return {stage.name: stage.at for stage in stages(judged_in(terms, evaluation))}


def instant(at: datetime) -> Instant:
    """Microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def walked(world: World) -> dict[str, Instant]:
    """The stages of a world by the walk."""
    slow = Slow(world)
    return {mark: at for mark in MARKS if (at := slow.told(mark)) is not None}


@pytest.mark.parametrize("seed", range(10))
def test_stages_are_where_a_walk_through_the_minutes_finds_them(seed: int) -> None:
    """Shares, goals, limits, before and after, with and without hours, waits and answers."""
    world = drawn(Random(seed))
    assert of_core(world) == walked(world), world


@pytest.mark.slow
def test_many_more_worlds_agree() -> None:
    """A longer campaign."""
    for seed in range(1000, 1100):
        world = drawn(Random(seed))
        assert of_core(world) == walked(world), f"seed {seed}: {world}"
