"""What an agreement promises at a level, and whether it was read from a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from upheld.core.terms.indicator import CommitRule, Indicator, Level
from upheld.language.node import Mapping
from upheld.language.whole import PlanText, Whole

AtALevel: TypeAlias = tuple[CommitRule, Level, Indicator]


def promised(plan: PlanText) -> Iterator[AtALevel]:
    """Every commitment that has a level, with its indicator."""
    for commit in plan.terms.commits:
        if commit.level is not None:
            yield commit, commit.level, plan.terms.indicators[commit.indicator]


def is_time(indicator: Indicator) -> bool:
    """Whether an indicator is a share of time."""
    return indicator.combine == "bad time" and indicator.basis != "outcomes"


def has_page(whole: Whole) -> bool:
    """Whether the agreement was read from a page whose clauses are listed."""
    document = whole.agreement.get("document")
    return isinstance(document, Mapping) and document.get("clauses") is not None
