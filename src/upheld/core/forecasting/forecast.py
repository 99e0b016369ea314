"""Where a running period is going: its budget, the ends that are possible, the chance of losing the level.

Exact are the budget and the best and the worst end; the chance is drawn from the past (`forecast_urn`), by a
seed, and says by which method. It never decides a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.forecasting.chance import Chances, chances
from upheld.core.forecasting.past import Past
from upheld.core.forecasting.stake import stakes_of
from upheld.core.forecasting.urn import ADDED, HALF_LIFE, KIN, SIZES, WEEK, Losses, is_clustered
from upheld.core.measuring.level import reaches
from upheld.core.terms.indicator import CommitRule, Indicator, Level
from upheld.core.timeline.instant import HOUR, Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.words import count
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass, field, replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.measurement import Bounds, Measurement
from upheld.core.verdicts.verdict import State, Verdict

RESAMPLES: Final = 1000
SEED: Final = 1
METHOD: Final = "forecast.urn/1"
"""The versioned id of the way in which chances are drawn."""


class Budget(NamedTuple):
    """How much may be bad in a period, and how much of that is used: microseconds, or a count.

    Of what was counted so far, where it is not known how much is to come. `left` below zero is overdrawn.
    """

    whole: int
    used: Fraction
    unit: str

    @property
    def left(self) -> Fraction:
        """What is left."""
        return self.whole - self.used

    @property
    def share(self) -> Fraction | None:
        """The share that is used; None of a budget of nothing."""
        return self.used / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of one measured commitment in one period that is running.

    `best` is its value if nothing more fails, `worst` if everything does. `elapsed` is the share of the
    period that is over, `counted` the share of what will be counted that is (1 where it is not known how much
    will be). `chance` is None where it cannot be told, `reason` says why, or that it is certain; `least` and
    `most` are the chances with the unknown as good and as bad. `lost_in` are the hours to come, from 0, in
    which continuations lost the level; `past_days` the days from which they were drawn.
    """

    key: CellKey
    state: State
    period: Period
    at: Instant
    level: Level | None
    now: Bounds
    best: Fraction
    worst: Fraction
    elapsed: Fraction
    counted: Fraction = Fraction(1)
    budget: Budget | None = None
    chance: Fraction | None = None
    least: Fraction | None = None
    most: Fraction | None = None
    reason: str = ""
    lost_in: tuple[int, ...] = ()
    resamples: int = 0
    past_days: int = 0
    method: tuple[tuple[str, str], ...] = field(default=())

    @property
    def burn(self) -> Fraction | None:
        """The share of the budget used by the share that is counted: above 1 the budget does not last.

        None where there is no budget, or nothing was counted.
        """
        share = self.budget.share if self.budget else None
        return None if share is None or not self.counted else share / self.counted

    @property
    def lost_by(self) -> Instant | None:
        """The end of the hour by which half of the continuations that lose the level have lost it."""
        return self.lost_around(self.period.end_at)

    def lost_around(self, until_at: Instant) -> Instant | None:
        """As `lost_by`, of the continuations that lose it by an instant; None if none does."""
        ends = [self._hour_end(hour) for hour in self.lost_in]
        lost = [end_at for end_at in ends if end_at <= until_at]
        return lost[(len(lost) - 1) // 2] if lost else None

    def chance_by(self, until_at: Instant) -> Fraction | None:
        """The chance that the level is lost by an instant."""
        if self.chance is None or not self.resamples or until_at >= self.period.end_at:
            return self.chance
        lost = sum(self._hour_end(hour) <= until_at for hour in self.lost_in)
        return Fraction(lost, self.resamples)

    def _hour_end(self, hour: int) -> Instant:
        return min(self.at + (hour + 1) * HOUR, self.period.end_at)


def bare_forecast(verdict: Verdict, commit: CommitRule, at: Instant) -> Forecast:
    """The part of a forecast that is exact. ValueError if the verdict is of no measurement."""
    found = verdict.measurement
    if found is None:
        raise ValueError(f"{verdict.key} was not measured, so there is nothing to forecast")
    best, worst = found.final.high, found.worst_final
    if commit.level is not None and commit.level.relation[0] == "<":
        # Of latencies the fastest is the lowest; of a share that may be at most so much, all failing is best.
        is_share = commit.level.unit == "ratio"
        best, worst = (worst, best) if is_share else (found.final.low, worst)
    period = found.period
    return Forecast(
        key=verdict.key,
        state=verdict.state,
        period=period,
        at=at,
        level=commit.level,
        now=found.to_date,
        best=best,
        worst=worst,
        elapsed=Fraction(min(max(at - period.start_at, 0), period.length_us), period.length_us),
        counted=Fraction(found.total, found.final_total) if found.final_total else Fraction(1),
        budget=_budget(commit, found),
    )


def forecast(
    verdict: Verdict,
    commit: CommitRule,
    indicator: Indicator,
    past: Past,
    zone: Zone,
    at: Instant,
    open_items: Sequence[Fraction] = (),
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Forecast:
    """The forecast of a running verdict. `open_items` are the chances of the items that are not decided.

    Where the best end does not keep the level, or the worst one does, that is certain and nothing is drawn.
    ValueError if no level is promised.
    """
    bare = bare_forecast(verdict, commit, at)
    level, found = commit.level, verdict.measurement
    assert found is not None
    bare = replace(bare, past_days=past.days)
    if level is None:
        raise ValueError(f"{verdict.key} is promised at no level, so there is nothing to lose")
    if verdict.is_late or not reaches(level, bare.best, commit.compare):
        return _certain(bare, 1, "the level can no longer be reached")
    if reaches(level, bare.worst, commit.compare):
        return _certain(bare, 0, "even the worst end keeps the level")
    if found.is_settled or at >= found.period.end_at:
        return replace(bare, reason="the period is over, only what is not known yet is open")
    stakes = stakes_of(commit, indicator, found, past, open_items, at)
    if stakes is None:
        return replace(bare, reason="the mean of counted figures is not drawn")
    losses, stake = stakes
    hours = max(1, -(-(found.period.end_at - at) // HOUR))
    drawn = chances(losses, zone.date_at(at).weekday(), hours, stake, resamples, seed)
    return _drawn(bare, drawn, method_of(past, losses, resamples, seed))


def _certain(bare: Forecast, chance: int, reason: str) -> Forecast:
    sure = Fraction(chance)
    return replace(bare, chance=sure, least=sure, most=sure, reason=reason)


def _drawn(bare: Forecast, drawn: Chances, method: tuple[tuple[str, str], ...]) -> Forecast:
    of = drawn.resamples
    return replace(
        bare,
        chance=Fraction(drawn.stated, of),
        least=Fraction(min(drawn.least, drawn.stated), of),
        most=Fraction(max(drawn.most, drawn.stated), of),
        lost_in=drawn.lost_in,
        resamples=of,
        method=method,
    )


def method_of(past: Past, losses: Losses, resamples: int, seed: int) -> tuple[tuple[str, str], ...]:
    """By which method a chance was drawn, in words."""
    block = f"whole weeks of {WEEK} days" if is_clustered(losses.daily) else "days of 24 hours"
    sizes = [f"{times}" if of == 1 else f"{times}/{of}" for times, of in SIZES]
    return (
        ("id", METHOD),
        ("drawn", f"{block} of the past, each put back with a copy"),
        ("past", count(past.days, "day")),
        ("weights", f"half as much every {HALF_LIFE} days back, {KIN} times as much on the same weekday"),
        ("added", f"{ADDED} days, one of them bad by {', '.join(sizes[:-1])} or {sizes[-1]} of the budget"),
        ("continuations", str(resamples)),
        ("seed", str(seed)),
    )


# -- the budget --------------------------------------------------------------------------------------------


def _budget(commit: CommitRule, found: Measurement) -> Budget | None:
    """The budget in the unit of the partition; None where durations are measured, or nothing counted."""
    level, of = commit.level, found.final_total or found.total
    value = found.final.value
    if level is None or level.unit != "ratio" or level.relation[0] != ">" or value is None or not of:
        return None
    low, high = -1, of
    while low < high:  # the most that may be bad, by the same comparison as the verdict
        middle = -(-(low + high) // 2)
        if reaches(level, 1 - Fraction(middle, of), commit.compare):
            low = middle
        else:
            high = middle - 1
    return Budget(max(low, 0), of * (1 - value), "us" if found.unit == "time" else "count")
