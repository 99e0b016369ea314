"""The guard: looks a name up once, judges every address it has, and connects to one of those.

A host that is judged and then looked up again may have moved in between; so nothing after the look-up knows
the name but TLS and the `Host` header. Redirects begin anew, with every check. Environment variables that
name a proxy are not read. Source: safety.md, findings 8 and 9, threats 7, 8 and 10.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from upheld.core.timeline.instant import SECOND, Duration
from upheld.core.values.frozen import dataclass, field
from upheld.net.address import address_of, why_forbidden
from upheld.net.http1 import METHODS, Body, Head, header_fault, read_body, read_head, request_bytes
from upheld.net.outcome import Ended, Outcome, Phases
from upheld.net.policy import Policy
from upheld.net.resolving import ResolveError, Resolver
from upheld.net.url import Url, UrlError, joined, parse_host, parse_url
from upheld.net.wire import Dial, Reader, Ticks, Wire, dial

_FOLLOWED: Final = frozenset({301, 302, 303, 307, 308})
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
Noted: TypeAlias = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. Its headers go to the origin of the URL only, never on to where that redirects."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default=_NOTHING)
    body: bytes = b""


class Connection(NamedTuple):
    """A connection that the guard opened, to which address, and how long that took."""

    wire: Wire
    address: str
    dns_us: int
    connect_us: int


@dataclass(slots=True)
class _Course:
    """A request while it runs, and what is known of it."""

    request: Request
    policy: Policy
    began: int
    until: int
    hops: list[tuple[str, str]] = field(default_factory=list)
    sent: bool = False
    dns_us: int | None = None
    connect_us: int | None = None
    tls_us: int | None = None
    answer_us: int | None = None
    body_us: int | None = None
    head: Head | None = None
    body: Body = Body(b"", 0)

    @property
    def follows(self) -> bool:
        """Whether a redirect is followed: what was sent to be acted on is not sent again elsewhere."""
        return self.policy.redirects > 0 and self.request.method in ("GET", "HEAD")

    def forget(self) -> None:
        """Before the next hop."""
        self.dns_us = self.connect_us = self.tls_us = self.answer_us = self.body_us = None
        self.head = None

    def outcome(self, end: Ended | None, now: int) -> Outcome:
        """How it ended."""
        status, headers = self.head or (None, ())
        return Outcome(
            end=end.end if end else "response",
            reason=end.reason if end else "",
            detail=end.detail if end else "",
            status=status,
            headers=headers,
            body=self.body.kept,
            size=self.body.size,
            sent=self.sent,
            hops=tuple(self.hops),
            phases=Phases(
                self.dns_us, self.connect_us, self.tls_us, self.answer_us, self.body_us, now - self.began
            ),
        )


class Guard:
    """Sends requests for callers with different policies; keeps nothing between two of them.

    `tls` None: the certificates that the system trusts. What a name stands for where it may not be reached is
    told to nobody who asks, as they could look up names of this network by it: both are `noted`.
    """

    def __init__(
        self,
        resolver: Resolver,
        ticks: Ticks,
        tls: ssl.SSLContext | None = None,
        dial: Dial = dial,
        noted: Noted = lambda host, address: None,
    ) -> None:
        self._resolver = resolver
        self._ticks = ticks
        self._dial = dial
        self._noted = noted
        self._tls = tls or ssl.create_default_context()

    def fetch(self, request: Request, policy: Policy) -> Outcome:
        """Sends a request and reads the answer, both within the policy. Never raises for what may happen."""
        began = self._ticks()
        course = _Course(request, policy, began, began + policy.total_us)
        end = None
        try:
            self._follow(course)
        except UrlError as fault:
            end = Ended("refused", fault.reason, fault.message)
        except Ended as fault:
            end = fault
        return course.outcome(end, self._ticks())

    def connect(self, host: str, port: int, policy: Policy) -> Connection:
        """A connection to a host within the policy; its wire has the policy's whole time. Ended."""
        until = self._ticks() + policy.total_us
        try:
            return self._connected(parse_host(host), port, policy, until)
        except UrlError as fault:
            raise Ended("refused", fault.reason, fault.message) from None

    def secure(self, wire: Wire, host: str) -> Duration:
        """From here on TLS on a connection, with a certificate for this host; how long that took. Ended."""
        began = self._ticks()
        wire.secure(self._tls, host)
        return self._ticks() - began

    def judge(self, host: str, port: int, policy: Policy) -> Ended | None:
        """Why a host may not be reached, for callers whose requests cannot go through here; None: it may."""
        try:
            self._addresses(parse_host(host), port, policy, self._ticks() + policy.total_us)
        except UrlError as fault:
            return Ended("refused", fault.reason, fault.message)
        except Ended as fault:
            return fault
        return None

    # -- one request ---------------------------------------------------------------------------------------

    def _follow(self, course: _Course) -> None:
        """The request, and those to which it is redirected."""
        request, left = course.request, course.policy.redirects
        if request.method not in METHODS:
            raise Ended("refused", "method", "this is no method of a request")
        if (fault := header_fault(request.headers)) is not None:
            raise Ended("refused", "header", fault)
        first = url = parse_url(request.url)
        while (location := self._hop(course, url, url.origin == first.origin)) is not None:
            if not left:
                raise Ended("protocol", "redirects", f"redirected more than {course.policy.redirects} times")
            left -= 1
            url = joined(url, location)
            course.forget()

    def _hop(self, course: _Course, url: Url, is_entrusted: bool) -> str | None:
        """One request to one host: where it redirects; None if this was the answer."""
        request, limits = course.request, course.policy.limits
        opened = self._connected(url.host, url.port, course.policy, course.until)
        course.hops.append((url.host, opened.address))
        course.dns_us, course.connect_us = opened.dns_us, opened.connect_us
        wire = opened.wire
        try:
            if url.is_secure:
                wire.phase = "tls"
                course.tls_us = self.secure(wire, url.host)
            wire.phase, course.sent = "request", True
            headers = request.headers if is_entrusted else _NOTHING
            wire.send(request_bytes(request.method, url, headers, request.body))
            wire.phase, began = "answer", self._ticks()
            reader = Reader(wire, limits.head)
            course.head = head = read_head(reader, limits)
            course.answer_us = (wire.first_byte_at or began) - began
            locations = head.all("location")
            if course.follows and head.status in _FOLLOWED and locations:
                return locations[0]
            wire.phase, began = "body", self._ticks()
            course.body = read_body(reader, head, request.method, limits)
            course.body_us = self._ticks() - began
            return None
        finally:
            wire.close()

    # -- where to ------------------------------------------------------------------------------------------

    def _connected(self, host: str, port: int, policy: Policy, until: int) -> Connection:
        began = self._ticks()
        addresses = self._addresses(host, port, policy, until)
        found = self._ticks()
        fault = Ended("connect", "failed", "there was no address to connect to")
        for address in addresses:
            within = min(policy.connect_us, until - self._ticks())
            if within <= 0:
                raise Ended("timeout", "connect", "the time was over (connect)")
            try:
                sock = self._dial(address, port, within / SECOND)
            except TimeoutError:
                fault = Ended("timeout", "connect", "the time was over (connect)")
            except OSError as error:
                reason = "refused" if isinstance(error, ConnectionRefusedError) else "failed"
                told = error.strerror or type(error).__name__
                fault = Ended("connect", reason, f"no connection to port {port}: {told.lower()}")
            else:
                wire = Wire(sock, self._ticks, until)
                return Connection(wire, address, found - began, self._ticks() - found)
        raise fault

    def _addresses(self, host: str, port: int, policy: Policy, until: int) -> tuple[str, ...]:
        """The addresses of a host, each of which may be reached. One that may not be forbids them all."""
        if not 0 < port < 1 << 16 or (policy.ports is not None and port not in policy.ports):
            raise Ended("refused", "port", f"port {port} is not among those that may be reached")
        is_name = address_of(host) is None
        found = self._looked_up(host, until) if is_name else (host,)
        for text in found:
            address = address_of(text)
            private = policy.allow_private
            why = "none" if address is None else why_forbidden(address, private, is_named=not is_name)
            if why is not None:
                if is_name:
                    self._noted(host, text)
                    why = f"an address of it is {why}"
                raise Ended("refused", "address", f"{host} may not be reached: {why}")
        return found

    def _looked_up(self, host: str, until: int) -> tuple[str, ...]:
        within = until - self._ticks()
        if within <= 0:
            raise Ended("timeout", "dns", "the time was over (dns)")
        try:
            found = self._resolver(host, within)
        except TimeoutError:
            raise Ended("timeout", "dns", "the time was over (dns)") from None
        except ResolveError as fault:
            raise Ended("dns", "no address", f"{host}: {fault}") from None
        if not found:
            raise Ended("dns", "no address", f"{host} has no address")
        return found


def _nowhere(address: str, port: int, within_s: float) -> socket.socket:
    raise ConnectionRefusedError


NOWHERE: Final = Guard(
    lambda host, within_us: ("1.1.1.1",), lambda: 0, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), _nowhere
)
"""Refuses what can be refused without a look-up, as it takes every name for one of a public address, and
connects to nothing."""


def check_url(text: str, policy: Policy) -> None:
    """That a URL may be followed, as far as that does not hang on what its name stands for. UrlError."""
    url = parse_url(text)
    if (fault := NOWHERE.judge(url.host, url.port, policy)) is not None:
        raise UrlError(fault.reason, fault.detail)
