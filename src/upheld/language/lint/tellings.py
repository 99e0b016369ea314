"""Whom an agreement tells: stages that are never reached, warnings that come at once, promises unwatched."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.comparing.clocks import is_of_customer
from upheld.core.terms.agreement import ClockRule, ObligationRule
from upheld.core.terms.duty import CovenantRule
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.telling import EscalateRule, Mark
from upheld.core.timeline.words import plural
from upheld.core.values.finding import Finding
from upheld.language.lint.fields import concept_of, field_of, finding, named
from upheld.language.targets import counted, targets_of
from upheld.language.whole import PlanText, Whole


def mark_missing(whole: Whole) -> Iterator[Finding]:
    """Points that no clock has which a stage watches: a goal where there is none, a share of an instant."""
    for plan in whole.plans:
        for rule in plan.terms.escalations:
            watched = [name for name in rule.of if _is_there(plan, name)]
            for mark in rule.marks:
                if watched and not any(_has(plan, name, mark) for name in watched):
                    at = field_of(plan, "escalate", rule.name, "at")
                    message = (
                        f"`{mark}` of `{rule.name}` is never reached: {named(watched)} "
                        f"{plural(len(watched), 'has', 'have')} {_lacking(mark)}"
                    )
                    way_out = "leave it out, or name a commitment that has it"
                    yield finding(at.severity, "mark-missing", message, [at.place], way_out)


def _lacking(mark: Mark) -> str:
    return {"share": "no budget of time", "start": "no start"}.get(mark.kind, f"no {mark.kind}")


def _is_there(plan: PlanText, name: str) -> bool:
    rules = (*plan.terms.rules, *plan.terms.remedies)
    return any(one.name == name for one in rules)


def _has(plan: PlanText, name: str, mark: Mark) -> bool:
    """Whether a commitment has a point."""
    rule = next((one for one in plan.terms.rules if one.name == name), None)
    match rule:
        case ClockRule() if rule.due is not None:
            return mark.kind == "limit"
        case ClockRule():
            targets = [one.target for one in targets_of(rule.within)]
            if mark.kind in ("goal", "start"):
                return any(mark.kind == "start" or one.goal is not None for one in targets)
            return any(one.limit is not None for one in targets)
        case CommitRule() if rule.level is None:
            return mark.kind in ("start", "share") or mark.sign < 0
        case ObligationRule() | CommitRule():
            return mark.kind != "goal"
        case CovenantRule():
            return mark.kind in ("start", "limit") and mark.sign >= 0
    return mark.kind != "goal"


def warning_too_early(whole: Whole) -> Iterator[Finding]:
    """Warnings that come as soon as the clock starts, since its budget is no longer than they are early."""
    for plan in whole.plans:
        for rule in plan.terms.escalations:
            for mark in rule.marks:
                clocks = [one for one in plan.terms.clocks if one.name in rule.of and one.due is None]
                for clock in clocks if mark.kind == "limit" and mark.sign < 0 else ():
                    yield from _too_early(plan, rule, mark, clock)


def _too_early(plan: PlanText, rule: EscalateRule, mark: Mark, clock: ClockRule) -> Iterator[Finding]:
    limits = [one for one in counted(clock) if one.is_limit]
    amount = mark.amount
    if amount is None or not limits:
        return
    if all(
        one.amount.kind == amount.kind
        and one.amount.count <= amount.count
        and (mark.calendar or one.calendar) == one.calendar
        for one in limits
    ):
        longest = max(limits, key=lambda one: one.amount.count)
        at = field_of(plan, "escalate", rule.name, "at")
        target = field_of(plan, concept_of(clock), clock.name)
        message = (
            f"`{mark}` of `{rule.name}` is there at the start of `{clock.name}`: it has {longest.amount}"
        )
        way_out = "warn later, or at a share such as `75 %`"
        yield finding(at.severity, "warning-too-early", message, [at.place, target.place], way_out)


def nobody_told(whole: Whole) -> Iterator[Finding]:
    """Guarantees that nobody hears of, in an agreement that says who hears of others."""
    for plan in whole.plans:
        if not plan.terms.escalations:
            continue
        watched = {name for rule in plan.terms.escalations for name in rule.of}
        for clock in plan.terms.clocks:
            is_own = clock.modality == "guarantee" and not is_of_customer(clock)
            if is_own and clock.name not in watched:
                place = field_of(plan, concept_of(clock), clock.name).place
                message = f"`{clock.name}` is guaranteed, and nobody is told when it is about to be late"
                way_out = "name it in a row of `escalate`"
                yield finding("note", "nobody-told", message, [place], way_out)
