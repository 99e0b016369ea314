"""What is kept beside the facts is made anew from them: it is a cached fold, and must come out the same."""

from __future__ import annotations

from upheld.app.apply import decide_all
from upheld.app.record import correct_anew
from upheld.app.terms import forget, holding
from upheld.core.timeline.instant import Instant
from upheld.store.locking import locked, writing


def rebuild(provider_id: int, at: Instant) -> None:
    """Decides everything of a provider as of an instant, from its texts and facts alone."""
    with writing():
        provider = locked(provider_id)
        forget()
        hold = holding(provider)
        correct_anew(provider, hold)
        decide_all(provider, hold, at, whole=True)
