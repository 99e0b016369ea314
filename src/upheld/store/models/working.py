"""That work is done, how much and by whose keys: signs of life of who works, and counts that only grow."""

from __future__ import annotations

from django.db import models


class Beat(models.Model):
    """The last sign of life of a process that works, by its name, and when one was last stopped as asked.

    On SQLite there are none: see `signs_of_life`.
    """

    name = models.CharField(max_length=200, unique=True)
    at = models.BigIntegerField()


class Tally(models.Model):
    """How often something was done by all processes together since the first start."""

    name = models.CharField(max_length=60, unique=True)
    count = models.BigIntegerField(default=0)


class KnownKey(models.Model):
    """A key with which this database was begun, by what tells it from others and gives nothing of it away."""

    name = models.CharField(max_length=20, unique=True)
    print = models.CharField(max_length=400)
