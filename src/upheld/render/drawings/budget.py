"""The error budget of a running period: what was used of it, and the fan of where that is going."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.forecasting.forecast import Budget, Forecast
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import HOUR, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.verdicts.measurement import Measurement
from upheld.render import figures, words
from upheld.render.drawings.axis import TimeAxis
from upheld.render.drawings.canvas import Anchor, Canvas
from upheld.render.drawings.drawing import Drawing, Grid, sentences
from upheld.render.drawings.frame import NARROW, Swatch, heading, legend, margin_of
from upheld.render.drawings.labels import Wish, fits, place
from upheld.render.drawings.style import FACES, tone_of
from upheld.render.forecast import budget_told, chance_told, unit_of
from upheld.render.naming import name_of, zone_of

DECILES: Final = tuple(Fraction(n, 10) for n in range(1, 10))
"""The shares of continuations that have an edge of the fan."""
ABOVE: Final = Fraction(8, 5)
"""The chart is so many times as high as the budget, or as what was used of it."""


def budget_fan(number: int, terms: Terms, forecast: Forecast, found: Measurement) -> Drawing:
    """The picture of a forecast of `upheld forecast`, for the measurement that it is about."""
    zone = zone_of(terms)
    title = f"{forecast.key.commitment} of {forecast.key.subject}: {forecast.state}"
    note = f"promised: {figures.promised(forecast.level)}; as of {words.local(forecast.at, zone)}"
    outcome, because = _outcome(forecast), _because(forecast, zone)
    rows = _rows(forecast, zone)
    description = sentences(
        name_of(terms), note, outcome, because, *(f"{name}: {told}" for name, told in rows),
        f"times are {zone.name}",
    )  # fmt: skip

    def paint(canvas: Canvas) -> None:
        top = heading(canvas, title, [name_of(terms), note], (outcome, tone_of(forecast.state)), because)
        if forecast.budget is not None:
            top = _paint_chart(canvas, top + 16, forecast, forecast.budget, found, zone)
            top = legend(canvas, top + 16, _SWATCHES)
        canvas.height = round(top + margin_of(canvas))

    table = Grid(("What", "How much"), tuple(rows))
    return Drawing("budget-fan", f"#{number} {title}", description, table, paint)


# -- in words ----------------------------------------------------------------------------------------------


def _outcome(forecast: Forecast) -> str:
    """How much of the budget is used, and the chance."""
    used = "" if forecast.budget is None else f"{budget_told(forecast.budget)} used"
    told = chance_told(forecast)
    chance = {
        "not told": "",
        "lost": "the level is lost",
        "safe": "the level cannot be lost",
    }.get(told, f"chance to lose the level {told}")
    return "; ".join(text for text in (used, chance) if text) or "no budget"


def _because(forecast: Forecast, zone: Zone) -> str:
    by = forecast.lost_by
    if by is not None:
        return f"half of the continuations that lose it have lost it by {words.until(by, zone)}"
    return forecast.reason


def _rows(forecast: Forecast, zone: Zone) -> list[tuple[str, str]]:
    """What is known of a forecast, each as name and text."""
    unit = unit_of(forecast)
    rows = [
        ("best end", figures.value(forecast.best, forecast.level, unit)),
        ("worst end", figures.value(forecast.worst, forecast.level, unit)),
    ]
    budget = forecast.budget
    if budget is not None:
        rows = [
            ("budget", _amount(budget.unit, budget.whole)),
            ("used", _amount(budget.unit, int(budget.used))),
            ("left", _amount(budget.unit, int(budget.left // 1))),
            *rows,
        ]
    if forecast.burn is not None:
        rows.append(("burn", f"{figures.cut(forecast.burn, 2)} ×"))
    rows.append(("chance", chance_told(forecast)))
    for share, at in crossings(forecast):
        rows.append((f"{figures.cut(share * 100, 0)} % have lost it by", words.until(at, zone)))
    return [*rows, *forecast.method]


def crossings(forecast: Forecast) -> list[tuple[Fraction, Instant]]:
    """For each tenth of all continuations that lose the level: the end of the hour by which they have."""
    if not forecast.resamples:
        return []
    hours = sorted(forecast.lost_in)
    found = []
    for share in DECILES:
        needed = -(-share.numerator * forecast.resamples // share.denominator)
        if needed <= len(hours):
            at = min(forecast.at + (hours[needed - 1] + 1) * HOUR, forecast.period.end_at)
            found.append((share, at))
    return found


_SWATCHES: Final = (
    Swatch("band", "within the budget"),
    Swatch("course", "used so far", "line"),
    Swatch("pace", "at this pace", "line"),
    Swatch("fan", "what can come: darker is likelier", "layers"),
    Swatch("due", "by then so many have lost it", "upright"),
)


# -- how it is drawn ---------------------------------------------------------------------------------------


class _Chart(NamedTuple):
    """The field of the chart: time to the right, what is used upwards from `base`, up to `most`."""

    axis: TimeAxis
    base: float
    height: float
    most: Fraction

    def y(self, amount: Fraction | int) -> float:
        """How high an amount is; what is more than fits is at the top."""
        return self.base - float(min(Fraction(amount), self.most) / self.most) * self.height

    def point(self, at: Instant, amount: Fraction | int) -> tuple[float, float]:
        """Where an amount at an instant is."""
        return self.axis.x(at), self.y(amount)


def _paint_chart(
    canvas: Canvas, top: float, forecast: Forecast, budget: Budget, found: Measurement, zone: Zone
) -> float:
    margin, period = margin_of(canvas), forecast.period
    axis = TimeAxis(zone, period.start_at, period.end_at, margin, canvas.width - margin)
    height = 150 if canvas.width < NARROW else 200
    most = max(Fraction(budget.whole), budget.used, Fraction(1)) * ABOVE
    chart = _Chart(axis, top + height, height, most)
    line = chart.y(budget.whole)
    canvas.rect(axis.left, line, axis.right - axis.left, chart.base - line, "band")
    if forecast.at < period.end_at and forecast.chance != 1:
        _paint_fan(canvas, chart, forecast, budget)
    end = axis.paint(canvas, chart.base, chart.base)
    canvas.line(axis.left, line, axis.right, line, "level")
    _paint_course(canvas, chart, forecast, budget, found)
    _paint_labels(canvas, chart, forecast, budget)
    return end


def _paint_fan(canvas: Canvas, chart: _Chart, forecast: Forecast, budget: Budget) -> None:
    """Wedges that begin at what is used now, from nothing more to where a tenth crosses the budget."""
    right, top = chart.axis.right, chart.base - chart.height
    x, y = chart.point(forecast.at, budget.used)
    line = chart.y(budget.whole)
    flat = [(x, y), (right, y)]
    if forecast.chance != 0:
        # Below the last edge lies whatever the rest of the continuations come to: the budget at most.
        canvas.path([*flat, (right, line)], "fan", is_closed=True)
    for _, at in crossings(forecast):
        slope = (y - line) / max(chart.axis.x(at) - x, 0.5)
        reach = x + (y - top) / slope if slope > 0 else right
        edge = [(right, top), (reach, top)] if reach < right else [(right, y - slope * (right - x))]
        canvas.path([*flat, *edge], "fan", is_closed=True)


def _paint_course(
    canvas: Canvas, chart: _Chart, forecast: Forecast, budget: Budget, found: Measurement
) -> None:
    """What was used so far, outage by outage where those make it up; then on at the same pace."""
    period = forecast.period
    at = min(forecast.at, period.end_at)
    now = chart.point(at, budget.used)
    if budget.unit == "us" and found.outages.measure(period.start_at, at) == budget.used:
        canvas.path([*_steps(chart, period.start_at, found.outages.clip(period.start_at, at)), now], "course")
    else:
        canvas.line(now[0], chart.base, *now, "course")
    if forecast.burn is not None and at < period.end_at:
        end = budget.used * period.length_us / max(at - period.start_at, 1)
        stop = period.end_at
        if end > chart.most:  # it leaves the chart before the end
            share = (chart.most - budget.used) / (end - budget.used)
            stop, end = at + int(share * (period.end_at - at)), chart.most
        canvas.line(*now, *chart.point(stop, end), "pace")
    canvas.circle(*now, 4, "ring")


def _steps(chart: _Chart, start_at: Instant, outages: Spans) -> list[tuple[float, float]]:
    """The course through outages, without the points that the eye could not tell from the one before."""
    kept = [chart.point(start_at, 0)]
    used = 0
    for begins_at, ends_at in outages:
        for at, amount in ((begins_at, used), (ends_at, used + ends_at - begins_at)):
            one = chart.point(at, amount)
            if abs(one[0] - kept[-1][0]) + abs(one[1] - kept[-1][1]) >= 0.5:
                kept.append(one)
        used += ends_at - begins_at
    return kept


def _paint_labels(canvas: Canvas, chart: _Chart, forecast: Forecast, budget: Budget) -> None:
    """The budget and the tenths that cross it above its line; what is used beside its point."""
    axis, line = chart.axis, chart.y(budget.whole)
    wishes = [Wish(axis.left, (f"budget {_amount(budget.unit, budget.whole)}",), 20)]
    for n, (share, at) in enumerate(crossings(forecast)):
        wishes.append(Wish(axis.x(at), (f"{figures.cut(share * 100, 0)} %",), 10 - n, "tick"))
        canvas.line(axis.x(at), line - 4, axis.x(at), line + 4, "due")
    for label in place(wishes, 1, axis.left, axis.right):
        label.write(canvas, line - 8)
    told = f"{_amount(budget.unit, int(budget.used))} used"
    x, y = chart.point(min(forecast.at, forecast.period.end_at), budget.used)
    places: tuple[tuple[float, float, Anchor], ...] = (
        (9, 16, "start"), (-9, -9, "end"), (9, -9, "start"), (-9, 16, "end")
    )  # fmt: skip
    above, below = FACES["strong"].above, FACES["strong"].below
    for dx, dy, anchor in places:
        baseline = y + dy
        is_free = baseline - above > line + 2 or baseline + below < line - 2 or line > chart.base
        if (
            is_free
            and baseline + below < chart.base
            and fits(canvas, x + dx, baseline, told, "strong", anchor)
        ):
            canvas.text(x + dx, baseline, told, "strong", anchor)
            return


def _amount(unit: str, number: int) -> str:
    return figures.minutes(number) if unit == "us" else f"{number:,}"
