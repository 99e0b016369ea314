"""From nodes back to YAML that a person reads, each line with its origin if that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from upheld.core.values.finding import Place
from upheld.language.node import Mapping, Node, Scalar

_ORIGIN_COLUMN = 48
# What a text may not begin with or hold to stand without quotes; stricter than YAML where that is simpler.
_UNSAFE = re.compile(
    r"\A$|\A[\s,\[\]{}#&*!|>'\"%@`]|\A[-?:](\s|$)|\A(---|\.\.\.)|\A<<$"
    r"|:(\s|$)|\s#|\s$|[^ -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write_yaml(node: Node, origins: bool = False) -> str:
    """The tree as YAML in block form; reading it back gives the same texts in the same shape.

    With `origins` every line that holds a value ends in a comment `# file:line` that says where it was
    written. A quoted text stays quoted; another is quoted only where it could not stand without.
    """
    lines = _lines(node)
    if isinstance(node, Scalar) or not _children(node):
        lines = iter([_Line(_leaf(node) or "''", node.place)])
    return "".join(f"{_with_origin(line) if origins else line.text}\n" for line in lines)


class _Line(NamedTuple):
    text: str
    place: Place | None = None

    def inside(self, head: str = "  ") -> _Line:
        return _Line(head + self.text, self.place)


def _lines(node: Node) -> Iterator[_Line]:
    for head, child in _children(node):
        below = list(_lines(child)) if _children(child) else []
        if not below:
            yield _Line(f"{head} {_leaf(child)}".rstrip(), child.place)
        elif head == "-":
            # The first line of what is inside stands beside the dash.
            yield below[0].inside("- ")
            yield from (line.inside() for line in below[1:])
        else:
            yield _Line(head)
            yield from (line.inside() for line in below)


def _children(node: Node) -> list[tuple[str, Node]]:
    if isinstance(node, Scalar):
        return []
    if isinstance(node, Mapping):
        return [(f"{_leaf(key) or _quoted('')}:", child) for key, child in node.entries]
    return [("-", child) for child in node.items]


def _leaf(node: Node) -> str:
    if isinstance(node, Mapping):
        return "{}"
    if not isinstance(node, Scalar):
        return "[]"
    if not node.quoted and (not node.text or not _UNSAFE.search(node.text)):
        return node.text
    return _quoted(node.text)


def _quoted(text: str) -> str:
    if any(character in text for character in "\n\t\r"):
        return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'
    return "'" + text.replace("'", "''") + "'"


def _with_origin(line: _Line) -> str:
    if line.place is None:
        return line.text
    file = "".join(character if character.isprintable() else "?" for character in line.place.file)
    return f"{line.text:<{_ORIGIN_COLUMN}} # {file}:{line.place.line}"
