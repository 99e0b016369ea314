"""People are invited, and belong to a provider, or to one of its customers, in a role."""

from __future__ import annotations

from hashlib import sha256

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User

from upheld.app.policies import Who, scopes_of, who_is
from upheld.core.timeline.instant import Instant
from upheld.notify.mail_address import parse_mail_address
from upheld.store.locking import writing
from upheld.store.models import Customer, Membership, Provider
from upheld.store.models.identity import CUSTOMER_ROLES, PROVIDER_ROLES
from upheld.store.walls import between, of_one_provider, over_every_provider


class MemberError(ValueError):
    """Nobody can be a member so; the message says why."""


def invited(mail: str) -> User:
    """The person of an address of mail, who is made if nobody has it; they have no password yet. MemberError.

    Whoever invites vouches for the address: single sign-on finds people by it.
    """
    try:
        address = str(parse_mail_address(mail)).lower()
    except ValueError as fault:
        raise MemberError(f"{mail[:80]}: {fault}") from None
    with writing():
        if (known := _known(address)) is not None:
            return known
        made = User.objects.create_user(sha256(address.encode()).hexdigest()[:32], address)
        EmailAddress.objects.create(user=made, email=address, primary=True, verified=True)
    return made


def person_of(mail: str) -> User:
    """Who was invited by an address of mail. MemberError if nobody was."""
    if (known := _known(mail)) is None:
        raise MemberError(f"nobody was invited as {mail[:80]}")
    return known


def _known(mail: str) -> User | None:
    return User.objects.filter(emailaddress__email__iexact=mail).first()


def password_key(user: User) -> str:
    """What lets somebody set a password: once, and for 72 hours."""
    return f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"


def forget_factors(user: User) -> bool:
    """Takes the second factor of somebody who has lost it; whether there was one."""
    return bool(Authenticator.objects.filter(user=user).delete()[0])


def memberships_of(user_id: int) -> list[Membership]:
    """Where somebody belongs now, if they may still sign in, with the parties."""
    rows = Membership.objects.filter(user_id=user_id, user__is_active=True)
    with over_every_provider():
        return list(rows.select_related("user", "provider", "customer"))


@of_one_provider
def members_of(provider_id: int) -> list[Membership]:
    """Who belongs to a provider, or to one of its customers, in the order in which they came."""
    rows = Membership.objects.filter(provider_id=provider_id).order_by("pk")
    return list(rows.select_related("user", "provider", "customer"))


def name_of(member: Membership) -> str:
    """What the party is called for which a member asks: `northwind`, or `northwind/Acme` for a customer."""
    of = "" if member.customer is None else f"/{member.customer.name}"
    return f"{member.provider.key}{of}"


def who_asks(member: Membership) -> Who:
    """A member as who asks, with all the scopes of their role."""
    return who_is(member, scopes_of(member.role), f"user/{member.user_id}")


def add_member(
    user_id: int, provider_id: int, role: str, at: Instant, customer_id: int | None = None
) -> Membership:
    """Makes a person a member, or gives them another role. MemberError; DoesNotExist for no such party."""
    side, of = (PROVIDER_ROLES, "a provider") if customer_id is None else (CUSTOMER_ROLES, "a customer")
    if role not in side:
        raise MemberError(f"{role} is no role at {of}: one of {', '.join(side)}")
    with between(provider_id), writing():
        provider = Provider.objects.get(pk=provider_id)
        customer = None if customer_id is None else Customer.objects.get(pk=customer_id, provider=provider)
        made, _ = Membership.objects.update_or_create(
            user_id=user_id, provider=provider, customer=customer,
            defaults={"role": role}, create_defaults={"role": role, "made_at": at},
        )  # fmt: skip
    return made


def remove_member(user_id: int, provider_id: int, customer_id: int | None = None) -> bool:
    """Ends a membership; whether there was one."""
    rows = Membership.objects.filter(user_id=user_id, provider_id=provider_id)
    rows = rows.filter(customer=None) if customer_id is None else rows.filter(customer_id=customer_id)
    with between(provider_id):
        return rows.delete()[0] > 0
