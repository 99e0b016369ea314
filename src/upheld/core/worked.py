"""Worked examples of an agreement: made-up facts, and what the engine says of them.

Nothing here is computed: every instant, value and amount comes out of an evaluation of the facts beside it,
so that an example cannot say anything else than a verdict on the same facts would.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from upheld.core.credit import Credit
from upheld.core.fact import Fact
from upheld.core.frozen import dataclass, field
from upheld.core.instant import Duration, Instant
from upheld.core.period import Period
from upheld.core.value import Money
from upheld.core.verdict import Verdict

ClockCase = Literal["closing", "holiday", "wait", "change", "act"]
"""What an example shows: a closed stretch, a holiday, a wait, a new priority, or an act with its deadline."""


@dataclass(frozen=True, slots=True)
class WorkedClock:
    """A clock on one made-up subject.

    `given` are the attributes that decide its row, as they hold at the end; `facts` are all that was told, by
    time. `verdict` is that before the clock stops. `before_at` is when it was due before the wait or the
    change. `last_at` is the last instant in time, which is later than `verdict.due_at` where a budget ends at
    a closing. `closed` are the days off between its start and its due instant, with their names. `late` is
    the verdict on an act `after_us` after the last instant, where one is shown.
    """

    rule: str
    case: ClockCase
    facts: tuple[Fact, ...]
    verdict: Verdict
    given: tuple[tuple[str, str], ...] = ()
    before_at: Instant | None = None
    last_at: Instant | None = None
    closed: tuple[tuple[date, str], ...] = ()
    late: Verdict | None = None
    after_us: Duration = 0


class WorkedTicket(NamedTuple):
    """One of the subjects that a quota counts: when it was opened, and the clocks that run on it."""

    subject: str
    opened_at: Instant
    is_within: bool
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class WorkedQuota:
    """One subject more in a period than is allowed; the last one let in and the first one beyond."""

    rule: str
    period: Period
    facts: tuple[Fact, ...]
    tickets: tuple[WorkedTicket, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class WorkedObligation:
    """A recurring duty in one of its periods, with nothing done yet."""

    rule: str
    verdict: Verdict


class WorkedFailure(NamedTuple):
    """What fails in a made-up period: in one outage from an instant on, or so many items out of so many."""

    bad: int
    of: int
    start_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class WorkedLevel:
    """A measured level: what may fail in each period of a year, the most that keeps it, and one step more.

    `budgets` are exact (rounded down to a microsecond or an item); `unit` says what failures count. `kept`
    and `lost` are the made-up failures with their verdicts; None where nothing keeps the level, or nothing
    loses it.
    """

    rule: str
    component: str
    unit: Literal["time", "count"]
    period: Period
    budgets: tuple[tuple[Period, int], ...] = ()
    kept: tuple[WorkedFailure, Verdict] | None = None
    lost: tuple[WorkedFailure, Verdict] | None = None


@dataclass(frozen=True, slots=True)
class WorkedCredit:
    """What a remedy gives for one made-up period.

    `fee` is the base, `is_own` whether it is that of the contract. `credit` has the amount, and its
    instalments on the made-up `invoices` (issued at, for the month) after the claim was granted.
    """

    rule: str
    period: Period
    failure: WorkedFailure
    unit: Literal["time", "count"]
    fee: Money
    is_own: bool
    verdict: Verdict
    credit: Credit
    filed_at: Instant | None = None
    granted_at: Instant | None = None
    invoices: tuple[tuple[Instant, str], ...] = ()


Worked: TypeAlias = WorkedClock | WorkedQuota | WorkedObligation | WorkedLevel | WorkedCredit


@dataclass(frozen=True, slots=True)
class WorkedExamples:
    """The examples of an agreement by the name of their rule (a clock, quota, commitment or remedy)."""

    by_rule: Mapping[str, tuple[Worked, ...]] = field(default_factory=dict)

    def of(self, rule: str) -> tuple[Worked, ...]:
        """Those of one rule, in the order in which they are told."""
        return self.by_rule.get(rule, ())


NO_EXAMPLES = WorkedExamples()
