"""Schemas that have a name: each stands once in the document, so that who writes a client gets its name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from upheld.api import (
    claim_schemas,
    duty_schemas,
    effect_schemas,
    endpoint_schemas,
    explanation_schemas,
    party_schemas,
    schemas,
    verdict_schemas,
)
from upheld.api.schema_forms import Schema, named
from upheld.api.statement_schema import STATEMENT_SCHEMAS

_MODULES: Final = (
    schemas,
    party_schemas,
    duty_schemas,
    endpoint_schemas,
    claim_schemas,
    verdict_schemas,
    explanation_schemas,
    effect_schemas,
)


def with_names(told: Any) -> tuple[Any, dict[str, Schema]]:
    """What is told, with references to the schemas that have names in place of them, and these."""
    names = _Names()
    found = names.put_in(told)
    return found, {**names.schemas, **STATEMENT_SCHEMAS}


class _Names:
    """The schemas that have names, by what they say: an object with fields, or a choice."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}
        self._names: dict[str, str] = {}
        # In the order in which one is made of others; choices are made of none.
        for constant, schema in sorted(_constants(), key=lambda one: "enum" not in one[1]):
            name = "".join(part.capitalize() for part in constant.split("_"))
            inside = {key: self.put_in(one) for key, one in schema.items()}
            if self._names.setdefault(_text(inside), name) == name:
                self.schemas[name] = inside

    def put_in(self, told: Any) -> Any:
        """What is told, with names in it."""
        if isinstance(told, list | tuple):
            return [self.put_in(one) for one in told]
        if not isinstance(told, dict):
            return told
        found = {key: self.put_in(one) for key, one in told.items()}
        name = self._names.get(_text(found)) if _can_have_name(found) else None
        return found if name is None else named(name)


def _constants() -> Iterator[tuple[str, Schema]]:
    seen: dict[str, Schema] = {}
    for module in _MODULES:
        for name, schema in vars(module).items():
            if not (name.isupper() and not name.startswith("_") and isinstance(schema, dict)):
                continue
            if name not in seen and _can_have_name(schema):
                yield name, schema
            assert seen.setdefault(name, schema) is schema, f"two schemas have the name {name}"


def _can_have_name(schema: Schema) -> bool:
    return "enum" in schema or (schema.get("type") == "object" and bool(schema.get("properties")))


def _text(schema: Schema) -> str:
    return json.dumps(schema, sort_keys=True)
