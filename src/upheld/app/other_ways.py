"""The same message by several ways: once one of them has accepted it, no other goes on with it.

A way that does not accept in time is followed by the next one, and is tried on. Who is told by either of them
was told. Messages of the other levels of a page are others: a chain goes on until somebody acknowledges.
Source: safety R4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db.models import Q, QuerySet

from upheld.app.composing import OVER
from upheld.app.wake_no_more import no_more
from upheld.core.timeline.instant import Instant
from upheld.store.models import Message

TOLD: Final = "accepted by another way: "
"""What ended a message that another way has accepted; the channel of that way comes behind."""

_Same = tuple[int | None, str, str, str]


def has_others(row: Message) -> bool:
    """Whether a message went by another way, too. What has fallen back keeps the ways that were next."""
    return row.person_id is not None and (row.rank > 0 or (row.spare != [] and row.fall_back_at is None))


def same_by_other_ways(rows: Iterable[Message]) -> QuerySet[Message]:
    """All that may be the same as one of these by any way; `same` says which is."""
    several = list(rows)
    return Message.objects.filter(
        provider__in={row.provider_id for row in several},
        person__in={row.person_id for row in several},
        cause__in={row.cause for row in several},
        rule__in={row.rule for row in several},
    )


def same(row: Message) -> _Same:
    """What is the same for a message by every way."""
    return row.person_id, row.rule, row.cause, row.stage


def told_otherwise(rows: Iterable[Message]) -> Mapping[int, str]:
    """Of these messages those that another way has accepted, alone or in a digest: by id, what ends them."""
    several = [row for row in rows if has_others(row)]
    if not several:  # as nearly always
        return {}
    accepted = same_by_other_ways(several).filter(Q(state="accepted") | Q(digest__state="accepted"))
    by = {same(row): row for row in accepted.select_related("reach")}
    return {row.pk: _said(by[same(row)]) for row in several if same(row) in by}


def last_untold(rows: Iterable[Message]) -> list[Message]:
    """Messages that were over, without those of which somebody hears by another way; of each the last."""
    over = list(rows)
    several = [row for row in over if row.rank or row.spare]
    by: dict[_Same, list[Message]] = {}
    for one in same_by_other_ways(several) if several else ():
        by.setdefault(same(one), []).append(one)
    return [row for row in over if not any(_goes_before(one, row) for one in by.get(same(row), ()))]


def _goes_before(one: Message, row: Message) -> bool:
    """Whether somebody hears of the same by one message, and not by another that was over."""
    is_told = one.state in ("waiting", "sending", "accepted") or one.digest_id is not None
    return one.pk != row.pk and (is_told or (one.said == OVER and one.rank > row.rank))


def leave_told(rows: Sequence[Message], at: Instant) -> list[Message]:
    """Messages that wait and are locked, without those that another way has accepted: these are at their end.

    What somebody else held when it was accepted is found here.
    """
    told = told_otherwise(rows)
    for pk, said in told.items():
        no_more(Message.objects.filter(pk=pk), said, at)
    return [row for row in rows if row.pk not in told]


def end_others(accepted: Iterable[Message], at: Instant) -> None:
    """What waits by other ways than that which has just accepted it ends; what is being sent is not repeated.

    In the transaction of the caller, who holds these. It waits for no other: two may mark two ways at once.
    """
    rows = list(accepted)
    if digests := [row.pk for row in rows if row.is_digest]:
        rows += Message.objects.filter(digest__in=digests).select_related("reach")
    told = {same(row): row for row in rows if has_others(row)}
    if not told:  # as nearly always
        return
    goes_on = Q(state__in=("waiting", "sending")) | Q(fall_back_at__isnull=False)
    others = same_by_other_ways(told.values()).filter(goes_on).exclude(pk__in=[row.pk for row in rows])
    for row in others.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
        if same(row) in told:
            no_more(Message.objects.filter(pk=row.pk), _said(told[same(row)]), at)


def _said(row: Message) -> str:
    return TOLD + ("a way that is there no more" if row.reach is None else row.reach.channel)
