"""Between which walls a transaction stands: of a provider, and inside it of one customer.

On PostgreSQL the database then gives no other rows, whatever is asked of it; on SQLite nothing is set, as it
has no such thing. What is asked across providers says so, by `over_every_provider`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeAlias, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")
Walls: TypeAlias = tuple[int | None, int | None]
"""A provider, and inside it a customer or None for all; no provider: over every one."""
_EVERY: Final[Walls] = (None, None)


class _Standing(threading.local):
    """Between which walls this thread stands, as its connection has been told; None: nobody has said."""

    walls: Walls | None = None


_STANDING: Final = _Standing()


@contextmanager
def between(provider_id: int, customer_id: int | None = None) -> Iterator[None]:
    """Everything in this block is one transaction between these walls. They end with it.

    Who stands between them already, or between the narrower ones of a customer, stays there. RuntimeError for
    who stands between those of others.
    """
    walls, wanted = _STANDING.walls, (provider_id, customer_id)
    if walls is None or walls == _EVERY or walls == (provider_id, None) != wanted:
        with _standing(wanted):
            yield
        return
    if walls[0] != provider_id or customer_id not in (None, walls[1]):
        raise RuntimeError("who stands between some walls cannot stand between those of others")
    yield


def of_one_provider(does: Callable[Concatenate[int, P], R]) -> Callable[Concatenate[int, P], R]:
    """What is done for one provider, whose id is the first word: all of it is done between its walls."""

    @wraps(does)
    def run(provider_id: int, /, *words: P.args, **named: P.kwargs) -> R:
        with between(provider_id):
            return does(provider_id, *words, **named)

    return run


@contextmanager
def whole_provider() -> Iterator[None]:
    """In this block a customer's wall is open, that of the provider is not: to compute from the whole ledger.

    Whatever is given out of it has to be of the customer's contracts.
    """
    walls = _STANDING.walls
    if walls is None or walls[1] is None:  # there is no wall of a customer
        yield
        return
    with _standing((walls[0], None)):
        yield


@contextmanager
def over_every_provider() -> Iterator[None]:
    """In this block rows of every provider are seen: whose turn is it, and who asks?

    It is for questions: what is to be done of what they find is done between the walls of its provider, and
    nothing is waited for in here. Where there is no transaction, each is one of its own. RuntimeError for who
    stands between walls already: they are never opened.
    """
    if _STANDING.walls == _EVERY:
        yield
        return
    if _STANDING.walls is not None:
        raise RuntimeError("who stands between the walls of a provider cannot look over every provider")
    with _standing(_EVERY):
        yield


@contextmanager
def _standing(walls: Walls) -> Iterator[None]:
    before, _STANDING.walls = _STANDING.walls, walls
    try:
        if connection.vendor != "postgresql":
            yield
            return
        is_inner = connection.in_atomic_block
        if walls == _EVERY and not is_inner:
            connection.ensure_connection()
            with connection.execute_wrapper(_said_with_it):
                yield
            return
        # What is set ends with the transaction, and with what is rolled back in it.
        with transaction.atomic():
            _set(walls)
            yield
            if is_inner:
                _set(before)
            elif connection.needs_rollback:  # Django would take everything back without a word
                raise RuntimeError(
                    "what fails between walls takes back all of it: raise it, or use a savepoint"
                )
    finally:
        _STANDING.walls = before


def _set(walls: Walls | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_said(walls))


def _said(walls: Walls | None) -> str:
    """What tells PostgreSQL between which walls a transaction stands."""
    provider, customer = ("" if one is None else str(int(one)) for one in walls or _EVERY)
    every = "yes" if walls == _EVERY else ""
    told = {"provider": provider, "customer": customer, "every": every}.items()
    return "SELECT " + ", ".join(f"set_config('upheld.{name}', '{one}', true)" for name, one in told)


def _said_with_it(
    execute: Callable[..., Any], question: str, values: Any, many: bool, context: dict[str, Any]
) -> Any:
    """A question over every provider says so in its message, which is a transaction: with it that ends."""
    if _STANDING.walls != _EVERY:
        return execute(question, values, many, context)
    cursor = context["cursor"]
    if getattr(cursor, "name", None):
        raise RuntimeError("what is read bit by bit over every provider is read in a transaction")
    found = execute(f"{_said(_EVERY)}; {question}", values, many, context)
    cursor.nextset()
    return found
