"""The agreement as values: what the language compiles to and every pure function reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Generic, Literal, TypeAlias, TypeVar

from upheld.core.terms.amendment import AmendRule
from upheld.core.terms.billing import Billing
from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.duty import CovenantRule, ReminderRule
from upheld.core.terms.indicator import CommitRule, Component, Exclusion, Indicator, Signal
from upheld.core.terms.remedy import RemedyRule
from upheld.core.terms.telling import EscalateRule, NotifyRule
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Expr
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.rule import Citation, Modality
from upheld.core.values.value import Money

SubjectKind = Literal["ticket", "incident", "maintenance", "task", "claim", "attribution"]
ChangeRule = Literal["keep start", "restart", "pro rata"]
Reopening = Literal["continue", "new cycle", "ignore"]
Choose = Literal["first", "worst"]
Overflow = Literal["ordinary", "refused", "charged"]
Refund = Literal["provider reclassifies", "never"]

CUSTOMER_ACTS: Final = frozenset({"claim.filed", "claim.disputed", "claim.supplemented", "claim.withdrawn"})
"""What of a claim is the customer's to do; all else of it is the provider's."""
ALWAYS = "always"
"""The calendar every agreement has: around the clock in the document's zone."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Branch(Generic[T]):
    """A decision by one attribute: a row per value, and `other` for the rest, if it is said. Rows nest.

    A row that is None says that nothing is in force there, whatever `other` says.
    """

    attribute: str
    rows: Mapping[str, Branch[T] | T | None]
    other: Branch[T] | T | None = None
    has_other: bool = field(default=False, compare=False)


Tree: TypeAlias = "Branch[T] | T"


def leaves(tree: Tree[T] | None) -> Iterator[T]:
    """Every leaf of a decision tree, in the order of the page."""
    if isinstance(tree, Branch):
        for row in tree.rows.values():
            yield from leaves(row)
        yield from leaves(tree.other)
    elif tree is not None:
        yield tree


@dataclass(frozen=True, slots=True)
class Target:
    """What is allowed: the goal warns, the limit is judged; None is no such number.

    `calendar` names the calendar the amounts count on where the row itself says so (`4h of support`).
    A target without any amount is a promise to record, never judged.
    """

    goal: Amount | None = None
    limit: Amount | None = None
    calendar: str | None = None
    goal_calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A target for the subjects that match."""

    where: Expr
    target: Tree[Target] | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Targets told apart by expressions; `choose` says what holds if several match."""

    rows: tuple[Row, ...]
    choose: Choose = "first"


@dataclass(frozen=True, slots=True)
class EventMatch:
    """An event by its fact types (written on the page as `word`), and a condition on its data."""

    word: str
    types: frozenset[str]
    where: Expr | None = None


@dataclass(frozen=True, slots=True)
class PauseRule:
    """The clock stands still from one event to another (`waiting` is waiting_started to waiting_ended)."""

    starts: tuple[EventMatch, ...]
    ends: tuple[EventMatch, ...]
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A deadline, or a cadence (a clock that `again` re-arms).

    Either `starts`/`within`/`on` (an amount counted from an event) or `due` (an instant that a text of the
    agreement computes) is given. `selects` is every fact type the clock reads, so that a fact of another
    type can never change it.
    """

    name: str
    of: SubjectKind
    stops: tuple[EventMatch, ...]
    starts: tuple[EventMatch, ...] = ()
    where: Expr | None = None
    after: tuple[EventMatch, ...] = ()
    again: tuple[EventMatch, ...] = ()
    pauses: tuple[PauseRule, ...] = ()
    on: Tree[str] = ALWAYS
    within: Tree[Target] | Rows | None = None
    due: Expr | None = None
    hours: str | None = None
    change_by_customer: ChangeRule = "keep start"
    change_by_provider: ChangeRule = "keep start"
    reopening: Reopening = "continue"
    modality: Modality = "guarantee"
    doc: str = ""
    cited: Citation = Citation()

    @property
    def is_cadence(self) -> bool:
        """Whether the clock re-arms each time it is satisfied."""
        return bool(self.again)

    @property
    def is_of_customer(self) -> bool:
        """Whether it is the customer who has to act by then: who files a claim, adds to it, disputes it."""
        ends = {type_ for match in self.stops for type_ in match.types}
        return self.of == "claim" and bool(ends) and ends <= CUSTOMER_ACTS


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """A counted allowance per period, with its overflow rule."""

    name: str
    where: Expr
    allow: int
    period: PeriodRule
    overflow: Overflow
    refund: Refund = "never"
    of: SubjectKind = "ticket"
    modality: Modality = "guarantee"
    doc: str = ""
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class EntitlementRule:
    """What a plan lets a customer have or do; `named_contacts` limits who may start a clock."""

    name: str
    value: str | tuple[str, ...] = ""
    named_contacts: int | None = None
    channels: tuple[str, ...] = ()
    doc: str = ""
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class ObligationRule:
    """A recurring duty that no ticket asks for: so many times per period."""

    name: str
    times: int
    period: PeriodRule
    modality: Modality = "guarantee"
    doc: str = ""
    cited: Citation = Citation()


Rule: TypeAlias = ClockRule | QuotaRule | ObligationRule | CovenantRule | CommitRule


@dataclass(frozen=True, slots=True)
class Scale:
    """An ordered set of values, most urgent first, with their definitions (priority, severity)."""

    name: str
    of: SubjectKind
    values: Mapping[str, str]
    set_by: Literal["customer", "provider"] | None = None
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class Attribute:
    """A typed attribute of a subject, told by the facts that open or classify it."""

    name: str
    of: SubjectKind
    type: str
    values: tuple[str, ...] = ()
    default: str | None = None
    doc: str = ""


@dataclass(frozen=True, slots=True)
class EventType:
    """An event type that the agreement declares; its facts are about a subject of kind `of`."""

    name: str
    of: SubjectKind
    doc: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something the customer owes, that a wait may name."""

    name: str
    text: str
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class Assumption:
    """A named reading of an ambiguous clause, with its alternatives; `named_only` ones cannot be taken."""

    name: str
    ref: str
    issue: str
    options: tuple[str, ...]
    take: str
    because: str
    flag: str = ""
    executed_by: str = ""
    cited: Citation = Citation()
    named_only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One operative clause of the page: what it is about, and the hash of the paragraph it stands in."""

    number: str
    says: str
    paragraph: str = ""
    informative: str = ""
    later: str = ""
    part: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody the customer has named, with the days on which that holds."""

    id: str
    role: str = ""
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A product that is not fully promised for a while (Beta, Early Access)."""

    product: str
    stage: str
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One customer's binding to a version and plan of an agreement. `until_on` is the first day after it.

    `term` is how long each contract period lasts (civil days to years), from `from_on` on. `fees` are those
    under `plan`, `plan_fees` those under other plans; `billing_day` is the day of the month on which a
    billing cycle begins (None: that of `from_on`).
    """

    id: str
    customer: str
    agreement: str
    from_on: date
    version: str = ""
    plan: str = ""
    zone: str = ""
    signed_on: date | None = None
    until_on: date | None = None
    term: Amount | None = None
    currency: str = ""
    fees: Mapping[str, Money] = field(default_factory=dict)
    plan_fees: Mapping[str, Mapping[str, Money]] = field(default_factory=dict)
    billing_day: int | None = None
    contacts: tuple[Contact, ...] = ()
    stages: tuple[Stage, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    billing: Billing | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement resolved for one contract (or for one plan, with no contract): every rule in force.

    `calendars` gives each calendar by name, compiled; `always` is among them. Names of rules are unique
    over all kinds, because a verdict is known by contract, commitment and subject. `beneath` are the readings
    behind what no rule says: the zone (as `document`), and by concept the rows that are not there.
    `calendars_cited` is where each calendar comes from, since one that is compiled does not know. `plans`
    are the terms of the same contract under other plans, which facts say that it changes to.
    """

    agreement: str
    version: str
    provider: str
    zone: str
    calendars: Mapping[str, Calendar]
    plan: str = ""
    contract: Contract | None = None
    title: str = ""
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()
    events: Mapping[str, EventType] = field(default_factory=dict)
    scales: tuple[Scale, ...] = ()
    duties: Mapping[str, Duty] = field(default_factory=dict)
    clocks: tuple[ClockRule, ...] = ()
    quotas: tuple[QuotaRule, ...] = ()
    entitlements: tuple[EntitlementRule, ...] = ()
    obligations: tuple[ObligationRule, ...] = ()
    covenants: tuple[CovenantRule, ...] = ()
    reminders: tuple[ReminderRule, ...] = ()
    components: Mapping[str, Component] = field(default_factory=dict)
    signals: tuple[Signal, ...] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    commits: tuple[CommitRule, ...] = ()
    remedies: tuple[RemedyRule, ...] = ()
    claim: ClaimRule | None = None
    escalations: tuple[EscalateRule, ...] = ()
    notifications: tuple[NotifyRule, ...] = ()
    amend: AmendRule | None = None
    beneath: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calendars_cited: Mapping[str, Citation] = field(default_factory=dict)
    plans: Mapping[str, Terms] = field(default_factory=dict)

    def under(self, plan: str) -> Terms:
        """The terms of the contract under a plan; empty: its own. KeyError for one that is not there."""
        return self if plan in ("", self.plan) else self.plans[plan]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that gives verdicts, in the order in which they are shown."""
        return (*self.clocks, *self.quotas, *self.obligations, *self.covenants, *self.commits)

    def remedy(self, name: str) -> RemedyRule:
        """The remedy of that name. KeyError if there is none."""
        for remedy in self.remedies:
            if remedy.name == name:
                return remedy
        raise KeyError(name)

    def rule(self, name: str) -> Rule:
        """The rule of a commitment. KeyError if there is none."""
        for rule in self.rules:
            if rule.name == name:
                return rule
        raise KeyError(name)

    def must_be_claimed(self, remedy: str) -> bool:
        """Whether what a remedy gives is paid only on a claim."""
        return self.claim is not None and self.claim.needed and self.claim.is_for(remedy)

    @property
    def named_contacts(self) -> int | None:
        """How many contacts may start a clock; None if the agreement does not limit them."""
        limits = [rule.named_contacts for rule in self.entitlements if rule.named_contacts is not None]
        return min(limits) if limits else None
