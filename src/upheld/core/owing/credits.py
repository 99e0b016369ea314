"""The whole of one remedy for one period: whether it is owed, how much, between which bounds, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import overload

from upheld.core.owing.amounts import line, unit_of
from upheld.core.owing.bill import Bill as Bill
from upheld.core.owing.bill import Worth
from upheld.core.owing.entitlement import Case
from upheld.core.owing.limits import Given
from upheld.core.owing.prospects import GivenBefore, Prospects, Told, ends_of
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import LimitPer, RemedyRule
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Credit, CreditState, Line
from upheld.core.verdicts.verdict import State, Verdict

_ZERO, _ONE = Fraction(0), Fraction(1)
_ROUNDED = "rounded "
_UNTOLD_CLAIM = "it cannot be told whether it was claimed in time"


def credit_of(
    remedy: RemedyRule,
    key: CellKey,
    verdict: Verdict,
    bill: Bill,
    *,
    commit: CommitRule | None = None,
    kept_before: Sequence[State] = (),
    complaints: int = 0,
    untold_complaints: int = 0,
    given_before: Mapping[LimitPer, Given] | None = None,
    zone: Zone | None = None,
) -> Credit:
    """What one remedy says of one period, exact, limited, and rounded once.

    `verdict` is that of the commitment in the period (with its measurement and level), `commit` its rule,
    for how it compares and what decides where something is unknown. `kept_before` are the states of the
    periods before, newest first; `complaints` the claims filed in time about this period, beside
    `untold_complaints` of which nobody can say whether they were; `given_before` what this remedy gave
    before in the running month, year or term, in the unit of the credit: where that is not known exactly,
    the least is owed after the most of it, and the most after the least. Days, weeks and months of limits
    are those of `zone` (None: UTC). Source: design 8, terms G3.
    """
    case = Case(
        remedy,
        verdict,
        bill,
        commit,
        tuple(kept_before),
        complaints,
        untold_complaints,
        zone,
    )
    return credit_in(Prospects(case), key, given_before or {})


def credit_in(
    prospects: Prospects, key: CellKey, given: GivenBefore, claims: Iterable[FactRef] = ()
) -> Credit:
    """As `credit_of`, of the prospects of a case; `claims` are the facts behind its complaints."""
    case, remedy, worth = prospects.case, prospects.case.remedy, prospects.worth
    chosen, told = prospects.told(given)
    if not all(one.is_sure for one in given.values()):
        told += prospects.told({per: one.more() for per, one in given.items()})[1]
        told += prospects.told({per: one.less() for per, one in given.items()})[1]
    state, reason = _state(case, chosen, told)
    possible = [each for each in told if each.is_owed is not False and each.untold is None]
    low, most = ends_of(told)
    high = most if all(each.untold is None for each in told) else None
    if state == "undetermined" and remedy.amount is not None and high == 0:
        state, reason = "not owed", _nothing(possible)
        chosen = Told(chosen.point, False)
    exact = _exact(case, state, chosen)
    amount = None if exact is None else _rounded(remedy, worth, exact, chosen.ceiling)
    reasons = [reason, "" if chosen.untold is None else chosen.untold.reason]
    if low != high and state in ("owed", "not owed"):
        reasons.append("the amount depends on what is not known")
    return Credit(
        key=key,
        commitment=remedy.of,
        state=state,
        unit=remedy.unit,
        rule_id=remedy.rule_id,
        low=low,
        high=high,
        exact=exact,
        amount=amount,
        currency=worth.currency,
        base=worth.base,
        lines=_lines(case, chosen, possible, Line("between", low, most, unit_of(worth)), amount),
        reasons=tuple(dict.fromkeys(each for each in reasons if each)),
        facts=tuple(dict.fromkeys((*case.bill.facts, *claims))),
        is_due=chosen.is_owed,
        on_complaint=state == "not owed" and case.may_be_owed_on_complaint(chosen.point),
    )


def credit_at(
    prospects: Prospects, given: GivenBefore, credit: Credit, key: CellKey, bill: Bill, times: Fraction
) -> Credit:
    """The credit of a case as another bill makes it, of which it is so many times as much before rounding.

    See `Prospects.times_at`; its lines are `LinesAt`.
    """
    exact, amount = credit.exact, None
    low = credit.low * times
    high = low if credit.high == credit.low else credit.high and credit.high * times
    if exact is not None:
        exact = low if exact == credit.low else exact * times
        ceiling = prospects.told(given)[0].ceiling
        most = None if ceiling is None else ceiling * times
        amount = _rounded(prospects.case.remedy, prospects.worth, exact, most)
    base = None if bill.base is None else bill.base.amount
    return replace(credit, key=key, low=low, high=high, exact=exact, amount=amount, base=base)


class LinesAt(Sequence[Line]):
    """The lines of what `credit_at` found, by those of the credit of the case, told when they are asked for.

    Under most readings nobody does: what is owed is compared, and how it is derived is shown of few.
    """

    __slots__ = ("_made", "_of")

    def __init__(self, prospects: Prospects, credit: Credit, found: Credit, times: Fraction) -> None:
        self._of = prospects, credit, found, times
        self._made: tuple[Line, ...] | None = None

    def _told(self) -> tuple[Line, ...]:
        if self._made is None:
            self._made = _lines_at(*self._of)
        return self._made

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, place: int | slice) -> Line | tuple[Line, ...]:
        return self._told()[place]

    def __len__(self) -> int:
        return len(self._told())

    def __eq__(self, other: object) -> bool:
        return self._told() == (other._told() if isinstance(other, LinesAt) else other)

    def __hash__(self) -> int:
        return hash(self._told())

    def __repr__(self) -> str:
        return repr(self._told())


def _lines_at(prospects: Prospects, credit: Credit, found: Credit, times: Fraction) -> tuple[Line, ...]:
    remedy, currency, lines = prospects.case.remedy, prospects.worth.currency, credit.lines
    if lines and lines[-1].what.startswith(_ROUNDED):
        lines = lines[:-1]
    told: list[Line] = []
    for one in lines:
        if one.unit == currency:
            low = _at(one.low, credit, found, times)
            high = low if one.high is one.low else _at(one.high, credit, found, times)
            told.append(Line(one.what, low, high, currency, one.fact, one.subject))
        else:
            told.append(one)
    if found.amount is not None and found.exact is not None:
        amount = Fraction(found.amount)
        if amount != found.exact:
            told.append(_rounding(remedy, found.exact, found.amount, unit_of(prospects.worth)))
    return tuple(told)


def _at(amount: Fraction, credit: Credit, found: Credit, times: Fraction) -> Fraction:
    """So many times an amount, which may be one that was told already."""
    if amount is credit.exact and found.exact is not None:
        return found.exact
    if amount is credit.base and found.base is not None:
        return found.base
    return amount * times


def given_after(
    prospects: Prospects,
    given: GivenBefore,
    credit: Credit,
    is_contested: bool = False,
    times: Fraction = _ONE,
) -> dict[LimitPer, Given]:
    """What the remedy has given in each month, year and term now that the credit of a case is among it.

    `given` is what it had given before; the credit is of a bill so many times as much as that of the case.

    Each sum is taken to its ends by itself: where more was given before, less may be given now, and the other
    way round. `is_contested`: another remedy of the group may yet take the place of this credit.
    """
    digits = minor_digits(prospects.worth.currency)
    amount = Fraction(credit.amount or 0)
    is_sure = credit.low == credit.high and all(one.is_sure for one in given.values()) and not is_contested
    found: dict[LimitPer, Given] = {}
    for per, before in given.items():
        if is_sure:
            found[per] = before.surely(credit.key.subject, amount)
            continue
        most = prospects.most_of(per)
        low, high = _reach(prospects, given, per)
        if times.numerator != times.denominator:
            most, low, high = most and most * times, low * times, high * times
        if credit.high == 0:  # as a credit that gave way to another
            high = _ZERO
        elif credit.high is None and most is not None:
            high = max(high, most - before.high)
        if is_contested or credit.high == 0:
            low = _ZERO
        low, high = Fraction(rounded(low, digits, "down")), Fraction(rounded(high, digits, "up"))
        reach = before.high + high if most is None else min(before.high + high, max(most, before.high))
        found[per] = before.plus(credit.key.subject, amount, before.low + low, reach)
    return found


def _reach(prospects: Prospects, given: GivenBefore, per: LimitPer) -> tuple[Fraction, Fraction]:
    """What a credit gives after the least given before in its month, year or term, and after the most.

    The other sums are as unfavourable as they can be. Below a least amount nothing is given: then more before
    can mean less in all, and the credit is taken as small and as great as it can be.
    """
    least, most = given[per].less(), given[per].more()
    if prospects.case.remedy.least is not None:
        least, most = most, least
    low, _ = prospects.ends({**{other: one.more() for other, one in given.items()}, per: least})
    _, high = prospects.ends({**{other: one.less() for other, one in given.items()}, per: most})
    return low, high


def _state(case: Case, chosen: Told, told: Sequence[Told]) -> tuple[CreditState, str]:
    """The state of the credit, and why it is not simply owed."""
    verdict = case.verdict
    is_left_open = verdict.state == "undetermined" and case.remedy.when is None
    if not case.is_settled:
        return "running", "the period is not over"
    if is_left_open:
        return "undetermined", "; ".join(verdict.reasons) or "the verdict is undetermined"
    if all(each.is_owed is False for each in told):
        return "not owed", chosen.reason
    if not all(each.is_owed for each in told):
        if all(each.is_owed is None for each in told):
            return "undetermined", chosen.reason
        by_claims = len({each.is_owed for each in told if each.point.complaints == case.complaints}) == 1
        return "undetermined", _UNTOLD_CLAIM if by_claims else "it depends on what is not known"
    for each in told:
        if each.untold is not None:
            return "open" if each.untold.is_open else "undetermined", each.untold.reason
    if chosen.amount or case.remedy.amount is None:
        return "owed", ""
    if chosen.used_up is not None:
        return "not owed", f"the limit per {chosen.used_up} is used up"
    last = chosen.lines[-1].what if chosen.lines else ""
    return "not owed", "nothing is given for this value" if last in ("", "amount") else last


def _exact(case: Case, state: CreditState, chosen: Told) -> Fraction | None:
    """The amount at the chosen value, where it can be told and may be paid."""
    if case.remedy.amount is None or state in ("undetermined", "open"):
        return None
    if chosen.is_owed is None or chosen.untold is not None:
        return None
    return chosen.amount


def _rounded(remedy: RemedyRule, worth: Worth, exact: Fraction, ceiling: Fraction | None) -> Decimal:
    """Rounded once; where that would pass a limit which is no whole number of units itself, down."""
    digits = minor_digits(worth.currency)
    amount = rounded(exact, digits, remedy.rounding)
    if ceiling is not None and Fraction(amount) > ceiling:
        return rounded(exact, digits, "down")
    return amount


def _lines(
    case: Case, chosen: Told, possible: Sequence[Told], between: Line, amount: Decimal | None
) -> tuple[Line, ...]:
    """The derivation at the chosen value; where nothing is owed there but may be, at the most that may be."""
    lines: list[Line] = []
    level, bounds = case.verdict.level, case.bounds
    unit = "duration" if level is not None and level.unit == "duration" else "ratio"
    if bounds is not None and chosen.point.value is not None:
        lines.append(line("value", chosen.point.value, unit))
        if bounds.low != bounds.high:
            lines.append(Line("value between", bounds.low, bounds.high, unit))
    if level is not None:
        lines.append(line("level", level.value, unit))
    shown = chosen
    if not chosen.lines and possible:
        shown = max(possible, key=lambda each: each.amount)
    fact = case.bill.facts[0] if case.bill.facts else None
    steps = [each._replace(fact=fact) if each.what == "base" else each for each in shown.lines]
    is_chosen = shown is chosen or between.low == between.high
    lines += steps if is_chosen else [each._replace(what=f"at most: {each.what}") for each in steps]
    if between.low != between.high:
        lines.append(between)
    if amount is not None and Fraction(amount) != chosen.amount:
        lines.append(_rounding(case.remedy, chosen.amount, amount, between.unit))
    return tuple(lines)


def _rounding(remedy: RemedyRule, exact: Fraction, amount: Decimal, unit: str) -> Line:
    """The step of rounding; where it would have passed a limit it went down."""
    as_told = rounded(exact, minor_digits(unit if len(unit) == 3 else ""), remedy.rounding) == amount
    how = remedy.rounding if as_told else "down, within the limit"
    return line(f"{_ROUNDED}{how}", Fraction(amount), unit)


def _nothing(possible: Sequence[Told]) -> str:
    """Why nothing is given although it cannot be told whether it is owed."""
    used_up = next((each.used_up for each in possible if each.used_up is not None), None)
    return "nothing is given, whatever is true" + (f": the limit per {used_up} is used up" if used_up else "")


# -- groups ------------------------------------------------------------------------------------------------


def combined(remedies: Sequence[RemedyRule], found: Sequence[Credit]) -> tuple[Credit, ...]:
    """The credits of one period with each group combined; the n-th credit is of the n-th remedy.

    `sum` keeps them all. Of `max` the greatest that is owed stays, of `first` the first that gives anything:
    the others are "not owed" and say to which they give way. Only what has one unit and currency is compared.
    An undetermined credit takes nothing from another, because nothing is paid for it; behind an open one,
    which will be told, `first` waits.
    """
    groups: dict[str, list[int]] = {}
    for number, remedy in enumerate(remedies):
        if remedy.group and remedy.combine != "sum":
            groups.setdefault(remedy.group, []).append(number)
    result = list(found)
    for members in groups.values():
        choose = _first if remedies[members[0]].combine == "first" else _greatest
        for numbers in _comparable(members, found):
            chosen = choose([found[number] for number in numbers])
            for number, credit in zip(numbers, chosen, strict=True):
                result[number] = credit
    return tuple(result)


def contested(remedy: RemedyRule, rivals: Iterable[tuple[RemedyRule, Credit]]) -> bool:
    """Whether a credit may yet give way to another of its group, of which nobody knows what it comes to."""
    if not remedy.group or remedy.combine == "sum":
        return False
    others = [credit for rule, credit in rivals if rule.group == remedy.group and rule is not remedy]
    return any(credit.state not in ("owed", "not owed") and credit.high != 0 for credit in others)


def _comparable(members: Sequence[int], found: Sequence[Credit]) -> list[list[int]]:
    by_unit: dict[tuple[str, str], list[int]] = {}
    for number in members:
        if found[number].unit != "termination":
            by_unit.setdefault((found[number].unit, found[number].currency), []).append(number)
    return list(by_unit.values())


def _greatest(rivals: Sequence[Credit]) -> list[Credit]:
    owed = [credit for credit in rivals if credit.state == "owed"]
    best = max(owed, key=lambda credit: credit.exact or _ZERO, default=None)  # of equal ones the first
    return [
        credit
        if best is None or credit is best or credit.state != "owed"
        else _giving_way(credit, best, "more")
        for credit in rivals
    ]


def _first(rivals: Sequence[Credit]) -> list[Credit]:
    winner: Credit | None = None
    waits_for: Credit | None = None
    found: list[Credit] = []
    for credit in rivals:
        if credit.state == "owed" and winner is None and waits_for is None:
            winner = credit
            found.append(credit)
        elif credit.state == "owed" and winner is not None:
            found.append(_giving_way(credit, winner, "first"))
        elif credit.state == "owed" and waits_for is not None:
            reason = f"{waits_for.key.commitment} comes first, and is not known yet"
            reasons = (*credit.reasons, reason)
            found.append(replace(credit, state="open", exact=None, amount=None, reasons=reasons))
        else:
            waits_for = credit if credit.state == "open" and waits_for is None else waits_for
            found.append(credit)
    return found


def _giving_way(credit: Credit, winner: Credit, why: str) -> Credit:
    return replace(
        credit,
        state="not owed",
        low=_ZERO,
        high=_ZERO,
        exact=_ZERO,
        amount=rounded(_ZERO, minor_digits(credit.currency), "down"),
        reasons=(*credit.reasons, f"{winner.key.commitment} gives {why}"),
    )
