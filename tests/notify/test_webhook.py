"""Webhooks: signed, to where their owner said and nowhere else, and what each answer means."""

from __future__ import annotations

import base64
import json
import socket
import time

import pytest
from standardwebhooks.webhooks import Webhook as Oracle

from tests.net.hostile import Behaviour, answering, endless, hanging, ok, redirect, request_of, resetting
from tests.net.lab import NAME, REAL, Lab, lab
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, parse_instant
from upheld.core.values.frozen import replace
from upheld.notify.message import Delivery, Message
from upheld.notify.signing import SignatureError, secret_key, signed, verified
from upheld.notify.webhook import Webhook

AT = parse_instant("2026-06-05T14:30:00.25Z")
KEY = "0123456789abcdef" * 4
OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 64).decode()
MESSAGE = Message(KEY, "Due", "RS-4111 is due ✓", data='{"type":"deadline.due","ä":1}'.encode())


def _sent(found: Lab, message: Message = MESSAGE, at: int = AT, total_us: int = 5 * SECOND) -> Delivery:
    policy = found.policy(total_us=total_us)
    return Webhook(found.guard(), f"http://{NAME}/hook?t=s3cret", (NEW, OLD), policy).send(message, at)


def _heard(request: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    pairs = (line.split(": ", 1) for line in head.decode("ascii").split("\r\n")[1:])
    return {name.lower(): value for name, value in pairs}, body


def test_a_receiver_can_verify_what_arrives() -> None:
    """The body arrives byte for byte; another implementation finds each of the two signatures good."""
    now = time.time_ns() // 1000
    heard: list[bytes] = []

    def behave(conn: socket.socket) -> None:
        heard.append(request_of(conn))
        conn.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nqueue")

    with lab(REAL, behave) as found:
        assert _sent(found, at=now) == Delivery("accepted", now, "202 queue", 202)
    headers, body = _heard(heard[0])
    assert heard[0].startswith(b"POST /hook?t=s3cret HTTP/1.1\r\n")
    assert (body, headers["content-type"], headers["webhook-id"]) == (
        MESSAGE.data,
        "application/json",
        f"msg_{KEY}",
    )
    assert "upheld-possible-repeat" not in headers
    for secret in (OLD, NEW):
        assert Oracle(secret).verify(body, headers) == json.loads(MESSAGE.data)
        assert verified(headers, body, (secret,), now) == f"msg_{KEY}"


def test_without_data_subject_and_text_are_sent() -> None:
    """As JSON; a repetition has the same id, and says so."""
    heard: list[bytes] = []

    def behave(conn: socket.socket) -> None:
        heard.append(request_of(conn))
        conn.sendall(ok())

    with lab(REAL, behave) as found:
        for repeat in ("", "Perhaps you have this already."):
            _sent(found, Message(KEY, "Due", "✓", possible_repeat=repeat))
    (first, body), (second, again) = map(_heard, heard)
    assert json.loads(body) == {"subject": "Due", "text": "✓"}
    assert (again, second["webhook-id"]) == (body, first["webhook-id"])
    assert second["upheld-possible-repeat"] == "yes"


OK_HEAD = b"HTTP/1.1 200 OK\r\n"
ANSWERS: list[tuple[str, Behaviour, str, int | None]] = [
    ("200", answering(ok()), "accepted", 200),
    ("204", answering(b"HTTP/1.1 204 No Content\r\n\r\n"), "accepted", 204),
    ("an endless 200", endless(OK_HEAD + b"\r\n", b"x"), "accepted", 200),
    ("a 200 that breaks off", resetting(OK_HEAD + b"Content-Length: 9\r\n\r\nfi"), "accepted", 200),
    ("a 200 whose body hangs", hanging(OK_HEAD + b"Content-Length: 9\r\n\r\nfi"), "accepted", 200),
    ("a redirect", answering(redirect("http://www.example.org/")), "failed", 302),
    ("a redirect to this machine", answering(redirect("http://127.0.0.1/", 307)), "failed", 307),
    ("400", answering(b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n"), "failed", 400),
    ("404", answering(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), "failed", 404),
    ("500", answering(b"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\noops"), "failed", 500),
    ("410", answering(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"), "refused", 410),
    ("a hang", hanging(), "unknown", None),
    ("a reset", resetting(), "unknown", None),
    ("an end without an answer", answering(b""), "unknown", None),
    ("garbage", answering(b"nonsense\r\n\r\n"), "unknown", None),
    ("100,000 headers", endless(OK_HEAD, b"X: y\r\n"), "unknown", None),
]


@pytest.mark.parametrize(
    ("behave", "state", "code"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS]
)
def test_each_answer_of_a_receiver(behave: Behaviour, state: str, code: int | None) -> None:
    """With a status it is known; without one, after the request was sent, nobody can tell."""
    with lab(REAL, behave) as found:
        delivery = _sent(found, total_us=600_000)
        assert (delivery.state, delivery.code, delivery.disables) == (state, code, code == 410), delivery
        assert (found.host.hits, found.forbidden) == (1, 0)
        assert delivery.evidence
        assert "s3cret" not in delivery.evidence


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b"prove it", "accepted"), (b" prove it\n", "accepted"), (b'{"challenge": "prove it"}', "accepted"),
        (b"", "failed"), (b"prove", "failed"), (b"prove it, please", "failed"), (b'["prove it"]', "failed"),
        (b'{"challenge": "prove"}', "failed"), (b"{" * 5_000, "failed"), (b"[" * 60_000, "failed"),
        (b"\xff\xfe", "failed"),
    ],
)  # fmt: skip
def test_a_proof_is_the_text_that_was_asked_for(body: bytes, state: str) -> None:
    """As it stands, or as `challenge` of an object; anything else is no proof, whatever the status."""
    answer = OK_HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with lab(REAL, answering(answer)) as found:
        delivery = _sent(found, replace(MESSAGE, proof="prove it"))
        assert (delivery.state, delivery.code) == (state, 200)
    with lab(REAL, answering(b"HTTP/1.1 403 No\r\nContent-Length: 8\r\n\r\nprove it")) as found:
        assert _sent(found, replace(MESSAGE, proof="prove it")).state == "failed"


def test_what_was_never_sent_failed() -> None:
    """No connection, no name: the receiver cannot have it. What the guard refuses is not tried again."""
    with lab(REAL) as found:
        found.host.close()
        assert _sent(found).state == "failed"
    with lab(REAL, names={}) as found:
        assert _sent(found).state == "failed"
    with lab(REAL, names={NAME: [["10.0.0.1"]]}) as found:
        delivery = _sent(found)
        assert (delivery.state, delivery.disables) == ("refused", False)
        assert (
            delivery.evidence == f"refused: {NAME} may not be reached: an address of it is a private network"
        )


@pytest.mark.parametrize(
    ("text", "pause_us"),
    [
        ("120", 2 * MINUTE), ("0", 0), ("999999999999999999", DAY), ("soon", None), ("-5", None),
        ("Fri, 05 Jun 2026 15:30:00 GMT", HOUR - 250_000), ("Fri, 05 Jun 2026 13:30:00 GMT", None),
        ("Fri, 05 Jun 2036 13:30:00 GMT", DAY),
        ("", None), ("Fri, 05 Jun 2026 15:30:00", None), ("Fri, 99 Jun 2026 15:30:00 GMT", None),
    ],
)  # fmt: skip
def test_a_receiver_may_ask_for_a_pause(text: str, pause_us: int | None) -> None:
    """Retry-After in seconds or as a date, never more than a day."""
    answer = b"HTTP/1.1 503 Busy\r\nRetry-After: %b\r\nContent-Length: 0\r\n\r\n" % text.encode()
    with lab(REAL, answering(answer)) as found:
        assert _sent(found).retry_after_us == pause_us


@pytest.mark.parametrize(
    "secret",
    [
        "", "whsec_", "whsec_abc", base64.b64encode(b"o" * 24).decode(), OLD + "\n", "whsec_ä",
        "whsec_" + base64.b64encode(b"o" * 23).decode(), "whsec_" + base64.b64encode(b"o" * 65).decode(),
        OLD[:10] + "*" + OLD[11:],
    ],
)  # fmt: skip
def test_what_is_no_secret(secret: str) -> None:
    """A secret is whsec_ and the base64 of 24 to 64 bytes, strictly."""
    with pytest.raises(ValueError, match="whsec_"):
        secret_key(secret)


def test_a_webhook_has_one_or_two_secrets() -> None:
    """And shows none of them."""
    for secrets in ((), (OLD, NEW, OLD)):
        with pytest.raises(ValueError, match="two while they change"):
            signed("msg_1", AT, b"", secrets)
    with lab(REAL) as found:
        assert repr(Webhook(found.guard(), "https://a.example/s3cret", (OLD,))) == "Webhook(****)"


def test_a_request_is_verified_strictly() -> None:
    """Each byte counts, one good signature of several is enough, and the time is within five minutes."""
    body = MESSAGE.data
    headers = signed("msg_1", AT, body, (OLD,))
    assert verified({name.upper(): value for name, value in headers.items()}, body, (NEW, OLD), AT) == "msg_1"
    many = {**headers, "webhook-signature": f"v1a,x v1,**** v1 {headers['webhook-signature']}"}
    assert verified(many, body, (OLD,), AT) == "msg_1"
    second = AT // SECOND * SECOND
    for at in (second - 300 * SECOND, second + 300 * SECOND):
        assert verified(headers, body, (OLD,), at) == "msg_1"
    bad: list[tuple[dict[str, str], bytes, tuple[str, ...], int]] = [
        (headers, body, (NEW,), AT),
        (headers, body, (), AT),
        (headers, body, (OLD,), second - 301 * SECOND),
        (headers, body, (OLD,), second + 301 * SECOND),
        ({}, body, (OLD,), AT),
        ({**headers, "webhook-id": "msg_2"}, body, (OLD,), AT),
        ({**headers, "webhook-id": ""}, body, (OLD,), AT),
        ({**headers, "webhook-timestamp": f" {AT // SECOND}"}, body, (OLD,), AT),
        ({**headers, "webhook-timestamp": f"{AT // SECOND + 1}"}, body, (OLD,), AT),
        ({**headers, "webhook-timestamp": "9" * 40}, body, (OLD,), AT),
        (
            {**headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,")},
            body,
            (OLD,),
            AT,
        ),
        ({**headers, "webhook-signature": "v1,"}, body, (OLD,), AT),
        ({**headers, "webhook-signature": "v1,ä"}, body, (OLD,), AT),
    ]
    bad += [(headers, body[:i] + bytes([body[i] ^ 1]) + body[i + 1 :], (OLD,), AT) for i in range(len(body))]
    bad += [(headers, body + b"\n", (OLD,), AT), (headers, body[:-1], (OLD,), AT)]
    for case in bad:
        with pytest.raises(SignatureError):
            verified(*case)


def test_our_signature_is_that_of_the_standard() -> None:
    """The same text as another implementation makes of the same."""
    from datetime import UTC, datetime

    headers = signed("msg_1", AT, MESSAGE.data, (OLD,))
    at = datetime.fromtimestamp(AT / SECOND, UTC)
    assert headers["webhook-signature"] == Oracle(OLD).sign("msg_1", at, MESSAGE.data.decode())
