"""Arrays give the scalar answers."""

from datetime import date

import numpy as np
import pytest

from upheld.core.timeline.calendar import Always, BeyondHorizon, Calendar, WeeklyRule, compile_calendar
from upheld.core.timeline.columns import CalendarColumns, ClockEvent, clock_columns
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND
from upheld.core.timeline.opening import CLOSED_WEEK, Window
from upheld.core.values.amount import Amount
from upheld.language.hours import parse_hours
from upheld.language.zones import zone_named


def calendar_of(kind: str, closing: str = "stay") -> Calendar:
    zone = zone_named("Europe/Amsterdam", 2020, 2030)
    week = {
        "gridded": parse_hours("Mon-Fri 08:30-12:00 12:30-17:00, Sat 22:00-02:00"),
        "odd": ((Window(30_607, 61_200),),) * 5 + ((), ()),  # odd seconds make the grid too fine
        "always": parse_hours("daily 00:00-24:00"),
    }[kind]
    holidays = frozenset({date(2026, 4, 27), date(2025, 12, 25)})
    rule = WeeklyRule(zone, week, holidays=holidays)
    return compile_calendar(kind, rule, 2020, 2030, closing=closing)  # type: ignore[arg-type]


def instants(calendar: Calendar, rng: np.random.Generator, rows: int) -> np.ndarray:
    """Random instants, boundaries and their neighbours, and the ends of the years."""
    edges = np.array([*calendar.spans.starts, *calendar.spans.ends], np.int64)
    near = rng.choice(edges, rows) + rng.integers(-1, 2, rows)
    anywhere = rng.integers(calendar.start_at, calendar.end_at - 40 * DAY, rows)
    return np.clip(np.where(rng.random(rows) < 0.5, near, anywhere), calendar.start_at, calendar.end_at)


@pytest.mark.parametrize("kind", ["gridded", "odd", "always"])
@pytest.mark.parametrize("closing", ["stay", "next opening"])
def test_columns_are_the_scalar_path(kind: str, closing: str) -> None:
    """Arrays give the scalar answers, on a grid of all boundaries and without, at boundaries too."""
    calendar = calendar_of(kind, closing)
    columns = CalendarColumns(calendar)
    assert columns.gridded == (kind != "odd")
    rng = np.random.default_rng(5)
    starts, ends = instants(calendar, rng, 3000), instants(calendar, rng, 3000)
    found = columns.elapsed(starts, ends)
    assert found.tolist() == [
        calendar.elapsed(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    assert (columns.before(ends) - columns.before(starts)).tolist() == found.tolist()
    assert columns.is_open(starts[starts < calendar.end_at]).tolist() == [
        calendar.is_open(a) for a in starts.tolist() if a < calendar.end_at
    ]
    early = np.minimum(starts, calendar.end_at - 40 * DAY)
    assert columns.next_opening(early).tolist() == [calendar.next_opening(a) for a in early.tolist()]
    budgets = rng.choice([0, 1, HOUR, 8 * HOUR, 17 * HOUR // 2, 90 * MINUTE, 20 * HOUR + 1], len(early))
    assert columns.deadline(early, budgets).tolist() == [
        calendar.deadline(a, Amount("time", budget))
        for a, budget in zip(early.tolist(), budgets.tolist(), strict=True)
    ]


def test_more_rows_than_a_chunk() -> None:
    """Rows beyond the first chunk are answered like the first."""
    columns = CalendarColumns(calendar_of("gridded"))
    starts = np.full(100_001, columns.calendar.start_at + 100 * DAY)
    found = columns.elapsed(starts, starts + 7 * DAY)
    assert set(found.tolist()) == {44 * HOUR}
    assert len(columns.elapsed(starts[:0], starts[:0])) == 0


def test_rows_beyond_the_years() -> None:
    """One row outside the years refuses the question and is named."""
    calendar = calendar_of("gridded")
    columns = CalendarColumns(calendar)
    good = np.full(5, calendar.start_at)
    for outside in (calendar.start_at - 1, calendar.end_at + 1, -(2**62), 2**62):
        bad = good.copy()
        bad[3] = outside
        for question in (
            lambda rows: columns.elapsed(good, rows),
            lambda rows: columns.elapsed(rows, good),
            columns.is_open,
            columns.next_opening,
            columns.before,
            lambda rows: columns.deadline(rows, np.zeros(5, np.int64)),
        ):
            with pytest.raises(BeyondHorizon, match="calendar gridded"):
                question(bad)
    last = np.full(5, calendar.end_at - 1)
    with pytest.raises(BeyondHorizon, match="a deadline from 2030-12-31"):
        columns.deadline(last, np.full(5, HOUR))
    with pytest.raises(BeyondHorizon, match="the opening after 2030-12-31"):
        columns.next_opening(last)
    with pytest.raises(ValueError, match="negative"):
        columns.deadline(good, np.full(5, -1))
    with pytest.raises(ValueError, match="length"):
        columns.elapsed(good, good[:2])


def test_calendars_without_boundaries() -> None:
    """A calendar that is always or never open works on arrays too."""
    zone = zone_named("UTC", 2026, 2026)
    always = CalendarColumns(compile_calendar("always", Always(zone), 2026, 2026))
    never = CalendarColumns(compile_calendar("never", WeeklyRule(zone, CLOSED_WEEK), 2026, 2026))
    rows = np.array([always.calendar.start_at, always.calendar.start_at + DAY])
    assert always.elapsed(rows[:1], rows[1:]).tolist() == [DAY]
    assert always.deadline(rows, np.array([5, 0])).tolist() == [rows[0] + 5, rows[1]]
    assert never.elapsed(rows[:1], rows[1:]).tolist() == [0]
    assert never.deadline(rows, np.array([0, 0])).tolist() == rows.tolist()
    for refused in (lambda: never.deadline(rows, rows), lambda: never.next_opening(rows)):
        with pytest.raises(BeyondHorizon):
            refused()


def judged(calendar: Calendar, events: list[tuple[int, int]]) -> tuple[bool, int | None, int | None]:
    """The slow judge of one history: whether it is well formed, its response, its resolution less pauses."""
    opened = response = resolution = paused = None
    waited = 0
    for i, (event, at) in enumerate(events):
        if i and at < events[i - 1][1]:
            return False, None, None
        if (event == ClockEvent.OPENED) != (i == 0):
            return False, None, None
        if event == ClockEvent.OPENED:
            opened = at
        elif event == ClockEvent.RESPONDED and response is None:
            response = calendar.elapsed(opened, at)
        elif event == ClockEvent.PAUSED:
            if paused is not None or resolution is not None:
                return False, None, None
            paused = at
        elif event == ClockEvent.RESUMED:
            if paused is None:
                return False, None, None
            waited += calendar.elapsed(paused, at)
            paused = None
        elif event == ClockEvent.RESOLVED:
            if paused is not None or resolution is not None:
                return False, None, None
            resolution = calendar.elapsed(opened, at) - waited
    return bool(events), response, resolution


@pytest.mark.parametrize("mixed", [False, True])
def test_clock_columns(mixed: bool) -> None:
    """Many histories come out as from the slow judge, and the ill-formed are those it refuses."""
    calendar = calendar_of("gridded")
    rng = np.random.default_rng(9)
    tickets = 4000
    usual = [
        ClockEvent.OPENED,
        ClockEvent.RESPONDED,
        ClockEvent.PAUSED,
        ClockEvent.RESUMED,
        ClockEvent.RESOLVED,
    ]
    histories: list[list[tuple[int, int]]] = []
    for _ in range(tickets):
        events = [e for e in usual if rng.random() < 0.9]
        if rng.random() < 0.4:
            events.insert(int(rng.integers(0, len(events) + 1)), ClockEvent(int(rng.integers(0, 6))))
        at = calendar.start_at + 200 * DAY + rng.integers(0, 30 * DAY, len(events)) // SECOND * SECOND
        at = at if rng.random() < 0.1 else np.sort(at)
        histories.append([(int(e), int(a)) for e, a in zip(events, at, strict=True)])
    rows = [(i, e, a) for i, history in enumerate(histories) for e, a in history]
    if mixed:  # tickets mixed, each still in its own order
        waiting = [iter([(i, e, a) for e, a in history]) for i, history in enumerate(histories)]
        rows = [next(waiting[i]) for i in rng.permutation([row[0] for row in rows]).tolist()]
    ticket, event, at = (np.array(side) for side in zip(*rows, strict=True))
    found = clock_columns(CalendarColumns(calendar), tickets, ticket, event.astype(np.int8), at)
    verdicts = [judged(calendar, history) for history in histories]
    assert (~found.ill_formed).tolist() == [well for well, _, _ in verdicts]
    assert 0.2 < found.ill_formed.mean() < 0.8
    for i, (well, response, resolution) in enumerate(verdicts):
        if well:
            assert found.responded[i] == (response is not None)
            assert found.resolved[i] == (resolution is not None)
            assert found.response_us[i] == (response or 0)
            assert found.resolution_us[i] == (resolution or 0)


def test_refused_clock_columns() -> None:
    """Rows of unknown tickets or events and uneven columns are refused; no rows are no histories."""
    columns = CalendarColumns(calendar_of("gridded"))
    at = np.full(2, columns.calendar.start_at)
    tickets, events = np.array([0, 1]), np.array([0, 0], np.int8)
    for ticket, event, instant, why in (
        (np.array([0, 2]), events, at, "outside 0 to 1"),
        (np.array([-1, 1]), events, at, "outside 0 to 1"),
        (tickets, np.array([0, 6], np.int8), at, "unknown event"),
        (tickets, events, at[:1], "length"),
    ):
        with pytest.raises(ValueError, match=why):
            clock_columns(columns, 2, ticket, event, instant)
    empty = clock_columns(columns, 2, tickets[:0], events[:0], at[:0])
    assert empty.ill_formed.all()
    assert not empty.responded.any()
