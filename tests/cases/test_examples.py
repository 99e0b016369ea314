"""Agreements that nobody had in mind when the code was written, held to what was calculated by hand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from upheld.book.duties_ahead import owed_without_limit
from upheld.book.evaluate import Report, evaluate
from upheld.book.explain import CreditExplanation, Explanation, explain
from upheld.cli.book_arguments import book_of
from upheld.core.timeline.instant import format_instant, parse_instant
from upheld.files.folder import read_agreement_file
from upheld.language.check import check_agreement

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass
class Came:
    """What came out: verdicts and credits by commitment or remedy, and subject."""

    report: Report

    def state(self, commitment: str, subject: str) -> str:
        return next(v.state for _, _, v in self.report.numbered() if v.key[1:] == (commitment, subject))

    def value(self, commitment: str, subject: str) -> Fraction | None:
        for _, _, verdict in self.report.numbered():
            if verdict.key[1:] == (commitment, subject) and verdict.measurement is not None:
                return verdict.measurement.final.value
        raise LookupError(commitment, subject)

    def amount(self, remedy: str, subject: str) -> tuple[str, Decimal | None]:
        for _, _, credit in self.report.numbered_credits():
            if credit.key[1:] == (remedy, subject):
                return credit.state, credit.amount
        raise LookupError(remedy, subject)


def came(example: str, at: str) -> Came:
    book = book_of([EXAMPLES / example])
    report = evaluate(book, parse_instant(at))
    assert (*book.findings, *report.findings) == ()
    return Came(report)


@pytest.mark.parametrize(
    "example",
    ["requests", "fleet", "response-share", "service-days", "sites", "leaving", "credit-notes"],
)
def test_an_example_checks_without_a_finding(example: str) -> None:
    """What the language can say, it says without warning, but for what is acknowledged with its reason."""
    agreement, findings = read_agreement_file(EXAMPLES / example / "agreement.yaml")
    assert agreement is not None
    assert findings == ()
    found, _ = check_agreement(agreement.node, lock=agreement.lock)
    assert [one for one in found if one.severity != "note" and not one.acknowledged] == []


def test_requests_with_a_cap_on_the_year() -> None:
    """A share of requests; the second credit gets what the first has left of the year."""
    told = came("requests", "2026-07-02T00:00:00Z")
    assert told.value("success", "2026-04") == Fraction(29_980_000, 30_000_000)
    assert told.state("success", "2026-04") == "met"
    assert told.value("success", "2026-05") == Fraction(30_960_000, 31_000_000)
    assert told.amount("credit", "2026-05") == ("owed", Decimal("100.00"))
    assert told.value("success", "2026-06") == Fraction(28_400_000, 29_000_000)
    assert told.state("success", "2026-06") == "breached"
    assert told.amount("credit", "2026-06") == ("owed", Decimal("200.00"))


def test_leaving_after_two_bad_months_of_three() -> None:
    """Notice on 20 July ends the contract with August; without it the right lapses after 30 July."""
    book = book_of([EXAMPLES / "leaving"])
    report = evaluate(book, parse_instant("2026-08-01T00:00:00Z"))
    (one,) = explain(book, report, "2026-06", "leave")
    assert isinstance(one, CreditExplanation)
    assert one.right is not None
    instants = (one.right.from_at, one.right.until_at, one.right.given_at, one.right.ends_at)
    assert [format_instant(at) for at in instants if at is not None] == [
        "2026-07-01T00:00:00Z", "2026-07-31T00:00:00Z", "2026-07-20T12:00:00Z", "2026-09-01T00:00:00Z",
    ]  # fmt: skip
    assert one.right.state == "used"
    came_out = came("leaving", "2026-08-01T00:00:00Z")
    assert came_out.state("success", "2026-04") == came_out.state("success", "2026-06") == "breached"
    assert came_out.amount("leave", "2026-04") == ("not owed", None)


def test_leaving_has_duties_without_a_number() -> None:
    """A report at the last instant, a post-mortem that is owed for ever, a covenant that was broken."""
    told = came("leaving", "2026-08-01T00:00:00Z")
    assert told.state("incident report", "I-1") == "met"
    assert told.state("service review", "2026-Q2") == "met"
    assert told.state("keys", "K-1") == "breached"
    book = book_of([EXAMPLES / "leaving"])
    owed = owed_without_limit(book, evaluate(book, parse_instant("2026-08-01T00:00:00Z")))
    assert [(one.key.commitment, one.key.subject) for one in owed] == [("post-mortem", "I-1")]


def test_a_share_of_requests_is_followed_to_its_slices_and_gaps() -> None:
    """The day that failed with its counts, and the day that nobody counted."""
    book = book_of([EXAMPLES / "requests"])
    report = evaluate(book, parse_instant("2026-07-02T00:00:00Z"))
    (one,) = explain(book, report, "2026-06", "success")
    assert isinstance(one, Explanation)
    failed, missing = one.trace.stretches
    assert (format_instant(failed.start_at), failed.part) == ("2026-06-09T00:00:00Z", "down")
    assert [(row.slices, row.total, row.good) for row in failed.slices] == [(1, 1_000_000, 400_000)]
    assert (format_instant(missing.start_at), missing.part) == ("2026-06-21T00:00:00Z", "unknown")


def test_the_worst_machine_over_its_part_of_the_month() -> None:
    """A machine that came on the 16th is measured over fifteen days, and decides."""
    told = came("fleet", "2026-07-02T00:00:00Z")
    assert told.value("uptime", "2026-06") == Fraction(21_600 - 120, 21_600)
    assert told.state("uptime", "2026-06") == "breached"
    assert told.amount("credit", "2026-06") == ("owed", Decimal("84.00"))


def test_a_share_of_answers_and_a_claim_in_two_steps() -> None:
    """37 of 40 are three steps short; the first step of the claim came in time, the second did not."""
    told = came("response-share", "2026-08-01T00:00:00Z")
    assert told.value("share of answers", "2026-06") == Fraction(37, 40)
    assert told.state("share of answers", "2026-06") == "breached"
    assert told.amount("credit", "2026-06") == ("owed", Decimal("45.00"))
    assert told.state("notice of claim", "CL-1") == "met"
    assert told.state("proof of claim", "CL-1") == "missed"
    assert [told.state("answer", subject) for subject in ("Q-08", "Q-20", "Q-34")] == ["missed"] * 3


def test_days_of_service_with_a_cap_on_the_day() -> None:
    """Five half hours of one day give the three that a day can; an outage over midnight is of both days."""
    told = came("service-days", "2026-07-02T00:00:00Z")
    assert told.value("uptime", "2026-06") == Fraction(43_200 - 172, 43_200)
    assert told.amount("free days", "2026-06") == ("owed", Decimal(6))
