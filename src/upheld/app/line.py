"""Who is next: the messages that are due by a way, in the order in which they go out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from typing import Final, TypeAlias

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from upheld.app.coalesce import DIGEST
from upheld.core.timeline.instant import SECOND, Duration, Instant
from upheld.notify.pace import AT_ONCE
from upheld.notify.repeating import Way
from upheld.store.models import Message, Provider
from upheld.store.walls import over_every_provider

SEEN_US: Final[Duration] = SECOND // 5
"""So long what was seen to stand in line is taken from there, and not asked again."""
_FIRST: Final = {"page": 0, "urgent": 1, "planned": 2}


_Seen: TypeAlias = tuple[int, int, bool]
"""The provider and the key of a message, and whether it is to be looked at again before it goes out."""


class Line:
    """What one sender saw waiting for a way, pages first, then in turn.

    It is decided of what is new how it goes out, a page too: whoever decides of any has to `forget` what was
    seen. What is tried again may wait for `SEEN_US`. Endpoints rest between two events: theirs are always
    asked.
    """

    def __init__(self, way: Way) -> None:
        self._way = way
        self._seen: list[_Seen] = []
        self._seen_at: Instant = 0

    def forget(self) -> None:
        """The next time all is asked again."""
        self._seen = []

    def next(self, at: Instant, most: int) -> Iterator[list[_Seen]]:
        """The first so many; then all others, for whoever could not take as many."""
        is_known = len(self._seen) >= most and self._seen_at <= at < self._seen_at + SEEN_US
        if self._way == "event" or not is_known:
            self._seen, self._seen_at = _looked(self._way, at, most), at
        for many in (most, len(self._seen)):
            some, self._seen = self._seen[:many], self._seen[many:]
            if some:
                yield some


def due_by(way: Way, at: Instant) -> QuerySet[Message]:
    """What is to be sent by a way; of events those for endpoints that can take another one now."""
    due = Message.objects.filter(state="waiting", next_at__lte=at)
    if way != "event":
        return due.filter(alone_at__isnull=False, reach__way=way)
    under_way = Message.objects.filter(state="sending", endpoint__isnull=False).values("endpoint")
    busy = under_way.annotate(count=Count("pk")).filter(Q(count__gte=AT_ONCE) | Q(endpoint__failed__gt=0))
    free = due.filter(endpoint__isnull=False, endpoint__rests_until__lte=at)
    return free.exclude(endpoint__in=busy.values("endpoint"))


def order_of(row: Message) -> tuple[int, Instant, int]:
    """By which messages of one provider stand in line."""
    return _FIRST[row.urgency], row.next_at or 0, row.pk


def _looked(way: Way, at: Instant, most: int) -> list[_Seen]:
    """What stands in line now, and at least four times as many as are taken, if there are."""
    due = due_by(way, at)
    with over_every_provider():
        if not due.exists():  # who only looks holds nobody up
            return []
        return list(dict.fromkeys([*_pages(due, most), *_in_turn(due, most)]))


def _pages(due: QuerySet[Message], most: int) -> Iterator[_Seen]:
    """Each page, however much else is due before. Nothing is asked of it again: it wakes somebody at once."""
    rows = due.filter(urgency="page").order_by("next_at", "pk").values_list("provider_id", "pk")
    return ((provider_id, pk, False) for provider_id, pk in rows[: 2 * most])


def _in_turn(due: QuerySet[Message], most: int) -> Iterator[_Seen]:
    """What is due, of one provider after the other: who has much to tell holds up nobody else.

    First comes of whom least is being sent: a sender that is free next asks again.
    """
    first = due.filter(provider=OuterRef("pk")).order_by("next_at").values("next_at")[:1]
    sending = Message.objects.filter(state="sending", provider=OuterRef("pk")).order_by()
    busy = sending.values("provider").annotate(count=Count("pk")).values("count")
    rows = Provider.objects.annotate(since=Subquery(first)).filter(since__isnull=False)
    waiting = rows.annotate(busy=Coalesce(Subquery(busy), 0)).order_by("busy", "since")
    of_each: list[list[_Seen]] = []
    for provider_id in list(waiting.values_list("pk", flat=True)[:most]):
        own = due.filter(provider=provider_id).order_by("next_at", "pk")
        told = sorted(
            own.values_list("urgency", "next_at", "pk", "hold", "rule", "contract")[: 4 * most],
            key=lambda row: (_FIRST[row[0]], *row[1:3]),
        )
        of_each.append(
            [
                (provider_id, pk, urgency != "page" and (hold > 0 or (rule == DIGEST and not contract)))
                for urgency, _, pk, hold, rule, contract in told
            ]
        )
    turns = chain.from_iterable(zip_longest(*of_each))
    yield from islice((one for one in turns if one is not None), 4 * most)
