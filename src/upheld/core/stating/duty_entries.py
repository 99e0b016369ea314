"""Duties as values of a record: what was done, reported, announced, named and used, and what is owed."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.duties import (
    Act,
    ChangeNotice,
    ContactDuty,
    CovenantDuty,
    Duties,
    ObligationDuty,
    QuotaDuty,
    ReminderDuty,
    ReportDuty,
    Termination,
)
from upheld.core.stating.canonical import Record
from upheld.core.stating.verdict_entries import amount_entry, citation, refs_of
from upheld.core.terms.remedy import RemedyRule
from upheld.core.values.key import FactRef


def duty_entries(duties: Duties, remedies: tuple[RemedyRule, ...]) -> Record:
    """Every section of the duties by its name; instants in microseconds, days as texts."""
    by_name = {one.name: one for one in remedies}
    return {
        "obligations": [obligation_entry(one) for one in duties.obligations],
        "reports": [report_entry(one) for one in duties.reports],
        "notices": [notice_entry(one) for one in duties.notices],
        "covenants": [covenant_entry(one) for one in duties.covenants],
        "reminders": [reminder_entry(one) for one in duties.reminders],
        "quotas": [quota_entry(one) for one in duties.quotas],
        "contacts": None if duties.contacts is None else contacts_entry(duties.contacts),
        "terminations": [
            termination_entry(one, by_name[one.right.key.commitment]) for one in duties.terminations
        ],
    }


def facts_of_duties(duties: Duties) -> Iterator[FactRef]:
    """The facts behind what the entries say, but for those behind verdicts."""
    for obligation in duties.obligations:
        yield from (act.ref for act in obligation.done)
        for more in obligation.once_more:
            yield more.ref
            if more.done is not None:
                yield more.done.ref
    yield from (one.given.ref for one in duties.reports if one.given is not None)
    yield from (ref for one in duties.notices for ref in one.facts)
    yield from (ref for one in duties.covenants for entry in one.entries for ref in entry.reported.refs)
    yield from (one.done.ref for one in duties.reminders if one.done is not None)
    yield from (ref for one in duties.quotas for ref in one.verdict.facts)
    yield from (ref for one in duties.terminations for ref in one.right.facts)


def _act(act: Act | None) -> Record | None:
    return None if act is None else {"at": act.at, "by": act.actor, "facts": refs_of([act.ref])}


def obligation_entry(one: ObligationDuty) -> Record:
    """A recurring duty in one of its periods: how often of how often, by whom, until when the rest is due."""
    return {
        "obligation": one.rule.name,
        "subject": one.verdict.key.subject,
        "state": one.verdict.state,
        "times": one.rule.times,
        "due_at": one.verdict.due_at,
        "done": [_act(act) for act in one.done],
        "once_more": [
            {"owed_at": more.owed_at, "reason": more.reason, "done": _act(more.done)}
            for more in one.once_more
        ],
        **citation(one.rule.cited),
    }


def report_entry(one: ReportDuty) -> Record:
    """A report on an incident: owed since when, due until when (None: no limit is promised), given when."""
    return {
        "duty": one.rule.name,
        "incident": one.incident,
        "severity": one.severity,
        "state": one.state,
        "owed_at": one.owed_at,
        "due_at": one.due_at,
        "given": _act(one.given),
        **citation(one.rule.cited),
    }


def notice_entry(one: ChangeNotice) -> Record:
    """A version that was announced, from when it can hold, and whether the notice was in time."""
    return {
        "version": one.version,
        "told_at": one.told_at,
        "published_at": one.published_at,
        "from_at": one.from_at,
        "is_in_time": one.is_in_time,
        "facts": refs_of(one.facts),
    }


def covenant_entry(one: CovenantDuty) -> Record:
    """A covenant with its register; credentials stand in it by name, never by what they are."""
    return {
        "covenant": one.rule.name,
        "what": one.rule.what,
        "months": [{"period": verdict.key.subject, "state": verdict.state} for _, verdict in one.months],
        "register": [
            {
                "report": entry.reported.id,
                "state": None if entry.verdict is None else entry.verdict.state,
                "told_at": entry.reported.told_at,
                "happened_at": entry.reported.happened_at if entry.reported.is_dated else None,
                "learned_at": entry.reported.learned_at,
                "by": entry.reported.by,
                "party": entry.reported.party,
                "credential": entry.reported.credential,
                "missing": [*entry.reported.missing],
                "facts": refs_of(entry.reported.refs),
            }
            for entry in one.entries
        ],
        **citation(one.rule.cited),
    }


def reminder_entry(one: ReminderDuty) -> Record:
    """Something announced without a promise."""
    until_on = one.rule.until_on
    return {
        "reminder": one.rule.name,
        "what": one.rule.what,
        "from_on": one.rule.from_on.isoformat(),
        "until_on": None if until_on is None else until_on.isoformat(),
        "state": one.state,
        "done": _act(one.done),
        **citation(one.rule.cited),
    }


def quota_entry(one: QuotaDuty) -> Record:
    """How much of an allowance was used, and what was decided on each subject that it counted."""
    return {
        "quota": one.rule.name,
        "subject": one.verdict.key.subject,
        "used": one.verdict.count,
        "allowed": one.rule.allow,
        "beyond": one.rule.overflow,
        "counted": [
            {"subject": c.subject, "at": c.at, "decision": c.decision, "is_refunded": c.is_refunded}
            for c in one.counted
        ],
        **citation(one.rule.cited),
    }


def contacts_entry(one: ContactDuty) -> Record:
    """Who was named, of how many that may be (None: anybody may ask), and who asked without being named."""
    return {
        "limit": one.limit,
        "named": [
            {"contact": n.contact, "role": n.role, "from_at": n.from_at, "until_at": n.until_at}
            for n in one.named
        ],
        "others": [{"ticket": o.ticket, "at": o.at, "requester": o.requester} for o in one.others],
    }


def termination_entry(one: Termination, remedy: RemedyRule) -> Record:
    """A right to terminate: from when until when, with which notice, used when, and the end that follows."""
    right = one.right
    return {
        "remedy": right.key.commitment,
        "subject": right.key.subject,
        "commitment": right.commitment,
        "state": right.state,
        "from_at": right.from_at,
        "until_at": right.until_at,
        "notice": amount_entry(remedy.exercise.notice),
        "given_at": right.given_at,
        "ends_at": right.ends_at,
        "facts": refs_of(right.facts),
        **citation(remedy.cited),
    }
