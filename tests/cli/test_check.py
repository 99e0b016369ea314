"""`upheld check`: what is shown, in which form, and with which exit code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from upheld.cli import check_command
from upheld.cli.main import main

SOUND = """\
document: {agreement: acme, version: 2026-01, provider: Northwind, zone: Europe/Madrid}
assume:
  hours: {issue: which hours, options: [support, all day], take: support, because: they are staffed}
deadline:
  response: {from: opened, until: answered, within: 2h}
"""
ACKNOWLEDGED = SOUND + (
    "acknowledge:\n  idle: {finding: assumption-not-consulted, of: hours, because: for the next version}\n"
)
WARNED = SOUND + "plan: {gold: {quota: {urgent: none}}}\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound agreement, in the folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    path = Path("acme.yaml")
    path.write_text(SOUND, encoding="utf-8")
    return path


def _record(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_finding_is_shown_with_its_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line stands below the finding, marked; then the way out, the coverage and the sum."""
    file.write_text(SOUND.replace("until: answered", "until: anwsered"), encoding="utf-8")
    assert main(["check", "acme.yaml", "--quiet"]) == 1
    assert capsys.readouterr().out == (
        "acme.yaml:5:35: error[unknown-event]: a ticket has no event `anwsered`\n"
        "    5 |   response: {from: opened, until: anwsered, within: 2h}\n"
        "      |                                   ^^^^^^^^\n"
        "    way out: did you mean `answered`?\n"
        "1 agreement, 0 contracts: 1 error, 0 warnings, 0 notes\n"
    )


def test_what_is_acknowledged_is_shown_when_all_is_asked_for(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is counted apart; `--all` shows it with the reason."""
    file.write_text(ACKNOWLEDGED, encoding="utf-8")
    assert main(["check", "acme.yaml"]) == 0
    assert capsys.readouterr().out == (
        "acme.yaml: no clause list, so coverage is not known\n"
        "1 agreement, 0 contracts: 0 errors, 0 warnings, 0 notes, 1 acknowledged\n"
    )
    assert main(["check", "acme.yaml", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "acme.yaml:3:3: note[assumption-not-consulted]: no row consults the assumption `hours`"
    assert lines[2] == "      |   ^^^^^"
    assert lines[4] == "    acknowledged: for the next version"


def test_the_json_marks_both_ends_and_names_the_page(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each place has the column behind what is meant; what is acknowledged is there with the reason."""
    file.write_text(ACKNOWLEDGED, encoding="utf-8")
    assert main(["check", "acme.yaml", "--format", "json"]) == 0
    (finding,) = _record(capsys)["findings"]
    assert finding["places"] == [{"file": "acme.yaml", "line": 3, "column": 3, "end_column": 8}]
    assert finding["acknowledged"] == "for the next version"
    assert finding["page"] == "docs/findings/assumption-not-consulted.md"


def test_sarif_has_the_same_findings(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The log names the file, the region and the reason of what is suppressed."""
    file.write_text(ACKNOWLEDGED, encoding="utf-8")
    assert main(["check", "acme.yaml", "--format", "sarif"]) == 0
    (run,) = _record(capsys)["runs"]
    (result,) = run["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "acme.yaml"},
        "region": {"startLine": 3, "startColumn": 3, "endColumn": 8},
    }
    assert result["suppressions"][0]["justification"] == "for the next version"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["assumption-not-consulted"]


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        (SOUND, [], 0),
        (SOUND, ["--strict"], 0),
        (WARNED, [], 0),
        (WARNED, ["--strict"], 1),
        (WARNED, ["--strict", "--format", "sarif"], 1),
        (
            WARNED + "acknowledge: {a: {finding: nothing-to-remove, because: kept}}\n",
            ["--strict"],
            0,
        ),
        (SOUND + "acknowledge: {a: {finding: band-gap, because: none}}\n", ["--strict"], 1),
    ],
)
def test_strict_counts_warnings_as_errors(file: Path, text: str, words: list[str], code: int) -> None:
    """A warning is an exit code only with `--strict`; what is acknowledged never is."""
    file.write_text(text, encoding="utf-8")
    assert main(["check", "acme.yaml", *words]) == code


def test_watching_shows_every_version_and_ends_well(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each change is checked, a file that is gone is told, and Ctrl-C ends with 0; no screen is cleared."""
    steps = iter(
        [
            lambda: file.write_text(WARNED, encoding="utf-8"),
            file.unlink,
            lambda: file.write_text(ACKNOWLEDGED, encoding="utf-8"),
        ]
    )

    def rest() -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(check_command, "rest", rest)
    assert main(["check", "acme.yaml", "--watch", "--quiet"]) == 0
    out = capsys.readouterr().out
    removed = "`urgent: none` removes nothing: there is no `urgent` below it"
    assert "\x1b" not in out
    assert [line for line in out.splitlines() if not line.startswith(" ")] == [
        "1 agreement, 0 contracts: 0 errors, 0 warnings, 0 notes",
        "watching; Ctrl-C ends",
        f"acme.yaml:6:23: warning[nothing-to-remove]: {removed}",
        "1 agreement, 0 contracts: 0 errors, 1 warning, 0 notes",
        "watching; Ctrl-C ends",
        "upheld: there is no file or folder acme.yaml",
        "watching; Ctrl-C ends",
        "1 agreement, 0 contracts: 0 errors, 0 warnings, 0 notes",
        "watching; Ctrl-C ends",
    ]


def test_a_clause_list_is_watched_with_its_agreement(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing the list that the agreement names is a change, also if it was not there before."""
    file.write_text(SOUND.replace("zone:", "clauses: list.yaml, zone:"), encoding="utf-8")
    steps = iter([lambda: Path("list.yaml").write_text("clauses: {'1': {says: a}}\n", encoding="utf-8")])

    def rest() -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(check_command, "rest", rest)
    assert main(["check", "acme.yaml", "--watch"]) == 0
    out = capsys.readouterr().out
    assert out.index("error[missing-file]") < out.index("error[clause-missing]")


@pytest.mark.parametrize("words", [["--format", "json"], ["--resolved"]])
def test_watching_is_for_people(file: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A form for programs and a text to be kept do not go with it."""
    assert main(["check", "acme.yaml", "--watch", *words]) == 2
    assert "--watch shows findings as text" in capsys.readouterr().err


def test_findings_are_coloured_where_colour_is_wanted(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The severity, the mark and the words before the way out; without colours the text is the same."""
    file.write_text(ACKNOWLEDGED, encoding="utf-8")
    assert main(["check", "acme.yaml", "--all", "--color", "always"]) == 0
    coloured = capsys.readouterr().out
    assert "acme.yaml:3:3: \x1b[36mnote[assumption-not-consulted]\x1b[0m: no row" in coloured
    assert "      |   \x1b[1;35m^^^^^\x1b[0m\n" in coloured
    assert "\x1b[32m    way out:\x1b[0m " in coloured
    assert main(["check", "acme.yaml", "--all"]) == 0
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == capsys.readouterr().out


def test_a_terminal_is_cleared_before_each_look(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the newest findings stand alone."""

    def rest() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check_command, "rest", rest)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["check", "acme.yaml", "--watch"]) == 0
    assert capsys.readouterr().out.startswith("\x1b[2J\x1b[H")


def test_a_check_starts_without_what_it_does_not_need() -> None:
    """Neither arrays, tables nor holidays; nor those parts of Python that take long to load."""
    code = (
        "import argparse, sys; argparse.ArgumentParser().format_help(); known = set(sys.modules)\n"
        "from upheld.cli.main import main\n"
        "main(['check', 'agreements/intg.yaml'])\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - known}, file=sys.stderr)"
    )
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert ran.returncode == 0
    dear = {"numpy", "duckdb", "pyarrow", "holidays", "tzdata", "importlib_metadata"}
    dear |= {"dataclasses", "inspect", "shutil", "tempfile", "subprocess", "typing_extensions"}
    assert "yaml" in ran.stderr.split()
    assert not dear & set(ran.stderr.split())
