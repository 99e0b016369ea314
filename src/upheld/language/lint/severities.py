"""Values of scales, and what exceeds a quota, for which no clock counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from upheld.core.terms.agreement import Branch, ClockRule, QuotaRule, Rows, Scale, Target, Tree
from upheld.core.timeline.words import plural
from upheld.core.values.expression import names_in
from upheld.core.values.finding import Finding, Severity
from upheld.core.values.value import Value
from upheld.language.lint.conditions import can_hold, domains_of
from upheld.language.lint.fields import amounts_field, concept_of, field_of, finding, named
from upheld.language.whole import PlanText, Whole

Covered = Literal["a target", "nothing, as said", "left out"]
_ANSWER = {"ordinary": "beyond", "charged": "charged"}


def severity_without_clock(whole: Whole) -> Iterator[Finding]:
    """Values of a scale for which every clock of such subjects is silent."""
    for plan in whole.plans:
        for scale in plan.terms.scales:
            clocks = [
                clock for clock in plan.terms.clocks if clock.of == scale.of and clock.within is not None
            ]
            domains = domains_of(plan.terms, scale.of)
            for value in scale.values if clocks else ():
                if all(_covered(clock, scale, value, domains) == "left out" for clock in clocks):
                    yield _without_clock(plan, scale, value, clocks)


def _without_clock(plan: PlanText, scale: Scale, value: str, clocks: list[ClockRule]) -> Finding:
    fields = [field_of(plan, concept_of(clock), clock.name, "where") for clock in clocks]
    severity: Severity = "note" if any(field.readings for field in fields) else "warning"
    under = f" under the plan `{plan.name}`" if plan.name else ""
    message = (
        f"no clock counts for `{value}` of `{scale.name}`{under}: {named(clock.name for clock in clocks)} "
        f"{plural(len(clocks), 'leaves', 'leave')} it out"
    )
    way_out = f"give it a target, or say `{value}: none` under `{amounts_field(clocks[0])}`"
    key = field_of(plan, "scale", scale.name, "values", value)
    return finding(
        severity, "severity-without-clock", message, [key.place, *(f.place for f in fields)], way_out
    )


def _covered(clock: ClockRule, scale: Scale, value: str, domains: dict[str, tuple[Value, ...]]) -> Covered:
    fixed = {scale.name: value}
    if not can_hold([clock.where], domains, fixed):
        return "left out"
    trees: list[Tree[Target] | None] = []
    if isinstance(clock.within, Rows):
        trees += [
            row.target for row in clock.within.rows if can_hold([clock.where, row.where], domains, fixed)
        ]
    else:
        trees.append(clock.within)
    found = {one for tree in trees for one in _reached(tree, scale.name, value)}
    if "a target" in found:
        return "a target"
    return "nothing, as said" if found else "left out"


def _reached(tree: Tree[Target] | None, attribute: str, value: str) -> Iterator[Covered]:
    """What a decision says for a value; that a row is missing is told elsewhere, so it is as good as said."""
    if not isinstance(tree, Branch):
        yield "nothing, as said" if tree is None else "a target"
    elif tree.attribute == attribute:
        yield from _reached(tree.rows.get(value, tree.other), attribute, value)
    else:
        for row in (*tree.rows.values(), *((tree.other,) if tree.has_other else ())):
            yield from _reached(row, attribute, value)


def quota_overflow_undefined(whole: Whole) -> Iterator[Finding]:
    """Quotas of which one more is handled in a way for which no clock counts."""
    for plan in whole.plans:
        for quota in plan.terms.quotas:
            answer, name = _ANSWER.get(quota.overflow), f"quota.{quota.name}"
            reading = [
                clock
                for clock in plan.terms.clocks
                if clock.where is not None and name in names_in(clock.where)
            ]
            if (
                answer is None
                or not reading
                or any(_admits(plan, clock, quota, answer) for clock in _tickets(plan))
            ):
                continue
            field = field_of(plan, "quota", quota.name, "overflow")
            message = (
                f"one more than {quota.allow} is `{quota.overflow}`, and no clock is for "
                f"`{name} = {answer}`: nothing is promised for it"
            )
            places = [field.place, *(field_of(plan, concept_of(c), c.name, "where").place for c in reading)]
            way_out = f"let a clock count for `{name} = {answer}`, or say `overflow: refused`"
            yield finding("warning", "quota-overflow-undefined", message, places, way_out)


def _tickets(plan: PlanText) -> Iterator[ClockRule]:
    return (clock for clock in plan.terms.clocks if clock.of == "ticket" and clock.within is not None)


def _admits(plan: PlanText, clock: ClockRule, quota: QuotaRule, answer: str) -> bool:
    domains = domains_of(plan.terms, "ticket")
    return can_hold([clock.where, quota.where], domains, {f"quota.{quota.name}": answer})
