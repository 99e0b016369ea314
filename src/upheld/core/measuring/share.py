"""Shares as pairs of what was kept and of how much, so that those of several can still be pooled exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from upheld.core.verdicts.measurement import Bounds, Lost, Measurement

NOTHING, ALL = Fraction(0), Fraction(1)


class Share(NamedTuple):
    """So much of a total was kept. `of` zero: there was nothing.

    What is taken off twice (CENG/C6) can bring `kept` below nothing; its ratio is zero then.
    """

    kept: Fraction | int
    of: int

    def ratio(self, empty: Fraction) -> Fraction:
        """The share as a ratio, and what stands for it where there was nothing."""
        return Fraction(max(self.kept, 0)) / self.of if self.of else empty


class Shares(NamedTuple):
    """The share by the agreement's rules, with the unknown as bad, and with the unknown as good.

    Where nothing was observed and no rule for gaps takes the unknown as up or down, there are bounds and no
    value: `is_observed` is false.
    """

    value: Share
    low: Share
    high: Share
    is_observed: bool = True

    def plus(self, more: int) -> Shares:
        """The shares if so much more comes to the total and is kept."""
        value, low, high = (Share(one.kept + more, one.of + more) for one in self[:3])
        return Shares(value, low, high, self.is_observed)

    def bounds(self, empty_met: bool) -> Bounds:
        """The value and what it is at least and at most: nothing at all is whole, or anything.

        A total that is empty whatever was not observed may still have a value, by the rule for gaps.
        """
        is_empty = not self.low.of and not self.high.of
        low = self.low.ratio(ALL if is_empty and empty_met else NOTHING)
        # With the unknown as bad there may be nothing to count, which is no worse than all of it kept.
        high = self.high.ratio(ALL) if self.low.of else ALL
        if not self.value.of or not self.is_observed:
            return Bounds(None, low, high)
        value = self.value.ratio(NOTHING)
        return Bounds(value, min(low, value), max(high, value))


class Figure(NamedTuple):
    """A measurement, with the shares behind its bounds; those are missing where it is no share."""

    measurement: Measurement
    to_date: Shares | None = None
    final: Shares | None = None
    worst: Share | None = None

    @property
    def ends(self) -> tuple[Share, ...]:
        """The shares that decide in the end: the chosen one, its bounds, the worst that can still come."""
        return () if self.final is None or self.worst is None else (*self.final[:3], self.worst)


def lost(shares: Iterable[Share]) -> tuple[Lost, ...]:
    """What was not kept of shares of something, each once; of those with one ratio, the first."""
    found: dict[Fraction, Lost] = {}
    for one in shares:
        if one.of:
            ratio = one.ratio(NOTHING)
            found.setdefault(ratio, Lost(ratio, one.of - one.kept, one.of))
    return tuple(found.values())


def pooled(shares: Sequence[Shares]) -> Shares:
    """The shares of all totals together."""
    value, low, high = (sum_of([one[:3][i] for one in shares]) for i in range(3))
    return Shares(value, low, high, any(one.is_observed for one in shares))


def sum_of(shares: Sequence[Share]) -> Share:
    """The share of several totals together. One below nothing takes nothing from others."""
    kept: Fraction | int = sum((max(one.kept, 0) for one in shares), 0)
    return Share(kept, sum(one.of for one in shares))
