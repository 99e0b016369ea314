"""Readings as values of a record: what the agreement leaves open, and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterable

from upheld.core.readings.dependence import Alternative, Dependence, figures
from upheld.core.stating.canonical import Json, Record
from upheld.core.stating.verdict_entries import exact
from upheld.core.terms.agreement import Assumption
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict


def assumption_entry(one: Assumption) -> Record:
    """A reading with its options, as the agreement has it."""
    return {
        "name": one.name,
        "ref": one.ref,
        "issue": one.issue,
        "options": list(one.options),
        "take": one.take,
        "because": one.because,
        "clauses": list(one.cited.clauses),
    }


def dependence_entry(one: Dependence[Verdict] | Dependence[Credit], is_credit: bool) -> Record:
    """What a verdict or a credit would be under other readings, and the span of all of that."""
    return {
        "of": "credit" if is_credit else "verdict",
        "commitment": one.key.commitment,
        "subject": one.key.subject,
        "cycle": one.cycle,
        "depends": one.is_decided_by_readings,
        "taken": _result(one.result),
        "alternatives": [_alternative(other) for other in one.alternatives],
        "states": list(one.states),
        "low": exact(one.low),
        "high": exact(one.high),
        "explored": "every combination" if one.is_whole else "one at a time and in pairs",
    }


def _alternative(one: Alternative[Verdict] | Alternative[Credit]) -> Record:
    takings: Iterable[Json] = [{"reading": t.reading.name, "option": t.option} for t in one.takings]
    return {"takings": list(takings), "decides": one.is_decisive, **_result(one.result)}


def _result(result: Verdict | Credit | None) -> Record:
    told = figures(result)
    entry: Record = {
        "state": "not promised" if result is None else result.state,
        "value": exact(told.value),
        "low": exact(told.low),
        "high": exact(told.high),
        "due_at": told.due_at,
        "amount": None,
        "currency": None,
    }
    if isinstance(result, Credit):
        entry["amount"] = None if result.amount is None else f"{result.amount:f}"
        entry["currency"] = result.currency
    return entry
