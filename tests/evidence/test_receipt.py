"""Receipts: what a customer holds, checked with nothing but a pinned key."""

from __future__ import annotations

import pytest

from tests.evidence.logs import ACME, CONTOSO, KEY, OTHER_KEY, PROVIDER, SALT, Ledger, Memory, fact
from upheld.evidence.checkpoint import CheckpointError, LogName
from upheld.evidence.entry import Entry, EntryError, entry_bytes
from upheld.evidence.note import BadSignatureError, NoteError, UnknownKeyError, sign_note
from upheld.evidence.proof import ProofError
from upheld.evidence.receipt import FORMAT, Receipt, ReceiptError, open_receipt, receipt
from upheld.evidence.signer import Signer
from upheld.evidence.strict import base64_text
from upheld.evidence.told import told

KEYS = [KEY.verifier]


def made(size: int, index: int) -> tuple[Ledger, bytes]:
    """A log of Acme and the receipt of one of its entries."""
    ledger = Ledger()
    ledger.fill(PROVIDER, 2)
    ledger.fill(ACME, size)
    signer = Signer([KEY], Memory())
    ledger.sign(signer, PROVIDER)
    note = ledger.sign(signer, ACME, PROVIDER)
    return ledger, receipt(ledger.entries[ACME][index], index, ledger.proof(ACME, index), note)


@pytest.mark.parametrize(("size", "index"), [(1, 0), (2, 1), (7, 0), (7, 6), (8, 5)])
def test_a_receipt_proves_its_entry(size: int, index: int) -> None:
    """What was submitted, where it stands, and what the provider's log was then."""
    ledger, data = made(size, index)
    found = open_receipt(data, ACME, KEYS)
    assert found.entry == Entry(LogName(ACME), index, index * 1_000_000, "desk", told(fact(index), SALT))
    assert found.checkpoint.head == ledger.head(ACME)
    assert found.checkpoint.provider == ledger.head(PROVIDER)


def test_a_receipt_is_as_the_format_says() -> None:
    """C2SP tlog-proof, version 1, with the entry as extra data."""
    ledger, data = made(3, 1)
    lines = data.decode().split("\n")
    assert lines[:3] == [FORMAT, f"extra {base64_text(ledger.entries[ACME][1])}", "index 1"]
    assert lines[3:5] == [base64_text(one) for one in ledger.proof(ACME, 1)]
    assert "\n".join(lines[5:]) == "\n" + ledger.notes[ACME][0].decode()


def test_a_receipt_with_a_changed_byte_proves_nothing() -> None:
    """Any byte, changed, lost or doubled: no receipt, no known key, no signature, no entry, or no proof."""
    _, data = made(3, 1)
    right = open_receipt(data, ACME, KEYS)
    for place in range(len(data)):
        before, byte, after = data[:place], data[place], data[place + 1 :]
        for changed in (b"", bytes([byte]) * 2, bytes([byte ^ 1]), bytes([byte ^ 32]), bytes([byte ^ 128])):
            assert _opened(before + changed + after) in (None, right if byte == 10 and not changed else None)


def _opened(data: bytes) -> Receipt | None:
    try:
        return open_receipt(data, ACME, KEYS)
    except (
        ReceiptError,
        NoteError,
        UnknownKeyError,
        BadSignatureError,
        CheckpointError,
        EntryError,
        ProofError,
    ):
        return None


def test_parts_of_two_receipts_are_none() -> None:
    """The index, the proof or the checkpoint of another entry proves nothing of this one."""
    ledger, _ = made(5, 0)
    note = ledger.notes[ACME][0]
    entries = ledger.entries[ACME]
    for index in range(5):
        for other in range(5):
            for proof in range(5):
                data = receipt(entries[index], other, ledger.proof(ACME, proof), note)
                assert (_opened(data) is not None) == (index == other == proof)


def test_a_receipt_is_of_the_log_that_the_reader_asks_of() -> None:
    """And under the key that the reader keeps."""
    _, data = made(3, 1)
    with pytest.raises(CheckpointError, match="not of"):
        open_receipt(data, CONTOSO, KEYS)
    with pytest.raises(UnknownKeyError):
        open_receipt(data, ACME, [OTHER_KEY.verifier])


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry(LogName(CONTOSO), 0, 0, "desk", told(fact(0), SALT)), "says that it is entry 0 of .*contoso"),
        (Entry(LogName(ACME), 1, 0, "desk", told(fact(0), SALT)), "says that it is entry 1 of"),
        (Entry(LogName(ACME, 2), 0, 0, "desk", told(fact(0), SALT)), "says that it is entry 0 of"),
    ],
)
def test_an_entry_that_was_signed_in_another_place_is_told(entry: Entry, said: str) -> None:
    """Whoever signs could put an entry of another log, index or epoch into the tree; it would not pass."""
    ledger = Ledger()
    ledger.entries[ACME] = [entry_bytes(entry)]
    head = ledger.head(ACME)
    note = sign_note(f"{head.name}\n{head.size}\n{base64_text(head.root)}\n", [KEY])
    with pytest.raises(ReceiptError, match=said):
        open_receipt(receipt(entry_bytes(entry), 0, (), note), ACME, KEYS)


def test_a_leaf_that_is_no_entry_is_told() -> None:
    """Proved and signed as it is, it says nothing that holds."""
    ledger = Ledger()
    ledger.entries[ACME] = [b"{}"]
    head = ledger.head(ACME)
    note = sign_note(f"{head.name}\n{head.size}\n{base64_text(head.root)}\n", [KEY])
    with pytest.raises(EntryError):
        open_receipt(receipt(b"{}", 0, (), note), ACME, KEYS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("@v1", "@v2"), "begins with c2sp"),
        (lambda text: "\n" + text, "begins with c2sp"),
        (lambda text: text.split("\n\n")[0], "after an empty line"),
        (lambda text: text.replace("extra", "Extra"), "second and the third line"),
        (lambda text: text.replace("index 1\n", ""), "second and the third line"),
        (lambda text: text.replace("index 1", "index  1"), "not a decimal number"),
        (lambda text: text.replace("index 1", "index +1"), "not a decimal number"),
        (lambda text: text.replace("index 1", "index 01"), "not a decimal number"),
        (lambda text: text.replace("index 1", "index 1\r"), "not a decimal number"),
        (lambda text: text.replace("index 1\n", "index 1\nYQ==\n"), "it has 1 bytes"),
        (
            lambda text: text.replace("index 1\n", "index 1\n" + f"{base64_text(bytes(32))}\n" * 63),
            "at most 64",
        ),
        (lambda text: text + "a" * 1_000_000, "at most"),
    ],
)
def test_what_is_no_receipt_is_refused(change, said: str) -> None:  # type: ignore[no-untyped-def]  # of a text
    """With a word on what is wrong with it."""
    _, data = made(3, 1)
    with pytest.raises(ReceiptError, match=said):
        open_receipt(change(data.decode()).encode(), ACME, KEYS)
