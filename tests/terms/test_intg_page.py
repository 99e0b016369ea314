"""INTG: what is wrong with the page itself, and the readings of which every reader is told."""

from __future__ import annotations

import pytest

from .page_findings import told

DEFECTS = [
    ("I1", "undefined-calendar", "business hours"),
    ("I1", "undefined-term", "business days"),
    ("I1", "undefined-calendar", "holidays"),
    ("I2", "undefined-calendar", "hours of urgent responses"),
    ("I3", "undefined-calendar", "hours of updates"),
    ("I5", "modality-conflict", "guaranteed or usual"),
    ("G2", "modality-conflict", "guaranteed or usual"),
    ("I6", "ragged-table", "two values for three plans"),
    ("I7", "unexplained-footnote", "asterisk"),
    ("I10", "undefined-term", "urgent"),
    ("I9", "undefined-term", "dash"),
    ("I8", "subject-missing", "beyond the allowance"),
    ("I12", "undefined-term", "month and year"),
    ("I11", "subject-missing", "silence"),
]
"""The reading by which each defect of the page is read, its code and its name in the clause list."""

FLAGGED = [
    ("I1", "business-hours", "nine to five"),
    ("I1", "business-day", "eight hours"),
    ("I1", "listed-holidays", "not closed"),
    ("I2", "p1-hours", "business hours"),
]
"""The readings that are flagged, and what is taken."""


@pytest.mark.parametrize(("reading", "code", "name"), DEFECTS)
def test_intg_a_defect_of_the_page_is_told_with_its_reading(reading: str, code: str, name: str) -> None:
    """Each defect is a note that names the reading, in the clause list and at the assumption."""
    finding = told("intg")[code, name]
    assert finding.severity == "note"
    assert f"INTG/{reading}" in finding.message
    assert [place.file.rpartition("agreements/")[2] for place in finding.places] == [
        "clauses/intg.yaml",
        "intg.yaml",
    ]


@pytest.mark.parametrize(("reading", "name", "take"), FLAGGED)
def test_intg_a_flagged_reading_is_told_with_what_is_taken(reading: str, name: str, take: str) -> None:
    """Each is a note that names the reading and what it takes."""
    finding = told("intg")["flagged-reading", name]
    assert finding.severity == "note"
    assert f"INTG/{reading}" in finding.message
    assert f"taken as `{take}`" in finding.message


@pytest.mark.parametrize(("reading", "name"), [("G1", "rounding"), ("G3", "unknown-time")])
def test_intg_a_reading_that_nothing_rests_on_is_acknowledged(reading: str, name: str) -> None:
    """Nothing is measured, so nothing is rounded or unknown: the agreement says that it knows."""
    finding = told("intg")["assumption-not-consulted", name]
    assert finding.acknowledged.startswith("the page measures nothing")


def test_intg_nothing_else_is_told_of_the_page() -> None:
    """What is told of the clause list is in the table, or waits for a later part."""
    codes = {code for (code, _), finding in told("intg").items() if "/clauses/" in finding.place.file}
    assert codes <= {code for _, code, _ in DEFECTS} | {"not-executed-yet"}
