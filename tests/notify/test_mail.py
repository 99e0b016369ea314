"""Mail: what the relay does at each verb, and what is then known of the message."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.net.certificate import made_for
from tests.net.hostile import resetting, serving
from tests.net.lab import ticks
from tests.notify.relay import Action, Post, garbage, hangs, injects, relaying, replying, resets
from upheld.core.timeline.instant import parse_instant
from upheld.core.values.frozen import replace
from upheld.net.guard import Guard
from upheld.net.resolving import ResolveError
from upheld.notify.mail import Mail
from upheld.notify.mail_address import parse_mail_address
from upheld.notify.mail_text import mail_bytes, plain
from upheld.notify.message import LONGEST_EVIDENCE, Delivery, Message
from upheld.notify.smtp import Relay, Times, stuffed

AT = parse_instant("2026-06-05T14:30:00Z")
KEY = "0123456789abcdef" * 4
MESSAGE = Message(KEY, "Answer due at 14:45", "RS-4111 is due.\n.\n..and ends\n")
PATIENT = Times(verb_us=5_000_000, dot_us=5_000_000)
HASTY = Times(verb_us=500_000, text_us=500_000, dot_us=500_000)
PASSWORD = "s3cret-päss"


def _resolve(host: str, within_us: int) -> tuple[str, ...]:
    if host != "relay.example.com":
        raise ResolveError("no such name")
    return ("127.0.0.1",)


def _guard(host: str = "relay.example.com") -> Guard:
    return Guard(_resolve, ticks, made_for(host).client)


def _mail(port: int, to: str = "ada@example.com", times: Times = PATIENT, **relay: object) -> Mail:
    said = {"security": "none", "times": times, **relay}
    server = Relay("relay.example.com", port, "upheld.example.com", **said)  # type: ignore[arg-type]
    return Mail(_guard(), ticks, server, "sla@northwind.example", to, "Northwind")


def _received(post: Post) -> EmailMessage:
    content = post.envelopes[-1].original_content
    assert isinstance(content, bytes)
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_mail_arrives_and_the_relay_says_so() -> None:
    """What the relay answered to the final dot is the evidence; the mail is as it was meant."""
    message = Message(
        KEY, "Antwort fällig ✓", "Grüße\n.hidden\n.", "<p>Grüße</p>",
        possible_repeat="Perhaps you have this already.", follows="f" * 64, unsubscribe="https://status.northwind.example/leave?who=1",
    )  # fmt: skip
    with relaying() as post:
        delivery = _mail(post.port).send(message, AT)
    assert delivery == Delivery("accepted", AT, "250 2.0.0 Ok: queued as 4ABC", 250)
    envelope, found = post.envelopes[0], _received(post)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("sla@northwind.example", ["ada@example.com"])
    assert dict(found.items()) | {"Content-Type": ""} == {
        "From": "Northwind <sla@northwind.example>", "To": "ada@example.com", "Subject": "Antwort fällig ✓",
        "Date": "Fri, 05 Jun 2026 14:30:00 +0000", "Message-ID": f"<{KEY}@northwind.example>",
        "In-Reply-To": f"<{'f' * 64}@northwind.example>", "References": f"<{'f' * 64}@northwind.example>",
        "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All",
        "List-Unsubscribe": "<https://status.northwind.example/leave?who=1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "MIME-Version": "1.0", "Content-Type": "",
    }  # fmt: skip
    text, html = found.get_body(("plain",)), found.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == "Perhaps you have this already.\n\nGrüße\n.hidden\n.\n"
    assert html.get_content().strip() == "<p>Grüße</p>"


def test_a_subject_begins_on_the_line_of_its_name() -> None:
    """However long it is: where it begins on the next line, some programs show none, or a blank before it."""
    sender, to = parse_mail_address("a@b.example"), parse_mail_address("c@d.example")
    whole = "response of T-3 is due Sunday 29 November 2026 at 23:11 (Europe/Amsterdam), and late after it"
    for length in range(50, len(whole)):
        subject = whole[:length].rstrip()
        data = mail_bytes(Message(KEY, subject, "y"), sender, "", to, AT)
        (line,) = (one for one in data.split(b"\r\n") if one.startswith(b"Subject:"))
        assert line.startswith(b"Subject: response of T-3")
        assert email.message_from_bytes(data, policy=email.policy.default)["Subject"] == subject


def test_the_same_message_is_the_same_bytes() -> None:
    """Nothing in a mail is drawn at random, and its lines end as SMTP wants them."""
    message = Message(KEY, "x", "y" * 2000, "<p>z</p>")
    sender, to = parse_mail_address("a@b.example"), parse_mail_address("c@d.example")
    one = mail_bytes(message, sender, "", to, AT)
    assert one == mail_bytes(message, sender, "", to, AT)
    assert one.count(b"\n") == one.count(b"\r\n") == one.count(b"\r")
    assert max(map(len, one.split(b"\r\n"))) <= 998
    assert one.isascii()


def test_two_origins_have_no_id_in_common() -> None:
    """What follows refers to the mail of its own origin; each attempt of one has the same id."""
    message = Message(KEY, "x", "y", follows="f" * 64)
    with relaying() as post:
        for origin in ("1a", "2b", "1a"):
            replace(_mail(post.port), origin=origin).send(message, AT)
    found = [email.message_from_bytes(one.original_content or b"") for one in post.envelopes]
    assert [one["Message-ID"] for one in found] == [
        f"<{KEY}.{origin}@northwind.example>" for origin in ("1a", "2b", "1a")
    ]
    assert [one["References"] for one in found] == [
        f"<{'f' * 64}.{origin}@northwind.example>" for origin in ("1a", "2b", "1a")
    ]


ACTIONS: dict[str, Action] = {
    "4xx": replying("451 4.3.0 later"), "5xx": replying("554 5.7.1 never"),
    "421": replying("421 4.3.2 going"), "several lines": replying("450-one\r\n450-two\r\n450 three"),
    "hangs": hangs, "resets": resets, "garbage": garbage,
}  # fmt: skip
EXPECTED = {
    (verb, name): "failed" for verb in ("greeting", "ehlo", "mail", "rcpt", "data", "dot") for name in ACTIONS
}
EXPECTED |= {(verb, "5xx"): "refused" for verb in ("mail", "rcpt", "data", "dot")}
EXPECTED |= {("dot", name): "unknown" for name in ("hangs", "resets", "garbage")}


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        pytest.param(*case, marks=[pytest.mark.slow] if case[1] == "hangs" and case[0] != "dot" else [])
        for case in EXPECTED
    ],
)
def test_each_misbehaviour_at_each_verb(verb: str, name: str) -> None:
    """Refused for good, failed for now, or unknown: after the final dot without a reply, and only there."""
    times = HASTY if name == "hangs" else PATIENT
    with relaying({verb: ACTIONS[name]}) as post:
        delivery = _mail(post.port, times=times).send(MESSAGE, AT)
    assert delivery.state == EXPECTED[verb, name], delivery
    assert delivery.of_channel == (verb in ("greeting", "ehlo") or name == "421")
    assert delivery.evidence.startswith(f"{verb}: ")
    assert delivery.code == {"4xx": 451, "5xx": 554, "421": 421, "several lines": 450}.get(name)
    assert len(post.envelopes) == (verb == "dot")


def test_a_relay_that_drips_has_the_time_of_the_verb() -> None:
    """A reply in many pieces does not buy more time."""
    now = [0]
    released = threading.Semaphore(0)

    def counted() -> int:
        now[0] += 10_000
        released.release()
        return now[0]

    def drip(conn: socket.socket) -> None:
        conn.sendall(b"220-")
        for _ in range(2000):
            assert released.acquire(timeout=10)
            conn.sendall(b"x\r\n220-")

    with serving(drip) as host:
        server = Relay("127.0.0.1", host.port, "upheld.example.com", "none", times=Times(verb_us=200_000))
        mail = Mail(
            Guard(_resolve, counted, made_for("x.example").client),
            counted,
            server,
            "a@b.example",
            "c@d.example",
        )
        delivery = mail.send(MESSAGE, AT)
        released.release(2000)
    assert (delivery.state, delivery.of_channel) == ("failed", True)
    assert now[0] < 1_000_000


def test_a_relay_that_is_not_there_is_of_the_channel() -> None:
    """A closed port, an unknown name, and an address that the guard forbids."""
    with serving(resetting(read=False)) as host:
        port = host.port
    delivery = _mail(port).send(MESSAGE, AT)
    assert (delivery.state, delivery.of_channel) == ("failed", True)
    assert delivery.evidence.startswith("connect: no connection to port")
    with relaying() as post:
        delivery = _mail(post.port, is_private=False).send(MESSAGE, AT)
        assert (delivery.state, delivery.of_channel, post.envelopes) == ("failed", True, [])
        assert "loopback" in delivery.evidence


def test_a_relay_that_knows_no_extensions_is_greeted_simply() -> None:
    """HELO after a refused EHLO."""
    with relaying({"ehlo": replying("502 what")}) as post:
        assert _mail(post.port).send(MESSAGE, AT).state == "accepted"
        assert _mail(post.port, to="jörg@example.com").send(MESSAGE, AT).state == "refused"


def test_starttls_and_a_password() -> None:
    """The password is said inside of TLS, and stands in no evidence."""
    tls = made_for("relay.example.com").server
    with relaying(tls=tls) as post:
        mail = _mail(post.port, security="starttls", user="up", password=PASSWORD)
        assert mail.send(MESSAGE, AT).state == "accepted"
        assert post.logins == [(b"up", PASSWORD.encode())]
        assert post.sessions[0].ssl is not None
        delivery = _mail(post.port, security="starttls", user="up", password="wrong").send(MESSAGE, AT)
        assert (delivery.state, delivery.of_channel, delivery.code) == ("failed", True, 535)
        delivery = _mail(post.port, security="none", user="up", password=PASSWORD).send(MESSAGE, AT)
        assert delivery.evidence == "auth: 538 a password is not said without TLS"
        assert PASSWORD not in repr(mail)
    assert len(post.logins) == 2


def test_implicit_tls() -> None:
    """TLS from the first byte."""
    tls = made_for("relay.example.com").server
    with relaying(tls=tls, implicit=True) as post:
        mail = _mail(post.port, security="tls", user="up", password=PASSWORD)
        assert mail.send(MESSAGE, AT).state == "accepted"
        assert post.logins == [(b"up", PASSWORD.encode())]


@pytest.mark.parametrize("case", ["none offered", "refused", "another certificate", "garbage", "said before"])
def test_no_tls_no_mail(case: str) -> None:
    """Where TLS is wanted and cannot be had, or was tampered with, nothing is said."""
    tls = made_for("www.example.org" if case == "another certificate" else "relay.example.com").server
    script = {
        "refused": {"starttls": replying("454 not now")},
        "garbage": {"starttls": replying("220 go\r\n\x16\x03\x01nonsense")},
        "said before": {"starttls": injects},
    }.get(case)
    with relaying(script, tls=None if case == "none offered" else tls) as post:
        delivery = _mail(post.port, security="starttls").send(MESSAGE, AT)
        assert (delivery.state, delivery.of_channel, post.envelopes) == ("failed", True, []), delivery


def test_what_the_relay_says_is_told_without_secrets() -> None:
    """A relay that repeats the password, and control characters, in its reply."""
    said = f"535 no \x1b[31m{PASSWORD} " + "long " * 300
    with relaying({"mail": replying(said)}, tls=made_for("relay.example.com").server) as post:
        mail = _mail(post.port, security="starttls", user="up", password=PASSWORD)
        evidence = mail.send(MESSAGE, AT).evidence
    assert evidence.startswith("mail: 535 no [31m**** long")
    assert evidence.isprintable()
    assert len(evidence) <= LONGEST_EVIDENCE


def test_addresses_beyond_ascii() -> None:
    """A relay that takes them is told; a domain goes by its name in ASCII."""
    with relaying() as post:
        assert _mail(post.port, to="jörg@bücher.example").send(MESSAGE, AT).state == "accepted"
    assert post.envelopes[0].rcpt_tos == ["jörg@xn--bcher-kva.example"]
    assert _received(post)["To"] == "jörg@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b.example,c@d.example", "a@b.example>",
        "<a@b.example>", "a@b.example\r\nRCPT TO:<c@d.example>", "a\n@b.example", '"a b"@c.example',
        "a@[127.0.0.1]", "a@127.0.0.1", "a@b.example SIZE=1", "a..b@c.example", "a@c.example.",
        "a@user@c.example@", "a@c.example:25", "a@c.example/d", "x" * 65 + "@c.example", "a@faß.de",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    """Nothing is said to the relay about it."""
    with relaying() as post:
        assert _mail(post.port, to=text).send(MESSAGE, AT).state == "refused"
        assert post.envelopes == []


HOSTILE = st.text(st.one_of(st.sampled_from("\r\n\0\t:. \x0b\u2028\x85\ud800"), st.characters()), max_size=80)


@given(subject=HOSTILE, name=HOSTILE, text=HOSTILE, html=HOSTILE)
@example(subject="a\nBcc: c@d.example", name="b\r\nBcc: c@d.example", text=".\n", html="")
def test_no_text_becomes_a_header(subject: str, name: str, text: str, html: str) -> None:
    """Whatever stands in subject, name and texts: the headers are ours, and the texts come out whole."""
    sender, to = parse_mail_address("a@b.example"), parse_mail_address("c@d.example")
    content = mail_bytes(Message(KEY, subject, text, html), sender, name, to, AT)
    found = email.message_from_bytes(content, policy=email.policy.default)
    ours = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"]
    assert [header for header in found if not header.lower().startswith("content-")] == [
        *ours,
        "MIME-Version",
    ]
    assert found["To"] == "c@d.example"
    assert found["From"].addresses[0].addr_spec == "a@b.example"
    for kind, told in (("plain", text), ("html", html)):
        body = found.get_body((kind,))
        read = "" if body is None else body.get_content().replace("\r\n", "\n")
        assert read == (f"{plain(told)}\n" if kind == "plain" or html else "")
    sent = stuffed(content)
    assert b"\r\n.\r\n" not in sent
    assert sent.replace(b"\r\n", b"").count(b"\n") == sent.replace(b"\r\n", b"").count(b"\r") == 0


def test_a_dot_that_begins_a_line_is_doubled() -> None:
    """The end of the text is ours to say."""
    assert stuffed(b".a\r\n.\r\nb.\r\n..") == b"..a\r\n..\r\nb.\r\n...\r\n"
    assert stuffed(b"a\n.\rb") == b"a\r\n..\r\nb\r\n"


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "abc"},
        {"follows": "X" * 64},
        {"unsubscribe": "http://a.example/"},
        {"unsubscribe": "https://a\n"},
    ],
)
def test_a_message_that_cannot_be_sent_is_not_made(wrong: dict[str, str]) -> None:
    """A key is 64 digits, and to unsubscribe is a secure URL."""
    with pytest.raises(ValueError, match=r"key|unsubscribe"):
        Message(**{"key": KEY, "subject": "", "text": "", **wrong})
