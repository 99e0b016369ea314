"""Checkpoints: what logs have become since they were signed last is signed, after the commit.

The provider's log is signed before those of its customers, which bind it. What the signer refuses stands
there with its reason: a log that has shrunk or forked is never signed over. Source: design 11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import merge

from django.db.models import F, Max, Q

from upheld.app.crash import point
from upheld.core.timeline.instant import Instant
from upheld.evidence.checkpoint import Head, LogName
from upheld.evidence.signer import RefusedError, Signer, Wanted
from upheld.evidence.tree import Tree
from upheld.store.locking import writing
from upheld.store.models import Checkpoint, Log, OwnEntry, RecordedFact

AT_ONCE = 200
"""So many logs are signed in one go."""


def sequence(signer: Signer, at: Instant) -> Mapping[str, str]:
    """Signs every log that has grown since its last checkpoint; gives what is refused, by names of logs."""
    grown = list(_grown())
    if not grown:
        return {}
    wanted = [_wanted(log, provider) for log, provider in grown]
    notes = signer.sign_all(wanted, read_entries)
    refused: dict[str, str] = {}
    made: list[Checkpoint] = []
    for (log, _), one, note in zip(grown, wanted, notes, strict=True):
        if isinstance(note, RefusedError):
            refused[log.name] = str(note)
        else:
            made.append(Checkpoint(log=log, epoch=log.epoch, size=one.head.size, signed_at=at, note=note))
    point("sequence.signed")
    with writing():
        # Signed again after a crash between signature and commit, it is the same note.
        Checkpoint.objects.bulk_create(made, ignore_conflicts=True)
    point("sequence.kept")
    return refused


def behind(signer: Signer) -> Mapping[str, str]:
    """The logs that have less than was signed of them, with what is lacking: an older backup came back."""
    found: dict[str, str] = {}
    for name, size, epoch in Log.objects.order_by("name").values_list("name", "size", "epoch"):
        last = signer.last(name)
        if last is not None and (last.name.epoch, last.size) > (epoch, size):
            found[name] = f"{last.size} entries of epoch {last.name.epoch} were signed, and {size} are there"
    return found


def _grown() -> Iterator[tuple[Log, Log | None]]:
    """The logs with entries that no checkpoint covers, each after the log of its provider."""
    rows = Log.objects.exclude(kind="unplaced").annotate(signed=Max("checkpoints__size"))
    rows = rows.filter(Q(signed=None) | Q(size__gt=F("signed")), size__gt=0)
    # "provider" stands behind "customer" in the alphabet, and is signed before.
    logs = list(rows.order_by("provider_id", "-kind", "pk")[:AT_ONCE])
    of_providers = {
        log.provider_id: log
        for log in Log.objects.filter(
            kind="provider", provider__in={log.provider_id for log in logs}, size__gt=0
        )
    }
    for log in logs:
        yield log, of_providers.get(log.provider_id) if log.kind == "customer" else None


def head_of(log: Log) -> Head:
    """The head of a log as the database has it."""
    root = Tree.unpacked(log.size, bytes(log.peaks)).root
    return Head(LogName(log.name, log.epoch), log.size, root)


def _wanted(log: Log, provider: Log | None) -> Wanted:
    return Wanted(head_of(log), provider.name if provider else "")


def read_entries(log: str, start: int, end: int) -> Iterator[bytes]:
    """The stored bytes of the entries of a log, from one index up to another."""
    tables = (RecordedFact.objects, OwnEntry.objects)
    rows = [
        table.filter(log__name=log, index__gte=start, index__lt=end)
        .order_by("index")
        .values_list("index", "entry")
        .iterator()
        for table in tables
    ]
    for _, entry in merge(*rows, key=lambda row: row[0]):
        yield bytes(entry)
