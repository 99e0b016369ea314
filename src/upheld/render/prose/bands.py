"""Bands as tables show them: how many decimals their edges need, and the values that lie in none of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from upheld.core.measuring.level import Compare, reaches
from upheld.core.terms.indicator import Level
from upheld.core.terms.remedy import Band, Bands, Share
from upheld.core.values.frozen import replace

_MOST_DECIMALS: Final = 12
_NOTHING: Final = Share(Fraction(0))


class _Cell(NamedTuple):
    """One edge, or the values between two neighbouring ones; `inner` is one of them."""

    low: Fraction
    high: Fraction | None
    inner: Fraction

    @property
    def is_edge(self) -> bool:
        return self.low == self.high


def decimals_of(ratio: Fraction) -> int:
    """How many decimals a ratio has as a percentage."""
    percent, places = ratio * 100, 0
    while percent.denominator != 1 and places < _MOST_DECIMALS:
        percent, places = percent * 10, places + 1
    return places


def gaps(bands: Bands, level: Level, compare: Compare = "exact") -> tuple[Band, ...]:
    """The values that miss the level and lie in no band, as bands that give nothing.

    Where a figure is rounded before, those alone that a rounded figure can fall into.
    """
    found: list[Band] = []
    joins = False
    for cell in _cells(bands, level):
        if reaches(level, cell.inner) or any(band.holds(cell.inner) for band in bands.bands):
            joins = False
            continue
        if joins:
            found[-1] = Band(found[-1].low, cell.high, found[-1].has_low, cell.is_edge, _NOTHING)
        else:
            found.append(Band(cell.low, cell.high, cell.is_edge, cell.is_edge, _NOTHING))
        joins = True
    if compare == "half up" and level.unit == "ratio":
        unit = Fraction(1, 10 ** (level.decimals + 2))
        found = [gap for gap in found if _has_multiple(gap, unit)]
    # Nothing lies below nothing, so an edge there is none.
    return tuple(
        replace(gap, low=None, has_low=False) if gap.low == 0 < (gap.high or 1) else gap for gap in found
    )


def _has_multiple(gap: Band, unit: Fraction) -> bool:
    """Whether a number with so many decimals lies in a gap."""
    assert gap.low is not None, "a gap begins at nothing at the least"
    first = ceil(gap.low / unit)
    return any(gap.holds(number * unit) for number in (first, first + 1))


def _cells(bands: Bands, level: Level) -> Iterator[_Cell]:
    """All values, from nothing on: edges, and what is between them."""
    most = [Fraction(1)] if level.unit == "ratio" else []
    edges = {edge for band in bands.bands for edge in (band.low, band.high) if edge is not None}
    points = sorted({Fraction(0), level.value, *most, *edges})
    for low, high in zip(points, [*points[1:], None], strict=True):
        yield _Cell(low, low, low)
        if high is not None:
            yield _Cell(low, high, (low + high) / 2)
        elif not most:
            yield _Cell(low, None, low + 1)
