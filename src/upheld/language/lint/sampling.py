"""What is asked of observations beside how many there are: shares, budgets, slices too fine for them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from upheld.core.measuring.parts import leaves_of
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule, Indicator, Level, Signal
from upheld.core.timeline.instant import Duration, format_duration
from upheld.core.timeline.period import Period
from upheld.core.timeline.words import count
from upheld.core.values.expression import Arithmetic, Attribute, Compare, Expr, Literal, parts
from upheld.core.values.finding import Finding
from upheld.language.lint.fields import field_of, finding, named
from upheld.language.lint.hours import long, measured_us, periods_of, sample_year
from upheld.language.lint.promises import is_time, promised
from upheld.language.quantities import shown
from upheld.language.targets import targets_of
from upheld.language.whole import PlanText, Whole


def threshold_below_resolution(whole: Whole) -> Iterator[Finding]:
    """Shares of a slice that its few checks cannot tell from all of them."""
    for plan in whole.plans:
        for _, _, indicator in promised(plan):
            if indicator.per is None:
                continue
            by_number: dict[Fraction, list[Signal]] = {}
            for signal in _signals(plan.terms, indicator):
                checks = _checks_in_slice(indicator, signal)
                if checks is not None:
                    by_number.setdefault(checks, []).append(signal)
            for share in dict.fromkeys(_shares(indicator.per.good_when)):
                for checks, signals in by_number.items():
                    if 0 < share < 1 and floor(checks * (1 - share)) == 0:
                        yield _too_fine(plan, indicator, signals, checks, share)


def _too_fine(
    plan: PlanText, indicator: Indicator, signals: list[Signal], checks: Fraction, share: Fraction
) -> Finding:
    assert indicator.per is not None
    slice_us = indicator.per.slice_us
    message = (
        f"{shown(share, 'ratio')} of the {_number(checks)} checks of {named(one.name for one in signals)} in "
        f"{format_duration(slice_us)} allows no failed one: it means the same as 100 %"
    )
    places = [field_of(plan, "indicator", indicator.name, "per", "good when").place]
    places += [field_of(plan, "signal", one.name, "every").place for one in signals]
    needed = ceil(1 / (1 - share))
    way_out = (
        f"check at least every {format_duration(slice_us // needed)} ({needed} checks in "
        f"{format_duration(slice_us)}), or say `good when: good = total`"
    )
    return finding("warning", "threshold-below-resolution", message, places, way_out)


def _shares(expr: Expr | None) -> Iterator[Fraction]:
    """The ratios that `good / total` must reach in a condition."""
    if expr is None:
        return
    match expr:
        case Compare(
            ">=" | ">", Arithmetic("/", Attribute("good"), Attribute("total")), Literal(Fraction() as share)
        ):
            yield share
        case Compare(
            "<=" | "<", Literal(Fraction() as share), Arithmetic("/", Attribute("good"), Attribute("total"))
        ):
            yield share
        case _:
            for part in parts(expr):
                yield from _shares(part)


def commitment_unfed(whole: Whole) -> Iterator[Finding]:
    """Commitments of which most or all stays unknown, because what is observed cannot fill what is asked."""
    for plan in whole.plans:
        for commit, _, indicator in promised(plan):
            if indicator.basis == "outcomes":
                yield from _unjudged(plan, commit, indicator)
            for signal in _signals(plan.terms, indicator):
                yield from _unfed(plan, commit, indicator, signal)


def _unjudged(plan: PlanText, commit: CommitRule, indicator: Indicator) -> Iterator[Finding]:
    clock = next((one for one in plan.terms.clocks if one.name == indicator.of), None)
    if clock is None or clock.due is not None:
        return
    if any(one.target.limit is not None for one in targets_of(clock.within)):
        return
    message = (
        f"`{commit.name}` counts outcomes of `{clock.name}`, which has no limit: none of them is ever in "
        f"time or late"
    )
    concept = "every" if clock.is_cadence else "deadline"
    places = [
        field_of(plan, "indicator", indicator.name, "count").place,
        field_of(plan, concept, clock.name, "each" if clock.is_cadence else "within").place,
    ]
    way_out = f"give `{clock.name}` a limit, or count another deadline"
    yield finding("warning", "commitment-unfed", message, places, way_out)


def _unfed(plan: PlanText, commit: CommitRule, indicator: Indicator, signal: Signal) -> Iterator[Finding]:
    every = field_of(plan, "signal", signal.name, "every")
    if signal.every_us is None:
        return
    if signal.max_age_us is not None and signal.max_age_us < signal.every_us:
        message = (
            f"a state of `{signal.name}` holds for {format_duration(signal.max_age_us)} and is told every "
            f"{format_duration(signal.every_us)}: for "
            f"{_part(1 - Fraction(signal.max_age_us, signal.every_us))} of the time `{commit.name}` has "
            f"nothing to go by"
        )
        places = [field_of(plan, "signal", signal.name, "max age").place, every.place]
        way_out = f"say `max age` of more than {format_duration(signal.every_us)}, or observe more often"
        yield finding("warning", "commitment-unfed", message, places, way_out)
    checks = _checks_in_slice(indicator, signal)
    if checks is None or indicator.per is None:
        return
    rule = indicator.per
    slice_place = field_of(plan, "indicator", indicator.name, "per", "slice").place
    if checks < 1:
        message = (
            f"`{signal.name}` is checked every {format_duration(signal.every_us)}, and a slice of "
            f"`{indicator.name}` lasts {format_duration(rule.slice_us)}: {_part(1 - checks)} of the slices "
            f"have no check, and `{commit.name}` stays unknown there"
        )
        way_out = f"cut slices of {format_duration(signal.every_us)} or more, or check more often"
        yield finding("warning", "commitment-unfed", message, [slice_place, every.place], way_out)
    elif rule.minimum > checks:
        minimum = field_of(plan, "indicator", indicator.name, "per", "minimum")
        message = (
            f"a slice of `{indicator.name}` needs {count(rule.minimum, 'check')}, and `{signal.name}` makes "
            f"{_number(checks)} in {format_duration(rule.slice_us)}: all of `{commit.name}` stays unknown"
        )
        way_out = f"say `minimum: {floor(checks)}` or less, or check more often"
        yield finding("warning", "commitment-unfed", message, [minimum.place, every.place], way_out)


def budget_below_resolution(whole: Whole) -> Iterator[Finding]:
    """Levels that the shortest thing which can be seen to fail already misses."""
    year = sample_year(whole)
    for plan in whole.plans:
        for commit, level, indicator in promised(plan):
            periods = periods_of(commit.period, year)
            is_share = level.unit == "ratio" and level.relation in (">=", ">") and level.value < 1
            if not periods or not is_share:
                continue
            lengths = [(measured_us(plan, indicator, period), period) for period in periods]
            length_us, period = min(lengths, key=lambda one: one[0])
            if is_time(indicator):
                yield from _shorter_than_a_run(plan, commit, level, indicator, length_us, period)
            elif indicator.basis == "checks":
                yield from _fewer_than_one(plan, commit, level, indicator, length_us)


def _shorter_than_a_run(
    plan: PlanText,
    commit: CommitRule,
    level: Level,
    indicator: Indicator,
    length_us: Duration,
    period: Period,
) -> Iterator[Finding]:
    rule, budget = indicator.per, length_us * (1 - level.value)
    if rule is None:
        least = max((one.every_us or 0 for one in _signals(plan.terms, indicator)), default=0)
        what = "the time between two observations"
    else:
        run = 1 if indicator.lone == "down" else rule.run
        least = rule.slice_us * run
        what = "a slice" if run == 1 else f"a run of {run} slices"
    if not least or budget >= least:
        return
    fine = "nothing" if not int(budget) else format_duration(int(budget))
    message = (
        f"{shown(level.value, 'ratio')} of {long(length_us)} ({period.label}) allows {fine} of downtime, and "
        f"{what} is {format_duration(least)}: one of them misses `{commit.name}`"
    )
    at = field_of(plan, "commit", commit.name, "level").place
    place = field_of(plan, "indicator", indicator.name, "per").place
    way_out = "cut shorter slices, promise it for a longer period, or lower the level"
    yield finding("warning", "budget-below-resolution", message, [at, place], way_out)


def _fewer_than_one(
    plan: PlanText, commit: CommitRule, level: Level, indicator: Indicator, length_us: Duration
) -> Iterator[Finding]:
    for signal in _signals(plan.terms, indicator):
        if signal.every_us is None:
            continue
        number = length_us // signal.every_us
        if number * (1 - level.value) < 1:
            message = (
                f"{shown(level.value, 'ratio')} of the {number} checks of `{signal.name}` in "
                f"{long(length_us)} allows no failed one, so a single one misses `{commit.name}`"
            )
            at = field_of(plan, "commit", commit.name, "level").place
            places = [at, field_of(plan, "signal", signal.name, "every").place]
            way_out = "check more often, or lower the level"
            yield finding("warning", "budget-below-resolution", message, places, way_out)


# -- observations ------------------------------------------------------------------------------------------


def _signals(terms: Terms, indicator: Indicator) -> list[Signal]:
    """The signals that an indicator is made of, as far as they say how often they come."""
    kind = {"checks": "checks", "latency": "checks", "states": "states"}.get(indicator.basis)
    if kind is None:
        return []
    leaves = set(leaves_of(terms.components, indicator.of))
    return [
        one
        for one in terms.signals
        if one.kind == kind and leaves & set(one.of) and indicator.signal in ("", one.name)
    ]


def _checks_in_slice(indicator: Indicator, signal: Signal) -> Fraction | None:
    if indicator.per is None or signal.every_us is None or indicator.basis != "checks":
        return None
    return Fraction(indicator.per.slice_us, signal.every_us)


def _number(count: Fraction) -> str:
    tenths, rest = divmod(round(count * 10), 10)
    return str(count) if count.denominator == 1 else f"{tenths}.{rest}"


def _part(share: Fraction) -> str:
    percent = int(share * 1000 + Fraction(1, 2))
    return f"{percent // 10}.{percent % 10} %" if percent % 10 else f"{percent // 10} %"
