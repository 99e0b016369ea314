"""How often a level is lost when the past goes on: paths out of the urn against what a figure can still lose.

Everything is in losses: whole numbers of a unit in which a figure keeps its level as long as the losses to
come are at most its slack. With a level of p / q, a microsecond down costs q; an observation costs p, and one
that was kept gives q back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from upheld.core.forecasting.draws import Draws
from upheld.core.forecasting.past import HOURS
from upheld.core.forecasting.urn import Losses, Urn
from upheld.core.values.frozen import dataclass

Slack = tuple[int, ...]
"""What each course can still lose."""


@dataclass(frozen=True, slots=True)
class Stake:
    """What is at stake: the slack by the stated value, and where the unknown is bad, or good.

    `needed` courses must be kept. `ongoing` are, course by course, the losses of what was cut off: how much
    more past outages that were as long as the present one still cost; `hour_cost` is what an hour of one
    costs. `open_items` are the chances (a in b) of items that are open, and what each costs if it is late, or
    not.
    """

    stated: Slack
    low: Slack
    high: Slack
    needed: int
    ongoing: tuple[tuple[int, ...], ...] = ()
    hour_cost: int = 0
    open_items: tuple[tuple[int, int], ...] = ()
    cost_late: int = 0
    cost_kept: int = 0


class Chances(NamedTuple):
    """In how many continuations the level was lost: as stated, with the unknown good, and with it bad.

    `lost_in` are the hours to come (from 0) in which it was lost, in order, as stated.
    """

    resamples: int
    stated: int
    least: int
    most: int
    lost_in: tuple[int, ...]


def chances(
    losses: Losses, first_weekday: int, hours: int, stake: Stake, resamples: int, seed: int
) -> Chances:
    """So many continuations over so many hours to come."""
    urn, draws = Urn(losses, first_weekday), Draws(seed)
    stated = least = most = 0
    lost_in: list[int] = []
    for _ in range(resamples):
        start = _at_once(stake, draws)
        path = urn.path(hours, draws)
        end = [
            before + sum(urn.lost(day, ahead, course) for day, ahead in path)
            for course, before in enumerate(start)
        ]
        least += is_lost(end, stake.high, stake.needed)
        most += is_lost(end, stake.low, stake.needed)
        if is_lost(end, stake.stated, stake.needed):
            stated += 1
            lost_in.append(_hour_lost(urn, path, start, stake))
    return Chances(resamples, stated, least, most, tuple(sorted(lost_in)))


def is_lost(losses: Sequence[int], slack: Slack, needed: int) -> bool:
    """Whether fewer courses than needed are within their slack."""
    return sum(loss <= left for loss, left in zip(losses, slack, strict=True)) < needed


def _at_once(stake: Stake, draws: Draws) -> list[int]:
    """What is lost before any day to come: the rest of an outage that goes on, and open items."""
    start = [0] * len(stake.stated)
    for course, lengths in enumerate(stake.ongoing):
        if lengths:
            start[course] += lengths[draws.below(len(lengths))]
    for late, of in stake.open_items:
        start[0] += stake.cost_late if draws.below(of) < late else stake.cost_kept
    return start


def _hour_lost(urn: Urn, path: Sequence[tuple[int, int]], start: Sequence[int], stake: Stake) -> int:
    """The hour from which it stays lost, to the hour of the day drawn; counts can come back above a level."""
    losses = list(start)
    was_lost = is_lost(losses, stake.stated, stake.needed)
    begun, lost_in = 0, _hour_at_once(start, stake) if was_lost else 0
    for day, ahead in path:
        after = [before + urn.lost(day, ahead, course) for course, before in enumerate(losses)]
        now_lost = is_lost(after, stake.stated, stake.needed)
        if now_lost and not was_lost:
            lost_in = begun + _hour_of(urn, day, ahead, losses, stake)
        losses, was_lost, begun = after, now_lost, begun + HOURS
    return lost_in


def _hour_at_once(start: Sequence[int], stake: Stake) -> int:
    """The hour in which the rest of an outage that goes on has cost more than is left; 0 if none goes on."""
    if not stake.hour_cost:
        return 0
    over = sorted(
        max(left, 0) // stake.hour_cost for loss, left in zip(start, stake.stated, strict=True) if loss > left
    )
    return over[len(start) - stake.needed]


def _hour_of(urn: Urn, day: int, ahead: int, losses: Sequence[int], stake: Stake) -> int:
    """The first hour of a day with which it is lost."""
    for hour in range(1, ahead):
        inside = [before + urn.lost(day, hour, course) for course, before in enumerate(losses)]
        if is_lost(inside, stake.stated, stake.needed):
            return hour - 1
    return ahead - 1
