"""What the forms of `upheld admin` share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from upheld.app.tokens import RandomBytes
    from upheld.core.timeline.instant import Instant

    Forms = argparse._SubParsersAction[argparse.ArgumentParser]
    Does = Callable[[argparse.Namespace, Instant, RandomBytes], int]

DONE: Final = 0
DOES_NOT_HOLD: Final = 1


class WrongUseError(Exception):
    """What was asked cannot be done; the message says why."""


def form(forms: Forms, name: str, does: Does, told: str, *, provider: bool = True) -> argparse.ArgumentParser:
    """A form of the command, and what does it; most are about a provider.

    A form needs tables that are up to date, unless its default `needs` says `folder` or `nothing`.
    """
    found: argparse.ArgumentParser = forms.add_parser(name, help=told)
    found.set_defaults(does=does, needs="tables")
    if provider:
        found.add_argument("provider", metavar="KEY", help="the key of the provider")
    return found


def provider_id(options: argparse.Namespace) -> int:
    """The id of the provider that is named."""
    from upheld.app.providers import provider_of

    return provider_of(options.provider).pk
