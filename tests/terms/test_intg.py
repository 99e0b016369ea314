"""INTG: every number that is a deadline, cadence, quota or period; the declared hours are 09:00 to 17:00."""

from __future__ import annotations

import pytest

from .small import Small, Under

ZONE = "Europe/Amsterdam"
LEAD = "contacts: {lead: {}}"
AROUND_THE_CLOCK = "{every: {urgent updates: {hours: none}}}"


def plan_of(under: Under, plan: str, override: str = "") -> Small:
    """A contract with one named contact."""
    return under("intg", ZONE, plan, LEAD, override)


def urgent(small: Small, ticket: str, at: str) -> Small:
    """An urgent ticket of the named contact."""
    return small.tell("ticket.opened", ticket, at, priority="P1", requester="lead")


@pytest.fixture
def standard(under: Under) -> Small:
    """A contract on the Standard plan."""
    return plan_of(under, "standard")


@pytest.fixture
def premium(under: Under) -> Small:
    """A contract on the Premium plan."""
    return plan_of(under, "premium")


@pytest.fixture
def enterprise(under: Under) -> Small:
    """A contract on the Enterprise plan."""
    return plan_of(under, "enterprise")


def test_intg_r2_premium_p1_tuesday_1300_is_due_wednesday_1100(premium: Small) -> None:
    """Six business hours: four on Tuesday, two on Wednesday."""
    urgent(premium, "T-1", "Tue 2026-06-02 13:00")
    assert premium.due("urgent response") == "Wed 2026-06-03 11:00"


def test_intg_r2_enterprise_p1_tuesday_1500_is_due_wednesday_1100(enterprise: Small) -> None:
    """Four business hours: two on Tuesday, two on Wednesday."""
    urgent(enterprise, "T-1", "Tue 2026-06-02 15:00")
    assert enterprise.due("urgent response") == "Wed 2026-06-03 11:00"


def test_intg_r1_standard_monday_1000_is_due_thursday_1000(standard: Small) -> None:
    """Three business days of eight hours each."""
    standard.tell("ticket.opened", "T-1", "Mon 2026-06-01 10:00", priority="P2", requester="lead")
    assert standard.due("first response") == "Thu 2026-06-04 10:00"


@pytest.mark.parametrize(
    ("plan", "due"), [("premium", "Wed 2026-06-03 10:00"), ("enterprise", "Tue 2026-06-02 10:00")]
)
def test_intg_r1_premium_has_two_business_days_and_enterprise_one(under: Under, plan: str, due: str) -> None:
    """The same ticket on the two higher plans."""
    small = plan_of(under, plan)
    small.tell("ticket.opened", "T-1", "Mon 2026-06-01 10:00", priority="P2", requester="lead")
    assert small.due("first response") == due


def test_intg_r1_i5_the_first_response_is_guaranteed_on_every_plan(standard: Small) -> None:
    """The header of the table stands over all three plans, so late is a breach."""
    standard.tell("ticket.opened", "T-1", "Mon 2026-06-01 10:00", priority="P2", requester="lead")
    assert standard.state("first response", at="Thu 2026-06-04 10:00") == "running"
    assert standard.state("first response", at="Thu 2026-06-04 10:01") == "breached"


def test_intg_r2_i9_standard_may_raise_a_p1_to_which_the_ordinary_response_applies(standard: Small) -> None:
    """A dash promises nothing and forbids nothing."""
    urgent(standard, "T-1", "Mon 2026-06-01 10:00")
    assert standard.due("first response") == "Thu 2026-06-04 10:00"
    assert standard.verdicts("urgent response") == []


@pytest.mark.parametrize("kind", ["question", "change", "optimisation"])
def test_intg_1_only_incidents_start_a_clock(premium: Small, kind: str) -> None:
    """Changes and optimisation follow processes of their own."""
    premium.tell("ticket.opened", "T-1", "Mon 2026-06-01 10:00", kind=kind, requester="lead")
    assert premium.states("first response", at="Tue 2026-06-30 10:00") == ["not applicable"]
    assert premium.states("urgent response", at="Tue 2026-06-30 10:00") == ["not applicable"]


def updates_from_1600(small: Small) -> Small:
    """An urgent ticket: first response Tuesday 16:00, updates at 20:00 and 01:10."""
    urgent(small, "T-1", "Tue 2026-06-02 15:00")
    for at in ("Tue 2026-06-02 16:00", "Tue 2026-06-02 20:00", "Wed 2026-06-03 01:10"):
        small.tell("ticket.replied", "T-1", at)
    return small


def test_intg_r3_enterprise_cadence_around_the_clock_has_one_miss_of_70_minutes(under: Under) -> None:
    """Declared 24x7 the update after 20:00 is due at midnight; 01:10 is 70 minutes late, once."""
    small = updates_from_1600(plan_of(under, "enterprise", AROUND_THE_CLOCK))
    assert small.states("urgent updates") == ["met", "breached", "running"]
    assert small.due("urgent updates", cycle=1) == "Tue 2026-06-02 20:00"
    assert small.due("urgent updates", cycle=2) == "Tue 2026-06-02 24:00"
    assert small.late("urgent updates", cycle=2) == "1 h 10 min"
    assert small.due("urgent updates", cycle=3) == "Wed 2026-06-03 05:10"


def test_intg_r3_i3_enterprise_cadence_in_business_hours_is_clipped_to_the_opening(enterprise: Small) -> None:
    """Due 20:00 becomes 09:00; updates outside the hours count and re-arm, so nothing is missed."""
    small = updates_from_1600(enterprise)
    assert small.states("urgent updates") == ["met", "met", "running"]
    assert [small.due("urgent updates", cycle=n) for n in (1, 2, 3)] == ["Wed 2026-06-03 09:00"] * 3


def test_intg_r3_i3_an_update_after_the_opening_is_late(enterprise: Small) -> None:
    """Clipped to 09:00, so 09:01 is one minute late."""
    urgent(enterprise, "T-1", "Tue 2026-06-02 15:00")
    enterprise.tell("ticket.replied", "T-1", "Tue 2026-06-02 16:00")
    enterprise.tell("ticket.replied", "T-1", "Wed 2026-06-03 09:01")
    assert enterprise.state("urgent updates", cycle=1) == "breached"
    assert enterprise.late("urgent updates", cycle=1) == "1 min"


def test_intg_r3_premium_updates_every_twelve_hours(premium: Small) -> None:
    """From 10:00 the next is due at 22:00, which nobody sees, so it is due at 09:00."""
    urgent(premium, "T-1", "Tue 2026-06-02 09:00")
    premium.tell("ticket.replied", "T-1", "Tue 2026-06-02 10:00")
    assert premium.due("urgent updates") == "Wed 2026-06-03 09:00"


def test_intg_r3_i4_the_first_update_counts_from_the_first_response(enterprise: Small) -> None:
    """Before anybody has answered there is no round; an automatic reply begins none."""
    urgent(enterprise, "T-1", "Tue 2026-06-02 09:00")
    enterprise.tell("ticket.replied", "T-1", "Tue 2026-06-02 09:01", by="automatic")
    assert enterprise.verdicts("urgent updates") == []
    enterprise.tell("ticket.replied", "T-1", "Tue 2026-06-02 11:00")
    assert enterprise.due("urgent updates") == "Tue 2026-06-02 15:00"


def test_intg_r4_i8_premium_third_p1_of_june_gets_two_business_days(premium: Small) -> None:
    """Two are urgent; the third is handled like any other."""
    for ticket, at in (
        ("T-1", "Mon 2026-06-01 10:00"),
        ("T-2", "Tue 2026-06-09 10:00"),
        ("T-3", "Mon 2026-06-22 10:00"),
    ):
        urgent(premium, ticket, at).tell("ticket.replied", ticket, at.replace("10:00", "11:00"))
    assert [premium.state("urgent response", t) for t in ("T-1", "T-2")] == ["met", "met"]
    assert premium.state("urgent response", "T-3") == "not applicable"
    assert premium.due("first response", "T-3") == "Wed 2026-06-24 10:00"
    assert premium.states("urgent updates", "T-3") == ["not applicable"]
    quota = premium.verdict("urgent", "2026-06")
    assert (quota.count, quota.allowed) == (2, 2)


def test_intg_r4_i8_enterprise_has_six(enterprise: Small) -> None:
    """The seventh urgent ticket of a month gets one business day."""
    for minute in range(7):
        urgent(enterprise, f"T-{minute + 1}", f"Mon 2026-06-01 10:0{minute}")
    assert enterprise.due("urgent response", "T-6") == "Mon 2026-06-01 14:05"
    assert enterprise.due("first response", "T-7") == "Tue 2026-06-02 10:06"


def test_intg_r4_i12_the_allowance_is_of_the_calendar_month_in_the_zone(premium: Small) -> None:
    """Half past midnight on 1 July is still June in UTC and a new month in Amsterdam; nothing is carried."""
    for ticket, at in (
        ("T-1", "Mon 2026-06-29 10:00"),
        ("T-2", "Mon 2026-06-29 11:00"),
        ("T-3", "Tue 2026-06-30 23:59"),
        ("T-4", "Wed 2026-07-01 00:30"),
        ("T-5", "Wed 2026-07-01 10:00"),
        ("T-6", "Wed 2026-07-01 11:00"),
    ):
        urgent(premium, ticket, at)
    ordinary = [premium.state("urgent response", f"T-{n}") == "not applicable" for n in range(1, 7)]
    assert ordinary == [False, False, True, False, False, True]


def test_intg_r4_i8_an_allowance_comes_back_when_the_provider_classifies_it_down(premium: Small) -> None:
    """It is counted when classified P1, and given back from the reclassification on."""
    urgent(premium, "T-1", "Mon 2026-06-01 10:00")
    premium.tell("ticket.classified", "T-1", "Mon 2026-06-01 10:30", priority="P2", by="provider")
    for ticket in ("T-2", "T-3", "T-4"):
        urgent(premium, ticket, "Tue 2026-06-02 10:00")
    assert premium.due("first response", "T-1") == "Wed 2026-06-03 10:00"
    assert [premium.state("urgent response", t) for t in ("T-2", "T-3")] == ["running", "running"]
    assert premium.due("first response", "T-4") == "Thu 2026-06-04 10:00"


def test_intg_r4_i8_no_allowance_comes_back_when_the_customer_classifies_it_down(premium: Small) -> None:
    """Only the provider's word gives it back."""
    urgent(premium, "T-1", "Mon 2026-06-01 10:00")
    premium.tell("ticket.classified", "T-1", "Mon 2026-06-01 10:30", priority="P2", by="customer")
    for ticket in ("T-2", "T-3"):
        urgent(premium, ticket, "Tue 2026-06-02 10:00")
    assert premium.state("urgent response", "T-2") == "running"
    assert premium.due("first response", "T-3") == "Thu 2026-06-04 10:00"


def test_intg_r4_i8_a_ticket_that_becomes_urgent_is_counted_then(premium: Small) -> None:
    """Opened in May as P2 and classified P1 in June, it uses June."""
    premium.tell("ticket.opened", "T-1", "Fri 2026-05-29 10:00", priority="P2", requester="lead")
    premium.tell("ticket.classified", "T-1", "Mon 2026-06-01 10:00", priority="P1", by="provider")
    assert premium.verdict("urgent", "2026-05").count == 0
    assert premium.verdict("urgent", "2026-06").count == 1


def test_intg_s1_i13_only_named_contacts_start_a_clock(premium: Small) -> None:
    """Others are answered too, but nothing counts; Premium has room for three."""
    for hour, contact in enumerate(("second", "third", "fourth"), start=10):
        premium.tell("contact.named", contact, f"Mon 2026-06-01 {hour}:00")
    for n, requester in enumerate(("lead", "second", "third", "fourth", "stranger"), start=1):
        premium.tell("ticket.opened", f"T-{n}", "Tue 2026-06-02 10:00", priority="P2", requester=requester)
    found = [premium.state("first response", f"T-{n}") for n in range(1, 6)]
    assert found == ["running"] * 3 + ["not applicable"] * 2


def test_intg_s1_i13_a_removed_contact_makes_room_for_the_next(premium: Small) -> None:
    """A seat is a person, as long as that person is named."""
    for hour, contact in enumerate(("second", "third", "fourth"), start=10):
        premium.tell("contact.named", contact, f"Mon 2026-06-01 {hour}:00")
    premium.tell("contact.removed", "second", "Wed 2026-06-03 09:00")
    for ticket, requester in (("T-1", "second"), ("T-2", "fourth")):
        premium.tell("ticket.opened", ticket, "Thu 2026-06-04 10:00", priority="P2", requester=requester)
    assert premium.state("first response", "T-1") == "not applicable"
    assert premium.state("first response", "T-2") == "running"


@pytest.mark.parametrize(("plan", "times"), [("premium", 1), ("enterprise", 2)])
def test_intg_g1_i12_health_reviews_are_by_contract_year(under: Under, plan: str, times: int) -> None:
    """One or two a year, counted from the day the contract began."""
    small = under("intg", ZONE, plan, "contacts: {lead: {}}\n  signed: 2025-12-01")
    year = "contract year 2026-01-01"
    for n in range(times):
        small.tell("ticket.opened", f"T-{n}", "Mon 2026-06-01 10:00", requester="lead")
        assert small.state("health review", year) == "running"
        small.tell("obligation.done", "small", "Mon 2026-06-01 10:00", obligation="health review")
    assert small.state("health review", year) == "met"
    next_year = "contract year 2027-01-01"
    assert small.state("health review", next_year, at="Fri 2027-12-31 23:59") == "running"
    assert small.state("health review", next_year, at="Fri 2027-12-31 24:00") == "breached"


def test_intg_g1_standard_has_no_health_review(standard: Small) -> None:
    """The row of the table begins with Premium."""
    assert "health review" not in [rule.name for rule in standard.terms.obligations]


def test_intg_r3_g4_an_automatic_reply_is_an_update_under_the_other_reading(under: Under) -> None:
    """A contract for which any public reply answers has its rounds begun and satisfied by one too."""
    other = "{assume: {automatic-reply: {take: any public reply}}}"
    enterprise = urgent(plan_of(under, "enterprise", other), "T-1", "Tue 2026-06-02 09:00")
    enterprise.tell("ticket.replied", "T-1", "Tue 2026-06-02 09:01", by="automatic")
    assert enterprise.due("urgent updates") == "Tue 2026-06-02 13:01"
    enterprise.tell("ticket.replied", "T-1", "Tue 2026-06-02 12:00", by="automatic")
    assert enterprise.states("urgent updates") == ["met", "running"]


@pytest.mark.parametrize(
    ("taken", "due"), [("original start", "Tue 2026-06-02 13:00"), ("restart", "Tue 2026-06-02 15:00")]
)
def test_intg_r2_i10_a_ticket_made_urgent_counts_from_its_opening(under: Under, taken: str, due: str) -> None:
    """Four hours from the opening at 09:00; only a contract that takes the other reading begins anew."""
    other = f"{{assume: {{reclassification: {{take: {taken}}}}}}}"
    enterprise = plan_of(under, "enterprise", "" if taken == "original start" else other)
    enterprise.tell("ticket.opened", "T-1", "Tue 2026-06-02 09:00", priority="P2", requester="lead")
    enterprise.tell("ticket.classified", "T-1", "Tue 2026-06-02 11:00", priority="P1", by="provider")
    assert enterprise.due("urgent response") == due


GIVEN = [
    ("P", "coverage", "business hours", "priority routing", "the faster times"),
    ("S2", "support level", "1st line", "2nd line", "2nd and 3rd line"),
    ("S3", "communication", "helpdesk", "helpdesk with priority", "helpdesk, account manager"),
    ("E1", "proactive monitoring", "not stated", "no, when reported", "yes"),
    ("E2", "vendor escalation", "no, by the customer's own team", "limited", "full"),
    ("E3", "incident reports", "not stated", "on request", "included"),
    ("G2", "optimisation", "on request", "on request", "included"),
    ("G3", "change management", "on request", "on request", "on request"),
    ("X1", "account management", "not stated", "shared", "dedicated"),
    ("X2", "solution architect", "not stated", "no", "included"),
    ("X3", "error notifications", "email", "email, sms", "email, sms"),
]


@pytest.mark.parametrize(("clause", "name", "of_standard", "of_premium", "of_enterprise"), GIVEN)
def test_intg_p_i6_what_each_plan_gives(
    standard: Small,
    premium: Small,
    enterprise: Small,
    clause: str,
    name: str,
    of_standard: str,
    of_premium: str,
    of_enterprise: str,
) -> None:
    """The columns of the table; rows with two values are read from the right."""
    plans = ((standard, of_standard), (premium, of_premium), (enterprise, of_enterprise))
    for small, expected in plans:
        (row,) = (row for row in small.terms.entitlements if clause in row.cited.clauses)
        assert row.name == name
        assert (str(row.value) or ", ".join(row.channels)).startswith(expected)


def test_intg_e3_i6_read_from_the_left_standard_has_reports(under: Under) -> None:
    """The other reading of a row with two values for three plans."""
    small = plan_of(under, "standard", "{assume: {ragged-rows: {take: left-aligned}}}")
    (reports,) = (row for row in small.terms.entitlements if row.name == "incident reports")
    assert reports.value == "on request"


def test_intg_g3_i7_the_asterisk_may_mean_a_fee(under: Under) -> None:
    """It is not explained; either way nothing is committed."""
    small = plan_of(under, "premium", "{assume: {asterisk: {take: for an extra fee}}}")
    (change,) = (row for row in small.terms.entitlements if row.name == "change management")
    assert change.value == "for an extra fee"


@pytest.mark.parametrize(
    ("option", "due"), [("nine to five", "Wed 2026-06-03 14:30"), ("eight to four", "Wed 2026-06-03 14:00")]
)
def test_intg_r2_i1_the_hours_are_declared(under: Under, option: str, due: str) -> None:
    """The page names none: six hours from Tuesday 16:30 are half an hour and more, or all on Wednesday."""
    small = plan_of(under, "premium", f"{{assume: {{business-hours: {{take: {option}}}}}}}")
    assert urgent(small, "T-1", "Tue 2026-06-02 16:30").due("urgent response") == due


@pytest.mark.parametrize(
    ("option", "due"), [("business hours", "Wed 2026-06-03 11:00"), ("elapsed", "Tue 2026-06-02 19:00")]
)
def test_intg_r2_i2_the_hours_of_an_urgent_response_are_business_hours(
    under: Under, option: str, due: str
) -> None:
    """Declared, since the page says neither."""
    small = plan_of(under, "premium", f"{{assume: {{p1-hours: {{take: {option}}}}}}}")
    assert urgent(small, "T-1", "Tue 2026-06-02 13:00").due("urgent response") == due
