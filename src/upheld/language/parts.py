"""Rows that are made of others of their concept: in which order they rest on each other, what goes round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

MOST_NAMED = 10
"""Rows of a cycle that are named: the others are found from there."""


def bottom_up(parts_of: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The names, each behind those that it is made of, and the cycles among them, each from its first name.

    Each name and each part is looked at once. Behind what goes round, names may be missing from the order.
    """
    order: list[str] = []
    cycles: list[tuple[str, ...]] = []
    settled: set[str] = set()
    for root in parts_of:
        path: dict[str, Iterator[str]] = {} if root in settled else {root: iter(parts_of[root])}
        while path:
            name, rest = next(reversed(path.items()))
            part = next(rest, None)
            if part is None:
                del path[name]
                settled.add(name)
                order.append(name)
            elif part in path:
                names = list(path)
                cycles.append(tuple(names[names.index(part) :]))
                settled.update(path)
                break
            elif part in parts_of and part not in settled:
                path[part] = iter(parts_of[part])
    return tuple(order), tuple(cycles)


def chain(cycle: tuple[str, ...]) -> str:
    """A cycle in words, from its first name to where it begins again."""
    named = [f"`{name}`" for name in cycle[:MOST_NAMED]]
    left_out = ["…"] if len(cycle) > MOST_NAMED else []
    return " of ".join((*named, *left_out, named[0]))
