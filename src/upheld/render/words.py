"""Instants, durations and counts as people read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from upheld.core.timeline.instant import DAY, HOUR, SECOND, Duration, format_duration
from upheld.core.timeline.words import clock_time as clock_time
from upheld.core.timeline.words import count as count
from upheld.core.timeline.words import local as local
from upheld.core.timeline.words import plural as plural
from upheld.core.timeline.words import until as until

TIE: Final = "\xa0"
"""A blank at which no line is broken."""
_TIED: Final = re.compile(
    r"(?<=\d) (?=(?:%|×|h|min|s|ms|us|[A-Z]{3})(?!\w))|(?<=[<>]) (?=\d)|(?<=[<>]=) (?=\d)"
)


def length(duration_us: Duration) -> str:
    """A length of time in hours at most: 11 min, 26 h 5 min. Days are not all equal, so none are named."""
    return f"-{length(-duration_us)}" if duration_us < 0 else format_duration(duration_us)


def short(duration_us: Duration) -> str:
    """A length for a table: the two largest of hours, minutes, seconds."""
    hours, rest = divmod(abs(duration_us), HOUR)
    minutes, rest = divmod(rest, 60 * SECOND)
    sign = "-" if duration_us < 0 else ""
    if hours:
        return f"{sign}{hours} h {minutes:02} min"
    if minutes:
        return f"{sign}{minutes} min"
    return f"{sign}{rest // SECOND} s"


def ahead(duration_us: Duration) -> str:
    """Real time to come, for a table: days of 24 hours from three days on (14 d 22 h)."""
    if duration_us <= 3 * DAY:
        return short(duration_us)
    days, rest = divmod(duration_us, DAY)
    return f"{days} d {rest // HOUR} h"


def held(text: str) -> str:
    """A text whose lines are broken elsewhere: a number stays beside its unit, currency, sign or relation."""
    return _TIED.sub(TIE, text)


_BREAKABLE: Final = str.maketrans(TIE + "\u202f", "  ")


def untied(text: str) -> str:
    """With plain blanks where some hold words together: once its lines are made, or where none is broken."""
    return text.translate(_BREAKABLE)


def visible(line: str) -> str:
    """Texts come from strangers: no escape sequence may reach the terminal, and none may forge a line."""
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def table(
    rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset(), indent: str = "  "
) -> list[str]:
    """Rows as aligned columns; those in `right` are aligned to the right. Nothing is cut; it is `visible`."""
    if not rows:
        return []
    # What cannot be printed is shown as an escape, which is longer: columns are as wide as what is shown.
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) if i < len(row) else 0 for row in rows) for i in range(max(map(len, rows)))]
    lines = []
    for row in rows:
        cells = [cell.rjust(widths[i]) if i in right else cell.ljust(widths[i]) for i, cell in enumerate(row)]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines
