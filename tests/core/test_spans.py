"""The algebra of spans against a model: plain sets of integers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.timeline.spans import Spans, union

TOP = 40
intervals = st.lists(
    st.builds(lambda start, length: (start, start + length), st.integers(0, TOP), st.integers(0, 8)),
    max_size=8,
)
spans = intervals.map(Spans.of)
points = st.integers(-3, TOP + 12)


def cells(of: Spans) -> set[int]:
    """The model: the unit cells that a set covers."""
    return {cell for start, end in of for cell in range(start, end)}


def assert_canonical(of: Spans) -> None:
    edges = [edge for pair in of for edge in pair]
    assert edges == sorted(set(edges))


@given(intervals)
def test_normalising(pairs: list[tuple[int, int]]) -> None:
    """Any intervals in any order become the same canonical set of what they cover."""
    found = Spans.of(pairs)
    assert_canonical(found)
    assert cells(found) == {cell for start, end in pairs for cell in range(start, end)}
    assert found == Spans.of(reversed(pairs))
    assert found.length == len(cells(found))


@given(spans, spans)
def test_operators(one: Spans, other: Spans) -> None:
    """Union, intersection and difference are those of sets, and canonical."""
    for found, model in (
        (one | other, cells(one) | cells(other)),
        (one & other, cells(one) & cells(other)),
        (one - other, cells(one) - cells(other)),
        (union([one, other, one]), cells(one) | cells(other)),
    ):
        assert_canonical(found)
        assert cells(found) == model


@given(spans, points, points)
def test_parts(one: Spans, start: int, end: int) -> None:
    """Clip, complement and measure see what lies inside the interval."""
    inside = set(range(start, end))
    for found, model in (
        (one.clip(start, end), cells(one) & inside),
        (one.complement(start, end), inside - cells(one)),
    ):
        assert_canonical(found)
        assert cells(found) == model
    backward = cells(one) & set(range(end, start))
    assert one.measure(start, end) == len(cells(one) & inside) - len(backward)


@given(spans, st.integers(-50, 50))
def test_shift(one: Spans, by: int) -> None:
    """A shift moves every cell."""
    assert cells(one.shift(by)) == {cell + by for cell in cells(one)}


@given(st.lists(spans, max_size=5), st.integers(1, 5))
def test_overlay(sets: list[Spans], at_least: int) -> None:
    """An overlay holds where at least so many of the sets do."""
    found = Spans.overlay(sets, at_least)
    assert_canonical(found)
    counts = [sum(cell in cells(one) for one in sets) for cell in range(TOP + 10)]
    assert cells(found) == {cell for cell, count in enumerate(counts) if count >= at_least}


@given(st.sets(st.integers(0, 15)), st.integers(1, 5))
def test_runs(slices: set[int], at_least: int) -> None:
    """Of equal slices, exactly those in runs that are long enough are kept, each run whole."""
    found = Spans.of((5 * i, 5 * i + 5) for i in slices).runs(at_least, 5)
    kept = set()
    for i in slices:
        low = high = i
        while low - 1 in slices:
            low -= 1
        while high + 1 in slices:
            high += 1
        if high - low + 1 >= at_least:
            kept.add(i)
    assert found == Spans.of((5 * i, 5 * i + 5) for i in kept)


@given(spans, points, st.integers(0, 20))
def test_inverses(one: Spans, at: int, amount: int) -> None:
    """Advance, latest and retreat invert measure: the first, the last, and the last instant before."""
    horizon = range(-5, TOP + 30)
    forward = [t for t in horizon if t >= at]
    exact = [t for t in forward if one.measure(at, t) == amount]
    assert one.advance(at, amount) == (exact[0] if exact else None)
    within = [t for t in forward if one.measure(at, t) <= amount]
    assert one.latest(at, amount) == (None if within[-1] == horizon[-1] else within[-1])
    both = None if one.latest(at, amount) is None else (one.advance(at, amount), one.latest(at, amount))
    assert one.used_up(at, amount) == both
    back = [t for t in horizon if t <= at and one.measure(t, at) == amount]
    assert one.retreat(at, amount) == (back[-1] if back else None)


@given(spans, points)
def test_edges(one: Spans, at: int) -> None:
    """Membership and the nearest edges follow the half-open intervals."""
    assert (at in one) == (at in cells(one))
    assert one.next_start(at) == min((start for start, _ in one if start >= at), default=None)
    assert one.next_end(at) == min((end for _, end in one if end > at), default=None)
    assert one.previous_start(at) == max((start for start, _ in one if start <= at), default=None)
    assert one.previous_end(at) == max((end for _, end in one if end <= at), default=None)


def test_refusals() -> None:
    """Reversed intervals, negative amounts and senseless counts are refused."""
    with pytest.raises(ValueError, match="before its start"):
        Spans.of([(5, 4)])
    one = Spans.of([(0, 5)])
    for refused in (
        lambda: one.advance(0, -1),
        lambda: one.latest(0, -1),
        lambda: one.used_up(0, -1),
        lambda: one.retreat(0, -1),
        lambda: Spans.overlay([one], 0),
        lambda: one.runs(0, 5),
        lambda: one.runs(1, 0),
    ):
        with pytest.raises(ValueError, match=r"negative|at least|positive"):
            refused()


def test_values() -> None:
    """Equal sets are equal values, whether or not they were measured; the empty one is false."""
    one, other = Spans.of([(0, 5), (7, 9)]), Spans.of([(7, 9), (0, 5), (3, 3)])
    one.measure(0, 9)
    assert one == other
    assert hash(one) == hash(other)
    assert repr(one) == "Spans.of([(0, 5), (7, 9)])"
    assert "x" not in one
    assert not Spans.empty
    assert len(one) == 2
