"""A new epoch: a log that cannot go on from what was signed states the gap, for everyone to read.

In two steps, each of which can be done again: the entry that states the gap is recorded and committed; then
the signer measures the gap anew and signs. Who stops in between begins with the second. Source: design 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from upheld.app.sequence import entries_of, head_of
from upheld.core.timeline.instant import Instant
from upheld.evidence.checkpoint import LogName
from upheld.evidence.entry import Entry, Gap, entry_bytes, read_entry
from upheld.evidence.signer import EpochError, ReadEntries, Signer
from upheld.evidence.tree import Tree, leaf_hash
from upheld.store.locking import locked, writing
from upheld.store.models import Checkpoint, Log, OwnEntry, Provider
from upheld.store.walls import between


class Opened(NamedTuple):
    """A log, the epoch that began, and the gap before it."""

    log: str
    epoch: int
    gap: Gap


def open_epochs(
    provider_id: int, signer: Signer, because: str, actor: str, at: Instant, all_of_them: bool = False
) -> list[Opened]:
    """Opens an epoch for each log of a provider that needs one, the provider's log first.

    `all_of_them`: also for those that go on from what the signer remembers, as its memory is an old one.
    RefusedError of the signer, as for entries that were changed; ValueError for no reason that can be told.
    """
    with between(provider_id), writing():
        provider = locked(provider_id)
        logs = _logs(provider)
        for log in logs:
            _state_gap(provider, log, signer, because, actor, at, all_of_them)
        provider.save(update_fields=["recorded_at"])
    opened = []
    for log in logs:
        with between(provider_id):
            one = _open(log, signer, at, all_of_them)
        opened += [] if one is None else [one]
    return opened


def _logs(provider: Provider) -> Sequence[Log]:
    """The signed logs, that of the provider first: the others bind it."""
    rows = Log.objects.filter(provider=provider, size__gt=0).exclude(kind="unplaced")
    return sorted(rows, key=lambda log: (log.kind != "provider", log.pk))


def _state_gap(
    provider: Provider, log: Log, signer: Signer, because: str, actor: str, at: Instant, all_of_them: bool
) -> None:
    """Records the entry that opens an epoch of a log, if it needs one that is not stated yet."""
    signed = signer.last(log.name)
    if signed is None or log.epoch > signed.name.epoch:
        return
    try:
        gap = signer.gap(head_of(log), because, _read(log), _notes(log), all_of_them)
    except EpochError:
        if log.epoch == signed.name.epoch:
            return  # it goes on from what was signed
        raise
    provider.recorded_at = max(at, provider.recorded_at + 1)
    name = LogName(log.name, signed.name.epoch + 1)
    data = entry_bytes(Entry(name, log.size, provider.recorded_at, actor, gap))
    leaf = leaf_hash(data)
    OwnEntry.objects.create(log=log, index=log.size, entry=data, leaf=leaf)
    tree = Tree.unpacked(log.size, bytes(log.peaks)).appended([leaf])
    log.size, log.peaks, log.epoch = tree.size, tree.packed, name.epoch
    log.save(update_fields=["size", "peaks", "epoch"])


def _open(log: Log, signer: Signer, at: Instant, all_of_them: bool) -> Opened | None:
    """Signs the first checkpoint of an epoch that is stated and not signed yet."""
    signed = signer.last(log.name)
    if signed is None or log.epoch != signed.name.epoch + 1:
        return None
    head = head_of(log)
    binds = Log.objects.filter(provider_id=log.provider_id, kind="provider", size__gt=0).first()
    bound = binds.name if binds is not None and log.kind == "customer" else ""
    note = signer.open_epoch(head, _read(log), _notes(log), bound, all_of_them)
    with writing():
        kept = Checkpoint(log=log, epoch=log.epoch, size=log.size, signed_at=at, note=note)
        Checkpoint.objects.bulk_create([kept], ignore_conflicts=True)
    return Opened(log.name, log.epoch, _gap(log))


def _gap(log: Log) -> Gap:
    """The gap that opened the present epoch of a log."""
    entries = OwnEntry.objects.filter(log=log).order_by("-index").values_list("entry", flat=True)
    return next(
        said
        for data in entries.iterator()
        for said in (read_entry(bytes(data)).said,)
        if isinstance(said, Gap)
    )


def _read(log: Log) -> ReadEntries:
    return entries_of({log.name: log.provider_id})


def _notes(log: Log) -> list[bytes]:
    rows = Checkpoint.objects.filter(log=log).order_by("size").values_list("note", flat=True)
    return [bytes(note) for note in rows]
