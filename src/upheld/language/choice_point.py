"""How a value that consults an assumption is written: `{by NAME: {option: value}}`."""

from __future__ import annotations

from upheld.language.node import Mapping, Node, Scalar

BY = "by "
NOT_READINGS = frozenset({"by customer", "by provider"})
"""Keys of change rules, which no assumption can be called after."""


def consulted_by(node: Node) -> tuple[Scalar, Node] | None:
    """The key and the options if the node is a value that consults an assumption."""
    if isinstance(node, Mapping) and len(node.entries) == 1:
        key, options = node.entries[0]
        if key.text.startswith(BY) and key.text not in NOT_READINGS:
            return key, options
    return None
