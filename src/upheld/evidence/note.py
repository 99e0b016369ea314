"""Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature.

The text means nothing before a signature under a known key was verified. Reading is strict: a note has one
form, and what differs from it by a byte is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from upheld.core.values.frozen import dataclass
from upheld.evidence.keys import KeyTextError, SigningKey, VerifierKey, check_key_name
from upheld.evidence.strict import CONTROL, base64_bytes, base64_text

NOTE_BYTES: Final = 1 << 18
SIGNATURES: Final = 64
"""What a note may have at most; a signature of ML-DSA takes about 3,300 characters."""

_DASH: Final = "— "
_ID_BYTES: Final = 4


class NoteError(ValueError):
    """Bytes are not a signed note; the message says where they are not."""


class UnknownKeyError(ValueError):
    """No signature of a note is by a key that is known: nothing can be said of it."""


class BadSignatureError(ValueError):
    """A signature that says it is by a known key is not: the text was changed, or the signature."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a note: by which key it says to be, and the bytes of the signature."""

    name: str
    key_id: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text as it was signed, with its last newline, and the signatures that stand under it."""

    text: bytes
    signatures: tuple[Signature, ...]


def sign_note(text: str, keys: Sequence[SigningKey]) -> bytes:
    """The text, signed by every key in turn. ValueError for a text that no note can have, or without keys."""
    if not keys:
        raise ValueError("a note is signed by somebody")
    data = text.encode()
    lines = [f"{_DASH}{key.name} {base64_text(key.verifier.id + key.sign(data))}\n" for key in keys]
    note = f"{text}\n{''.join(lines)}".encode()
    if read_note(note).text != data:
        raise ValueError("a text of a note ends with a newline")
    return note


def read_note(data: bytes) -> Note:
    """The parts of a note, none of which means anything yet. NoteError."""
    if len(data) > NOTE_BYTES:
        raise NoteError(f"a note has at most {NOTE_BYTES:,} bytes, not {len(data):,}")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise NoteError(f"a note is UTF-8, and byte {fault.start} is not") from None
    if (found := CONTROL.search(whole)) is not None:
        raise NoteError(f"a note has no control characters, and character {found.start()} is one")
    # The last empty line: the text may have others. Never `splitlines`, which breaks at more than newlines.
    text, empty_line, rest = whole.rpartition("\n\n")
    if not empty_line:
        raise NoteError("a note has an empty line between its text and its signatures")
    *lines, end = rest.split("\n")
    if end or not lines:
        raise NoteError("a note ends with the newline of a signature")
    if len(lines) > SIGNATURES:
        raise NoteError(f"a note has at most {SIGNATURES} signatures, not {len(lines)}")
    return Note(f"{text}\n".encode(), tuple(map(_signature, lines)))


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The known keys that signed a note, at least one, each once.

    A signature under a key that is not known is passed over, as the format asks. BadSignatureError if one
    under a known key does not hold, whatever others do; UnknownKeyError if there is none under a known key.
    """
    known = {(key.name, key.id): key for key in keys}
    signed: dict[VerifierKey, None] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.has_signed(note.text, signature.data):
            raise BadSignatureError(f"the signature of {key.name} is not of this text")
        signed[key] = None
    if not signed:
        raise UnknownKeyError("no signature is by a known key")
    return tuple(signed)


def _signature(line: str) -> Signature:
    name, blank, encoded = line.removeprefix(_DASH).rpartition(" ")
    if not line.startswith(_DASH) or not blank:
        raise NoteError(
            f"{line[:60]!r} is not a signature: a dash, a name and base64, one blank between them"
        )
    try:
        check_key_name(name)
        data = base64_bytes(encoded)
    except KeyTextError as fault:
        raise NoteError(str(fault)) from None
    except ValueError as fault:
        raise NoteError(f"the signature of {name}: {fault}") from None
    if len(data) <= _ID_BYTES:
        raise NoteError(f"the signature of {name} is empty")
    return Signature(name, data[:_ID_BYTES], data[_ID_BYTES:])
