"""Facts that count nowhere, or not as they were meant: whoever told one learns it while there is time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from upheld.app.terms import Holding
from upheld.book.strangers import strangers_among
from upheld.core.clocks.subject import CLASSIFYING
from upheld.core.evaluating.cells import Input
from upheld.core.facts.fact import Fact
from upheld.core.values.finding import Finding, Place, in_order
from upheld.core.values.frozen import replace
from upheld.store.ledger import CORRECTIONS, Known, family, target_of
from upheld.store.models import Provider
from upheld.store.shelf import Shelf

_TOLD_ELSEWHERE: Final = frozenset({"unknown-contract", "subject-twice"})
"""Told in words of those who apply agreements; and by what was told before, not by what happened before."""
_NAMING: Final = {"attribution.recorded": "target", "claim.filed": "about"}
"""The fields by which facts name a subject of which no kind is told."""


def strangers_told(provider: Provider, told: Sequence[Fact], hold: Holding, shelf: Shelf) -> list[Finding]:
    """What an evaluation would warn of about some facts that were just told, by all that is in force.

    A correction is looked at as what it made of a fact, which is named by the place of the correction.
    """
    corrected = _corrected(provider, told)
    made = shelf.recorded_as(one.id for one, _ in corrected)
    asked = {fact.key: fact for fact in (*told, *made)}
    names = dict.fromkeys(name for fact in asked.values() for name in _concerned(fact, hold))
    shelf.fetch(names)
    facts = [fact for name in names for fact in shelf.of_all_time(name)]
    facts += [fact for fact in asked.values() if hold.narrow.input_of(fact) is None]
    facts.sort(key=lambda fact: fact.order)
    found = [one for one in strangers_among(hold.names, facts, asked) if one.code not in _TOLD_ELSEWHERE]
    return _where_told(found, told, corrected) if found else []


def _concerned(fact: Fact, hold: Holding) -> Iterator[Input]:
    """The inputs that say whether a fact counts: its own, and those of what it is about."""
    own = hold.narrow.input_of(fact)
    if own is not None:
        yield own
    field = _NAMING.get(fact.type)
    if field is not None and field in fact.data:
        yield from (("subject", kind, str(fact.data[field])) for kind in CLASSIFYING)


def _corrected(provider: Provider, told: Iterable[Fact]) -> list[tuple[Known, Place]]:
    """What some of the facts correct, be it through other corrections, and where that was told."""
    correcting = [fact for fact in told if fact.type in CORRECTIONS]
    if not correcting:
        return []
    related = family(provider, [fact.key for fact in correcting])
    found: list[tuple[Known, Place]] = []
    for fact in correcting:
        one: Known | None = related.get(fact.key)
        while one is not None and (key := target_of(one.fact)) is not None:
            one = related.get(key)
        if one is not None:
            found.append((one, fact.where))
    return found


def _where_told(
    found: Iterable[Finding], told: Iterable[Fact], corrected: Iterable[tuple[Known, Place]]
) -> list[Finding]:
    """Those of some findings that are about what was told, at the places where that was."""
    places = {one.fact.where: place for one, place in corrected}
    places |= {replace(fact, place=None).where: fact.where for fact in told}
    told_at = {*places.values()}
    moved = [replace(one, places=tuple(places.get(place, place) for place in one.places)) for one in found]
    return [*in_order(one for one in moved if not told_at.isdisjoint(one.places))]
