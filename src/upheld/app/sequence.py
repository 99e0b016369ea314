"""Checkpoints: what logs have become since they were signed last is signed, after the commit.

The provider's log is signed before those of its customers, which bind it. What the signer refuses stands
there with its reason: a log that has shrunk or forked is never signed over. Source: design 11.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import merge
from typing import Any

from django.db.models import F, Max, Q, QuerySet

from upheld.app.crash import point
from upheld.app.inside import by_provider
from upheld.core.timeline.instant import Instant
from upheld.evidence.checkpoint import Head, LogName
from upheld.evidence.signer import ReadEntries, RefusedError, Signer, Wanted
from upheld.evidence.tree import Tree
from upheld.store.locking import writing
from upheld.store.models import Checkpoint, Log, OwnEntry, RecordedFact
from upheld.store.walls import between, over_every_provider

AT_ONCE = 200
"""So many logs are signed in one go."""
READ_AT_ONCE = 500
"""So many entries are read by one question."""


def sequence(signer: Signer, at: Instant) -> Mapping[str, str]:
    """Signs every log that has grown since its last checkpoint; gives what is refused, by names of logs.

    What is read of a log, and what is kept of it, is read and kept between the walls of its provider. What is
    refused stands behind all others: it would else be the first each time, and nobody else's turn would come.
    """
    refused: dict[str, str] = {}
    while True:
        grown = list(_grown(refused))
        of_these = _sign(signer, grown, at) if grown else {}
        refused |= of_these
        if not of_these or len(grown) < AT_ONCE:
            return refused


def _sign(signer: Signer, grown: Sequence[tuple[Log, Log | None]], at: Instant) -> Mapping[str, str]:
    wanted = [_wanted(log, provider) for log, provider in grown]
    notes = signer.sign_all(wanted, entries_of({log.name: log.provider_id for log, _ in grown}))
    refused: dict[str, str] = {}
    made: dict[int, list[Checkpoint]] = {}
    for (log, _), one, note in zip(grown, wanted, notes, strict=True):
        if isinstance(note, RefusedError):
            refused[log.name] = str(note)
        else:
            kept = Checkpoint(log=log, epoch=log.epoch, size=one.head.size, signed_at=at, note=note)
            made.setdefault(log.provider_id, []).append(kept)
    point("sequence.signed")
    for provider_id, own in made.items():
        with between(provider_id), writing():
            # Signed again after a crash between signature and commit, it is the same note.
            Checkpoint.objects.bulk_create(own, ignore_conflicts=True)
    point("sequence.kept")
    return refused


def behind(signer: Signer) -> Mapping[str, str]:
    """The logs that have less than was signed of them, with what is lacking: an older backup came back."""
    found: dict[str, str] = {}
    with over_every_provider():
        logs = list(Log.objects.order_by("name").values_list("name", "size", "epoch"))
    for name, size, epoch in logs:
        last = signer.last(name)
        if last is not None and (last.name.epoch, last.size) > (epoch, size):
            found[name] = f"{last.size} entries of epoch {last.name.epoch} were signed, and {size} are there"
    return found


def unsigned(most: int | None = None) -> Mapping[str, Instant]:
    """The logs with entries that nobody has signed, at most so many, with when the first of these came.

    A log that is refused stays here, whatever its size.
    """
    found: dict[str, Instant] = {}
    for provider_id, pks in by_provider(_unsigned_rows().order_by("provider_id", "pk"), most).items():
        with between(provider_id):
            for log in _unsigned_rows().filter(pk__in=pks).select_related("provider"):
                facts = RecordedFact.objects.filter(log=log, index__gte=log.signed or 0).order_by("index")
                first = facts.values_list("recorded_at", flat=True).first()
                found[log.name] = log.provider.recorded_at if first is None else first
    return found


def first_checkpoint() -> tuple[str, bytes] | None:
    """The name of the log that was signed first of all, and the note; None if none ever was."""
    with over_every_provider():
        row = Checkpoint.objects.select_related("log").order_by("pk").first()
    return None if row is None else (row.log.name, bytes(row.note))


def _unsigned_rows() -> QuerySet[Any]:
    """The logs that have more entries than were signed of them, `signed`, which is None at first."""
    rows = Log.objects.exclude(kind="unplaced").annotate(signed=Max("checkpoints__size"))
    return rows.filter(Q(signed=None) | Q(size__gt=F("signed")), size__gt=0)


def _grown(refused: Collection[str] = ()) -> Iterator[tuple[Log, Log | None]]:
    """The logs with entries that no checkpoint covers, each after the log of its provider."""
    rows = _unsigned_rows().exclude(name__in=refused) if refused else _unsigned_rows()
    # "provider" stands behind "customer" in the alphabet, and is signed before.
    for provider_id, pks in by_provider(rows.order_by("provider_id", "-kind", "pk"), AT_ONCE).items():
        with between(provider_id):
            logs = list(Log.objects.filter(pk__in=pks).order_by("-kind", "pk"))
            of_provider = Log.objects.filter(provider_id=provider_id, kind="provider", size__gt=0).first()
        yield from ((log, of_provider if log.kind == "customer" else None) for log in logs)


def head_of(log: Log) -> Head:
    """The head of a log as the database has it."""
    root = Tree.unpacked(log.size, bytes(log.peaks)).root
    return Head(LogName(log.name, log.epoch), log.size, root)


def _wanted(log: Log, provider: Log | None) -> Wanted:
    return Wanted(head_of(log), provider.name if provider else "")


def entries_of(providers: Mapping[str, int]) -> ReadEntries:
    """Gives the stored bytes of the entries of these logs, from one index up to another.

    `providers` are the keys of the providers whose they are, by the names of the logs.
    """

    def read(log: str, start: int, end: int) -> Iterator[bytes]:
        for first in range(start, end, READ_AT_ONCE):
            with between(providers[log]):
                found = list(_entries(log, first, min(first + READ_AT_ONCE, end)))
            yield from found

    return read


def _entries(log: str, start: int, end: int) -> Iterator[bytes]:
    rows = (
        table.objects.filter(log__name=log, index__gte=start, index__lt=end)
        .order_by("index")
        .values_list("index", "entry")
        for table in (RecordedFact, OwnEntry)
    )
    for _, entry in merge(*rows, key=lambda row: row[0]):
        yield bytes(entry)
