"""What is computed of the shipped agreements is what was reviewed; of the fictional ones it is nothing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from tests.language.texts import mapping

from upheld.core.values.finding import Finding
from upheld.files.folder import read_agreement_file
from upheld.language.check import check_agreement
from upheld.language.codes import LINT
from upheld.language.node import Mapping, Scalar, Sequence

ROOT = Path(__file__).parents[2]
REVIEWED = Path(__file__).with_name("reviewed_findings.yaml")
_REF = re.compile(r"[A-Z]{4}/[A-Z]\d+")
FIVE = ("rous", "intg", "ceng", "sivo", "just")
FICTIONAL = sorted(path.parent for path in ROOT.glob("examples/*/agreement.yaml"))

TOLD = {
    "rous": {
        "R3": "denominator-unspecified",
        "R4": "dangling-reference",
        "R8": "flagged-reading",
        "R10": "flagged-reading",
        "R11": "range-target",
        "R21": "blank-metadata",
        "G1": "rounding-sensitive",
    },
    "intg": {
        "I1": "flagged-reading",
        "I2": "flagged-reading",
        "I3": "cadence-longer-than-day",
        "I11": "subject-missing",
    },
    "ceng": {
        "C1": "business-day-not-support-day",
        "C5": "flagged-reading",
        "C12": "flagged-reading",
        "C17": "malformed-number",
        "G1": "rounding-sensitive",
        "G4": "flagged-reading",
    },
    "sivo": {
        "S1": "band-gap",
        "S2": "band-edge",
        "S3": "third-state",
        "S6": "threshold-below-resolution",
        "S13": "flagged-reading",
        "S15": "infeasible-timeline",
        "S16": "unreachable-cap",
        "S19": "hours-for-days",
        "S20": "zone-abbreviation",
        "S21": "severity-without-clock",
        "S29": "flagged-reading",
        "S31": "flagged-reading",
        "G1": "rounding-sensitive",
    },
    "just": {
        "J2": "flagged-reading",
        "J4": "denominator-unspecified",
        "J5": "flagged-reading",
        "J6": "claim-before-knowable",
        "J8": "flagged-reading",
        "J9": "flagged-reading",
        "G1": "rounding-sensitive",
    },
}
"""Every reading that the terms flag or lint, and others of weight, with the code that tells it."""


@cache
def _told(path: Path) -> tuple[Finding, ...]:
    file, findings = read_agreement_file(path)
    assert file is not None
    assert findings == ()
    return check_agreement(file.node, clauses=file.clauses, lock=file.lock)[0]


def _five(name: str) -> tuple[Finding, ...]:
    return _told(ROOT / "agreements" / f"{name}.yaml")


def _computed(name: str) -> list[Finding]:
    """What is not told of the page itself."""
    codes = {*LINT, "band-gap"}
    return [one for one in _five(name) if one.code in codes and "/clauses/" not in one.place.file]


def _reviewed(name: str) -> list[dict[str, str]]:
    rows = mapping(REVIEWED.read_text("utf-8"), REVIEWED.name).get(name)
    assert isinstance(rows, Sequence)
    found = []
    for row in rows.items:
        assert isinstance(row, Mapping)
        found.append({key.text: value.text for key, value in row.entries if isinstance(value, Scalar)})
    return found


@pytest.mark.parametrize("name", FIVE)
def test_what_is_computed_of_the_five_was_reviewed(name: str) -> None:
    """Each finding stands in the list with its words and a reason, and nothing else does."""
    reviewed = _reviewed(name)
    assert [(row["code"], row["severity"], row["says"]) for row in reviewed] == [
        (one.code, one.severity, one.message) for one in _computed(name)
    ]
    assert all(row["because"] for row in reviewed)


@pytest.mark.parametrize(("name", "reading", "code"), [(n, r, c) for n in FIVE for r, c in TOLD[n].items()])
def test_every_flagged_or_linted_reading_is_told(name: str, reading: str, code: str) -> None:
    """Its finding names it, or was reviewed as being about it."""
    ref = f"{name.upper()}/{reading}"
    by_message = {one.code for one in _five(name) if ref in _REF.findall(one.message)}
    by_review = {row["code"] for row in _reviewed(name) if row.get("reading") == ref}
    assert code in by_message | by_review


@pytest.mark.parametrize("folder", FICTIONAL, ids=[folder.name for folder in FICTIONAL])
def test_nothing_is_told_of_the_fictional_agreements(folder: Path) -> None:
    """There is no false alarm; what is true of one and stays is acknowledged there."""
    found = [one for one in _told(folder / "agreement.yaml") if not one.acknowledged]
    assert [str(one) for one in found if one.code != "no-lock"] == []
