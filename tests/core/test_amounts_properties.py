"""What holds for every amount: worse never pays less, no limit is passed, bounds hold, one rounding."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import get_args

from hypothesis import assume, given
from hypothesis import strategies as st

from upheld.core.owing.credits import credit_of
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import (
    AmountRule,
    Band,
    Bands,
    Base,
    Formula,
    Limit,
    Multiple,
    RemedyRule,
    Rounding,
    Share,
    Steps,
)
from upheld.core.terms.rounding import rounded
from upheld.core.timeline.period import PeriodRule
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.values.expression import Arithmetic, Attribute, Compare, Expr, Extreme, Literal
from upheld.core.verdicts.credit import Credit

from .remedies import HOUR, JUNE, KEY, MINUTE, bill, euros, level, measured, percent, verdict

UTC = Zone("UTC", (), (0,), ("UTC",), 2020, 2030)
PROMISED = level("99.9")
# Ratios near the level, where bands and steps change.
RATIOS = st.integers(90_000, 100_000).map(lambda n: Fraction(n, 100_000)) | st.fractions(
    Fraction(9, 10), 1, max_denominator=10**6
)
SHARES = st.integers(0, 100).map(lambda n: Share(Fraction(n, 100)))


@st.composite
def falling_bands(draw: st.DrawFn) -> Bands:
    """Bands that touch, the worse ones giving more."""
    edges = sorted(draw(st.lists(RATIOS, min_size=1, max_size=4, unique=True)), reverse=True)
    shares = sorted(draw(st.lists(SHARES, min_size=len(edges), max_size=len(edges))), key=lambda s: s.ratio)
    inside = [draw(st.booleans()) for _ in edges]
    lows = [*edges[1:], None]
    has_lows = [*(not each for each in inside[1:]), False]
    return Bands(
        tuple(
            Band(low, high, has_low, has_high, share)
            for low, high, has_low, has_high, share in zip(lows, edges, has_lows, inside, shares, strict=True)
        )
    )


STEPS = st.builds(
    Steps,
    every=st.integers(1, 600).map(lambda n: Fraction(n * MINUTE)),
    give=SHARES,
    begun=st.booleans(),
    free=st.integers(0, 300).map(lambda n: Fraction(n * MINUTE)),
) | st.builds(
    Steps,
    every=st.integers(1, 100).map(lambda n: Fraction(n, 10_000)),
    give=SHARES,
    of=st.just("shortfall"),
    begun=st.booleans(),
)
MONOTONE: st.SearchStrategy[AmountRule] = (
    falling_bands() | STEPS | st.builds(Multiple, st.integers(0, 50).map(Fraction))
)


def _times(factor: int, expr: Expr) -> Expr:
    return Arithmetic("*", Literal(Fraction(factor), "number"), expr)


# Straight pieces and parabolas of the value, with min and max in them.
TERMS: st.SearchStrategy[Expr] = st.recursive(
    st.sampled_from(["value", "level", "shortfall"]).map(Attribute)
    | st.integers(0, 100).map(lambda n: Literal(Fraction(n, 100), "ratio")),
    lambda inner: st.builds(
        Extreme, st.sampled_from(["min", "max"]), st.tuples(inner, inner)
    )
    | st.builds(Arithmetic, st.sampled_from(["+", "-"]), inner, inner)
    | st.builds(_times, st.integers(0, 200), inner),
    max_leaves=6,
)  # fmt: skip
PARABOLAS = st.builds(
    lambda factor, op, ratio: Arithmetic(
        "*",
        Arithmetic(op, _times(factor, Attribute("shortfall")), Literal(Fraction(ratio, 100), "ratio")),
        Attribute("shortfall"),
    ),
    st.integers(1, 300),
    st.sampled_from(["+", "-"]),
    st.integers(0, 100),
)
FORMS = MONOTONE | st.builds(Formula, TERMS | PARABOLAS, st.just("ratio"))
CONDITIONS = st.none() | st.builds(
    Compare, st.sampled_from(["<", "<=", ">", ">="]), st.just(Attribute("value")), TERMS
)


def rule(form: AmountRule, **more: object) -> RemedyRule:
    """A remedy of the uptime with a share of the fee."""
    return RemedyRule("credit", "uptime", form, base=Base("fee", ("month",)), **more)  # type: ignore[arg-type]


def credit(remedy: RemedyRule, value: Fraction, *, down: Spans = Spans.empty, **more: object) -> Credit:
    """The credit for a value known exactly."""
    found = verdict(measured(value, down=down), PROMISED)
    return credit_of(remedy, KEY, found, bill("1234.56"), zone=UTC, **more)  # type: ignore[arg-type]


@given(MONOTONE, RATIOS, RATIOS, st.sampled_from(get_args(Rounding)))
def test_worse_never_pays_less(form: AmountRule, one: Fraction, other: Fraction, rounding: Rounding) -> None:
    """Bands whose shares grow, steps and multiples: a lower value never gives less."""
    better, worse = (
        credit(rule(form, rounding=rounding), value) for value in (max(one, other), min(one, other))
    )
    assert better.exact is not None
    assert worse.exact is not None
    assert better.exact <= worse.exact
    assert better.amount is not None
    assert worse.amount is not None
    assert better.amount <= worse.amount


@given(FORMS, CONDITIONS, RATIOS, RATIOS, RATIOS, st.booleans(), st.lists(SHARES, max_size=1))
def test_bounds_hold_at_every_value_inside(
    form: AmountRule,
    when: Expr | None,
    low: Fraction,
    high: Fraction,
    inside: Fraction,
    half_up: bool,
    limit: list[Share],
) -> None:
    """Whatever the value turns out to be between its bounds, the amount is between those of the credit."""
    low, inside, high = sorted((low, inside, high))
    if half_up and isinstance(form, Formula):
        half_up = False  # a formula of a rounded number jumps at every number: nothing is promised there
    compare = "half up" if half_up else "exact"
    commit = CommitRule("u", "u", PeriodRule("calendar month", UTC), PROMISED, compare=compare)  # type: ignore[arg-type]
    remedy = rule(form, when=when, limits=tuple(Limit("month", most) for most in limit), least=euros("20"))
    value = Fraction(rounded(inside, 3, "half up")) if half_up else inside
    now = verdict(measured(inside), PROMISED, "breached" if value < PROMISED.value else "met")
    known = credit_of(remedy, KEY, now, bill(), commit=commit)
    ends = [Fraction(rounded(end, 3, "half up")) if half_up else end for end in (low, high)]
    missed = [end < PROMISED.value for end in ends]
    state = "breached" if all(missed) else "undetermined" if any(missed) else "met"
    bounded = verdict(measured(high, low, high), PROMISED, state)  # type: ignore[arg-type]
    found = credit_of(remedy, KEY, bounded, bill(), commit=commit)
    assert known.exact is not None
    assert found.low <= known.exact <= found.high
    if when is None and state == "undetermined":
        expected = ("undetermined", None) if found.high else ("not owed", 0)  # nothing, whatever is true
        assert (found.state, found.amount) == expected


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    """Outages of June, by the minute."""
    rows = draw(st.lists(st.tuples(st.integers(0, 43_000), st.integers(1, 3_000)), max_size=6))
    return Spans.of(
        (JUNE.start_at + a * MINUTE, min(JUNE.start_at + (a + n) * MINUTE, JUNE.end_at)) for a, n in rows
    )


ANY_STEPS = st.builds(
    Steps,
    every=st.integers(1, 300).map(lambda n: Fraction(n * MINUTE)),
    give=SHARES,
    of=st.sampled_from(["downtime", "each outage", "each day"]),
    begun=st.booleans(),
    free=st.sampled_from([Fraction(0), Fraction(HOUR)]),
)


@given(
    ANY_STEPS | FORMS,
    spans(),
    st.dictionaries(st.sampled_from(["incident", "day", "week", "month", "year"]), st.integers(0, 300)),
    st.sampled_from(get_args(Rounding)),
)
def test_no_limit_is_passed(form: AmountRule, down: Spans, most: dict[str, int], rounding: Rounding) -> None:
    """The amount, rounded too, is within every limit for as many parts as there are."""
    limits = tuple(Limit(per, Share(Fraction(each, 1000))) for per, each in most.items())  # type: ignore[arg-type]
    value = 1 - Fraction(down.length, JUNE.length_us)
    found = credit(rule(form, limits=limits, rounding=rounding), value, down=down)
    assert found.amount is not None
    days = {(at - JUNE.start_at) // (24 * HOUR) for start, end in down for at in range(start, end, MINUTE)}
    # June begins on a Monday, so its weeks are counted from its first day.
    parts = {"incident": len(down), "day": len(days), "week": len({day // 7 for day in days})}
    for per, each in most.items():
        assert Fraction(found.amount) <= max(parts.get(per, 1), 1) * Fraction(each, 1000) * Fraction(
            "1234.56"
        )


@given(ANY_STEPS, spans(), spans(), st.booleans())
def test_unknown_time_taken_whole_lies_within_the_bounds(
    form: Steps, down: Spans, more: Spans, by_day: bool
) -> None:
    """Revealed as all up or all down, unknown time gives an amount between the bounds."""
    unknown = more - down
    limits = (Limit("day", Share(Fraction(1, 50))),) if by_day else ()
    remedy = rule(form, limits=limits)
    truths = [1 - Fraction(each.length, JUNE.length_us) for each in (down | unknown, down)]
    found = verdict(measured(truths[1], truths[0], truths[1], down=down, unknown=unknown), PROMISED)
    bounded = credit_of(remedy, KEY, found, bill("1234.56"), zone=UTC)
    for each, truth in zip((down | unknown, down), truths, strict=True):
        exact = credit(remedy, truth, down=each).exact
        assert exact is not None
        assert bounded.low <= exact <= bounded.high


@given(FORMS, RATIOS, RATIOS, RATIOS)
def test_a_running_period_is_bounded_by_the_worst_that_can_come(
    form: AmountRule, worst: Fraction, now: Fraction, later: Fraction
) -> None:
    """While the period runs, the amount it will have in the end is between the bounds."""
    assume(worst <= later <= now)
    found = verdict(measured(now, worst=worst), PROMISED)
    running = credit_of(rule(form), KEY, found, bill("1234.56"))
    exact = credit(rule(form), later).exact
    assert running.state == "running"
    assert exact is not None
    assert running.low <= exact <= running.high


@given(FORMS, RATIOS, st.sampled_from(get_args(Rounding)))
def test_it_is_rounded_once(form: AmountRule, value: Fraction, rounding: Rounding) -> None:
    """The amount is the exact amount rounded to a cent by the named rule, nothing before it."""
    found = credit(rule(form, rounding=rounding), value)
    assert found.exact is not None
    assert found.amount == rounded(found.exact, 2, rounding)
    assert found.low == found.high == found.exact


@given(st.fractions(0, 1000, max_denominator=1000), st.integers(0, 4), st.sampled_from(get_args(Rounding)))
def test_rounding_is_to_a_neighbour(amount: Fraction, digits: int, rounding: Rounding) -> None:
    """A rounded amount is less than a unit away, half a unit where half is said, and never in disorder."""
    unit = Fraction(1, 10**digits)
    found = Fraction(rounded(amount, digits, rounding))
    assert abs(found - amount) < unit
    assert not rounding.startswith("half") or abs(found - amount) <= unit / 2
    near = [Fraction(rounded(amount + n * unit / 7, digits, rounding)) for n in range(8)]
    assert all(a <= b for a, b in pairwise(near))


def test_a_vertex_inside_the_bounds_is_found() -> None:
    """10 s (0.02 - s) is greatest in the middle of its interval, at neither end."""
    short = Attribute("shortfall")
    hill = Arithmetic("*", _times(10, short), Arithmetic("-", Literal(percent("2"), "ratio"), short))
    low, high = percent("97.9"), percent("99.9")
    found = verdict(measured(high, low, high), PROMISED, "breached")
    bounded = credit_of(rule(Formula(hill, "ratio")), KEY, found, bill("1000"))
    assert (bounded.low, bounded.high) == (0, 1)


def test_an_undetermined_verdict_pays_nothing_by_itself() -> None:
    """G3: with unknown time across the level there is no automatic amount, but its bounds are told."""
    form = Bands((Band(None, PROMISED.value, False, False, Share(Fraction(1, 5))),))
    found = verdict(measured(percent("99.944"), percent("99.85"), percent("99.944")), PROMISED)
    bounded = credit_of(rule(form), KEY, replace(found, reasons=("12 min without observations",)), bill())
    assert (bounded.state, bounded.exact, bounded.amount) == ("undetermined", None, None)
    assert (bounded.low, bounded.high) == (0, 200)
    assert bounded.reasons == ("12 min without observations",)
    assert bounded.lines[-1].what == "between"


def test_the_rule_that_unknown_counts_as_down_pays_for_it() -> None:
    """Where the agreement decides by the lower bound, the amount is that of the lower bound."""
    form = Bands((Band(None, PROMISED.value, False, False, Share(Fraction(1, 5))),))
    commit = CommitRule("u", "u", PeriodRule("calendar month", UTC), PROMISED, unknown="down")
    found = verdict(measured(percent("99.944"), percent("99.85"), percent("99.944")), PROMISED, "breached")
    credit_ = credit_of(rule(form), KEY, found, bill(), commit=commit)
    assert (credit_.state, credit_.exact) == ("owed", 200)
