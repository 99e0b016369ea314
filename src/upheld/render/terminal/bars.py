"""Bars: parts of a whole in so many columns, each that there is seen, and shares of what may be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from rich.text import Text

from upheld.render.terminal.sheet import Sheet
from upheld.render.terminal.signs import LEFT, NO_SIGN, USED, Sign

WIDEST = 72
"""No bar is wider, whatever room there is: the eye has to compare it with its text."""


def columns_of(amounts: Sequence[int], width: int) -> list[int]:
    """So many columns for each amount, `width` in all: by size, but at least one for each that is not zero.

    Where there are more amounts than columns, the largest get one each.
    """
    there = [i for i, amount in enumerate(amounts) if amount > 0]
    if len(there) > width:
        kept = set(sorted(there, key=lambda i: -amounts[i])[:width])
        return [int(i in kept) for i in range(len(amounts))]
    columns = [int(amount > 0) for amount in amounts]
    room, whole = width - sum(columns), sum(amounts[i] for i in there)
    if not whole:
        return columns
    # What one column stands for is given; the rest is shared by what is still missing, the largest first.
    missing = [max(Fraction(amounts[i] * width, whole) - 1, Fraction(0)) if i in there else Fraction(0)
               for i in range(len(amounts))]  # fmt: skip
    total = sum(missing) or Fraction(1)
    exact = [one * room / total for one in missing]
    columns = [have + int(more) for have, more in zip(columns, exact, strict=True)]
    left = width - sum(columns)
    for i in sorted(there, key=lambda i: (int(exact[i]) - exact[i], -amounts[i], i))[:left]:
        columns[i] += 1
    return columns


def partition_bar(
    sheet: Sheet, parts: Iterable[tuple[str, int]], signs: Mapping[str, Sign], width: int
) -> Text:
    """The parts in their order, each in its own sign."""
    told = list(parts)
    counts = columns_of([amount for _, amount in told], width)
    row = ([signs.get(name, NO_SIGN)] * count for (name, _), count in zip(told, counts, strict=True))
    return signs_in_a_row(sheet, [sign for run in row for sign in run])


def signs_in_a_row(sheet: Sheet, row: Iterable[Sign]) -> Text:
    """Signs one after the other, each in its colour."""
    text = Text()
    for sign, run in groupby(row):
        text.append(sign.on(sheet.has_blocks) * len(list(run)), style=sign.style)
    return text


def share_bar(sheet: Sheet, share: Fraction, width: int, style: str = "") -> Text:
    """How much of something is used: full only if all of it is, empty only if nothing is."""
    full = min(max(share, Fraction(0)), Fraction(1)) * width
    used = int(full) if full >= 1 or not full else 1
    text = Text(USED.on(sheet.has_blocks) * used, style=style)
    return text.append(LEFT.on(sheet.has_blocks) * (width - used), style=LEFT.style)
