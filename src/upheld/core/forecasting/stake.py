"""What a running figure can still lose, and what the days of its past lost: the stakes that are drawn for.

The unit makes whole numbers of shares: of a level p / q, a microsecond down costs q where all time to come is
known to count; where how much will be counted is not known, each observation costs p, and one that was as it
should be gives q back.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.forecasting.chance import Slack, Stake
from upheld.core.forecasting.past import Past
from upheld.core.forecasting.urn import Losses
from upheld.core.measuring.level import kept
from upheld.core.terms.indicator import CommitRule, Indicator
from upheld.core.timeline.instant import DAY, HOUR, Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.measurement import Bounds, Measurement

_SCALE: Final = 10**18
"""Weights by totals are cut to parts of this, where a mean of shares is drawn."""


class Line(NamedTuple):
    """What must be reached, as p of q, and whether equality is not enough."""

    p: int
    q: int
    is_strict: bool


def line_of(commit: CommitRule, indicator: Indicator) -> Line:
    """The level as a share of what is as it should be: of percentiles, the share that must be fast enough.

    Where a share may be at most so much, what should be is what the figure does not count.
    """
    level = commit.level
    assert level is not None, "there is a level where there is something at stake"
    if level.unit == "duration":
        share = indicator.percentile or Fraction(1)
        return Line(share.numerator, share.denominator, False)
    is_least, share, is_inside = kept(level, commit.compare)
    if not is_least:
        share = 1 - share
    return Line(share.numerator, share.denominator, not is_inside)


def stakes_of(
    commit: CommitRule,
    indicator: Indicator,
    found: Measurement,
    past: Past,
    open_items: Sequence[Fraction],
    at: Instant,
) -> tuple[Losses, Stake] | None:
    """The losses of the past and the slack of each course; None where they are not sums."""
    line = line_of(commit, indicator)
    level = commit.level
    assert level is not None
    is_flipped = level.unit == "ratio" and level.relation[0] == "<"
    ends, across = found.ends, indicator.across
    is_time = found.unit == "time" and not is_flipped
    if len(ends) > 1 and across in ("mean", "weighted"):
        return _weighted(commit, indicator, found, past) if is_time else None
    # A microsecond down costs q of what is known to come; where that is not known, each count has its price.
    if is_time:
        hourly = [tuple(line.q * bad for bad in course) for course in past.bad]
        slacks = [_slacks(one.final, one.final_total or one.total, line) for one in ends]
        budgets = [(line.q - line.p) * (one.final_total or one.total) for one in ends]
    else:
        hourly = [
            tuple(_price(line, amount, of, is_flipped) for amount, of in zip(bads, ofs, strict=True))
            for bads, ofs in zip(past.bad, past.of, strict=True)
        ]
        totals = [_counted(indicator, one, so_far) for one, so_far in zip(ends, past.so_far, strict=True)]
        slacks = [_slacks(_flipped(value, is_flipped), of, line) for value, of in totals]
        budgets = [
            (line.q - line.p) * _whole(of, course, past.days, found.period, at)
            for (_, of), course in zip(totals, past.of, strict=True)
        ]
    if len(ends) > 1 and across == "pooled":
        hourly = [tuple(sum(hour) for hour in zip(*hourly, strict=True))]
        slacks = [_slacks(found.final, found.final_total or found.total, line)] if is_time else slacks
        slacks = slacks if is_time else [tuple(map(sum, zip(*slacks, strict=True)))]
        budgets = [sum(budgets)]
    needed = len(slacks)
    if len(ends) > 1 and across == "at least":
        needed = min(indicator.at_least, len(slacks))
    stated, low, high = (tuple(one[which] for one in slacks) for which in range(3))
    if is_flipped:
        low, high = high, low
    ongoing = _ongoing(past, found, line, at) if is_time and len(slacks) == len(past.outages) else ()
    stake = Stake(
        stated=stated,
        low=low,
        high=high,
        needed=needed,
        ongoing=ongoing,
        hour_cost=line.q * HOUR if any(ongoing) else 0,
        open_items=tuple((chance.numerator, chance.denominator) for chance in open_items),
        cost_late=_price(line, 1, 1, is_flipped),
        cost_kept=_price(line, 0, 1, is_flipped),
    )
    return Losses(tuple(hourly), past.weekdays, tuple(budgets)), stake


def _price(line: Line, bad: int, of: int, is_flipped: bool = False) -> int:
    """What so many observations cost: p of each, less q of each that was as it should be."""
    return line.p * of - line.q * (bad if is_flipped else of - bad)


def _slacks(bounds: Bounds, of: int, line: Line) -> Slack:
    """What can still be lost: by the stated value, with the unknown bad, and with it good."""
    return tuple(slack_of(value, of, line) for value in (bounds.value, bounds.low, bounds.high))


def slack_of(value: Fraction | None, of: int, line: Line) -> int:
    """q of what is kept, less p of all: a whole number, one less where equality is not enough."""
    exact = ((Fraction(1) if value is None else value) * line.q - line.p) * of
    return -(-exact.numerator // exact.denominator) - 1 if line.is_strict else int(exact // 1)


def _flipped(bounds: Bounds, is_flipped: bool) -> Bounds:
    if not is_flipped:
        return bounds
    return Bounds(None if bounds.value is None else 1 - bounds.value, 1 - bounds.high, 1 - bounds.low)


def _counted(indicator: Indicator, end: Measurement, so_far: tuple[int, int]) -> tuple[Bounds, int]:
    """What counts so far, and of how much, in the unit of the past."""
    bad, of = so_far
    if indicator.basis == "latency":
        value = 1 - Fraction(bad, of) if of else Fraction(1)
        return Bounds(value, value, value), of
    return end.to_date, of


def _whole(of: int, course: Sequence[int], days: int, period: Period, at: Instant) -> int:
    """How much a whole period counts, if days to come are like those before."""
    ahead_days = max(0, -(-(period.end_at - at) // DAY))
    return of + (sum(course) * ahead_days // days if days else 0)


def _weighted(
    commit: CommitRule, indicator: Indicator, found: Measurement, past: Past
) -> tuple[Losses, Stake]:
    """A mean of shares of time as one course: a microsecond of each costs its weight by its total."""
    level, ends = commit.level, found.ends
    assert level is not None
    line = line_of(commit, indicator)
    weights = [indicator.weights.get(one.component, Fraction(0)) for one in ends]
    if indicator.across == "mean" or not sum(weights):
        weights = [Fraction(1)] * len(ends)
    prices = [
        int(weight * line.q * _SCALE / (one.final_total or 1))
        for weight, one in zip(weights, ends, strict=True)
    ]
    hourly = tuple(
        sum(price * bad for price, bad in zip(prices, hour, strict=True))
        for hour in zip(*past.bad, strict=True)
    )
    whole = int(sum(weights) * _SCALE)
    stated, low, high = _slacks(found.final, whole, line)
    losses = Losses((hourly,), past.weekdays, ((line.q - line.p) * whole,))
    return losses, Stake((stated,), (low,), (high,), 1)


def _ongoing(past: Past, found: Measurement, line: Line, at: Instant) -> tuple[tuple[int, ...], ...]:
    """What the rest of an outage that goes on can cost, where one does, as long as those before it lasted."""
    left = max(0, found.period.end_at - at)
    return tuple(
        tuple(line.q * min(more, left) for more in outage_lengths_left(outages, seen_until))
        for outages, seen_until in zip(past.outages, past.seen_until, strict=True)
    )


def outage_lengths_left(outages: Spans, seen_until: Instant) -> tuple[int, ...]:
    """How much longer past outages took that were as long as the one now; half as long again, once and twice.

    Empty if what was seen last was not an outage.
    """
    if not outages or outages.ends[-1] != seen_until:
        return ()
    age = outages.ends[-1] - outages.starts[-1]
    longer = [end - start - age for start, end in outages if end - start > age]
    return (*longer, age // 2, age, 2 * age)
