"""Outages cut at midnights, so that what is owed for them can be told by outage, day, week and month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from upheld.core.timeline.instant import Duration, Instant, datetime_of, day_instant
from upheld.core.timeline.zone import Zone

_DAY = timedelta(days=1)


class Piece(NamedTuple):
    """The part of one outage (by its number) that lies on one day."""

    outage: int
    on: date
    length_us: Duration


def pieces_of(outages: Iterable[tuple[Instant, Instant]], zone: Zone | None) -> tuple[Piece, ...]:
    """The outages, cut at the midnights of a zone (None: UTC), in their order."""
    found: list[Piece] = []
    for number, (start_at, end_at) in enumerate(outages):
        at = start_at
        while at < end_at:
            on, next_at = _day(at, zone)
            found.append(Piece(number, on, min(next_at, end_at) - at))
            at = next_at
    return tuple(found)


def _day(at: Instant, zone: Zone | None) -> tuple[date, Instant]:
    """The day an instant belongs to, and when the next one begins."""
    if zone is None:
        on = datetime_of(at).date()
        return on, day_instant(on + _DAY)
    on = zone.date_at(at)
    # Where clocks go back over midnight a day begins twice; its second part is still the new day's.
    while (next_at := zone.day_start(on + _DAY)) <= at:
        on += _DAY
    return on, next_at
