"""XML as text: elements in the order given, every text escaped, nothing that XML cannot hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

_NEVER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML text may hold, written in any way."""


class Element(NamedTuple):
    """An element with other elements in it, or with a text."""

    name: str
    parts: Sequence[Element | str]
    attributes: Mapping[str, str] = {}


def element(name: str, *parts: Element | str, **attributes: str) -> Element:
    """An element of parts: elements, or one text."""
    return Element(name, parts, attributes)


def document(root: Element) -> str:
    """The text of a document, indented by two blanks; a text stands within its tags as it is."""
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *_lines(root, ""), ""])


def _lines(one: Element, indent: str) -> Iterator[str]:
    told = "".join(f' {name}="{_text(value)}"' for name, value in one.attributes.items())
    inside = [part for part in one.parts if isinstance(part, Element)]
    if not inside:
        text = "".join(_text(part) for part in one.parts if isinstance(part, str))
        yield f"{indent}<{one.name}{told}>{text}</{one.name}>"
        return
    yield f"{indent}<{one.name}{told}>"
    for part in inside:
        yield from _lines(part, f"{indent}  ")
    yield f"{indent}</{one.name}>"


def _text(value: str) -> str:
    return escape(_NEVER.sub("\ufffd", value))
