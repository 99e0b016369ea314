"""The ledger: what was recorded, never changed, and which of it is in force.

Why some indexes begin with what is asked for and not with the provider: see `live`.
"""

from __future__ import annotations

from django.db import models

from upheld.store.models.parties import Customer, Provider


class Log(models.Model):
    """One append-only log of facts: that of a provider, or one for each customer.

    A provider's is about no single customer. What cannot be placed yet (a reply to a ticket that nobody has
    opened) stands in one of `kind` unplaced, which nobody is shown. `peaks` are the roots of the complete
    subtrees, from which the next root is computed; `epoch` counts how often the log could not go on from what
    was signed. Source: design 11.
    """

    KINDS = [("provider", "provider"), ("customer", "customer"), ("unplaced", "unplaced")]

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="logs")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="logs")
    kind = models.CharField(max_length=8, choices=KINDS)
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=bytes)
    name = models.CharField(max_length=200, unique=True)
    epoch = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind"], name="log_once", condition=models.Q(customer=None)
            ),
            models.UniqueConstraint(fields=["customer"], name="log_of_customer"),
        ]


class RecordedFact(models.Model):
    """A fact as it was told, at its position. `entry` are the bytes of its entry, `leaf` is their hash.

    `personal` is its personal text, apart, with the salt that hides it in the entry.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="recorded", db_index=False)
    position = models.BigIntegerField()
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries", db_index=False)
    index = models.BigIntegerField()
    source = models.CharField(max_length=200)
    fact_id = models.CharField(max_length=200)
    type = models.CharField(max_length=120)
    recorded_at = models.BigIntegerField()
    actor = models.CharField(max_length=200)
    entry = models.BinaryField()
    leaf = models.BinaryField()
    personal = models.TextField(null=True)
    salt = models.BinaryField(null=True)
    corrects_source = models.CharField(max_length=200, default="")
    corrects_id = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "position"], name="position_once"),
            models.UniqueConstraint(fields=["fact_id", "source", "provider"], name="fact_once"),
            models.UniqueConstraint(fields=["log", "index"], name="entry_once"),
        ]
        indexes = [
            models.Index(fields=["provider", "type"], name="recorded_by_type"),
            models.Index(
                fields=["provider", "corrects_source", "corrects_id"],
                name="corrections",
                condition=~models.Q(corrects_id=""),
            ),
        ]


class OwnEntry(models.Model):
    """An entry of a log that is no fact, so that it has no position: such as the gap that opens an epoch.

    `entry` are its bytes, `leaf` is their hash. Never changed.
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="own_entries")
    index = models.BigIntegerField()
    entry = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="own_entry_once")]


class StandingFact(models.Model):
    """A fact in force, as corrections have it; found by the input of evaluations that it is part of.

    What is left of what a cause once said stands in rows of its own (see `FactLog.evaluated`).

    `begins` is the kind of subject that it brings into being, `contract` whose that is, where one is named.
    `corrected` is the fact as corrections have it, empty where it holds as it was recorded.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="standing", db_index=False)
    recorded = models.ForeignKey(RecordedFact, on_delete=models.PROTECT, related_name="standing")
    input = models.CharField(max_length=420)
    at = models.BigIntegerField()
    begins = models.CharField(max_length=12, default="")
    contract = models.CharField(max_length=200, default="")
    corrected = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["input", "provider", "at"], name="standing_by_input"),
            models.Index(
                fields=["provider", "begins", "contract"], name="beginnings", condition=~models.Q(begins="")
            ),
            models.Index(fields=["provider", "at"], name="standing_by_time"),
        ]


class Checkpoint(models.Model):
    """A signed checkpoint of a log: the note as it was signed, at a size. Never changed."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    epoch = models.IntegerField()
    size = models.BigIntegerField()
    signed_at = models.BigIntegerField()
    note = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "epoch", "size"], name="checkpoint_once")]
