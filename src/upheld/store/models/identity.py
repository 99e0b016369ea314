"""Who may ask: people with their memberships, and tokens of programs."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models

from upheld.store.models.parties import Customer, Provider

PROVIDER_ROLES: Final = ("owner", "operator", "finance", "auditor", "prober", "integration")
CUSTOMER_ROLES: Final = ("customer admin", "contact")
"""Roles of the customer's own people: they are of one customer, the others of none."""

_ROLES = [(role, role) for role in (*PROVIDER_ROLES, *CUSTOMER_ROLES)]
_ON_ITS_SIDE = models.Q(customer=None, role__in=PROVIDER_ROLES) | models.Q(
    customer__isnull=False, role__in=CUSTOMER_ROLES
)


class Membership(models.Model):
    """In which role a person belongs to a provider, or to one of its customers."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="memberships")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=_ROLES)
    made_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "provider"], name="member_once", condition=models.Q(customer=None)
            ),
            models.UniqueConstraint(fields=["user", "customer"], name="member_of_customer_once"),
            models.CheckConstraint(condition=_ON_ITS_SIDE, name="member_on_its_side"),
        ]


class Token(models.Model):
    """What a program shows to be let in: only the hash of it is here, `digest`, in hexadecimal.

    It acts in a role, for a provider or for one of its customers, and within its `scopes` (a space between
    two). From `expires_at` on it lets nobody in, nor from `revoked_at` on. Whoever cannot show a token signs
    what they send: `sealed` are then the secrets of that, the newest first, and nobody ever had the token.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="tokens")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=16, choices=_ROLES)
    scopes = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(null=True)
    made_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=_ON_ITS_SIDE, name="token_on_its_side")]


class KeptAnswer(models.Model):
    """What was answered to a request with an idempotency key: the same request is answered the same.

    Keys are of one token, or of one member. `digest` is that of the request. Kept until `until_at`.
    """

    token = models.ForeignKey(Token, null=True, on_delete=models.CASCADE, related_name="answers")
    member = models.ForeignKey(Membership, null=True, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.IntegerField()
    body = models.BinaryField()
    until_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="answer_once"),
            models.UniqueConstraint(fields=["member", "key"], name="answer_of_member_once"),
            models.CheckConstraint(
                condition=models.Q(token=None, member__isnull=False)
                | models.Q(token__isnull=False, member=None),
                name="answer_of_one",
            ),
        ]
        indexes = [models.Index(fields=["until_at"], name="answers_by_end")]
