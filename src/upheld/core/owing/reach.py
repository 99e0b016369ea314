"""The most that a remedy can give, and limits that lie beyond it: nothing that is owed ever comes to them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final

from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule, Component
from upheld.core.terms.remedy import (
    Bands,
    Days,
    Formula,
    Give,
    Limit,
    LimitPer,
    Multiple,
    RemedyRule,
    Share,
    Steps,
)
from upheld.core.timeline.instant import DAY, Duration
from upheld.core.timeline.period import PeriodKind, PeriodRule
from upheld.core.values.expression import Literal
from upheld.core.values.value import Money

_PERIODS_A_YEAR: Final[Mapping[PeriodKind, int]] = {
    "calendar month": 12, "billing cycle": 12, "calendar quarter": 4, "calendar year": 1, "contract year": 1,
}  # fmt: skip
_A_YEAR: Final[Mapping[LimitPer, int]] = {"month": 12, "quarter": 4, "year": 1, "contract year": 1}
_MOST_DAYS: Final = {12: 31, 4: 92, 1: 366}


def size(give: Give) -> Fraction:
    """How much is given, in its own unit."""
    match give:
        case Share(ratio):
            return ratio
        case Days(count):
            return count
        case Money(amount, _):
            return amount


def multiplied(give: Give, times: int) -> Give:
    """So many times what is given."""
    match give:
        case Share(ratio):
            return Share(ratio * times)
        case Days(count):
            return Days(count * times)
        case Money(amount, currency):
            return Money(amount * times, currency)


def most_given(remedy: RemedyRule, commit: CommitRule) -> Give | None:
    """The most that one period of one component can give; None if that has no bound, or is not known."""
    match remedy.amount:
        case Bands(bands) if bands:
            gives = [one.give for one in bands]
            return max(gives, key=size) if all(is_alike(give, gives[0]) for give in gives) else None
        case Steps() as steps:
            extent = _extent(steps, commit)
            if extent is None:
                return None
            counted = max(extent - steps.free, Fraction(0))
            return multiplied(steps.give, (ceil if steps.begun else floor)(counted / steps.every))
        case Multiple(times):
            return Share(times)
        case Formula(Literal(Fraction() as ratio, "ratio"), "ratio"):
            return Share(ratio)
    return None


def most_times(per: LimitPer, commit: CommitRule, terms: Terms) -> int | None:
    """How often the remedy of a commitment can give under one limit; None where nothing bounds it.

    A limit of a shorter time than the period takes one amount apart, so that no part is more than that.
    """
    kind = commit.period.kind
    if per == "term" or kind == "rolling":
        return None
    times = _PERIODS_A_YEAR[kind] // _A_YEAR.get(per, 13)
    return _subjects(commit, terms) * times if times else 1


def is_out_of_reach(limit: Limit, remedy: RemedyRule, commit: CommitRule, terms: Terms) -> bool:
    """Whether no credit can come to a limit, whatever happens.

    What is a share may be rounded up, and does come to a limit of the same share then; to a greater one only
    where the base is so small that the difference is less than rounding. Over several periods shares are of
    one base only if that is the fees of the contract.
    """
    most, times = most_given(remedy, commit), most_times(limit.per, commit, terms)
    if most is None or times is None or not is_alike(most, limit.most):
        return False
    if isinstance(most, Share):
        base, is_longer = remedy.base, _A_YEAR.get(limit.per, 12) < _PERIODS_A_YEAR[commit.period.kind]
        is_one_base = remedy.unit == "money" and base.kind == "fee" and not base.invoiced_in_part
        if is_longer and not is_one_base:
            return False
        if remedy.rounding != "down" and size(most) * times == size(limit.most):
            return False
    return size(most) * times <= size(limit.most)


def is_alike(one: Give, other: Give) -> bool:
    """Whether both are in one unit, and one currency."""
    return type(one) is type(other) and getattr(one, "currency", "") == getattr(other, "currency", "")


def _extent(steps: Steps, commit: CommitRule) -> Fraction | None:
    """How much there can be to take steps of in a period."""
    if steps.of == "shortfall" and commit.level is not None and commit.level.unit == "ratio":
        level = commit.level
        return level.value if level.relation in (">=", ">") else 1 - level.value
    longest_us = _longest(commit.period) if steps.of == "downtime" else None
    return None if longest_us is None else Fraction(longest_us)


def _longest(rule: PeriodRule) -> Duration | None:
    """No period is longer: the most days that it can have, and what clocks that go back add."""
    if rule.kind == "rolling":
        return None
    zone = rule.zone
    offsets_us = [regime.offset_us for regime in zone.regimes(zone.start_at, zone.end_at)]
    back_us = max((before - after for before, after in pairwise(offsets_us)), default=0)
    return _MOST_DAYS[_PERIODS_A_YEAR[rule.kind]] * DAY + max(back_us, 0)


def _subjects(commit: CommitRule, terms: Terms) -> int:
    """For how many components the commitment is judged on their own."""
    indicator = terms.indicators[commit.indicator]
    return _parts(indicator.of, terms.components) if indicator.across == "each" else 1


def _parts(name: str, components: Mapping[str, Component]) -> int:
    one = components.get(name)
    if one is None or one.tie != "each":
        return 1
    return sum(_parts(part, components) for part in one.parts)
