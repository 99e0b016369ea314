"""What is still to come at the end of a month: for each credit without a document the least, most, expected.

Everything is counted as if every claim that can be made is made and granted: the most careful figure for
whoever has to pay. What is expected says by which method; a chance is that of the forecast of its commitment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from upheld.core.accounting.memo import CreditMemo
from upheld.core.terms.remedy import Bands, RemedyRule, Share
from upheld.core.terms.rounding import rounded
from upheld.core.values.key import CellKey
from upheld.core.values.value import Money
from upheld.core.verdicts.credit import Credit

Method = Literal["granted", "owed", "chance times the amount as it stands", "chance times the smallest band",
                 "bounds"]  # fmt: skip
"""`granted`: it was, and the document waits. `owed`: the numbers give it, nobody has granted it. `bounds`: no
chance can be told, so nothing is expected and the bounds are all there is."""


class Accrual(NamedTuple):
    """One credit to come, net, in minor units.

    `most_minor` None: it may be anything. `expected_minor` None: nothing but the bounds can be told.
    """

    memo: CreditMemo
    least_minor: int
    most_minor: int | None
    expected_minor: int | None
    method: Method
    chance: Fraction | None = None


class AccrualSum(NamedTuple):
    """All of one legal entity in one currency, in minor units.

    `most_minor` and `expected_minor` None: of one of them or more that is not known. `untold` is how many
    have no most, or nothing expected; `known_most_minor` and `known_expected_minor` sum all others up.
    """

    entity: str
    currency: str
    digits: int
    least_minor: int
    most_minor: int | None
    expected_minor: int | None
    untold: int
    known_most_minor: int
    known_expected_minor: int


def accrual_of(memo: CreditMemo, credit: Credit, remedy: RemedyRule, chance: Fraction | None) -> Accrual:
    """The accrual of a memo that is proposed or expected. `chance` is that its commitment is missed."""
    if memo.status == "proposed":
        net = memo.net_minor
        return Accrual(memo, net, net, net, "granted")
    most = memo.most_minor
    if credit.state == "owed" and credit.low == credit.high:
        return Accrual(memo, 0, most, memo.net_minor, "owed")
    if chance is None or credit.state != "running" or remedy.when is not None or remedy.breaches:
        return Accrual(memo, 0, most, None, "bounds")
    amount = Fraction(memo.net_minor)
    method: Method = "chance times the amount as it stands"
    if not amount:
        smallest = _smallest(credit, remedy)
        if smallest is None:
            return Accrual(memo, 0, most, 0 if chance == 0 else None, "bounds", chance)
        amount, method = smallest * 10**memo.digits, "chance times the smallest band"
    expected = int(rounded(chance * amount, 0, "half up"))
    return Accrual(memo, 0, most, expected if most is None else min(expected, most), method, chance)


def _smallest(credit: Credit, remedy: RemedyRule) -> Fraction | None:
    """The least that the bands of a remedy give, exact; None where it has none, or no base is known."""
    if not isinstance(remedy.amount, Bands):
        return None
    found: list[Fraction] = []
    for band in remedy.amount.bands:
        if isinstance(band.give, Share) and credit.base is not None:
            found.append(band.give.ratio * credit.base)
        elif isinstance(band.give, Money):
            found.append(band.give.amount)
    return min((amount for amount in found if amount > 0), default=None)


def sums_of(accruals: Iterable[Accrual]) -> tuple[AccrualSum, ...]:
    """Sums by legal entity and currency, in the order in which they come."""
    found: dict[tuple[str, str, int], list[Accrual]] = {}
    for one in accruals:
        found.setdefault((one.memo.entity, one.memo.currency, one.memo.digits), []).append(one)
    return tuple(_sum(key, own) for key, own in found.items())


def _sum(key: tuple[str, str, int], own: list[Accrual]) -> AccrualSum:
    told = [
        (one.most_minor, one.expected_minor)
        for one in own
        if one.most_minor is not None and one.expected_minor is not None
    ]
    return AccrualSum(
        *key,
        least_minor=sum(one.least_minor for one in own),
        most_minor=_all(one.most_minor for one in own),
        expected_minor=_all(one.expected_minor for one in own),
        untold=len(own) - len(told),
        known_most_minor=sum(most for most, _ in told),
        known_expected_minor=sum(expected for _, expected in told),
    )


def _all(amounts: Iterable[int | None]) -> int | None:
    """The sum of amounts; None where one of them is not known."""
    found = [*amounts]
    known = [one for one in found if one is not None]
    return sum(known) if len(known) == len(found) else None


def accruals_of(
    memos: Iterable[CreditMemo],
    owed: Mapping[CellKey, Credit],
    remedies: Mapping[CellKey, RemedyRule],
    chances: Mapping[CellKey, Fraction],
    month: str,
) -> Iterator[Accrual]:
    """The accruals at the end of a month (YYYY-MM), of periods that began by then.

    `owed` are the credits and `remedies` their rules by the keys of the credits, `chances` are by the keys of
    the verdicts that they are about.
    """
    for memo in memos:
        if memo.status not in ("proposed", "expected") or memo.first_on[:7] > month:
            continue
        key = CellKey(memo.contract, memo.remedy, memo.subject)
        chance = chances.get(CellKey(memo.contract, memo.commitment, memo.subject))
        yield accrual_of(memo, owed[key], remedies[key], chance)
