"""Checkpoints: one text for each, and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.logs import ACME, CONTOSO, KEY, OTHER_KEY, PROVIDER
from upheld.evidence.checkpoint import Checkpoint, CheckpointError, Head, LogName, open_checkpoint
from upheld.evidence.note import BadSignatureError, UnknownKeyError, sign_note
from upheld.evidence.strict import MOST, base64_text
from upheld.evidence.tree import EMPTY_ROOT, leaf_hash

ROOT = leaf_hash(b"a")
HEAD = Head(LogName(ACME), 3, ROOT)
BOUND = Checkpoint(HEAD, Head(LogName(PROVIDER), 7, EMPTY_ROOT))

heads = st.builds(
    Head,
    st.builds(LogName, st.sampled_from([ACME, PROVIDER, "é", "a/1"]), st.integers(1, MOST)),
    st.integers(0, MOST),
    st.binary(min_size=32, max_size=32),
)


def test_the_text_is_that_of_the_format() -> None:
    """Origin, size and root; a line more for a customer."""
    assert Checkpoint(HEAD).text == f"northwind.example/log/acme/1\n3\n{base64_text(ROOT)}\n"
    line = f"provider northwind.example/log/1 7 {base64_text(EMPTY_ROOT)}\n"
    assert BOUND.text == Checkpoint(HEAD).text + line


@given(heads, st.none() | heads)
def test_what_is_written_is_read(head: Head, provider: Head | None) -> None:
    """And what is read is written so."""
    checkpoint = Checkpoint(head, provider)
    assert Checkpoint.of(checkpoint.text) == checkpoint


@given(st.data())
def test_a_text_that_is_read_has_one_form(data: st.DataObject) -> None:
    """A changed character makes another checkpoint or none, never the same one."""
    text = BOUND.text
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.text(max_size=2)) + text[place + 1 :]
    try:
        found = Checkpoint.of(changed)
    except CheckpointError:
        return
    assert found.text == changed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        f"{ACME}/1\n3\n{base64_text(ROOT)}",
        f"{ACME}/1\n3\n{base64_text(ROOT)}\n\n",
        f"{ACME}/1\n3\n{base64_text(ROOT)}\nmore\n",
        f"{ACME}/1\n3\n{base64_text(ROOT)}\nprovider\n",
        f"{BOUND.text}{BOUND.text.splitlines()[-1]}\n",
        BOUND.text.replace("provider ", "provider  "),
        BOUND.text.replace(" 7 ", " 07 "),
        f"{ACME}/1\n+3\n{base64_text(ROOT)}\n",
        f"{ACME}/1\n٣\n{base64_text(ROOT)}\n",
        f"{ACME}/1\n3_0\n{base64_text(ROOT)}\n",
        f"{ACME}/1\n03\n{base64_text(ROOT)}\n",
        f"{ACME}/1\n{MOST + 1}\n{base64_text(ROOT)}\n",
        f"{ACME}/1\n3\n{base64_text(ROOT)} \n",
        f"{ACME}/1\n3\n{base64_text(ROOT[:31])}\n",
        f"{ACME}/1\n3\n{ROOT.hex()}\n",
        f"{ACME}/0\n3\n{base64_text(ROOT)}\n",
        f"{ACME}/01\n3\n{base64_text(ROOT)}\n",
        f"{ACME}/x\n3\n{base64_text(ROOT)}\n",
        f"{ACME}\n3\n{base64_text(ROOT)}\n",
        f"/1\n3\n{base64_text(ROOT)}\n",
        f"a b/1\n3\n{base64_text(ROOT)}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """Signed or not."""
    with pytest.raises(CheckpointError):
        Checkpoint.of(text)


@pytest.mark.parametrize("log", ["", "a b", "a+b", "a\nb", "a\u00a0b"])
def test_a_log_has_a_name(log: str) -> None:
    """That stands in a line, without blanks."""
    with pytest.raises(ValueError, match="cannot be the name of a log"):
        LogName(log)


def test_a_head_has_a_size_and_a_root() -> None:
    """A negative size, one too large, or a root that is none, is no head."""
    for size, root in ((-1, ROOT), (MOST + 1, ROOT), (3, b"")):
        with pytest.raises(ValueError, match="32 bytes"):
            Head(LogName(ACME), size, root)


def test_a_checkpoint_is_opened_by_who_knows_log_and_key() -> None:
    """Neither is taken from the note."""
    note = sign_note(BOUND.text, [KEY])
    assert open_checkpoint(note, ACME, [KEY.verifier]) == BOUND
    with pytest.raises(UnknownKeyError):
        open_checkpoint(note, ACME, [OTHER_KEY.verifier])
    with pytest.raises(
        CheckpointError, match=r"of northwind\.example/log/acme, not of northwind\.example/log/con"
    ):
        open_checkpoint(note, CONTOSO, [KEY.verifier])


def test_nothing_is_read_of_a_text_before_its_signature_holds() -> None:
    """What is wrong with a forged text is that it is forged."""
    with pytest.raises(BadSignatureError):
        open_checkpoint(sign_note(BOUND.text, [KEY]).replace(b"\n3\n", b"\n+3\n"), ACME, [KEY.verifier])
    with pytest.raises(CheckpointError, match="is not a decimal number"):
        open_checkpoint(sign_note(BOUND.text.replace("\n3\n", "\n+3\n"), [KEY]), ACME, [KEY.verifier])
