"""A request stands between the walls of who asks, also in the database where that can hold them.

A job asks across providers only whose turn it is: what it does of each it does between the walls of that one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db.models import QuerySet

from upheld.app.policies import SERVER, Who
from upheld.core.timeline.instant import Instant
from upheld.store.walls import between, over_every_provider

P = ParamSpec("P")
R = TypeVar("R")


def inside(who: Who) -> AbstractContextManager[None]:
    """The block of a request: one transaction on PostgreSQL, which gives it only rows between these walls.

    Whoever makes providers stands between none yet.
    """
    if who is SERVER:
        return nullcontext()
    return between(who.provider_id, who.customer_id)


def for_who(does: Callable[Concatenate[Who, P], R]) -> Callable[Concatenate[Who, P], R]:
    """What is done for who asks, which is the first word: all of it is done between their walls."""

    @wraps(does)
    def run(who: Who, /, *words: P.args, **named: P.kwargs) -> R:
        with inside(who):
            return does(who, *words, **named)

    return run


def by_provider(rows: QuerySet[Any], most: int | None = None) -> Mapping[int, list[int]]:
    """The keys of rows, at most so many, by the provider whose they are: those of the first row first."""
    found: dict[int, list[int]] = {}
    with over_every_provider():
        for provider_id, pk in rows.values_list("provider_id", "pk")[:most]:
            found.setdefault(provider_id, []).append(pk)
    return found


def providers_of(rows: QuerySet[Any]) -> list[int]:
    """The keys of the providers whose rows these are."""
    with over_every_provider():
        return list(rows.order_by("provider_id").values_list("provider_id", flat=True).distinct())


def earliest(rows: QuerySet[Any], name: str) -> Instant | None:
    """The first instant in a column of rows of every provider; None if there is none."""
    with over_every_provider():
        found: Instant | None = rows.order_by(name).values_list(name, flat=True).first()
    return found


def is_any(rows: QuerySet[Any]) -> bool:
    """Whether there are such rows of any provider. Who only looks holds nobody up."""
    with over_every_provider():
        return rows.exists()
