"""The signer: what it signs, what it refuses, and how a log goes on after a gap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.logs import ACME, CONTOSO, KEY, OTHER_KEY, PROVIDER, SALT, Ledger, Memory, fact
from upheld.core.values.frozen import replace
from upheld.evidence.checkpoint import Checkpoint, Head, LogName, open_checkpoint
from upheld.evidence.entry import Entry, Gap, entry_bytes
from upheld.evidence.nodes import consistency_proof
from upheld.evidence.proof import ProofError, check_consistency
from upheld.evidence.signer import (
    EpochError,
    ForkedError,
    RefusedError,
    ShrunkError,
    Signer,
    UnsoundEntryError,
    Wanted,
)
from upheld.evidence.told import told
from upheld.evidence.tree import EMPTY_ROOT, Tree, leaf_hash

KEYS = [KEY.verifier]


class World:
    """A database and a signer beside it."""

    def __init__(self, acme: int = 0, provider: int = 0) -> None:
        self.ledger, self.memory = Ledger(), Memory()
        self.signer = Signer([KEY], self.memory)
        self.ledger.fill(ACME, acme)
        self.ledger.fill(PROVIDER, provider)

    def sign(self, log: str = ACME, provider: str = "") -> Checkpoint:
        return open_checkpoint(self.ledger.sign(self.signer, log, provider), log, KEYS)

    def restore(self, size: int, log: str = ACME) -> None:
        """An old backup is brought back: of entries and of checkpoints, but not of what the signer knows."""
        del self.ledger.entries[log][size:]
        notes = self.ledger.notes.get(log, [])
        self.ledger.notes[log] = [one for one in notes if open_checkpoint(one, log, KEYS).head.size <= size]

    def state_gap(self, because: str = "restored a backup") -> Gap:
        """The entry that states the gap, as an operator has it written."""
        ledger = self.ledger
        gap = self.signer.gap(ledger.head(ACME), because, ledger.read, ledger.notes[ACME])
        ledger.epochs[ACME] = ledger.name(ACME).epoch + 1
        ledger.add(ACME, gap)
        return gap

    def open_epoch(self, provider: str = "") -> Checkpoint:
        ledger = self.ledger
        note = self.signer.open_epoch(ledger.head(ACME), ledger.read, ledger.notes[ACME], provider)
        ledger.notes[ACME].append(note)
        return open_checkpoint(note, ACME, KEYS)


# -- what it signs -----------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6))
def test_every_signed_checkpoint_begins_the_next(steps: list[int]) -> None:
    """However a log grows between signatures, each is of what is there and goes on from the one before."""
    world = World()
    signed = []
    for more in steps:
        world.ledger.fill(ACME, more)
        signed.append(world.sign())
        assert signed[-1] == Checkpoint(world.ledger.head(ACME))
    for old, new in pairwise(signed):
        proof = consistency_proof(
            old.head.size, new.head.size, lambda *what: world.ledger.hashes(ACME, *what)
        )
        check_consistency(proof, old, new)


def test_an_empty_log_is_signed() -> None:
    """That there is nothing in it can be held against whoever says later that there was."""
    assert World().sign().head == Head(LogName(ACME), 0, EMPTY_ROOT)


def test_the_log_of_a_customer_binds_the_log_of_the_provider() -> None:
    """As it was signed last, and so two customers who compare see whether it was the same."""
    world = World(2, 3)
    world.ledger.fill(CONTOSO, 1)
    provider = world.sign(PROVIDER)
    assert world.sign(ACME, PROVIDER).provider == provider.head
    world.ledger.fill(PROVIDER, 1)
    assert world.sign(CONTOSO, PROVIDER).provider == provider.head
    provider = world.sign(PROVIDER)
    assert world.sign(ACME, PROVIDER).provider == provider.head
    assert provider.provider is None


def test_two_customers_who_were_shown_two_histories_see_it() -> None:
    """The provider's log in the checkpoint of one must begin that in the checkpoint of the other."""
    bound = []
    for subject, size in (("T-1", 2), ("T-2", 3)):
        world = World(1)
        for number in range(size):
            world.ledger.add(PROVIDER, told(replace(fact(number), subject=subject), SALT))
        world.sign(PROVIDER)
        bound.append(world.sign(ACME, PROVIDER).provider)
        proof = world.ledger.consistency(PROVIDER, 2)
    first, second = (Checkpoint(one) for one in bound if one is not None)
    with pytest.raises(ProofError, match="does not begin with the 2 that were signed"):
        check_consistency(proof, first, second)


def test_what_was_never_signed_is_not_bound() -> None:
    """The database's word for it is not taken, and nothing is signed."""
    world = World(2, 3)
    with pytest.raises(RefusedError, match="which it binds, was never signed"):
        world.sign(ACME, PROVIDER)
    assert world.signer.last(ACME) is None


def test_many_logs_are_signed_at_once() -> None:
    """A customer binds what was signed of the provider with it; a refused log stops no other."""
    world = World(2, 3)
    world.ledger.fill(CONTOSO, 1)
    bad = Wanted(replace(world.ledger.head(ACME), root=bytes(32)), PROVIDER)
    provider = Wanted(world.ledger.head(PROVIDER))
    contoso = Wanted(world.ledger.head(CONTOSO), PROVIDER)
    first, second, third = world.signer.sign_all([provider, bad, contoso], world.ledger.read)
    assert isinstance(first, bytes)
    assert isinstance(second, ForkedError)
    assert isinstance(third, bytes)
    assert open_checkpoint(third, CONTOSO, KEYS).provider == open_checkpoint(first, PROVIDER, KEYS).head
    assert world.signer.last(ACME) is None
    assert world.signer.last(CONTOSO) == world.ledger.head(CONTOSO)


def test_one_log_twice_is_signed_in_turn() -> None:
    """The second goes on from the first."""
    world = World(3)
    sizes = [Wanted(world.ledger.head(ACME, size)) for size in (1, 3, 2)]
    *signed, refused = world.signer.sign_all(sizes, world.ledger.read)
    assert [open_checkpoint(one, ACME, KEYS).head.size for one in signed if isinstance(one, bytes)] == [1, 3]
    assert isinstance(refused, ShrunkError)


def test_only_new_entries_are_read() -> None:
    """The signer goes on from the tree that it remembers."""
    world = World(5)
    world.sign()
    world.ledger.fill(ACME, 2)
    asked = []

    def read(log: str, start: int, end: int):  # type: ignore[no-untyped-def]  # entries
        asked.append((log, start, end))
        return world.ledger.read(log, start, end)

    world.signer.sign(Wanted(world.ledger.head(ACME)), read)
    assert asked == [(ACME, 5, 7)]


def test_nothing_is_signed_that_is_not_remembered() -> None:
    """If the state cannot be written, no signature leaves."""
    world = World(2, 3)
    world.sign(PROVIDER)
    world.memory.is_broken = True
    with pytest.raises(OSError, match="no space"):
        world.signer.sign_all([Wanted(world.ledger.head(ACME), PROVIDER)], world.ledger.read)
    assert world.signer.last(ACME) is None
    # What it knows already, it says again without writing.
    assert world.sign(PROVIDER).head == world.ledger.head(PROVIDER)


def test_two_keys_sign_while_one_takes_over() -> None:
    """Who has pinned either of them can read the checkpoint."""
    world = World(1)
    note = Signer([KEY, OTHER_KEY], world.memory).sign(Wanted(world.ledger.head(ACME)), world.ledger.read)
    for key in (KEY, OTHER_KEY):
        assert open_checkpoint(note, ACME, [key.verifier]).head.size == 1


# -- what it refuses ---------------------------------------------------------------------------------------


def test_a_log_that_shrank_is_not_signed() -> None:
    """Nor is it when it has grown again to the old size, or beyond: other entries are there."""
    world = World(5)
    world.sign()
    world.restore(3)
    with pytest.raises(ShrunkError, match=f"^{ACME}: it has 3 entries and 5 were signed: an old backup"):
        world.sign()
    for count in (2, 4):
        while len(world.ledger.entries[ACME]) < 3 + count:
            world.ledger.add(ACME, told(replace(fact(9), subject="another"), SALT))
        with pytest.raises(ForkedError, match="do not go on from what was signed"):
            world.sign()
    assert world.signer.last(ACME) == Head(LogName(ACME), 5, World(5).ledger.head(ACME).root)


def test_a_log_that_came_back_whole_is_signed() -> None:
    """The entries that were lost and are brought back again are no other history."""
    world = World(5)
    world.sign()
    world.restore(3)
    world.ledger.fill(ACME, 3)
    assert world.sign().head.size == 6


@given(st.integers(0, 4), st.data())
def test_a_changed_byte_of_a_new_entry_is_found(index: int, data: st.DataObject) -> None:
    """The database may say what it likes of the tree: what is signed is made of the entries."""
    world = World(5)
    head = world.ledger.head(ACME)
    entry = bytearray(world.ledger.entries[ACME][index])
    place = data.draw(st.integers(0, len(entry) - 1))
    entry[place] ^= data.draw(st.integers(1, 255))
    world.ledger.entries[ACME][index] = bytes(entry)
    with pytest.raises((UnsoundEntryError, ForkedError)):
        world.signer.sign(Wanted(head), world.ledger.read)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda entries: entries.pop(2),
        lambda entries: entries.pop(),
        lambda entries: entries.insert(2, entries[2]),
        lambda entries: entries.append(entries[4]),
        lambda entries: entries.reverse(),
        lambda entries: entries.clear(),
    ],
)
def test_entries_that_went_or_moved_are_found(tamper) -> None:  # type: ignore[no-untyped-def]  # of a list
    """Deleted, doubled, in another order: none of it is signed as the log that the database says it is."""
    world = World(5)
    head = world.ledger.head(ACME)
    tamper(world.ledger.entries[ACME])
    with pytest.raises((UnsoundEntryError, ShrunkError)):
        world.signer.sign(Wanted(head), lambda log, start, end: iter(world.ledger.entries[log][start:]))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry(LogName(ACME), 3, 9, "desk", told(fact(2), SALT)), "at 2 stands entry 3 of northwind"),
        (Entry(LogName(CONTOSO), 2, 9, "desk", told(fact(2), SALT)), "at 2 stands entry 2 of .*/contoso"),
        (Entry(LogName(ACME, 2), 2, 9**9, "desk", told(fact(2), SALT)), "entry 2 belongs to another epoch"),
        (Entry(LogName(ACME), 2, 999_999, "desk", told(fact(2), SALT)), "recorded before the one before it"),
        (
            Entry(LogName(ACME), 2, 9**9, "x", Gap(*[Head(LogName(ACME), 0, EMPTY_ROOT)] * 2, 0, "because")),
            "or opens one",
        ),
    ],
)
def test_an_entry_is_signed_in_its_place_only(entry: Entry, said: str) -> None:
    """At its index, in its log and epoch, and not recorded before the one before it."""
    for is_signed_between in (False, True):
        world = World(2)
        if is_signed_between:
            world.sign()
        world.ledger.entries[ACME].append(entry_bytes(entry))
        with pytest.raises(UnsoundEntryError, match=said):
            world.sign()


def test_entries_may_be_recorded_at_one_instant() -> None:
    """The clock stood still, or they came together."""
    world = World(1)
    world.sign()
    world.ledger.add(ACME, recorded_at=0)
    assert world.sign().head.size == 2


def test_a_new_log_begins_in_its_first_epoch() -> None:
    """Another one would hide what was before."""
    world = World()
    world.ledger.epochs[ACME] = 2
    world.ledger.fill(ACME, 1)
    with pytest.raises(EpochError, match="it is in epoch 2, and 1 was signed last"):
        world.sign()


# -- a new epoch -------------------------------------------------------------------------------------------


def lost() -> World:
    """Acme's log was signed at 2, 4 and 7 entries; then a backup of 5 was restored."""
    world = World(2, 1)
    world.sign(PROVIDER)
    for more in (0, 2, 3):
        world.ledger.fill(ACME, more)
        world.sign()
    world.restore(5)
    return world


def test_after_a_gap_is_stated_the_log_goes_on() -> None:
    """The entry says what had been signed, what is there, and up to where both are known to be the same."""
    signed = World(7).ledger.head(ACME)
    world = lost()
    with pytest.raises(ShrunkError):
        world.sign()
    gap = world.state_gap("restored Monday's backup")
    assert gap == Gap(signed, World(5).ledger.head(ACME), 4, "restored Monday's backup")
    assert gap.lost == 2
    with pytest.raises(EpochError, match="it is in epoch 2, and 1 was signed last"):
        world.sign()
    opened = world.open_epoch(PROVIDER)
    assert opened.head == world.ledger.head(ACME)
    assert str(opened.head.name) == f"{ACME}/2"
    assert opened.provider == world.ledger.head(PROVIDER)
    world.ledger.fill(ACME, 2)
    assert world.sign().head.size == 8


def test_what_was_signed_before_the_gap_is_still_proved() -> None:
    """A checkpoint up to what is agreed begins the new epoch; one beyond cannot, and the gap says so."""
    world = lost()
    before = [open_checkpoint(note, ACME, KEYS) for note in world.ledger.notes[ACME]]
    beyond = Checkpoint(World(7).ledger.head(ACME))
    world.state_gap()
    after = world.open_epoch()
    for old in before:
        check_consistency(world.ledger.consistency(ACME, old.head.size), old, after)
    with pytest.raises(ProofError):
        check_consistency((), beyond, after)


def test_a_backup_that_went_on_forks_and_the_gap_says_from_where() -> None:
    """More entries are there than were signed, and others."""
    world = lost()
    for _ in range(4):
        world.ledger.add(ACME, told(replace(fact(9), subject="another"), SALT))
    with pytest.raises(ForkedError):
        world.sign()
    gap = world.state_gap()
    assert (gap.signed.size, gap.kept.size, gap.agreed, gap.lost) == (7, 9, 4, 0)
    assert world.open_epoch().head.size == 10


def test_without_a_kept_checkpoint_nothing_is_vouched_for() -> None:
    """A checkpoint that does not open under the signer's key, or is of another log, is none."""
    world = lost()
    notes = [note.replace(b"\n4\n", b"\n3\n") for note in world.ledger.notes[ACME]]
    world.sign(PROVIDER)
    others = [Signer([OTHER_KEY], Memory()).sign(Wanted(world.ledger.head(ACME)), world.ledger.read)]
    head = world.ledger.head(ACME)
    gap = world.signer.gap(head, "because", world.ledger.read, [b"", *others, *world.ledger.notes[PROVIDER]])
    assert gap.agreed == 0
    assert world.signer.gap(head, "because", world.ledger.read, notes).agreed == 2


def test_a_log_that_goes_on_opens_no_epoch() -> None:
    """A new epoch is no way to begin anew."""
    world = World(4)
    with pytest.raises(EpochError, match="was never signed"):
        world.signer.gap(world.ledger.head(ACME), "because", world.ledger.read, [])
    world.sign()
    for more in (0, 2):
        world.ledger.fill(ACME, more)
        with pytest.raises(EpochError, match="needs no new epoch"):
            world.signer.gap(world.ledger.head(ACME), "because", world.ledger.read, [])


def test_a_gap_is_of_what_is_there() -> None:
    """The root that the database says must be that of its entries, in the epoch that was signed."""
    world = lost()
    head = world.ledger.head(ACME)
    with pytest.raises(ForkedError):
        world.signer.gap(replace(head, root=bytes(32)), "because", world.ledger.read, [])
    with pytest.raises(EpochError, match="of epoch 1, not 2"):
        world.signer.gap(replace(head, name=LogName(ACME, 2)), "because", world.ledger.read, [])


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"signed": Head(LogName(ACME), 6, EMPTY_ROOT)}, EpochError, "states another gap"),
        ({"kept": World(4).ledger.head(ACME)}, EpochError, "states another gap"),
        ({"kept": Head(LogName(ACME), 5, EMPTY_ROOT)}, ForkedError, "do not have the root"),
        ({"kept": Head(LogName(ACME, 2), 5, EMPTY_ROOT)}, EpochError, "of epoch 1, not 2"),
        ({"agreed": 5}, EpochError, "states another gap"),
        ({"agreed": 2}, EpochError, "states another gap"),
    ],
)
def test_an_epoch_opens_on_the_true_gap_only(
    change: dict[str, object], error: type[Exception], said: str
) -> None:
    """What the entry states is measured again."""
    world = lost()
    ledger = world.ledger
    gap = world.signer.gap(ledger.head(ACME), "because", ledger.read, ledger.notes[ACME])
    ledger.epochs[ACME] = 2
    ledger.add(ACME, replace(gap, **change))  # type: ignore[arg-type]  # one of its fields
    with pytest.raises(error, match=said):
        world.open_epoch()
    assert world.signer.last(ACME) == gap.signed


def test_entries_may_follow_a_gap_before_its_epoch_opens() -> None:
    """Whoever forgot to open it can still do so; but all of them are of the epoch, and state no other gap."""
    world = lost()
    gap = world.state_gap()
    world.ledger.fill(ACME, 2)
    with pytest.raises(EpochError, match="it is in epoch 2, and 1 was signed last"):
        world.sign()
    assert world.open_epoch().head == world.ledger.head(ACME)
    world = lost()
    world.state_gap()
    world.ledger.add(ACME, gap)
    with pytest.raises(UnsoundEntryError, match="entry 6 belongs to another epoch, or opens one"):
        world.open_epoch()


@pytest.mark.parametrize("epoch", [1, 3])
def test_an_epoch_is_followed_by_the_next(epoch: int) -> None:
    """Not by itself, and not by the one after it."""
    world = lost()
    world.ledger.epochs[ACME] = epoch
    world.ledger.add(ACME)
    with pytest.raises(EpochError, match=f"after epoch 1 comes the next, not {epoch}"):
        world.open_epoch()


@pytest.mark.parametrize("is_before", [True, False])
def test_an_epoch_begins_with_its_gap(is_before: bool) -> None:
    """Not with a fact, whatever follows; nor with nothing."""
    world = lost()
    ledger = world.ledger
    gap = world.signer.gap(ledger.head(ACME), "because", ledger.read, ledger.notes[ACME])
    ledger.epochs[ACME] = 2
    with pytest.raises(EpochError, match="does not begin with an entry that states the gap"):
        world.open_epoch()
    ledger.add(ACME)
    if is_before:
        ledger.add(ACME, gap)
    with pytest.raises(EpochError, match="does not begin with an entry that states the gap"):
        world.open_epoch()


def test_a_gap_is_stated_in_the_epoch_that_it_opens() -> None:
    """An entry of another epoch that states the true gap opens nothing."""
    world = lost()
    ledger = world.ledger
    ledger.add(ACME, world.signer.gap(ledger.head(ACME), "because", ledger.read, ledger.notes[ACME]))
    ledger.epochs[ACME] = 2
    with pytest.raises(EpochError, match="does not begin with an entry that states the gap"):
        world.open_epoch()


def test_an_epoch_does_not_open_on_a_false_root() -> None:
    """What the database says of the whole, with the entry on the gap, must be true."""
    world = lost()
    world.state_gap()
    head = replace(world.ledger.head(ACME), root=bytes(32))
    with pytest.raises(ForkedError):
        world.signer.open_epoch(head, world.ledger.read, world.ledger.notes[ACME])


def test_the_gap_is_not_recorded_before_what_was_kept() -> None:
    """Time goes on, also over a gap."""
    world = lost()
    ledger = world.ledger
    gap = world.signer.gap(ledger.head(ACME), "because", ledger.read, ledger.notes[ACME])
    ledger.epochs[ACME] = 2
    ledger.add(ACME, gap, recorded_at=1)
    with pytest.raises(UnsoundEntryError, match="recorded before the one before it"):
        world.open_epoch()


def test_a_log_can_lose_entries_twice() -> None:
    """A third epoch states the gap in the second."""
    world = lost()
    world.state_gap()
    world.open_epoch()
    world.ledger.fill(ACME, 3)
    world.sign()
    world.restore(7)
    with pytest.raises(ShrunkError):
        world.sign()
    gap = world.state_gap("again")
    assert (str(gap.signed.name), gap.signed.size, gap.kept.size, gap.agreed) == (f"{ACME}/2", 9, 7, 6)
    assert str(world.open_epoch().head.name) == f"{ACME}/3"


def test_epochs_do_not_go_back_within_what_is_kept() -> None:
    """Entries of an earlier epoch after those of a later one were put there by somebody."""
    world = lost()
    world.state_gap()
    world.open_epoch()
    world.sign()
    world.restore(6)
    world.ledger.epochs[ACME] = 1
    world.ledger.add(ACME)
    world.ledger.epochs[ACME] = 2
    with pytest.raises(UnsoundEntryError, match="entry 6 is of epoch 1"):
        world.signer.gap(world.ledger.head(ACME), "because", world.ledger.read, [])


def test_a_log_lost_whole_opens_an_epoch_too() -> None:
    """Nothing is kept, and the first entry says so."""
    world = lost()
    world.restore(0)
    gap = world.state_gap()
    assert (gap.kept.size, gap.kept.root, gap.agreed, gap.lost) == (0, EMPTY_ROOT, 0, 7)
    opened = world.open_epoch()
    assert opened.head.root == Tree().appended(map(leaf_hash, world.ledger.entries[ACME])).root
