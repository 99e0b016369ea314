"""The key and the memory of the signer: made once, missed loudly."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from upheld.evidence.checkpoint import Head, LogName
from upheld.evidence.signer import Signer, Wanted
from upheld.evidence.tree import EMPTY_ROOT
from upheld.server.inheriting import Heir
from upheld.server.signing import KEY_FILE, STATE_FILE, signer_in


def _opened(folder: Path) -> bool:
    """Starts and stops a signer; whether there was one."""
    with signer_in(folder, makes=True) as signer:
        return signer is not None


def test_the_first_start_makes_both_and_the_second_finds_them(tmp_path: Path) -> None:
    """While one process holds the memory, another one does not sign."""
    with signer_in(tmp_path, makes=True):
        key = (tmp_path / KEY_FILE).read_bytes()
        assert not _opened(tmp_path)
    assert _opened(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == key


def test_a_start_that_was_cut_off_between_the_two_goes_on(tmp_path: Path) -> None:
    """The memory is there and empty, the key is not: it is made."""
    _opened(tmp_path)
    (tmp_path / KEY_FILE).unlink()
    assert _opened(tmp_path)


def test_a_memory_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    """Whoever removed it learns so, instead of a second history being signed."""
    _opened(tmp_path)
    (tmp_path / STATE_FILE).unlink()
    with pytest.raises(FileNotFoundError):
        _opened(tmp_path)


def test_a_key_that_is_gone_is_not_made_anew_after_it_signed(tmp_path: Path) -> None:
    """Nobody would believe what another key signs."""
    with signer_in(tmp_path, makes=True) as signer:
        assert signer is not None
        signer.sign(Wanted(Head(LogName("northwind/provider"), 0, EMPTY_ROOT)), lambda log, start, end: [])
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(FileNotFoundError):
        _opened(tmp_path)


def test_another_process_signs_once_the_one_that_did_is_gone(tmp_path: Path) -> None:
    """It asks again while the memory is held, takes it when it is free, and holds it until it ends."""
    taken: list[Signer] = []
    with ExitStack() as held:
        heir = Heir(tmp_path, held, taken.append)
        with signer_in(tmp_path, makes=True):
            assert not heir.turn()
        assert taken == []
        assert heir.turn()
        assert len(taken) == 1
        assert not _opened(tmp_path)
    assert _opened(tmp_path)
