"""What schemas are put together of: objects, lists, choices, and the plain values of records."""

from __future__ import annotations

from typing import Any, Final, get_args

Schema = dict[str, Any]
COMPONENTS: Final = "#/components/schemas/"
INSTANT: Final[Schema] = {"type": "string", "format": "date-time"}
INSTANT_OR_NOT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
STRING: Final[Schema] = {"type": "string"}
TEXT: Final[Schema] = {"type": "string", "minLength": 1}
TEXT_OR_NOT: Final[Schema] = {"type": ["string", "null"]}
TRUTH: Final[Schema] = {"type": "boolean"}
POSITION: Final[Schema] = {"type": "integer", "minimum": 0}
NUMBER: Final[Schema] = {"type": "integer", "minimum": 1}
NUMBER_OR_NOT: Final[Schema] = {"type": ["integer", "null"]}
SECONDS: Final[Schema] = {
    "type": ["integer", "string"],
    "description": "Whole seconds; finer ones as an exact decimal text.",
}
SECONDS_OR_NOT: Final[Schema] = {**SECONDS, "type": ["integer", "string", "null"]}
AMOUNT: Final[Schema] = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
AMOUNT_OR_NOT: Final[Schema] = {**AMOUNT, "type": ["string", "null"]}


def closed(**fields: Schema) -> Schema:
    """An object with these fields and no others, all of them required."""
    return {
        "type": "object", "properties": fields, "required": list(fields), "additionalProperties": False
    }  # fmt: skip


def opened(**fields: Schema) -> Schema:
    """An object with at least these fields."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def with_perhaps(schema: Schema, **fields: Schema) -> Schema:
    """An object that may have these fields, too."""
    return {**schema, "properties": {**schema["properties"], **fields}}


def described(schema: Schema, description: str) -> Schema:
    """The same, with a sentence for who reads the document."""
    return {**schema, "description": description}


def rows(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


NAMES: Final = rows(STRING)


def or_not(schema: Schema) -> Schema:
    """Such a one, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def words(choices: Any, *more: str | None) -> Schema:
    """One of the words of a `Literal`, or one more."""
    return {"enum": [*get_args(choices), *more]}


def named(name: str) -> Schema:
    """The schema of that name in the document."""
    return {"$ref": f"{COMPONENTS}{name}"}
