"""What somebody new meets who measures: figures, credits and findings of a small folder, word by word."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.cli.measured_month import AGREEMENT, CONTRACT, write_month
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


def test_a_lock_is_left_alone_if_there_are_no_such_holidays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt part of a country is an error of `lock` and of `check`, and the old holidays stay."""
    desk = 'calendar:\n  desk: {open: "Mon-Fri 09:00-17:00", holidays: {country: DE, subdivision: BE}}\n'
    home = write_month(tmp_path, until="2026-03-01T00:00:00Z", agreement=AGREEMENT + desk)
    assert told(capsys, "lock", str(home), "--at", MARCH)[0] == 0
    lock = (home / "agreement.lock.json").read_bytes()
    write_month(home, until="2026-03-01T00:00:00Z", agreement=AGREEMENT + desk.replace("BE", "XX"))
    what = (
        f"{home}/agreement.yaml:25:59: error[unknown-holidays]: DE has no subdivision 'XX'; known are BB, "
        "BE, BW, BY, HB, HE, HH, MV, NI, NW, RP, SH, SL, SN, ST, TH, Augsburg\n"
    )
    way_out = "    way out: countries are written as in ISO 3166-1, their parts as in ISO 3166-2\n"
    code, out, err = told(capsys, "lock", str(home), "--at", MARCH)
    assert (code, out) == (2, "")
    assert err.startswith(what)
    assert err.endswith(f"{way_out}upheld: 1 error; nothing was locked\n")
    assert (home / "agreement.lock.json").read_bytes() == lock
    code, out, _ = told(capsys, "check", str(home))
    assert code == 1
    assert out.startswith(what)
    assert way_out in out
    assert "lock-incomplete" not in out


def test_a_lock_of_other_years_than_those_asked_about_is_written_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which clocks move cannot be told as of April 2026 with a lock of 2027 to 2029; that is said."""
    home = write_month(tmp_path, until="2026-03-01T00:00:00Z")
    (home / "facts.jsonl").write_text(
        '{"specversion":"1.0","id":"i-1","source":"desk","type":"incident.declared","subject":"I-1",'
        '"time":"2026-03-02T08:00:00Z","data":{"components":["db"],"severity":"S1"}}\n'
    )
    code, out, err = told(capsys, "lock", str(home), "--years", "2027-2029", "--at", MARCH)
    assert (code, err) == (0, "")
    assert "clocks that move: not known, because" in out
    assert "is outside the years 2027 to 2029" in out
    assert json.loads((home / "agreement.lock.json").read_text())["years"] == "2027..2029"


def test_amounts_and_lengths_have_the_right_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A comma in an amount is one fault; a length of time is not told to be a ratio."""
    wrong = AGREEMENT.replace("slice: 1h", "slice: 7q")
    contract = CONTRACT.replace("1000.00 EUR", "1,000.00 EUR")
    home = write_month(tmp_path, until="2026-03-01T00:00:00Z", agreement=wrong, contract=contract)
    code, out, _ = told(capsys, "check", str(home))
    assert code == 1
    units = "unknown unit 'q'; units are h, m (or min), s, business days (bd), days (d), weeks (w)"
    for line in (
        f"{home}/agreement.yaml:9:52: error[bad-amount]: `7q` is no quantity: {units}, months, years",
        "    way out: write a length of time, such as 30m or 1h",
        f"{home}/contract.yaml:9:17: error[bad-money]: `1,000.00 EUR` is no amount of money",
        "    way out: write it without `,`: 1000.00 EUR",
    ):
        assert line in out.splitlines()
    assert "2 errors" in out


def test_an_agreement_that_cannot_be_read_is_not_said_to_be_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One fault, one finding; as JSON it is in the record of `evaluate` too."""
    home = write_month(tmp_path, until="2026-03-01T00:00:00Z", agreement=AGREEMENT + "more: [1\n")
    code, out, err = told(capsys, "evaluate", str(home), "--at", MARCH, "--format", "json")
    assert code == 2
    assert [finding["code"] for finding in json.loads(out)["findings"]] == ["bad-yaml"]
    assert err.endswith("upheld: 1 error; nothing was evaluated\n")


def test_lines_fit_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn as wide as it is, with every word; on one line where they go into a file."""
    home = write_month(tmp_path, down={"web": ("2026-03-10T10:00:00Z", "2026-03-11T10:00:00Z")})
    monkeypatch.setenv("COLUMNS", "80")
    _, whole, _ = told(capsys, "evaluate", str(home), "--at", MARCH)
    assert max(map(len, whole.splitlines())) > 100
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    _, narrow, _ = told(capsys, "evaluate", str(home), "--at", MARCH)
    assert max(map(len, narrow.splitlines())) <= 80
    assert {word for word in set(whole.split()) - set(narrow.split()) if set(word) != {"="}} == set()


def test_a_column_that_is_wrong_throughout_is_told_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first few places and how many more; what is wrong elsewhere is not lost among them."""
    home = write_month(tmp_path)
    rows = [f"31/3/26 10:{n % 60:02},web,{'soon' if n == 1_500 else 200}" for n in range(2_000)]
    (home / "more.observations.csv").write_text("\n".join(["at,component,status", *rows]) + "\n")
    _, _, err = told(capsys, "evaluate", str(home), "--at", MARCH)
    lines = [line.replace(str(home), "") for line in err.splitlines()]
    assert [line.partition(" error")[0] for line in lines if "[bad-time]" in line] == [
        f"/more.observations.csv:{n}:1:" for n in (2, 3, 4)
    ]
    assert "    and 997 more like these in `at`, the last at /more.observations.csv:1001:1" in lines
    assert [line for line in lines if "[bad-number]" in line] == [
        "/more.observations.csv:1502:19: error[bad-number]: `status`: `soon` is not a whole number"
    ]
    assert next(line for line in lines if "too-many" in line).endswith(
        "there are 1,000 more findings in this file"
    )
