"""What could have been promised: the level, or the target, that the past would have kept almost always."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.forecasting.draws import Draws
from upheld.core.forecasting.past import Past
from upheld.core.forecasting.urn import WEEK, is_clustered
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Indicator, Level
from upheld.core.timeline.instant import MINUTE, Duration
from upheld.core.values.key import CellKey

KEPT: Final = Fraction(99, 100)
"""A promise is one that is kept in this share of periods, or of cycles."""


class LevelPromise(NamedTuple):
    """The best level that is kept in 99 of 100 periods drawn from the past, exact and with printed decimals.

    `exact` None: it cannot be told, for the `reason`.
    """

    exact: Fraction | None
    printed: Fraction | None
    periods: int
    period_days: int
    past_days: int
    block_days: int
    seed: int
    reason: str = ""


class TargetPromise(NamedTuple):
    """The shortest target on its own calendar that 99 of 100 cycles kept; whole minutes in `printed_us`.

    `cycles` have ended, or are late; of these `unended` have not. `exact_us` None: that many have not that it
    cannot be told.
    """

    exact_us: Duration | None
    printed_us: Duration | None
    cycles: int
    unended: int


class PromisedLevel(NamedTuple):
    """What could have been promised of one measured commitment."""

    terms: Terms
    key: CellKey
    promise: LevelPromise


def level_promise(
    past: Past,
    indicator: Indicator,
    level: Level,
    period_days: int,
    periods: int,
    seed: int,
    weights: Sequence[Fraction] = (),
) -> LevelPromise:
    """Periods drawn from the past, each of days (or weeks, where bad days follow each other) put back.

    Nothing is added here and no day counts more than another: it is about the past as it was. `weights` are
    those of the courses, where the indicator weighs them.
    """
    daily_bad = [past.daily(course) for course in past.bad]
    daily_of = [past.daily(course) for course in past.of]
    block = WEEK if is_clustered(daily_bad) else 1
    bare = LevelPromise(None, None, periods, period_days, past.days, block, seed)
    if level.unit == "duration":
        return bare._replace(reason="percentiles are not put together from those of days")
    if past.days < WEEK:
        return bare._replace(reason="fewer than seven days are known")
    draws = Draws(seed)
    drawn = (_days(past.days, period_days, block, draws) for _ in range(periods))
    values = sorted(_value(indicator, weights, daily_bad, daily_of, days) for days in drawn)
    lost = int((1 - KEPT) * periods)
    scale = 10 ** (level.decimals + 2)
    if level.relation[0] == "<":
        exact = values[periods - 1 - lost]
        return bare._replace(exact=exact, printed=Fraction(-(-exact * scale // 1), scale))
    exact = values[lost]
    return bare._replace(exact=exact, printed=Fraction(exact * scale // 1, scale))


def _days(days: int, wanted: int, block: int, draws: Draws) -> list[int]:
    found: list[int] = []
    while len(found) < wanted:
        first = draws.below(days - block + 1)
        found += range(first, first + block)
    return found[:wanted]


def _value(
    indicator: Indicator,
    weights: Sequence[Fraction],
    bad: Sequence[list[int]],
    of: Sequence[list[int]],
    days: Sequence[int],
) -> Fraction:
    """The figure of a drawn period, over its courses as the indicator says."""
    sums = [
        (sum(course_bad[day] for day in days), sum(course_of[day] for day in days))
        for course_bad, course_of in zip(bad, of, strict=True)
    ]
    if indicator.across == "pooled" or len(sums) == 1:
        failed, total = sum(one for one, _ in sums), sum(one for _, one in sums)
        return 1 - Fraction(failed, total) if total else Fraction(1)
    shares = [1 - Fraction(failed, total) if total else None for failed, total in sums]
    known = [(share, n) for n, share in enumerate(shares) if share is not None]
    if not known:
        return Fraction(1)
    if indicator.across in ("mean", "weighted"):
        own = [weights[n] if indicator.across == "weighted" else Fraction(1) for _, n in known]
        own = own if sum(own) else [Fraction(1)] * len(known)
        return sum((one * share for one, (share, _) in zip(own, known, strict=True)), Fraction(0)) / sum(own)
    best_first = sorted((share for share, _ in known), reverse=True)
    needed = min(indicator.at_least, len(known)) if indicator.across == "at least" else len(known)
    return best_first[needed - 1]


def target_promise(elapsed_us: Sequence[Duration], unended: int) -> TargetPromise:
    """From the counted times of the cycles that ended, and how many are late and have not."""
    cycles = len(elapsed_us) + unended
    rank = -(-KEPT * cycles // 1)
    if not cycles or rank > len(elapsed_us):
        return TargetPromise(None, None, cycles, unended)
    exact_us = sorted(elapsed_us)[int(rank) - 1]
    return TargetPromise(exact_us, -(-exact_us // MINUTE) * MINUTE, cycles, unended)
