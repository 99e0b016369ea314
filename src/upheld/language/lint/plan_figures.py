"""Plans in the order of the page: at which levels, and with which credits, the dearer one promises less."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from upheld.core.owing.reach import size
from upheld.core.terms.indicator import Level
from upheld.core.terms.remedy import Band, Bands, Give
from upheld.core.values.finding import Finding
from upheld.language.lint.gives import given
from upheld.language.lint.plans import Pair, places_of
from upheld.language.quantities import shown
from upheld.language.whole import Whole


def plan_measures_less(whole: Whole) -> Iterator[Finding]:
    """Whatever level or credit is worse in a plan than in the one before it."""
    for less, more in pairwise(whole.plans):
        pair = Pair(less, more)
        yield from _levels(pair)
        yield from _bands(pair)


# -- levels ------------------------------------------------------------------------------------------------


def _levels(pair: Pair) -> Iterator[Finding]:
    after = {commit.name: commit for commit in pair.more.terms.commits}
    for commit in pair.less.terms.commits:
        if commit.level is None:
            continue
        places = places_of(pair, "commit", commit.name, "level")
        other = after.get(commit.name)
        if other is None or other.level is None:
            yield pair.worse(f"`{commit.name}` has no level", places)
        elif _is_lower(other.level, commit.level):
            yield pair.worse(
                f"`{commit.name}` is {_level(other.level)}, and was {_level(commit.level)}", places
            )
        elif commit.modality == "guarantee" and other.modality != "guarantee":
            places = places_of(pair, "commit", commit.name, "modality")
            yield pair.worse(f"`{commit.name}` is no longer guaranteed ({other.modality})", places)


def _is_lower(one: Level, other: Level) -> bool:
    if one.unit != other.unit or one.relation[0] != other.relation[0]:
        return False
    if one.value != other.value:
        return (one.value < other.value) == (one.relation[0] == ">")
    return len(one.relation) > len(other.relation)


def _level(level: Level) -> str:
    return f"{level.relation} {shown(level.value, level.unit)}"


# -- bands -------------------------------------------------------------------------------------------------


def _bands(pair: Pair) -> Iterator[Finding]:
    after = {remedy.name: remedy for remedy in pair.more.terms.remedies}
    for remedy in pair.less.terms.remedies:
        other = after.get(remedy.name)
        places = places_of(pair, "remedy", remedy.name, "bands")
        if other is None:
            yield pair.worse(f"`{remedy.name}` is gone", places)
        elif isinstance(remedy.amount, Bands) and isinstance(other.amount, Bands):
            found = _paid_less(other.amount.bands, remedy.amount.bands)
            if found is not None:
                at, now, was = found
                unit = "ratio" if at <= 1 else "duration"
                told = (
                    f"`{remedy.name}` gives {given(now) if now else 'nothing'} for {shown(at, unit)}, and "
                    f"gave {given(was)}"
                )
                yield pair.worse(told, places)


def _paid_less(
    bands: tuple[Band, ...], before: tuple[Band, ...]
) -> tuple[Fraction, Give | None, Give] | None:
    """The first value for which less is given; amounts of two units are not compared."""
    edges = sorted({edge for one in (*bands, *before) for edge in (one.low, one.high) if edge is not None})
    probes = [*edges, *((a + b) / 2 for a, b in pairwise([Fraction(0), *edges]))]
    for at in sorted(probes):
        now = next((one.give for one in bands if one.holds(at)), None)
        was = next((one.give for one in before if one.holds(at)), None)
        if was is not None and (now is None or (type(now) is type(was) and size(now) < size(was))):
            return at, now, was
    return None
