"""What stands in one text and not in another: the changes of two files, key by key."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.comparing.comparison import TextChange
from upheld.language.node import Mapping, Node, Scalar, Sequence

MOST = 160
"""So many characters are shown of a value that is no single text."""


def text_changes(before: Node, after: Node) -> tuple[TextChange, ...]:
    """Every value in which two texts differ, in the order of the second; that of keys is no difference."""
    return tuple(_changes(before, after, ()))


def _changes(before: Node, after: Node, path: tuple[str, ...]) -> Iterator[TextChange]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        ones, others = dict_of(before), dict_of(after)
        for name in dict.fromkeys([*others, *ones]):
            one, other = ones.get(name), others.get(name)
            if one is None or other is None:
                yield _change((*path, name), one and one[1], other and other[1], one, other)
            else:
                yield from _changes(one[1], other[1], (*path, name))
    elif not _is_same(before, after):
        yield TextChange(path, inline(before), inline(after), before.place, after.place)


def dict_of(node: Mapping) -> dict[str, tuple[Scalar, Node]]:
    """The entries of a map by key."""
    return {key.text: (key, child) for key, child in node.entries}


def _change(
    path: tuple[str, ...],
    before: Node | None,
    after: Node | None,
    one: tuple[Scalar, Node] | None,
    other: tuple[Scalar, Node] | None,
) -> TextChange:
    return TextChange(
        path,
        None if before is None else inline(before),
        None if after is None else inline(after),
        one[0].place if one else None,
        other[0].place if other else None,
    )


def _is_same(before: Node, after: Node) -> bool:
    if isinstance(before, Scalar) and isinstance(after, Scalar):
        return (before.text, before.quoted and before.text == "none") == (
            after.text, after.quoted and after.text == "none",
        )  # fmt: skip
    return type(before) is type(after) and _whole(before) == _whole(after)


def inline(node: Node) -> str:
    """A value in one line, cut where it is long."""
    text = _whole(node)
    return text if isinstance(node, Scalar) or len(text) <= MOST else f"{text[: MOST - 1]}…"


def _whole(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_whole, node.items))}]"
    return f"{{{', '.join(f'{key.text}: {_whole(child)}' for key, child in node.entries)}}}"
