"""Which readings a cell consulted itself, over what the cells that it read consulted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from upheld.core.claiming.folding import is_filing
from upheld.core.evaluating.cells import Key
from upheld.core.evaluating.commitments import Material
from upheld.core.evaluating.strata import (
    ACCOUNT,
    ANSWERED,
    CLAIM,
    ENTRIES,
    FILED,
    ITEM,
    ITEMS,
    LIFE,
    MATERIAL,
    OUTCOME,
    OWED,
    TAKE,
    TAKES,
    VERDICT,
)
from upheld.core.terms.agreement import ClockRule, QuotaRule, Terms
from upheld.core.values.rule import Citation

_DECLARED = ("document", "attribute", "scale", "event", "duty", "calendar")
"""Whose missing rows can concern any cell."""


def consulted(key: Key, terms: Terms, value: object, limits: Collection[str]) -> frozenset[str]:
    """The readings that decided how the value of a cell was computed, but for those of the cells it read.

    `terms` are those of the contract that the key names, under the readings taken for the value. `limits`
    are the entitlements that say who may ask under any reading (see `limiting`).
    """
    found = {reading for concept in _DECLARED for reading in terms.beneath.get(concept, ())}
    for citation in _citations(key, terms, value, limits):
        found.update(citation.own)
    for concept in _MISSING.get(key[0], ()):
        found.update(terms.beneath.get(concept, ()))
    return frozenset(found)


def limiting(terms: Iterable[Terms]) -> frozenset[str]:
    """The entitlements of some terms that say who may ask, by name.

    Where one does under another reading, that it does not as it is read has decided something too.
    """
    return frozenset(
        one.name for each in terms for one in each.entitlements if one.named_contacts is not None
    )


_MISSING = {
    ENTRIES: ("entitlement",),
    OUTCOME: ("entitlement", "quota"),
    MATERIAL: ("exclude",),
    CLAIM: ("deadline", "claim"),
    ACCOUNT: ("remedy", "commit", "claim"),
}
"""By stratum, the concepts of which a row that is not there could have been read."""


def _citations(key: Key, terms: Terms, value: object, limits: Collection[str]) -> Iterator[Citation]:
    stratum, what, (_, *names) = key
    if stratum == LIFE:
        return
    if stratum <= FILED or stratum == ANSWERED:
        yield from _of_clockwork(names[0], terms, limits)
    elif stratum in (ITEM, ITEMS):
        indicator = terms.indicators[names[0]]
        yield from (indicator.cited, terms.rule(indicator.of).cited)
    elif stratum in (TAKE, TAKES):
        if what == "incident":
            yield terms.indicators[names[0]].cited
        elif what == "exclusion":
            yield next(one for one in terms.exclusions if one.name == names[0]).cited
    elif stratum in (MATERIAL, VERDICT):
        yield from _of_commitment(names[0], terms, value)
    elif stratum == CLAIM:
        yield from (clock.cited for clock in terms.clocks if is_filing(clock))
        yield from _of_claims(terms)
    elif stratum in (ACCOUNT, OWED):
        yield from (remedy.cited for remedy in terms.remedies)
        yield from (commit.cited for commit in terms.commits)
        yield from _of_claims(terms)


def _of_claims(terms: Terms) -> Iterator[Citation]:
    if terms.claim is not None:
        yield terms.claim.cited


def _of_clockwork(name: str, terms: Terms, limits: Collection[str]) -> Iterator[Citation]:
    rule = terms.rule(name)
    yield rule.cited
    if isinstance(rule, ClockRule) and rule.of == "claim":
        yield from _of_claims(terms)
    if isinstance(rule, ClockRule | QuotaRule) and rule.of == "ticket":
        yield from (one.cited for one in terms.entitlements if one.name in limits)


def _of_commitment(name: str, terms: Terms, value: object) -> Iterator[Citation]:
    """The commitment with what it is measured by; of exclusions only those that took something."""
    commit = next(one for one in terms.commits if one.name == name)
    indicator = terms.indicators[commit.indicator]
    yield from (commit.cited, indicator.cited)
    if isinstance(value, Material):
        yield from (taken.rule.cited for taken in value.taken)
        return
    yield from (component.cited for component in terms.components.values())
    yield from (signal.cited for signal in terms.signals)
