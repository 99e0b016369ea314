"""How long what stands at a place is, so that it can be marked from its first to its last character."""

from __future__ import annotations

from upheld.core.values.finding import Place
from upheld.language.node import Mapping, Node, Scalar


def lengths_of(node: Node) -> dict[Place, int]:
    """The characters of every text that stands on one line as it is, quotes included, by its place."""
    found: dict[Place, int] = {}
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Scalar):
            if one.exact and one.text:
                found[one.place] = len(one.text) + (2 if one.quoted else 0)
        elif isinstance(one, Mapping):
            waiting += (part for entry in one.entries for part in entry)
        else:
            waiting += one.items
    return found
