"""What changes by itself: the scopes whose instant has come are decided anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

import structlog
from django.db import transaction
from django.db.models import F, QuerySet

from upheld.app.apart import by_halves
from upheld.app.crash import point
from upheld.app.decide import decide
from upheld.app.inside import by_provider, earliest
from upheld.app.kept import KEYS, Kept, KeptScopes
from upheld.app.terms import Holding, holding
from upheld.app.touched import scope_of
from upheld.app.turning import settles_at
from upheld.book.collecting import collecting_seldom
from upheld.core.evaluating.narrow import Scope
from upheld.core.measuring.observation import Observations
from upheld.core.timeline.instant import MINUTE, Duration, Instant
from upheld.store.locking import locked, writing
from upheld.store.models import Provider, ScopeRow
from upheld.store.observations import held_observations
from upheld.store.shelf import Shelf
from upheld.store.walls import between, over_every_provider

BATCH: Final = 1_000
PUT_OFF_US: Final[Duration] = 5 * MINUTE
"""So much later what cannot be decided is tried again, unless a fact is told that changes it."""

log = structlog.get_logger("upheld.wake")


def next_wake() -> Instant | None:
    """When anything changes next, if no fact comes."""
    return earliest(ScopeRow.objects.filter(next_at__isnull=False), "next_at")


@collecting_seldom()
def wake(
    at: Instant,
    observed: Callable[[int], Observations] = held_observations,
    decided: Callable[[], None] = lambda: None,
    set_aside: Callable[[], None] = lambda: None,
) -> int:
    """Decides what is due by an instant, the earliest first, at most a batch; says how many scopes that were.

    What is decided of a provider is decided between its walls, and by one worker. `observed` gives its
    observations: those that are known now. `decided` is called when the messages of one may go out: they wait
    for nothing that is decided of others. `set_aside` is called for each scope that cannot be decided.
    """
    # The instant is an argument of the question: what a database computes for every row, no index serves.
    due = ScopeRow.objects.filter(next_at__lte=at).order_by("next_at")
    turn = _Turn(due, at, observed, set_aside)
    woken = 0
    for provider_id, own in by_provider(due, BATCH).items():
        woken += turn.decided(provider_id, own)
        decided()
    return woken


def decide_due(provider: Provider, hold: Holding, at: Instant) -> None:
    """Decides what is due of a provider by an instant, before other terms hold: what has turned is told.

    In the transaction of the caller, who holds the provider. What cannot be decided keeps no other terms from
    holding, by which it may be.
    """
    due = ScopeRow.objects.filter(provider=provider, next_at__lte=at).order_by("next_at")

    def decided(own: Sequence[int]) -> int:
        with transaction.atomic():
            return _decide(provider, hold, due.filter(pk__among=own), at)

    def told(pk: int) -> None:
        said = _said(due, pk)
        log.exception("what is due cannot be decided before other terms hold", scope=said)

    by_halves(list(due.values_list("pk", flat=True)), decided, told)


class Aside(NamedTuple):
    """A scope that could not be decided, by the key of its provider, and when."""

    provider: str
    contract: str
    kind: str
    subject: str
    at: Instant


@over_every_provider()
def set_aside(most: int) -> list[Aside]:
    """The scopes that cannot be decided, at most so many, those that were tried last first.

    What was decided since comes again at another instant than what was put off.
    """
    rows = ScopeRow.objects.filter(aside_at__isnull=False, next_at=F("aside_at") + PUT_OFF_US)
    said = ("provider__key", "contract", "kind", "subject", "aside_at")
    return [Aside(*one) for one in rows.order_by("-aside_at").values_list(*said)[:most]]


class _Turn(NamedTuple):
    """What is due by an instant, and what of it cannot be decided."""

    due: QuerySet[ScopeRow]
    at: Instant
    observed: Callable[[int], Observations]
    set_aside: Callable[[], None]

    def decided(self, provider_id: int, own: Sequence[int]) -> int:
        """Decides rows of a provider; says of how many. What cannot be decided keeps no other from being."""
        return by_halves(own, partial(self._decided, provider_id), partial(self._put_off, provider_id))

    def _decided(self, provider_id: int, own: Sequence[int]) -> int:
        with between(provider_id), writing():
            provider = locked(provider_id)
            # Another worker may have come first.
            rows = self.due.filter(pk__among=own)
            woken = _decide(provider, holding(provider), rows, self.at, self.observed)
            point("wake.before_commit")
        point("wake.after_commit")
        return woken

    def _put_off(self, provider_id: int, pk: int) -> None:
        """Called while the fault is handled: a scope comes again later, and stands first no more."""
        with between(provider_id), writing():
            log.exception("a scope cannot be decided, and is set aside", scope=_said(self.due, pk))
            self.due.filter(pk=pk).update(next_at=self.at + PUT_OFF_US, aside_at=self.at)
        self.set_aside()


def _said(due: QuerySet[ScopeRow], pk: int) -> object:
    """Which scope a row is of, for the log."""
    return due.filter(pk=pk).values("provider__key", "contract", "kind", "subject").first()


def _decide(
    provider: Provider, hold: Holding, rows: QuerySet[ScopeRow], at: Instant,
    observed: Callable[[int], Observations] = held_observations,
) -> int:  # fmt: skip
    """Decides the scopes of rows that are due; says how many those were."""
    kept = KeptScopes(provider)
    scopes = _due(hold, rows, kept)
    if scopes:
        rested = [scope for scope, rests in scopes.items() if rests]
        seen = observed(provider.pk)
        decide(provider, hold, scopes, Shelf(provider.pk, at), at, seen, rested=rested, kept=kept)
    return len(scopes)


def _due(hold: Holding, rows: QuerySet[ScopeRow], kept: KeptScopes) -> dict[Scope, bool]:
    """The scopes of rows, and of each whether nothing was told of it since it was asked for last."""
    found: dict[Scope, bool] = {}
    said = (*KEYS, "next_at", "asked_at", "pk", "states")
    for contract, kind, subject, next_at, asked_at, *own in rows.values_list(*said):
        kept.learn((contract, kind, subject), Kept(*own))
        terms = hold.terms.get(contract)
        has_rested = terms is not None and next_at == settles_at(terms, asked_at)
        found[scope_of(contract, kind, subject)] = has_rested
    return found
