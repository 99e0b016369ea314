"""What holds of some scopes is decided anew: when each changes next, and what it rests on, are kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from django.db.models import Min

from upheld.app.counting import Counting, Rest, count
from upheld.app.kept import KEYS, Kept, KeptScopes, RowKey, row_key
from upheld.app.owe import owe
from upheld.app.paging import Judged, settle
from upheld.app.rereading import Rereading
from upheld.app.terms import Holding
from upheld.app.turning import REST_US, settles_at, stands_until
from upheld.core.alerting.stage import Stage, judged_narrowly, next_at, stages
from upheld.core.evaluating.cells import Input, Types
from upheld.core.evaluating.narrow import Dependency, Found, Scope
from upheld.core.measuring.observation import Observations
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome
from upheld.store.inserting import insert
from upheld.store.models import Change, Provider, RestRow, ScopeRow, StandingFact
from upheld.store.observations import held_observations
from upheld.store.shelf import Shelf, input_text
from upheld.store.under_way import in_parts

_SAID: Final = ("next_at", "asked_at", "states")
_text: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


class _Row(NamedTuple):
    """What a scope says now; `states` by commitment, subject and cycle, and `text` as they are kept."""

    next_at: Instant | None
    states: Mapping[str, str]
    text: str


_NOTHING: Final = _Row(None, {}, _text({}))
_Before: TypeAlias = Mapping[RowKey, Kept]
_Resting: TypeAlias = Mapping[RowKey, Mapping[Dependency, Rest]]
Customers: TypeAlias = Mapping[str, int]
"""Whose contracts are, by their ids; what is of others is told to their provider alone."""


def decide(
    provider: Provider,
    hold: Holding,
    scopes: Collection[Scope],
    shelf: Shelf,
    at: Instant,
    observations: Observations | None = None,
    quiet: Collection[str] = (),
    rested: Collection[Scope] = (),
    kept: KeptScopes | None = None,
) -> dict[Scope, Found]:
    """What holds of the scopes at an instant; it is written down in the transaction of the caller.

    By the observations that are known now, or these. What is in another state than before is told as a
    change, but not of contracts that are to be `quiet`. Of scopes that have `rested` nothing was told since
    they were asked for last; `kept` is what was looked up of scopes already.
    """
    known, asking = _asking(provider, hold, scopes, shelf, at, observations)
    counting = asking.counting
    found = asking.evaluate(known, at)
    others = _otherwise(asking, known, at)
    ahead = _ahead(provider, known, at)
    before = (kept or KeptScopes(provider)).of(map(row_key, found))
    rested_on = _resting(before)
    told: list[Stage] = []
    resting: dict[RowKey, Mapping[Dependency, Rest]] = {}
    for some in in_parts(found.items()):
        rows: dict[RowKey, _Row] = {}
        for scope, one in some:
            alarms = _stages(hold.terms[scope.contract], scope, one, others[scope], shelf, at)
            told += alarms
            states = _states(one.outcomes)
            changes_at = _least(
                _turns_at(provider, asking, scope, one, others[scope], at, scope in rested),
                _least(*map(ahead.get, map(input_text, _inputs([scope])))) if ahead else None,
                next_at(alarms, at),
            )
            rows[row_key(scope)] = _Row(changes_at, states, _text(states))
            rests = {
                name: Rest(" ".join(sorted(types or ()))) for name, types in _rests_on(one, others[scope])
            }
            if rests := rests | {**counting.rests.get(scope, {})}:
                resting[row_key(scope)] = rests
        _put(provider, rows, before, at, quiet, hold.customers)
    _put_resting(provider, resting, before, rested_on)
    owe(provider, told, at)

    def judged() -> Judged:
        cells = {key for one in found.values() for key in one.outcomes}
        cells |= {cell for scope in found for cell in hold.narrow.cells_of(scope)}
        return Judged(cells, [one for one in (*scopes, *counting.behind) if one.kind is not None])

    settle(provider, judged, told, at)
    if gone := [row_key(scope) for scope in scopes if scope.contract not in hold.terms]:
        end(provider, KeptScopes(provider).of(gone), at, hold.customers)
    return found


def end(provider: Provider, gone: Mapping[RowKey, Kept], at: Instant, customers: Customers) -> None:
    """Of scopes that are no more nothing is kept: that each of their verdicts is gone is a change.

    It is told to whose the contracts were.
    """
    for some in in_parts(gone):
        _tell(provider, dict.fromkeys(some, _NOTHING), gone, at, customers)
    ScopeRow.objects.filter(pk__among=[one.pk for one in gone.values()]).delete()


def hand_on(provider: Provider, rows: Mapping[RowKey, Kept], at: Instant, customers: Customers) -> None:
    """Of scopes whose contract is another customer's now each verdict is gone, for whose it was.

    That it is there as before is for their provider to hear: to whose the contract is now it is no news.
    """
    for some in in_parts(rows):
        _tell(provider, dict.fromkeys(some, _NOTHING), rows, at, customers)
        there = {key: _Row(None, json.loads(rows[key].states), rows[key].states) for key in some}
        _tell(provider, there, {}, at, {})


def stages_of(provider: Provider, hold: Holding, scopes: Collection[Scope], at: Instant) -> list[Stage]:
    """Who is to be told what of scopes, and when, as it is at an instant; nothing is written."""
    shelf = Shelf(provider.pk, at)
    known, asking = _asking(provider, hold, scopes, shelf, at)
    others = _otherwise(asking, known, at)
    return [
        stage
        for scope, found in asking.evaluate(known, at).items()
        for stage in _stages(hold.terms[scope.contract], scope, found, others[scope], shelf, at)
    ]


Others: TypeAlias = Sequence[tuple[Rereading, Found]]
"""What was found of a scope under other readings, by which the provider may have to be told sooner."""


class _Asking(NamedTuple):
    """By what scopes are asked for."""

    hold: Holding
    shelf: Shelf
    observed: Observations
    counting: Counting

    def evaluate(self, scopes: Iterable[Scope], at: Instant) -> dict[Scope, Found]:
        """What holds of scopes."""
        return self.hold.narrow.evaluate(scopes, self.shelf, at, self.observed, self.counting.under(""))

    def otherwise(self, one: Rereading, scopes: Iterable[Scope], at: Instant) -> dict[Scope, Found]:
        """What would hold of them under another reading."""
        return one.narrow.evaluate(scopes, self.shelf, at, self.observed, self.counting.under(one.reading))


def _asking(
    provider: Provider, hold: Holding, scopes: Iterable[Scope], shelf: Shelf, at: Instant,
    observations: Observations | None = None,
) -> tuple[list[Scope], _Asking]:  # fmt: skip
    """Which scopes are asked for, by what: those whose terms hold, and those that are counted behind them."""
    known = [scope for scope in scopes if scope.contract in hold.terms]
    shelf.fetch(_inputs(known))
    counting = count(provider, hold, known, shelf, at)
    known += counting.behind
    observed = held_observations(provider.pk) if observations is None else observations
    return known, _Asking(hold, shelf, observed, counting)


def _otherwise(asking: _Asking, scopes: Iterable[Scope], at: Instant) -> dict[Scope, Others]:
    """Of each scope what was found under the other readings of the clocks that are watched."""
    subjects: dict[str, list[Scope]] = {}
    found: dict[Scope, list[tuple[Rereading, Found]]] = {scope: [] for scope in scopes}
    for scope in found:
        if scope.kind is not None:  # what is promised by periods is told as it is read
            subjects.setdefault(scope.contract, []).append(scope)
    for contract, own in subjects.items():
        for one in asking.hold.rereadings.of(asking.hold.terms[contract]):
            some = [scope for scope in own if scope.kind in one.kinds]
            for scope, whole in asking.otherwise(one, some, at).items() if some else ():
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


def _rests_on(found: Found, others: Others) -> Iterable[tuple[Dependency, Types]]:
    """What a scope rests on under any reading that was asked; no types are all of them."""
    if not others:
        return found.rests_on.items()
    rests: dict[Dependency, Types] = dict(found.rests_on)
    for _, other in others:
        for name, types in other.rests_on.items():
            known = rests.get(name, types)
            rests[name] = None if known is None or types is None else known | types
    return rests.items()


def mark(provider: Provider, contracts: Iterable[str], at: Instant) -> None:
    """What contracts promise by periods is to be asked for again, from this instant on."""
    rows = [
        ScopeRow(provider=provider, contract=contract, next_at=at, asked_at=at) for contract in set(contracts)
    ]
    unique = ["provider", *KEYS]
    ScopeRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=["next_at"])


def _put(
    provider: Provider, rows: Mapping[RowKey, _Row], before: _Before, at: Instant, quiet: Collection[str],
    customers: Customers,
) -> None:  # fmt: skip
    """Writes down what scopes said, and tells what that changes of contracts that are not `quiet`."""
    _tell(provider, {key: row for key, row in rows.items() if key[0] not in quiet}, before, at, customers)
    insert(
        ScopeRow,
        ("provider_id", *KEYS, *_SAID),
        ((provider.pk, *key, one.next_at, at, one.text) for key, one in rows.items()),
        keys=("provider_id", *KEYS),
        changes=_SAID,
    )


def _tell(
    provider: Provider, rows: Mapping[RowKey, _Row], before: _Before, at: Instant, customers: Customers
) -> None:
    """What is in another state than before is a change, of the customer whose the contract is."""
    changed = ("provider_id", "customer_id", "contract", "what", "before", "after", "at")
    told = ((provider.pk, customers.get(one[0]), *one, at) for one in _changes(rows, before))
    insert(Change, changed, told)


_There: TypeAlias = Mapping[tuple[int, Dependency], tuple[int, Rest]]
"""The key of a row, and what it says, by the key of its scope and what that rests on."""


def _resting(before: _Before) -> _There:
    """What is kept of what scopes rest on."""
    if not before:
        return {}
    rows = RestRow.objects.filter(scope__among=[one.pk for one in before.values()])
    return {
        (scope, dependency): (pk, Rest(*said))
        for pk, scope, dependency, *said in rows.values_list("pk", "scope", "dependency", *Rest._fields)
    }


def _put_resting(provider: Provider, resting: _Resting, before: _Before, there: _There) -> None:
    """Writes down what scopes rest on; what those that were kept `before` do not rest on any more goes."""
    kept = before if resting.keys() <= before.keys() else KeptScopes(provider).of(resting)
    wanted = {
        (kept[key].pk, dependency): rest
        for key, rests in resting.items()
        for dependency, rest in rests.items()
    }
    stale = [pk for key, (pk, rest) in there.items() if wanted.get(key) != rest]
    if stale:
        RestRow.objects.filter(pk__among=stale).delete()
    fresh = [
        (scope, provider.pk, dependency, *rest)
        for (scope, dependency), rest in wanted.items()
        if there.get((scope, dependency), (0, None))[1] != rest
    ]
    insert(RestRow, ("scope_id", "provider_id", "dependency", *Rest._fields), fresh)


def _changes(rows: Mapping[RowKey, _Row], before: _Before) -> Iterator[tuple[str, str, str, str]]:
    """The contract, what is in another state than it was kept in, and both states."""
    for key, row in rows.items():
        states = before[key].states if key in before else _NOTHING.text
        if states != row.text:
            old, new = {} if states == _NOTHING.text else json.loads(states), row.states
            for what in sorted(old.keys() | new.keys()):
                if old.get(what) != new.get(what):
                    yield key[0], what, old.get(what, ""), new.get(what, "")


def _inputs(scopes: Iterable[Scope]) -> Iterable[Input]:
    for scope in scopes:
        yield from (("contract", scope.contract), ("contacts", scope.contract))
        if (own := _own(scope)) is not None:
            yield own


def _own(scope: Scope) -> Input | None:
    return None if scope.kind is None else ("subject", scope.kind, scope.subject)


def _turns_at(
    provider: Provider, asking: _Asking, scope: Scope, found: Found, others: Others, at: Instant,
    has_rested: bool,
) -> Instant | None:  # fmt: skip
    """When a scope can be in another state than now, if nothing is told."""
    every = [found, *(one for _, one in others)]
    wake_at = _least(*(one.wake_at for one in every))
    later_at = _least(*(one.later_at for one in every))
    # A clock can run out at the very next instant, too: what is no figure waits for nothing.
    if wake_at is None or wake_at > at + 1 or wake_at == later_at:
        return wake_at
    states = states_text(found.outcomes)

    def stands_at(then: Instant) -> bool:
        return states_text(asking.evaluate([scope], then)[scope].outcomes) == states

    if not has_rested:
        turns_at = settles_at(asking.hold.terms[scope.contract], at)
    elif provider.ahead_at > at:  # what has been told of a time to come is not on the shelf
        turns_at = at + REST_US
    else:
        turns_at = stands_until(stands_at, at, later_at)
    return max(at + REST_US, turns_at if later_at is None else min(turns_at, later_at))


def _ahead(provider: Provider, scopes: Iterable[Scope], at: Instant) -> dict[str, Instant]:
    """By input, the first fact that is in force already, though its time is yet to come."""
    if provider.ahead_at <= at:
        return {}
    names = set(map(input_text, _inputs(scopes)))
    rows = StandingFact.objects.filter(provider=provider, input__among=names, at__gt=at)
    return dict(rows.values("input").annotate(first=Min("at")).values_list("input", "first"))


def _least(*instants: Instant | None) -> Instant | None:
    return min((one for one in instants if one is not None), default=None)


def states_text(outcomes: Mapping[CellKey, Outcome]) -> str:
    """The state of each verdict, as a text that is another one when any of them changes."""
    return _text(_states(outcomes))


def _states(outcomes: Mapping[CellKey, Outcome]) -> dict[str, str]:
    """The state of each verdict, by commitment, subject and cycle."""
    return {
        f"{key.commitment}/{verdict.key.subject}/{verdict.cycle}": verdict.state
        for key, outcome in outcomes.items()
        for verdict in outcome.verdicts
    }
