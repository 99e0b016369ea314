"""The parts of a period or of its items, in one order. Source: design 7."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.measurement import PARTS, Part, PartName


def part_of(name: PartName, spans: Spans, by: str = "") -> Part:
    """A part made of time."""
    return Part(name, spans.length, by, spans)


def items_of(name: PartName, subjects: Sequence[str], by: str = "") -> Part:
    """A part made of items."""
    return Part(name, len(subjects), by, Spans.empty, tuple(subjects))


def in_order(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts that there are, in the order of their names; within one, as given.

    A gap of which nobody knows how much was missing in it is there with an amount of nothing.
    """
    return tuple(
        sorted((part for part in parts if part.amount or part.spans), key=lambda part: PARTS.index(part.name))
    )


def added(partitions: Sequence[Sequence[Part]]) -> tuple[Part, ...]:
    """The parts of several partitions added up; their stretches overlap and are left to each of them."""
    amounts: dict[tuple[PartName, str], int] = {}
    for part in (part for parts in partitions for part in parts):
        amounts[part.name, part.by] = amounts.get((part.name, part.by), 0) + part.amount
    return in_order(Part(name, amount, by) for (name, by), amount in amounts.items())
