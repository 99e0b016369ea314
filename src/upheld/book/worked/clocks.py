"""Examples of deadlines and cadences counted from an event: over a closing, a holiday, a wait, a change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from upheld.book.worked.attributes import (
    Given,
    cases,
    data_for,
    deciding,
    needed,
    readable,
    satisfying,
    supporting,
)
from upheld.book.worked.moments import closing_for_long, first_holiday, holidays_between, shortly_before
from upheld.book.worked.stage import Stage, to_the_minute
from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_types import OPENING
from upheld.core.terms.agreement import Branch, ClockRule, EventMatch, Target
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, Instant
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome, Verdict
from upheld.core.worked import ClockCase, Party, WorkedClock

SUBJECT: Final = "example"
_LEAD = 21 * DAY
_CLASSIFIED: Final = {"ticket": "ticket.classified", "incident": "incident.classified"}


@dataclass(frozen=True, slots=True)
class Played:
    """A clock started on a made-up subject, and what the engine says before it stops."""

    given: Given
    facts: tuple[Fact, ...]
    verdict: Verdict
    last_at: Instant | None

    @property
    def start_at(self) -> Instant:
        """When the clock started."""
        assert self.verdict.anchor_at is not None, "it has a target"
        return self.verdict.anchor_at


def clock_examples(stage: Stage, rule: ClockRule, start_at: Instant | None = None) -> Iterator[WorkedClock]:
    """An example for each row of the targets; for one row of each calendar also over its first holiday.

    One with a wait if the clock pauses, and one with a change of what decides the row. `start_at`: an instant
    to start at, instead of one late before a closing.
    """
    stage = stage.of_subjects
    rows = [_at_closing(stage, rule, row, start_at) for row in _rows(stage, rule)]
    seen: set[str] = set()
    for row in rows:
        yield _worked(stage, rule, "closing", row)
        calendar = _shown(stage, rule, row)
        if calendar.name not in seen and start_at is None:
            seen.add(calendar.name)
            yield from _over_holiday(stage, rule, row, calendar)
    if rows and rule.pauses:
        yield from _with_wait(stage, rule, rows[0])
    yield from _with_change(stage, rule, rows)


def _rows(stage: Stage, rule: ClockRule) -> Iterator[Played]:
    """One subject for each row that has a number, the order of the page."""
    told: set[tuple[object, ...]] = set()
    for chosen in cases(rule, stage.terms):
        for more in supporting(rule, stage.terms, chosen):
            played = play(stage, rule, {**more, **chosen}, stage.friday_at)
            if played is None:
                continue
            row = (played.verdict.target, played.verdict.calendar, *_outer(rule, chosen))
            if row not in told:
                told.add(row)
                yield played
            break


def _outer(rule: ClockRule, chosen: Given) -> tuple[object, ...]:
    """What tells rows apart beside their targets: two values with one target are one row of `other`."""
    tree = rule.within
    if isinstance(tree, Branch):
        value = chosen.get(tree.attribute)
        return (value,) if value in tree.rows else ("other",)
    return ()


def play(stage: Stage, rule: ClockRule, given: Given, at: Instant, subject: str = SUBJECT) -> Played | None:
    """A subject on which the clock starts at an instant; None if the clock promises nothing there."""
    facts = started(stage, rule, given, at, subject)
    asked_at = max(fact.at for fact in facts)
    verdict, last_at = judged(stage, rule, facts, asked_at, subject)
    if verdict is None or not _is_promised(verdict.target):
        return None
    return Played(given, facts, verdict, last_at)


def _is_promised(target: Target | None) -> bool:
    return target is not None and (target.limit is not None or target.goal is not None)


def judged(
    stage: Stage, rule: ClockRule, facts: tuple[Fact, ...], at: Instant, subject: str = SUBJECT
) -> tuple[Verdict | None, Instant | None]:
    """The last verdict of a clock on the subject, and the last instant in time if it is still open."""
    outcome = stage.evaluate(facts, at).outcomes.get(
        CellKey(stage.contract.id, rule.name, subject), Outcome(())
    )
    last_at = next((wake.at - 1 for wake in outcome.wakes if wake.what == "limit"), None)
    return (outcome.verdicts[-1] if outcome.verdicts else None), last_at


def started(stage: Stage, rule: ClockRule, given: Given, at: Instant, subject: str) -> tuple[Fact, ...]:
    """The facts that start a clock at an instant: the opening itself, or an opening and then the event."""
    opening = OPENING[rule.of]
    match = next((one for one in rule.starts if opening in one.types), None)
    if match is not None:
        more = data_for(match, stage.terms, opening)
        return (stage.opening(rule.of, subject, at, {**more, **_of_work(rule, given, at)}),)
    told = [*rule.after[:1], *rule.starts[:1]]
    events = [_event(stage, one, subject, at - n * MINUTE) for n, one in enumerate(reversed(told))]
    if any(opening in one.types for one in rule.stops):
        opened = stage.opening(rule.of, subject, at + MINUTE, _of_work(rule, given, at + DAY))
    else:
        lead = _LEAD if rule.of == "maintenance" else HOUR
        opened = stage.opening(rule.of, subject, at - lead, _of_work(rule, given, at))
    return (*sorted([opened, *events], key=lambda fact: fact.at),)


def _of_work(rule: ClockRule, given: Given, starts_at: Instant) -> Given:
    """The attributes; of work also when it begins and ends."""
    if rule.of != "maintenance":
        return given
    return {"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR, **given}


def _event(stage: Stage, match: EventMatch, subject: str, at: Instant) -> Fact:
    type_ = sorted(match.types)[0]
    return stage.tell(type_, subject, at, data_for(match, stage.terms, type_))


# -- moments -----------------------------------------------------------------------------------------------


def _shown(stage: Stage, rule: ClockRule, row: Played) -> Calendar:
    """The calendar whose closing shows how time is counted: that of the hours, if the rule has some."""
    return stage.terms.calendars[rule.hours or row.verdict.calendar]


def _budget(stage: Stage, row: Played) -> int | None:
    target = row.verdict.target
    amount = None if target is None else target.limit or target.goal
    return None if amount is None else stage.terms.calendars[row.verdict.calendar].axis_us(amount)


def _at_closing(stage: Stage, rule: ClockRule, row: Played, start_at: Instant | None) -> Played:
    """The row started late before a long closing of the month; on a calendar that never closes, as it was."""
    if start_at is not None:
        return play(stage, rule, row.given, start_at) or row
    calendar = _shown(stage, rule, row)
    closing_at = closing_for_long(calendar, stage.month.start_at)
    if closing_at is None:
        return row
    return play(stage, rule, row.given, shortly_before(calendar, closing_at, _budget(stage, row))) or row


def _over_holiday(stage: Stage, rule: ClockRule, row: Played, calendar: Calendar) -> Iterator[WorkedClock]:
    year = stage.zone.date_at(stage.month.start_at).year
    lost_at = first_holiday(calendar, year)
    if lost_at is None:
        return
    closing_at = calendar.previous_closing(lost_at)
    played = play(stage, rule, row.given, shortly_before(calendar, closing_at, _budget(stage, row)))
    if played is not None and _ends(played) > lost_at:
        yield _worked(stage, rule, "holiday", played)


def _with_wait(stage: Stage, rule: ClockRule, row: Played) -> Iterator[WorkedClock]:
    """A wait from the middle of the budget (at most an hour in) to the same time of the next open day."""
    pause = rule.pauses[0]
    calendar = stage.terms.calendars[row.verdict.calendar]
    played = play(stage, rule, row.given, _mid_morning(stage, calendar))
    if played is None:
        return
    budget_us = _budget(stage, played)
    from_at = played.start_at + min(HOUR, to_the_minute((budget_us or 2 * HOUR) // 2))
    until_at = calendar.next_opening(from_at + DAY)
    wait = (_event(stage, pause.starts[0], SUBJECT, from_at), _event(stage, pause.ends[0], SUBJECT, until_at))
    facts = (*played.facts, *wait)
    verdict, last_at = judged(stage, rule, facts, until_at)
    if verdict is None or not verdict.pauses or not _is_promised(verdict.target):
        return
    waited = Played(row.given, facts, verdict, last_at)
    yield _worked(stage, rule, "wait", waited, _ends(played))


def _with_change(stage: Stage, rule: ClockRule, rows: list[Played]) -> Iterator[WorkedClock]:
    """The least urgent row made the most urgent one an hour after its start.

    By each party, where the agreement treats the two differently; one of them, if nobody else could tell.
    """
    type_ = _CLASSIFIED.get(rule.of)
    name = next(iter(deciding(rule, stage.terms)), "")
    rows = [row for row in rows if row.verdict.due_at is not None]
    if type_ is None or len(rows) < 2 or rows[0].given.get(name) == rows[-1].given.get(name):
        return
    if not any((scale.of, scale.name) == (rule.of, name) for scale in stage.terms.scales):
        return
    first, last = rows[0].given, rows[-1].given
    calendar = stage.terms.calendars[rows[-1].verdict.calendar]
    played = play(stage, rule, last, _mid_morning(stage, calendar))
    if played is None:
        return
    after_us = min(HOUR, to_the_minute((_budget(stage, rows[0]) or HOUR) // 2))
    changed_at = played.start_at + after_us
    is_same = rule.change_by_customer == rule.change_by_provider
    parties: tuple[Party, ...] = ("provider",) if is_same else ("customer", "provider")
    for by in parties:
        fact = stage.tell(type_, SUBJECT, changed_at, {name: first[name], "by": by})
        facts = (*played.facts, fact)
        verdict, last_at = judged(stage, rule, facts, changed_at)
        if verdict is not None and _is_promised(verdict.target):
            changed = Played({**last, name: first[name]}, facts, verdict, last_at)
            named = "" if is_same else by
            yield _worked(stage, rule, "change", changed, _ends(played), named)


def _mid_morning(stage: Stage, calendar: Calendar) -> Instant:
    """Ten o'clock on an open day of the second week; an hour after the opening where it is closed then."""
    at = stage.morning_of(calendar.next_opening(stage.month.start_at + 8 * DAY))
    return at if calendar.is_open(at) else calendar.next_opening(at) + HOUR


def _ends(played: Played) -> Instant:
    """The instant that a row comes to: its limit, or its goal where there is no limit."""
    verdict = played.verdict
    found = verdict.due_at if verdict.due_at is not None else verdict.goal_at
    assert found is not None, "a target has a number"
    return found


def _worked(
    stage: Stage, rule: ClockRule, case: ClockCase, played: Played, before_at: Instant | None = None,
    changed_by: Party = "",
) -> WorkedClock:  # fmt: skip
    worked = WorkedClock(
        rule.name,
        case,
        played.facts,
        played.verdict,
        readable(played.given, _told(stage, rule, played.given)),
        before_at,
        played.last_at,
        changed_by=changed_by,
    )
    # An instant that waits for the hours of the rule waits over their holidays too.
    return replace(
        worked, closed=holidays_between(_shown(stage, rule, played), played.start_at, worked.ends_at)
    )


def _told(stage: Stage, rule: ClockRule, given: Given) -> tuple[str, ...]:
    """What is said of the subject: what decides its row, then what it cannot do without; of work its kind."""
    asked = needed(
        stage.terms, rule.of, given, lambda other: play(stage, rule, other, stage.friday_at) is not None
    )
    kind = ("kind",) if rule.of == "maintenance" else ()
    return tuple(dict.fromkeys([*deciding(rule, stage.terms), *kind, *asked]))


def first_given(stage: Stage, rule: ClockRule) -> Given | None:
    """Attributes under which a clock by an instant applies."""
    return satisfying(rule.where, stage.terms, rule.of)
