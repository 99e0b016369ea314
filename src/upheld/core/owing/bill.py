"""What shares are taken of: the fees of a contract, or what was invoiced, for one period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from upheld.core.terms.remedy import Days, Give, RemedyRule, Share, Unit
from upheld.core.timeline.instant import DAY, Instant
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import FactRef
from upheld.core.values.value import Money


class Invoice(NamedTuple):
    """An invoice that was issued, before any credit on it: for a month (YYYY-MM), or for several from it on.

    `amount` is as last corrected, by the facts `more`; `paid_at` None: it is not, or not all of it.
    """

    id: str
    at: Instant
    amount: Decimal
    currency: str
    month: str
    ref: FactRef
    months: int = 1
    paid_at: Instant | None = None
    more: tuple[FactRef, ...] = ()

    def covers(self, month: str) -> bool:
        """Whether a month (YYYY-MM) is among those that it is for."""
        return 0 <= _number(month) - _number(self.month) < self.months

    @property
    def of_a_month(self) -> Money:
        """What of it is for one month, exactly."""
        return Money(Fraction(self.amount) / self.months, self.currency)


def _number(month: str) -> int:
    year, _, number = month.partition("-")
    return 12 * int(year) + int(number)


class Bill(NamedTuple):
    """The base of one period, exact, and the fees of one month by name.

    `base` None: the remedy has none, or it is not known (yet) for the given `reason`. `currency` is that of
    the contract's invoices, for what is owed before one of them is known.
    """

    base: Money | None
    fees: Mapping[str, Money]
    reason: str = ""
    facts: tuple[FactRef, ...] = ()
    currency: str = ""


def fee_base(
    remedy: RemedyRule,
    fees: Mapping[str, Money],
    invoices: Sequence[Invoice] = (),
    months: Sequence[str] = (),
    *,
    in_part: bool = False,
) -> Bill:
    """The bill of the months (YYYY-MM) of one period, from the contract's fees and the invoices known.

    `in_part`: the contract shares only a part of the period, or changes its plan or fees within it. A yearly
    fee, and an invoice of twelve months, count with a twelfth, exactly. Several fees, or invoices of those
    months, add up. The base is not known if a fee is not in the contract, an invoice is missing, or
    currencies differ; not an error, because the fact may still come.
    """
    base = remedy.base
    monthly = {
        name: Money(fee.amount / 12, fee.currency) if name == "year" or name in base.yearly else fee
        for name, fee in fees.items()
    }
    if base.kind == "none":
        return Bill(None, monthly)
    if base.kind == "fee" and not (in_part and base.invoiced_in_part):
        missing = [name for name in base.fees if name not in monthly]
        if missing:
            return Bill(None, monthly, f"the contract names no fee {', '.join(missing)}")
        return _summed([monthly[name] for name in base.fees], monthly, ())
    found = [invoice for month in months for invoice in invoices if invoice.covers(month)]
    missing = [month for month in months if not any(invoice.covers(month) for invoice in found)]
    if missing or not found:
        return Bill(None, monthly, f"the invoice of {', '.join(missing) or 'the period'} is not known")
    refs = (ref for invoice in dict.fromkeys(found) for ref in (invoice.ref, *invoice.more))
    return _summed([invoice.of_a_month for invoice in found], monthly, tuple(refs))


def _summed(sums: Iterable[Money], fees: Mapping[str, Money], facts: tuple[FactRef, ...]) -> Bill:
    amounts = list(sums)
    currencies = sorted({money.currency for money in amounts})
    if len(currencies) != 1:
        return Bill(None, fees, f"the base is in {' and '.join(currencies) or 'no currency'}", facts)
    return Bill(Money(sum((money.amount for money in amounts), Fraction(0)), currencies[0]), fees, "", facts)


def times_of(own: Bill, other: Bill, is_money: bool, names_money: bool) -> Fraction | None:
    """How many times as much a share of another bill is; None if what is given is not told by that alone.

    `is_money`: days are the same of any bill. `names_money`: amounts are given or bound what is given.
    """
    if own.facts or other.facts:
        return None
    if (own.base, own.reason) == (other.base, other.reason):
        return Fraction(1) if _currencies(own) == _currencies(other) else None
    if own.base is None or other.base is None or names_money:
        return None
    if not is_money:
        return Fraction(1)
    if own.base.currency != other.base.currency or own.base.amount <= 0 or other.base.amount <= 0:
        return None
    return other.base.amount / own.base.amount


def _currencies(bill: Bill) -> tuple[str, ...]:
    return bill.currency, *(fee.currency for fee in bill.fees.values())


class UntoldError(ValueError):
    """An amount cannot be told: its base is not known yet (`open`), or something else is not."""

    def __init__(self, reason: str, *, is_open: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_open = is_open


@dataclass(frozen=True, slots=True)
class Worth:
    """What is given, as a number of one unit: money of `currency`, or (currency empty) days of service.

    A share of days is a share of the days of the period; a day in money is the base by those days. A change
    of clocks does not make a month shorter here: days are civil.
    """

    unit: Unit
    currency: str
    base: Fraction | None
    days: int
    reason: str = ""

    @classmethod
    def of(cls, unit: Unit, bill: Bill, period: Period, mentioned: Iterable[Give] = ()) -> Worth:
        """The worth of things under a bill. Without base or fees, the currency is that of money mentioned."""
        days = max(1, (2 * period.length_us + DAY) // (2 * DAY))
        if unit != "money":
            return cls(unit, "", None if bill.base is None else bill.base.amount, days, bill.reason)
        if bill.base is not None:
            return cls(unit, bill.base.currency, bill.base.amount, days)
        named = [give.currency for give in mentioned if isinstance(give, Money)]
        named += [fee.currency for fee in bill.fees.values()]
        named += [bill.currency]
        return cls(unit, named[0], None, days, bill.reason)

    def amount(self, give: Give) -> Fraction:
        """The exact amount. UntoldError if the base is needed and not known, or the units do not fit."""
        if isinstance(give, Share):
            return give.ratio * self.whole()
        if isinstance(give, Days):
            return give.count if self.unit == "days of service" else give.count * self.whole() / self.days
        return self.money(give)

    def money(self, money: Money) -> Fraction:
        """An amount of money in the currency of the bill. UntoldError if that is another."""
        if self.unit != "money":
            raise UntoldError(f"{money.currency} cannot be given as {self.unit}")
        if money.currency != self.currency:
            raise UntoldError(f"the remedy gives {money.currency}, the bill is in {self.currency}")
        return money.amount

    def whole(self) -> Fraction:
        """What a share is taken of. UntoldError (open) if that is not known."""
        if self.unit == "days of service":
            return Fraction(self.days)
        if self.base is None:
            raise UntoldError(self.reason or "the remedy names no base", is_open=True)
        return self.base
