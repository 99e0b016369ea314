"""Periods: the stretches of civil time that commitments are measured, quotas counted and fees paid in."""

from datetime import date
from typing import Literal, TypeAlias

from upheld.core.timeline.civil import add_civil, add_months
from upheld.core.timeline.instant import Duration, Instant, format_instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.amount import Amount
from upheld.core.values.frozen import dataclass

PeriodKind: TypeAlias = Literal[
    "calendar month", "calendar quarter", "calendar year", "contract year", "billing cycle", "rolling"
]


def quarter_of(on: date) -> str:
    """The quarter of the calendar that holds a date: 2026-Q2."""
    return f"{on:%Y}-Q{(on.month + 2) // 3}"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One stretch [start_at, end_at), with the name that people know it by."""

    start_at: Instant
    end_at: Instant
    label: str

    @property
    def length_us(self) -> Duration:
        """The true length: a quarter with a change of clocks is an hour shorter or longer."""
        return self.end_at - self.start_at


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """Which periods there are, in the civil time of a zone.

    The anchor of a contract year is the date it starts on (29 February becomes the 28th), of a billing cycle
    the day of the month (the last one where the month is shorter), of a rolling period the amount that it
    looks back; the calendar kinds have none. ValueError if the anchor does not fit.
    """

    kind: PeriodKind
    zone: Zone
    anchor: date | int | Amount | None = None

    def __post_init__(self) -> None:
        anchor = self.anchor
        if self.kind == "contract year":
            fits, wanted = isinstance(anchor, date), "the date it starts on"
        elif self.kind == "billing cycle":
            fits, wanted = isinstance(anchor, int) and 1 <= anchor <= 31, "a day of the month, 1 to 31"
        elif self.kind == "rolling":
            fits = isinstance(anchor, Amount) and anchor.kind != "business days" and anchor.count > 0
            wanted = "an amount of time, days, weeks, months or years"
        elif self.kind in ("calendar month", "calendar quarter", "calendar year"):
            fits, wanted = anchor is None, "no anchor"
        else:
            raise ValueError(f"{self.kind!r} is not a kind of period")
        if not fits:
            raise ValueError(f"a {self.kind} needs {wanted}, not {anchor!r}")

    def period_at(self, at: Instant) -> Period:
        """The period that holds the instant; a rolling one ends there. BeyondHorizon outside the years."""
        if isinstance(self.anchor, Amount):
            return self._rolling(at, self.anchor)
        months, first = self._first_on(self.zone.date_at(at))
        period = self._from(first, months)
        # A day can begin twice where clocks go back over midnight; its second part is still the new day's.
        return self._from(self._step(first, months), months) if at >= period.end_at else period

    def periods_between(self, start_at: Instant, end_at: Instant) -> list[Period]:
        """The periods that share time with [start_at, end_at), in order. ValueError for rolling periods."""
        if isinstance(self.anchor, Amount):
            raise ValueError("rolling periods overlap: ask for the one at an instant")
        if end_at <= start_at:
            return []
        months, first = self._first_on(self.zone.date_at(start_at))
        found: list[Period] = []
        while self.zone.day_start(first) < end_at:  # the one after the last need not be among the years known
            period = self._from(first, months)
            if period.end_at > start_at:
                found.append(period)
            first = self._step(first, months)
        return found

    def _rolling(self, at: Instant, back: Amount) -> Period:
        if back.kind == "time":
            start_at = at - int(back.count)
        else:
            start_at = self.zone.at_label(add_civil(self.zone.label_at(at), back.kind, -int(back.count)))
        return Period(start_at, at, f"{back} to {format_instant(at)}")

    def _first_on(self, on: date) -> tuple[int, date]:
        """The months a period lasts, and the first date of the one that holds a date."""
        if self.kind == "calendar month":
            return 1, on.replace(day=1)
        if self.kind == "calendar quarter":
            return 3, date(on.year, on.month - (on.month - 1) % 3, 1)
        if self.kind == "calendar year":
            return 12, date(on.year, 1, 1)
        if isinstance(self.anchor, date):
            months, first = 12, add_months(date(on.year, self.anchor.month, 1), 0, self.anchor.day)
        else:
            assert isinstance(self.anchor, int)
            months, first = 1, add_months(on, 0, self.anchor)
        return months, first if first <= on else self._step(first, -months)

    def _step(self, first: date, months: int) -> date:
        day = self.anchor.day if isinstance(self.anchor, date) else self.anchor
        return add_months(first, months, day if isinstance(day, int) else 1)

    def _from(self, first: date, months: int) -> Period:
        start_at = self.zone.day_start(first)
        return Period(start_at, self.zone.day_start(self._step(first, months)), self._label(first))

    def _label(self, first: date) -> str:
        if self.kind == "calendar month":
            return f"{first:%Y-%m}"
        if self.kind == "calendar quarter":
            return quarter_of(first)
        if self.kind == "calendar year":
            return f"{first:%Y}"
        return f"{self.kind} {first.isoformat()}"
