"""Nobody is woken for a page any more: what waits to be sent is not, and what is being sent not again."""

from __future__ import annotations

from django.db.models import QuerySet

from upheld.core.timeline.instant import Instant
from upheld.store.models import Message, Page


def wake_no_more(page: Page, why: str, at: Instant) -> None:
    """In the transaction of the caller. An attempt that is under way may still be accepted."""
    page.messages.update(fall_back_at=None)  # locks them all: none begins or ends to be sent in between
    page.messages.filter(state="waiting").update(state="suppressed", said=why, ended_at=at, next_at=None)
    page.messages.filter(state="sending").update(said=why, next_at=None)


def is_unwanted(row: Message) -> bool:
    """Whether what is being sent is not sent again; `said` is why then."""
    return row.state == "sending" and row.next_at is None


def end_unwanted(rows: QuerySet[Message], at: Instant) -> None:
    """Those of these messages that are being sent, and are not sent again, are at their end."""
    unwanted = rows.filter(state="sending", next_at=None)
    unwanted.update(state="suppressed", ended_at=at, held_until=None)
