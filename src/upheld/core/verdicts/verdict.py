"""Verdicts: what the facts say of one commitment, on one subject, in one cycle."""

from __future__ import annotations

from typing import Literal, NamedTuple

from upheld.core.terms.agreement import Target
from upheld.core.terms.indicator import Level
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import CellKey, FactRef
from upheld.core.values.rule import Modality
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.measurement import Measurement

State = Literal["met", "missed", "breached", "running", "at risk", "not applicable", "undetermined"]
WakeKind = Literal["limit", "goal", "period end", "reminder", "right ends"]
"""What happens then. `due` alone lists the last two: no verdict changes at them."""
Kind = Literal["deadline", "cadence", "quota", "obligation", "covenant", "measurement"]

LATE: frozenset[State] = frozenset({"missed", "breached"})
OPEN: frozenset[State] = frozenset({"running", "at risk"})


def late_state(modality: Modality) -> State:
    """A guarantee is breached, anything less is missed. Source: terms G2."""
    return "breached" if modality == "guarantee" else "missed"


class Barred(NamedTuple):
    """Why a subject starts no clock: it may not (not applicable), or that cannot be told (undetermined)."""

    state: State
    reason: str


class Pause(NamedTuple):
    """A stretch of time that does not count. `end_at` None: it is still open."""

    start_at: Instant
    end_at: Instant | None
    why: str


@dataclass(frozen=True, slots=True)
class Wake:
    """The instant at which a cell changes if no fact comes.

    `at` is the first instant of the change, `due_at` the instant a person is shown for it: they differ by a
    microsecond, or by a night where a budget ends at closing time.
    """

    at: Instant
    due_at: Instant
    what: WakeKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one cycle. Instants in microseconds UTC, durations in counted microseconds.

    `anchor_at`, `calendar`, `pauses`, `target` and `budget_us` say how the time was counted, so that
    `elapsed` at any later instant needs no more facts; for a late cycle they are those under which it became
    late. `late_after_at` is the last instant that was in time: late is strictly after it. `hours` is the
    calendar to whose next opening a due instant was moved, if the rule has one. Of a measurement,
    `started_at` and `due_at` are the ends of its period, and `level` is what was promised. `plan` is the one
    that it was judged under, where that is not the first plan of the contract.
    """

    key: CellKey
    kind: Kind
    cycle: int
    state: State
    modality: Modality
    started_at: Instant | None = None
    anchor_at: Instant | None = None
    due_at: Instant | None = None
    goal_at: Instant | None = None
    late_after_at: Instant | None = None
    stopped_at: Instant | None = None
    budget_us: Duration | None = None
    target: Target | None = None
    calendar: str = ""
    hours: str = ""
    pauses: tuple[Pause, ...] = ()
    count: int | None = None
    allowed: int | None = None
    measurement: Measurement | None = None
    level: Level | None = None
    reasons: tuple[str, ...] = ()
    facts: tuple[FactRef, ...] = ()
    plan: str = ""

    @property
    def is_late(self) -> bool:
        """Whether the commitment was not kept (missed or breached)."""
        return self.state in LATE

    @property
    def is_open(self) -> bool:
        """Whether the cycle can still change without a late fact."""
        return self.state in OPEN or (self.is_late and self.stopped_at is None)


class Outcome(NamedTuple):
    """What a cell says: its verdicts, one a cycle, when it changes by itself, and what is owed."""

    verdicts: tuple[Verdict, ...]
    wakes: tuple[Wake, ...] = ()
    credits: tuple[Credit, ...] = ()


def joined(one: Outcome, other: Outcome) -> Outcome:
    """Two outcomes of one commitment on one subject, cycles of which are under different plans."""
    verdicts = sorted((*one.verdicts, *other.verdicts), key=lambda verdict: verdict.cycle)
    return Outcome(tuple(verdicts), (*one.wakes, *other.wakes), (*one.credits, *other.credits))


def under_plan(outcome: Outcome, plan: str) -> Outcome:
    """The outcome as one that says under which plan it is."""
    if not plan:
        return outcome
    verdicts = tuple(replace(one, plan=plan) for one in outcome.verdicts)
    credits_ = tuple(replace(one, plan=plan) for one in outcome.credits)
    return Outcome(verdicts, outcome.wakes, credits_)


def with_modality(outcome: Outcome, modality: Modality) -> Outcome:
    """The outcome of a clock that promises the same more or less strongly."""
    if not outcome.verdicts or outcome.verdicts[0].modality == modality:  # its cycles are of one modality
        return outcome
    verdicts = [in_modality(one, modality) for one in outcome.verdicts]
    return Outcome(tuple(verdicts), outcome.wakes, outcome.credits)


def in_modality(verdict: Verdict, modality: Modality) -> Verdict:
    """The verdict of a clock that promises the same more or less strongly."""
    if verdict.modality == modality:
        return verdict
    return replace(
        verdict, modality=modality, state=late_state(modality) if verdict.is_late else verdict.state
    )
