"""Rows of the table: their fields by name, faults of structure told, and the values of the simple kinds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from datetime import date
from typing import Any

from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass, field
from upheld.language.choice_point import consulted_by
from upheld.language.concepts import KINDS, Concept, Field, Kind, is_concept
from upheld.language.node import Mapping, Node, Scalar, Sequence
from upheld.language.overlay import NONE, removes
from upheld.language.readings import Readings
from upheld.language.report import Report, inside
from upheld.language.suggestion import did_you_mean

_NONE_IS_A_VALUE = frozenset({"target", "calendar tree", "holidays", "amount", "level"})
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(slots=True)
class Row:
    """A row as read: its fields as nodes, readings resolved, and which of them had faults.

    `absent`: under the reading taken there is no such row.
    """

    concept: Concept
    name: str
    place: Place
    nodes: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    readings: list[str] = field(default_factory=list)
    absent: bool = False

    def node(self, name: str) -> Node | None:
        """The value of a field as written, if it is there and sound."""
        found = self.nodes.get(name)
        return found[1] if found else None

    def place_of(self, name: str) -> Place:
        """Where a field is named, or the row if it is not."""
        found = self.nodes.get(name)
        return found[0].place if found else self.place


def read_row(
    concept: Concept, key: Scalar, node: Node, report: Report, readings: Readings | None = None
) -> Row:
    """The fields of a row. What is unknown, missing or given besides its alternative is told."""
    row = Row(concept, key.text, key.place)
    readings = readings or Readings({})
    first = len(readings.consulted)
    fields = _fields(row, node, report, readings)
    if fields is not None:
        for name, value in fields.entries:
            _read_field(row, name, value, report, readings)
        _tell_missing(row, report)
    row.readings = list(dict.fromkeys(readings.consulted[first:]))
    return row


def _fields(row: Row, node: Node, report: Report, readings: Readings) -> Mapping | None:
    """The map of the fields of a row; None if there is none or the row is not there under a reading."""
    before, lost = report.errors, readings.lost
    if consulted_by(node):
        node = readings.resolved(node, report)
        row.absent = removes(node)
    is_known = report.errors == before and readings.lost == lost
    if isinstance(node, Scalar) and row.concept.short and not row.absent and is_known:
        node = in_full(row.concept, node)
    if isinstance(node, Mapping) and is_known:
        return node
    if is_known and not row.absent:
        example = _example(row.concept)
        report.error("wrong-shape", f"`{row.name}` must be a map of fields", node.place, example)
    row.broken.update(field.name for field in row.concept.fields)
    return None


def in_full(concept: Concept, text: Scalar) -> Mapping:
    """The row for which a plain text stands: its short field, and behind ` per ` the period if it has one."""
    fields = [(concept.short, text)]
    before, per, after = text.text.partition(" per ")
    if per and concept.field("per") is not None:
        after_at = len(before) + len(per)
        fields = [
            (concept.short, Scalar(before, text.text_place, False, text.exact)),
            ("per", Scalar(after, inside(text, after_at), False, text.exact)),
        ]
    return Mapping(tuple((Scalar(name, value.place), value) for name, value in fields), text.place)


def _read_field(row: Row, name: Scalar, value: Node, report: Report, readings: Readings) -> None:
    known = row.concept.field(name.text)
    if known is None:
        names = [field.name for field in row.concept.fields]
        way_out = did_you_mean(name.text, names) or f"its fields are {', '.join(names)}"
        if is_concept(name.text):
            way_out = f"`{name.text}:` stands at the margin of the file, beside `{row.concept.name}:`"
        message = f"{_article(row.concept.name)} has no field `{name.text}`"
        report.error("unknown-field", message, name.place, way_out)
        return
    before, lost = report.errors, readings.lost
    resolved = readings.resolved(value, report)
    if report.errors > before or readings.lost > lost:
        row.broken.add(name.text)
    elif not removes(resolved) or known.kind in _NONE_IS_A_VALUE:
        row.nodes[name.text] = (name, resolved)


def _tell_missing(row: Row, report: Report) -> None:
    for known in row.concept.fields:
        if known.required and known.name not in row.nodes and known.name not in row.broken:
            kind, example = KINDS[known.kind]
            way_out = f"`{known.name}` is {known.doc}: {kind}" + (f", as in `{example}`" if example else "")
            what = _article(row.concept.name)
            report.error("missing-field", f"{what} needs `{known.name}`: `{row.name}`", row.place, way_out)
    one_of = row.concept.one_of
    given = [name for name in one_of if name in row.nodes]
    if one_of and not given and not row.broken.intersection(one_of):
        words = " or ".join(f"`{name}`" for name in one_of)
        report.error(
            "missing-field",
            f"{_article(row.concept.name)} needs {words}: `{row.name}`",
            row.place,
            _example(row.concept),
        )
    if len(given) > 1:
        words = " and ".join(f"`{name}`" for name in given)
        report.error(
            "too-many-forms",
            f"{words} do not go together in `{row.name}`",
            row.place_of(given[1]),
            f"keep one of them; {_article(row.concept.name)} has exactly one",
            row.place_of(given[0]),
        )


def read_values(
    row: Row, readers: Table[Kind, Callable[[Field, Node], Any]], report: Report
) -> dict[str, Any]:
    """The value of every field that is there, by name, and the defaults of choices that are not."""
    values: dict[str, Any] = {}
    for known in row.concept.fields:
        found = row.nodes.get(known.name)
        if found is not None:
            before = report.errors
            values[known.name] = readers[known.kind](known, found[1])
            if report.errors > before:
                row.broken.add(known.name)
        elif known.default and known.kind == "choice":
            values[known.name] = known.default
    return values


# -- the simple kinds --------------------------------------------------------------------------------------


def scalar(known: Field, node: Node, report: Report) -> Scalar | None:
    """The node if it is a text with something in it."""
    kind, example = KINDS[known.kind]
    if not isinstance(node, Scalar):
        shape = "a list" if isinstance(node, Sequence) else "a map"
        report.error(
            "wrong-shape", f"`{known.name}` must be {kind}, not {shape}", node.place, _as_in(example)
        )
        return None
    if not node.text.strip():
        report.error(
            "wrong-shape", f"`{known.name}` is empty; it must be {kind}", node.place, _as_in(example)
        )
        return None
    return node


def text(known: Field, node: Node, report: Report) -> str:
    """One text, as written."""
    found = scalar(known, node, report)
    return found.text if found else ""


def word(known: Field, node: Node, report: Report) -> str:
    """One name without blanks."""
    found = scalar(known, node, report)
    if found and re.search(r"\s", found.text):
        offset = re.search(r"\s", found.text)
        place = inside(found, offset.start() if offset else 0)
        report.error("wrong-shape", f"`{known.name}` must be one word", place, f"it is {known.doc}")
    return found.text if found else ""


def texts(known: Field, node: Node, report: Report) -> tuple[str, ...]:
    """A list of texts, each once."""
    if not isinstance(node, Sequence):
        kind, example = KINDS[known.kind]
        report.error("wrong-shape", f"`{known.name}` must be {kind}", node.place, _as_in(example))
        return ()
    found: dict[str, Place] = {}
    for item in node.items:
        one = scalar(known, item, report)
        if one and one.text in found:
            report.error(
                "listed-twice", f"`{one.text}` is listed twice", one.place, "keep one", found[one.text]
            )
        elif one:
            found[one.text] = one.place
    if not node.items:
        report.error("wrong-shape", f"`{known.name}` is empty", node.place, "leave it out, or list something")
    return tuple(found)


def words(known: Field, node: Node, report: Report) -> tuple[str, ...]:
    """A text, or a list of texts."""
    return texts(known, node, report) if isinstance(node, Sequence) else _alone(text(known, node, report))


def _alone(one: str) -> tuple[str, ...]:
    return (one,) if one else ()


def count(known: Field, node: Node, report: Report) -> int:
    """A whole number, not negative."""
    found = scalar(known, node, report)
    if found is None:
        return 0
    if not re.fullmatch(r"\d{1,9}", found.text, re.ASCII):
        great = re.fullmatch(r"\d+", found.text, re.ASCII)
        which = " of at most nine digits" if great else f", not `{found.text}`"
        message = f"`{known.name}` must be a whole number{which}"
        report.error("bad-number", message, found.place, _as_in("2"))
        return 0
    return int(found.text)


def choice(known: Field, node: Node, report: Report) -> str | None:
    """One of the words that the field allows."""
    found = scalar(known, node, report)
    if found is None:
        return None
    if found.text not in known.choices:
        all_of = f"it is one of {', '.join(known.choices)}"
        way_out = did_you_mean(found.text, known.choices) or all_of
        report.error("unknown-choice", f"`{known.name}` cannot be `{found.text}`", found.place, way_out)
        return None
    return found.text


def choices(known: Field, node: Node, report: Report) -> tuple[str, ...]:
    """One of the words that the field allows, or a list of them."""
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar) and item.text.strip():
            choice(known, item, report)
    return tuple(one for one in words(known, node, report) if one in known.choices)


def day(known: Field, node: Node, report: Report) -> date | None:
    """A date; one with a time, a month alone or a day that does not exist is told."""
    found = scalar(known, node, report)
    return date_of(found, report) if found else None


def date_of(found: Scalar, report: Report) -> date | None:
    """The day that a text names."""
    way_out = "write it as year-month-day, such as 2026-02-01"
    if not _DATE.fullmatch(found.text):
        if _DATE.match(found.text) and found.text[10:11] in ("T", "t", " "):
            way_out = "write the day alone: it begins at midnight in the zone of the contract"
        report.error("bad-date", f"`{found.text}` is not a date", found.place, way_out)
        return None
    try:
        return date.fromisoformat(found.text)
    except ValueError:
        report.error("bad-date", f"there is no day {found.text}", found.place, "check the month and the day")
        return None


def definitions(known: Field, node: Node, report: Report) -> dict[str, str]:
    """Texts by name, in the order written."""
    return {key.text: text(known, value, report) for key, value in entries(known, node, report)}


def entries(known: Field, node: Node, report: Report) -> Iterator[tuple[Scalar, Node]]:
    """The entries of a field that is a map."""
    if not isinstance(node, Mapping):
        kind, example = KINDS[known.kind]
        report.error("wrong-shape", f"`{known.name}` must be {kind}", node.place, _as_in(example))
        return
    if not node.entries:
        report.error("wrong-shape", f"`{known.name}` is empty", node.place, "leave it out, or name something")
    yield from node.entries


def is_none(node: Node) -> bool:
    """Whether a value is the word `none`, in quotes or not."""
    return isinstance(node, Scalar) and node.text == NONE


_CALLED = {
    "acknowledge": "an acknowledgement",
    "clauses": "a clause",
    "defects": "a defect",
    "every": "a cadence",
}
"""What one row is called where that is not the name of the concept."""


def _article(name: str) -> str:
    return _CALLED.get(name, f"an {name}" if name[:1] in "aeiou" else f"a {name}")


def _example(concept: Concept) -> str:
    first, _, rest = concept.example.partition("\n")
    return f"as in `{(rest or first).strip()}`"


def _as_in(example: str) -> str:
    return f"as in `{example}`" if example else ""
