"""Limits of what is paid that nothing can reach."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.owing.reach import is_alike, most_given, most_times, multiplied, size
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import Bands, Formula, Multiple, RemedyRule, Steps
from upheld.core.timeline.words import count
from upheld.core.values.finding import Finding
from upheld.language.lint.fields import field_of, finding
from upheld.language.lint.gives import given
from upheld.language.whole import PlanText, Whole


def unreachable_cap(whole: Whole) -> Iterator[Finding]:
    """Limits above the most that a remedy can give in the time that they are about."""
    for plan in whole.plans:
        commits = {commit.name: commit for commit in plan.terms.commits}
        for remedy in plan.terms.remedies:
            if remedy.of in commits:
                yield from _unreachable(plan, remedy, commits[remedy.of])


def _unreachable(plan: PlanText, remedy: RemedyRule, commit: CommitRule) -> Iterator[Finding]:
    most = most_given(remedy, commit)
    if most is None:
        return
    for limit in remedy.limits:
        times = most_times(limit.per, commit, plan.terms)
        if times is None or not is_alike(limit.most, most) or size(most) * times >= size(limit.most):
            continue
        field = field_of(plan, "remedy", remedy.name, "limits", limit.per)
        several = f", {count(times, 'time')} in a {limit.per}" if times > 1 else ""
        message = (
            f"`{remedy.name}` gives at most {given(most)}{several}, so its limit of {given(limit.most)} per "
            f"{limit.per} is never reached"
        )
        places = [field.place, field_of(plan, "remedy", remedy.name, _form(remedy)).place]
        way_out = f"lower the limit to {given(multiplied(most, times))}, or leave it out"
        yield finding(field.severity, "unreachable-cap", message, places, way_out)


def _form(remedy: RemedyRule) -> str:
    """The field in which a remedy says how much."""
    forms = {Bands: "bands", Steps: "steps", Multiple: "multiple", Formula: "formula"}
    return forms[type(remedy.amount)] if remedy.amount is not None else ""
