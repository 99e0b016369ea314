"""What examples of credits assume of what is paid: the fees that a remedy takes, and the invoices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import Final

from upheld.book.worked.stage import Stage
from upheld.core.terms.agreement import Contract, Terms
from upheld.core.terms.remedy import Bands, Days, Formula, Give, Multiple, RemedyRule, Share, Steps
from upheld.core.terms.rounding import minor_digits
from upheld.core.values.expression import names_in
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.value import Money
from upheld.core.worked import WorkedFee

MONTHLY: Final = 1000
"""A made-up fee, or invoice, of a month."""
CURRENCY: Final = "EUR"
_FEE: Final = "fee."
_IN_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Paying:
    """What an example assumes: fees by name, or the invoice of a month; and the amount of every invoice."""

    fees: tuple[WorkedFee, ...]
    invoice: Money

    @classmethod
    def of(cls, stage: Stage, remedies: Sequence[RemedyRule]) -> Paying:
        """The fees of the contract that the remedies take, and made-up ones for others."""
        currency = stage.contract.currency or _currency_of(stage.terms, remedies)
        yearly = {"year", *(name for remedy in remedies for name in remedy.base.yearly)}
        own = stage.contract.fees if stage.is_own else {}
        fees: list[WorkedFee] = []
        for name in dict.fromkeys(name for remedy in remedies for name in _fees_of(remedy)):
            per = _IN_YEAR if name in yearly else 1
            amount = own.get(name, Money(Fraction(MONTHLY * per), currency))
            fees.append(WorkedFee(name, amount, "year" if per > 1 else "month", name in own))
        monthly = sum(
            (one.amount.amount / (_IN_YEAR if one.per == "year" else 1) for one in fees), Fraction(0)
        )
        paid = fees[0].amount.currency if fees else currency
        units = 10 ** minor_digits(paid)
        invoice = Money(Fraction(ceil(monthly * units), units) or Fraction(MONTHLY), paid)
        if any(remedy.base.kind == "invoice" and _takes_base(remedy) for remedy in remedies):
            fees.append(WorkedFee("", invoice))
        return cls(tuple(fees), invoice)

    def contract(self, contract: Contract) -> Contract:
        """A contract with these fees."""
        fees = {one.name: one.amount for one in self.fees if one.name}
        return replace(contract, currency=self.invoice.currency, fees={**contract.fees, **fees})


def _fees_of(remedy: RemedyRule) -> Iterator[str]:
    """The fees from which the amount of a remedy is computed."""
    if remedy.base.kind == "fee" and _takes_base(remedy):
        yield from remedy.base.fees
    formula = remedy.amount.expr if isinstance(remedy.amount, Formula) else None
    for expr in (formula, remedy.when):
        named = sorted(names_in(expr)) if expr is not None else ()
        yield from (name.removeprefix(_FEE) for name in named if name.startswith(_FEE))


def _takes_base(remedy: RemedyRule) -> bool:
    """Whether anything is taken of the base: not where all that is given, or limited, is money or days."""
    amount = remedy.amount
    if remedy.unit != "money" or amount is None:
        return False
    if isinstance(amount, Multiple):
        return True
    if isinstance(amount, Formula) and (amount.kind != "money" or "base" in names_in(amount.expr)):
        return True
    return any(isinstance(give, Share | Days) for give in _gives(remedy))


def _gives(remedy: RemedyRule) -> Iterator[Give]:
    """Everything that a remedy gives, or goes by."""
    if isinstance(remedy.amount, Bands):
        yield from (band.give for band in remedy.amount.bands)
    elif isinstance(remedy.amount, Steps):
        yield remedy.amount.give
    yield from (limit.most for limit in remedy.limits)
    if remedy.least is not None:
        yield remedy.least


def _currency_of(terms: Terms, remedies: Iterable[RemedyRule]) -> str:
    """That of the contract's fees, else of the sums that the remedies name, else a made-up one."""
    sums = list(terms.contract.fees.values()) if terms.contract else []
    sums += [give for remedy in remedies for give in _gives(remedy) if isinstance(give, Money)]
    return next((one.currency for one in sums), CURRENCY)
