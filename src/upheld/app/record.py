"""Facts are recorded: each gets its position, its leaf and its place in a log; what it changes is decided.

All of it in one transaction, under the lock of the provider. A batch is recorded as a whole or refused as a
whole; what was told before is told again without effect.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from upheld.app.crash import point
from upheld.app.decide import decide, mark
from upheld.app.kept import KeptScopes
from upheld.app.limits import limit_findings
from upheld.app.other_contracts import of_other_contracts
from upheld.app.placing import place
from upheld.app.refusal import RefusedError
from upheld.app.strangers import strangers_told
from upheld.app.terms import Holding, holding
from upheld.app.touched import touched
from upheld.book.collecting import collecting_seldom
from upheld.book.horizon import CODE
from upheld.core.evaluating.narrow import OF_CONTRACTS, Scope
from upheld.core.facts.fact import NO_DATA, Fact, Key
from upheld.core.facts.fact_check import check_fact, latest_told_at
from upheld.core.facts.facts import FactLog
from upheld.core.terms.life import PLAN_CHANGED
from upheld.core.timeline.instant import MINUTE, Duration, Instant, format_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.finding import Finding
from upheld.core.values.frozen import dataclass, replace
from upheld.evidence.told import composed
from upheld.store.ledger import CORRECTIONS, Known, Salts, append, family, known_facts, numbered
from upheld.store.locking import locked, writing
from upheld.store.models import Provider, RecordedFact
from upheld.store.shelf import Shelf
from upheld.store.standing import Standing, put_standing
from upheld.store.updating import update
from upheld.store.walls import of_one_provider

SKEW: Final[Duration] = 5 * MINUTE
"""So far may the clock of whoever tells a fact be ahead of ours."""
_TURNS: Final = CORRECTIONS | {PLAN_CHANGED}
"""Facts that move others, or say by which plan they are judged."""
_MOVES: Final = ("position", "recorded_at", "terms_position", "ahead_at", "kept_by")
"""What is moved of a provider where facts are recorded, or come into force."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The position of each fact that was told, in order; of one that was told before, its first one.

    `new` says how many were not known yet. `findings` are warnings that are the provider's to read: of facts
    that name another contract than their subject has, and of those that count nowhere, or not as meant.
    """

    positions: tuple[int, ...]
    new: int
    findings: tuple[Finding, ...] = ()


@collecting_seldom()
@of_one_provider
def record(provider_id: int, told: Sequence[Fact], actor: str, at: Instant, salt: Salts) -> Recorded:
    """Records facts at an instant. RefusedError if any of them cannot be, with every reason."""
    facts = [composed(fact) for fact in told]
    with writing():
        provider = locked(provider_id)
        hold = holding(provider)
        # A database has no room for every character that JSON has; nothing is known by such a name.
        known = known_facts(provider, {fact.key for fact in facts if all(map(str.isprintable, fact.key))})
        new = list(_new(facts, known, hold, at))
        shelf = Shelf(provider.pk, at)
        if new:
            try:
                entered, hold, shelf = _enter(provider, hold, new, actor, at, salt)
            except RefusedError as refused:
                raise RefusedError(_where_told(refused.findings, facts)) from None
            known |= {one.fact.key: one for one in entered}
        if len(new) < len(facts):
            shelf.fetch(filter(None, map(hold.narrow.input_of, facts)))
        others = of_other_contracts(facts, hold.narrow, shelf)
        findings = (*others, *strangers_told(provider, facts, hold, shelf))
        point("record.before_commit")
    point("record.after_commit")
    return Recorded(tuple(known[fact.key].position for fact in facts), len(new), findings)


def _new(facts: Sequence[Fact], known: Mapping[Key, Known], hold: Holding, at: Instant) -> Iterator[Fact]:
    """The facts that are not recorded yet, each once. RefusedError if any cannot be."""
    findings: list[Finding] = []
    fresh: dict[Key, Fact] = {}
    for fact in facts:
        findings += (*check_fact(fact, hold.declared), *limit_findings(fact))
        if (latest_at := latest_told_at(fact)) > at + SKEW:
            message = f"this happens at {format_instant(latest_at)}, which is yet to come"
            way_out = "correct the time, or the clock of whoever tells it"
            findings.append(Finding("bad-time", message, (fact.where,), way_out))
        recorded = known.get(fact.key)
        before = recorded.fact if recorded else fresh.get(fact.key)
        # Personal text that was taken away is nobody's to compare with: told again it does not come back.
        same = replace(fact, private=NO_DATA) if recorded and recorded.is_erased else fact
        if before is None:
            fresh[fact.key] = fact
        elif before.body != same.body:
            message = f"`{fact.id[:80]}` of `{fact.source[:80]}` was told before, and otherwise"
            way_out = "the first one stays: give this one an id of its own, or tell a correction"
            findings.append(Finding("conflicting-facts", message, (fact.where,), way_out))
    if errors := [one for one in findings if one.severity == "error"]:
        raise RefusedError(errors)
    yield from fresh.values()


def _where_told(findings: Sequence[Finding], facts: Sequence[Fact]) -> list[Finding]:
    """Findings about facts by their keys, at the places where these facts were told."""
    places = {replace(fact, place=None).where: fact.where for fact in facts}
    return [replace(one, places=tuple(places.get(place, place) for place in one.places)) for one in findings]


def _enter(
    provider: Provider, hold: Holding, new: Sequence[Fact], actor: str, at: Instant, salt: Salts
) -> tuple[list[Known], Holding, Shelf]:
    """Writes down new facts, what they bring into force or put out of it, and what that changes.

    Gives what holds then, and what was looked up, too.
    """
    entering = place(provider, hold, new)
    entered = numbered(provider, new, at)
    seen = {one.id: one.fact for one in entered}
    foreseen = None if any(one.type in _TURNS for one in new) else _foreseen(provider, hold, seen, at)
    append(provider, entering, entered, actor, salt)
    moved = put_standing(provider, hold.narrow, _standing(provider, hold, entered), seen.keys())
    if foreseen is not None:
        _decide(provider, hold, foreseen, at)
        return entered, hold, foreseen.shelf
    shelf = Shelf(provider.pk, at, seen)
    _refuse_beyond_horizon(hold, moved, shelf)
    return entered, change(provider, hold, moved, shelf, at), shelf


class _Touched(NamedTuple):
    """The scopes that facts can change, and what was looked up to find them."""

    scopes: Collection[Scope]
    shelf: Shelf
    kept: KeptScopes


def _foreseen(provider: Provider, hold: Holding, coming: Mapping[int, Fact], at: Instant) -> _Touched:
    """What facts touch that come into force as they are: a question waits for what is under way."""
    narrow, shelf = hold.narrow, Shelf(provider.pk, at)
    inputs = [(pk, name, fact) for pk, fact in coming.items() if (name := narrow.input_of(fact)) is not None]
    contracts = hold.terms.keys() & {str(fact.data.get("contract")) for fact in coming.values()}
    about = ((what, contract) for what in OF_CONTRACTS for contract in contracts)
    shelf.fetch([*(name for _, name, _ in inputs if name[0] == "subject"), *about])
    shelf.add(inputs)
    _refuse_beyond_horizon(hold, coming.values(), shelf)
    return _touched(provider, hold, coming.values(), shelf)


def _touched(provider: Provider, hold: Holding, moved: Iterable[Fact], shelf: Shelf) -> _Touched:
    kept = KeptScopes(provider)
    return _Touched(touched(provider, hold.narrow, moved, shelf, kept), shelf, kept)


def _refuse_beyond_horizon(hold: Holding, moved: Iterable[Fact], shelf: Shelf) -> None:
    if beyond := list(_beyond_horizon(hold, moved, shelf)):
        raise RefusedError(beyond)


def _beyond_horizon(hold: Holding, moved: Iterable[Fact], shelf: Shelf) -> Iterator[Finding]:
    """Why a contract could not be judged any more: a fact about it has a date for which no year is known."""
    for fact in moved:
        name = hold.narrow.input_of(fact)
        if name is not None and name[0] == "contract" and name[1] in hold.terms:
            try:
                hold.narrow.life(name[1], shelf)
            except BeyondHorizon as fault:
                message = f"contract `{name[1]}` could not be judged any more: {fault}"
                yield Finding(
                    CODE, message, (fact.where,), "correct the date, or widen the years of the lock"
                )


def change(provider: Provider, hold: Holding, moved: Sequence[Fact], shelf: Shelf, at: Instant) -> Holding:
    """Decides what facts that came into force, or went out of it, can change; gives what holds then."""
    if any(fact.type == PLAN_CHANGED for fact in moved):
        provider.terms_position = provider.position
        hold = holding(provider)
    _decide(provider, hold, _touched(provider, hold, moved, shelf), at)
    return hold


def _decide(provider: Provider, hold: Holding, what: _Touched, at: Instant) -> None:
    update([provider], _MOVES)
    subjects = [scope for scope in what.scopes if scope.kind is not None]
    decide(provider, hold, subjects, what.shelf, at, kept=what.kept)
    mark(provider, (scope.contract for scope in what.scopes if scope.kind is None), at)


def correct_anew(provider: Provider, hold: Holding) -> list[Fact]:
    """Brings up to date what is in force of all facts that were ever corrected; gives what moved by that."""
    rows = RecordedFact.objects.filter(provider=provider, type__in=CORRECTIONS)
    corrections = known_facts(provider, rows.values_list("source", "fact_id"))
    return put_standing(provider, hold.narrow, _standing(provider, hold, list(corrections.values())))


def _standing(provider: Provider, hold: Holding, entered: Sequence[Known]) -> list[Standing]:
    """What is now in force of the new facts, and of those that they correct.

    RefusedError for a correction that cannot hold: a ledger knows what stands before it.
    """
    correcting = [one.fact.key for one in entered if one.fact.type in CORRECTIONS]
    standing = [Standing(one, (one.fact,)) for one in entered if one.fact.type not in CORRECTIONS]
    if not correcting:
        return standing
    related = family(provider, correcting)
    log = FactLog((one.fact for one in related.values()), hold.declared)
    if log.findings:
        raise RefusedError(log.findings)
    now: dict[Key, list[Fact]] = {}
    for fact in log.evaluated():
        now.setdefault(fact.key, []).append(fact)
    alone = [one for one in standing if one.recorded.fact.key not in related]
    told = (one for one in related.values() if one.fact.type not in CORRECTIONS)
    return alone + [Standing(one, tuple(now.get(one.fact.key, ()))) for one in told]
