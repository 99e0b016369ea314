"""Where the program filters by a provider or a customer, and the program without one of these filters."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from tests.live.databases import PROGRAM

_WORDS: Final = ("provider", "provider_id", "customer", "customer_id")
_VERBS: Final = ("filter", "get", "get_or_create", "update_or_create")


class Filter(NamedTuple):
    """A call that names whose rows are asked for: its module, its lines, and what it names."""

    module: str
    first: int
    last: int
    names: tuple[str, ...]


def is_wall(name: str) -> bool:
    """Whether a word of a filter says whose rows are asked for."""
    return name.rpartition("__")[2] in _WORDS


def filters() -> Iterator[Filter]:
    """Every one of the use cases and of the store, as they are written."""
    for path in sorted(path for part in ("app", "store") for path in Path(PROGRAM, part).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _VERBS
            ):
                names = tuple(one.arg for one in node.keywords if one.arg is not None and is_wall(one.arg))
                if names:
                    yield Filter(str(path), node.lineno, node.end_lineno or node.lineno, names)


FILTERS: Final = tuple(filters())


def _asked_at() -> Filter | None:
    """The filter of the program that asks now."""
    frame = sys._getframe(2)
    while frame is not None and not frame.f_code.co_filename.startswith(PROGRAM):
        frame = frame.f_back  # type: ignore[assignment]  # the program asks, or the loop ends
    if frame is None:
        return None
    here, line = frame.f_code.co_filename, frame.f_lineno
    found = [one for one in FILTERS if one.module == here and one.first <= line <= one.last]
    return max(found, key=lambda one: one.first, default=None)


@contextmanager
def without(left_out: Filter | None = None, *, everything: bool = False) -> Iterator[set[Filter]]:
    """The program asks without a filter, or without any; by which it asked, those left out among them."""
    whole = QuerySet._filter_or_exclude_inplace  # type: ignore[attr-defined]
    reached: set[Filter] = set()

    def asks(self: Any, negate: bool, args: Any, named: dict[str, Any]) -> None:
        if not negate and any(map(is_wall, named)) and (here := _asked_at()) is not None:
            reached.add(here)
            if everything or here == left_out:
                named = {name: value for name, value in named.items() if not is_wall(name)}
        whole(self, negate, args, named)

    QuerySet._filter_or_exclude_inplace = asks  # type: ignore[attr-defined]
    try:
        yield reached
    finally:
        QuerySet._filter_or_exclude_inplace = whole  # type: ignore[attr-defined]
