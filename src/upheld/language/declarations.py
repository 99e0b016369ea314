"""What an agreement declares before it promises: readings, attributes, events, scales, duties."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.terms.agreement import Assumption, Attribute, Duty, EventType, Scale
from upheld.core.timeline.instant import parse_instant
from upheld.core.values.amount import AmountError, parse_amount
from upheld.core.values.expression import KEYWORDS
from upheld.core.values.rule import Citation
from upheld.language.concepts import TYPES
from upheld.language.names import SUBJECT_KINDS
from upheld.language.node import Node, Scalar, Sequence
from upheld.language.report import Report, inside
from upheld.language.rows import Row
from upheld.language.suggestion import did_you_mean

_EVENT_NAME = re.compile(r"[a-z][a-z0-9_-]*\.[a-z][a-z0-9_-]*", re.ASCII)
_WORDS_OF_TREES = frozenset({"other", "none", "goal", "limit"})


def is_good_name(key: Scalar, concept: str, report: Report) -> bool:
    """Whether a row can be called that; if not, that is told."""
    name, place = key.text, key.place
    if name.startswith("by ") or (concept == "assume" and name in ("customer", "provider")):
        report.error(
            "reserved-name",
            f"nothing can be called `{name}`: `{{by …}}` consults an assumption or says who it was",
            place,
            "choose another name",
        )
        return False
    if concept in ("attribute", "scale") and name in KEYWORDS:
        way_out = f"choose another name; kept are {', '.join(sorted(KEYWORDS))}"
        report.error("reserved-name", f"`{name}` is a word of expressions", place, way_out)
        return False
    return True


def assumption_of(row: Row, values: dict[str, Any], cited: Citation, report: Report) -> Assumption:
    """The reading that a row declares."""
    options: tuple[str, ...] = values.get("options") or ()
    take = values.get("take") or ""
    if options and take and take not in options:
        place = inside_of(row.node("take"), row)
        way_out = did_you_mean(take, options) or f"take one of {', '.join(options)}"
        report.error("unknown-option", f"`{take}` is no option of `{row.name}`", place, way_out)
    if len(options) == 1:
        way_out = "name the other reading too, or remove the assumption"
        report.error("one-option", f"`{row.name}` has only one reading", row.place_of("options"), way_out)
    named_only: tuple[str, ...] = values.get("named only") or ()
    _tell_named_only(row, options, take, named_only, report)
    return Assumption(
        name=row.name,
        ref=values.get("ref") or "",
        issue=values.get("issue") or "",
        options=options,
        take=take,
        because=values.get("because") or "",
        flag=values.get("flag") or "",
        executed_by=values.get("executed by") or "",
        cited=cited,
        named_only=named_only,
    )


def _tell_named_only(
    row: Row, options: tuple[str, ...], take: str, named_only: tuple[str, ...], report: Report
) -> None:
    node = row.node("named only")
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar) and options and item.text not in options:
            way_out = did_you_mean(item.text, options) or f"name one of {', '.join(options)}"
            message = f"`{item.text}` is no option of `{row.name}`"
            report.error("unknown-option", message, inside(item, 0), way_out)
    if take and take in named_only:
        others = [option for option in options if option not in named_only]
        way_out = f"take one of {', '.join(others)}" if others else "leave one option out of `named only`"
        message = f"`{take}` is only named: nothing can execute it"
        place = inside_of(row.node("take"), row)
        report.error("reading-not-executable", message, place, way_out, row.place_of("named only"))


def attribute_of(row: Row, values: dict[str, Any], report: Report) -> Attribute:
    """The attribute that a row declares."""
    type_: str = values.get("type") or "text"
    closed: tuple[str, ...] = values.get("values") or ()
    default: str | None = values.get("default")
    if closed and type_ != "text":
        way_out = "leave `values` out, or make the type text"
        message = f"only a text has a closed set of values, not a {type_}"
        report.error("wrong-type", message, row.place_of("values"), way_out)
    elif default is not None:
        place = inside_of(row.node("default"), row)
        if closed and default not in closed:
            way_out = did_you_mean(default, closed) or f"it is one of {', '.join(closed)}"
            report.error("unknown-value", f"`{row.name}` has no value `{default}`", place, way_out)
        elif not _is_of_type(default, type_):
            report.error("wrong-type", f"the default `{default}` is no {type_}", place, _SHAPES[type_])
    return Attribute(row.name, values.get("of") or "ticket", type_, closed, default, values.get("doc") or "")


_SHAPES = {
    "text": "write a text",
    "truth": "write true or false",
    "number": "write a number such as 12 or 0.5",
    "duration": "write a duration such as 2h",
    "instant": "write it as 2026-06-05T14:30:00Z",
}


def _is_of_type(text: str, type_: str) -> bool:
    try:
        if type_ == "duration":
            parse_amount(text)
        elif type_ == "instant":
            parse_instant(text)
    except (AmountError, ValueError):
        return False
    if type_ == "truth":
        return text in ("true", "false")
    return type_ != "number" or re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) is not None


def event_of(row: Row, values: dict[str, Any], report: Report) -> EventType:
    """The type of fact that a row declares."""
    if not _EVENT_NAME.fullmatch(row.name):
        way_out = "name it family.verb in small letters, such as visit.arrived"
        report.error("bad-event", f"`{row.name}` is no name of an event", row.place, way_out)
    elif row.name in FACT_TYPES:
        way_out = "use it without declaring it, or choose another verb"
        report.error("reserved-name", f"`{row.name}` is a known type of fact", row.place, way_out)
    elif (family := row.name.partition(".")[0]) in SUBJECT_KINDS and values.get("of") not in (family, None):
        message = f"`{row.name}` is named after a {family}, but it is about a {values['of']}"
        report.error(
            "bad-event", message, row.place, "choose another family, or change `of`", row.place_of("of")
        )
    fields: Mapping[str, tuple[Scalar, Node]] = values.get("fields") or {}
    return EventType(
        row.name,
        values.get("of") or "ticket",
        values.get("doc") or "",
        {name: _type_of(field, report) for name, field in fields.items()},
    )


def _type_of(field: tuple[Scalar, Node], report: Report) -> str:
    key, node = field
    text = node.text if isinstance(node, Scalar) else ""
    if text not in TYPES:
        way_out = did_you_mean(text, TYPES) or f"the types are {', '.join(TYPES)}"
        report.error("unknown-choice", f"`{key.text}` has no type `{text}`", node.place, way_out)
        return "text"
    return text


def scale_of(row: Row, values: dict[str, Any], cited: Citation, report: Report) -> Scale:
    """The scale that a row declares."""
    ranked: dict[str, str] = values.get("values") or {}
    for name in ranked:
        if name in _WORDS_OF_TREES:
            message = f"`{name}` cannot be a value: it is a word of decision trees"
            report.error("reserved-name", message, row.place_of("values"), "choose another name")
    return Scale(row.name, values.get("of") or "ticket", ranked, values.get("set by"), cited)


def duty_of(row: Row, values: dict[str, Any], cited: Citation) -> Duty:
    """The duty that a row declares."""
    return Duty(row.name, values.get("text") or "", cited)


def inside_of(node: Node | None, row: Row) -> Any:
    """The place of the first character of a text, or of the row if there is none."""
    return inside(node, 0) if isinstance(node, Scalar) else row.place
