"""Tokens of programs: made and shown once, recognised by their hash, revoked."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Final, TypeAlias

from django.db.models import Q

from upheld.app.inside import is_any
from upheld.app.policies import Who, scopes_of, who_is
from upheld.app.refusal import Fault, FaultyError
from upheld.core.timeline.instant import DAY, Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.store.locking import writing
from upheld.store.models import Customer, Provider, Token
from upheld.store.models.identity import CUSTOMER_ROLES, PROVIDER_ROLES
from upheld.store.walls import of_one_provider, over_every_provider

RandomBytes: TypeAlias = Callable[[int], bytes]
"""Gives so many random bytes, other ones each time."""

PREFIX: Final = "upheld_"
"""Begins every token, so that whoever scans for secrets that got out finds it."""
TOKEN_BYTES: Final = 32
LONGEST: Final[Duration] = 400 * DAY
LONGEST_NAME: Final = 100
_TOKEN = re.compile(re.escape(PREFIX) + "[A-Za-z0-9_-]{43}", re.ASCII)


class TokenError(FaultyError):
    """Such a token cannot be; `faults` say why, and what to give."""


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token that was made; `text` is shown now and never again."""

    id: int
    text: str


@of_one_provider
def make_token(
    provider_id: int, name: str, role: str, scopes: Iterable[str], at: Instant, expires_at: Instant,
    random_bytes: RandomBytes, customer_id: int | None = None,
) -> MadeToken:  # fmt: skip
    """Makes a token at an instant. TokenError; DoesNotExist for no such provider, or customer of it."""
    wanted = sorted(set(scopes))
    side = PROVIDER_ROLES if customer_id is None else CUSTOMER_ROLES
    if role not in side:
        message = f"a token of {'a provider' if customer_id is None else 'a customer'} is never {role[:80]}"
        raise TokenError(Fault(message, f"it is {', '.join(side)}", "role"))
    if unknown := [one for one in wanted if one not in scopes_of(role)]:
        there = ", ".join(scopes_of(role)) or "none"
        raise TokenError(Fault(f"{role} has not the scope {unknown[0][:80]}", f"it has {there}", "scopes"))
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        message = f"a token has a name of 1 to {LONGEST_NAME} characters that can be seen"
        raise TokenError(Fault(message, "say what it is for", "name"))
    if not at < expires_at <= at + LONGEST:
        message = f"a token expires later than now, and within {LONGEST // DAY} days"
        raise TokenError(Fault(message, "give other days", "days"))
    secret = random_bytes(TOKEN_BYTES)
    if len(secret) != TOKEN_BYTES:
        raise TokenError("too few random bytes")
    text = PREFIX + base64.urlsafe_b64encode(secret).decode("ascii").rstrip("=")
    with writing():
        provider = Provider.objects.get(pk=provider_id)
        customer = None if customer_id is None else Customer.objects.get(pk=customer_id, provider=provider)
        made = Token.objects.create(
            provider=provider,
            customer=customer,
            name=name,
            role=role,
            scopes=" ".join(wanted),
            digest=_digest(text),
            made_at=at,
            expires_at=expires_at,
        )
    return MadeToken(made.pk, text)


@of_one_provider
def revoke_token(provider_id: int, token_id: int, at: Instant) -> None:
    """Lets nobody in with a token from an instant on. DoesNotExist if the provider has no such one."""
    token = Token.objects.get(pk=token_id, provider_id=provider_id)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])


@of_one_provider
def tokens_of(provider_id: int, after: int = 0, most: int | None = None) -> list[Token]:
    """The tokens of a provider, in the order in which they were made; those behind a number."""
    rows = Token.objects.filter(provider_id=provider_id, pk__gt=after)
    return list(rows.select_related("customer").order_by("pk")[:most])


@of_one_provider
def customer_named(provider_id: int, name: str) -> int:
    """The id of a customer, by the name that contracts have. TokenError if there is none."""
    rows = Customer.objects.filter(provider_id=provider_id)
    if (found := rows.filter(name=name).first()) is None:
        known = ", ".join(rows.order_by("name").values_list("name", flat=True)) or "none yet"
        raise TokenError(Fault(f"there is no customer {name[:80]}", f"there is {known}", "customer"))
    return found.pk


def bearer(text: str, at: Instant) -> Who | None:
    """Who shows a token at an instant; None if it is none, or no more."""
    if not _TOKEN.fullmatch(text):
        return None
    rows = Token.objects.filter(digest=_digest(text)).select_related("provider", "customer")
    with over_every_provider():
        token = rows.first()
    return None if token is None or not lives(token, at) else who_of(token)


def lives(token: Token, at: Instant) -> bool:
    """Whether a token lets somebody in at an instant."""
    return at < token.expires_at and (token.revoked_at is None or at < token.revoked_at)


def who_of(token: Token) -> Who:
    """Whoever has a token."""
    return who_is(token, token.scopes.split(), f"token/{token.pk}")


def is_let_in(who: Who, at: Instant) -> bool:
    """Whether somebody who was let in still is."""
    rows = Token.objects.filter(pk=who.token_id, expires_at__gt=at)
    return is_any(rows.filter(Q(revoked_at=None) | Q(revoked_at__gt=at)))


def _digest(text: str) -> str:
    return sha256(text.encode("ascii")).hexdigest()
