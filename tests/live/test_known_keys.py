"""A database is gone on with by the keys with which it was begun, and by no others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from tests.live.test_messages import OPENED_AT, Office
from tests.live.test_sequence import NOW
from upheld.app.sequence import sequence
from upheld.server import environment
from upheld.server.environment import KEY_FILE as SECRET_FILE
from upheld.server.environment import EnvironmentFaultError
from upheld.server.known_keys import (
    agree_on_keys,
    begin_to_sign,
    secret_fault,
    signing_fault,
    take_secret_key,
)
from upheld.server.signing import KEY_FILE, signer_in
from upheld.store.models import Checkpoint, KnownKey
from upheld.store.sealing import key_print


def _folder(tmp_path: Path, name: str) -> Path:
    found = tmp_path / name
    found.mkdir(mode=0o700)
    return found


def _signs(folder: Path) -> None:
    begin_to_sign(folder)
    with signer_in(folder) as signer:
        assert signer is not None
        assert sequence(signer, NOW) == {}


def test_others_are_refused_by_name(address: str, tmp_path: Path) -> None:
    """A folder with other keys, and one with none: neither signs, and nothing is made there."""
    own, other, empty = (_folder(tmp_path, name) for name in ("own", "other", "empty"))
    agree_on_keys(own)
    begin_to_sign(own)
    with signer_in(other, makes=True):
        pass
    with pytest.raises(EnvironmentFaultError, match=f"{other / KEY_FILE} is not the key by which"):
        begin_to_sign(other)
    with pytest.raises(EnvironmentFaultError, match=f"{empty / KEY_FILE} is not there, and the ledger"):
        begin_to_sign(empty)
    assert list(empty.iterdir()) == []
    agree_on_keys(empty)  # who only serves the web signs nothing
    with override_settings(SECRET_KEY="another one"):
        assert "UPHELD_SECRET_KEY is another key than that of this database" in secret_fault(own)
        with pytest.raises(EnvironmentFaultError, match="upheld admin secret-key"):
            agree_on_keys(own)
    agree_on_keys(own)
    begin_to_sign(own)


def test_what_was_signed_and_sealed_before_keys_were_known_says_whose_it_is(
    address: str, tmp_path: Path
) -> None:
    """A database of an older version: the first checkpoint holds, and one secret that can be read."""
    own, other = _folder(tmp_path, "own"), _folder(tmp_path, "other")
    Office().settle(OPENED_AT)
    _signs(own)
    assert Checkpoint.objects.exists()
    KnownKey.objects.all().delete()
    with signer_in(other, makes=True):
        pass
    assert "is not the key by which" in signing_fault(other)
    with override_settings(SECRET_KEY="another one"):
        assert "is another key than that of this database" in secret_fault(own)
    agree_on_keys(own)
    assert set(KnownKey.objects.values_list("name", flat=True)) == {"sealing", "signing"}


def test_a_lost_secret_key_is_gone_on_without_when_somebody_says_so(address: str, tmp_path: Path) -> None:
    """What was sealed is lost; from then on the new key is that of the database."""
    own = _folder(tmp_path, "own")
    Office(ticket=False)
    agree_on_keys(own)
    with override_settings(SECRET_KEY="another one"):
        assert take_secret_key(own) > 0
        agree_on_keys(own)
    assert secret_fault(own)


def test_keys_are_drawn_for_a_new_database_alone(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are written once it is known to be one; one that another process wrote meanwhile holds."""
    own, late = _folder(tmp_path, "own"), _folder(tmp_path, "late")
    monkeypatch.setattr(environment, "_DRAWN", {})
    monkeypatch.delenv("UPHELD_SECRET_KEY", raising=False)
    with override_settings(SECRET_KEY=environment._key(own / SECRET_FILE)):
        assert not (own / SECRET_FILE).exists()
        (own / SECRET_FILE).write_text("that of who was faster")
        agree_on_keys(own)
        assert os.environ["UPHELD_SECRET_KEY"] == settings.SECRET_KEY == "that of who was faster"
    with (
        override_settings(SECRET_KEY=environment._key(late / SECRET_FILE)),
        pytest.raises(EnvironmentFaultError, match=f"{late / SECRET_FILE} is not there, and the database"),
    ):
        agree_on_keys(late)
    assert list(late.iterdir()) == []


def test_who_starts_beside_a_first_start_goes_by_its_keys(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker drew keys before the first web had kept its own: by then the database is not new any more."""
    own = _folder(tmp_path, "own")
    monkeypatch.setattr(environment, "_DRAWN", {})
    monkeypatch.setenv("UPHELD_SECRET_KEY", "")
    with override_settings(SECRET_KEY=environment._key(own / SECRET_FILE)):
        (own / SECRET_FILE).write_text("that of the first")
        with override_settings(SECRET_KEY="that of the first"):
            KnownKey.objects.create(name="sealing", print=key_print())
        agree_on_keys(own)
        assert os.environ["UPHELD_SECRET_KEY"] == settings.SECRET_KEY == "that of the first"
        assert secret_fault(own) == ""


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_a_process_in_another_folder_does_not_start(address: str, tmp_path: Path) -> None:
    """As an operator meets it: the sentence, and the doctor's; nothing is made in the folder."""
    own, other = _folder(tmp_path, "own"), _folder(tmp_path, "other")
    env = {name: value for name, value in os.environ.items() if not name.startswith("UPHELD_")}
    env["DATABASE_URL"] = address

    def says(folder: Path, *words: str, **more: str) -> tuple[int, str]:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("upheld")), *words],
            env={**env, **more, "UPHELD_DATA": str(folder)},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    assert says(own, "admin", "provider", "northwind", "Northwind")[0] == 0
    with override_settings(SECRET_KEY=(own / SECRET_FILE).read_text()):
        agree_on_keys(own)
        begin_to_sign(own)
    no_key = f"{other / SECRET_FILE} is not there, and the database is not a new one: give the folder"
    code, told = says(other, "serve", "worker")
    assert (code, told.startswith(f"upheld: {no_key}"), told.count("\n")) == (2, True, 1), told
    code, told = says(other, "doctor")
    assert (code, no_key in told) == (1, True), told
    assert list(other.iterdir()) == []
    code, told = says(other, "serve", "worker", UPHELD_SECRET_KEY=(own / SECRET_FILE).read_text())
    assert (code, told.startswith(f"upheld: {other / KEY_FILE} is not there")) == (2, True), told
