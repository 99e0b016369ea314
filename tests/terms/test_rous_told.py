"""ROUS: who is told, and when. Support is there Mon-Fri 09:00-17:00 in Johannesburg."""

from __future__ import annotations

import pytest

from .small import Small, Under

ZONE = "Africa/Johannesburg"


def tickets(small: Small) -> list[tuple[str, str, str]]:
    """What is told of tickets."""
    return [one for one in small.told() if one[0] in ("target ahead", "missed target")]


@pytest.fixture
def rous(under: Under) -> Small:
    """A contract under the agreement as it is read."""
    return under("rous", ZONE)


def test_rous_7_1_a_missed_target_reaches_the_support_manager(rous: Small) -> None:
    """P1 on Friday 16:30: a response by Monday 10:30, a resolution from 12:30 (goal) to 16:30 (limit)."""
    rous.tell("ticket.opened", "T-1", "Fri 2026-06-05 16:30", priority="P1")
    assert tickets(rous) == [
        ("target ahead", "50 %", "Mon 2026-06-08 09:30"),  # of two hours
        ("target ahead", "75 %", "Mon 2026-06-08 10:00"),
        ("missed target", "limit", "Mon 2026-06-08 10:30"),
        ("target ahead", "50 %", "Mon 2026-06-08 12:30"),  # of eight hours
        ("target ahead", "goal", "Mon 2026-06-08 12:30"),
        ("target ahead", "75 %", "Mon 2026-06-08 14:30"),
        ("missed target", "limit", "Mon 2026-06-08 16:30"),
    ]


def test_rous_7_1_what_is_answered_in_time_reaches_nobody_else(rous: Small) -> None:
    """Answered on Monday 09:45, resolved at 12:00."""
    rous.tell("ticket.opened", "T-1", "Fri 2026-06-05 16:30", priority="P1")
    rous.tell("ticket.replied", "T-1", "Mon 2026-06-08 09:45", by="human")
    rous.tell("ticket.resolved", "T-1", "Mon 2026-06-08 12:00")
    assert tickets(rous) == [("target ahead", "50 %", "Mon 2026-06-08 09:30")]


def test_rous_r17_the_upper_end_starts_the_ladder_or_the_lower_one(under: Under) -> None:
    """By the upper end a P1 is missed after eight hours, by the lower one after four.

    A time that is used up at closing lasts until the next opening.
    """
    lower = under("rous", ZONE, override="{assume: {escalation-trigger: {take: lower end}}}")
    lower.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P1")
    lower.tell("ticket.replied", "T-1", "Mon 2026-06-08 09:10", by="human")
    missed = [(name, at) for rule, name, at in lower.told() if rule == "missed target"]
    assert missed == [("goal", "Mon 2026-06-08 13:00"), ("limit", "Tue 2026-06-09 09:00")]


@pytest.mark.parametrize(
    ("to", "rule", "roles"),
    [
        ("director of operations", "second step", ("director of operations",)),
        ("dispute", "third step", ("director of operations", "legal")),
    ],
)
def test_rous_7_2_7_3_the_next_steps_are_taken_by_hand(
    rous: Small, to: str, rule: str, roles: tuple[str, ...]
) -> None:
    """They have no times: whoever takes one records it, and those concerned are told then."""
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P1")
    rous.tell("ticket.escalated", "T-1", "Tue 2026-06-09 11:00", to=to, by="customer")
    (stage,) = (one for one in rous.stages() if one.name == "event")
    assert (stage.rule, stage.to, rous.text(stage.at)) == (rule, roles, "Tue 2026-06-09 11:00")


def test_rous_7_3_stands_apart_from_7_2(rous: Small) -> None:
    """Every step is told once, however often it is recorded."""
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P4")
    for day, to in (("Tue 2026-06-09", "director of operations"), ("Wed 2026-06-10", "dispute")) * 2:
        rous.tell("ticket.escalated", "T-1", f"{day} 11:00", to=to, by="customer")
    steps = [rule for rule, name, _ in rous.told() if name == "event"]
    assert steps == ["second step", "third step"]


def test_rous_5_1_is_warned_of_while_the_notice_can_still_be_valid(rous: Small) -> None:
    """Work on Saturday 22:00: valid until Thursday 22:00, and a warning comes while support is there."""
    starts = {"starts_at": "2026-06-13T20:00:00Z", "ends_at": "2026-06-13T22:00:00Z"}
    rous.tell(
        "maintenance.planned",
        "M-1",
        "Mon 2026-06-08 10:00",
        kind="scheduled",
        components=["chatbot"],
        **starts,
    )
    assert ("notice ahead", "limit - 24h", "Thu 2026-06-11 09:00") in rous.told()


def test_rous_8_1_the_yearly_review_is_asked_for_a_month_before_the_year_ends(rous: Small) -> None:
    """And no more once it was done."""
    rous.tell("ticket.opened", "T-1", "Mon 2026-06-08 09:00", priority="P4")
    assert ("review ahead", "limit - 30 days", "Tue 2026-12-01 24:00") in rous.told()
    rous.tell("obligation.done", "R-1", "Tue 2026-06-09 09:00", obligation="annual review")
    assert "review ahead" not in {rule for rule, _, _ in rous.told()}
