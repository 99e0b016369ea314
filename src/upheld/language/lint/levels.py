"""Levels and what they are shares of: the total, the state between good and bad, rounding."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule, Exclusion, Indicator, Level
from upheld.core.timeline.instant import DAY, HOUR, Duration, format_duration
from upheld.core.timeline.words import plural
from upheld.core.values.finding import Finding
from upheld.language.lint.exclusions import applies
from upheld.language.lint.fields import field_of, finding, named, options_of, says
from upheld.language.lint.hours import long, measured_us, periods_of, sample_year
from upheld.language.lint.promises import AtALevel, has_page, is_time, promised
from upheld.language.node import Node, Scalar, Sequence
from upheld.language.quantities import shown
from upheld.language.whole import PlanText, Whole

_PLANNED = ("maintenance", "hours", "stage", "suspension")
_WORK_US = 4 * HOUR
_MONTH_US = 30 * DAY


# -- the total ---------------------------------------------------------------------------------------------


def denominator_unspecified(whole: Whole) -> Iterator[Finding]:
    """Shares of which a reading decides the total, or of which planned exclusions disagree about it."""
    for plan in whole.plans:
        decided: dict[tuple[str, tuple[str, ...]], list[AtALevel]] = {}
        for commit, level, indicator in promised(plan):
            rules = [rule for rule in plan.terms.exclusions if applies(rule, indicator, plan.terms)]
            yield from _mixed(plan, commit, rules)
            for name, found in _decided(plan, rules).items():
                decided.setdefault((name, tuple(rule.name for rule in found)), []).append(
                    (commit, level, indicator)
                )
        for (name, rules_of), about in decided.items():
            yield _total_decided(plan, name, rules_of, about)


def _decided(plan: PlanText, rules: list[Exclusion]) -> dict[str, list[Exclusion]]:
    """The exclusions by the reading that decides whether they leave the total."""
    found: dict[str, list[Exclusion]] = {}
    for rule in rules:
        node = field_of(plan, "exclude", rule.name, "effect").node
        leaving: dict[str, set[bool]] = {}
        for one in options_of(plan, node) if node is not None else ():
            leaving.setdefault(one.assumption.name, set()).add(_leaves(one.node))
        for name, answers in leaving.items():
            if len(answers) > 1:
                found.setdefault(name, []).append(rule)
    return found


def _total_decided(plan: PlanText, name: str, rules: tuple[str, ...], about: list[AtALevel]) -> Finding:
    compared = [
        _compared(level) for _, level, indicator in about if is_time(indicator) and level.unit == "ratio"
    ]
    message = (
        f"`{name}` decides whether {named(rules)} {plural(len(rules), 'leaves', 'leave')} the total of "
        f"{named(commit.name for commit, _, _ in about)}" + (f": {compared[0]}" if compared else "")
    )
    places = [field_of(plan, "exclude", rule, "effect").place for rule in rules]
    way_out = "have the formula written into the terms, or keep the reading"
    also = plan.terms.assumptions[name].cited.place
    return finding("note", "denominator-unspecified", message, [*places, also], way_out)


def _compared(level: Level) -> str:
    """What the total is worth, for so much excluded time in a month of 30 days."""
    budget = 1 - level.value if level.relation in (">=", ">") else level.value
    whole, less = int(_MONTH_US * budget), int((_MONTH_US - _WORK_US) * budget)
    return (
        f"with {format_duration(_WORK_US)} of it in 30 days, {shown(level.value, 'ratio')} allows "
        f"{format_duration(whole)} of the whole, or {format_duration(less)} of the rest"
    )


def _leaves(node: Node) -> bool:
    items = node.items if isinstance(node, Sequence) else (node,)
    return any(isinstance(item, Scalar) and item.text == "out of total" for item in items)


def _mixed(plan: PlanText, commit: CommitRule, rules: list[Exclusion]) -> Iterator[Finding]:
    planned = [rule for rule in rules if rule.of in _PLANNED and rule.takes == "all"]
    out = [rule for rule in planned if "out of total" in rule.effects]
    stay = [rule for rule in planned if "out of total" not in rule.effects and "not bad" in rule.effects]
    if not out or not stay:
        return
    message = (
        f"{named(rule.name for rule in out)} {plural(len(out), 'leaves', 'leave')} the total of "
        f"`{commit.name}`, and {named(rule.name for rule in stay)} "
        f"{plural(len(stay), 'stays', 'stay')} in it: one share, and two totals"
    )
    fields = [field_of(plan, "exclude", rule.name, "effect") for rule in (*out, *stay)]
    severity = "note" if any(field.readings for field in fields) else "warning"
    way_out = "give both the same effect: `[not bad, out of total]`, or `not bad` alone"
    yield finding(severity, "denominator-unspecified", message, [field.place for field in fields], way_out)  # type: ignore[arg-type]


# -- the state between -------------------------------------------------------------------------------------


def third_state(whole: Whole) -> Iterator[Finding]:
    """Bad slices outside any run, which are neither up nor down by the words of a definition by runs."""
    for plan in whole.plans:
        for commit, _, indicator in promised(plan):
            rule = indicator.per
            if rule is None or rule.run < 2 or not is_time(indicator):
                continue
            field = field_of(plan, "indicator", indicator.name, "lone")
            if field.node is not None and not field.readings:
                continue
            length = format_duration(rule.slice_us * (rule.run - 1))
            message = (
                f"up to {length} of failure in a row is in no run of {rule.run}, so it is not down for "
                f"`{commit.name}`"
            )
            run = field_of(plan, "indicator", indicator.name, "per", "run").place
            if field.readings:
                message += f", and not good: {named(field.readings)} takes it as {_lone(indicator)}"
                places = [field.place, run]
            else:
                message += ", and nothing says what it is; it is shown as degraded, and counts as up"
                places = [run]
            way_out = "say `lone: degraded`, `lone: down` or `lone: unknown`"
            yield finding(field.severity, "third-state", message, places, way_out)


def _lone(indicator: Indicator) -> str:
    return "up, shown as degraded" if indicator.lone == "degraded" else indicator.lone


# -- rounding ----------------------------------------------------------------------------------------------


def rounding_sensitive(whole: Whole) -> Iterator[Finding]:
    """Levels read off a page, where rounding to its decimals would turn a miss into a kept promise."""
    if not has_page(whole):
        return
    year = sample_year(whole)
    for plan in whole.plans:
        for commit, level, indicator in promised(plan):
            said = says(plan, "commit", commit.name, "compare")
            field = field_of(plan, "commit", commit.name, "compare")
            if level.unit != "ratio" or (said and not field.readings):
                continue
            margin = Fraction(1, 2 * 10 ** (level.decimals + 2))
            told = _flips(plan, commit, level, indicator, margin, year)
            if told:
                at = field_of(plan, "commit", commit.name, "level").place
                places = [at, field.place if said else None]
                way_out = (
                    "say `compare: exact` or `compare: half up`"
                    if not said
                    else "have the terms say how it is rounded"
                )
                yield finding("note", "rounding-sensitive", told, places, way_out)


def _flips(
    plan: PlanText, commit: CommitRule, level: Level, indicator: Indicator, margin: Fraction, year: int
) -> str:
    """In words, which values would be rounded to the other verdict; empty if none can occur."""
    is_least = level.relation in (">=", ">")
    edge = level.value - margin if is_least else level.value + margin
    printed = _printed(level)
    if is_least is False and edge >= 1:
        return ""
    compared = "exactly" if commit.compare == "exact" else "rounded half up"
    if not is_time(indicator) or not is_least:
        low, high = sorted((edge, level.value))
        return (
            f"`{commit.name}` is compared {compared}, and a value between {shown(low, 'ratio')} and "
            f"{shown(high, 'ratio')} would round to {printed}"
        )
    periods = periods_of(commit.period, year)
    if not periods:
        return ""
    length = max(measured_us(plan, indicator, period) for period in periods)
    exact, rounded = int(length * (1 - level.value)), int(length * (1 - edge))
    step = _step(plan.terms, indicator)
    if rounded // step == exact // step:
        return ""
    return (
        f"`{commit.name}` is compared {compared}: of {long(length)}, {printed} allows "
        f"{format_duration(exact)} of downtime, and up to {format_duration(rounded)} would round to it"
    )


def _printed(level: Level) -> str:
    """A level with the decimals that the page gives it."""
    digits = f"{int(level.value * 100 * 10**level.decimals):0{level.decimals + 1}d}"
    whole = digits[: len(digits) - level.decimals]
    return f"{whole}.{digits[len(whole) :]} %" if level.decimals else f"{whole} %"


def _step(terms: Terms, indicator: Indicator) -> Duration:
    """By how much downtime can grow: a slice, or anything where exclusions may cover a part of one."""
    rule = indicator.per
    if rule is None:
        return 1
    is_cut = rule.partly == "judged on the rest" and any(
        applies(one, indicator, terms) for one in terms.exclusions
    )
    return 1 if is_cut else rule.slice_us
