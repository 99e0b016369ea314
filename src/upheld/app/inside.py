"""A request stands between the walls of who asks, also in the database where that can hold them."""

from __future__ import annotations

from contextlib import AbstractContextManager

from upheld.app.policies import Who
from upheld.store.walls import between


def inside(who: Who) -> AbstractContextManager[None]:
    """The block of a request: one transaction on PostgreSQL, which gives it only rows between these walls."""
    return between(who.provider_id, who.customer_id)
