"""The taxes of a memo: by treatment, on the sum of its lines, rounded once. Source: EN 16931, BG-23."""

from __future__ import annotations

from collections.abc import Iterable

from upheld.core.accounting.memo import MemoLine, TaxSum
from upheld.core.terms.billing import TaxTreatment
from upheld.core.terms.rounding import rounded


def taxes_of(lines: Iterable[MemoLine]) -> tuple[TaxSum, ...]:
    """The taxes of lines, in the order in which their treatments come; lines without tax have none.

    The amount of a tax is its rate of the net sum of all lines that are treated alike, rounded half up to the
    minor unit (BR-CO-17), so it is a whole number of minor units before any currency is looked at.
    """
    sums: dict[TaxTreatment, int] = {}
    for line in lines:
        if line.tax is not None:
            sums[line.tax] = sums.get(line.tax, 0) + line.amount_minor
    return tuple(TaxSum(tax, net, int(rounded(tax.rate * net, 0, "half up"))) for tax, net in sums.items())
