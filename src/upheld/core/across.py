"""From the figures of several components to one: the worst, the mean, the pool, k of n. Source: design 5."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from upheld.core.indicator import Indicator
from upheld.core.measurement import Bounds, Measurement
from upheld.core.method import method_of
from upheld.core.partition import added
from upheld.core.question import Question
from upheld.core.share import ALL, Figure, pooled, sum_of
from upheld.core.spans import union


def across(question: Question, figures: Sequence[Figure]) -> tuple[Measurement, ...]:
    """One measurement for each component, or one for all of them with those in `of`."""
    found = tuple(figure.measurement for figure in figures)
    indicator = question.indicator
    if indicator.across == "each":
        return found
    if indicator.across == "pooled" and all(one.to_date and one.final and one.worst for one in figures):
        to_date, final, worst = _pooled(indicator, figures)
    else:
        to_date = _joined(indicator, [(one.component, one.to_date) for one in found])
        final = _joined(indicator, [(one.component, one.final) for one in found])
        lowest = [(one.component, Bounds(one.worst_final, one.worst_final, one.worst_final)) for one in found]
        worst = _joined(indicator, lowest).low
    decisive = _decisive(indicator, found)
    return (
        Measurement(
            indicator=indicator.name,
            component=indicator.of,
            period=question.period,
            at=question.at,
            unit=found[0].unit if found else "time",
            parts=added([one.parts for one in found]),
            total=decisive.total if decisive else sum(one.total for one in found),
            bad=decisive.bad if decisive else sum(one.bad for one in found),
            to_date=to_date,
            final=final,
            worst_final=worst,
            is_settled=all(one.is_settled for one in found),
            method=method_of(question, indicator.of),
            of=found,
            decisive=decisive.component if decisive else "",
            outages=decisive.outages if decisive else union([one.outages for one in found]),
            final_total=decisive.final_total if decisive else sum(one.final_total for one in found),
        ),
    )


def _is_duration(indicator: Indicator) -> bool:
    return indicator.percentile is not None


def _pooled(indicator: Indicator, figures: Sequence[Figure]) -> tuple[Bounds, Bounds, Fraction]:
    to_date = pooled([one.to_date for one in figures if one.to_date]).bounds(indicator.empty_met)
    final = pooled([one.final for one in figures if one.final]).bounds(indicator.empty_met)
    worst = sum_of([one.worst for one in figures if one.worst])
    return to_date, final, min(worst.ratio(final.low), final.low)


def _joined(indicator: Indicator, found: Sequence[tuple[str, Bounds]]) -> Bounds:
    """The bounds of all; a component in which nothing was counted has no say."""
    counted = [(name, one) for name, one in found if one.value is not None or one.low != one.high]
    if not counted:
        return found[0][1] if found else Bounds(None, ALL, ALL)
    values = [(name, one.value) for name, one in counted if one.value is not None]
    value = _one(indicator, values) if values else None
    low = _one(indicator, [(name, one.low) for name, one in counted])
    high = _one(indicator, [(name, one.high) for name, one in counted])
    return Bounds(None, low, high) if value is None else Bounds(value, min(low, value), max(high, value))


def _one(indicator: Indicator, values: Sequence[tuple[str, Fraction]]) -> Fraction:
    """One value of several, by what the agreement says."""
    best_first = sorted((value for _, value in values), reverse=not _is_duration(indicator))
    match indicator.across:
        case "worst":
            return best_first[-1]
        case "at least":
            return best_first[min(indicator.at_least, len(best_first)) - 1]
    weights = {name: indicator.weights.get(name, Fraction(0)) for name, _ in values}
    if indicator.across != "weighted" or not any(weights.values()):
        return sum((value for _, value in values), Fraction(0)) / len(values)
    total = sum(weights.values(), Fraction(0))
    return sum((weights[name] * value for name, value in values), Fraction(0)) / total


def _decisive(indicator: Indicator, found: Sequence[Measurement]) -> Measurement | None:
    """The component whose value is that of all, where one of them is."""
    if indicator.across not in ("worst", "at least"):
        return None
    told = [one for one in found if one.to_date.value is not None]
    if not told:
        return None
    value = _one(indicator, [(one.component, one.to_date.value or Fraction(0)) for one in told])
    return next(one for one in told if one.to_date.value == value)
