"""Messages go out: taken by one sender at a time, sent outside of any transaction, and marked afterwards.

Whoever takes a message holds it for a while under a number. A sender that is stopped for longer has
lost it: what it marks then changes nothing. What was being sent when a sender went away may have arrived:
that is recorded as an attempt of which nobody knows, and the message is sent again by the rules of its way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from upheld.app.apart import apart
from upheld.app.coalesce import coalesce
from upheld.app.crash import point
from upheld.app.events import proof_of
from upheld.app.faring import ON, address_of, fared, pace_of
from upheld.app.inside import earliest, providers_of
from upheld.app.line import Line, due_by, order_of
from upheld.app.looked_again import still_so
from upheld.app.other_ways import end_others, leave_told
from upheld.app.put_to_rest import lock_ways, put_to_rest
from upheld.app.retold import retold
from upheld.app.targets import is_marked
from upheld.app.wake_no_more import end_unwanted, is_unwanted
from upheld.core.timeline.instant import MINUTE, SECOND, Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.notify.message import Delivery
from upheld.notify.message import Message as Text
from upheld.notify.repeating import Again, Over, Way, next_step
from upheld.store.inserting import insert
from upheld.store.locking import locked, writing
from upheld.store.models import Attempt, Endpoint, Message, Provider
from upheld.store.sealing import SealError, unseal
from upheld.store.updating import update
from upheld.store.walls import between

HOLD_US: Final[Duration] = 30 * SECOND
"""So long a message is held unless whoever sends it says that it is still at it."""
UNREADABLE_US: Final[Duration] = MINUTE
"""So long a message rests whose address this server cannot read."""
REPEATS: Final = {
    "en": "This message may have reached you before.",
    "nl": "Dit bericht heeft u misschien al eerder ontvangen.",
}
LOST: Final = "the sender went away while it was sending"

Draw = Callable[[], int]
"""A number from 0 to a million, another one each time: spreads what would come back together."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that is being sent under a number, and where to. `text` is what the channel sends.

    `endpoint_id` is whom an event is for, `reach_id` the way to somebody. `is_marked`: it may go to private
    networks.
    """

    id: int
    provider_id: int
    hold: int
    way: Way
    address: str
    text: Text
    endpoint_id: int | None = None
    reach_id: int | None = None
    is_marked: bool = False


def take(way: Way, at: Instant, most: int = 50, line: Line | None = None) -> list[Taken]:
    """Takes messages that are to be sent by a way, as they stand in line: pages first.

    They are held from now on. What of a burst comes in a digest is not among them; events are for programs,
    which are told each. `line` is what was seen before; without it that is asked now.
    """
    line = line or Line(way)
    if way != "event" and coalesce(way, at):
        line.forget()  # what is new may go before
    taken: list[Taken] = []
    # What somebody else is taking is left to them, and what comes next is taken instead.
    for some in line.next(at, most):
        for provider_id in dict.fromkeys(of for of, *_ in some):
            own = due_by(way, at).filter(pk__in=[pk for of, pk, _ in some if of == provider_id])
            is_again = way != "event" and any(again for of, _, again in some if of == provider_id)
            if len(taken) < most:
                with between(provider_id), writing():
                    # Whoever decides of them holds it, and before any message.
                    provider = locked(provider_id) if is_again else None
                    taken += _held(way, own, at, most - len(taken), provider)
        if len(taken) >= most:
            break
    if taken:
        point("send.taken")
    return taken


def _few_for_each(rows: Iterable[Message]) -> Iterator[Message]:
    """So many for each endpoint as may be under way: one that hangs holds up no other."""
    begun: Counter[int] = Counter()
    for row in rows:
        if row.endpoint is not None:
            begun[row.endpoint.pk] += 1
            if begun[row.endpoint.pk] > pace_of(row.endpoint).at_once:
                continue
        yield row


def _held(way: Way, due: QuerySet[Message], at: Instant, most: int, provider: Provider | None) -> list[Taken]:
    """Messages of a provider, held from now on. If that is held, too, they are looked at again."""
    held: dict[Message, Taken] = {}
    free = due.select_for_update(skip_locked=True, of=("self",))
    free = free.select_related("endpoint") if way == "event" else free.select_related("reach", "person")
    rows = leave_told(list(_few_for_each(sorted(free, key=order_of)))[:most], at)
    may_be_twice = _may_have_arrived(rows)
    if provider is not None:
        rows = retold(provider, still_so(provider, rows, may_be_twice, at), may_be_twice, at)
    is_of_marked = bool(rows) and way != "mail" and is_marked(rows[0].provider_id)
    for row in rows:
        try:
            address, text = _as_sent(row, row.pk in may_be_twice, at)
        except SealError as fault:  # the others go on, and this one when its key is back
            row.said, row.next_at = str(fault), at + UNREADABLE_US
            row.save(update_fields=["said", "next_at"])
            continue
        row.state, row.hold, row.held_until = "sending", row.hold + 1, at + HOLD_US
        of_customer = row.endpoint is not None and row.endpoint.customer_id is not None
        may_be_private = is_marked(row.provider_id, is_customers=True) if of_customer else is_of_marked
        held[row] = Taken(
            row.pk,
            row.provider_id,
            row.hold,
            way,
            address,
            text,
            row.endpoint_id,
            row.reach_id,
            may_be_private,
        )
    update(held, ("state", "hold", "held_until"))
    return [*held.values()]


def _may_have_arrived(rows: Iterable[Message]) -> set[int]:
    """The ids of messages of which nobody knows whether an attempt before arrived."""
    tried = [row.pk for row in rows if row.hold]
    if not tried:  # as nearly always: to ask about nothing takes as long as to ask
        return set()
    unknown = Attempt.objects.filter(message__in=tried, state="unknown")
    return set(unknown.values_list("message_id", flat=True))


def _as_sent(row: Message, may_be_twice: bool, at: Instant) -> tuple[str, Text]:
    """The address of a message, and what is sent there."""
    language = "en" if row.person is None else row.person.language
    repeat = REPEATS.get(language, REPEATS["en"]) if may_be_twice else ""
    if row.endpoint is None:
        assert row.reach is not None
        return unseal(row.reach.sealed), Text(row.key, row.subject, row.text, possible_repeat=repeat)
    data, proof = row.text.encode(), proof_of(row.rule, row.text)
    return address_of(row.endpoint, at), Text(row.key, "", "", data=data, possible_repeat=repeat, proof=proof)


def still_at_it(taken: Iterable[Taken], at: Instant) -> None:
    """Messages are held on, as long as they are held under the numbers under which they were taken."""
    for one in taken:
        with between(one.provider_id):
            _held_as(one).update(held_until=at + HOLD_US)


def give_back(taken: Iterable[Taken], at: Instant) -> None:
    """Messages that nobody began to send wait again, as long as they are held under these numbers."""
    for one in taken:
        with between(one.provider_id), writing():
            end_unwanted(_held_as(one), at)
            _held_as(one).filter(next_at__isnull=False).update(state="waiting", held_until=None)


def _held_as(taken: Taken) -> QuerySet[Message]:
    return Message.objects.filter(pk=taken.id, hold=taken.hold, state="sending")


def sent(taken: Taken, delivery: Delivery, at: Instant, draw: Draw) -> bool:
    """Marks what became of an attempt. False, and nothing is changed, if the message was lost meanwhile."""
    return taken.id in mark([(taken, delivery)], at, draw)


def mark(ended: Sequence[tuple[Taken, Delivery]], at: Instant, draw: Draw) -> set[int]:
    """Marks what became of attempts for one provider: all of it, or nothing. Gives the ids of those marked.

    What was lost meanwhile is not among them, and nothing of it is changed.
    """
    deliveries = {(taken.id, taken.hold): delivery for taken, delivery in ended}
    with between(ended[0][0].provider_id), writing():
        # An endpoint and a way are locked before their messages, by whoever locks both.
        endpoints = {taken.endpoint_id for taken, _ in ended} - {None}
        if endpoints:
            _lock(endpoints)
        resting = [taken for taken, delivery in ended if _may_rest(taken.way, delivery)]
        may_rest = {taken.reach_id for taken in resting} - {None}
        if resting:
            lock_ways(resting[0].provider_id, may_rest, {taken.endpoint_id for taken in resting})
        held = Message.objects.filter(pk__in=[pk for pk, _ in deliveries], state="sending")
        rows = held.select_for_update(of=("self",)).select_related("endpoint" if endpoints else "reach")
        found = [
            (row, deliveries[row.pk, row.hold])
            for row in rows.order_by("pk")
            if (row.pk, row.hold) in deliveries
        ]
        _mark(found, at, draw, may_rest)
    point("send.marked")
    return {row.pk for row, _ in found}


def recover(at: Instant, draw: Draw, everything: bool = False) -> int:
    """Messages whose sender went away are sent again; says how many. `everything`: nobody else is sending."""
    lost = Message.objects.filter(state="sending")
    lost = lost if everything else lost.filter(held_until__lt=at)
    found = 0
    for provider_id in providers_of(lost):
        with apart("messages are taken up", provider_id), between(provider_id), writing():
            own = lost.filter(provider_id=provider_id)
            endpoints = set(own.filter(endpoint__isnull=False).values_list("endpoint", flat=True))
            _lock(endpoints)
            hooks = set(own.filter(reach__way="webhook").values_list("reach_id", flat=True))
            if hooks or endpoints:
                lock_ways(provider_id, hooks, endpoints)
            rows = own.select_for_update(skip_locked=True, of=("self",)).select_related("reach", "endpoint")
            gone = [(row, Delivery("unknown", at, LOST)) for row in rows.order_by("pk")]
            _mark(gone, at, draw, hooks)
            found += len(gone)
    return found


def _lock(endpoints: Iterable[int | None]) -> None:
    list(Endpoint.objects.select_for_update(of=("self",)).filter(pk__in=list(endpoints)).order_by("pk"))


def _may_rest(way: Way, delivery: Delivery) -> bool:
    """Whether nothing more may go by a way to somebody, or to an endpoint, after an attempt."""
    return delivery.disables or (way in ("webhook", "event") and delivery.state != "accepted")


def _mark(
    found: Sequence[tuple[Message, Delivery]], at: Instant, draw: Draw, ways: Collection[int | None]
) -> None:
    """Attempts are written down, and what follows from them and those before. The messages are locked.

    `ways` are those to people that are locked, too: no other is put to rest. A message whose way was replaced
    while it was being sent was not sent by the new one.
    """
    made: dict[int, list[Attempt]] = {row.pk: [] for row, _ in found}
    held_before = [row.pk for row, _ in found if row.hold > 1]
    if held_before:
        for one in Attempt.objects.filter(message__in=held_before).order_by("number"):
            made[one.message_id].append(one)
    new = [(row.pk, len(made[row.pk]) + 1, one.at, one.state, one.evidence, one.code) for row, one in found]
    insert(Attempt, ("message_id", "number", "begun_at", "state", "said", "code"), new)
    follows = [_follow(row, made[row.pk], delivery, at, draw) for row, delivery in found]
    update([row for row, _ in found], ("state", "held_until", "next_at", "said", "ended_at"))
    end_others([row for row, _ in found if row.state == "accepted"], at)
    for (row, delivery), (attempts, step) in zip(found, follows, strict=True):
        gives_up = isinstance(step, Over) and step.disables
        if gives_up and row.reach is not None and row.reach_id in ways:
            put_to_rest(row.reach, delivery.evidence, at)
        if row.endpoint_id is not None:
            fared(row.endpoint_id, row.rule, delivery, attempts[0].at if gives_up else None, at)


def _follow(
    row: Message, made: Iterable[Attempt], delivery: Delivery, at: Instant, draw: Draw
) -> tuple[list[Delivery], Again | Over]:
    """Writes into a row what follows from an attempt, after those that were made; gives all that count."""
    # What was owed again begins anew.
    before = [
        Delivery(one.state, one.begun_at, one.said)  # type: ignore[arg-type]  # one of the states
        for one in made
        if one.begun_at >= row.owed_at
    ]
    attempts = [*before, delivery]
    step = next_step(_way_of(row), attempts, draw(), row.urgency == "page")
    row.held_until = None
    if delivery.state != "accepted" and is_unwanted(row):
        row.state, row.ended_at = "suppressed", at
    elif isinstance(step, Again) and _has_way(row):
        row.state, row.next_at = "waiting", step.at
    else:
        # Where the way was taken away meanwhile, nothing is sent again.
        row.state = "accepted" if delivery.state == "accepted" else "failed"
        row.said, row.ended_at, row.next_at = delivery.evidence, at, None
    return attempts, step


def _has_way(row: Message) -> bool:
    return row.endpoint.state in ON if row.endpoint is not None else row.reach is not None


def _way_of(row: Message) -> Way:
    if row.endpoint_id is not None:
        return "event"
    return row.reach.way if row.reach is not None else "mail"  # type: ignore[return-value]  # one of the ways


def next_send() -> Instant | None:
    """When a message goes out next, or a held one is given up."""
    waiting = Message.objects.filter(state="waiting", endpoint__isnull=False)
    events = waiting.annotate(goes_at=Greatest(F("next_at"), F("endpoint__rests_until")))
    held = Message.objects.filter(state="sending")
    found = (next_told(), earliest(events, "goes_at"), earliest(held, "held_until"))
    return min((one for one in found if one is not None), default=None)


def next_told() -> Instant | None:
    """When a message to somebody goes out next. How fast endpoints take their events is theirs."""
    return earliest(Message.objects.filter(state="waiting", endpoint=None), "next_at")
