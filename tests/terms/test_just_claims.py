"""JUST: complaints about late tasks, the details owed after them, and the provider's final say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from upheld.core.claiming.claim import Claim
from upheld.core.timeline.instant import datetime_of

from .small import Small, Under
from .test_just_measured import JULY, JUNE, UTC, invoiced, reading, tasks


def claim_of(small: Small, at: str = "", name: str = "C-1") -> Claim:
    """A claim as of an instant."""
    return next(one for one in small.report(at).evaluation.claims_of("small") if one.id == name)


def complained(small: Small, at: str, about: str = "K-0", claim: str = "C-1", issue: str = JUNE) -> Small:
    """A complaint about a late task."""
    issue_at = datetime_of(small.instant(issue)).isoformat()
    return small.tell("claim.filed", claim, at, about=about, issue_at=issue_at)


@pytest.fixture
def just(under: Under) -> Small:
    """Two of ten tasks of June late, and an invoice of 1,000."""
    return missed(under("just", UTC))


def missed(small: Small) -> Small:
    """The same under any reading."""
    tasks(small, 10, range(2))
    return invoiced(small, "R-6", "Wed 2026-07-01 09:00", "2026-06")


@pytest.mark.parametrize(
    ("option", "admissibility", "amount"),
    [
        ("a complaint about a late task preserves the month", "admissible", 600),
        ("no complaint before the share is known", "inadmissible", 0),
    ],
)
def test_just_5_j6_a_complaint_about_a_late_task_comes_before_the_share_is_known(
    under: Under, option: str, admissibility: str, amount: int
) -> None:
    """It preserves the month; by the other reading it does not count, and the refund is out of reach."""
    small = complained(missed(reading(under, "early-complaint", option)), "Wed 2026-06-03 09:00")
    assert claim_of(small, JULY).admissibility == admissibility
    assert (small.credit("refund", "2026-06", at=JULY).amount or 0) == amount


def test_just_5_two_complaints_of_a_month_are_one_refund(just: Small) -> None:
    """The later one says beside which it stands."""
    complained(just, "Wed 2026-06-03 09:00")
    complained(just, "Wed 2026-06-03 10:00", "K-1", "C-2")
    assert [claim_of(just, JULY, name).beside for name in ("C-1", "C-2")] == ["", "C-1"]
    assert just.credit("refund", "2026-06", at=JULY).amount == Decimal("600.00")


@pytest.mark.parametrize(
    ("option", "amount", "state"),
    [("kept beside the verdict", "600.00", "owed"), ("replaces the verdict", "0", "not owed")],
)
def test_just_6_3_j12_the_final_say_stands_beside_the_verdict(
    under: Under, option: str, amount: str, state: str
) -> None:
    """Rejected, and computed all the same; by the other reading nothing is owed."""
    small = complained(missed(reading(under, "final-say", option)), "Wed 2026-06-03 09:00")
    told = {"outcome": "rejected", "reason": "not ours", "actor": "finance"}
    small.tell("claim.determined", "C-1", "Mon 2026-07-06 09:00", **told)
    credit = small.credit("refund", "2026-06")
    assert (credit.state, credit.amount) == (state, Decimal(amount))
    assert small.state("share of tasks", "2026-06") == "breached"
    assert claim_of(small).state == "rejected"


def test_just_6_3_j12_a_refund_that_hangs_on_the_final_say_says_so(just: Small) -> None:
    """It is one of the readings that the amount depends on."""
    complained(just, "Wed 2026-06-03 09:00")
    just.tell("claim.determined", "C-1", "Mon 2026-07-06 09:00", outcome="rejected", actor="finance")
    assert "final-say" in [one.name for one in just.credit_depends("refund", "2026-06").readings]


def test_just_6_1_a_decision_rests_on_the_audit_logs(just: Small) -> None:
    """The references of the decision are kept with it; the rule says what they have to be."""
    complained(just, "Wed 2026-06-03 09:00")
    told = {"outcome": "accepted", "evidence": ["audit-2026-06.log"], "actor": "finance"}
    just.tell("claim.determined", "C-1", "Mon 2026-07-06 09:00", **told)
    decision = claim_of(just).determination
    assert decision is not None
    assert decision.evidence == ("audit-2026-06.log",)
    assert just.terms.claim is not None
    assert just.terms.claim.decided_on == "the audit logs"
    assert "6.1" in just.terms.claim.cited.clauses


@pytest.mark.parametrize(
    ("option", "is_answered"), [("first human reply", False), ("any public reply", True)]
)
def test_just_6_2_g4_an_acknowledgement_is_no_answer(under: Under, option: str, is_answered: bool) -> None:
    """The details of the cause are; by the other reading the receipt is enough."""
    small = complained(missed(reading(under, "automatic-reply", option)), "Wed 2026-06-03 09:00")
    small.tell("claim.acknowledged", "C-1", "Wed 2026-06-03 09:01")
    assert (claim_of(small).steps[1].done_at is not None) == is_answered


def test_just_6_2_the_details_of_the_cause_are_owed_after_a_complaint(just: Small) -> None:
    """They are a step of the claim, with the goal that the provider sets itself."""
    complained(just, "Wed 2026-06-03 09:00")
    assert [step.deadline for step in claim_of(just).steps] == ["complaint", "cause details"]
    just.tell("claim.explained", "C-1", "Fri 2026-07-03 09:00")
    assert just.text(claim_of(just).steps[1].done_at) == "Fri 2026-07-03 09:00"
