"""The one expression: its committed SQL, and what both engines make of it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.measuring.observation import Run
from upheld.lake import slices
from upheld.lake.runs import Runs, of_slices, summed


@pytest.mark.slow
def test_the_committed_sql_is_what_the_expression_compiles_to() -> None:
    """Whoever changes the expression commits its SQL: python -m upheld.lake.slices writes it."""
    assert slices.sql() == slices.compiled()


def test_who_has_no_observations_loads_no_database() -> None:
    """Neither DuckDB nor Arrow nor Ibis for a check of an agreement."""
    program = (
        "import sys; from upheld.cli import main; code = main(['check', 'agreements/sivo.yaml']); "
        "print(sorted({'duckdb', 'pyarrow', 'ibis', 'pandas'} & sys.modules.keys()), file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.stderr.splitlines()[-1] == "[]"


def test_who_has_observations_needs_no_ibis() -> None:
    """Run time takes the committed SQL."""
    program = "import sys; import upheld.lake.duck, upheld.lake.verifying; print('ibis' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.stdout == "False\n"


_SLICES = st.dictionaries(
    st.tuples(st.integers(0, 2), st.integers(0, 12)),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    max_size=20,
)


def runs_of(found: dict[tuple[int, int], tuple[int, int]]) -> Runs:
    """As runs."""
    keys = sorted(found)
    counts = [found[key] for key in keys]
    return of_slices(
        [stream for stream, _ in keys],
        [number for _, number in keys],
        [t for t, _ in counts],
        [g for _, g in counts],
    )


def slices_of(runs: Runs) -> dict[tuple[int, int], tuple[int, int]]:
    """Slice by slice."""
    return {
        (stream, number): (run.total, run.good)
        for stream, some in runs.pieces()
        for run in some.values()
        for number in range(run.first, run.first + run.slices)
    }


@given(many=st.lists(_SLICES, max_size=4))
def test_sums_of_runs(many: list[dict[tuple[int, int], tuple[int, int]]]) -> None:
    """Are the sums of slices, as the fewest runs."""
    expected: dict[tuple[int, int], tuple[int, int]] = {}
    for one in many:
        for key, (total, good) in one.items():
            before = expected.get(key, (0, 0))
            expected[key] = (before[0] + total, before[1] + good)
    found = summed([runs_of(one) for one in many])
    assert slices_of(found) == expected
    assert all(np.array_equal(a, b) for a, b in zip(found, runs_of(expected), strict=True))


@given(found=_SLICES, first=st.integers(-1, 14), length=st.integers(0, 14))
def test_runs_within(found: dict[tuple[int, int], tuple[int, int]], first: int, length: int) -> None:
    """Are those slices and no others."""
    runs = runs_of(found).of(1).within(first, first + length)
    expected = {
        key: counts for key, counts in found.items() if key[0] == 1 and first <= key[1] < first + length
    }
    assert slices_of(runs) == expected


def test_runs_as_core_has_them() -> None:
    """Plain whole numbers."""
    assert runs_of({(0, 4): (5, 5), (0, 5): (5, 5), (0, 6): (5, 4)}).values() == (
        Run(4, 2, 5, 5),
        Run(6, 1, 5, 4),
    )
