"""What is counted where people sign in is kept as JSON, and nothing that is read is run."""

from __future__ import annotations

import pickle
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.db import connection

from tests.live.api_desk import told
from tests.live.test_signing_in import ANN, Browser, World, ann
from upheld.app.members import person_of

__all__ = ["ann"]


class Planted:
    """What makes a file as soon as somebody unpickles it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> object:
        return Path.touch, (self._path,)


def _plant(path: Path) -> None:
    value = b64encode(pickle.dumps(Planted(path))).decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_tries SET value = %s", [value])


def test_what_is_kept_comes_back(address: str) -> None:
    """Lists, numbers and words of the library; what is over or deleted is not there."""
    history = [1796012345.123456, 1796012345.1]
    cache.set("history", history, 60)
    cache.set("word", "y", None)
    cache.set("over", 1, -1)
    cache.set("gone", 1)
    assert cache.delete("gone")
    assert cache.get_many(["history", "word", "over", "gone"]) == {"history": history, "word": "y"}
    assert cache.incr("number" if cache.add("number", 1) else "") == 2
    assert cache.get("over", "none") == "none"
    assert (cache.touch("word", -1), cache.get("word"), cache.touch("word", 60)) == (True, None, False)
    with pytest.raises(TypeError):
        cache.set("instant", datetime(2026, 6, 1, tzinfo=UTC))


def test_who_adds_what_is_there_has_not_added(address: str) -> None:
    """A code that was used is used once; again when it is over."""
    assert [cache.add("code", "y", 60) for _ in range(2)] == [True, False]
    cache.set("code", "y", -1)
    assert [cache.add("code", "z", 60) for _ in range(2)] == [True, False]
    assert cache.get("code") == "z"


def test_more_than_there_is_room_for_is_not_kept(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over goes first."""
    monkeypatch.setattr(caches["default"], "_max_entries", 2)
    for number in range(3):
        cache.set(f"over{number}", number, -1)
    cache.set("new", 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM accounts_tries")
        assert cursor.fetchall() == [(cache.make_key("new"),)]


def test_a_planted_pickle_is_never_loaded(address: str, tmp_path: Path) -> None:
    """It is no JSON, so it is not there; what is added does not take its place, and what is set does."""
    cache.set("history", [1.5], 60)
    _plant(tmp_path / "run")
    assert cache.get("history") is None
    assert not cache.add("history", [2.5], 60)
    cache.set("history", [3.5], 60)
    assert cache.get("history") == [3.5]
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_nobody_runs_anything_by_signing_in(world: World, ann: object, tmp_path: Path) -> None:
    """Whoever planted it in the table, or in a backup that came back, waits in vain for who signs in."""
    told(Browser().login(ANN, "wrong"), 400)
    _plant(tmp_path / "run")
    told(Browser().login(ANN, "wrong"), 400)
    told(Browser().login(ANN))
    assert person_of(ANN).last_login is not None
    assert not (tmp_path / "run").exists()
