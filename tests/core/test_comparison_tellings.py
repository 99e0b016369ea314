"""Two versions of who is told, and when: hearing of more is better, for whoever is promised it."""

from __future__ import annotations

import pytest

from tests.core.test_comparison_terms import changes
from tests.core.worlds import cadence, clock
from upheld.core.comparing.comparison import Order

CLOCKS = clock("from: opened", "until: answered", "on: desk", "within: 2h") + (
    "  other: {from: opened, until: resolved, on: desk, within: 8h}\n"
)
FIELDS = (
    "of: clock, where: priority = P1, at: [75 %, limit], tell: owner, audience: customer, how: urgent, "
    "hours: desk, channels of: news"
)
EVENT = "of: incident, upon: declared, repeat: once, tell: owner, audience: customer, where: severity = S1"
GIVEN = "entitlement: {news: {channels: [email]}, more: {channels: [email, sms]}}\n"


def row(fields: str) -> str:
    """An agreement with one row of stages."""
    return f"{CLOCKS}{GIVEN}escalate: {{told: {{{fields}}}}}\n"


def event(fields: str) -> str:
    """An agreement with one message about an event."""
    rows = cadence("from: declared", "again: informed", "until: resolved", "each: 30m")
    return f"{rows}notify: {{told: {{{fields}}}}}\n"


@pytest.mark.parametrize(
    ("before", "now", "what", "expected"),
    [
        ("of: clock", "of: [clock, other]", "of", "better"),
        ("of: clock", "of: other", "of", "incomparable"),
        ("where: priority = P1", "where: 'priority in [P1, P2]'", "where", "better"),
        ("[75 %, limit]", "[50 %, 75 %, limit]", "at", "better"),
        ("[75 %, limit]", "[90 %, limit]", "at", "incomparable"),
        ("tell: owner", "tell: [owner, billing]", "tell", "better"),
        ("audience: customer", "audience: provider, clause: '7'", "audience", "incomparable"),
        ("how: urgent", "how: page", "how", "better"),
        ("how: urgent", "how: planned", "how", "worse"),
        ("hours: desk", "hours: days", "hours", "incomparable"),
        ("hours: desk", "hours: desk, before closing: 1h", "before closing", "incomparable"),
        ("channels of: news", "channels of: more", "channels of", "incomparable"),
    ],
)
def test_every_field_of_a_stage_compares(before: str, now: str, what: str, expected: Order) -> None:
    """One field changes at a time."""
    assert before in FIELDS
    (part,) = changes(row(FIELDS), row(FIELDS.replace(before, now)))["told"].parts
    assert (part.what, part.order) == (what, expected)


@pytest.mark.parametrize(
    ("before", "now", "what", "expected"),
    [
        ("upon: declared", "upon: resolved", "upon", "incomparable"),
        ("repeat: once", "repeat: each time", "repeat", "better"),
        ("where: severity = S1", "how: urgent", "where", "better"),
        ("of: incident, upon: declared", "of: ticket, upon: opened", "of", "incomparable"),
    ],
)
def test_every_field_of_a_message_compares(before: str, now: str, what: str, expected: Order) -> None:
    """One field changes at a time; of another kind of subject everything is another thing."""
    assert before in EVENT
    fields = EVENT.replace("severity = S1", "kind = incident") if now.startswith("of: ticket") else EVENT
    was = fields.replace("where: kind = incident", "how: urgent")
    parts = changes(event(was), event(was.replace(before, now)))["told"].parts
    assert (parts[0].what, parts[0].order) == (what, expected)


def test_to_be_told_is_better_and_no_longer_is_worse() -> None:
    """A row that comes, and one that goes; an event is no stage."""
    assert changes(CLOCKS + GIVEN, row(FIELDS))["told"].order == "better"
    assert changes(row(FIELDS), CLOCKS + GIVEN)["told"].how == "removed"
    other = row(FIELDS).partition("escalate:")[0] + f"notify: {{told: {{{EVENT}}}}}\n"
    assert changes(row(FIELDS), other)["told"].order == "incomparable"


def test_what_the_provider_tells_its_own_people_is_shown_and_promised_to_nobody() -> None:
    """Neither better nor worse, unless a clause asks for it."""
    own = FIELDS.replace("audience: customer", "audience: provider")
    fewer = own.replace("[75 %, limit]", "limit")
    change = changes(row(own), row(fewer))["told"]
    assert (change.order, [part.order for part in change.parts]) == ("equal", ["equal"])
    cited = changes(row(f"{own}, clause: '7'"), row(f"{fewer}, clause: '7'"))["told"]
    assert cited.order == "worse"
    assert changes(CLOCKS + GIVEN, row(own))["told"].order == "equal"


def test_the_same_is_no_change() -> None:
    """Whatever remarks stand beside it."""
    assert changes(row(FIELDS), row(f"{FIELDS}, doc: a remark")) == {}
