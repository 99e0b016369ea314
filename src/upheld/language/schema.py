"""The table of fields as JSON Schema (draft 2020-12), by which editors complete and mark what is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from upheld.language.choice_words import meaning_of
from upheld.language.codes import CODES
from upheld.language.concepts import (
    AGREEMENT,
    CLAUSES,
    CONTRACT,
    IN_A_PLAN,
    IN_AN_OVERRIDE,
    KINDS,
    PARTS,
    Concept,
    Field,
    Kind,
    concept,
)
from upheld.language.concepts_of_measuring import BASES, LIMITS
from upheld.language.node import Mapping, Node, Scalar
from upheld.language.reader import read_yaml

Schema: TypeAlias = dict[str, Any]

_SAYS_ITSELF = frozenset({"text", "texts", "words", "word", "choice", "choices", "definitions"})
"""Kinds of which an example would be mistaken for what the field wants."""
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_COMPLETED_BY_A_PLAN = frozenset(IN_A_PLAN)


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list_of(item: Schema) -> Schema:
    return {"type": "array", "items": {"anyOf": [item, _ref("reading")]}, "minItems": 1}


def _map_of(value: Schema, **more: Any) -> Schema:
    return {"type": "object", "additionalProperties": value, "minProperties": 1, **more}


_TEXT = _ref("text")
_MONEY: Schema = {"type": "string", "pattern": r"^\d+(\.\d+)? [A-Z]{3}$"}
_DATES = {"propertyNames": {"pattern": _DATE}}
_KINDS: dict[Kind, Schema] = {
    "text": _TEXT,
    "path": _TEXT,
    "zone": _TEXT,
    "day": _TEXT,
    "calendar": _TEXT,
    "period": _TEXT,
    "amount": _TEXT,
    "marks": {"anyOf": [_TEXT, _list_of(_TEXT)]},
    "instant": _TEXT,
    "expression": _TEXT,
    "word": {"type": ["string", "number"], "pattern": r"^\S+$"},
    "words": {"anyOf": [_TEXT, _list_of(_TEXT)]},
    "texts": _list_of(_TEXT),
    "calendars": _list_of(_TEXT),
    "hours": {"anyOf": [_TEXT, _list_of(_TEXT)]},
    "windows": _TEXT,
    "count": {"type": ["integer", "string"], "minimum": 0, "pattern": r"^\d{1,9}$"},
    "date": {"type": "string", "pattern": _DATE},
    "money": _map_of(_MONEY),
    "fees of plans": _map_of(_map_of(_MONEY)),
    "event": {"anyOf": [_TEXT, _list_of(_TEXT)]},
    "pause": {"anyOf": [_TEXT, _ref("pause"), _list_of({"anyOf": [_TEXT, _ref("pause")]})]},
    "target": {"anyOf": [_ref("target tree"), _list_of(_ref("row of targets"))]},
    "calendar tree": _ref("calendar tree"),
    "holidays": {"anyOf": [{"const": "none"}, _ref("holidays")]},
    "dates": _map_of(_TEXT, **_DATES),
    "holidays to add": {"anyOf": [_map_of(_TEXT, **_DATES), _list_of({"type": "string", "pattern": _DATE})]},
    "holidays to leave out": _list_of({"type": "string", "pattern": _DATE}),
    "contacts": _map_of(_ref("contact")),
    "stages": _map_of(_map_of(_ref("stage"))),
    "definitions": _map_of(_TEXT),
    "quantity": _TEXT,
    "measure": {"type": "string", "pattern": rf"^({'|'.join(BASES)})\s+of\s+\S"},
    "combining": {"type": "string", "pattern": r"^(bad time|ratio of sums|mean of ratios|percentile .+)$"},
    "across": {"type": "string", "pattern": r"^(each|worst|mean|weighted|pooled|at least \d+)$"},
    "weights": _map_of({"type": ["number", "string"]}),
    "slices": _ref("slices"),
    "length": _TEXT,
    "number": {"type": ["number", "string"], "pattern": r"^\d+(\.\d+)?$"},
    "ratio": {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"},
    "truth": {"enum": [True, False, "true", "false"]},
    "level": {"type": "string", "pattern": r"^(none$|>|<|≥|≤)"},
    "edge": _TEXT,
    "after": {"type": "string", "pattern": r"^\d+\s+of\s+\d+$"},
    "bands": _map_of(_TEXT),
    "steps": _ref("steps"),
    "give": _TEXT,
    "sum": _MONEY,
    "base": _ref("base"),
    "limits": _map_of(_TEXT, propertyNames={"enum": list(LIMITS)}),
    "pay": _ref("pay"),
    "billing": _ref("billing"),
    "party": _ref("party"),
    "exercise": _ref("exercise"),
    "finding": {"enum": sorted(CODES), "enumDescriptions": [CODES[code] for code in sorted(CODES)]},
    "types": _map_of({"enum": ["text", "truth", "number", "duration", "instant"]}),
}
_SHARED: dict[str, Schema] = {
    "text": {"type": ["string", "number", "boolean"]},
    "reading": {
        "description": "A value for each option of an assumption: {by NAME: {option: value}}",
        "type": "object",
        "propertyNames": {"pattern": "^by (?!customer$|provider$)"},
        "additionalProperties": {"type": "object"},
        "minProperties": 1,
        "maxProperties": 1,
    },
    "target tree": {
        "description": "A target, or one for each value of a scale or a choice, with `other` for the rest",
        "anyOf": [_TEXT, _ref("target"), _map_of(_ref("target tree"))],
    },
    "calendar tree": {
        "description": "A calendar, or one for each value of a scale or a choice, with `other` for the rest",
        "anyOf": [_TEXT, _map_of(_ref("calendar tree"))],
    },
}


def agreement_schema() -> Schema:
    """The schema of an agreement file."""
    sections = {one.name: _section(one) for one in AGREEMENT if one.name != "plan"}
    plans = _map_of({"anyOf": [_overlay(IN_A_PLAN), {"const": ""}]})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "agreement.schema.json",
        "title": "An agreement of Upheld",
        "type": "object",
        "properties": {**sections, "plan": {"description": _said("plan"), **plans}},
        "required": ["document"],
        "additionalProperties": False,
        # Where there are plans a row may be completed by each of them, so nothing is required of it.
        "if": {"not": {"required": ["plan"]}},
        "then": {"properties": {name: _complete(concept(name)) for name in IN_A_PLAN}},
        "$defs": _definitions(AGREEMENT),
    }


def contract_schema() -> Schema:
    """The schema of a contract file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "contract.schema.json",
        "title": "A contract of Upheld",
        "type": "object",
        "properties": {
            "contract": _section(concept("contract")),
            "override": {"description": _said("override"), **_overlay(IN_AN_OVERRIDE)},
        },
        "required": ["contract"],
        "additionalProperties": False,
        "$defs": _definitions((*map(concept, IN_AN_OVERRIDE), CONTRACT[0])),
    }


def clauses_schema() -> Schema:
    """The schema of a clause list."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "clauses.schema.json",
        "title": "A clause list of Upheld",
        "type": "object",
        "properties": {one.name: _section(one) for one in CLAUSES},
        "required": ["clauses"],
        "additionalProperties": False,
        "$defs": {**_definitions(CLAUSES, parts=()), "text": _SHARED["text"], "reading": _SHARED["reading"]},
    }


def _said(name: str) -> str:
    return f"{name}: {concept(name).doc}"


def _section(one: Concept) -> Schema:
    """What stands under the key of a concept."""
    said: Schema = {"title": one.name, "description": _said(one.name)}
    said["examples"] = [_plain(one.example)[one.name]]
    row = _row(one)
    return {**said, **(_map_of({"anyOf": [row, _ref("reading")]}) if one.named else row)}


def _row(one: Concept) -> Schema:
    needed = [field.name for field in one.fields if field.required]
    whole: Schema = _ref(one.name)
    if needed and one.name not in _COMPLETED_BY_A_PLAN:
        whole = {"allOf": [whole, {"required": needed}]}
    return {"anyOf": [_TEXT, whole]} if one.short else whole


def _complete(one: Concept) -> Schema:
    """That rows hold what they need (a row that a reading decides is not looked into)."""
    needed = [field.name for field in one.fields if field.required]
    rules: list[Schema] = [{"required": needed}] if needed else []
    if one.one_of:
        rules.append({"oneOf": [{"required": [name]} for name in one.one_of]})
    if not rules:
        return {}
    row = {"if": {"type": "object", "not": _ref("reading")}, "then": {"allOf": rules}}
    if one.name == "calendar":
        return {"patternProperties": {"^(?!always$)": row}}
    return {"additionalProperties": row}


def _overlay(names: Iterable[str]) -> Schema:
    """Rows laid over others: any part of a row, or `none`."""
    sections: dict[str, Schema] = {}
    for name in names:
        if not concept(name).named:
            sections[name] = _ref(name)
            continue
        row = {"anyOf": [_ref(name), _TEXT, _ref("reading")]}
        sections[name] = {"type": "object", "additionalProperties": row}
    return {"type": "object", "properties": sections, "additionalProperties": False}


def _definitions(concepts: Iterable[Concept], parts: Iterable[Concept] = PARTS) -> dict[str, Schema]:
    found = dict(_SHARED) if parts else {}
    for one in (*concepts, *parts):
        if one.fields and one.fields[0].name:
            found[one.name] = _fields(one)
    return found


def _fields(one: Concept) -> Schema:
    return {
        "type": "object",
        "properties": {field.name: _field(one, field) for field in one.fields},
        "additionalProperties": False,
    }


def _field(one: Concept, field: Field) -> Schema:
    said: Schema = {"title": field.name, "description": f"{one.name}, {field.name}: {field.doc}"}
    if field.default:
        said["default"] = field.default
    if field.kind not in _SAYS_ITSELF and (example := KINDS[field.kind][1]):
        said["examples"] = [_plain(example) if example[0] in "[{" else example]
    return {**said, "anyOf": [_value(one, field), _ref("reading"), {"const": "none"}]}


def _value(one: Concept, field: Field) -> Schema:
    if field.kind not in ("choice", "choices", "change"):
        return _KINDS[field.kind]
    words: Schema = {
        "enum": list(field.choices),
        "enumDescriptions": [meaning_of(one, field, word) for word in field.choices],
    }
    if field.kind == "choices":
        return {"anyOf": [words, _list_of(words)]}
    return {"anyOf": [words, _ref("change")]} if field.kind == "change" else words


def _plain(example: str) -> Any:
    """A value as an editor would put it in: texts, lists and maps."""
    node, _ = read_yaml(example, "example")
    assert node is not None
    return _as_plain(node)


def _as_plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: _as_plain(child) for key, child in node.entries}
    return [_as_plain(item) for item in node.items]
