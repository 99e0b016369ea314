"""Findings as SARIF 2.1.0: what code hosts need of it, and nothing that the standard does not have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from upheld.core.values.finding import Finding, Place
from upheld.render.sarif import sarif

SCHEMA = json.loads(Path(__file__).with_name("sarif.schema.json").read_text("utf-8"))
"""What SARIF 2.1.0 says of the objects that are used here, written down by hand from the standard."""

FINDINGS = (
    Finding("b-code", "first", (Place("a folder/a.yaml", 2, 5), Place("b.yaml", 1, 1)), "mend it"),
    Finding("a-code", "second", (Place("b.yaml", 3, 1),), "", "warning"),
    Finding("b-code", "third", (Place("/srv/c.yaml", 4, 2),), "", "note", "it is known"),
)
MEANINGS = {"a-code": "What a is.", "b-code": "What b is.", "c-code": "Not found."}


def _run(findings: tuple[Finding, ...] = FINDINGS) -> dict[str, Any]:
    log = sarif(findings, MEANINGS, lambda place: place.column + 4, "1.2.3")
    errors = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(log)]
    assert errors == []
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_a_log_has_a_rule_for_every_code_that_was_found() -> None:
    """Rules are sorted, have a meaning and a page, and results point at them by name and number."""
    run = _run()
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["a-code", "b-code"]
    # A helpUri is absolute, and nobody knows where a reader has the pages.
    assert "helpUri" not in rules[0]
    assert "docs/findings/a-code.md" in rules[0]["help"]["text"]
    assert rules[0]["shortDescription"]["text"] == "What a is."
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [
        one["ruleId"] for one in run["results"]
    ]
    assert [one["level"] for one in run["results"]] == ["error", "warning", "note"]


def test_a_result_has_its_region_and_the_other_places() -> None:
    """Regions are in characters from the first to the one behind the last; paths are URIs."""
    first, _, third = _run()["results"]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20folder/a.yaml"},
        "region": {"startLine": 2, "startColumn": 5, "endColumn": 9},
    }
    assert first["relatedLocations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "b.yaml"}
    assert first["message"]["text"] == "first\nway out: mend it"
    assert third["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///srv/c.yaml"}


def test_what_is_acknowledged_is_suppressed_with_the_reason() -> None:
    """An acknowledged finding is a suppressed result; the others say that they are not."""
    first, _, third = _run()["results"]
    assert first["suppressions"] == []
    assert third["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "it is known"}
    ]


def test_a_fingerprint_outlives_lines_that_move() -> None:
    """The same finding further down has the same fingerprint, another message another."""
    moved = Finding("a-code", "second", (Place("b.yaml", 30, 1),), "", "warning")
    other = Finding("a-code", "else", (Place("b.yaml", 3, 1),), "", "warning")
    prints = [one["partialFingerprints"]["finding/1"] for one in _run((FINDINGS[1], moved, other))["results"]]
    assert prints[0] == prints[1]
    assert prints[0] != prints[2]


def test_a_log_without_findings_is_one_too() -> None:
    """Nothing found is a run without results and rules."""
    assert _run(())["results"] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [(("level",), "fatal"), (("locations",), {}), (("surprise",), 1), (("message",), "text")],
)
def test_the_schema_of_the_test_tells_what_is_wrong(path: tuple[str, ...], value: object) -> None:
    """The schema that the other tests rest on refuses a result that SARIF does not allow."""
    log = sarif(FINDINGS, MEANINGS, lambda place: place.column, "1")
    log["runs"][0]["results"][0][path[0]] = value
    assert not Draft202012Validator(SCHEMA).is_valid(log)
