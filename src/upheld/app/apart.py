"""What fails of one provider, or in one step, keeps nothing else from being done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
from django.db.models import QuerySet

from upheld.app.inside import by_provider
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


def by_halves(
    rows: Sequence[int], act: Callable[[Sequence[int]], int], give_up: Callable[[int], None]
) -> int:
    """Does something with rows at once; where it fails, with each half of them. Sums up its answers.

    `act` writes all or nothing. `give_up` is called for each row with which alone it fails, while the fault
    is handled. What is the database's fault is raised.
    """
    if not rows:
        return 0
    try:
        return act(rows)
    except Exception as fault:
        if is_of_all(fault):
            raise
        if len(rows) == 1:
            give_up(rows[0])
            return 0
    half = len(rows) // 2
    return by_halves(rows[:half], act, give_up) + by_halves(rows[half:], act, give_up)


def in_turn(what: str, rows: QuerySet[Any], most: int, act: Callable[[int, Sequence[int]], int]) -> int:
    """Does something with the first rows, at most so many, provider by provider; sums up its answers.

    `act` is given a provider and the keys of its rows. Where it fails these stand behind those of all others:
    rows that always fail would else be the first ones each time, and nobody else's turn would ever come.
    """
    failed: list[int] = []
    done = 0
    while True:
        found = by_provider(rows.exclude(provider_id__in=failed), most)
        is_full, well = sum(map(len, found.values())) >= most, set[int]()
        for provider_id, pks in found.items():
            with apart(what, provider_id):
                done += act(provider_id, pks)
                well.add(provider_id)
        if not is_full or found.keys() == well:
            return done
        failed += found.keys() - well
