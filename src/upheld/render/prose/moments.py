"""Instants and periods in plain words, as examples name them."""

from __future__ import annotations

from datetime import date
from typing import Final

from babel.dates import format_date

from upheld.core.timeline.instant import DAY, SECOND, Instant
from upheld.core.timeline.zone import Zone
from upheld.render.prose.tongue import N_, Tongue

_QUARTERS: Final = 3
_FROM: Final = {
    "contract year": N_("the contract year from {day}"),
    "billing cycle": N_("the billing cycle from {day}"),
}
"""Periods that go by the date on which they begin."""


def until(at: Instant, zone: Zone, tongue: Tongue) -> str:
    """An instant as the end of something: a midnight is 24:00 of the day that it ends."""
    # The last instant before a closing or an opening is told as that one.
    at = at + 1 if (at + 1) % SECOND == 0 else at
    if zone.label_at(at) % DAY:
        return tongue.at(at, zone)
    day = zone.date_at(at - 1)
    return tongue.say("{day} at {time}", day=tongue.on(day), time="24:00")


def period_named(label: str, tongue: Tongue) -> str:
    """A period by its label: June 2026, Q2 2026, 2026, the contract year from 1 June 2026."""
    kind, _, first = label.rpartition(" ")
    if kind in _FROM:
        return tongue.say(_FROM[kind], day=tongue.day(date.fromisoformat(first)))
    year, _, rest = label.partition("-")
    if not (year.isdecimal() and len(year) == 4):
        return label
    if not rest:
        return year
    if rest.startswith("Q"):
        return str(format_date(date(int(year), _QUARTERS * int(rest[1:]), 1), "QQQ y", tongue.locale))
    return str(format_date(date(int(year), int(rest), 1), "MMMM y", tongue.locale))


def month_named(label: str, tongue: Tongue) -> str:
    """The month of a label without its year; of a quarter its number, of another period its first day."""
    kind, _, first = label.rpartition(" ")
    if kind in _FROM:
        return tongue.say(_FROM[kind], day=tongue.day_of_year(date.fromisoformat(first)))
    year, _, rest = label.partition("-")
    if rest.startswith("Q"):
        return str(format_date(date(int(year), _QUARTERS * int(rest[1:]), 1), "QQQ", tongue.locale))
    if not rest.isdecimal():
        return period_named(label, tongue)
    return str(format_date(date(int(year), int(rest), 1), "LLLL", tongue.locale))


def year_of(label: str) -> str:
    """The year in which the period of a label begins."""
    return label.rpartition(" ")[2].partition("-")[0]
