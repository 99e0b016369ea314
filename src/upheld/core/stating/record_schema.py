"""The JSON Schema of a record, made of the table of its names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from upheld.core.stating.field_kinds import Fields
from upheld.core.stating.record_fields import OBJECTS, OPEN
from upheld.core.stating.rules import FORMAT

_PLAIN: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string"},
    "whole": {"type": "integer"},
    "length": {"type": "integer"},
    "truth": {"type": "boolean"},
    "instant": {"type": "integer"},
    "exact": {"type": "string", "pattern": r"^-?\d+(/\d+)?$"},
    "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    "day": {"type": "string", "format": "date"},
    "span": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
}


ENVELOPE: Final = "envelope"
"""The object that is the whole file."""
_DEFINITIONS: Final = "#/$defs/"


def record_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of the file of a statement: the record with its hash."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Statement",
        "description": f"{FORMAT}: the frozen record of one contract and period, with its hash",
        "$ref": f"{_DEFINITIONS}{ENVELOPE}",
        "$defs": record_definitions(_DEFINITIONS, lambda name: name.replace(" ", "-")),
    }


def record_definitions(place: str, key: Callable[[str], str]) -> dict[str, Any]:
    """The schema of every object of a record by its key; they refer to each other at a place with the key."""

    def kind_of(kind: str) -> dict[str, Any]:
        if kind.endswith("?"):
            return {"anyOf": [kind_of(kind[:-1]), {"type": "null"}]}
        if kind.startswith("["):
            return {"type": "array", "items": kind_of(kind[1:-1])}
        return _PLAIN[kind] if kind in _PLAIN else {"$ref": f"{place}{key(kind)}"}

    return {
        **{key(name): _object(fields, kind_of) for name, fields in OBJECTS.items()},
        **{key(name): {"type": "object", "additionalProperties": True} for name in sorted(OPEN)},
    }


def _object(fields: Fields, kind_of: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field: {**kind_of(kind), "description": doc} for field, (kind, doc) in fields.items()},
        "required": sorted(fields),
        "additionalProperties": False,
    }
