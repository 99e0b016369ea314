"""Millions of rows at once: elapsed time beside what NumPy itself can do, ticket clocks beside a loop."""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.desks import HOLIDAYS, broken_desk
from benchmarks.figure import Figure, Side, Sizes, race, time_text
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.columns import CalendarColumns, ClockEvent, clock_columns
from upheld.core.timeline.instant import DAY, SECOND, Duration

History: TypeAlias = list[tuple[int, int]]
"""The events of one ticket in order of time: what happened, and its instant."""

Clocks: TypeAlias = tuple[Duration | None, Duration | None]

_STORY: Final = (
    ClockEvent.OPENED,
    ClockEvent.RESPONDED,
    ClockEvent.PAUSED,
    ClockEvent.RESUMED,
    ClockEvent.OTHER,
    ClockEvent.PAUSED,
    ClockEvent.RESUMED,
    ClockEvent.RESOLVED,
)


def elapsed_rows_figures(sizes: Sizes) -> Iterable[Figure]:
    """Elapsed time over many rows, exact to the microsecond, on a calendar with breaks and clock changes."""
    calendar = broken_desk()
    columns = CalendarColumns(calendar)
    random = np.random.default_rng(20261123)
    start_at = _somewhen(calendar, random, sizes.rows)
    end_at = start_at + random.integers(0, 30 * DAY // SECOND, sizes.rows) * SECOND
    found = columns.elapsed(start_at[:1000], end_at[:1000]).tolist()
    pairs = zip(start_at[:1000].tolist(), end_at[:1000].tolist(), strict=True)
    assert found == [calendar.elapsed(start, end) for start, end in pairs]

    start_on, end_on = (side.astype("datetime64[us]").astype("datetime64[D]") for side in (start_at, end_at))
    week = np.busdaycalendar(holidays=[np.datetime64(on) for on in sorted(HOLIDAYS)])
    ours_s, busday_s, subtract_s = race(
        sizes.rounds,
        Side(lambda: columns.elapsed(start_at, end_at)),
        Side(lambda: np.busday_count(start_on, end_on, busdaycal=week)),
        Side(lambda: end_at - start_at),
    )
    work = f"elapsed over {sizes.rows:,} rows, breaks and DST, NumPy alone"
    rate = f"{sizes.rows / ours_s / 1e6:.0f} M rows/s"
    yield Figure(
        work,
        "at most",
        1,
        ours_s / busday_s,
        "numpy.busday_count, whole days only",
        f"{rate}: {time_text(ours_s)} beside {time_text(busday_s)}",
    )
    yield Figure(
        work,
        "at most",
        40,
        ours_s / subtract_s,
        "subtracting two arrays",
        f"{time_text(ours_s)} beside {time_text(subtract_s)}",
    )


def tickets_figure(sizes: Sizes) -> Figure:
    """Response and resolution with pauses of many tickets; the loop takes some, as each costs it the same."""
    calendar = broken_desk()
    columns = CalendarColumns(calendar)
    tickets = _tickets(calendar, sizes.tickets)
    few = min(sizes.looped_tickets, sizes.tickets)
    histories = tickets.histories(few)
    found = clock_columns(columns, sizes.tickets, *tickets)
    assert not found.ill_formed.any()
    arrays = zip(found.response_us[:few].tolist(), found.resolution_us[:few].tolist(), strict=True)
    assert list(arrays) == looped(calendar, histories)
    ours_s, loop_s = race(
        sizes.rounds,
        Side(lambda: clock_columns(columns, sizes.tickets, *tickets), sizes.tickets),
        Side(lambda: looped(calendar, histories), few),
    )
    return Figure(
        f"{sizes.tickets:,} tickets × {len(_STORY)} events: response and resolution with pauses",
        "at least",
        15,
        loop_s / ours_s,
        "a loop over the tickets, same calendar",
        f"{1 / ours_s / 1e6:.1f} M tickets/s; a ticket {time_text(ours_s)} beside {time_text(loop_s)}",
    )


def looped(calendar: Calendar, histories: list[History]) -> list[Clocks | None]:
    """Response and resolution of each ticket, written as one writes it without arrays: one look-up an event.

    None for a history that is not well formed, as the arrays tell it.
    """
    before = calendar.spans.axis.before
    found: list[Clocks | None] = []
    for history in histories:
        response: Duration | None = None
        resolution: Duration | None = None
        opened = paused = waited = 0
        state, last_at, well_formed = _NEW, history[0][1], True
        for event, at in history:
            was, well_formed = state, well_formed and at >= last_at
            last_at = at
            if event == _OPENED:
                opened, state = before(at), _OPEN
                well_formed = well_formed and was == _NEW
            elif event == _RESPONDED:
                if response is None:
                    response = before(at) - opened
            elif event == _PAUSED:
                paused, state = before(at), _PAUSE
                well_formed = well_formed and was == _OPEN
            elif event == _RESUMED:
                waited, state = waited + before(at) - paused, _OPEN
                well_formed = well_formed and was == _PAUSE
            elif event == _RESOLVED:
                resolution, state = before(at) - opened - waited, _DONE
                well_formed = well_formed and was == _OPEN
        found.append((response, resolution) if well_formed and state != _NEW else None)
    return found


# Plain integers: comparing with the members of an enumeration would slow the loop down, and only the loop.
_OPENED, _RESPONDED, _PAUSED, _RESUMED, _RESOLVED = (int(event) for event in list(ClockEvent)[:5])
_NEW, _OPEN, _PAUSE, _DONE = range(4)


class _Tickets(NamedTuple):
    """Rows of events, those of one ticket together and in order of time."""

    ticket: NDArray[np.int64]
    event: NDArray[np.int8]
    at: NDArray[np.int64]

    def histories(self, count: int) -> list[History]:
        """The first so many tickets as a loop wants them."""
        rows = list(zip(self.event[: count * len(_STORY)].tolist(), self.at.tolist(), strict=False))
        return [rows[i : i + len(_STORY)] for i in range(0, len(rows), len(_STORY))]


def _tickets(calendar: Calendar, count: int) -> _Tickets:
    random = np.random.default_rng(20261123)
    gaps = random.integers(60, 2 * 86_400, (count, len(_STORY))) * SECOND
    gaps[:, 0] = 0
    at = _somewhen(calendar, random, count)[:, None] + np.cumsum(gaps, axis=1)
    ticket = np.repeat(np.arange(count, dtype=np.int64), len(_STORY))
    return _Tickets(ticket, np.tile(np.array(_STORY, np.int8), count), at.ravel())


def _somewhen(calendar: Calendar, random: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Instants on a whole second anywhere in the years but their last weeks."""
    low, high = calendar.start_at // SECOND, (calendar.end_at - 60 * DAY) // SECOND
    return random.integers(low, high, count) * SECOND
