"""`upheld lake`, and commands that are given observations."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from upheld.cli import main
from upheld.cli.book_arguments import book_of
from upheld.core.measuring.observation import NO_OBSERVATIONS
from upheld.files.folder import read_book

AGREEMENT = """document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}
component: {api: {}}
signal: {http: {of: api, checks: http, every: 1m}}
indicator: {uptime: {count: checks of api, per: {slice: 5m}}}
commit: {uptime: {level: ">= 99 %", per: calendar month, zone: UTC}}
"""
CONTRACT = "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-06-01}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A book with a day of observations."""
    (tmp_path / "acme.yaml").write_text(AGREEMENT)
    (tmp_path / "c1.yaml").write_text(CONTRACT)
    rows = [f"2026-06-05T{n // 60:02}:{n % 60:02}:00Z,api,{str(n >= 30).lower()}\n" for n in range(1440)]
    (tmp_path / "x.observations.csv").write_text("at,component,ok\n" + "".join(rows))
    return tmp_path


def test_sealing_and_verifying(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lake is made and is as sealed; told again nothing is new; tampered with, it does not hold."""
    lake = home / "lake"
    assert main(["lake", "seal", str(home), "--out", str(lake)]) == 0
    assert capsys.readouterr().out == f"{lake}: 1,440 rows in 1 file; 1 day in all\n"
    assert main(["lake", "verify", str(lake)]) == 0
    assert capsys.readouterr().out == f"{lake}: 1 day as sealed\n"
    assert main(["lake", "seal", str(home), "--out", str(lake), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [finding["code"] for finding in told.pop("findings")] == ["duplicate-row"]
    assert told == {"rows": 0, "files": 0, "days": 1}
    path = lake / "Northwind/2026-06-05.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    assert main(["lake", "verify", str(lake)]) == 1
    told = capsys.readouterr().err
    assert "error[not-as-sealed]: Northwind, 2026-06-05: the rows of `api` are not what was sealed" in told


def test_a_lake_says_what_its_files_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same verdicts from the file, from the lake, and from both."""
    asked = ["evaluate", str(home), "--at", "2026-06-06T00:00:00Z"]
    assert main(asked) == 0
    from_file = capsys.readouterr().out
    assert "30 min down" in from_file
    assert main(["lake", "seal", str(home), "--out", str(home / "lake")]) == 0
    capsys.readouterr()
    assert main(asked) == 0
    assert capsys.readouterr().out == from_file
    (home / "x.observations.csv").unlink()
    assert main(asked) == 0
    assert capsys.readouterr().out == from_file


def test_what_is_wrong_with_observations_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rest is evaluated, and the exit code says that something was left out."""
    with (home / "x.observations.csv").open("a") as file:
        file.write("2026-06-05,api,true\n")
    assert main(["evaluate", str(home), "--at", "2026-06-06T00:00:00Z"]) == 2
    told = capsys.readouterr()
    assert "30 min down" in told.out
    assert "x.observations.csv:1442:1: error[bad-time]" in told.err


def test_nothing_to_seal_and_nothing_to_verify(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Are wrong use."""
    (home / "x.observations.csv").unlink()
    assert main(["lake", "seal", str(home), "--out", str(home / "lake")]) == 2
    assert "there are no observations" in capsys.readouterr().err
    assert main(["lake", "verify", str(home)]) == 2
    assert "error[missing-file]" in capsys.readouterr().err


def test_a_folder_lists_observations_and_does_not_read_them(home: Path) -> None:
    """A lake is one entry; a manifest of somebody else is none."""
    main(["lake", "seal", str(home), "--out", str(home / "lake")])
    (home / "other").mkdir()
    (home / "other/manifest.json").write_text('{"name": "an app"}')
    (home / "empty.observations.jsonl").write_text("")
    found = read_book([home])
    names = ["empty.observations.jsonl", "lake", "x.observations.csv"]
    assert sorted(path.name for path in found.observed) == names
    assert (found.observations, found.findings) == (NO_OBSERVATIONS, ())
    assert book_of([home]).observations != NO_OBSERVATIONS
