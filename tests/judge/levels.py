"""What the figures of a period come to: over several components, and against a level."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from .minutes import Stepper

Row = dict[str, Any]
World = dict[str, Any]


def judge_measures(world: World) -> list[Row]:
    """The rows of every commitment, period and component of a world that has begun."""
    rows = []
    for commit in world["commits"]:
        stepper = Stepper(world, commit["indicator"])
        for period in periods_begun(world):
            for subject, measured in measures(stepper, period):
                state = judge_level(commit, measured, is_over(world, stepper.rule, period))
                row = {"commitment": commit["name"], "subject": subject, "state": state, **measured}
                rows.append(row | {"can_reach_back": can_reach_back(world, commit)})
    return rows


def periods_begun(world: World) -> list[tuple[int, int, str]]:
    """The periods that share time with the contract and have begun."""
    first, until = world["term"]
    end = world["at"] + 1 if until is None else min(world["at"] + 1, until)
    return [period for period in world["periods"] if period[0] < end and period[1] > first]


def is_over(world: World, rule: Row, period: tuple[int, int, str]) -> bool:
    """Whether the period has ended, its last slice too, or the contract in it, if that is all it measures."""
    slice_ = world["slice"] if world["basis"] == "checks" else 1
    until = world["term"][1]
    end = period[1] if rule["whole"] or until is None else min(period[1], until)
    return bool(end <= world["at"] // slice_ * slice_)


def can_reach_back(world: World, commit: Row) -> bool:
    """Whether a slice after the period's end can complete a run in it, so that it is not settled at once."""
    rule = world["indicators"][commit["indicator"]]
    return bool(world["basis"] == "checks" and rule["run"] > 1 and not rule["cut"])


def measures(stepper: Stepper, period: tuple[int, int, str]) -> list[tuple[str, Row]]:
    """What is measured in a period: one thing, or one per component gone over."""
    rule, components = stepper.rule, stepper.world["components"]
    of = rule["of"]
    if components[of]["tie"] != "each":
        return [(period[2], stepper.measure(of, period))]
    each = [stepper.measure(part, period) for part in components[of]["parts"]]
    if rule["across"] == "each":
        return [(f"{period[2]}/{row['component']}", row) for row in each]
    row = {"component": of, "parts": None, "of": each}
    for name in ("to_date", "final"):
        row[name] = across(rule, [part[name] for part in each], components[of]["parts"])
    return [(period[2], row)]


def across(rule: Row, figures: list[Row], parts: list[str]) -> Row:
    """One figure made of those of several components; one that had nothing to count does not enter."""
    pairs = [
        (figure, part)
        for figure, part in zip(figures, parts, strict=True)
        if figure["value"] is not None or figure["low"] != figure["high"]
    ]
    found: Row = {"total": None, "bad": None, "value": None, "low": Fraction(1), "high": Fraction(1)}
    for name in ("value", "low", "high"):
        kept = [(figure[name], part) for figure, part in pairs if figure[name] is not None]
        if kept:
            found[name] = _combined(rule, kept, [figure for figure, _ in pairs], name)
    if found["value"] is not None:
        found["low"], found["high"] = min(found["low"], found["value"]), max(found["high"], found["value"])
    return found


def _combined(rule: Row, kept: list[tuple[Fraction, str]], figures: list[Row], name: str) -> Fraction | None:
    values = sorted(value for value, _ in kept)
    if rule["across"] == "worst":
        return values[0]
    if rule["across"] == "mean":
        return sum(values, Fraction(0)) / len(values)
    if rule["across"] == "weighted":
        weights = [rule["weights"][part] for _, part in kept]
        weighted = [weight * value for weight, (value, _) in zip(weights, kept, strict=True)]
        return sum(weighted, Fraction(0)) / sum(weights)
    if rule["across"] == "at least":
        return values[-min(rule["at_least"], len(values))]
    totals = [figure[f"{name}_of"] for figure in figures]
    if not sum(total for total, _ in totals):
        return Fraction(1)
    return Fraction(sum(max(0, t - b) for t, b in totals), sum(t for t, _ in totals))


def judge_level(commit: Row, measured: Row, over: bool) -> str:
    """The state of a commitment at a level."""
    final, to_date = measured["final"], measured["to_date"]
    if over and final["value"] is None and final["low"] == final["high"] == 1:
        return "met"  # there was nothing to count
    if over and final["value"] is None and ("unknown", "") not in (measured["parts"] or {("unknown", "")}):
        return "undetermined"  # nothing was counted, but that hangs on what is not known of a part
    late = "breached" if commit["modality"] == "guarantee" else "missed"
    low = final["high"] if commit["unknown"] == "up" else final["low"]
    high = final["low"] if commit["unknown"] == "down" else final["high"]
    if over:
        if reaches(commit, low):
            return "met"
        return "undetermined" if reaches(commit, high) else late
    if not reaches(commit, high):
        return late
    if to_date["value"] is not None and not reaches(commit, to_date["value"]):
        return "at risk"
    return "running"


def reaches(commit: Row, value: Fraction) -> bool:
    """Whether a value is as promised, rounded first where the agreement says so."""
    level = Fraction(commit["level"])
    if commit["compare"] == "half up":
        percent = Decimal(commit["level"]) * 100
        decimals = max(0, -int(percent.normalize().as_tuple().exponent))
        exact = value * 100 * 10**decimals
        rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
        value = Fraction(int(rounded), 100 * 10**decimals)
    return value > level if commit["relation"] == ">" else value >= level
