"""A message as the bytes of a mail: the same message and instant give the same bytes.

What other people wrote stands in subjects and texts: a line break in a subject would be a header of theirs.
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from email.headerregistry import Address
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final

from upheld.core.timeline.instant import Instant, datetime_of
from upheld.net.url import parse_url
from upheld.notify.mail_address import MailAddress
from upheld.notify.message import Message

LONGEST_SUBJECT: Final = 200
_BELOW: Final = re.compile(rb"\ASubject:[ ]*\r\n[ ]+")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def mail_bytes(
    message: Message, sender: MailAddress, sender_name: str, to: MailAddress, at: Instant, origin: str = ""
) -> bytes:
    """The mail, with lines that end as SMTP wants them. All is ASCII, but for addresses that are not.

    `origin` are letters and digits that tell who sends from others with the same keys of messages.
    """
    policy = SMTP if sender.is_ascii and to.is_ascii else SMTPUTF8
    # What the library makes of a whole mail takes ten times as long as what it makes of a subject.
    lines = [
        _address(policy, "From", one_line(sender_name), sender),
        _address(policy, "To", "", to),
        _subject(policy, one_line(message.subject)[:LONGEST_SUBJECT]),
        _plain_header("Date", format_datetime(datetime_of(at))),
        _plain_header("Message-ID", message_id(message.key, sender, origin)),
    ]
    if message.follows:
        follows = message_id(message.follows, sender, origin)
        lines += [_plain_header("In-Reply-To", follows), _plain_header("References", follows)]
    lines += [
        _plain_header("Auto-Submitted", "auto-generated"),
        _plain_header("X-Auto-Response-Suppress", "All"),
    ]
    if message.unsubscribe:
        lines += [
            _header(policy, "List-Unsubscribe", f"<{parse_url(message.unsubscribe)}>"),
            _plain_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    repeat = f"{plain(message.possible_repeat)}\n\n" if message.possible_repeat else ""
    content = _part("plain", repeat + plain(message.text) + "\n")
    if message.html:
        content = _alternatives(message.key, content, _part("html", plain(message.html) + "\n"))
    return b"".join([*lines, _plain_header("MIME-Version", "1.0"), content])


def _header(policy: EmailPolicy[Any], name: str, value: Any) -> bytes:
    """A header as the library folds and encodes it. ValueError for a line break: it begins another one."""
    return policy.fold_binary(*policy.header_store_parse(name, value))


def _subject(policy: EmailPolicy[Any], text: str) -> bytes:
    """One that is a little too long begins on the line of its name: the library would begin below it.

    Some then show none, or a blank before it. A line may have 998 characters, and should have 78.
    Source: RFC 5322 2.1.1.
    """
    return _BELOW.sub(b"Subject: ", _header(policy, "Subject", text))


def _plain_header(name: str, value: str) -> bytes:
    """One that is ours: it is short and ASCII."""
    return f"{name}: {value}\r\n".encode("ascii")


@lru_cache(maxsize=1_024)
def _address(policy: EmailPolicy[Any], header: str, name: str, address: MailAddress) -> bytes:
    """The same few people are told again and again."""
    return _header(policy, header, Address(name, address.local, address.domain))


def _part(kind: str, text: str) -> bytes:
    """A text with its own headers, in lines of ASCII that are short enough."""
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    )
    return head.encode("ascii") + b2a_qp(text.replace("\n", "\r\n").encode())


def _alternatives(key: str, *parts: bytes) -> bytes:
    """The same in several forms, the best last."""
    # With its =, the boundary is in no text that is encoded as these are.
    boundary = f"=_{key[:32]}"
    head = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n'
    bodies = [f"\r\n--{boundary}\r\n".encode("ascii") + part for part in parts]
    return b"".join([head.encode("ascii"), *bodies, f"\r\n--{boundary}--\r\n".encode("ascii")])


def message_id(key: str, sender: MailAddress, origin: str) -> str:
    """The Message-ID of a key, as one origin has it."""
    own = f"{key}.{origin}" if origin else key
    return f"<{own}@{sender.domain}>"


def one_line(text: str) -> str:
    """A text without line breaks, control characters and halves of characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def plain(text: str) -> str:
    """A text without control characters and halves of characters, but for its lines and tabs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text)
