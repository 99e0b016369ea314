"""Claims as values of a record: what was filed, whether it may be, what was decided beside what is owed."""

from __future__ import annotations

from decimal import Decimal

from upheld.core.claiming.claim import Check, Claim, Determination, Step
from upheld.core.claiming.claimable import Claimable
from upheld.core.stating.canonical import Record
from upheld.core.stating.verdict_entries import refs_of


def claim_entry(one: Claim) -> Record:
    """One claim with its conditions, steps and decisions; nothing of them overwrites what was computed."""
    return {
        "id": one.id,
        "about": one.about,
        "state": one.state,
        "filed_at": one.filed_at,
        "sent_at": one.sent_at,
        "received_at": one.received_at,
        "filed_by": one.filed_by,
        "channel": one.channel,
        "admissibility": one.admissibility,
        "checks": [_check(check) for check in one.checks],
        "steps": [_step(step) for step in one.steps],
        "currency": one.currency,
        "computed": _amount(one.computed),
        "granted": _amount(one.granted),
        "granted_at": one.granted_at,
        "decisions": [_decision(decision) for decision in one.decisions],
        "disputed_at": one.disputed_at,
        "withdrawn_at": one.withdrawn_at,
        "conflicts": [{"by": each.by, "attribution": each.attribution} for each in one.conflicts],
        "credits": [{"remedy": key.commitment, "subject": key.subject} for key in one.credits],
        "beside": one.beside,
        "facts": refs_of(one.refs),
    }


def claimable_entry(one: Claimable) -> Record:
    """What can still be claimed: the credit of a period, or an item that was late in it."""
    return {
        "remedy": one.credit.key.commitment,
        "subject": one.credit.key.subject,
        "about": one.about,
        "why": one.why,
        "until_at": one.until_at,
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _check(check: Check) -> Record:
    return {
        "of": check.of,
        "holds": check.holds,
        "reason": check.reason,
        "clauses": list(check.clauses),
    }


def _step(step: Step) -> Record:
    return {
        "deadline": step.deadline,
        "acts": list(step.acts),
        "state": step.state,
        "due_at": step.due_at,
        "done_at": step.done_at,
        "clauses": list(step.clauses),
    }


def _decision(one: Determination) -> Record:
    return {
        "at": one.at,
        "by": one.by,
        "outcome": one.outcome,
        "amount": _amount(one.amount),
        "currency": one.currency,
        "reason": one.reason,
        "objections": list(one.objections),
        "needs_second": one.needs_second,
        "second": one.second,
        "counts_at": one.counts_at,
        "fact": {"source": one.fact.source, "id": one.fact.id},
    }
