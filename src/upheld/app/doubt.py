"""After a backup came back: what was to be sent may have been sent since, and nobody here knows."""

from __future__ import annotations

from django.db.models import Count, F

from upheld.app.inside import providers_of
from upheld.app.wake_no_more import end_unwanted
from upheld.core.timeline.instant import Instant
from upheld.store.locking import writing
from upheld.store.models import Attempt, Message
from upheld.store.walls import between

WHY = "an older backup came back: it may have been sent since"


def doubt(at: Instant) -> int:
    """Writes an attempt of which nobody knows to each message that is not at its end; says how many.

    So whoever gets it reads that it may be a repetition.
    """
    open_ones = Message.objects.filter(state__in=("waiting", "sending"))
    found = 0
    with writing():
        for provider_id in providers_of(open_ones):
            with between(provider_id):
                own = open_ones.filter(provider_id=provider_id)
                doubted = [
                    Attempt(message=row, number=row.made + 1, begun_at=at, state="unknown", said=WHY)
                    for row in own.annotate(made=Count("attempts"))
                ]
                Attempt.objects.bulk_create(doubted)
                # Only of what was held before it is looked up what may have arrived.
                own.update(hold=F("hold") + 1)
                end_unwanted(own, at)
                own.filter(state="sending").update(state="waiting", next_at=at, held_until=None)
                found += len(doubted)
    return found
