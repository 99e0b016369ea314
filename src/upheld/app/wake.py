"""What changes by itself: the scopes whose instant has come are decided anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db.models import QuerySet

from upheld.app.crash import point
from upheld.app.decide import decide
from upheld.app.inside import by_provider, earliest
from upheld.app.terms import Holding, holding
from upheld.app.touched import scope_of
from upheld.app.turning import settles_at
from upheld.book.collecting import collecting_seldom
from upheld.core.evaluating.narrow import Scope
from upheld.core.measuring.observation import Observations
from upheld.core.timeline.instant import Instant
from upheld.store.locking import locked, writing
from upheld.store.models import ScopeRow
from upheld.store.observations import held_observations
from upheld.store.shelf import Shelf
from upheld.store.walls import between

BATCH: Final = 1_000


def next_wake() -> Instant | None:
    """When anything changes next, if no fact comes."""
    return earliest(ScopeRow.objects.filter(next_at__isnull=False), "next_at")


@collecting_seldom()
def wake(
    at: Instant,
    observed: Callable[[int], Observations] = held_observations,
    decided: Callable[[], None] = lambda: None,
) -> int:
    """Decides what is due by an instant, the earliest first, at most a batch; says how many scopes that were.

    What is decided of a provider is decided between its walls, and by one worker. `observed` gives its
    observations: those that are known now. `decided` is called when the messages of one may go out: they wait
    for nothing that is decided of others.
    """
    # The instant is an argument of the question: what a database computes for every row, no index serves.
    due = ScopeRow.objects.filter(next_at__lte=at).order_by("next_at")
    woken = 0
    for provider_id, own in by_provider(due, BATCH).items():
        with between(provider_id), writing():
            provider = locked(provider_id)
            # Another worker may have come first.
            scopes = _due(holding(provider), due.filter(pk__among=own))
            if scopes:
                shelf, rested = Shelf(provider_id, at), [scope for scope, rests in scopes.items() if rests]
                decide(provider, holding(provider), scopes, shelf, at, observed(provider_id), rested=rested)
            point("wake.before_commit")
        point("wake.after_commit")
        decided()
        woken += len(scopes)
    return woken


def _due(hold: Holding, rows: QuerySet[ScopeRow]) -> dict[Scope, bool]:
    """The scopes of rows, and of each whether nothing was told of it since it was asked for last."""
    found: dict[Scope, bool] = {}
    said = ("contract", "kind", "subject", "next_at", "asked_at")
    for contract, kind, subject, next_at, asked_at in rows.values_list(*said):
        terms = hold.terms.get(contract)
        has_rested = terms is not None and next_at == settles_at(terms, asked_at)
        found[scope_of(contract, kind, subject)] = has_rested
    return found
