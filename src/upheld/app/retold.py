"""A digest that goes out is looked at again: what it tells of may be over by then, as what waited may be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from django.db.models import QuerySet

from upheld.app.coalesce import DIGEST, tell
from upheld.app.composing import OVER
from upheld.app.looked_again import look_again
from upheld.app.other_ways import same_by_other_ways, told_otherwise
from upheld.core.timeline.instant import Instant
from upheld.store.models import Message, Provider
from upheld.store.updating import update

NOTHING_LEFT: Final = "nothing is left that this digest would tell"


def retold(
    provider: Provider, rows: Sequence[Message], may_have_arrived: Collection[int], at: Instant
) -> list[Message]:
    """Of messages that are locked those that still go out, each digest with what there is to tell of now.

    `may_have_arrived` are the ids of those that are repeated as they were. The caller holds the provider.
    """
    digests = [
        row for row in rows if row.rule == DIGEST and not row.contract and row.pk not in may_have_arrived
    ]
    if not digests:
        return list(rows)
    _leave_out(provider, [row for one in digests for row in _gathered(one)], at)
    for digest in digests:
        if (left := _gathered(digest)).exists():
            tell(digest, left)
            continue
        digest.state, digest.said, digest.ended_at = "suppressed", NOTHING_LEFT, at
        digest.next_at = digest.fall_back_at = None
    update(digests, ("state", "said", "ended_at", "next_at", "fall_back_at"))
    return [row for row in rows if row.state == "waiting"]


def _gathered(digest: Message) -> QuerySet[Message]:
    """What a digest tells of, by whichever way it goes: the first one of them has gathered it."""
    of = [digest] if digest.rank == 0 else same_by_other_ways([digest])
    return Message.objects.filter(digest__in=of).select_related("person")


def _leave_out(provider: Provider, gathered: Sequence[Message], at: Instant) -> None:
    """Takes out of digests what is over, what another way has told, and what has moved, which waits again."""
    for row in gathered:  # what waits again may go the next way
        row.fall_back_at = at if row.spare else None
    look_again(provider, [row for row in gathered if row.contract and row.stage != "event"], at)
    told = told_otherwise(gathered)
    out = [row for row in gathered if row.said == OVER or row.next_at is not None or row.pk in told]
    for row in out:
        row.digest = row.alone_at = None
        if row.pk in told:
            row.said, row.next_at, row.fall_back_at = told[row.pk], None, None
        elif row.next_at is not None:
            row.state, row.said, row.ended_at, row.owed_at = "waiting", "", None, at
    update(out, ("state", "said", "owed_at", "ended_at", "next_at", "fall_back_at", "alone_at", "digest_id"))
