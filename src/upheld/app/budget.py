"""How many messages a provider, and the whole server, send within a while: what exceeds that waits.

Pages are never held back, and count for nothing. How fast endpoints take their events is theirs. Several
workers that decide at the same instant may each use what is left, so it is exceeded by what they do at once.
Source: safety.md, threat 20 and floods.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db.models import Count, QuerySet

from upheld.core.alerting.delivery import Budget
from upheld.core.timeline.instant import MINUTE, Duration, Instant
from upheld.store.models import Message
from upheld.store.walls import over_every_provider

WAIT_US: Final[Duration] = MINUTE
"""So much later it is looked whether there is room for what was held back."""
OVER: Final = "waits: more was sent in ten minutes than the budget of messages allows (UPHELD_BUDGET)"
_FIRST: Final = {"urgent": 0, "planned": 1}


@over_every_provider()
def left(at: Instant) -> tuple[dict[int, int], int]:
    """What each provider that sent lately has left, and the whole server; digests that are to come count."""
    budget: Budget = settings.BUDGET
    lately = Message.objects.filter(alone_at__gt=at - budget.within_us).exclude(urgency="page")
    of_each = lately.order_by().values("provider").annotate(many=Count("pk"))
    counts = dict(of_each.values_list("provider", "many"))
    left_of = {provider_id: budget.of_provider - many for provider_id, many in counts.items()}
    return left_of, budget.of_server - sum(counts.values())


def hold_back(rows: Iterable[Message], room: int, at: Instant) -> int:
    """Of messages that were to go out by themselves those that have no room wait; how many have room.

    What is urgent goes first, then what was owed first. Those that wait are decided anew when they come back.
    """
    alone = [row for row in rows if row.alone_at == at and row.urgency in _FIRST]
    alone.sort(key=lambda row: (_FIRST[row.urgency], row.owed_at, row.pk))
    room = max(0, room)
    for row in alone[room:]:
        row.alone_at, row.said, row.next_at = None, OVER, at + WAIT_US
        if row.fall_back_at is not None:  # by another way it would be no fewer
            row.fall_back_at += WAIT_US
    return min(room, len(alone))


def held_back() -> QuerySet[Message]:
    """Messages that wait because of the budget."""
    return Message.objects.filter(state="waiting", next_at__isnull=False, alone_at=None, said=OVER)
