"""The two desks whose hours are measured, and the moments that are asked about."""

from datetime import UTC, date, datetime, timedelta
from random import Random  # noqa: TID251 - the moments are drawn from a seed

from upheld.core.timeline.calendar import Calendar, WeeklyRule, compile_calendar
from upheld.language.hours import parse_hours
from upheld.language.zones import zone_named

FIRST_YEAR = 2020
LAST_YEAR = 2030
HOLIDAYS = frozenset(
    date(year, month, day)
    for year in range(FIRST_YEAR, LAST_YEAR + 2)
    for month, day in (
        *((1, 1), (1, 6), (3, 19), (4, 27), (5, 1), (5, 5)),
        *((8, 15), (10, 12), (11, 1), (12, 6), (12, 25), (12, 26)),
    )
)
"""Twelve days of every year and of the one after, as a peer looks ahead for the next holiday."""

OPENS_H, CLOSES_H = 9, 17


def plain_desk() -> Calendar:
    """What every peer can express: Monday to Friday 9 to 17 in UTC, twelve holidays a year."""
    week = parse_hours(f"Mon-Fri {OPENS_H:02}:00-{CLOSES_H:02}:00")
    rule = WeeklyRule(zone_named("UTC", FIRST_YEAR, LAST_YEAR), week, holidays=HOLIDAYS)
    return compile_calendar("plain", rule, FIRST_YEAR, LAST_YEAR)


def broken_desk(zone: str = "Europe/Amsterdam", first_year: int = FIRST_YEAR) -> Calendar:
    """The same with a break each day, in a zone whose clocks change."""
    week, breaks = parse_hours("Mon-Fri 09:00-17:00"), parse_hours("Mon-Fri 12:00-12:30")
    rule = WeeklyRule(zone_named(zone, first_year, LAST_YEAR), week, breaks, HOLIDAYS)
    return compile_calendar("broken", rule, first_year, LAST_YEAR)


def moments(count: int, days: int) -> list[tuple[datetime, datetime]]:
    """Pairs of aware datetimes so many days apart, or up to one day less, in five years of the calendar."""
    random = Random(20261123)
    first_at = datetime(FIRST_YEAR + 2, 1, 1, tzinfo=UTC)
    pairs: list[tuple[datetime, datetime]] = []
    for _ in range(count):
        start_at = first_at + timedelta(seconds=random.randrange(5 * 365 * 86_400))
        pairs.append((start_at, start_at + timedelta(days=days, seconds=-random.randrange(86_400))))
    return pairs
