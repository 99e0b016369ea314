"""How much a case may come to, at everything that it may be, after anything that was given before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from upheld.core.owing.amounts import Gross, Point, gross, line, mentioned, unit_of
from upheld.core.owing.bill import Bill, UntoldError, Worth, times_of
from upheld.core.owing.entitlement import Case, Ground
from upheld.core.owing.limits import NOTHING_GIVEN, Given, limited
from upheld.core.terms.remedy import Bands, Formula, Give, LimitPer, RemedyRule, Steps
from upheld.core.timeline.period import Period
from upheld.core.values.expression import names_in
from upheld.core.values.once import Once, anew
from upheld.core.values.value import Money
from upheld.core.verdicts.credit import Line

_ZERO = Fraction(0)

_Before: TypeAlias = Gross | UntoldError | None
"""What the form gives before limits; None where nothing is owed, or no amount is given."""
GivenBefore: TypeAlias = Mapping[LimitPer, Given]
"""What a remedy gave before, in each month, year or term that has a limit."""


class Told(NamedTuple):
    """What is owed at one point: whether (None: that cannot be told), and how much before rounding."""

    point: Point
    is_owed: bool | None
    amount: Fraction = _ZERO
    ceiling: Fraction | None = None
    lines: tuple[Line, ...] = ()
    reason: str = ""
    untold: UntoldError | None = None
    used_up: LimitPer | None = None


class Prospects:
    """What is owed in one case, by what was given before: only the limits are asked anew for that."""

    __slots__ = ("_before", "_ends", "_follows", "_grounds", "_most", "_told", "case", "worth")

    def __init__(self, case: Case, once: Once = anew) -> None:
        """`once` remembers what does not depend on limits, for cases in which all of that is the same."""
        self.case = case
        self.worth = worth = _worth(case.remedy, case.bill, case.period)
        self._grounds = grounds = case.grounds(once)
        asked = case.bill if isinstance(case.remedy.amount, Formula) else None
        fees = () if asked is None else (asked.base, *asked.fees.items())
        seen = "before limits", id(grounds), id(case.remedy.amount), worth, id(case.zone), fees
        self._before: tuple[_Before, ...] = once(
            seen,
            lambda: tuple(_before_limits(case, worth, each) for each in (grounds.chosen, *grounds.others)),
        )
        self._told: dict[tuple[tuple[LimitPer, Given | None], ...], tuple[Told, list[Told]]] = {}
        self._ends: dict[int, tuple[Fraction, Fraction]] = {}
        self._most: dict[LimitPer, Fraction | None] = {}
        self._follows: tuple[bool, bool] | None = None

    def times_at(self, bill: Bill, once: Once = anew) -> Fraction | None:
        """How many times as much is owed of another bill if nothing was given before, and before rounding.

        None if that cannot be told beforehand.
        """
        remedy = self.case.remedy
        if self._follows is None:
            self._follows = _asks_for_bill(remedy), any(isinstance(one, Money) for one in _gives(remedy))
        asks_for_bill, names_money = self._follows
        if asks_for_bill:
            return None
        own = self.case.bill
        seen = "times", id(own), id(bill), remedy.unit == "money", names_money
        return once(seen, lambda: times_of(own, bill, remedy.unit == "money", names_money))

    def told(self, given_before: GivenBefore) -> tuple[Told, list[Told]]:
        """What is owed at the chosen value, and what at every one that an extreme can lie at, it among them.

        Where nothing was observed there is no chosen value, but only those that it can have.
        """
        chosen, others = self._after_all(given_before)
        return chosen, [*others]

    def ends(self, given_before: GivenBefore) -> tuple[Fraction, Fraction]:
        """Between what an amount lies that may be any of those told, and nothing if it may not be owed."""
        told = self._after_all(given_before)
        found = self._ends.get(id(told))
        if found is None:
            found = self._ends[id(told)] = ends_of(told[1])
        return found

    def most_of(self, per: LimitPer) -> Fraction | None:
        """What may be given in a month, year or term; None if that is not known."""
        if per not in self._most:
            try:
                limits = [self.worth.amount(one.most) for one in self.case.remedy.limits if one.per == per]
                self._most[per] = min(limits)
            except UntoldError:
                self._most[per] = None
        return self._most[per]

    def _after_all(self, given_before: GivenBefore) -> tuple[Told, list[Told]]:
        # That nothing was given is told by identity: to hash a fraction takes long.
        key = tuple([(per, None if one is NOTHING_GIVEN else one) for per, one in given_before.items()])
        found = self._told.get(key)
        if found is None:
            found = self._told[key] = self._after(given_before)
        return found

    def _after(self, given_before: GivenBefore) -> tuple[Told, list[Told]]:
        grounds, before = self._grounds, self._before
        others = [
            _under_limits(self.case, self.worth, *each, given_before)
            for each in zip(grounds.others, before[1:], strict=True)
        ]
        if not grounds.has_value:
            return Told(grounds.chosen.point, None), others
        chosen = _under_limits(self.case, self.worth, grounds.chosen, before[0], given_before)
        return chosen, [chosen, *others]


def ends_of(told: Sequence[Told]) -> tuple[Fraction, Fraction]:
    """Between what an amount lies that may be any of those told, and nothing if it may not be owed."""
    amounts = [each.amount for each in told if each.is_owed is not False and each.untold is None]
    if any(each.is_owed is not True or each.untold is not None for each in told) or not amounts:
        amounts.append(_ZERO)
    return min(amounts), max(amounts)


def _before_limits(case: Case, worth: Worth, ground: Ground) -> _Before:
    if ground.is_owed is False or case.remedy.amount is None:
        return None
    try:
        return gross(case.remedy.amount, case.names(ground.point), worth, case.zone)
    except UntoldError as untold:
        return untold


def _under_limits(
    case: Case, worth: Worth, ground: Ground, before: _Before, given_before: GivenBefore
) -> Told:
    point, is_owed, reason = ground
    if before is None:
        return Told(point, is_owed, reason=reason)
    if isinstance(before, UntoldError):
        return Told(point, is_owed, reason=reason, untold=before)
    remedy = case.remedy
    try:
        under = limited(remedy.limits, before, point, worth, case.zone, given_before)
        least = _ZERO if remedy.least is None else worth.amount(remedy.least)
    except UntoldError as untold:
        return Told(point, is_owed, reason=reason, untold=untold)
    amount, lines = under.amount, (*before.lines, *under.lines)
    if _ZERO < amount < least:
        amount, lines = _ZERO, (*lines, line("less than the least amount", 0, unit_of(worth)))
    return Told(point, is_owed, amount, under.ceiling, lines, reason, used_up=under.used_up)


def _worth(remedy: RemedyRule, bill: Bill, period: Period) -> Worth:
    form = remedy.amount
    return Worth.of(
        remedy.unit, bill, period, mentioned(_gives(remedy), [form.expr] if isinstance(form, Formula) else [])
    )


def _gives(remedy: RemedyRule) -> list[Give | None]:
    """All that a remedy gives, and what bounds it."""
    gives: list[Give | None] = [remedy.least, *(limit.most for limit in remedy.limits)]
    form = remedy.amount
    if isinstance(form, Bands):
        gives += [band.give for band in form.bands]
    elif isinstance(form, Steps):
        gives.append(form.give)
    return gives


def _asks_for_bill(remedy: RemedyRule) -> bool:
    """Whether more of it follows from the bill than what shares are taken of."""
    if isinstance(remedy.amount, Formula):
        return True
    asked = () if remedy.when is None else names_in(remedy.when)
    return any(name == "base" or name.startswith("fee.") for name in asked)
