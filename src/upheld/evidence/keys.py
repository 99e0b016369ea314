"""Keys of signed notes (C2SP signed-note): Ed25519, each known by its name and a short id of name and key.

A key has the name of whoever signs, not of a log: a customer pins one line, and it holds for the log of the
provider, for the customer's own and for every epoch of both. Which log a checkpoint is of stands in its text.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from upheld.core.values.frozen import dataclass, field
from upheld.evidence.strict import CONTROL, base64_bytes, base64_text

ED25519: Final = b"\x01"
"""The byte that tells the algorithm in an id and in the text of a key."""

_KEY_BYTES: Final = 32
_PRIME: Final = 2**255 - 19
_OF_ORDER_8: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_OF_SMALL_ORDER: Final = frozenset({0, 1, _PRIME - 1, _OF_ORDER_8, _PRIME - _OF_ORDER_8})
"""The second coordinates of the points under which anybody can sign anything: a key like this disproves its
owner's signatures."""
_PRIVATE: Final = "PRIVATE+KEY+"


class KeyTextError(ValueError):
    """A text is no key; the message says why, and never what stands in it."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half: a name and 32 bytes.

    KeyTextError for a name that cannot stand in a note, and for bytes that are no key of their own.
    """

    name: str
    public: bytes

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if len(self.public) != _KEY_BYTES:
            raise KeyTextError(f"a public key has {_KEY_BYTES} bytes, not {len(self.public)}")
        second = int.from_bytes(self.public, "little") & (2**255 - 1)
        if second >= _PRIME or second in _OF_SMALL_ORDER:
            raise KeyTextError("under this public key anybody could sign")

    @property
    def id(self) -> bytes:
        """The four bytes that stand before a signature."""
        return sha256(f"{self.name}\n".encode() + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key in one line: name, id and key, with `+` between them."""
        return f"{self.name}+{self.id.hex()}+{base64_text(ED25519 + self.public)}"

    @classmethod
    def of(cls, text: str) -> VerifierKey:
        """The key of such a line. KeyTextError unless name and key give the id that stands there."""
        name, key_id, rest = _parts(text)
        found = cls(name, rest)
        if found.id.hex() != key_id:
            raise KeyTextError("the id does not belong to the name and the key beside it")
        return found

    def has_signed(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature is of this text by this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half: a name and a seed of 32 bytes, which was drawn at random and is never shown."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if len(self.seed) != _KEY_BYTES:
            raise KeyTextError(f"a seed has {_KEY_BYTES} bytes, not {len(self.seed)}")

    @property
    def verifier(self) -> VerifierKey:
        """The public half, to be given away."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, private.public_key().public_bytes_raw())

    @property
    def secret_text(self) -> str:
        """The key in one line, as it is kept in a file."""
        verifier = self.verifier
        return f"{_PRIVATE}{self.name}+{verifier.id.hex()}+{base64_text(ED25519 + self.seed)}"

    @classmethod
    def of(cls, secret_text: str) -> SigningKey:
        """The key of such a line. KeyTextError if it is none."""
        if not secret_text.startswith(_PRIVATE):
            raise KeyTextError("this is not a private key")
        name, key_id, rest = _parts(secret_text.removeprefix(_PRIVATE))
        found = cls(name, rest)
        if found.verifier.id.hex() != key_id:
            raise KeyTextError("the id does not belong to the name and the key beside it")
        return found

    def sign(self, text: bytes) -> bytes:
        """The signature of a text, 64 bytes, always the same."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text)


def check_key_name(name: str) -> None:
    """KeyTextError for a name that cannot stand in a note: empty, or with a blank, a plus or a control."""
    if not name or "+" in name or CONTROL.search(name) or any(map(str.isspace, name)):
        raise KeyTextError(f"{name[:80]!r} cannot be the name of a key: no blanks, no plus, not empty")


def _parts(text: str) -> tuple[str, str, bytes]:
    """Name, id in hexadecimal digits and the bytes of a key."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        data = base64_bytes(encoded)
    except ValueError:
        data = b""
    if data[:1] != ED25519:
        raise KeyTextError("a key is a name, an id and an Ed25519 key in base64, with a plus between them")
    return name, key_id, data[1:]
