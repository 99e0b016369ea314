"""Signed notes: what another implementation signed, and every way to be no note."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.logs import KEY, OTHER_KEY
from tests.evidence.test_keys import GO_PRIVATE, GO_PUBLIC
from upheld.evidence.keys import SigningKey, VerifierKey
from upheld.evidence.note import (
    NOTE_BYTES,
    SIGNATURES,
    BadSignatureError,
    NoteError,
    UnknownKeyError,
    read_note,
    sign_note,
    verify_note,
)
from upheld.evidence.strict import base64_text

TEXT = "northwind.example/log/1\n3\nand so on\n"
NOTE = sign_note(TEXT, [KEY])
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
WIDE = "\u2003example"
LINE = NOTE.decode().splitlines(keepends=True)[-1]


def test_the_note_of_another_implementation_is_read_and_signed_alike() -> None:
    """Ed25519 has one signature for a text: ours is Go's to the byte."""
    note = read_note(GO_NOTE.encode())
    assert note.text.decode() == GO_TEXT
    assert verify_note(note, [VerifierKey.of(GO_PUBLIC)]) == (VerifierKey.of(GO_PUBLIC),)
    assert sign_note(GO_TEXT, [SigningKey.of(GO_PRIVATE)]).decode() == GO_NOTE


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), st.booleans())
def test_what_is_signed_is_read(text: str, has_more: bool) -> None:
    """Any text of lines, with empty ones among them."""
    told = f"{text}\n\n{text}\n" if has_more else f"{text}\n"
    note = read_note(sign_note(told, [KEY, OTHER_KEY]))
    assert note.text.decode() == told
    assert verify_note(note, [KEY.verifier]) == (KEY.verifier,)
    assert verify_note(note, [OTHER_KEY.verifier, KEY.verifier]) == (KEY.verifier, OTHER_KEY.verifier)


@pytest.mark.parametrize("text", ["", "no newline", "a\tb\n", "a\rb\n", "a\x00\n", "a\x7f\n", "a\x85b\n"])
def test_what_cannot_be_a_note_is_not_signed(text: str) -> None:
    """A text has lines, each ended, without control characters."""
    with pytest.raises(ValueError, match="note"):
        sign_note(text, [KEY])


def test_nobody_signs_nothing() -> None:
    """A note has a signature."""
    with pytest.raises(ValueError, match="signed by somebody"):
        sign_note(TEXT, [])


@pytest.mark.parametrize("place", range(len(NOTE)))
def test_a_note_with_a_changed_byte_says_nothing(place: int) -> None:
    """Whatever byte, and whatever becomes of it: it is no note, or not by a known key, or not signed."""
    for change in (1, 2, 32, 128):
        changed = bytearray(NOTE)
        changed[place] ^= change
        with pytest.raises((NoteError, UnknownKeyError, BadSignatureError)):
            verify_note(read_note(bytes(changed)), [KEY.verifier])


@pytest.mark.parametrize("place", range(len(NOTE)))
def test_a_note_that_lost_or_gained_a_byte_says_nothing(place: int) -> None:
    """Wherever it is."""
    for changed in (NOTE[:place] + NOTE[place + 1 :], NOTE[:place] + b"A" + NOTE[place:], NOTE[:place]):
        with pytest.raises((NoteError, UnknownKeyError, BadSignatureError)):
            verify_note(read_note(changed), [KEY.verifier])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "an empty line"),
        (TEXT, "an empty line"),
        (f"{TEXT}\n", "ends with the newline"),
        (f"{TEXT}\n{LINE.rstrip()}", "ends with the newline"),
        (f"{TEXT}\n{LINE}more\n", "is not a signature"),
        (f"{TEXT}\n{LINE}more", "ends with the newline"),
        (f"{TEXT}\n{LINE}\n", "ends with the newline"),
        (f"{TEXT}\n{LINE.replace('— ', '- ')}", "is not a signature"),
        (f"{TEXT}\n{LINE.replace('— ', '—')}", "is not a signature"),
        (f"{TEXT}\n{LINE.replace('— ', '—  ')}", "cannot be the name"),
        (f"{TEXT}\n{LINE.replace('.example', '+example')}", "cannot be the name"),
        (f"{TEXT}\n{LINE.replace('.example', WIDE)}", "cannot be the name"),
        (f"{TEXT}\n— {KEY.name}\n", "is not a signature"),
        (f"{TEXT}\n— {KEY.name} {base64_text(KEY.verifier.id)}\n", "is empty"),
        (f"{TEXT}\n— {KEY.name} \n", "is empty"),
        (f"{TEXT}\n— {KEY.name} {LINE.split()[-1]}*\n", "is not base64"),
        (f"{TEXT}\n— {KEY.name} {LINE.split()[-1].rstrip('=')}\n", "is not base64"),
        (f"{TEXT}\n{LINE.rstrip()}\r\n", "no control characters"),
        (f"{TEXT}\n{LINE * (SIGNATURES + 1)}", "at most 64 signatures"),
        (f"{'a' * NOTE_BYTES}\n\n{LINE}", "at most 262,144 bytes"),
    ],
)
def test_what_is_no_note_is_refused(data: str, said: str) -> None:
    """With a word on what it is not."""
    with pytest.raises(NoteError, match=said):
        read_note(data.encode())


def test_the_longest_note_is_read() -> None:
    """262,144 bytes, with 64 signatures."""
    more = f"\n{LINE * SIGNATURES}"
    text = "a" * (NOTE_BYTES - len(more.encode()) - 1) + "\n"
    note = f"{text}{more}".encode()
    assert len(note) == NOTE_BYTES
    assert read_note(note).text.decode() == text
    assert len(read_note(note).signatures) == SIGNATURES


def test_bytes_that_are_no_text_are_refused() -> None:
    """Also an encoding of UTF-8 that is longer than it must be."""
    for data in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80"):
        with pytest.raises(NoteError, match="UTF-8"):
            read_note(TEXT.encode() + data + b"\n\n" + LINE.encode())


def test_only_newlines_end_lines() -> None:
    """Other characters that a reader may take for an end of line are part of it."""
    text = "a\u2028b\u2029c\n"
    assert read_note(sign_note(text, [KEY])).text.decode() == text


def test_the_last_empty_line_ends_the_text() -> None:
    """So signatures inside a text are text."""
    text = f"told\n\n{LINE}"
    note = read_note(sign_note(text, [OTHER_KEY]))
    assert note.text.decode() == text
    with pytest.raises(UnknownKeyError):
        verify_note(note, [KEY.verifier])


def test_signatures_of_others_are_passed_over() -> None:
    """Of a witness that the reader does not know, of a kind that it does not know: it is as without them."""
    other = f"— witness.example {base64_text(b'1234' + bytes(2_420))}\n"
    same_name = f"— {KEY.name} {base64_text(b'5678' + bytes(64))}\n"
    same_id = f"— other.example {base64_text(KEY.verifier.id + bytes(64))}\n"
    note = read_note(NOTE + (other + same_name + same_id).encode())
    assert verify_note(note, [KEY.verifier]) == (KEY.verifier,)


def test_a_false_signature_of_a_known_key_spoils_the_note() -> None:
    """Even beside a true one, of the same key or of another."""
    false = f"— {KEY.name} {base64_text(KEY.verifier.id + bytes(64))}\n".encode()
    short = f"— {KEY.name} {base64_text(KEY.verifier.id + b'a')}\n".encode()
    for more in (false, short):
        with pytest.raises(BadSignatureError, match="northwind"):
            verify_note(read_note(NOTE + more), [KEY.verifier])
        with pytest.raises(BadSignatureError, match="northwind"):
            verify_note(read_note(sign_note(TEXT, [OTHER_KEY]) + more), [OTHER_KEY.verifier, KEY.verifier])


def test_a_note_without_a_known_signature_says_nothing() -> None:
    """Another key of the same name is another key."""
    with pytest.raises(UnknownKeyError):
        verify_note(read_note(NOTE), [OTHER_KEY.verifier])
    with pytest.raises(UnknownKeyError):
        verify_note(read_note(NOTE), [])


def test_a_key_that_signs_twice_is_one_key() -> None:
    """A quorum counts keys, not lines."""
    note = read_note(sign_note(TEXT, [KEY, KEY]))
    assert verify_note(note, [KEY.verifier]) == (KEY.verifier,)
