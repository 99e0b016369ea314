"""Verdicts and measurements as values of a record: whole numbers of microseconds, fractions as texts."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from upheld.core.clocks.counting import measured
from upheld.core.clocks.lane import lane_of
from upheld.core.stating.canonical import Json, Record
from upheld.core.terms.agreement import ClockRule, ObligationRule, QuotaRule, Rule, Target, Terms
from upheld.core.terms.duty import CovenantRule
from upheld.core.terms.indicator import CommitRule, Level
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.spans import Spans
from upheld.core.values.amount import Amount
from upheld.core.values.key import FactRef
from upheld.core.values.rule import Citation
from upheld.core.verdicts.measurement import Bounds, Measurement, Part
from upheld.core.verdicts.verdict import Verdict


def exact(number: Fraction | int | None) -> str | None:
    """A number in lowest terms: 433/500, or 1."""
    return None if number is None else str(Fraction(number))


def spans_of(spans: Spans) -> Json:
    """Stretches, each by its two ends."""
    return [[start_at, end_at] for start_at, end_at in spans]


def refs_of(facts: Iterable[FactRef]) -> Json:
    """Facts by their identities, each once."""
    return [{"source": ref.source, "id": ref.id} for ref in dict.fromkeys(facts)]


def citation(cited: Citation) -> Record:
    """The clauses of a rule and the names of the readings it rests on."""
    return {"clauses": list(cited.clauses), "readings": list(cited.readings)}


def amount_entry(amount: Amount | None) -> Record | None:
    """An amount of time: so much of a kind (`time` is in microseconds)."""
    return None if amount is None else {"kind": amount.kind, "count": exact(amount.count)}


def target_entry(target: Target | None) -> Record | None:
    """What a cycle was held to."""
    if target is None:
        return None
    return {"goal": amount_entry(target.goal), "limit": amount_entry(target.limit)}


def level_entry(level: Level | None) -> Record | None:
    """What was promised of a measured value: a ratio, or microseconds."""
    if level is None:
        return None
    return {"relation": level.relation, "value": exact(level.value), "unit": level.unit}


def promise_entry(rule: Rule) -> Record:
    """One commitment as the agreement has it."""
    entry: Record = {
        "commitment": rule.name,
        "kind": kind_of_rule(rule),
        "party": "customer" if isinstance(rule, ClockRule) and rule.is_of_customer else "provider",
        "modality": rule.modality,
        "doc": rule.doc,
        "allowed": None,
        "indicator": None,
        "level": None,
        "of": None,
        "per": None,
        **citation(rule.cited),
    }
    if isinstance(rule, ClockRule):
        entry["of"] = rule.of
    elif isinstance(rule, QuotaRule):
        entry |= {"of": rule.of, "per": rule.period.kind, "allowed": rule.allow}
    elif isinstance(rule, ObligationRule):
        entry |= {"per": rule.period.kind, "allowed": rule.times}
    elif isinstance(rule, CovenantRule):
        said = ". ".join(one for one in (rule.what, rule.doc) if one)
        entry |= {"per": None if rule.period is None else rule.period.kind, "allowed": 0, "doc": said}
    else:
        entry |= {"per": rule.period.kind, "indicator": rule.indicator, "level": level_entry(rule.level)}
    return entry


def kind_of_rule(rule: Rule) -> str:
    """The kind of the verdicts of a rule."""
    if isinstance(rule, ClockRule):
        return "cadence" if rule.is_cadence else "deadline"
    if isinstance(rule, QuotaRule):
        return "quota"
    if isinstance(rule, CovenantRule):
        return "covenant"
    return "measurement" if isinstance(rule, CommitRule) else "obligation"


def verdict_entry(terms: Terms, verdict: Verdict, at: Instant, seen_at: Iterable[Instant] = ()) -> Record:
    """One verdict. A late clock has what is drawn of it; `seen_at` is when its subject's facts happened."""
    elapsed_us, late_us = measured(verdict, terms.calendars, at)
    return {
        "commitment": verdict.key.commitment,
        "subject": verdict.key.subject,
        "cycle": verdict.cycle,
        "kind": verdict.kind,
        "state": verdict.state,
        "modality": verdict.modality,
        "plan": verdict.plan,
        "started_at": verdict.started_at,
        "due_at": verdict.due_at,
        "goal_at": verdict.goal_at,
        "late_after_at": verdict.late_after_at,
        "stopped_at": verdict.stopped_at,
        "counted_us": elapsed_us,
        "budget_us": verdict.budget_us,
        "late_us": late_us,
        "calendar": verdict.calendar,
        "target": target_entry(verdict.target),
        "level": level_entry(verdict.level),
        "pauses": [
            {"start_at": one.start_at, "end_at": one.end_at, "why": one.why} for one in verdict.pauses
        ],
        "count": verdict.count,
        "allowed": verdict.allowed,
        "measurement": None if verdict.measurement is None else measurement_entry(terms, verdict.measurement),
        "drawn": _drawn(terms, verdict, at, seen_at),
        "reasons": list(verdict.reasons),
        "facts": refs_of(verdict.facts),
    }


def _drawn(terms: Terms, verdict: Verdict, at: Instant, seen_at: Iterable[Instant]) -> Record | None:
    """The lane of a clock that was late; None for all else."""
    if not verdict.is_late or verdict.kind not in ("deadline", "cadence"):
        return None
    end_at = at if verdict.stopped_at is None else verdict.stopped_at
    lane = lane_of(verdict, terms.calendars, end_at)
    ends = (verdict.started_at, verdict.anchor_at, verdict.stopped_at, verdict.due_at, verdict.goal_at)
    instants = [one for one in ends if one is not None] + [end_at]
    # What was told before it began belongs to the picture, what came after it was done does not.
    start_at, until_at = min([*instants, *seen_at]), max(instants)
    return {
        "start_at": start_at,
        "end_at": until_at,
        "open": spans_of(lane.open.clip(start_at, until_at)),
        "counted": spans_of(lane.counted),
        "late": spans_of(lane.late),
        "waiting": spans_of(lane.waiting),
    }


def measurement_entry(terms: Terms, found: Measurement) -> Record:
    """What was measured: the parts of the period, and in them the stretches of all that was not up."""
    indicator = terms.indicators.get(found.indicator)
    is_duration = indicator is not None and indicator.combine == "percentile"
    return {
        "indicator": found.indicator,
        "basis": "" if indicator is None else indicator.basis,
        "component": found.component,
        "period": {
            "label": found.period.label,
            "start_at": found.period.start_at,
            "end_at": found.period.end_at,
        },
        "at": found.at,
        "counts": found.unit,
        "unit": "duration" if is_duration else "ratio",
        "is_settled": found.is_settled,
        "to_date": bounds_entry(found.to_date),
        "final": bounds_entry(found.final),
        "worst_final": exact(found.worst_final),
        "total": found.total,
        "final_total": found.final_total or found.total,
        "bad": found.bad,
        "parts": [part_entry(terms, part) for part in found.parts],
        "sum": sum(part.amount for part in found.parts),
        "method": [{"name": name, "value": value} for name, value in found.method],
        "decisive": found.decisive,
        "of": [measurement_entry(terms, one) for one in found.of],
        "notes": list(found.notes),
    }


def bounds_entry(bounds: Bounds) -> Record:
    """A value by the gap rule, with what it is at least and at most."""
    return {"value": exact(bounds.value), "low": exact(bounds.low), "high": exact(bounds.high)}


def part_entry(terms: Terms, part: Part) -> Record:
    """One part; the stretches and items of what was plainly up need not be told."""
    rule = next((rule for rule in terms.exclusions if rule.name == part.by), None)
    is_up = part.name == "up"
    return {
        "name": part.name,
        "by": part.by,
        "clauses": [] if rule is None else list(rule.cited.clauses),
        "amount": part.amount,
        "spans": [] if is_up else spans_of(part.spans),
        "items": [] if is_up else list(part.subjects),
    }
