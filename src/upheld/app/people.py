"""Who is told: people of a provider or of a customer, their roles, and the ways to them in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from upheld.language.zones import zone_names
from upheld.store.locking import writing
from upheld.store.models import Customer, Person, Provider, Reach
from upheld.store.sealing import SealError, seal, unseal

LANGUAGES: Final = ("en", "nl")


class PersonError(ValueError):
    """Nobody can be told so; the message says why, and what to give."""


class Way(NamedTuple):
    """A way to somebody: what agreements call it, how it is sent, and where to."""

    channel: str
    way: str
    address: str


def put_person(
    provider_id: int,
    name: str,
    roles: Sequence[str],
    ways: Sequence[Way],
    customer: str = "",
    language: str = "en",
    zone: str = "UTC",
) -> Person:
    """Adds somebody, or gives them other roles and ways. PersonError; DoesNotExist for no such party."""
    if language not in LANGUAGES:
        raise PersonError(f"messages are written in {' or '.join(LANGUAGES)}, not in {language}")
    if zone not in zone_names():
        raise PersonError(f"there is no zone {zone}: give one such as Europe/Amsterdam")
    if not ways:
        raise PersonError(f"there is no way to {name}: give an address of mail")
    with writing():
        provider = Provider.objects.get(pk=provider_id)
        whose = Customer.objects.get(provider=provider, name=customer) if customer else None
        person, _ = Person.objects.update_or_create(
            provider=provider,
            customer=whose,
            name=name,
            defaults={"roles": list(roles), "language": language, "zone": zone},
        )
        # A message that is waiting keeps its text; with its way gone it falls back or is told as failed.
        person.reaches.all().delete()
        Reach.objects.bulk_create(
            Reach(person=person, rank=rank, channel=one.channel, way=one.way, sealed=seal(one.address))
            for rank, one in enumerate(ways)
        )
    return person


def readable_addresses() -> tuple[int, int]:
    """How many addresses the key of this server reads, and how many it does not."""
    read = lost = 0
    for sealed in Reach.objects.values_list("sealed", flat=True).iterator():
        try:
            unseal(sealed)
            read += 1
        except SealError:
            lost += 1
    return read, lost
