"""A message as the bytes of a mail: the same message and instant give the same bytes.

What other people wrote stands in subjects and texts: a line break in a subject would be a header of theirs.
"""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Final

from upheld.core.timeline.instant import Instant, datetime_of
from upheld.net.url import parse_url
from upheld.notify.mail_address import MailAddress
from upheld.notify.message import Message

LONGEST_SUBJECT: Final = 200
_KEPT: Final = "\n\t"


def mail_bytes(
    message: Message, sender: MailAddress, sender_name: str, to: MailAddress, at: Instant
) -> bytes:
    """The mail, with lines that end as SMTP wants them. All is ASCII, but for addresses that are not."""
    policy = SMTP if sender.is_ascii and to.is_ascii else SMTPUTF8
    mail = EmailMessage(policy)
    mail["From"] = Address(one_line(sender_name), sender.local, sender.domain)
    mail["To"] = Address("", to.local, to.domain)
    mail["Subject"] = one_line(message.subject)[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(datetime_of(at))
    mail["Message-ID"] = message_id(message.key, sender)
    if message.follows:
        mail["In-Reply-To"] = mail["References"] = message_id(message.follows, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if message.unsubscribe:
        mail["List-Unsubscribe"] = f"<{parse_url(message.unsubscribe)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    repeat = f"{plain(message.possible_repeat)}\n\n" if message.possible_repeat else ""
    mail.set_content(repeat + plain(message.text) + "\n", charset="utf-8", cte="quoted-printable")
    if message.html:
        mail.add_alternative(plain(message.html), subtype="html", charset="utf-8", cte="quoted-printable")
        # The library draws one at random. With its =, it is in no text that is encoded as these are.
        mail.set_boundary(f"=_{message.key[:32]}")
    return mail.as_bytes()


def message_id(key: str, sender: MailAddress) -> str:
    """The Message-ID of a key."""
    return f"<{key}@{sender.domain}>"


def one_line(text: str) -> str:
    """A text without line breaks, control characters and halves of characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def plain(text: str) -> str:
    """A text without control characters and halves of characters, but for its lines and tabs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in text if each in _KEPT or not _is_control(each))


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character < "\xa0" or "\ud800" <= character <= "\udfff"
