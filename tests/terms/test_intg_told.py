"""INTG: who is told, and when. The declared hours are Mon-Fri 09:00-17:00 in Amsterdam."""

from __future__ import annotations

import pytest

from .small import Small, Under

ZONE = "Europe/Amsterdam"


def plan_of(under: Under, plan: str) -> Small:
    """A contract with one named contact."""
    return under("intg", ZONE, plan, "contacts: {lead: {}}")


def test_intg_i3_an_update_is_asked_for_before_closing_if_nobody_is_there_later(under: Under) -> None:
    """Answered on Tuesday 16:00 the next is due at 20:00, so at 09:00 on Wednesday: asked for at 16:30."""
    small = plan_of(under, "enterprise")
    small.tell("ticket.opened", "T-1", "Tue 2026-06-02 15:00", priority="P1", requester="lead")
    small.tell("ticket.replied", "T-1", "Tue 2026-06-02 16:00", by="human")
    assert [(name, at) for rule, name, at in small.told() if rule == "updates ahead"] == [
        ("limit - 30m", "Tue 2026-06-02 16:30"),
        ("limit", "Wed 2026-06-03 09:00"),
    ]


def test_intg_i3_an_update_that_is_due_within_the_hours_is_asked_for_then(under: Under) -> None:
    """Answered at 10:00, due at 14:00: asked for at 13:30, and again after an update at night, at once."""
    small = plan_of(under, "enterprise")
    small.tell("ticket.opened", "T-1", "Tue 2026-06-02 09:30", priority="P1", requester="lead")
    small.tell("ticket.replied", "T-1", "Tue 2026-06-02 10:00", by="human")
    small.tell("ticket.replied", "T-1", "Wed 2026-06-03 01:10", by="human")
    assert [(name, at) for rule, name, at in small.told() if rule == "updates ahead"] == [
        ("limit - 30m", "Tue 2026-06-02 13:30"),
        ("limit", "Tue 2026-06-02 14:00"),
        ("limit - 30m", "Wed 2026-06-03 01:10"),
        ("limit", "Wed 2026-06-03 09:00"),
    ]


def test_intg_r2_an_urgent_answer_is_warned_of_at_shares_of_its_hours(under: Under) -> None:
    """Premium, six business hours from Tuesday 13:00: three, four and a half, six."""
    small = plan_of(under, "premium")
    small.tell("ticket.opened", "T-1", "Tue 2026-06-02 13:00", priority="P1", requester="lead")
    assert [(name, at) for rule, name, at in small.told() if rule == "urgent answers ahead"] == [
        ("50 %", "Tue 2026-06-02 16:00"),
        ("75 %", "Wed 2026-06-03 09:30"),
        ("limit", "Wed 2026-06-03 11:00"),
    ]


@pytest.mark.parametrize(
    ("plan", "channels"),
    [("standard", ("email",)), ("premium", ("email", "sms")), ("enterprise", ("email", "sms"))],
)
def test_intg_x3_errors_are_told_by_the_channels_of_the_plan(
    under: Under, plan: str, channels: tuple[str, ...]
) -> None:
    """E-mail, or e-mail and SMS; each time, to all contacts."""
    small = plan_of(under, plan)
    small.tell("incident.declared", "I-1", "Sat 2026-06-06 03:00", severity="high")
    small.tell("incident.resolved", "I-1", "Sat 2026-06-06 04:00")
    stages = [one for one in small.stages() if one.rule == "errors"]
    assert [(one.about.event, small.text(one.at)) for one in stages] == [
        ("declared", "Sat 2026-06-06 03:00"),
        ("resolved", "Sat 2026-06-06 04:00"),
    ]
    assert {(one.audience, one.to, one.channels) for one in stages} == {("customer", ("all",), channels)}


def test_intg_x3_the_channels_follow_the_plan_in_force(under: Under) -> None:
    """A contract that goes from Standard to Premium in the middle of June."""
    small = under("intg", ZONE, "standard", "contacts: {lead: {}}", plans=("premium",))
    small.tell("contract.plan_changed", "small", "Mon 2026-06-15 00:00", plan="premium")
    for n, day in enumerate(("Sat 2026-06-06", "Sat 2026-06-20")):
        small.tell("incident.declared", f"I-{n}", f"{day} 03:00", severity="high")
    found = [one.channels for one in small.stages() if one.rule == "errors"]
    assert found == [("email",), ("email", "sms")]


def test_intg_g1_a_review_is_asked_for_a_month_before_the_year_ends(under: Under) -> None:
    """Premium, one a contract year; Standard promises none."""
    small = plan_of(under, "premium")
    small.tell("ticket.opened", "T-1", "Tue 2026-06-02 13:00", priority="P2", requester="lead")
    assert ("reviews ahead", "limit - 30 days", "Tue 2026-12-01 24:00") in small.told()
