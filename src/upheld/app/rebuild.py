"""What is kept beside the facts is made anew from them: it is a cached fold, and must come out the same."""

from __future__ import annotations

from typing import Final

from upheld.app.apply import decide_all
from upheld.app.decide import decide, mark
from upheld.app.record import change, correct_anew
from upheld.app.terms import forget, holding
from upheld.core.timeline.instant import Instant
from upheld.store.locking import locked, writing
from upheld.store.models import Provider
from upheld.store.shelf import Shelf
from upheld.store.walls import between, over_every_provider

KEPT_BY: Final = 2
"""The version of how what is in force of corrected facts is kept, and what quotas decide.

Count it up with every change of that.
"""


def rebuild(provider_id: int, at: Instant) -> None:
    """Decides everything of a provider as of an instant, from its texts and facts alone.

    What comes out in another state than it was kept in is told as a change.
    """
    with between(provider_id), writing():
        provider = locked(provider_id)
        forget()
        hold = holding(provider)
        correct_anew(provider, hold)
        provider.kept_by = KEPT_BY
        provider.save()
        decide_all(provider, hold, at, whole=True)


def _kept_by_older() -> list[int]:
    with over_every_provider():
        return list(Provider.objects.filter(kept_by__lt=KEPT_BY).values_list("pk", flat=True))


def bring_up_to_date(at: Instant) -> int:
    """Makes anew what an older version keeps of corrected facts, and of quotas; of how many providers.

    What that changes is decided, and whatever is promised by periods is asked for again, once: what an older
    version computed did not rest on what this one asks for. Among several servers that start, one does it.
    """
    done = 0
    for provider_id in _kept_by_older():
        with between(provider_id), writing():
            provider = locked(provider_id)
            if provider.kept_by >= KEPT_BY:
                continue
            hold = holding(provider)
            provider.kept_by = KEPT_BY
            shelf = Shelf(provider_id, at)
            change(provider, hold, correct_anew(provider, hold), shelf, at)
            for contract in filter(hold.narrow.counts, hold.terms):
                own = [scope for scope in hold.narrow.scopes(contract, shelf) if scope.kind is not None]
                decide(provider, hold, own, shelf, at)
            mark(provider, hold.terms, at)
            done += 1
    return done
