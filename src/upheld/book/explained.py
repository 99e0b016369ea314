"""Explanations as records: the command line prints them, the server sends them, to the same bytes."""

from __future__ import annotations

from upheld.book.explain import CreditExplanation, Explanation
from upheld.core.terms.indicator import CommitRule
from upheld.render.credit_explanation import credit_explanation_record
from upheld.render.explanation import explanation_record
from upheld.render.figure_explanation import figure_explanation_record
from upheld.render.records import Record


def explained_record(one: Explanation | CreditExplanation) -> Record:
    """Why a verdict or a credit is what it is, as a record."""
    if isinstance(one, CreditExplanation):
        return credit_explanation_record(
            one.number, one.terms, one.credit, one.readings, one.verdict, one.facts, one.right
        )
    if isinstance(one.rule, CommitRule):
        return figure_explanation_record(
            one.number, one.terms, one.rule, one.verdict, one.readings, one.trace, one.at
        )
    return explanation_record(one.number, one.terms, one.rule, one.verdict, one.readings, one.steps, one.at)
