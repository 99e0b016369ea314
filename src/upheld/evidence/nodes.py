"""Proofs made from what is stored of a tree: its leaf hashes, and of 256 at a time the hash of their subtree.

These are the tiles of C2SP tlog-tiles: at level 0 stand the leaf hashes, at level l the hashes of complete
subtrees of 256**l leaves. A proof reads one tile of each level at most twice, however large the log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from upheld.evidence.strict import HASH_BYTES
from upheld.evidence.tree import hashes_of, node_hash

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
"""The hashes of a whole tile."""

ReadHashes: TypeAlias = Callable[[int, int, int], bytes]
"""The stored hashes of a level from one index up to another, in one piece."""


class MissingHashesError(LookupError):
    """Hashes that must be stored are not there."""


class Nodes:
    """The nodes of a tree of `size` leaves, made from stored hashes; what was read is kept."""

    def __init__(self, size: int, read: ReadHashes) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], list[tuple[bytes, ...]]] = {}

    def complete(self, height: int, index: int) -> bytes:
        """The hash of the complete subtree over the leaves [index, index + 1) * 2**height."""
        level, within = divmod(height, HEIGHT)
        tile, offset = divmod(index << within, WIDTH)
        return self._tile(level, tile)[within][offset >> within]

    def whole(self, level: int, tile: int) -> bytes:
        """The hash over a whole tile of a level."""
        return self._tile(level, tile)[HEIGHT][0]

    def over(self, start: int, end: int) -> bytes:
        """The hash of the subtree over the leaves [start, end), at least one, as RFC 6962 divides them."""
        count = end - start
        if count & (count - 1) == 0:
            height = count.bit_length() - 1
            return self.complete(height, start >> height)
        middle = start + _left_of(count)
        return node_hash(self.over(start, middle), self.over(middle, end))

    def _tile(self, level: int, tile: int) -> list[tuple[bytes, ...]]:
        """The rows of a tile, from its stored hashes to its root or as far as it is complete."""
        rows = self._tiles.get((level, tile))
        if rows is None:
            start = tile * WIDTH
            end = min(start + WIDTH, self.size >> (HEIGHT * level))
            packed = self._read(level, start, end)
            if len(packed) != (end - start) * HASH_BYTES:
                found = len(packed) // HASH_BYTES
                raise MissingHashesError(f"{found} of the hashes {start} to {end} of level {level} are there")
            row = hashes_of(packed)
            rows = [row]
            while len(row) > 1:
                row = tuple(map(node_hash, row[0::2], row[1::2]))
                rows.append(row)
            self._tiles[level, tile] = rows
        return rows


def inclusion_proof(index: int, size: int, read: ReadHashes) -> tuple[bytes, ...]:
    """The hashes beside the path from the leaf to the root (RFC 6962, 2.1.1), from the leaf on.

    ValueError if the tree of that size has no such leaf; MissingHashesError.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    nodes = Nodes(size, read)
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_of(end - start)
        if index < middle:
            proof.append(nodes.over(middle, end))
            end = middle
        else:
            proof.append(nodes.over(start, middle))
            start = middle
    return tuple(reversed(proof))


def consistency_proof(old: int, size: int, read: ReadHashes) -> tuple[bytes, ...]:
    """The hashes by which the tree of `old` leaves is the beginning of that of `size` (RFC 6962, 2.1.2).

    ValueError if it is larger; MissingHashesError.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} leaves is not the beginning of one of {size}")
    if old in (0, size):
        return ()
    nodes = Nodes(size, read)
    proof: list[bytes] = []
    start, end = 0, size
    while old != end:
        middle = start + _left_of(end - start)
        if old <= middle:
            proof.append(nodes.over(middle, end))
            end = middle
        else:
            proof.append(nodes.over(start, middle))
            start = middle
    # What is left is a subtree of both; the verifier knows it if it is the whole old tree.
    if start:
        proof.append(nodes.over(start, end))
    return tuple(reversed(proof))


def completed(old: int, size: int, read: ReadHashes) -> tuple[tuple[int, int, bytes], ...]:
    """What is stored beside the leaf hashes when a log grows from `old` leaves: (level, index, hash).

    `read` gives the leaf hashes up to `size`, and of the levels above what was stored at `old` leaves.
    """
    fresh: dict[tuple[int, int], bytes] = {}

    def read_also_fresh(level: int, start: int, end: int) -> bytes:
        stored = min(end, max(start, old >> (HEIGHT * level))) if level else end
        return read(level, start, stored) + b"".join(fresh[level, index] for index in range(stored, end))

    nodes = Nodes(size, read_also_fresh)
    level = 1
    while size >> (HEIGHT * level):
        for index in range(old >> (HEIGHT * level), size >> (HEIGHT * level)):
            fresh[level, index] = nodes.whole(level - 1, index)
        level += 1
    return tuple((level, index, found) for (level, index), found in fresh.items())


def _left_of(count: int) -> int:
    """The leaves of the left side: the largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1
