"""Examples of deadlines whose instant the agreement computes: notices before work, claims and answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from upheld.book.worked.attributes import Given, readable
from upheld.book.worked.clocks import SUBJECT, first_given, judged
from upheld.book.worked.stage import Stage
from upheld.core.agreement import ClockRule, EventMatch
from upheld.core.expression import names_in
from upheld.core.fact import Fact
from upheld.core.instant import DAY, HOUR, MINUTE, Instant
from upheld.core.worked import WorkedClock

FILED: Final = "claim.filed"
_AHEAD = 60 * DAY
_NIGHT_S = 22 * 3600
_SATURDAY = 5


def act_examples(stage: Stage, rule: ClockRule) -> Iterator[WorkedClock]:
    """The act at the last instant, and what becomes of it a minute later. Nothing where none is due."""
    stage = stage.of_subjects
    given = first_given(stage, rule)
    if given is None or rule.due is None:
        return
    if rule.of == "maintenance":
        yield from _of_work(stage, rule, given)
    elif rule.of == "claim":
        yield from _of_claim(stage, rule, given)
    else:
        opened_at = stage.morning_of(stage.month.start_at + 9 * DAY)
        yield from _judged(
            stage, rule, given, (stage.opening(rule.of, SUBJECT, opened_at, given),), opened_at
        )


def _judged(
    stage: Stage, rule: ClockRule, given: Given, facts: tuple[Fact, ...], at: Instant
) -> Iterator[WorkedClock]:
    verdict, last_at = judged(stage, rule, facts, at)
    if verdict is not None and verdict.due_at is not None:
        yield WorkedClock(rule.name, "act", facts, verdict, readable(given, ["kind"]), last_at=last_at)


# -- work --------------------------------------------------------------------------------------------------


def _of_work(stage: Stage, rule: ClockRule, given: Given) -> Iterator[WorkedClock]:
    starts_at, ends_at = _window(stage)
    told: Given = {**given, "starts_at": starts_at, "ends_at": ends_at}

    def announced(at: Instant) -> tuple[Fact, ...]:
        return (stage.opening("maintenance", SUBJECT, at, told),)

    early, _ = judged(stage, rule, announced(starts_at - _AHEAD), starts_at - _AHEAD)
    if early is None or early.due_at is None:
        return
    due_at = early.due_at
    facts = announced(due_at)
    kept, _ = judged(stage, rule, facts, due_at)
    late, _ = judged(stage, rule, announced(due_at + MINUTE), due_at + MINUTE)
    if kept is not None and kept.due_at is not None:
        yield WorkedClock(
            rule.name, "act", facts, kept, readable(given, ["kind"]),
            late=late if late is not None and late.is_late else None, after_us=MINUTE,
        )  # fmt: skip


def _window(stage: Stage) -> tuple[Instant, Instant]:
    """Work in the second week of the month: in the agreement's own window, else on Saturday night."""
    for exclusion in stage.terms.exclusions:
        if exclusion.of == "maintenance" and exclusion.inside:
            calendar = stage.terms.calendars[exclusion.inside]
            starts_at = calendar.next_opening(stage.month.start_at + 7 * DAY)
            return starts_at, min(calendar.next_closing(starts_at), starts_at + DAY)
    second = stage.zone.date_at(stage.month.start_at) + timedelta(days=7)
    saturday = second + timedelta(days=(_SATURDAY - second.weekday()) % 7)
    starts_at = stage.zone.instant_at(saturday, _NIGHT_S)
    return starts_at, starts_at + 2 * HOUR


# -- claims ------------------------------------------------------------------------------------------------


def filing_of(stage: Stage) -> ClockRule | None:
    """The clock that says until when a claim is filed in time."""
    for rule in stage.terms.clocks:
        if rule.of == "claim" and rule.due is not None and _files(rule.stops):
            return rule
    return None


def _files(stops: tuple[EventMatch, ...]) -> bool:
    return any(FILED in match.types for match in stops)


def claim_given(stage: Stage, rule: ClockRule | None, about: str, issue_at: Instant) -> Given:
    """What a claim says: the period it is about, and when the issue was where the agreement asks for that."""
    asked = names_in(rule.due) if rule is not None and rule.due is not None else frozenset[str]()
    return {"about": about, **({"issue_at": issue_at} if "issue_at" in asked else {})}


def issue_at_of(stage: Stage) -> Instant:
    """When something went wrong: ten o'clock on the second Thursday of the month."""
    first = stage.zone.date_at(stage.month.start_at)
    thursday = first + timedelta(days=7 + (3 - first.weekday()) % 7)
    return stage.morning_of(stage.zone.day_start(thursday))


def filed_at_of(stage: Stage) -> Instant:
    """Ten o'clock of the last day on which a claim about the month is filed in time."""
    rule = filing_of(stage)
    after_at = stage.morning_of(stage.month.end_at + 9 * DAY)
    if rule is None:
        return after_at
    early_at = issue_at_of(stage) + MINUTE
    told = claim_given(stage, rule, stage.month.label, issue_at_of(stage))
    verdict, _ = judged(stage, rule, (stage.opening("claim", SUBJECT, early_at, told),), early_at)
    if verdict is None or verdict.due_at is None:
        return after_at
    return stage.morning_of(verdict.due_at - 1)


def _of_claim(stage: Stage, rule: ClockRule, given: Given) -> Iterator[WorkedClock]:
    filing = filing_of(stage)
    told = {**given, **claim_given(stage, rule, stage.month.label, issue_at_of(stage))}
    told = {**claim_given(stage, filing, stage.month.label, issue_at_of(stage)), **told}
    filed_at = filed_at_of(stage)
    facts = (stage.opening("claim", SUBJECT, filed_at, told),)
    if not _files(rule.stops):
        yield from _judged(stage, rule, {}, facts, filed_at)
        return
    kept, _ = judged(stage, rule, facts, filed_at)
    if kept is None or kept.due_at is None:
        return
    late_at = kept.due_at + MINUTE
    late, _ = judged(stage, rule, (stage.opening("claim", SUBJECT, late_at, told),), late_at)
    yield WorkedClock(
        rule.name,
        "act",
        facts,
        kept,
        late=late if late is not None and late.is_late else None,
        after_us=MINUTE,
    )
