"""JUST: what is wrong with the page itself, and the readings of which every reader is told."""

from __future__ import annotations

import pytest

from .page_findings import told

DEFECTS = [
    ("J1", "undefined-term", "share of what"),
    ("J2", "undefined-calendar", "zone of a month"),
    ("J5", "duplicate-definition-differs", "month or task"),
    ("J6", "infeasible-timeline", "complaint before the share"),
    ("J7", "number-pair-mismatch", "instalments"),
    ("J8", "subject-missing", "several months"),
    ("J9", "subject-missing", "after the end"),
    ("J10", "undefined-calendar", "days of a complaint"),
    ("J11", "number-missing", "reasonable time"),
    ("J12", "provider-sole-judge", "final say"),
    ("J14", "number-missing", "never"),
    ("J15", "undefined-term", "catastrophic"),
]
"""The reading by which each defect of the page is read, its code and its name in the clause list."""

FLAGGED = [
    ("J2", "month-of-a-task", "submission"),
    ("J5", "refund-trigger", "month below 90 % and a complaint"),
    ("J8", "overlapping-months", "add up"),
    ("J9", "leaving-early", "paid out"),
]
"""The readings that are flagged, and what is taken."""


@pytest.mark.parametrize(("reading", "code", "name"), DEFECTS)
def test_just_a_defect_of_the_page_is_told_with_its_reading(reading: str, code: str, name: str) -> None:
    """Each defect is a note that names the reading, in the clause list and at the assumption."""
    finding = told("just")[code, name]
    assert finding.severity == "note"
    assert f"JUST/{reading}" in finding.message
    assert [place.file.rpartition("agreements/")[2] for place in finding.places] == [
        "clauses/just.yaml",
        "just.yaml",
    ]


@pytest.mark.parametrize(("reading", "name", "take"), FLAGGED)
def test_just_a_flagged_reading_is_told_with_what_is_taken(reading: str, name: str, take: str) -> None:
    """Each is a note that names the reading and what it takes."""
    finding = told("just")["flagged-reading", name]
    assert finding.severity == "note"
    assert f"JUST/{reading}" in finding.message
    assert f"taken as `{take}`" in finding.message


def test_just_nothing_else_is_told_of_the_page() -> None:
    """What is told of the clause list is in the table, or waits for a later part."""
    codes = {code for (code, _), finding in told("just").items() if "/clauses/" in finding.place.file}
    assert codes <= {code for _, code, _ in DEFECTS} | {"not-executed-yet"}
