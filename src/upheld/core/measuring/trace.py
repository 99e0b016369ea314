"""What a measured figure was made of: stretches of time and items, with what was observed or told of them."""

from __future__ import annotations

from typing import Final

from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.core.verdicts.measurement import PartName


@dataclass(frozen=True, slots=True)
class BadSlices:
    """Adjacent slices of one leaf component, each judged bad: how many, with what they counted in all."""

    component: str
    signal: str
    start_at: Instant
    end_at: Instant
    slices: int
    total: int
    good: int


@dataclass(frozen=True, slots=True)
class Observed:
    """A state of a leaf component that was observed, and what it means: up, degraded, down."""

    component: str
    at: Instant
    state: str


@dataclass(frozen=True, slots=True)
class TracedStretch:
    """A stretch of one part of a period: what it counts as, and what was observed or told in it.

    `by` names the exclusion. `slices` are those of leaf components that were bad, `states` those observed in
    it or before it, `facts` what lies behind an exclusion or an incident. `missing` are the leaf components
    without which it is not known.
    """

    component: str
    start_at: Instant
    end_at: Instant
    part: PartName
    by: str = ""
    slices: tuple[BadSlices, ...] = ()
    states: tuple[Observed, ...] = ()
    facts: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def length_us(self) -> Duration:
        """How long it lasts."""
        return self.end_at - self.start_at


@dataclass(frozen=True, slots=True)
class TracedItem:
    """One item of a count that is no plain success: what it counts as, and the number of its own verdict."""

    subject: str
    part: PartName
    by: str = ""
    number: int | None = None
    state: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftIn:
    """A stretch of maintenance that the exclusion `by` does not take, and why: it counts like any other time.

    `told_at` and `by_at` are when it was announced, and by when it had to be, where that is why.
    """

    by: str
    subject: str
    start_at: Instant
    end_at: Instant
    why: str
    told_at: Instant | None = None
    by_at: Instant | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """What a figure can be followed to: its stretches of time, or its items, and the credits it gave rise to.

    Credits are told by their numbers in the report. `left_in` is the work that no exclusion took.
    """

    stretches: tuple[TracedStretch, ...] = ()
    items: tuple[TracedItem, ...] = ()
    credits: tuple[int, ...] = ()
    left_in: tuple[LeftIn, ...] = ()


NO_TRACE: Final = Trace()
