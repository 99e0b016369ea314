"""A test page: it goes the way of a real one, and is acknowledged like one."""

from __future__ import annotations

from upheld.app.owe import owe
from upheld.app.paging import page_of
from upheld.core.alerting.stage import About, Stage
from upheld.core.timeline.instant import Instant, format_instant
from upheld.store.locking import locked, writing
from upheld.store.models import Page


def rehearse(provider_id: int, role: str, at: Instant) -> Page:
    """Wakes whoever is woken for a role, now, and says that it is a test."""
    with writing():
        provider = locked(provider_id)
        about = About("", "", provider.name, "", what="test", subject=role, started_at=at)
        cause = f"test/{role}/{format_instant(at)}"
        stage = Stage(cause, "test page", "test", at, "provider", (role,), "page", None, about)
        owe(provider, [stage], at)
        return page_of(provider, stage)
