"""What a measurement comes to against the level that was promised. Source: terms G1, G2, G3, J13."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from upheld.core.measuring.latency import LONGEST_US, bucket_bounds, bucket_of
from upheld.core.terms.indicator import CommitRule, Level
from upheld.core.timeline.instant import Duration
from upheld.core.verdicts.measurement import Bounds, Measurement
from upheld.core.verdicts.verdict import State, late_state

Compare = Literal["exact", "half up"]
_HALF = Fraction(1, 2)


class Kept(NamedTuple):
    """From, or up to, which exact value a level is kept, and whether it is at that value itself."""

    is_least: bool
    value: Fraction
    is_inside: bool


def kept(level: Level, compare: Compare = "exact") -> Kept:
    """The exact values that keep a level, the rounding before the comparison included. Source: terms G1."""
    is_least, is_inside, value = level.relation[0] == ">", level.relation in (">=", "<="), level.value
    if compare == "half up" and level.unit == "ratio":
        # A value is rounded half up before: what rounds to a number begins half a unit below it.
        half = _HALF / 10 ** (level.decimals + 2)
        value += -half if is_least == is_inside else half
        is_inside = is_least
    return Kept(is_least, value, is_inside)


def reaches(level: Level, value: Fraction, compare: Compare = "exact") -> bool:
    """Whether a value keeps the level, compared exactly or after rounding it to the decimals of the level."""
    if compare == "half up" and level.unit == "ratio":
        value = _half_up(value, level.decimals + 2)
    match level.relation:
        case ">=":
            return value >= level.value
        case ">":
            return value > level.value
        case "<=":
            return value <= level.value
        case "<":
            return value < level.value


class TimesTold(NamedTuple):
    """The response times nearest a level that surely keep and surely miss it, in microseconds.

    Where little is good, up to `kept_us` keeps it and from `missed_us` on misses it; else the other way
    round. None where there is no such time.
    """

    kept_us: Duration | None
    missed_us: Duration | None


def times_told(commit: CommitRule, level: Level) -> TimesTold:
    """What a level of a percentile comes to, as response times are told apart in buckets alone.

    A bucket that lies on both sides of the level decides nothing, unless the commitment names an end of it.
    """
    near = bucket_of(int(level.value))
    is_most = level.relation[0] == "<"
    kept_us: Duration | None = None
    missed_us: Duration | None = None
    for bucket in (near - 1, near, near + 1) if is_most else (near + 1, near, near - 1):
        if not 0 <= bucket <= bucket_of(LONGEST_US):
            continue
        first_us, after_us = bucket_bounds(bucket)
        last_us = after_us - 1
        found = Bounds(Fraction(last_us), Fraction(first_us), Fraction(last_us))
        worst, best = _extremes(commit, level, found)
        if reaches(level, worst):
            kept_us = last_us if is_most else first_us
        elif missed_us is None and not reaches(level, best):
            missed_us = first_us if is_most else last_us
    return TimesTold(kept_us, missed_us)


def decided(commit: CommitRule, measurement: Measurement) -> tuple[State, tuple[str, ...]]:
    """The state of a commitment, and why it is so where the value alone does not say it.

    Settled: kept if the worst that is possible keeps the level, not kept if not even the best does, and
    undetermined between. Before: late already if nothing can repair it, at risk if it would be late now.
    """
    level = commit.level
    if level is None:
        return "not applicable", ("it is measured, not promised",)
    late = late_state(commit.modality)
    if not measurement.is_settled:
        return _running(commit, level, late, measurement)
    if _is_empty(measurement):
        is_kept = measurement.final.low == measurement.final.high
        return "met" if is_kept else "undetermined", ("nothing to count",)
    worst, best = _extremes(commit, level, measurement.final)
    if reaches(level, worst, commit.compare):
        return "met", ()
    if not reaches(level, best, commit.compare):
        return late, ()
    return "undetermined", ("what is unknown decides",)


def _running(
    commit: CommitRule, level: Level, late: State, measurement: Measurement
) -> tuple[State, tuple[str, ...]]:
    if not reaches(level, _extremes(commit, level, measurement.final)[1], commit.compare):
        return late, ("the level can no longer be reached",)
    so_far = measurement.to_date.value
    if so_far is not None and not reaches(level, so_far, commit.compare):
        return "at risk", ("below the level so far",) if level.relation[0] == ">" else ("above it so far",)
    return "running", ()


def _extremes(commit: CommitRule, level: Level, bounds: Bounds) -> tuple[Fraction, Fraction]:
    """The worst and the best value that decide: both ends, or one where the commitment names it."""
    worst, best = bounds.low, bounds.high
    if level.relation[0] == "<":
        worst, best = best, worst
    if commit.unknown == "bounds":
        return worst, best
    return (best, best) if commit.unknown == "up" else (worst, worst)


def _is_empty(measurement: Measurement) -> bool:
    # A gap of which nobody knows how much was missing in it is a part with an amount of nothing.
    is_known = all(part.name != "unknown" for part in measurement.parts)
    return measurement.final.value is None and not measurement.total and is_known


def _half_up(value: Fraction, decimals: int) -> Fraction:
    scale = 10**decimals
    return Fraction((value * scale + _HALF).__floor__(), scale)
