"""What must hold of the guard. Each check judges the modules it is given: the real ones, or mutants.

Its docstring is what holds.
"""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import threading
from collections.abc import Callable
from ipaddress import ip_address
from unittest import mock

import pytest
from yarl import URL

from tests.net.certificate import made_for
from tests.net.corpus import (
    ALLOWED,
    FORBIDDEN,
    LOOPBACK_HOSTS,
    MARKED,
    NEVER,
    READ_URLS,
    REFUSED_URLS,
)
from tests.net.hostile import Behaviour, answering, hanging, interrupting, ok, redirect, request_of
from tests.net.lab import NAME, PUBLIC, PUBLIC_6, Net, lab

Check = Callable[[Net], None]


def addresses(net: Net) -> None:
    """Every forbidden address has a reason, every public one none, to the edge of each range."""
    why = net.address.why_forbidden
    assert [text for text in FORBIDDEN if why(ip_address(text)) is None] == []
    assert [(text, why(ip_address(text))) for text in ALLOWED if why(ip_address(text))] == []


def marked_callers(net: Net) -> None:
    """A caller that is marked reaches private networks, and never metadata, multicast or link-local ones."""
    why = net.address.why_forbidden
    assert [text for text in MARKED if why(ip_address(text), True)] == []
    assert [text for text in NEVER if why(ip_address(text), True) is None] == []


def urls(net: Net) -> None:
    """A URL that can be read in two ways is refused for its reason; a plain one is read exactly."""
    for reason, text in REFUSED_URLS:
        with pytest.raises(net.url.UrlError) as caught:
            net.url.parse_url(text)
        assert caught.value.reason in reason.split("|"), text
    for text, *expected in READ_URLS:
        url = net.url.parse_url(text)
        assert [url.scheme, url.host, url.port, url.target] == expected, text


def two_parsers(net: Net) -> None:
    """Where the second parser reads another host, port or scheme, or none, the URL is refused."""
    for other in (
        "http://www.example.org/",
        "http://www.example.com:81/",
        "https://www.example.com:80/",
        "/",
        "[",
    ):
        with (
            mock.patch.object(net.url, "URL", lambda _, other=other: URL(other)),
            pytest.raises(net.url.UrlError) as caught,
        ):
            net.url.parse_url("http://www.example.com/")
        assert caught.value.reason == "parsers", other


def direct(net: Net) -> None:
    """No form of an address of this machine is reached, and nothing is sent to any forbidden address."""
    with lab(net) as found:
        for host in LOOPBACK_HOSTS:
            outcome = found.fetch(f"http://{host}:{found.canary.port}/")
            assert (outcome.end, outcome.sent) == ("refused", False), host
        for text in FORBIDDEN:
            host = f"[{text}]" if ":" in text else text
            assert found.fetch(f"http://{host}/").end == "refused", text
        assert found.dialled == []
        assert found.forbidden == 0


def names(net: Net) -> None:
    """A name is refused for any one of its addresses, first or last, and for what is none."""
    answers = {f"n{i}.example.com": [[text]] for i, text in enumerate(FORBIDDEN)}
    answers |= {f"first{i}.example.com": [[text, PUBLIC]] for i, text in enumerate(FORBIDDEN)}
    answers |= {f"last{i}.example.com": [[PUBLIC, text]] for i, text in enumerate(FORBIDDEN)}
    answers["zone.example.com"] = [["fe80::1%lo"]]
    with lab(net, names=answers) as found:
        for name in answers:
            outcome = found.fetch(f"http://{name}:{found.canary.port}/")
            assert (outcome.end, outcome.reason) == ("refused", "address"), name
        assert (found.dialled, found.forbidden) == ([], 0)


def untold(net: Net) -> None:
    """Whoever gives a name is told of what kind its address is, not which; one's own address is named."""
    inside = {"v4": "10.0.0.7", "v6": "2002:a00:7::1", "own": "127.0.0.1", "odd": "x"}
    noted: list[tuple[str, str]] = []
    with lab(net, names={f"{name}.example.com": [[PUBLIC, one]] for name, one in inside.items()}) as found:
        guard = found.guard(noted=lambda *said: noted.append(said))
        said = {name: guard.judge(f"{name}.example.com", 80, found.policy()).detail for name in inside}
        assert said == {
            name: f"{name}.example.com may not be reached: an address of it is {what}"
            for name, what in zip(inside, 2 * ["a private network"] + ["loopback", "none"], strict=True)
        }
        assert noted == [(f"{name}.example.com", one) for name, one in inside.items()]
        literal = guard.fetch(net.guard.Request("http://10.0.0.7/"), found.policy()).detail
        assert literal == "10.0.0.7 may not be reached: 10.0.0.7 is a private network"
        assert len(noted) == len(inside)


def rebinding(net: Net) -> None:
    """A name is looked up once, and the address that was judged is the one connected to."""
    with lab(net, names={NAME: [[PUBLIC], ["127.0.0.1"]]}) as found:
        outcome = found.fetch(f"http://{NAME}:{found.canary.port}/")
        assert (outcome.end, outcome.status, outcome.body) == ("response", 200, b"fine")
        assert (found.asked, found.dialled, outcome.hops) == ([NAME], [PUBLIC], ((NAME, PUBLIC),))
        assert found.forbidden == 0


def redirected_to_an_address(net: Net) -> None:
    """A redirect to any forbidden address or URL is refused, whichever status says it."""
    with lab(net) as found:
        places = [f"http://{host}:{found.canary.port}/" for host in LOOPBACK_HOSTS]
        places += [f"http://[{text}]/" if ":" in text else f"http://{text}/" for text in FORBIDDEN]
        places += [
            "file:///etc/passwd",
            f"//127.0.0.1:{found.canary.port}/",
            "gopher://127.0.0.1/",
            "http://[",
        ]
        for i, place in enumerate(places):
            found.host.behave = answering(redirect(place, (301, 302, 303, 307, 308)[i % 5]))
            outcome = found.fetch(f"http://{NAME}/", redirects=3)
            assert outcome.end == "refused", place
        for place in ("/a\tb", "/a b", "/\t/www.example.com/", "/a\\b"):
            found.host.behave = answering(redirect(place))
            assert found.fetch(f"http://{NAME}/", redirects=3).end == "refused", place
        assert found.forbidden == 0
        assert set(found.dialled) == {PUBLIC}


def redirected_to_a_name(net: Net) -> None:
    """A redirect to a name is judged anew: to another name, and to the same one that has moved."""
    moved = {NAME: [[PUBLIC], ["127.0.0.1"]], "www.example.org": [[PUBLIC]], "in.example.com": [["10.0.0.1"]]}
    with lab(net, names=moved) as found:
        found.host.behave = answering(redirect("/again"))
        outcome = found.fetch(f"http://{NAME}:{found.canary.port}/", redirects=3)
        assert (outcome.end, outcome.reason) == ("refused", "address")
        found.host.behave = answering(redirect("https://in.example.com/"))
        outcome = found.fetch("http://www.example.org/", redirects=3)
        assert (outcome.end, outcome.reason) == ("refused", "address")
        assert found.forbidden == 0


def redirect_ports(net: Net) -> None:
    """The ports of a policy hold for where a redirect leads, too."""
    with lab(net) as found:
        assert found.fetch(f"http://{NAME}:81/", ports=frozenset({80})).reason == "port"
        found.host.behave = answering(redirect(f"http://{NAME}:22/"))
        outcome = found.fetch(f"http://{NAME}/", ports=frozenset({80}), redirects=1)
        assert (outcome.end, outcome.reason) == ("refused", "port")
        assert found.dialled == [PUBLIC]


def redirect_counts(net: Net) -> None:
    """As many redirects are followed as the policy says; with none, the redirect is the answer."""
    with lab(net) as found:
        answers = iter([redirect("/1"), redirect("2"), redirect(f"http://{NAME}/3"), ok()])
        asked: list[bytes] = []

        def behave(conn: socket.socket) -> None:
            asked.append(request_of(conn).split(b" ")[1])
            conn.sendall(next(answers))

        found.host.behave = behave
        outcome = found.fetch(f"http://{NAME}/0/x", redirects=3)
        assert (outcome.end, outcome.status, len(outcome.hops)) == ("response", 200, 4)
        assert asked == [b"/0/x", b"/1", b"/2", b"/3"]
        found.host.behave = answering(redirect("/"))
        outcome = found.fetch(f"http://{NAME}/", redirects=3)
        assert (outcome.end, outcome.reason, len(outcome.hops)) == ("protocol", "redirects", 4)
        outcome = found.fetch(f"http://{NAME}/", redirects=0)
        assert (outcome.end, outcome.status, len(outcome.hops)) == ("response", 302, 1)
        outcome = found.fetch(f"http://{NAME}/", "POST", redirects=3)
        assert (outcome.end, outcome.status, len(outcome.hops)) == ("response", 302, 1)


def secrets_stay(net: Net) -> None:
    """What a caller says in headers goes to the origin of its URL, and not where that redirects."""
    heard: list[bytes] = []
    with lab(net, names={NAME: [[PUBLIC]], "www.example.org": [[PUBLIC]]}) as found:
        answers = iter([redirect("/2"), redirect("http://www.example.org/3"), ok()])

        def behave(conn: socket.socket) -> None:
            heard.append(request_of(conn))
            conn.sendall(next(answers))

        found.host.behave = behave
        found.fetch(f"http://{NAME}/1", headers={"Authorization": "canary"}, redirects=3)
        assert [b"canary" in each for each in heard] == [True, True, False]


def headers_said(net: Net) -> None:
    """The host is named as the URL says it, with an uncommon port; nothing can be smuggled in."""
    with lab(net) as found:
        heard: list[bytes] = []

        def behave(conn: socket.socket) -> None:
            heard.append(request_of(conn))
            conn.sendall(ok())

        found.host.behave = behave
        found.fetch(f"http://{NAME.upper()}/")
        found.fetch(f"http://{NAME}:8080/")
        assert b"\r\nHost: www.example.com\r\n" in heard[0]
        assert b"\r\nHost: www.example.com:8080\r\n" in heard[1]
        for name, value in (
            ("X", "a\r\nY: b"), ("X\r\nY", "b"), ("Host", "127.0.0.1"), ("content-length", "3"),
            ("X", "\x00"), ("Transfer-Encoding", "chunked"), ("X Y", "a"), ("X", "\u0161"),
        ):  # fmt: skip
            outcome = found.fetch(f"http://{NAME}/", headers={name: value})
            assert (outcome.end, outcome.reason) == ("refused", "header"), name
        assert found.fetch(f"http://{NAME}/", "TRACE").reason == "method"
        assert found.fetch(f"http://{NAME}/", "GET / HTTP/1.1\r\nX:").reason == "method"
        assert len(heard) == 2


def marked_policy(net: Net) -> None:
    """Only a policy that is marked for private targets reaches this machine."""
    with lab(net) as found:
        url = f"http://127.0.0.1:{found.canary.port}/"
        assert found.fetch(url).end == "refused"
        assert found.forbidden == 0
        assert found.fetch(url, allow_private=True).body == b"secret"


def environment(net: Net) -> None:
    """A proxy in the environment is not used."""
    with lab(net) as found:
        proxy = f"http://127.0.0.1:{found.canary.port}"
        said = dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"), proxy)
        with mock.patch.dict(os.environ, said):
            assert found.fetch(f"http://{NAME}/").body == b"fine"
        assert found.forbidden == 0


def second_address(net: Net) -> None:
    """When the first address cannot be reached the next is tried, each of them judged before."""
    with lab(net, names={NAME: [["93.184.216.35", PUBLIC_6]]}) as found:
        outcome = found.fetch(f"http://{NAME}/")
        assert (outcome.status, outcome.hops) == (200, ((NAME, PUBLIC_6),))
        assert found.dialled == ["93.184.216.35", PUBLIC_6]


def sizes(net: Net) -> None:
    """A body counts as it is unpacked, and the connection does not outlive the limit."""
    bomb = gzip.compress(bytes(3 << 20))
    with lab(net, answering(ok(bomb, b"Content-Encoding: gzip\r\n"))) as found:
        outcome = found.fetch(f"http://{NAME}/")
        assert (outcome.end, outcome.reason, outcome.status) == ("too large", "body", 200)
        assert outcome.size <= 1 << 20
        found.host.behave = answering(ok(gzip.compress(b"x" * 100_000), b"Content-Encoding: gzip\r\n"))
        outcome = found.fetch(f"http://{NAME}/")
        assert (outcome.end, outcome.size, outcome.body) == ("response", 100_000, b"x" * 65536)
        found.host.behave = answering(ok(b"x" * ((1 << 20) + 1)))
        assert found.fetch(f"http://{NAME}/").end == "too large"
        found.host.behave = answering(ok(b"x" * (1 << 20)))
        assert found.fetch(f"http://{NAME}/").end == "response"
        head = b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n"
        found.host.behave = answering(head)
        assert found.fetch(f"http://{NAME}/").reason == "header count"
        found.host.behave = answering(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 66_000 + b"\r\n\r\n")
        assert found.fetch(f"http://{NAME}/").reason == "headers"


def one_deadline(net: Net) -> None:
    """There is one deadline for everything: each further byte does not buy more time."""
    now = [0]
    released = threading.Semaphore(0)

    def ticks() -> int:
        now[0] += 100_000
        released.release()
        return now[0]

    def drip(conn: socket.socket) -> None:
        request_of(conn)
        conn.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(100):
            assert released.acquire(timeout=10)
            conn.sendall(b"x")

    with lab(net, hanging(b"HTTP/1.1 200 OK\r\n")) as found:
        outcome = found.fetch(f"http://{NAME}/", total_us=500_000)
        assert (outcome.end, outcome.reason, outcome.sent) == ("timeout", "answer", True)
        found.host.behave = drip
        guard, request = found.guard(ticks), net.guard.Request(f"http://{NAME}/")
        outcome = guard.fetch(request, found.policy(total_us=2_000_000))
        assert (outcome.end, outcome.reason) == ("timeout", "body")
        assert outcome.phases.total_us <= 2_200_000
        released.release(100)
        found.host.behave = answering(redirect("/"))
        outcome = guard.fetch(request, found.policy(total_us=4_000_000, redirects=60))
        assert outcome.end == "timeout"


def certificates(net: Net) -> None:
    """A certificate that nobody vouches for, or of another host, is an end of its own; nothing is sent."""
    good, other = made_for(NAME), made_for("www.example.org")
    heard: list[bytes] = []

    def serve(context: ssl.SSLContext) -> Behaviour:
        def behave(conn: socket.socket) -> None:
            with context.wrap_socket(conn, server_side=True) as secure:
                heard.append(request_of(secure))
                secure.sendall(ok())

        return behave

    with lab(net, serve(good.server)) as found:
        request = net.guard.Request(f"https://{NAME}/")
        trusting = found.guard(tls=good.client)
        outcome = trusting.fetch(request, found.policy())
        assert (outcome.end, outcome.status) == ("response", 200), outcome
        assert None not in (outcome.phases.tls_us, outcome.phases.answer_us, outcome.phases.body_us)
        outcome = found.guard().fetch(request, found.policy())
        assert (outcome.end, outcome.reason, outcome.sent) == ("tls", "certificate", False)
        found.host.behave = serve(other.server)
        outcome = found.guard(tls=other.client).fetch(request, found.policy())
        assert (outcome.end, outcome.reason, outcome.sent) == ("tls", "certificate", False)
        found.host.behave = interrupting(b"garbage")
        outcome = found.guard().fetch(request, found.policy())
        assert (outcome.end, outcome.sent) == ("tls", False), outcome
        assert len(heard) == 1


def other_ways(net: Net) -> None:
    """A bare connection and a mere judgement obey the same rules."""
    with lab(net, names={NAME: [[PUBLIC]], "in.example.com": [["10.0.0.1"]]}) as found:
        for host in ("127.0.0.1", "::1", "in.example.com", "127.1", "www.example.com."):
            assert found.guard().judge(host, 80, found.policy()).end == "refused", host
            with pytest.raises(net.outcome.Ended) as caught:
                found.guard().connect(host, found.canary.port, found.policy())
            assert caught.value.end == "refused", host
        assert [found.guard().judge(NAME, port, found.policy()).reason for port in (0, 65536)] == ["port"] * 2
        assert found.guard().judge("no.example.com", 80, found.policy()).end == "dns"
        assert found.guard().judge(NAME, 80, found.policy()) is None
        opened = found.guard().connect(NAME, 80, found.policy())
        opened.wire.close()
        assert (opened.address, found.forbidden) == (PUBLIC, 0)


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        addresses, marked_callers, urls, two_parsers, direct, names, untold, rebinding,
        redirected_to_an_address,
        redirected_to_a_name, redirect_ports, redirect_counts, secrets_stay, headers_said, marked_policy,
        environment, second_address, sizes, certificates, other_ways, one_deadline,
    )
}  # fmt: skip
