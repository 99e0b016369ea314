"""A provider makes the tokens of its programs itself, sees when they end, and takes back one that got out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from upheld.app.policies import Who
from upheld.app.refusal import Fault, FaultyError
from upheld.app.senders import make_sender
from upheld.app.tokens import RandomBytes, customer_named, make_token, revoke_token
from upheld.core.timeline.instant import DAY, Duration, Instant
from upheld.store.models import Token
from upheld.store.walls import over_every_provider

SOON_US: Final[Duration] = 14 * DAY
"""So long before a token ends it is told that it will."""


class HandedOut(NamedTuple):
    """A token that was made: its number, and its text or, if it signs, its secret, shown this once."""

    number: int
    text: str


class ShownError(ValueError):
    """The token that is to be taken back is the one that is shown."""


def hand_out(
    who: Who, name: str, role: str, scopes: Sequence[str], days: int, at: Instant, random_bytes: RandomBytes,
    customer: str | None = None, signs: bool = False,
) -> HandedOut:  # fmt: skip
    """Makes a token of who asks, or lets somebody send what they sign; FaultyError for what cannot be.

    Nobody gives what they have not themselves.
    """
    if beyond := sorted(set(scopes) - who.scopes):
        told = {one: f"you have not the scope {one[:80]} yourself" for one in beyond}
        faults = (Fault(said, "ask who has it", f"scopes.{scopes.index(one)}") for one, said in told.items())
        raise FaultyError(*faults)
    if signs and (customer is not None or set(scopes) != {"facts:write"}):
        message = "who signs tells facts, for a provider"
        raise FaultyError(Fault(message, "its one scope is facts:write", "scopes"))
    ends_at = at + days * DAY
    of = None if customer is None else customer_named(who.provider_id, customer)
    if signs:
        made = make_sender(who.provider_id, name, role, scopes, at, ends_at, random_bytes)
        return HandedOut(made.id, made.secret)
    token = make_token(who.provider_id, name, role, scopes, at, ends_at, random_bytes, of)
    return HandedOut(token.id, token.text)


def take_back(who: Who, number: int, at: Instant) -> bool:
    """Lets nobody in with a token any more; whether the provider has such a one. ShownError."""
    if number == who.token_id:
        raise ShownError("this is the token that you show: take it back with another one")
    try:
        revoke_token(who.provider_id, number, at)
    except Token.DoesNotExist:
        return False
    return True


def ending(at: Instant) -> list[Token]:
    """The tokens of every provider that let somebody in and end soon, the next one first."""
    rows = Token.objects.filter(revoked_at=None, expires_at__gt=at, expires_at__lte=at + SOON_US)
    with over_every_provider():
        return list(rows.select_related("provider").order_by("expires_at", "pk"))
