"""A receiver of webhooks on this machine, which answers as it is told, path by path."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

from standardwebhooks.webhooks import Webhook as Oracle


class Heard(NamedTuple):
    """A request that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Its `webhook-id`."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def is_signed_by(self, secret: str) -> bool:
        """Whether the library of Standard Webhooks would take it, at the time that it says it was sent."""
        sent_at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        signature = Oracle(secret).sign(self.id, sent_at, self.body.decode())
        return signature in self.headers["webhook-signature"].split(" ")


class Answer(NamedTuple):
    """What is answered; `hangs`: the connection is closed without an answer."""

    status: int = 204
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    hangs: bool = False


Answers = Callable[[Heard], Answer]


def echo(heard: Heard) -> Answer:
    """Answers a challenge by its text, and takes everything else."""
    data = heard.told["data"]
    return Answer(200, data["challenge"].encode()) if "challenge" in data else Answer()


class Receiver:
    """Answers by `answers`, which tests may set; `heard` is all that came."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: Answers = echo
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                heard = Heard(self.path, headers, body)
                receiver.heard.append(heard)
                answer = receiver.answers(heard)
                if answer.hangs:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                with suppress(ConnectionError):  # who asked may be dead by now
                    self.end_headers()
                    self.wfile.write(answer.body)

            def log_message(self, *words: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @contextmanager
    def listening(self) -> Iterator[Self]:
        """While the block runs."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._thread.join(10)
            self._server.server_close()

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def url(self, path: str) -> str:
        """The URL of a path."""
        return f"{self.origin}{path}"

    def at(self, path: str) -> list[Heard]:
        """What came at a path."""
        return [one for one in self.heard if one.path == path]
