"""A backtest as a record for programs."""

from __future__ import annotations

from upheld.core.forecasting.promise import KEPT, PromisedLevel
from upheld.core.terms.indicator import CommitRule
from upheld.core.verdicts.credit import Credit, OwedSum
from upheld.core.verdicts.verdict import Verdict
from upheld.render import figures
from upheld.render.backtest import (
    Change,
    Compared,
    CreditChange,
    OneSide,
    Target,
    held_to,
)
from upheld.render.figure_records import exact, level_record
from upheld.render.naming import clauses
from upheld.render.record_values import Record, instant, seconds


def backtest_record(found: Compared) -> Record:
    """The whole of a backtest."""
    return {
        "at": instant(found.at),
        "before": list(found.before),
        "after": list(found.after),
        "same": found.same,
        "flips": [_change_record(one) for one in found.changes],
        "moves": [_change_record(one) for one in found.moves],
        "counts": [
            {"kind": kind, "before": was, "after": now, "verdicts": number}
            for kind, was, now, number in found.counts
        ],
        "only_before": [_one_sided_record(one) for one in found.only_before],
        "only_after": [_one_sided_record(one) for one in found.only_after],
        "amounts": [_credit_change_record(one) for one in found.credits],
        "owed": [_sum_record(one) for one in found.sums],
        "levels": [_level_promise_record(one) for one in found.levels],
        "targets": [_target_promise_record(one) for one in found.targets],
    }


def _change_record(one: Change) -> Record:
    return {
        "contract": one.after.key.contract,
        "commitment": one.after.key.commitment,
        "subject": one.after.key.subject,
        "cycle": one.after.cycle,
        "kind": one.after.kind,
        "clause": clauses(one.terms.rule(one.after.key.commitment).cited) or None,
        "before": _verdict_side(one.number_before, one.before),
        "after": _verdict_side(one.number_after, one.after),
    }


def _verdict_side(number: int, verdict: Verdict) -> Record:
    found = verdict.measurement
    value = None if found is None else (found.final if found.is_settled else found.to_date).value
    unit: figures.ValueUnit = (
        "duration" if verdict.level is not None and verdict.level.unit == "duration" else "ratio"
    )
    return {
        "number": number,
        "state": verdict.state,
        "held_to": held_to(verdict),
        "due_at": instant(verdict.due_at),
        "goal_at": instant(verdict.goal_at),
        "value": exact(value, verdict.level, unit),
    }


def _one_sided_record(one: OneSide) -> Record:
    return {
        "contract": one.contract,
        "commitment": one.commitment,
        "kind": one.kind,
        "verdicts": one.verdicts,
        "whole": one.is_whole,
    }


def _credit_change_record(one: CreditChange) -> Record:
    return {
        "contract": one.key.contract,
        "remedy": one.key.commitment,
        "subject": one.key.subject,
        "before": _credit_side(one.before),
        "after": _credit_side(one.after),
    }


def _credit_side(credit: Credit | None) -> Record | None:
    if credit is None:
        return None
    return {
        "state": credit.state,
        "unit": credit.unit,
        "currency": credit.currency or None,
        "amount": None if credit.amount is None else f"{credit.amount:f}",
        "exact": exact(credit.exact),
    }


def _sum_record(one: OwedSum) -> Record:
    return {
        "currency": one.currency or None,
        "before": f"{one.before:f}",
        "after": f"{one.after:f}",
        "difference": f"{one.after - one.before:f}",
        "exact_difference": exact(one.exact_after - one.exact_before),
        "undecided_before": one.undecided_before,
        "undecided_after": one.undecided_after,
    }


def _level_promise_record(one: PromisedLevel) -> Record:
    rule = one.terms.rule(one.key.commitment)
    assert isinstance(rule, CommitRule)
    promise = one.promise
    return {
        "contract": one.key.contract,
        "commitment": one.key.commitment,
        "component": one.key.subject.partition("/")[2] or None,
        "level": level_record(rule.level),
        "kept": exact(KEPT),
        "exact": exact(promise.exact, rule.level),
        "printed": exact(promise.printed),
        "periods": promise.periods,
        "period_days": promise.period_days,
        "past_days": promise.past_days,
        "block_days": promise.block_days,
        "seed": promise.seed,
        "reason": promise.reason or None,
    }


def _target_promise_record(one: Target) -> Record:
    return {
        "agreement": one.agreement,
        "commitment": one.commitment,
        "target": one.target,
        "calendar": one.calendar,
        "kept": exact(KEPT),
        "exact_s": seconds(one.promise.exact_us),
        "printed_s": seconds(one.promise.printed_us),
        "cycles": one.promise.cycles,
        "unended": one.promise.unended,
    }
