"""Looks are spread over their interval, each always at the same moment of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import MINUTE, SECOND
from upheld.probe.rota import next_look_at

STREAMS = st.builds(Stream, st.text(max_size=5), st.text(max_size=5), st.text(max_size=5))


@given(stream=STREAMS, every_us=st.integers(1, 10**9), after=st.integers(-(10**15), 10**16))
def test_the_next_look_is_the_first_of_its_moment(stream: Stream, every_us: int, after: int) -> None:
    """Later than asked, by at most the interval, and the same from wherever it is asked before."""
    at = next_look_at(stream, every_us, after)
    assert after < at <= after + every_us
    assert next_look_at(stream, every_us, at - 1) == at
    assert next_look_at(stream, every_us, at) == at + every_us


def test_looks_are_spread() -> None:
    """Of six hundred looks a minute, none of its seconds has more than three times its share."""
    seconds = [
        next_look_at(Stream("northwind", f"site-{i}", "http"), MINUTE, 0) // SECOND % 60 for i in range(600)
    ]
    assert max(seconds.count(second) for second in range(60)) <= 30
    assert len(set(seconds)) > 50


def test_names_do_not_run_into_each_other() -> None:
    """What stands in which part of a stream counts."""
    assert next_look_at(Stream("a", "b", ""), MINUTE, 0) != next_look_at(Stream("a", "", "b"), MINUTE, 0)
    with pytest.raises(ValueError, match="every so often"):
        next_look_at(Stream("a", "b", "c"), 0, 0)
