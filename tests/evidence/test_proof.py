"""Checks of proofs: each right one holds, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence import recursive
from tests.evidence.logs import ACME, KEY, PROVIDER
from tests.evidence.test_tree import CONSISTENCIES, ENTRIES, INCLUSIONS
from upheld.evidence.checkpoint import Checkpoint, Head, LogName, open_checkpoint
from upheld.evidence.note import sign_note
from upheld.evidence.proof import (
    ProofError,
    check_consistency,
    check_inclusion,
    consistency_length,
    inclusion_length,
)
from upheld.evidence.tree import EMPTY_ROOT, leaf_hash

NAME = LogName(ACME)
TOLD = [bytes([number]) for number in range(20)]


def checkpoint(entries: list[bytes], name: LogName = NAME) -> Checkpoint:
    """The checkpoint of a log with these entries."""
    return Checkpoint(Head(name, len(entries), recursive.tree_hash(entries)))


def includes(leaf: bytes, index: int, proof: list[bytes], of: Checkpoint) -> bool:
    try:
        check_inclusion(leaf, index, proof, of)
    except ProofError:
        return False
    return True


def is_consistent(proof: list[bytes], old: Checkpoint, new: Checkpoint) -> bool:
    try:
        check_consistency(proof, old, new)
    except ProofError:
        return False
    return True


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_known_inclusion_proofs_hold(index: int, size: int) -> None:
    """Those that others publish."""
    proof = [bytes.fromhex(one) for one in INCLUSIONS[index, size]]
    assert includes(leaf_hash(ENTRIES[index]), index, proof, checkpoint(ENTRIES[:size]))


@pytest.mark.parametrize(("old", "size"), CONSISTENCIES)
def test_known_consistency_proofs_hold(old: int, size: int) -> None:
    """Those that others publish."""
    proof = [bytes.fromhex(one) for one in CONSISTENCIES[old, size]]
    assert is_consistent(proof, checkpoint(ENTRIES[:old]), checkpoint(ENTRIES[:size]))


def test_of_all_proofs_only_the_right_one_holds() -> None:
    """Every proof of every leaf of every log up to ten entries, tried as every leaf of each of them."""
    proofs = {
        (index, size): recursive.audit_path(index, TOLD[:size])
        for size in range(1, 11)
        for index in range(size)
    }
    leaves = [leaf_hash(one) for one in TOLD]
    for size in range(1, 11):
        of = checkpoint(TOLD[:size])
        for (there, whole), proof in proofs.items():
            for index in range(size):
                is_right = index == there and proof == proofs[index, size]
                assert includes(leaves[there], index, proof, of) == is_right, (there, whole, index, size)


def test_of_all_consistency_proofs_only_the_right_one_holds() -> None:
    """Every proof between two sizes up to ten, tried between every two of them."""
    proofs = {
        (old, size): recursive.consistency(old, TOLD[:size]) for size in range(11) for old in range(size + 1)
    }
    for (old, size), right in proofs.items():
        for proof in proofs.values():
            found = is_consistent(proof, checkpoint(TOLD[:old]), checkpoint(TOLD[:size]))
            assert found == (proof == right), (old, size)


def test_every_right_proof_holds() -> None:
    """Of every leaf, and between every two sizes, up to forty entries."""
    told = [bytes([number]) for number in range(40)]
    of = [checkpoint(told[:size]) for size in range(41)]
    for size in range(41):
        for index in range(size):
            check_inclusion(leaf_hash(told[index]), index, recursive.audit_path(index, told[:size]), of[size])
        for old in range(size + 1):
            check_consistency(recursive.consistency(old, told[:size]), of[old], of[size])


@given(st.integers(1, 300), st.data())
def test_lengths_are_those_of_the_rfc(size: int, data: st.DataObject) -> None:
    """The length that a proof must have is the one that the recursive definition gives it."""
    entries = [b""] * size
    index = data.draw(st.integers(0, size - 1))
    assert inclusion_length(index, size) == len(recursive.audit_path(index, entries))
    old = data.draw(st.integers(0, size))
    assert consistency_length(old, size) == len(recursive.consistency(old, entries))


@given(st.integers(1, 40), st.data())
def test_the_second_implementation_agrees_on_any_proof(size: int, data: st.DataObject) -> None:
    """Whatever hashes are given as a proof of whatever leaf: both say the same of it."""
    entries = [bytes([number]) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = recursive.audit_path(index, entries)
    edit = data.draw(st.sampled_from(["none", "cut", "add", "swap", "elsewhere"]))
    if edit == "cut":
        proof = proof[:-1]
    elif edit == "add":
        proof = [*proof, data.draw(st.sampled_from([bytes(32), recursive.tree_hash(entries)]))]
    elif edit == "swap":
        proof = proof[::-1]
    leaf = leaf_hash(entries[index])
    if edit == "elsewhere":
        index = data.draw(st.integers(0, size - 1))
    of = checkpoint(entries)
    assert includes(leaf, index, proof, of) == (
        recursive.root_by_path(leaf, index, size, proof) == of.head.root
    )


@given(st.integers(2, 40), st.data())
def test_a_proof_with_one_changed_bit_does_not_hold(size: int, data: st.DataObject) -> None:
    """In any of its hashes, in the leaf, in a root."""
    entries = [bytes([number]) for number in range(size)]
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    hashes = [leaf_hash(entries[index]), *recursive.audit_path(index, entries)]
    leaf, *proof = _with_changed_bit(hashes, data)
    assert not includes(leaf, index, proof, checkpoint(entries))
    before = checkpoint(entries[:old])
    hashes = [before.head.root, recursive.tree_hash(entries), *recursive.consistency(old, entries)]
    first, second, *proof = _with_changed_bit(hashes, data)
    assert not is_consistent(proof, Checkpoint(Head(NAME, old, first)), Checkpoint(Head(NAME, size, second)))


def _with_changed_bit(hashes: list[bytes], data: st.DataObject) -> list[bytes]:
    which = data.draw(st.integers(0, len(hashes) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = int.from_bytes(hashes[which], "big") ^ 1 << bit
    return [*hashes[:which], changed.to_bytes(32, "big"), *hashes[which + 1 :]]


def test_a_size_that_comes_with_the_proof_would_prove_another_row() -> None:
    """In a log of three, the proof of leaf 2 leads to the same root as leaf 1 of two. Only the signed size,
    which is three, refuses it: so a size is never taken from elsewhere."""
    entries = TOLD[:3]
    leaf, proof = leaf_hash(entries[2]), recursive.audit_path(2, entries)
    root = recursive.tree_hash(entries)
    told_elsewhere = Checkpoint(Head(NAME, 2, root))
    assert includes(leaf, 1, proof, told_elsewhere)
    signed = sign_note(Checkpoint(Head(NAME, 3, root)).text, [KEY])
    opened = open_checkpoint(signed, ACME, [KEY.verifier])
    assert includes(leaf, 2, proof, opened)
    assert not includes(leaf, 1, proof, opened)


@pytest.mark.parametrize("more", [[bytes(32)], [b""], [bytes(31)]])
def test_hashes_after_or_before_a_proof_are_refused(more: list[bytes]) -> None:
    """It has exactly the hashes that index and size ask for."""
    entries = TOLD[:6]
    leaf, proof, of = leaf_hash(entries[3]), recursive.audit_path(3, entries), checkpoint(entries)
    assert includes(leaf, 3, proof, of)
    assert not includes(leaf, 3, proof + more, of)
    assert not includes(leaf, 3, more + proof, of)
    assert not includes(leaf, 3, [], of)


def test_a_hash_has_32_bytes() -> None:
    """A boundary between two hashes moved by a byte is no proof, though their bytes together are the same."""
    entries = TOLD[:4]
    one, other = recursive.audit_path(3, entries)
    with pytest.raises(ProofError, match="32 bytes"):
        check_inclusion(leaf_hash(entries[3]), 3, [one + other[:1], other[1:]], checkpoint(entries))
    with pytest.raises(ProofError, match="32 bytes"):
        check_inclusion(b"", 0, [], checkpoint(entries[:1]))
    one, *rest = recursive.consistency(3, entries)
    with pytest.raises(ProofError, match="32 bytes"):
        check_consistency(
            [one + rest[0][:1], rest[0][1:], *rest[1:]], checkpoint(entries[:3]), checkpoint(entries)
        )


@pytest.mark.parametrize("index", [-1, 4, 5])
def test_an_index_outside_the_log_is_refused(index: int) -> None:
    """The size is one more than the last index."""
    with pytest.raises(ProofError, match=f"no entry {index}"):
        check_inclusion(bytes(32), index, [], checkpoint(TOLD[:4]))


def test_a_log_does_not_go_back() -> None:
    """The newer checkpoint is not smaller, not of an earlier epoch, not of another log."""
    whole, part = checkpoint(TOLD[:5]), checkpoint(TOLD[:4])
    with pytest.raises(ProofError, match="does not begin with 5"):
        check_consistency([], whole, part)
    later = checkpoint(TOLD[:5], LogName(ACME, 2))
    check_consistency([], whole, later)
    with pytest.raises(ProofError, match="does not go on from"):
        check_consistency([], later, whole)
    with pytest.raises(ProofError, match="does not go on from"):
        check_consistency([], whole, checkpoint(TOLD[:5], LogName(PROVIDER)))


def test_two_histories_of_one_size_are_not_consistent() -> None:
    """Two customers who compare what they were shown see it."""
    assert not is_consistent([], checkpoint(TOLD[:4]), checkpoint(TOLD[1:5]))


def test_what_follows_an_empty_log_needs_no_proof() -> None:
    """Everything begins with nothing; but nothing has one root."""
    empty = Checkpoint(Head(NAME, 0, EMPTY_ROOT))
    assert is_consistent([], empty, checkpoint(TOLD[:3]))
    assert is_consistent([], empty, empty)
    assert not is_consistent([bytes(32)], empty, checkpoint(TOLD[:3]))
    assert not is_consistent([], Checkpoint(Head(NAME, 0, bytes(32))), checkpoint(TOLD[:3]))
