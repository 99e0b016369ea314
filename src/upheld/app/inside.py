"""A request stands between the walls of who asks, also in the database where that can hold them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db.models import QuerySet

from upheld.app.policies import SERVER, Who
from upheld.store.walls import between


def inside(who: Who) -> AbstractContextManager[None]:
    """The block of a request: one transaction on PostgreSQL, which gives it only rows between these walls.

    Whoever makes providers stands between none yet.
    """
    if who is SERVER:
        return nullcontext()
    return between(who.provider_id, who.customer_id)


def by_provider(rows: QuerySet[Any], most: int | None = None) -> Mapping[int, list[int]]:
    """The keys of rows, at most so many, by the provider whose they are: those of the first row first.

    What a job does of each it does between the walls of that provider.
    """
    found: dict[int, list[int]] = {}
    for provider_id, pk in rows.values_list("provider_id", "pk")[:most]:
        found.setdefault(provider_id, []).append(pk)
    return found
