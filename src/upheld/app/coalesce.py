"""What goes out by itself, and what of a burst is told of in a digest: decided when it is due, once.

Nothing is lost by it: what is told of in a digest is suppressed with that reason, and leads to the digest,
which is a message like any other. Source: design 9, messages; safety R3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from upheld.app.apart import in_turn
from upheld.app.budget import hold_back, left
from upheld.app.composing import message_key, reader_of
from upheld.app.crash import point
from upheld.app.looked_again import WAITED, look_again
from upheld.core.alerting.delivery import BURST, CLASS_DEADLINES, Burst, Past, Waiting, gathered
from upheld.core.alerting.digest import MOST_LISTED, digest_of
from upheld.core.alerting.template import Rendered
from upheld.core.terms.telling import Urgency
from upheld.core.timeline.instant import Instant, format_instant
from upheld.notify.repeating import Way
from upheld.store.locking import locked, writing
from upheld.store.models import Message, Reach
from upheld.store.updating import update
from upheld.store.walls import between

AT_ONCE: Final = 1_000
"""So many messages are decided in one go."""
DIGEST: Final = "digest"
"""The rule and the stage of a digest, and of what it falls back to; these are of no contract."""
NAMELESS: Final = ("event", "told", "test")
"""Stages that are the only one of what they are about."""
COALESCED: Final = "coalesced: a digest tells of it"


def coalesce(way: Way, at: Instant) -> int:
    """Decides of the messages that are to be sent by a way how they go out; says of how many."""
    fresh = Message.objects.filter(state="waiting", next_at__lte=at, alone_at=None, reach__way=way)
    budget: tuple[dict[int, int], int] | None = None

    def decided(provider_id: int, pks: Sequence[int]) -> int:
        nonlocal budget
        of_each, of_all = budget or left(at)  # where nothing is fresh, as nearly always, nobody asks for it
        with between(provider_id), writing():
            room = min(of_all, of_each.get(provider_id, settings.BUDGET.of_provider))
            found = _decided(provider_id, fresh.filter(pk__in=pks), room, at)
            point("coalesce.before_commit")
        point("coalesce.after_commit")
        budget = of_each, of_all - found.alone
        return found.decided

    return in_turn("messages are decided", fresh.order_by("next_at"), AT_ONCE, decided)


class _Decided(NamedTuple):
    """How many messages were decided, and how many of them are paid for by the budget."""

    decided: int
    alone: int


def _decided(provider_id: int, fresh: QuerySet[Message], room: int, at: Instant) -> _Decided:
    """Messages of one provider, decided, with their digests written; so many have room in the budget."""
    waited = set(fresh.filter(WAITED).values_list("pk", flat=True))
    provider = locked(provider_id) if waited else None
    recipients = fresh.exclude(urgency="page").values_list("reach_id", flat=True)
    reaches = {one for one in recipients if one is not None}
    # Whoever decides of the same recipient at the same time waits here: two would each see room for a burst.
    list(Reach.objects.filter(pk__in=reaches).order_by("pk").select_for_update(no_key=True))
    free = fresh.select_for_update(of=("self",)).select_related("reach", "person", "provider")
    rows = sorted(free.order_by("pk"), key=lambda row: (row.reach_id or 0, *_order(row)))
    if provider is not None:
        look_again(provider, [row for row in rows if row.pk in waited], at)
    due = [row for row in rows if row.state == "waiting" and row.next_at is not None and row.next_at <= at]
    burst = BURST._replace(most=settings.BURST)
    pasts = _pasts(reaches, at, burst)
    for reach_id, some in groupby(due, key=lambda row: row.reach_id or 0):
        _decide(list(some), pasts.get(reach_id, Past()), burst, at)
    alone = hold_back(rows, room, at)
    update(rows, ("state", "said", "ended_at", "next_at", "fall_back_at", "alone_at", "digest_id"))
    for digest in Message.objects.filter(
        is_digest=True, pk__in={row.digest_id for row in rows if row.digest_id is not None}
    ).select_related("person"):
        tell(digest, digest.gathered.all())
    return _Decided(len(rows), alone)


def _order(row: Message) -> tuple[Instant, str, str, str]:
    """In which order messages are told: by when their stages lie, always the same."""
    return row.stage_at, row.cause, row.rule, row.stage


def _pasts(reaches: Iterable[int], at: Instant, burst: Burst) -> Mapping[int, Past]:
    """What went by these ways lately."""
    lately = Message.objects.filter(reach__in=reaches, is_digest=False, alone_at__gt=at - burst.within_us)
    alone: dict[int, list[Instant]] = {}
    for reach_id, alone_at in lately.exclude(urgency="page").values_list("reach_id", "alone_at"):
        if reach_id is not None and alone_at is not None:
            alone.setdefault(reach_id, []).append(alone_at)
    ahead = Message.objects.filter(reach__in=reaches, is_digest=True, state="waiting", next_at__gt=at)
    # What was tried once is told as it stands.
    open_ones = {row.reach_id: row for row in ahead.filter(attempts=None).order_by("next_at")}
    return {
        one: Past(tuple(alone.get(one, ())), row.key, row.next_at or 0)
        if (row := open_ones.get(one)) is not None
        else Past(tuple(alone.get(one, ())))
        for one in reaches
    }


def _decide(rows: list[Message], past: Past, burst: Burst, at: Instant) -> None:
    """What becomes of messages to one recipient by one way, which are all to go out now."""
    by_key = {row.key: row for row in rows}
    digests: dict[str, Message] = {}
    for one in gathered([_waiting(row, at) for row in rows], past, burst):
        row = by_key[one.key]
        if not one.digest:
            row.alone_at = at
            continue
        if one.digest not in digests:
            digests[one.digest] = _digest(row, one.digest, one.digest == past.digest, one.at, at)
        row.state, row.said, row.digest = "suppressed", COALESCED, digests[one.digest]
        row.ended_at, row.next_at, row.fall_back_at = at, None, None


def _waiting(row: Message, at: Instant) -> Waiting:
    urgency: Urgency = row.urgency  # type: ignore[assignment]  # rows have the words of the language
    return Waiting(row.key, at, urgency)


def _digest(row: Message, key: str, is_open: bool, goes_at: Instant, at: Instant) -> Message:
    """The digest of a key: the one that is open, or a new one, which a message begins."""
    if is_open:
        return Message.objects.get(provider_id=row.provider_id, key=key)
    assert row.reach is not None, "what has no way is not waiting"
    # What was in a digest and is owed anew may begin another one.
    person, cause = row.person_id or 0, f"digest/{row.key} at {format_instant(row.owed_at)}"
    return Message.objects.create(
        provider_id=row.provider_id,
        key=message_key(row.provider.key, DIGEST, cause, row.stage, person, row.reach.channel),
        contract="",
        cause=cause,
        rule=DIGEST,
        stage=DIGEST,
        stage_at=at,
        urgency=row.urgency,
        audience=row.audience,
        person=row.person,
        reach=row.reach,
        subject="",
        text="",
        owed_at=at,
        next_at=goes_at,
        spare=row.spare,
        fall_back_at=goes_at + CLASS_DEADLINES[row.urgency] if row.spare else None,  # type: ignore[index]
        is_digest=True,
        alone_at=goes_at,
    )


def tell(digest: Message, gathered: QuerySet[Message]) -> None:
    """Writes down what a digest says of the messages that it has now."""
    told = gathered.order_by("stage_at", "cause", "rule", "stage")
    count = told.count()
    rows = told.values_list("subject", "text", "contract", "stage")[:MOST_LISTED]
    listed = [Rendered(_line(*row) if count > 1 else row[0], row[1]) for row in rows]
    language = "en" if digest.person is None else reader_of(digest.person).language
    said = digest_of(listed, count, language)
    digest.subject, digest.text = said.subject, said.body
    digest.save(update_fields=["subject", "text"])


def _line(subject: str, text: str, contract: str, stage: str) -> str:
    """What tells one message of a digest from the others: the text of it, which says so, is not there."""
    beside = ", ".join(filter(None, (contract, "" if stage in NAMELESS else stage)))
    return f"{subject} ({beside})" if beside else subject
