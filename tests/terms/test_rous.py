"""ROUS: every number that is a deadline, notice or period."""

from __future__ import annotations

import pytest

from upheld.core.timeline.instant import MINUTE
from upheld.core.timeline.period import PeriodRule

from .small import Small, Under

ZONE = "Africa/Johannesburg"
FRIDAY = "Fri 2026-06-05 16:30"


@pytest.fixture
def rous(under: Under) -> Small:
    """A contract under ROUS."""
    return under("rous", ZONE)


def test_rous_2_3_r8_p1_friday_1630_is_due_monday_1030(rous: Small) -> None:
    """Two hours are two support hours: 30 minutes on Friday, the rest on Monday."""
    rous.tell("ticket.opened", "T-1", FRIDAY, priority="P1")
    assert rous.due("response") == "Mon 2026-06-08 10:30"


def test_rous_2_3_r11_p1_resolution_has_goal_monday_1230_and_limit_monday_1630(rous: Small) -> None:
    """Of 4 to 8 hours the lower end is aimed at and the upper end is the limit."""
    rous.tell("ticket.opened", "T-1", FRIDAY, priority="P1")
    assert rous.goal("resolution") == "Mon 2026-06-08 12:30"
    assert rous.due("resolution") == "Mon 2026-06-08 16:30"


def test_rous_2_3_r11_between_goal_and_limit_is_met_and_after_the_limit_missed(rous: Small) -> None:
    """Only beyond the upper end is a resolution missed, and never breached: the page calls it a target."""
    rous.tell("ticket.opened", "T-1", FRIDAY, priority="P1")
    assert rous.state("resolution", at="Mon 2026-06-08 12:30") == "running"
    assert rous.state("resolution", at="Mon 2026-06-08 12:31") == "at risk"
    rous.tell("ticket.resolved", "T-1", "Mon 2026-06-08 16:30")
    assert rous.state("resolution") == "met"
    rous.tell("ticket.opened", "T-2", FRIDAY, priority="P1")
    rous.tell("ticket.resolved", "T-2", "Mon 2026-06-08 16:30:01")
    assert rous.state("resolution", "T-2") == "missed"


@pytest.mark.parametrize(
    ("priority", "opened", "due"),
    [
        ("P2", "Fri 2026-06-05 14:00", "Mon 2026-06-08 10:00"),
        ("P3", "Tue 2026-06-02 14:00", "Wed 2026-06-03 14:00"),
        ("P4", "Thu 2026-06-04 14:00", "Mon 2026-06-08 14:00"),
        ("P3", "Sat 2026-06-06 11:00", "Mon 2026-06-08 17:00"),
    ],
)
def test_rous_2_3_r9_a_business_day_is_eight_support_hours(
    rous: Small, priority: str, opened: str, due: str
) -> None:
    """A business day is the same time on the next one; a weekend's ticket has until Monday's closing."""
    rous.tell("ticket.opened", "T-1", opened, priority=priority)
    assert rous.due("response") == due


@pytest.mark.parametrize(
    ("priority", "goal", "due"),
    [
        ("P2", "", "Wed 2026-06-03 14:00"),
        ("P3", "Thu 2026-06-04 14:00", "Fri 2026-06-05 14:00"),
    ],
)
def test_rous_2_3_r11_resolution_of_p2_and_p3(rous: Small, priority: str, goal: str, due: str) -> None:
    """One business day, and two to three, from Tuesday 14:00."""
    rous.tell("ticket.opened", "T-1", "Tue 2026-06-02 14:00", priority=priority)
    assert (rous.goal("resolution"), rous.due("resolution")) == (goal, due)


def test_rous_2_3_r12_p4_has_no_resolution_clock(rous: Small) -> None:
    """Where priority and schedule decide, there is nothing to count."""
    rous.tell("ticket.opened", "T-1", FRIDAY, priority="P4")
    assert rous.state("resolution", at="Fri 2026-07-31 12:00") == "not applicable"


def test_rous_2_3_the_due_instant_itself_is_in_time_and_a_second_later_breached(rous: Small) -> None:
    """A response is guaranteed: used up is in time, more than used up is a breach."""
    for ticket, at in (("T-1", "Mon 2026-06-08 10:30"), ("T-2", "Mon 2026-06-08 10:30:01")):
        rous.tell("ticket.opened", ticket, FRIDAY, priority="P1").tell("ticket.replied", ticket, at)
    assert rous.state("response", "T-1") == "met"
    assert rous.state("response", "T-2") == "breached"
    assert rous.late("response", "T-2") == "1 s"


def test_rous_3_1_r10_youth_day_is_a_working_day(rous: Small) -> None:
    """No holiday is excluded, so Tuesday 16 June counts like any other."""
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-15 15:00", priority="P2")
    assert rous.due("response") == "Tue 2026-06-16 11:00"
    assert rous.elapsed_h("support", "Mon 2026-06-15 09:00", "Fri 2026-06-19 17:00") == 40


def test_rous_1_2_r7_what_is_out_of_scope_starts_no_clock(rous: Small) -> None:
    """A third party's fault is outside the service."""
    rous.tell("ticket.opened", "T-1", FRIDAY, priority="P1", scope="third-party")
    assert rous.state("response", at="Mon 2026-06-08 17:00") == "not applicable"


def test_rous_2_3_r13_a_workaround_ends_the_resolution_of_p1_alone(rous: Small) -> None:
    """The other rows promise a resolution and nothing less."""
    for ticket, priority in (("T-1", "P1"), ("T-2", "P2")):
        rous.tell("ticket.opened", ticket, "Mon 2026-06-08 09:00", priority=priority)
        rous.tell("ticket.workaround", ticket, "Mon 2026-06-08 12:00")
    assert rous.state("resolution", "T-1") == "met"
    assert rous.state("resolution", "T-2") == "running"


def test_rous_2_3_a_closed_ticket_is_not_awaited_any_more(rous: Small) -> None:
    """Closed without a word of its resolution, the clock has stopped; reopened, it goes on."""
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P2")
    rous.tell("ticket.closed", "T-1", "Mon 2026-06-08 12:00")
    assert rous.state("resolution") == "met"
    rous.tell("ticket.reopened", "T-1", "Mon 2026-06-08 13:00")
    assert rous.due("resolution") == "Tue 2026-06-09 10:00"


def test_rous_2_3_r14_g4_only_a_human_public_reply_is_a_response(rous: Small) -> None:
    """Neither an automatic acknowledgement nor an internal note nor unverified mail answers anybody."""
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P1")
    rous.tell("ticket.replied", "T-1", "Mon 2026-06-08 09:01", by="automatic")
    rous.tell("ticket.replied", "T-1", "Mon 2026-06-08 09:30", visibility="internal")
    rous.tell("ticket.replied", "T-1", "Mon 2026-06-08 10:00", verified=False)
    assert rous.state("response") == "running"
    rous.tell("ticket.replied", "T-1", "Mon 2026-06-08 10:45")
    assert rous.state("response") == "met"
    assert rous.text(rous.verdict("response").stopped_at) == "Mon 2026-06-08 10:45"


def test_rous_2_3_r15_a_new_priority_counts_from_the_original_start(rous: Small) -> None:
    """From P3 to P1 at 14:00, five hours after the opening, is late at once."""
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P3")
    rous.tell("ticket.classified", "T-1", "Mon 2026-06-08 10:00", priority="P1", by="provider")
    assert rous.due("response") == "Mon 2026-06-08 11:00"
    rous.tell("ticket.opened", "T-2", "Mon 2026-06-08 09:00", priority="P3")
    rous.tell("ticket.classified", "T-2", "Mon 2026-06-08 14:00", priority="P1", by="provider")
    rous.tell("ticket.replied", "T-2", "Mon 2026-06-08 14:01")
    assert rous.state("response", "T-2") == "breached"


def test_rous_4_r16_a_wait_for_the_client_pauses_the_resolution_and_not_the_response(rous: Small) -> None:
    """Four hours of waiting move the resolution by four hours; the response stays where it was."""
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P2")
    rous.tell("ticket.waiting_started", "T-1", "Mon 2026-06-08 10:00", duty="access", **{"for": "customer"})
    assert rous.due("resolution") == ""
    assert rous.due("response") == "Mon 2026-06-08 13:00"
    rous.tell("ticket.waiting_ended", "T-1", "Mon 2026-06-08 14:00")
    assert rous.due("resolution") == "Tue 2026-06-09 13:00"
    assert rous.due("response") == "Mon 2026-06-08 13:00"


@pytest.mark.parametrize("wait", [{"for": "customer"}, {"for": "vendor", "duty": "data"}])
def test_rous_4_r22_only_a_wait_that_names_a_duty_of_the_client_excuses(
    rous: Small, wait: dict[str, str]
) -> None:
    """A wait without a duty, or for somebody else, moves nothing."""
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P2")
    rous.tell("ticket.waiting_started", "T-1", "Mon 2026-06-08 10:00", **wait)
    rous.tell("ticket.waiting_ended", "T-1", "Mon 2026-06-08 14:00")
    assert rous.due("resolution") == "Mon 2026-06-08 17:00"


@pytest.mark.parametrize(
    ("wait", "due"),
    [({"for": "customer"}, "Tue 2026-06-09 13:00"), ({"for": "vendor"}, "Mon 2026-06-08 17:00")],
)
def test_rous_4_r22_any_wait_for_the_client_excuses_under_the_other_reading(
    under: Under, wait: dict[str, str], due: str
) -> None:
    """A contract that takes the other reading asks no duty of a wait, only for whom it is."""
    other = "{assume: {named-duty: {take: any wait for the client}}}"
    rous = under("rous", "Africa/Johannesburg", override=other)
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P2")
    rous.tell("ticket.waiting_started", "T-1", "Mon 2026-06-08 10:00", **wait)
    rous.tell("ticket.waiting_ended", "T-1", "Mon 2026-06-08 14:00")
    assert rous.due("resolution") == due


def test_rous_5_1_notice_for_saturday_2200_is_valid_until_thursday_2200(rous: Small) -> None:
    """48 hours before the start, to the instant; a second later it is a breach."""
    rous.announce("scheduled", "Thu 2026-06-11 22:00", "Sat 2026-06-13 22:00")
    assert rous.due("planned notice", "M-1") == "Thu 2026-06-11 22:00"
    assert rous.state("planned notice", "M-1") == "met"


def test_rous_5_1_a_second_after_the_48_hours_is_too_late(rous: Small) -> None:
    """The notice is a guarantee."""
    rous.announce("scheduled", "Thu 2026-06-11 22:00:01", "Sat 2026-06-13 22:00")
    assert rous.state("planned notice", "M-1") == "breached"
    assert rous.late("planned notice", "M-1") == "1 s"


def test_rous_5_2_emergency_work_needs_no_notice(rous: Small) -> None:
    """Its lead is recorded and never judged."""
    rous.announce("emergency", "Sat 2026-06-13 21:59", "Sat 2026-06-13 22:00")
    rous.tell("maintenance.started", "M-1", "Sat 2026-06-13 22:00")
    assert rous.verdicts("planned notice", "M-1") == []
    assert rous.state("emergency lead", "M-1") == "not applicable"


def test_rous_8_1_r20_the_annual_review_is_of_the_year_in_johannesburg(rous: Small) -> None:
    """Half past midnight on New Year's Day there is still the old year in UTC."""
    rous.tell("obligation.done", "small", "Fri 2027-01-01 00:30", obligation="annual review")
    assert rous.states("annual review", "2026") == ["missed"]
    assert rous.states("annual review", "2027") == ["met"]
    assert rous.due("annual review", "2026") == "Thu 2026-12-31 24:00"


def test_rous_2_1_r20_june_has_43200_minutes(rous: Small) -> None:
    """The month is civil time in Johannesburg."""
    month = PeriodRule("calendar month", rous.terms.calendars["always"].rule.zone)
    june = month.period_at(rous.instant("Mon 2026-06-15 12:00"))
    assert june.length_us == 43_200 * MINUTE
    assert rous.text(june.start_at) == "Sun 2026-05-31 24:00"


def test_rous_1_1_3_2_what_support_is_for_and_how_to_reach_it(rous: Small) -> None:
    """Four lines of service, three channels; both are entitlements that cite their terms."""
    services, channels = (
        next(row for row in rous.terms.entitlements if number in row.cited.clauses)
        for number in ("1.1", "3.2")
    )
    assert len(services.value) == 4
    assert channels.channels == ("email", "live chat", "ticketing system")


@pytest.mark.parametrize(("option", "state"), [("objective", "missed"), ("guarantee", "breached")])
def test_rous_2_3_g2_a_resolution_is_a_target(under: Under, option: str, state: str) -> None:
    """Late is missed; read as a guarantee it would be breached."""
    small = under("rous", ZONE, override=f"{{assume: {{effort-words: {{take: {option}}}}}}}")
    small.tell("ticket.opened", "T-1", FRIDAY, priority="P1")
    assert small.state("resolution", at="Tue 2026-06-09 12:00") == state
