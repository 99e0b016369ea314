"""docs/terms.md says of every term of the five agreements which row encodes it and which part executes it."""

from __future__ import annotations

import pytest

from tests.agreements.test_terms_complete import INFORMATIVE, LATER_TERMS, TERMS
from tests.docs.pages import ROOT
from tests.docs.term_table import AGREEMENTS, tables

PAGE = ROOT / "docs" / "terms.md"
BEGIN = "<!-- The tables below are read off the agreements: `make accept` writes them. -->"


@pytest.mark.accepts
def test_the_tables_are_those_of_the_agreements(accept: bool) -> None:
    """The page ends with the tables that follow from the agreements and their clause lists."""
    text = PAGE.read_text("utf-8")
    head, found, _ = text.partition(BEGIN)
    assert found
    lines = [line for name in AGREEMENTS for line in ("", *tables(name))]
    expected = head + "\n".join([BEGIN, *lines]) + "\n"
    if accept and text != expected:
        PAGE.write_text(expected, encoding="utf-8")
    else:
        assert text == expected


def _executed() -> dict[str, str]:
    """What the last cell of the row of each term says."""
    cells = [line.split(" | ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return {row[0].removeprefix("| "): row[-1].removesuffix(" |") for row in cells if len(row) == 4}


@pytest.mark.parametrize("name", TERMS)
def test_every_term_has_its_row(name: str) -> None:
    """No term is missing, and none says nothing about who executes it."""
    executed = _executed()
    for number in TERMS[name].split():
        assert executed[f"{name.upper()}-{number}"], number


@pytest.mark.parametrize("name", TERMS)
def test_what_is_not_left_to_a_later_part_is_executed_now(name: str) -> None:
    """Of parts 1 to 5 is everything but what is informative and the few terms of later parts."""
    executed = _executed()
    for number in TERMS[name].split():
        now = executed[f"{name.upper()}-{number}"].split("; ")[0] in ("1", "2", "3", "5")
        assert now != (number in INFORMATIVE.get(name, set()) | LATER_TERMS.get(name, set())), number
