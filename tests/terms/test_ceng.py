"""CENG: every number that is a deadline, notice, cadence or period."""

from __future__ import annotations

import json
from datetime import date

import pytest

from upheld.core.timeline.instant import MINUTE
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.amount import parse_amount

from .conftest import AGREEMENTS
from .small import Small, Under

ZONE = "Europe/Amsterdam"


@pytest.fixture
def ceng(under: Under) -> Small:
    """A contract under CENG."""
    return under("ceng", ZONE)


@pytest.mark.parametrize(
    ("priority", "opened", "due"),
    [
        ("High", "Fri 2026-06-05 16:30", "Mon 2026-06-08 09:00"),
        ("Normal", "Mon 2026-06-08 10:00", "Tue 2026-06-09 09:30"),
        ("Normal", "Fri 2026-04-24 14:00", "Tue 2026-04-28 13:30"),
    ],
)
def test_ceng_5_2_c1_response_times(ceng: Small, priority: str, opened: str, due: str) -> None:
    """One and eight business hours of days of eight and a half; King's Day, 27 April, does not count."""
    ceng.tell("ticket.opened", "T-1", opened, priority=priority)
    assert ceng.due("guaranteed response") == due


@pytest.mark.parametrize("opened", ["Mon 2026-06-08 10:00", "Fri 2026-04-24 14:00", "Sat 2026-06-06 11:00"])
def test_ceng_5_1_c4_one_business_day_is_as_long_as_the_8_hours_of_normal(ceng: Small, opened: str) -> None:
    """The two numbers of the page agree, in whatever part of the day they begin."""
    ceng.tell("ticket.opened", "T-1", opened, priority="Normal")
    assert ceng.due("response in a day") == ceng.due("guaranteed response") != ""


def test_ceng_5_c3_the_same_late_answer_is_a_breach_and_a_miss(ceng: Small) -> None:
    """High and Normal are guaranteed; the one business day is what the page strives for."""
    ceng.tell("ticket.opened", "T-1", "Mon 2026-06-08 10:00", priority="Normal")
    ceng.tell("ticket.replied", "T-1", "Tue 2026-06-09 09:31")
    assert ceng.state("guaranteed response") == "breached"
    assert ceng.state("response in a day") == "missed"


@pytest.mark.parametrize("kind", ["code development", "code debugging"])
def test_ceng_4_developing_and_debugging_the_clients_code_start_no_clock(ceng: Small, kind: str) -> None:
    """Support does neither."""
    ceng.tell("ticket.opened", "T-1", "Mon 2026-06-08 10:00", priority="Normal", kind=kind)
    assert ceng.state("guaranteed response", at="Mon 2026-06-29 10:00") == "not applicable"
    assert ceng.state("response in a day", at="Mon 2026-06-29 10:00") == "not applicable"


def test_ceng_4_g4_an_answer_of_the_chatbot_is_no_response(ceng: Small) -> None:
    """The first human reply is."""
    ceng.tell("ticket.opened", "T-1", "Mon 2026-06-08 10:00", priority="High")
    ceng.tell("ticket.replied", "T-1", "Mon 2026-06-08 10:01", by="automatic")
    assert ceng.state("guaranteed response", at="Mon 2026-06-08 11:01") == "breached"


def test_ceng_5_4_c16_a_reclassified_request_counts_from_its_start(ceng: Small) -> None:
    """Normal at 10:00 made High at 10:40 is due at 11:00."""
    ceng.tell("ticket.opened", "T-1", "Mon 2026-06-08 10:00", priority="Normal")
    ceng.tell("ticket.classified", "T-1", "Mon 2026-06-08 10:40", priority="High", by="provider")
    assert ceng.due("guaranteed response") == "Mon 2026-06-08 11:00"


def test_ceng_5_4_c16_a_breach_before_the_reclassification_stands(ceng: Small) -> None:
    """High is late at 11:00; being made Normal at 11:30 does not undo it."""
    ceng.tell("ticket.opened", "T-1", "Mon 2026-06-08 10:00", priority="High")
    ceng.tell("ticket.classified", "T-1", "Mon 2026-06-08 11:30", priority="Normal", by="provider")
    ceng.tell("ticket.replied", "T-1", "Mon 2026-06-08 12:00")
    assert ceng.state("guaranteed response") == "breached"


def declared(ceng: Small, severity: str, at: str, *updates: str) -> Small:
    """An incident with its updates."""
    ceng.tell("incident.declared", "I-1", at, severity=severity)
    for update in updates:
        ceng.tell("incident.updated", "I-1", update)
    return ceng


def test_ceng_6_c12_p1_updates_at_0_14_and_31_have_one_miss(ceng: Small) -> None:
    """From 14 to 31 are 17 minutes: two too many, once."""
    declared(
        ceng, "P1", "Sat 2026-06-06 03:00", *(f"Sat 2026-06-06 03:{m}" for m in ("00", "14", "31"))
    ).tell("incident.resolved", "I-1", "Sat 2026-06-06 03:40")
    states = ceng.states("incident updates", "I-1")
    assert states == ["met", "met", "missed", "not applicable"]
    assert ceng.late("incident updates", "I-1", cycle=3) == "2 min"


@pytest.mark.parametrize(
    ("severity", "at", "due"),
    [
        ("P1", "Fri 2026-06-05 16:50", "Fri 2026-06-05 17:05"),
        ("P2", "Fri 2026-06-05 16:50", "Fri 2026-06-05 17:20"),
        ("P3", "Fri 2026-06-05 16:50", "Mon 2026-06-08 10:20"),
        ("P4", "Fri 2026-06-05 16:50", ""),
        ("P5", "Fri 2026-06-05 16:50", ""),
    ],
)
def test_ceng_6_c12_p1_and_p2_run_around_the_clock_and_p3_in_business_hours(
    ceng: Small, severity: str, at: str, due: str
) -> None:
    """15, 30 and 120 minutes; nothing is promised for P4 and P5."""
    assert declared(ceng, severity, at).due("incident updates", "I-1") == due


def test_ceng_6_c12_only_a_public_update_by_a_human_informs(ceng: Small) -> None:
    """Automatic and internal updates do not end the round that began with the declaration."""
    declared(ceng, "P1", "Sat 2026-06-06 03:00")
    ceng.tell("incident.updated", "I-1", "Sat 2026-06-06 03:05", by="automatic")
    ceng.tell("incident.updated", "I-1", "Sat 2026-06-06 03:10", visibility="internal")
    assert ceng.due("incident updates", "I-1") == "Sat 2026-06-06 03:15"
    assert len(ceng.verdicts("incident updates", "I-1")) == 1


def test_ceng_7_2_c21_two_weeks_are_fourteen_civil_days(ceng: Small) -> None:
    """To the same time of day, though the clocks go forward on 29 March and 336 hours would say 09:00."""
    ceng.announce("scheduled", "Tue 2026-03-24 10:00", "Tue 2026-04-07 10:00")
    assert ceng.due("scheduled notice", "M-1") == "Tue 2026-03-24 10:00"
    assert ceng.state("scheduled notice", "M-1") == "met"


def test_ceng_7_2_a_late_notice_is_a_missed_objective(ceng: Small) -> None:
    """A second less than two weeks."""
    ceng.announce("scheduled", "Mon 2026-06-01 10:00:01", "Mon 2026-06-15 10:00")
    assert ceng.state("scheduled notice", "M-1") == "missed"


@pytest.mark.parametrize(
    ("at", "state"), [("Tue 2026-06-02 20:00", "met"), ("Tue 2026-06-02 20:01", "missed")]
)
def test_ceng_7_3_emergency_work_has_24_hours(ceng: Small, at: str, state: str) -> None:
    """To the minute; what is announced later is a miss that has to be explained."""
    ceng.announce("emergency", at, "Wed 2026-06-03 20:00")
    assert ceng.due("emergency notice", "M-1") == "Tue 2026-06-02 20:00"
    assert ceng.state("emergency notice", "M-1") == state


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        ("Tue 2026-06-16 17:00", "Wed 2026-06-17 08:30", "met"),
        ("Tue 2026-06-16 17:00", "Wed 2026-06-17 08:31", "missed"),
        ("Tue 2026-06-16 16:59", "Tue 2026-06-16 17:30", "missed"),
        ("Sat 2026-06-13 12:00", "Sat 2026-06-13 16:00", "met"),
    ],
)
def test_ceng_7_1_risky_work_is_outside_business_hours(ceng: Small, start: str, end: str, state: str) -> None:
    """Not one minute of it may fall between 08:30 and 17:00 of a business day."""
    ceng.announce("high risk", "Mon 2026-05-04 09:00", start)
    ceng.tell("maintenance.started", "M-1", start).tell("maintenance.ended", "M-1", end)
    assert ceng.state("risky work", "M-1") == state


def test_ceng_1_2_c5_the_statutory_holidays_of_2026_are_closed(ceng: Small) -> None:
    """Good Friday and 5 May are among them."""
    business = ceng.terms.calendars["business"]
    closed = [
        on
        for on in (
            date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())
        )
        if on.weekday() < 5 and not business.is_open(ceng.instant(f"{on:%a} {on} 12:00"))
    ]
    assert [f"{on:%d %b}" for on in closed] == [
        "01 Jan",
        "03 Apr",
        "06 Apr",
        "27 Apr",
        "05 May",
        "14 May",
        "25 May",
        "25 Dec",
    ]


def test_ceng_1_2_c5_good_friday_is_a_working_day_of_every_year_if_it_is_customary(under: Under) -> None:
    """Under the other reading every Good Friday that the lock knows is open, in each of its years."""
    locked = json.loads((AGREEMENTS / "ceng.lock.json").read_text(encoding="utf-8"))["holidays"]
    fridays = sorted({on for days in locked.values() for on, name in days.items() if name == "Good Friday"})
    assert [on[:4] for on in fridays] == [str(year) for year in range(2015, 2036)]
    small = under("ceng", ZONE, override="{assume: {dutch-holidays: {take: customary}}}")
    business = small.terms.calendars["business"]
    assert [on for on in fridays if not business.is_open(small.instant(f"Fri {on} 12:00"))] == []


def test_ceng_1_3_c1_a_business_day_is_eight_hours_of_a_day_of_eight_and_a_half(ceng: Small) -> None:
    """Monday 10:00 leads to Tuesday 09:30, and neither to 10:00 nor to the end of the day."""
    business = ceng.terms.calendars["business"]
    due_at = business.deadline(ceng.instant("Mon 2026-06-08 10:00"), parse_amount("1 business day"))
    assert ceng.text(due_at) == "Tue 2026-06-09 09:30"
    assert ceng.elapsed_h("business", "Mon 2026-06-08 00:00", "Mon 2026-06-08 24:00") == 8.5


@pytest.mark.parametrize(("on", "minutes"), [("Sun 2026-02-15", 129_540), ("Sun 2026-11-15", 132_540)])
def test_ceng_3_1_c7_a_quarter_in_amsterdam_has_its_true_length(ceng: Small, on: str, minutes: int) -> None:
    """The first quarter of 2026 loses an hour to the clocks, and the last one gains it."""
    quarter = PeriodRule("calendar quarter", ceng.terms.calendars["always"].rule.zone)
    assert quarter.period_at(ceng.instant(f"{on} 12:00")).length_us == minutes * MINUTE


def test_ceng_1_1_6_an_incident_has_one_of_five_severities(ceng: Small) -> None:
    """From critical to minor, the most urgent first."""
    (severity,) = (scale for scale in ceng.terms.scales if "1.1" in scale.cited.clauses)
    assert (severity.name, severity.of, list(severity.values)) == (
        "severity",
        "incident",
        ["P1", "P2", "P3", "P4", "P5"],
    )


def test_ceng_1_4_the_operations_centre_is_always_there(ceng: Small) -> None:
    """The updates of P1 go on in the night of a Sunday."""
    (centre,) = (row for row in ceng.terms.entitlements if row.cited.clauses == ("1.4",))
    assert centre.value == "staffed around the clock, every day of the year"
    assert (
        declared(ceng, "P1", "Sun 2026-06-07 03:00").due("incident updates", "I-1") == "Sun 2026-06-07 03:15"
    )


def test_ceng_5_3_the_client_classifies(ceng: Small) -> None:
    """High is High because the client says so; the response in that time is guaranteed."""
    (priority,) = (scale for scale in ceng.terms.scales if "5.3" in scale.cited.clauses)
    assert (priority.set_by, list(priority.values)) == ("customer", ["High", "Normal"])
    ceng.tell("ticket.opened", "T-1", "Mon 2026-06-08 10:00", priority="High")
    assert ceng.state("guaranteed response", at="Mon 2026-06-08 11:01") == "breached"
