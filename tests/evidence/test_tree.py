"""The tree: known vectors, a recursive second implementation, and what is kept of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence import recursive
from upheld.evidence.nodes import (
    HEIGHT,
    MissingHashesError,
    Nodes,
    completed,
    consistency_proof,
    inclusion_proof,
)
from upheld.evidence.tree import EMPTY_ROOT, Tree, leaf_hash, node_hash

# The entries, roots and proofs that implementations of Certificate Transparency have tested with since 2013.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSIONS = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCIES = {
    (1, 1): (),
    (1, 8): INCLUSIONS[0, 8],
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
    (6, 7): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}
entries = st.lists(st.binary(max_size=4), max_size=70)


class Stored:
    """Hashes of one log by level, as a database keeps them, grown in steps."""

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = [[]]
        self.reads: list[tuple[int, int, int]] = []

    def grow(self, leaves: list[bytes]) -> None:
        old = len(self.levels[0])
        self.levels[0] += leaves
        for level, index, found in completed(old, len(self.levels[0]), self.read):
            if level == len(self.levels):
                self.levels.append([])
            assert index == len(self.levels[level])
            self.levels[level].append(found)

    def read(self, level: int, start: int, end: int) -> bytes:
        self.reads.append((level, start, end))
        row = self.levels[level] if level < len(self.levels) else []
        return b"".join(row[start:end])


def stored(leaves: list[bytes]) -> Stored:
    """The hashes of a log that grew at once."""
    found = Stored()
    found.grow(leaves)
    return found


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_that_others_publish(size: int) -> None:
    """Eight entries give the eight known roots."""
    assert Tree().appended(map(leaf_hash, ENTRIES[:size])).root.hex() == ROOTS[size - 1]


def test_an_empty_log_has_the_hash_of_nothing() -> None:
    """The root of no entries is SHA-256 of no bytes."""
    assert Tree().root == EMPTY_ROOT == recursive.tree_hash([])


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_inclusion_proofs_are_those_that_others_publish(index: int, size: int) -> None:
    """The known proofs of a leaf, from the leaf on."""
    read = stored([leaf_hash(one) for one in ENTRIES[:size]]).read
    assert tuple(one.hex() for one in inclusion_proof(index, size, read)) == INCLUSIONS[index, size]


@pytest.mark.parametrize(("old", "size"), CONSISTENCIES)
def test_consistency_proofs_are_those_that_others_publish(old: int, size: int) -> None:
    """The known proofs that one tree begins another."""
    read = stored([leaf_hash(one) for one in ENTRIES[:size]]).read
    assert tuple(one.hex() for one in consistency_proof(old, size, read)) == CONSISTENCIES[old, size]


@given(entries, st.lists(st.integers(0, 70), max_size=5))
def test_appended_in_any_pieces_it_is_the_whole(told: list[bytes], cuts: list[int]) -> None:
    """In pieces or at once, through the database or not: the same tree, with the root of the RFC."""
    leaves = [leaf_hash(one) for one in told]
    tree = Tree()
    for start, end in pairwise([0, *sorted(min(cut, len(told)) for cut in cuts), len(told)]):
        tree = Tree.unpacked(tree.size, tree.packed).appended(leaves[start:end])
    assert tree == Tree().appended(leaves)
    assert tree.root == recursive.tree_hash(told)
    assert len(tree.packed) == 32 * len(told).bit_count()


@given(st.lists(st.binary(max_size=2), min_size=1, max_size=70), st.data())
def test_proofs_are_those_of_the_rfc(told: list[bytes], data: st.DataObject) -> None:
    """Made from stored hashes, they are what the recursive definition says."""
    read = stored([leaf_hash(one) for one in told]).read
    index = data.draw(st.integers(0, len(told) - 1))
    assert [*inclusion_proof(index, len(told), read)] == recursive.audit_path(index, told)
    old = data.draw(st.integers(0, len(told)))
    assert [*consistency_proof(old, len(told), read)] == recursive.consistency(old, told)


LARGE = [bytes([number % 251, number >> 8]) for number in range(1_100)]


@pytest.mark.parametrize("size", [255, 256, 257, 511, 512, 513, 1_023, 1_024, 1_100])
def test_proofs_across_tiles_are_those_of_the_rfc(size: int) -> None:
    """Above 256 leaves the roots of whole tiles stand for them, however the log grew."""
    told = LARGE[:size]
    leaves = [leaf_hash(one) for one in told]
    grown = Stored()
    for start in range(0, size, 100):
        grown.grow(leaves[start : min(start + 100, size)])
    assert grown.levels == stored(leaves).levels
    for index in {0, 1, 254, size // 2, size - 1}:
        assert [*inclusion_proof(index, size, grown.read)] == recursive.audit_path(index, told)
    for old in {1, 100, 255, size // 2, size - 1}:
        assert [*consistency_proof(old, size, grown.read)] == recursive.consistency(old, told)


def test_a_third_level_is_stored_and_read() -> None:
    """65,536 leaves and more have one hash at the second level, and the root is the tree's."""
    leaf = leaf_hash(b"")
    leaves = [leaf] * 65_800
    grown = Stored()
    grown.grow(leaves[:65_000])
    grown.grow(leaves[65_000:])
    assert [len(level) for level in grown.levels] == [65_800, 257, 1]
    tree = Tree().appended(leaves)
    assert Nodes(tree.size, grown.read).over(0, tree.size) == tree.root
    grown.reads.clear()
    inclusion_proof(40_000, tree.size, grown.read)
    assert len(grown.reads) <= 2 * 3
    assert all(end - start <= 256 for _, start, end in grown.reads)


def test_hashes_that_are_not_stored_are_missed() -> None:
    """A proof is never made of fewer hashes than it needs."""
    with pytest.raises(MissingHashesError, match="2 of the hashes 0 to 3 of level 0 are there"):
        inclusion_proof(0, 3, stored([leaf_hash(b"")] * 2).read)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    """An index outside the tree has none."""
    with pytest.raises(ValueError, match=f"no leaf {index}"):
        inclusion_proof(index, size, stored([leaf_hash(b"")] * 3).read)
    with pytest.raises(ValueError, match="not the beginning"):
        consistency_proof(4, 3, stored([leaf_hash(b"")] * 3).read)
    with pytest.raises(ValueError, match="not the beginning"):
        consistency_proof(-1, 3, stored([leaf_hash(b"")] * 3).read)


def test_a_node_is_no_leaf() -> None:
    """The 64 bytes under a node, told as an entry, do not have its hash: the prefixes are not the same."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
    assert Tree().appended([leaf_hash(left + right)]).root != Tree().appended([left, right]).root


@pytest.mark.parametrize(
    ("size", "packed", "said"),
    [
        (3, bytes(32), "3 leaves does not have 1 peaks"),
        (2, bytes(64), "2 leaves does not have 2 peaks"),
        (1, bytes(31), "31 bytes are not a number of hashes"),
        (-1, bytes(32), "-1 leaves"),
        (2**53, bytes(32), "9007199254740992 leaves"),
        (0, bytes(32), "0 leaves does not have 1 peaks"),
    ],
)
def test_what_is_kept_of_a_tree_is_of_its_size(size: int, packed: bytes, said: str) -> None:
    """A row that lost hashes, or belongs to another size, is no tree."""
    with pytest.raises(ValueError, match=said):
        Tree.unpacked(size, packed)


def test_a_peak_is_a_hash() -> None:
    """Two peaks of other lengths that together have the right one are none."""
    with pytest.raises(ValueError, match="32 bytes"):
        Tree(3, (bytes(31), bytes(33)))


def test_a_tile_has_256_hashes() -> None:
    """The height that C2SP tlog-tiles fixes."""
    assert HEIGHT == 8
