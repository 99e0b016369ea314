"""ROUS: what is wrong with the page itself, and the readings of which every reader is told."""

from __future__ import annotations

import pytest

from .page_findings import told

DEFECTS = [
    ("R4", "dangling-reference", "wrong section"),
    ("R8", "undefined-calendar", "hours of which clock"),
    ("R9", "undefined-term", "length of a business day"),
    ("R10", "undefined-calendar", "public holidays"),
    ("R1", "undefined-term", "available"),
    ("R14", "undefined-term", "response"),
    ("G4", "undefined-term", "response"),
    ("R11", "range-target", "ranges"),
    ("R12", "number-missing", "resolution of P4"),
    ("R20", "zone-abbreviation", "letters for a zone"),
    ("R21", "duplicate-definition", "opening paragraph"),
    ("R21", "ragged-table", "heading of the table"),
    ("R21", "blank-metadata", "last section"),
]
"""The reading by which each defect of the page is read, its code and its name in the clause list."""

FLAGGED = [
    ("R8", "response-time", "support hours"),
    ("R10", "public-holidays", "working days"),
]
"""The readings that are flagged, and what is taken."""


@pytest.mark.parametrize(("reading", "code", "name"), DEFECTS)
def test_rous_a_defect_of_the_page_is_told_with_its_reading(reading: str, code: str, name: str) -> None:
    """Each defect is a note that names the reading, in the clause list and at the assumption."""
    finding = told("rous")[code, name]
    assert finding.severity == "note"
    assert f"ROUS/{reading}" in finding.message
    assert [place.file.rpartition("agreements/")[2] for place in finding.places] == [
        "clauses/rous.yaml",
        "rous.yaml",
    ]


@pytest.mark.parametrize(("reading", "name", "take"), FLAGGED)
def test_rous_a_flagged_reading_is_told_with_what_is_taken(reading: str, name: str, take: str) -> None:
    """Each is a note that names the reading and what it takes."""
    finding = told("rous")["flagged-reading", name]
    assert finding.severity == "note"
    assert f"ROUS/{reading}" in finding.message
    assert f"taken as `{take}`" in finding.message


def test_rous_nothing_else_is_told_of_the_page() -> None:
    """What is told of the clause list is in the table, or waits for a later part."""
    codes = {code for (code, _), finding in told("rous").items() if "/clauses/" in finding.place.file}
    assert codes <= {code for _, code, _ in DEFECTS} | {"not-executed-yet"}
