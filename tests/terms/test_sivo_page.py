"""SIVO: what is wrong with the page itself, and the readings of which every reader is told."""

from __future__ import annotations

import pytest

from .page_findings import told

DEFECTS = [
    ("S1", "number-pair-mismatch", "first band of Enterprise"),
    ("S2", "band-edge", "edges of bands"),
    ("S3", "undefined-term", "neither of both"),
    ("S6", "number-missing", "share for two planes"),
    ("S13", "undefined-term", "scheduled"),
    ("S32", "number-missing", "immediately"),
    ("S15", "infeasible-timeline", "credit before the answer"),
    ("S16", "number-pair-mismatch", "cap out of reach"),
    ("S24", "undefined-term", "monthly fee"),
    ("S18", "undefined-calendar", "days of the answer"),
    ("S29", "subject-missing", "no next invoice"),
    ("S31", "subject-missing", "part of a month"),
    ("S20", "zone-abbreviation", "letters for a zone"),
    ("S19", "number-pair-mismatch", "business hours of Starter"),
    ("S21", "number-missing", "four severities"),
    ("S21", "duplicate-definition-differs", "around the clock"),
    ("S28", "blank-metadata", "last update"),
    ("S28", "undefined-term", "achievable"),
    ("S28", "roadmap-not-binding", "road map"),
]
"""The reading by which each defect of the page is read, its code and its name in the clause list."""

FLAGGED = [
    ("S19", "starter-hours", "48 hours on the axis"),
    ("S21", "low-severity", "no target for S4"),
    ("S1", "enterprise-gap", "the band reaches the commitment"),
    ("S13", "emergency-windows", "count"),
    ("S29", "credit-after-end", "paid out"),
    ("S31", "mid-month", "whole month"),
]
"""The readings that are flagged, and what is taken."""


@pytest.mark.parametrize(("reading", "code", "name"), DEFECTS)
def test_sivo_a_defect_of_the_page_is_told_with_its_reading(reading: str, code: str, name: str) -> None:
    """Each defect is a note that names the reading, in the clause list and at the assumption."""
    finding = told("sivo")[code, name]
    assert finding.severity == "note"
    assert f"SIVO/{reading}" in finding.message
    assert [place.file.rpartition("agreements/")[2] for place in finding.places] == [
        "clauses/sivo.yaml",
        "sivo.yaml",
    ]


@pytest.mark.parametrize(("reading", "name", "take"), FLAGGED)
def test_sivo_a_flagged_reading_is_told_with_what_is_taken(reading: str, name: str, take: str) -> None:
    """Each is a note that names the reading and what it takes."""
    finding = told("sivo")["flagged-reading", name]
    assert finding.severity == "note"
    assert f"SIVO/{reading}" in finding.message
    assert f"taken as `{take}`" in finding.message


def test_sivo_nothing_else_is_told_of_the_page() -> None:
    """What is told of the clause list is in the table, or waits for a later part."""
    codes = {code for (code, _), finding in told("sivo").items() if "/clauses/" in finding.place.file}
    assert codes <= {code for _, code, _ in DEFECTS} | {"not-executed-yet"}
