"""Receipts (C2SP tlog-proof): that an entry is in a log, for whoever submitted what it says.

    c2sp.org/tlog-proof@v1
    extra <the entry, in base64>
    index 73894
    <the hashes of the proof, in base64, one a line>

    <the checkpoint, as it was signed>

The format calls the extra line not authenticated. Ours is: it holds the entry, and the proof is of its hash.
So a receipt needs nothing beside it but the key of whoever gave it, and an entry left out later is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from upheld.core.values.frozen import dataclass
from upheld.evidence.checkpoint import Checkpoint, open_checkpoint
from upheld.evidence.entry import ENTRY_BYTES, Entry, read_entry
from upheld.evidence.keys import VerifierKey
from upheld.evidence.note import NOTE_BYTES
from upheld.evidence.proof import check_inclusion
from upheld.evidence.strict import base64_bytes, base64_hash, base64_text, decimal
from upheld.evidence.tree import leaf_hash

FORMAT: Final = "c2sp.org/tlog-proof@v1"
_EXTRA: Final = "extra "
_INDEX: Final = "index "
_HASHES: Final = 64
_RECEIPT_BYTES: Final = NOTE_BYTES + 2 * ENTRY_BYTES


class ReceiptError(ValueError):
    """Bytes are not a receipt, or one of something else; the message says why."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt proves: this entry is in the log of this checkpoint. Made by `open_receipt` alone."""

    entry: Entry
    checkpoint: Checkpoint


def receipt(entry: bytes, index: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """The receipt of an entry: its bytes, its index, and the proof that it is in a signed checkpoint."""
    lines = [
        FORMAT,
        f"{_EXTRA}{base64_text(entry)}",
        f"{_INDEX}{index}",
        *map(base64_text, proof),
        "",
    ]
    return "".join(f"{line}\n" for line in lines).encode() + note


def open_receipt(data: bytes, log: str, keys: Iterable[VerifierKey]) -> Receipt:
    """What a receipt proves, by the log and the keys that the reader keeps.

    ReceiptError or EntryError for what is malformed; else the errors of `open_checkpoint`, and ProofError.
    """
    if len(data) > _RECEIPT_BYTES:
        raise ReceiptError(f"a receipt has at most {_RECEIPT_BYTES:,} bytes, not {len(data):,}")
    # The first empty line: the checkpoint after it has one of its own.
    head, empty_line, note = data.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    if not empty_line or lines[0] != FORMAT:
        raise ReceiptError(f"a receipt begins with {FORMAT}, and has a checkpoint after an empty line")
    try:
        entry_data, index, proof = _parts(lines[1:])
    except ValueError as fault:
        raise ReceiptError(f"this is no receipt: {fault}") from None
    checkpoint = open_checkpoint(note, log, keys)
    check_inclusion(leaf_hash(entry_data), index, proof, checkpoint)
    entry = read_entry(entry_data)
    if entry.index != index or entry.name.log != log or entry.name.epoch > checkpoint.head.name.epoch:
        raise ReceiptError(f"entry {index} says that it is entry {entry.index} of {entry.name}")
    return Receipt(entry, checkpoint)


def _parts(lines: list[str]) -> tuple[bytes, int, tuple[bytes, ...]]:
    """The entry, its index and the hashes of the proof. ValueError."""
    if len(lines) < 2 or not lines[0].startswith(_EXTRA) or not lines[1].startswith(_INDEX):
        raise ValueError("the entry and the index stand on the second and the third line")
    hashes = lines[2:]
    if len(hashes) > _HASHES:
        raise ValueError(f"a proof has at most {_HASHES} hashes")
    entry = base64_bytes(lines[0].removeprefix(_EXTRA))
    return entry, decimal(lines[1].removeprefix(_INDEX)), tuple(map(base64_hash, hashes))
