"""Who may write: one at a time on SQLite, and on any database one at a time for each provider."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet

from upheld.store.models import Provider
from upheld.store.under_way import under_way

_WRITER: Final = threading.RLock()
"""The threads of a process queue up here: those who wait for SQLite itself are served in no order."""


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that writes. It waits for rows that are inserted when something is asked, or it ends.

    Between walls there is one already, and it is that one: what fails in it takes back all of it.
    """
    if connection.vendor != "sqlite":
        # A savepoint would be two more ways to the database and back, with every fact.
        with transaction.atomic(savepoint=False), under_way():
            yield
        return
    with _WRITER, transaction.atomic():
        yield


def locked(provider_id: int) -> Provider:
    """The row of a provider, held until the transaction ends. Provider.DoesNotExist if there is none.

    On SQLite the whole database is held from the beginning of the transaction.
    """
    # Whoever writes a row that names the provider need not wait: of three that wait in a ring, one would die.
    # Everything begins with it: as the text that it is, it is asked in a quarter of the time.
    held = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    for found in Provider.objects.raw(f"SELECT * FROM store_provider WHERE id = %s{held}", [provider_id]):  # noqa: S608  one of two constants
        return found
    raise Provider.DoesNotExist(f"there is no provider {provider_id}")


def hold_in_order(rows: QuerySet[Any]) -> None:
    """Holds rows until the transaction ends, in the order of their keys.

    What changes several rows at once holds them in whatever order they lie in. Of two who do so, or do so
    beside somebody who goes by the keys, each could have what the other waits for.
    """
    if connection.vendor == "postgresql":
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
