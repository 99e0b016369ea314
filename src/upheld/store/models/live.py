"""What is kept of verdicts, so that time and facts find what they change: a cached fold.

What is asked for by many texts at once begins an index, before the provider: behind it a database may read
everything of the provider instead, as long as it has counted no rows, or counted them when they were few.
"""

from __future__ import annotations

from django.db import models

from upheld.store.models.parties import Customer, Provider


class ScopeRow(models.Model):
    """What one scope said last. `next_at` is when that changes if no fact comes; empty: it does not.

    `kind` and `subject` are empty for what a contract promises by periods. `states` are the states of its
    verdicts as JSON, by commitment, subject and cycle. `aside_at` is when it could not be decided, last.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="scopes", db_index=False)
    contract = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, default="")
    subject = models.CharField(max_length=200, default="")
    next_at = models.BigIntegerField(null=True)
    asked_at = models.BigIntegerField()
    states = models.TextField(default="{}")
    aside_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "provider", "kind", "contract"], name="scope_once")
        ]
        indexes = [
            models.Index(fields=["next_at"], name="due", condition=models.Q(next_at__isnull=False)),
            models.Index(fields=["contract", "provider"], name="scopes_of_contract"),
            models.Index(fields=["aside_at"], name="aside", condition=models.Q(aside_at__isnull=False)),
        ]


class Change(models.Model):
    """A verdict that is in another state than before; what is to be told of, in the order of its key.

    `what` is commitment, subject and cycle; `before` is empty for what is new, `after` for what is no more.
    `customer` is whose the contract was then, which may be another's now; empty: no customer is told. The
    database looks it up for no row, as with the provider: none of those whom it can name ever goes.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="changes", db_index=False)
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.CASCADE, related_name="changes", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    contract = models.CharField(max_length=200)
    what = models.CharField(max_length=420)
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)
    at = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["provider", "customer", "id"], name="changes_of_customer"),
            models.Index(fields=["provider", "id"], name="changes_of_provider"),
        ]


class RestRow(models.Model):
    """Something that a scope rests on besides its own subject; only facts of `types` matter (empty: any).

    Where `counted_at` is there, it is an allowance that the subject is counted in: the last time, and what
    was `decided` on it each time, as JSON. `used_until_at` is when it uses it no longer (empty: it uses
    nothing).
    """

    scope = models.ForeignKey(ScopeRow, on_delete=models.CASCADE, related_name="rests", db_index=False)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, db_index=False)
    dependency = models.CharField(max_length=420)
    types = models.TextField(default="")
    counted_at = models.BigIntegerField(null=True)
    used_until_at = models.BigIntegerField(null=True)
    decided = models.TextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "dependency"], name="rest_once")]
        indexes = [models.Index(fields=["dependency", "provider", "counted_at"], name="resting")]
