"""One figure of several components: the worst, the mean, by weight, pooled, or of so many at least.

All of these rise where one of the figures rises, so bounds are combined end by end. Source: ROUS/R2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from operator import and_

from upheld.core.measuring.partition import added
from upheld.core.measuring.share import NOTHING, Figure, Share, pooled, sum_of
from upheld.core.terms.indicator import Indicator
from upheld.core.timeline.spans import union
from upheld.core.values.frozen import replace
from upheld.core.verdicts.measurement import Bounds, Lost, Measurement

_RANKED = ("worst", "at least")


def combined(indicator: Indicator, figures: Sequence[Figure]) -> Measurement:
    """The measurement of several components as the indicator says; theirs are in `of`."""
    of = tuple(figure.measurement for figure in figures)
    first = of[0]
    decisive = _decisive(indicator, of)
    if decisive is not None:
        # When all is known another one may decide: its outages lie between these.
        certain = reduce(and_, (one.certain for one in of))
        base = replace(decisive, certain=certain, possible=union([one.possible for one in of]))
    else:
        base = replace(
            first,
            parts=added([one.parts for one in of]),
            total=sum(one.total for one in of),
            bad=sum(one.bad for one in of),
            final_total=sum(one.final_total for one in of),
            outages=union([one.outages for one in of]),
            certain=union([one.certain for one in of]),
            possible=union([one.possible for one in of]),
        )
    to_date, final, worst = _figures(indicator, figures)
    return replace(
        base,
        component=indicator.of,
        to_date=to_date,
        final=final,
        worst_final=worst,
        is_settled=all(one.is_settled for one in of),
        of=of,
        decisive=decisive.component if decisive else "",
        lost=_lost(indicator, figures),
        notes=tuple(dict.fromkeys(note for one in of for note in one.notes)),
    )


def _figures(indicator: Indicator, figures: Sequence[Figure]) -> tuple[Bounds, Bounds, Fraction]:
    of = [figure.measurement for figure in figures]
    if indicator.across == "pooled":
        shares = [figure.to_date for figure in figures if figure.to_date]
        finals = [figure.final for figure in figures if figure.final]
        worsts = [figure.worst for figure in figures if isinstance(figure.worst, Share)]
        final = pooled(finals).bounds(indicator.empty_met)
        return pooled(shares).bounds(indicator.empty_met), final, sum_of(worsts).ratio(final.low)
    to_date = _picked(indicator, [(one.component, one.to_date) for one in of])
    final = _picked(indicator, [(one.component, one.final) for one in of])
    counted = [(one.component, one.worst_final) for one in of if one.final.value is not None]
    return to_date, final, _pick(indicator, counted or [(of[0].component, of[0].worst_final)])


def _lost(indicator: Indicator, figures: Sequence[Figure]) -> tuple[Lost, ...]:
    """What is lost at each end: what the component lost that decides there, or all of them together."""
    if indicator.combine == "mean of ratios":
        return ()
    found: list[Lost] = []
    for end in zip(*(figure.ends for figure in figures), strict=True):
        some = {figure.measurement.component: one for figure, one in zip(figures, end, strict=True) if one.of}
        together = sum_of(list(some.values()))
        ratio = together.ratio(NOTHING)
        if indicator.across != "pooled" and some:
            ratio = _pick(indicator, [(name, one.ratio(NOTHING)) for name, one in some.items()])
        if indicator.across in _RANKED and some:
            together = next(one for one in some.values() if one.ratio(NOTHING) == ratio)
        found.append(Lost(ratio, together.of - together.kept, together.of))
    return tuple(dict.fromkeys(one for one in found if one.of))


def _picked(indicator: Indicator, bounds: Sequence[tuple[str, Bounds]]) -> Bounds:
    """The bounds end by end, of the components in which something counted or can have."""
    some = [(name, one) for name, one in bounds if not _is_nothing(one, indicator)] or bounds[:1]
    values = [(name, one.value) for name, one in some if one.value is not None]
    low = _pick(indicator, [(name, one.low) for name, one in some])
    high = _pick(indicator, [(name, one.high) for name, one in some])
    if not values:
        return Bounds(None, low, high)
    value = _pick(indicator, values)
    return Bounds(value, min(low, value), max(high, value))


def _is_nothing(bounds: Bounds, indicator: Indicator) -> bool:
    return bounds.value is None and (bounds.low == bounds.high or not indicator.empty_met)


def _pick(indicator: Indicator, values: Sequence[tuple[str, Fraction]]) -> Fraction:
    """What several values come to. Shares are better the higher, latencies the lower."""
    if indicator.across == "mean":
        return sum((value for _, value in values), Fraction(0)) / len(values)
    if indicator.across == "weighted":
        weights = [indicator.weights.get(name, Fraction(0)) for name, _ in values]
        if not sum(weights):
            weights = [Fraction(1)] * len(values)
        total = sum((weight * value for weight, (_, value) in zip(weights, values, strict=True)), Fraction(0))
        return total / sum(weights)
    best_first = sorted((value for _, value in values), reverse=not _is_duration(indicator))
    return best_first[_rank(indicator, len(values))]


def _rank(indicator: Indicator, count: int) -> int:
    """Which one decides, counted from the best: the last, or the one by which there are enough."""
    return min(indicator.at_least, count) - 1 if indicator.across == "at least" else count - 1


def _is_duration(indicator: Indicator) -> bool:
    return indicator.basis == "latency" or indicator.combine == "percentile"


def _decisive(indicator: Indicator, of: Sequence[Measurement]) -> Measurement | None:
    """The component whose figure decides; None where all of them do."""
    if indicator.across not in _RANKED:
        return None
    counted = [one for one in of if one.to_date.value is not None] or list(of[:1])
    sign = 1 if _is_duration(indicator) else -1
    best_first = sorted(counted, key=lambda one: sign * (one.to_date.value or Fraction(0)))
    chosen = best_first[_rank(indicator, len(best_first))]
    # Of equal ones the first on the page.
    return next(one for one in counted if one.to_date.value == chosen.to_date.value)
