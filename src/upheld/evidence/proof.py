"""Checks of proofs (RFC 9162, 2.1.3.2 and 2.1.4.2): pure, strict, and only against what was signed.

The size decides how many hashes a proof has and on which side each stands. A proof that brings its own size
proves another row: in a tree of three leaves the one of leaf 2 also holds as that of leaf 1 of two. So size
and root are taken from a checkpoint, opened from its signed text, and a proof of another length is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from upheld.evidence.checkpoint import Checkpoint
from upheld.evidence.strict import HASH_BYTES
from upheld.evidence.tree import EMPTY_ROOT, node_hash


class ProofError(ValueError):
    """A proof does not prove what it is given for; the message says why."""


def inclusion_length(index: int, size: int) -> int:
    """How many hashes the proof of a leaf has. ProofError if the tree has no such leaf."""
    if not 0 <= index < size:
        raise ProofError(f"a log of {size} entries has no entry {index}")
    turned = _turned(index, size - 1)
    return turned + (index >> turned).bit_count()


def consistency_length(old: int, size: int) -> int:
    """How many hashes prove that a tree of `old` leaves begins one of `size`. ProofError if it cannot."""
    if not 0 <= old <= size:
        raise ProofError(f"a log of {size} entries does not begin with {old}")
    if old in (0, size):
        return 0
    turned = _turned(old - 1, size - 1)
    whole = _trailing_zeros(old)
    return (old != 1 << whole) + turned - whole + (old - 1 >> turned).bit_count()


def check_inclusion(leaf: bytes, index: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> None:
    """ProofError unless the log of an opened checkpoint has this leaf hash at this index."""
    size = checkpoint.head.size
    _check_hashes((leaf, *proof))
    _check_length(proof, inclusion_length(index, size))
    if _climbed(leaf, index, _turned(index, size - 1), proof) != checkpoint.head.root:
        raise ProofError(f"this is not entry {index} of {checkpoint.head.name} at {size} entries")


def check_consistency(proof: Sequence[bytes], old: Checkpoint, new: Checkpoint) -> None:
    """ProofError unless the log of the newer checkpoint begins with all that the older one had.

    Both are opened checkpoints of one log, and the newer one is not of an earlier epoch.
    """
    if old.head.name.log != new.head.name.log or old.head.name.epoch > new.head.name.epoch:
        raise ProofError(f"{new.head.name} does not go on from {old.head.name}")
    size, more = old.head.size, new.head.size
    _check_hashes(proof)
    _check_length(proof, consistency_length(size, more))
    if size == 0:
        if old.head.root != EMPTY_ROOT:
            raise ProofError(f"{old.head.name} has a root without entries")
        return
    if size == more:
        roots = old.head.root, old.head.root
    else:
        whole = _trailing_zeros(size)
        # A complete subtree that is the whole old tree is known by its root; any other begins the proof.
        seed, *rest = proof if size != 1 << whole else (old.head.root, *proof)
        path, turned = size - 1 >> whole, _turned(size - 1, more - 1) - whole
        roots = _climbed_left(seed, path, turned, rest), _climbed(seed, path, turned, rest)
    if roots != (old.head.root, new.head.root):
        raise ProofError(f"{new.head.name} at {more} entries does not begin with the {size} that were signed")


def _climbed(seed: bytes, path: int, turned: int, proof: Sequence[bytes]) -> bytes:
    """The root above a node: a bit of the path says the side, up to where the right edge is met."""
    for height, beside in enumerate(proof):
        is_right = height >= turned or path >> height & 1
        seed = node_hash(beside, seed) if is_right else node_hash(seed, beside)
    return seed


def _climbed_left(seed: bytes, path: int, turned: int, proof: Sequence[bytes]) -> bytes:
    """The root of the older tree above a node: only what stands to the left was in it."""
    for height, beside in enumerate(proof):
        if height >= turned or path >> height & 1:
            seed = node_hash(beside, seed)
    return seed


def _turned(index: int, last: int) -> int:
    """The height at which the path of a leaf joins that of the last one."""
    return (index ^ last).bit_length()


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1


def _check_length(proof: Sequence[bytes], length: int) -> None:
    if len(proof) != length:
        raise ProofError(f"the proof has {len(proof)} hashes and must have {length}")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise ProofError(f"a hash has {HASH_BYTES} bytes")
