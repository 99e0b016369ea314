"""`upheld plans`: in every form, for a narrow terminal and for pages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from upheld.cli.main import main

AGREEMENTS = Path(__file__).parents[2] / "agreements"
SIVO = str(AGREEMENTS / "sivo.yaml")


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command prints."""
    assert main(["plans", *words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_no_line_is_wider_than_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Tables that do not fit are told line by line."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = shown(capsys, SIVO).splitlines()
    assert max(map(len, lines)) <= columns
    assert any("≠ “response”: S1" in line for line in lines)


def test_a_wide_terminal_has_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line for a row, if the three plans fit beside each other."""
    monkeypatch.setenv("COLUMNS", "200")
    (row,) = (line for line in shown(capsys, SIVO).splitlines() if "≠ “response”: S1" in line)
    assert "48 hours (“support”) (an aim)  4 hours (“support”) (an aim)  30 minutes" in row


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_a_file_gets_what_would_be_printed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str
) -> None:
    """In every form, and then nothing is printed."""
    path = tmp_path / "plans"
    printed = shown(capsys, SIVO, "--format", form)
    assert shown(capsys, SIVO, "--format", form, "--output", str(path)) == ""
    assert path.read_text(encoding="utf-8") == printed


def test_data_has_a_row_for_each_promise(capsys: pytest.CaptureFixture[str]) -> None:
    """With the cells by plan, whether they differ, and the clauses."""
    record = json.loads(shown(capsys, SIVO, "--format", "json"))
    assert record["plans"] == ["starter", "pro", "enterprise"]
    rows = {row["promise"]: row for row in record["rows"]}
    assert rows["“credit”: less than 98.0 %"] == {
        "group": "remedies",
        "promise": "“credit”: less than 98.0 %",
        "cells": {
            "starter": None,
            "pro": "30 % of your monthly fee",
            "enterprise": "60 % of your monthly fee",
        },
        "differs": True,
        "clauses": ["5.1", "5.2", "6.4"],
    }
    assert not rows["“claim filing”"]["differs"]


def test_an_agreement_without_plans_has_one_column(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is compared: no caption repeats a heading, and nothing is said of marks."""
    text = shown(capsys, str(AGREEMENTS / "rous.yaml"), "--format", "markdown")
    assert "| Promise | What is promised | Clause |" in text
    assert "≠" not in text
    assert text.count("What happens by when") == 1
    assert "## Plans" not in text
    page = shown(capsys, str(AGREEMENTS / "rous.yaml"), "--format", "html")
    assert "<caption" not in page
    named = set(re.findall(r'<table role="table" aria-labelledby="([^"]*)">', page))
    assert len(named) == 4
    for one in named:
        assert re.search(rf'<h2 id="{one}">', page)


def test_no_time_at_all_is_told_as_that(capsys: pytest.CaptureFixture[str]) -> None:
    """Work that must not touch the open hours: not that it may take zero seconds of them."""
    text = shown(capsys, str(AGREEMENTS / "ceng.yaml"), "--format", "markdown")
    assert "| “risky work” | no time (“business”) (an aim) | 7.1 |" in text


@pytest.mark.parametrize(("language", "header"), [("en", "In every plan"), ("nl", "In elk abonnement")])
def test_pages_name_each_cell_for_a_narrow_screen(
    capsys: pytest.CaptureFixture[str], language: str, header: str
) -> None:
    """Where a table is stacked, each cell says to which plan it belongs, and keeps its role."""
    page = shown(capsys, SIVO, "--format", "html", "--lang", language)
    assert page.count("<!doctype html>") == 1
    assert f'<td role="cell" data-label="{header}">' in page
    assert '<td role="cell" data-label="enterprise">' in page


def test_an_agreement_that_is_not_right_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """With what is wrong, and exit code 2."""
    path = tmp_path / "agreement.yaml"
    path.write_text("document: {agreement: acme}\n", encoding="utf-8")
    assert main(["plans", str(path)]) == 2
    assert "nothing was compared" in capsys.readouterr().err
