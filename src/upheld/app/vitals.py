"""How the server fares: what lies due, what waits, who works, and how much was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.db.models import F, Max, Min, QuerySet, Sum

from upheld.app.budget import held_back
from upheld.app.due import next_of_ours
from upheld.app.handing_out import ending
from upheld.app.outbox import unheard
from upheld.app.send import next_told
from upheld.app.sequence import unsigned
from upheld.app.wake import next_wake
from upheld.core.timeline.instant import HOUR, SECOND, Duration, Instant
from upheld.store.locking import writing
from upheld.store.models import Message, Page, Provider, ScopeRow, Tally
from upheld.store.signs_of_life import end_signs, give_sign, signs_since
from upheld.store.walls import over_every_provider

COUNTED: Final = 10_000
"""So much that lies due is counted, and no more: who looks does not read a million rows."""
LOGS: Final = 100
"""So many logs are looked at that are not signed as they stand."""
SILENT_US: Final[Duration] = 30 * SECOND
"""A process that gave no sign of life for so long does not work."""
FORGOTTEN_US: Final[Duration] = HOUR
"""So long what was not stopped as asked is remembered."""


class Vitals(NamedTuple):
    """What lies due of scopes, of messages to people and of signatures, since when, and who works.

    At most `COUNTED` scopes and messages, and `LOGS` logs that are not signed as they stand.

    How fast endpoints take events is theirs: `events` wait for all of them. `failed` messages reached nobody
    by any way, and those `held_back` wait for the budget. Of `pages`, at most `COUNTED`, somebody else is
    woken next: nobody has acknowledged them.
    """

    scopes_due: int
    scopes_since: Instant | None
    messages_due: int
    messages_since: Instant | None
    logs_due: int
    logs_since: Instant | None
    waiting: int
    sending: int
    failed: int
    held_back: int
    events: int
    pages: int
    pages_since: Instant | None
    facts: int
    workers: int
    tokens_ending: int
    tallies: Mapping[str, int]


@over_every_provider()
def vitals(at: Instant) -> Vitals:
    """As of an instant."""
    messages = Message.objects.filter(state="waiting", endpoint=None)
    events = Message.objects.filter(state="waiting", endpoint__isnull=False)
    scopes = ScopeRow.objects.filter(next_at__lte=at)
    asking = Page.objects.filter(next_at__isnull=False)
    logs = unsigned(LOGS)
    return Vitals(
        _counted(scopes),
        next_wake(),
        _counted(messages.filter(next_at__lte=at)),
        next_told(),
        len(logs),
        min(logs.values(), default=None),
        _counted(messages.filter(next_at__isnull=False)),
        _counted(Message.objects.filter(state="sending")),
        _counted(unheard()),
        _counted(held_back()),
        _counted(events),
        _counted(asking),
        asking.aggregate(first=Min("paged_at"))["first"],
        Provider.objects.aggregate(told=Sum("position"))["told"] or 0,
        working(at),
        len(ending(at)),
        dict(Tally.objects.values_list("name", "count")),
    )


def _counted(rows: QuerySet[ScopeRow] | QuerySet[Message] | QuerySet[Page]) -> int:
    return rows.order_by()[:COUNTED].count()


def lag_us(at: Instant) -> Duration:
    """How long something has been due and not done, 0 if nothing is."""
    due_at = next_of_ours()
    return 0 if due_at is None else max(0, at - due_at)


def working(at: Instant) -> int:
    """How many processes gave a sign of life a short while ago."""
    return signs_since(at - SILENT_US)


def beat(name: str, at: Instant, done: Mapping[str, int]) -> None:
    """A sign of life of a process, and what it has done since the one before. OSError: nothing is counted."""
    give_sign(name, at, FORGOTTEN_US)
    count_up(done)


def count_up(done: Mapping[str, int]) -> None:
    """Adds to what was done by all processes: all of it, or nothing."""
    if not done:
        return
    with writing():
        for what in sorted(done):  # in one order, so that two processes never wait for each other
            if not Tally.objects.filter(name=what).update(count=F("count") + done[what]):
                Tally.objects.bulk_create([Tally(name=what)], ignore_conflicts=True)
                Tally.objects.filter(name=what).update(count=F("count") + done[what])


def leave(name: str, at: Instant, done: Mapping[str, int]) -> None:
    """A process is stopped as asked: nobody waits for a sign of it. OSError: nothing is counted."""
    end_signs(name, at, FORGOTTEN_US)
    count_up(done)


def newest_at() -> Instant:
    """When something was last recorded; 0 if nothing ever was."""
    with over_every_provider():
        return Provider.objects.aggregate(last=Max("recorded_at"))["last"] or 0
