"""Faults planted into copies of the evidence: each lets an attack through that the sound one refuses.

So every guard here is needed, and a test would notice if it went. A fault that was real joins the list.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest

import upheld.evidence
from tests.evidence.logs import ACME, CONTOSO
from upheld.core.facts.fact import Fact
from upheld.core.values.frozen import replace

SOURCE = Path(upheld.evidence.__file__).parent
SEED, SALT = bytes(range(32)), bytes(32)


class Copy:
    """A copy of the package under another name, whole or with a fault in it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, module: str) -> ModuleType:
        return import_module(f"{self._name}.{module}")

    @property
    def key(self):  # type: ignore[no-untyped-def]  # of the copy
        return self.keys.SigningKey("northwind.example", SEED)

    def log(self, count: int, subject: str = "T-1", log: str = ACME, epoch: int = 1) -> list[bytes]:
        """Entries of a log, recorded at the same instant."""
        return [
            self.entry_of(index, Fact(str(index), "desk", "a", 0, 0, subject), log, epoch)
            for index in range(count)
        ]

    def entry_of(self, index: int, fact: Fact, log: str = ACME, epoch: int = 1, at: int = 0) -> bytes:
        name = self.checkpoint.LogName(log, epoch)
        entry = self.entry.Entry(name, index, at, "desk", self.told.told(fact, SALT))
        written: bytes = self.entry.entry_bytes(entry)
        return written

    def head(self, entries: list[bytes], epoch: int = 1):  # type: ignore[no-untyped-def]  # of the copy
        tree = self.tree.Tree().appended(map(self.tree.leaf_hash, entries))
        return self.checkpoint.Head(self.checkpoint.LogName(ACME, epoch), tree.size, tree.root)

    def signer(self, path: Path):  # type: ignore[no-untyped-def]  # of the copy
        return self.signer_module.Signer([self.key], self.signer_state.StateFile(path, is_new=True))

    @property
    def signer_module(self) -> ModuleType:
        return import_module(f"{self._name}.signer")

    def sign(self, signer, entries: list[bytes]) -> bytes:  # type: ignore[no-untyped-def]  # of the copy
        found: bytes = signer.sign(
            self.signer_module.Wanted(self.head(entries)), lambda _, start, end: entries[start:end]
        )
        return found

    def open(self, note: bytes, log: str = ACME):  # type: ignore[no-untyped-def]  # of the copy
        return self.checkpoint.open_checkpoint(note, log, [self.key.verifier])


Attack = Callable[[Copy, Path], object]
"""Goes through, or an exception says that it does not; AssertionError where that shows in a value."""


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str, str], Copy]]:
    """Makes a copy, with a text of a module replaced."""
    monkeypatch.syspath_prepend(tmp_path)
    made: list[str] = []

    def make(module: str, sound: str, planted: str) -> Copy:
        name = f"evidence_copy_{len(made)}"
        made.append(name)
        (tmp_path / name).mkdir()
        for path in SOURCE.glob("*.py"):
            text = path.read_text("utf-8").replace("upheld.evidence", name)
            if path.stem == module:
                assert text.count(sound) == 1, f"{sound!r} is not in {module}"
                text = text.replace(sound, planted)
            (tmp_path / name / path.name).write_text(text, "utf-8")
        invalidate_caches()
        return Copy(name)

    yield make
    for name in [one for one in sys.modules if one.partition(".")[0] in made]:
        del sys.modules[name]


# -- attacks -----------------------------------------------------------------------------------------------


def node_as_entry(copy: Copy, _: Path) -> None:
    """Tell the two hashes under a node as one entry."""
    hashes = [copy.tree.leaf_hash(one) for one in (b"a", b"b")]
    assert copy.tree.Tree().appended(hashes).root == copy.tree.leaf_hash(b"".join(hashes))


def odd_size(copy: Copy, _: Path) -> None:
    """Sign a size that readers read differently."""
    text = copy.checkpoint.Checkpoint(copy.head(copy.log(3))).text.replace("\n3\n", "\n+3\n")
    copy.open(copy.note.sign_note(text, [copy.key]))


def odd_root(copy: Copy, _: Path) -> None:
    """Sign a root with bits after its end, as another text of the same checkpoint."""
    root = copy.strict.base64_text(copy.head(copy.log(3)).root)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    odd = f"{root[:-2]}{alphabet[alphabet.index(root[-2]) + 1]}="
    text = copy.checkpoint.Checkpoint(copy.head(copy.log(3))).text.replace(root, odd)
    copy.open(copy.note.sign_note(text, [copy.key]))


def forged_beside_true(copy: Copy, _: Path) -> None:
    """Add a false signature of one known key to the true one of another."""
    other = copy.keys.SigningKey("northwind.example", SALT)
    text = copy.checkpoint.Checkpoint(copy.head(copy.log(1))).text
    false = copy.strict.base64_text(copy.key.verifier.id + bytes(64))
    note = copy.note.sign_note(text, [other]) + f"— northwind.example {false}\n".encode()
    copy.note.verify_note(copy.note.read_note(note), [copy.key.verifier, other.verifier])


def unsigned(copy: Copy, _: Path) -> None:
    """Change the text under a signature."""
    note = copy.note.sign_note(copy.checkpoint.Checkpoint(copy.head(copy.log(3))).text, [copy.key])
    copy.open(note.replace(b"\n3\n", b"\n2\n"))


def renamed_key(copy: Copy, _: Path) -> None:
    """Give a key another name, under the id that people have seen."""
    copy.keys.VerifierKey.of(copy.key.verifier.text.replace("northwind", "southwind"))


def key_for_everybody(copy: Copy, _: Path) -> None:
    """Publish a key under which anybody can sign."""
    copy.keys.VerifierKey("northwind.example", (1).to_bytes(32, "little"))


def other_log(copy: Copy, _: Path) -> None:
    """Show Contoso the checkpoint of Acme's log."""
    note = copy.note.sign_note(copy.checkpoint.Checkpoint(copy.head(copy.log(1))).text, [copy.key])
    copy.open(note, CONTOSO)


def longer_proof(copy: Copy, _: Path) -> None:
    """Add hashes to a proof that needs none."""
    one = copy.checkpoint.Checkpoint(copy.head(copy.log(2)))
    copy.proof.check_consistency([bytes(32)], one, one)


def other_index(copy: Copy, _: Path) -> None:
    """Put an entry where another index says it is, and give a receipt of it."""
    entry = copy.entry_of(5, Fact("1", "desk", "a", 0, 0, "T-1"))
    note = copy.note.sign_note(copy.checkpoint.Checkpoint(copy.head([entry])).text, [copy.key])
    copy.receipt.open_receipt(copy.receipt.receipt(entry, 0, (), note), ACME, [copy.key.verifier])


def other_form(copy: Copy, _: Path) -> None:
    """Give one entry two forms, and so two leaves."""
    copy.entry.read_entry(copy.log(1)[0].replace(b'"index":0', b'"index": 0'))


def guessed_text(copy: Copy, _: Path) -> None:
    """Try texts until one has the hash in an entry."""
    text = {"text": "Mrs Jansen"}
    assert copy.told.private_hash(text, SALT) == copy.told.private_hash(text, SEED)


def short_salt(copy: Copy, _: Path) -> None:
    """Leave the salt away."""
    copy.told.private_hash({"text": "Mrs Jansen"}, b"")


def other_text(copy: Copy, _: Path) -> None:
    """Say later that another text was submitted."""
    told = copy.told.told(Fact("1", "desk", "a", 0, 0, "T-1", {}, {"text": "it is down"}), SALT)
    told.with_private({"text": "it is up"}, SALT)


def restored_and_gone_on(copy: Copy, path: Path) -> None:
    """Restore a backup, go on with other entries, and have it signed."""
    signer = copy.signer(path / "state")
    copy.sign(signer, copy.log(3))
    copy.sign(signer, copy.log(5, "T-2"))


def forgotten(copy: Copy, path: Path) -> None:
    """Restore a backup and start the signer again."""
    signer = copy.signer(path / "state")
    copy.sign(signer, copy.log(3))
    signer._state.close()
    again = copy.signer_module.Signer([copy.key], copy.signer_state.StateFile(path / "state"))
    copy.sign(again, copy.log(2))


def signed_without_memory(copy: Copy, path: Path) -> None:
    """Let the state fail after the signature left."""
    signer = copy.signer(path / "state")
    copy.sign(signer, copy.log(1))
    signer._state.close()
    copy.sign(signer, copy.log(2))


def back_dated(copy: Copy, path: Path) -> None:
    """Record an entry before the one before it."""
    fact = Fact("1", "desk", "a", 0, 0, "T-1")
    copy.sign(copy.signer(path / "state"), [copy.entry_of(0, fact, at=9), copy.entry_of(1, fact, at=8)])


def doubled_entry(copy: Copy, path: Path) -> None:
    """Tell one entry twice."""
    copy.sign(copy.signer(path / "state"), copy.log(1) * 2)


def later_epoch(copy: Copy, path: Path) -> None:
    """Sign entries of an epoch that nobody opened."""
    copy.sign(copy.signer(path / "state"), copy.log(1, epoch=2))


def smaller_gap(copy: Copy, path: Path) -> None:
    """Open a new epoch and state that less was lost."""
    signer, entries = copy.signer(path / "state"), copy.log(5)
    copy.sign(signer, entries)
    del entries[2:]

    def read(_: str, start: int, end: int) -> list[bytes]:
        return entries[start:end]

    gap = signer.gap(copy.head(entries), "because", read, [])
    lie = replace(gap, signed=replace(gap.signed, size=3))
    name = copy.checkpoint.LogName(ACME, 2)
    entries.append(copy.entry.entry_bytes(copy.entry.Entry(name, 2, 0, "desk", lie)))
    signer.open_epoch(copy.head(entries, 2), read, [])


def not_on_disk(copy: Copy, path: Path) -> None:
    """Cut the power after the signature left."""
    synced: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        state = copy.signer_state.StateFile(path / "state", is_new=True)
        patch.setattr(os, "fsync", synced.append)
        copy.sign(copy.signer_module.Signer([copy.key], state), copy.log(1))
    assert not synced


def two_signers(copy: Copy, path: Path) -> None:
    """Start a second signer beside the first."""
    copy.signer(path / "state")
    copy.signer_state.StateFile(path / "state")


def readable_key(copy: Copy, path: Path) -> None:
    """Let everybody read the key."""
    copy.key_file.write_key(path / "key", copy.key)
    (path / "key").chmod(0o644)
    copy.key_file.read_key(path / "key")


PLANTED: list[tuple[str, str, str, Attack]] = [
    ("tree", r'b"\x00" + entry', r'b"\x01" + entry', node_as_entry),
    ("strict", "not _DECIMAL.fullmatch(text) or ", "", odd_size),
    ("strict", "found is None or base64_text(found) != text", "found is None", odd_root),
    ("note", "raise BadSignatureError(", "continue\n            (", forged_beside_true),
    ("keys", "            return False\n", "            return True\n", unsigned),
    ("keys", "if found.id.hex() != key_id:", "if False:", renamed_key),
    ("keys", "second >= _PRIME or second in _OF_SMALL_ORDER", "second >= _PRIME", key_for_everybody),
    ("checkpoint", "if checkpoint.head.name.log != log:", "if False:", other_log),
    ("proof", "if len(proof) != length:", "if False:", longer_proof),
    ("receipt", "if entry.index != index or ", "if ", other_index),
    ("canonical", "if canonical(value) != data:", "if False:", other_form),
    ("told", "sha256(salt + canonical(", "sha256(canonical(", guessed_text),
    ("told", "if len(salt) != SALT_BYTES:", "if False:", short_salt),
    ("told", "if not compare_digest(", "if False and compare_digest(", other_text),
    ("signer", "if signed.tree.root != head.root:", "if False:", restored_and_gone_on),
    ("signer", "        self._remember(moved.values())\n", "", forgotten),
    ("signer", "        self._remember(moved.values())\n", "", signed_without_memory),
    ("signer", "recorded_at = entry.recorded_at\n        count += 1", "count += 1", back_dated),
    ("signer", "if entry.index != index or entry.name.log != log:", "if False:", doubled_entry),
    ("signer", "if entry.name != head.name or isinstance(entry.said, Gap):", "if False:", later_epoch),
    ("signer", "if gap != entry.said or gap.kept.size != entry.index:", "if False:", smaller_gap),
    ("signer_state", "        os.fsync(self._open)\n\n", "\n", not_on_disk),
    ("signer_state", "fcntl.flock(self._open, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass", two_signers),
    ("key_file", "if found.st_mode & 0o077:", "if False:", readable_key),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "sound", "planted", "attack"), PLANTED, ids=[attack.__name__ for *_, attack in PLANTED]
)
def test_a_planted_fault_lets_an_attack_through(
    copies: Callable[[str, str, str], Copy],
    tmp_path: Path,
    module: str,
    sound: str,
    planted: str,
    attack: Attack,
) -> None:
    """And nothing but the guard that went would have stopped it."""
    (tmp_path / "sound").mkdir()
    (tmp_path / "planted").mkdir()
    assert not goes_through(attack, copies(module, sound, sound), tmp_path / "sound")
    assert goes_through(attack, copies(module, sound, planted), tmp_path / "planted")


def goes_through(attack: Attack, copy: Copy, path: Path) -> bool:
    """Whether nothing stops it."""
    try:
        attack(copy, path)
    except Exception:
        return False
    return True
