"""What somebody new meets who measures: figures, credits and findings of a small folder, word by word."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.measured_month import write_month
from upheld.cli import main

MARCH = "2026-04-01T00:00:00Z"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of a command."""
    code = main(list(words))
    found = capsys.readouterr()
    return code, found.out, found.err


def test_without_observations_there_is_no_value_and_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows anything of the month: it is not 100 %, and the signal is named."""
    home = write_month(tmp_path, until="2026-03-01T00:00:00Z")
    code, out, err = told(capsys, "evaluate", str(home), "--at", MARCH)
    assert code == 0
    assert re.search(r"#1  2026-03  undetermined  no observations +promised >= 99 %", out)
    assert err == (
        f"{home}/agreement.yaml:7:3: warning[unobserved]: signal `probe` has no observation at all of "
        "`db`, `web`\n"
        "    way out: give the files too (NAME.observations.csv, .jsonl, .parquet), "
        "or the lake that has them\n"
    )
    _, out, _ = told(capsys, "evaluate", str(home), "--at", MARCH, "--format", "json")
    verdict = json.loads(out)["contracts"][0]["verdicts"][0]
    figure = verdict["measurement"]["to_date"]
    assert (figure["value"], figure["low"]["decimal"], figure["high"]["decimal"]) == (None, "0", "1")


def test_money_without_observations_lies_between_nothing_and_the_most(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is possible decides, though there is no value."""
    home = write_month(tmp_path, until="2026-03-01T00:00:00Z")
    _, out, _ = told(capsys, "evaluate", str(home), "--at", MARCH, "--format", "json")
    credit = json.loads(out)["contracts"][0]["credits"][0]
    assert (credit["state"], credit["amount"]) == ("undetermined", None)
    assert (credit["low"]["decimal"], credit["high"]["decimal"]) == ("0", "250")
