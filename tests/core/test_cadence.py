"""Cadences: rounds that an update ends and begins. The desk is open Mon-Fri 09:00-17:00 UTC."""

from __future__ import annotations

import pytest

from .worlds import Case, cadence, shown

UPDATES = ("from: declared", "again: informed", "until: resolved")


def declared(agreement: str, when: str = "Mon 06-01 10:00", severity: str = "S1") -> Case:
    """One incident under an agreement."""
    return Case(agreement).tell("incident.declared", when, "I-1", severity=severity)


def rows(case: Case, when: str) -> list[tuple[str, str | None]]:
    """State and due instant of every round."""
    return [(v.state, shown(v.due_at)) for v in case.verdicts(when, "clock", "I-1")]


def test_every_round_is_judged_and_a_late_one_once() -> None:
    """Every 30 minutes: in time, an hour late, and the next round begins with the late update."""
    case = declared(cadence(*UPDATES, "each: 30m"))
    case.tell("incident.updated", "Mon 06-01 10:30", "I-1").tell("incident.updated", "Mon 06-01 12:00", "I-1")
    assert rows(case, "Mon 06-01 12:10") == [
        ("met", "Mon 06-01 10:30"),
        ("breached", "Mon 06-01 11:00"),
        ("running", "Mon 06-01 12:30"),
    ]


def test_the_end_leaves_the_last_round_unjudged_unless_it_is_late() -> None:
    """Resolved before the next update was due, or after."""
    case = declared(cadence(*UPDATES, "each: 30m")).tell("incident.resolved", "Mon 06-01 10:20", "I-1")
    assert rows(case, "Mon 06-01 12:00") == [("not applicable", "Mon 06-01 10:30")]
    late = declared(cadence(*UPDATES, "each: 30m")).tell("incident.resolved", "Mon 06-01 10:31", "I-1")
    assert rows(late, "Mon 06-01 12:00") == [("breached", "Mon 06-01 10:30")]


def test_an_update_after_the_end_or_before_the_start_begins_nothing() -> None:
    """A first response anchors the cadence; what was told before and after the incident does not."""
    rule = cadence("from: answered", "again: [answered]", "until: resolved", "each: 1h", of="ticket")
    case = Case(rule).tell("opened", "Mon 06-01 10:00").tell("replied", "Mon 06-01 10:10", by="automatic")
    assert case.verdicts("Mon 06-01 10:15", "clock") == []
    case.tell("replied", "Mon 06-01 10:20").tell("resolved", "Mon 06-01 10:40").tell(
        "replied", "Mon 06-01 11:00"
    )
    assert case.states("Mon 06-01 12:00") == ["not applicable"]


def test_only_a_public_update_of_a_person_informs() -> None:
    """A message of a machine, or one that nobody sees, satisfies no round."""
    case = declared(cadence(*UPDATES, "each: 30m"))
    case.tell("incident.updated", "Mon 06-01 10:10", "I-1", by="automatic")
    case.tell("incident.updated", "Mon 06-01 10:20", "I-1", visibility="internal")
    assert rows(case, "Mon 06-01 10:40") == [("breached", "Mon 06-01 10:30")]


@pytest.mark.parametrize(
    ("hours", "due", "late"),
    [
        ("", "Mon 06-01 20:00", "Mon 06-01 20:00:01"),
        ("hours: desk", "Tue 06-02 09:00", "Tue 06-02 09:00:01"),
    ],
)
def test_a_due_instant_outside_the_hours_moves_to_the_next_opening(hours: str, due: str, late: str) -> None:
    """Four hours from 16:00 are over at 20:00, when nobody is there."""
    case = declared(cadence(*UPDATES, "each: 4h", *([hours] if hours else [])), "Mon 06-01 16:00")
    assert rows(case, due) == [("running", due)]
    assert rows(case, late) == [("breached", due)]


def test_with_hours_a_round_is_late_after_the_instant_shown() -> None:
    """Counted at the desk and clipped to a longer day: 17:00 is inside it, so 17:00 is the last instant."""
    rule = cadence(*UPDATES, "each: 2h", "on: desk", "hours: long")
    rule = rule.replace("calendar:\n", "calendar:\n  long: {zone: UTC, open: Mon-Fri 08:00-20:00}\n")
    case = declared(rule, "Mon 06-01 15:00")
    assert rows(case, "Mon 06-01 17:00") == [("running", "Mon 06-01 17:00")]
    assert rows(case, "Mon 06-01 17:01") == [("breached", "Mon 06-01 17:00")]


def test_a_round_is_held_to_the_severity_in_force() -> None:
    """What is promised at its end decides: downgraded to nothing, a round is not judged, nor is the next."""
    rule = cadence(*UPDATES, "each: {S1: 30m, S2: none}")
    case = declared(rule)
    case.tell("incident.classified", "Mon 06-01 10:20", "I-1", severity="S2")
    assert rows(case, "Mon 06-01 12:00") == [("not applicable", None)]
    case.tell("incident.updated", "Mon 06-01 12:00", "I-1")
    assert rows(case, "Mon 06-01 13:00") == [("not applicable", None)] * 2


def test_a_reopened_ticket_is_told_about_again() -> None:
    """The rounds go on with the reopening."""
    rule = cadence("from: opened", "again: answered", "until: resolved", "each: 1h", of="ticket")
    case = Case(rule).tell("opened", "Mon 06-01 10:00").tell("resolved", "Mon 06-01 10:30")
    case.tell("reopened", "Mon 06-01 12:00")
    found = case.verdicts("Mon 06-01 12:30", "clock")
    assert [(v.state, shown(v.due_at)) for v in found] == [
        ("not applicable", "Mon 06-01 11:00"),
        ("running", "Mon 06-01 13:00"),
    ]
