"""Every lint, in the order in which they are asked; what an agreement says nothing of is not even loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from upheld.core.values.finding import Finding
from upheld.language.whole import Whole

Lint: TypeAlias = Callable[[Whole], Iterator[Finding]]


def lints_for(whole: Whole) -> Iterator[Lint]:
    """The lints that can have something to say of an agreement."""
    terms = [plan.terms for plan in whole.plans]
    if any(one.clocks for one in terms):
        yield from of_clocks()
    if any(one.escalations for one in terms):
        yield from of_messages()
    if any(one.commits for one in terms):
        yield from of_figures()
    if any(one.remedies for one in terms):
        yield from of_money()
    yield from of_the_whole()
    if len(terms) > 1:
        yield from of_plans()
        yield from of_figures_of_plans() if any(one.commits for one in terms) else ()


def of_clocks() -> tuple[Lint, ...]:
    """Those about calendars, clocks, severities and cadences."""
    from upheld.language.lint import cadences, calendars, clocks, severities

    return (
        calendars.undefined_calendar,
        calendars.holidays_unsaid,
        calendars.business_day_differs,
        calendars.hours_for_days,
        clocks.clock_without_start,
        clocks.clock_without_stop,
        clocks.range_target,
        severities.severity_without_clock,
        severities.quota_overflow_undefined,
        cadences.cadence_longer_than_day,
        cadences.cadence_unwatched,
        cadences.update_before_response,
    )


def of_messages() -> tuple[Lint, ...]:
    """Those about who is told, and when."""
    from upheld.language.lint import tellings

    return (tellings.mark_missing, tellings.warning_too_early, tellings.nobody_told)


def of_figures() -> tuple[Lint, ...]:
    """Those about levels, what they are measured by, and what is excluded."""
    from upheld.language.lint import exclusions, levels, sampling

    return (
        levels.denominator_unspecified,
        levels.third_state,
        levels.rounding_sensitive,
        sampling.threshold_below_resolution,
        sampling.commitment_unfed,
        sampling.budget_below_resolution,
        exclusions.exclusion_without_evidence,
        exclusions.notice_condition_missing,
        exclusions.maintenance_breaks_target,
    )


def of_money() -> tuple[Lint, ...]:
    """Those about what is owed and how it is claimed."""
    from upheld.language.lint import bands, caps, claims

    return (
        bands.boundary_contradiction,
        bands.band_edge,
        bands.band_gap_under_reading,
        caps.unreachable_cap,
        claims.claim_before_knowable,
        claims.infeasible_timeline,
    )


def of_the_whole() -> tuple[Lint, ...]:
    """Those about what is not there."""
    from upheld.language.lint import completeness

    return (completeness.remedy_missing, completeness.amendment_notice_missing)


def of_plans() -> tuple[Lint, ...]:
    """Those that hold plans against each other."""
    from upheld.language.lint import plans

    return (plans.plan_promises_less,)


def of_figures_of_plans() -> tuple[Lint, ...]:
    """Those that hold the levels and the credits of plans against each other."""
    from upheld.language.lint import plan_figures

    return (plan_figures.plan_measures_less,)
