"""Sets of half-open intervals on one axis of integers: the algebra that all of time is written in.

Calendars, pauses, outages, maintenance and gaps in the data are all `Spans`; elapsed time is a length, a
deadline the inverse of a running length.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from operator import lt, sub
from typing import ClassVar, NamedTuple

from upheld.core.values.frozen import dataclass, field


class Axis(NamedTuple):
    """A set read as a measuring axis: how much of it lies before an instant, by one bisection.

    With `i` edges at or before `t`, the length before `t` is `table[i] + t` for odd `i` (inside a span) and
    `table[i]` for even `i` (outside). `totals[k]` is the length up to the end of span `k`.
    """

    edges: list[int]
    table: list[int]
    totals: list[int]

    def before(self, at: int) -> int:
        """The length of the set before `at`."""
        i = bisect_right(self.edges, at)
        return self.table[i] + at if i & 1 else self.table[i]


@dataclass(frozen=True, slots=True)
class Spans:
    """A canonical set of half-open intervals: sorted, disjoint, not touching. Build it with `Spans.of`.

    The constructor itself trusts its arguments to be canonical.
    """

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    _axis: Axis | None = field(default=None, init=False, repr=False, compare=False)

    empty: ClassVar["Spans"]

    @classmethod
    def of(cls, intervals: Iterable[tuple[int, int]]) -> "Spans":
        """The union of (start, end) pairs in any order; empty ones vanish. ValueError if one is reversed."""
        starts: list[int] = []
        ends: list[int] = []
        for start, end in sorted(intervals):
            if end <= start:
                if end < start:
                    raise ValueError(f"an interval ends at {end}, before its start at {start}")
                continue
            if ends and start <= ends[-1]:
                if end > ends[-1]:
                    ends[-1] = end
            else:
                starts.append(start)
                ends.append(end)
        return cls(tuple(starts), tuple(ends))

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.starts, self.ends, strict=True)

    def __len__(self) -> int:
        return len(self.starts)

    def __contains__(self, at: object) -> bool:
        return isinstance(at, int) and bisect_right(self.axis.edges, at) & 1 == 1

    def __repr__(self) -> str:
        return f"Spans.of([{', '.join(f'({start}, {end})' for start, end in self)}])"

    def __or__(self, other: "Spans") -> "Spans":
        if not other:
            return self
        # Two sorted runs one after the other: the sort inside `of` merges them in linear time.
        return Spans.of(chain(self, other)) if self else other

    def __and__(self, other: "Spans") -> "Spans":
        small, large = (self, other) if len(self) <= len(other) else (other, self)
        if not small:
            return Spans.empty
        # A short set against eleven years of a calendar must not cost eleven years.
        large = large.clip(small.starts[0], small.ends[-1])
        # The names of a function are read several times as quickly as fields, and this loop is a long one.
        one_starts, one_ends, count = small.starts, small.ends, len(small.starts)
        other_starts, other_ends, other_count = large.starts, large.ends, len(large.starts)
        starts: list[int] = []
        ends: list[int] = []
        i = j = 0
        while i < count and j < other_count:
            one_end, other_end = one_ends[i], other_ends[j]
            start = one_starts[i] if one_starts[i] > other_starts[j] else other_starts[j]
            end = one_end if one_end < other_end else other_end
            if start < end:
                starts.append(start)
                ends.append(end)
            if one_end <= other_end:
                i += 1
            else:
                j += 1
        return Spans(tuple(starts), tuple(ends))

    def __sub__(self, other: "Spans") -> "Spans":
        if not self or not other:
            return self
        return self & other.complement(self.starts[0], self.ends[-1])

    def complement(self, start: int, end: int) -> "Spans":
        """What the set leaves of [start, end)."""
        if end <= start:
            return Spans.empty
        inside = self.clip(start, end)
        if not inside:
            return Spans((start,), (end,))
        starts = inside.ends if inside.starts[0] == start else (start, *inside.ends)
        ends = inside.starts[1:] if inside.starts[0] == start else inside.starts
        return Spans(starts[:-1], ends) if inside.ends[-1] == end else Spans(starts, (*ends, end))

    @staticmethod
    def overlay(sets: Iterable["Spans"], at_least: int) -> "Spans":
        """Where at least that many of the sets hold at once (k of n). ValueError if that is below one."""
        if at_least < 1:
            raise ValueError(f"an overlay needs at least one set, not {at_least}")
        steps: dict[int, int] = {}
        for spans in sets:
            for start, end in spans:
                steps[start] = steps.get(start, 0) + 1
                steps[end] = steps.get(end, 0) - 1
        starts: list[int] = []
        ends: list[int] = []
        depth = 0
        for at in sorted(steps):
            before, depth = depth, depth + steps[at]
            if before < at_least <= depth:
                starts.append(at)
            elif depth < at_least <= before:
                ends.append(at)
        return Spans(tuple(starts), tuple(ends))

    def runs(self, at_least: int, slice_length: int) -> "Spans":
        """Of a set made of equal slices, the runs of adjacent slices that are at least so many long.

        A run is kept whole (SIVO/S4). ValueError unless both numbers are positive.
        """
        if at_least < 1 or slice_length < 1:
            raise ValueError(f"a run needs positive numbers, not {at_least} slices of {slice_length}")
        kept = [(start, end) for start, end in self if end - start >= at_least * slice_length]
        return Spans(tuple(start for start, _ in kept), tuple(end for _, end in kept))

    def clip(self, start: int, end: int) -> "Spans":
        """The part inside [start, end)."""
        low = bisect_right(self.ends, start)
        high = bisect_left(self.starts, end)
        if low >= high or end <= start:
            return Spans.empty
        starts, ends = self.starts[low:high], self.ends[low:high]
        if starts[0] < start:
            starts = (start, *starts[1:])
        if ends[-1] > end:
            ends = (*ends[:-1], end)
        return Spans(starts, ends)

    def shift(self, by: int) -> "Spans":
        """The same set, later by so much (earlier if negative)."""
        return Spans(tuple(at + by for at in self.starts), tuple(at + by for at in self.ends))

    @property
    def length(self) -> int:
        """The total length."""
        return sum(self.ends) - sum(self.starts)

    @property
    def axis(self) -> Axis:
        """The set as a measuring axis, made on first use and kept."""
        if self._axis is not None:
            return self._axis
        assert all(map(lt, self.starts, self.ends)), "the set is not canonical"
        totals = list(accumulate(map(sub, self.ends, self.starts)))
        table = [0, *chain.from_iterable(zip(map(sub, totals, self.ends), totals, strict=True))]
        edges = list(chain.from_iterable(zip(self.starts, self.ends, strict=True)))
        axis = Axis(edges, table, totals)
        object.__setattr__(self, "_axis", axis)
        return axis

    def measure(self, start: int, end: int) -> int:
        """The length inside [start, end), in O(log n); negative if the end is before the start."""
        before = self.axis.before
        return before(end) - before(start)

    def advance(self, start: int, amount: int) -> int | None:
        """The earliest instant from `start` on by which `amount` has passed; None if the set runs out.

        ValueError if the amount is negative.
        """
        if amount <= 0:
            if amount < 0:
                raise ValueError(f"cannot advance by the negative amount {amount}")
            return start
        _, _, totals = axis = self.axis
        target = axis.before(start) + amount
        i = bisect_left(totals, target)
        return self.ends[i] - (totals[i] - target) if i < len(totals) else None

    def latest(self, start: int, amount: int) -> int | None:
        """The last instant `t` from `start` on with `measure(start, t) <= amount`; None if that never ends.

        Where the amount is used up at the end of a span, this is the start of the next one.
        ValueError if the amount is negative.
        """
        if amount < 0:
            raise ValueError(f"cannot advance by the negative amount {amount}")
        edges, table, totals = self._axis or self.axis
        i = bisect_right(edges, start)  # as `before`, which is asked for every budget
        target = (table[i] + start if i & 1 else table[i]) + amount
        i = bisect_right(totals, target)
        return self.ends[i] - (totals[i] - target) if i < len(totals) else None

    def used_up(self, start: int, amount: int) -> tuple[int, int] | None:
        """`advance` and `latest` of one amount, other instants where it is used up at the end of a span.

        None if it lasts until the set runs out. ValueError if the amount is negative.
        """
        if amount < 0:
            raise ValueError(f"cannot advance by the negative amount {amount}")
        edges, table, totals = self._axis or self.axis
        i = bisect_right(edges, start)
        target = (table[i] + start if i & 1 else table[i]) + amount
        i = bisect_right(totals, target)
        if i == len(totals):
            return None
        last = self.ends[i] - (totals[i] - target)
        if i and totals[i - 1] == target:
            return self.ends[i - 1] if amount else start, last
        return last if amount else start, last

    def retreat(self, end: int, amount: int) -> int | None:
        """The last instant up to `end` from which `amount` still passes before `end`; None if there is none.

        ValueError if the amount is negative.
        """
        if amount <= 0:
            if amount < 0:
                raise ValueError(f"cannot retreat by the negative amount {amount}")
            return end
        _, _, totals = axis = self.axis
        target = axis.before(end) - amount
        if target < 0:
            return None
        i = bisect_right(totals, target)
        return self.ends[i] - (totals[i] - target)

    def next_start(self, at: int) -> int | None:
        """The first start at or after `at`; None after the last."""
        i = bisect_left(self.starts, at)
        return self.starts[i] if i < len(self.starts) else None

    def next_end(self, at: int) -> int | None:
        """The first end after `at`; None after the last."""
        i = bisect_right(self.ends, at)
        return self.ends[i] if i < len(self.ends) else None

    def previous_start(self, at: int) -> int | None:
        """The last start at or before `at`; None before the first."""
        i = bisect_right(self.starts, at)
        return self.starts[i - 1] if i else None

    def previous_end(self, at: int) -> int | None:
        """The last end at or before `at`; None before the first."""
        i = bisect_right(self.ends, at)
        return self.ends[i - 1] if i else None


Spans.empty = Spans()


def union(sets: Sequence[Spans]) -> Spans:
    """The union of any number of sets."""
    return Spans.of(chain.from_iterable(sets))
