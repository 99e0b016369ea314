"""Forms of `upheld admin` about people who sign in: they are invited, and dismissed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from upheld.server.admin import DONE, WrongUseError, form, provider_id

if TYPE_CHECKING:
    from upheld.app.tokens import RandomBytes
    from upheld.core.timeline.instant import Instant
    from upheld.server.admin import Forms


def add_forms(forms: Forms) -> None:
    """Their words."""
    one = form(forms, "member", _member, "let a person in, and print the key to set a password: this once")
    one.add_argument("mail", metavar="MAIL", help="the address by which they sign in")
    one.add_argument("--role", required=True, help="such as owner, operator, or contact for a customer")
    one.add_argument("--customer", metavar="NAME", help="of this customer, not of the provider")
    one = form(forms, "dismiss", _dismiss, "let a person in no more, from the next request on")
    one.add_argument("mail", metavar="MAIL", help="the address by which they sign in")
    one.add_argument("--customer", metavar="NAME", help="of this customer, not of the provider")
    form(forms, "members", _members, "list who may sign in for a provider and its customers")
    one = form(forms, "key", _key, "print a new key to set a password, for who lost theirs", provider=False)
    one.add_argument("mail", metavar="MAIL", help="the address by which they sign in")
    one.add_argument("--factor", action="store_true", help="take away the second factor, too")


def _member(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.members import add_member, invited

    provider, customer = _party(options)
    user = invited(options.mail)
    add_member(user.pk, provider, options.role, at, customer)
    print(f"{user.email} signs in as {options.role}")
    if not user.has_usable_password():
        _print_key(user.email)
    return DONE


def _dismiss(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.members import person_of, remove_member

    provider, customer = _party(options)
    if not remove_member(person_of(options.mail).pk, provider, customer):
        raise WrongUseError(f"{options.mail} is no member there")
    print(f"{options.mail} is let in no more")
    return DONE


def _members(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.members import members_of, name_of

    for one in members_of(provider_id(options)):
        print(f"{one.user.email}: {one.role} of {name_of(one)}")
    return DONE


def _key(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.members import forget_factors, person_of

    user = person_of(options.mail)
    if options.factor and forget_factors(user):
        print(f"{user.email} sets up a new second factor")
    _print_key(user.email)
    return DONE


def _party(options: argparse.Namespace) -> tuple[int, int | None]:
    """The provider, and the customer if one is named."""
    from upheld.app.tokens import customer_named

    provider = provider_id(options)
    return provider, None if options.customer is None else customer_named(provider, options.customer)


def _print_key(mail: str) -> None:
    from upheld.app.members import password_key, person_of

    print(f"the key to set a password, once and within 72 hours: {password_key(person_of(mail))}")
