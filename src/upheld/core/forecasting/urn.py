"""The past drawn again: days out of an urn, each put back together with a copy of itself.

Days are drawn, not hours, so that what happens within a day stays together, and whole weeks where bad days
tend to follow each other. Putting a copy back (Pólya's urn) draws from all that so short a past leaves
possible and not only from what it was: 20 days say less than 200, and what they lead to lies further apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from upheld.core.forecasting.draws import Draws
from upheld.core.forecasting.past import HOURS
from upheld.core.values.frozen import dataclass

WEEK: Final = 7
HALF_LIFE: Final = 90
"""A day so many days ago counts half as much as the last one, so that a trend is followed."""
KIN: Final = 3
"""A day of the same weekday is so many times as likely to be drawn."""
ADDED: Final = 20
"""So many days are added to every past: one of them bad, the others like the middle one of the past."""
SIZES: Final = ((1, 4), (1, 2), (1, 1), (2, 1), (4, 1))
"""What the bad one of them loses, each as likely, as shares of the budget of a whole period."""
CLUSTERED: Final = 2
"""Weeks are drawn where their sums vary so many times as much as those of independent days would."""
_FULL: Final = 1 << 20  # the weight of one day; the others are rounded to whole parts of it

Rows = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Losses:
    """What each past hour lost, course by course, and what is lost in the whole of a period's budget."""

    hourly: tuple[tuple[int, ...], ...]
    weekdays: tuple[int, ...]
    budgets: tuple[int, ...]

    @property
    def days(self) -> int:
        """How many days there are."""
        return len(self.weekdays)

    @property
    def daily(self) -> list[list[int]]:
        """The sums of each day, course by course."""
        return [
            [sum(course[HOURS * day : HOURS * (day + 1)]) for day in range(self.days)]
            for course in self.hourly
        ]


class Urn:
    """A past made ready. `first_weekday` is the weekday of the first day to come.

    A drawn day is a number: that of a past day, or -1 for an added one like the middle, or below for an
    added bad one of each size.
    """

    def __init__(self, losses: Losses, first_weekday: int) -> None:
        self._losses = losses
        self._first_weekday = first_weekday
        self._daily = losses.daily
        self.block_days = WEEK if is_clustered(self._daily) else 1
        self._starts = [self._cumulated(weekday) for weekday in range(WEEK)]
        self._middle = [sorted(course)[len(course) // 2] if course else 0 for course in self._daily]

    def path(self, hours: int, draws: Draws) -> list[tuple[int, int]]:
        """The days of one continuation over so many hours, each with how many of its hours."""
        block_days = self.block_days
        copy = block_days * _FULL
        drawn: list[int] = []
        found: list[tuple[int, int]] = []
        ahead = hours
        while ahead > 0:
            starts = self._starts[(self._first_weekday + len(found)) % WEEK]
            own = starts[-1] if starts else 0
            at = draws.below(own + ADDED * _FULL + copy * len(drawn))
            if at < own:
                first = bisect_right(starts, at)
            elif at < own + _FULL:
                first = -2 - (at - own) * len(SIZES) // _FULL
            elif at < own + ADDED * _FULL:
                first = -1
            else:
                first = drawn[(at - own - ADDED * _FULL) // copy]
            drawn.append(first)
            for offset in range(block_days):
                if ahead <= 0:
                    break
                day = first + offset if first >= 0 else first if offset == 0 else -1
                found.append((day, min(HOURS, ahead)))
                ahead -= HOURS
        return found

    def lost(self, day: int, hours: int, course: int) -> int:
        """What a drawn day loses in its first hours."""
        if day >= 0:
            if hours == HOURS:
                return self._daily[course][day]
            return sum(self._losses.hourly[course][HOURS * day : HOURS * day + hours])
        usual = self._middle[course] * hours // HOURS
        if day == -1:
            return usual
        times, of = SIZES[-2 - day]
        # It comes at the middle of its day: half of the shorter days to come have it.
        return usual + (self._losses.budgets[course] * times // of if 2 * hours >= HOURS else 0)

    def _cumulated(self, weekday: int) -> list[int]:
        """The weights of the days at which a block can begin, summed up, if it begins on a weekday."""
        days = self._losses.days
        weights = [weight(days - 1 - day) for day in range(days)]
        kin = [
            own * (KIN if its == weekday else 1)
            for own, its in zip(weights, self._losses.weekdays, strict=True)
        ]
        whole, total = sum(weights), sum(kin)
        last = max(0, days - self.block_days + 1)
        return list(accumulate(one * whole // total for one in kin[:last]))


def weight(age_days: int) -> int:
    """How much a day of that age counts: half after each half-life, on a straight line in between."""
    halvings, rest = divmod(age_days, HALF_LIFE)
    return (_FULL * (2 * HALF_LIFE - rest) // (2 * HALF_LIFE)) >> halvings


def is_clustered(daily: Rows) -> bool:
    """Whether bad days follow each other: the sums of weeks vary more than independent days let them."""
    days = len(daily[0]) if daily else 0
    weeks = days // WEEK
    if weeks < 4:
        return False
    sums = [sum(course[day] for course in daily) for day in range(days - weeks * WEEK, days)]
    weekly = [sum(sums[WEEK * week : WEEK * (week + 1)]) for week in range(weeks)]
    # n times the squared deviations, so that nothing is divided: variances are these over n (n - 1).
    of_days = len(sums) * sum(one * one for one in sums) - sum(sums) ** 2
    of_weeks = weeks * sum(one * one for one in weekly) - sum(weekly) ** 2
    days_left, weeks_left = len(sums) * (len(sums) - 1), weeks * (weeks - 1)
    return of_weeks * days_left > CLUSTERED * WEEK * of_days * weeks_left
