"""Two answers about one world, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .core_side import INSTANTS, LENGTHS
from .hours import text_of

# The last dates of the axis may be cut short, so the judge does not rely on them.
MARGIN_S = 3 * 86_400

Row = dict[str, Any]
Key = tuple[str, str, str | None, int]


def differences(world: dict[str, Any], judged: list[Row], asked: list[Row]) -> list[str]:
    """Every disagreement between the judge's rows and those of `upheld`, one line each."""
    ours = {_key(row): row for row in judged}
    theirs = {_key(row): row for row in asked}
    found = [
        f"{_named(key)}: only upheld has it: {theirs[key]['state']}" for key in theirs if key not in ours
    ]
    for key, row in ours.items():
        if key not in theirs:
            if not row.get("unnamed") and not row.get("optional"):
                found.append(f"{_named(key)}: only the judge has it: {row['state']}")
            continue
        found += [f"{_named(key)}: {line}" for line in _unlike(world, row, theirs[key])]
    return sorted(found)


def _unlike(world: dict[str, Any], ours: Row, theirs: Row) -> Iterator[str]:
    if ours["state"] != theirs["state"]:
        yield f"state: judge {ours['state']}, upheld {theirs['state']}"
    if ours.get("unnamed"):
        return
    step_s, end_s = world["step_s"], world["start_s"] + world["steps"] * world["step_s"]
    for name in INSTANTS:
        if name not in ours:
            continue
        own, other = ours[name], theirs[name]
        # A share of a budget ends within a step, and what is late is late a microsecond after it.
        other = None if other is None else int(other // step_s) * step_s
        if own is None and other is not None and other >= end_s - MARGIN_S:
            continue
        if own != other:
            yield f"{name}: judge {own and text_of(own)}, upheld {other and text_of(other)}"
    if ours["exact"]:
        for name in LENGTHS:
            if ours.get(name) is not None and ours[name] != theirs[name]:
                yield f"{name}: judge {ours[name]}, upheld {theirs[name]}"


def _key(row: Row) -> Key:
    return row["contract"], row["commitment"], row["subject"], row["cycle"]


def _named(key: Key) -> str:
    contract, commitment, subject, cycle = key
    return f"{contract} / {commitment} / {subject or '-'} / cycle {cycle}"
