"""After a backup came back: what was to be sent may have been sent since, and nobody here knows."""

from __future__ import annotations

from django.db.models import Count, F

from upheld.core.timeline.instant import Instant
from upheld.store.locking import writing
from upheld.store.models import Attempt, Message

WHY = "an older backup came back: it may have been sent since"


def doubt(at: Instant) -> int:
    """Writes an attempt of which nobody knows to each message that is not at its end; says how many.

    So whoever gets it reads that it may be a repetition.
    """
    with writing():
        rows = Message.objects.filter(state__in=("waiting", "sending")).annotate(made=Count("attempts"))
        doubted = [
            Attempt(message=row, number=row.made + 1, begun_at=at, state="unknown", said=WHY) for row in rows
        ]
        Attempt.objects.bulk_create(doubted)
        # Somebody may have held it since: only what was held before is looked at for what may have arrived.
        Message.objects.filter(state__in=("waiting", "sending")).update(hold=F("hold") + 1)
        Message.objects.filter(state="sending").update(state="waiting", next_at=at, held_until=None)
    return len(doubted)
