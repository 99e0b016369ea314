"""What a probe sees, as an observation that the lake reads."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from tests.net.certificate import made_for
from tests.net.hostile import (
    Behaviour,
    answering,
    endless,
    hanging,
    interrupting,
    ok,
    redirect,
    request_of,
    resetting,
)
from tests.net.lab import NAME, REAL, Lab, lab
from upheld.core.measuring.observation import Stream
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import SECOND, parse_instant
from upheld.core.values.amount import time_amount
from upheld.core.values.expression import Attribute, Compare, Literal
from upheld.lake.rows import Told
from upheld.lake.text_rows import read_jsonl
from upheld.probe.kinds import probes
from upheld.probe.observation import Looked, Observation
from upheld.probe.settings import SettingsError

AT = parse_instant("2026-06-05T14:30:00.000007Z")
STREAM = Stream("northwind", "api", "health")
OK_HEAD = b"HTTP/1.1 200 OK\r\n"


def _looked(kind: str, settings: Mapping[str, object], found: Lab, **more: object) -> Looked:
    look = probes()[kind]().look(settings)
    return look(found.guard(**more), STREAM, AT, found.policy(redirects=3))


def test_the_kinds_that_are_installed() -> None:
    """Each is found by its entry point, and says what it does."""
    assert {name: load().what for name, load in probes().items()} == {
        "http": "asks for a URL",
        "tcp": "connects to a port",
    }


SEEN: list[tuple[str, Behaviour, bool, int, str]] = [
    ("200", answering(ok()), True, 200, ""),
    ("204", answering(b"HTTP/1.1 204 No\r\n\r\n"), True, 204, ""),
    ("404", answering(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), False, 404, ""),
    ("503", answering(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"), False, 503, ""),
    ("longer than what is read", endless(OK_HEAD + b"\r\n", b"x"), True, 200, ""),
    (
        "a body that breaks off",
        resetting(OK_HEAD + b"Content-Length: 9\r\n\r\nfi"),
        False,
        0,
        "protocol: broken",
    ),
    ("a body that hangs", hanging(OK_HEAD + b"Content-Length: 9\r\n\r\nfi"), False, 0, "timeout: body"),
    ("no answer in time", hanging(), False, 0, "timeout: answer"),
    ("no HTTP", answering(b"220 mail\r\n"), False, 0, "protocol: status line"),
    ("redirected for ever", answering(redirect("/")), False, 0, "protocol: redirects"),
    ("100,000 headers", endless(OK_HEAD, b"X: y\r\n"), False, 0, "too large: header count"),
]


@pytest.mark.parametrize(
    ("behave", "good", "status", "code"), [row[1:] for row in SEEN], ids=[row[0] for row in SEEN]
)
def test_each_end_of_a_request_is_a_check(behave: Behaviour, good: bool, status: int, code: str) -> None:
    """A whole answer has its status and its latency; anything else has the status 0 and no latency."""
    with lab(REAL, behave) as found:
        seen = _looked("http", {"url": f"http://{NAME}/", "within": "0.5s"}, found).observation
        assert seen is not None
        assert (seen.at, seen.ok, seen.status, seen.code) == (AT, good, status, code)
        assert (seen.latency_us is not None) == (status > 0)
        assert (seen.latency_us or 0) <= SECOND


def test_nobody_there_is_a_failed_check() -> None:
    """No name, no connection, no trust: the component cannot be used."""
    with lab(REAL, names={}) as found:
        seen = _looked("http", {"url": f"http://{NAME}/"}, found).observation
        assert seen == Observation(STREAM, AT, False, 0, None, "dns: no address")
    with lab(REAL, interrupting(b"no TLS")) as found:
        seen = _looked("http", {"url": f"https://{NAME}/"}, found).observation
        assert seen is not None
        assert seen.code.startswith("tls: ")
        found.host.close()
        seen = _looked("http", {"url": f"http://{NAME}/"}, found).observation
        assert seen == Observation(STREAM, AT, False, 0, None, "connect: refused")


@pytest.mark.parametrize("place", ["here", "name", "redirect"])
def test_what_the_guard_refuses_is_no_check(place: str) -> None:
    """It says nothing of the component, so its time is unknown: neither up nor down."""
    with lab(REAL, names={NAME: [["93.184.216.34"]], "in.example.com": [["10.0.0.1"]]}) as found:
        found.host.behave = answering(redirect(f"http://127.0.0.1:{found.canary.port}/"))
        url = {
            "here": f"http://127.0.0.1:{found.canary.port}/",
            "name": "http://in.example.com/",
            "redirect": f"http://{NAME}/",
        }[place]
        looked = _looked("http", {"url": url}, found)
        assert looked.observation is None
        assert "may not be reached" in looked.detail
        assert found.forbidden == 0


def test_a_text_is_looked_for() -> None:
    """An error page of status 200 is not good; the request says what it was told to."""
    heard: list[bytes] = []

    def behave(conn: socket.socket) -> None:
        heard.append(request_of(conn))
        conn.sendall(ok("alles fällig".encode()))

    settings = {"url": f"http://{NAME}/", "headers": {"Authorization": "s3cret"}}
    with lab(REAL, behave) as found:
        for contains, good, code in (("fällig", True, ""), ("welcome", False, "text missing")):
            seen = _looked("http", {**settings, "contains": contains}, found).observation
            assert seen is not None
            assert (seen.ok, seen.status, seen.code) == (good, 200, code)
    assert b"\r\nAuthorization: s3cret\r\n" in heard[0]
    assert "s3cret" not in repr(probes()["http"]().look(settings))


def test_phases_are_told() -> None:
    """Whole microseconds of each part of an answer by TLS, within those of all."""
    good = made_for(NAME)

    def behave(conn: socket.socket) -> None:
        with good.server.wrap_socket(conn, server_side=True) as secure:
            request_of(secure)
            secure.sendall(ok())

    with lab(REAL, behave) as found:
        looked = _looked("http", {"url": f"https://{NAME}/"}, found, tls=good.client)
    phases = looked.phases
    parts = (phases.dns_us, phases.connect_us, phases.tls_us, phases.answer_us, phases.body_us)
    assert all(isinstance(part, int) and part >= 0 for part in parts)
    assert looked.observation is not None
    assert sum(part or 0 for part in parts) <= phases.total_us == looked.observation.latency_us


def test_a_port_is_connected_to() -> None:
    """Good if there is a connection and, where it is asked for, TLS."""
    good = made_for(NAME)

    def behave(conn: socket.socket) -> None:
        with good.server.wrap_socket(conn, server_side=True) as secure:
            secure.recv(1)

    with lab(REAL, behave) as found:
        plain = _looked("tcp", {"host": NAME, "port": 5432}, found)
        assert plain.observation is not None
        assert (plain.observation.ok, plain.observation.status, plain.observation.code) == (True, None, "")
        secure = _looked("tcp", {"host": NAME, "port": 5432, "tls": True}, found, tls=good.client)
        assert secure.observation is not None
        assert secure.observation.ok
        assert secure.phases.tls_us is not None
        assert secure.observation.latency_us == (secure.phases.connect_us or 0) + secure.phases.tls_us
        distrusted = _looked("tcp", {"host": NAME, "port": 5432, "tls": True}, found).observation
        assert distrusted == Observation(STREAM, AT, False, code="tls: certificate")
        found.host.behave = hanging()
        slow = _looked("tcp", {"host": NAME, "port": 5432, "tls": True, "within": "0.5s"}, found).observation
        assert slow == Observation(STREAM, AT, False, code="timeout: tls")
        found.host.close()
        closed = _looked("tcp", {"host": NAME, "port": 5432}, found).observation
        assert closed == Observation(STREAM, AT, False, code="connect: refused")
        refused = _looked("tcp", {"host": "127.0.0.1", "port": found.canary.port}, found)
        assert (refused.observation, found.forbidden) == (None, 0)


def test_a_probe_has_the_policy_of_its_kind() -> None:
    """Without another one: ports that are commonly offered, no private targets."""
    with lab(REAL) as found:
        tcp = probes()["tcp"]().look
        looked = tcp({"host": NAME, "port": 31337})(found.guard(), STREAM, AT)
        assert (looked.observation, found.dialled) == (None, [])
        assert tcp({"host": NAME, "port": 5061})(found.guard(), STREAM, AT).observation is not None
        http = probes()["http"]().look
        assert http({"url": f"http://{NAME}:25/"})(found.guard(), STREAM, AT).observation is None
        assert http({"url": f"http://{NAME}:8080/"})(found.guard(), STREAM, AT).observation is not None


def test_lines_are_those_of_the_lake(tmp_path: Path) -> None:
    """What is written is read back without a finding, to the microsecond."""
    made = [
        Observation(STREAM, AT, True, 200, 1234),
        Observation(STREAM, AT + 1, False, 0, None, "timeout: answer"),
        Observation(Stream("", "api", ""), AT + 2, False, None, 0, 'ä "quoted", \\'),
    ]
    file = tmp_path / "x.observations.jsonl"
    file.write_text("".join(f"{each.line()}\n" for each in made), "utf-8")
    told = Told(file.name)
    (chunk,) = read_jsonl(file, told)
    assert told.all == []
    names = ("provider", "component", "signal", "at", "ok", "status", "latency", "code")
    found = [tuple(row[name] for name in names) for row in chunk.rows.to_pylist()]
    assert found == [
        ("northwind", "api", "health", AT, True, 200, 1234, None),
        ("northwind", "api", "health", AT + 1, False, 0, None, "timeout: answer"),
        (None, "api", None, AT + 2, False, None, 0, 'ä "quoted", \\'),
    ]


def test_good_is_what_the_signal_says() -> None:
    """By its condition, or by `ok`; a check without an answer is not good by a condition on the status."""
    below_500 = Signal(
        "x", "checks", ("api",), Compare("<", Attribute("status"), Literal(Fraction(500), "number"))
    )
    answered = Signal(
        "x", "checks", ("api",), Compare(">", Attribute("status"), Literal(Fraction(0), "number"))
    )
    quick = Signal(
        "x", "checks", ("api",), Compare("<", Attribute("latency"), Literal(time_amount(SECOND), "duration"))
    )
    plain = Signal("x", "checks", ("api",))
    missing = Observation(STREAM, AT, False, 404, 900_000)
    assert [missing.is_good(signal) for signal in (below_500, answered, quick, plain)] == [
        True,
        True,
        True,
        False,
    ]
    nobody = Observation(STREAM, AT, False, 0, None, "timeout: answer")
    assert [nobody.is_good(signal) for signal in (answered, quick, plain)] == [False, None, False]


@pytest.mark.parametrize(
    ("kind", "settings", "parts"),
    [
        ("http", {}, ["`url` is missing"]),
        ("http", {"url": "ftp://a.example/"}, ["`url`: a URL begins with"]),
        (
            "http",
            {"url": 7, "method": "POST", "within": "2m"},
            ["`url` is a text", "GET or HEAD", "at most 1 min"],
        ),
        ("http", {"url": "http://a.example/", "methud": "GET"}, ["no `methud`: did you mean `method`?"]),
        ("http", {"url": "http://a.example/", "method": "HEAD", "contains": "x"}, ["HEAD has no text"]),
        ("http", {"url": "http://a.example/", "headers": {"A": "b\nC: d"}}, ["`headers`: the header A"]),
        ("http", {"url": "http://a.example/", "headers": {"A": 1}}, ["a map of texts"]),
        (
            "http",
            {"url": "http://a.example/", "headers": "A: b", "contains": None},
            ["map of texts", "`contains`"],
        ),
        ("http", {"url": "http://a.example/", "within": "soon"}, ["`within`: expected a number"]),
        ("http", {"url": "http://a.example/", "within": "0s"}, ["more than nothing"]),
        ("tcp", {"host": "127.1", "port": 0}, ["`host`: an IPv4 address is", "from 1 to 65535"]),
        ("tcp", {"port": True, "tls": "yes"}, ["`host` is missing", "`port` is a whole", "`tls` is true or"]),
        ("tcp", {"host": "a.example"}, ["`port` is missing"]),
        (
            "tcp",
            {"host": "a.example", "port": 65536, "zzz": 1},
            ["1 to 65535", "the names are host, port, tls"],
        ),
    ],
)
def test_all_that_is_wrong_with_settings_is_told(
    kind: str, settings: dict[str, object], parts: list[str]
) -> None:
    """Each fault is a sentence, all of them at once."""
    with pytest.raises(SettingsError) as caught:
        probes()[kind]().look(settings)
    for part in parts:
        assert any(part in fault.said and fault.name in fault.said for fault in caught.value.faults), (
            part,
            caught.value.faults,
        )
