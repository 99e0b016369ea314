"""What each exclusion takes: stretches of time and items, read off the facts. Source: design 5, exclusions.

Everything is read narrowly: a condition that cannot be told does not hold, and what is not known to cover a
component does not cover it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from upheld.core.clocks.scope import SubjectScope, first_instants, holds
from upheld.core.clocks.subject import CANCELLING, CLASSIFYING, OPENING, Event, Moment, Subject
from upheld.core.facts.fact import Fact
from upheld.core.measuring.parts import Components, leaves_of
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.indicator import Exclusion
from upheld.core.terms.life import Life, Rest, rests_of
from upheld.core.timeline.instant import FOREVER, Instant
from upheld.core.timeline.spans import Spans, union
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.expression import Expr, evaluate
from upheld.core.values.key import FactRef
from upheld.core.values.value import Value as Known

EVERY = ""
"""The name under which spans are of every component."""
INTERVAL = "interval"
"""The target of an attribution that is about a stretch of time and not about a subject."""

_ALWAYS = Spans.of([(-FOREVER, FOREVER)])
_STARTED, _ENDED = "maintenance.started", "maintenance.ended"
_UNTOLD = frozenset({"maintenance.planned", _STARTED})
"""What tells of work, and nobody whom it concerns."""


class Take(NamedTuple):
    """What one cause takes: stretches of some leaf components (`EVERY`: of all), or items.

    `is_open`: its last stretch has no end yet; it ends at whatever instant is asked about.
    """

    spans: Spans
    components: tuple[str, ...] = (EVERY,)
    subjects: tuple[str, ...] = ()
    refs: tuple[FactRef, ...] = ()
    is_open: bool = False


def known_leaves(names: Iterable[str], components: Components) -> tuple[str, ...]:
    """The leaf components under some names, in order; a name that the agreement does not know has none."""
    known = [name for name in names if name in components]
    return tuple(sorted({leaf for name in known for leaf in leaves_of(components, name)}))


def is_picked(where: Expr | None, terms: Terms, told: Mapping[str, Known]) -> bool:
    """Whether a condition is known to hold."""
    try:
        return holds(where, terms, told) is True
    except BeyondHorizon:
        return False


def takes_of_subject(
    rule: Exclusion, terms: Terms, subject: Subject, incident: Subject | None = None
) -> tuple[Take, ...]:
    """What an exclusion takes because of one maintenance, incident or attribution.

    `incident` is the one that an attribution targets, if it targets one.
    """
    if not is_picked(rule.where, terms, subject.moments[-1].attributes):
        return ()
    if rule.of == "maintenance":
        found = _maintenance(rule, terms, subject)
    elif rule.of == "incident":
        found = incident_take(terms, subject)
    else:
        found = attribution_take(terms, subject, incident)
    return tuple(_limited(rule, terms, [found] if found else []))


def takes_of_facts(rule: Exclusion, terms: Terms, facts: Sequence[Fact] = ()) -> tuple[Take, ...]:
    """What an exclusion takes because of the contract: its stages, suspensions, credentials, or hours.

    `facts` are those of the contract's suspensions, or of its credentials, in order.
    """
    if rule.of == "hours":
        found: Iterable[Take] = [Take(_ALWAYS)]
    elif rule.of == "stage":
        found = _stages(rule, terms)
    elif rule.of == "suspension":
        found = _suspensions(rule, terms, facts)
    else:
        found = _credentials(rule, terms, facts)
    return tuple(_limited(rule, terms, found))


def _limited(rule: Exclusion, terms: Terms, takes: Iterable[Take]) -> Iterator[Take]:
    """Only what is inside the calendar and of the components that the rule names."""
    named = known_leaves(rule.components, terms.components)
    for take in takes:
        spans = take.spans & terms.calendars[rule.inside].spans if rule.inside else take.spans
        components = take.components
        if rule.components:
            components = named if EVERY in components else tuple(n for n in named if n in components)
        if (spans and components) or take.subjects:
            yield take._replace(spans=spans, components=components)


# -- incidents and attributions ----------------------------------------------------------------------------


def incident_take(terms: Terms, subject: Subject) -> Take | None:
    """An incident from its declaration to its resolution, of the components that it names (none: of all)."""
    declared = next(event for event in subject.events if event.fact.type == OPENING["incident"])
    resolved = _first(subject, "incident.resolved", declared.at)
    components = _components(subject.moments[-1].attributes, terms)
    if not components:
        return None
    told = [event for event in subject.events if event.fact.type in CLASSIFYING["incident"]]
    refs = [event.ref for event in (*told, *([resolved] if resolved else []))]
    spans = _span(declared.at, resolved.at if resolved else FOREVER)
    return Take(spans, components, (), tuple(refs), resolved is None)


def attribution_take(terms: Terms, subject: Subject, incident: Subject | None) -> Take | None:
    """The interval, incident or item that an attribution is about; the last one told of a subject holds."""
    told = subject.moments[-1].attributes
    ref = (subject.events[-1].ref,)
    starts_at, ends_at = told.get("starts_at"), told.get("ends_at")
    if isinstance(starts_at, int):
        components = _components(told, terms)
        is_open = not isinstance(ends_at, int)
        spans = _span(starts_at, ends_at if isinstance(ends_at, int) else FOREVER)
        return Take(spans, components, (), ref, is_open) if components else None
    if incident is not None:
        found = incident_take(terms, incident)
        own = _components(told, terms) if told.get("components") else None
        if found is None or own == ():
            return None
        return found._replace(components=own or found.components, refs=(*ref, *found.refs))
    target = str(told.get("target"))
    return None if target == INTERVAL else Take(Spans.empty, (), (target,), ref)


def _components(told: Mapping[str, Known], terms: Terms) -> tuple[str, ...]:
    """The leaves under the components that a fact names; every one if it names none."""
    named = told.get("components")
    if not isinstance(named, tuple) or not named:
        return (EVERY,)
    return known_leaves(map(str, named), terms.components)


def _first(subject: Subject, type_: str, from_at: Instant) -> Event | None:
    return next((event for event in subject.events if event.fact.type == type_ and event.at >= from_at), None)


def _span(start_at: Instant, end_at: Instant) -> Spans:
    """[start_at, end_at), nothing if facts have it end before it starts."""
    return Spans.of([(start_at, max(start_at, end_at))])


# -- maintenance -------------------------------------------------------------------------------------------


def _maintenance(rule: Exclusion, terms: Terms, subject: Subject) -> Take | None:
    """The window of work: as last announced, as far as announced in time, as long as it truly lasted."""
    if any(event.fact.type in CANCELLING["maintenance"] for event in subject.events):
        return None
    told = [event for event in subject.events if event.fact.type in CLASSIFYING["maintenance"]]
    versions = announced_versions(subject)
    last = subject.moments[-1].attributes
    window = window_of(last) if versions else Spans.empty
    if rule.announced_by is not None:
        in_time = (window_of(m.attributes) for m, e in versions if _is_in_time(rule, terms, subject, m, e))
        window = window & union(list(in_time))
        if not window:
            return None
    started, ended = _worked(subject)
    is_open = False
    if rule.lasts != "announced":
        actual = work_of(subject)
        if started is None and not (versions and isinstance(last.get("starts_at"), int)):
            return None
        is_open = ended is None and not isinstance(last.get("ends_at"), int)
        window = actual if rule.lasts == "actual" else window & actual
    components = _components(last, terms) if last.get("components") else ()
    if not components:
        return None
    work = [event.ref for event in (started, ended) if event is not None]
    refs = dict.fromkeys([*(event.ref for event in told), *work])
    return Take(window, components, (), tuple(refs), is_open)


def announced_versions(subject: Subject) -> list[tuple[Moment, Event]]:
    """What was announced of a maintenance, and each change of it, in order."""
    told = [event for event in subject.events if event.fact.type in CLASSIFYING["maintenance"]]
    pairs = zip(subject.moments, told, strict=False)
    return [(moment, event) for moment, event in pairs if event.fact.type not in _UNTOLD]


def work_of(subject: Subject) -> Spans:
    """When a maintenance was truly done: as announced, where nobody told otherwise; a mere plan is none."""
    last, (started, ended) = subject.moments[-1].attributes, _worked(subject)
    if started is None and not announced_versions(subject):
        return Spans.empty
    starts_at = started.at if started else last.get("starts_at")
    ends_at = ended.at if ended else last.get("ends_at")
    if not isinstance(starts_at, int):
        return Spans.empty
    return _span(starts_at, ends_at if isinstance(ends_at, int) else FOREVER)


def _worked(subject: Subject) -> tuple[Event | None, Event | None]:
    started = _first(subject, _STARTED, subject.events[0].at)
    return started, _first(subject, _ENDED, started.at if started else subject.events[0].at)


def window_of(told: Mapping[str, Known]) -> Spans:
    """The stretch that an announcement names; nothing if it does not name both ends."""
    starts_at, ends_at = told.get("starts_at"), told.get("ends_at")
    return (
        _span(starts_at, ends_at) if isinstance(starts_at, int) and isinstance(ends_at, int) else Spans.empty
    )


def _is_in_time(rule: Exclusion, terms: Terms, subject: Subject, version: Moment, event: Event) -> bool:
    """Whether a version of an announcement was told by the instant that the rule computes of it."""
    by_at = announced_by(rule, terms, subject, version)
    return by_at is not None and event.at <= by_at


def announced_by(rule: Exclusion, terms: Terms, subject: Subject, version: Moment) -> Instant | None:
    """By when a version of an announcement has to be told; None if that cannot be told."""
    assert rule.announced_by is not None
    try:
        by_at = evaluate(rule.announced_by, SubjectScope(terms, first_instants(subject), version.attributes))
    except BeyondHorizon:
        return None
    return by_at if isinstance(by_at, int) else None


# -- what the contract and its facts say -------------------------------------------------------------------


def _stages(rule: Exclusion, terms: Terms) -> Iterator[Take]:
    """The days on which a product is in a stage, of the component of that name and all under it."""
    assert terms.contract is not None
    zone = terms.calendars[ALWAYS].rule.zone
    for stage in terms.contract.stages:
        if not is_picked(rule.where, terms, {"product": stage.product, "stage": stage.stage}):
            continue
        components = known_leaves([stage.product], terms.components)
        start_at = zone.day_start(stage.from_on) if stage.from_on else -FOREVER
        end_at = zone.day_start(stage.until_on) if stage.until_on else FOREVER
        if components:
            yield Take(_span(start_at, end_at), components)


def _suspensions(rule: Exclusion, terms: Terms, facts: Sequence[Fact]) -> Iterator[Take]:
    """From each suspension until the contract is resumed."""
    over_at = -FOREVER
    for rest in rests_of(facts):
        if rest.start_at < over_at or not is_picked(rule.where, terms, {"reason": rest.reason}):
            continue
        over_at = FOREVER if rest.end_at is None else rest.end_at
        yield Take(_span(rest.start_at, over_at), refs=rest.told_by, is_open=rest.end_at is None)


def rests_under(terms: Terms, life: Life) -> tuple[Rest, ...]:
    """The suspensions in which an agreement promises nothing: those that it excludes from all figures."""
    if not life.rests:
        return ()
    rules = [
        rule
        for rule in terms.exclusions
        if rule.of == "suspension" and not (rule.indicators or rule.components or rule.inside)
    ]
    return tuple(
        one
        for one in life.rests
        if any(is_picked(rule.where, terms, {"reason": one.reason}) for rule in rules)
    )


def _credentials(rule: Exclusion, terms: Terms, facts: Sequence[Fact]) -> Iterator[Take]:
    """From when a credential did not work until it is valid again."""
    broken: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.data.get("verified") is False:
            continue
        state = fact.type.partition(".")[2]
        if state != "valid":
            if is_picked(rule.where, terms, {"state": state, "credential": fact.subject}):
                broken.setdefault(fact.subject, []).append(fact)
            continue
        for since in broken.pop(fact.subject, ()):
            yield Take(_span(since.at, fact.at), refs=(_ref(since), _ref(fact)))
    for since in (fact for facts in broken.values() for fact in facts):
        yield Take(_span(since.at, FOREVER), refs=(_ref(since),), is_open=True)


def _ref(fact: Fact) -> FactRef:
    return FactRef(fact.source, fact.id)
