"""What must hold of memos holds in random books, and those who look would see if it did not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.accounting.campaign import Book, DisagreementError, campaign, faults_of, floats_in, main
from tests.accounting.world import credit, memos
from upheld.core.accounting.memo import TaxSum

pytestmark = pytest.mark.slow


def test_random_books_are_those_of_the_second_judge() -> None:
    """Lines, taxes, instalments, sums, numbers and months, after every step of every book."""
    assert campaign(300, 1) > 100


@pytest.mark.slow
def test_more_random_books_are_those_of_the_second_judge() -> None:
    """The short run of the long campaign: `python -m tests.accounting.campaign`."""
    assert campaign(500, 1_000_000) > 170


def test_a_decision_that_says_the_same_again_makes_no_difference_younger() -> None:
    """A credit is decided down, the correction voided, and the decision said once more.

    What is proposed again has its number by the first of the two decisions.
    """
    assert Book(1497).play() == 2


@pytest.mark.parametrize("seed", [50_231, 102_586, 107_542])
def test_what_a_document_took_back_is_not_given_any_more_but_for_what_stands(seed: int) -> None:
    """A credit is decided down, its correction issued or another memo of it voided, and decided again.

    The second decision counts from what the documents come to by then, and what is set off stays, always.
    """
    assert Book(seed).play() > 0


def test_a_campaign_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    """It says how much it looked at."""
    assert main(["20", "7"]) == 0
    assert "20 contracts" in capsys.readouterr().out


def test_a_book_that_differs_is_told() -> None:
    """A judge who counts one unit more is heard, with the seed that repeats it."""
    book = Book(3)
    book.play()
    book.paper.entries[0].net += 1
    with pytest.raises(DisagreementError, match="seed 3"):
        book._same()


def test_what_does_not_hold_of_a_memo_is_seen() -> None:
    """A tax of another amount, instalments that do not add up, a line off by a unit, and a float."""
    (memo,) = memos([credit("100.00", instalments=["33.33", "33.33", "33.34"])])
    assert list(faults_of(memo)) == []
    (tax,) = memo.taxes
    (line,) = memo.lines
    for wrong in (
        replace(memo, taxes=(TaxSum(tax.tax, tax.base_minor, tax.tax_minor + 1),)),
        replace(memo, taxes=()),
        replace(memo, plan=memo.plan[:2]),
        replace(memo, lines=(line._replace(exact=Fraction(99)),)),
        replace(memo, lines=(line._replace(base=499.0),)),  # type: ignore[arg-type]  # a float, on purpose
    ):
        assert list(faults_of(wrong)) != []


def test_a_float_is_found_however_deep() -> None:
    """In values, tuples and maps; numbers that are exact are none."""
    (memo,) = memos([credit()])
    assert list(floats_in([memo, {"a": (1, Decimal(1), Fraction(1, 3))}])) == []
    assert list(floats_in({"a": [(1, 0.5)]})) == [".a[0][1]"]
