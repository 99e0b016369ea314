"""`upheld apply` and the client that it asks with, before a server that runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.api_desk import AGREEMENT, contract
from tests.live.test_serve import Server, serving
from upheld.client.client import AddressError, Client, ProblemError, UnreachableError
from upheld.files.texts import TextsError, texts_in

UPHELD = str(Path(sys.executable).with_name("upheld"))


def _ticks() -> int:
    return time.monotonic_ns() // 1_000


def _ran(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("UPHELD_")}
    return subprocess.run(
        [UPHELD, *words], capture_output=True, text=True, timeout=120, env=own | environment
    )


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with a provider that has nothing yet, and a token of it."""
    data = tmp_path_factory.mktemp("apply") / "data"
    _ran("admin", "--data", str(data), "provider", "northwind", "Northwind")
    token = _ran("admin", "--data", str(data), "token", "northwind", "pipeline", "--role", "owner")
    with serving(data) as server:
        yield server, token.stdout.strip()


def _texts(folder: Path, agreement: str = AGREEMENT) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "acme.yaml").write_text(agreement)
    (folder / "c1.yaml").write_text(contract("c1", "Acme"))
    return folder


@pytest.mark.slow
def test_texts_are_applied_and_what_would_change_is_told(started: tuple[Server, str], tmp_path: Path) -> None:
    """First all is new; then a stricter level is better, a laxer one fails, and errors apply nothing."""
    server, token = started
    there = {"UPHELD_SERVER": server.address, "UPHELD_TOKEN": token}
    folder = _texts(tmp_path / "texts")
    assert _ran("apply", str(folder), "--dry-run", **there).stdout == (
        "added acme.yaml\nadded c1.yaml\nc1 (Acme), acme 1: added\nrevision 0: 1 contract would hold\n"
    )
    applied = _ran("apply", str(folder), **there)
    assert (applied.returncode, applied.stdout) == (
        0, "added acme.yaml\nadded c1.yaml\nrevision 1: 1 contract holds\n"
    )  # fmt: skip
    _texts(folder, AGREEMENT.replace("P1: 2h", "P1: 3h"))
    worse = _ran("apply", str(folder), "--dry-run", "--fail-on", "worse", **there)
    assert (worse.returncode, worse.stdout) == (1, """\
changed acme.yaml
c1 (Acme), acme 1: worse
    response (deadline): worse
        target (priority = P1)  2h on desk -> 3h on desk
revision 1: 1 contract would hold
""")  # fmt: skip
    told = json.loads(_ran("apply", str(folder), "--dry-run", "--format", "json", **there).stdout)
    assert (told["dry_run"], [one["order"] for one in told["effects"]]) == (True, ["worse"])
    _texts(folder, AGREEMENT + "clok: {}\n")
    wrong = _ran("apply", str(folder), **there)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "acme.yaml:" in wrong.stderr
    assert "there is no concept `clok`" in wrong.stderr
    assert wrong.stderr.endswith("upheld: nothing was applied\n")


@pytest.mark.slow
def test_the_client_asks_and_tells_problems(started: tuple[Server, str]) -> None:
    """Facts in, facts out; what is refused has its code and its findings; a wrong token lets nobody in."""
    server, token = started
    client = Client(server.address, token, _ticks)
    assert client.read_me()["provider"] == "Northwind"
    with pytest.raises(ProblemError) as refused:
        client.tell_facts('{"specversion": "1.0"}\n', kind="application/x-ndjson")
    assert (refused.value.status, refused.value.code) == (422, "invalid")
    assert "missing-attribute" in {one["code"] for one in refused.value.findings}
    assert client.read_facts(limit=10) == {"facts": [], "next": None}
    with pytest.raises(ProblemError) as stranger:
        Client(server.address, "upheld_none", _ticks).read_me()
    assert stranger.value.status == 401


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "environment", "told"),
    [
        ((), {}, "which server? give --server https://upheld.example.com, or set UPHELD_SERVER"),
        (("--server", "http://upheld.example.com"), {"UPHELD_TOKEN": "t"},
         "http://upheld.example.com: a token is sent encrypted, except to this machine: write https://"),
        (("--server", "http://127.0.0.1:9"), {},
         "there is no token in UPHELD_TOKEN: `upheld admin token` makes one on the server"),
        (("--fail-on", "worse"), {},
         "--fail-on: what is applied cannot be failed any more; add --dry-run"),
        (("--server", "http://127.0.0.1:9"), {"UPHELD_TOKEN": "t"},
         "the server cannot be reached: no connection to port 9: connection refused"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_on_one_line(
    words: tuple[str, ...], environment: dict[str, str], told: str, tmp_path: Path
) -> None:
    """No server, no token, no encryption, nobody there: exit code 2."""
    done = _ran("apply", str(_texts(tmp_path / "texts")), *words, **environment)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"upheld: {told}\n")


def test_a_token_goes_encrypted_or_stays_here() -> None:
    """An address of another machine without TLS, and one that is none, are refused; nothing is sent."""
    for address in ("http://upheld.example.com", "ftp://localhost", "upheld.example.com"):
        with pytest.raises(AddressError):
            Client(address, "t", _ticks)


def test_nobody_there_is_told() -> None:
    """The request never left, so nothing may have been done."""
    with pytest.raises(UnreachableError) as fault:
        Client("http://127.0.0.1:9", "t", _ticks).read_me()
    assert not fault.value.may_be_done


def test_texts_are_the_visible_files_of_a_folder(tmp_path: Path) -> None:
    """Agreements, contracts and locks by their paths; what is hidden or something else is left out."""
    _texts(tmp_path / "a")
    (tmp_path / "a" / "acme.lock.json").write_text("{}")
    (tmp_path / "a" / "notes.md").write_text("-")
    (tmp_path / "a" / ".git").mkdir()
    (tmp_path / "a" / ".git" / "x.yaml").write_text("-")
    assert sorted(texts_in(tmp_path)) == ["a/acme.lock.json", "a/acme.yaml", "a/c1.yaml"]
    for folder in (tmp_path / "none", tmp_path / "a" / ".git"):
        folder.mkdir(exist_ok=True)
    for folder, told in (
        (tmp_path / "none", "there are no agreements or contracts in it"),
        (tmp_path / "a" / "acme.yaml", "is no folder"),
    ):
        with pytest.raises(TextsError, match=told):
            texts_in(folder)
