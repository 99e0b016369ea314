"""How a contract, its zone and the sources of its rules are named on a page."""

from __future__ import annotations

from collections.abc import Iterable

from upheld.core.terms.agreement import ALWAYS, Assumption, Terms
from upheld.core.timeline.zone import Zone
from upheld.core.values.key import CellKey
from upheld.core.values.rule import Citation


def zone_of(terms: Terms) -> Zone:
    """The zone in which a contract's instants are shown."""
    return terms.calendars[ALWAYS].rule.zone


def name_of(terms: Terms) -> str:
    """Rousora for Acme (rous 2025-09, plan premium)."""
    assert terms.contract is not None
    plan = f", plan {terms.plan}" if terms.plan else ""
    version = f" {terms.version}" if terms.version else ""
    return f"{terms.provider} for {terms.contract.customer} ({terms.agreement}{version}{plan})"


def cited(terms: Terms, citation: Citation) -> str:
    """Where a commitment comes from: its clauses and the readings it rests on."""
    refs = [terms.assumptions[name].ref for name in citation.readings if name in terms.assumptions]
    text = f", clause {clauses(citation)}" if citation.clauses else ""
    return text + (f", reading {', '.join(dict.fromkeys(refs))}" if refs else "")


def clauses(citation: Citation) -> str:
    """Its clauses: 2, 4."""
    return ", ".join(citation.clauses)


def head(number: int, terms: Terms, key: CellKey, state: str, cycle: int = 1) -> list[str]:
    """How an explanation begins: what it is about with its state, underlined, and under which contract."""
    subject = key.subject + (f", cycle {cycle}" if cycle > 1 else "")
    title = f"#{number}  {key.commitment} of {subject}: {state}"
    return [title, "-" * len(title), name_of(terms)]


def reading_lines(readings: Iterable[Assumption]) -> list[str]:
    """Each reading with the options that were not taken, and why."""
    lines = []
    for reading in readings:
        others = ", ".join(option for option in reading.options if option != reading.take)
        lines.append(f"reading {reading.ref}: {reading.take} (not: {others}), because {reading.because}")
    return lines
