"""A subject (ticket, incident, maintenance, ...) as its facts tell it: events, and attributes over time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from upheld.core.facts.fact import Fact, Value
from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.facts.fact_types import OPENING as OPENING
from upheld.core.terms.agreement import SubjectKind, Terms
from upheld.core.terms.claim import moment_of
from upheld.core.timeline.instant import Instant, parse_instant
from upheld.core.timeline.period import PeriodKind, PeriodRule
from upheld.core.values.amount import parse_amount
from upheld.core.values.frozen import dataclass, field, replace
from upheld.core.values.key import FactRef
from upheld.core.values.once import Once
from upheld.core.values.value import Value as Known

CLASSIFYING: Mapping[SubjectKind, tuple[str, ...]] = {
    "ticket": ("ticket.opened", "ticket.classified"),
    "incident": ("incident.declared", "incident.classified"),
    "maintenance": (
        "maintenance.planned",
        "maintenance.announced",
        "maintenance.changed",
        "maintenance.started",
    ),
    "task": ("task.submitted",),
    "claim": ("claim.filed",),
    "attribution": ("attribution.recorded",),
}
"""The facts that tell attributes."""

CANCELLING: Mapping[SubjectKind, tuple[str, ...]] = {
    "ticket": ("ticket.cancelled", "ticket.merged"),
    "incident": (),
    "maintenance": ("maintenance.cancelled",),
    "task": ("task.cancelled",),
    "claim": ("claim.withdrawn",),
    "attribution": (),
}
"""The facts that end a clock without judging it (a cancellation by the provider does not)."""

VALUE_TYPES: Mapping[str, str] = {
    "instant": "instant",
    "truth": "truth",
    "integer": "number",
    "number": "number",
}
"""The kinds of fields that expressions do not know as text."""

OF_A_CONTRACT: frozenset[SubjectKind] = frozenset(
    kind for kind in CLASSIFYING if FACT_TYPES[OPENING[kind]].field("contract")
)
"""Kinds of subjects that name their contract; the others concern every contract of a provider."""

_OPENINGS = frozenset(OPENING.values())
_TOLD_AGAIN: frozenset[SubjectKind] = frozenset({"maintenance", "attribution"})
"""Kinds of which a second opening is no mistake: work is announced again, a cause is found to be another."""
_NOT_ATTRIBUTES = frozenset({"by", "actor", "reason", "provider", "verified", "contract"})
_INSTANTS = frozenset({"starts_at", "ends_at", "issue_at", "contacted_at", "sent_at", "received_at"})


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that matters to a clock, at the instant from which it has effect."""

    at: Instant
    fact: Fact
    ref: FactRef
    """The identity of the fact."""


@dataclass(frozen=True, slots=True)
class Moment:
    """From `at` on the subject has these attributes; `by` is who said so (customer, provider or nobody)."""

    at: Instant
    attributes: Mapping[str, Known]
    by: str = ""
    told_by: FactRef | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject under one contract: its events in the order of facts, its attributes over time."""

    kind: SubjectKind
    id: str
    events: tuple[Event, ...]
    moments: tuple[Moment, ...]
    _starts: tuple[Instant, ...] = field(default=(), compare=False, repr=False)

    @property
    def opened(self) -> Event:
        """The event that opens it, or else its first one: work may be there unannounced."""
        opening = OPENING[self.kind]
        for event in self.events:
            if event.fact.type == opening:
                return event
        return self.events[0]

    def attributes_at(self, at: Instant) -> Mapping[str, Known]:
        """The attributes in force at an instant; before the first moment, those of the first."""
        if not self.moments:
            return {}
        return self.moments[max(0, bisect_right(self._starts, at) - 1)].attributes

    def between(self, start_at: Instant, end_at: Instant) -> tuple[int, int]:
        """The moments in force in [start_at, end_at]: the place of the first, and that after the last."""
        if len(self._starts) == 1:  # as of most tickets
            return 0, 1
        first = max(0, bisect_right(self._starts, start_at) - 1)
        return first, max(first + 1, bisect_right(self._starts, end_at))

    def with_moments(self, more: Sequence[Moment]) -> Subject:
        """The subject with attributes that others decide over time (quotas), laid over its own."""
        if not more:
            return self
        return _subject(self.kind, self.id, self.events, _merged(self.moments, more))

    def of_like_moments(self, once: Once) -> Subject:
        """The subject with moments that are one object where they say the same, whatever its other events."""
        said = ((one.at, one.by, one.told_by, *one.attributes.items()) for one in self.moments)
        return replace(self, moments=once(("moments", *said), lambda: self.moments))


def _subject(kind: SubjectKind, id_: str, events: tuple[Event, ...], moments: Sequence[Moment]) -> Subject:
    return Subject(kind, id_, events, tuple(moments), tuple([moment.at for moment in moments]))


def subject_kind(type_: str, declared: Mapping[str, SubjectKind]) -> SubjectKind | None:
    """The kind of subject a fact of this type is about; None if it is about none (a contract, say)."""
    if type_ in declared:
        return declared[type_]
    known = FACT_TYPES.get(type_)
    subject = known.subject if known else None
    return subject if subject in OPENING else None  # type: ignore[return-value]  # narrowed by the test


def fold_subject(kind: SubjectKind, id_: str, facts: Sequence[Fact], terms: Terms) -> Subject | None:
    """The subject that these facts (in their order) tell; None before anything brings it into being.

    A fact that is not verified moves no clock, so it is passed over; an attribution takes the place of the
    one before it, whatever that said. Source: design 6, who counts.
    """
    return Folding(kind, terms).subject(id_, facts)


class Folding:
    """Folds the subjects of a kind under some terms: see `fold_subject`. What is the same for all is kept."""

    def __init__(self, kind: SubjectKind, terms: Terms) -> None:
        self._kind = kind
        self._terms = terms
        self._defaults: Mapping[str, Known] = _defaults(kind, terms)
        self._own_types = {one.name: one.type for one in terms.attributes if one.of == kind}
        self._scales = tuple(one for one in terms.scales if one.of == kind)
        self._types: dict[str, Mapping[str, str]] = {}
        self._contract = terms.contract.id if terms.contract else None

    def subject(self, id_: str, facts: Sequence[Fact]) -> Subject | None:
        """The subject that these facts tell; None before anything brings it into being."""
        kind, terms = self._kind, self._terms
        told = [fact for fact in of_contract(self._contract, kind, facts) if _counts(fact)]
        if not any(begins(kind, fact.type) for fact in told):
            return None
        events = [Event(effective_at(fact, terms), fact, FactRef(fact.source, fact.id)) for fact in told]
        if len(events) > 1:
            # What was told late of an earlier instant stands at that instant: a contact by telephone, say. Of
            # one instant the opening comes first; the others keep their order, since one wait may hand over
            # to another.
            events = [*_once(kind, events)]
            events.sort(key=lambda event: (event.at, event.fact.type not in _OPENINGS))
        moments: list[Moment] = []
        current = self._defaults
        for event in events:
            if event.fact.type not in CLASSIFYING[kind]:
                continue
            before = self._defaults if kind == "attribution" else current
            current = {**before, **self._attributes(event, fresh=not moments)}
            moments.append(Moment(event.at, current, _text(event.fact.data.get("by")), event.ref))
        # Work that is only decided, say: it is there, though nothing has been told of it.
        return _subject(kind, id_, tuple(events), moments or [Moment(events[0].at, current)])

    def _attributes(self, event: Event, fresh: bool) -> dict[str, Known]:
        """The attributes that a fact tells."""
        fact, kind, types = event.fact, self._kind, self._types_of(event.fact.type)
        told = {
            name: known_value(value, types.get(name) or ("instant" if name in _INSTANTS else "text"))
            for name, value in fact.data.items()
            if name not in _NOT_ATTRIBUTES
        }
        for scale in self._scales:
            if told.get(scale.name) is not None and told[scale.name] not in scale.values:
                told[scale.name] = None  # off the scale: what it means is not known
        if fact.type == "maintenance.started":
            return {"starts_at": fact.at, **told} if fresh else {}
        if kind == "claim" and isinstance(about := told.get("about"), str):
            told |= _about(about, self._terms)
        return told

    def _types_of(self, type_: str) -> Mapping[str, str]:
        """Of which types the fields of a fact are."""
        found = self._types.get(type_)
        if found is None:
            found = self._types[type_] = {**_field_types(type_), **self._own_types}
        return found


def told_of(kind: SubjectKind, facts: Iterable[Fact], terms: Terms) -> Sequence[Fact]:
    """Of the facts about an id, in their order, those about its subject of a kind under one contract.

    Two customers may have a ticket of one id, and a ticket that of an incident. Whoever tells of a subject
    tells these and no others: those that `Folding` judges it by, and those that it passes over.
    """
    declared = {name for name, event in terms.events.items() if event.of == kind}
    own = [fact for fact in facts if fact.type.partition(".")[0] == kind or fact.type in declared]
    return of_contract(None if terms.contract is None else terms.contract.id, kind, own)


def of_contract(contract: str | None, kind: SubjectKind | None, facts: Sequence[Fact]) -> Sequence[Fact]:
    """Those facts of a subject, of a kind or of none, that are of a contract; None: of every one.

    What names another contract is not. What names none is of all that the subject concerns; a ticket concerns
    one contract: where it is begun under two, that is the one under which this was recorded first, so that
    nothing told of another customer's ticket later takes it away.
    """
    for fact in facts:
        if fact.data.get("contract", contract) != contract:
            break
    else:  # as of nearly all
        return facts
    if contract is None:
        return facts
    named = [(fact, fact.data.get("contract")) for fact in facts]
    first: Value = contract
    if kind is not None and kind in OF_A_CONTRACT:
        begun = [fact for fact in facts if begins(kind, fact.type) and _counts(fact)]
        opening = min(begun, key=lambda fact: fact.recorded_at, default=None)
        first = contract if opening is None else opening.data.get("contract")
    return [fact for fact, name in named if (name if isinstance(name, str) else first) == contract]


def _counts(fact: Fact) -> bool:
    """Whether a fact moves clocks: one that is not verified does not."""
    return fact.data.get("verified") is not False


def begins(kind: SubjectKind, type_: str) -> bool:
    """Whether a fact of this type brings a subject into being: of work any does, it may be unannounced."""
    return kind == "maintenance" or type_ == OPENING[kind]


def _once(kind: SubjectKind, events: Iterable[Event]) -> Iterator[Event]:
    """The events without a second opening: what a customer asked was asked once."""
    opened = False
    for event in events:
        is_opening = kind not in _TOLD_AGAIN and event.fact.type == OPENING[kind]
        if not (is_opening and opened):
            yield event
        opened = opened or is_opening


def effective_at(fact: Fact, terms: Terms) -> Instant:
    """From when a fact has effect: a ticket from when contact was made, a claim as the agreement says."""
    if fact.type == "ticket.opened":
        return _instant(fact.data.get("contacted_at")) or fact.at
    if fact.type == "claim.filed":
        counts_from = "earliest" if terms.claim is None else terms.claim.counts_from
        sent_at, received_at = (_instant(fact.data.get(name)) for name in ("sent_at", "received_at"))
        return moment_of(counts_from, fact.at, sent_at, received_at)
    return fact.at


def _defaults(kind: SubjectKind, terms: Terms) -> dict[str, Known]:
    current: dict[str, Known] = {"kind": "incident"} if kind == "ticket" else {}
    for attribute in terms.attributes:
        if attribute.of == kind and attribute.default is not None:
            current[attribute.name] = known_value(attribute.default, attribute.type)
    current |= {f"quota.{quota.name}": "none" for quota in terms.quotas if quota.of == kind}
    if terms.contract is not None:
        current["contract.plan"] = terms.plan or None
        current["contract.id"] = terms.contract.id
    return current


def _field_types(type_: str) -> dict[str, str]:
    known = FACT_TYPES.get(type_)
    return {field.name: VALUE_TYPES.get(field.kind, "text") for field in known.fields} if known else {}


def _about(label: str, terms: Terms) -> dict[str, Known]:
    """`about.start` and `about.end` of the period a claim names: 2026-06, 2026-Q2 or 2026, in the zone.

    Of a year that the zone does not know it is a name like any other, as that of an item.
    """
    zone = terms.calendars["always"].rule.zone
    kind: PeriodKind = "calendar year"
    month = 1
    year, _, rest = label.partition("-")
    if not year.isascii() or not year.isdigit() or len(year) != 4:
        return {}
    if not zone.start_year <= int(year) <= zone.end_year:
        return {}
    if rest[:1] == "Q" and rest[1:] in ("1", "2", "3", "4"):
        kind, month = "calendar quarter", 3 * int(rest[1:]) - 2
    elif rest in {f"{n:02}" for n in range(1, 13)}:
        kind, month = "calendar month", int(rest)
    elif rest:
        return {}
    period = PeriodRule(kind, zone).period_at(zone.day_start(date(int(year), month, 1)))
    return {"about.start": period.start_at, "about.end": period.end_at}


def known_value(value: Value, type_: str) -> Known:
    """A value of a fact as expressions know it; None (unknown) for what is not of the declared type."""
    if value is None:
        return None
    if type_ == "text" and isinstance(value, str):  # as nearly all are
        return value
    if type_ == "instant":
        return _instant(value)
    if type_ == "truth":
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
    if type_ == "number":
        try:
            return Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            return None
    if type_ == "duration":
        try:
            return parse_amount(str(value))
        except ValueError:
            return None
    if isinstance(value, tuple):
        return tuple(_text(item) for item in value)
    return _text(value)


def _instant(value: Value) -> Instant | None:
    if not isinstance(value, str):
        return None
    try:
        return parse_instant(value)
    except ValueError:
        return None


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def _merged(own: Sequence[Moment], more: Sequence[Moment]) -> list[Moment]:
    """Two timelines as one: at each instant the attributes of both, the latter's where they differ."""
    marks = sorted([(m.at, 0, m) for m in own] + [(m.at, 1, m) for m in more], key=lambda mark: mark[:2])
    first: Mapping[str, Known] = own[0].attributes if own else {}
    second: dict[str, Known] = {}
    merged: list[Moment] = []
    for at, layer, moment in marks:
        if layer:
            second = {**second, **moment.attributes}
        else:
            first = moment.attributes
        # Who changed the attributes changed what follows from them at once.
        cause = merged.pop() if layer and merged and merged[-1].at == at else moment
        merged.append(Moment(at, {**first, **second}, cause.by, cause.told_by))
    return merged
