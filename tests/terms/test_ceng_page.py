"""CENG: what is wrong with the page itself, and the readings of which every reader is told."""

from __future__ import annotations

import pytest

from .page_findings import told

DEFECTS = [
    ("C1", "number-pair-mismatch", "two lengths of a day"),
    ("C2", "number-pair-mismatch", "hours on end"),
    ("C5", "undefined-term", "general holidays"),
    ("C3", "modality-conflict", "strength of words"),
    ("C4", "number-pair-mismatch", "eight hours and one day"),
    ("C11", "duplicate-definition-differs", "two scales"),
    ("C12", "undefined-calendar", "hours of P3"),
    ("C13", "undefined-term", "higher"),
    ("C14", "undefined-term", "majority"),
    ("C20", "undefined-term", "unavailable"),
    ("C7", "undefined-term", "quarter"),
    ("C17", "blank-metadata", "names left out"),
    ("C17", "malformed-number", "ways of writing"),
]
"""The reading by which each defect of the page is read, its code and its name in the clause list."""

FLAGGED = [
    ("C5", "dutch-holidays", "statutory list"),
    ("C12", "p3-updates", "business hours"),
    ("G4", "automatic-reply", "first human reply"),
]
"""The readings that are flagged, and what is taken."""


@pytest.mark.parametrize(("reading", "code", "name"), DEFECTS)
def test_ceng_a_defect_of_the_page_is_told_with_its_reading(reading: str, code: str, name: str) -> None:
    """Each defect is a note that names the reading, in the clause list and at the assumption."""
    finding = told("ceng")[code, name]
    assert finding.severity == "note"
    assert f"CENG/{reading}" in finding.message
    assert [place.file.rpartition("agreements/")[2] for place in finding.places] == [
        "clauses/ceng.yaml",
        "ceng.yaml",
    ]


@pytest.mark.parametrize(("reading", "name", "take"), FLAGGED)
def test_ceng_a_flagged_reading_is_told_with_what_is_taken(reading: str, name: str, take: str) -> None:
    """Each is a note that names the reading and what it takes."""
    finding = told("ceng")["flagged-reading", name]
    assert finding.severity == "note"
    assert f"CENG/{reading}" in finding.message
    assert f"taken as `{take}`" in finding.message


def test_ceng_nothing_else_is_told_of_the_page() -> None:
    """What is told of the clause list is in the table, or waits for a later part."""
    codes = {code for (code, _), finding in told("ceng").items() if "/clauses/" in finding.place.file}
    assert codes <= {code for _, code, _ in DEFECTS} | {"not-executed-yet"}
