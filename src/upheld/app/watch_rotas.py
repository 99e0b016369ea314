"""Gaps of rotas around the clock are told to whoever keeps them, before they come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from upheld.app.apart import apart
from upheld.app.inside import earliest, providers_of
from upheld.app.owe import owe
from upheld.app.rotas import read_rota
from upheld.core.alerting.stage import About, Stage
from upheld.core.alerting.vacancy import AHEAD, Vacancy, vacancies
from upheld.core.timeline.instant import DAY, Duration, Instant, format_instant
from upheld.store.locking import locked, writing
from upheld.store.models import Provider, RotaRow
from upheld.store.walls import between

LOOK_AHEAD_US: Final[Duration] = max(AHEAD.values()) + 2 * DAY
"""So far ahead gaps are looked for, once a day at least."""
NAMES: Final = {"urgent": "gap - 7 days", "page": "gap - 1 day"}


def next_watch() -> Instant | None:
    """When gaps are looked for next."""
    return earliest(RotaRow.objects.filter(next_at__isnull=False), "next_at")


def watch_rotas(at: Instant) -> int:
    """Tells the gaps whose warnings are due by an instant; says of how many rotas that were looked at."""
    due = RotaRow.objects.filter(next_at__lte=at)
    seen = 0
    for provider_id in providers_of(due):
        with apart("rotas are watched", provider_id), between(provider_id), writing():
            provider = locked(provider_id)
            for row in due.filter(provider=provider).select_for_update().prefetch_related("overrides"):
                found = vacancies(read_rota(row), row.since_at, at, at + LOOK_AHEAD_US)
                owe(provider, _stages(provider, row, found, at + LOOK_AHEAD_US), at)
                ahead = (one.at for one in found if one.at > at)
                row.next_at = min([at + DAY, *ahead])
                row.save(update_fields=["next_at"])
                seen += 1
    return seen


def _stages(
    provider: Provider, row: RotaRow, found: tuple[Vacancy, ...], until_at: Instant
) -> Iterator[Stage]:
    for one in found:
        # What goes on beyond what was looked at has no end that is known.
        due_at = one.end_at if one.end_at < until_at else None
        about = About(
            "", "", provider.name, "", what="gap", subject=row.name, started_at=one.start_at, due_at=due_at
        )
        cause = f"rota/{row.name}/{format_instant(one.start_at)}"
        name = NAMES[one.urgency]
        yield Stage(cause, "gap of a rota", name, one.at, "provider", (row.tells,), one.urgency, None, about)
