"""Claims and credits in time: what is due before it can be known, or to be paid before it is decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from upheld.core.terms.agreement import ClockRule
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.calendar import BusinessDayError
from upheld.core.timeline.instant import DAY, Instant, format_duration
from upheld.core.timeline.period import Period
from upheld.core.timeline.words import until
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.expression import evaluate, names_in
from upheld.core.values.finding import Finding
from upheld.language.lint.fields import field_of, finding, nearest, options_of
from upheld.language.lint.hours import Moments, periods_of, sample_year
from upheld.language.node import Scalar
from upheld.language.targets import counted
from upheld.language.whole import PlanText, Whole

_FILED, _DETERMINED = "claim.filed", "claim.determined"
_FOLLOWING = "following month"


class _Case(NamedTuple):
    """A remedy with its commitment, one of its periods, and the clocks of filing and of deciding a claim."""

    plan: PlanText
    remedy: RemedyRule
    commit: CommitRule
    moments: Moments
    filings: list[ClockRule]
    decisions: list[ClockRule]

    @property
    def is_claimed(self) -> bool:
        """Whether what it gives waits for a claim; so it is taken to be where nothing says how to claim."""
        terms = self.plan.terms
        return terms.claim is None or terms.must_be_claimed(self.remedy.name)


def claim_before_knowable(whole: Whole) -> Iterator[Finding]:
    """Claims that can be due before the period is over whose figure they rest on."""
    for case in _cases(whole):
        if not case.is_claimed and not case.remedy.asks_for_complaints:
            continue
        for clock in case.filings:
            due = [
                (period, _filing_due(case, clock, period, issue_at))
                for period in periods_of(case.commit.period, case.moments.year)[:12]
                for issue_at in (period.start_at, period.end_at - 1)
            ]
            early = [(period, at) for period, at in due if at is not None and at < period.end_at]
            if early:
                yield _too_early(case, clock, early, is_always=len(early) == len(due))


def _too_early(
    case: _Case, clock: ClockRule, early: list[tuple[Period, Instant]], *, is_always: bool
) -> Finding:
    period, at = max(early, key=lambda one: one[0].end_at - one[1])
    days = -((at - period.end_at) // DAY)
    whether = f"whether `{case.commit.name}` was kept is known at the end of the period"
    places = [
        field_of(case.plan, "deadline", clock.name, "due").place,
        field_of(case.plan, "remedy", case.remedy.name, "when").place,
        field_of(case.plan, "commit", case.commit.name, "per").place,
    ]
    if is_always:
        message = (
            f"`{clock.name}` is over before any period is, and {whether}: nobody can claim "
            f"`{case.remedy.name}` in time"
        )
        return finding("warning", "remedy-out-of-time", message, places, "count from `about.end`")
    message = (
        f"`{clock.name}` can be due on {_shown(case, at)} for {period.label}, and {whether}, up to "
        f"{days} days later"
    )
    way_out = "count from `about.end`, or let a claim about an item keep the whole period"
    rule = case.plan.terms.claim
    if rule is not None and not rule.protective:
        message += "; `claim` lets none count that is filed before then"
    elif rule is not None and rule.about != "period":
        way_out = "claim for an item as soon as it is late: `claim` lets that keep the whole period"
    return finding("warning", "claim-before-knowable", message, places, way_out)


def infeasible_timeline(whole: Whole) -> Iterator[Finding]:
    """Credits to be paid before the claim need be decided, decisions due before it need be filed."""
    for case in _cases(whole):
        for filing in case.filings if case.is_claimed else ():
            for decision in case.decisions:
                yield from _late_decision(case, filing, decision)
                yield from _early_decision(case, filing, decision)


def _late_decision(case: _Case, filing: ClockRule, decision: ClockRule) -> Iterator[Finding]:
    """A credit on the invoice of the following month, where the decision may come after that month."""
    latest = _latest(case, filing, decision)
    if latest is None:
        return
    period, filed_at, decided_at, month_end_at = latest
    if decided_at <= month_end_at:
        return
    field = nearest(case.plan, "remedy", case.remedy.name, "pay", "starts")
    told = (
        f"`{case.remedy.name}` for {period.label} stands on the invoice of the following month, and a claim "
        f"filed on {_shown(case, filed_at)} need not be decided before "
        f"{_shown(case, decided_at)}"
    )
    places = [
        field.place,
        field_of(case.plan, "deadline", filing.name, "due").place,
        nearest(case.plan, "deadline", decision.name, "due").place,
    ]
    way_out = "pay with the `next invoice` after the decision, or shorten filing and answer"
    if case.remedy.pay.starts == _FOLLOWING:
        severity = field.severity if field.node is not None else "warning"
        yield finding(severity, "infeasible-timeline", told, places, way_out)
        return
    for option in options_of(case.plan, field.node) if field.node is not None else ():
        if isinstance(option.node, Scalar) and option.node.text == _FOLLOWING and not option.is_taken:
            message = f"under `{option.option}` of `{option.assumption.name}`, {told}"
            yield finding(
                "note", "infeasible-timeline", message, [*places, option.assumption.cited.place], way_out
            )


def _early_decision(case: _Case, filing: ClockRule, decision: ClockRule) -> Iterator[Finding]:
    """A decision whose time does not depend on the filing, and that is due while claims may still come."""
    if decision.due is None or "filed" in names_in(decision.due):
        return
    for period in periods_of(case.commit.period, case.moments.year)[:12]:
        filed_at = _filing_due(case, filing, period, period.end_at - 1)
        decided_at = _due(case, decision, _about(period, period.end_at - 1))
        if filed_at is None or decided_at is None or decided_at >= filed_at:
            continue
        message = (
            f"`{decision.name}` is due on {_shown(case, decided_at)} for {period.label}, "
            f"{format_duration(filed_at - decided_at)} before `{filing.name}` is"
        )
        places = [field_of(case.plan, "deadline", one.name, "due").place for one in (decision, filing)]
        way_out = "count the decision from `filed`"
        yield finding("warning", "infeasible-timeline", message, places, way_out)
        return


def _shown(case: _Case, at: Instant) -> str:
    """An instant as a person reads it: the last microsecond of a day, where a period ends, is its end."""
    zone = case.commit.period.zone
    end_at = at + 1 if zone.label_at(at) % DAY == DAY - 1 else at
    return f"{until(end_at, zone)} ({zone.name})"


# -- instants of a claim -----------------------------------------------------------------------------------


def _cases(whole: Whole) -> Iterator[_Case]:
    year = sample_year(whole)
    for plan in whole.plans:
        commits = {commit.name: commit for commit in plan.terms.commits}
        clocks = [clock for clock in plan.terms.clocks if clock.of == "claim"]
        filings = [one for one in clocks if one.due is not None and _stops(one, _FILED)]
        decisions = [one for one in clocks if _stops(one, _DETERMINED) and _is_limited(one)]
        moments = Moments(plan, year)
        for remedy in plan.terms.remedies:
            yield _Case(plan, remedy, commits[remedy.of], moments, filings, decisions)


def _stops(clock: ClockRule, type_: str) -> bool:
    return any(type_ in match.types for match in clock.stops)


def _is_limited(clock: ClockRule) -> bool:
    return clock.due is not None or any(one.is_limit for one in counted(clock))


def _about(period: Period, issue_at: Instant) -> dict[str, Instant]:
    return {"about.start": period.start_at, "about.end": period.end_at, "issue_at": issue_at}


def _filing_due(case: _Case, clock: ClockRule, period: Period, issue_at: Instant) -> Instant | None:
    return _due(case, clock, _about(period, issue_at))


def _due(case: _Case, clock: ClockRule, values: dict[str, Instant]) -> Instant | None:
    """When an act is due; None if that depends on more than these instants, or lies too far away."""
    moments = case.moments.where(values)
    try:
        if clock.due is not None:
            found = evaluate(clock.due, moments)
            return found if isinstance(found, int) else None
        start_at = values.get("filed")
        dues = [
            moments.calendar(one.calendar).deadline(start_at, one.amount)
            for one in (counted(clock) if start_at is not None else ())
            if one.is_limit and start_at is not None
        ]
    except (BeyondHorizon, BusinessDayError):
        return None
    return max(dues, default=None)


def _latest(
    case: _Case, filing: ClockRule, decision: ClockRule
) -> tuple[Period, Instant, Instant, Instant] | None:
    """The period whose claims may be decided latest, beside the end of the month that follows it."""
    found: list[tuple[int, Period, Instant, Instant, Instant]] = []
    for period in periods_of(case.commit.period, case.moments.year)[:6]:
        filed_at = _filing_due(case, filing, period, period.end_at - 1)
        if filed_at is None:
            continue
        decided_at = _due(case, decision, {**_about(period, period.end_at - 1), "filed": filed_at})
        if decided_at is not None:
            month_end_at = _month_after(case.commit, period)
            found.append((decided_at - month_end_at, period, filed_at, decided_at, month_end_at))
    return max(found)[1:] if found else None


def _month_after(commit: CommitRule, period: Period) -> Instant:
    zone = commit.period.zone
    on = zone.date_at(period.end_at)
    following = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return zone.day_start(following)
