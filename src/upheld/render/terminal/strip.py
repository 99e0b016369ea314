"""A measured period on one line, in the order of time: outages are seen in any column that has one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.text import Text

from upheld.core.timeline.instant import Instant
from upheld.core.verdicts.measurement import Measurement, PartName
from upheld.render import words
from upheld.render.terminal.bars import WIDEST, signs_in_a_row
from upheld.render.terminal.layout import flow
from upheld.render.terminal.report import key
from upheld.render.terminal.sheet import Fitted, Lines, Sheet
from upheld.render.terminal.signs import PARTS

ODD: Final[Sequence[PartName]] = ("unknown", "degraded", "excluded")
"""What is seen in a column where nothing was down: that of which there is most."""
MOST: Final = 12
"""So many components have a strip."""


def strips(sheet: Sheet, found: Measurement) -> list[Fitted]:
    """A strip for each component that was measured by itself; none for what counts items."""
    ends = [one for one in found.ends if one.unit == "time" and any(part.spans for part in one.parts)]
    return [Fitted(lambda width: _lines(sheet, ends[:MOST], len(ends) - MOST, width))] if ends else []


def _lines(sheet: Sheet, ends: Sequence[Measurement], more: int, width: int) -> Lines:
    several = len(ends) > 1
    names = [sheet.text(one.component if several else "") for one in ends]
    room = max((name.cell_len for name in names), default=0)
    is_beside = room <= width // 4
    columns = min(width - 2 - (room + 2 if several and is_beside else 0), WIDEST)
    lines: Lines = []
    seen: set[str] = set()
    for name, one in zip(names, ends, strict=True):
        row = list(_columns(one, columns))
        seen |= set(row)
        strip = signs_in_a_row(sheet, [PARTS[part] for part in row])
        if several and not is_beside:
            lines += flow(sheet, [name], width, 2, 0)
        hole = " " * (room + 2 - name.cell_len) if several and is_beside else ""
        beside = name if several and is_beside else Text()
        lines.append(Text("  ").append_text(beside).append(hole).append_text(strip))
    each = f"each column is {words.short(ends[0].period.length_us // columns)}: down if any of it was, "
    each += "else what there is most of that was not up"
    told = [*key(sheet, seen), sheet.text(each, "dim")]
    told += [sheet.text(f"and {more} more components", "dim")] * (more > 0)
    return [*lines, *flow(sheet, told, width, 2, 0)]


def _columns(found: Measurement, columns: int) -> Iterator[str]:
    period = found.period
    for n in range(columns):
        start_at = period.start_at + period.length_us * n // columns
        yield _shown(found, start_at, period.start_at + period.length_us * (n + 1) // columns)


def _shown(found: Measurement, start_at: Instant, end_at: Instant) -> str:
    """What a column shows."""
    amounts: dict[PartName, int] = {}
    for part in found.parts:
        amounts[part.name] = amounts.get(part.name, 0) + part.spans.measure(start_at, end_at)
    if amounts.get("down"):
        return "down"
    odd = [name for name in ODD if amounts.get(name)]
    return max(odd or amounts, key=lambda name: amounts[name])
