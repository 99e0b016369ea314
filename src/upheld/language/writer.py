"""From nodes back to YAML that a person reads, each line with its origin if that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from upheld.core.finding import Place
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
    if isinstance(node, Scalar) or not _children(node):
        return _with_origin(_leaf(node) or "''", node.place, origins) + "\n"
    return "".join(f"{line}\n" for line in _lines(node, origins))


def _lines(node: Node, origins: bool) -> Iterator[str]:
    for head, child in _children(node):
        below = list(_lines(child, origins)) if _children(child) else []
        if not below:
            yield _with_origin(f"{head} {_leaf(child)}".rstrip(), child.place, origins)
        elif head == "-":
            # The first line of what is inside stands beside the dash.
            yield f"- {below[0]}"
            yield from (f"  {line}" for line in below[1:])
        else:
            yield head
            yield from (f"  {line}" for line in below)


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


def _with_origin(line: str, place: Place, origins: bool) -> str:
    if not origins:
        return line
    file = "".join(character if character.isprintable() else "?" for character in place.file)
    return f"{line:<{_ORIGIN_COLUMN}} # {file}:{place.line}"
