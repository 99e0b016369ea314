"""What holds of some scopes is decided anew: when each changes next, and what it rests on, are kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from django.db.models import Min

from upheld.app.owe import owe
from upheld.app.rereading import Rereading
from upheld.app.terms import Holding
from upheld.core.alerting.stage import Stage, judged_narrowly, next_at, stages
from upheld.core.evaluating.cells import Input, Types
from upheld.core.evaluating.narrow import Dependency, Found, Scope
from upheld.core.measuring.observation import Observations
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import SECOND, Duration, Instant
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome
from upheld.store.models import Change, Provider, RestRow, ScopeRow, StandingFact
from upheld.store.observations import ObservedByProvider
from upheld.store.shelf import Shelf, input_text

REST_US: Final[Duration] = 30 * SECOND
_UPDATED: Final = ["next_at", "asked_at", "states"]
_UNIQUE: Final = ["provider", "contract", "kind", "subject"]


def decide(
    provider: Provider,
    hold: Holding,
    scopes: Collection[Scope],
    shelf: Shelf,
    at: Instant,
    observations: Observations | None = None,
    quietly: bool = False,
) -> dict[Scope, Found]:
    """What holds of the scopes at an instant; it is written down in the transaction of the caller.

    By the observations that are known now, or these. What is in another state than before is told as a
    change, unless `quietly`.
    """
    known = [scope for scope in scopes if scope.contract in hold.terms]
    shelf.fetch(_inputs(known))
    observed = ObservedByProvider(provider.pk) if observations is None else observations
    found = hold.narrow.evaluate(known, shelf, at, observed)
    others = _otherwise(hold, known, shelf, at, observed)
    ahead = _ahead(provider, known, at)
    alarms = {
        scope: _stages(hold.terms[scope.contract], scope, one, others[scope], shelf, at)
        for scope, one in found.items()
    }
    rows = [
        ScopeRow(
            provider=provider,
            contract=scope.contract,
            kind=scope.kind or "",
            subject=scope.subject,
            next_at=_least(
                *(_after_rest(each.wake_at, at) for each in (one, *(each for _, each in others[scope]))),
                ahead.get(_own_text(scope)),
                next_at(alarms[scope], at),
            ),
            asked_at=at,
            states=states_text(one.outcomes),
        )
        for scope, one in found.items()
    ]
    rests = [_rests_on(one, others[scope]) for scope, one in found.items()]
    _put(provider, rows, rests, None if quietly else at)
    owe(provider, (stage for told in alarms.values() for stage in told), at)
    gone = [scope for scope in scopes if scope.contract not in hold.terms]
    for scope in gone:
        ScopeRow.objects.filter(provider=provider, **_where(scope)).delete()
    return found


Others: TypeAlias = Sequence[tuple[Rereading, Found]]
"""What was found of a scope under other readings, by which the provider may have to be told sooner."""


def _otherwise(
    hold: Holding, scopes: Iterable[Scope], shelf: Shelf, at: Instant, observed: Observations
) -> dict[Scope, Others]:
    """Of each scope what was found under the other readings of the clocks that are watched."""
    subjects: dict[str, list[Scope]] = {}
    found: dict[Scope, list[tuple[Rereading, Found]]] = {scope: [] for scope in scopes}
    for scope in found:
        if scope.kind is not None:  # what is promised by periods is told as it is read
            subjects.setdefault(scope.contract, []).append(scope)
    for contract, own in subjects.items():
        for one in hold.rereadings.of(hold.terms[contract]):
            some = [scope for scope in own if scope.kind in one.kinds]
            for scope, whole in one.narrow.evaluate(some, shelf, at, observed).items() if some else ():
                outcomes = {key: each for key, each in whole.outcomes.items() if key.commitment in one.clocks}
                found[scope].append((one, replace(whole, outcomes=outcomes)))
    return dict(found)


def _stages(
    terms: Terms, scope: Scope, found: Found, others: Others, shelf: Shelf, at: Instant
) -> tuple[Stage, ...]:
    """Who is to be told what, and when, by what was found of a scope."""
    if not any(one.escalations or one.notifications for one in (terms, *terms.plans.values())):
        return ()
    stricter = [judged_narrowly(other.terms, at, scope, one, shelf, other.reading) for other, one in others]
    return stages(judged_narrowly(terms, at, scope, found, shelf), stricter)


def _rests_on(found: Found, others: Others) -> Mapping[Dependency, Types]:
    """What a scope rests on under any reading that was asked; no types are all of them."""
    rests: dict[Dependency, Types] = dict(found.rests_on)
    for _, other in others:
        for name, types in other.rests_on.items():
            known = rests.get(name, types)
            rests[name] = None if known is None or types is None else known | types
    return rests


def mark(provider: Provider, contracts: Iterable[str], at: Instant) -> None:
    """What contracts promise by periods is to be asked for again, from this instant on."""
    rows = [
        ScopeRow(provider=provider, contract=contract, next_at=at, asked_at=at) for contract in set(contracts)
    ]
    ScopeRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=_UNIQUE, update_fields=["next_at"]
    )


def _put(
    provider: Provider,
    rows: list[ScopeRow],
    rests: Sequence[Mapping[Dependency, Types]],
    told: Instant | None,
) -> None:
    if told is not None:
        Change.objects.bulk_create(_changes(provider, rows, told))
    made = ScopeRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=_UNIQUE, update_fields=_UPDATED
    )
    wanted = {
        (row.pk, dependency): " ".join(sorted(types or ()))
        for row, one in zip(made, rests, strict=True)
        for dependency, types in one.items()
    }
    there = {
        (scope, dependency): (pk, types)
        for pk, scope, dependency, types in RestRow.objects.filter(
            scope__in=[row.pk for row in made]
        ).values_list("pk", "scope", "dependency", "types")
    }
    stale = [pk for key, (pk, types) in there.items() if wanted.get(key) != types]
    if stale:
        RestRow.objects.filter(pk__in=stale).delete()
    RestRow.objects.bulk_create(
        RestRow(scope_id=scope, provider=provider, dependency=dependency, types=types)
        for (scope, dependency), types in wanted.items()
        if there.get((scope, dependency), (0, None))[1] != types
    )


def _changes(provider: Provider, rows: list[ScopeRow], at: Instant) -> Iterator[Change]:
    """What is in another state than it was kept in."""
    there = {
        (contract, kind, subject): states
        for contract, kind, subject, states in ScopeRow.objects.filter(
            provider=provider, subject__in={row.subject for row in rows}
        ).values_list("contract", "kind", "subject", "states")
    }
    for row in rows:
        before = there.get((row.contract, row.kind, row.subject), "{}")
        if before != row.states:
            old, new = json.loads(before), json.loads(row.states)
            for what in sorted(old.keys() | new.keys()):
                if old.get(what) != new.get(what):
                    yield Change(
                        provider=provider,
                        contract=row.contract,
                        what=what,
                        before=old.get(what, ""),
                        after=new.get(what, ""),
                        at=at,
                    )


def _inputs(scopes: Iterable[Scope]) -> Iterable[Input]:
    for scope in scopes:
        yield from (("contract", scope.contract), ("contacts", scope.contract))
        if (own := _own(scope)) is not None:
            yield own


def _own(scope: Scope) -> Input | None:
    return None if scope.kind is None else ("subject", scope.kind, scope.subject)


def _after_rest(wake_at: Instant | None, at: Instant) -> Instant | None:
    """When a scope is asked again; what changes with every instant, as in an open outage, after a rest."""
    return at + REST_US if wake_at is not None and wake_at <= at + 1 else wake_at


def _own_text(scope: Scope) -> str:
    own = _own(scope)
    return "" if own is None else input_text(own)


def _ahead(provider: Provider, scopes: Iterable[Scope], at: Instant) -> dict[str, Instant]:
    """By input, the first fact that is in force already, though its time is yet to come."""
    if provider.ahead_at <= at:
        return {}
    names = [input_text(own) for scope in scopes if (own := _own(scope)) is not None]
    rows = StandingFact.objects.filter(provider=provider, input__in=names, at__gt=at)
    return dict(rows.values("input").annotate(first=Min("at")).values_list("input", "first"))


def _least(*instants: Instant | None) -> Instant | None:
    return min((one for one in instants if one is not None), default=None)


def states_text(outcomes: Mapping[CellKey, Outcome]) -> str:
    """The state of each verdict, as a text that is another one when any of them changes."""
    states = {
        f"{key.commitment}/{verdict.key.subject}/{verdict.cycle}": verdict.state
        for key, outcome in outcomes.items()
        for verdict in outcome.verdicts
    }
    return json.dumps(states, ensure_ascii=False, sort_keys=True)


def _where(scope: Scope) -> dict[str, str]:
    return {"contract": scope.contract, "kind": scope.kind or "", "subject": scope.subject}
