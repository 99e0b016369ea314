"""Every engine gives the same whole numbers, and they are the true ones.

A further engine is one more entry of ENGINES.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lake.worlds import (
    COMPONENTS,
    PROVIDER,
    SIGNALS,
    SLICES,
    WORLDS,
    Brute,
    Row,
    questions,
    terms,
    write,
)
from upheld.core.measuring.observation import Observations, Stream
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.spans import Spans
from upheld.lake.arrays import Arrays
from upheld.lake.duck import Duck
from upheld.lake.engine import Engine
from upheld.lake.opening import open_observations

ENGINES: dict[str, Callable[[], Engine]] = {"DuckDB": Duck, "NumPy": Arrays}
FORMS = (".csv", ".jsonl", ".parquet")


def agree(
    observations: Observations, rows: list[Row], signal: Signal, slice_us: int, asked: tuple[int, int, Spans]
) -> None:
    """The observations say what is true of the rows."""
    start, end, without = asked
    brute = Brute(rows)
    for component in COMPONENTS:
        stream = Stream(PROVIDER, component, signal.name)
        assert bool(observations.digest(stream)) or not brute.of(component, signal)
        if signal.kind == "states":
            assert observations.states(stream, signal, start, end) == brute.states(
                component, signal, start, end
            )
            continue
        for left_out in (Spans.empty, without):
            found = observations.slices(stream, signal, slice_us, start, end, left_out)
            assert found == brute.slices(component, signal, slice_us, start, end, left_out)
            if signal.kind == "checks":
                latencies = observations.latencies(stream, signal, start, end, left_out)
                assert latencies == brute.latencies(component, signal, start, end, left_out)


def check_engine(
    engine: str, rows: list[Row], form: str, slice_us: int, asked: tuple[int, int, Spans]
) -> None:
    """One world in one form, asked about every signal."""
    with TemporaryDirectory() as home:
        path = write(Path(home) / f"x.observations{form}", rows)
        observations, findings = open_observations([path], [terms()], ENGINES[engine])
        assert {finding.code for finding in findings} <= {"untold-good"}
        for signal in SIGNALS:
            agree(observations, rows, signal, slice_us, asked)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=6, deadline=None)
@given(rows=WORLDS, form=st.sampled_from(FORMS), slice_us=SLICES, asked=questions())
def test_engines_tell_the_truth(
    engine: str, rows: list[Row], form: str, slice_us: int, asked: tuple[int, int, Spans]
) -> None:
    """Slices, states and latencies of any world are those found by looking at every row."""
    check_engine(engine, rows, form, slice_us, asked)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=50, deadline=None)
@given(rows=WORLDS, form=st.sampled_from(FORMS), slice_us=SLICES, asked=questions())
def test_engines_tell_the_truth_of_many(
    engine: str, rows: list[Row], form: str, slice_us: int, asked: tuple[int, int, Spans]
) -> None:
    """As above, over many more worlds."""
    check_engine(engine, rows, form, slice_us, asked)
