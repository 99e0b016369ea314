"""How two measured commitments compare: the level, and the value that the same observations come to.

What is measured compares by what it does to the value in every world: more bad time is better for the
customer, who is owed what is missed. Where a change can move a value either way it is incomparable.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from upheld.core.comparing.clocks import compare_clocks, definition, modality
from upheld.core.comparing.comparison import Order, Part, both, by_rank, by_size, changed, different, order_of
from upheld.core.comparing.exclusions import compare_exclusions
from upheld.core.comparing.slices import compare_slices
from upheld.core.comparing.versions import Versions
from upheld.core.measuring.level import kept
from upheld.core.measuring.parts import Components, leaves_of, needed
from upheld.core.owing.amounts import percent_text
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule, Indicator, Signal
from upheld.core.timeline.instant import format_duration
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.expression import names_in

_GAPS = ("up", "unknown", "down")


def compare_commits(before: CommitRule, after: CommitRule, versions: Versions) -> tuple[Part, ...]:
    """The parts in which two promised measurements differ."""
    parts = [
        *_levels(before, after),
        *changed("modality", modality(before.modality, after.modality), before.modality, after.modality),
        *different("period", period_text(before.period), period_text(after.period)),
        *changed(
            "unknown",
            by_rank(before.unknown, after.unknown, "up", "bounds", "down"),
            before.unknown,
            after.unknown,
        ),
    ]
    one = versions.before.indicators.get(before.indicator)
    other = versions.after.indicators.get(after.indicator)
    if one is not None and other is not None:
        parts += compare_measured(one, other, before, after, versions)
    return tuple(parts)


def period_text(rule: PeriodRule) -> str:
    """A period with where it is local, and what it is anchored to."""
    anchor = "" if rule.anchor is None else f" from {rule.anchor}"
    return f"{rule.kind}{anchor} ({rule.zone.name})"


# -- levels ------------------------------------------------------------------------------------------------


def _levels(before: CommitRule, after: CommitRule) -> Iterator[Part]:
    one, other = before.level, after.level
    if one is None or other is None:
        yield from changed("level", order_of(one is None, other is None) if one is not other else "equal",
                           level_text(before), level_text(after))  # fmt: skip
        return
    yield from changed("level", _level_order(before, after), level_text(before), level_text(after))


def _level_order(before: CommitRule, after: CommitRule) -> Order:
    assert before.level is not None, "it is promised"
    assert after.level is not None, "it is promised"
    if before.level.unit != after.level.unit:
        return "incomparable"
    one, other = kept(before.level, before.compare), kept(after.level, after.compare)
    if one.is_least != other.is_least:
        return "incomparable"
    sign = 1 if one.is_least else -1
    # What keeps less is stricter: an edge that is outside counts as a little further.
    return by_size((sign * one.value, not one.is_inside), (sign * other.value, not other.is_inside), _is_less)


def _is_less(one: tuple[Fraction, bool], other: tuple[Fraction, bool]) -> bool:
    return one < other


def level_text(commit: CommitRule) -> str:
    """A level as the agreement writes it."""
    level = commit.level
    if level is None:
        return "only measured"
    value = f"{percent_text(level.value)} %" if level.unit == "ratio" else format_duration(int(level.value))
    return f"{level.relation} {value}" + (", rounded" if commit.compare == "half up" else "")


# -- what is measured --------------------------------------------------------------------------------------


def compare_measured(
    before: Indicator, after: Indicator, commit: CommitRule, commit_after: CommitRule, versions: Versions
) -> Iterator[Part]:
    """The parts in which two indicators differ, by what they do to the value that the levels look at."""
    if before.basis != after.basis:
        yield Part("counted", "incomparable", _counted(before), _counted(after))
        return
    is_share = before.combine == after.combine == "bad time" and before.basis != "latency"
    yield from _combined(before, after, commit, commit_after)
    yield from changed("gaps", _gaps(before, after, versions), before.gaps, after.gaps)
    yield from changed("lone bad slices", _lone(before, after, is_share), before.lone, after.lone)
    yield from changed(
        "without a cause",
        by_rank(before.unattributed, after.unattributed, "unknown", "counts"),
        before.unattributed,
        after.unattributed,
    )
    yield from different("total", _total(before), _total(after))
    yield from different("counted by", before.counted_at, after.counted_at)
    yield from changed(
        "with nothing to count",
        by_rank(before.empty_met, after.empty_met, True, False),
        "met" if before.empty_met else "undetermined",
        "met" if after.empty_met else "undetermined",
    )
    if before.on != after.on or before.on in versions.apart:
        yield Part("measured", "incomparable", f"on {before.on}", f"on {after.on}")
    yield from _subjects(before, after, versions)
    if before.basis != "outcomes":
        yield from _components(before, after, versions, is_share)
        yield from compare_slices(before.per, after.per, is_share=is_share, lone=(before.lone, after.lone))
    yield from compare_exclusions(before, after, versions)


def _combined(
    before: Indicator, after: Indicator, commit: CommitRule, commit_after: CommitRule
) -> Iterator[Part]:
    order: Order = "equal"
    if (before.combine, before.percentile) != (after.combine, after.percentile):
        order = "incomparable"
        levels = commit.level, commit_after.level
        at_most = all(level is None or level.relation[0] == "<" for level in levels)
        if before.percentile is not None and after.percentile is not None and at_most:
            order = by_size(before.percentile, after.percentile, lambda a, b: a < b)
    yield from changed("combined", order, _combine(before), _combine(after))
    yield from different(
        "across components",
        (before.across, before.at_least, dict(before.weights)),
        (after.across, after.at_least, dict(after.weights)),
        _across,
    )


def _across(said: tuple[str, int, dict[str, Fraction]]) -> str:
    across, least, weights = said
    if across == "at least":
        return f"at least {least}"
    return across + (f" {', '.join(f'{k}: {v}' for k, v in weights.items())}" if across == "weighted" else "")


def _combine(indicator: Indicator) -> str:
    percentile = "" if indicator.percentile is None else f" {percent_text(indicator.percentile)}"
    return f"{indicator.combine}{percentile}"


def _counted(indicator: Indicator) -> str:
    return f"{indicator.basis} of {indicator.of}"


def _total(indicator: Indicator) -> str:
    return "whole period" if indicator.whole else "part in force"


def _gaps(before: Indicator, after: Indicator, versions: Versions) -> Order:
    order = by_rank(before.gaps, after.gaps, *_GAPS)
    sides = (before, versions.before), (after, versions.after)
    if order != "equal" and "unknown" in (before.gaps, after.gaps):
        # What is missing in unknown numbers is left out as up or down, and leaves everything open as unknown.
        order = order if all(_is_counted(*side) for side in sides) else "incomparable"
    return order


def _is_counted(indicator: Indicator, terms: Terms) -> bool:
    """Whether it is known how much is missing: slices are, and observations that are told every so often."""
    if indicator.basis not in ("checks", "counts", "latency") or indicator.of not in terms.components:
        return True
    if indicator.combine in ("bad time", "mean of ratios"):
        return True
    leaves = leaves_of(terms.components, indicator.of)
    return all(s.every_us is not None for leaf in leaves for s in _signals(leaf, indicator, terms.signals))


def _lone(before: Indicator, after: Indicator, is_share: bool) -> Order:
    order = by_rank(before.lone, after.lone, "degraded", "down")
    return order if is_share or order == "equal" else "incomparable"


def _subjects(before: Indicator, after: Indicator, versions: Versions) -> Iterator[Part]:
    """Which incidents count, or which outcomes of which clock."""
    kind = "incident" if before.basis == "incidents" else ""
    if before.basis == "outcomes":
        kind = next((rule.of for rule in versions.before.clocks if rule.name == before.of), "")
        yield from _outcomes(before, after, versions)
    if before.where is not None or after.where is not None:
        order = versions.conditions(before.where, after.where, kind, wider="better")
        if before.basis != "incidents" and order != "equal":
            order = "incomparable"
        yield from changed("of which", order, before.where or "all", after.where or "all")
        names = {
            name for where in (before.where, after.where) if where is not None for name in names_in(where)
        }
        for name in sorted(names):
            yield from definition(name, kind, versions)


def _outcomes(before: Indicator, after: Indicator, versions: Versions) -> Iterator[Part]:
    """The clock whose outcomes are counted: only how long it may take moves no item in or out."""
    clocks = [
        next((rule for rule in terms.clocks if rule.name == indicator.of), None)
        for terms, indicator in ((versions.before, before), (versions.after, after))
    ]
    if before.of != after.of or clocks[0] is None or clocks[1] is None:
        yield from different("counted", _counted(before), _counted(after))
        return
    for part in compare_clocks(clocks[0], clocks[1], versions):
        if part.what == "modality":
            continue
        is_time = part.what.startswith("target") and "no target" not in (part.before, part.after)
        is_time = is_time and "recorded" not in (part.before, part.after)
        order = part.order if is_time else "incomparable"
        yield Part(f"{part.what} of {before.of}", order, part.before, part.after, part.example)


# -- components and signals --------------------------------------------------------------------------------


def _components(before: Indicator, after: Indicator, versions: Versions, is_share: bool) -> Iterator[Part]:
    trees = versions.before.components, versions.after.components
    if before.of not in trees[0] or after.of not in trees[1]:
        yield from different("counted", _counted(before), _counted(after))
        return
    order = _tree(before.of, after.of, versions)
    leaves_total = "out of total" in (before.gaps, after.gaps) or any(
        "out of total" in exclusion.effects
        for terms in (versions.before, versions.after)
        for exclusion in terms.exclusions
    )
    is_plain = is_share and before.across == "each" and not leaves_total
    if order != "equal" and not is_plain:
        order = "incomparable"
    yield from changed("component", order, _tree_text(before.of, trees[0]), _tree_text(after.of, trees[1]))
    shared = set(leaves_of(trees[0], before.of)) & set(leaves_of(trees[1], after.of))
    for leaf in sorted(shared):
        one, other = (_signals(leaf, i, terms.signals) for i, terms in (
            (before, versions.before), (after, versions.after)))  # fmt: skip
        if len(one) != len(other):
            yield Part(f"signals of {leaf}", "incomparable", str(len(one)), str(len(other)))
        for a, b in zip(one, other, strict=False):
            yield from _signal(a, b, leaf, versions, is_share)


def _signals(leaf: str, indicator: Indicator, signals: tuple[Signal, ...]) -> list[Signal]:
    kinds = {"checks": "checks", "latency": "checks", "counts": "counts", "states": "states"}
    kind = kinds.get(indicator.basis)
    found = [one for one in signals if leaf in one.of and one.kind == kind]
    return [one for one in found if indicator.signal in ("", one.name)]


def _signal(before: Signal, after: Signal, leaf: str, versions: Versions, is_share: bool) -> Iterator[Part]:
    order = versions.conditions(before.good, after.good, "", wider="worse")
    if order != "equal" and ((before.good is None) != (after.good is None) or not is_share):
        order = "incomparable"  # without a condition the observation says itself whether it is good
    yield from changed(f"good of {leaf}", order, before.good or "as it says", after.good or "as it says")
    yield from different(f"degraded of {leaf}", before.degraded, after.degraded, lambda e: e or "none")
    for name, values in (
        ("interval", (before.every_us, after.every_us)),
        ("max age", (before.max_age_us, after.max_age_us)),
    ):
        yield from different(
            f"{name} of {leaf}",
            values[0],
            values[1],
            lambda us: "none" if us is None else format_duration(us),
        )


def _tree(before: str, after: str, versions: Versions) -> Order:
    """How the time that a component is bad compares: more is better."""
    one, other = versions.before.components[before], versions.after.components[after]
    if (one.from_on, one.until_on) != (other.from_on, other.until_on):
        return "incomparable"
    if one.tie is None and other.tie is None:
        return "equal" if before == after else "incomparable"
    if one.tie is None or other.tie is None or "each" in (one.tie, other.tie):
        if one.tie != other.tie or one.parts != other.parts:
            return "incomparable"
        return both(_tree(part, part, versions) for part in one.parts)
    shared = [part for part in one.parts if part in other.parts]
    added, removed = set(other.parts) - set(shared), set(one.parts) - set(shared)
    dated = [versions.after.components[p] for p in added] + [versions.before.components[p] for p in removed]
    if any(part.from_on or part.until_on for part in dated):
        return "incomparable"
    # Good in one must be good in the other, whatever the parts that only one of them has are.
    is_more = needed(other) - len(added) >= needed(one)
    is_less = needed(one) - len(removed) >= needed(other)
    if not is_more and not is_less:
        return "incomparable"
    own = order_of(is_more and not is_less, is_less and not is_more)
    return both([own, *(_tree(part, part, versions) for part in shared)])


def _tree_text(name: str, components: Components) -> str:
    component = components[name]
    dates = [
        f"{word} {on}" for word, on in (("from", component.from_on), ("until", component.until_on)) if on
    ]
    if component.tie is None:
        return " ".join([name, *dates])
    tie = f"at least {component.at_least}" if component.tie == "at least" else component.tie
    of = ", ".join(_tree_text(part, components) for part in component.parts)
    return " ".join([f"{tie} of {of}", *dates])
