"""What else is on the page: clauses that nothing above states, or states in part only, with what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from upheld.core.terms.agreement import Clause
from upheld.core.values.rule import Citation
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Grid, Section, Sentence
from upheld.render.prose.tongue import Tongue


def unstated_section(
    clauses: Mapping[str, Clause], cited: Iterable[Citation], tongue: Tongue
) -> Section | None:
    """Clauses that no sentence cites, and what a later part has still to do; None if there is nothing."""
    stated = {number for one in cited for number in one.clauses}
    rows = tuple(_row(clause, tongue) for clause in _unstated(clauses, stated))
    if not rows:
        return None
    intro = tongue.say("These clauses stand on the page as well.")
    headers = (tongue.say("Clause"), tongue.say("What it says"), tongue.say("Why it is not above"))
    grid = Grid(tongue.say("Clauses that are not stated above"), headers, rows)
    return Section("else", tongue.say("What else is on the page"), (Sentence(intro), grid))


def _unstated(clauses: Mapping[str, Clause], stated: set[str]) -> Iterator[Clause]:
    for clause in clauses.values():
        if clause.number not in stated or clause.later:
            yield clause


def _row(clause: Clause, tongue: Tongue) -> tuple[str, str, str]:
    return (clause.number, quoted(clause.part or clause.says), _reason(clause, tongue))


def _reason(clause: Clause, tongue: Tongue) -> str:
    if clause.informative:
        return tongue.say("It informs: {why}.", why=quoted(clause.informative))
    if clause.later:
        return tongue.say(
            "Nothing is computed from it yet; it belongs to a part that is to come: {part}.",
            part=quoted(clause.later),
        )
    return tongue.say("Nothing of it holds in this plan.")
