"""Deadlines of claims, counted a second time: day by day, minute by minute, with nothing of the program."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.language.texts import terms_of
from tests.seeds import tried
from upheld.core.claiming.claimable import until_of
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant, datetime_of, instant_of

ZONES = (
    "UTC", "Europe/Madrid", "Europe/Amsterdam", "Africa/Johannesburg", "America/New_York", "Asia/Kolkata",
    "Australia/Lord_Howe", "America/Santiago", "Pacific/Auckland", "Asia/Kathmandu",
)  # fmt: skip
"""With DST in both halves of the year, of an hour and of half an hour; one has no midnight in spring."""
HOLIDAYS = frozenset(
    {date(2026, 4, 27), date(2026, 5, 5), date(2026, 12, 25), date(2024, 2, 29), date(2025, 1, 1)}
)
HEAD = "document: {{agreement: acme, version: '1', provider: Northwind, zone: {zone}}}\n"
ROWS = """calendar:
  days:
    open: Mon-Fri 00:00-24:00
    business day: end of day
    holidays: {{add: [{holidays}]}}
deadline: {{filing: {{of: claim, until: filed, due: {due}}}}}
claim: {{}}
"""
CONTRACT = "contract: {id: c-1, customer: Acme, agreement: acme, version: '1', from: 2024-01-01}\n"


@cache
def terms(zone: str, due: str) -> Terms:
    """An agreement whose only deadline is that of filing."""
    rows = ROWS.format(due=due, holidays=", ".join(sorted(f"{day}" for day in HOLIDAYS)))
    return terms_of(rows, head=HEAD.format(zone=zone), contract=CONTRACT)


# -- the second judge --------------------------------------------------------------------------------------


def begins(day: date, zone: ZoneInfo) -> datetime:
    """The first minute of a day by the clock of a zone, found by looking at every minute around it."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    while at.astimezone(zone).date() < day:
        at += timedelta(minutes=1)
    return at


def month_end(year: int, month: int) -> date:
    """The last day of a month: the one before the first of the next, day by day."""
    day = date(year, month, 1)
    while (day + timedelta(days=1)).month == month:
        day += timedelta(days=1)
    return day


def after_month(year: int, month: int, days: int, zone: ZoneInfo) -> datetime:
    """The end of the n-th day after the last day of a month."""
    day = month_end(year, month)
    for _ in range(days):
        day += timedelta(days=1)
    return begins(day + timedelta(days=1), zone)


def after_issue(issue: datetime, count: int, zone: ZoneInfo) -> datetime:
    """The end of the n-th working day after the day of an event; that day itself does not count."""
    day = issue.astimezone(zone).date()
    while count:
        day += timedelta(days=1)
        if day.isoweekday() <= 5 and day not in HOLIDAYS:
            count -= 1
    return begins(day + timedelta(days=1), zone)


def counted(zone: str, due: str, about: str, issue: datetime | None = None) -> Instant | None:
    """What the program says, asked long before."""
    issue_at = None if issue is None else instant_of(issue)
    return until_of(terms(zone, due), about, issue_at, instant_of(datetime(2024, 1, 2, tzinfo=UTC)))


# -- the table ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "until"),
    [
        ("2026-01", "2026-03-02"),
        ("2026-02", "2026-03-30"),
        ("2024-02", "2024-03-30"),
        ("2024-01", "2024-03-01"),
        ("2026-03", "2026-04-30"),
        ("2026-06", "2026-07-30"),
        ("2026-10", "2026-11-30"),
        ("2025-12", "2026-01-30"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid", "America/Santiago"])
def test_thirty_days_after_the_end_of_a_month(zone: str, month: str, until: str) -> None:
    """To the end of that day, in leap years and over changes of the clock."""
    year, number = map(int, month.split("-"))
    expected = begins(date.fromisoformat(until) + timedelta(days=1), ZoneInfo(zone))
    assert after_month(year, number, 30, ZoneInfo(zone)) == expected
    found = counted(zone, "about.end + 30 days", month)
    assert found is not None
    assert datetime_of(found) == expected


@pytest.mark.parametrize(
    ("issue", "until"),
    [
        ("2026-06-11T10:20:00Z", "2026-06-18"),  # JUST/J10: Thursday to Thursday
        ("2026-04-23T10:00:00Z", "2026-05-01"),  # a holiday on the Monday between
        ("2026-04-30T23:30:00Z", "2026-05-08"),  # another on the Tuesday
        ("2024-02-26T12:00:00Z", "2024-03-05"),  # 29 February, a holiday here
        ("2026-12-24T12:00:00Z", "2027-01-01"),
        ("2026-06-13T12:00:00Z", "2026-06-19"),  # a Saturday
    ],
)
def test_five_business_days_after_an_event(issue: str, until: str) -> None:
    """Not counting its own day, holidays and weekends."""
    happened = datetime.fromisoformat(issue)
    expected = begins(date.fromisoformat(until) + timedelta(days=1), ZoneInfo("UTC"))
    assert after_issue(happened, 5, ZoneInfo("UTC")) == expected
    found = counted("UTC", "issue_at + 5 business days of days", "T-1", happened)
    assert found is not None
    assert datetime_of(found) == expected


MONTHS = st.tuples(
    st.sampled_from(ZONES), st.integers(2024, 2030), st.integers(1, 12), st.sampled_from([5, 10, 30, 45, 60])
)
EVENTS = st.tuples(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2024, 1, 3), datetime(2030, 12, 1)),  # noqa: DTZ001 - hypothesis wants naive ends
    st.sampled_from([1, 5, 15]),
)


Deadlines = tuple[datetime, datetime]
"""That of the program, and that of the days counted one by one."""


def _of_month(zone: str, year: int, month: int, days: int) -> Deadlines:
    found = counted(zone, f"about.end + {days} days", f"{year}-{month:02}")
    assert found is not None
    return datetime_of(found), after_month(year, month, days, ZoneInfo(zone))


def _of_event(zone: str, at: datetime, count: int) -> Deadlines:
    issue = at.replace(tzinfo=UTC, microsecond=0)
    found = counted(zone, f"issue_at + {count} business days of days", "T-1", issue)
    assert found is not None
    return datetime_of(found), after_issue(issue, count, ZoneInfo(zone))


@settings(max_examples=tried(40))
@given(MONTHS, EVENTS)
def test_any_month_and_any_event_in_any_zone(
    month: tuple[str, int, int, int], event: tuple[str, datetime, int]
) -> None:
    """As the days are counted one by one."""
    for found, expected in (_of_month(*month), _of_event(*event)):
        assert found == expected


@pytest.mark.slow
@settings(max_examples=1000)
@given(MONTHS, EVENTS)
def test_a_thousand_months_and_events(
    month: tuple[str, int, int, int], event: tuple[str, datetime, int]
) -> None:
    """As the days are counted one by one."""
    for found, expected in (_of_month(*month), _of_event(*event)):
        assert found == expected
