"""Instants and periods in plain words, as examples name them."""

from __future__ import annotations

from datetime import date
from typing import Final

from babel.dates import format_date

from upheld.core.instant import DAY, Instant
from upheld.core.zone import Zone
from upheld.render.prose.tongue import Tongue

_QUARTERS: Final = 3


def until(at: Instant, zone: Zone, tongue: Tongue) -> str:
    """An instant as the end of something: a midnight is 24:00 of the day that it ends."""
    if zone.label_at(at) % DAY:
        # The last instant before a closing or an opening is told as that one.
        at = at + 1 if (at + 1) % 1_000_000 == 0 else at
        return tongue.at(at, zone)
    day = zone.date_at(at - 1)
    return tongue.say("{day} at {time}", day=tongue.on(day), time="24:00")


def period_named(label: str, tongue: Tongue) -> str:
    """A period by its label: June 2026, Q2 2026, 2026; another one as it is."""
    year, _, rest = label.partition("-")
    if not (year.isdecimal() and len(year) == 4):
        return label
    if not rest:
        return year
    if rest.startswith("Q"):
        return str(format_date(date(int(year), _QUARTERS * int(rest[1:]), 1), "QQQ y", tongue.locale))
    return str(format_date(date(int(year), int(rest), 1), "MMMM y", tongue.locale))


def month_named(label: str, tongue: Tongue) -> str:
    """The month of a label without its year; of a quarter its number."""
    year, _, rest = label.partition("-")
    if rest.startswith("Q"):
        return str(format_date(date(int(year), _QUARTERS * int(rest[1:]), 1), "QQQ", tongue.locale))
    if not rest.isdecimal():
        return period_named(label, tongue)
    return str(format_date(date(int(year), int(rest), 1), "LLLL", tongue.locale))
