"""What `check` tells of the text of an agreement, for the tests of the lints."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.finding_pages.case import DOCUMENT

from tests.language.texts import tree
from upheld.core.values.finding import Finding
from upheld.language.check import check_agreement


def told_of(files: Mapping[str, str | bytes]) -> tuple[Finding, ...]:
    """Every finding about an agreement and the clause list beside it."""
    texts = {name: text.decode() if isinstance(text, bytes) else text for name, text in files.items()}
    clauses = tree(texts["clauses.yaml"], "clauses.yaml") if "clauses.yaml" in texts else None
    return check_agreement(tree(texts["agreement.yaml"], "agreement.yaml"), clauses=clauses)[0]


def told(rows: str, code: str) -> list[str]:
    """The messages under one code about rows of an agreement, each with its severity before it."""
    text = rows if "document:" in rows else DOCUMENT + rows
    found = told_of({"agreement.yaml": text})
    assert not [one for one in found if one.severity == "error" and one.code != code], found
    return [f"{one.severity}: {one.message}" for one in found if one.code == code]


def places(rows: str, code: str) -> list[list[tuple[int, int]]]:
    """The line and the column of every place, of every finding under one code."""
    text = rows if "document:" in rows else DOCUMENT + rows
    found = told_of({"agreement.yaml": text})
    return [[(place.line, place.column) for place in one.places] for one in found if one.code == code]
