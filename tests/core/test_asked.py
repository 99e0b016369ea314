"""Observations that remember what was asked."""

from __future__ import annotations

from upheld.core.asked import Asked
from upheld.core.indicator import Signal
from upheld.core.instant import MINUTE
from upheld.core.observation import Observations, Stream
from upheld.core.spans import Spans

from .checked import Checked

SIGNAL = Signal("probe", "checks", ("api",))
STREAM = Stream("Northwind", "api", "probe")
TOLD = Checked([("api", n * MINUTE, n != 3) for n in range(10)])


def runs(observed: Observations, minutes: int, without: Spans = Spans.empty) -> list[tuple[int, ...]]:
    """What is told of slices of five minutes."""
    return [tuple(run) for run in observed.slices(STREAM, SIGNAL, 5 * MINUTE, 0, minutes * MINUTE, without)]


def test_what_was_asked_once_is_not_asked_again() -> None:
    """The same answer; another question is another one."""
    told = Checked([("api", n * MINUTE, n != 3) for n in range(10)])
    observed = Asked(told)
    assert runs(observed, 10) == runs(observed, 10) == runs(told, 10) == [(0, 1, 5, 4), (1, 1, 5, 5)]
    assert len(told.asked) == 2
    assert runs(observed, 10, Spans.of([(3 * MINUTE, 4 * MINUTE)])) == [(0, 1, 4, 4), (1, 1, 5, 5)]
    assert observed.digest(STREAM) == told.digest(STREAM)
    assert observed.states(STREAM, SIGNAL, 0, 1) == observed.latencies(STREAM, SIGNAL, 0, 1) == ()


def test_no_more_rows_are_kept_than_was_said() -> None:
    """The answer asked for longest ago goes first; one that is too large is given and not kept."""
    told = Checked(TOLD.checks and [("api", at, good) for at, good in TOLD.checks["api"].items()])
    observed = Asked(told, most_rows=3)
    for minutes in (10, 5, 10, 11, 10):
        assert runs(observed, minutes) == runs(TOLD, minutes)
    assert len(told.asked) == 4  # 10 and 5, 11 in the place of 5, and 10 in the place of itself
    tiny = Asked(told, most_rows=1)
    assert runs(tiny, 10) == runs(tiny, 10)
