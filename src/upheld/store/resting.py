"""Scopes found by what they rest on, many at a time."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from upheld.core.evaluating.narrow import Dependency
from upheld.core.timeline.instant import Instant
from upheld.store.models import RestRow, ScopeRow


def wake_resting(provider_id: int, dependencies: Collection[Dependency], at: Instant) -> None:
    """Marks the scopes of a provider that rest on any of these as due at an instant, if not before."""
    resting = RestRow.objects.filter(provider_id=provider_id, dependency__among=dependencies)
    later = Q(next_at=None) | Q(next_at__gt=at)
    ScopeRow.objects.filter(later, pk__in=resting.values("scope")).update(next_at=at)
