"""JUST: who is told, and when; days are those of UTC."""

from __future__ import annotations

import pytest

from .small import Small, Under


@pytest.fixture
def just(under: Under) -> Small:
    """A contract under the agreement as it is read."""
    return under("just", "UTC")


def test_just_2_a_start_is_warned_of_five_minutes_before(just: Small) -> None:
    """Submitted at 10:00, so paged at 10:10; begun at 10:12, and nobody hears more."""
    just.tell("task.submitted", "K-1", "Thu 2026-06-11 10:00")
    just.tell("task.began", "K-1", "Thu 2026-06-11 10:12")
    assert just.told() == [("starts ahead", "limit - 5m", "Thu 2026-06-11 10:10")]


def test_just_j6_a_late_task_is_told_to_the_customer_at_once(just: Small) -> None:
    """Late on Thursday: a complaint about it keeps the month, until Thursday of the week after."""
    just.tell("task.submitted", "K-1", "Thu 2026-06-11 10:00")
    just.tell("task.began", "K-1", "Thu 2026-06-11 12:00")
    assert [
        (rule, name, at) for rule, name, at in just.told() if rule in ("late task", "complaints to file")
    ] == [
        ("late task", "limit", "Thu 2026-06-11 10:15"),
        ("complaints to file", "limit - 1 day", "Wed 2026-06-17 24:00"),
    ]


@pytest.mark.parametrize(
    ("take", "expected"),
    [
        ("internal goal", [("goal - 1 business day of weekdays", "Thu 2026-06-18 24:00"),
                           ("goal", "Fri 2026-06-19 24:00")]),
        ("five business days", [("limit - 1 business day of weekdays", "Thu 2026-06-18 24:00"),
                                ("limit", "Fri 2026-06-19 24:00")]),
    ],
)  # fmt: skip
def test_just_j11_details_are_a_goal_of_our_own_and_warned_of(
    under: Under, take: str, expected: list[tuple[str, str]]
) -> None:
    """Complained on Friday 12 June: five business days, never a breach."""
    just = under("just", "UTC", override=f"{{assume: {{reasonable-time: {{take: {take}}}}}}}")
    just.tell("claim.filed", "C-1", "Fri 2026-06-12 09:00", about="K-1", issue_at="2026-06-11T10:15:00Z")
    assert [(name, at) for rule, name, at in just.told() if rule == "details ahead"] == expected


def test_just_1_a_compromise_is_paged(just: Small) -> None:
    """As soon as it is reported."""
    just.tell("covenant.compromise_reported", "R-1", "Fri 2026-06-12 09:00", covenant="credentials",
              happened_at="2026-06-11T09:00:00Z", learned_at="2026-06-12T08:00:00Z")  # fmt: skip
    (stage,) = (one for one in just.stages() if one.rule == "credentials compromised")
    assert (stage.urgency, just.text(stage.at)) == ("page", "Fri 2026-06-12 09:00")
