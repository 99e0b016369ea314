"""CSV: a row for each line, exact, that no spreadsheet computes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from tests.accounting.world import FACTS, credit, issued, memos
from tests.export.test_ubl import AUGUST_3
from upheld.core.accounting.memo import CreditMemo
from upheld.export.csv_table import COLUMNS, faults, text


def delta() -> tuple[CreditMemo, ...]:
    """A memo and the one that corrects it."""
    facts = (*FACTS, *issued(memos([credit()])))
    facts = (*facts, *issued(memos([credit("20.00")], facts, AUGUST_3)))
    return memos([credit("20.00")], facts, AUGUST_3)


def rows(memos_: tuple[CreditMemo, ...]) -> list[dict[str, str]]:
    """What a reader of CSV sees."""
    return list(csv.DictReader(io.StringIO(text(memos_), newline="")))


def test_every_line_is_a_row() -> None:
    """Lines add up to the memo that is told beside them; negative amounts stay numbers."""
    found = rows(delta())
    assert tuple(found[0]) == COLUMNS
    told = [(row["number"], row["net"], row["memo_net"]) for row in found]
    assert told == [
        ("NW-CN-000001", "49.90", "49.90"),
        ("NW-CN-000002", "20.00", "-29.90"),
        ("NW-CN-000002", "-49.90", "-29.90"),
    ]
    assert [row["exact"] for row in found] == ["49.9", "20", "-49.9"]
    assert text(delta()).endswith("\r\n")


@pytest.mark.parametrize("name", ["=1+1", "+1 2", "-2+3", "@SUM(A1)", "\t=1", " =1", "1/2", "10-11", "|cmd"])
def test_no_name_is_computed(name: str) -> None:
    """A text that a spreadsheet would take for a formula or a day begins with an apostrophe."""
    (row,) = rows((replace(delta()[0], customer=name),))
    assert row["customer"] == f"'{name}"


@pytest.mark.parametrize(
    "name", ["1E5", "1e-5", "12E07", "000001", "5.10", ".5", "5.", "TRUE", "1234567890123456", "-0", "+5"]
)
def test_no_name_becomes_another_number(name: str) -> None:
    """An id that a spreadsheet would show otherwise begins with an apostrophe; a document's number, too."""
    (row,) = rows((replace(delta()[0], contract=name, number=name),))
    assert (row["contract"], row["number"]) == (f"'{name}", f"'{name}")


@pytest.mark.parametrize(
    "name", ['say "hello", Acme', "two\nlines", "plain", "2026-06", "4990", "5.1", "0.5", "E5"]
)
def test_other_texts_are_read_as_they_were(name: str) -> None:
    """Quotes, commas and lines come through."""
    (row,) = rows((replace(delta()[0], customer=name),))
    assert row["customer"] == name


def test_what_has_no_number_has_no_row() -> None:
    """Only documents are exported."""
    assert faults(replace(delta()[0], number="")) == ("it has no number: issue it first",)
