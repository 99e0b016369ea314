"""Compiling once what a test compares with many others: it is a function of trees that nobody changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from upheld.book import diff
from upheld.language.compile import compile_terms

MOST = 40
"""So many terms are remembered: the plans of all shipped agreements, and some more."""


@contextmanager
def compiled_once() -> Iterator[None]:
    """While the block runs, a diff need not compile again what it compiled a while ago."""
    # With what a key names by its number: as long as that is there, the number is no other's.
    known: OrderedDict[tuple[int, str, int, int], tuple[Any, Any]] = OrderedDict()

    def once(node: Any, *, plan: str = "", lock: Any = None, contract: Any = None) -> Any:
        key = id(node), plan, id(lock), id(contract)
        if key not in known:
            known[key] = (node, lock, contract), compile_terms(node, contract=contract, plan=plan, lock=lock)
        known.move_to_end(key)
        if len(known) > MOST:
            known.popitem(last=False)
        return known[key][1]

    with patch.object(diff, "compile_terms", once):
        yield
