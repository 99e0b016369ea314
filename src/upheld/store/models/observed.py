"""Fresh observations: streams, batches, what is counted in slices, and the files that days were sealed into.

The rows themselves, how many a day has of each stream, and the slice counters stand in tables without a model
(see `upheld.store.observed_rows`): they are written and read a thousand at a time.
"""

from __future__ import annotations

from django.db import models

from upheld.store.models.parties import Provider


class ObservedStream(models.Model):
    """The observations of a component by a signal; an empty signal: by every one of that kind."""

    KINDS = [("checks", "checks"), ("counts", "counts"), ("states", "states")]

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="streams")
    component = models.CharField(max_length=200)
    signal = models.CharField(max_length=200)
    kind = models.CharField(max_length=6, choices=KINDS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "component", "signal", "kind"], name="stream_once")
        ]


class ObservedBatch(models.Model):
    """A batch as it was told and kept, by the key that whoever told it gave: told again it changes nothing.

    `digest` is that of its rows as they were told; `rows` is how many of them were new.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="batches", db_index=False)
    key = models.CharField(max_length=240)
    digest = models.BinaryField()
    told_at = models.BigIntegerField()
    rows = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "key"], name="batch_once")]


class CountedStream(models.Model):
    """A component whose fresh rows are counted in slices as they come: by which signal, and what is good.

    While this row is there, the counters are those of every fresh row.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="counted")
    component = models.CharField(max_length=200)
    signal = models.CharField(max_length=200)
    kind = models.CharField(max_length=6, choices=ObservedStream.KINDS)
    good = models.TextField()
    slice_us = models.BigIntegerField()


class SealedFile(models.Model):
    """A file of rows that were fresh: of a day, from `start_at` on, the first or (`number` > 0) a late one.

    `path` and `hashes` are within the lake, `sha256` is that of the file of hashes. A file that has no row
    here does not count: it was written by somebody who did not come to the end of it.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="sealed")
    start_at = models.BigIntegerField()
    number = models.IntegerField()
    path = models.CharField(max_length=400)
    hashes = models.CharField(max_length=400)
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    sealed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "start_at", "number"], name="sealed_file_once")
        ]
