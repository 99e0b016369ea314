"""Those who sign what they send, as webhooks do: tokens that nobody shows, with secrets that both sides know.

Two secrets live while one is exchanged for another, so that nothing that is sent meanwhile is refused.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from upheld.app.policies import Who
from upheld.app.tokens import RandomBytes, lives, make_token, who_of
from upheld.core.timeline.instant import Instant
from upheld.notify.signing import MOST_SECRETS, PREFIX, SignatureError, verified
from upheld.store.locking import writing
from upheld.store.models import Token
from upheld.store.sealing import seal, unseal
from upheld.store.walls import of_one_provider, over_every_provider

SECRET_BYTES: Final = 32


class MadeSender(NamedTuple):
    """A sender that was made; the secret is shown now and never again."""

    id: int
    secret: str


class Signed(NamedTuple):
    """Who signed a request, and the id that it has, however often it is sent."""

    who: Who
    message_id: str


@of_one_provider
def make_sender(
    provider_id: int, name: str, role: str, scopes: Iterable[str], at: Instant, expires_at: Instant,
    random_bytes: RandomBytes,
) -> MadeSender:  # fmt: skip
    """Lets somebody of a provider send what they sign, as `make_token` lets somebody in who shows a token."""
    with writing():
        made = make_token(provider_id, name, role, scopes, at, expires_at, random_bytes)
        secret = _secret(random_bytes)
        Token.objects.filter(pk=made.id).update(sealed=_sealed([secret]))
    return MadeSender(made.id, secret)


@of_one_provider
def turn_secret(provider_id: int, token_id: int, random_bytes: RandomBytes) -> str:
    """A new secret of a sender; the one before it lives until the next turn.

    DoesNotExist if the provider has no such sender.
    """
    with writing():
        token = Token.objects.select_for_update().get(
            pk=token_id, provider_id=provider_id, sealed__isnull=False
        )
        secret = _secret(random_bytes)
        token.sealed = _sealed([secret, *_secrets(token)][:MOST_SECRETS])
        token.save(update_fields=["sealed"])
    return secret


def signed_by(token_id: int, headers: Mapping[str, str], body: bytes, at: Instant) -> Signed | None:
    """Who signed what came at an instant; None unless it is signed by that sender, and now."""
    rows = Token.objects.filter(pk=token_id, sealed__isnull=False).select_related("provider", "customer")
    with over_every_provider():
        token = rows.first()
    if token is None or not lives(token, at):
        return None
    try:
        return Signed(who_of(token), verified(headers, body, _secrets(token), at))
    except SignatureError:
        return None


def _secret(random_bytes: RandomBytes) -> str:
    return PREFIX + base64.b64encode(random_bytes(SECRET_BYTES)).decode("ascii")


def _sealed(secrets: list[str]) -> bytes:
    return seal(json.dumps(secrets))


def _secrets(token: Token) -> list[str]:
    if token.sealed is None:
        raise ValueError("whoever shows a token has no secrets")
    found: list[str] = json.loads(unseal(token.sealed))
    return found
