"""A server may do what it likes: each end is one value, in time, and costs no memory to speak of."""

from __future__ import annotations

import gzip
import select
import socket
import struct
import tracemalloc
import zlib

import pytest

from tests.net.certificate import made_for
from tests.net.hostile import Behaviour, answering, endless, hanging, ok, redirect, request_of, resetting
from tests.net.lab import NAME, REAL, lab, ticks

pytestmark = pytest.mark.slow

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = b"Content-Encoding: gzip\r\n"
FINE = gzip.compress(b"fine")


def _big_certificate(conn: socket.socket) -> None:
    """The record of a TLS certificate of 16 MB that never ends."""
    conn.recv(1024)
    conn.sendall(b"\x16\x03\x03\x40\x00\x0b\xff\xff\xff")
    while True:
        conn.sendall(b"\x16\x03\x03\x40\x00" + bytes(0x4000))


def _never_reading(conn: socket.socket) -> None:
    """Answers before anything was asked."""
    conn.sendall(ok())
    conn.recv(1)


def _interim(count: int) -> Behaviour:
    return answering(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * count + ok())


SOUND: list[tuple[str, Behaviour, int, bytes]] = [
    ("a length", answering(ok(b"fine")), 200, b"fine"),
    ("the end of the connection", answering(OK + b"\r\nfine"), 200, b"fine"),
    ("chunks", answering(CHUNKED + b"2\r\nfi\r\n2;x=y\r\nne\r\n0\r\nT: x\r\n\r\n"), 200, b"fine"),
    (
        "chunks in capitals",
        answering(b"HTTP/1.0 200\r\nTRANSFER-ENCODING: CHUNKED\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n"),
        200,
        b"0123456789",
    ),
    (
        "chunks and a length",
        answering(OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n\r\n"),
        200,
        b"fine",
    ),
    (
        "the same length twice",
        answering(OK + b"Content-Length: 4, 4\r\nContent-Length: 4\r\n\r\nfine"),
        200,
        b"fine",
    ),
    ("gzip", answering(ok(FINE, PACKED)), 200, b"fine"),
    ("deflate", answering(ok(zlib.compress(b"fine"), b"Content-Encoding: deflate\r\n")), 200, b"fine"),
    ("gzip and more after it", answering(ok(FINE + b"rest", PACKED)), 200, b"fine"),
    ("an empty body said to be packed", answering(ok(b"", PACKED)), 200, b""),
    (
        "a packing that nobody asked for",
        answering(ok(b"\x01\x02", b"Content-Encoding: br\r\n")),
        200,
        b"\x01\x02",
    ),
    ("packed twice", answering(ok(b"\x01", b"Content-Encoding: gzip, gzip\r\n")), 200, b"\x01"),
    ("no content", answering(b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n"), 204, b""),
    ("not modified", answering(b"HTTP/1.1 304 Not Modified\r\n\r\nx"), 304, b""),
    ("an error", answering(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), 500, b""),
    ("line ends of one character", answering(b"HTTP/1.1 200 OK\nContent-Length: 4\n\nfine"), 200, b"fine"),
    ("interim answers", _interim(3), 200, b"fine"),
    ("more than it says", answering(ok() + b"more"), 200, b"fine"),
    ("a redirect that is not followed", answering(redirect("http://127.0.0.1/")), 302, b""),
    ("an answer before the request", _never_reading, 200, b"fine"),
    ("headers in Latin", answering(OK + b"X: \xe9\r\nContent-Length: 0\r\n\r\n"), 200, b""),
    ("switching to what nobody asked for", answering(b"HTTP/1.1 101 Switching\r\n\r\n\x00\x01"), 101, b""),
]

BROKEN: list[tuple[str, Behaviour, str, str]] = [
    ("nothing at all", answering(b""), "protocol", "cut off"),
    ("reset before the answer", resetting(), "protocol", "broken"),
    ("reset within the head", resetting(OK), "protocol", "broken"),
    ("reset within the body", resetting(ok(b"fine" * 1000)[:100]), "protocol", "broken"),
    ("cut off within the head", answering(OK + b"X: y"), "protocol", "cut off"),
    ("cut off within the body", answering(ok()[:-1]), "protocol", "cut off"),
    ("cut off within a chunk", answering(CHUNKED + b"4\r\nfi"), "protocol", "cut off"),
    ("cut off between chunks", answering(CHUNKED + b"4\r\nfine\r\n"), "protocol", "cut off"),
    ("cut off within what is packed", answering(ok(FINE[:-4], PACKED)), "protocol", "encoding"),
    ("not packed as it says", answering(ok(b"fine", PACKED)), "protocol", "encoding"),
    ("binary garbage", answering(bytes(range(256))), "protocol", "status line"),
    ("mail instead of HTTP", answering(b"220 mail.example.com ESMTP\r\n"), "protocol", "status line"),
    ("HTTP/2", answering(b"HTTP/2 200\r\n\r\n"), "protocol", "status line"),
    ("a status of two digits", answering(b"HTTP/1.1 20 OK\r\n\r\n"), "protocol", "status line"),
    ("a status below 100", answering(b"HTTP/1.1 099 OK\r\n\r\n"), "protocol", "status line"),
    ("a header without a colon", answering(OK + b"X\r\n\r\n"), "protocol", "header"),
    ("a header with a space before the colon", answering(OK + b"X : y\r\n\r\n"), "protocol", "header"),
    ("a folded header", answering(OK + b"X: y\r\n z\r\n\r\n"), "protocol", "header"),
    ("a control character in a header", answering(OK + b"X: \x1b[31m\r\n\r\n"), "protocol", "header"),
    ("a bare return in a header", answering(OK + b"X: a\rY: b\r\n\r\n"), "protocol", "header"),
    (
        "two lengths",
        answering(OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nfine"),
        "protocol",
        "length",
    ),
    ("a negative length", answering(OK + b"Content-Length: -1\r\n\r\n"), "protocol", "length"),
    ("a length with a sign", answering(OK + b"Content-Length: +4\r\n\r\nfine"), "protocol", "length"),
    ("a length in other digits", answering(OK + b"Content-Length: \xb2\r\n\r\nfine"), "protocol", "length"),
    (
        "a length of many digits",
        answering(OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n"),
        "protocol",
        "length",
    ),
    ("another framing", answering(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n"), "protocol", "transfer"),
    (
        "framed twice",
        answering(OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
        "protocol",
        "transfer",
    ),
    ("a chunk of no length", answering(CHUNKED + b"\r\nfine"), "protocol", "chunk"),
    ("a chunk of negative length", answering(CHUNKED + b"-4\r\nfine\r\n0\r\n\r\n"), "protocol", "chunk"),
    ("a chunk of a length that is none", answering(CHUNKED + b"0x4\r\nfine\r\n"), "protocol", "chunk"),
    ("a chunk of endless length", answering(CHUNKED + b"f" * 40 + b"\r\n"), "protocol", "chunk"),
    ("a chunk longer than it says", answering(CHUNKED + b"2\r\nfine\r\n0\r\n\r\n"), "protocol", "chunk"),
    ("100,000 headers", endless(OK, b"X: y\r\n"), "too large", "header count"),
    ("one endless header", endless(OK + b"X: ", b"y"), "too large", "headers"),
    ("an endless status line", endless(b"HTTP/1.1 200 ", b"O"), "too large", "headers"),
    ("endless interim answers", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "too large", "headers"),
    ("an endless body", endless(OK + b"\r\n", b"x"), "too large", "body"),
    (
        "a body of a terabyte",
        endless(OK + b"Content-Length: 1000000000000\r\n\r\n", b"x"),
        "too large",
        "body",
    ),
    ("endless chunks of one byte", endless(CHUNKED, b"1\r\nx\r\n"), "too large", "body"),
    ("an endless length of a chunk", endless(CHUNKED + b"1;", b"x"), "too large", "body"),
    ("endless trailers", endless(CHUNKED + b"0\r\n", b"X: y\r\n"), "too large", "header count"),
    ("a bomb", answering(ok(gzip.compress(bytes(100 << 20)), PACKED)), "too large", "body"),
    (
        "a bomb in chunks",
        endless(
            OK + PACKED + CHUNKED.removeprefix(OK) + b"a\r\n" + FINE[:10] + b"\r\n",
            b"5\r\n\x00\x00\x00\xff\xff\r\n",
        ),
        "too large",
        "body",
    ),
    ("a hang before the answer", hanging(), "timeout", "answer"),
    ("a hang within the status line", hanging(b"HTTP/1.1 2"), "timeout", "answer"),
    ("a hang within the headers", hanging(OK), "timeout", "answer"),
    ("a hang within the body", hanging(OK + b"Content-Length: 9\r\n\r\n"), "timeout", "body"),
    ("a hang within a chunk", hanging(CHUNKED + b"9\r\nx"), "timeout", "body"),
]


@pytest.mark.parametrize(
    ("behave", "status", "body"), [row[1:] for row in SOUND], ids=[row[0] for row in SOUND]
)
def test_what_is_odd_but_sound_is_an_answer(behave: Behaviour, status: int, body: bytes) -> None:
    """Every form of an answer that HTTP allows is read as it is meant."""
    with lab(REAL, behave) as found:
        outcome = found.fetch(f"http://{NAME}/")
        assert (outcome.end, outcome.status, outcome.body) == ("response", status, body)
        assert (outcome.size, outcome.sent, outcome.reason) == (len(body), True, "")


HASTY_US = 500_000
"""Real time, in which a server hangs: enough for a busy machine to come so far."""
SLOW = ("a hang within the status line", "a hang within the headers", "a hang within a chunk")


@pytest.mark.parametrize(
    ("behave", "end", "reason"),
    [
        pytest.param(*rest, id=name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name, *rest in BROKEN
    ],
)
def test_every_misbehaviour_has_its_end(behave: Behaviour, end: str, reason: str) -> None:
    """Whatever a server does, the request ends within its time, with the reason."""
    total_us = HASTY_US if end == "timeout" else 5_000_000
    with lab(REAL, behave) as found:
        outcome = found.fetch(f"http://{NAME}/", total_us=total_us)
        assert (outcome.end, outcome.reason) == (end, reason), outcome.detail
        assert outcome.sent
        assert outcome.detail


def test_tls_that_hangs_or_never_ends_has_its_end() -> None:
    """A handshake counts against the one deadline, and a certificate has a size."""
    with lab(REAL, lambda conn: conn.recv(1) and conn.recv(1 << 16) and conn.recv(1) and None) as found:
        outcome = found.fetch(f"https://{NAME}/", total_us=HASTY_US)
        assert (outcome.end, outcome.reason, outcome.sent) == ("timeout", "tls", False)
        found.host.behave = _big_certificate
        assert (found.fetch(f"https://{NAME}/").end, found.forbidden) == ("tls", 0)


def test_a_connection_that_is_broken_before_tls_never_speaks_without() -> None:
    """The library wraps such a connection without a word, and would go on in the clear."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname(), 10)
        conn, _ = listening.accept()
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        conn.close()
    assert select.select([client], [], [], 10)[0] == [client]
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0, "what was read before found it broken"
    wire = REAL.wire.Wire(client, ticks, ticks() + 10_000_000)
    with pytest.raises(REAL.outcome.Ended) as caught:
        wire.secure(made_for(NAME).client, NAME)
    assert (caught.value.end, caught.value.reason) == ("tls", "handshake")
    wire.close()


def test_nobody_listening_is_an_end_of_its_own() -> None:
    """A port that is closed, and a name that nobody knows."""
    with lab(REAL) as found:
        found.host.close()
        outcome = found.fetch(f"http://{NAME}/")
        assert (outcome.end, outcome.reason, outcome.sent) == ("connect", "refused", False)
        outcome = found.fetch("http://no.example.com/")
        assert (outcome.end, outcome.reason, outcome.hops) == ("dns", "no address", ())


def test_time_spent_on_the_name_is_gone() -> None:
    """The look-up and the connection have what is left of the one deadline."""
    now = [0]
    given: list[int] = []

    def slow(host: str, within_us: int) -> tuple[str, ...]:
        given.append(within_us)
        now[0] += 900_000
        return ("93.184.216.34",)

    def hangs(address: str, port: int, within_s: float) -> socket.socket:
        given.append(round(within_s * 1_000_000))
        now[0] += given[-1]
        raise TimeoutError

    guard = REAL.guard.Guard(slow, lambda: now[0], dial=hangs)
    request = REAL.guard.Request(f"http://{NAME}/")
    outcome = guard.fetch(request, REAL.policy.Policy(total_us=1_000_000))
    assert (outcome.end, outcome.reason, given) == ("timeout", "connect", [1_000_000, 100_000])
    outcome = guard.fetch(request, REAL.policy.Policy(total_us=800_000))
    assert (outcome.end, outcome.reason) == ("timeout", "connect")


def test_a_flood_costs_no_memory() -> None:
    """An endless body and a bomb are let go of as they come."""
    with lab(REAL, endless(OK + b"\r\n", b"x")) as found:
        found.fetch(f"http://{NAME}/")
        for behave in (endless(OK + b"\r\n", b"x"), answering(ok(gzip.compress(bytes(50 << 20)), PACKED))):
            found.host.behave = behave
            tracemalloc.start()
            found.fetch(f"http://{NAME}/")
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert peak < 2 << 20


def test_phases_are_told_apart() -> None:
    """What took how long is in the outcome, in microseconds of the clock that was given."""
    now = [0]

    def tick() -> int:
        now[0] += 1
        return now[0]

    with lab(REAL) as found:
        outcome = found.guard(tick).fetch(REAL.guard.Request(f"http://{NAME}/"), found.policy())
        phases = outcome.phases
        assert phases.tls_us is None
        parts = (phases.dns_us, phases.connect_us, phases.answer_us, phases.body_us)
        assert all(part is not None and part > 0 for part in parts), parts
        assert sum(parts) < phases.total_us


def test_no_secret_is_in_what_is_told() -> None:
    """The detail of an outcome names hosts, never a path, a query, a password or a header."""
    with lab(REAL, names={}) as found:
        for url in (
            "http://no.example.com/s3cret?s3cret#s3cret", "http://u:s3cret@www.example.com/",
            "http://127.0.0.1/s3cret", "http://s3cret\u2100:s3cret@www.example.com/", "ftp://s3cret/", "http://www.example.com/s3cret\n",
        ):  # fmt: skip
            outcome = found.fetch(url, headers={"Authorization": "s3cret"})
            assert outcome.end in ("refused", "dns"), url
            assert "s3cret" not in f"{outcome}", url


def test_the_request_arrives_as_it_was_said() -> None:
    """Method, target, headers and body, byte for byte."""
    heard: list[bytes] = []

    def behave(conn: socket.socket) -> None:
        heard.append(request_of(conn))
        conn.sendall(ok())

    with lab(REAL, behave) as found:
        request = REAL.guard.Request(
            f"http://{NAME}/a?b=c", "POST", {"Content-Type": "text/x"}, b"\x00body" * 9000
        )
        assert found.guard().fetch(request, found.policy()).end == "response"
    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert body == b"\x00body" * 9000
    assert head.split(b"\r\n") == [
        b"POST /a?b=c HTTP/1.1", b"Host: www.example.com", b"User-Agent: upheld", b"Accept: */*",
        b"Accept-Encoding: gzip", b"Content-Type: text/x", b"Content-Length: 45000", b"Connection: close",
    ]  # fmt: skip
