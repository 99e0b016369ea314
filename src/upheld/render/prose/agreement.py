"""An agreement in plain words: the sections of all its parts, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from upheld.core.terms.agreement import Clause, Terms
from upheld.core.worked import NO_EXAMPLES, WorkedExamples
from upheld.render.prose.allowances import allowances_section
from upheld.render.prose.changes import changes_section
from upheld.render.prose.claiming import claims_section
from upheld.render.prose.clocks import clocks_section
from upheld.render.prose.contract import contract_section
from upheld.render.prose.document import Prose, Section
from upheld.render.prose.examples import examples_heads
from upheld.render.prose.exclusions import exclusions_section
from upheld.render.prose.hours import hours_section
from upheld.render.prose.left_open import left_open_section, reference
from upheld.render.prose.measures import measures_section
from upheld.render.prose.remedies import remedies_section
from upheld.render.prose.service import (
    covenants_section,
    duties_section,
    entitlements_section,
    obligations_section,
    reminders_section,
)
from upheld.render.prose.subjects import attributes_section, scales_section
from upheld.render.prose.telling import told_section
from upheld.render.prose.tongue import Tongue
from upheld.render.prose.unstated import unstated_section

Writer: TypeAlias = Callable[[Terms, Tongue, WorkedExamples], Section | None]
"""What writes one section; None if the agreement has nothing of it."""

WRITERS: tuple[Writer, ...] = (
    contract_section,
    scales_section,
    clocks_section,
    allowances_section,
    measures_section,
    exclusions_section,
    remedies_section,
    claims_section,
    entitlements_section,
    obligations_section,
    covenants_section,
    reminders_section,
    duties_section,
    told_section,
    hours_section,
    attributes_section,
    changes_section,
    left_open_section,
)
"""Every section that is written from the rules, in the order in which they are read."""


def prose_of(
    terms: Terms, tongue: Tongue, clauses: Mapping[str, Clause], worked: WorkedExamples = NO_EXAMPLES
) -> Prose:
    """The terms of one plan or contract as a text, with worked examples beside the rules that they show."""
    found = (write(terms, tongue, worked) for write in WRITERS)
    sections = [section for section in found if section is not None]
    cited = [block.cited for section in sections for block in section.all_blocks()]
    unstated = unstated_section(clauses, cited, tongue)
    if unstated is not None:
        sections.append(unstated)
    return Prose(
        terms.title or terms.agreement,
        tongue.language,
        (*_heads(terms, tongue), *examples_heads(worked, tongue)),
        tuple(sections),
        _name(terms, tongue),
        {name: reference(one) for name, one in terms.assumptions.items()},
    )


def _name(terms: Terms, tongue: Tongue) -> str:
    if terms.contract is not None:
        return tongue.say("Contract {id}", id=terms.contract.id)
    return tongue.say("Plan {plan}", plan=terms.plan) if terms.plan else ""


def _heads(terms: Terms, tongue: Tongue) -> tuple[tuple[str, str], ...]:
    """Who promises what to whom: the provider, the version, the plan, the contract; and how to read it."""
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
    how = tongue.say(
        "“You” is the customer. Words in quotation marks are those of the agreement itself. In parentheses "
        "stand the clauses of the page that a passage states, and the readings that it rests on."
    )
    heads.append((tongue.say("How to read it"), how))
    return tuple(heads)
