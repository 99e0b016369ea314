"""Between which walls a transaction stands: of a provider, and inside it of one customer.

On PostgreSQL the database then gives no other rows, whatever is asked of it; on SQLite nothing is set, as it
has no such thing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction


class _Standing(threading.local):
    """Between which walls this thread stands, as its connection has been told."""

    walls: tuple[int, int | None] | None = None


_STANDING: Final = _Standing()


@contextmanager
def between(provider_id: int, customer_id: int | None = None) -> Iterator[None]:
    """Everything in this block is one transaction between these walls. They end with it."""
    if connection.vendor != "postgresql":
        yield
        return
    # What ends by an error is rolled back, and what was set with it.
    with transaction.atomic(), _standing(provider_id, customer_id):
        _set(str(provider_id), "" if customer_id is None else str(customer_id))
        yield
        _set("", "")


@contextmanager
def whole_provider() -> Iterator[None]:
    """In this block a customer's wall is open, that of the provider is not: to compute from the whole ledger.

    Whatever is given out of it has to be of the customer's contracts.
    """
    walls = _STANDING.walls
    if walls is None or walls[1] is None:  # there is no wall of a customer
        yield
        return
    provider_id, customer_id = walls
    with transaction.atomic(), _standing(provider_id, None):
        _set(str(provider_id), "")
        yield
        _set(str(provider_id), str(customer_id))


@contextmanager
def _standing(provider_id: int, customer_id: int | None) -> Iterator[None]:
    before, _STANDING.walls = _STANDING.walls, (provider_id, customer_id)
    try:
        yield
    finally:
        _STANDING.walls = before


def _set(provider: str, customer: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('upheld.provider', %s, true), set_config('upheld.customer', %s, true)",
            [provider, customer],
        )
