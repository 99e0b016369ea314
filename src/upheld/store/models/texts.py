"""Agreements, locks, clause lists and contracts, as they stand in files."""

from __future__ import annotations

from django.db import models

from upheld.store.models.parties import Customer, Provider


class Text(models.Model):
    """A file as one revision has it; `gone` is the revision that changed it or took it away."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="texts")
    path = models.CharField(max_length=300)
    body = models.BinaryField()
    revision = models.IntegerField()
    gone = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "path", "revision"], name="text_once"),
            models.UniqueConstraint(
                fields=["provider", "path"], name="one_text_now", condition=models.Q(gone=None)
            ),
        ]


class BoundContract(models.Model):
    """A contract of the revision in force, with the customer that it names.

    `live_at` is when it was first applied: what was owed before is nobody's message now.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="contracts")
    contract = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    live_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "contract"], name="contract_once")]
