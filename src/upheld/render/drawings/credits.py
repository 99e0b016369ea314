"""Credits by month: what was owed, what limits took off, and what is not certain."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.drawing import Drawing, Grid
from upheld.render.drawings.frame import NARROW, Swatch, heading, legend, margin_of
from upheld.render.drawings.metrics import shortened, width_of, wrapped
from upheld.render.drawings.style import FACES

_BAR: Final = 16.0
_UNTOLD: Final = "not known"
_SWATCHES: Final = (
    Swatch("accent", "owed"),
    Swatch("unknown", "not certain"),
    Swatch("excluded", "over the limit"),
    Swatch("course-good", "paid", "line"),
)


class MonthCredit(NamedTuple):
    """The credits of one period in one currency, in exact amounts.

    `amount` is what is owed as stated, `low` and `high` what it is at least and at most (`high` None: nobody
    can tell), `cut` what limits took off, `told` the amount as it stands on the statement.
    """

    label: str
    told: str
    amount: Fraction
    low: Fraction
    high: Fraction | None
    cut: Fraction = Fraction(0)
    paid: Fraction = Fraction(0)
    state: str = "owed"


def credits_by_month(title: str, unit: str, months: Sequence[MonthCredit]) -> Drawing:
    """A bar a month, in one unit (EUR, or days of service)."""
    return Drawing(
        name="credits-by-month",
        title=title,
        description=_described(unit, months),
        table=_table(unit, months),
        paint=lambda canvas: _paint(canvas, title, unit, months),
    )


def _plain(amount: Fraction) -> str:
    """An exact amount for a table: 12.5, or 1/3."""
    text = f"{float(amount):.6f}".rstrip("0").rstrip(".")
    return text if Fraction(text) == amount else str(amount)


def _described(unit: str, months: Sequence[MonthCredit]) -> str:
    if not months:
        return "No credits."
    told = [f"{one.label}: {_told(one)}{_doubt(one, unit)}" for one in months]
    return f"Credits in {unit}. " + "; ".join(told) + "."


def _told(one: MonthCredit) -> str:
    return f"{one.told} owed" if one.state == "owed" else _said(one)


def _doubt(one: MonthCredit, unit: str) -> str:
    if one.high is None:
        return f", at least {_plain(one.low)} {unit}, and what at most cannot be told"
    if one.low != one.high:
        return f", between {_plain(one.low)} and {_plain(one.high)} {unit}"
    return ""


def _table(unit: str, months: Sequence[MonthCredit]) -> Grid:
    rows = [
        (
            one.label,
            one.told,
            one.state,
            _plain(one.low),
            "not known" if one.high is None else _plain(one.high),
            _plain(one.cut),
            _plain(one.paid),
        )
        for one in months
    ]
    headers = ("period", "credit", "state", f"at least ({unit})", "at most", "over the limit", "paid")
    return Grid(headers, tuple(rows))


def _paint(canvas: Canvas, title: str, unit: str, months: Sequence[MonthCredit]) -> None:
    margin, face = margin_of(canvas), FACES["text"]
    top = heading(canvas, title, [f"in {unit}"]) + 12
    if not months:
        canvas.text(margin, top + face.above, "no credits")
        canvas.height = round(top + face.above + face.below + margin)
        return
    names = max(width_of(shortened(one.label), face) for one in months) + 14
    amounts = max(width_of(shortened(_said(one)), face) for one in months) + 14
    # Beside the bar stand only names and amounts that leave room for it; else above it.
    is_narrow = canvas.width < NARROW or names > 0.3 * canvas.width or amounts > 0.4 * canvas.width
    left = float(margin) if is_narrow else margin + names
    right = canvas.width - margin - (0 if is_narrow else amounts)
    most = max([_reach(one) for one in months] + [Fraction(1, 100)])
    for one in months:
        if is_narrow:  # the name and the amount above the bar
            bar = _paint_words(canvas, top, one) + 3
        else:
            bar = top
            baseline = bar + _BAR / 2 + face.size * 0.36
            canvas.text(margin, baseline, one.label, room=names - 12)
            canvas.text(canvas.width - margin, baseline, _said(one), "text", "end", amounts - 12)
        _paint_bar(canvas, one, (left, right, bar), most)
        top = bar + _BAR + (12 if is_narrow else 10)
    canvas.line(left, top, right, top, "axis")
    canvas.height = round(legend(canvas, top + 10, _SWATCHES) + margin)


def _paint_words(canvas: Canvas, top: float, one: MonthCredit) -> float:
    """The name and the amount: beside each other if there is room, else in lines. Where they end."""
    margin, face = margin_of(canvas), FACES["text"]
    room = canvas.width - 2.0 * margin
    name, said = shortened(one.label), shortened(_said(one))
    if width_of(name, face) + 12 + width_of(said, face) <= room:
        canvas.text(margin, top + face.above, name)
        canvas.text(canvas.width - margin, top + face.above, said, "text", "end")
        return top + face.above + face.below
    for line in (*wrapped(name, face, room, 2), *wrapped(said, face, room, 3)):
        canvas.text(margin, top + face.above, line)
        top += face.line
    return top


def _said(one: MonthCredit) -> str:
    """The amount and how sure it is: 9.98 EUR so far."""
    if one.state == "owed":
        return one.told
    if one.state == "running":
        return f"{one.told} {'yet' if one.told == _UNTOLD else 'so far'}"
    return f"{one.told}, {one.state}"


def _reach(one: MonthCredit) -> Fraction:
    """How far a bar goes; where nobody can tell what it is at most, the end is open."""
    return max(one.high if one.high is not None else one.amount, one.amount) + one.cut


def _paint_bar(canvas: Canvas, one: MonthCredit, room: tuple[float, float, float], most: Fraction) -> None:
    left, right, top = room

    def x(amount: Fraction) -> float:
        return left + (right - left) * float(amount / most)

    sure, high = one.low, one.amount if one.high is None else max(one.high, one.amount)
    title = f"{one.label}: {_said(one)}"
    canvas.rect(left, top, right - left, _BAR, "track", title, 2)
    if sure:
        canvas.rect(left, top, max(x(sure) - left, 1), _BAR, "accent", title, 2)
    if high > sure or one.high is None:
        end = right if one.high is None else x(high)
        canvas.rect(x(sure), top, max(end - x(sure), 1), _BAR, "unknown", f"{title}, not certain", 2)
    if one.cut:
        canvas.rect(x(high), top, max(x(high + one.cut) - x(high), 1), _BAR, "excluded", "over the limit", 2)
    if one.paid:
        canvas.line(left, top + _BAR + 3, max(x(one.paid), left + 1), top + _BAR + 3, "course-good")
