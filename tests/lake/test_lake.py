"""A sealed lake: what it holds, what comes late, and what of a tampered one is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lake.test_engines import agree
from tests.lake.worlds import COMPONENTS, HTTP, PROVIDER, REQUESTS, START, WORLDS, Row, terms, write
from upheld.core.measuring.observation import NO_OBSERVATIONS, Run, Stream
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Component, Indicator, SliceRule
from upheld.core.timeline.instant import DAY, HOUR, MINUTE
from upheld.core.timeline.spans import Spans
from upheld.lake.arrays import Arrays
from upheld.lake.manifest import read_lake
from upheld.lake.opening import open_observations
from upheld.lake.sealing import Sealed, seal
from upheld.lake.verifying import verify

FIVE = 5 * MINUTE
ALL = Spans.empty


def counted(*names: str) -> Terms:
    """An agreement that counts http and requests in slices of five minutes."""
    found = terms()
    components = {**found.components, "all": Component("all", "all", COMPONENTS)}
    indicators = {
        "uptime": Indicator("uptime", "checks", "all", signal="http", per=SliceRule(FIVE)),
        "share": Indicator("share", "counts", "all", per=SliceRule(FIVE)),
    }
    return replace(found, components=components, indicators=indicators)


def sealed(out: Path, rows: list[Row], name: str = "a.observations.csv") -> Sealed:
    """The lake after a batch."""
    found, findings = seal([write(out.parent / name, rows)], [counted()], out)
    assert found is not None
    assert findings == () or {finding.code for finding in findings} <= {"duplicate-row", "untold-good"}
    return found


def checks(minutes: range, component: str = "api", status: int = 200) -> list[Row]:
    """A check of http a minute."""
    return [Row("checks", component, None, START + n * MINUTE, (("status", status),)) for n in minutes]


def content(home: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(p.relative_to(home)): p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file()}


@settings(max_examples=5, deadline=None)
@given(rows=WORLDS, parts=st.integers(1, 3), end=st.integers(0, 3 * 24))
def test_batches_make_the_lake_that_all_at_once_would(rows: list[Row], parts: int, end: int) -> None:
    """However the rows are dealt out over batches, questions are answered the same, and it verifies."""
    rows = [row for row in rows if row.kind != "counts" or row.values["until"] % FIVE in range(1, FIVE)]
    rows = [row for row in rows if row.kind != "counts" or row.at // FIVE == row.values["until"] // FIVE]
    with TemporaryDirectory() as folder:
        home = Path(folder) / "lake"
        for i in range(parts):
            sealed(home, rows[i::parts], f"{i}.observations.jsonl")
        lake, findings = read_lake(home)
        assert lake is not None
        assert (findings, list(verify(lake))) == ((), [])
        observations, findings = open_observations([home], [counted()])
        assert findings == ()
        for signal in (HTTP, REQUESTS):
            asked = (START, START + end * HOUR, Spans.of([(START + DAY, START + DAY + 7 * MINUTE)]))
            if rows:
                agree(observations, rows, signal, FIVE, asked)


def test_whole_slices_are_not_counted_again(tmp_path: Path) -> None:
    """A month end reads slice counts; no engine is asked."""
    sealed(tmp_path / "lake", checks(range(3000)) + checks(range(1500, 1600), "web", 500))
    asked: list[str] = []

    class Watched(Arrays):
        def counts(self, *given: object) -> object:  # type: ignore[override]
            asked.append("counts")
            return super().counts(*given)  # type: ignore[arg-type]

        def rows(self, *given: object) -> object:  # type: ignore[override]
            asked.append("rows")
            return super().rows(*given)  # type: ignore[arg-type]

    observations, _ = open_observations([tmp_path / "lake"], [counted()], Watched)  # type: ignore[arg-type]
    stream = Stream(PROVIDER, "api", "http")
    first = START // FIVE
    found = observations.slices(stream, HTTP, FIVE, START, START + 3 * DAY)
    assert (found, asked) == ((Run(first, 600, 5, 5),), [])
    found = observations.slices(
        stream, HTTP, FIVE, START, START + 3 * DAY, Spans.of([(START, START + MINUTE)])
    )
    assert (found, asked) == ((Run(first, 1, 4, 4), Run(first + 1, 599, 5, 5)), ["rows"])


def test_a_batch_told_again_changes_nothing(tmp_path: Path) -> None:
    """Not a byte of the lake."""
    home = tmp_path / "lake"
    rows = checks(range(100))
    assert (sealed(home, rows).rows, sealed(home, []).rows) == (100, 0)
    before = content(home)
    again = sealed(home, rows[50:], "b.observations.parquet")
    assert (again.rows, again.files, content(home)) == (0, 0, before)


def test_what_comes_late_makes_a_file_of_its_own(tmp_path: Path) -> None:
    """Only the new rows are in it, and what was sealed before stays as it was."""
    home = tmp_path / "lake"
    sealed(home, checks(range(100)))
    before = content(home)
    late = sealed(home, checks(range(90, 110)), "b.observations.csv")
    after = content(home)
    assert (late.rows, late.files) == (10, 1)
    assert {name for name in after if before.get(name) != after[name]} == {
        "manifest.json",
        "Northwind/2026-06-05.late-1.json",
        "Northwind/2026-06-05.late-1.parquet",
        "Northwind/2026-06-05.late-1.slices-1.parquet",
        "Northwind/2026-06-05.late-1.slices-2.parquet",
    }


def test_stretches_without_observations_are_written(tmp_path: Path) -> None:
    """A slice without checks is an explicit zero, of every component that the signal observes."""
    sealed(tmp_path / "lake", checks(range(10)) + checks(range(20, 30)))
    found = pq.read_table(tmp_path / "lake/Northwind/2026-06-05.slices-1.parquet").to_pylist()
    first = START // FIVE
    assert [tuple(row.values()) for row in found] == [
        ("api", first, 2, 5, 5, True),
        ("api", first + 2, 2, 0, 0, False),
        ("api", first + 4, 2, 5, 5, True),
        ("api", first + 6, 282, 0, 0, False),
        ("voice", first, 288, 0, 0, False),
        ("web", first, 288, 0, 0, False),
    ]


def test_rows_against_sealed_ones(tmp_path: Path) -> None:
    """What is sealed stays; a row that says otherwise is told and does not count."""
    home = tmp_path / "lake"
    sealed(home, checks(range(10)))
    path = write(tmp_path / "b.observations.csv", checks(range(5, 12), status=500))
    found, findings = seal([path], [counted()], home)
    assert found is not None
    assert (found.rows, {finding.code for finding in findings}) == (2, {"conflicting-rows"})
    observations, findings = open_observations([home, path], [counted()])
    stream = Stream(PROVIDER, "api", "http")
    assert observations.slices(stream, HTTP, HOUR, START, START + HOUR) == (Run(START // HOUR, 1, 12, 10),)
    assert len(findings) == 6


def _drop_a_row(path: Path) -> None:
    pq.write_table(pq.read_table(path).slice(1), path)


def _change_a_row(path: Path) -> None:
    table = pq.read_table(path)
    status = pa.array([500, *table["status"].to_pylist()[1:]])
    pq.write_table(table.set_column(table.schema.get_field_index("status"), "status", status), path)


def _turn_round(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.take(list(reversed(range(len(table))))), path)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize("tamper", [_drop_a_row, _change_a_row, _turn_round, _cut])
def test_what_is_not_as_sealed_is_told(tmp_path: Path, tamper: object) -> None:
    """With its day, and its component where one can be told."""
    home = tmp_path / "lake"
    sealed(home, checks(range(100)) + checks(range(100), "web"))
    tamper(home / "Northwind/2026-06-05.parquet")  # type: ignore[operator]
    lake, _ = read_lake(home)
    assert lake is not None
    found = list(verify(lake))
    assert found
    assert {(one.provider, one.on) for one in found} == {(PROVIDER, "2026-06-05")}
    assert {one.component for one in found} <= (
        {"api"} if tamper in (_drop_a_row, _change_a_row) else {"", "api", "web"}
    )
    assert all(one.finding.code == "not-as-sealed" for one in found)


def test_slice_counts_that_were_changed_are_told(tmp_path: Path) -> None:
    """Though the rows are whole."""
    home = tmp_path / "lake"
    sealed(home, checks(range(100), status=500))
    path = home / "Northwind/2026-06-05.slices-1.parquet"
    table = pq.read_table(path)
    pq.write_table(table.set_column(4, "good", table["total"]), path)
    lake, _ = read_lake(home)
    assert lake is not None
    assert [(one.component, one.message) for one in verify(lake)] == [("api", "slice counts")]


def test_a_lake_whose_files_are_gone(tmp_path: Path) -> None:
    """What is missing or exchanged is told, and the rest counts."""
    home = tmp_path / "lake"
    sealed(home, checks(range(3000)))
    (home / "Northwind/2026-06-05.parquet").unlink()
    hashes = home / "Northwind/2026-06-06.json"
    hashes.write_text(hashes.read_text().replace("api", "apx"))
    observations, findings = open_observations([home], [counted()])
    assert [finding.code for finding in findings] == ["missing-file", "bad-lake"]
    found = observations.slices(Stream(PROVIDER, "api", "http"), HTTP, DAY, START, START + 3 * DAY)
    assert found == (Run(START // DAY + 2, 1, 120, 120),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "another"}',
        '{"format": "upheld lake 1", "days": [{"provider": "x", "on": "June", "files": []}]}',
        '{"format": "upheld lake 1", "days": [{"on": "2026-06-05", "files": [{"rows": "../a"}]}]}',
        "[" * 100_000,
    ],
)
def test_a_manifest_that_is_none(tmp_path: Path, text: str) -> None:
    """Is one finding, and nothing of the lake counts."""
    (tmp_path / "manifest.json").write_text(text)
    observations, findings = open_observations([tmp_path], [counted()])
    assert observations is NO_OBSERVATIONS
    assert [finding.code for finding in findings] == ["bad-lake"]


def test_two_lakes_of_one_day(tmp_path: Path) -> None:
    """Cannot both count."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        sealed(tmp_path / name / "lake", checks(range(10)))
    observations, findings = open_observations([tmp_path / "one/lake", tmp_path / "two/lake"], [counted()])
    assert [finding.code for finding in findings] == ["overlapping-lakes"]
    found = observations.slices(Stream(PROVIDER, "api", "http"), HTTP, DAY, START, START + DAY)
    assert found == (Run(START // DAY, 1, 10, 10),)


def test_the_manifest_names_everything(tmp_path: Path) -> None:
    """Each file of rows with the hash of its hashes, and in those the hash of each component."""
    home = tmp_path / "lake"
    sealed(home, checks(range(10)) + checks(range(10), "web"))
    manifest = json.loads((home / "manifest.json").read_text())
    (day,) = manifest["days"]
    assert (day["provider"], day["on"]) == (PROVIDER, "2026-06-05")
    hashes = json.loads((home / day["files"][0]["hashes"]).read_text())
    assert list(hashes["content"]) == ["api", "web"]
    assert hashes["content"]["api"] != hashes["content"]["web"]
    assert [one["slice_us"] for one in hashes["slices"]] == [FIVE, FIVE]
