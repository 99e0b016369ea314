"""Slice counts, run-length: so many slices in a row with equal counts. Sums of them are runs again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from upheld.core.measuring.observation import Run
from upheld.core.timeline.instant import Duration
from upheld.core.timeline.spans import Spans

Integers = NDArray[np.int64]


class Runs(NamedTuple):
    """Runs of any number of streams: which stream each is of, and what `Run` says. In order, disjoint."""

    stream: Integers
    first: Integers
    slices: Integers
    total: Integers
    good: Integers

    @property
    def size(self) -> int:
        """How many runs there are."""
        return len(self.stream)

    def pieces(self) -> Iterator[tuple[int, Runs]]:
        """The runs of each stream."""
        edges = np.flatnonzero(np.diff(self.stream)) + 1
        bounds = [0, *edges.tolist(), len(self.stream)] if len(self.stream) else [0]
        for start, end in pairwise(bounds):
            yield int(self.stream[start]), self.cut(start, end)

    def cut(self, start: int, end: int) -> Runs:
        """Those from a number on up to another."""
        return Runs(*(column[start:end] for column in self))

    def of(self, stream: int) -> Runs:
        """Those of one stream."""
        start, end = np.searchsorted(self.stream, [stream, stream + 1]).tolist()
        return self.cut(start, end)

    def within(self, first: int, end: int) -> Runs:
        """The slices of one stream from `first` on and before `end`."""
        ends = self.first + self.slices
        low = int(np.searchsorted(ends, first, side="right"))
        high = max(low, int(np.searchsorted(self.first, end)))
        found = self.cut(low, high)
        starts = np.maximum(found.first, first)
        return found._replace(first=starts, slices=np.minimum(ends[low:high], end) - starts)

    def values(self) -> tuple[Run, ...]:
        """As core has them."""
        return tuple(map(Run, *(column.tolist() for column in self[1:])))


def of_slices(stream: Any, number: Any, total: Any, good: Any) -> Runs:
    """The runs of slices that stand in order, each slice once."""
    columns = [np.asarray(column, np.int64) for column in (stream, number, total, good)]
    stream, number, total, good = columns
    if not len(stream):
        return Runs(stream, number, number, total, good)
    new = (stream[1:] != stream[:-1]) | (number[1:] != number[:-1] + 1)
    new |= (total[1:] != total[:-1]) | (good[1:] != good[:-1])
    starts = np.concatenate(([0], np.flatnonzero(new) + 1))
    return Runs(
        stream[starts], number[starts], np.diff(starts, append=len(stream)), total[starts], good[starts]
    )


NO_RUNS = of_slices([], [], [], [])


def summed(many: Sequence[Runs]) -> Runs:
    """The sums of counts, slice by slice, as the fewest runs. A slice is there if it is in any of them."""
    some = [runs for runs in many if runs.size]
    if not some:
        return NO_RUNS
    stream, first, slices, total, good = (np.concatenate(columns) for columns in zip(*some, strict=True))
    streams = np.concatenate((stream, stream))
    at = np.concatenate((first, first + slices))
    order = np.lexsort((at, streams))
    streams, at = streams[order], at[order]
    one = np.ones(len(first), np.int64)
    steps = [np.cumsum(np.concatenate((step, -step))[order]) for step in (one, total, good)]
    last = np.ones(len(at), bool)
    last[:-1] = (at[1:] != at[:-1]) | (streams[1:] != streams[:-1])
    ends = np.flatnonzero(last)
    streams, at = streams[ends], at[ends]
    depth, total, good = (step[ends] for step in steps)
    here = np.flatnonzero(depth[:-1] > 0)
    found = Runs(streams[here], at[here], at[here + 1] - at[here], total[here], good[here])
    return _merged(found)


def _merged(runs: Runs) -> Runs:
    """Neighbours with equal counts as one run."""
    ends = runs.first + runs.slices
    new = (runs.stream[1:] != runs.stream[:-1]) | (runs.first[1:] != ends[:-1])
    new |= (runs.total[1:] != runs.total[:-1]) | (runs.good[1:] != runs.good[:-1])
    if new.all():
        return runs
    starts = np.concatenate(([0], np.flatnonzero(new) + 1))
    lasts = np.append(starts[1:], len(ends)) - 1
    cut = Runs(*(column[starts] for column in runs))
    return cut._replace(slices=ends[lasts] - cut.first)


class Rows(NamedTuple):
    """Rows of one stream in order of time. A check counts 1, and good if it is known to be; `until` its `at`.

    `latency` is -1 where there is none.
    """

    at: Integers
    until: Integers
    total: Integers
    good: Integers
    latency: Integers

    def chosen(self, which: Any) -> Rows:
        """Some of the rows."""
        return Rows(*(column[which] for column in self))

    def counted(self, slice_us: Duration) -> Runs:
        """The rows as slices, each in the slice of its `at`."""
        if not len(self.at):
            return NO_RUNS
        number = self.at // slice_us
        starts = np.concatenate(([0], np.flatnonzero(number[1:] != number[:-1]) + 1))
        total, good = (np.add.reduceat(column, starts) for column in (self.total, self.good))
        return of_slices(np.zeros(len(starts)), number[starts], total, good)


NO_ROWS = Rows(*(np.empty(0, np.int64) for _ in Rows._fields))


def outside(rows: Rows, spans: Spans) -> Rows:
    """The rows that lie outside `spans`; a count whose time touches them does not."""
    if not spans:
        return rows
    starts, ends = np.array(spans.starts), np.array(spans.ends)
    # The first span that ends after the row begins must not begin before the row ends.
    following = np.searchsorted(ends, rows.at, side="right")
    begins = np.append(starts, np.iinfo(np.int64).max)[following]
    return rows.chosen(np.maximum(rows.until, rows.at + 1) <= begins)
