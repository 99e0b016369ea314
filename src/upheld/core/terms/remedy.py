"""What follows a breach: the rule by which an amount is owed, limited, rounded and paid.

Every form of amount has a versioned id, because it pays money: a change of meaning is a new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from upheld.core.timeline.instant import DAY, Duration
from upheld.core.timeline.period import Period
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Expr, names_in
from upheld.core.values.frozen import dataclass
from upheld.core.values.rule import Citation
from upheld.core.values.value import Money

Unit = Literal["money", "days of service", "termination"]
Rounding = Literal["half up", "half even", "down", "up"]
LimitPer = Literal["incident", "day", "week", "month", "quarter", "year", "contract year", "term"]
StepsOf = Literal["downtime", "each outage", "each day", "shortfall", "late items"]
BaseKind = Literal["fee", "invoice", "none"]
LONG: Final[frozenset[LimitPer]] = frozenset({"year", "contract year", "term"})
"""A limit of these is of several periods."""
_LONGEST: Final[Mapping[LimitPer, Duration]] = {"month": 32 * DAY, "quarter": 93 * DAY}
"""Months of 31 days and quarters of 92, and whatever a change of clocks adds."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the base (20 % is 1/5)."""

    ratio: Fraction


@dataclass(frozen=True, slots=True)
class Days:
    """Days of service."""

    count: Fraction


Give: TypeAlias = Share | Money | Days
"""What is given: a share of the base, money, or days of service."""


@dataclass(frozen=True, slots=True)
class Band:
    """Values between two edges, each inside it or not; None is no edge there. Ratios, or microseconds."""

    low: Fraction | None
    high: Fraction | None
    has_low: bool
    has_high: bool
    give: Give

    def holds(self, value: Fraction) -> bool:
        """Whether a value lies in the band."""
        above = self.low is None or value > self.low or (self.has_low and value == self.low)
        below = self.high is None or value < self.high or (self.has_high and value == self.high)
        return above and below


@dataclass(frozen=True, slots=True)
class Bands:
    """credit.bands/1: what is given depends on the band that the value lies in; outside all, nothing."""

    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """credit.steps/1: so much for each step of `every`, complete ones or also the one begun.

    Of `downtime` (microseconds) in the month, in each outage, or on each day; or of the ratio by which the
    value falls short of the level. What is within `free` is not counted.
    """

    every: Fraction
    give: Give
    of: StepsOf = "downtime"
    begun: bool = False
    free: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Formula:
    """credit.formula/1: an expression that is money, a ratio of the base, or a number of days.

    It knows value, level, shortfall, downtime, period, base, fee.<name>, late, counted.
    """

    expr: Expr
    kind: Literal["money", "ratio", "days"]


@dataclass(frozen=True, slots=True)
class Multiple:
    """credit.multiple/1: so many times the part of the base that the downtime is of the period."""

    times: Fraction


AmountRule: TypeAlias = Bands | Steps | Formula | Multiple

RULE_IDS: dict[type[Bands] | type[Steps] | type[Formula] | type[Multiple], str] = {
    Bands: "credit.bands/1",
    Steps: "credit.steps/1",
    Formula: "credit.formula/1",
    Multiple: "credit.multiple/1",
}
"""The versioned id of each form of amount."""


@dataclass(frozen=True, slots=True)
class Base:
    """What shares are taken of: fees of the contract (by name, for one month), or the month's invoice.

    `yearly` fees among `fees` count with a twelfth. An invoice is that of the month, before earlier credits.
    `invoiced_in_part`: for a period that the contract shares only in part, the invoice takes the place of
    fees (SIVO/S31).
    """

    kind: BaseKind
    fees: tuple[str, ...] = ()
    yearly: tuple[str, ...] = ()
    invoiced_in_part: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """No more than this per incident, day, week, month, quarter, year, year of the contract or its term."""

    per: LimitPer
    most: Give


def is_whole(per: LimitPer, period: Period) -> bool:
    """Whether a limit takes the amount of the period whole, and not outage by outage."""
    longest_us = _LONGEST.get(per)
    return per in LONG or (longest_us is not None and period.length_us <= longest_us)


@dataclass(frozen=True, slots=True)
class Pay:
    """How a credit reaches the customer: in equal `instalments` (the last one takes what rounding left).

    They come on the invoices after the decision, or from the following month's on. `of_each`: every one is
    its part taken of the invoice it stands on, not of the base. No invoice falls below `floor` (a share of
    it); the rest is carried over to the next. `one_at_a_time`: a further credit waits until the one before
    is paid. `after_end`: what becomes of what is still owed when no invoice comes any more.
    """

    instalments: int = 1
    starts: Literal["next invoice", "following month"] = "next invoice"
    of_each: bool = False
    floor: Fraction = Fraction(0)
    one_at_a_time: bool = False
    after_end: Literal["paid out", "lost"] = "paid out"


@dataclass(frozen=True, slots=True)
class Exercise:
    """How a right to terminate is used: `within` so long after it arose (None: whenever), with a `notice`.

    It arises at the end of the period that was not kept. Each amount counts on its calendar. The contract
    ends with the day on which the notice has passed, or with the `month` of that day.
    """

    within: Amount | None = None
    notice: Amount | None = None
    within_on: str = "always"
    notice_on: str = "always"
    ends: Literal["day", "month"] = "day"


@dataclass(frozen=True, slots=True)
class RemedyRule:
    """What is owed where a commitment is not kept.

    `of` is the commitment that is looked at. `when` is a condition on what was measured (None: it was not
    kept); `breaches`/`of_last`: only if so many of the last so many periods were not kept, this one among
    them. Remedies of one `group` are combined by sum, the greatest, or the first that gives anything. An
    amount below `least` is not paid. Money is rounded once, per line, to the minor unit of its currency.
    `exercise` is about a right to terminate.
    """

    name: str
    of: str
    amount: AmountRule | None
    when: Expr | None = None
    breaches: int = 0
    of_last: int = 0
    unit: Unit = "money"
    base: Base = Base("none")
    limits: tuple[Limit, ...] = ()
    least: Give | None = None
    group: str = ""
    combine: Literal["sum", "max", "first"] = "sum"
    pay: Pay = Pay()
    exercise: Exercise = Exercise()
    rounding: Rounding = "half up"
    doc: str = ""
    cited: Citation = Citation()

    @property
    def rule_id(self) -> str:
        """The versioned id of the way the amount is computed."""
        return "credit.termination/1" if self.amount is None else RULE_IDS[type(self.amount)]

    @property
    def asks_for_complaints(self) -> bool:
        """Whether its condition or its formula looks at how many claims were filed in time."""
        form = self.amount.expr if isinstance(self.amount, Formula) else None
        return any(expr is not None and "complaints" in names_in(expr) for expr in (self.when, form))
