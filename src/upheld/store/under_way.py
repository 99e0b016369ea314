"""Statements whose answer nobody needs at once: PostgreSQL does them while what comes next is computed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.db import Error, connection
from django.db.models import Model

if TYPE_CHECKING:
    from psycopg import Pipeline

T = TypeVar("T")
AT_ONCE: Final = 250
"""Rows of a statement. With fewer the database begins sooner; each statement takes it half a millisecond."""
_AS_TEXT: Final = ("varchar", "char")
"""To cast to a type with a length cuts a text off without a word; to write one that is too long fails."""


class _Way(threading.local):
    """The way of a thread to its database: open from the first rows that are sent until they are awaited."""

    is_given = False
    block: ExitStack | None = None
    pipeline: Pipeline

    def opened(self) -> Pipeline:
        """On it nothing that is sent is waited for."""
        if self.block is None:
            self.block = ExitStack()
            self.pipeline = self.block.enter_context(connection.connection.pipeline())
        return self.pipeline

    def awaited(self) -> None:
        """All that was sent is done; or the first error is raised, and nothing is under way any more."""
        if self.block is not None:
            try:
                with connection.wrap_database_errors:
                    self.pipeline.sync()
            finally:
                self.left()

    def left(self) -> None:
        """Nothing is under way any more. Behind an error all else was refused, which nobody is told."""
        if self.block is not None:
            block, self.block = self.block, None
            with suppress(Error), connection.wrap_database_errors:
                block.close()


_WAY: Final = _Way()


@contextmanager
def under_way() -> Iterator[None]:
    """In this block nobody waits for rows that are inserted, until something is asked or the block ends.

    So the next ones are computed meanwhile. What is wrong with a row is raised then, as it would have been;
    it stands inside the transaction, so that nothing is committed before. On SQLite nothing is different.
    """
    if connection.vendor != "postgresql" or _WAY.is_given:
        yield
        return
    connection.ensure_connection()
    _WAY.is_given = True
    try:
        with connection.execute_wrapper(_asked):
            yield
        _WAY.awaited()
    finally:
        _WAY.is_given = False
        _WAY.left()


def arrived() -> None:
    """Waits for rows that are under way. Whatever Django is told waits by itself."""
    _WAY.awaited()


def _asked(execute: Callable[..., Any], *told: Any) -> Any:
    _WAY.awaited()
    return execute(*told)


# -- what goes that way ------------------------------------------------------------------------------------


def in_parts(many: Iterable[T]) -> Iterator[list[T]]:
    """What goes to the database with one statement, then the next."""
    left = iter(many)
    while some := list(islice(left, AT_ONCE)):
        yield some


def send(statement: str, values: Sequence[Any]) -> None:
    """Tells PostgreSQL a statement, in a block of `under_way`."""
    from psycopg import Cursor  # here: where there is none, SQLite is used

    # Django's cursor writes values into the text of a statement, which takes ten times as long.
    connection.validate_no_broken_transaction()
    try:
        with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
            way = _WAY.opened()
            cursor.execute(statement, values)
            # With it the statement ends: until then PostgreSQL takes it that who stands still is at work.
            way.pgconn.pipeline_sync()
            way.result_queue.append(None)
    except Error:  # of what was sent before
        _WAY.left()
        raise


def table_of(model: type[Model], columns: Mapping[str, Sequence[Any]]) -> tuple[str, list[list[Any]]]:
    """Columns as a table in a statement for PostgreSQL, and its values: each column is one."""
    arrays = ", ".join(f"%b::{type_of(model, name)}[]" for name in columns)
    return f"unnest({arrays})", [*map(list, columns.values())]


@lru_cache(maxsize=256)
def type_of(model: type[Model], name: str) -> str:
    """The type of a column, as PostgreSQL calls it."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    found = str(fields[name].db_type(connection)).partition("(")[0]
    return "text" if found in _AS_TEXT else found
