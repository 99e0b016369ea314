"""What can be claimed after a claim was rejected: while its deadline is open, it stands in the list."""

from __future__ import annotations

import pytest

from tests.book.claimed import Books, on
from tests.book.stated import book
from tests.core.worlds import DOCUMENT, fact
from upheld.book.claims import claimable, claims
from upheld.book.evaluate import evaluate
from upheld.book.explain import Explanation, explain
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import DAY, parse_instant

AGREEMENT = (
    DOCUMENT
    + """
deadline:
  answer: {from: opened, until: answered, within: 4h, modality: objective}
  filing: {of: claim, until: filed, due: ABOUT + 5d}
indicator:
  share: {count: outcomes of answer}
commit:
  month: {indicator: share, level: ">= 90 %", per: calendar month}
remedy:
  credit: {of: month, formula: "10 %", base: {fee: month}}
claim: {needed: true, about: KIND}
"""
)
CONTRACT = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01, fees: {month: 1000.00 EUR}}\n"
)
TICKETS = [
    fact("ticket.opened", "Mon 06-29 09:00", "T-1", "o1", contract="c1"),
    fact("ticket.replied", "Mon 06-29 15:00", "T-1", "r1"),
    fact("ticket.opened", "Tue 06-30 09:00", "T-2", "o2", contract="c1"),
    fact("ticket.replied", "Tue 06-30 15:00", "T-2", "r2"),
]
"""Both were answered two hours too late; either can be complained about for five days."""


def _asked(kind: str, day: str, *told: Fact) -> list[tuple[str, str, str]]:
    text = AGREEMENT.replace("ABOUT", "issue_at" if kind == "item" else "about.end").replace("KIND", kind)
    folder = book([*TICKETS, *told], text, CONTRACT)
    found = claimable(folder, evaluate(folder, parse_instant(f"2026-{day}T12:00:00Z")))
    return [(one.about, one.standing, one.claim) for one in found if one.credit.key.subject == "2026-06"]


def _claim(about: str, name: str, outcome: str | None) -> list[Fact]:
    filed = fact("claim.filed", "Wed 07-01 09:00", name, f"f-{name}", contract="c1", about=about)
    data = {"outcome": outcome, "actor": "Bob"}
    decided = fact("claim.determined", "Wed 07-01 15:00", name, f"d-{name}", **data)
    return [filed] if outcome is None else [filed, decided]


@pytest.mark.parametrize(
    ("day", "outcome", "told"),
    [
        ("07-02", "rejected", [("T-1", "open", "C-1"), ("T-2", "open", "C-1")]),
        ("07-05", "rejected", [("T-2", "open", "C-1")]),
        ("07-09", "rejected", [("2026-06", "claimed", "C-1")]),
        ("07-02", "accepted", [("2026-06", "claimed", "C-1")]),
        ("07-02", None, [("2026-06", "claimed", "C-1")]),
    ],
)
def test_an_item_is_listed_as_long_as_its_deadline_is_open_if_its_claim_was_rejected(
    day: str, outcome: str | None, told: list[tuple[str, str, str]]
) -> None:
    """Each item by its own deadline, with the claim that was rejected; afterwards it was claimed in vain."""
    assert _asked("item", day, *_claim("T-1", "C-1", outcome)) == told


@pytest.mark.parametrize(
    ("filed", "told"),
    [("Sat 07-04 13:00", "admissible"), ("Sat 07-04 13:00:01", "inadmissible")],
)
def test_a_claim_that_does_not_say_when_an_item_was_late_is_judged_from_when_it_was(
    filed: str, told: str
) -> None:
    """T-1 was late from 29 June 13:00 on, so five days end on 4 July, as the list says."""
    text = AGREEMENT.replace("ABOUT", "issue_at").replace("KIND", "item")
    claim = fact("claim.filed", filed, "C-1", "f-1", contract="c1", about="T-1")
    folder = book([*TICKETS, claim], text, CONTRACT)
    (one,) = claims(folder, evaluate(folder, on("07-05")))
    assert one.claim.admissibility == told
    assert [step.due_at for step in one.claim.steps] == [parse_instant("2026-07-04T13:00:00Z")]
    assert "missing-attribute" not in {one.code for one in evaluate(folder, on("07-05")).findings}


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        ("Mon 06-29 15:00", ["T-1 was late", "due: counted from Mon 2026-06-29 13:00"]),
        ("Mon 06-29 10:00", ["T-1 was due", "due: counted from Mon 2026-06-29 13:00"]),
    ],
)
def test_an_explanation_says_from_when_an_item_was_late_the_days_are_counted(
    answered: str, told: list[str]
) -> None:
    """Where the claim names the item alone; one that was in time counts from when it was due."""
    text = AGREEMENT.replace("ABOUT", "issue_at").replace("KIND", "item")
    claim = fact("claim.filed", "Wed 07-01 10:00", "C-1", "f-1", contract="c1", about="T-1")
    opened = fact("ticket.opened", "Mon 06-29 09:00", "T-1", "o1", contract="c1")
    folder = book([opened, fact("ticket.replied", answered, "T-1", "r1"), claim], text, CONTRACT)
    (one,) = explain(folder, evaluate(folder, on("07-05")), "C-1", "filing")
    assert isinstance(one, Explanation)
    assert [step.what for step in one.steps if step.fact is None] == told


def test_a_claim_about_no_item_has_to_say_when_that_happened_and_that_comes_next() -> None:
    """Of a month nobody can tell from when the days of its items count: a finding says so, and the claim."""
    text = AGREEMENT.replace("ABOUT", "issue_at").replace("KIND", "either")
    folder = book([*TICKETS, *_claim("2026-06", "C-1", None)], text, CONTRACT)
    report = evaluate(folder, on("07-02"))
    (one,) = claims(folder, report)
    (deadline,) = (check for check in one.claim.checks if check.of == "deadline")
    assert deadline.reason == "filing: it does not say when that happened (`issue_at`)"
    assert one.next.what == "find out when that happened, and correct the claim: `issue_at`"
    assert [found.code for found in report.findings] == ["missing-attribute"]


@pytest.mark.parametrize(("kind", "about"), [("item", ""), ("either", ""), ("period", "T-1")])
def test_a_claim_that_does_not_say_what_it_is_about_has_to_be_corrected(kind: str, about: str) -> None:
    """Nothing that the customer adds to it says what it is about, so that is no way out."""
    text = AGREEMENT.replace("ABOUT", "filed").replace("KIND", kind)
    named = {"about": about} if about else {}
    claim = fact("claim.filed", "Wed 07-01 10:00", "C-1", "f-1", contract="c1", **named)
    folder = book([*TICKETS, claim], text, CONTRACT)
    (one,) = claims(folder, evaluate(folder, on("07-02")))
    (form,) = (check for check in one.claim.checks if check.of == "form")
    assert form.way_out == "find out what it is about, and correct the claim: `about`"
    assert (one.next.party, one.next.what) == ("provider", form.way_out)
    assert one.next.also is not None


def test_a_period_is_listed_so_too_until_it_is_claimed_anew() -> None:
    """A second claim that waits for its answer takes the place of the rejected one."""
    rejected = _claim("2026-06", "C-1", "rejected")
    assert _asked("period", "07-02", *rejected) == [("2026-06", "open", "C-1")]
    again = _claim("2026-06", "C-2", None)
    assert _asked("period", "07-02", *rejected, *again) == [("2026-06", "claimed", "C-2")]
    assert _asked("period", "07-09", *rejected) == [("2026-06", "claimed", "C-1")]


FILING = "  claim filing: {of: claim, until: filed, due: about.end + 60d, modality: objective}\n"


@pytest.mark.parametrize("decision", ["beside the verdict", "final"])
def test_what_can_be_claimed_anew_is_expected_still(decision: str) -> None:
    """Rejected on 5 July with 60 days to file: until they are over, and while the second claim waits."""
    books = Books(deadlines=FILING, decision=decision)
    books.decide("07-05", "rejected")
    is_final = decision == "final"
    assert books.euros("07-06") == ([] if is_final else [("expected", 600)])
    assert books.euros("08-31") == []
    books.tell("claim.filed", "07-07", "C-2", about="2026-06")
    assert books.euros("07-08") == books.euros("08-31") == [("expected", 600)]
    books.decide("07-10", "rejected", claim="C-2")
    assert books.euros("08-31") == []


def test_whose_claim_was_rejected_is_told_until_when_to_claim_anew() -> None:
    """By the 60th day after June; after it there is the dispute alone."""
    books = Books(deadlines=FILING)
    books.decide("07-05", "rejected")
    folder = books.folder()
    in_time, late = (claims(folder, evaluate(folder, on(day)))[0].next for day in ("07-06", "08-31"))
    assert in_time.what == late.what == "dispute it, or leave it"
    assert in_time.also is not None
    assert in_time.also[:2] == ("customer", "claim it anew")
    assert on("08-30") - DAY < (in_time.also.due_at or 0) < on("08-30")
    assert late.also is None
