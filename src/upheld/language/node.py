"""What a YAML text is to Upheld: texts, lists and maps, each knowing where it was written."""

from __future__ import annotations

from typing import TypeAlias

from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass, field


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text. Nothing is converted: `12:30`, `no`, `010` and `1e3` are what the author wrote.

    `quoted` tells the text `'none'` from the word `none`. `exact` says that every character of `text` stands
    in the file as it is here, on one line; where it does not (folded lines, escapes, blocks) a column inside
    the text has no column in the file.
    """

    text: str
    place: Place
    quoted: bool = False
    exact: bool = field(default=True, compare=False)

    @property
    def text_place(self) -> Place:
        """Where the first character of `text` stands: behind the quote, if there is one."""
        return self.place.moved(1) if self.quoted and self.exact else self.place


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes in the order written."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and their nodes in the order written; a key occurs once."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The node under `key`, or None."""
        return next((node for name, node in self.entries if name.text == key), None)

    def at(self, *path: str) -> Node | None:
        """The node that a path of keys leads to, or None."""
        found: Node | None = self
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def key(self, key: str) -> Scalar | None:
        """The key itself as written, for its place, or None."""
        return next((name for name, _ in self.entries if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping
