"""What quotas decide, kept beside the scopes: a fact decides anew only what is counted with it and after it.

What was counted before does not change. Which scopes those are, and how much of the allowance they use, is
asked of rows in the order in which they were counted.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Final, NamedTuple, TypeAlias

from django.db.models import Q

from upheld.app.terms import Holding
from upheld.app.touched import scope_of
from upheld.core.clocks.quota import Admission, Entry, admit_again, most_that_use
from upheld.core.evaluating.contracts import contract_of
from upheld.core.evaluating.narrow import Dependency, Narrow, Scope
from upheld.core.evaluating.quotas import NOTHING_COUNTED, Allowance, Counted, Entered
from upheld.core.timeline.instant import Instant
from upheld.core.values.key import FactRef
from upheld.store.models import Provider, RestRow
from upheld.store.shelf import Shelf

FOREVER: Final[Instant] = 2**63 - 1
"""Until when an allowance is used by what is not refunded."""
_text: Final = json.JSONEncoder(ensure_ascii=False).encode

Reading: TypeAlias = str
"""The reading by which it was counted, as `Rereading` names it; empty for the one that holds."""
_Of: TypeAlias = tuple[Reading, Allowance]
_Decided: TypeAlias = tuple[Admission, ...]


class Rest(NamedTuple):
    """What a row says of something that a scope rests on: see `RestRow`."""

    types: str
    counted_at: Instant | None = None
    used_until_at: Instant | None = None
    decided: str | None = None


class Counting(NamedTuple):
    """What is decided on scopes, by reading; `behind` are more scopes on which something else is now."""

    counted: Mapping[Reading, Counted]
    behind: frozenset[Scope]
    rests: Mapping[Scope, Mapping[Dependency, Rest]]

    def under(self, reading: Reading) -> Counted:
        """What is decided under a reading."""
        return self.counted.get(reading, NOTHING_COUNTED)


class _Under(NamedTuple):
    """Scopes under a reading, with what they enter now."""

    reading: Reading
    narrow: Narrow
    entered: Mapping[Scope, Entered]


def count(
    provider: Provider, hold: Holding, scopes: Collection[Scope], shelf: Shelf, at: Instant
) -> Counting:
    """What quotas decide on subjects as of an instant. The caller decides on all, and keeps `rests`."""
    unders = list(_entered(hold, scopes, shelf, at))
    if not unders:
        return Counting({}, frozenset(), {})
    kept = _kept(provider, {scope for one in unders for scope in one.entered})
    found: dict[Scope, dict[_Of, _Decided]] = {}
    for one in unders:
        _count_under(provider, one, kept, found)
    behind = frozenset(found.keys() - {*scopes})
    if behind:
        names = [("subject", str(scope.kind), scope.subject) for scope in behind]
        shelf.fetch(names)
        unders += _entered(hold, behind, shelf, at)
        kept |= _kept(provider, behind)
    counted: dict[Reading, dict[tuple[Allowance, str], _Decided]] = {}
    rests: dict[Scope, dict[Dependency, Rest]] = {}
    for one in unders:
        for scope, entered in one.entered.items():
            for allowance in entered:
                of = one.reading, allowance
                decided = found.get(scope, {}).get(of) or kept.get(scope, {}).get(of)
                if decided is not None:
                    counted.setdefault(one.reading, {})[allowance, scope.subject] = decided
                    rests.setdefault(scope, {})[_dependency(of)] = _rest(of, decided)
    return Counting(counted, behind, rests)


def _entered(hold: Holding, scopes: Iterable[Scope], shelf: Shelf, at: Instant) -> Iterator[_Under]:
    """What scopes enter into quotas, under each reading by which something is decided on them."""
    subjects: dict[str, list[Scope]] = {}
    for scope in scopes:
        if scope.kind is not None and hold.narrow.counts(scope.contract):
            subjects.setdefault(scope.contract, []).append(scope)
    for contract, own in subjects.items():
        if entered := hold.narrow.entered(own, shelf, at):
            yield _Under("", hold.narrow, entered)
        for one in hold.rereadings.of(hold.terms[contract]):
            some = [scope for scope in own if scope.kind in one.kinds]
            if entered := one.narrow.entered(some, shelf, at):
                yield _Under(one.reading, one.narrow, entered)


def _count_under(
    provider: Provider,
    under: _Under,
    kept: Mapping[Scope, Mapping[_Of, _Decided]],
    found: dict[Scope, dict[_Of, _Decided]],
) -> None:
    """Decides anew on whoever is counted from the first instant on at which anything else is than is kept."""
    for allowance, from_at in _changed_from(under, kept).items():
        rule, of = under.narrow.quota(allowance), (under.reading, allowance)
        if rule is None:
            continue
        contract = contract_of(allowance.binding)
        now: dict[str, tuple[Entry, ...]] = {}
        decided: dict[str, _Decided] = {}
        for scope, entered in under.entered.items():
            if scope.contract == contract and scope.kind == rule.of:
                now[scope.subject] = entered.get(allowance, ())
                decided[scope.subject] = kept.get(scope, {}).get(of, ())
        rows = RestRow.objects.filter(provider=provider, dependency=_dependency(of))
        others = {
            subject: _read(text or "")[1]
            for subject, text in rows.filter(counted_at__gte=from_at).values_list("scope__subject", "decided")
            if subject not in now
        }
        most = most_that_use(rule)
        using = rows.filter(counted_at__lt=from_at, used_until_at__gt=from_at).order_by("counted_at")
        used_until = using.values_list("scope__subject", "used_until_at")
        uses = [
            None if until_at == FOREVER else until_at
            for subject, until_at in (used_until if most is None else used_until[: most + len(now)])
            if subject not in now
        ]
        again = admit_again(rule, from_at, now, decided | others, uses)
        for subject, admissions in again.items():
            if subject in now or admissions != others[subject]:
                found.setdefault(Scope(contract, rule.of, subject), {})[of] = admissions


def _changed_from(under: _Under, kept: Mapping[Scope, Mapping[_Of, _Decided]]) -> dict[Allowance, Instant]:
    """The first instant, of each allowance, at which anything else is counted than is kept."""
    first: dict[Allowance, Instant] = {}
    for scope, entered in under.entered.items():
        own = kept.get(scope, {}).items()
        before = {allowance: one for (reading, allowance), one in own if reading == under.reading}
        for allowance in entered.keys() | before.keys():
            entries = {one.entry for one in before.get(allowance, ())}
            for entry in entries ^ {*entered.get(allowance, ())}:
                first[allowance] = min(entry.counted_at, first.get(allowance, entry.counted_at))
    return first


def _kept(provider: Provider, scopes: Collection[Scope]) -> dict[Scope, dict[_Of, _Decided]]:
    """What is kept of what was decided on scopes."""
    names = {scope.subject for scope in scopes}
    rows = RestRow.objects.filter(
        Q(scope__subject__among=names), scope__provider=provider, counted_at__isnull=False
    )
    kept: dict[Scope, dict[_Of, _Decided]] = {}
    for contract, kind, subject, text in rows.values_list(
        "scope__contract", "scope__kind", "scope__subject", "decided"
    ):
        scope = scope_of(contract, kind, subject)
        if scope in scopes:
            of, decided = _read(text or "")
            kept.setdefault(scope, {})[of] = decided
    return kept


# -- rows --------------------------------------------------------------------------------------------------


def _dependency(of: _Of) -> Dependency:
    """The name of an allowance under a reading; names are too long for it to be told in full."""
    return f"allowance {sha256(_text(of).encode()).hexdigest()}"


def _rest(of: _Of, decided: _Decided) -> Rest:
    told = [(*one.entry, one.decision) for one in decided]
    uses = [one.entry.refunded_at for one in decided if one.is_let_in]
    used_until_at = max((FOREVER if one is None else one for one in uses), default=None)
    return Rest("", max(one.entry.counted_at for one in decided), used_until_at, _text((of, told)))


def _read(text: str) -> tuple[_Of, _Decided]:
    (reading, allowance), told = json.loads(text)
    decided = (
        Admission(Entry(counted_at, FactRef(*told_by), subject, refunded_at), decision)
        for counted_at, told_by, subject, refunded_at, decision in told
    )
    return (reading, Allowance(*allowance)), tuple(decided)
