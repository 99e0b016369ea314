"""Calendars over arrays: the answers of the scalar path for millions of rows. The one module with NumPy.

Instants and durations are int64 microseconds. Work goes in chunks that stay in the processor's cache.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from upheld.core.timeline.calendar import Calendar
from upheld.core.values.frozen import dataclass

Column: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

_CHUNK: Final = 1 << 15
# Tickets take many more calls of NumPy for a chunk, whose cost larger chunks share.
_TICKET_CHUNK: Final = 1 << 17
# A larger table leaves the cache; a coarser one with a comparison or two is then faster.
_MOST_CELLS: Final = 1 << 20
_COARSE_CELLS: Final = 1 << 18


class CalendarColumns:
    """A calendar made ready for arrays. BeyondHorizon names the first row that is outside its years."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._origin = calendar.start_at
        spans = calendar.spans
        starts, ends = (np.array(side, np.int64) - self._origin for side in (spans.starts, spans.ends))
        totals = np.cumsum(ends - starts, dtype=np.int64)
        edges = np.stack([starts, ends], axis=1).ravel()
        width = calendar.end_at - self._origin
        inside = np.arange(len(edges) + 1) % 2
        before = np.zeros(len(edges) + 1, np.int64)
        before[1::2] = totals - ends
        before[2::2] = totals
        opening = np.zeros(len(edges) + 1, np.int64)
        opening[0::2] = np.append(starts, -1)
        self._elapsed = _Lines(edges, before, inside, width)
        self._opening = _Lines(edges, opening, inside, width)
        self._total = int(totals[-1]) if len(totals) else 0
        if self._total:
            self._reached = _Lines(totals[:-1], ends - totals, np.ones_like(totals), self._total)

    @property
    def gridded(self) -> bool:
        """Whether all boundaries lie on a grid that is small enough to be the whole table."""
        return self._elapsed.gridded

    def elapsed(self, start_at: Column, end_at: Column) -> Column:
        """The open time in [start_at, end_at) of each row, as `Calendar.elapsed`."""
        result = np.empty(len(start_at), np.int64)
        for rows in _chunks(len(start_at), len(end_at)):
            out = result[rows]
            self._elapsed.values(self._relative(end_at[rows]), out)
            out -= self._elapsed.values(self._relative(start_at[rows]))
        return result

    def before(self, at: Column) -> Column:
        """The open time from the start of the years to each row: elapsed time is a difference of two."""
        result = np.empty(len(at), np.int64)
        for rows in _chunks(len(at)):
            self._elapsed.values(self._relative(at[rows]), result[rows])
        return result

    def deadline(self, start_at: Column, budget_us: Column) -> Column:
        """The deadline of each row, as `Calendar.deadline` of time. ValueError if a budget is negative."""
        result = np.empty(len(start_at), np.int64)
        # A budget used up at closing ends with its span (stay) or where the next one begins.
        back = 1 if self.calendar.closing == "stay" else 0
        for rows in _chunks(len(start_at), len(budget_us)):
            start, budget, out = start_at[rows], budget_us[rows], result[rows]
            if budget.min() < 0:
                raise ValueError("cannot advance by a negative amount")
            target = self._elapsed.values(self._relative(start))
            target += budget
            target -= back
            waits = budget == 0 if back else np.zeros(len(budget), np.bool_)
            late = (target >= self._total) & ~waits
            if late.any():
                raise self.calendar.beyond(int(start[late][0]), "a deadline from")
            if self._total:
                target[waits] = 0
                self._reached.values(target, out)
                out += self._origin + back
            if waits.any():
                out[waits] = start[waits]
        return result

    def is_open(self, at: Column) -> Mask:
        """Whether the calendar is open at each row."""
        result = np.empty(len(at), np.bool_)
        for rows in _chunks(len(at)):
            result[rows] = self._elapsed.flags(self._relative(at[rows]))
        return result

    def next_opening(self, at: Column) -> Column:
        """The first open instant from each row on, as `Calendar.next_opening`."""
        result = np.empty(len(at), np.int64)
        for rows in _chunks(len(at)):
            part, out = at[rows], result[rows]
            self._opening.values(self._relative(part), out)
            if out.min() < 0:
                raise self.calendar.beyond(int(part[out < 0][0]), "the opening after")
            out += self._origin
        return result

    def _relative(self, at: Column) -> Column:
        relative = at - self._origin
        # Before the origin is very large when read without its sign: one comparison checks both ends.
        width = self.calendar.end_at - self._origin
        if relative.view(np.uint64).max() > width:
            raise self.calendar.beyond(int(at[relative.view(np.uint64) > width][0]))
        return relative


class _Lines:
    """A function made of pieces over [0, width]: `base + flag x` on each.

    The piece is found by one division, in a table on a grid. If the greatest common divisor of all boundaries
    makes a small table, no cell holds a boundary; else the cells are as many as fit, and as many comparisons
    follow as a cell can hold boundaries (one, unless they are less than minutes apart).
    """

    def __init__(self, edges: Column, bases: Column, flags: Column, width: int) -> None:
        packed = (bases << 1) | flags
        finest = int(np.gcd.reduce(np.append(edges, width)))
        self.gridded = width // finest < _MOST_CELLS
        self._step = np.uint64(finest if self.gridded else -(-width // _COARSE_CELLS))
        cells = np.arange(width // int(self._step) + 1, dtype=np.int64) * int(self._step)
        pieces = np.searchsorted(edges, cells, "right")
        if self.gridded:
            self._packed = packed[pieces]
        else:
            self._packed = packed
            self._pieces_at = pieces
            self._edges = np.append(edges, width + 1)
            self._most = int(np.diff(np.append(pieces, len(edges))).max())

    def flags(self, x: Column) -> Mask:
        return (np.take(self._packed, self._pieces(x)) & 1).astype(np.bool_)

    def values(self, x: Column, out: Column | None = None) -> Column:
        pieces = self._pieces(x)
        out = np.empty(len(x), np.int64) if out is None else out
        np.take(self._packed, pieces, out=out, mode="clip")
        flags = np.bitwise_and(out, 1, out=pieces)
        out >>= 1
        flags *= x
        out += flags
        return out

    def _pieces(self, x: Column) -> Column:
        pieces = np.empty(len(x), np.int64)
        np.floor_divide(x.view(np.uint64), self._step, out=pieces.view(np.uint64))
        if not self.gridded:
            pieces = np.take(self._pieces_at, pieces)
            for _ in range(self._most):
                pieces += np.take(self._edges, pieces) <= x
        return pieces


class ClockEvent(IntEnum):
    """What a row of `clock_columns` says of its ticket; anything else that happened is OTHER."""

    OPENED = 0
    RESPONDED = 1
    PAUSED = 2
    RESUMED = 3
    RESOLVED = 4
    OTHER = 5


@dataclass(frozen=True, slots=True)
class ClockColumns:
    """One row per ticket. Where `ill_formed`, the columns mean nothing and the scalar path must judge.

    `response_us` is the time to the first response, `resolution_us` that to the resolution less the pauses;
    they are zero where `responded` or `resolved` is false.
    """

    response_us: Column
    responded: Mask
    resolution_us: Column
    resolved: Mask
    ill_formed: Mask


# Time to resolution without pauses is a signed sum of the time before each event: no pauses need be paired.
_SIGNS: Final = np.array([-1, 0, 1, -1, 1, 0], np.int64)
# A history is well formed while the running sum of these, after every event, is 8 (open), 9 (paused) or
# 11 (resolved): from each of them every event out of place leads elsewhere. It may wrap at 256: a first step
# astray has been seen by then.
_STEPS: Final = np.array([8, 0, 1, 255, 3, 0], np.uint8)
_STATES: Final = np.isin(np.arange(256), [8, 9, 11])


def clock_columns(
    columns: CalendarColumns, tickets: int, ticket: Column, event: NDArray[np.int8], at: Column
) -> ClockColumns:
    """Response and resolution times of many tickets from their events, as rows (ticket, event, instant).

    Tickets are numbered from 0. The rows of one ticket are in order of time; rows of different tickets may be
    mixed, but are fastest apart. A history is well formed if it opens once, first, its pauses alternate and
    end before it is resolved, it is resolved at most once, and its times do not go back; a ticket without
    events is not. ValueError for numbers outside the tickets or the events.
    """
    if not len(ticket) == len(event) == len(at):
        raise ValueError("ticket, event and instant columns differ in length")
    if len(ticket) and (ticket.min() < 0 or ticket.max() >= tickets):
        raise ValueError(f"a row is of a ticket outside 0 to {tickets - 1}")
    if len(event) and (event.min() < 0 or event.max() > ClockEvent.OTHER):
        raise ValueError("a row is of an unknown event")
    if len(ticket) and (ticket[1:] < ticket[:-1]).any():
        order = np.argsort(ticket, kind="stable")
        ticket, event, at = ticket[order], event[order], at[order]
    result = ClockColumns(
        np.zeros(tickets, np.int64),
        np.zeros(tickets, np.bool_),
        np.zeros(tickets, np.int64),
        np.zeros(tickets, np.bool_),
        np.ones(tickets, np.bool_),
    )
    for rows in _whole_tickets(ticket):
        _fill(result, columns, ticket[rows], event[rows], at[rows])
    return result


def _fill(
    result: ClockColumns, columns: CalendarColumns, ticket: Column, event: NDArray[np.int8], at: Column
) -> None:
    """Write the clocks of the tickets whose rows, all of them and in order, these are."""
    kind = event.astype(np.intp)  # once, or every look-up by it would
    firsts = np.flatnonzero(np.append(True, ticket[1:] != ticket[:-1]))
    present = ticket[firsts]
    first = np.repeat(firsts, np.diff(np.append(firsts, len(ticket))))
    result.ill_formed[present] = False
    result.ill_formed[ticket[_astray(firsts, first, kind, at)]] = True

    before = columns.before(at)
    answers = np.flatnonzero(kind == ClockEvent.RESPONDED)
    answers = answers[np.append(True, first[answers[1:]] != first[answers[:-1]])[: len(answers)]]
    answered = ticket[answers]
    result.response_us[answered] = before[answers] - before[first[answers]]
    result.responded[answered] = True

    result.resolved[ticket[kind == ClockEvent.RESOLVED]] = True
    before *= np.take(_SIGNS, kind)
    result.resolution_us[present] = np.add.reduceat(before, firsts) * result.resolved[present]


def _astray(firsts: Column, first: Column, kind: NDArray[np.intp], at: Column) -> Column:
    """The rows after which the history of their ticket is not well formed; `first` is its row for each."""
    steps = np.take(_STEPS, kind)
    state = np.cumsum(steps, dtype=np.uint8)
    state -= (state - steps)[first]
    bad = ~np.take(_STATES, state)
    back = np.append(False, at[1:] < at[:-1])
    back[firsts] = False
    return np.flatnonzero(bad | back)


def _whole_tickets(ticket: Column) -> Iterator[slice]:
    """Rows in chunks of which none breaks a ticket."""
    start = 0
    while start < len(ticket):
        last = ticket[min(start + _TICKET_CHUNK, len(ticket)) - 1]
        end = int(np.searchsorted(ticket, last, "right"))
        yield slice(start, end)
        start = end


def _chunks(length: int, *others: int) -> Iterator[slice]:
    if any(other != length for other in others):
        raise ValueError("columns differ in length")
    for start in range(0, length, _CHUNK):
        yield slice(start, start + _CHUNK)
