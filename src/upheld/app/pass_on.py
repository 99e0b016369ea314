"""Changes are passed on to endpoints: each as one message, in the order of their numbers.

An endpoint keeps the number of the last change that was passed on, and gets those behind it between its own
walls, by the same question that whoever follows changes asks. So nothing is missed and nothing is owed twice,
whoever stops in between; and what an endpoint does not take in time waits where it was told, not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from upheld.app.apart import apart
from upheld.app.changes import Changed, changed_record, changes_of, newest_change
from upheld.app.crash import point
from upheld.app.events import event_text, kind_of
from upheld.app.inside import earliest, is_any
from upheld.app.policies import Who
from upheld.core.timeline.instant import Instant
from upheld.store.locking import writing
from upheld.store.models import Change, Endpoint, Message
from upheld.store.walls import between, over_every_provider

MOST_WAITING: Final = 50
"""So many events that nobody has tried yet wait for one endpoint."""


def pass_on(at: Instant) -> int:
    """Writes the messages of what changed since it was last passed on; says how many."""
    owed = 0
    with over_every_provider():
        behind = list(_behind(at).values_list("provider_id", "customer_id", "pk"))
    for provider_id, customer_id, pk in behind:
        with apart("changes are passed on", provider_id), between(provider_id, customer_id), writing():
            # Whoever else passes on to it does so now.
            rows = Endpoint.objects.filter(pk=pk, state="live").select_related("provider")
            endpoint = rows.select_for_update(skip_locked=True, of=("self",)).first()
            owed += 0 if endpoint is None else _passed_on(endpoint, at)
            point("pass_on.before_commit")
        point("pass_on.after_commit")
    return owed


def is_behind(at: Instant) -> bool:
    """Whether anything is to be passed on."""
    return is_any(_behind(at))


def who_of(endpoint: Endpoint) -> Who:
    """Between which walls an endpoint is told."""
    name = endpoint.provider.name
    actor = f"endpoint/{endpoint.pk}"
    return Who(endpoint.provider_id, name, endpoint.customer_id, None, "", frozenset(), actor, 0, "")


def next_pass() -> Instant | None:
    """When something is passed on next: as soon as an endpoint that is behind does not rest."""
    return earliest(_all_behind(), "rests_until")


def _behind(at: Instant) -> QuerySet[Endpoint]:
    return _all_behind().filter(rests_until__lte=at)


def _all_behind() -> QuerySet[Endpoint]:
    newer = Change.objects.filter(provider=OuterRef("provider"), pk__gt=OuterRef("told"))
    return Endpoint.objects.filter(Exists(newer), state="live")


def _passed_on(endpoint: Endpoint, at: Instant) -> int:
    untried = endpoint.messages.filter(state__in=("waiting", "sending"), attempts=None).count()
    room = MOST_WAITING - untried
    if room <= 0:
        return 0
    # Read first: what comes meanwhile has a greater number, and is passed on the next time.
    who = who_of(endpoint)
    newest = newest_change(who)
    found = changes_of(who, endpoint.told, room)
    last = found[-1].number if found else 0
    endpoint.told = last if len(found) == room else max(newest, last)
    endpoint.save(update_fields=["told"])
    owed = list(_messages(endpoint, found, at))
    Message.objects.bulk_create(owed, ignore_conflicts=True)
    return len(owed)


def _messages(endpoint: Endpoint, found: Iterable[Changed], at: Instant) -> Iterator[Message]:
    for one in found:
        kind = kind_of(one.after)
        if not endpoint.kinds or kind in endpoint.kinds:
            cause, text = f"change/{one.number}", event_text(kind, one.at, changed_record(one))
            yield event(endpoint, kind, _key(endpoint, text), cause, text, one.at, at, one.contract)


def _key(endpoint: Endpoint, text: str) -> str:
    """What makes an event for an endpoint the one it is: all it says, as an older backup counts anew."""
    parts = (endpoint.provider.key, "endpoint", str(endpoint.pk), text)
    return sha256("\x1f".join(parts).encode()).hexdigest()


def event(
    endpoint: Endpoint, kind: str, key: str, cause: str, text: str, happened_at: Instant, at: Instant,
    contract: str = "",
) -> Message:  # fmt: skip
    """An event as a message that is owed from now on."""
    return Message(
        provider_id=endpoint.provider_id,
        key=key,
        contract=contract,
        cause=cause,
        rule=kind,
        stage="",
        stage_at=happened_at,
        urgency="planned",
        audience="provider" if endpoint.customer_id is None else "customer",
        endpoint=endpoint,
        subject="",
        text=text,
        owed_at=at,
        next_at=at,
    )
