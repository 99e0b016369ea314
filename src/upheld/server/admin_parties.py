"""Forms of `upheld admin` about who there is: providers, tokens that let programs in."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from upheld.core.timeline.instant import DAY, Instant, format_instant
from upheld.server.admin import DONE, WrongUseError, form, provider_id

if TYPE_CHECKING:
    from upheld.app.tokens import RandomBytes
    from upheld.server.admin import Forms


def add_forms(forms: Forms) -> None:
    """Their words."""
    one = form(forms, "provider", _provider, "make a provider", provider=False)
    one.add_argument("provider", metavar="KEY", help="what it is called in addresses")
    one.add_argument("name", metavar="NAME", help="the name that its agreements have")
    one = form(forms, "token", _token, "make a token, and print it: this once")
    one.add_argument("name", metavar="NAME", help="what it is for")
    one.add_argument("--role", default="integration", help="in which role it acts (default: integration)")
    one.add_argument("--customer", metavar="NAME", help="only for this customer of the provider")
    one.add_argument(
        "--scope", action="append", metavar="SCOPE", help="what it may, such as facts:write (default: all)"
    )
    one.add_argument("--days", type=int, default=90, metavar="N", help="how long it lives (default: 90)")
    one = form(forms, "sender", _sender, "let somebody send what they sign, and print the secret: this once")
    one.add_argument("name", metavar="NAME", help="who sends")
    one.add_argument("--role", default="integration", help="in which role it acts (default: integration)")
    one.add_argument("--days", type=int, default=400, metavar="N", help="for how long (default: 400)")
    one = form(forms, "turn", _turn, "give a sender a new secret; the last one lives until the next turn")
    one.add_argument("sender", type=int, metavar="NUMBER", help="its number in the list of tokens")
    form(forms, "tokens", _tokens, "list the tokens of a provider")
    one = form(forms, "revoke", _revoke, "let nobody in with a token any more")
    one.add_argument("token", type=int, metavar="NUMBER", help="its number in the list")


def _provider(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.providers import make_provider

    made = make_provider(options.provider, options.name)
    print(f"{made.key}: {made.name}")
    return DONE


def _token(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.policies import scopes_of
    from upheld.app.tokens import customer_named, make_token

    provider = provider_id(options)
    customer = None if options.customer is None else customer_named(provider, options.customer)
    scopes = scopes_of(options.role) if options.scope is None else options.scope
    ends_at = at + options.days * DAY
    made = make_token(provider, options.name, options.role, scopes, at, ends_at, randomly, customer)
    print(made.text)
    return DONE


def _sender(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.senders import make_sender

    ends_at = at + options.days * DAY
    made = make_sender(
        provider_id(options), options.name, options.role, ["facts:write"], at, ends_at, randomly
    )
    print(f"/api/v1/webhooks/{made.id}  {made.secret}")
    return DONE


def _turn(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.senders import turn_secret
    from upheld.store.models import Token

    try:
        print(turn_secret(provider_id(options), options.sender, randomly))
    except Token.DoesNotExist:
        raise WrongUseError(f"{options.provider} has no sender {options.sender}") from None
    return DONE


def _tokens(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.tokens import tokens_of

    for one in tokens_of(provider_id(options)):
        ended = min(one.expires_at, one.expires_at if one.revoked_at is None else one.revoked_at)
        state = f"{'ended' if ended <= at else 'until'} {format_instant(ended)}"
        whose = "" if one.customer is None else f" of {one.customer.name}"
        how = "" if one.sealed is None else ", signs"
        print(f"{one.pk}  {one.name}: {one.role}{how}{whose}, {state}, {one.scopes or 'no scopes'}")
    return DONE


def _revoke(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.tokens import revoke_token
    from upheld.store.models import Token

    try:
        revoke_token(provider_id(options), options.token, at)
    except Token.DoesNotExist:
        raise WrongUseError(f"{options.provider} has no token {options.token}") from None
    print(f"token {options.token} lets nobody in any more")
    return DONE
