"""What an author would regret although it compiles."""

from __future__ import annotations

from scripts.finding_pages import lint_of_clocks, lint_of_figures, lint_of_messages, lint_of_money
from scripts.finding_pages.case import Case

CASES: tuple[Case, ...] = (
    *lint_of_clocks.CASES,
    *lint_of_figures.CASES,
    *lint_of_messages.CASES,
    *lint_of_money.CASES,
)
