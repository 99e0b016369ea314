"""What a library sends by `requests` goes through the guard alone: its checks, and that they would notice."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest

import upheld.server.guarded

MARK: Final = "UPHELD_PRIVATE_TARGETS"
MODULE: Final = Path(upheld.server.guarded.__file__)


class Heard(BaseHTTPRequestHandler):
    """One request; it is kept, and answered with what it sent, or from `/away` with another place."""

    def answer(self) -> None:
        """Says what was heard."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.command, self.path, dict(self.headers), body))  # type: ignore[attr-defined]
        is_away = self.path == "/away"
        self.send_response(302 if is_away else 201)
        if is_away:
            self.send_header("Location", "/other")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Said", "well")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815  so the library calls them

    def log_message(self, *words: object) -> None:
        """Nothing."""


class Here(ThreadingHTTPServer):
    """Somebody on this machine."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Heard)
        self.heard: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def _here() -> Iterator[Here]:
    with Here() as found:
        Thread(target=found.serve_forever, args=(0.01,), daemon=True).start()
        yield found
        found.shutdown()


def _guarded(before: str = "", after: str = "") -> Any:
    """The module, in which one text may be another."""
    source = MODULE.read_text("utf-8")
    assert not before or source.count(before) == 1, f"{before!r} is there {source.count(before)} times"
    found = types.ModuleType("guarded")
    exec(compile(source.replace(before, after) if before else source, MODULE.name, "exec"), found.__dict__)
    return found


def asks_as_it_is_told(guarded: Any, here: Here, patch: pytest.MonkeyPatch) -> None:
    """Method, headers and body arrive, the guard's own headers among them once; the answer comes whole."""
    patch.setenv(MARK, "yes")
    with guarded.session() as asks:
        headers = {
            "X-Mine": "yes",
            "Host": "evil.example",
            "Transfer-Encoding": "chunked",
            "Connection": "close",
        }
        found = asks.post(f"{here.url}/token?a=1", data="códe", headers=headers)
        bare = asks.get(here.url)
    (method, path, told, body), (second, _, _, nothing) = here.heard
    assert (method, path, body) == ("POST", "/token?a=1", "códe".encode())
    assert (second, nothing, bare.content) == ("GET", b"", b"")
    assert (told["X-Mine"], told["Host"]) == ("yes", here.url.removeprefix("http://"))
    assert "Transfer-Encoding" not in told
    assert (found.status_code, found.content, found.headers["X-Said"]) == (201, body, "well")
    assert (found.url, found.request.method) == (f"{here.url}/token?a=1", "POST")


def goes_nowhere_without_a_mark(guarded: Any, here: Here, patch: pytest.MonkeyPatch) -> None:
    """Neither by HTTP nor by TLS, whatever providers may: nobody is even connected to."""
    for marks in ("", "northwind"):
        patch.setenv(MARK, marks)
        for scheme in ("http", "https", "HTTP"):
            url = f"{scheme}://127.0.0.1:{here.server_port}/"
            with guarded.session() as asks, pytest.raises(OSError, match="loopback") as refused:
                asks.get(url)
            assert refused.value.request.url
    assert here.heard == []


def never_reaches_what_clouds_tell(guarded: Any, here: Here, patch: pytest.MonkeyPatch) -> None:
    """A mark opens private networks, and not that."""
    patch.setenv(MARK, "yes")
    with guarded.session() as asks, pytest.raises(OSError, match="link-local"):
        asks.get("http://169.254.169.254/latest/meta-data/")


def goes_there_with_a_mark_of_the_server(guarded: Any, here: Here, patch: pytest.MonkeyPatch) -> None:
    """That of the server itself is enough."""
    patch.setenv(MARK, "@server")
    with guarded.session() as asks:
        assert asks.get(here.url).status_code == 201


def follows_nothing(guarded: Any, here: Here, patch: pytest.MonkeyPatch) -> None:
    """What sends it elsewhere is no answer: it is not asked there."""
    patch.setenv(MARK, "yes")
    with guarded.session() as asks, pytest.raises(OSError, match="redirects"):
        asks.get(f"{here.url}/away")
    assert [path for _, path, *_ in here.heard] == ["/away"]


def asks_no_environment(guarded: Any, here: Here, patch: pytest.MonkeyPatch) -> None:
    """No proxy of it, and no password that somebody keeps in a file of their own."""
    patch.setenv(MARK, "yes")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        patch.setenv(name, "http://127.0.0.1:9")
    patch.setenv("NETRC", str(NETRC[0]))
    with guarded.session() as asks:
        assert asks.get(here.url).status_code == 201
    assert "Authorization" not in here.heard[0][2]


def sends_no_stream(guarded: Any, here: Here, patch: pytest.MonkeyPatch) -> None:
    """What is read bit by bit is refused before anything is sent."""
    patch.setenv(MARK, "yes")
    with guarded.session() as asks, pytest.raises(OSError, match="stream"):
        asks.post(here.url, data=iter([b"a", b"b"]))
    assert here.heard == []


def tells_what_fails(guarded: Any, here: Here, patch: pytest.MonkeyPatch) -> None:
    """Nobody there is no answer, and the reason is told."""
    patch.setenv(MARK, "yes")
    with guarded.session() as asks, pytest.raises(OSError, match="connect") as failed:
        asks.get("http://127.0.0.1:9/")
    assert failed.value.request.url == "http://127.0.0.1:9/"


Check = Callable[[Any, Here, pytest.MonkeyPatch], None]
CHECKS: Final[dict[str, Check]] = {
    one.__name__: one
    for one in (
        asks_as_it_is_told, goes_nowhere_without_a_mark, never_reaches_what_clouds_tell,
        goes_there_with_a_mark_of_the_server, follows_nothing, asks_no_environment, sends_no_stream,
        tells_what_fails,
    )
}  # fmt: skip
NETRC: Final[list[Path]] = []


@pytest.fixture(autouse=True)
def netrc(tmp_path: Path) -> None:
    """A password that somebody keeps for this machine."""
    path = tmp_path / "netrc"
    path.write_text("machine 127.0.0.1 login lea password s3cret\n")
    path.chmod(0o600)
    NETRC[:] = [path]


@pytest.mark.parametrize("check", CHECKS)
def test_the_guard_is_asked_as_it_should_be(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the checks above holds."""
    with _here() as here:
        CHECKS[check](_guarded(), here, monkeypatch)


MUTANTS: Final = {
    "everybody is marked": ("allow_private=channels.allow_private", "allow_private=True"),
    "nobody is marked": ("allow_private=channels.allow_private", "allow_private=False"),
    "only common ports": ("Policy(ports=None, allow_private", "Policy(allow_private"),
    "HTTP goes by itself": ('("https://", "http://")', '("https://",)'),
    "TLS goes by itself": ('("https://", "http://")', '("http://",)'),
    "the environment is trusted": ("trust_env = False", "trust_env = True"),
    "a redirect is followed": ("max_redirects = 0", "max_redirects = 1"),
    "redirects are followed by the guard": ("Policy(ports=None,", "Policy(ports=None, redirects=3,"),
    "the host is told": ('"host", ', ""),
    "the length is told": ('"content-length", ', ""),
    "the connection is told": ('"connection", ', ""),
    "the encoding is told": (', "transfer-encoding"', ""),
    "headers are told as they are written": ("name.lower() not in OWN", "name not in OWN"),
    "no header is told": ("if name.lower() not in OWN", "if False"),
    "a stream is sent": ("if not isinstance(body, str | bytes):", "if False:"),
    "a text is sent as it is": ("body.encode() if isinstance(body, str) else body", 'body.encode("latin-1")'),
    "everything is a GET": ('request.method or "GET"', '"GET"'),
    "what was refused is an answer": (
        'if outcome.end != "response" or outcome.status is None:', "if outcome.end == 0:"
    ),
    "nobody learns why": ('f"{outcome.reason}: {outcome.detail}"', '"it failed"'),
    "no header comes back": ("found.headers.update(outcome.headers)", "pass"),
    "no body comes back": ("BytesIO(outcome.body)", 'BytesIO(b"")'),
    "every answer is well": ("found.status_code = outcome.status", "found.status_code = 200"),
}  # fmt: skip
"""Changes of the module, each of which somebody might make: the text, and what it is instead."""


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_mutant_is_noticed(mutant: str) -> None:
    """With one text changed, one of the checks fails."""
    guarded = _guarded(*MUTANTS[mutant])
    for check in CHECKS.values():
        with _here() as here, pytest.MonkeyPatch.context() as patch:
            try:
                check(guarded, here, patch)
            except (Exception, pytest.fail.Exception):
                return
    pytest.fail(f"nobody notices: {mutant}")
