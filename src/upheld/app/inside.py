"""A request stands between the walls of who asks, also in the database where that can hold them."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from upheld.app.policies import SERVER, Who
from upheld.store.walls import between


def inside(who: Who) -> AbstractContextManager[None]:
    """The block of a request: one transaction on PostgreSQL, which gives it only rows between these walls.

    Whoever makes providers stands between none yet.
    """
    if who is SERVER:
        return nullcontext()
    return between(who.provider_id, who.customer_id)
