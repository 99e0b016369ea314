"""The lookup `among`: as `in`, for thousands of values, which go to the database as one."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignObject, Lookup

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


@ForeignObject.register_lookup
@Field.register_lookup
class Among(_Lookup):
    """Is one of many texts or numbers. A question with a mark for each takes long to be written and read."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """The part of the question, and its one value."""
        many = list(self.rhs)
        if not many:
            raise EmptyResultSet  # nothing has to be asked
        column, values = self.process_lhs(compiler, connection)
        if len(many) == 1:  # which a database takes the shortest way to, whatever it knows of its rows
            return f"{column} = %s", (*values, *many)
        if connection.vendor == "postgresql":
            found = str(self.lhs.output_field.db_type(connection)).partition("(")[0]
            kind = "text" if found == "varchar" else found
            return f"{column} = ANY(%s::{kind}[])", (*values, array_text(many))
        return f"{column} IN (SELECT value FROM json_each(%s))", (*values, json.dumps(many))  # noqa: S608  one column


def array_text(values: Collection[str | int]) -> str:
    """Texts or numbers as PostgreSQL reads an array of them; at least one."""
    quoted = (str(one).replace("\\", "\\\\").replace('"', '\\"') for one in values)
    return '{"' + '","'.join(quoted) + '"}'
