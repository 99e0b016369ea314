"""What an author would regret although it compiles."""

from __future__ import annotations

from scripts.finding_pages import lint_of_clocks, lint_of_figures, lint_of_money
from scripts.finding_pages.case import Case

_OF_VERDICTS: tuple[Case, ...] = (
    Case(
        "reading-sensitive-verdict",
        "Whoever reads the clause the other way will not accept the figure, and is right by their reading.",
        instead="It is told of verdicts, by `upheld evaluate --readings --format json`; as text, the section "
        "on readings says the same. [See what hangs on a reading](../how-to/readings.md) shows both.",
    ),
)

CASES: tuple[Case, ...] = (
    *lint_of_clocks.CASES,
    *lint_of_figures.CASES,
    *lint_of_money.CASES,
    *_OF_VERDICTS,
)
