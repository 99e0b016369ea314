"""Examples of allowances and of recurring duties: one ticket too many, and the last day of a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from upheld.book.worked.attributes import Given, needed, readable, satisfying
from upheld.book.worked.stage import Stage
from upheld.core.terms.agreement import ObligationRule, QuotaRule
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import DAY, HOUR, Instant
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome, Verdict
from upheld.core.worked import WorkedObligation, WorkedQuota, WorkedTicket

_MOST_COUNTED = 60
"""An allowance of more than this in one period has no example ticket by ticket."""


def quota_examples(stage: Stage, rule: QuotaRule) -> Iterator[WorkedQuota]:
    """So many tickets as are allowed and one more, one an open day, in the month of the stage."""
    stage = stage.of_subjects
    given = satisfying(rule.where, stage.terms, rule.of)
    if given is None or rule.allow > _MOST_COUNTED:
        return
    opened = _mornings(stage, rule.allow + 1)
    facts = tuple(
        stage.opening(rule.of, f"{rule.name} {n}", at, given) for n, at in enumerate(opened, start=1)
    )
    period = rule.period.period_at(stage.month.start_at)
    if facts[-1].at >= period.end_at:
        return
    at = facts[-1].at
    outcomes = stage.evaluate(facts, at).outcomes
    outcome = outcomes.get(CellKey(stage.contract.id, rule.name, period.label))
    if outcome is None:
        return
    (verdict,) = outcome.verdicts
    beyond = {reason.rpartition(" ")[0] for reason in verdict.reasons}
    tickets = tuple(
        WorkedTicket(
            fact.subject, fact.at, fact.subject not in beyond, _clocks(stage, fact.subject, outcomes)
        )
        for fact in facts[-2:]
    )
    told = readable(given, needed(stage.terms, rule.of, given, partial(_is_counted, stage, rule)))
    yield WorkedQuota(rule.name, period, facts, tickets, verdict, told)


def _is_counted(stage: Stage, rule: QuotaRule, given: Given) -> bool:
    """Whether a ticket with some attributes counts towards an allowance."""
    at = stage.morning_of(stage.month.start_at)
    found = stage.evaluate((stage.opening(rule.of, "example", at, given),), at).outcomes
    outcome = found.get(CellKey(stage.contract.id, rule.name, rule.period.period_at(at).label))
    return outcome is not None and any(verdict.count or verdict.reasons for verdict in outcome.verdicts)


def _clocks(stage: Stage, subject: str, outcomes: Mapping[CellKey, Outcome]) -> tuple[Verdict, ...]:
    """The clocks with a number that run on a ticket."""
    keys = [CellKey(stage.contract.id, rule.name, subject) for rule in stage.terms.clocks]
    found = [verdict for key in keys if key in outcomes for verdict in outcomes[key].verdicts]
    return tuple(verdict for verdict in found if verdict.due_at is not None)


def _mornings(stage: Stage, count: int) -> list[Instant]:
    """An hour after the opening of one open day after the other, on the first calendar that closes."""
    calendar = _closing(stage)
    found: list[Instant] = []
    at = stage.month.start_at
    while len(found) < count:
        if calendar is None:
            found.append(stage.morning_of(at))
            at += DAY
            continue
        opening_at = calendar.next_opening(at)
        found.append(opening_at + HOUR)
        at = max(
            calendar.next_closing(opening_at), stage.zone.day_start(stage.zone.date_at(opening_at + DAY))
        )
    return found


def _closing(stage: Stage) -> Calendar | None:
    names = [rule.hours or rule.on for rule in stage.terms.clocks if rule.of == "ticket"]
    for name in names:
        if isinstance(name, str) and len(stage.terms.calendars[name].spans) > 1:
            return stage.terms.calendars[name]
    return None


def obligation_examples(stage: Stage, rule: ObligationRule) -> Iterator[WorkedObligation]:
    """The duty in the period of the stage's month, with nothing done yet."""
    stage = stage.on(replace(stage.terms, commits=(), remedies=(), clocks=(), quotas=()))
    period = rule.period.period_at(stage.month.start_at)
    outcome = stage.evaluate((), stage.month.start_at).outcomes.get(
        CellKey(stage.contract.id, rule.name, period.label)
    )
    for verdict in outcome.verdicts if outcome else ():
        yield WorkedObligation(rule.name, verdict)
