"""Providers: made once, with the name that their agreements have."""

from __future__ import annotations

from django.db import IntegrityError

from upheld.app.policies import scopes_of
from upheld.app.refusal import Fault, FaultyError
from upheld.app.tokens import LONGEST, MadeToken, RandomBytes, make_token
from upheld.core.timeline.instant import Instant
from upheld.core.values.slug import SLUG
from upheld.store.locking import writing
from upheld.store.models import Provider
from upheld.store.walls import over_every_provider


class ProviderError(FaultyError):
    """No provider can be so; `faults` say why, and what to give."""


class ProviderThereError(ProviderError):
    """There is such a provider already."""


def make_provider(key: str, name: str) -> Provider:
    """Makes a provider; its log and its agreements come later. ProviderError; ProviderThereError."""
    if not SLUG.fullmatch(key) or len(key) > 60:
        message = f"{key[:60]}: the key of a provider is lower-case letters, digits and hyphens"
        raise ProviderError(Fault(message, "write it as northwind", "key"))
    if not name.strip() or len(name) > 200 or not name.isprintable():
        message = "the name of a provider has 1 to 200 characters that can be seen"
        raise ProviderError(Fault(message, "write it as its agreements do", "name"))
    try:
        with writing(), over_every_provider():
            return Provider.objects.create(key=key, name=name)
    except IntegrityError:
        raise ProviderThereError(f"there is a provider {key}, or one named {name}, already") from None


def found_provider(key: str, name: str, at: Instant, random_bytes: RandomBytes) -> MadeToken:
    """Makes a provider with a token of its owner, who sets up the rest. ProviderError; ProviderThereError."""
    with writing():
        made = make_provider(key, name)
        ends_at = at + LONGEST
        return make_token(made.pk, "first owner", "owner", scopes_of("owner"), at, ends_at, random_bytes)


def provider_of(key: str) -> Provider:
    """The provider of a key. ProviderError if there is none."""
    with over_every_provider():
        found = Provider.objects.filter(key=key).first()
        known = [] if found else list(Provider.objects.order_by("key").values_list("key", flat=True))
    if found is None:
        raise ProviderError(f"there is no provider {key[:60]}; there is: {', '.join(known) or 'none yet'}")
    return found


def all_providers() -> list[Provider]:
    """Every provider of this server, by key."""
    with over_every_provider():
        return list(Provider.objects.order_by("key"))
