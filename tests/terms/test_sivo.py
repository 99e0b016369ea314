"""SIVO: every number that is a deadline, notice or period."""

from __future__ import annotations

import pytest

from upheld.core.timeline.instant import datetime_of

from .small import Small, Under

MADRID, UTC = "Europe/Madrid", "UTC"


@pytest.fixture
def pro(under: Under) -> Small:
    """A contract on the Pro plan, asked in Madrid time."""
    return under("sivo", MADRID, "pro")


@pytest.fixture
def enterprise(under: Under) -> Small:
    """A contract on the Enterprise plan, asked in UTC."""
    return under("sivo", UTC, "enterprise")


@pytest.mark.parametrize("priority", ["S1", "S2", "S3", "S4"])
def test_sivo_7_pro_friday_1600_is_due_monday_1100(pro: Small, priority: str) -> None:
    """Four business hours in Madrid, whatever the severity: two on Friday, two on Monday."""
    pro.tell("ticket.opened", "T-1", "Fri 2026-06-05 16:00", priority=priority)
    assert pro.due("response") == "Mon 2026-06-08 11:00"


def test_sivo_7_s20_pro_over_the_change_of_the_clocks_is_due_at_1100_cest(pro: Small) -> None:
    """People keep the hours of their clock: Monday 11:00 is 09:00 UTC after 29 March."""
    pro.tell("ticket.opened", "T-1", "Fri 2026-03-27 16:00", priority="S3")
    assert pro.due("response") == "Mon 2026-03-30 11:00"
    due_at = pro.verdict("response").due_at
    assert due_at is not None
    assert datetime_of(due_at).isoformat() == "2026-03-30T09:00:00+00:00"


def test_sivo_7_s19_starter_has_48_hours_of_days_of_nine(under: Under) -> None:
    """By the letter: Monday 09:00 leads to the next Monday 12:00."""
    starter = under("sivo", MADRID, "starter")
    starter.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="S3")
    assert starter.due("response") == "Mon 2026-06-15 12:00"


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        ("S1", "Sun 2026-06-14 03:30"),
        ("S2", "Sun 2026-06-14 05:00"),
        ("S3", "Sun 2026-06-14 11:00"),
        ("S4", ""),
    ],
)
def test_sivo_7_s21_enterprise_is_answered_around_the_clock(
    enterprise: Small, priority: str, due: str
) -> None:
    """30 minutes, 2 hours and 8 hours, on a Sunday night too; S4 has no time."""
    enterprise.tell("ticket.opened", "T-1", "Sun 2026-06-14 03:00", priority=priority)
    assert enterprise.due("response") == due


@pytest.mark.parametrize(
    ("taken", "due"), [("original start", "Sun 2026-06-14 05:00"), ("restart", "Sun 2026-06-14 05:30")]
)
def test_sivo_7_s21_a_new_severity_counts_from_the_opening(under: Under, taken: str, due: str) -> None:
    """S3 at 03:00 made S2 at 03:30 has two hours from 03:00, unless the contract takes the other reading."""
    other = "" if taken == "original start" else f"{{assume: {{reclassification: {{take: {taken}}}}}}}"
    small = under("sivo", "Europe/Madrid", plan="enterprise", override=other)
    small.tell("ticket.opened", "T-1", "Sun 2026-06-14 03:00", priority="S3")
    small.tell("ticket.classified", "T-1", "Sun 2026-06-14 03:30", priority="S2", by="provider")
    assert small.due("response") == due


def test_sivo_7_g2_a_late_answer_is_missed_and_not_breached(pro: Small) -> None:
    """The page calls them targets; the due instant itself is in time."""
    for ticket, at in (("T-1", "Mon 2026-06-08 11:00"), ("T-2", "Mon 2026-06-08 11:00:01")):
        pro.tell("ticket.opened", ticket, "Fri 2026-06-05 16:00", priority="S3")
        pro.tell("ticket.replied", ticket, at)
    assert (pro.state("response", "T-1"), pro.state("response", "T-2")) == ("met", "missed")


def test_sivo_7_the_true_time_of_a_call_starts_the_clock(enterprise: Small) -> None:
    """A call at 02:40 that is recorded at 03:00 is due at 03:10."""
    called_at = datetime_of(enterprise.instant("Sun 2026-06-14 02:40")).isoformat()
    enterprise.tell("ticket.opened", "T-1", "Sun 2026-06-14 03:00", priority="S1", contacted_at=called_at)
    assert enterprise.due("response") == "Sun 2026-06-14 03:10"


@pytest.mark.parametrize(
    ("month", "due"),
    [
        ("2026-06", "Thu 2026-07-30 24:00"),
        ("2026-01", "Mon 2026-03-02 24:00"),
        ("2026-02", "Mon 2026-03-30 24:00"),
    ],
)
def test_sivo_6_1_s17_a_claim_has_thirty_days_from_the_end_of_its_month(
    enterprise: Small, month: str, due: str
) -> None:
    """Calendar days, to the end of the day in UTC."""
    enterprise.tell("claim.filed", "C-1", "Mon 2026-03-02 12:00", about=month)
    assert enterprise.due("claim filing", "C-1") == due


@pytest.mark.parametrize(
    ("at", "state"), [("Thu 2026-07-30 24:00", "met"), ("Fri 2026-07-31 00:00:01", "missed")]
)
def test_sivo_6_1_s17_the_end_of_the_thirtieth_day_is_in_time(enterprise: Small, at: str, state: str) -> None:
    """A late claim is missed by the customer and nobody's breach."""
    enterprise.tell("claim.filed", "C-1", at, about="2026-06")
    assert enterprise.state("claim filing", "C-1") == state


def test_sivo_6_1_s17_a_claim_sent_in_time_and_received_late_is_in_time(enterprise: Small) -> None:
    """Sent or received, whichever is earlier."""
    sent_at = datetime_of(enterprise.instant("Thu 2026-07-30 23:00")).isoformat()
    enterprise.tell("claim.filed", "C-1", "Fri 2026-07-31 09:00", about="2026-06", sent_at=sent_at)
    assert enterprise.state("claim filing", "C-1") == "met"


def test_sivo_6_3_s18_a_claim_filed_on_30_july_is_answered_by_20_august(enterprise: Small) -> None:
    """Fifteen days Monday to Friday after the day of filing, to the end of the last."""
    enterprise.tell("claim.filed", "C-1", "Thu 2026-07-30 10:00", about="2026-06")
    assert enterprise.due("claim answer", "C-1") == "Thu 2026-08-20 24:00"
    assert enterprise.state("claim answer", "C-1", at="Thu 2026-08-20 24:00") == "running"
    assert enterprise.state("claim answer", "C-1", at="Fri 2026-08-21 00:01") == "breached"


@pytest.mark.parametrize(
    ("at", "state"), [("Fri 2026-06-05 02:00", "met"), ("Fri 2026-06-05 02:01", "breached")]
)
def test_sivo_4_1_work_that_interrupts_has_48_hours_of_notice(pro: Small, at: str, state: str) -> None:
    """To the minute; the notice is guaranteed."""
    pro.announce("scheduled", at, "Sun 2026-06-07 02:00", interruption=True)
    assert pro.due("maintenance notice", "M-1") == "Fri 2026-06-05 02:00"
    assert pro.state("maintenance notice", "M-1") == state


@pytest.mark.parametrize(
    ("kind", "interruption"), [("scheduled", False), ("non-disruptive", False), ("emergency", True)]
)
def test_sivo_4_other_work_needs_no_notice(pro: Small, kind: str, interruption: bool) -> None:
    """Work without an interruption, and emergencies, which have a rule of their own."""
    pro.announce(kind, "Sun 2026-06-07 01:59", "Sun 2026-06-07 02:00", interruption=interruption)
    assert pro.verdicts("maintenance notice", "M-1") == []


def test_sivo_4_1_the_window_is_sunday_0200_to_0500_utc(enterprise: Small) -> None:
    """Three hours a week."""
    assert enterprise.elapsed_h("maintenance window", "Sun 2026-06-07 02:00", "Sun 2026-06-07 05:00") == 3
    assert enterprise.elapsed_h("maintenance window", "Mon 2026-06-01 00:00", "Sun 2026-06-07 24:00") == 3


def test_sivo_4_2_s32_the_delay_of_an_emergency_announcement_is_recorded(pro: Small) -> None:
    """Fifteen minutes ring an alarm; there is no limit to miss."""
    pro.tell("maintenance.decided", "M-1", "Sun 2026-06-07 01:00")
    pro.announce("emergency", "Sun 2026-06-07 01:40", "Sun 2026-06-07 02:00")
    verdict = pro.verdict("emergency announcement", "M-1")
    assert verdict.state == "not applicable"
    assert pro.text(verdict.goal_at) == "Sun 2026-06-07 01:15"
    assert "the goal was passed" in verdict.reasons


def test_sivo_10_the_points_of_contact(pro: Small) -> None:
    """State of operations, support and claims."""
    (points,) = (row for row in pro.terms.entitlements if "10" in row.cited.clauses)
    assert points.channels == ("status.sivocenter.com", "support@sivocenter.com", "billing@sivocenter.com")


@pytest.mark.parametrize(("option", "state"), [("first human reply", "missed"), ("any public reply", "met")])
def test_sivo_7_g4_an_automatic_reply_is_no_response(under: Under, option: str, state: str) -> None:
    """A response is somebody who has read the ticket."""
    small = under("sivo", MADRID, "pro", override=f"{{assume: {{automatic-reply: {{take: {option}}}}}}}")
    small.tell("ticket.opened", "T-1", "Mon 2026-06-08 10:00", priority="S3")
    small.tell("ticket.replied", "T-1", "Mon 2026-06-08 10:01", by="automatic")
    assert small.state("response", at="Mon 2026-06-08 14:01") == state
