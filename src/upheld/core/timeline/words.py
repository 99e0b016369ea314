"""Instants, times of day and counts as people read them."""

from __future__ import annotations

from fractions import Fraction

from upheld.core.timeline.instant import DAY, SECOND, Duration, Instant
from upheld.core.timeline.zone import Zone

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def local(at: Instant, zone: Zone) -> str:
    """An instant by the clock of a zone: Mon 2026-06-08 10:30, with seconds only if there are any."""
    on, of_day_us = zone.local_of(at)[0], zone.label_at(at) % DAY
    return f"{_DAYS[on.weekday()]} {on.isoformat()} {clock_time(of_day_us)}"


def until(at: Instant, zone: Zone) -> str:
    """As `local`, for the end of something: midnight is 24:00 of the day that ends."""
    if zone.label_at(at) % DAY:
        return local(at, zone)
    on = zone.local_of(at - 1)[0]
    return f"{_DAYS[on.weekday()]} {on.isoformat()} 24:00"


def clock_time(of_day_us: Duration) -> str:
    """The time of day: 10:30, or 10:30:05, or 10:30:05.000001."""
    minutes, rest = divmod(of_day_us, 60 * SECOND)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    if rest:
        seconds, fraction = divmod(rest, SECOND)
        text += f":{seconds:02}" + (f".{fraction:06}".rstrip("0") if fraction else "")
    return text


def count(number: int | Fraction, one: str, several: str = "") -> str:
    """1 fact, 2,000 facts; `several` where that is not `one` with an s."""
    return f"{f'{number:,}' if isinstance(number, int) else number} {plural(number, one, several)}"


def plural(number: int | Fraction, one: str, several: str = "") -> str:
    """The word that goes with a number: a fact, facts; `several` where that is not `one` with an s."""
    return one if number == 1 else several or f"{one}s"
