"""Keys: their texts and ids, keys under which anybody could sign, and their files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.logs import KEY, OTHER_KEY
from upheld.evidence.key_file import KeyFileError, read_key, write_key
from upheld.evidence.keys import KeyTextError, SigningKey, VerifierKey

# The key and the note that Go's implementation of the format is tested with.
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PRIME = 2**255 - 19


def test_a_known_key_is_read_and_written() -> None:
    """The text of both halves, and the id, are those of another implementation."""
    private = SigningKey.of(GO_PRIVATE)
    assert private.verifier == VerifierKey.of(GO_PUBLIC)
    assert private.verifier.text == GO_PUBLIC
    assert private.secret_text == GO_PRIVATE
    assert private.verifier.id.hex() == "c74f20a3"


@given(st.binary(min_size=32, max_size=32))
def test_any_seed_makes_a_key_that_is_read_back(seed: bytes) -> None:
    """And whose signature holds for what was signed alone."""
    key = SigningKey("northwind.example/log", seed)
    assert SigningKey.of(key.secret_text) == key
    verifier = VerifierKey.of(key.verifier.text)
    assert verifier.has_signed(b"told", key.sign(b"told"))
    assert not verifier.has_signed(b"tolD", key.sign(b"told"))


@pytest.mark.parametrize("place", range(len(GO_PUBLIC)))
@pytest.mark.parametrize("change", [1, 2, 32])
def test_a_key_with_a_changed_character_is_none(place: int, change: int) -> None:
    """The id binds name, algorithm and key."""
    changed = GO_PUBLIC[:place] + chr(ord(GO_PUBLIC[place]) ^ change) + GO_PUBLIC[place + 1 :]
    with pytest.raises(KeyTextError):
        VerifierKey.of(changed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        GO_PUBLIC + "\n",
        " " + GO_PUBLIC,
        GO_PUBLIC.replace("c74f20a3", "C74F20A3"),
        GO_PUBLIC.removesuffix("W"),
        # Right ids over what is no key: a longer one, another algorithm.
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    """As Go's implementation refuses it."""
    with pytest.raises(KeyTextError):
        VerifierKey.of(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\tb", "a\nb", "a\x7fb", "\x85"])
def test_a_name_stands_in_a_line(name: str) -> None:
    """No blank of any kind, no plus, no control character."""
    with pytest.raises(KeyTextError, match="cannot be the name of a key"):
        VerifierKey(name, KEY.verifier.public)
    with pytest.raises(KeyTextError, match="cannot be the name of a key"):
        SigningKey(name, KEY.seed)


def test_keys_have_32_bytes() -> None:
    """Both halves."""
    with pytest.raises(KeyTextError, match="32 bytes, not 31"):
        VerifierKey("n", bytes(31))
    with pytest.raises(KeyTextError, match="32 bytes, not 33"):
        SigningKey("n", bytes(33))
    with pytest.raises(KeyTextError, match="not a private key"):
        SigningKey.of(GO_PUBLIC)
    with pytest.raises(KeyTextError, match="the id does not belong"):
        SigningKey.of(GO_PRIVATE.replace("c74f20a3", "c74f20a4"))


def test_a_key_of_small_order_would_let_anybody_sign() -> None:
    """Under the neutral point a signature made of nothing holds for any text.

    Whoever publishes such a key could say later that somebody else had signed.
    """
    neutral = (1).to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(neutral).verify(neutral + bytes(32), b"any text")
    with pytest.raises(KeyTextError, match="anybody could sign"):
        VerifierKey("n", neutral)


def test_every_point_of_small_order_is_refused() -> None:
    """All encodings, of either sign and beyond the prime, of the points whose eighth multiple is neutral."""
    seconds = {y for _, y in _small_points()}
    assert len(_small_points()) == 8
    for second in seconds:
        for more in (0, PRIME):
            for sign in (0, 2**255):
                if second + more < 2**255:
                    with pytest.raises(KeyTextError, match="anybody could sign"):
                        VerifierKey("n", (second + more + sign).to_bytes(32, "little"))
    with pytest.raises(KeyTextError, match="anybody could sign"):
        VerifierKey("n", PRIME.to_bytes(32, "little"))


Point = tuple[int, int]


def _small_points() -> set[Point]:
    """The points of order up to 8: multiples of the prime order of any points, computed from the curve."""
    order = 2**252 + 27742317777372353535851937790883648493
    found: set[Point] = set()
    for second in range(2, 5):
        first = _first_of(second)
        if first is not None:
            point = _times(order, (first, second))
            found |= {_times(factor, point) for factor in range(8)}
    return found


D = -121665 * pow(121666, -1, PRIME) % PRIME


def _first_of(y: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    return x if x * x % PRIME == square else None


def _times(factor: int, point: Point) -> Point:
    total: Point = (0, 1)
    while factor:
        if factor & 1:
            total = _plus(total, point)
        point, factor = _plus(point, point), factor >> 1
    return total


def _plus(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    cross = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + cross, -1, PRIME) % PRIME,
        (y1 * y2 + x1 * x2) * pow(1 - cross, -1, PRIME) % PRIME,
    )


def test_a_secret_is_not_shown() -> None:
    """Neither where a key is printed nor in what is said of a bad one."""
    assert "seed" not in repr(KEY)
    with pytest.raises(KeyTextError) as told:
        SigningKey.of(KEY.secret_text[:-3])
    assert KEY.secret_text[-20:-4] not in str(told.value)


# -- files -------------------------------------------------------------------------------------------------


def test_a_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """What is written is read, and nobody else could, whatever the usual mode is."""
    path = tmp_path / "key"
    before = os.umask(0)
    try:
        write_key(path, KEY)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path) == KEY
    assert path.read_text() == f"{KEY.secret_text}\n"


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    """With it every signature that it made would be lost."""
    path = tmp_path / "key"
    write_key(path, KEY)
    with pytest.raises(FileExistsError):
        write_key(path, OTHER_KEY)
    assert read_key(path) == KEY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644])
def test_a_key_that_others_could_read_is_refused(tmp_path: Path, mode: int) -> None:
    """It may have been read already."""
    path = tmp_path / "key"
    write_key(path, KEY)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_key(path)


def test_a_key_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who owns it can change it."""
    path = tmp_path / "key"
    write_key(path, KEY)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(KeyFileError, match="belongs to another user"):
        read_key(path)


def test_a_key_file_is_a_file(tmp_path: Path) -> None:
    """Not a link to one, which somebody else may turn, nor a pipe, which would be waited for."""
    path, link, pipe = tmp_path / "key", tmp_path / "link", tmp_path / "pipe"
    write_key(path, KEY)
    link.symlink_to(path)
    with pytest.raises(OSError, match="link"):
        read_key(link)
    os.mkfifo(pipe, 0o600)
    with pytest.raises(KeyFileError, match="is not a file"):
        read_key(pipe)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"a key\n", KEY.secret_text.encode() + b"\n\n", b"x" * 10_000]
)
def test_what_holds_no_key_is_refused(tmp_path: Path, data: bytes) -> None:
    """With a sentence that does not say what is in it."""
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_bytes(data)
    with pytest.raises(KeyFileError, match="holds no key") as told:
        read_key(path)
    assert KEY.secret_text[-10:] not in str(told.value)
