"""HTML put together from elements: what is a text is escaped, only what is `Html` is not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from upheld.render.drawings.metrics import shortened

_VOID = frozenset({"meta", "br", "hr", "link", "input"})
LONGEST = 2000
"""No text of a stranger's is shown longer than this."""


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Content: TypeAlias = "str | Html | Iterable[Content]"


def element(name: str, *content: Content, **attributes: str | bool) -> Html:
    """An element. Attributes are written without a closing underscore (`class_`), with - for _."""
    head = name + "".join(_attribute(key, value) for key, value in attributes.items() if value is not False)
    inside = joined(content)
    return Html(f"<{head}>" if name in _VOID else f"<{head}>{inside}</{name}>")


def joined(content: Iterable[Content]) -> Html:
    """Contents one after the other, texts escaped."""
    return Html("".join(_written(one) for one in content))


def escaped(text: str) -> str:
    """A text with what has a meaning in HTML escaped, in attributes too; controls are made visible."""
    plain = shortened(text, LONGEST)
    return (
        plain.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#39;")
    )


def _written(one: Content) -> str:
    if isinstance(one, Html):
        return one
    return escaped(one) if isinstance(one, str) else joined(one)


def _attribute(key: str, value: str | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escaped(str(value))}"'


def table(
    caption: str,
    headers: Iterable[str],
    rows: Iterable[Iterable[Content]],
    numeric: frozenset[int] = frozenset(),
) -> Html:
    """A table with its caption; the first cell of a row is its heading. It scrolls where it is too wide."""
    head = element(
        "tr", [element("th", one, scope="col", class_=_of(i, numeric)) for i, one in enumerate(headers)]
    )
    body = [_row(list(row), numeric) for row in rows]
    inside = element("table", element("caption", caption), element("thead", head), element("tbody", body))
    # Who cannot point must be able to reach what scrolls.
    return element("div", inside, class_="scrolls", tabindex="0", role="region", aria_label=caption)


def _row(cells: list[Content], numeric: frozenset[int]) -> Html:
    shown = [
        element("td" if i else "th", one, class_=_of(i, numeric), scope=False if i else "row")
        for i, one in enumerate(cells)
    ]
    return element("tr", shown)


def _of(column: int, numeric: frozenset[int]) -> str | bool:
    return "number" if column in numeric else False
