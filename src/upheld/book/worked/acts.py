"""Examples of deadlines whose instant the agreement computes: notices before work, claims and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from upheld.book.worked.attributes import Given, needed, readable
from upheld.book.worked.clocks import SUBJECT, first_given, judged
from upheld.book.worked.moments import holidays_between
from upheld.book.worked.stage import Stage
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ClockRule, EventMatch
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, Instant
from upheld.core.values.expression import calendars_in, names_in
from upheld.core.values.frozen import dataclass, replace
from upheld.core.verdicts.verdict import Verdict
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
        yield from _answered(stage, rule, given, opened_at)


def _answered(
    stage: Stage, rule: ClockRule, given: Given, at: Instant, more: Given | None = None
) -> Iterator[WorkedClock]:
    """What is due after an opening."""

    def opened(told: Given, _: Instant) -> tuple[Fact, ...]:
        return (stage.opening(rule.of, SUBJECT, at, {**told, **(more or {})}),)

    kept, last_at = judged(stage, rule, opened(given, at), at)
    if kept is not None and kept.due_at is not None:
        act = _Act(stage, rule, given, opened)
        yield act.worked(kept, at, at, last_at=last_at)


@dataclass(frozen=True, slots=True)
class _Act:
    """An act under a rule: the facts that are told if it is done at an instant, for attributes."""

    stage: Stage
    rule: ClockRule
    given: Given
    facts: Callable[[Given, Instant], tuple[Fact, ...]]

    def verdict(self, at: Instant) -> Verdict | None:
        """What the engine says at the instant of the act."""
        return judged(self.stage, self.rule, self.facts(self.given, at), at)[0]

    def with_late(self, due_at: Instant, from_at: Instant) -> Iterator[WorkedClock]:
        """The act at its last instant, counted from another, and what becomes of it a minute later."""
        kept, late = self.verdict(due_at), self.verdict(due_at + MINUTE)
        if kept is not None and kept.due_at is not None:
            late = late if late is not None and late.is_late else None
            yield replace(self.worked(kept, due_at, from_at), late=late, after_us=MINUTE)

    def worked(
        self, verdict: Verdict, at: Instant, from_at: Instant, last_at: Instant | None = None
    ) -> WorkedClock:
        """The example of a verdict, with the holidays from the instant that counts to its end."""
        assert verdict.due_at is not None, "an example of an act has its instant"
        assert self.rule.due is not None, "the rule computes an instant"
        start_at, end_at = sorted((from_at, verdict.due_at))
        closed = {
            day
            for name in calendars_in(self.rule.due)
            for day in holidays_between(self.stage.terms.calendars[name], start_at, end_at)
        }
        told = readable(self.given, self._told(at))
        facts = self.facts(self.given, at)
        return WorkedClock(
            self.rule.name, "act", facts, verdict, told, last_at=last_at, closed=tuple(sorted(closed))
        )

    def _told(self, at: Instant) -> Iterator[str]:
        """What is said of the subject: of work its kind, then what it cannot do without."""

        def applies(told: Given) -> bool:
            verdict, _ = judged(self.stage, self.rule, self.facts(told, at), at)
            return verdict is not None and verdict.due_at is not None

        if self.rule.of == "maintenance":
            yield "kind"
        for name in needed(self.stage.terms, self.rule.of, self.given, applies):
            if name != "kind":
                yield name


# -- work --------------------------------------------------------------------------------------------------


def _of_work(stage: Stage, rule: ClockRule, given: Given) -> Iterator[WorkedClock]:
    starts_at, ends_at = _window(stage)

    def announced(told: Given, at: Instant) -> tuple[Fact, ...]:
        planned = {"starts_at": starts_at, "ends_at": ends_at}
        return (stage.opening("maintenance", SUBJECT, at, {**told, **planned}),)

    act = _Act(stage, rule, given, announced)
    early = act.verdict(starts_at - _AHEAD)
    if early is not None and early.due_at is not None:
        yield from act.with_late(early.due_at, starts_at)


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
    """What a claim says: its period, what has to be said, and when the issue was if that counts."""
    asked = names_in(rule.due) if rule is not None and rule.due is not None else frozenset[str]()
    said: Given = {"about": about, **({"issue_at": issue_at} if "issue_at" in asked else {})}
    claiming = stage.terms.claim
    if claiming is not None:
        said |= {name: ("…",) if name == "evidence" else "…" for name in claiming.include if name != "period"}
        said |= {"channel": claiming.channels[0]} if claiming.channels else {}
    return said


def issue_at_of(stage: Stage) -> Instant:
    """When something went wrong: ten o'clock on the second Thursday of the month."""
    first = stage.zone.date_at(stage.month.start_at)
    thursday = first + timedelta(days=7 + (3 - first.weekday()) % 7)
    return stage.morning_of(stage.zone.day_start(thursday))


def filed_at_of(stage: Stage) -> Instant:
    """Ten o'clock of the last day on which a claim about the month is filed in time."""
    rule = filing_of(stage)
    after_at = stage.morning_of(stage.claimed.end_at + 9 * DAY)
    if rule is None:
        return after_at
    early_at = issue_at_of(stage) + MINUTE
    told = claim_given(stage, rule, stage.claimed.label, issue_at_of(stage))
    verdict, _ = judged(stage, rule, (stage.opening("claim", SUBJECT, early_at, told),), early_at)
    if verdict is None or verdict.due_at is None:
        return after_at
    return stage.morning_of(verdict.due_at - 1)


def _of_claim(stage: Stage, rule: ClockRule, given: Given) -> Iterator[WorkedClock]:
    issue_at, about = issue_at_of(stage), stage.claimed.label
    told = {
        **claim_given(stage, filing_of(stage), about, issue_at),
        **claim_given(stage, rule, about, issue_at),
    }
    filed_at = filed_at_of(stage)
    if not _files(rule.stops):
        yield from _answered(stage, rule, given, filed_at, told)
        return

    def filed(more: Given, at: Instant) -> tuple[Fact, ...]:
        return (stage.opening("claim", SUBJECT, at, {**more, **told}),)

    act = _Act(stage, rule, given, filed)
    kept = act.verdict(filed_at)
    if kept is not None and kept.due_at is not None:
        yield from act.with_late(kept.due_at, issue_at if "issue_at" in told else stage.claimed.end_at)
