"""The record of a statement in the document of the API: its one schema, under names of its own."""

from __future__ import annotations

from typing import Final

from upheld.api.schema_forms import COMPONENTS, Schema, named
from upheld.core.stating.record_schema import ENVELOPE, record_definitions


def _name(of: str) -> str:
    return "Statement" + ("" if of == ENVELOPE else of.title().replace(" ", ""))


STATEMENT: Final = named(_name(ENVELOPE))
STATEMENT_SCHEMAS: Final[Schema] = record_definitions(COMPONENTS, _name)
"""Every object of a record, by its name in the document."""
