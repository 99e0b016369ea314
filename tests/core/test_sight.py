"""What each part of a clock sees of the terms: where that is the same, the part is computed once."""

from __future__ import annotations

from collections.abc import Hashable
from copy import deepcopy
from typing import Any

import pytest

from upheld.core.clocks.clock import Clock, judge
from upheld.core.clocks.sight import Sight, sight_of
from upheld.core.clocks.subject import Subject, fold_subject
from upheld.core.facts.facts import FactLog
from upheld.core.terms.agreement import ClockRule, Terms
from upheld.core.terms.interning import Interning
from upheld.core.timeline.instant import HOUR
from upheld.core.values.frozen import replace
from upheld.core.values.once import Parts

from .worlds import DESK, at, bound, fact

PARTS = {
    "cycles": ("until: resolved", "reopening: ignore", "from: replied"),
    "pauses": ("pause: waiting where for = customer",),
    "targets": ("within: 3h", "on: always", "where: priority = P1"),
    "counted": ("change: restart",),
}
"""By part of a clock, lines that make it another one."""
FROM_THESE = {"targets": {"counted"}}
"""What is computed from a part, and is another one with it."""
QUOTA = "quota:\n  asked: {where: kind = incident, allow: 1, per: calendar month, overflow: refused}\n"
WRITTEN = {"from": "opened", "until": "answered", "within": "2h", "on": "desk"}


def clock(*lines: str) -> str:
    """An agreement with one clock; the lines take the place of those of the same key."""
    said = WRITTEN | dict(line.split(": ", 1) for line in lines)
    return DESK + "deadline: {clock: {" + ", ".join(f"{k}: {v}" for k, v in said.items()) + "}}\n"


class Seen:
    """Sights of clocks, with their numbers."""

    def __init__(self) -> None:
        self.interning = Interning()
        self.numbers: dict[Hashable, int] = {}

    def of(self, terms: Terms) -> tuple[ClockRule, Terms, Sight]:
        """The sight of the only clock, with what it is of."""
        interned = self.interning.terms(terms)
        rule = interned.clocks[0]
        return rule, interned, sight_of(rule, interned, self.number)

    def number(self, of: Hashable) -> int:
        """The same number for what is equal."""
        return self.numbers.setdefault(of, len(self.numbers))


def changed(one: Sight, other: Sight) -> set[str]:
    """The parts that are not the same."""
    return {name for name in PARTS if getattr(one, name) != getattr(other, name)}


@pytest.mark.parametrize(("part", "line"), [(part, line) for part in PARTS for line in PARTS[part]])
def test_a_line_changes_the_parts_that_rest_on_it(part: str, line: str) -> None:
    """A pause is no matter of cycles, a target none of pauses, what follows from a change none of targets."""
    seen = Seen()
    terms, otherwise = bound(clock()), bound(clock(line))
    one, other = seen.of(terms)[2], seen.of(replace(otherwise, calendars=terms.calendars))[2]
    assert changed(one, other) == {part} | FROM_THESE.get(part, set())


def test_what_is_said_twice_is_one_object() -> None:
    """Two compilations of a row have nothing in common but what they say."""
    seen = Seen()
    terms = bound(clock("pause: waiting where for = customer", "within: {P1: 2h, P2: 3h}"))
    again = replace(terms, clocks=deepcopy(terms.clocks))
    assert again.clocks[0].within is not terms.clocks[0].within
    assert seen.of(terms)[2] == seen.of(again)[2]


def test_a_calendar_is_seen_by_what_is_counted_alone() -> None:
    """That follows from it, and no part of a clock that comes before the counting."""
    seen, text = Seen(), clock("pause: waiting where for = customer")
    terms, longer = bound(text), bound(text.replace("09:00-17:00", "09:00-18:00"))
    desk = longer.calendars["desk"]
    assert desk.elapsed(at("Fri 06-05 00:00"), at("Sat 06-06 00:00")) == 9 * HOUR
    one = seen.of(terms)[2]
    other = seen.of(replace(terms, calendars={**terms.calendars, "desk": desk}))[2]
    assert one.clock != other.clock
    assert one.counted != other.counted
    assert other._replace(clock=one.clock, counted=one.counted) == one


def test_a_modality_is_no_matter_of_what_a_clock_sees() -> None:
    """The verdict is that of the guarantee, told more or less strongly."""
    seen, terms = Seen(), bound(clock())
    aim = replace(terms, clocks=(replace(terms.clocks[0], modality="objective"),))
    one, other = seen.of(terms)[2], seen.of(aim)[2]
    assert one.clock == other.clock is not None
    assert (one.modality, other.modality) == ("guarantee", "objective")


def test_a_clock_that_asks_what_a_quota_decides_is_not_told_by_what_it_sees() -> None:
    """Other readings may let the quota decide otherwise, of which the terms of the clock say nothing."""
    text = clock() + QUOTA
    sight = Seen().of(bound(text))[2]
    assert sight.clock is None


OTHERWISE = {
    "of": "incident",
    "stops": "until: resolved",
    "starts": "from: replied",
    "after": "until: resolved",
    "again": "until: resolved",
    "where": "where: priority = P1",
    "due": "where: priority = P1",
    "pauses": "pause: waiting where for = customer",
    "on": "on: always",
    "within": "within: 7h",
    "hours": "always",
}
"""Another value of a field of a clock, or a line whose clock has one (of `stops` or `where` for some)."""
UNSEEN = {"name", "modality", "doc", "cited"}
"""The key, what is put on at the end, and what is no matter of judging."""


@pytest.mark.parametrize("field", sorted(ClockRule.__dataclass_fields__.keys() - UNSEEN))
def test_every_field_of_a_clock_is_seen_by_a_part(field: str) -> None:
    """A field that is added must be put into a sight, or nobody computes anew what it changes."""
    seen = Seen()
    rule, terms, sight = seen.of(bound(clock()))
    value: Any = OTHERWISE.get(field, "restart")
    if isinstance(value, str) and ": " in value:
        source = bound(clock(value)).clocks[0]
        value = getattr(source, {"after": "stops", "again": "stops", "due": "where"}.get(field, field))
    assert value != getattr(rule, field)
    assert sight_of(replace(rule, **{field: value}), terms, seen.number) != sight


def ticket(terms: Terms) -> Subject:
    """Opened on a Friday, waiting for an hour, made urgent, answered on Monday."""
    facts = [
        fact("ticket.opened", "Fri 06-05 15:00", priority="P2"),
        fact("ticket.waiting_started", "Fri 06-05 15:30", **{"for": "customer"}),
        fact("ticket.waiting_ended", "Fri 06-05 16:30"),
        fact("ticket.classified", "Fri 06-05 16:40", priority="P1", by="customer"),
        fact("ticket.replied", "Mon 06-08 10:00"),
        fact("ticket.resolved", "Mon 06-08 15:00"),
    ]
    found = fold_subject("ticket", "T-1", FactLog(facts).effective(at("Tue 06-09 12:00")), terms)
    assert found is not None
    return found


def test_a_clock_made_of_remembered_parts_is_the_clock_judged_anew() -> None:
    """Under every combination of what may be written in four places, in one memory."""
    seen, parts = Seen(), Parts()
    now = at("Tue 06-09 12:00")
    subject = None
    outcomes = set()
    for until in ("answered", "resolved"):
        for pause in ("none", "waiting where for = customer"):
            for within in ("{P1: 1h, P2: 2h}", "{P1: 2h, P2: 30m}", "{P1: {goal: 1h, limit: 9h}, P2: 3h}"):
                for more in ("on: desk", "on: always", "change: restart", "modality: objective"):
                    text = clock(f"until: {until}", f"pause: {pause}", f"within: {within}", more)
                    rule, terms, sight = seen.of(bound(text))
                    subject = subject or ticket(terms)
                    found = Clock(rule, terms).judge(subject, now, None, parts, sight)
                    assert found == judge(rule, terms, subject, now), text
                    outcomes.add(tuple((one.state, one.due_at, one.modality) for one in found.verdicts))
    assert len(outcomes) > 12, "the combinations differ"
