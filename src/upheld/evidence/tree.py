"""The Merkle tree of a log (RFC 6962, 2.1), kept as little as it takes to go on: a hash per bit of its size.

A leaf is hashed behind a zero byte and a node behind a one: without these, a node would be a leaf.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from upheld.core.values.frozen import dataclass
from upheld.evidence.strict import HASH_BYTES, MOST

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a log without entries."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry by its exact bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two hashes."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of `size` leaves by its peaks: the roots of its largest complete subtrees, from left to right.

    There is one for each 1 in the binary size, so that leaves are appended without the ones before.
    ValueError for another number of peaks, or for a peak that is no hash.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MOST or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves does not have {len(self.peaks)} peaks")
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError(f"every peak of a tree has {HASH_BYTES} bytes")

    def appended(self, leaves: Iterable[bytes]) -> Tree:
        """The tree with more leaf hashes; each costs two hashes at most, on average."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            whole = size
            while whole & 1:
                leaf = node_hash(peaks.pop(), leaf)  # noqa: PLW2901 - it grows into the root of its subtree
                whole >>= 1
            peaks.append(leaf)
            size += 1
        return Tree(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The root, 32 bytes."""
        if not self.peaks:
            return EMPTY_ROOT
        *left, root = self.peaks
        for peak in reversed(left):
            root = node_hash(peak, root)
        return root

    @property
    def packed(self) -> bytes:
        """The peaks in one piece, 32 bytes each: with the size, all that a database has to keep."""
        return b"".join(self.peaks)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> Tree:
        """The tree of a size and its packed peaks. ValueError if these are not of that size."""
        if len(packed) % HASH_BYTES:
            raise ValueError(f"{len(packed)} bytes are not a number of hashes")
        return cls(size, hashes_of(packed))


def hashes_of(packed: bytes) -> tuple[bytes, ...]:
    """The hashes that follow each other in one piece."""
    return tuple(packed[start : start + HASH_BYTES] for start in range(0, len(packed), HASH_BYTES))
