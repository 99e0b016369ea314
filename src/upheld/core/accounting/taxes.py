"""The taxes of a memo: by treatment, on the sum of its lines, rounded once. Source: EN 16931, BG-23."""

from __future__ import annotations

from collections.abc import Iterable

from upheld.core.accounting.memo import MemoLine, TaxSum
from upheld.core.terms.billing import TaxTreatment
from upheld.core.terms.rounding import rounded


def taxes_of(lines: Iterable[MemoLine]) -> tuple[TaxSum, ...]:
    """The taxes of lines, in the order in which their treatments come; lines without tax have none.

    The amount of a tax is its rate of the net sum of all lines that are treated alike, rounded half up to the
    minor unit (BR-CO-17), so it is a whole number of minor units before any currency is looked at. What was
    booked with an earlier memo is taken off as it was booked: so the taxes of all memos of a credit come to
    the tax of the whole, and that of one document may be a unit off its own sum.
    """
    nets: dict[TaxTreatment, int] = {}
    rated: dict[TaxTreatment, int] = {}
    booked: dict[TaxTreatment, int] = {}
    for line in lines:
        if line.tax is None:
            continue
        nets[line.tax] = nets.get(line.tax, 0) + line.amount_minor
        into, amount = (rated, line.amount_minor) if line.tax_minor is None else (booked, line.tax_minor)
        into[line.tax] = into.get(line.tax, 0) + amount
    return tuple(
        TaxSum(tax, net, int(rounded(tax.rate * rated.get(tax, 0), 0, "half up")) + booked.get(tax, 0))
        for tax, net in nets.items()
    )
