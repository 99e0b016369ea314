"""What fails of one provider, or in one step, keeps nothing else from being done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from upheld.store.reach import is_out_of_reach
from upheld.store.room import is_for_want_of_room

log = structlog.get_logger("upheld.apart")


def is_of_all(fault: BaseException) -> bool:
    """Whether a fault is the database's: whatever else is tried now fails as well."""
    return is_out_of_reach(fault) or is_for_want_of_room(fault)


@contextmanager
def apart(what: str, provider_id: int | None = None) -> Iterator[None]:
    """What fails in the block is logged and goes no further, unless it is the database's.

    It stands around the transaction, so nothing of what failed is written.
    """
    try:
        yield
    except Exception as fault:
        if is_of_all(fault):
            raise
        log.exception("this failed, and the rest goes on", what=what, provider=provider_id)
