"""The tables of docs/terms.md, read off the agreements and their clause lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT
from upheld.core.values.finding import has_errors
from upheld.language.node import Mapping, Node, Scalar, Sequence
from upheld.language.reader import read_yaml

AGREEMENTS = ("rous", "intg", "ceng", "sivo", "just")
PARTS = {
    "claims": "5",
    "status": "6 or later",
}
"""Which part of the project executes what a clause or reading leaves to it."""

_NO_ROWS = ("document", "assume")
_PART_3 = ("amend",)
_PART_5 = ("claim",)
_PART_2 = ("component", "signal", "indicator", "exclude", "commit", "remedy")


def tables(name: str) -> list[str]:
    """Both tables of an agreement: its terms and its readings."""
    agreement = _read(ROOT / "agreements" / f"{name}.yaml")
    listed = _read(ROOT / "agreements" / "clauses" / f"{name}.yaml")
    clauses = _map(listed.get("clauses"))
    document = _map(agreement.get("document"))
    title = f"## {name.upper()}: {_text(document.get('provider'))}, {_text(document.get('version'))}"
    terms = ["| term | what it says | rows of the agreement | executed by part |", "|---|---|---|---|"]
    terms += [_term(name, key.text, _map(clause), agreement) for key, clause in clauses.entries]
    readings = [
        "| reading | what is open | taken | rows that consult it | executed by part |",
        "|---|---|---|---|---|",
    ]
    defects = _map(listed.get("defects"))
    readings += [
        _reading(key.text, _map(row), agreement, defects)
        for key, row in _map(agreement.get("assume")).entries
    ]
    return [title, "", *terms, "", *readings]


def _term(name: str, number: str, clause: Mapping, agreement: Mapping) -> str:
    rows = [title for title, row in _rows(agreement) if number in _cited(row)]
    executed = _parts(rows)
    if later := _text(clause.get("later")):
        part = f": {_text(clause.get('part'))}" if clause.get("part") else ""
        executed.append(f"{PARTS[later]} ({later}{part})")
    if reason := _text(clause.get("informative")):
        executed.append(f"none: {reason}")
    cells = [
        f"{name.upper()}-{number}",
        _text(clause.get("says")),
        "; ".join(rows) or "–",
        "; ".join(executed),
    ]
    return _line(cells)


def _reading(name: str, row: Mapping, agreement: Mapping, defects: Mapping) -> str:
    rows = [title for title, other in _rows(agreement) if f"by {name}" in _keys(other)]
    later = _text(row.get("executed by"))
    executed = [f"{PARTS[later]} ({later})"] if later else _parts(rows)
    resolved = [key.text for key, one in defects.entries if _text(_map(one).get("resolved by")) == name]
    if resolved:
        rows += [f"defect *{title}*" for title in resolved]
        executed += [] if later else ["3"]
    if not rows and not later:
        executed = ["none: the agreement acknowledges that nothing rests on it"]
    if named := _texts(row.get("named only")):
        executed.append(f"named only: {', '.join(named)}")
    cells = [
        _text(row.get("ref")),
        _text(row.get("issue")),
        _text(row.get("take")),
        "; ".join(rows) or "–",
        "; ".join(executed),
    ]
    return _line(cells)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _rows(agreement: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Every row of every concept, those of plans under their plan."""
    yield from _concepts(agreement, "")
    for plan, overlay in _map(agreement.get("plan")).entries:
        yield from _concepts(_map(overlay), f"plan {plan.text}, ")


def _concepts(layer: Mapping, prefix: str) -> Iterator[tuple[str, Mapping]]:
    for concept, rows in layer.entries:
        if concept.text in (*_NO_ROWS, "plan") or not isinstance(rows, Mapping):
            continue
        if concept.text in ("amend", "claim"):
            yield f"{prefix}{concept.text}", rows
            continue
        for name, row in rows.entries:
            if isinstance(row, Mapping):
                yield f"{prefix}{concept.text} *{name.text}*", row


def _parts(rows: list[str]) -> list[str]:
    """The parts of the project that the rows belong to."""
    concepts = {row.rpartition(", ")[2].partition(" ")[0] for row in rows}
    found = [
        ("1", concepts.difference(_PART_2, _PART_3, _PART_5)),
        ("2", concepts.intersection(_PART_2)),
        ("3", concepts.intersection(_PART_3)),
        ("5", concepts.intersection(_PART_5)),
    ]
    return [part for part, of_it in found if of_it]


def _cited(node: Node) -> set[str]:
    """The clauses that a row cites, also under a reading."""
    if not isinstance(node, Mapping):
        return set()
    below = (_cited(child) for _, child in node.entries)
    return set(_texts(node.get("clause"))).union(*below)


def _keys(node: Node) -> set[str]:
    if isinstance(node, Mapping):
        return {key.text for key, _ in node.entries}.union(*(_keys(child) for _, child in node.entries))
    return set().union(*map(_keys, node.items)) if isinstance(node, Sequence) else set()


def _read(path: Path) -> Mapping:
    node, findings = read_yaml(path.read_bytes(), str(path))
    assert not has_errors(findings), findings
    return _map(node)


def _map(node: Node | None) -> Mapping:
    assert node is None or isinstance(node, Mapping)
    return node if node is not None else Mapping((), None)  # type: ignore[arg-type]  # nothing has no place


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _texts(node: Node | None) -> list[str]:
    if isinstance(node, Sequence):
        return [_text(item) for item in node.items]
    return [_text(node)] if node is not None else []
