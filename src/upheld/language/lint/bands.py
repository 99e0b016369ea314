"""Bands of values against the level that they follow: what contradicts it, what a reading decides."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from upheld.core.terms.indicator import Level
from upheld.core.terms.remedy import Band, Bands, Give, RemedyRule
from upheld.core.values.finding import Finding
from upheld.language.concepts import Field as Known
from upheld.language.concepts import concept
from upheld.language.lint.fields import Option, field_of, finding, options_of
from upheld.language.lint.gives import given
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node
from upheld.language.quantities import BandText, Quantity, band, bands, edge, gap, is_kept, shown
from upheld.language.report import Report
from upheld.language.whole import PlanText, Whole


def boundary_contradiction(whole: Whole) -> Iterator[Finding]:
    """Bands that hold values which keep the commitment, so that nothing is owed for them."""
    for plan, remedy, level in _banded(whole):
        assert isinstance(remedy.amount, Bands)
        field = field_of(plan, "remedy", remedy.name, "bands")
        for one in remedy.amount.bands if remedy.when is None else ():
            value = _kept_in(one, level)
            if value is None:
                continue
            at = shown(value, level.unit)
            message = (
                f"a band gives {given(one.give)} for {at}, which keeps `{remedy.of}` "
                f"({level.relation} {shown(level.value, level.unit)}): nothing is owed there"
            )
            commit = plan.terms.rule(remedy.of)
            places = [field.place, field_of(plan, "commit", commit.name, "level").place]
            way_out = f"let the band end before {shown(level.value, level.unit)}, or add `when`"
            yield finding(field.severity, "boundary-contradiction", message, places, way_out)


def _kept_in(one: Band, level: Level) -> Fraction | None:
    """A value of a band that reaches the level: the level itself, or one beyond it."""
    if one.holds(level.value) and is_kept(level, level.value):
        return level.value
    is_least = level.relation in (">=", ">")
    far = one.high if is_least else one.low
    if far is None:
        far = (
            Fraction(1)
            if is_least and level.unit == "ratio"
            else level.value * 2
            if is_least
            else Fraction(0)
        )
    beyond = far > level.value if is_least else far < level.value
    near = one.low if is_least else one.high
    if not beyond:
        return None
    start = level.value if near is None else (max if is_least else min)(near, level.value)
    return far if one.holds(far) else (start + far) / 2


def band_edge(whole: Whole) -> Iterator[Finding]:
    """Values at the edge of two bands, for which a reading decides what is given."""
    for plan, remedy, level in _banded(whole):
        node = field_of(plan, "remedy", remedy.name).node
        for name, options in _by_assumption(plan, remedy, level, node).items():
            if len(options) < 2:
                continue
            edges = sorted({e for found in options.values() for one in found for e in _edges(one)})
            told = [_told(at, level, options) for at in edges if _differs(at, options)]
            # Where more than the edges moves, the reading is about something else.
            if not told or any(_differs(at, options) for at in _between(edges)):
                continue
            message = f"`{name}` decides in which band an edge lies: {'; '.join(told)}"
            places = [
                field_of(plan, "remedy", remedy.name, "bands").place,
                plan.terms.assumptions[name].cited.place,
            ]
            way_out = "write each edge into one band: `[98 %, 99 %)` holds 98 % and not 99 %"
            yield finding("note", "band-edge", message, places, way_out)


def band_gap_under_reading(whole: Whole) -> Iterator[Finding]:
    """Values that under a reading which is not taken would miss the level and lie in no band."""
    for plan, remedy, level in _banded(whole):
        node = field_of(plan, "remedy", remedy.name).node
        for name, options in _by_assumption(plan, remedy, level, node).items():
            taken = plan.terms.assumptions[name].take
            if gap(level, tuple(options.get(taken, ()))):
                continue
            for option, found in options.items():
                missing = gap(level, found)
                if option == taken or not missing:
                    continue
                message = (
                    f"under `{option}` of `{name}`, a value {missing} misses the level of `{remedy.of}` and "
                    f"lies in no band, so nothing would be owed"
                )
                places = [
                    field_of(plan, "remedy", remedy.name, "bands").place,
                    field_of(plan, "commit", remedy.of, "level").place,
                    plan.terms.assumptions[name].cited.place,
                ]
                way_out = "have the first band reach the level in the terms themselves, or keep the reading"
                yield finding("note", "band-gap", message, places, way_out)


# -- bands under readings ----------------------------------------------------------------------------------


def _banded(whole: Whole) -> Iterator[tuple[PlanText, RemedyRule, Level]]:
    """Every remedy by bands, with the level that it follows."""
    for plan in whole.plans:
        levels = {commit.name: commit.level for commit in plan.terms.commits}
        for remedy in plan.terms.remedies:
            level = levels.get(remedy.of)
            if isinstance(remedy.amount, Bands) and level is not None:
                yield plan, remedy, level


def _by_assumption(
    plan: PlanText, remedy: RemedyRule, level: Level, node: Node | None
) -> dict[str, dict[str, tuple[Band, ...]]]:
    """The bands of a remedy under each option of each assumption that its bands consult."""
    found: dict[str, dict[str, tuple[Band, ...]]] = {}
    about = {
        name for part in ("bands", "top") for name in field_of(plan, "remedy", remedy.name, part).readings
    }
    for option in options_of(plan, node) if node is not None and about else ():
        read = _bands(option, level) if option.assumption.name in about else None
        if read is not None:
            found.setdefault(option.assumption.name, {})[option.option] = read
    return found


def _bands(option: Option, level: Level) -> tuple[Band, ...] | None:
    """The bands of a remedy's text; None if they cannot be read under this option."""
    node, report = option.node, Report()
    texts = node.get("bands") if isinstance(node, MapNode) else None
    if not isinstance(node, MapNode) or texts is None:
        return None
    top = node.get("top")
    said = edge(_field("top"), top, report) if top is not None else None
    at = Quantity(level.value, level.unit, level.decimals) if said == "level" else said
    read: list[BandText] = list(bands(_field("bands"), texts, report))
    found = [band(one, at if isinstance(at, Quantity) else None, level.unit, report) for one in read]
    return tuple(one for one in found if one is not None) if not report.errors and None not in found else None


def _field(name: str) -> Known:
    known = concept("remedy").field(name)
    assert known is not None, "the concept has the field"
    return known


def _edges(one: Band) -> Iterator[Fraction]:
    yield from (edge for edge in (one.low, one.high) if edge is not None)


def _between(edges: list[Fraction]) -> list[Fraction]:
    return [(a + b) / 2 for a, b in pairwise(edges)]


def _given_at(at: Fraction, found: tuple[Band, ...]) -> Give | None:
    return next((one.give for one in found if one.holds(at)), None)


def _differs(at: Fraction, options: dict[str, tuple[Band, ...]]) -> bool:
    return len({_given_at(at, found) for found in options.values()}) > 1


def _told(at: Fraction, level: Level, options: dict[str, tuple[Band, ...]]) -> str:
    outcomes = [
        f"{given(give) if (give := _given_at(at, found)) is not None else 'nothing'} under `{option}`"
        for option, found in options.items()
    ]
    return f"exactly {shown(at, level.unit)} gives {' and '.join(outcomes)}"
