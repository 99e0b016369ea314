"""A provider and two customers whose logs stand in lists, as a database would hold them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import SECOND
from upheld.evidence.checkpoint import Head, LogName
from upheld.evidence.entry import Entry, Said, entry_bytes
from upheld.evidence.keys import SigningKey
from upheld.evidence.nodes import consistency_proof, inclusion_proof
from upheld.evidence.signer import Signer, Wanted
from upheld.evidence.signer_state import Signed
from upheld.evidence.told import told
from upheld.evidence.tree import Tree, leaf_hash

KEY = SigningKey("northwind.example", sha256(b"the key of Northwind in tests").digest())
OTHER_KEY = SigningKey("northwind.example", sha256(b"another key").digest())
PROVIDER = "northwind.example/log"
ACME = "northwind.example/log/acme"
CONTOSO = "northwind.example/log/contoso"
SALT = sha256(b"a salt in tests").digest()


def fact(number: int, **more: object) -> Fact:
    """What happened, numbered."""
    at = number * SECOND
    return Fact(str(number), "desk", "ticket.opened", at, at, f"T-{number}", {"contract": "acme"}, **more)  # type: ignore[arg-type]  # private


class Memory:
    """What a signer remembers, as long as the test goes on."""

    def __init__(self) -> None:
        self.heads: dict[str, Signed] = {}
        self.is_broken = False

    def last(self, log: str) -> Signed | None:
        return self.heads.get(log)

    def keep(self, signed) -> None:  # type: ignore[no-untyped-def]  # an iterable of Signed
        if self.is_broken:
            raise OSError("no space left")
        self.heads |= {one.name.log: one for one in signed}

    def mend(self) -> None:
        """Memory does not break."""


class Ledger:
    """Entries by log, the tree over each, and the checkpoints that were signed."""

    def __init__(self) -> None:
        self.entries: dict[str, list[bytes]] = {}
        self.epochs: dict[str, int] = {}
        self.notes: dict[str, list[bytes]] = {}

    def name(self, log: str) -> LogName:
        return LogName(log, self.epochs.get(log, 1))

    def add(self, log: str, said: Said | None = None, recorded_at: int | None = None) -> Entry:
        """One more entry: a numbered fact if nothing else is said."""
        index = len(self.entries.setdefault(log, []))
        at = index * SECOND if recorded_at is None else recorded_at
        entry = Entry(self.name(log), index, at, "desk", said or told(fact(index), SALT))
        self.entries[log].append(entry_bytes(entry))
        return entry

    def fill(self, log: str, count: int) -> None:
        for _ in range(count):
            self.add(log)

    def head(self, log: str, size: int | None = None) -> Head:
        """What the database says of a log."""
        entries = self.entries.get(log, [])[:size]
        tree = Tree().appended(map(leaf_hash, entries))
        return Head(self.name(log), tree.size, tree.root)

    def read(self, log: str, start: int, end: int) -> Iterator[bytes]:
        return iter(self.entries.get(log, [])[start:end])

    def hashes(self, log: str, level: int, start: int, end: int) -> bytes:
        assert level == 0, "logs of tests fit into one tile"
        return b"".join(map(leaf_hash, self.entries[log][start:end]))

    def sign(self, signer: Signer, log: str, provider: str = "") -> bytes:
        note = signer.sign(Wanted(self.head(log), provider), self.read)
        self.notes.setdefault(log, []).append(note)
        return note

    def proof(self, log: str, index: int) -> tuple[bytes, ...]:
        size = len(self.entries[log])
        return inclusion_proof(index, size, lambda *what: self.hashes(log, *what))

    def consistency(self, log: str, old: int) -> tuple[bytes, ...]:
        size = len(self.entries[log])
        return consistency_proof(old, size, lambda *what: self.hashes(log, *what))
