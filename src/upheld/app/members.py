"""People belong to a provider, or to one of its customers, in a role."""

from __future__ import annotations

from upheld.core.timeline.instant import Instant
from upheld.store.locking import writing
from upheld.store.models import Customer, Membership, Provider
from upheld.store.models.identity import CUSTOMER_ROLES, PROVIDER_ROLES


class MemberError(ValueError):
    """Nobody can be a member so; the message says why."""


def add_member(
    user_id: int, provider_id: int, role: str, at: Instant, customer_id: int | None = None
) -> Membership:
    """Makes a person a member, or gives them another role. MemberError; DoesNotExist for no such party."""
    side, of = (PROVIDER_ROLES, "a provider") if customer_id is None else (CUSTOMER_ROLES, "a customer")
    if role not in side:
        raise MemberError(f"{role} is no role at {of}: one of {', '.join(side)}")
    with writing():
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
    return rows.delete()[0] > 0
