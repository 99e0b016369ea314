"""An agreement in plain words: the sections of all its parts, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from upheld.core.agreement import Clause, Terms
from upheld.core.worked import NO_EXAMPLES, WorkedExamples
from upheld.render.prose.document import Prose, Section
from upheld.render.prose.exclusions import exclusions_section
from upheld.render.prose.measures import measures_section
from upheld.render.prose.remedies import remedies_section
from upheld.render.prose.tongue import Tongue

Writer: TypeAlias = Callable[[Terms, Tongue, WorkedExamples], Section | None]
"""What writes one section; None if the agreement has nothing of it."""

WRITERS: tuple[Writer, ...] = (measures_section, exclusions_section, remedies_section)
"""Every section that is written from the rules, in the order in which they are read."""


def prose_of(
    terms: Terms, tongue: Tongue, clauses: Mapping[str, Clause], worked: WorkedExamples = NO_EXAMPLES
) -> Prose:
    """The terms of one plan or contract as a text, with worked examples beside the rules that they show."""
    found = (write(terms, tongue, worked) for write in WRITERS)
    sections = tuple(section for section in found if section is not None)
    return Prose(terms.title or terms.agreement, tongue.language, _heads(terms, tongue), sections)


def _heads(terms: Terms, tongue: Tongue) -> tuple[tuple[str, str], ...]:
    """Who promises what to whom: the provider, the version, the plan, the contract."""
    heads = [
        (tongue.say("Provider"), terms.provider),
        (tongue.say("Agreement"), terms.agreement),
        (tongue.say("Version"), terms.version),
    ]
    if terms.plan:
        heads.append((tongue.say("Plan"), terms.plan))
    if terms.contract is not None:
        heads.append((tongue.say("Customer"), terms.contract.customer))
        heads.append((tongue.say("Contract"), terms.contract.id))
    return tuple(heads)
