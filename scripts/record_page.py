"""The page of the record of a statement: every name of it, made of the same table as its schema."""

# ruff: noqa: E501
# The text of the page has lines of 120 letters, as all pages do.
from __future__ import annotations

from collections.abc import Iterator

from upheld.core.stating.record_fields import OBJECTS
from upheld.core.stating.rules import FORMAT

_HEAD = f"""\
# The record of a statement

What `upheld statement --format json` gives, name by name: [the format](../concepts/statements.md) `{FORMAT}`.
Made by `make docs` of the table that the [JSON Schema](statement.schema.json) is made of.

The file is one line of JSON in the canonical form of RFC 8785 (names in order, no blanks, no floats), so whoever wants to
check the hash takes the bytes of `record`. All numbers are whole: instants are microseconds since 1970 in UTC, lengths
microseconds, money also minor units. What need not be whole is a text: an exact fraction in lowest terms (`433/500`), or
a decimal amount (`480.00`). A span is a list of its two ends. There is no prose: words such as `breached` are codes, and
names are those of the agreement. A question mark says that a value may be null.

What the duties of a period came to (`obligations`, `reports`, `notices`, `covenants`, `reminders`, `quotas`, `contacts`,
`terminations`) has names of its own in each; an entry of `changes` has the key of what changed beside `section`, `fields`,
`before`, `after` and `why`, and of credits `difference_minor`.
"""


def record_page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(line for name in OBJECTS for line in _table(name))]).rstrip() + "\n"


def _table(name: str) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield "| name | kind | meaning |"
    yield "|---|---|---|"
    for field, (kind, doc) in OBJECTS[name].items():
        yield f"| `{field}` | {_kind(kind)} | {doc} |"
    yield ""


def _kind(kind: str) -> str:
    optional = kind.endswith("?")
    name = kind.rstrip("?")
    is_list = name.startswith("[")
    name = name.strip("[]")
    shown = f"[{name}](#{name.replace(' ', '-')})" if name in OBJECTS else name
    return f"{'list of ' if is_list else ''}{shown}{'?' if optional else ''}"
