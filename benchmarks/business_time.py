"""One elapsed time, one deadline and the compiling of years, beside the libraries that answer the same."""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from importlib import import_module
from typing import Any, TypeAlias

from benchmarks.desks import (
    CLOSES_H,
    HOLIDAYS,
    LAST_YEAR,
    OPENS_H,
    broken_desk,
    moments,
    plain_desk,
)
from benchmarks.figure import Figure, Side, Sizes, race, time_text

Pairs: TypeAlias = list[tuple[datetime, datetime]]
Elapsed: TypeAlias = Callable[[datetime, datetime], timedelta]

REACH_AT_DAYS = {5: 10, 30: 40, 365: 300}
FLAT_WITHIN = 1.5


def elapsed_figures(sizes: Sizes) -> Iterable[Figure]:
    """One elapsed time of aware datetimes at three spans, and how flat ours is in the span."""
    ours = plain_desk().elapsed_between
    peers = {"businesstimedelta": _businesstimedelta(), "business-duration": _business_duration()}
    pairs = {days: moments(sizes.pairs, days) for days in REACH_AT_DAYS}
    for days, reach in REACH_AT_DAYS.items():
        expected = _all(ours, pairs[days])
        for name, peer in peers.items():
            assert _all(peer, pairs[days]) == expected, f"{name} gives other answers: its time says nothing"
        sides = [
            _side(ours, pairs[days], sizes.repeats),
            *(_side(peer, pairs[days]) for peer in peers.values()),
        ]
        ours_s, *peers_s = race(sizes.rounds, *sides)
        fastest_s = min(peers_s)
        name = list(peers)[peers_s.index(fastest_s)]
        yield Figure(
            f"one elapsed, aware datetimes {days} days apart",
            "at least",
            reach,
            fastest_s / ours_s,
            f"{name}, the fastest",
            f"{time_text(ours_s)} beside {time_text(fastest_s)}",
        )
    short_s, long_s = race(sizes.rounds, *(_side(ours, pairs[days], sizes.repeats) for days in (5, 365)))
    yield Figure(
        "one elapsed a year apart: flat in the span",
        "at most",
        FLAT_WITHIN,
        long_s / short_s,
        "the same 5 days apart",
        f"{time_text(long_s)} beside {time_text(short_s)}",
    )


def deadline_figure(sizes: Sizes) -> Figure:
    """One deadline of an aware datetime.

    The peer adds whole hours only, and moves a deadline exactly at closing to the next opening; the budgets
    are no multiple of a day's hours, so that none falls there.
    """
    pandas: Any = import_module("pandas")
    budgets_h = (1, 2, 4, 7, 9, 11, 20, 39)
    adds = {
        each: pandas.offsets.CustomBusinessHour(
            n=each, start=f"{OPENS_H:02}:00", end=f"{CLOSES_H:02}:00", holidays=sorted(HOLIDAYS)
        )
        for each in budgets_h
    }
    deadline = plain_desk().deadline_from
    hours = [budgets_h[i % len(budgets_h)] for i in range(sizes.pairs)]
    starts_at = [start_at for start_at, _ in moments(sizes.pairs, 1)]
    ours = [(start_at, timedelta(hours=each)) for start_at, each in zip(starts_at, hours, strict=True)]
    theirs = [(start_at, adds[each]) for start_at, each in zip(starts_at, hours, strict=True)]
    assert [deadline(start_at, budget) for start_at, budget in ours] == [at + add for at, add in theirs]
    ours_s, peer_s = race(
        sizes.rounds,
        Side(
            lambda: [deadline(start_at, budget) for _ in range(sizes.repeats) for start_at, budget in ours],
            sizes.pairs * sizes.repeats,
        ),
        Side(lambda: [at + add for at, add in theirs], sizes.pairs),
    )
    return Figure(
        "one deadline, aware datetimes",
        "at least",
        20,
        peer_s / ours_s,
        "pandas CustomBusinessHour",
        f"{time_text(ours_s)} beside {time_text(peer_s)}",
    )


def compile_figure(sizes: Sizes) -> Figure:
    """Eleven years of a calendar with breaks and holidays compiled, from its texts on."""
    first_year = LAST_YEAR + 1 - sizes.years
    zone = import_module("pytz").timezone("Europe/Amsterdam")
    start_at = zone.localize(datetime(first_year, 1, 1, 12))  # noqa: DTZ001 - the zone is added around it
    end_at = zone.localize(datetime(LAST_YEAR, 12, 31, 12))  # noqa: DTZ001
    peer = _businesstimedelta(zone, has_breaks=True)
    assert broken_desk(first_year=first_year).elapsed_between(start_at, end_at) == peer(start_at, end_at)
    ours_s, peer_s = race(
        sizes.rounds, Side(lambda: broken_desk(first_year=first_year)), Side(lambda: peer(start_at, end_at))
    )
    return Figure(
        f"{sizes.years} years of a calendar with breaks and holidays compiled",
        "at most",
        1,
        ours_s / peer_s,
        f"one elapsed over {sizes.years} years by businesstimedelta",
        f"{time_text(ours_s)} beside {time_text(peer_s)}",
    )


def _businesstimedelta(zone: Any = None, *, has_breaks: bool = False) -> Elapsed:
    library: Any = import_module("businesstimedelta")
    zone = zone or import_module("pytz").utc
    parts = [
        library.WorkDayRule(time(OPENS_H), time(CLOSES_H), [0, 1, 2, 3, 4], tz=zone),
        library.HolidayRule(HOLIDAYS, tz=zone),
    ]
    if has_breaks:
        parts.append(library.LunchTimeRule(time(12), time(12, 30), [0, 1, 2, 3, 4], tz=zone))
    rules = library.Rules(parts)

    def elapsed(start_at: datetime, end_at: datetime) -> timedelta:
        length: timedelta = rules.difference(start_at, end_at).timedelta
        return length

    return elapsed


def _business_duration() -> Elapsed:
    duration: Any = import_module("business_duration").businessDuration
    opens, closes = time(OPENS_H), time(CLOSES_H)

    def elapsed(start_at: datetime, end_at: datetime) -> timedelta:
        return timedelta(seconds=duration(start_at, end_at, opens, closes, holidaylist=HOLIDAYS, unit="sec"))

    return elapsed


def _all(elapsed: Elapsed, pairs: Pairs) -> list[timedelta]:
    return [elapsed(start_at, end_at) for start_at, end_at in pairs]


def _side(elapsed: Elapsed, pairs: Pairs, repeats: int = 1) -> Side:
    return Side(lambda: [_all(elapsed, pairs) for _ in range(repeats)], len(pairs) * repeats)
