"""Worked examples as text, each placed beside the rule that it shows."""

from __future__ import annotations

from upheld.core.agreement import Terms
from upheld.core.worked import WorkedExamples
from upheld.render.prose.document import Example
from upheld.render.prose.tongue import Tongue


def examples_of(rule: str, terms: Terms, tongue: Tongue, worked: WorkedExamples) -> tuple[Example, ...]:
    """The examples of one rule, in the order in which they are told."""
    return ()
