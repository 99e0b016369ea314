"""RFC 6962, 2.1, as it is written there: recursive, slow, over whole lists of entries; shares no code."""

from __future__ import annotations

from hashlib import sha256


def tree_hash(entries: list[bytes]) -> bytes:
    """MTH of the RFC."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = _split(len(entries))
    return _node(tree_hash(entries[:k]), tree_hash(entries[k:]))


def audit_path(m: int, entries: list[bytes]) -> list[bytes]:
    """PATH of the RFC."""
    if len(entries) == 1:
        return []
    k = _split(len(entries))
    if m < k:
        return [*audit_path(m, entries[:k]), tree_hash(entries[k:])]
    return [*audit_path(m - k, entries[k:]), tree_hash(entries[:k])]


def consistency(m: int, entries: list[bytes]) -> list[bytes]:
    """PROOF of the RFC, and nothing from the empty tree on."""
    return _subproof(m, entries, True) if m else []


def _subproof(m: int, entries: list[bytes], is_known: bool) -> list[bytes]:
    if m == len(entries):
        return [] if is_known else [tree_hash(entries)]
    k = _split(len(entries))
    if m <= k:
        return [*_subproof(m, entries[:k], is_known), tree_hash(entries[k:])]
    return [*_subproof(m - k, entries[k:], False), tree_hash(entries[:k])]


def root_by_path(leaf: bytes, m: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root that a proof of a leaf leads to; None if it has another length than it must."""
    if size == 1:
        return None if proof else leaf
    if not proof:
        return None
    k = _split(size)
    inner = root_by_path(leaf, m if m < k else m - k, k if m < k else size - k, proof[:-1])
    if inner is None:
        return None
    return _node(inner, proof[-1]) if m < k else _node(proof[-1], inner)


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _split(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k
