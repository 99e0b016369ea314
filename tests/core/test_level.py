"""What a measurement comes to against its level."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.measuring.latency import bucket_bounds, bucket_of
from upheld.core.measuring.level import Compare, TimesTold, decided, kept, reaches, times_told
from upheld.core.terms.indicator import CommitRule, Level, Relation
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.verdicts.measurement import Bounds, Measurement, Part

from .observed import UTC

LEVEL = Level(">=", Fraction(9999, 10_000), decimals=2)
COMMIT = CommitRule("uptime", "uptime", PeriodRule("calendar month", UTC), LEVEL)
MEASURED = Measurement(
    "uptime", "api", Period(0, 100, "p"), 100, "time", (Part("up", 100),), 100, 0,
    Bounds(Fraction(1), Fraction(1), Fraction(1)), Bounds(Fraction(1), Fraction(1), Fraction(1)),
    Fraction(1), True,
)  # fmt: skip
LOW, EDGE, HIGH = Fraction(9998, 10_000), Fraction(9999, 10_000), Fraction(1)


def settled(low: Fraction, high: Fraction) -> Measurement:
    """A measurement that is settled between bounds."""
    bounds = Bounds(high, low, high)
    return replace(MEASURED, to_date=bounds, final=bounds)


@pytest.mark.parametrize(
    ("low", "high", "bounds", "up", "down"),
    [
        (EDGE, HIGH, "met", "met", "met"),
        (LOW, LOW, "breached", "breached", "breached"),
        (LOW, EDGE, "undetermined", "met", "breached"),
    ],
)
def test_bounds_decide(low: Fraction, high: Fraction, bounds: str, up: str, down: str) -> None:
    """G3: met if the lower bound reaches the level, not if even the upper does not, else undetermined."""
    for unknown, state in (("bounds", bounds), ("up", up), ("down", down)):
        assert decided(replace(COMMIT, unknown=unknown), settled(low, high))[0] == state  # type: ignore[arg-type]


def test_an_objective_is_missed() -> None:
    """G2: only a guarantee is breached."""
    assert decided(replace(COMMIT, modality="objective"), settled(LOW, LOW))[0] == "missed"


def test_a_duration_is_better_the_lower_it_is() -> None:
    """The upper bound of a latency decides whether it is kept."""
    commit = replace(COMMIT, level=Level("<=", Fraction(300), "duration"))
    for low, high, state in ((100, 300, "met"), (100, 301, "undetermined"), (301, 400, "breached")):
        assert decided(commit, settled(Fraction(low), Fraction(high)))[0] == state


@pytest.mark.parametrize(
    ("level_us", "relation", "unknown", "told"),
    [
        (800_000, "<=", "bounds", TimesTold(786_431, 802_816)),
        (800_000, "<=", "up", TimesTold(802_815, 802_816)),
        (800_000, "<=", "down", TimesTold(786_431, 786_432)),
        (802_815, "<=", "bounds", TimesTold(802_815, 802_816)),
        (786_432, "<", "bounds", TimesTold(786_431, 786_432)),
        (800_000, ">=", "bounds", TimesTold(802_816, 786_431)),
        (63, "<=", "bounds", TimesTold(63, 64)),
        (0, "<", "bounds", TimesTold(None, 0)),
    ],
)
def test_a_level_of_time_is_surely_kept_up_to_the_class_below_it(
    level_us: int, relation: Relation, unknown: str, told: TimesTold
) -> None:
    """What lies in the class of the level itself decides nothing, unless the commitment says how."""
    level = Level(relation, Fraction(level_us), "duration")
    commit = replace(COMMIT, level=level, unknown=unknown)  # type: ignore[arg-type]
    assert times_told(commit, level) == told


@given(
    st.integers(0, 10**8),
    st.sampled_from(["<", "<=", ">", ">="]),
    st.sampled_from(["bounds", "up", "down"]),
    st.integers(0, 2 * 10**8),
)
def test_what_is_told_of_times_agrees_with_what_is_decided(
    level_us: int, relation: Relation, unknown: str, time_us: int
) -> None:
    """Any response time is judged as the two nearest times say."""
    level = Level(relation, Fraction(level_us), "duration")
    commit = replace(COMMIT, level=level, unknown=unknown)  # type: ignore[arg-type]
    first_us, after_us = bucket_bounds(bucket_of(time_us))
    state, _ = decided(commit, settled(Fraction(first_us), Fraction(after_us - 1)))
    kept_us, missed_us = times_told(commit, level)
    if relation[0] == "<":
        is_kept = kept_us is not None and time_us <= kept_us
        is_missed = missed_us is not None and time_us >= missed_us
    else:
        is_kept = kept_us is not None and time_us >= kept_us
        is_missed = missed_us is not None and time_us <= missed_us
    assert state == ("met" if is_kept else "breached" if is_missed else "undetermined")


@pytest.mark.parametrize(
    ("printed", "decimals", "value"),
    [("0.9999", 2, "0.9998996"), ("0.999", 1, "0.9989583"), ("0.995", 1, "0.994972")],
)
def test_rounding_flips_the_worked_misses(printed: str, decimals: int, value: str) -> None:
    """G1: the three misses that are near are none after rounding half up to the page's decimals."""
    level = Level(">=", Fraction(printed), decimals=decimals)
    assert not reaches(level, Fraction(value))
    assert reaches(level, Fraction(value), "half up")
    half = Fraction(printed) - Fraction(1, 2 * 10 ** (decimals + 2))
    assert reaches(level, half, "half up")
    assert not reaches(level, half - Fraction(1, 10**12), "half up")


@pytest.mark.parametrize("relation", [">=", ">", "<=", "<"])
@pytest.mark.parametrize("compare", ["exact", "half up"])
def test_a_level_is_kept_one_exact_value_on(relation: Relation, compare: Compare) -> None:
    """Just before that value and just behind it, and at it, as `reaches` says of each."""
    level = Level(relation, Fraction(999, 1000), decimals=1)
    edge = kept(level, compare)
    step = Fraction(1, 10**12) * (1 if edge.is_least else -1)
    assert reaches(level, edge.value + step, compare)
    assert not reaches(level, edge.value - step, compare)
    assert reaches(level, edge.value, compare) is edge.is_inside


@pytest.mark.parametrize(
    ("relation", "below", "at", "above"),
    [
        (">=", False, True, True),
        (">", False, False, True),
        ("<=", True, True, False),
        ("<", True, False, False),
    ],
)
def test_relations(relation: str, below: bool, at: bool, above: bool) -> None:
    """Each of the four, at the edge and beside it."""
    level = Level(relation, Fraction(1, 2))  # type: ignore[arg-type]
    values = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
    assert [reaches(level, value) for value in values] == [below, at, above]


def test_before_the_end_it_runs_is_at_risk_or_is_late_already() -> None:
    """Late already if not even the best that can come reaches the level."""
    running = replace(MEASURED, is_settled=False)
    assert decided(COMMIT, running)[0] == "running"
    below = replace(running, to_date=Bounds(LOW, LOW, LOW))
    assert decided(COMMIT, below)[0] == "at risk"
    lost = replace(below, final=Bounds(LOW, LOW, LOW))
    assert decided(COMMIT, lost)[0] == "breached"


def test_nothing_to_count_and_nothing_promised() -> None:
    """JUST/J13: vacuous periods are met or undetermined as the agreement says, whatever the unknown is."""
    for low, state in ((HIGH, "met"), (Fraction(0), "undetermined")):
        empty = replace(MEASURED, total=0, final=Bounds(None, low, HIGH), to_date=Bounds(None, low, HIGH))
        for unknown in ("bounds", "up", "down"):
            commit = replace(COMMIT, unknown=unknown)  # type: ignore[arg-type]
            assert decided(commit, empty) == (state, ("nothing to count",))
    assert decided(replace(COMMIT, level=None), MEASURED)[0] == "not applicable"
