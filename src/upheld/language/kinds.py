"""How each kind of field is read: the readers by kind, in the context of a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from upheld.core.values.value import INSTANT, TRUTH
from upheld.language import calendars as cal
from upheld.language import commitments as promise
from upheld.language import predicates, rows, tellings, trees
from upheld.language.names import instants_of
from upheld.language.node import Node, Scalar
from upheld.language.report import Report
from upheld.language.table import Field, Kind
from upheld.language.vocabulary import Context, Reader
from upheld.language.world import World


def readers(cx: Context, world: World, zones: set[str]) -> dict[Kind, Reader]:
    """The readers of all kinds but those of measuring; a zone that is read is put into `zones`."""
    report = cx.report

    def simple(read: Callable[[Field, Node, Report], Any]) -> Reader:
        return lambda known, node: read(known, node, report)

    def in_context(read: Callable[[Field, Node, Context], Any]) -> Reader:
        return lambda known, node: read(known, node, cx)

    def zone(known: Field, node: Node) -> str:
        found = rows.scalar(known, node, report)
        if found is None or not world.has_zone(found, report):
            return ""
        zones.add(found.text)
        return found.text

    return {
        "text": simple(rows.text),
        "word": simple(rows.word),
        "path": simple(rows.text),
        "words": simple(rows.words),
        "texts": simple(rows.texts),
        "count": simple(rows.count),
        "choice": simple(rows.choice),
        "choices": simple(rows.choices),
        "date": simple(rows.day),
        "definitions": simple(rows.definitions),
        "types": lambda known, node: {
            key.text: (key, value) for key, value in rows.entries(known, node, report)
        },
        "zone": zone,
        "day": simple(cal.business_day),
        "hours": simple(cal.hours),
        "dates": simple(cal.dates),
        "holidays": lambda known, node: cal.holidays(known, node, report, world),
        "calendars": in_context(_calendars),
        "calendar": in_context(trees.calendar),
        "calendar tree": in_context(trees.calendar_tree),
        "target": in_context(trees.targets),
        "amount": in_context(trees.amount),
        "marks": in_context(tellings.marks),
        "change": in_context(trees.change),
        "event": in_context(predicates.events),
        "pause": in_context(predicates.pauses),
        "period": simple(promise.period_text),
        "expression": lambda known, node: cx.expression(node, cx.types, TRUTH, known.name),
        "instant": in_context(_instant),
    }


def _instant(known: Field, node: Node, cx: Context) -> Any:
    """An instant: the first events are instants too, but where the names of the row are all there is."""
    names = cx.types
    if cx.names is None:
        declared = [name for name, event in cx.vocabulary.events.items() if event.of == cx.of]
        names = instants_of(cx.of, declared) | names
    return cx.expression(node, names, INSTANT, known.name)


def _calendars(known: Field, node: Node, cx: Context) -> tuple[str, ...]:
    found = rows.texts(known, node, cx.report)
    for item in getattr(node, "items", ()):
        if isinstance(item, Scalar) and item.text:
            cx.calendar(item.text, item.text_place)
    return found
