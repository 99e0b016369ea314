"""Findings in the form that code hosts and editors read: SARIF 2.1.0 (OASIS)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from upheld.core.values.finding import Finding, Place

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_PAGES: Final = "docs/findings"


def sarif(
    findings: Iterable[Finding],
    meanings: Mapping[str, str],
    end_of: Callable[[Place], int],
    version: str,
) -> dict[str, Any]:
    """One run with a result for every finding and a rule for every code among them.

    `meanings` says what each code means; `end_of` gives the column behind the last character of what stands
    at a place. Columns count characters. What was acknowledged is a suppressed result with the reason.
    """
    findings = tuple(findings)
    codes = sorted({finding.code for finding in findings})
    driver = {"name": "upheld", "version": version, "rules": [_rule(code, meanings[code]) for code in codes]}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes.index(finding.code), end_of) for finding in findings],
            }
        ],
    }


def _rule(code: str, meaning: str) -> dict[str, Any]:
    # A helpUri, and links, would have to be absolute (SARIF 3.49.12); the pages are files of ours.
    return {
        "id": code,
        "shortDescription": {"text": meaning},
        "help": {"text": f"{meaning} Why it matters, and the way out: {_PAGES}/{code}.md of Upheld"},
    }


def _result(finding: Finding, rule: int, end_of: Callable[[Place], int]) -> dict[str, Any]:
    way_out = f"\nway out: {finding.way_out}" if finding.way_out else ""
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": f"{finding.message}{way_out}"},
        "locations": [_location(finding.place, end_of)],
        "partialFingerprints": {"finding/1": _fingerprint(finding)},
        # Where one result says whether it is suppressed, all have to (SARIF 3.27.23).
        "suppressions": [],
    }
    if len(finding.places) > 1:
        found["relatedLocations"] = [_location(place, end_of) for place in finding.places[1:]]
    if finding.acknowledged:
        found["suppressions"] = [
            {"kind": "inSource", "status": "accepted", "justification": finding.acknowledged}
        ]
    return found


def _location(place: Place, end_of: Callable[[Place], int]) -> dict[str, Any]:
    path = PurePath(place.file)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endColumn": end_of(place),
            },
        }
    }


def _fingerprint(finding: Finding) -> str:
    """The same for the same finding after lines were added above it."""
    said = f"{finding.code}\n{finding.place.file}\n{finding.message}"
    return hashlib.sha256(said.encode()).hexdigest()
