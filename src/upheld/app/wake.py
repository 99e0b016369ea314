"""What changes by itself: the scopes whose instant has come are decided anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from upheld.app.crash import point
from upheld.app.decide import decide
from upheld.app.terms import holding
from upheld.app.touched import scope_of
from upheld.core.measuring.observation import Observations
from upheld.core.timeline.instant import Instant
from upheld.store.locking import locked, writing
from upheld.store.models import ScopeRow
from upheld.store.observations import ObservedByProvider
from upheld.store.shelf import Shelf
from upheld.store.walls import between

BATCH: Final = 1_000


def next_wake() -> Instant | None:
    """When anything changes next, if no fact comes."""
    return (
        ScopeRow.objects.filter(next_at__isnull=False)
        .order_by("next_at")
        .values_list("next_at", flat=True)
        .first()
    )


def wake(at: Instant, observed: Callable[[int], Observations] = ObservedByProvider) -> int:
    """Decides what is due by an instant, the earliest first, at most a batch; says how many scopes that were.

    What is decided of a provider is decided between its walls. `observed` gives its observations: those that
    are known now.
    """
    # The instant is an argument of the question: what a database computes for every row, no index serves.
    due = ScopeRow.objects.filter(next_at__lte=at).order_by("next_at")
    rows = list(due.values_list("provider_id", "contract", "kind", "subject")[:BATCH])
    scopes: dict[int, list[tuple[str, str, str]]] = {}
    for provider_id, *scope in rows:
        scopes.setdefault(provider_id, []).append(tuple(scope))  # type: ignore[arg-type]
    for provider_id, own in scopes.items():
        with between(provider_id), writing():
            provider = locked(provider_id)
            hold, shelf = holding(provider), Shelf(provider_id, at)
            decide(provider, hold, [scope_of(*one) for one in own], shelf, at, observed(provider_id))
            point("wake.before_commit")
        point("wake.after_commit")
    return len(rows)
