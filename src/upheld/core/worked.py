"""Worked examples of an agreement: made-up facts, and what the engine says of them.

Nothing here is computed: every instant, value and amount comes out of an evaluation of the facts beside it,
so that an example cannot say anything else than a verdict on the same facts would.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.value import Money
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict

Attributes: TypeAlias = tuple[tuple[str, str | bool], ...]
"""What is said of a made-up subject: attributes with their values."""

Party = Literal["customer", "provider", ""]
"""Who does something; empty where that makes no difference."""

ClockCase = Literal["closing", "holiday", "wait", "change", "act"]
"""What an example shows: a closed stretch, a holiday, a wait, a new priority, or an act with its deadline."""


@dataclass(frozen=True, slots=True)
class WorkedClock:
    """A clock on one made-up subject.

    `given` are the attributes that decide its row, and those without which the rule would not apply, as they
    hold at the end; `facts` are all that was told, by time. `verdict` is that before the clock stops.
    `before_at` is when it was due without the wait or the change; `changed_by` who made the change, where the
    agreement asks for that. `last_at` is the last instant in time, which is later than `verdict.due_at` where
    a budget ends at a closing. `closed` are the holidays that take time away between its start and its end,
    with their names. `late` is the verdict on an act `after_us` after the last instant, where one is shown.
    """

    rule: str
    case: ClockCase
    facts: tuple[Fact, ...]
    verdict: Verdict
    given: Attributes = ()
    before_at: Instant | None = None
    last_at: Instant | None = None
    closed: tuple[tuple[date, str], ...] = ()
    late: Verdict | None = None
    after_us: Duration = 0
    changed_by: Party = ""

    @property
    def ends_at(self) -> Instant:
        """The last instant of the limit, or of the goal where there is no limit.

        A budget of nothing that begins at a closing ends at the next opening.
        """
        verdict = self.verdict
        if verdict.due_at is not None and not verdict.budget_us and self.last_at is not None:
            return self.last_at
        found = verdict.due_at if verdict.due_at is not None else verdict.goal_at
        assert found is not None, "an example has a number"
        return found


class WorkedTicket(NamedTuple):
    """One of the subjects that a quota counts: when it was opened, and the clocks that run on it."""

    subject: str
    opened_at: Instant
    is_within: bool
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class WorkedQuota:
    """One subject more in a period than is allowed; the last one let in and the first one beyond.

    `given` are the attributes without which they would not be counted.
    """

    rule: str
    period: Period
    facts: tuple[Fact, ...]
    tickets: tuple[WorkedTicket, ...]
    verdict: Verdict
    given: Attributes = ()


@dataclass(frozen=True, slots=True)
class WorkedObligation:
    """A recurring duty in one of its periods, with nothing done yet."""

    rule: str
    verdict: Verdict


class WorkedFailure(NamedTuple):
    """What fails in a made-up period: in one outage from an instant on, or so many items out of so many.

    `of_component`: the part that fails, where each has a figure of its own. `given`: attributes that the
    items need to be counted.
    """

    bad: int
    of: int
    start_at: Instant | None = None
    of_component: str = ""
    given: Attributes = ()


class WorkedBudget(NamedTuple):
    """What may fail in a period: at most so much, or less; exact, or down to a microsecond."""

    period: Period
    most_us: Duration
    is_inside: bool


@dataclass(frozen=True, slots=True)
class WorkedLevel:
    """A measured level: what may fail in each period of a year, the most that keeps it, and one step more.

    `unit` says what failures count. `kept` and `lost` are the made-up failures with their verdicts; None
    where nothing keeps the level, or nothing loses it.
    """

    rule: str
    component: str
    unit: Literal["time", "count"]
    period: Period
    budgets: tuple[WorkedBudget, ...] = ()
    kept: tuple[WorkedFailure, Verdict] | None = None
    lost: tuple[WorkedFailure, Verdict] | None = None


class WorkedFee(NamedTuple):
    """What an example assumes that the customer pays: a fee by its name, or (no name) the invoice of a month.

    `is_own`: it is that of the contract.
    """

    name: str
    amount: Money
    per: Literal["month", "year"] = "month"
    is_own: bool = False


class WorkedShare(NamedTuple):
    """What one remedy gives for what was measured: if it were alone, and beside the others of its group."""

    rule: str
    failure: WorkedFailure
    unit: Literal["time", "count"]
    verdict: Verdict
    alone: Credit
    credit: Credit


@dataclass(frozen=True, slots=True)
class WorkedCredit:
    """What remedies give for one made-up period: one of them, or all of a group that follow together.

    `fees` are what it assumes of what is paid, `invoice` every made-up invoice (`invoices`: issued at, for
    the month). A credit has its instalments on these after the claim was granted. `is_alone`: others of its
    group may take its place, which this example leaves out.
    """

    period: Period
    shares: tuple[WorkedShare, ...]
    fees: tuple[WorkedFee, ...]
    invoice: Money
    is_alone: bool = False
    filed_at: Instant | None = None
    granted_at: Instant | None = None
    invoices: tuple[tuple[Instant, str], ...] = ()


Worked: TypeAlias = WorkedClock | WorkedQuota | WorkedObligation | WorkedLevel | WorkedCredit


@dataclass(frozen=True, slots=True)
class WorkedExamples:
    """The examples of an agreement by the name of their rule (a clock, quota, commitment or remedy).

    `month` is the one in which they are played, unless a holiday or a longer period asks for another.
    """

    by_rule: Mapping[str, tuple[Worked, ...]] = field(default_factory=dict)
    month: Period | None = None

    def of(self, rule: str) -> tuple[Worked, ...]:
        """Those of one rule, in the order in which they are told."""
        return self.by_rule.get(rule, ())


NO_EXAMPLES = WorkedExamples()
