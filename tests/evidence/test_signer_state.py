"""What a signer remembers in a file: lasting, for one signer, and never less than it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.evidence.logs import ACME, CONTOSO, KEY, PROVIDER, Ledger
from upheld.evidence.checkpoint import LogName
from upheld.evidence.signer import Signer, Wanted
from upheld.evidence.signer_state import Signed, StateError, StateFile
from upheld.evidence.tree import Tree, leaf_hash

LEAVES = [leaf_hash(bytes([number])) for number in range(9)]


def signed(size: int, log: str = ACME, epoch: int = 1) -> Signed:
    """A head that was signed."""
    return Signed(LogName(log, epoch), Tree().appended(LEAVES[:size]), size * 1_000_000 or None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the state is."""
    return tmp_path / "signer"


def test_what_is_kept_is_there_again(path: Path) -> None:
    """For each log its last head, also after the file was closed."""
    with StateFile(path, is_new=True) as state:
        assert state.last(ACME) is None
        state.keep([signed(0), signed(2, CONTOSO)])
        state.keep([signed(5)])
        assert state.last(ACME) == signed(5)
    with StateFile(path) as state:
        assert {one.name.log: one for one in state} == {ACME: signed(5), CONTOSO: signed(2, CONTOSO)}
        state.keep([signed(3, epoch=2)])
    with StateFile(path) as state:
        assert state.last(ACME) == signed(3, epoch=2)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_signer_that_lost_its_state_does_not_begin_anew(path: Path) -> None:
    """A new state is made on purpose, and never over another one."""
    with pytest.raises(FileNotFoundError):
        StateFile(path)
    StateFile(path, is_new=True).close()
    with pytest.raises(FileExistsError):
        StateFile(path, is_new=True)


def test_one_signer_has_it_at_a_time(path: Path) -> None:
    """Two could sign two histories."""
    with StateFile(path, is_new=True), pytest.raises(StateError, match="another signer holds"):
        StateFile(path)
    StateFile(path).close()


def test_a_file_that_was_replaced_is_not_held(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who opened it before it was written anew, and gets the lock after, has a file without a name."""
    StateFile(path, is_new=True).close()
    opened = os.open

    def replaced_after(file: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = opened(file, flags, mode)
        other = path.with_name("other")
        other.write_bytes(path.read_bytes())
        other.replace(path)
        return descriptor

    monkeypatch.setattr(os, "open", replaced_after)
    with pytest.raises(StateError, match=r"has written .* anew"):
        StateFile(path)


@pytest.mark.parametrize(
    "torn", [b"{", b'{"epoch":1', b"\x00" * 40, b'{"epoch":1,"log":"a","peaks":"","size":0}']
)
def test_a_line_that_was_not_written_whole_was_not_signed(path: Path, torn: bytes) -> None:
    """It goes, and the file goes on from the line before it."""
    with StateFile(path, is_new=True) as state:
        state.keep([signed(2)])
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    with StateFile(path) as state:
        assert state.last(ACME) == signed(2)
        state.keep([signed(3)])
    assert path.read_bytes().startswith(whole + b'{"epoch":1,"log":')
    with StateFile(path) as state:
        assert state.last(ACME) == signed(3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: b"", "is not the state of a signer"),
        (lambda data: data.replace(b"state 1", b"state 2"), "is not the state of a signer"),
        (lambda data: data + b"\n", "cannot be read at line 4"),
        (lambda data: data + b"{}\n", "cannot be read at line 4"),
        (lambda data: data + b"[]\n", "cannot be read at line 4"),
        (lambda data: data + b"\x00\n", "cannot be read at line 4"),
        (lambda data: data.replace(b'"size":2', b'"size":3'), "cannot be read at line 2"),
        (lambda data: data.replace(b'"size":2', b'"size":"2"'), "cannot be read at line 2"),
        (lambda data: data.replace(b'"epoch":1', b'"epoch":0'), "cannot be read at line 2"),
        (lambda data: data.replace(b'"size"', b' "size"'), "cannot be read at line 2"),
        (lambda data: data + data.split(b"\n")[1] + b"\n", "goes back at line 4"),
    ],
)
def test_a_state_that_was_changed_is_refused(path: Path, change, said: str) -> None:  # type: ignore[no-untyped-def]  # of bytes
    """Nothing is guessed: the last head may be what was lost."""
    with StateFile(path, is_new=True) as state:
        state.keep([signed(2)])
        state.keep([signed(4)])
    whole = path.read_bytes()
    path.write_bytes(change(whole))
    with pytest.raises(StateError, match=said):
        StateFile(path)
    # Nobody holds it any more: brought back, it is opened.
    path.write_bytes(whole)
    with StateFile(path) as state:
        assert state.last(ACME) == signed(4)


def test_an_epoch_does_not_go_back_either(path: Path) -> None:
    """However large the log is."""
    with StateFile(path, is_new=True) as state:
        state.keep([signed(2, epoch=2)])
        state.keep([signed(4, epoch=1)])
    with pytest.raises(StateError, match="goes back at line 3"):
        StateFile(path)


@pytest.mark.parametrize("call", ["fsync", "write"])
def test_after_a_failed_write_the_file_is_written_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """A sync that failed says nothing when it is tried again: the pages may be gone."""
    ledger = Ledger()
    ledger.fill(ACME, 3)
    state = StateFile(path, is_new=True)
    signer = Signer([KEY], state)
    ledger.sign(signer, ACME)
    ledger.fill(ACME, 1)
    with monkeypatch.context() as patch:

        def fail(*_: object) -> int:
            raise OSError("input/output error")

        patch.setattr(os, call, fail)
        for _ in range(2):
            with pytest.raises(OSError, match="input/output error"):
                ledger.sign(signer, ACME)
    with pytest.raises(StateError, match="is closed"):
        state.keep([signed(4)])
    number = path.stat().st_ino
    ledger.sign(signer, ACME)
    assert path.stat().st_ino != number
    state.close()
    with StateFile(path) as again:
        found = again.last(ACME)
        assert found is not None
        assert found.tree.size == 4
        assert open_again(again, ledger) == 4


def test_who_comes_back_to_a_file_that_has_lost_something_signs_no_more(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an error an older file stands there: what was signed since would be signed otherwise."""
    with StateFile(path, is_new=True) as state:
        state.keep([signed(3)])
        older = path.read_bytes()
        state.keep([signed(4)])
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("input/output error")))
            with pytest.raises(OSError, match="input/output error"):
                state.keep([signed(5)])
        path.write_bytes(older)
        with pytest.raises(StateError, match="has lost what was signed"):
            state.mend()


def open_again(state: StateFile, ledger: Ledger) -> int:
    """The size that a signer with this state signs."""
    Signer([KEY], state).sign(Wanted(ledger.head(ACME)), ledger.read)
    found = state.last(ACME)
    assert found is not None
    return found.tree.size


def test_a_short_write_is_gone_on_with(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system may take a part of what it is given."""
    written = os.write
    monkeypatch.setattr(os, "write", lambda file, data: written(file, data[:7]))
    with StateFile(path, is_new=True) as state:
        state.keep([signed(2), signed(3, CONTOSO)])
    monkeypatch.undo()
    with StateFile(path) as state:
        assert [state.last(ACME), state.last(CONTOSO)] == [signed(2), signed(3, CONTOSO)]


def test_the_head_is_on_disk_before_the_signature_leaves(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written, synced, then signed."""
    ledger = Ledger()
    ledger.fill(ACME, 3)
    done: list[str] = []
    synced, key_signed = os.fsync, type(KEY).sign

    def fsync(file: int) -> None:
        done.append("synced" if b'"size":3' in path.read_bytes() else "early")
        synced(file)

    def sign(key: object, text: bytes) -> bytes:
        done.append("signed")
        return key_signed(KEY, text)

    with StateFile(path, is_new=True) as state:
        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(type(KEY), "sign", sign)
        ledger.sign(Signer([KEY], state), ACME)
    assert done == ["synced", "signed"]


def test_the_name_of_a_file_lasts_as_well(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is synced when the file is made, and when another one takes its place."""
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(os.fstat(file).st_ino))
    with StateFile(path, is_new=True) as state:
        assert synced == [path.stat().st_ino, path.parent.stat().st_ino]
        state.keep([signed(2)] * 1_010)
    synced.clear()
    StateFile(path).close()
    assert synced == [path.stat().st_ino, path.parent.stat().st_ino]


def test_a_long_file_is_written_anew(path: Path) -> None:
    """With the last line of each log; whoever has it open still has it alone."""
    with StateFile(path, is_new=True) as state:
        state.keep([signed(1, PROVIDER), *[signed(2)] * 1_003])
        state.keep([signed(3)])
    assert len(path.read_bytes().split(b"\n")) == 1_007
    with StateFile(path) as state:
        assert len(path.read_bytes().split(b"\n")) == 4
        assert {one.name.log: one for one in state} == {PROVIDER: signed(1, PROVIDER), ACME: signed(3)}
        with pytest.raises(StateError, match="another signer holds"):
            StateFile(path)
        state.keep([signed(4)])
    with StateFile(path) as state:
        assert {one.name.log: one for one in state} == {PROVIDER: signed(1, PROVIDER), ACME: signed(4)}
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(("lines", "left"), [(1_004, 1_004), (1_005, 2)])
def test_a_file_is_long_by_the_number_of_its_logs(path: Path, lines: int, left: int) -> None:
    """A thousand lines above two for each."""
    with StateFile(path, is_new=True) as state:
        state.keep([signed(1, PROVIDER), *[signed(2)] * (lines - 1)])
    StateFile(path).close()
    assert len(path.read_bytes().splitlines()) == 1 + left
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_anew_is_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was left half done of another attempt is in nobody's way."""
    with StateFile(path, is_new=True) as state:
        state.keep([signed(2)] * 1_010)
    whole = path.read_bytes()
    path.with_name("signer.new").write_bytes(b"half")
    with monkeypatch.context() as patch:

        def fail(*_: object) -> int:
            raise OSError("no space left")

        patch.setattr(os, "write", fail)
        with pytest.raises(OSError, match="no space left"):
            StateFile(path)
    assert path.read_bytes() == whole
    with StateFile(path) as state:
        assert state.last(ACME) == signed(2)
