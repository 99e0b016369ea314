"""The signer: it signs what it has recomputed, and no log that does not go on from what it signed before.

It trusts nothing of the database but the bytes of entries. Those since its last signature it reads again and
hashes on top of the tree that it remembers; the root must be the one that the database has. So a changed row
shows if it is new, and a fork or a restored backup because roots differ or entries are missing. A log that
cannot go on begins a new epoch, on the operator's word, with an entry that states the gap, if it is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TypeAlias

from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.evidence.checkpoint import Checkpoint, Head, LogName, open_checkpoint
from upheld.evidence.entry import Entry, EntryError, Gap, read_entry
from upheld.evidence.keys import SigningKey
from upheld.evidence.note import sign_note
from upheld.evidence.signer_state import Signed, SignerState
from upheld.evidence.tree import Tree, leaf_hash

ReadEntries: TypeAlias = Callable[[str, int, int], Iterable[bytes]]
"""The stored bytes of the entries of a log, from one index up to another, in order."""


class RefusedError(Exception):
    """The signer does not sign: `log` is the log, the message says why and what to do."""

    def __init__(self, log: str, message: str) -> None:
        super().__init__(f"{log}: {message}")
        self.log = log


class ShrunkError(RefusedError):
    """Entries that were signed are gone."""


class ForkedError(RefusedError):
    """The log has another history than the one that was signed."""


class UnsoundEntryError(RefusedError):
    """An entry is not what can stand at its place in its log."""


class EpochError(RefusedError):
    """A log is in another epoch than the signer knows, or a new one is not opened as it must be."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be signed: a log as the database has it, and for a customer's the log of the provider."""

    head: Head
    provider: str = ""


class Signer:
    """Signs heads of logs with its keys, and remembers them in its state before a signature leaves."""

    def __init__(self, keys: Sequence[SigningKey], state: SignerState) -> None:
        self._keys = tuple(keys)
        self._state = state

    def last(self, log: str) -> Head | None:
        """The last head of a log that was signed."""
        signed = self._state.last(log)
        return None if signed is None else signed.head

    def sign(self, wanted: Wanted, read: ReadEntries) -> bytes:
        """The signed checkpoint of one log. RefusedError; OSError if it cannot be remembered."""
        (found,) = self.sign_all([wanted], read)
        if isinstance(found, RefusedError):
            raise found
        return found

    def sign_all(self, wanted: Iterable[Wanted], read: ReadEntries) -> tuple[bytes | RefusedError, ...]:
        """The signed checkpoint of each log in turn, or why there is none; one refusal stops no other.

        A provider's log stands before those of its customers, which then bind what was signed with them. All
        are remembered at once, before any is signed. OSError if that fails: then nothing was signed, and the
        next call begins with what is remembered. StateError if that is not there any more.
        """
        self._state.mend()
        moved: dict[str, Signed] = {}
        made: list[Checkpoint | RefusedError] = []
        for one in wanted:
            try:
                signed = self._next(one.head, moved, read)
                made.append(Checkpoint(signed.head, self._provider_head(one, moved)))
                moved[signed.name.log] = signed
            except RefusedError as refused:
                made.append(refused)
        self._remember(moved.values())
        return tuple(one if isinstance(one, RefusedError) else self._note(one) for one in made)

    def gap(
        self, kept: Head, because: str, read: ReadEntries, notes: Iterable[bytes], may_go_on: bool = False
    ) -> Gap:
        """What an entry must say so that a new epoch can begin after the entries that are there.

        `may_go_on`: also if the log goes on from what is remembered as signed, because that memory is an old
        one: what was signed since then, nobody here knows.

        `notes` are the checkpoints of the log that were kept; what does not open under the signer's own keys
        is passed over. EpochError if the log goes on from what was signed, so that it needs no new epoch;
        other RefusedErrors for entries that are not what the database says.
        """
        return self._measured(kept, because, read, notes, may_go_on)[0]

    def open_epoch(
        self, head: Head, read: ReadEntries, notes: Iterable[bytes], provider: str = "",
        may_go_on: bool = False,
    ) -> bytes:  # fmt: skip
        """The first signed checkpoint of a new epoch, on the operator's word.

        The first entry of the epoch states the gap, and all that it states is measured again. RefusedError;
        OSError if it cannot be remembered.
        """
        log = head.name.log
        known = self._known(log)
        if head.name.epoch != known.name.epoch + 1:
            raise EpochError(log, f"after epoch {known.name.epoch} comes the next, not {head.name.epoch}")
        entries = _entries(log, 0, head.size, None, read)
        entry, leaf = next((found for found in entries if found[0].name == head.name), (None, b""))
        if entry is None or not isinstance(entry.said, Gap):
            raise EpochError(log, f"epoch {head.name.epoch} does not begin with an entry that states the gap")
        gap, tree = self._measured(entry.said.kept, entry.said.because, read, notes, may_go_on)
        if gap != entry.said or gap.kept.size != entry.index:
            raise EpochError(log, f"entry {entry.index} states another gap than there is")
        signed = _gone_on(Signed(head.name, tree.appended([leaf]), entry.recorded_at), head, read)
        checkpoint = Checkpoint(signed.head, self._provider_head(Wanted(head, provider), {}))
        self._remember([signed])
        return self._note(checkpoint)

    def _next(self, head: Head, moved: dict[str, Signed], read: ReadEntries) -> Signed:
        """What is to be signed of a log: its entries since the last time, on top of what was signed then."""
        log = head.name.log
        known = moved.get(log) or self._state.last(log) or Signed(LogName(log), Tree())
        if head.name != known.name:
            raise EpochError(log, f"it is in epoch {head.name.epoch}, and {known.name.epoch} was signed last")
        if head.size < known.tree.size:
            raise ShrunkError(
                log,
                f"it has {head.size} entries and {known.tree.size} were signed: an old backup was restored, "
                "or entries were deleted; bring them back, or open a new epoch that states the gap",
            )
        return _gone_on(known, head, read)

    def _measured(
        self, kept: Head, because: str, read: ReadEntries, notes: Iterable[bytes], may_go_on: bool
    ) -> tuple[Gap, Tree]:
        """The gap, and the tree of what was kept."""
        log = kept.name.log
        known = self._known(log)
        if kept.name != known.name:
            raise EpochError(log, f"what is kept is of epoch {known.name.epoch}, not {kept.name.epoch}")
        signed = [one for one in self._opened(notes, log) if one.size <= min(kept.size, known.tree.size)]
        sizes = {known.tree.size, *(one.size for one in signed)}
        roots = {0: Tree().root}
        tree, epoch = Tree(), 1
        for entry, leaf in _entries(log, 0, kept.size, None, read):
            tree = tree.appended([leaf])
            if not epoch <= entry.name.epoch <= known.name.epoch:
                raise UnsoundEntryError(log, f"entry {entry.index} is of epoch {entry.name.epoch}")
            epoch = entry.name.epoch
            if tree.size in sizes:
                roots[tree.size] = tree.root
        _check_root(Signed(kept.name, tree), kept)
        if roots.get(known.tree.size) == known.tree.root and not may_go_on:
            raise EpochError(log, "it goes on from what was signed, and needs no new epoch")
        agreed = max((one.size for one in signed if roots[one.size] == one.root), default=0)
        return Gap(known.head, kept, agreed, because), tree

    def _opened(self, notes: Iterable[bytes], log: str) -> Iterator[Head]:
        keys = [key.verifier for key in self._keys]
        for note in notes:
            with suppress(ValueError):
                yield open_checkpoint(note, log, keys).head

    def _known(self, log: str) -> Signed:
        known = self._state.last(log)
        if known is None:
            raise EpochError(log, "it was never signed, so its first epoch is still to come")
        return known

    def _provider_head(self, wanted: Wanted, moved: dict[str, Signed]) -> Head | None:
        if not wanted.provider:
            return None
        signed = moved.get(wanted.provider) or self._state.last(wanted.provider)
        if signed is None:
            raise RefusedError(wanted.head.name.log, f"{wanted.provider}, which it binds, was never signed")
        return signed.head

    def _remember(self, signed: Iterable[Signed]) -> None:
        news = [one for one in signed if one != self._state.last(one.name.log)]
        if news:
            self._state.keep(news)

    def _note(self, checkpoint: Checkpoint) -> bytes:
        return sign_note(checkpoint.text, self._keys)


def _gone_on(known: Signed, head: Head, read: ReadEntries) -> Signed:
    """A log with its entries after those that are known, if these are of its epoch and its root is true."""
    leaves: list[bytes] = []
    recorded_at = known.recorded_at
    for entry, leaf in _entries(head.name.log, known.tree.size, head.size, recorded_at, read):
        if entry.name != head.name or isinstance(entry.said, Gap):
            message = f"entry {entry.index} belongs to another epoch, or opens one"
            raise UnsoundEntryError(head.name.log, message)
        leaves.append(leaf)
        recorded_at = entry.recorded_at
    signed = Signed(head.name, known.tree.appended(leaves), recorded_at)
    _check_root(signed, head)
    return signed


def _entries(
    log: str, start: int, end: int, recorded_at: Instant | None, read: ReadEntries
) -> Iterator[tuple[Entry, bytes]]:
    """The entries of a log with their leaf hashes, each checked for its place. RefusedError."""
    count = 0
    for index, data in enumerate(read(log, start, end), start=start):
        try:
            entry = read_entry(data)
        except EntryError as fault:
            raise UnsoundEntryError(log, f"entry {index}: {fault}") from None
        if entry.index != index or entry.name.log != log:
            raise UnsoundEntryError(log, f"at {index} stands entry {entry.index} of {entry.name.log}")
        if recorded_at is not None and entry.recorded_at < recorded_at:
            raise UnsoundEntryError(log, f"entry {index} was recorded before the one before it")
        recorded_at = entry.recorded_at
        count += 1
        yield entry, leaf_hash(data)
    if start + count != end:
        raise ShrunkError(log, f"the database says {end} entries, and {start + count} are there")


def _check_root(signed: Signed, head: Head) -> None:
    if signed.tree.root != head.root:
        raise ForkedError(
            head.name.log,
            f"its {head.size} entries do not have the root that the database says, or do not go on from what "
            "was signed: entries were changed, or an old backup was restored and went on",
        )
