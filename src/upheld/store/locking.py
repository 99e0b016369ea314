"""The lock of everything that decides for a provider: its row."""

from __future__ import annotations

from upheld.store.models import Provider


def locked(provider_id: int) -> Provider:
    """The row of a provider, held until the transaction ends. Provider.DoesNotExist if there is none.

    On SQLite the whole database is held from the beginning of the transaction.
    """
    return Provider.objects.select_for_update().get(pk=provider_id)
