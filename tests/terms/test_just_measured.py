"""JUST: the share of tasks begun in time, the situations that do not count, and the refund."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from upheld.core.timeline.instant import HOUR, MINUTE, datetime_of
from upheld.core.verdicts.measurement import Measurement

from .small import Small, Under

pytestmark = pytest.mark.slow

UTC = "UTC"
JULY = "Thu 2026-07-02 09:00"
JUNE = "Mon 2026-06-01 00:00"
OWN, ALL = "own share of tasks", "share of tasks"


@pytest.fixture
def just(under: Under) -> Small:
    """A contract under JUST."""
    return under("just", UTC)


def reading(under: Under, name: str, option: str) -> Small:
    """A contract under another reading."""
    return under("just", UTC, override=f"{{assume: {{{name}: {{take: {option}}}}}}}")


def tasks(
    small: Small, count: int, late: range = range(0), first: str = JUNE, every: int = 30, name: str = "K"
) -> Small:
    """So many tasks, one every half hour, begun after 5 minutes, those in `late` after 20."""
    start_at = small.instant(first)
    for number in range(count):
        submitted_at = start_at + number * every * MINUTE
        began_at = submitted_at + (20 if number in late else 5) * MINUTE
        for verb, at in (("submitted", submitted_at), ("began", began_at)):
            small.tell_at(f"task.{verb}", f"{name}-{number}", at)
    return small


def measured(small: Small, commitment: str = ALL, subject: str = "2026-06", at: str = JULY) -> Measurement:
    """What was measured."""
    found = small.verdict(commitment, subject, at=at).measurement
    assert found is not None
    return found


def share(small: Small, commitment: str = ALL) -> Fraction | None:
    """The share of June."""
    return measured(small, commitment).to_date.value


def invoiced(small: Small, invoice: str, at: str, month: str, amount: int = 1000) -> Small:
    """An invoice is sent."""
    data = {"invoice": invoice, "amount": amount, "currency": "EUR", "month": month}
    return small.tell("contract.invoice_issued", "small", at, **data)


def complained(small: Small, at: str, about: str = "2026-06", issue: str = JUNE, claim: str = "C-1") -> Small:
    """A complaint about something that happened at `issue`."""
    issue_at = datetime_of(small.instant(issue)).isoformat()
    return small.tell("claim.filed", claim, at, about=about, issue_at=issue_at)


@pytest.mark.parametrize(
    ("late", "percent", "state"), [(100, Fraction(900, 10), "met"), (101, Fraction(899, 10), "breached")]
)
def test_just_2_j1_j13_of_a_thousand_tasks_a_hundred_may_be_late(
    just: Small, late: int, percent: Fraction, state: str
) -> None:
    """Exactly 90 % is met, 89.9 % is breached."""
    tasks(just, 1000, range(late))
    assert share(just) == percent / 100
    assert just.state(ALL, "2026-06", at=JULY) == state


@pytest.mark.parametrize(("option", "state"), [("met", "met"), ("missed", "breached")])
def test_just_2_j13_exactly_ninety_percent(under: Under, option: str, state: str) -> None:
    """90 % of the time is reached; the other reading wants more."""
    small = tasks(reading(under, "edge-of-the-share", option), 10, range(1))
    assert share(small) == Fraction(9, 10)
    assert small.state(ALL, "2026-06", at=JULY) == state


@pytest.mark.parametrize(("option", "state"), [("met", "met"), ("missed", "undetermined")])
def test_just_2_j13_a_month_without_tasks_says_so(under: Under, option: str, state: str) -> None:
    """There is no share, and nothing was late."""
    small = reading(under, "edge-of-the-share", option)
    assert share(small) is None
    assert small.state(ALL, "2026-06", at=JULY) == state


def test_just_2_g1_rounded_to_whole_percent_the_miss_is_none(under: Under) -> None:
    """89.9 is 90 on the page."""
    small = tasks(reading(under, "rounding", "half up to the printed decimals"), 1000, range(101))
    assert small.state(ALL, "2026-06", at=JULY) == "met"


@pytest.mark.parametrize(("option", "state"), [("guarantee", "breached"), ("objective", "missed")])
def test_just_2_g2_the_share_is_guaranteed(under: Under, option: str, state: str) -> None:
    """A penalty follows it; a single late task is only a miss."""
    small = tasks(reading(under, "binding-words", option), 10, range(2))
    assert small.state(ALL, "2026-06", at=JULY) == state
    assert small.state("task start", "K-0", at=JULY) == "missed"


@pytest.mark.parametrize(("option", "june", "july"), [("submission", 10, 10), ("start", 9, 11)])
def test_just_2_j2_the_month_of_a_task_is_that_of_its_submission(
    under: Under, option: str, june: int, july: int
) -> None:
    """Submitted at 23:55 on 30 June and begun in July."""
    small = tasks(reading(under, "month-of-a-task", option), 10, first="Tue 2026-06-30 19:25")
    tasks(small, 10, first="Wed 2026-07-01 12:00", name="L")
    found = [
        measured(small, subject=month, at="Mon 2026-08-03 09:00").total for month in ("2026-06", "2026-07")
    ]
    assert found == [june, july]


def test_just_2_j3_a_task_that_never_starts_is_late_in_the_share(just: Small) -> None:
    """And one that the customer withdrew in time is not counted."""
    tasks(just, 8)
    just.tell("task.submitted", "N-1", "Wed 2026-06-10 10:00")
    just.tell("task.submitted", "N-2", "Wed 2026-06-10 10:00")
    just.tell("task.cancelled", "N-2", "Wed 2026-06-10 10:14", by="customer")
    assert (share(just), measured(just).total) == (Fraction(8, 9), 9)


def test_just_2_j3_out_of_the_count_by_the_other_reading(under: Under) -> None:
    """What never started is recorded as such and leaves the count."""
    small = tasks(reading(under, "never-started", "out of the count"), 8)
    small.tell("task.submitted", "N-1", "Wed 2026-06-10 10:00")
    small.tell("attribution.recorded", "A-1", JULY, target="N-1", cause="never-started", party="provider")
    assert (share(small), measured(small).total) == (1, 8)


def test_just_2_j3_the_share_tells_that_it_rests_on_this_reading(just: Small) -> None:
    """Although nothing is excluded under it."""
    for commit in just.terms.commits:
        assert "never-started" in commit.cited.readings


SITUATIONS = [
    ("3.1", "internet"),
    ("3.2", "cloud-network"),
    ("3.5", "cloud-infrastructure"),
    ("3.6", "own-cloud"),
    ("3.7", "api-change"),
    ("3.8", "force-majeure"),
]


def outage(small: Small, cause: str, hours: int, start: str = JUNE, **more: object) -> Small:
    """A situation with its cause, over so many hours."""
    return small.attribute(JULY, start, hours * 60, cause, "third party", **more)


@pytest.mark.parametrize(("clause", "cause"), SITUATIONS)
def test_just_3_tasks_of_an_excluded_situation_leave_the_count(just: Small, clause: str, cause: str) -> None:
    """Four tasks of twenty lie in it, all of them late: the other sixteen are the month."""
    tasks(just, 20, range(4))
    outage(just, cause, 2, catastrophic=True)
    found = measured(just)
    assert (found.to_date.value, found.total, found.amount("excluded")) == (1, 16, 4)
    (part,) = (part for part in found.parts if part.name == "excluded" and part.amount)
    (rule,) = (row for row in just.terms.exclusions if row.name == part.by)
    assert rule.cited.clauses == (clause,)


@pytest.mark.parametrize(("clause", "verb"), [("3.3", "expired"), ("3.4", "locked")])
def test_just_3_3_3_4_credentials_that_do_not_work_exclude_until_they_do(
    just: Small, clause: str, verb: str
) -> None:
    """From the fact that says so to the one that says valid."""
    tasks(just, 20, range(4))
    just.tell(f"credential.{verb}", "cloud", JUNE)
    just.tell("credential.valid", "cloud", "Mon 2026-06-01 02:00")
    found = measured(just)
    assert (found.to_date.value, found.total) == (1, 16)
    (part,) = (part for part in found.parts if part.name == "excluded" and part.amount)
    (rule,) = (row for row in just.terms.exclusions if row.name == part.by)
    assert rule.cited.clauses == (clause,)


@pytest.mark.parametrize(
    ("option", "catastrophic", "total"),
    [
        ("conditions on recorded causes", True, 16),
        ("conditions on recorded causes", False, 20),
        ("as the provider judges", False, 16),
    ],
)
def test_just_3_6_j15_an_outage_of_our_own_cloud_has_to_be_catastrophic(
    under: Under, option: str, catastrophic: bool, total: int
) -> None:
    """The record says so, or the provider's word is enough."""
    small = tasks(reading(under, "situations-defined", option), 20, range(4))
    outage(small, "own-cloud", 2, catastrophic=catastrophic)
    assert measured(small).total == total


@pytest.mark.parametrize(
    ("option", "expected", "printed"),
    [
        ("drop its tasks", Fraction(830, 920), "90.2174"),
        ("drop its late tasks", Fraction(850, 940), "90.4255"),
        ("count its late tasks as on time", Fraction(910, 1000), "91.0000"),
    ],
)
def test_just_3_1_j4_what_an_outage_does_to_the_share(
    under: Under, option: str, expected: Fraction, printed: str
) -> None:
    """1,000 tasks, 150 late; an outage of 40 hours held 80, of which 60 were late."""
    small = tasks(reading(under, "excluded-situations", option), 1000, range(20, 170))
    outage(small, "internet", 40)
    value = share(small)
    assert value == expected
    assert f"{float(value) * 100:.4f}" == printed


@pytest.mark.parametrize(
    ("option", "state"), [("the provider's", "breached"), ("undetermined", "undetermined")]
)
def test_just_2_j16_late_tasks_without_a_cause(under: Under, option: str, state: str) -> None:
    """They are the provider's, or nobody can say."""
    small = tasks(reading(under, "unattributed", option), 10, range(2))
    assert small.state(ALL, "2026-06", at=JULY) == state


def test_just_2_j16_a_late_task_with_a_cause_outside_section_3_is_late(under: Under) -> None:
    """Of three late ones one has a recorded cause: late under this reading too; the others are unknown."""
    small = tasks(reading(under, "unattributed", "undetermined"), 10, range(3))
    data = {"target": "K-0", "cause": "customer", "party": "customer"}
    found = measured(small.tell("attribution.recorded", "A-1", JULY, **data))
    assert (found.amount("down"), found.amount("unknown")) == (1, 2)
    assert (found.to_date.low, found.to_date.high) == (Fraction(7, 10), Fraction(9, 10))


@pytest.mark.parametrize(
    ("option", "state"),
    [("bounds", "undetermined"), ("counted as on time", "met"), ("counted as late", "breached")],
)
def test_just_2_g3_what_is_not_known_decides_by_its_bounds(under: Under, option: str, state: str) -> None:
    """Two of ten late without a cause, where such tasks are unknown."""
    both = f"unattributed: {{take: undetermined}}, unknown-time: {{take: {option}}}"
    small = tasks(under("just", UTC, override=f"{{assume: {{{both}}}}}"), 10, range(2))
    assert small.state(ALL, "2026-06", at=JULY) == state


@pytest.mark.parametrize(("option", "total"), [("both", 10), ("portal only", 9)])
def test_just_2_j16_tasks_by_api_count_like_those_of_the_portal(
    under: Under, option: str, total: int
) -> None:
    """The other reading leaves them out."""
    small = tasks(reading(under, "portal-or-api", option), 9)
    small.tell("task.submitted", "A-1", "Wed 2026-06-10 10:00", channel="api")
    small.tell("task.began", "A-1", "Wed 2026-06-10 10:05")
    assert measured(small).total == total


def test_just_4_2_a_delay_that_is_not_our_automations_owes_nothing(just: Small) -> None:
    """A cause outside section 3 breaches the month, and is no reason for a refund."""
    tasks(just, 10, range(2))
    for number in (0, 1):
        data = {"target": f"K-{number}", "cause": "customer", "party": "customer"}
        just.tell("attribution.recorded", f"A-{number}", JULY, **data)
    complained(just, "Wed 2026-06-03 09:00")
    invoiced(just, "R-6", "Wed 2026-07-01 09:00", "2026-06")
    assert (share(just), share(just, OWN)) == (Fraction(8, 10), 1)
    assert just.state(ALL, "2026-06", at=JULY) == "breached"
    assert (just.credit("refund", "2026-06", at=JULY).amount or 0) == 0


def test_just_4_1_j7_sixty_percent_come_as_three_times_200(just: Small) -> None:
    """101 of 1,000 late, a complaint in time, an invoice of 1,000: 200 on each of the next three."""
    tasks(just, 1000, range(101))
    complained(just, "Wed 2026-06-03 09:00")
    just.tell("claim.determined", "C-1", "Mon 2026-07-06 09:00", outcome="accepted")
    for number, at in BILLS.items():
        invoiced(just, f"R-{number}", at, f"2026-{number:02}")
    credit = just.credit("refund", "2026-06", at="Fri 2026-12-04 09:00")
    assert (credit.state, credit.amount, credit.base) == ("owed", Decimal("600.00"), 1000)
    paid = [(part.amount, part.invoice) for part in credit.instalments]
    assert paid == [(Decimal("200.00"), f"R-{number}") for number in (7, 8, 9)]


BILLS = {
    6: "Wed 2026-07-01 09:00",
    7: "Sat 2026-08-01 09:00",
    8: "Tue 2026-09-01 09:00",
    9: "Thu 2026-10-01 09:00",
    10: "Sun 2026-11-01 09:00",
    11: "Tue 2026-12-01 09:00",
}
"""When the invoice of each month is sent."""


def test_just_4_1_j7_of_each_following_invoice_by_the_other_reading(under: Under) -> None:
    """20 % of 1,000, 2,000 and 500, whatever the month that was missed."""
    small = tasks(reading(under, "instalments", "of each following month"), 10, range(2))
    complained(small, "Wed 2026-06-03 09:00")
    small.tell("claim.determined", "C-1", "Mon 2026-07-06 09:00", outcome="accepted")
    for number, amount in ((6, 700), (7, 1000), (8, 2000), (9, 500)):
        invoiced(small, f"R-{number}", BILLS[number], f"2026-{number:02}", amount)
    credit = small.credit("refund", "2026-06", at="Fri 2026-12-04 09:00")
    assert [part.amount for part in credit.instalments] == [Decimal(200), Decimal(400), Decimal(100)]


@pytest.mark.parametrize(
    ("option", "amount"), [("month below 90 % and a complaint", 0), ("any late task complained about", 600)]
)
def test_just_4_1_j5_one_complaint_in_a_month_that_kept_its_share(
    under: Under, option: str, amount: int
) -> None:
    """95 of 1,000 late and one complaint: nothing, or 600 by the other reading."""
    small = tasks(reading(under, "refund-trigger", option), 1000, range(95))
    complained(small, "Wed 2026-06-03 09:00")
    invoiced(small, "R-6", BILLS[6], "2026-06")
    assert (small.credit("refund", "2026-06", at=JULY).amount or 0) == amount


@pytest.mark.parametrize(("filed", "amount"), [("Mon 2026-06-08 23:59", 600), ("Tue 2026-06-09 00:01", 0)])
def test_just_4_1_j5_without_a_complaint_in_time_nothing_is_owed(
    just: Small, filed: str, amount: int
) -> None:
    """The month is below 90 %; five business days after Monday 1 June end on Monday 8 June."""
    tasks(just, 10, range(2))
    invoiced(just, "R-6", BILLS[6], "2026-06")
    complained(just, filed)
    assert (just.credit("refund", "2026-06", at=JULY).amount or 0) == amount


def test_just_4_1_j6_a_complaint_about_a_late_task_preserves_its_month(just: Small) -> None:
    """It names the task; the month was not over yet."""
    tasks(just, 10, range(2))
    invoiced(just, "R-6", BILLS[6], "2026-06")
    complained(just, "Wed 2026-06-03 09:00", about="K-1")
    assert just.credit("refund", "2026-06", at=JULY).amount == Decimal("600.00")


def test_just_4_1_j6_a_complaint_about_a_task_that_was_on_time_preserves_nothing(just: Small) -> None:
    """Whatever instant it names: nothing happened to that task."""
    tasks(just, 10, range(2))
    invoiced(just, "R-6", BILLS[6], "2026-06")
    complained(just, "Wed 2026-06-03 09:00", about="K-7")
    credit = just.credit("refund", "2026-06", at=JULY)
    assert (credit.state, credit.amount) == ("not owed", 0)


def test_just_4_1_j6_a_complaint_about_a_task_is_none_about_another_month(just: Small) -> None:
    """A task of June, late, and a complaint that says July: the month of the task is preserved."""
    tasks(just, 10, range(2))
    tasks(just, 10, range(2), "Wed 2026-07-01 09:30", name="L")
    for number in (6, 7):
        invoiced(just, f"R-{number}", BILLS[number], f"2026-{number:02}")
    complained(just, "Thu 2026-07-02 09:00", about="K-1", issue="Wed 2026-07-01 09:30")
    found = [just.credit("refund", month, at="Mon 2026-08-03 09:00") for month in ("2026-06", "2026-07")]
    assert [credit.amount for credit in found] == [600, 0]


def test_just_4_1_5_a_complaint_that_does_not_say_when_leaves_the_refund_open(just: Small) -> None:
    """Whether it came within five business days nobody can tell, so neither can whether 600 are owed."""
    tasks(just, 10, range(2))
    invoiced(just, "R-6", BILLS[6], "2026-06")
    just.tell("claim.filed", "C-1", "Wed 2026-06-03 09:00", about="2026-06")
    just.warned.add("missing-attribute")
    assert just.state("complaint", "C-1", at=JULY) == "undetermined"
    credit = just.credit("refund", "2026-06", at=JULY)
    assert (credit.state, credit.amount, credit.low, credit.high) == ("undetermined", None, 0, 600)
    assert credit.reasons == ("it cannot be told whether it was claimed in time",)
    complained(just, "Wed 2026-06-03 10:00", claim="C-2")
    assert just.credit("refund", "2026-06", at=JULY).amount == 600


def three_months(small: Small) -> Small:
    """June, July and August are missed, claimed and granted, each before the next invoice."""
    firsts = {6: "Mon 2026-06-01 09:00", 7: "Wed 2026-07-01 09:30", 8: "Mon 2026-08-03 09:00"}
    granted = {6: "Mon 2026-07-06 09:00", 7: "Wed 2026-08-05 09:00", 8: "Fri 2026-09-04 09:00"}
    for month, first in firsts.items():
        tasks(small, 10, range(2), first, name=f"K{month}")
        about, claim = f"2026-{month:02}", f"C-{month}"
        filed_at = small.text(small.instant(first) + 26 * HOUR)
        complained(small, filed_at, about, first, claim)
        small.tell("claim.determined", claim, granted[month], outcome="accepted")
    for number, at in BILLS.items():
        invoiced(small, f"R-{number}", at, f"2026-{number:02}")
    return small


def on_invoices(small: Small, at: str) -> dict[str, Decimal]:
    """What is credited on each invoice."""
    found: dict[str, Decimal] = {}
    for month in (6, 7, 8):
        for part in small.credit("refund", f"2026-{month:02}", at=at).instalments:
            found[part.invoice] = found.get(part.invoice, Decimal(0)) + part.amount
    return found


def test_just_4_1_j8_three_missed_months_meet_on_one_invoice(just: Small) -> None:
    """The invoice after the third carries 3 times 200."""
    found = on_invoices(three_months(just), "Fri 2026-12-04 09:00")
    assert found == {
        "R-7": Decimal(200),
        "R-8": Decimal(400),
        "R-9": Decimal(600),
        "R-10": Decimal(400),
        "R-11": Decimal(200),
    }


def test_just_4_1_j8_one_at_a_time_no_invoice_carries_more_than_one(under: Under) -> None:
    """The second month waits until the first is paid."""
    small = three_months(reading(under, "overlapping-months", "one at a time"))
    found = on_invoices(small, "Fri 2026-12-04 09:00")
    assert [found[f"R-{number}"] for number in (7, 8, 9, 10, 11)] == [200] * 5


@pytest.mark.parametrize(("option", "state"), [("paid out", "outstanding"), ("lost", "lost")])
def test_just_4_1_j9_whoever_leaves_before_the_third_instalment(
    under: Under, option: str, state: str
) -> None:
    """Two have come; the third is still owed and shown as outstanding."""
    override = f"{{assume: {{leaving-early: {{take: {option}}}}}}}"
    small = tasks(under("just", UTC, override=override, more="until: 2026-09-15"), 10, range(2))
    complained(small, "Wed 2026-06-03 09:00")
    small.tell("claim.determined", "C-1", "Mon 2026-07-06 09:00", outcome="accepted")
    for number in (6, 7, 8):
        invoiced(small, f"R-{number}", BILLS[number], f"2026-{number:02}")
    credit = small.credit("refund", "2026-06", at="Fri 2026-12-04 09:00")
    assert [part.amount for part in credit.instalments] == [200] * 3
    assert [part.state for part in credit.instalments][-1] == state


def test_just_7_the_refund_is_all_that_is_paid(just: Small) -> None:
    """No more than 60 % of the month's invoice, by no other remedy."""
    (remedy,) = just.terms.remedies
    assert "7" in remedy.cited.clauses
    (limit,) = remedy.limits
    assert (limit.per, str(limit.most)) == ("month", "Share(ratio=Fraction(3, 5))")


def test_just_4_1_before_the_invoice_is_known_the_amount_is_open(just: Small) -> None:
    """60 % of something that is not told yet."""
    tasks(just, 10, range(2))
    complained(just, "Wed 2026-06-03 09:00")
    credit = just.credit("refund", "2026-06", at=JULY)
    assert (credit.state, credit.amount, credit.currency) == ("open", None, "EUR")
    assert (credit.low, credit.high) == (0, None)


def test_just_4_1_a_month_that_owes_nothing_owes_none_of_the_contracts_money(just: Small) -> None:
    """Without an invoice the currency is that of the contract."""
    credit = tasks(just, 10).credit("refund", "2026-06", at=JULY)
    assert (credit.state, credit.amount, credit.currency) == ("not owed", Decimal("0.00"), "EUR")
    assert (credit.low, credit.high) == (0, 0)
