"""What was owed to whom, and what became of it."""

from __future__ import annotations

from upheld.store.models import Message


def messages_of(provider_id: int, after: int, most: int, state: str | None = None) -> list[Message]:
    """Messages of a provider in the order in which they were owed, those behind a number, with attempts.

    Events for endpoints are not among them.
    """
    rows = Message.objects.filter(provider_id=provider_id, endpoint=None, pk__gt=after).order_by("pk")
    rows = rows if state is None else rows.filter(state=state)
    return list(rows.select_related("person", "reach").prefetch_related("attempts")[:most])
