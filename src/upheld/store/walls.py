"""Between which walls a transaction stands: of a provider, and inside it of one customer.

On PostgreSQL the database then gives no other rows, whatever is asked of it; on SQLite nothing is set, as it
has no such thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def between(provider_id: int, customer_id: int | None = None) -> Iterator[None]:
    """Everything in this block is one transaction between these walls. They end with it."""
    if connection.vendor != "postgresql":
        yield
        return
    # What ends by an error is rolled back, and what was set with it.
    with transaction.atomic():
        _set(str(provider_id), "" if customer_id is None else str(customer_id))
        yield
        _set("", "")


@contextmanager
def whole_provider() -> Iterator[None]:
    """In this block a customer's wall is open, that of the provider is not: to compute from the whole ledger.

    Whatever is given out of it has to be of the customer's contracts.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('upheld.provider', true), current_setting('upheld.customer', true)"
            )
            provider, customer = cursor.fetchone()
        _set(provider or "", "")
        yield
        _set(provider or "", customer or "")


def _set(provider: str, customer: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('upheld.provider', %s, true), set_config('upheld.customer', %s, true)",
            [provider, customer],
        )
