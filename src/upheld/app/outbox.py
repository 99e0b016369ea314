"""What was owed to whom, and what became of it."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from upheld.app.composing import NOBODY
from upheld.app.people import REMOVED
from upheld.core.alerting.delivery import CLASS_DEADLINES
from upheld.core.timeline.instant import HOUR, Duration, Instant
from upheld.store.models import Message
from upheld.store.walls import of_one_provider, over_every_provider

LATELY_US: Final[Duration] = HOUR


def unheard() -> QuerySet[Message]:
    """Messages that nobody took by any way: the last way failed, or there was nobody to tell.

    Not those of who was removed on purpose, nor what went another way. Source: safety R3.
    """
    rows = Message.objects.filter(state="failed", endpoint=None, fall_back_at=None, spare=[])
    return rows.exclude(said=REMOVED)


def unheard_lately(at: Instant) -> Instant | None:
    """Since when the last message of the last hour that reached nobody is known not to have; None if all did.

    So are pages that no way has taken in the time of their class.

    A page that waits for a relay that is down wakes nobody, however long it may still be tried. A customer of
    whom nobody is kept is not among these: their provider tells them otherwise.
    """
    since_at, within_us = at - LATELY_US, CLASS_DEADLINES["page"]
    over = unheard().exclude(audience="customer", said=NOBODY)
    over = over.filter(ended_at__gt=since_at).order_by("-ended_at")
    pages = Message.objects.filter(urgency="page", state__in=("waiting", "sending"), endpoint=None, spare=[])
    late = pages.filter(owed_at__gt=since_at - within_us, owed_at__lte=at - within_us).order_by("-owed_at")
    with over_every_provider():
        ended_at = over.values_list("ended_at", flat=True).first()
        owed_at = late.values_list("owed_at", flat=True).first()
    return max((one for one in (ended_at, owed_at and owed_at + within_us) if one is not None), default=None)


@of_one_provider
def messages_of(provider_id: int, after: int, most: int, state: str | None = None) -> list[Message]:
    """Messages of a provider in the order in which they were owed, those behind a number, with attempts.

    Events for endpoints are not among them.
    """
    rows = Message.objects.filter(provider_id=provider_id, endpoint=None, pk__gt=after).order_by("pk")
    rows = rows if state is None else rows.filter(state=state)
    return list(rows.select_related("person", "reach").prefetch_related("attempts")[:most])
