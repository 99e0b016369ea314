"""Texts with one form each."""

from __future__ import annotations

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.evidence.strict import MOST, base64_bytes, base64_hash, base64_text, decimal, hex_hash


@given(st.integers(0, MOST))
def test_a_number_has_one_text(number: int) -> None:
    """What is written is read."""
    assert decimal(str(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "+5", "-5", " 5", "5 ", "5\n", "5_0", "05", "00", "٥", "５", "5.0", "5e1", "0x5", "²",
        str(MOST + 1), "9" * 5_000,
    ],
)  # fmt: skip
def test_no_other_text_is_that_number(text: str) -> None:
    """Most of these are numbers to `int`, and to other readers of other languages."""
    with pytest.raises(ValueError, match="is not a decimal number"):
        decimal(text)


@given(st.binary(max_size=70))
def test_bytes_have_one_text(data: bytes) -> None:
    """What is written is read."""
    assert base64_bytes(base64_text(data)) == data


@pytest.mark.parametrize(
    "text",
    [
        "YQ", "YQ=", "YR==", "Y Q==", "YQ==\n", "YQ===", "YQ==YQ==", "-_-_", "YQ=*=", "é", "Y\u0661==",
        "====", "YWI=YQ==",
    ],
)  # fmt: skip
def test_no_other_text_is_those_bytes(text: str) -> None:
    """Foreign characters, missing padding, bits after the end, the alphabet for addresses."""
    with pytest.raises(ValueError, match="is not base64"):
        base64_bytes(text)


def test_the_reader_of_the_library_takes_them() -> None:
    """So a check of ours is needed: `YR==` and `YQ==` are one byte to it, even told to be strict."""
    assert b64decode("YR==", validate=True) == b64decode("YQ==", validate=True) == b64decode("Y*Q==") == b"a"


@given(st.binary(max_size=40))
def test_a_hash_has_its_length(data: bytes) -> None:
    """32 bytes, no more and no fewer."""
    if len(data) == 32:
        assert base64_hash(base64_text(data)) == data
        assert hex_hash(data.hex()) == data.hex()
        return
    with pytest.raises(ValueError, match="is not a hash"):
        base64_hash(base64_text(data))
    with pytest.raises(ValueError, match="is not a hash"):
        hex_hash(data.hex())


@pytest.mark.parametrize(
    "value", ["A" * 64, "a" * 63 + "\n", " " + "a" * 63, "a" * 64 + "\n", None, 5, b"a" * 64]
)
def test_a_hash_in_digits_has_one_form(value: object) -> None:
    """64 lower-case digits, as a text."""
    with pytest.raises(ValueError, match="is not a hash"):
        hex_hash(value)
