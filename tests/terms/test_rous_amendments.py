"""ROUS: updates appear on the page, and going on accepts them."""

from __future__ import annotations

import pytest

from .amended import amended, held, starts

SIGNED = "from: 2025-10-01"
TAKEN = "at opening and month start"
LOWER = ("99.5 %", "99.0 %")


def test_rous_8_2_an_update_holds_from_its_publication() -> None:
    """No notice is promised: it begins on the day on which it appears, with its date."""
    one = amended("rous", LOWER, contract=SIGNED, published="2026-07-15")
    assert starts(one) == "2026-07-15"
    assert one.terms.amend is not None
    assert (one.terms.amend.notice, one.terms.amend.published) == (None, "on the page, with a new date")


def test_rous_8_3_going_on_accepts_it() -> None:
    """Nothing keeps the customer at what was signed, so what is worse holds as well."""
    one = amended("rous", LOWER, contract=SIGNED, published="2026-07-15")
    assert {step.why for step in one.steps} == {""}
    assert one.terms.amend is not None
    assert (one.terms.amend.never_below, one.terms.amend.accepted_by) == ("nothing", "continued use")


@pytest.mark.parametrize(
    ("reading", "month", "ticket"),
    [
        (TAKEN, "2026-08-01", "2026-07-15"),
        ("at publication", "2026-07-15", "2026-07-15"),
        ("next period", "2026-08-01", "2026-08-01"),
    ],
)
def test_rous_r19_a_month_keeps_the_version_of_its_start(reading: str, month: str, ticket: str) -> None:
    """July is measured as it began; tickets follow the page on which they were opened."""
    text = ("P1: 2h", "P1: 1h")
    taking = None if reading == TAKEN else (TAKEN, reading)
    one = amended("rous", LOWER, text, contract=SIGNED, published="2026-07-15", taking=taking)
    uptime = next(step.commitment for step in one.steps if step.kind == "commit")
    assert held(one, uptime)[-1] == ("new", month)
    assert held(one, "response")[-1] == ("new", ticket)
