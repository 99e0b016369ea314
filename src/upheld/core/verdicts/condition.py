"""What is measured as the condition of a remedy, and is no promise of its own."""

from __future__ import annotations

from upheld.core.terms.agreement import Terms
from upheld.core.verdicts.verdict import Verdict


def is_condition(terms: Terms, verdict: Verdict) -> bool:
    """Whether a verdict is of what is only tried, and measured because a remedy goes by it.

    Nobody promised it, so it is counted nowhere among the promises.
    """
    if verdict.modality != "best effort":
        return False
    return any(remedy.of == verdict.key.commitment for remedy in terms.under(verdict.plan).remedies)
