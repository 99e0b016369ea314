"""What is remembered of one cell, whatever readings it is asked under."""

from __future__ import annotations

from upheld.core.readings.exploration import Leaf, Selection, restricted
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.once import Parts


@dataclass(slots=True)
class Memory:
    """What is known of one cell: its leaves, by what they consulted and which options those took.

    Of that of a clock also its parts, by the inputs, and which of the readings consulted as taken can concern
    its subject, and which cannot.
    """

    leaves: dict[frozenset[str], dict[Selection, Leaf]] = field(default_factory=dict)
    parts: dict[int, Parts] = field(default_factory=dict)
    concerns: tuple[frozenset[str], frozenset[str]] | None = None

    def leaf(self, selection: Selection) -> Leaf | None:
        """The leaf that holds under a selection; None: it was never computed."""
        for names, found in self.leaves.items():
            leaf = found.get(restricted(selection, names))
            if leaf is not None:
                return leaf
        return None

    def keep(self, leaf: Leaf, selection: Selection) -> None:
        """It holds for every selection that takes the same options of what it consulted."""
        found = self.leaves.get(leaf.consulted)
        if found is None:
            found = self.leaves[leaf.consulted] = {}
        found[restricted(selection, leaf.consulted)] = leaf
