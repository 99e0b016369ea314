"""Measured figures and amounts as records for programs: exact fractions, and beside them what people read."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Level
from upheld.core.timeline.instant import SECOND, Instant
from upheld.core.timeline.period import Period
from upheld.core.values.key import FactRef
from upheld.core.verdicts.credit import Credit, Instalment, Line, together
from upheld.core.verdicts.measurement import Bounds, Measurement, Part
from upheld.core.verdicts.verdict import Verdict
from upheld.render import figures
from upheld.render.measures import value_unit
from upheld.render.record_values import Record, instant, seconds

OUTAGES = 50
"""So many outages stand in a report; an explanation has them all."""

_SAFE = 2**53
_DECIMALS = 7


def exact(
    number: Fraction | None, level: Level | None = None, unit: figures.ValueUnit = "ratio"
) -> Record | None:
    """A fraction by its whole numbers, with a decimal text that is cut as on the page (ratio: 0.9994444).

    Durations are in seconds. Whole numbers that not every program can hold exactly are texts.
    """
    if number is None:
        return None
    if unit == "duration":
        number /= SECOND
    up = level is not None and level.relation in (">", "<=")
    decimals = _DECIMALS
    while level is not None and decimals < 2 * _DECIMALS and (level.value * 10**decimals).denominator != 1:
        decimals += 1
    return {
        "numerator": _whole(number.numerator),
        "denominator": _whole(number.denominator),
        "decimal": figures.cut(number, decimals, up).replace(",", ""),
    }


def _whole(number: int) -> int | str:
    # A Decimal is made of any whole number; the text of an int ends at some thousand digits.
    return number if abs(number) < _SAFE else f"{Decimal(number):f}"


def level_record(level: Level | None) -> Record | None:
    """What was promised, and how it compares."""
    if level is None:
        return None
    return {"relation": level.relation, "unit": level.unit, "value": exact(level.value, None, level.unit)}


def measurement_record(terms: Terms, verdict: Verdict, outages: int | None = OUTAGES) -> Record | None:
    """What was measured for a verdict; at most so many outages of it (None: all)."""
    found = verdict.measurement
    return None if found is None else _measurement(terms, found, verdict.level, outages)


def _measurement(terms: Terms, found: Measurement, level: Level | None, outages: int | None) -> Record:
    unit = value_unit(terms, found)
    stretches = list(found.outages)
    is_time = found.unit == "time"
    return {
        "indicator": found.indicator,
        "component": found.component,
        "period": period_record(found.period),
        "at": instant(found.at),
        "unit": found.unit,
        "is_settled": found.is_settled,
        "to_date": bounds_record(found.to_date, level, unit),
        "if_nothing_more_fails": bounds_record(found.final, level, unit),
        "worst_to_come": exact(found.worst_final, level, unit),
        "total": found.total,
        "bad": found.bad,
        "parts": [part_record(terms, part, is_time) for part in found.parts],
        "sum": _amount(sum(part.amount for part in found.parts), is_time),
        "method": dict(found.method),
        "decisive": found.decisive or None,
        "components": [_measurement(terms, one, level, outages) for one in found.of],
        "outages": [span_record(*span) for span in stretches[:outages]],
        "outages_in_all": len(stretches),
        "notes": list(found.notes),
    }


def bounds_record(bounds: Bounds, level: Level | None, unit: figures.ValueUnit) -> Record:
    """A value by the gap rule (null: nothing was counted or observed), with what it is at least and most."""
    return {
        "value": exact(bounds.value, level, unit),
        "low": exact(bounds.low, level, unit),
        "high": exact(bounds.high, level, unit),
    }


def part_record(terms: Terms, part: Part, is_time: bool) -> Record:
    """One part of a period, and of what is excluded by which exclusion under which clause."""
    rule = next((rule for rule in terms.exclusions if rule.name == part.by), None)
    return {
        "name": part.name,
        "by": part.by or None,
        "clause": list(rule.cited.clauses) if rule is not None else [],
        **_amount(part.amount, is_time),
    }


def _amount(number: int, is_time: bool) -> Record:
    return {"length_s": seconds(number)} if is_time else {"count": number}


def period_record(period: Period) -> Record:
    """A period by its name and its ends."""
    return {
        "label": period.label,
        "start_at": instant(period.start_at),
        "end_at": instant(period.end_at),
    }


def span_record(start_at: Instant, end_at: Instant) -> Record:
    """One stretch of time."""
    return {
        "start_at": instant(start_at),
        "end_at": instant(end_at),
        "length_s": seconds(end_at - start_at),
    }


def credit_record(number: int, terms: Terms, credit: Credit) -> Record:
    """One credit: exact, bounded, rounded, with its lines and instalments. Money is text with a currency."""
    rule = next((rule for rule in terms.remedies if rule.name == credit.key.commitment), None)
    return {
        "number": number,
        "remedy": credit.key.commitment,
        "commitment": credit.commitment,
        "subject": credit.key.subject,
        "state": credit.state,
        "unit": credit.unit,
        "rule_id": credit.rule_id,
        "clause": list(rule.cited.clauses) if rule is not None else [],
        "readings": list(rule.cited.readings) if rule is not None else [],
        "amount": None if credit.amount is None else f"{credit.amount:f}",
        "currency": credit.currency or None,
        "exact": exact(credit.exact),
        "low": exact(credit.low),
        "high": exact(credit.high),
        "adds_at_most": exact(credit.high if credit.adds is None else credit.adds),
        "base": exact(credit.base),
        "lines": [line_record(line) for line in credit.lines],
        "instalments": [_instalment(one) for one in together(credit.instalments)],
        "beyond": f"{credit.beyond:f}" if credit.beyond else None,
        "reasons": list(credit.reasons),
        "facts": [ref_record(ref) for ref in credit.facts],
    }


def line_record(line: Line) -> Record:
    """One step from what was measured to what is owed, before rounding."""
    return {
        "what": line.what,
        "unit": line.unit,
        "low": exact(line.low),
        "high": exact(line.high),
        "fact": None if line.fact is None else ref_record(line.fact),
    }


def _instalment(one: Instalment) -> Record:
    return {
        "number": one.number,
        "amount": f"{one.amount:f}",
        "invoice": one.invoice or None,
        "at": instant(one.at),
        "state": one.state,
        "set_off": one.is_set_off,
    }


def ref_record(ref: FactRef) -> Record:
    """A fact by its identity."""
    return {"source": ref.source, "id": ref.id}
