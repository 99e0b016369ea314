"""How one clock compares with another: whom it is for, when it runs, how long it may take, on which calendar.

Seen from the customer: the sooner it is late, the better. Of a duty of the customer's own (a claim to file)
everything is the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from upheld.core.clocks.cycle import is_resolving
from upheld.core.clocks.selection import attributes_read
from upheld.core.comparing.cases import Side, extent
from upheld.core.comparing.comparison import Order, Part, by_rank, changed, different, order_of
from upheld.core.comparing.targets import compare_targets
from upheld.core.comparing.versions import Versions
from upheld.core.terms.agreement import ClockRule, EventMatch, PauseRule
from upheld.core.values.expression import Expr, Logic, calendars_in, names_in
from upheld.core.values.rule import Modality

MODALITIES: tuple[Modality, ...] = ("best effort", "objective", "guarantee")
_OF_THE_CUSTOMER = frozenset(
    {
        "claim.filed",
        "claim.supplemented",
        "claim.disputed",
        "claim.withdrawn",
        "ticket.customer_replied",
        "ticket.objected",
    }
)


def compare_clocks(before: ClockRule, after: ClockRule, versions: Versions) -> tuple[Part, ...]:
    """The parts in which two clocks differ."""
    parts = list(_parts(before, after, versions))
    if is_of_customer(before) and is_of_customer(after):
        parts = [part.flipped for part in parts]
    return (*parts, *_filed(before, after, versions), *grounds(before, after, versions))


def is_of_customer(rule: ClockRule) -> bool:
    types = frozenset[str]().union(*(match.types for match in rule.stops))
    return bool(types) and types <= _OF_THE_CUSTOMER


def _parts(before: ClockRule, after: ClockRule, versions: Versions) -> Iterator[Part]:
    yield from different("it is about", before.of, after.of)
    yield from changed("modality", modality(before.modality, after.modality), before.modality, after.modality)
    yield from different("from", before.starts, after.starts, events_text)
    yield from different("after", before.after, after.after, events_text)
    yield from different("again", before.again, after.again, events_text)
    yield from _stops(before, after, versions)
    yield from _pauses(before, after, versions)
    yield from different("change by the customer", before.change_by_customer, after.change_by_customer)
    yield from different("change by the provider", before.change_by_provider, after.change_by_provider)
    yield from different("reopening", before.reopening, after.reopening)
    if before.due is not None and after.due is not None:
        order = versions.conditions(before.where, after.where, before.of, wider="better")
        yield from changed("for", order, _where(before.where), _where(after.where))
        yield from changed("due", versions.instants(before.due, after.due), before.due, after.due)
    elif before.due is not None or after.due is not None:
        yield Part("due", "incomparable", str(before.due or "counted"), str(after.due or "counted"))
    else:
        yield from compare_targets(before, after, versions)


def modality(before: Modality, after: Modality) -> Order:
    """A guarantee is more than an objective, and that more than best effort."""
    return by_rank(before, after, *MODALITIES)


def _filed(before: ClockRule, after: ClockRule, versions: Versions) -> Iterator[Part]:
    """From when claims count, for a clock that looks at it: the sooner, the better for whoever files them."""
    one, other = (
        "earliest" if terms.claim is None else terms.claim.counts_from
        for terms in (versions.before, versions.after)
    )
    if before.of != "claim" or not (_looks_at_filing(before) or _looks_at_filing(after)):
        return
    is_plain = not any(rule.is_cadence or rule.after for rule in (before, after))
    order = by_rank(one, other, "received", "sent", "earliest")
    yield from changed(
        "claims count from", order if is_plain or order == "equal" else "incomparable", one, other
    )


def _looks_at_filing(rule: ClockRule) -> bool:
    matches = (*rule.starts, *rule.stops, *rule.after, *rule.again)
    is_named = rule.due is not None and "filed" in names_in(rule.due)
    return is_named or any("claim.filed" in match.types for match in matches)


def grounds(before: ClockRule, after: ClockRule, versions: Versions) -> Iterator[Part]:
    """What a clock rests on besides its own row: the meaning of the attributes that it reads."""
    for name in sorted(attributes_read(before) | attributes_read(after)):
        yield from definition(name, before.of, versions)


def definition(name: str, kind: str, versions: Versions) -> Iterator[Part]:
    """What differs in the meaning of an attribute of a kind of subject."""
    one, other = (
        {a.name: f"{a.type}, {a.default or 'no default'}" for a in terms.attributes if a.of == kind}
        for terms in (versions.before, versions.after)
    )
    yield from different(f"attribute {name}", one.get(name, "not declared"), other.get(name, "not declared"))
    scales = [
        next((s for s in terms.scales if (s.name, s.of) == (name, kind)), None)
        for terms in (versions.before, versions.after)
    ]
    said = ["" if s is None else "; ".join(f"{k}: {v}" for k, v in s.values.items()) for s in scales]
    yield from different(f"scale {name}", said[0], said[1])
    setters = [s.set_by if s and s.set_by else "nobody" for s in scales]
    yield from different(f"who sets {name}", setters[0], setters[1])


# -- what stops it, what holds it --------------------------------------------------------------------------


def _stops(before: ClockRule, after: ClockRule, versions: Versions) -> Iterator[Part]:
    """Fewer events that stop a clock make it late sooner, where it runs once."""
    if _same_events(before.stops, after.stops, versions):
        return
    once = not before.is_cadence and not after.is_cadence and before.reopening == after.reopening == "ignore"
    once = once or not (is_resolving(before) or is_resolving(after))
    once = once and _begin_once(before) and _begin_once(after) and before.due is None and after.due is None
    order: Order = "incomparable"
    if once and before.of == after.of:
        order = _events(before.stops, after.stops, before.of, versions, more="worse")
    yield from changed("until", order, events_text(before.stops), events_text(after.stops))


def _begin_once(rule: ClockRule) -> bool:
    """Whether there is one cycle at most: it starts with what brings its subject into being."""
    opening = {"ticket.opened", "incident.declared", "task.submitted", "claim.filed"}
    types = frozenset[str]().union(*(match.types for match in rule.starts))
    return not rule.is_cadence and not rule.after and len(types) == 1 and types <= opening


def _same_events(before: tuple[EventMatch, ...], after: tuple[EventMatch, ...], versions: Versions) -> bool:
    return _plain(before) == _plain(after) and not versions.apart & _calendars(before)


def _plain(matches: tuple[EventMatch, ...]) -> frozenset[tuple[frozenset[str], Expr | None]]:
    return frozenset((match.types, match.where) for match in matches)


def _calendars(matches: Iterable[EventMatch]) -> frozenset[str]:
    return frozenset(name for match in matches if match.where for name in calendars_in(match.where))


def _events(
    before: tuple[EventMatch, ...],
    after: tuple[EventMatch, ...],
    kind: str,
    versions: Versions,
    *,
    more: Order,
) -> Order:
    """How sets of events compare, if more events are so: by what of one each of the other follows from."""
    less: Order = "better" if more == "worse" else "worse"
    is_less = all(_covered(match, before, kind, versions, 1) for match in after)
    is_more = all(_covered(match, after, kind, versions, 0) for match in before)
    if is_less and is_more:
        return "equal"
    return less if is_less else more if is_more else "incomparable"


def _covered(
    match: EventMatch, others: tuple[EventMatch, ...], kind: str, versions: Versions, side: Side
) -> bool:
    """Whether every event of a match is one of the others."""
    for type_ in match.types:
        wheres = [other.where for other in others if type_ in other.types]
        if not wheres or not _follows(match.where, _any_of(wheres), kind, versions, side):
            return False
    return True


def _any_of(wheres: list[Expr | None]) -> Expr | None:
    """A condition that holds where one of several does."""
    told = [where for where in wheres if where is not None]
    if len(told) < len(wheres):
        return None
    return told[0] if len(told) == 1 else Logic("or", tuple(told))


def _follows(one: Expr | None, other: Expr | None, kind: str, versions: Versions, side: Side) -> bool:
    """Whether the second holds wherever the first (of that side) does."""
    before, after = (other, one) if side else (one, other)
    found = extent(before, after, versions.names(kind), versions.apart)
    return found == "equal" or found == ("narrower" if side else "wider")


def _pauses(before: ClockRule, after: ClockRule, versions: Versions) -> Iterator[Part]:
    """A clock that stands still less often is late sooner."""
    if before.pauses == after.pauses and not versions.apart & _calendars(
        match for pause in before.pauses for match in (*pause.starts, *pause.ends)
    ):
        return
    is_less = all(_is_held(pause, before, versions, 1) for pause in after.pauses)
    is_more = all(_is_held(pause, after, versions, 0) for pause in before.pauses)
    order: Order = "incomparable"
    if is_less or is_more:
        order = order_of(is_less and not is_more, is_more and not is_less)
    yield from changed("pause", order, _pauses_text(before), _pauses_text(after))


def _is_held(pause: PauseRule, rule: ClockRule, versions: Versions, side: Side) -> bool:
    """Whether a clock stands still at least as long under one of the pauses of another rule."""
    other_side: Side = 0 if side else 1
    if pause.waiting:
        waits = tuple(match for other in rule.pauses if other.waiting for match in other.starts)
        return all(_covered(match, waits, rule.of, versions, side) for match in pause.starts)
    return any(
        not other.waiting
        and all(_covered(match, other.starts, rule.of, versions, side) for match in pause.starts)
        and all(_covered(match, pause.ends, rule.of, versions, other_side) for match in other.ends)
        for other in rule.pauses
    )


def _where(where: Expr | None) -> str:
    return "all" if where is None else str(where)


def events_text(matches: tuple[EventMatch, ...]) -> str:
    """Events as the agreement writes them."""
    said = (
        m.word if m.where is None or " where " in m.word else f"{m.word} where {m.where}" for m in matches
    )
    return ", ".join(said) or "nothing"


def _pauses_text(rule: ClockRule) -> str:
    said = [
        events_text(pause.starts)
        if pause.waiting
        else f"{events_text(pause.starts)} until {events_text(pause.ends)}"
        for pause in rule.pauses
    ]
    return "; ".join(said) or "never"
