"""Cycles and rounds as read off the events of a subject."""

from __future__ import annotations

import pytest

from upheld.core.clocks.cycle import cycles_of, pauses_of
from upheld.core.clocks.subject import fold_subject
from upheld.core.terms.agreement import ClockRule

from .worlds import bound, cadence, clock, fact, shown


def told(rule_text: str, *events: str) -> list[tuple[int, str | None, str | None, str | None]]:
    """Number, start, stop and ending of every cycle; events are `opened Mon 06-01 10:00`."""
    terms = bound(rule_text)
    (rule,) = terms.clocks
    assert isinstance(rule, ClockRule)
    facts = []
    for n, event in enumerate(events):
        verb, _, when = event.partition(" ")
        data = {"ticket.merged": {"into": "T-2"}}.get(f"ticket.{verb}", {})
        facts.append(fact(f"ticket.{verb}", when, id_=f"f{n}", **data))
    subject = fold_subject("ticket", "T-1", facts, terms)
    assert subject is not None
    return [
        (c.number, shown(c.start_at), shown(c.stop_at), c.ending) for c in cycles_of(rule, subject, terms)
    ]


RESOLVE = ("from: opened", "until: [resolved, closed]", "within: 2h")
OPENED, SOLVED, AGAIN = "opened Mon 06-01 10:00", "resolved Mon 06-01 11:00", "reopened Mon 06-01 12:00"


@pytest.mark.parametrize(
    ("reopening", "expected"),
    [
        ("continue", [(1, "Mon 06-01 10:00", "Mon 06-01 13:00", "stopped")]),
        (
            "new cycle",
            [
                (1, "Mon 06-01 10:00", "Mon 06-01 11:00", "stopped"),
                (2, "Mon 06-01 12:00", "Mon 06-01 13:00", "stopped"),
            ],
        ),
        ("ignore", [(1, "Mon 06-01 10:00", "Mon 06-01 11:00", "stopped")]),
    ],
)
def test_the_three_ways_of_reopening(
    reopening: str, expected: list[tuple[int, str | None, str | None, str | None]]
) -> None:
    """The same cycle, another one, or none."""
    rule = clock(*RESOLVE, f"reopening: {reopening}")
    assert told(rule, OPENED, SOLVED, AGAIN, "closed Mon 06-01 13:00") == expected


def test_reopening_what_runs_or_was_cancelled_does_nothing() -> None:
    """Only a stop can be undone."""
    rule = clock(*RESOLVE)
    assert told(rule, OPENED, AGAIN) == [(1, "Mon 06-01 10:00", None, None)]
    cancelled = [(1, "Mon 06-01 10:00", "Mon 06-01 11:00", "cancelled")]
    assert told(rule, OPENED, "cancelled Mon 06-01 11:00", AGAIN) == cancelled
    assert told(rule, OPENED, "merged Mon 06-01 11:00", AGAIN) == cancelled


def test_reopening_twice_leaves_two_gaps() -> None:
    """The time between each stop and the reopening that undid it."""
    terms = bound(clock(*RESOLVE))
    events = (OPENED, SOLVED, AGAIN, "resolved Mon 06-01 13:00", "reopened Mon 06-01 14:00")
    facts = [fact(f"ticket.{e.split()[0]}", e.partition(" ")[2], id_=f"f{n}") for n, e in enumerate(events)]
    subject = fold_subject("ticket", "T-1", facts, terms)
    assert subject is not None
    (cycle,) = cycles_of(terms.clocks[0], subject, terms)
    pauses = pauses_of(terms.clocks[0], subject, cycle, terms)
    assert [(shown(p.start_at), shown(p.end_at), p.why) for p in pauses] == [
        ("Mon 06-01 11:00", "Mon 06-01 12:00", "resolved"),
        ("Mon 06-01 13:00", "Mon 06-01 14:00", "resolved"),
    ]
    assert len(cycle.undone) == 4


def test_a_stop_before_any_start_stops_nothing() -> None:
    """A ticket resolved before it was escalated."""
    rule = clock("from: escalated", "until: resolved", "within: 2h")
    assert told(rule, OPENED, SOLVED) == []
    assert told(rule, OPENED, SOLVED, "escalated Mon 06-01 12:00") == [(1, "Mon 06-01 12:00", None, None)]


def test_every_start_after_a_stop_is_a_cycle_of_its_own() -> None:
    """All are kept."""
    rule = clock("from: customer_replied", "until: answered", "within: 2h")
    events = [
        f"{verb} Mon 06-01 {hour}:00"
        for hour, verb in enumerate(["customer_replied", "replied"] * 3, start=10)
    ]
    assert [row[0] for row in told(rule, OPENED, *events)] == [1, 2, 3]


def test_rounds_are_ended_and_begun_by_updates() -> None:
    """Until they are over; cancelled, the round ends too."""
    rule = cadence("from: opened", "again: answered", "until: resolved", "each: 1h", of="ticket")
    assert told(rule, OPENED, "replied Mon 06-01 10:30", SOLVED, "replied Mon 06-01 11:30") == [
        (1, "Mon 06-01 10:00", "Mon 06-01 10:30", "stopped"),
        (2, "Mon 06-01 10:30", "Mon 06-01 11:00", "over"),
    ]
    assert told(rule, OPENED, "cancelled Mon 06-01 10:30")[0][3] == "cancelled"
