"""`upheld access`: providers, and the tokens that let programs in."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from upheld.core.timeline.instant import DAY, Instant, format_instant
from upheld.server.clock import clock, random_bytes
from upheld.server.environment import EnvironmentFaultError, migrate, prepare

if TYPE_CHECKING:
    from upheld.app.tokens import RandomBytes

DONE: Final = 0
WRONG_USE: Final = 2


def main(words: Sequence[str]) -> int:
    """Does what is asked, and prints it. 0 done; 2 it cannot be, and why."""
    options = parser().parse_args(list(words))
    try:
        prepare(Path(options.data).resolve())
        migrate()
    except (EnvironmentFaultError, OSError) as fault:
        print(f"upheld: {fault}", file=sys.stderr)
        return WRONG_USE
    return run(options, clock().now(), random_bytes)


def parser() -> argparse.ArgumentParser:
    """The words of the command."""
    found = argparse.ArgumentParser(prog="upheld access", description="Providers, and who is let in.")
    found.add_argument("--data", default=os.environ.get("UPHELD_DATA", "upheld-data"), help="the folder")
    forms = found.add_subparsers(dest="form", required=True, metavar="FORM")
    provider = forms.add_parser("provider", help="make a provider")
    provider.add_argument("provider", metavar="KEY", help="what it is called in addresses")
    provider.add_argument("name", metavar="NAME", help="the name that its agreements have")
    token = forms.add_parser("token", help="make a token, and print it: this once")
    token.add_argument("provider", metavar="KEY", help="the key of the provider")
    token.add_argument("name", metavar="NAME", help="what it is for")
    token.add_argument("--role", default="integration", help="in which role it acts (default: integration)")
    token.add_argument("--customer", metavar="NAME", help="only for this customer of the provider")
    token.add_argument(
        "--scope", action="append", metavar="SCOPE", help="what it may, such as facts:write (default: all)"
    )
    token.add_argument("--days", type=int, default=90, metavar="N", help="how long it lives (default: 90)")
    tokens = forms.add_parser("tokens", help="list the tokens of a provider")
    tokens.add_argument("provider", metavar="KEY", help="the key of the provider")
    revoke = forms.add_parser("revoke", help="let nobody in with a token any more")
    revoke.add_argument("provider", metavar="KEY", help="the key of the provider")
    revoke.add_argument("token", type=int, metavar="NUMBER", help="its number in the list")
    return found


def run(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    """Does it, on the database that is set up."""
    from upheld.app.providers import ProviderError
    from upheld.app.tokens import TokenError

    forms: dict[str, Callable[[argparse.Namespace, Instant, RandomBytes], Iterator[str]]]
    forms = {"provider": _provider, "token": _token, "tokens": _tokens, "revoke": _revoke}
    try:
        for line in forms[options.form](options, at, randomly):
            print(line)
    except (ProviderError, TokenError) as fault:
        print(f"upheld: {fault}", file=sys.stderr)
        return WRONG_USE
    return DONE


def _provider(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> Iterator[str]:
    from upheld.app.providers import make_provider

    made = make_provider(options.provider, options.name)
    yield f"{made.key}: {made.name}"


def _token(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> Iterator[str]:
    from upheld.app.policies import scopes_of
    from upheld.app.providers import provider_of
    from upheld.app.tokens import customer_named, make_token

    provider = provider_of(options.provider)
    customer = None if options.customer is None else customer_named(provider.pk, options.customer)
    scopes = scopes_of(options.role) if options.scope is None else options.scope
    ends_at = at + options.days * DAY
    made = make_token(provider.pk, options.name, options.role, scopes, at, ends_at, randomly, customer)
    yield made.text


def _tokens(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> Iterator[str]:
    from upheld.app.providers import provider_of
    from upheld.app.tokens import tokens_of

    for one in tokens_of(provider_of(options.provider).pk):
        ended = min(one.expires_at, one.expires_at if one.revoked_at is None else one.revoked_at)
        state = f"{'ended' if ended <= at else 'until'} {format_instant(ended)}"
        whose = "" if one.customer is None else f" of {one.customer.name}"
        yield f"{one.pk}  {one.name}: {one.role}{whose}, {state}, {one.scopes or 'no scopes'}"


def _revoke(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> Iterator[str]:
    from upheld.app.providers import provider_of
    from upheld.app.tokens import TokenError, revoke_token
    from upheld.store.models import Token

    try:
        revoke_token(provider_of(options.provider).pk, options.token, at)
    except Token.DoesNotExist:
        raise TokenError(f"{options.provider} has no token {options.token}") from None
    yield f"token {options.token} lets nobody in any more"
