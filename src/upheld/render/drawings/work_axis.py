"""An axis of time on which open hours are what counts: what is closed is drawn narrower."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from upheld.core.timeline.instant import HOUR, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.values.frozen import dataclass, field
from upheld.render.drawings.axis import (
    TICK_GAP,
    Axis,
    Context,
    Forms,
    Tick,
    TimeAxis,
    day_forms,
    month_forms,
    short_day,
    year_forms,
)
from upheld.render.drawings.metrics import width_of
from upheld.render.drawings.style import FACES

CLOSED_SHARE: Final = Fraction(3, 10)
"""The share of the width that closed hours take at most, all together."""
_HOURS: Final = (1, 2, 3, 4, 6)
_DAYS: Final = (1, 2, 5, 10, 20, 65, 130, 260)


@dataclass(frozen=True, slots=True)
class WorkAxis(Axis):
    """As `Axis`; `open` are the hours that are drawn at full width.

    Where nothing is open, or nothing closed, all time is drawn alike (`is_even`).
    """

    open: Spans = field(default=Spans.empty)
    _weight: Fraction = field(default=Fraction(1), init=False)
    """How long a closed microsecond is drawn, of an open one."""

    def __post_init__(self) -> None:
        Axis.__post_init__(self)
        is_open = self.open.measure(self.start_at, self.end_at)
        closed = self.end_at - self.start_at - is_open
        if is_open and closed:
            weight = min(Fraction(1), CLOSED_SHARE / (1 - CLOSED_SHARE) * Fraction(is_open, closed))
            object.__setattr__(self, "_weight", weight)

    @property
    def is_even(self) -> bool:
        """Whether an hour is as long as any other."""
        return self._weight == 1

    def x(self, at: Instant) -> float:
        """Where an instant is; those outside are at the edge."""
        at = min(max(at, self.start_at), self.end_at)
        share = self._length(at) / self._length(self.end_at)
        return self.left + share * (self.right - self.left)

    def _length(self, at: Instant) -> int:
        """What is drawn before an instant, in units of one closed microsecond drawn."""
        is_open = self.open.measure(self.start_at, at)
        narrow, wide = self._weight.numerator, self._weight.denominator
        return is_open * wide + (at - self.start_at - is_open) * narrow

    def ticks(self) -> tuple[tuple[Tick, ...], tuple[Context, ...]]:
        """The openings with round hours between them; only the days where there is no room for hours."""
        if self.is_even:
            return self._even().ticks()
        for count in _HOURS:
            if found := self._with_openings(count):
                return tuple(found), tuple(self._days())
        for count in _DAYS:
            is_close = count < 5
            days = [
                Tick(at, str(on.day) if is_close else short_day(on, self.names))
                for at, on in self._first_openings()
            ][::count]
            if self._is_readable(days):
                return tuple(days), tuple(self._begins(month_forms if is_close else year_forms))
        return (), tuple(self._begins(year_forms))

    def _even(self) -> TimeAxis:
        """The same stretch on an axis on which all time is drawn alike."""
        return TimeAxis(self.zone, self.start_at, self.end_at, self.left, self.right, self.names)

    def _openings(self) -> list[Instant]:
        """Every opening inside, and the beginning of the axis if it is open then."""
        return list(self.open.clip(self.start_at, self.end_at).starts)

    def _first_openings(self) -> Iterator[tuple[Instant, date]]:
        """The first opening of each local day."""
        last = None
        for at in self._openings():
            on = self.zone.date_at(at)
            if on != last:
                yield at, on
            last = on

    def _with_openings(self, count: int) -> list[Tick]:
        """The openings of days, and between them every so many hours; nothing if that cannot be read."""
        face = FACES["tick"]
        firsts = [at for at, _ in self._first_openings() if at > self.start_at]
        taken = [Tick(at, _time(self, at)) for at in firsts]
        if not self._is_readable(taken) and taken:
            return []
        room = width_of("00:00", face) + TICK_GAP
        edges = [self.x(at) for at in firsts]
        between = []
        for tick in self._round_hours(count):
            x = self.x(tick.at)
            if all(abs(x - edge) >= room for edge in edges):
                between.append(tick)
        found = sorted([*taken, *between])
        return found if self._is_readable(found) else []

    def _round_hours(self, count: int) -> Iterator[Tick]:
        even = self._even()
        if (self.end_at - self.start_at) > 400 * 24 * HOUR:
            return
        for at in even.round_instants("h", count):
            if at in self.open:
                yield Tick(at, _time(self, at))

    def _days(self) -> Iterator[Context]:
        yield from self._stretches([(at, day_forms(on, self.names)) for at, on in self._first_openings()])

    def _begins(self, forms_of: Forms) -> Iterator[Context]:
        """The months or years of the days that open."""
        begins: list[tuple[Instant, tuple[str, ...]]] = []
        for at, on in self._first_openings():
            forms = forms_of(on, self.names)
            if not begins or begins[-1][1] != forms:
                begins.append((at, forms))
        yield from self._stretches(begins)

    def _stretches(self, begins: list[tuple[Instant, tuple[str, ...]]]) -> Iterator[Context]:
        for n, (at, forms) in enumerate(begins):
            end_at = begins[n + 1][0] if n + 1 < len(begins) else self.end_at
            yield Context(at, max(end_at, at), forms)


def _time(axis: Axis, at: Instant) -> str:
    second = axis.zone.local_of(at)[1]
    return f"{second // 3600:02}:{second // 60 % 60:02}"
