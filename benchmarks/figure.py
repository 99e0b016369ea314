"""A figure: what was measured beside what, and whether it reaches what was asked of it."""

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Literal, TypeAlias

from upheld.core.values.frozen import dataclass

Clock: TypeAlias = Callable[[], float]
"""Gives a reading in seconds."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much each benchmark works: as published, or so little that a test can run them all."""

    rounds: int = 7
    short_rounds: int = 60
    """Of what takes a tenth of a second or less."""
    pairs: int = 400
    repeats: int = 25
    """How many times over we take the same pairs while a peer, a hundred times slower, takes them once."""
    years: int = 11
    rows: int = 10_000_000
    tickets: int = 1_000_000
    looped_tickets: int = 100_000
    starts: int = 21
    services: int = 1_000
    days: int = 4
    contracts: int = 100
    read_tickets: int = 1_000
    months: tuple[str, ...] = ("",)
    """Folders below the shipped month."""
    worlds: int = 200
    """How many months are forecast of each process and seed, from `draws` continuations each."""
    draws: int = 200
    live_tickets: int = 20_000
    open_tickets: int = 100_000
    events: int = 500
    wakes: int = 1_000_000
    observed_batches: int = 100
    mails: int = 500
    due_s: int = 10
    """For so many seconds 500 deadlines fire a second."""
    idle_s: float = 30
    texts: int | None = None
    """How many hostile texts; None is all of them."""


TINY = Sizes(
    rounds=2,
    short_rounds=2,
    pairs=4,
    repeats=2,
    years=2,
    rows=3_000,
    tickets=500,
    looped_tickets=50,
    starts=1,
    texts=2,
    services=3,
    days=3,
    contracts=2,
    read_tickets=120,
    months=("just",),
    worlds=8,
    draws=20,
    live_tickets=20,
    open_tickets=20,
    events=10,
    wakes=200,
    observed_batches=2,
    mails=4,
    due_s=1,
    idle_s=0.2,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. `measured` is in `unit`: `×` beside something else, ms, MB or /s."""

    work: str
    bound: Literal["at least", "at most"]
    reach: float
    measured: float
    beside: str
    detail: str
    unit: str = "×"

    @property
    def is_reached(self) -> bool:
        """Whether what was measured is on the right side of what was asked."""
        return self.measured >= self.reach if self.bound == "at least" else self.measured <= self.reach

    def cells(self) -> tuple[str, str, str, str, str, str]:
        """The row as texts: work, reach, measured, beside, whether it is reached, detail."""
        sign = "≥" if self.bound == "at least" else "≤"
        return (
            self.work,
            f"{sign} {self.reach:g} {self.unit}",
            f"{_rounded(self.measured)} {self.unit}",
            self.beside,
            "ok" if self.is_reached else "not reached",
            self.detail,
        )


@dataclass(frozen=True, slots=True)
class Side:
    """One of those measured side by side: `run` does the work `calls` times over."""

    run: Callable[[], object]
    calls: int = 1


def race(rounds: int, *sides: Side, clock: Clock = time.perf_counter) -> list[float]:
    """The seconds per call of each side: they take turns, and the best of all rounds counts.

    Whatever else a machine does only ever adds time, so the best round is the nearest to the work itself;
    and as the sides take turns, a slow minute of the machine is a slow minute for all. `clock` may be that of
    the processor, where both sides do nothing but compute.
    """
    best = [float("inf")] * len(sides)
    for _ in range(rounds):
        for i, side in enumerate(sides):
            best[i] = min(best[i], seconds(side.run, clock) / side.calls)
    return best


def abreast(
    rounds: int, one: Side, other: Side, clock: Clock = time.perf_counter
) -> tuple[float, float, float]:
    """How many times as long the other takes, and the seconds per call of both: the median of all rounds.

    For what is short beside what is long: the best of the short one is found sooner than that of the long
    one, and their ratio grows with the load of the machine. The two halves of a round have the same load.
    """
    times = [[seconds(side.run, clock) / side.calls for side in (one, other)] for _ in range(rounds)]
    ratios = (other_s / one_s for one_s, other_s in times)
    return median(ratios), *map(median, zip(*times, strict=True))


def seconds(run: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """How long one run takes, with the garbage of others collected before and none collected during it."""
    gc.collect()
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        start = clock()
        run()
        return clock() - start
    finally:
        if was_enabled:
            gc.enable()


def time_text(length_s: float) -> str:
    """A length of time to three digits: '1.23 µs', '456 ms'."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if length_s >= size:
            return f"{_rounded(length_s / size)} {unit}"
    return f"{_rounded(length_s / 1e-9)} ns"


def _rounded(number: float) -> str:
    if number < 1:
        return f"{number:.2g}"
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
