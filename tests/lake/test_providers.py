"""The observations of some providers only, and rows that come in the order in which they are settled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.lake.worlds import PLAIN, PROVIDER, START, terms
from upheld.core.measuring.observation import Run, Stream
from upheld.core.timeline.instant import DAY, MINUTE
from upheld.core.values.finding import Finding
from upheld.lake.naming import Names
from upheld.lake.opening import open_observations
from upheld.lake.spooling import spooled

OTHER = "Southwind"
BOTH = [terms(PLAIN), terms(PLAIN, provider=OTHER)]


def written(path: Path, *rows: tuple[str, str, int], signal: str | None = "plain") -> Path:
    """A file of good checks: provider, component, and the minute."""
    table = pa.table(
        {
            "provider": [provider for provider, _, _ in rows],
            "component": [component for _, component, _ in rows],
            "signal": pa.array([signal] * len(rows), pa.string()),
            "at": [START + minute * MINUTE for _, _, minute in rows],
            "ok": [True] * len(rows),
        }
    )
    pq.write_table(table, path)
    return path


def runs(paths: list[Path], provider: str, asked: list[str] | None) -> tuple[list[Run], list[Finding]]:
    """The minutes of the api of a provider, and what is told of the files."""
    observations, findings = open_observations(paths, BOTH, providers=asked)
    stream = Stream(provider, "api", "plain")
    return [*observations.slices(stream, PLAIN, MINUTE, 0, START + 9 * DAY)], [*findings]


def test_only_the_rows_of_the_providers_asked_for_are_kept(tmp_path: Path) -> None:
    """Of a file of both, too; the others are as if they had not been observed."""
    path = written(tmp_path / "x.observations.parquet", (OTHER, "api", 1), (PROVIDER, "api", 2))
    assert len(runs([path], PROVIDER, [PROVIDER])[0]) == 1
    assert runs([path], OTHER, [PROVIDER])[0] == []
    assert runs([path], PROVIDER, [PROVIDER])[0] == runs([path], PROVIDER, None)[0]


def test_a_file_of_others_is_not_looked_into(tmp_path: Path) -> None:
    """Its statistics say whose it is: what is wrong with it is told to those who ask for it."""
    path = written(tmp_path / "x.observations.parquet", (OTHER, "gone", 1), (OTHER, "api", 2))
    assert [one.code for one in runs([path], PROVIDER, None)[1]] == ["unknown-component"]
    assert runs([path], PROVIDER, [PROVIDER])[1] == []
    assert [one.code for one in runs([path], OTHER, [OTHER])[1]] == ["unknown-component"]


def test_a_file_that_does_not_say_whose_it_is_is_read(tmp_path: Path) -> None:
    """A row without a provider may be of any."""
    path = tmp_path / "x.observations.parquet"
    pq.write_table(pa.table({"component": ["api"], "at": [START], "ok": [True]}), path)
    observations, findings = open_observations([path], [terms(PLAIN)], providers=[PROVIDER])
    stream = Stream(PROVIDER, "api", "plain")
    assert len([*observations.slices(stream, PLAIN, MINUTE, 0, START + DAY)]) == 1
    assert findings == ()


ROWS = [(PROVIDER, "api", 1), (PROVIDER, "api", 2), (PROVIDER, "voice", 0), (PROVIDER, "web", 1)]


@pytest.mark.parametrize(
    ("rows", "in_order"),
    [
        (ROWS, True),
        ([ROWS[0], ROWS[0], *ROWS[1:]], True),
        ([*ROWS[1:], ROWS[0]], False),
        ([ROWS[1], ROWS[0], *ROWS[2:]], False),
        ([ROWS[2], *ROWS[:2], ROWS[3]], False),
    ],
)
def test_rows_in_order_are_settled_as_they_come(
    tmp_path: Path, rows: list[tuple[str, str, int]], in_order: bool
) -> None:
    """In any order they come to the same, and what stands there twice is told as often."""
    path = written(tmp_path / "x.observations.parquet", *rows)
    assert (PROVIDER in spooled([path], Names(BOTH), tmp_path).ordered) == in_order
    found, findings = runs([path], PROVIDER, None)
    expected = written(tmp_path / "y.observations.parquet", *ROWS)
    assert found == runs([expected], PROVIDER, None)[0]
    assert [one.code for one in findings] == ["duplicate-row"] * (len(rows) - len(ROWS))


def test_a_second_file_may_break_the_order(tmp_path: Path) -> None:
    """Or go on in it."""
    first = written(tmp_path / "1.observations.parquet", *ROWS[:2])
    second = written(tmp_path / "2.observations.parquet", *ROWS[2:])
    assert spooled([first, second], Names(BOTH), tmp_path).ordered == {PROVIDER}
    assert spooled([second, first], Names(BOTH), tmp_path).ordered == frozenset()


def test_rows_that_name_a_signal_beside_others_are_not_in_order(tmp_path: Path) -> None:
    """A row for every signal and one for this signal are compared by the database."""
    none = written(tmp_path / "1.observations.parquet", ROWS[0], signal=None)
    named = written(tmp_path / "2.observations.parquet", *ROWS[1:])
    assert spooled([none, named], Names(BOTH), tmp_path).ordered == frozenset()


@pytest.mark.slow
def test_observations_load_neither_pandas_nor_a_database(tmp_path: Path) -> None:
    """Where they come in order: pandas takes as long as the whole question, and is never asked anything."""
    written(tmp_path / "x.observations.parquet", *ROWS)
    program = (
        "import sys; from pathlib import Path; from tests.lake.test_providers import BOTH, runs, PROVIDER; "
        f"print(len(runs([Path({str(tmp_path / 'x.observations.parquet')!r})], PROVIDER, None)[0]), "
        "sorted({'duckdb', 'pandas'} & sys.modules.keys()))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.stdout == "1 []\n", found.stderr


@pytest.mark.slow
def test_a_batch_that_is_told_loads_no_pandas() -> None:
    """A server takes rows in, and none at all, for a fifth less memory."""
    program = (
        "import sys; from upheld.api.batch import read_batch; from upheld.lake.rows import Told; "
        "from upheld.lake.arrow import codes, empty, numbers; from upheld.lake.rows import ROWS; "
        'rows = read_batch("lines", b\'{"component": "api", "at": 1780272000000000, "status": 200}\', '
        "Told('told'), 9).rows; none = empty(ROWS); "
        "found = [len(one) for one in (rows, numbers(none['at']), codes(none['component'])[0])]; "
        "print(found, 'pandas' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.stdout == "[1, 0, 0] False\n", found.stderr
