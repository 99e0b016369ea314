"""A way to somebody that wants no more, or has taken nothing for days: it rests, and people are told."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db.models import Q

from upheld.app.composing import all_ways, notices, write
from upheld.core.timeline.instant import Instant, format_instant
from upheld.store.models import Person, Reach

_TEXTS: Final = {
    "en": (
        "{name} is told nothing more by {channel}",
        "Nothing is sent to {name} by {channel} any more: {why}.\nWhen it is mended, give the way again.",
    ),
    "nl": (
        "{name} krijgt geen berichten meer via {channel}",
        "Er gaat niets meer naar {name} via {channel}: {why}.\nGeef de weg opnieuw op als het is hersteld.",
    ),
}
_WHY: Final = {
    "en": "it asked for no more, or has taken nothing for three days",
    "nl": "daar werd gevraagd om niets meer te sturen, of drie dagen lang niets aangenomen",
}


def lock_ways(
    provider_id: int, reaches: Collection[int | None], endpoints: Collection[int | None] = ()
) -> None:
    """Holds ways to people that may be put to rest, and those by which that would be told.

    Those, too, by which it would be told that one of the endpoints is sent nothing more. After the endpoints
    and before any message: so does whoever changes the ways to somebody.
    """
    told = Q(customer=None) | Q(reaches__in=_known(reaches)) | Q(customer__endpoints__in=_known(endpoints))
    people = Person.objects.filter(told, provider=provider_id).values("pk")
    rows = Reach.objects.filter(person__in=people).order_by("pk").select_for_update(of=("self",), no_key=True)
    held: set[int] = set()
    # Whoever waited for one of them may have waited for somebody who gave others, which have higher keys.
    while new := [one.pk for one in rows.exclude(pk__in=held)]:
        held.update(new)


def _known(keys: Collection[int | None]) -> list[int]:
    return [one for one in keys if one is not None]


def put_to_rest(reach: Reach, evidence: str, at: Instant) -> None:
    """Nothing more goes this way. Whose it is learns it by another way; without one, the provider's people.

    In the transaction of the caller, who has locked the ways.

    Source: safety.md, faults of webhook receivers.
    """
    said = f"asked for no more: {evidence}"[:200]
    if not Reach.objects.filter(pk=reach.pk, rests="").update(rests=said):
        return  # others were under way there
    people = Person.objects.filter(provider=reach.person.provider).select_related("provider")
    person = people.prefetch_related("reaches").get(pk=reach.person_id)
    told, of_customer = [person], person.customer_id is not None
    if not all_ways(person):
        told, of_customer = list(people.filter(customer=None).prefetch_related("reaches")), False

    def say(language: str) -> tuple[str, str]:
        subject, text = _TEXTS["nl" if language == "nl" else "en"]
        why = _WHY["nl" if language == "nl" else "en"]
        words = {"name": person.name, "channel": reach.channel, "why": why}
        return subject.format(**words), text.format(**words)

    cause = f"way/{reach.pk} at {format_instant(at)}"
    write(notices(person.provider, told, of_customer, cause, at, say))
