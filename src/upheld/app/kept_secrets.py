"""What is kept encrypted, and whether the key of this server still reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from allauth.mfa.models import Authenticator
from django.apps import apps

from upheld.store.sealing import SealError, unseal
from upheld.store.walls import over_every_provider

_FACTORS: Final = "second factor", "second factors"
_NAMES: Final = {
    "Reach": ("address of people", "addresses of people"),
    "Endpoint": ("address of endpoints", "addresses of endpoints"),
    "ProbeTarget": ("setting of probes", "settings of probes"),
    "Token": ("secret of senders", "secrets of senders"),
}
"""What stands in the column `sealed` of each table that has one: what one is called, and what several are."""
_OF_FACTORS: Final = ("secret", "seed")


class Readable(NamedTuple):
    """How many of a kind the key of this server reads, and how many it does not.

    `what` is what one is called, and what several are.
    """

    what: tuple[str, str]
    read: int
    lost: int


def readable_secrets() -> Iterator[Readable]:
    """Each kind of which there are any."""
    for model in apps.get_app_config("store").get_models():
        if any(field.name == "sealed" for field in model._meta.fields):
            rows = model._default_manager.exclude(sealed=None).values_list("sealed", flat=True)
            with over_every_provider():
                found = list(_counted(_NAMES[model.__name__], iter(rows)))
            yield from found
    kept = Authenticator.objects.values_list("data", flat=True).iterator()
    sealed = (data[name].encode() for data in kept for name in _OF_FACTORS if name in data)
    yield from _counted(_FACTORS, sealed)


def _counted(what: tuple[str, str], sealed: Iterator[bytes]) -> Iterator[Readable]:
    read = lost = 0
    for one in sealed:
        try:
            unseal(one)
            read += 1
        except SealError:
            lost += 1
    if read or lost:
        yield Readable(what, read, lost)
