"""HTML put together from elements: what is a text is escaped, only what is `Html` is not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from upheld.render.drawings.metrics import shortened
from upheld.render.words import held

_VOID = frozenset({"meta", "br", "hr", "link", "input", "col"})
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
    """A text with what has a meaning in HTML escaped, in attributes too; controls are made visible.

    A number and its unit stay on one line.
    """
    plain = held(shortened(text, LONGEST))
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
    """A table with its caption; the first cell of a row is its heading.

    Where it is narrow, one of more than two columns becomes a list of its rows: each cell is told with the
    name of its column. It scrolls where even that is too wide.
    """
    names = list(headers)
    # Browsers forget what the parts of a table are where it is laid out as a list: the roles say it.
    stacks = len(names) > 2
    head = [
        element("th", one, role=stacks and "columnheader", scope="col", class_=_of(i, numeric))
        for i, one in enumerate(names)
    ]
    ends = [_ends(i, name, stacks, numeric) for i, name in enumerate(names)]
    before = Html(f"<tr{_attribute('role', 'row') if stacks else ''}>")
    body = Html("".join(_row(before, row, ends) for row in rows))
    group = stacks and "rowgroup"
    inside = element(
        "table",
        element("caption", caption),
        element("thead", before, *head, Html("</tr>"), role=group),
        element("tbody", body, role=group),
        role=stacks and "table",
        class_=stacks and "stacks",
    )
    # Who cannot point must be able to reach what scrolls.
    return element("div", inside, class_="scrolls", tabindex="0", role="region", aria_label=caption)


def _ends(column: int, name: str, stacks: bool, numeric: frozenset[int]) -> tuple[str, str]:
    """What stands before and after a cell of a column."""
    tag = "td" if column else "th"
    empty = element(
        tag,
        role=stacks and ("cell" if column else "rowheader"),
        class_=_of(column, numeric),
        scope=False if column else "row",
        data_label=stacks and bool(column) and name,
    )
    end = f"</{tag}>"
    return empty.removesuffix(end), end


def _row(before: str, cells: Iterable[Content], ends: list[tuple[str, str]]) -> str:
    shown = (f"{start}{_written(one)}{end}" for one, (start, end) in zip(cells, ends, strict=True))
    return f"{before}{''.join(shown)}</tr>"


def _of(column: int, numeric: frozenset[int]) -> str | bool:
    return "number" if column in numeric else False
