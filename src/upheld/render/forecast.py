"""Forecasts as text and as records: budgets, possible ends, chances, and by which method they were drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol

from upheld.core.forecasting.forecast import Budget, Forecast
from upheld.core.forecasting.late import Lateness
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Level
from upheld.core.timeline.instant import Duration, Instant, format_instant
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Wake
from upheld.render import figures, words
from upheld.render.figure_records import exact, level_record, period_record
from upheld.render.naming import zone_of
from upheld.render.record_values import Record, instant, seconds

_FINEST = Fraction(1, 1000)
CHANCE_DECIMALS = 3


class NumberedForecast(NamedTuple):
    """A forecast with the number of its verdict, and the terms it is under."""

    number: int
    terms: Terms
    forecast: Forecast


class NumberedLateness(NamedTuple):
    """The chance of an open cycle with the number of its verdict, and the terms it is under."""

    number: int
    terms: Terms
    lateness: Lateness


class Ahead(NamedTuple):
    """What lies ahead: something due (with a wake), or a level that may be lost around an instant.

    `chance` is that of being late, or of losing the level by `until_at`; None where it cannot be told.
    `used` is the share that is used of the time until then, of the allowance or of the error budget.
    """

    at: Instant
    key: CellKey
    terms: Terms
    remaining_us: Duration
    wake: Wake | None = None
    chance: Fraction | None = None
    until_at: Instant | None = None
    used: Fraction | None = None


def chance(share: Fraction | None) -> str:
    """A chance in percent. What a thousand continuations cannot tell is `< 0.1 %` or `> 99.9 %`."""
    if share is None:
        return "not told"
    if share < _FINEST:
        return "< 0.1 %"
    return "> 99.9 %" if share > 1 - _FINEST else f"{figures.cut(share * 100, 1)} %"


def chance_told(forecast: Forecast) -> str:
    """The chance of a forecast, with that of other fates of what is unknown."""
    share = forecast.chance
    if share is None:
        return "not told"
    if not forecast.resamples:
        return "lost" if share else "safe"
    text = chance(share)
    if share in (0, 1):  # none or all of so many continuations: not the same as certain
        bound = Fraction(1, forecast.resamples)
        text = f"{'<' if not share else '>'} {figures.cut((bound if not share else 1 - bound) * 100, 1)} %"
    if forecast.least is not None and forecast.most is not None and forecast.least < forecast.most:
        text += f" ({figures.cut(forecast.least * 100, 1)} to {figures.cut(forecast.most * 100, 1)})"
    return text


def forecast_lines(
    at: Instant, measured: Sequence[NumberedForecast], deadlines: Sequence[NumberedLateness]
) -> list[str]:
    """The page of `upheld forecast`: what is most likely lost first."""
    running = words.count(len(measured), "measured commitment")
    open_ones = words.count(len(deadlines), "open deadline")
    lines = [f"As of {format_instant(at)}: {running} running, {open_ones} with a budget"]
    if measured:
        lines += ["", "Chance that the level is lost by the end of the period, the likeliest first"]
        lines += words.table([_HEAD, *map(_row, in_order(measured))], frozenset({0, 4, 5, 6}))
        lines += [f"  {note}" for note in _notes(measured)]
    if deadlines:
        lines += ["", "Chance that an open deadline is missed, the likeliest first"]
        order = sorted(deadlines, key=lambda one: (-one.lateness.chance, one.number))
        lines += words.table([_LATE_HEAD, *map(_late_row, order)], frozenset({0, 4, 5}))
    lines += method_lines(measured)
    return lines


_HEAD = ("", "", "", "", "chance", "budget used", "burn", "best end", "worst end", "promised", "if lost, by")
_LATE_HEAD = ("", "", "", "", "chance", "time used", "of the past cycles that took longer")


def in_order(measured: Iterable[NumberedForecast]) -> list[NumberedForecast]:
    """The likeliest to be lost first; what cannot be told comes last."""
    return sorted(
        measured, key=lambda one: (one.forecast.chance is None, -(one.forecast.chance or 0), one.number)
    )


def _row(one: NumberedForecast) -> list[str]:
    number, terms, found = one
    unit = unit_of(found)
    by = found.lost_by
    return [
        f"#{number}",
        found.key.contract,
        found.key.commitment,
        found.key.subject,
        chance_told(found),
        "" if found.budget is None else budget_told(found.budget),
        "" if found.burn is None else f"{figures.cut(found.burn, 2)} ×",
        figures.value(found.best, found.level, unit),
        figures.value(found.worst, found.level, unit),
        figures.promised(found.level),
        found.reason if by is None else words.until(by, zone_of(terms)),
    ]


def unit_of(found: Forecast) -> figures.ValueUnit:
    """Whether values are ratios or durations."""
    return "duration" if found.level is not None and found.level.unit == "duration" else "ratio"


def budget_told(budget: Budget) -> str:
    """So much of the budget: `44.2 % of 214 min 51 s`."""
    whole = figures.minutes(budget.whole) if budget.unit == "us" else f"{budget.whole:,}"
    share = budget.share
    if share is None:
        return f"{figures.cut(budget.used, 1)} of none" if budget.unit == "count" else "of none"
    return f"{figures.cut(share * 100, 1)} % of {whole}"


def _late_row(one: NumberedLateness) -> list[str]:
    found = one.lateness
    subject = found.key.subject + (f" ({found.cycle})" if found.cycle > 1 else "")
    told = f"{found.late} of {found.alike} late" if found.alike else "there are none"
    return [
        f"#{one.number}",
        found.key.contract,
        found.key.commitment,
        subject,
        chance(found.chance),
        f"{figures.cut(found.used * 100, 1)} %",
        told,
    ]


def _notes(measured: Sequence[NumberedForecast]) -> list[str]:
    """What a reader must know who sees a chance in brackets."""
    unknown = any(
        one.forecast.least is not None and one.forecast.least != one.forecast.most for one in measured
    )
    return ["in brackets: if what is unknown was good, and if it was bad"] * unknown


def method_lines(measured: Sequence[NumberedForecast]) -> list[str]:
    """By which methods the chances were drawn: each once, with the numbers it is for."""
    methods: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for one in measured:
        if one.forecast.method:
            methods.setdefault(one.forecast.method, []).append(one.number)
    lines = []
    for method, numbers in methods.items():
        told = dict(method)
        lines += [
            f"  {', '.join(f'#{number}' for number in numbers)}",
            f"    {told['drawn']}; known: {told['past']}",
            f"    weights: {told['weights']}",
            f"    added: {told['added']}",
            f"    {told['continuations']} continuations, seed {told['seed']}, {told['id']}",
        ]
    return ["", "How the chances were drawn", *lines] if lines else []


# -- what lies ahead ---------------------------------------------------------------------------------------


def ahead_rows(ahead: Iterable[Ahead]) -> list[str]:
    """What falls due and what may be lost in one order, the next one first."""
    return words.table([ahead_cells(one) for one in ahead], right=frozenset({1}))


def ahead_cells(one: Ahead) -> list[str]:
    """When, how long until then, contract, commitment, subject, and what it is if it is no limit."""
    zone = zone_of(one.terms)
    when = f"{words.until(one.at, zone)} {zone.abbreviation_at(one.at)}"
    return [when, f"in {words.ahead(one.remaining_us)}", *one.key, _what(one)]


def _what(one: Ahead) -> str:
    if one.wake is None:
        assert one.until_at is not None
        return f"at risk: {chance(one.chance)} lost by {words.until(one.until_at, zone_of(one.terms))}"
    what = "" if one.wake.what == "limit" else one.wake.what
    if one.chance is None:
        return what
    told = f"{chance(one.chance)} {'late' if one.wake.what == 'limit' else 'lost'}"
    return f"{what}: {told}" if what else told


class OwedDuty(Protocol):
    """Something owed for which no instant is promised."""

    @property
    def number(self) -> int:
        """The number of its verdict."""
        ...

    @property
    def terms(self) -> Terms:
        """The terms it is under."""
        ...

    @property
    def key(self) -> CellKey:
        """What is owed, and of what."""
        ...

    @property
    def since_at(self) -> Instant:
        """Since when."""
        ...

    @property
    def why(self) -> str:
        """What made it due."""
        ...


def owed_rows(owed: Iterable[OwedDuty]) -> list[str]:
    """What is owed without an instant by which, since when."""
    rows = []
    for one in owed:
        zone = zone_of(one.terms)
        since = f"since {words.local(one.since_at, zone)} {zone.abbreviation_at(one.since_at)}"
        rows.append([f"#{one.number}", since, *one.key, one.why])
    return words.table(rows, indent="  ")


def owed_record(one: OwedDuty) -> Record:
    """One of these as a record."""
    return {
        "number": one.number,
        "contract": one.key.contract,
        "commitment": one.key.commitment,
        "subject": one.key.subject,
        "since_at": instant(one.since_at),
        "why": one.why or None,
    }


def ahead_record(one: Ahead) -> Record:
    """One thing that lies ahead."""
    wake = one.wake
    return {
        "at": instant(one.at if wake is None else wake.at),
        "due_at": instant(one.at),
        "what": "risk" if wake is None else wake.what,
        "contract": one.key.contract,
        "commitment": one.key.commitment,
        "subject": one.key.subject,
        "remaining_s": seconds(one.remaining_us),
        "chance": chance_number(one.chance),
        "until_at": instant(one.until_at),
    }


# -- records -----------------------------------------------------------------------------------------------


def chance_number(share: Fraction | None) -> float | None:
    """A chance as a number with three decimals: the only numbers that are not exact."""
    return None if share is None else float(round(share, CHANCE_DECIMALS))


def forecast_record(one: NumberedForecast) -> Record:
    """One forecast."""
    number, _, found = one
    unit = unit_of(found)
    return {
        "number": number,
        "contract": found.key.contract,
        "commitment": found.key.commitment,
        "subject": found.key.subject,
        "state": found.state,
        "period": period_record(found.period),
        "level": level_record(found.level),
        "to_date": exact(found.now.value, found.level, unit),
        "best": exact(found.best, found.level, unit),
        "worst": exact(found.worst, found.level, unit),
        "elapsed": exact(found.elapsed),
        "budget": _budget_record(found.budget, found.level),
        "burn": exact(found.burn),
        "chance": chance_number(found.chance),
        "chance_at_least": chance_number(found.least),
        "chance_at_most": chance_number(found.most),
        "reason": found.reason or None,
        "lost_by": instant(found.lost_by),
        "past_days": found.past_days,
        "method": dict(found.method),
    }


def _budget_record(budget: Budget | None, level: Level | None) -> Record | None:
    if budget is None:
        return None
    is_time = budget.unit == "us"
    unit: figures.ValueUnit = "duration" if is_time else "ratio"
    return {
        "unit": "seconds" if is_time else "count",
        "whole": seconds(budget.whole) if is_time else budget.whole,
        "used": exact(budget.used, None, unit),
        "left": exact(budget.left, None, unit),
    }


def lateness_record(one: NumberedLateness) -> Record:
    """The chance of one open cycle."""
    found = one.lateness
    return {
        "number": one.number,
        "contract": found.key.contract,
        "commitment": found.key.commitment,
        "subject": found.key.subject,
        "cycle": found.cycle,
        "used": exact(found.used),
        "chance": chance_number(found.chance),
        "past": found.past,
        "alike": found.alike,
        "late": found.late,
    }
