"""What is owed, exactly, for one value that was measured: the four forms of amount.

Each has a versioned id (`credit.bands/1`, …), because it pays money. Nothing here rounds or limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from upheld.core.owing.bill import UntoldError, Worth
from upheld.core.terms.indicator import Level
from upheld.core.terms.remedy import AmountRule, Band, Bands, Days, Formula, Give, Multiple, Share, Steps
from upheld.core.timeline.instant import Instant, format_duration
from upheld.core.timeline.period import Period
from upheld.core.timeline.pieces import Piece, pieces_of
from upheld.core.timeline.zone import Zone
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Expr, Literal, Value, evaluate, names_in, parts
from upheld.core.values.frozen import dataclass
from upheld.core.values.value import Money
from upheld.core.verdicts.credit import Line

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured in a period, as far as an amount needs it, for one value that it may have.

    `value` and `level` are ratios, or microseconds; None: nothing was counted, or no level is promised.
    `outages` may touch: they are told apart. `late` and `counted` are items, None where time is measured.
    """

    period: Period
    value: Fraction | None
    level: Level | None
    downtime_us: Fraction = _ZERO
    outages: tuple[tuple[Instant, Instant], ...] = ()
    late: Fraction | None = None
    counted: Fraction | None = None
    complaints: int = 0

    @property
    def shortfall(self) -> Fraction | None:
        """By how much the value misses the level; negative if it does not."""
        if self.value is None or self.level is None:
            return None
        missing = self.level.value - self.value
        return missing if self.level.relation in (">=", ">") else -missing

    @property
    def is_kept(self) -> bool | None:
        """Whether the value reaches the level."""
        shortfall = self.shortfall
        if shortfall is None or self.level is None:
            return None
        return shortfall < 0 or (shortfall == 0 and self.level.relation in (">=", "<="))


@dataclass(frozen=True, slots=True)
class Names:
    """The names that formulas and conditions of remedies know, at one point.

    `breaches` counts the periods not kept in a row up to this one; None: that is not known.
    """

    point: Point
    base: Money | None
    fees: Mapping[str, Money]
    breaches: int | None = None

    def value(self, name: str) -> Value:
        """The value of a name; None while it is not known."""
        point = self.point
        if name.startswith("fee."):
            return self.fees.get(name.removeprefix("fee."))
        values: dict[str, Value] = {
            "value": point.value,
            "level": None if point.level is None else point.level.value,
            "shortfall": point.shortfall,
            "downtime": point.downtime_us,
            "period": point.period.length_us,
            "base": self.base,
            "late": point.late,
            "counted": point.counted,
            "complaints": Fraction(point.complaints),
            "breaches": None if self.breaches is None else Fraction(self.breaches),
        }
        return values.get(name)

    def shift(self, at: int, amount: Amount, calendar: str | None, sign: int) -> int | None:
        """No name here is an instant."""
        return None


class Gross(NamedTuple):
    """An exact amount before limits, and the lines that led to it.

    `pieces` say how much of it is for which piece of which outage, where the form itself tells; a limit per
    day divides any other amount by the length of the pieces.
    """

    amount: Fraction
    lines: tuple[Line, ...]
    pieces: tuple[tuple[Piece, Fraction], ...] = ()


def gross(form: AmountRule, names: Names, worth: Worth, zone: Zone | None) -> Gross:
    """What a form of amount gives at one point, never less than nothing. UntoldError if it cannot be told."""
    match form:
        case Bands():
            return _by_band(form, names.point, worth)
        case Steps():
            return _by_step(form, names.point, worth, zone)
        case Formula():
            return _by_formula(form, names, worth)
        case Multiple():
            return _by_multiple(form, names.point, worth)


def steps_of(form: Steps, extent: Fraction) -> int:
    """How many steps something is long: complete ones, or also the one begun, beyond what is free."""
    counted = extent - form.free
    if counted <= 0:
        return 0
    return ceil(counted / form.every) if form.begun else floor(counted / form.every)


def unit_of(worth: Worth) -> str:
    """The unit of a line that tells an amount: a currency, or days."""
    return worth.currency if worth.unit == "money" else "days"


def line(what: str, amount: Fraction | int, unit: str) -> Line:
    """A step of a derivation with one value."""
    exact = amount if isinstance(amount, Fraction) else Fraction(amount)
    return Line(what, exact, exact, unit)


# -- the forms ---------------------------------------------------------------------------------------------


def _by_band(form: Bands, point: Point, worth: Worth) -> Gross:
    if point.value is None:
        raise UntoldError("there is no value to look up")
    for band in form.bands:
        if band.holds(point.value):
            of_time = point.level is not None and point.level.unit == "duration"
            lines = [line(f"band {band_text(band, of_time=of_time)}", *_given(band.give))]
            return _total(worth.amount(band.give), band.give, lines, worth)
    return Gross(_ZERO, (line("in no band", 0, unit_of(worth)),))


def _by_step(form: Steps, point: Point, worth: Worth, zone: Zone | None) -> Gross:
    pieces: list[tuple[Piece, Fraction]] = []
    if form.of == "each outage":
        extents = [Fraction(end_at - start_at) for start_at, end_at in point.outages]
        steps = [steps_of(form, extent) for extent in extents]
        cut = pieces_of(point.outages, zone)
        shares = [(piece, steps[piece.outage] * piece.length_us / extents[piece.outage]) for piece in cut]
    elif form.of == "each day":
        cut = pieces_of(point.outages, zone)
        of_day: dict[date, Fraction] = {}
        for piece in cut:
            of_day[piece.on] = of_day.get(piece.on, _ZERO) + piece.length_us
        by_day = {on: steps_of(form, extent) for on, extent in of_day.items()}
        extents, steps = list(of_day.values()), list(by_day.values())
        shares = [(piece, by_day[piece.on] * piece.length_us / of_day[piece.on]) for piece in cut]
    else:
        extents, shares = [_extent(form, point)], []
        steps = [steps_of(form, extents[0])]
    unit = {"shortfall": "ratio", "late items": ""}.get(form.of, "duration")
    if form.of == "shortfall" and point.level is not None and point.level.unit == "duration":
        unit = "duration"
    lines = [
        line(form.of, sum(extents, _ZERO), unit),
        line("steps begun" if form.begun else "complete steps", sum(steps), ""),
        line("for each step", *_given(form.give)),
    ]
    each = worth.amount(form.give) if sum(steps) else _ZERO
    pieces = [(piece, share * each) for piece, share in shares]
    total = _total(sum(steps) * each, form.give, lines, worth)
    return total._replace(pieces=tuple(pieces))


def _extent(form: Steps, point: Point) -> Fraction:
    if form.of == "downtime":
        return point.downtime_us
    extent = point.late if form.of == "late items" else point.shortfall
    if extent is None:
        raise UntoldError(f"there is no {form.of} to count steps of")
    return extent


def _by_formula(form: Formula, names: Names, worth: Worth) -> Gross:
    value = evaluate(form.expr, names)
    if value is None and names.base is None and "base" in names_in(form.expr):
        raise UntoldError(worth.reason or "the remedy names no base", is_open=True)
    if isinstance(value, Money):
        amount, give = worth.money(value), None
    elif isinstance(value, int | Fraction):
        give = Share(Fraction(value)) if form.kind == "ratio" else Days(Fraction(value))
        amount = worth.amount(give)
    else:
        raise UntoldError(f"the formula {form.expr} has no value here")
    lines = [] if give is None else [line("formula", *_given(give))]
    return _total(max(amount, _ZERO), give, lines, worth)


def _by_multiple(form: Multiple, point: Point, worth: Worth) -> Gross:
    share = point.downtime_us / point.period.length_us
    lines = [
        line("downtime", point.downtime_us, "duration"),
        line("of the period", share, "ratio"),
        line("times", form.times, ""),
    ]
    give = Share(form.times * share)
    return _total(worth.amount(give), give, lines, worth)


def _total(amount: Fraction, give: Give | None, lines: Iterable[Line], worth: Worth) -> Gross:
    told = list(lines)
    if isinstance(give, Share) and amount:
        told.append(line("base", worth.whole(), unit_of(worth)))
    return Gross(amount, (*told, line("amount", amount, unit_of(worth))))


def _given(give: Give) -> tuple[Fraction, str]:
    match give:
        case Share(ratio):
            return ratio, "ratio"
        case Days(count):
            return count, "days"
        case Money(amount, currency):
            return amount, currency


# -- the texts ---------------------------------------------------------------------------------------------


def band_text(band: Band, *, of_time: bool = False) -> str:
    """A band as the agreement writes it, with its edges: `[98 %, 99 %)`, `< 98 %`."""
    low = "" if band.low is None else _edge(band.low, of_time=of_time)
    high = "" if band.high is None else _edge(band.high, of_time=of_time)
    if low and high:
        return f"{'[' if band.has_low else '('}{low}, {high}{']' if band.has_high else ')'}"
    if low:
        return f"{'>=' if band.has_low else '>'} {low}"
    return f"{'<=' if band.has_high else '<'} {high}" if high else "of any value"


def _edge(edge: Fraction, *, of_time: bool) -> str:
    return format_duration(int(edge)) if of_time else f"{percent_text(edge)} %"


def percent_text(ratio: Fraction) -> str:
    """A ratio in percent, exact where it ends, else as a fraction."""
    for places in range(13):
        scaled, rest = divmod(abs(ratio.numerator) * 10 ** (places + 2), ratio.denominator)
        if not rest:
            digits = f"{scaled:0{places + 1}d}"
            sign = "-" if ratio < 0 else ""
            return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
    return str(ratio * 100)


def number_text(number: Fraction) -> str:
    """An exact number as a decimal where it ends, else as a fraction."""
    return percent_text(number / 100)


def mentioned(give: Iterable[Give | None], expressions: Iterable[Expr]) -> Iterable[Give]:
    """Everything given that is written out, for the currency of a remedy that has no base."""
    yield from (each for each in give if each is not None)
    waiting = list(expressions)
    while waiting:
        expr = waiting.pop()
        if isinstance(expr, Literal) and isinstance(expr.value, Money):
            yield expr.value
        waiting.extend(parts(expr))
