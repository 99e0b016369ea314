"""The tables are brought up to date step by step, in one order."""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from pathlib import Path

from upheld.store import migrations


def test_each_step_follows_the_one_before() -> None:
    """Steps that were made at the same time are put one after another before they come together."""
    names = sorted(path.stem for path in Path(migrations.__path__[0]).glob("[0-9]*.py"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for before, name in pairwise(names):
        step = import_module(f"{migrations.__name__}.{name}").Migration
        assert [one for one in step.dependencies if one[0] == "store"] == [("store", before)], name
