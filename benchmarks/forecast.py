"""Forecasts on histories whose breach rate is known: against climatology, and as reliable as they say.

A world is a process of failures on days, with as much of its past as is drawn. In the running month a
forecast is made; then the month goes on as the process says. Climatology is to forecast the rate at which the
months of the process lose the level, known from many of them: more than anybody knows in practice. Of a
process with a trend it is the rate of the months of its past. The best constant knows even the rate of the
very months that were forecast, those that had not lost the level yet.
"""

from __future__ import annotations

import math
import random  # noqa: TID251 - worlds are drawn with a seeded random
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import Final, NamedTuple

from benchmarks.figure import Figure, Sizes
from upheld.core.forecasting.chance import Stake, chances
from upheld.core.forecasting.past import HOURS
from upheld.core.forecasting.urn import Losses

MONTH: Final = 30
BUDGET_S: Final = 2592  # 99.9 % of 30 days
PASTS: Final = (20, 45, 90, 180)
RUNNING: Final = (3, 8, 14, 20, 25)
HISTORY: Final = 180
SEEDS: Final = 5
DECILES: Final = 10
Day = list[int]


class Process(NamedTuple):
    """How the days of a world fail: the seconds down in each hour of day `n` of `of`."""

    name: str
    day: Callable[[random.Random, int, int, dict[str, bool]], Day]
    has_trend: bool = False


def _outages(rng: random.Random, rate: float, middle_min: float, spread: float) -> Day:
    """Outages of one day: as many as Poisson gives, each begun in some hour and going on into the next."""
    hours = [0] * HOURS
    left = math.exp(-rate)
    drawn = rng.random()
    while drawn > left:
        length_s = round(60 * middle_min * math.exp(rng.gauss(0, spread)))
        hour = rng.randrange(HOURS)
        while length_s > 0 and hour < HOURS:
            hours[hour] += min(3600 - hours[hour], length_s)
            length_s -= 3600
            hour += 1
        drawn *= rng.random()
    return hours


def _steady(rng: random.Random, n: int, of: int, state: dict[str, bool]) -> Day:
    return _outages(rng, 0.12, 10, 0.8)


def _seldom(rng: random.Random, n: int, of: int, state: dict[str, bool]) -> Day:
    return _outages(rng, 0.05, 10, 0.8)


def _mostly(rng: random.Random, n: int, of: int, state: dict[str, bool]) -> Day:
    """So often that most months lose the level."""
    return _outages(rng, 0.25, 10, 0.8)


def _bursts(rng: random.Random, n: int, of: int, state: dict[str, bool]) -> Day:
    """Spells of some days in which something fails every day."""
    state["bad"] = rng.random() > 1 / 4 if state.get("bad") else rng.random() < 1 / 45
    return _outages(rng, 1.0 if state["bad"] else 0.03, 10, 0.8)


def _long(rng: random.Random, n: int, of: int, state: dict[str, bool]) -> Day:
    """Rare outages of hours: one costs more than the month's budget."""
    return _outages(rng, 1 / 60, 90, 1.0)


def _weekdays(rng: random.Random, n: int, of: int, state: dict[str, bool]) -> Day:
    return _outages(rng, 0.2 if n % 7 < 5 else 0.01, 8, 0.8)


def _worse(rng: random.Random, n: int, of: int, state: dict[str, bool]) -> Day:
    """Three times as many failures at the end as at the beginning."""
    return _outages(rng, 0.06 * 3 ** (n / of), 11, 0.8)


def _better(rng: random.Random, n: int, of: int, state: dict[str, bool]) -> Day:
    return _outages(rng, 0.18 * 3 ** (-n / of), 11, 0.8)


PROCESSES: Final = (
    Process("steady", _steady),
    Process("seldom", _seldom),
    Process("mostly", _mostly),
    Process("bursts", _bursts),
    Process("long outages", _long),
    Process("weekdays", _weekdays),
    Process("worsening", _worse, has_trend=True),
    Process("improving", _better, has_trend=True),
)


class Told(NamedTuple):
    """One forecast: the chance that was told, what climatology tells, and whether the level was lost."""

    chance: float
    climatology: float
    lost: bool


def world(process: Process, rng: random.Random) -> list[Day]:
    """The past of a world, and the month that runs."""
    state: dict[str, bool] = {}
    days = HISTORY + MONTH
    return [process.day(rng, n, days, state) for n in range(days)]


def climatology(process: Process, seed: int, worlds: int) -> float:
    """The share of months that lose the level: the running one, or with a trend those of the past."""
    rng = random.Random(seed)
    lost = []
    for _ in range(worlds):
        days = [sum(day) for day in world(process, rng)]
        starts = range(0, HISTORY, MONTH) if process.has_trend else (HISTORY,)
        lost += [sum(days[start : start + MONTH]) > BUDGET_S for start in starts]
    return fmean(lost)


def told(process: Process, seed: int, worlds: int, draws: int) -> list[Told]:
    """A forecast in each world whose level is not lost yet, somewhere in its month."""
    rng = random.Random(f"{process.name} {seed}")
    known = climatology(process, seed, 4 * worlds)
    found = []
    for n in range(worlds):
        days = world(process, rng)
        first = HISTORY - rng.choice(PASTS)
        now = HISTORY + rng.choice(RUNNING)
        used_s = sum(map(sum, days[HISTORY:now]))
        if used_s > BUDGET_S:
            continue
        past = days[first:now]
        losses = Losses(
            hourly=(tuple(lost for day in past for lost in day),),
            weekdays=tuple(day % 7 for day in range(first, now)),
            budgets=(BUDGET_S,),
        )
        slack = (BUDGET_S - used_s,)
        hours = (HISTORY + MONTH - now) * HOURS
        drawn = chances(losses, now % 7, hours, Stake(slack, slack, slack, 1), draws, seed * worlds + n)
        lost = sum(map(sum, days[HISTORY:])) > BUDGET_S
        found.append(Told(drawn.stated / drawn.resamples, known, lost))
    return found


def brier(chances_told: Iterable[float], lost: Iterable[bool]) -> float:
    """The mean squared distance of what was told from what came."""
    return fmean((chance - came) ** 2 for chance, came in zip(chances_told, lost, strict=True))


def ratio(found: Sequence[Told]) -> float:
    """The Brier score of the forecasts by that of climatology: below 1 is better."""
    lost = [one.lost for one in found]
    return brier([one.chance for one in found], lost) / brier([one.climatology for one in found], lost)


def constant(found: Sequence[Told]) -> float:
    """The Brier score of the forecasts by that of the best constant (1 where nothing was left to tell)."""
    lost = [one.lost for one in found]
    best = brier([fmean(lost)] * len(lost), lost)
    return brier([one.chance for one in found], lost) / best if best else 1.0


def deciles(found: Iterable[Told]) -> dict[int, tuple[float, float, int]]:
    """By decile of the chance: the mean chance, the share that was lost, and of how many forecasts."""
    by: dict[int, list[Told]] = {}
    for one in found:
        by.setdefault(min(DECILES - 1, int(one.chance * DECILES)), []).append(one)
    return {
        decile: (fmean(one.chance for one in own), fmean(one.lost for one in own), len(own))
        for decile, own in sorted(by.items())
    }


def widest(found: Iterable[Told], least: int) -> tuple[float, str]:
    """The largest distance of what was told from what came, of deciles with enough forecasts; in words."""
    rows = {decile: row for decile, row in deciles(found).items() if row[2] >= least}
    text = ", ".join(f"{mean:.2f}/{came:.2f}" for mean, came, _ in rows.values())
    return max((abs(mean - came) for mean, came, _ in rows.values()), default=0.0), text


def forecast_figures(sizes: Sizes) -> Iterable[Figure]:
    """Five seeds over all processes, and what came of each process over all seeds."""
    by: Mapping[tuple[str, int], list[Told]] = {
        (process.name, seed): told(process, seed, sizes.worlds, sizes.draws)
        for process in PROCESSES
        for seed in range(1, SEEDS + 1)
    }
    everything = [one for found in by.values() for one in found]
    scores = [
        ratio([one for process in PROCESSES for one in by[process.name, seed]])
        for seed in range(1, SEEDS + 1)
    ]
    seeds = ", ".join(f"{score:.2f}" for score in scores)
    beside = f"{constant(everything):.2f} of the best constant"
    kinds = {
        process.name: [one for seed in range(1, SEEDS + 1) for one in by[process.name, seed]]
        for process in PROCESSES
    }
    rates = ", ".join(f"{name} {ratio(own):.2f} ({own[0].climatology:.2f})" for name, own in kinds.items())
    yield Figure(
        work="Brier score of chances of losing a level, the worst of five seeds",
        bound="at most",
        reach=1,
        measured=max(scores),
        beside="climatology",
        detail=f"seeds: {seeds}; {len(everything):,} forecasts; {beside}; by kind (months lost): {rates}",
    )
    distance, text = widest(everything, sizes.worlds // 2)
    yield Figure(
        work="distance of chances told from shares that came, the worst decile",
        bound="at most",
        reach=0.1,
        measured=distance,
        beside="perfect reliability",
        detail=f"told/came: {text}",
        unit="",
    )
