"""A way to somebody that wants no more, or has taken nothing for days: it rests, and people are told."""

from __future__ import annotations

from typing import Final

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


def put_to_rest(reach: Reach, evidence: str, at: Instant) -> None:
    """Nothing more goes this way. Whose it is learns it by another way; without one, the provider's people.

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
