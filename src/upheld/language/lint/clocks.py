"""Clocks that nothing starts or stops, and targets that are a range until a reading chooses."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.facts.fact_types import OPENING
from upheld.core.terms.agreement import ClockRule, EventMatch
from upheld.core.values.amount import Amount, AmountError, parse_amount
from upheld.core.values.finding import Finding
from upheld.language.lint.conditions import can_happen, can_hold, domains_of
from upheld.language.lint.fields import amounts_field, concept_of, field_of, finding, options_of
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar
from upheld.language.whole import PlanText, Whole

_BEGUN_ONCE = frozenset({"ticket", "incident", "task", "claim"})


def clock_without_start(whole: Whole) -> Iterator[Finding]:
    """Clocks that no event can start, or that are for no subject at all."""
    code = "clock-without-start"
    for plan in whole.plans:
        for clock in plan.terms.clocks:
            concept = concept_of(clock)
            where = field_of(plan, concept, clock.name, "where")
            if not can_hold([clock.where], domains_of(plan.terms, clock.of), {}):
                message = f"`{clock.name}` is for no {clock.of}: `{clock.where}` is never true"
                yield finding(
                    "warning", code, message, [where.place], "mend the condition, or remove the row"
                )
                continue
            for field, matches in (("from", clock.starts), ("after", clock.after)):
                if matches and not can_happen(clock, matches, plan.terms):
                    place = field_of(plan, concept, clock.name, field).place
                    message = f"nothing starts `{clock.name}`: {_words(matches)} never meets its conditions"
                    places = [place, where.place if where.node else None]
                    yield finding("warning", code, message, places, "mend the condition of the event")


def clock_without_stop(whole: Whole) -> Iterator[Finding]:
    """Clocks that no event can stop after the one that started them."""
    code = "clock-without-stop"
    for plan in whole.plans:
        for clock in plan.terms.clocks:
            concept = concept_of(clock)
            if not can_hold([clock.where], domains_of(plan.terms, clock.of), {}):
                continue
            place = field_of(plan, concept, clock.name, "until").place
            if clock.starts and all(_has_been(clock, match) for match in clock.stops):
                message = f"nothing stops `{clock.name}`: every {clock.of} begins with {_words(clock.stops)}"
                yield finding(
                    "warning", code, message, [place], "name what keeps the promise, such as `answered`"
                )
            elif not clock.is_cadence and clock.starts and set(clock.starts) == set(clock.stops):
                message = (
                    f"what starts `{clock.name}` also stops it: only the second {_words(clock.stops)} would"
                )
                also = field_of(plan, concept, clock.name, "from").place
                yield finding("warning", code, message, [place, also], "name another event under `until`")
            for field, matches in (("until", clock.stops), ("again", clock.again)):
                if matches and not can_happen(clock, matches, plan.terms):
                    at = field_of(plan, concept, clock.name, field).place
                    message = f"nothing stops `{clock.name}`: {_words(matches)} never meets its conditions"
                    yield finding("warning", code, message, [at], "mend the condition of the event")


def _has_been(clock: ClockRule, match: EventMatch) -> bool:
    return clock.of in _BEGUN_ONCE and match.types == {OPENING[clock.of]}


def _words(matches: tuple[EventMatch, ...]) -> str:
    return " or ".join(f"`{match.word}`" for match in matches)


# -- ranges ------------------------------------------------------------------------------------------------


def range_target(whole: Whole) -> Iterator[Finding]:
    """Targets for which the options of one reading take the two ends of a range."""
    for plan in whole.plans:
        for clock in plan.terms.clocks:
            concept, name = concept_of(clock), amounts_field(clock)
            field = field_of(plan, concept, clock.name, name)
            if field.node is not None:
                yield from _ranges(plan, clock, field.node)


def _ranges(plan: PlanText, clock: ClockRule, node: Node) -> Iterator[Finding]:
    for key, child in node.entries if isinstance(node, MapNode) else ():
        if not key.text.startswith("by "):
            yield from _ranges(plan, clock, child)
            continue
        ends: dict[str, tuple[Amount, ...]] = {
            one.option: _ends(one.node)
            for one in options_of(plan, node)
            if f"by {one.assumption.name}" == key.text
        }
        both = sorted({amount for found in ends.values() for amount in found}, key=lambda one: one.count)
        is_range = len(both) == 2 and both[0].kind == both[1].kind
        if is_range and any(set(found) == set(both) for found in ends.values()):
            assumption = plan.terms.assumptions[key.text.removeprefix("by ")]
            message = (
                f"`{clock.name}` is promised within a range, {both[0]} to {both[1]}: `{assumption.name}` "
                f"takes `{assumption.take}`{_what(ends[assumption.take])}"
            )
            way_out = "have one number written into the terms, or keep the reading"
            yield finding("note", "range-target", message, [key.place, assumption.cited.place], way_out)


def _what(ends: tuple[Amount, ...]) -> str:
    if len(ends) == 2:
        return f", so after {ends[0]} it warns and after {ends[1]} it is late"
    return f", so it is late after {ends[0]}" if ends else ""


def _ends(node: Node) -> tuple[Amount, ...]:
    """The amounts of a target: its goal and its limit, or its limit alone."""
    if isinstance(node, MapNode):
        parts = [node.get(name) for name in ("goal", "limit")]
        return tuple(amount for part in parts if isinstance(part, Scalar) for amount in _ends(part))
    try:
        return (parse_amount(node.text.partition(" of ")[0]),) if isinstance(node, Scalar) else ()
    except AmountError:
        return ()
