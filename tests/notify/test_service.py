"""Services by Apprise: one recipient, judged before, and nothing told that is secret."""

from __future__ import annotations

import io
import json
import logging
import socket

import pytest

from tests.net.hostile import Behaviour, answering, hanging, ok, redirect, request_of, resetting, serving
from tests.net.lab import REAL, lab
from upheld.core.timeline.instant import SECOND, parse_instant
from upheld.net.policy import Policy
from upheld.notify.message import Delivery, Message
from upheld.notify.service import SCHEMES, Service, _target_of, why_unusable

AT = parse_instant("2026-06-05T14:30:00Z")
MESSAGE = Message("0123456789abcdef" * 4, "Due\r\nnow", "RS-4111 is due", possible_repeat="Perhaps again.")
PRIVATE = Policy(ports=None, allow_private=True)


def _sent(
    url: str, policy: Policy = PRIVATE, schemes: frozenset[str] = frozenset({"json", "jsons"})
) -> Delivery:
    with lab(REAL, names={"in.example.com": [["10.0.0.1"]]}) as found:
        delivery = Service(found.guard(), url, policy, schemes, 10 * SECOND).send(MESSAGE, AT)
        assert found.forbidden == 0
        return delivery


@pytest.mark.slow
def test_a_service_gets_one_message() -> None:
    """Title and text as they are said, in one request."""
    heard: list[bytes] = []

    def behave(conn: socket.socket) -> None:
        heard.append(request_of(conn))
        conn.sendall(ok())

    with serving(behave) as host:
        delivery = _sent(f"json://127.0.0.1:{host.port}/")
    assert (delivery.state, delivery.evidence) == ("accepted", "success")
    said = json.loads(heard[0].partition(b"\r\n\r\n")[2])
    assert (said["title"], said["message"]) == ("Due now", "Perhaps again.\n\nRS-4111 is due")
    assert len(heard) == 1


ANSWERS: list[tuple[str, Behaviour, str, int | None]] = [
    ("500", answering(b"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\noops"), "failed", 500),
    ("a redirect", answering(redirect("http://127.0.0.1:1/")), "failed", 302),
    ("a hang", hanging(), "unknown", None),
    ("a reset", resetting(), "unknown", None),
    ("an end without an answer", answering(b""), "unknown", None),
]


@pytest.mark.parametrize(
    ("behave", "state", "code"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS]
)
def test_each_answer_of_a_service(behave: Behaviour, state: str, code: int | None) -> None:
    """What was answered failed; what was sent and not answered is unknown."""
    with serving(behave) as host:
        delivery = _sent(f"json://user:s3cret-pass@127.0.0.1:{host.port}/s3cret-token?rto=0.4&cto=2")
        assert (delivery.state, delivery.code) == (state, code), delivery
        assert "s3cret" not in delivery.evidence
        assert host.hits == 1


def test_nobody_there_is_known_to_have_failed() -> None:
    """A connection that was never made sent nothing."""
    with serving(resetting(read=False)) as host:
        port = host.port
    delivery = _sent(f"json://127.0.0.1:{port}/")
    assert (delivery.state, delivery.of_channel) == ("failed", True)


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("json://127.0.0.1:{canary}/", "loopback"), ("json://in.example.com/", "private network"),
        ("json://[::1]:{canary}/", "loopback"), ("json://2130706433:{canary}/", "IPv4 address"),
        ("json://127.1/", "cannot be read"),
        ("file:///etc/passwd", "not among"), ("syslog://", "not among"), ("nonsense", "not among"),
        ("", "not among"),
        ("xml://127.0.0.1/", "not among"), ("json://127.0.0.1/?verify=no", "certificates"),
        ("json://127.0.0.1/?redirect=yes", "redirects"), ("json://", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_refused_before_it_is_sent(url: str, part: str) -> None:
    """A host that the guard forbids, a service that nobody allowed, a URL that turns off what protects."""
    with serving(answering(ok())) as canary:
        delivery = _sent(url.format(canary=canary.port), Policy(ports=None))
        assert delivery.state == "refused", delivery
        assert part in delivery.evidence
        assert canary.hits == 0


def test_an_unknown_name_may_be_known_later() -> None:
    """A name server that has no answer is no refusal."""
    assert _sent("json://no.example.com/").state == "failed"


def test_one_url_names_one_recipient() -> None:
    """Two numbers in one URL could end in two ways."""
    account = "AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef"
    delivery = _sent(f"twilio://{account}@15551234567/15557654321/15557654322", schemes=SCHEMES)
    assert (delivery.state, delivery.evidence) == ("refused", "the URL of a service names one recipient")


def test_nothing_is_logged(capfd: pytest.CaptureFixture[str]) -> None:
    """Apprise and its client write URLs into their logs; ours hold nothing of it, nor does the console."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        with serving(answering(ok())) as host:
            _sent(f"json://user:s3cret-pass@127.0.0.1:{host.port}/s3cret-token")
        logging.getLogger("upheld").debug("this is heard")
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
    assert written.getvalue() == "this is heard\n"
    assert capfd.readouterr() == ("", "")


def test_a_service_shows_no_secret() -> None:
    """Its URL is one."""
    with lab(REAL) as found:
        assert repr(Service(found.guard(), "slack://s3cret")) == "Service(****)"


def test_the_allowed_services_are_there() -> None:
    """Every scheme that is allowed is one that Apprise knows, and none that acts on this machine."""
    from apprise.manager_plugins import NotificationManager

    known = set(NotificationManager().schemas())
    assert known >= SCHEMES
    assert not SCHEMES & {"syslog", "dbus", "gnome", "macosx", "windows", "json", "xml", "form", "mailto"}


def test_a_url_that_can_never_work_is_known_before() -> None:
    """So that it is said to whoever writes it, and not to nobody when somebody has to be woken."""
    assert why_unusable("ntfys://ntfy.example/desk") == ""
    assert "operator allows" in why_unusable("foo://bar")
    assert "operator allows" in why_unusable("json://127.0.0.1/")
    assert "cannot be read" in why_unusable("slack://bad")


@pytest.mark.parametrize(
    ("url", "key"),
    [("opsgenie://a1b2c3d4-aaaa-bbbb-cccc-0123456789ab/@team", "a1b2c3d4-aaaa-bbbb-cccc-0123456789ab")],
)
def test_what_stands_in_the_place_of_a_host_may_be_the_key(url: str, key: str) -> None:
    """A service with a host of its own has the key there: it is told nobody."""
    target, fault = _target_of(url, SCHEMES | {"opsgenie"})
    assert (target is not None, fault) == (True, "")
    assert target is not None
    with lab(REAL) as found:
        secrets = Service(found.guard(), url)._secrets(target)
    assert key in secrets


def test_a_host_that_is_judged_names_no_other() -> None:
    """Matrix would ask it where to go instead, and nobody would judge that."""
    target, _ = _target_of("matrixs://user:pass@hs.example/#room", SCHEMES | {"matrixs"})
    assert target is not None
    assert target.discovery is False
