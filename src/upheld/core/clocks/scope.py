"""What an expression can see: the attributes of a subject, and the data of the fact in question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from upheld.core.clocks.subject import VALUE_TYPES, Event, Subject, known_value
from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.terms.agreement import EventMatch, Terms
from upheld.core.timeline.instant import Instant
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Expr, evaluate
from upheld.core.values.value import Value as Known


class SubjectScope:
    """Names and instants of one subject at one moment, for `evaluate`."""

    def __init__(self, terms: Terms, *layers: Mapping[str, Known]) -> None:
        self._terms = terms
        self._layers = layers

    def value(self, name: str) -> Known:
        """The value of a name; None if it is not known."""
        for layer in self._layers:
            if name in layer:
                return layer[name]
        return None

    def shift(self, anchor: Instant, amount: Amount, calendar: str | None, sign: int) -> Instant:
        """The instant an amount after (sign 1) or before (-1) the anchor, on a calendar of the agreement."""
        on = self._terms.calendars[calendar or "always"]
        return on.deadline(anchor, amount) if sign > 0 else on.before(anchor, amount)


def first_instants(subject: Subject) -> dict[str, Instant]:
    """`filed`, `declared`, ...: the effective time of the first event of each verb, or of a declared type."""
    first: dict[str, Instant] = {}
    for event in subject.events:
        first.setdefault(event.fact.type, event.at)
        first.setdefault(event.fact.type.partition(".")[2], event.at)
    return first


def event_data(event: Event, terms: Terms) -> dict[str, Known]:
    """The data of a fact as expressions know it, with the defaults that its type gives."""
    type_, declared = FACT_TYPES.get(event.fact.type), terms.events.get(event.fact.type)
    known: dict[str, Known] = {}
    for field in type_.fields if type_ else ():
        value = event.fact.data.get(field.name, field.default)
        known[field.name] = known_value(value, VALUE_TYPES.get(field.kind, "text"))
    types = declared.fields if declared else {}
    for name, value in event.fact.data.items():
        if name not in known:
            known[name] = known_value(value, types.get(name, "truth" if isinstance(value, bool) else "text"))
    return known


def holds(expr: Expr | None, terms: Terms, *layers: Mapping[str, Known]) -> bool | None:
    """Whether a condition is true; None if something it needs is not known. No condition holds."""
    if expr is None:
        return True
    result = evaluate(expr, SubjectScope(terms, *layers))
    return result if isinstance(result, bool) else None


def is_match(event: Event, matches: Iterable[EventMatch], subject: Subject, terms: Terms) -> bool:
    """Whether a fact is one of the events that a rule names (an unknown condition does not hold)."""
    for match in matches:
        if event.fact.type in match.types:
            if match.where is None:
                return True
            if holds(match.where, terms, event_data(event, terms), subject.attributes_at(event.at)):
                return True
    return False
