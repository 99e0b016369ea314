"""Servers on loopback that do what they like with a connection, and a canary that counts who comes."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator

Behaviour = Callable[[socket.socket], None]
PATIENCE_S = 10


class Host:
    """A server that runs one behaviour for every connection, each in a thread of its own."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.hits = 0
        self.requests: list[bytes] = []
        self.listening = socket.create_server(
            ("::", 0), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64
        )
        self.port: int = self.listening.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self) -> None:
        while True:
            try:
                conn, _ = self.listening.accept()
            except OSError:
                return
            self.hits += 1
            self._open.append(conn)
            thread = threading.Thread(target=self._run, args=(conn,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self, conn: socket.socket) -> None:
        conn.settimeout(PATIENCE_S)
        with contextlib.suppress(OSError), conn:
            self.behave(conn)

    def close(self) -> None:
        """Ends every connection, and waits for the threads."""
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self._accepting.join(PATIENCE_S)
        for conn in self._open:
            with contextlib.suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), "a behaviour did not end with its connection"


@contextlib.contextmanager
def serving(behave: Behaviour) -> Iterator[Host]:
    """A server while the block runs."""
    host = Host(behave)
    try:
        yield host
    finally:
        host.close()


def request_of(conn: socket.socket) -> bytes:
    """The head of a request, and of its body what `Content-Length` says."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = conn.recv(65536)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += conn.recv(65536)
    return head + b"\r\n\r\n" + body


def answering(answer: bytes) -> Behaviour:
    """Reads the request, sends these bytes, ends."""

    def behave(conn: socket.socket) -> None:
        request_of(conn)
        conn.sendall(answer)

    return behave


def interrupting(answer: bytes) -> Behaviour:
    """Sends these bytes as soon as anything was said, and ends."""

    def behave(conn: socket.socket) -> None:
        conn.recv(1 << 16)
        conn.sendall(answer)

    return behave


def hanging(before: bytes = b"") -> Behaviour:
    """Reads the request, sends these bytes, and then nothing until the other side goes."""

    def behave(conn: socket.socket) -> None:
        request_of(conn)
        conn.sendall(before)
        conn.recv(1)

    return behave


def resetting(before: bytes = b"", read: bool = True) -> Behaviour:
    """Sends these bytes and then breaks the connection off instead of ending it."""

    def behave(conn: socket.socket) -> None:
        if read:
            request_of(conn)
        conn.sendall(before)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        conn.close()

    return behave


def endless(head: bytes, part: bytes) -> Behaviour:
    """Sends a head and then the same part again and again until the other side goes."""

    def behave(conn: socket.socket) -> None:
        request_of(conn)
        conn.sendall(head)
        block = part * max(1, 16384 // len(part))
        while True:
            conn.sendall(block)

    return behave


def ok(body: bytes = b"fine", headers: bytes = b"") -> bytes:
    """A sound answer."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%b\r\n%b" % (len(body), headers, body)


def redirect(to: str, status: int = 302) -> bytes:
    """An answer that leads elsewhere."""
    return b"HTTP/1.1 %d Found\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (status, to.encode())
