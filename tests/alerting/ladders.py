"""Stages of small worlds as a person reads them: rule, stage and instant."""

from __future__ import annotations

from tests.core.worlds import Case, at, shown
from upheld.core.alerting.stage import Stage, judged_in, stages


def found(case: Case, when: str) -> tuple[Stage, ...]:
    """Every stage of the only contract of a world, asked at an instant."""
    (terms,) = case.terms
    return stages(judged_in(terms, case.ask(when)))


def told(case: Case, when: str) -> list[tuple[str, str | None]]:
    """The name of every stage with its instant."""
    return [(stage.name, shown(stage.at)) for stage in found(case, when)]


def reached(case: Case, when: str) -> list[str]:
    """The names of the stages whose instant has come."""
    return [stage.name for stage in found(case, when) if stage.at <= at(when)]
