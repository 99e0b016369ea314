"""Measuring on random worlds: partitions add up, bounds hold what is hidden, ties are three-valued logic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as field_of
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.measuring.measure import Matter, measure
from upheld.core.measuring.observation import State
from upheld.core.measuring.taken import Taken
from upheld.core.measuring.tie import Judged, tied
from upheld.core.terms.indicator import Component, Exclusion, Indicator, SliceRule
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans, union
from upheld.core.values.expression import Arithmetic, Attribute, Compare
from upheld.core.values.expression import Literal as Written
from upheld.core.verdicts.measurement import Measurement

from .observed import Row, Rows, matter_of

SLICE = 4
# 2026-01-01, on the grid; the period is 10 slices long and 6 more lie on both sides of it.
START = 1_767_225_600_000_000
PERIOD = Period(START, START + 10 * SLICE, "p")
FIRST, LAST = START - 6 * SLICE, PERIOD.end_at + 6 * SLICE
LEAVES = ("a", "b", "c")
COMPONENTS = {
    **{name: Component(name) for name in LEAVES},
    "all": Component("all", "all", LEAVES),
    "any": Component("any", "any", LEAVES),
    "two": Component("two", "at least", LEAVES, at_least=2),
    "nested": Component("nested", "all", ("any", "c")),
    "each": Component("each", "each", ("a", "any")),
}
HALF = Compare(">=", Arithmetic("/", Attribute("good"), Attribute("total")), Written(Fraction(1, 2), "ratio"))
instants = st.integers(FIRST, LAST)
stretches = st.lists(st.tuples(instants, st.integers(0, 3 * SLICE)), max_size=3).map(
    lambda found: Spans.of((at, at + length) for at, length in found)
)


@dataclass
class World:
    """One random world: what is measured, what was seen, what is excluded, and as of when."""

    indicator: Indicator
    rows: Rows
    taken: list[Taken]
    in_force: Spans
    at: int
    max_age_us: int | None = None
    told: dict[str, Spans] = field_of(default_factory=dict)

    def measured(self, rows: Rows | None = None) -> tuple[Measurement, ...]:
        """The measurements of the world, or of other observations in it."""
        signal = {"max_age_us": self.max_age_us} if self.max_age_us else {}
        matter: Matter = matter_of(COMPONENTS, rows or self.rows, self.indicator, **signal)
        return measure(
            self.indicator, matter, PERIOD, self.at, self.in_force, self.taken, self.told, self.told
        )


@st.composite
def exclusions(draw: st.DrawFn, number: int) -> Taken:
    """An exclusion of some stretches of some parts."""
    effects = draw(st.sets(st.sampled_from(("not bad", "out of total", "breaks run")), min_size=1))
    rule = Exclusion(
        f"e{number}",
        "maintenance",
        frozenset(effects),
        takes=draw(st.sampled_from(("all", "bad"))),
        before_combining=draw(st.booleans()),
        components=draw(st.sampled_from(((), (), ("a",), ("any",)))),
    )
    return Taken(rule, draw(st.dictionaries(st.sampled_from(("", *LEAVES)), stretches, max_size=2)))


@st.composite
def seen(draw: st.DrawFn, basis: str) -> Rows:
    """Checks in most slices of the leaves, or states."""
    if basis == "states":
        states = st.lists(
            st.builds(State, instants, st.sampled_from((True, True, False, None)), st.booleans()), max_size=6
        )
        return Rows(held={leaf: sorted(draw(states), key=lambda state: state.at) for leaf in LEAVES})
    rows: dict[str, list[Row]] = {}
    for leaf in LEAVES:
        words = draw(st.lists(st.sampled_from("gggbbm."), min_size=22, max_size=22))
        rows[leaf] = [
            Row(FIRST + i * SLICE + offset, int(word == "g" or (word == "m" and offset > 1)))
            for i, word in enumerate(words)
            if word != "."
            for offset in ((0, 2) if word != "m" else (0, 1, 2, 3))
        ]
    return Rows(rows)


@st.composite
def worlds(draw: st.DrawFn, bases: tuple[str, ...] = ("checks", "states", "incidents")) -> World:
    """A world of any kind."""
    basis: Literal["checks"] = draw(st.sampled_from(bases))  # type: ignore[arg-type]
    rule = SliceRule(
        SLICE,
        HALF,
        run=draw(st.integers(1, 3)),
        same_part=draw(st.booleans()),
        partly=draw(st.sampled_from(("judged on the rest", "excluded whole", "not excluded"))),
        cut_at_period=draw(st.booleans()),
    )
    indicator = Indicator(
        "uptime",
        basis,
        draw(st.sampled_from(tuple(COMPONENTS))),
        per=rule if basis == "checks" or draw(st.booleans()) else None,
        whole=draw(st.booleans()),
        gaps=draw(st.sampled_from(("unknown", "up", "down", "out of total"))),
        lone=draw(st.sampled_from(("degraded", "down", "unknown"))),
        unattributed=draw(st.sampled_from(("counts", "counts", "unknown"))),
        across=draw(st.sampled_from(("each", "worst", "pooled", "mean"))),
    )
    return World(
        indicator,
        draw(seen(basis)),
        [draw(exclusions(number)) for number in range(draw(st.integers(0, 3)))],
        draw(
            st.sampled_from((Spans.of([(FIRST - 50, LAST + 50)]), Spans.of([(START + 5, LAST)]), Spans.empty))
        ),
        draw(st.integers(FIRST, LAST + SLICE)),
        draw(st.sampled_from((None, 3, 9))) if basis == "states" else None,
        draw(st.dictionaries(st.sampled_from(("", *LEAVES, "any")), stretches, max_size=3)),
    )


@given(worlds())
def test_the_partition_adds_up(world: World) -> None:
    """To the microsecond, without overlap, whatever the exclusions, ties, gaps and runs."""
    for found in world.measured():
        for one in found.of or (found,):
            assert sum(part.amount for part in one.parts) == PERIOD.length_us
            assert union([part.spans for part in one.parts]) == Spans.of([(PERIOD.start_at, PERIOD.end_at)])
            assert all(part.spans.length == part.amount > 0 for part in one.parts)


@given(worlds())
def test_bounds_are_in_order(world: World) -> None:
    """The value is between its bounds, and what can come is never below the worst."""
    for found in world.measured():
        for bounds in (found.to_date, found.final):
            assert 0 <= bounds.low <= bounds.high <= 1
            assert bounds.value is None or bounds.low <= bounds.value <= bounds.high
        assert found.worst_final <= found.final.low
        if found.is_settled:
            assert found.final == found.to_date


@given(worlds())
def test_what_was_made_later_does_not_count(world: World) -> None:
    """As of an instant, observations made from then on change nothing."""
    rows = {leaf: [row for row in told if row.at < world.at] for leaf, told in world.rows.rows.items()}
    held = {leaf: [state for state in told if state.at < world.at] for leaf, told in world.rows.held.items()}
    assert world.measured(Rows(rows, held)) == world.measured()


@given(worlds(("checks",)), st.data())
def test_bounds_hold_what_was_hidden(world: World, data: st.DataObject) -> None:
    """Whatever the checks of some slices say, the value with them is within the bounds without."""
    rows = world.rows
    for leaf in LEAVES:
        numbers = data.draw(st.sets(st.integers(0, 21), max_size=8))
        hidden = Spans.of((FIRST + i * SLICE, FIRST + (i + 1) * SLICE) for i in numbers)
        rows = rows.hide(leaf, hidden)
    for told, known in zip(world.measured(), world.measured(rows), strict=True):
        for full, part in ((told.to_date, known.to_date), (told.final, known.final)):
            if full.value is not None:
                assert part.low <= full.value <= part.high
            assert full.low >= part.low or full.value is None
            assert full.high <= part.high or full.value is None


@pytest.mark.slow
@given(worlds(("checks",)))
def test_what_comes_is_not_worse_than_the_worst(world: World) -> None:
    """A period looked at early: its end is never below what was the worst then, nor above the best."""
    world.indicator = replace(world.indicator, across="each")
    early = world.measured()
    world.at = LAST + SLICE
    later = world.measured()
    for one, other in zip(early, later, strict=True):
        if other.final.value is not None and one.final.value is not None:
            assert other.final.low >= one.worst_final
            assert other.is_settled
            if one.is_settled:
                assert (one.final, one.parts) == (other.final, other.parts)


words = st.lists(st.sampled_from("gdbux"), min_size=12, max_size=12).map("".join)


def judged(word: str) -> Judged:
    """A word with a letter for each microsecond: good, degraded, bad, unknown, excluded."""

    def where(letters: str) -> Spans:
        return Spans.of((i, i + 1) for i, letter in enumerate(word) if letter in letters)

    return Judged(where("gd"), where("d"), where("b"), where("u"), Spans.empty, where("x"))


@given(st.lists(words, min_size=1, max_size=4), st.integers(1, 4))
def test_ties_are_counted_microsecond_by_microsecond(parts: list[str], at_least: int) -> None:
    """Good if enough are; else excluded if those that are excluded make up for it; else unknown; else bad."""
    at_least = min(at_least, len(parts))
    found = tied([judged(word) for word in parts], at_least, Spans.of([(0, 12)]))
    told = ""
    for letters in zip(*parts, strict=True):
        good, excluded = sum(one in "gd" for one in letters), letters.count("x")
        if good >= at_least:
            told += "g" if letters.count("g") >= at_least else "d"
        elif good + excluded >= at_least:
            told += "x"
        else:
            told += "u" if good + excluded + letters.count("u") >= at_least else "b"
    assert found == judged(told)


@given(words, words)
def test_without_exclusions_ties_are_kleenes(one: str, other: str) -> None:
    """`all` is `and`, `any` is `or`, of good, bad and unknown."""
    truth = {"g": True, "d": True, "b": False}
    one, other = one.replace("x", "u"), other.replace("x", "u")
    for at_least, decisive in ((2, False), (1, True)):
        found = tied([judged(one), judged(other)], at_least, Spans.of([(0, 12)]))
        for i in range(12):
            values = (truth.get(one[i]), truth.get(other[i]))
            outcome = decisive if decisive in values else None if None in values else not decisive
            assert (i in found.good, i in found.bad, i in found.unknown) == (
                outcome is True, outcome is False, outcome is None
            )  # fmt: skip
