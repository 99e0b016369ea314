"""From when a new version holds for whom: notices, what may not get worse, what has begun."""

from __future__ import annotations

import pytest

from .amending import ask, contract, day, days, succession, told, version

KEEPING = "{notice: 60d, never below: commitments at signature}"
TERM = {"term": "12 months"}


def test_a_version_begins_when_the_notice_has_passed() -> None:
    """Sixty days after the first of July is the thirtieth of August; tickets from then on."""
    one = succession(ask(version("2", response="2h"), version("1", "{notice: 60d}"), contract()))
    assert day(one, "starts_at") == "2026-08-30"
    assert days(one, "response") == [("1", "2026-01-15"), ("2", "2026-08-30")]


def test_a_notice_within_a_day_counts_from_its_instant_and_the_next_whole_day_is_the_first() -> None:
    """Told at ten in the morning, the sixty days are over at ten in the morning."""
    facts = [told("agreement.notice_given", "2026-07-01T10:00:00Z", "acme", version="2")]
    new, old = version("2", level="99.99"), version("1", "{notice: 60d}")
    one = succession(ask(new, old, contract(), published=None, facts=facts))
    assert day(one, "starts_at") == "2026-08-31"


def test_each_customer_is_told_for_themselves() -> None:
    """A notice to one contract is none to another, who only knows the publication."""
    facts = [
        told("agreement.published", "2026-08-01T00:00:00Z", "acme", version="2"),
        told("agreement.notice_given", "2026-07-01T00:00:00Z", "acme", version="2", contract="c1"),
    ]
    new, old = version("2", level="99.99"), version("1", "{notice: 60d}")
    found = ask(new, old, contract("c1"), contract("c2"), published=None, facts=facts)
    assert [day(succession(found, n), "starts_at") for n in (0, 1)] == ["2026-08-30", "2026-09-30"]


@pytest.mark.parametrize(
    ("notice", "first"),
    [
        ("{notice: 2 weeks}", "2026-07-15"),
        ("{notice: 1 month}", "2026-08-01"),
        ("{notice: 48h}", "2026-07-03"),
        ("{notice: 10 business days of desk}", "2026-07-16"),
        ("{notice: none}", "2026-07-01"),
        ("{notice: 2 weeks, applies from: next month}", "2026-08-01"),
        ("", "2026-07-01"),
    ],
)
def test_a_notice_is_any_amount(notice: str, first: str) -> None:
    """Civil time, business days of a calendar, or nothing; perhaps until the next month begins."""
    one = succession(ask(version("2", level="99.99"), version("1", notice), contract()))
    assert day(one, "starts_at") == first


def test_what_gets_worse_is_kept_until_the_contract_period_ends() -> None:
    """Level 99.9 for 99.95: kept until the year is over, and the month in which that is."""
    one = succession(ask(version("2", level="99.9", response="2h"), version("1", KEEPING), contract(**TERM)))
    assert (day(one, "starts_at"), day(one, "period_end_at")) == ("2026-08-30", "2027-01-15")
    assert days(one, "uptime") == [("1", "2026-01-15"), ("2", "2027-02-01")]
    assert days(one, "response") == [("1", "2026-01-15"), ("2", "2026-08-30")]
    assert {step.commitment: step.why for step in one.steps}["uptime"] == "never below at signature: worse"


@pytest.mark.parametrize(
    ("rule", "first"),
    [(KEEPING, "2027-01-15"), (KEEPING.replace("}", ", incomparable: new version}"), "2026-08-30")],
)
def test_what_is_neither_better_nor_worse_keeps_the_version_at_signature(rule: str, first: str) -> None:
    """Eight hours of the desk and 25 hours: due sooner for some tickets; the agreement may say otherwise."""
    old, new = version("1", rule, response="8h of desk"), version("2", response="25h")
    one = succession(ask(new, old, contract(**TERM)))
    assert [(step.commitment, step.order) for step in one.steps][:1] == [("response", "incomparable")]
    assert days(one, "response")[-1] == ("2", first)


def test_nothing_is_kept_where_nothing_is_promised() -> None:
    """Without `never below` the notice is all."""
    one = succession(ask(version("2", level="99.9"), version("1", "{notice: 60d}"), contract(**TERM)))
    assert days(one, "uptime") == [("1", "2026-01-15"), ("2", "2026-09-01")]


@pytest.mark.parametrize(
    ("more", "end"),
    [
        ({"term": "12 months"}, "2027-01-15"),
        ({"term": "3 months"}, "2026-10-15"),
        ({"term": "12 months", "until": "2026-11-01"}, "2026-11-01"),
        ({"until": "2027-03-01"}, "2027-03-01"),
        ({"term": "1 year", "from": "2024-02-29"}, "2027-02-28"),
    ],
)
def test_contract_periods_follow_each_other_from_the_first_day(more: dict[str, str], end: str) -> None:
    """The period in which the new version would begin; none lasts beyond the contract."""
    one = succession(ask(version("2", level="99.9"), version("1", KEEPING), contract(**more)))
    assert day(one, "period_end_at") == end


def test_a_renewal_begins_a_new_period() -> None:
    """What was renewed early ends a term after the renewal."""
    facts = [told("contract.renewed", "2026-06-01T00:00:00Z", "c1")]
    one = succession(ask(version("2", level="99.9"), version("1", KEEPING), contract(**TERM), facts=facts))
    assert day(one, "period_end_at") == "2027-06-01"


def test_a_version_that_begins_with_a_period_is_not_held_back() -> None:
    """The period in which something was kept is over when the new version begins."""
    one = succession(
        ask(version("2", level="99.9"), version("1", KEEPING), contract(**TERM), start="2027-01-15")
    )
    assert days(one, "uptime") == [("1", "2026-01-15"), ("2", "2027-02-01")]


def test_a_period_without_a_known_end_is_told() -> None:
    """What is better is kept, and nobody says until when."""
    amendment, findings = ask(version("2", level="99.9"), version("1", KEEPING), contract())
    assert [(f.code, f.severity) for f in findings] == [("contract-period-unknown", "warning")]
    assert amendment is not None
    step = next(step for step in amendment.successions[0].steps if step.commitment == "uptime")
    assert (step.is_open, [held.version for held in step.versions]) == (True, ["1"])


def test_until_the_contract_ends_a_renewal_does_not_count() -> None:
    """`until: contract ends` keeps it over all periods; then nothing comes after."""
    rule = "{notice: 60d, never below: commitments at signature, until: contract ends}"
    one = succession(
        ask(version("2", level="99.9"), version("1", rule), contract(until="2027-03-01", **TERM))
    )
    assert days(one, "uptime") == [("1", "2026-01-15")]


@pytest.mark.parametrize(
    ("floor", "first"),
    [("commitments at signature", "2026-09-01"), ("commitments in force", "2027-02-01")],
)
def test_commitments_in_force_are_those_of_the_last_version(floor: str, first: str) -> None:
    """Signed at 99.9, in force 99.95: 99.92 is worse than what is in force, and not than what was signed."""
    signed = version("1", f"{{notice: 60d, never below: {floor}}}", level="99.9")
    versions = [signed, version("2", level="99.95")]
    one = succession(ask(version("3", level="99.92"), versions, contract(**TERM)))
    assert days(one, "uptime")[-1] == ("3", first)


def test_whoever_signs_after_publication_signs_the_new_version() -> None:
    """A contract without a version is bound to the one that was published when it was signed."""
    old = version("1", KEEPING)
    found = ask(
        version("2", level="99.9"), old,
        contract("a", version="", signed="2026-06-30", **TERM),
        contract("b", version="", signed="2026-07-01", **{"from": "2026-07-15"}),
        contract("c", version="'2'", **{"from": "2026-07-15"}),
        contract("d", until="2026-08-01"),
    )  # fmt: skip
    states = [(one.is_new, one.is_over, one.signed) for one in (succession(found, n) for n in range(4))]
    assert states == [(False, False, "1"), (True, False, "2"), (True, False, "2"), (False, True, "1")]


def test_what_has_begun_may_follow_the_new_version_if_the_agreement_says_so() -> None:
    """Then a month that is being measured ends under other terms than it began."""
    rule = "{notice: 60d, periods: new version}"
    one = succession(ask(version("2", level="99.9"), version("1", rule), contract()))
    assert days(one, "uptime")[-1] == ("2", "2026-08-30")


def test_a_notice_that_is_too_short_names_the_first_valid_day() -> None:
    """The finding points at the contract and at the rule; the rest is told as of that day."""
    found = ask(version("2", level="99.99"), version("1", "{notice: 60d}"), contract(), start="2026-08-01")
    (finding,) = found[1]
    assert (finding.code, finding.way_out) == (
        "notice-too-short",
        "the first day that is possible is 2026-08-30",
    )
    assert finding.message == (
        "version 2 cannot begin on 2026-08-01 for `c1`: version 1 promises a notice of 60 days"
    )
    assert len(finding.places) == 2
    assert day(succession(found), "starts_at") == "2026-08-30"
    fine = ask(version("2", level="99.99"), version("1", "{notice: 60d}"), contract(), start="2026-10-01")
    assert fine[1] == ()
    assert day(succession(fine), "starts_at") == "2026-10-01"


def test_nobody_who_was_not_told_gets_a_new_version() -> None:
    """Without a date and without a fact there is no notice."""
    amendment, findings = ask(version("2"), version("1", KEEPING), contract(), published=None)
    assert (amendment, [finding.code for finding in findings]) == (None, ["notice-unknown"])


def test_a_version_that_is_not_given_is_told() -> None:
    """Whoever signed under another one has to be compared with that one."""
    amendment, findings = ask(version("2"), version("1", KEEPING), contract(version="'0'"))
    assert amendment is None
    assert [finding.code for finding in findings] == ["unknown-version"]


def test_a_remedy_goes_with_the_commitment_that_it_follows() -> None:
    """Where the level is kept, what is owed below it is kept as well, though it would be more."""
    remedy = "remedy: {credit: {of: uptime, bands: {'[99 %, 99.9 %)': PART %}, base: {fee: month}}}\n"
    old = version("1", KEEPING, more=remedy.replace("PART", "10"))
    new = version("2", level="99.9", more=remedy.replace("PART", "20"))
    one = succession(ask(new, old, contract(fees="{month: 100.00 EUR}", **TERM)))
    assert days(one, "credit") == days(one, "uptime") == [("1", "2026-01-15"), ("2", "2027-02-01")]
