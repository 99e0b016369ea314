"""Limits of what is paid that nothing can reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor

from upheld.core.agreement import Terms
from upheld.core.expression import Literal
from upheld.core.finding import Finding
from upheld.core.indicator import CommitRule, Component
from upheld.core.remedy import Bands, Formula, Give, Multiple, RemedyRule, Share, Steps, is_whole
from upheld.language.lint.fields import field_of, finding
from upheld.language.lint.gives import given, multiplied, size
from upheld.language.lint.hours import periods_of, sample_year
from upheld.language.whole import PlanText, Whole


def unreachable_cap(whole: Whole) -> Iterator[Finding]:
    """Limits above the most that a remedy can give in the time that they are about."""
    year = sample_year(whole)
    for plan in whole.plans:
        commits = {commit.name: commit for commit in plan.terms.commits}
        for remedy in plan.terms.remedies:
            if remedy.of in commits:
                yield from _unreachable(plan, remedy, commits[remedy.of], year)


def _unreachable(plan: PlanText, remedy: RemedyRule, commit: CommitRule, year: int) -> Iterator[Finding]:
    periods = periods_of(commit.period, year)
    most = _most(plan.terms, remedy, commit, max((one.length_us for one in periods), default=0))
    if most is None or not periods:
        return
    subjects = _subjects(plan.terms, commit)
    for limit in remedy.limits:
        if type(limit.most) is not type(most) or limit.per == "term" or not _same_currency(limit.most, most):
            continue
        times = subjects * len(periods) if limit.per == "year" else 1
        if limit.per == "month" and is_whole("month", periods[0]):
            times = subjects
        if size(most) * times >= size(limit.most):
            continue
        field = field_of(plan, "remedy", remedy.name, "limits", limit.per)
        several = f", {times} times in a {limit.per}" if times > 1 else ""
        message = (
            f"`{remedy.name}` gives at most {given(most)}{several}, so its limit of {given(limit.most)} per "
            f"{limit.per} is never reached"
        )
        places = [field.place, field_of(plan, "remedy", remedy.name, _form(remedy)).place]
        way_out = f"lower the limit to {given(multiplied(most, times))}, or leave it out"
        yield finding(field.severity, "unreachable-cap", message, places, way_out)


def _most(terms: Terms, remedy: RemedyRule, commit: CommitRule, longest_us: int) -> Give | None:
    """The most that one period can give; None if that has no bound, or is not known."""
    match remedy.amount:
        case Bands(bands) if bands:
            sizes = [one.give for one in bands]
            is_one_unit = len({(type(one), getattr(one, "currency", "")) for one in sizes}) == 1
            return max(sizes, key=size) if is_one_unit else None
        case Steps() as steps:
            extent = _extent(steps, commit, longest_us)
            if extent is None:
                return None
            counted = max(extent - steps.free, Fraction(0))
            number = (ceil if steps.begun else floor)(counted / steps.every)
            return multiplied(steps.give, number)
        case Multiple(times):
            return Share(times)
        case Formula(Literal(Fraction() as ratio, "ratio"), "ratio"):
            return Share(ratio)
    return None


def _extent(steps: Steps, commit: CommitRule, longest_us: int) -> Fraction | None:
    """How much there can be to take steps of in a period."""
    if steps.of == "shortfall" and commit.level is not None and commit.level.unit == "ratio":
        level = commit.level
        return level.value if level.relation in (">=", ">") else 1 - level.value
    return Fraction(longest_us) if steps.of == "downtime" else None


def _subjects(terms: Terms, commit: CommitRule) -> int:
    """For how many components the commitment is judged on their own."""
    indicator = terms.indicators[commit.indicator]
    return _parts(indicator.of, terms.components) if indicator.across == "each" else 1


def _parts(name: str, components: Mapping[str, Component]) -> int:
    one = components.get(name)
    if one is None or one.tie != "each":
        return 1
    return sum(_parts(part, components) for part in one.parts)


def _form(remedy: RemedyRule) -> str:
    """The field in which a remedy says how much."""
    forms = {Bands: "bands", Steps: "steps", Multiple: "multiple", Formula: "formula"}
    return forms[type(remedy.amount)] if remedy.amount is not None else ""


def _same_currency(one: Give, other: Give) -> bool:
    return getattr(one, "currency", "") == getattr(other, "currency", "")
