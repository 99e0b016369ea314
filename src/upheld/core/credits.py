"""The whole of one remedy for one period: whether it is owed, how much, between which bounds, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from upheld.core.bill import Bill as Bill
from upheld.core.credit import Credit
from upheld.core.indicator import CommitRule
from upheld.core.key import CellKey
from upheld.core.remedy import LimitPer, RemedyRule
from upheld.core.verdict import State, Verdict
from upheld.core.zone import Zone


def credit_of(
    remedy: RemedyRule,
    key: CellKey,
    verdict: Verdict,
    bill: Bill,
    *,
    commit: CommitRule | None = None,
    kept_before: Sequence[State] = (),
    complaints: int = 0,
    given_before: Mapping[LimitPer, Fraction] | None = None,
    zone: Zone | None = None,
) -> Credit:
    """What one remedy says of one period, exact, limited, and rounded once.

    `verdict` is that of the commitment in the period (with its measurement and level), `commit` its rule,
    for how it compares and what decides where something is unknown. `kept_before` are the states of the
    periods before, newest first; `complaints` the claims filed in time about this period; `given_before`
    what this remedy gave before in the running month, year or term, in the unit of the credit. Days, weeks
    and months of limits are those of `zone` (None: UTC).
    """
    raise NotImplementedError


def combined(remedies: Sequence[RemedyRule], credits: Sequence[Credit]) -> tuple[Credit, ...]:
    """The credits of one period with each group combined; the n-th credit is of the n-th remedy.

    A credit that gives way is "not owed", and says to which.
    """
    raise NotImplementedError
