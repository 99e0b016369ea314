"""The second judge of measurement: known answers of its own, and side by side with core on seeded worlds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from tests.seeds import seeds

from .levels import judge_measures
from .measure_campaign import compare_measures, judge_measured, judge_shares
from .measure_core import ask_measures
from .measure_worlds import make_measure_world

pytestmark = pytest.mark.slow

Row = dict[str, Any]


FOUND = (223, 70037, 502890, 610216, 1001859, 1101447, 2001175, 2001320, 3003460)
"""Worlds of campaigns on which judge and core once disagreed."""


def a_world(leaves: dict[str, str], **changes: Any) -> Row:
    """A world in steps of a minute: a leaf as one letter a step, `g` good, `b` bad, `.` nothing seen.

    The period is as long as the words, and everything is over.
    """
    start = 29_600_640  # a UTC midnight in 2026
    length = len(next(iter(leaves.values())))
    indicator = {
        "of": "l0", "run": 1, "same_part": False, "minimum": 1, "partly": "judged on the rest", "cut": False,
        "good_when": (1, 1), "gaps": "unknown", "lone": "degraded", "on": "always", "whole": False,
        "unattributed": "counts", "across": "each", "weights": {},
    }  # fmt: skip
    world: Row = {
        "seed": 0, "step_s": 60, "zone": "UTC", "is_short": True, "slice": 1,
        "axis": (start - 12, start + length + 12), "at": start + length + 11,
        "periods": [(start, start + length, "p0")], "from_on": date(2026, 1, 1), "until_on": None,
        "term": (start - 1000, None), "components": {leaf: {"tie": None, "parts": []} for leaf in leaves},
        "leaves": list(leaves), "basis": "checks", "max_age": None, "calendars": {},
        "indicators": {"uptime": indicator}, "exclusions": [],
        "commits": [
            {"name": "uptime", "indicator": "uptime", "relation": ">=", "level": "0.9", "unknown": "bounds",
             "compare": "exact", "modality": "guarantee"}
        ],
        "checks": {
            leaf: {start + n: [letter == "g"] for n, letter in enumerate(word) if letter != "."}
            for leaf, word in leaves.items()
        },
        "states": {}, "facts": [], "stages": [],
    }  # fmt: skip
    for name in ("slice", "components", "exclusions", "facts"):
        if name in changes:
            world[name] = changes.pop(name)
    indicator.update(changes)
    return world


def window(start: int, end: int, **changes: Any) -> Row:
    """An exclusion of announced maintenance on some steps of a world, and the fact behind it."""
    start, end = 29_600_640 + start, 29_600_640 + end
    rule = {
        "name": "window", "of": "maintenance", "effects": ("not bad",), "where": None, "inside": "",
        "notice": None, "lasts": "announced", "takes": "all", "before": True, "indicators": [],
        "components": [], **changes,
    }  # fmt: skip
    data = {"kind": "scheduled", "starts_at": start, "ends_at": end, "components": ["l0"]}
    fact = {"id": "f0", "type": "maintenance.announced", "step": start - 100, "subject": "M", "data": data}
    return {"exclusions": [rule], "facts": [fact]}


def of(world: Row) -> Row:
    """The only row of a world, on which core agrees."""
    told = list(compare_measures(world))
    assert not told, told
    (row,) = judge_measures(world)
    return row


def parts(row: Row) -> Row:
    """The parts by their bare names."""
    found: Row = {}
    for (name, _), amount in row["parts"].items():
        found[name] = found.get(name, 0) + amount
    return found


def test_the_slices_of_sivo_count_in_runs_of_two() -> None:
    """[1,0,1,1,0,1,1,1]: five of eight count, and the lone one is degraded."""
    row = of(a_world({"l0": "bgbbgbbb" + "g" * 92}, run=2))
    assert parts(row) == {"up": 94, "down": 5, "degraded": 1}
    assert row["final"]["value"] == Fraction(95, 100)


def test_a_slice_covered_in_part_is_judged_on_the_rest() -> None:
    """SIVO/S30: two bad periods, the second covered for two of its five minutes, are 300 + 180 seconds."""
    world = a_world({"l0": "b" * 10 + "g" * 90}, slice=5, run=2, **window(8, 10))
    row = of(world)
    assert parts(row) == {"up": 90, "down": 8, "excluded": 2}
    assert row["to_date"]["bad"] == 8


def test_a_run_that_an_excluded_slice_breaks_is_two() -> None:
    """SIVO/S8: joined they are a run of two, broken they are alone."""
    joined = of(a_world({"l0": "b.bgggggggg"}, run=2, **window(1, 2)))
    broken = of(a_world({"l0": "b.bgggggggg"}, run=2, **window(1, 2, effects=("not bad", "breaks run"))))
    assert parts(joined)["down"] == 2
    assert parts(broken)["degraded"] == 2


def test_excluded_from_both_or_only_from_what_is_down() -> None:
    """ROUS/R3 in small: out of the total too, or not."""
    only = of(a_world({"l0": "bbbbg" + "b" + "g" * 94}, **window(0, 4)))
    both = of(a_world({"l0": "bbbbg" + "b" + "g" * 94}, **window(0, 4, effects=("not bad", "out of total"))))
    assert only["final"]["value"] == Fraction(99, 100)
    assert both["final"]["value"] == Fraction(95, 96)


def test_unknown_time_leaves_a_verdict_undetermined() -> None:
    """At 90 % with six bad and six unknown of a hundred steps, the bounds lie on both sides."""
    row = of(a_world({"l0": "b" * 6 + "." * 6 + "g" * 88}))
    assert (row["final"]["value"], row["final"]["low"], row["final"]["high"]) == (
        Fraction(94, 100), Fraction(88, 100), Fraction(94, 100),
    )  # fmt: skip
    assert row["state"] == "undetermined"


@pytest.mark.parametrize(("gaps", "value"), [("unknown", None), ("up", Fraction(1))])
def test_a_total_that_is_empty_whatever_the_truth_is_met(gaps: str, value: Fraction | None) -> None:
    """One part is down by the customer's cause, nobody saw the other: good or bad, nothing is left to count.

    That the agreement takes what nobody saw as up gives a value, and the bounds are none the worse for it.
    """
    start = 29_600_640
    told = {
        "target": "interval",
        "starts_at": start,
        "ends_at": start + 4,
        "cause": "fire",
        "party": "customer",
    }
    cause = window(0, 0, of="attribution", takes="bad", where=("party", "customer"))["exclusions"][0] | {
        "effects": ("not bad", "out of total")
    }
    fact = {"id": "f0", "type": "attribution.recorded", "step": start + 5, "subject": "A", "data": told}
    both = {"tie": "all", "parts": ["l0", "l1"]}
    leaf: Row = {"tie": None, "parts": []}
    world = a_world(
        {"l0": "....", "l1": "bbbb"}, of="both", gaps=gaps,
        components={"l0": leaf, "l1": leaf, "both": both}, exclusions=[cause], facts=[fact],
    )  # fmt: skip
    row = of(world)
    assert row["state"] == "met"
    assert (row["final"]["value"], row["final"]["low"], row["final"]["high"]) == (value, 1, 1)


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in seeds(4, 12))]
)
def test_the_truth_behind_hidden_slices_lies_within_the_bounds(seed: int) -> None:
    """Up to eight slices are hidden; ways in which they were are revealed, all good and all bad too."""
    random = Random(f"hidden {seed}")
    world = next(
        world
        for world in map(make_measure_world, range(seed * 50, seed * 50 + 50))
        if world["basis"] == "checks" and world["is_short"]
    )
    hidden = _hide(random, world)
    told = {(row["commitment"], row["subject"]): row["final"] for row in judge_measures(world)}
    asked = {(row["commitment"], row["subject"]): row["final"] for row in ask_measures(world)}
    ways = list(product((True, False), repeat=len(hidden)))
    for way in [*random.sample(ways, min(len(ways), 6)), ways[0], ways[-1]]:
        for (leaf, begin), good in zip(hidden, way, strict=True):
            for step in range(begin, begin + world["slice"]):
                world["checks"][leaf][step] = [good, good]
        for row in judge_measures(world):
            key, value = (row["commitment"], row["subject"]), row["final"]["value"]
            if value is not None:
                assert told[key]["low"] <= value <= told[key]["high"], (seed, key, way)
                assert asked[key]["low"] <= value <= asked[key]["high"], (seed, key, way)


def _hide(random: Random, world: Row) -> list[tuple[str, int]]:
    """Fills what is missing, then hides a few slices inside the periods."""
    first, last = world["axis"]
    start, end = world["periods"][0][0], world["periods"][-1][1]
    for leaf in world["leaves"]:
        for step in range(first - world["slice"], last + world["slice"]):
            seen = world["checks"][leaf].setdefault(step, [random.random() < 0.7])
            world["checks"][leaf][step] = [*seen, *seen]
    hidden = set()
    for _ in range(random.randint(1, 8)):
        begin = random.randrange(start, end) // world["slice"] * world["slice"]
        hidden.add((random.choice(world["leaves"]), begin))
    for leaf, begin in hidden:
        for step in range(begin, begin + world["slice"]):
            del world["checks"][leaf][step]
    return sorted(hidden)


@pytest.mark.parametrize("seed", [*range(24), *FOUND])
def test_judge_and_core_agree_on_a_measured_world(seed: int) -> None:
    """The first worlds of the campaign: a failing one prints itself."""
    told = judge_measured(seed) + judge_shares(seed)
    assert not told, told


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24, 100))
def test_judge_and_core_agree_on_more_measured_worlds(seed: int) -> None:
    """A hundred worlds in all; `make sim` judges more."""
    told = judge_measured(seed) + judge_shares(seed)
    assert not told, told


@pytest.mark.slow
def test_measured_worlds_are_worth_judging() -> None:
    """Among the first there is every part, and verdicts of every state."""
    rows = [row for seed in range(60) for row in judge_measures(make_measure_world(seed))]
    names = {name for row in rows if row["parts"] for name, _ in row["parts"]}
    assert names == {
        "up", "degraded", "down", "excluded", "unknown", "outside hours", "not yet", "before start",
    }  # fmt: skip
    assert {row["state"] for row in rows} >= {"met", "missed", "breached", "undetermined", "running"}
