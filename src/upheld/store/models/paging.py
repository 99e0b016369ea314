"""Whom to wake for what, one after the other, until somebody takes care of it."""

from __future__ import annotations

from django.db import models

from upheld.store.models.parties import Provider


class Chain(models.Model):
    """Who is paged for a role, level after level, so many times, until somebody acknowledges.

    `levels` are objects: `people` by their names or a `rota`, and `within_us`, how long they have.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="chains")
    role = models.CharField(max_length=200)
    levels = models.JSONField()
    times = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "role"], name="chain_once")]


class Page(models.Model):
    """One stage of one cause for which people of the provider are woken until one of them acknowledges.

    `told` is the stage as it is told. `asking` says how far each chain has come: by role, how many levels
    were reached, and when the next one is; `next_at` is the first of these. `how` somebody acknowledged is
    by the API or by the link of a message. `over_at` is when what it is about was over, or not so any more.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="pages")
    key = models.CharField(max_length=64)
    contract = models.CharField(max_length=200)
    cause = models.TextField()
    rule = models.CharField(max_length=200)
    stage = models.CharField(max_length=200)
    told = models.JSONField()
    paged_at = models.BigIntegerField()
    asking = models.JSONField(default=dict)
    next_at = models.BigIntegerField(null=True)
    over_at = models.BigIntegerField(null=True)
    acknowledged_at = models.BigIntegerField(null=True)
    acknowledged_by = models.CharField(max_length=200, default="")
    how = models.CharField(max_length=4, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "key"], name="page_once")]
        indexes = [models.Index(fields=["next_at"], name="to_ask", condition=models.Q(next_at__isnull=False))]


class RotaRow(models.Model):
    """Who is on call: `layers` are objects, as `app.rotas` writes and reads them, the last one on top.

    One that is `always` has somebody around the clock: gaps are told to the role `tells` before they come.
    It is kept as it is since `since_at`; its gaps are looked for next at `next_at`, empty: never.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="rotas")
    name = models.CharField(max_length=80)
    layers = models.JSONField()
    always = models.BooleanField(default=False)
    tells = models.CharField(max_length=80, default="")
    since_at = models.BigIntegerField()
    next_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="rota_once")]
        indexes = [
            models.Index(fields=["next_at"], name="to_watch", condition=models.Q(next_at__isnull=False))
        ]


class OverrideRow(models.Model):
    """Somebody who is on call for a while, whatever the layers of a rota say; `made_by` whom it came from."""

    rota = models.ForeignKey(RotaRow, on_delete=models.CASCADE, related_name="overrides")
    person = models.CharField(max_length=200)
    start_at = models.BigIntegerField()
    end_at = models.BigIntegerField()
    made_by = models.CharField(max_length=200)
    made_at = models.BigIntegerField()
