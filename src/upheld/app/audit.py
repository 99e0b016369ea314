"""The ledger checked against itself and against what was signed of it: every entry is hashed anew.

What is in a row beside its entry is compared with it, and personal text with its hash; each checkpoint has to
be signed by one of the keys and be true of the entries up to its size. Entries are read by pages, so that
whoever records facts meanwhile waits for none of it. Source: safety.md, evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from typing import Any, Final, TypeAlias

from django.db.models import Max

from upheld.app.sequence import READ_AT_ONCE, head_of
from upheld.core.values.frozen import dataclass
from upheld.evidence.checkpoint import Checkpoint as Signed
from upheld.evidence.checkpoint import open_checkpoint
from upheld.evidence.entry import Entry, EntryError, Gap, read_entry
from upheld.evidence.keys import VerifierKey
from upheld.evidence.told import PrivateTextError, Told
from upheld.evidence.tree import Tree, leaf_hash
from upheld.store.mapping import data_of
from upheld.store.models import Checkpoint, Log, OwnEntry, RecordedFact
from upheld.store.walls import between, over_every_provider

Rest: TypeAlias = Callable[[], None]
"""Is called between two pages: for whoever is in no hurry, or has to stop and raises."""
MOST_FAULTS: Final = 100
_COLUMNS = ("index", "entry", "leaf")
_BESIDE = ("source", "fact_id", "type", "recorded_at", "actor", "personal", "salt")


@dataclass(frozen=True, slots=True)
class Audit:
    """What was checked, and every fault that was found, at most `MOST_FAULTS`."""

    logs: int
    entries: int
    checkpoints: int
    faults: tuple[str, ...]


def audit(keys: Sequence[VerifierKey], rest: Rest = lambda: None) -> Audit:
    """Checks every log, also while facts are recorded. Checkpoints hold if one of the keys signed them."""
    logs = entries = checkpoints = 0
    faults: list[str] = []
    with over_every_provider():
        logs_there = list(Log.objects.order_by("pk").values_list("provider_id", "pk"))
    for provider_id, pk in logs_there:
        with between(provider_id):
            # In this order: what is recorded meanwhile is behind the size, what was signed is not.
            notes = list(Checkpoint.objects.filter(log=pk).order_by("epoch", "size"))
            last = _last_index(pk)
            log = Log.objects.get(pk=pk)
        logs, entries, checkpoints = logs + 1, entries + log.size, checkpoints + len(notes)
        for fault in _of_log(log, notes, keys, rest):
            if len(faults) < MOST_FAULTS:
                faults.append(f"{log.name}: {fault}")
        if last >= log.size and len(faults) < MOST_FAULTS:
            faults.append(f"{log.name}: entry {last} is there, and it has {log.size}")
    return Audit(logs, entries, checkpoints, tuple(faults))


def _last_index(pk: int) -> int:
    """The greatest index of an entry of a log; -1 if it has none."""
    rows = (table.objects.filter(log=pk).aggregate(last=Max("index")) for table in (RecordedFact, OwnEntry))
    return max(-1 if one["last"] is None else one["last"] for one in rows)


def _of_log(log: Log, notes: Sequence[Checkpoint], keys: Sequence[VerifierKey], rest: Rest) -> Iterator[str]:
    signed, unsound = _opened(log, notes, keys)
    yield from unsound
    wanted: dict[int, list[Signed]] = {}
    for one in signed:
        wanted.setdefault(one.head.size, []).append(one)
    tree, untrue = Tree(), list[Signed]()
    for index, data, leaf, beside in _rows(log, rest):
        if index != tree.size:
            yield f"entry {tree.size} is not there"
            return
        found = leaf_hash(data)
        if found != leaf:
            yield f"entry {index} was changed: it has another hash than when it was recorded"
        tree = tree.appended([found])
        try:
            entry = read_entry(data)
        except EntryError as fault:
            yield f"entry {index}: {fault}"
            continue
        yield from (f"entry {index}: {fault}" for fault in _beside(log, entry, index, beside))
        if isinstance(entry.said, Gap):  # what was signed of an epoch that is over need not be there any more
            agreed = entry.said.agreed
            untrue = [one for one in untrue if one.head.size <= agreed]
        untrue += [one for one in wanted.pop(tree.size, ()) if one.head.root != tree.root]
    yield from (f"its first {one.head.size} entries are others than were signed" for one in untrue)
    for size, lost in sorted(wanted.items()):
        if any(one.head.name.epoch == log.epoch for one in lost):
            yield f"{size} entries were signed, and {tree.size} are there"
    if (tree.size, tree.root) != (log.size, head_of(log).root):
        yield f"its {tree.size} entries do not have the root that its row says"


def _opened(
    log: Log, notes: Sequence[Checkpoint], keys: Sequence[VerifierKey]
) -> tuple[list[Signed], list[str]]:
    signed: list[Signed] = []
    faults: list[str] = []
    for row in notes:
        try:
            one = open_checkpoint(bytes(row.note), log.name, keys)
        except ValueError as fault:
            faults.append(f"the checkpoint at {row.size}: {fault}")
            continue
        if (one.head.size, one.head.name.epoch) != (row.size, row.epoch):
            faults.append(f"the checkpoint at {row.size} is of {one.head.size} entries")
        signed.append(one)
    return signed, faults


def _rows(log: Log, rest: Rest) -> Iterator[tuple[int, bytes, bytes, tuple[Any, ...] | None]]:
    """The entries of a log in order, with what stands beside the fact of each."""
    for first in range(0, log.size, READ_AT_ONCE):
        page = {"log": log, "index__gte": first, "index__lt": min(first + READ_AT_ONCE, log.size)}
        with between(log.provider_id):
            facts = RecordedFact.objects.filter(**page).order_by("index").values_list(*_COLUMNS, *_BESIDE)
            own = OwnEntry.objects.filter(**page).order_by("index").values_list(*_COLUMNS)
            rows = list(merge(facts, own, key=lambda row: row[0]))
        for index, entry, leaf, *beside in rows:
            yield index, bytes(entry), bytes(leaf), tuple(beside) or None
        rest()


def _beside(log: Log, entry: Entry, index: int, beside: tuple[Any, ...] | None) -> Iterator[str]:
    """Where a row says something else than its entry does."""
    if (entry.name.log, entry.index) != (log.name, index):
        yield f"it is entry {entry.index} of {entry.name.log}"
    if beside is None or not isinstance(entry.said, Told):
        if beside is not None:
            yield "it is no fact"
        return
    *columns, personal, salt = beside
    fact = entry.said.fact
    if columns != [fact.source, fact.id, fact.type, entry.recorded_at, entry.actor]:
        yield "the columns beside it say something else"
    if personal is not None:
        try:
            entry.said.with_private(data_of(personal), bytes(salt or b""))
        except (PrivateTextError, ValueError):
            yield "its personal text was changed"
