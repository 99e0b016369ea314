"""Which scopes facts that come into force, or go out of it, can change."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from upheld.app.kept import KeptScopes
from upheld.core.evaluating.inputs import OF_A_PROVIDER
from upheld.core.evaluating.narrow import Narrow, Scope, Touch
from upheld.core.facts.fact import Fact
from upheld.store.models import Provider, RestRow, ScopeRow
from upheld.store.shelf import OfAllTime, Shelf


def touched(
    provider: Provider, narrow: Narrow, moved: Iterable[Fact], shelf: Shelf, kept: KeptScopes
) -> set[Scope]:
    """The scopes, by what is kept of them and by what now begins."""
    touches = {touch for touch in map(narrow.touch_of, moved) if touch is not None}
    shelf.fetch(("subject", str(one.kind), one.subject) for one in touches if one.kind is not None)
    found: set[Scope] = set()
    ever = OfAllTime(shelf)
    own = _own(narrow, touches, ever, kept)
    for scopes in own.values():
        found |= scopes
    for touch in touches:
        if touch.dependency is None:
            assert touch.contract is not None, "what is no dependency is of a contract"
            found |= _all_of(provider, narrow, touch.contract, ever)
    return found | _resting(provider, touches, own)


def _own(
    narrow: Narrow, touches: Iterable[Touch], ever: OfAllTime, kept: KeptScopes
) -> dict[tuple[str, str], set[Scope]]:
    """The scopes of each subject that is touched."""
    subjects = {(one.kind, one.subject) for one in touches if one.kind is not None}
    own = {(str(kind), subject): set(narrow.begun(kind, subject, ever)) for kind, subject in subjects}
    kept.fetch(subject for _, subject in subjects)
    for kind, subject in subjects:
        for contract, _, _ in kept.of_subject(str(kind), subject):
            own[str(kind), subject].add(Scope(contract, kind, subject))
    return own


def _all_of(provider: Provider, narrow: Narrow, contract: str, ever: OfAllTime) -> set[Scope]:
    """Every scope of a contract, those that it had among them."""
    rows = ScopeRow.objects.filter(provider=provider, contract=contract)
    before = {scope_of(*row) for row in rows.values_list("contract", "kind", "subject")}
    return before | set(narrow.scopes(contract, ever) if contract in narrow.contracts else ())


def _resting(
    provider: Provider, touches: Iterable[Touch], own: dict[tuple[str, str], set[Scope]]
) -> set[Scope]:
    """The scopes that rest on what is touched, if they read facts of its type."""
    wanted: dict[tuple[str, str | None], set[str]] = {}
    for touch in touches:
        if touch.dependency is None:
            continue
        contracts: set[str | None] = {touch.contract}
        if touch.kind is not None and touch.kind not in OF_A_PROVIDER:
            contracts = {scope.contract for scope in own[str(touch.kind), touch.subject]}
        for contract in contracts:
            wanted.setdefault((touch.dependency, contract), set()).add(touch.type)
    if not wanted:
        return set()
    asked = Q()
    for dependency, contract in wanted:
        one = Q(dependency=dependency)
        asked |= one if contract is None else one & Q(scope__contract=contract)
    rows = RestRow.objects.filter(asked, provider=provider).values_list(
        "dependency", "types", "scope__contract", "scope__kind", "scope__subject"
    )
    return {
        scope_of(contract, kind, subject)
        for dependency, types, contract, kind, subject in rows
        for told in (wanted.get((dependency, contract), set()) | wanted.get((dependency, None), set()),)
        if not types or not told.isdisjoint(types.split(" "))
    }


def scope_of(contract: str, kind: str, subject: str) -> Scope:
    """The scope of a row."""
    return Scope(contract, kind or None, subject)  # type: ignore[arg-type]  # rows have the kinds of scopes
