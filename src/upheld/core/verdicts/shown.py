"""What of an outcome a reader is shown, so that two outcomes can be told apart by it."""

from __future__ import annotations

from collections.abc import Hashable

from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.measurement import Measurement
from upheld.core.verdicts.verdict import Outcome, Verdict


def shown(outcome: Outcome) -> Hashable:
    """The states, instants, figures, parts and amounts of an outcome, without reasons, methods and facts."""
    return tuple(map(_verdict, outcome.verdicts)), tuple(map(_credit, outcome.credits))


def _verdict(one: Verdict) -> Hashable:
    found = None if one.measurement is None else _measurement(one.measurement)
    pauses = tuple((pause.start_at, pause.end_at) for pause in one.pauses)
    return (
        one.key, one.cycle, one.state, one.modality, one.started_at, one.anchor_at, one.due_at, one.goal_at,
        one.stopped_at, one.late_after_at, one.budget_us, pauses, one.count, one.allowed, found,
    )  # fmt: skip


def _measurement(one: Measurement) -> Hashable:
    parts = tuple((part.name, part.amount, part.by) for part in one.parts)
    ends = one.period.start_at, one.period.end_at
    figures = one.total, one.bad, one.to_date, one.final, one.worst_final, one.is_settled
    return one.component, ends, parts, figures, tuple(map(_measurement, one.of))


def _credit(one: Credit) -> Hashable:
    return (
        one.key, one.state, one.unit, one.low, one.high, one.exact, one.amount, one.currency, one.base,
        one.instalments,
    )  # fmt: skip
