"""The credit memo: one accounting document of one credit, or of the difference that a correction makes.

All money is in minor units of its currency (days of service in hundredths), an integer; what it was before it
was rounded is a `Fraction`. Positive is in the customer's favour.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, NamedTuple

from upheld.core.terms.billing import Billing, TaxTreatment
from upheld.core.terms.remedy import Rounding
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import FactRef

Status = Literal["expected", "proposed", "issued", "applied", "settled", "outstanding", "voided"]
"""`expected`: not granted yet. `proposed`: granted, no document yet. `issued`: a document with a number.
`applied`: all of it was set against invoices. `settled`: nothing is open, since what was not set against
invoices cancels out with other memos of its credit. `outstanding`: issued, and no invoice comes any more."""
Settlement = Literal["credit note", "payment", "days of service"]
LineKind = Literal["credit", "issued before"]


class MemoLine(NamedTuple):
    """One line of a memo: the credit as it is now, or an earlier memo of it that is taken off.

    `base`, `share`, `band` and `limit` say how the amount came about, as far as it did so: a share of a base,
    by the band of the agreement, cut by a limit; `steps` of them make the share up, where it is one of steps.
    `exact` is the amount before rounding, `computed` what the agreement gave where another amount was
    granted. `memo`, `number` and `on` are the id, the number and the day (ISO 8601) of the memo that is taken
    off, `tax_minor` the tax that was booked with it (negative as the line is; None: it follows
    from the rate).
    """

    kind: LineKind
    exact: Fraction
    amount_minor: int
    rounding: Rounding = "half up"
    base: Fraction | None = None
    share: Fraction | None = None
    band: str = ""
    limit: str = ""
    memo: str = ""
    number: str = ""
    on: str = ""
    tax: TaxTreatment | None = None
    tax_minor: int | None = None
    steps: int = 0
    computed: Fraction | None = None


class TaxSum(NamedTuple):
    """What is taxed alike, and its tax, rounded once."""

    tax: TaxTreatment
    base_minor: int
    tax_minor: int


class PlannedPart(NamedTuple):
    """One part of a memo, net: on which invoice it stands (empty: on the n-th after the decision)."""

    number: int
    amount_minor: int
    invoice: str = ""


class AppliedPart(NamedTuple):
    """So much of a memo, net, was set against an invoice or paid out (no invoice)."""

    amount_minor: int
    at: Instant
    ref: FactRef
    invoice: str = ""


class OriginalInvoice(NamedTuple):
    """An invoice of the period that the credit is about; `on` is the day it was issued (ISO 8601).

    `is_paid`: it was known to be paid when the memo was made.
    """

    id: str
    on: str
    is_paid: bool = False


class Trace(NamedTuple):
    """Where a memo comes from: terms, rule, readings, the facts behind it, and the decisions among them."""

    agreement: str
    version: str
    plan: str
    rule_id: str
    clauses: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    facts: tuple[FactRef, ...] = ()
    decisions: tuple[FactRef, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditMemo:
    """One document, or one that is to come.

    `id` is the same whenever it is computed from the same: contract, remedy, period and revision; whoever
    books it twice books it once. `number` and `sequence` are those of the legal entity, None and empty until
    one is taken. `first_on` and `last_on` are the days of the period, `month` the month in which it is
    booked. `least_minor` and `most_minor` are what it may be while that is not known (None: anything).
    `cancelled_minor` is how much of it cancels out with other issued memos of its credit.
    """

    id: str
    contract: str
    customer: str
    remedy: str
    commitment: str
    subject: str
    revision: int
    status: Status
    entity: str
    currency: str
    digits: int
    lines: tuple[MemoLine, ...]
    taxes: tuple[TaxSum, ...]
    settlement: Settlement
    trace: Trace
    number: str = ""
    sequence: int | None = None
    issued_at: Instant | None = None
    issued_on: str = ""
    month: str = ""
    first_on: str = ""
    last_on: str = ""
    granted_at: Instant | None = None
    plan: tuple[PlannedPart, ...] = ()
    invoices: tuple[OriginalInvoice, ...] = ()
    billing: Billing | None = None
    reasons: tuple[str, ...] = ()
    least_minor: int = 0
    most_minor: int | None = None
    applied: tuple[AppliedPart, ...] = ()
    cancelled_minor: int = 0

    @property
    def net_minor(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def tax_minor(self) -> int:
        """The sum of the taxes."""
        return sum(one.tax_minor for one in self.taxes)

    @property
    def total_minor(self) -> int:
        """Net and tax together."""
        return self.net_minor + self.tax_minor

    @property
    def applied_minor(self) -> int:
        """How much of it, net, was set against invoices or paid out."""
        return sum(one.amount_minor for one in self.applied)

    @property
    def open_minor(self) -> int:
        """How much of it, net, is neither applied nor cancelled; nothing of one void or only expected."""
        if self.status in ("voided", "expected"):
            return 0
        return self.net_minor - self.applied_minor - self.cancelled_minor

    @property
    def paid_out_minor(self) -> int:
        """How much of it, net, no invoice carries: it is paid out."""
        if self.settlement != "payment":
            return 0
        return self.net_minor - sum(part.amount_minor for part in self.plan if part.invoice)

    @property
    def is_delta(self) -> bool:
        """Whether it corrects earlier memos of the same credit."""
        return any(line.kind == "issued before" for line in self.lines)


def memo_id(contract: str, remedy: str, subject: str, revision: int) -> str:
    """The id of a memo: its parts with slashes between, so that no two memos share one."""
    return "/".join([*map(_part, (contract, remedy, subject)), str(revision)])


def _part(name: str) -> str:
    return name.replace("%", "%25").replace("/", "%2F")


def by_number(memos: Iterable[CreditMemo]) -> list[CreditMemo]:
    """The memos in the order of their numbers, entity by entity; those without one last, as they come."""
    return sorted(memos, key=lambda memo: (memo.sequence is None, memo.entity, memo.sequence or 0))


def sum_by_currency(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sums of minor units by currency, in the order in which the currencies come."""
    found: dict[str, int] = {}
    for currency, amount_minor in amounts:
        found[currency] = found.get(currency, 0) + amount_minor
    return found
