"""Messages that are wanted no more, as of a page: what waits is not sent, what is being sent not again."""

from __future__ import annotations

from django.db.models import QuerySet

from upheld.core.timeline.instant import Instant
from upheld.store.locking import hold_in_order
from upheld.store.models import Message, Page


def wake_no_more(page: Page, why: str, at: Instant) -> None:
    """In the transaction of the caller. An attempt that is under way may still be accepted."""
    rows = page.messages.all()
    hold_in_order(rows)
    no_more(rows, why, at)


def no_more(rows: QuerySet[Message], why: str, at: Instant) -> None:
    """What waits of messages is not sent, what is being sent not again, and nothing goes the next way."""
    rows.update(fall_back_at=None)  # locks them all: none begins or ends to be sent in between
    rows.filter(state="waiting").update(state="suppressed", said=why, ended_at=at, next_at=None)
    rows.filter(state="sending").update(said=why, next_at=None)


def is_unwanted(row: Message) -> bool:
    """Whether what is being sent is not sent again; `said` is why then."""
    return row.state == "sending" and row.next_at is None


def end_unwanted(rows: QuerySet[Message], at: Instant) -> None:
    """Those of these messages that are being sent, and are not sent again, are at their end."""
    unwanted = rows.filter(state="sending", next_at=None)
    unwanted.update(state="suppressed", ended_at=at, held_until=None)
