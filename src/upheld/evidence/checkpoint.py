"""Checkpoints (C2SP tlog-checkpoint): what a log was at a size, signed; a customer's binds the provider's.

    northwind.example/log/acme/1
    1204
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    provider northwind.example/log/1 311 AvQ85lRFJ4RmfqVNeSiQy+2OLnXiu6bz3XNa5/a1JIg=

The first line is the origin: the name of a log and its epoch. The fourth, an extension line, is there for the
log of a customer: what the log of the provider was at that moment. It costs no entry, so that signing adds
nothing to the ledger; Ed25519 signs it with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from upheld.core.values.frozen import dataclass
from upheld.evidence.keys import VerifierKey
from upheld.evidence.note import read_note, verify_note
from upheld.evidence.strict import CONTROL, HASH_BYTES, MOST, base64_hash, base64_text, decimal

_PROVIDER: Final = "provider"


class CheckpointError(ValueError):
    """A text is not a checkpoint, or is one of another log; the message says which."""


@dataclass(frozen=True, slots=True, order=True)
class LogName:
    """The origin of a checkpoint: a log and its epoch, counted from 1. ValueError for what is no name.

    A log begins a new epoch when it cannot go on from what was signed, after an old backup was restored.
    """

    log: str
    epoch: int = 1

    def __post_init__(self) -> None:
        if "+" in self.log or CONTROL.search(self.log) or self.log.split() != [self.log]:
            raise ValueError(f"{self.log[:80]!r} cannot be the name of a log: no blanks, no plus, not empty")
        if not 1 <= self.epoch <= MOST:
            raise ValueError(f"{self.epoch} is not an epoch: the first is 1")

    def __str__(self) -> str:
        return f"{self.log}/{self.epoch}"

    @classmethod
    def of(cls, text: str) -> LogName:
        """The name that a text is. ValueError if it is none."""
        log, _, epoch = text.rpartition("/")
        return cls(log, decimal(epoch))


@dataclass(frozen=True, slots=True)
class Head:
    """What a log is at a size: its name, the number of entries and the root of the tree over them."""

    name: LogName
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MOST or len(self.root) != HASH_BYTES:
            raise ValueError(f"a log has 0 to {MOST} entries and a root of {HASH_BYTES} bytes")

    def __str__(self) -> str:
        return f"{self.name} {self.size} {base64_text(self.root)}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The text of a checkpoint: a head, and for a customer the head of the provider's log that it binds."""

    head: Head
    provider: Head | None = None

    @property
    def text(self) -> str:
        """As it is signed."""
        head = self.head
        bound = "" if self.provider is None else f"{_PROVIDER} {self.provider}\n"
        return f"{head.name}\n{head.size}\n{base64_text(head.root)}\n{bound}"

    @classmethod
    def of(cls, text: str) -> Checkpoint:
        """The checkpoint that a text is. CheckpointError unless it is one to the byte."""
        origin, *rest = text.split("\n")
        if len(rest) not in (3, 4) or rest[-1]:
            raise CheckpointError(
                "a checkpoint has the lines origin, size and root, and one of a provider at most"
            )
        try:
            head = Head(LogName.of(origin), decimal(rest[0]), base64_hash(rest[1]))
            return cls(head, _bound(rest[2]) if len(rest) == 4 else None)
        except CheckpointError:
            raise
        except ValueError as fault:
            raise CheckpointError(f"this is no checkpoint: {fault}") from None


def open_checkpoint(note: bytes, log: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint of a signed note of this log, in any epoch.

    Log and keys are those that the reader keeps, never those that came with the note. NoteError,
    UnknownKeyError and BadSignatureError as in `note`; CheckpointError for what is signed and no checkpoint
    of this log.
    """
    read = read_note(note)
    verify_note(read, keys)
    checkpoint = Checkpoint.of(read.text.decode())
    if checkpoint.head.name.log != log:
        raise CheckpointError(f"this is a checkpoint of {checkpoint.head.name.log}, not of {log}")
    return checkpoint


def _bound(line: str) -> Head:
    word, *parts = line.split(" ")
    if word != _PROVIDER or len(parts) != 3:
        raise CheckpointError(f"{line[:60]!r} is no line of a checkpoint that this version knows")
    return Head(LogName.of(parts[0]), decimal(parts[1]), base64_hash(parts[2]))
