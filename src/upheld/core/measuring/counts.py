"""Figures of observations: ratio of sums, mean of ratios, percentiles. Source: design 5, 7, 10."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from upheld.core.measuring.latency import LONGEST_US, bucket_bounds, bucket_of
from upheld.core.measuring.method import method_of
from upheld.core.measuring.question import Counted, Question, counted
from upheld.core.measuring.share import Figure, Share, Shares, lost
from upheld.core.measuring.tally import Tally, tally_of
from upheld.core.verdicts.measurement import Bounds, Measurement


def measured_counts(question: Question, name: str) -> Figure:
    """The figure of one component, of the observations of all its leaves together."""
    time = counted(question, name)
    tally = tally_of(question, name, time)
    if question.indicator.combine == "percentile" or question.indicator.basis == "latency":
        return Figure(_percentile(question, name, time, tally))
    to_date = _shares(question, tally)
    final, worst = _final(question, tally, to_date)
    empty_met = question.indicator.empty_met
    bounds = final.bounds(empty_met)
    measurement = Measurement(
        indicator=question.indicator.name,
        component=name,
        period=question.period,
        at=question.at,
        unit="count",
        parts=tally.parts(tally.total - tally.good),
        total=tally.total,
        bad=tally.total - tally.good,
        to_date=to_date.bounds(empty_met),
        final=bounds,
        worst_final=min(worst.ratio(bounds.low), bounds.low),
        is_settled=_is_settled(question),
        method=method_of(question, name),
        final_total=tally.total + tally.to_come,
        # Of ratios of slices nothing follows about the requests that were bad.
        lost=lost((*final[:3], worst)) if question.indicator.combine == "ratio of sums" else (),
    )
    return Figure(measurement, to_date, final, worst)


def _is_settled(question: Question) -> bool:
    return question.over_at >= question.period.end_at


def _shares(question: Question, tally: Tally) -> Shares:
    """The shares of what is over. Missing data that cannot be counted leave everything open."""
    gaps = question.indicator.gaps
    kept: Fraction | int = tally.good
    of, missing, is_counted = tally.total, tally.missing, tally.is_expected
    if question.indicator.combine == "mean of ratios":
        kept, of, missing, is_counted = tally.ratios, tally.slices, tally.missing_slices, True
    value = Share(kept, of)
    if not is_counted:
        if not tally.gap or gaps != "unknown":
            return Shares(value, value, value)
        return Shares(value, _none(of), _all(of))
    low, high = Share(kept, of + missing), Share(kept + missing, of + missing)
    return Shares({"up": high, "down": low}.get(gaps, value), low, high)


def _final(question: Question, tally: Tally, to_date: Shares) -> tuple[Shares, Share]:
    """The shares if all that is to come is good, and the lowest if all of it is bad."""
    is_mean = question.indicator.combine == "mean of ratios"
    if not tally.has_future:
        return to_date, to_date.low
    if not (is_mean or tally.is_expected):
        # How much is to come is not known: it can outweigh everything.
        return Shares(to_date.value, to_date.low, _all(to_date.high.of)), _none(to_date.low.of)
    more = tally.slices_to_come if is_mean else tally.to_come
    final = to_date.plus(more)
    return final, Share(to_date.low.kept, to_date.low.of + more)


def _none(of: int) -> Share:
    return Share(0, of or 1)


def _all(of: int) -> Share:
    return Share(of or 1, of or 1)


# -- percentiles -------------------------------------------------------------------------------------------


def _percentile(question: Question, name: str, time: Counted, tally: Tally) -> Measurement:
    """The latency that the given share of checks does not exceed, in microseconds."""
    share = question.indicator.percentile
    if share is None:
        raise ValueError(f"indicator {question.indicator.name} does not say which percentile")
    checks = sum(tally.latencies.values())
    empty_met = question.indicator.empty_met
    is_open = bool(tally.gap) and not tally.is_expected
    missing, more = tally.missing, tally.to_come
    to_date = _bounds(tally.latencies, share, question.indicator.gaps, missing, 0, is_open, empty_met)
    final = _bounds(tally.latencies, share, question.indicator.gaps, missing, more, is_open, empty_met)
    worst = Fraction(bucket_bounds(bucket_at(tally.latencies, share, slow=missing + more))[1] - 1)
    if tally.has_future and not tally.is_expected:
        final, worst = Bounds(final.value, Fraction(0), final.high), Fraction(LONGEST_US)
    return Measurement(
        indicator=question.indicator.name,
        component=name,
        period=question.period,
        at=question.at,
        unit="count",
        parts=tally._replace(total=checks).parts(0),
        total=checks,
        bad=0,
        to_date=to_date,
        final=final,
        worst_final=max(worst, final.high),
        is_settled=_is_settled(question),
        method=method_of(question, name),
        final_total=checks + more,
    )


def _bounds(
    latencies: Mapping[int, int], share: Fraction, gaps: str,
    missing: int, more: int, is_open: bool, empty_met: bool,
) -> Bounds:  # fmt: skip
    """The percentile and its bounds, with so many checks missing and so many fast ones still to come."""
    nothing = not latencies and not missing and not more
    if nothing and not is_open:
        return Bounds(None, Fraction(0), Fraction(0 if empty_met else LONGEST_US))
    low = bucket_bounds(bucket_at(latencies, share, fast=missing + more))[0]
    high = bucket_bounds(bucket_at(latencies, share, fast=more, slow=missing))[1] - 1
    if is_open and gaps == "unknown":
        low, high = 0, LONGEST_US
    if not latencies:
        return Bounds(None, Fraction(low), Fraction(high))
    fast, slow = missing if gaps == "up" else 0, missing if gaps == "down" else 0
    value = bucket_bounds(bucket_at(latencies, share, fast=fast + more, slow=slow))[1] - 1
    return Bounds(Fraction(value), Fraction(low), Fraction(high))


def bucket_at(latencies: Mapping[int, int], share: Fraction, fast: int = 0, slow: int = 0) -> int:
    """The smallest bucket up to which the share of all checks lies, with so many of them fastest or slowest.

    Of nothing at all it is the fastest.
    """
    rank = -(-share * (sum(latencies.values()) + fast + slow) // 1)
    reached = fast
    if reached >= rank:
        return 0
    for bucket in sorted(latencies):
        reached += latencies[bucket]
        if reached >= rank:
            return bucket
    return bucket_of(LONGEST_US)
