"""SIVO: what a claim must say, from when it counts, and that a credit has to be claimed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from upheld.core.accounting.proposing import granted_amount
from upheld.core.claiming.claim import Claim
from upheld.core.timeline.instant import MINUTE, datetime_of, format_instant

from .small import Small, Under
from .test_sivo_measured import JULY, PATTERN, UTC, bad_slices, reading, watched

SAID: dict[str, object] = {
    "about": "2026-06",
    "channel": "email",
    "account": "acme-7",
    "metrics": "uptime 99.90 %",
    "impact": "no calls for forty minutes",
}


@pytest.fixture
def enterprise(under: Under) -> Small:
    """A contract of Enterprise with 25 minutes down in June: 20 %, 99.80 EUR."""
    return bad_slices(watched(under("sivo", UTC, "enterprise")), PATTERN)


def claim_of(small: Small, at: str = "", name: str = "C-1") -> Claim:
    """A claim as of an instant."""
    return next(one for one in small.report(at).evaluation.claims_of("small") if one.id == name)


def test_sivo_6_2_a_claim_says_account_period_metrics_and_impact(enterprise: Small) -> None:
    """With all four it is admissible."""
    enterprise.tell("claim.filed", "C-1", JULY, **SAID)
    assert claim_of(enterprise).admissibility == "admissible"


@pytest.mark.parametrize("name", ["account", "about", "metrics", "impact"])
def test_sivo_6_2_what_is_missing_is_told_and_can_be_added(enterprise: Small, name: str) -> None:
    """With its clause; what the customer adds completes it."""
    said = {key: value for key, value in SAID.items() if key != name}
    enterprise.tell("claim.filed", "C-1", JULY, **said)
    found = claim_of(enterprise)
    (missing,) = (check for check in found.checks if check.of == "form")
    assert found.admissibility != "admissible"
    assert missing.reason == f"does not say: {'period' if name == 'about' else name}"
    assert missing.clauses == ("6.1", "6.2")
    if name != "about":
        enterprise.tell("claim.supplemented", "C-1", JULY, **{name: SAID[name]})
        assert claim_of(enterprise).admissibility == "admissible"


@pytest.mark.parametrize(("option", "state"), [("sent or received", "met"), ("received", "missed")])
def test_sivo_6_1_s17_a_claim_counts_when_sent_or_received(under: Under, option: str, state: str) -> None:
    """Sent on the last evening and received the next morning; the reading decides."""
    small = bad_slices(reading(under, "claim-moment", option), PATTERN)
    sent_at = datetime_of(small.instant("Thu 2026-07-30 23:00")).isoformat()
    received_at = datetime_of(small.instant("Fri 2026-07-31 09:00")).isoformat()
    told = {**SAID, "sent_at": sent_at, "received_at": received_at}
    small.tell("claim.filed", "C-1", "Fri 2026-07-31 09:00", **told)
    assert small.state("claim filing", "C-1") == state
    assert claim_of(small).admissibility == ("admissible" if state == "met" else "inadmissible")


def test_sivo_6_1_s17_only_a_claim_that_hangs_on_it_says_that_it_does(enterprise: Small) -> None:
    """One that was sent and received in time hangs on nothing."""
    sent_at = datetime_of(enterprise.instant("Thu 2026-07-30 23:00")).isoformat()
    received_at = datetime_of(enterprise.instant("Fri 2026-07-31 09:00")).isoformat()
    told = {**SAID, "sent_at": sent_at, "received_at": received_at}
    enterprise.tell("claim.filed", "C-1", "Fri 2026-07-31 09:00", **told)
    enterprise.tell("claim.filed", "C-2", "Fri 2026-07-31 09:00", **{**told, "received_at": sent_at})
    hanging = enterprise.depends("claim filing", "C-1")
    assert [one.name for one in hanging.readings] == ["claim-moment"]
    assert enterprise.depends("claim filing", "C-2").readings == ()


@pytest.mark.parametrize(("option", "invoice"), [("claim required", ""), ("automatic", "R-7")])
def test_sivo_6_1_s25_a_credit_has_to_be_claimed(under: Under, option: str, invoice: str) -> None:
    """By the other reading it stands on the next invoice by itself."""
    small = bad_slices(reading(under, "claim-needed", option), PATTERN)
    data = {"invoice": "R-7", "amount": 499, "currency": "EUR", "month": "2026-07"}
    small.tell("contract.invoice_issued", "small", "Sat 2026-08-01 09:00", **data)
    (part,) = small.credit("credit", "2026-06").instalments
    assert (part.amount, part.invoice) == (Decimal("99.80"), invoice)


@pytest.mark.parametrize(
    ("filed", "admissibility"),
    [("Thu 2026-07-30 24:00", "admissible"), ("Fri 2026-07-31 00:00:01", "inadmissible")],
)
def test_sivo_6_1_a_claim_on_the_last_day_and_on_the_first_late_day(
    enterprise: Small, filed: str, admissibility: str
) -> None:
    """The credit was computed all the same; whether it may be claimed is another question."""
    enterprise.tell("claim.filed", "C-1", filed, **SAID)
    assert claim_of(enterprise).admissibility == admissibility
    assert enterprise.credit("credit", "2026-06").amount == Decimal("99.80")


def test_sivo_6_2_the_evidence_of_the_customer_stands_beside_ours(under: Under) -> None:
    """A month with a gap stays undetermined, and the claim keeps what the customer saw."""
    small = watched(under("sivo", UTC, "enterprise")).unwatched("api", "Wed 2026-06-10 10:00", 40)
    starts_at = small.instant("Wed 2026-06-10 10:00")
    interval = f"{format_instant(starts_at)}/{format_instant(starts_at + 40 * MINUTE)}"
    small.tell("claim.filed", "C-1", JULY, **SAID, evidence=["calls.csv"], intervals=[interval])
    found = claim_of(small)
    assert small.state("uptime", "2026-06") == "undetermined"
    assert found.admissibility == "admissible"
    (evidence,) = found.said.evidence
    assert evidence.references == ("calls.csv",)
    assert evidence.intervals == ((starts_at, starts_at + 40 * MINUTE),)


def test_sivo_6_3_the_answer_is_a_step_of_the_claim(enterprise: Small) -> None:
    """Filed on 30 July, due on 20 August, decided in time."""
    enterprise.tell("claim.filed", "C-1", "Thu 2026-07-30 10:00", **SAID)
    enterprise.tell("claim.determined", "C-1", "Thu 2026-08-20 12:00", outcome="accepted", actor="finance")
    found = claim_of(enterprise)
    told = [(step.deadline, step.state, enterprise.text(step.due_at)) for step in found.steps]
    assert told == [
        ("claim filing", "met", "Thu 2026-07-30 24:00"),
        ("claim answer", "met", "Thu 2026-08-20 24:00"),
    ]
    assert (found.state, found.granted) == ("accepted", Decimal("99.80"))


@pytest.mark.parametrize("gap", [True, False], ids=["nobody can tell", "the month was kept"])
def test_sivo_6_3_what_the_provider_grants_is_paid_whatever_was_computed(under: Under, gap: bool) -> None:
    """The engine's figure stays beside it, undetermined or not owed; what is granted is on the invoice."""
    small = watched(under("sivo", UTC, "enterprise"))
    if gap:
        small = small.unwatched("api", "Wed 2026-06-10 10:00", 40)
    small.tell("claim.filed", "C-1", JULY, **SAID)
    granted: dict[str, object] = {"outcome": "partly", "amount": 50, "currency": "EUR", "actor": "dora"}
    small.tell("claim.determined", "C-1", JULY, **granted)
    data = {"invoice": "R-7", "amount": 499, "currency": "EUR", "month": "2026-07"}
    small.tell("contract.invoice_issued", "small", "Sat 2026-08-01 09:00", **data)
    found = small.credit("credit", "2026-06")
    assert found.state == ("undetermined" if gap else "not owed")
    assert [(part.amount, part.invoice) for part in found.instalments] == [(Decimal("50.00"), "R-7")]
    assert granted_amount(found) == Decimal("50.00")
