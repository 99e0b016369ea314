"""SIVO over time: from Pro to Enterprise on 15 June, a rest, a contract that ends before its credit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from upheld.core.verdicts.verdict import State

from .small import Small, Under

pytestmark = pytest.mark.slow

PLAN_FEES = "fees by plan: {enterprise: {month: 1499.00 EUR}}"
JUNE_9, JULY_8 = "Tue 2026-06-09 10:00", "Wed 2026-07-08 10:00"
AUGUST = "Mon 2026-08-03 09:00"


@pytest.fixture
def changing(under: Under) -> Small:
    """Pro, and from 15 June on Enterprise; 45 minutes down in June, 25 in July."""
    small = under("sivo", "UTC", "pro", PLAN_FEES, plans=("enterprise",))
    small.watch("Sat 2026-05-30 00:00", AUGUST)
    small.tell("contract.plan_changed", "small", "Mon 2026-06-15 00:00", plan="enterprise")
    return small.fails("api", JUNE_9, 45).fails("api", JULY_8, 25)


def invoiced(small: Small, at: str = "Wed 2026-07-01 08:00", amount: float = 999.0) -> Small:
    """What was invoiced for June."""
    return small.tell("contract.invoice_issued", "small", at, invoice="R-06", amount=amount, month="2026-06")


def claimed(small: Small, about: str, filed: str, decided: str = "") -> Small:
    """A claim about a month, and what was decided."""
    small.tell("claim.filed", f"C-{about}", filed, about=about)
    if decided:
        small.tell("claim.determined", f"C-{about}", decided, outcome="accepted")
    return small


def test_a_claim_is_shown_with_the_terms_of_the_plan_that_it_is_under(changing: Small) -> None:
    """That of the month that it is about."""
    claimed(changing, "2026-06", "Thu 2026-07-02 09:00")
    claimed(changing, "2026-07", "Mon 2026-08-03 08:00")
    shown = {one.claim.about: one.terms.plan for one in changing.claims(AUGUST)}
    assert shown == {"2026-06": "pro", "2026-07": "enterprise"}


def judged(small: Small, month: str) -> tuple[State, str]:
    """The state of the uptime of a month, and the plan it is under (empty: the first one)."""
    found = small.verdict("uptime", month, at=AUGUST)
    return found.state, found.plan


def test_june_is_judged_by_pro_and_july_by_enterprise(changing: Small) -> None:
    """SIVO-1.1: 45 minutes miss 99.9, 25 minutes only 99.95; a month keeps the plan at its start."""
    assert judged(changing, "2026-06") == ("breached", "")
    assert judged(changing, "2026-07") == ("breached", "enterprise")


def test_without_the_change_july_is_kept(under: Under) -> None:
    """Under Pro 25 minutes are none too many."""
    small = under("sivo", "UTC", "pro").watch("Sat 2026-05-30 00:00", AUGUST).fails("api", JULY_8, 25)
    small.tell("ticket.opened", "T-1", "Mon 2026-06-01 09:00", priority="S1")
    assert judged(small, "2026-07") == ("met", "")


def test_the_credit_of_june_is_one_of_what_was_invoiced_and_that_of_july_one_of_the_new_fee(
    changing: Small,
) -> None:
    """SIVO-5.1, SIVO/S31: 10 % of 999.00 EUR, and 20 % of 1,499.00 EUR."""
    assert changing.credit("credit", "2026-06", at=AUGUST).state == "open"
    invoiced(changing)
    june, july = (changing.credit("credit", month, at=AUGUST) for month in ("2026-06", "2026-07"))
    assert (june.amount, june.plan) == (Decimal("99.90"), "")
    assert (july.amount, july.plan) == (Decimal("299.80"), "enterprise")


def test_a_month_whose_plan_does_not_change_in_it_is_one_of_its_fee(changing: Small) -> None:
    """SIVO/S24: May is Pro's, whatever comes later."""
    changing.fails("api", "Sat 2026-05-30 10:00", 60)
    assert changing.credit("credit", "2026-05", at=AUGUST).base == 499


def test_the_fact_may_bring_the_fee(under: Under) -> None:
    """Where the contract file does not say what Enterprise costs."""
    small = under("sivo", "UTC", "pro", plans=("enterprise",)).watch("Sat 2026-05-30 00:00", AUGUST)
    fees = {"month": "1200.00 EUR"}
    small.tell("contract.plan_changed", "small", "Mon 2026-06-15 00:00", plan="enterprise", fees=fees)
    small.fails("api", JULY_8, 25)
    assert small.credit("credit", "2026-07", at=AUGUST).amount == Decimal("240.00")


def test_a_fee_that_nobody_says_is_not_known(under: Under) -> None:
    """Never that of the plan before."""
    small = under("sivo", "UTC", "pro", plans=("enterprise",)).watch("Sat 2026-05-30 00:00", AUGUST)
    small.tell("contract.plan_changed", "small", "Mon 2026-06-15 00:00", plan="enterprise")
    found = small.fails("api", JULY_8, 25).credit("credit", "2026-07", at=AUGUST)
    assert (found.state, found.amount) == ("open", None)


def test_a_ticket_keeps_the_plan_at_its_opening(changing: Small) -> None:
    """SIVO-7: four hours of support opened on Friday, thirty minutes around the clock on Monday."""
    changing.tell("ticket.opened", "T-1", "Fri 2026-06-12 15:00", priority="S1")
    changing.tell("ticket.opened", "T-2", "Mon 2026-06-15 10:00", priority="S1")
    changing.tell("ticket.replied", "T-1", "Mon 2026-06-15 10:20")
    assert changing.due("response", "T-1") == "Mon 2026-06-15 10:00"  # one hour on Friday, three on Monday
    assert changing.due("response", "T-2") == "Mon 2026-06-15 10:30"
    assert [changing.verdict("response", name).plan for name in ("T-1", "T-2")] == ["", "enterprise"]


def test_a_claim_keeps_the_plan_of_what_it_is_about(changing: Small) -> None:
    """A claim for June, filed in July, is one under Pro, and pays what June gives."""
    invoiced(claimed(changing, "2026-06", "Thu 2026-07-30 12:00", "Mon 2026-08-03 09:00"))
    assert changing.verdict("claim filing", "C-2026-06").plan == ""
    assert changing.state("claim filing", "C-2026-06") == "met"
    assert changing.credit("credit", "2026-06").granted_at is not None


def test_the_change_is_corrected_by_a_later_fact(changing: Small) -> None:
    """It was not 15 June but 15 July: July is Pro's again, and kept."""
    changing.tell(
        "correction.replaced", "correction", "Mon 2026-07-20 09:00",
        corrects={"source": "desk", "id": "f-001"}, by="Kim", reason="the month was mistyped",
        replacement={"time": "2026-07-15T00:00:00Z"},
    )  # fmt: skip
    assert judged(changing, "2026-07") == ("met", "")
    assert judged(changing, "2026-06") == ("breached", "")
    assert changing.credit("credit", "2026-06", at=AUGUST).base == 499


def test_a_reading_of_the_enterprise_gap_matters_only_where_enterprise_holds(changing: Small) -> None:
    """SIVO/S1: June does not hang on it, July does."""
    invoiced(changing)
    found = [changing.credit_depends("credit", month, at=AUGUST) for month in ("2026-06", "2026-07")]
    named = [{reading.name for reading in one.readings} for one in found]
    assert ["enterprise-gap" in names for names in named] == [False, True]
    assert (found[1].low, found[1].high) == (0, Fraction("299.8"))


def test_what_is_owed_when_the_contract_ends_stays_outstanding(changing: Small) -> None:
    """SIVO/S29: ended on 10 July, before any invoice after the decision."""
    invoiced(claimed(changing, "2026-06", "Fri 2026-07-03 12:00", "Mon 2026-07-06 09:00"))
    assert [one.state for one in changing.credit("credit", "2026-06", at=AUGUST).instalments] == ["planned"]
    changing.tell("contract.ended", "small", "Fri 2026-07-10 00:00")
    credit = changing.credit("credit", "2026-06", at=AUGUST)
    assert [(one.state, one.amount) for one in credit.instalments] == [("outstanding", Decimal("99.90"))]
    assert not changing.verdicts("uptime", "2026-08", at=AUGUST)


def test_a_ticket_after_the_end_starts_no_clock(changing: Small) -> None:
    """Nothing is promised any more."""
    changing.tell("contract.ended", "small", "Fri 2026-07-10 00:00")
    changing.tell("ticket.opened", "T-1", "Fri 2026-07-10 09:00", priority="S1")
    found = changing.verdict("response", "T-1", at=AUGUST)
    assert (found.state, found.reasons) == ("not applicable", ("the contract was not in force",))
