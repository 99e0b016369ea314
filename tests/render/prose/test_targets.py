"""What clocks allow, in plain words: tables of times by what they depend on."""

from __future__ import annotations

from tests.render.prose.reading import read, terms
from upheld.render.prose.clocks import clocks_section

ROWS = (
    "scale: {priority: {of: ticket, values: {P1: all stands still, P2: everything else}}}\n"
    "attribute: {kind: {of: ticket, type: text, values: [incident, question]}}\n"
    "calendar: {support: {zone: UTC, open: Mon-Fri 09:00-17:00, holidays: none}}\n"
)


def told(answer: str) -> tuple[str, ...]:
    """What is said of one deadline."""
    return read(
        clocks_section, terms(f"{ROWS}deadline: {{answer: {{from: opened, until: answered, {answer}}}}}\n")
    )


def test_times_that_are_goals_alone_have_no_limit() -> None:
    """Nothing is guaranteed, and nothing of it can be late, whatever the goals depend on."""
    found = told("within: {P1: {goal: 2h}, P2: {goal: 3h}}")
    assert any(one.endswith("There is no limit.") for one in found)
    assert not any("guarantee" in one or "late" in one for one in found)
    assert "P1 | no limit; it is recorded | 2 hours" in found
    assert any("Northwind guarantees" in one for one in told("within: {P1: {goal: 2h}, P2: 3h}"))


def test_a_decision_within_a_decision_has_no_row_for_what_cannot_be() -> None:
    """All values are named, deep down too: there is no other one. What is not named goes by its values."""
    found = told("within: {incident: {P1: 1h, P2: 2h}, question: 3h}")
    assert found[found.index("Case | Within") + 1 :] == (
        "the kind of ticket is “incident” and the priority is P1 | 1 hour",
        "the kind of ticket is “incident” and the priority is P2 | 2 hours",
        "the kind of ticket is “question” | 3 hours",
    )
    assert "the kind of ticket is “incident” and the priority is P2 | no time is promised" in told(
        "within: {incident: {P1: 1h}, question: 3h}"
    )


def test_hours_that_depend_on_more_than_the_times_have_a_table_of_their_own() -> None:
    """None of their decisions is left out."""
    found = told("within: {P1: 1h, P2: 2h}, on: {P1: {incident: always, question: support}, P2: support}")
    assert found[found.index("Which hours count") + 2 :] == (
        "the priority is P1 and the kind of ticket is “incident” | around the clock",
        "the priority is P1 and the kind of ticket is “question” | “support”",
        "the priority is P2 | “support”",
    )


def test_what_changes_meanwhile_is_the_time_and_not_the_ticket() -> None:
    """Where it matters who made the change, both sentences say of what they speak."""
    said = " ".join(
        told("on: always, within: {P1: 1h, P2: 4h}, change: {by customer: restart, by provider: keep start}")
    )
    assert (
        "If the time allowed changes meanwhile because of you, the new time counts from the change." in said
    )
    assert (
        "If the time allowed changes meanwhile because of Northwind, the new time counts from the start."
        in said
    )
