"""What is looked at from here, and what is expected to say by itself that it runs."""

from __future__ import annotations

from django.db import models

from upheld.store.models.parties import Provider


class ProbeTarget(models.Model):
    """Something that is looked at, or that sends heartbeats, for a component and a signal of an agreement.

    `sealed` are the settings of its kind, encrypted: headers may hold secrets. The next look, or the next
    instant at which a heartbeat is late, is at `next_at`. `told_until` and `last_at` are of
    heartbeats: until when was told what came, and when the last one came. `refused` counts the looks in a row
    that this server did not make, or of a heartbeat the checks that were refused last, and `said` why.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="targets")
    name = models.CharField(max_length=100)
    component = models.CharField(max_length=200)
    signal = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    sealed = models.BinaryField()
    every_us = models.BigIntegerField()
    next_at = models.BigIntegerField(null=True)
    told_until = models.BigIntegerField(default=0)
    last_at = models.BigIntegerField(default=0)
    refused = models.IntegerField(default=0)
    said = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="target_once")]
        indexes = [
            models.Index(fields=["next_at"], name="to_look", condition=models.Q(next_at__isnull=False))
        ]
