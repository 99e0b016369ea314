"""Calendars against a stepper of minutes on the standard library's zones, and the terms' worked numbers."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from tests.seeds import seeds
from upheld.core.timeline.calendar import (
    Always,
    BusinessDay,
    BusinessDayError,
    Calendar,
    Combined,
    WeeklyRule,
    Window,
    compile_calendar,
)
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, datetime_of, instant_of, parse_instant
from upheld.core.timeline.opening import CLOSED_WEEK, Windows
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.amount import Amount, parse_amount
from upheld.language.hours import parse_day_windows, parse_hours
from upheld.language.zones import zone_named

# Zone, and an instant near something odd: both changes, no midnight, a skipped day, half an hour, nothing.
PLACES = (
    ("Europe/Amsterdam", "2026-03-29T01:00:00Z"),
    ("Europe/Amsterdam", "2026-10-25T01:00:00Z"),
    ("America/Sao_Paulo", "1998-10-11T03:00:00Z"),
    ("America/Sao_Paulo", "1999-02-21T02:00:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("America/St_Johns", "2006-10-29T02:31:00Z"),
    ("Asia/Kathmandu", "2026-06-05T00:00:00Z"),
    ("Africa/Johannesburg", "2026-06-05T00:00:00Z"),
)


@cache
def reference(name: str) -> ZoneInfo:
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def local_minutes(zone_name: str, start_at: int, days: int) -> list[tuple[date, int]]:
    """The local date and minute of the day of every minute."""
    zone = reference(zone_name)
    found = [datetime_of(start_at + i * MINUTE).astimezone(zone) for i in range(days * 1440)]
    return [(local.date(), local.hour * 60 + local.minute) for local in found]


class Stepper:
    """The slow judge: for each minute, the dates whose windows hold what the clock on the wall shows."""

    def __init__(self, rule: WeeklyRule, start_at: int, days: int) -> None:
        self.rule, self.start_at = rule, start_at
        self.owned: dict[date, list[int]] = {}
        held = cache(self.held_minutes)
        self.open = []
        for i, (on, minute) in enumerate(local_minutes(rule.zone.name, start_at, days)):
            owners = [on] if minute in held(on) else []
            if minute + 1440 in held(on - timedelta(days=1)):
                owners.append(on - timedelta(days=1))
            for owner in owners:
                self.owned.setdefault(owner, []).append(i)
            self.open.append(bool(owners))

    def held_minutes(self, on: date) -> set[int]:
        """The minutes from midnight of a date on that its own windows hold."""
        if on in self.rule.dates:
            return minutes_of(self.rule.dates[on])
        if on in self.rule.holidays:
            return minutes_of(self.rule.holiday_windows)
        held = minutes_of(self.rule.week[on.weekday()])
        for by in (-1, 0, 1):  # a night's window meets the breaks of the mornings around it
            cut = minutes_of(self.rule.breaks[(on + timedelta(days=by)).weekday()])
            held -= {minute + by * 1440 for minute in cut}
        return held

    def at(self, i: int) -> int:
        return self.start_at + i * MINUTE


def minutes_of(windows: Windows) -> set[int]:
    return {m for w in windows for m in range(w.start_s // 60, w.end_s // 60)}


def random_window(rng: random.Random) -> Window:
    start = rng.randrange(0, 24 * 60, 15) * 60
    return Window(start, start + rng.randrange(15, 14 * 60, 15) * 60)


def random_rule(rng: random.Random, zone_name: str, around: date) -> WeeklyRule:
    days = [around + timedelta(days=i) for i in range(-4, 5)]
    week = [tuple(random_window(rng) for _ in range(rng.choice((0, 1, 1, 2)))) for _ in range(7)]
    breaks = [tuple(random_window(rng) for _ in range(rng.choice((0, 0, 1)))) for _ in range(7)]
    return WeeklyRule(
        zone_named(zone_name, around.year - 1, around.year + 1),
        tuple(week),  # type: ignore[arg-type]
        tuple(breaks),  # type: ignore[arg-type]
        holidays=frozenset(rng.sample(days, 2)),
        holiday_windows=rng.choice(((), (Window(36_000, 43_200),))),
        dates={on: (random_window(rng),) for on in rng.sample(days, 1)},
    )


def check_against_stepper(rng: random.Random, place: tuple[str, str]) -> None:
    around = parse_instant(place[1])
    on = datetime_of(around).date()
    rule = random_rule(rng, place[0], on)
    calendar = compile_calendar("random", rule, on.year - 1, on.year + 1)
    judge = Stepper(rule, around - 3 * DAY, 6)
    minutes = len(judge.open)
    assert [calendar.is_open(judge.at(i)) for i in range(minutes)] == judge.open, place
    before = [0]
    for is_open in judge.open:
        before.append(before[-1] + is_open)
    for _ in range(20):
        a, b = sorted(rng.randrange(minutes + 1) for _ in range(2))
        assert calendar.elapsed(judge.at(a), judge.at(b)) == (before[b] - before[a]) * MINUTE
        budget = rng.randrange(0, 600, 15)
        if a < minutes and before[a] + budget < before[-1]:
            first = next(i for i in range(a, minutes + 1) if before[i] - before[a] == budget)
            last = next(i for i in range(a, minutes) if before[i + 1] - before[a] > budget)
            amount = Amount("time", budget * MINUTE)
            assert calendar.deadline(judge.at(a), amount) == judge.at(first), place
            assert calendar.last_in_time(judge.at(a), amount) == judge.at(last), place
        if before[b] >= budget:
            latest = next(i for i in range(b, -1, -1) if before[b] - before[i] == budget)
            if latest or budget:
                assert calendar.before(judge.at(b), Amount("time", budget * MINUTE)) == judge.at(latest)


@pytest.mark.parametrize("place", PLACES)
def test_random_calendars(place: tuple[str, str]) -> None:
    """An instant is open exactly when its local label lies in a window; all counting follows from that."""
    for seed in range(4):
        check_against_stepper(random.Random(f"{place} {seed}"), place)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_many_random_calendars(place: tuple[str, str]) -> None:
    """The same on many more rules."""
    for seed in seeds(4, 50):
        check_against_stepper(random.Random(f"{place} {seed}"), place)


def check_days(rng: random.Random, place: tuple[str, str]) -> None:
    """Business dates are those with a minute of their own windows; they close after the last of them."""
    around = parse_instant(place[1])
    on = datetime_of(around).date()
    rule = random_rule(rng, place[0], on)
    judge = Stepper(rule, around - 3 * DAY, 6)
    expected = judge.owned
    dates = compile_calendar("random", rule, on.year - 1, on.year + 1).dates
    found = {date.fromordinal(o): (a, b) for o, a, b in zip(*dates, strict=True)}
    inner = [on + timedelta(days=i) for i in (-1, 0, 1)]
    assert {day: found[day] for day in inner if day in found} == {
        day: (judge.at(expected[day][0]), judge.at(expected[day][-1] + 1)) for day in inner if day in expected
    }, place


@pytest.mark.parametrize("place", PLACES)
def test_business_dates(place: tuple[str, str]) -> None:
    """A date is a business date if the calendar really opens on it; over midnight is of the first date."""
    for seed in range(6):
        check_days(random.Random(f"days {place} {seed}"), place)


def desk(
    zone: str,
    hours: str,
    *,
    day: BusinessDay | None = None,
    holidays: frozenset[date] = frozenset(),
    closing: str = "stay",
    dates: dict[date, str] | None = None,
) -> Calendar:
    rule = WeeklyRule(
        zone_named(zone, 2024, 2028),
        parse_hours(hours),
        holidays=holidays,
        dates={on: parse_day_windows(text) for on, text in (dates or {}).items()},
    )
    return compile_calendar("desk", rule, 2024, 2028, business_day=day, closing=closing)  # type: ignore[arg-type]


def local(calendar: Calendar, text: str) -> int:
    """The instant of a local text such as '2026-06-05 16:30'."""
    naive = datetime.fromisoformat(text)
    return calendar.rule.zone.instant_at(naive.date(), naive.hour * 3600 + naive.minute * 60)


def due(calendar: Calendar, start: str, amount: str) -> str:
    at = calendar.deadline(local(calendar, start), parse_amount(amount))
    return datetime_of(calendar.rule.zone.label_at(at)).strftime("%a %m-%d %H:%M")


EIGHT_HOURS = BusinessDay("hours", 8 * HOUR)
ROUS = desk("Africa/Johannesburg", "Mon-Fri 09:00-17:00", day=EIGHT_HOURS)
CENG = desk(
    "Europe/Amsterdam", "Mon-Fri 08:30-17:00", day=EIGHT_HOURS, holidays=frozenset([date(2026, 4, 27)])
)
SIVO = desk("Europe/Madrid", "Mon-Fri 09:00-18:00")
SIVO_ANSWER = desk("UTC", "Mon-Fri 00:00-24:00", day=BusinessDay("end of day"))
INTG = desk("UTC", "Mon-Fri 09:00-17:00", day=BusinessDay("same time"))


@pytest.mark.parametrize(
    ("term", "calendar", "start", "amount", "expected"),
    [
        ("ROUS-2.3 R8", ROUS, "2026-06-05 16:30", "2h", "Mon 06-08 10:30"),
        ("ROUS-2.3 R11 goal", ROUS, "2026-06-05 16:30", "4h", "Mon 06-08 12:30"),
        ("ROUS-2.3 R11 limit", ROUS, "2026-06-05 16:30", "8h", "Mon 06-08 16:30"),
        ("ROUS-2.3 R9", ROUS, "2026-06-02 14:00", "1bd", "Wed 06-03 14:00"),
        ("ROUS-2.3 P4", ROUS, "2026-06-04 14:00", "2bd", "Mon 06-08 14:00"),
        ("ROUS-2.3 closing", ROUS, "2026-06-06 11:00", "1bd", "Mon 06-08 17:00"),
        ("INTG-R2 Premium", INTG, "2026-06-02 13:00", "6h", "Wed 06-03 11:00"),
        ("INTG-R2 Enterprise", INTG, "2026-06-02 15:00", "4h", "Wed 06-03 11:00"),
        ("INTG-R1 Standard", INTG, "2026-06-01 10:00", "3bd", "Thu 06-04 10:00"),
        ("CENG-5.2 High", CENG, "2026-06-05 16:30", "1h", "Mon 06-08 09:00"),
        ("CENG-5.2 Normal", CENG, "2026-06-08 10:00", "8h", "Tue 06-09 09:30"),
        ("CENG-1.3 C1", CENG, "2026-06-08 10:00", "1bd", "Tue 06-09 09:30"),
        ("CENG-1.2 King's Day", CENG, "2026-04-24 14:00", "8h", "Tue 04-28 13:30"),
        ("CENG-7.2 C21", CENG, "2026-03-20 10:00", "14 days", "Fri 04-03 10:00"),
        ("SIVO-7 Pro", SIVO, "2026-06-05 16:00", "4h", "Mon 06-08 11:00"),
        ("SIVO-7 DST", SIVO, "2026-03-27 16:00", "4h", "Mon 03-30 11:00"),
        ("SIVO-7 S19", SIVO, "2026-06-08 09:00", "48h", "Mon 06-15 12:00"),
        ("SIVO-6.3 S18", SIVO_ANSWER, "2026-07-30 10:00", "15bd", "Fri 08-21 00:00"),
        ("JUST-5 J10", SIVO_ANSWER, "2026-06-11 10:00", "5bd", "Fri 06-19 00:00"),
    ],
)
def test_worked_deadlines(term: str, calendar: Calendar, start: str, amount: str, expected: str) -> None:
    """The worked deadlines of the five agreements come out exactly (24:00 shows as the next day's 00:00)."""
    assert due(calendar, start, amount) == expected, term


def test_worked_notices() -> None:
    """48 hours before Saturday 22:00 is Thursday 22:00 (ROUS-5.1); Monday 11:00 is CEST (SIVO-7)."""
    always = compile_calendar("always", Always(ROUS.rule.zone), 2026, 2026)
    window_at = local(always, "2026-06-13 22:00")
    assert always.before(window_at, parse_amount("48h")) == local(always, "2026-06-11 22:00")
    found = SIVO.deadline(local(SIVO, "2026-03-27 16:00"), parse_amount("4h"))
    assert found == parse_instant("2026-03-30T09:00:00Z")


def test_closing_conventions() -> None:
    """A budget used up at closing stays there or moves to the next opening; until then nothing is late."""
    stay = ROUS
    moves = desk("Africa/Johannesburg", "Mon-Fri 09:00-17:00", closing="next opening", day=EIGHT_HOURS)
    friday, monday = local(stay, "2026-06-05 17:00"), local(stay, "2026-06-08 09:00")
    start = local(stay, "2026-06-05 16:00")
    for amount in (parse_amount("1h"), parse_amount("1/8 bd")):
        assert stay.deadline(start, amount) == friday
        assert moves.deadline(start, amount) == monday
        assert stay.last_in_time(start, amount) == moves.last_in_time(start, amount) == monday
    assert (stay.used_up(start, HOUR), moves.used_up(start, HOUR)) == ((friday, monday), (monday, monday))
    assert moves.deadline(friday, parse_amount("0h")) == monday
    assert stay.deadline(friday, parse_amount("0h")) == friday
    assert (stay.used_up(friday, 0), moves.used_up(friday, 0)) == ((friday, monday), (monday, monday))


def test_same_time_falls_back_to_an_opening_or_closing() -> None:
    """The same time becomes the closing before it on a day that has closed, the opening on one that will."""
    day = BusinessDay("same time")
    calendar = desk("UTC", "Mon-Thu 08:00-18:00, Fri 09:00-12:00 13:00-16:00", day=day)
    assert due(calendar, "2026-06-04 17:30", "1bd") == "Fri 06-05 16:00"
    assert due(calendar, "2026-06-04 12:30", "1bd") == "Fri 06-05 12:00"
    assert due(calendar, "2026-06-04 12:00", "1bd") == "Fri 06-05 12:00"
    assert due(calendar, "2026-06-04 08:10", "1bd") == "Fri 06-05 09:00"
    assert due(calendar, "2026-06-06 11:00", "1bd") == "Tue 06-09 08:00"
    assert due(calendar, "2026-06-04 10:15", "0bd") == "Thu 06-04 10:15"


def test_end_of_day_over_midnight() -> None:
    """A window over midnight belongs to the date it starts on, and that date closes when the window does."""
    calendar = desk("UTC", "Fri 22:00-02:00, Mon 09:00-10:00", day=BusinessDay("end of day"))
    assert due(calendar, "2026-06-04 10:00", "1bd") == "Sat 06-06 02:00"
    assert due(calendar, "2026-06-05 23:00", "1bd") == "Mon 06-08 10:00"
    start, end = local(calendar, "2026-06-04 10:00"), local(calendar, "2026-06-08 10:00")
    assert calendar.business_days(start, end) == 2


def test_civil_amounts() -> None:
    """Civil amounts keep the local time of day through a change of clocks and are clipped to the month."""
    assert due(CENG, "2026-03-28 10:00", "1 day") == "Sun 03-29 10:00"
    assert due(CENG, "2026-03-28 02:30", "1 day") == "Sun 03-29 03:30"
    assert due(CENG, "2026-01-31 10:00", "1 month") == "Sat 02-28 10:00"
    assert due(CENG, "2024-02-29 10:00", "1 year") == "Fri 02-28 10:00"
    assert due(CENG, "2026-06-05 10:00", "2 weeks") == "Fri 06-19 10:00"
    assert due(CENG, "2026-06-05 10:00", "0 days") == "Fri 06-05 10:00"


AMOUNTS = ("1bd", "3bd", "1 day", "14 days", "2 weeks", "1 month", "1 year", "90m", "5h")


@pytest.mark.parametrize("day", [EIGHT_HOURS, BusinessDay("end of day"), BusinessDay("same time")])
def test_before_inverts_deadline(day: BusinessDay) -> None:
    """The last instant from which an amount fits really fits, and no later one does.

    It may be the closing or the midnight just before which the amount still fits: people say 24:00.
    """
    rng = random.Random(7)
    calendar = desk("Europe/Amsterdam", "Mon-Thu 08:30-12:00 13:00-17:00, Fri 08:30-16:00", day=day)
    for _ in range(25):
        end = parse_instant("2025-02-01T00:00:00Z") + rng.randrange(0, 700 * DAY, 5 * MINUTE)
        for text in AMOUNTS:
            amount = parse_amount(text)
            last = calendar.before(end, amount)
            assert min(calendar.deadline(at, amount) for at in (last, last - 1)) <= end, (text, end)
            assert last == end or calendar.deadline(last + 1, amount) > end, (text, end)


def test_before_where_clocks_change() -> None:
    """Fourteen days before a time that the clocks skipped: any instant before the gap is in time."""
    amount = parse_amount("14 days")
    gap = parse_instant("2026-03-29T01:00:00Z")
    assert CENG.before(local(CENG, "2026-04-12 02:30"), amount) == gap - 1
    fold = local(CENG, "2026-10-25 02:30")
    assert CENG.before(local(CENG, "2026-11-08 02:30"), amount) == fold + HOUR


def test_business_days_count_the_deadline() -> None:
    """From a start to the deadline n business days later lie n business days."""
    rng = random.Random(11)
    calendar = desk("America/New_York", "Mon-Fri 09:00-24:00", day=BusinessDay("end of day"))
    for _ in range(200):
        start = parse_instant("2025-01-01T00:00:00Z") + rng.randrange(0, 900 * DAY)
        count = rng.randrange(1, 30)
        assert (
            calendar.business_days(start, calendar.deadline(start, Amount("business days", count))) == count
        )
    assert calendar.business_days(start, start - DAY) == 0


def test_overrides_replace_everything() -> None:
    """What is said of a date replaces its hours, breaks and holiday."""
    holiday = date(2026, 6, 5)
    holidays = frozenset([holiday])
    calendar = desk("UTC", "Mon-Fri 09:00-17:00", holidays=holidays, dates={holiday: "10:00-11:00"})
    assert calendar.elapsed(local(calendar, "2026-06-05 00:00"), local(calendar, "2026-06-06 00:00")) == HOUR
    closed = desk("UTC", "Mon-Fri 09:00-17:00", dates={holiday: "closed"})
    assert closed.next_opening(local(closed, "2026-06-04 17:00")) == local(closed, "2026-06-08 09:00")


def test_combinations() -> None:
    """Calendars combine as sets of instants, each part in its own zone; combined days are cut at midnight."""
    zones = {
        name: zone_named(name, 2026, 2026) for name in ("Asia/Kolkata", "Europe/London", "America/New_York")
    }
    offices = tuple(WeeklyRule(zone, parse_hours("Mon-Fri 09:00-17:00")) for zone in zones.values())
    utc = zone_named("UTC", 2026, 2026)
    end_of_day = BusinessDay("end of day")
    sun = compile_calendar("sun", Combined("union", offices, utc), 2026, 2026, business_day=end_of_day)
    parts = [compile_calendar("part", office, 2026, 2026) for office in offices]
    rng = random.Random(3)
    night = WeeklyRule(utc, parse_hours("daily 00:00-12:00"))
    less = compile_calendar("less", Combined("difference", (sun.rule, night), utc), 2026, 2026)
    both = compile_calendar("both", Combined("intersection", (sun.rule, night), utc), 2026, 2026)
    for _ in range(2000):
        at = parse_instant("2026-01-03T00:00:00Z") + rng.randrange(0, 360 * DAY)
        is_open = any(part.is_open(at) for part in parts)
        assert sun.is_open(at) == is_open
        assert less.is_open(at) == (is_open and at % DAY >= 12 * HOUR)
        assert both.is_open(at) == (is_open and at % DAY < 12 * HOUR)
    # New York closes at 21:00 UTC in June; the last hours of London lie inside its day.
    assert due(sun, "2026-06-04 10:00", "1bd") == "Fri 06-05 21:00"
    always = compile_calendar("always", Always(utc), 2026, 2026, business_day=end_of_day)
    assert due(always, "2026-06-05 10:00", "1bd") == "Sun 06-07 00:00"


def test_openings_and_closings() -> None:
    """The nearest openings and closings, from inside and from outside."""
    assert ROUS.is_open(local(ROUS, "2026-06-05 16:59"))
    assert not ROUS.is_open(local(ROUS, "2026-06-05 17:00"))
    inside, outside = local(ROUS, "2026-06-05 12:00"), local(ROUS, "2026-06-06 12:00")
    assert ROUS.next_opening(inside) == inside
    assert ROUS.next_opening(outside) == local(ROUS, "2026-06-08 09:00")
    assert ROUS.next_closing(inside) == ROUS.previous_closing(outside) == local(ROUS, "2026-06-05 17:00")
    assert ROUS.previous_opening(inside) == ROUS.previous_opening(outside) == local(ROUS, "2026-06-05 09:00")


def test_datetimes() -> None:
    """Aware datetimes in any zone go in, a length and a datetime in the zone of the first come out."""
    madrid = ZoneInfo("Europe/Madrid")
    start = datetime(2026, 3, 27, 16, tzinfo=madrid)
    assert SIVO.elapsed_between(start, datetime(2026, 3, 30, 11, tzinfo=madrid)) == timedelta(hours=4)
    found = SIVO.deadline_from(start, timedelta(hours=4))
    assert (found, found.tzinfo) == (datetime(2026, 3, 30, 11, tzinfo=madrid), madrid)
    assert SIVO.elapsed(instant_of(found), instant_of(start)) == -4 * HOUR
    moving = desk("UTC", "Mon-Fri 09:00-17:00", closing="next opening")
    assert moving.deadline_from(start, timedelta(hours=1)).isoformat() == "2026-03-27T17:00:00+01:00"
    assert moving.deadline_from(start, timedelta(hours=2)).isoformat() == "2026-03-30T11:00:00+02:00"
    for refused in (
        lambda: SIVO.elapsed_between(start, datetime(2026, 3, 30)),  # noqa: DTZ001 - the point
        lambda: SIVO.deadline_from(datetime(2026, 3, 30), timedelta(hours=1)),  # noqa: DTZ001 - the point
    ):
        with pytest.raises(ValueError, match="no time zone"):
            refused()


def at(text: str) -> int:
    return parse_instant(text)


@pytest.mark.parametrize(
    "question",
    [
        lambda c: c.elapsed(at("2023-12-01T00:00:00Z"), at("2026-06-05T00:00:00Z")),
        lambda c: c.elapsed(at("2026-06-05T00:00:00Z"), at("2029-06-05T00:00:00Z")),
        lambda c: c.elapsed_between(datetime_of(0), datetime_of(at("2026-06-05T00:00:00Z"))),
        lambda c: c.deadline(at("2029-06-05T00:00:00Z"), Amount("time", 0)),
        lambda c: c.deadline(at("2028-12-29T15:00:00Z"), Amount("time", 8 * HOUR)),
        lambda c: c.deadline_from(datetime_of(at("2028-12-29T15:00:00Z")), timedelta(hours=8)),
        lambda c: c.deadline(at("2028-12-29T15:00:00Z"), Amount("business days", 5)),
        lambda c: c.deadline(at("2028-12-29T15:00:00Z"), Amount("years", 1)),
        lambda c: c.deadline(at("2028-12-29T15:00:00Z"), Amount("years", 10**9)),
        lambda c: c.before(at("2028-12-29T15:00:00Z"), Amount("months", 10**9)),
        lambda c: c.last_in_time(at("2028-12-29T15:00:00Z"), Amount("time", 8 * HOUR)),
        lambda c: c.used_up(at("2028-12-29T15:00:00Z"), 8 * HOUR),
        lambda c: c.used_up(at("2029-06-05T00:00:00Z"), 0),
        lambda c: c.before(at("2024-01-01T12:00:00Z"), Amount("time", 8 * HOUR)),
        lambda c: c.before(at("2024-01-01T12:00:00Z"), Amount("days", 8)),
        lambda c: c.before(at("2024-01-01T12:00:00Z"), Amount("business days", 8)),
        lambda c: c.is_open(10**20),
        lambda c: c.next_opening(at("2028-12-31T15:00:00Z")),
        lambda c: c.next_closing(at("2028-12-31T15:00:00Z")),
        lambda c: c.previous_opening(at("2024-01-01T01:00:00Z")),
        lambda c: c.previous_closing(at("2024-01-01T01:00:00Z")),
        lambda c: c.business_days(0, 1),
    ],
)
def test_beyond_the_years(question: Callable[[Calendar], object]) -> None:
    """Questions and answers outside the compiled years are refused by name, with the years and a way out."""
    with pytest.raises(BeyondHorizon, match=r"calendar desk: .* outside the years 2024 to 2028.*widen"):
        question(INTG)


def test_refusals() -> None:
    """What a calendar does not define is refused, and so are rules that mean nothing."""
    start = local(SIVO, "2026-06-05 10:00")
    with pytest.raises(BusinessDayError, match="does not say what a business day is"):
        SIVO.deadline(start, parse_amount("1bd"))
    with pytest.raises(BusinessDayError, match="cannot be broken"):
        INTG.deadline(start, parse_amount("1/2 bd"))
    with pytest.raises(BusinessDayError, match="whole number"):
        ROUS.deadline(start, Amount("business days", Fraction(1, 7 * 10**6 * 8 * 3600)))
    utc = zone_named("UTC", 2026, 2026)
    for refused in (
        lambda: Window(-1, 5),
        lambda: Window(86_400, 86_401),
        lambda: Window(10, 10),
        lambda: Window(10, 86_411),
        lambda: BusinessDay("hours"),
        lambda: BusinessDay("hours", 0),
        lambda: BusinessDay("same time", 5),
        lambda: BusinessDay("someday"),  # type: ignore[arg-type]
        lambda: Combined("union", (), utc),
        lambda: Combined("sum", (Always(utc),), utc),  # type: ignore[arg-type]
        lambda: compile_calendar("odd", Always(utc), 2026, 2026, closing="later"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match=r"window|business day|calendars|closing"):
            refused()
    with pytest.raises(BeyondHorizon, match="2026 to 2026"):
        compile_calendar("odd", Always(utc), 2020, 2026)


def test_never_open() -> None:
    """A calendar that never opens has no elapsed time, no deadline and no business date."""
    rule = WeeklyRule(zone_named("UTC", 2024, 2028), CLOSED_WEEK)
    never = compile_calendar("desk", rule, 2024, 2028, business_day=BusinessDay("same time"))
    start = at("2026-06-05T00:00:00Z")
    assert never.elapsed(start, start + 100 * DAY) == 0
    assert never.dates.ordinals == []
    for amount in ("1h", "1bd"):
        with pytest.raises(BeyondHorizon):
            never.deadline(start, parse_amount(amount))
