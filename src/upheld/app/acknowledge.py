"""Somebody who was woken says that they take care of it: a fact, after which nobody else is woken for it."""

from __future__ import annotations

from typing import Final, Literal

from upheld.app.crash import point
from upheld.app.record import record
from upheld.app.wake_no_more import wake_no_more
from upheld.core.facts.fact import Data, Fact
from upheld.core.facts.fact_types import ACKNOWLEDGED
from upheld.core.timeline.instant import Instant
from upheld.store.ledger import Salts
from upheld.store.locking import locked, writing
from upheld.store.models import Page
from upheld.store.walls import of_one_provider

SOURCE: Final = "upheld.pages"
How = Literal["api", "link"]


@of_one_provider
def acknowledge(
    provider_id: int, number: int, by: str, actor: str, how: How, at: Instant, salt: Salts
) -> Page | None:
    """The page, acknowledged: now, or before by whoever was the first. None if the provider has no such page.

    `by` is whom it tells, `actor` who tells it. What waits to be sent of it is not, and what
    is being sent not again.
    """
    with writing():
        locked(provider_id)
        rows = Page.objects.select_for_update(of=("self",)).filter(pk=number, provider_id=provider_id)
        page = rows.first()
        if page is None or page.acknowledged_at is not None:
            return page
        page.acknowledged_at, page.acknowledged_by, page.how, page.next_at = at, by[:200], how, None
        page.save(update_fields=["acknowledged_at", "acknowledged_by", "how", "next_at"])
        wake_no_more(page, f"acknowledged by {by}", at)
        said = Data({"by": by, "how": how})
        told = Fact(page.key, SOURCE, ACKNOWLEDGED, at, at, page.key, said)
        record(provider_id, [told], actor, at, salt)
        point("acknowledge.before_commit")
    point("acknowledge.after_commit")
    return page


@of_one_provider
def pages_of(provider_id: int, after: int, most: int, only_open: bool) -> list[Page]:
    """Pages by number, those behind `after`; `only_open`: that nobody has acknowledged."""
    rows = Page.objects.filter(provider_id=provider_id, pk__gt=after).order_by("pk")
    rows = rows.filter(acknowledged_at=None) if only_open else rows
    return list(rows.prefetch_related("messages__person")[:most])
