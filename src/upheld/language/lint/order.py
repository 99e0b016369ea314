"""Every lint, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from upheld.core.finding import Finding
from upheld.language.lint import (
    bands,
    cadences,
    calendars,
    caps,
    claims,
    clocks,
    completeness,
    exclusions,
    levels,
    plans,
    sampling,
    severities,
)
from upheld.language.whole import Whole

Lint: TypeAlias = Callable[[Whole], Iterator[Finding]]

LINTS: tuple[Lint, ...] = (
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
    levels.denominator_unspecified,
    levels.third_state,
    levels.rounding_sensitive,
    sampling.threshold_below_resolution,
    sampling.commitment_unfed,
    sampling.budget_below_resolution,
    exclusions.exclusion_without_evidence,
    exclusions.notice_condition_missing,
    exclusions.maintenance_breaks_target,
    bands.boundary_contradiction,
    bands.band_edge,
    bands.band_gap_under_reading,
    caps.unreachable_cap,
    claims.claim_before_knowable,
    claims.infeasible_timeline,
    completeness.remedy_missing,
    completeness.amendment_notice_missing,
    plans.plan_promises_less,
)
