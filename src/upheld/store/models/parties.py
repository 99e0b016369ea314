"""Who promises, and to whom: the two walls of everything else."""

from __future__ import annotations

from django.db import models


class Provider(models.Model):
    """The party that promises. Its row is the lock of everything that decides for it.

    `name` is that of its agreements, `key` that of its addresses. `position` is that of the last fact and
    `recorded_at` the instant at which it was recorded; `revision` counts what was applied of agreements, and
    `terms_position` is that of the last fact that named a plan: together they say which terms hold.
    `ahead_at` is the latest time that a fact told of itself, or of what it corrects: it may be a little
    ahead of our clock. `kept_by` is the version of the program by which it is kept what is in force (see
    `app.rebuild`).
    """

    name = models.CharField(max_length=200, unique=True)
    key = models.SlugField(max_length=60, unique=True)
    position = models.BigIntegerField(default=0)
    recorded_at = models.BigIntegerField(default=0)
    revision = models.IntegerField(default=0)
    terms_position = models.BigIntegerField(default=0)
    ahead_at = models.BigIntegerField(default=0)
    kept_by = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A party promised to; the wall inside a provider."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="customers")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="customer_once")]

    def __str__(self) -> str:
        return self.name
