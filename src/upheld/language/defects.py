"""Defects of the page itself: what its clause list records, and the assumption by which each is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from upheld.core.terms.agreement import Assumption, Clause
from upheld.core.timeline.words import plural
from upheld.core.values.finding import Place
from upheld.language import rows
from upheld.language.concepts import concept
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar
from upheld.language.report import Report, inside
from upheld.language.rows import Row, read_row, read_values
from upheld.language.suggestion import did_you_mean

_WAY_OUT = "ask the provider to mend the page; until then the assumption says how it is read"


class Defect(NamedTuple):
    """One defect of the page: its code, where it stands, and what says how it is read."""

    name: str
    kind: str
    says: str
    clauses: tuple[str, ...]
    resolved_by: str
    place: Place
    resolved_at: Place


def tell_defects(
    clause_list: Node,
    clauses: Mapping[str, Clause],
    assumptions: Mapping[str, Assumption],
    declared: Collection[str],
    report: Report,
) -> frozenset[str]:
    """The assumptions that say how a defect is read; every defect is told, with its reading or without.

    `declared` are the names of all assumptions, also of those that are broken and told elsewhere.
    """
    resolving: set[str] = set()
    for defect in _read(clause_list, report):
        for number in defect.clauses:
            if number not in clauses:
                way_out = did_you_mean(number, clauses) or "add it to the clause list"
                message = f"the clause list has no clause `{number}`"
                report.error("unknown-clause", message, defect.place, way_out)
        if not defect.resolved_by:
            message = f"{_said(defect)}; no assumption says how it is read"
            way_out = "declare an assumption in the agreement, and name it here: `resolved by: NAME`"
            report.error("unresolved-defect", message, defect.place, way_out)
        elif defect.resolved_by not in declared:
            message = f"there is no assumption `{defect.resolved_by}`"
            way_out = did_you_mean(defect.resolved_by, declared) or "declare it in the agreement"
            report.error("unknown-assumption", message, defect.resolved_at, way_out)
        elif (assumption := assumptions.get(defect.resolved_by)) is not None:
            resolving.add(assumption.name)
            also = (assumption.cited.place,) if assumption.cited.place else ()
            report.note(defect.kind, _resolved(defect, assumption), defect.place, _WAY_OUT, *also)
    return frozenset(resolving)


def _read(clause_list: Node, report: Report) -> Iterator[Defect]:
    listed = clause_list.get("defects") if isinstance(clause_list, MapNode) else None
    if listed is None:
        return
    known = concept("defects")
    if not isinstance(listed, MapNode):
        way_out = f"as in `{known.example.splitlines()[-1].strip()}`"
        report.error("wrong-shape", "`defects` must be a map of defects by name", listed.place, way_out)
        return
    for key, node in listed.entries:
        before = report.errors
        row = read_row(known, key, node, report)
        values = read_values(
            row,
            {
                "text": lambda field, value: rows.text(field, value, report),
                "words": lambda field, value: rows.words(field, value, report),
                "choice": lambda field, value: rows.choice(field, value, report),
            },
            report,
        )
        if report.errors == before:
            yield Defect(
                key.text,
                values["kind"],
                values["says"],
                values.get("clause") or (),
                values.get("resolved by") or "",
                row.place,
                _place_of(row, "resolved by"),
            )


def _place_of(row: Row, name: str) -> Place:
    node = row.node(name)
    return inside(node, 0) if isinstance(node, Scalar) else row.place


def _said(defect: Defect) -> str:
    if not defect.clauses:
        return f"the page: {defect.says}"
    return f"{plural(len(defect.clauses), 'clause')} {', '.join(defect.clauses)}: {defect.says}"


def _resolved(defect: Defect, assumption: Assumption) -> str:
    ref = f" ({assumption.ref})" if assumption.ref else ""
    return f"{_said(defect)}; it is read as `{assumption.take}` by `{assumption.name}`{ref}"
