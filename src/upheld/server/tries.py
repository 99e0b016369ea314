"""Tries that failed and codes that were used: every process has to know of them, and a new start, too.

Django's own cache in a table keeps pickles, and to read one runs what it says: whoever could write into that
table, or into a backup, would have the process that holds the keys. Here values are JSON. Source: safety.md,
threat 25.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

_LATEST: Final = datetime.max.replace(microsecond=0, tzinfo=UTC)
_READ: Final = "SELECT cache_key, value FROM {table} WHERE cache_key IN ({keys}) AND expires > %s"
_WRITE: Final = (
    "INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s) "
    "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
)
_IF_OVER: Final = " WHERE {table}.expires <= %s"
_TOUCH: Final = "UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires > %s"


class Tries(DatabaseCache):
    """As Django's, in the same table, but what JSON cannot say is not taken, and what is no JSON not there.

    One statement writes, so of two who add at once one has added. What the database refuses is raised: a try
    that is not counted would be one too many.
    """

    _table: str

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """Those of the keys that are there and hold."""
        asked = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not asked:
            return {}
        read = _READ.format(table=self._table, keys=", ".join(["%s"] * len(asked)))
        found = {}
        with connection.cursor() as cursor:
            cursor.execute(read, [*asked, _adapted(timezone.now())])
            for key, kept in cursor.fetchall():
                with suppress(ValueError, RecursionError):
                    found[asked[key]] = json.loads(kept)
        return found

    def _base_set(self, mode: str, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT) -> bool:
        seconds, now = self.get_backend_timeout(timeout), timezone.now()
        until = _adapted(_LATEST if seconds is None else datetime.fromtimestamp(seconds, UTC))
        if mode == "touch":
            statement, words = _TOUCH, [until, key, _adapted(now)]
        else:
            statement, words = _WRITE, [key, json.dumps(value), until]
            if mode == "add":
                statement, words = statement + _IF_OVER, [*words, _adapted(now)]
        with connection.cursor() as cursor:
            self._make_room(cursor, now)
            cursor.execute(statement.format(table=self._table), words)
            return bool(cursor.rowcount)

    def _make_room(self, cursor: Any, now: datetime) -> None:
        cursor.execute(f"SELECT COUNT(*) FROM {self._table}")  # noqa: S608  a name of the settings
        if (found := cursor.fetchone()[0]) > self._max_entries:
            self._cull(connection.alias, cursor, now, found)  # type: ignore[attr-defined]  # the base has it


def _adapted(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
