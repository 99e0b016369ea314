"""How long calendars are open: a day, a night, a period, in an ordinary fortnight or in a certain year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from upheld.core.terms.agreement import ALWAYS
from upheld.core.terms.indicator import Indicator
from upheld.core.timeline.calendar import Calendar, compile_calendar
from upheld.core.timeline.instant import DAY, Duration, Instant, format_duration
from upheld.core.timeline.opening import Always, WeeklyRule, open_spans, weekday_spans
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.timeline.spans import Spans
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Value
from upheld.language.calendars import Calendars
from upheld.language.whole import PlanText, Whole

_FORTNIGHT = 14 * DAY


def calendars_of(plan: PlanText) -> Calendars:
    """The calendars of a plan, with what the agreement says of each."""
    found = plan.terms.calendars
    assert isinstance(found, Calendars), "terms that were compiled from a text have them"
    return found


def sample_year(whole: Whole) -> int:
    """A year to reckon with: that of the version if it is among the years known, else the middle one."""
    first, last = whole.years
    text = whole.plans[0].terms.version[:4]
    year = int(text) if text.isdecimal() else 0
    return year if first <= year < max(last, first + 1) else (first + last) // 2


def day_lengths(plan: PlanText, name: str) -> tuple[Duration, ...]:
    """How long a calendar is open on the days on which it opens, holidays apart: each length once, in order.

    A window over midnight is of the day on which it begins; combined calendars are cut at midnight.
    """
    rule = calendars_of(plan).rule(name, bare=True)
    if isinstance(rule, Always):
        return (DAY,)
    if isinstance(rule, WeeklyRule):
        lengths = [weekday_spans(rule, weekday).length for weekday in range(7)]
    else:
        start_at, open_ = _fortnight(plan, name)
        lengths = [open_.clip(at, at + DAY).length for at in range(start_at, start_at + _FORTNIGHT, DAY)]
    return tuple(sorted({length for length in lengths if length}))


def fortnight(plan: PlanText, name: str) -> Spans:
    """When a calendar is open in an ordinary fortnight, holidays apart."""
    return _fortnight(plan, name)[1]


def is_always_open(plan: PlanText, name: str) -> bool:
    """Whether a calendar never closes in an ordinary fortnight."""
    return _fortnight(plan, name)[1].length == _FORTNIGHT


def longest_closure(plan: PlanText, name: str) -> Duration:
    """The longest time between closing and opening in an ordinary fortnight; nothing if it never closes."""
    open_ = _fortnight(plan, name)[1]
    return max((b - a for a, b in zip(open_.ends, open_.starts[1:], strict=False)), default=0)


def _fortnight(plan: PlanText, name: str) -> tuple[Instant, Spans]:
    """From the first of June, when hardly any clock changes."""
    rule = calendars_of(plan).rule(name, bare=True)
    start_at = rule.zone.day_start(date(rule.zone.start_year, 6, 1))
    return start_at, open_spans(rule, start_at, start_at + _FORTNIGHT)


# -- periods -----------------------------------------------------------------------------------------------


def periods_of(rule: PeriodRule, year: int) -> list[Period]:
    """The periods that begin in a year; none of a rolling rule."""
    if rule.kind == "rolling":
        return []
    start_at, end_at = (rule.zone.day_start(date(on, 1, 1)) for on in (year, year + 1))
    return [one for one in rule.periods_between(start_at, end_at) if start_at <= one.start_at < end_at]


def measured_us(plan: PlanText, indicator: Indicator, period: Period) -> Duration:
    """How much of a period an indicator measures."""
    return open_us(plan, indicator.on, period)


def open_us(plan: PlanText, name: str, period: Period) -> Duration:
    """How long a calendar is open in a period."""
    if name == ALWAYS:
        return period.length_us
    return open_spans(calendars_of(plan).rule(name), period.start_at, period.end_at).length


def long(duration_us: Duration) -> str:
    """A length in a sentence: whole days as such, anything else in hours."""
    if duration_us and duration_us % DAY == 0 and duration_us >= 2 * DAY:
        return f"{duration_us // DAY} days"
    return format_duration(duration_us)


# -- instants ----------------------------------------------------------------------------------------------


class Moments:
    """A scope in which texts of the agreement compute instants, within two years."""

    def __init__(self, plan: PlanText, year: int) -> None:
        self._plan = plan
        self.year = year
        self._values: Mapping[str, Value] = {}
        self._compiled: dict[str, Calendar] = {}

    def where(self, values: Mapping[str, Value]) -> Moments:
        """The scope in which these names have values; it shares the calendars that were compiled."""
        scope = Moments(self._plan, self.year)
        scope._values, scope._compiled = values, self._compiled
        return scope

    def value(self, name: str) -> Value:
        """The instant, or what else is known under a name."""
        return self._values.get(name)

    def shift(self, at: int, amount: Amount, calendar: str | None, sign: int) -> int | None:
        """The instant an amount away. BeyondHorizon outside the two years."""
        on = self.calendar(calendar or ALWAYS)
        return on.deadline(at, amount) if sign > 0 else on.before(at, amount)

    def calendar(self, name: str) -> Calendar:
        """A calendar for the two years."""
        if name not in self._compiled:
            calendars = calendars_of(self._plan)
            text, rule = calendars.text(name), calendars.rule(name)
            last = min(self.year + 1, rule.zone.end_year)
            self._compiled[name] = compile_calendar(
                name, rule, self.year, last, business_day=text.business_day, closing=text.closing
            )
        return self._compiled[name]
