"""The JSON Schema of a record, made of the table of its names."""

from __future__ import annotations

from typing import Any, Final

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


def record_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of the file of a statement: the record with its hash."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Statement",
        "description": f"{FORMAT}: the frozen record of one contract and period, with its hash",
        "$ref": "#/$defs/envelope",
        "$defs": {
            **{_key(name): _object(name) for name in OBJECTS},
            **{_key(name): {"type": "object"} for name in sorted(OPEN)},
        },
    }


def _object(name: str) -> dict[str, Any]:
    fields = OBJECTS[name]
    return {
        "type": "object",
        "properties": {field: {**_kind(kind), "description": doc} for field, (kind, doc) in fields.items()},
        "required": sorted(fields),
        "additionalProperties": False,
    }


def _kind(kind: str) -> dict[str, Any]:
    if kind.endswith("?"):
        return {"anyOf": [_kind(kind[:-1]), {"type": "null"}]}
    if kind.startswith("["):
        return {"type": "array", "items": _kind(kind[1:-1])}
    return _PLAIN[kind] if kind in _PLAIN else {"$ref": f"#/$defs/{_key(kind)}"}


def _key(name: str) -> str:
    return name.replace(" ", "-")
