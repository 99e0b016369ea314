"""Every benchmark runs and gives a ratio. Nothing is asserted of speed: `make bench` tells that."""

import math
from importlib.util import find_spec

import pytest
from benchmarks.__main__ import BENCHMARKS, PEERS, main, table
from benchmarks.figure import TINY, Figure, Side, abreast, race, time_text

NEED_PEERS = {"elapsed", "deadline", "compile"}
"""These can only run where `make bench` has installed what they are measured beside."""
HAS_PEERS = all(find_spec(module) for module in PEERS)

pytestmark = pytest.mark.slow  # they collect garbage before each round, and a session of tests is full of it


@pytest.mark.parametrize("name", [name for name in BENCHMARKS if HAS_PEERS or name not in NEED_PEERS])
def test_every_benchmark_gives_a_ratio(name: str) -> None:
    """At a tiny size, where both sides give the same answers, each figure is a positive number in a row."""
    figures = BENCHMARKS[name](TINY)
    found = [figures] if isinstance(figures, Figure) else list(figures)
    assert found
    for figure in found:
        assert 0 < figure.measured < math.inf
        assert all(figure.cells())


def test_what_is_reached() -> None:
    """A figure is reached at its bound and on the right side of it; the table says so."""
    high = Figure("work", "at least", 10, 10.0, "a peer", "detail")
    low = Figure("work", "at most", 64, 64.5, "all", "detail", "MB")
    assert (high.is_reached, low.is_reached) == (True, False)
    assert table([high, low]).splitlines() == [
        "| work | reach   | measured | beside |             | detail |",
        "| ---- | ------- | -------- | ------ | ----------- | ------ |",
        "| work | ≥ 10 ×  | 10.0 ×   | a peer | ok          | detail |",
        "| work | ≤ 64 MB | 64.5 MB  | all    | not reached | detail |",
    ]


def test_sides_take_turns() -> None:
    """The sides of a race run in turns, as many rounds as asked, each with a time per call."""
    ran: list[str] = []
    times = race(2, Side(lambda: ran.append("ours"), 10), Side(lambda: ran.append("theirs")))
    assert ran == ["ours", "theirs"] * 2
    assert all(length_s > 0 for length_s in times)


def test_the_median_round_counts_of_sides_abreast() -> None:
    """A round in which the machine was busy is as little of account as the luckiest one."""
    told = iter([0.0, 1.0, 0.0, 4.0, 0.0, 2.0, 0.0, 6.0, 0.0, 10.0, 0.0, 90.0])
    times, one_s, other_s = abreast(3, Side(lambda: None), Side(lambda: None, 2), clock=lambda: next(told))
    assert (times, one_s, other_s) == (2.0, 2.0, 3.0)


def test_times_as_texts() -> None:
    """Lengths of time are written to three digits in the unit that fits."""
    assert [time_text(length_s) for length_s in (1.234, 0.0456, 7.89e-6, 1.5e-8)] == [
        "1.23 s",
        "45.6 ms",
        "7.89 µs",
        "15.0 ns",
    ]


def test_unknown_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that no benchmark has is refused with those there are in the usage."""
    with pytest.raises(SystemExit, match="2"):
        main(["speed"])
    assert "no benchmark is called speed" in capsys.readouterr().err
