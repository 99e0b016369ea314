"""Exclusions that ask for too little: no evidence, no notice; and maintenance that none of them takes out."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.measuring.parts import leaves_of
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule, Exclusion, Indicator, Level
from upheld.core.timeline.instant import format_duration
from upheld.core.timeline.words import plural
from upheld.core.values.expression import Expr, Known, names_in, parts
from upheld.core.values.finding import Finding, Severity
from upheld.language.lint.conditions import can_hold, domains_of
from upheld.language.lint.fields import field_of, finding, named
from upheld.language.lint.hours import measured_us, open_us, periods_of, sample_year
from upheld.language.lint.promises import is_time
from upheld.language.quantities import shown
from upheld.language.whole import PlanText, Whole

_ANNOUNCED = ("scheduled", "high risk")


def applies(rule: Exclusion, indicator: Indicator, terms: Terms) -> bool:
    """Whether an exclusion takes anything from an indicator."""
    if rule.indicators and indicator.name not in rule.indicators:
        return False
    if not rule.components or indicator.basis == "outcomes":
        return True
    taken = {leaf for name in rule.components for leaf in leaves_of(terms.components, name)}
    return bool(taken & set(leaves_of(terms.components, indicator.of)))


def exclusion_without_evidence(whole: Whole) -> Iterator[Finding]:
    """Exclusions by cause that take effect on a record alone."""
    for plan in whole.plans:
        found = [
            rule
            for rule in plan.terms.exclusions
            if rule.of == "attribution" and "evidence" not in _known_in(rule.where) and _can_be(plan, rule)
        ]
        if not found:
            continue
        fields = [field_of(plan, "exclude", rule.name, "where") for rule in found]
        message = (
            f"{named(rule.name for rule in found)} {plural(len(found), 'needs', 'need')} no evidence: the "
            f"word of whoever records the cause takes time or items out"
        )
        way_out = "add `and evidence is known` to the condition"
        yield finding("warning", "exclusion-without-evidence", message, [f.place for f in fields], way_out)


def _can_be(plan: PlanText, rule: Exclusion) -> bool:
    return can_hold([rule.where], domains_of(plan.terms, "attribution"), {})


def _known_in(expr: Expr | None) -> frozenset[str]:
    """The names that a condition asks to be known."""
    if expr is None:
        return frozenset()
    own = names_in(expr.operand) if isinstance(expr, Known) and not expr.missing else frozenset()
    return own.union(*(_known_in(part) for part in parts(expr)))


def notice_condition_missing(whole: Whole) -> Iterator[Finding]:
    """Scheduled maintenance that is excluded however late it was announced."""
    for plan in whole.plans:
        domains = domains_of(plan.terms, "maintenance")
        for rule in plan.terms.exclusions:
            if rule.of != "maintenance" or rule.announced_by is not None:
                continue
            kinds = [kind for kind in _ANNOUNCED if can_hold([rule.where], domains, {"kind": kind})]
            if not kinds:
                continue
            field = field_of(plan, "exclude", rule.name, "announced by")
            notices = [
                clock
                for clock in plan.terms.clocks
                if clock.of == "maintenance" and clock.due is not None and "starts_at" in names_in(clock.due)
            ]
            also = [field_of(plan, "deadline", clock.name, "due").place for clock in notices]
            promised = f", and {named(clock.name for clock in notices)} promises one" if notices else ""
            message = f"`{rule.name}` excludes {' and '.join(kinds)} work without any notice{promised}"
            due = str(notices[0].due) if notices else "starts_at - 48h"
            way_out = f'add `announced by: "{due}"`'
            yield finding(field.severity, "notice-condition-missing", message, [field.place, *also], way_out)


# -- maintenance inside the total --------------------------------------------------------------------------


def maintenance_breaks_target(whole: Whole) -> Iterator[Finding]:
    """Levels that the windows which the agreement itself allows for work would break."""
    year = sample_year(whole)
    for plan in whole.plans:
        windows = {rule.inside: rule for rule in plan.terms.exclusions if rule.inside and _is_work(rule)}
        for commit in plan.terms.commits:
            indicator = plan.terms.indicators[commit.indicator]
            level = commit.level
            if level is None or level.unit != "ratio" or level.relation[0] != ">" or not is_time(indicator):
                continue
            for name, rule in windows.items():
                yield from _broken_by(plan, commit, level, indicator, name, rule, year)


def _broken_by(
    plan: PlanText,
    commit: CommitRule,
    level: Level,
    indicator: Indicator,
    name: str,
    rule: Exclusion,
    year: int,
) -> Iterator[Finding]:
    gives_back = any(
        "not bad" in other.effects and other.inside in ("", name) and applies(other, indicator, plan.terms)
        for other in plan.terms.exclusions
        if _is_work(other)
    )
    if gives_back:
        return
    found = [
        (open_us(plan, name, period), measured_us(plan, indicator, period) * (1 - level.value), period.label)
        for period in periods_of(commit.period, year)
    ]
    broken = [one for one in found if one[0] > one[1]]
    if not broken:
        return
    window, budget, label = max(broken, key=lambda one: one[0] - one[1])
    message = (
        f"work in `{name}` may take {format_duration(window)} of {label}, and {shown(level.value, 'ratio')} "
        f"of `{commit.name}` allows {format_duration(int(budget))}: `{rule.name}` does not give it back there"
    )
    places = [
        field_of(plan, "exclude", rule.name, "effect").place,
        field_of(plan, "commit", commit.name, "level").place,
        field_of(plan, "calendar", name).place,
    ]
    severity: Severity = "note" if field_of(plan, "exclude", rule.name, "effect").readings else "warning"
    way_out = f"add `not bad` to the effect for `{indicator.name}`, or lower the level"
    yield finding(severity, "maintenance-breaks-target", message, places, way_out)


def _is_work(rule: Exclusion) -> bool:
    return rule.of in ("maintenance", "hours")
