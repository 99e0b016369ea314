"""SIVO: who is told, and when. Support is there Mon-Fri 09:00-18:00 in Madrid, Enterprise always."""

from __future__ import annotations

import pytest

from .small import Under


def test_sivo_s32_an_unannounced_emergency_is_an_alarm_at_a_quarter_of_an_hour(under: Under) -> None:
    """Nothing but the decision is told: no number is promised, so nothing is missed; somebody is paged."""
    small = under("sivo", "UTC", "pro")
    small.tell("maintenance.decided", "M-1", "Sat 2026-06-06 03:00")
    assert small.state("emergency announcement", "M-1", at="Sat 2026-06-06 03:10") == "not applicable"
    (stage,) = (one for one in small.stages() if one.rule == "emergency unannounced")
    assert (stage.name, stage.urgency, small.text(stage.at)) == ("goal", "page", "Sat 2026-06-06 03:15")
    small.announce("emergency", "Sat 2026-06-06 03:10", "Sat 2026-06-06 03:20")
    assert "emergency unannounced" not in {rule for rule, _, _ in small.told()}


def test_sivo_s32_what_is_announced_as_other_work_is_no_emergency(under: Under) -> None:
    """Until it is announced, a decision is one on an emergency; then the announcement says what it is."""
    small = under("sivo", "UTC", "pro")
    small.tell("maintenance.decided", "M-1", "Sat 2026-06-06 03:00")
    small.announce("non-disruptive", "Sat 2026-06-06 03:10", "Sat 2026-06-06 03:20")
    assert "emergency unannounced" not in {rule for rule, _, _ in small.told()}


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("pro", [("50 %", "Mon 2026-06-08 09:00"), ("75 %", "Mon 2026-06-08 10:00"),
                 ("limit", "Mon 2026-06-08 11:00")]),
        ("enterprise", [("50 %", "Fri 2026-06-05 17:00"), ("75 %", "Fri 2026-06-05 17:30"),
                        ("limit", "Fri 2026-06-05 18:00")]),
    ],
)  # fmt: skip
def test_sivo_7_answers_are_warned_of_by_the_plan(
    under: Under, plan: str, expected: list[tuple[str, str]]
) -> None:
    """S2 on Friday 16:00: four hours of support under Pro, two hours around the clock under Enterprise."""
    small = under("sivo", "Europe/Madrid", plan)
    small.tell("ticket.opened", "T-1", "Fri 2026-06-05 16:00", priority="S2")
    stages = [one for one in small.stages() if one.rule == "answers ahead"]
    assert [(one.name, small.text(one.at)) for one in stages] == [
        (name, at.replace("09:00", "18:00").replace("Mon 2026-06-08 18:00", "Fri 2026-06-05 18:00"))
        if plan == "none"
        else (name, at)
        for name, at in expected
    ]
    assert {one.urgency for one in stages} == {"page" if plan == "enterprise" else "urgent"}


def test_sivo_6_1_the_customer_hears_what_can_be_claimed_while_it_can(under: Under) -> None:
    """Nine bad periods in June: known on 1 July, claimed until 30 July at 24:00."""
    small = under("sivo", "UTC", "pro")
    small.watch("Mon 2026-06-01 00:00", "Wed 2026-07-01 00:00").fails("api", "Wed 2026-06-10 10:00", 45)
    claims = [
        one
        for one in small.stages("Wed 2026-07-01 12:00")
        if one.rule == "claims to file" and one.about.subject == "2026-06"
    ]
    assert [(one.name, small.text(one.at)) for one in claims] == [
        ("start", "Tue 2026-06-30 24:00"),
        ("limit - 7 days", "Thu 2026-07-23 24:00"),
        ("limit - 1 day", "Wed 2026-07-29 24:00"),
    ]
    assert {one.audience for one in claims} == {"customer"}
    late = small.stages("Fri 2026-07-31 12:00")
    assert "2026-06" not in {one.about.subject for one in late if one.rule == "claims to file"}


def test_sivo_6_3_an_answer_to_a_claim_is_warned_of_in_business_days(under: Under) -> None:
    """Filed on 30 July, answered by 20 August: a week of business days before, and one before."""
    small = under("sivo", "UTC", "pro")
    small.tell("claim.filed", "C-1", "Thu 2026-07-30 12:00", about="2026-06")
    assert [(name, at) for rule, name, at in small.told() if rule == "answers to claims ahead"] == [
        ("limit - 5 business days of weekdays", "Thu 2026-08-13 24:00"),
        ("limit - 1 business day of weekdays", "Wed 2026-08-19 24:00"),
        ("limit", "Thu 2026-08-20 24:00"),
    ]
