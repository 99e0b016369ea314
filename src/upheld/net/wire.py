"""A connection whose every wait ends at one instant, however slowly the other side drips."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import Final, TypeAlias

from upheld.core.timeline.instant import SECOND
from upheld.net.outcome import Ended

Ticks: TypeAlias = Callable[[], int]
"""A clock that only goes forward, in microseconds since whenever."""
Dial: TypeAlias = Callable[[str, int, float], socket.socket]
"""Opens a connection to an address (never a name) and a port, within so many seconds. OSError."""

CHUNK: Final = 16 << 10


def dial(address: str, port: int, within_s: float) -> socket.socket:
    """A TCP connection to an address. OSError if there is none in time."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(within_s)
        sock.connect((address, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


class Wire:
    """A connection until an instant of `ticks`; `phase` says in one word what is waited for.

    Everything raises Ended: `timeout` when the instant has come, `protocol` when the connection broke.
    """

    def __init__(self, sock: socket.socket, ticks: Ticks, until: int, phase: str = "request") -> None:
        self._sock = sock
        self._ticks = ticks
        self.until = until
        self.phase = phase
        self.first_byte_at: int | None = None

    def _ready(self) -> None:
        left = self.until - self._ticks()
        if left <= 0:
            raise self._late()
        self._sock.settimeout(left / SECOND)

    def _late(self) -> Ended:
        return Ended("timeout", self.phase, f"the time was over ({self.phase})")

    def send(self, data: bytes) -> None:
        """All of it. It may arrive in part if this raises."""
        for start in range(0, len(data), CHUNK):
            self._ready()
            try:
                self._sock.sendall(data[start : start + CHUNK])
            except TimeoutError:
                raise self._late() from None
            except OSError as fault:
                raise broken(fault) from None

    def receive(self, most: int = CHUNK) -> bytes:
        """Some bytes, at most so many; none when the other side has ended."""
        self._ready()
        try:
            data = self._sock.recv(most)
        except TimeoutError:
            raise self._late() from None
        except ssl.SSLEOFError:
            return b""
        except OSError as fault:
            raise broken(fault) from None
        if data and self.first_byte_at is None:
            self.first_byte_at = self._ticks()
        return data

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """From here on TLS, with a certificate for this host. Ended `tls` if there is none to be trusted."""
        self._ready()
        try:
            # To wrap a connection that is broken already does nothing: it would go on without TLS.
            self._sock.getpeername()
            secure = context.wrap_socket(self._sock, server_hostname=host, do_handshake_on_connect=False)
            self._sock = secure
            secure.do_handshake()
        except TimeoutError:
            raise self._late() from None
        except ssl.SSLCertVerificationError as fault:
            raise Ended(
                "tls", "certificate", f"the certificate is not good: {fault.verify_message}"
            ) from None
        except (OSError, ValueError) as fault:
            told = fault.reason if isinstance(fault, ssl.SSLError) and fault.reason else type(fault).__name__
            raise Ended("tls", "handshake", f"TLS could not be agreed: {told}") from None

    def close(self) -> None:
        """Ends the connection without waiting."""
        self._sock.close()


def broken(fault: OSError) -> Ended:
    """The end of a connection that broke."""
    told = fault.strerror or type(fault).__name__
    return Ended("protocol", "broken", f"the connection broke: {told.lower()}")


class Reader:
    """Lines and bytes of a wire, of which at most `budget` are taken before Ended `too large`."""

    def __init__(self, wire: Wire, budget: int) -> None:
        self.wire = wire
        self._data = bytearray()
        self._left = budget
        self._what = "headers"

    def allow(self, budget: int, what: str) -> None:
        """From here on so many bytes, of which it is said what they are."""
        self._left, self._what = budget, what

    def _take(self, count: int) -> bytes:
        self._left -= count
        if self._left < 0:
            raise Ended("too large", self._what, f"the answer is too large ({self._what})")
        taken = bytes(self._data[:count])
        del self._data[:count]
        return taken

    def _more(self) -> bool:
        data = self.wire.receive()
        self._data += data
        return bool(data)

    def line(self) -> bytes:
        """The next line without its end. Ended if the other side ends within it."""
        searched = 0
        while (end := self._data.find(b"\n", searched)) < 0:
            searched = len(self._data)
            if searched > self._left:
                self._take(searched)
            if not self._more():
                raise _cut()
        return self._take(end + 1)[:-1].removesuffix(b"\r")

    def some(self, most: int) -> bytes:
        """The next bytes, at most so many; none when the other side has ended."""
        if not self._data and not self._more():
            return b""
        return self._take(min(most, len(self._data)))

    def needed(self, most: int) -> bytes:
        """As `some`, but Ended if the other side has ended: more was promised."""
        data = self.some(most)
        if not data:
            raise _cut()
        return data

    @property
    def is_empty(self) -> bool:
        """Whether nothing was received that nobody asked for yet."""
        return not self._data


def _cut() -> Ended:
    return Ended("protocol", "cut off", "the other side ended before the answer was whole")
