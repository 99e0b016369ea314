"""How much of the page an agreement encodes: the state of every clause that its list names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from upheld.core.terms.agreement import Clause
from upheld.core.timeline.words import count
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass
from upheld.language import rows
from upheld.language.concepts import CLAUSES, concept
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node
from upheld.language.report import Report
from upheld.language.rows import read_row, read_values
from upheld.language.suggestion import did_you_mean

_SECTIONS = tuple(one.name for one in CLAUSES)
State = Literal["encoded", "informative", "later", "missing"]


@dataclass(frozen=True, slots=True)
class ClauseState:
    """One clause of the list, and how it is covered. `rest` is what a later part has still to execute."""

    clause: Clause
    state: State
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The state of every clause, in the order of the list."""

    clauses: tuple[ClauseState, ...] = ()

    def count(self, state: State) -> int:
        """How many clauses are in a state."""
        return sum(one.state == state for one in self.clauses)

    def __str__(self) -> str:
        """One line: `21 clauses: 12 encoded, 7 later, 2 informative`."""
        states: tuple[State, ...] = ("encoded", "later", "informative", "missing")
        counts = ", ".join(f"{self.count(state)} {state}" for state in states if self.count(state))
        number = len(self.clauses)
        return count(number, "clause") + (f": {counts}" if counts else "")


def read_clauses(node: Node, report: Report) -> dict[str, Clause]:
    """The clauses of a clause list file by number; what is wrong with the file is told."""
    listed = node.get("clauses") if isinstance(node, MapNode) else None
    if not isinstance(node, MapNode) or not isinstance(listed, MapNode):
        way_out = f"as in `{concept('clauses').example.splitlines()[-1].strip()}`"
        report.error(
            "wrong-shape", "a clause list is a map `clauses` of clauses by number", node.place, way_out
        )
        return {}
    for key, _ in node.entries:
        if key.text not in _SECTIONS:
            report.error("unknown-concept", f"a clause list has no `{key.text}`", key.place, "remove it")
    found: dict[str, Clause] = {}
    for key, child in listed.entries:
        row = read_row(concept("clauses"), key, child, report)
        values = read_values(
            row,
            {
                "text": lambda known, value: rows.text(known, value, report),
                "word": lambda known, value: rows.word(known, value, report),
                "choice": lambda known, value: rows.choice(known, value, report),
            },
            report,
        )
        found[key.text] = Clause(
            number=key.text,
            says=values.get("says") or "",
            paragraph=values.get("paragraph") or "",
            informative=values.get("informative") or "",
            later=values.get("later") or "",
            part=values.get("part") or "",
            place=key.place,
        )
    return found


def coverage_of(clauses: Mapping[str, Clause], cited: Mapping[str, Place], report: Report) -> Coverage:
    """The state of every clause, given where rows cite them; gaps and strangers are told."""
    for number, place in cited.items():
        if number not in clauses:
            way_out = did_you_mean(number, clauses) or "add it to the clause list"
            report.error("unknown-clause", f"the clause list has no clause `{number}`", place, way_out)
    return Coverage(tuple(_states(clauses, cited, report)))


def _states(
    clauses: Mapping[str, Clause], cited: Mapping[str, Place], report: Report
) -> Iterator[ClauseState]:
    for clause in clauses.values():
        place = clause.place or Place("")
        is_cited = clause.number in cited
        rest = ""
        if clause.later:
            rest = f"{clause.later}: {clause.part or clause.says}"
            message = f"clause {clause.number} is not executed yet ({rest})"
            report.note("not-executed-yet", message, place)
        if clause.informative and is_cited:
            message = f"clause {clause.number} is listed as informative, but a row encodes it"
            way_out = "remove `informative`, or the citation"
            report.warn("informative-cited", message, place, way_out, cited[clause.number])
        state: State = "missing"
        if is_cited:
            state = "encoded"
        elif clause.later:
            state = "later"
        elif clause.informative:
            state = "informative"
        else:
            message = f"no row encodes clause {clause.number} ({clause.says})"
            way_out = f'cite it (`clause: "{clause.number}"`), or say why not: `informative: …` or `later: …`'
            report.error("clause-missing", message, place, way_out)
        yield ClauseState(clause, state, rest)
