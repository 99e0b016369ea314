"""One text laid over another: agreement < plan < contract (design §5, *Overlay*)."""

from __future__ import annotations

from upheld.core.values.finding import Finding
from upheld.language.choice_point import consulted_by
from upheld.language.node import Mapping, Node, Scalar

NONE = "none"
"""The word that removes a key; in quotes it is an ordinary text."""


def overlay(base: Mapping, over: Mapping) -> tuple[Mapping, tuple[Finding, ...]]:
    """`base` with `over` laid on it, and a warning for every removal that removes nothing.

    Maps are merged by key, at every depth; a scalar or a list replaces whole; the plain word `none` removes
    the key; a map and a text under one key do not mix, nor do a value that consults an assumption and one
    that does not: the later one stands. Keys keep the order of `base`, new ones follow. Every node, and the
    key of everything replaced, keeps the place where it was written.

    `overlay(x, {})` is `x`, and laying the same text twice is laying it once. Three texts without `none` and
    without a map over a text or a reading can be joined from either side; with them only from the left.
    """
    findings: list[Finding] = []
    return _laid(base, over, findings), tuple(findings)


def _laid(base: Mapping, over: Mapping, findings: list[Finding]) -> Mapping:
    merged: dict[str, tuple[Scalar, Node]] = {key.text: (key, node) for key, node in base.entries}
    for key, node in over.entries:
        below = merged.get(key.text)
        if removes(node):
            if merged.pop(key.text, None) is None:
                findings.append(_nothing_to_remove(key, node))
        elif not isinstance(node, Mapping):
            merged[key.text] = (key, node)
        elif below is not None and isinstance(below[1], Mapping) and _mix(below[1], node):
            merged[key.text] = (below[0], _laid(below[1], node, findings))
        else:
            # A new map is laid on an empty one, so that a `none` inside it never reaches the reader.
            merged[key.text] = (key, _laid(Mapping((), node.place), node, findings))
    return Mapping(tuple(merged.values()), base.place)


def _mix(below: Mapping, over: Mapping) -> bool:
    """Whether two maps are of one form: both consult an assumption, or neither does."""
    return (consulted_by(below) is None) == (consulted_by(over) is None)


def removes(node: Node) -> bool:
    """Whether a node is the word that removes its key."""
    return isinstance(node, Scalar) and not node.quoted and node.text == NONE


def _nothing_to_remove(key: Scalar, node: Node) -> Finding:
    return Finding(
        "nothing-to-remove",
        f"`{key.text}: none` removes nothing: there is no `{key.text}` below it",
        (key.place, node.place),
        f"check the spelling of `{key.text}`, or leave the line out",
        "warning",
    )
