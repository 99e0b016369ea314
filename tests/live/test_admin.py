"""`upheld admin`: a server set up from nothing on the command line, and asked by its API."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.core.worlds import CONTRACT, DOCUMENT
from tests.live.test_messages import LADDER
from tests.live.test_serve import serving

pytestmark = pytest.mark.slow


def _admin(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    said = [str(Path(sys.executable).with_name("upheld")), "admin", "--data", str(data), *words]
    return subprocess.run(said, capture_output=True, text=True, timeout=120)


def _asked(address: str, token: str, path: str, body: bytes | None = None) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    request = urllib.request.Request(f"{address}/api/v1{path}", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def _signed_in(address: str, key: str, mail: str, password: str) -> urllib.request.Request:
    """A question of somebody who set a password by a key, and signed in by it."""
    cookies: dict[str, str] = {}

    def sent(path: str, **body: str) -> int:
        own = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        own |= {"X-CSRFToken": cookies.get("__Host-upheld-csrf", ""), "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"{address}/accounts/browser/v1/{path}", data, own)
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as fault:
            answer = fault
        with answer:
            for told in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = told.partition(";")[0].partition("=")
                cookies[name] = value
            return int(answer.status)

    assert sent("config") == 200
    assert sent("auth/password/reset", key=key, password=password) == 401
    assert sent("auth/login", email=mail, password=f"not {password}") == 400
    assert sent("auth/login", email=mail, password=password) == 200
    return urllib.request.Request(
        f"{address}/api/v1/me", headers={"Cookie": f"__Host-upheld={cookies['__Host-upheld']}"}
    )


def test_a_server_from_nothing(tmp_path: Path) -> None:
    """Provider, agreement, person and token by command; a ticket by API; the export is judged the same.

    Who was invited by command signs in at the server that runs.
    """
    data, texts = tmp_path / "data", tmp_path / "texts"
    texts.mkdir()
    (texts / "acme.yaml").write_text(DOCUMENT + LADDER)
    (texts / "c1.yaml").write_text(CONTRACT)
    assert _admin(data, "provider", "northwind", "Northwind").stdout == "northwind: Northwind\n"
    dry = _admin(data, "apply", "northwind", str(texts), "--dry-run")
    assert dry.stdout == (
        "added acme.yaml\nadded c1.yaml\nc1 (Acme), acme 1: added\nrevision 0: 1 contract would hold\n"
    )
    applied = _admin(data, "apply", "northwind", str(texts))
    assert applied.stdout.endswith("revision 1: 1 contract holds\n")
    person = _admin(data, "person", "northwind", "Lea", "--role", "lead", "--mail", "lea@northwind.example")
    assert (person.returncode, person.stdout) == (0, "Lea is told as lead\n")
    token = _admin(data, "token", "northwind", "desk").stdout.strip()
    assert token.startswith("upheld_")
    invited = _admin(
        data, "member", "northwind", "ann@acme.example", "--role", "contact", "--customer", "Acme"
    )
    key = invited.stdout.split()[-1]
    event = {
        "specversion": "1.0",
        "id": "1",
        "source": "desk",
        "type": "ticket.opened",
        "subject": "T-1",
        "time": "2026-06-08T10:00:00Z",
        "data": {"contract": "c1", "priority": "P1"},
    }
    with serving(data) as server:
        _asked(server.address, token, "/facts", json.dumps(event).encode())
        answer = _asked(server.address, token, "/verdicts?at=2026-06-08T13:00:00Z")
        asks = _signed_in(server.address, key, "ann@acme.example", "correct horse battery staple")
        with urllib.request.urlopen(asks, timeout=60) as told:
            assert json.load(told)["customer"] == "Acme"
    assert _admin(data, "export", "northwind", str(tmp_path / "export")).returncode == 0
    command = [
        str(Path(sys.executable).with_name("upheld")),
        "evaluate",
        "export",
        "--at",
        "2026-06-08T13:00:00Z",
    ]
    done = subprocess.run(
        [*command, "--format", "json"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert json.loads(done.stdout)["contracts"] == answer["contracts"]
    assert _admin(data, "rebuild", "northwind").returncode == 0


def test_what_is_wrong_is_said_on_one_line(tmp_path: Path) -> None:
    """And the exit code says that it was: `test_access` has each of them without a process of its own."""
    done = _admin(tmp_path / "data", "rebuild", "acme")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "upheld: there is no provider acme; there is: none yet\n"
