"""Mail, first-hand: what the relay says is the evidence."""

from __future__ import annotations

from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.net.guard import Guard
from upheld.net.outcome import Ended
from upheld.net.wire import Ticks
from upheld.notify.kept import Kept
from upheld.notify.mail_address import MailAddress, parse_mail_address
from upheld.notify.mail_text import mail_bytes
from upheld.notify.message import Delivery, Message, evident
from upheld.notify.smtp import Conversation, Relay, Said, secrets_of

_OF_CHANNEL = frozenset({"connect", "greeting", "ehlo", "starttls", "tls", "auth"})
"""Before the recipient was named."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail to one recipient by the relay of the operator. `sender_name` stands beside the address.

    `kept` are the connections that others have left, and for whom this one leaves its own; None: it ends.
    `origin` is part of every Message-ID: two servers may owe the same messages, as one beside that of
    production does, and a mailbox that drops what it has already would drop those of one.
    """

    guard: Guard
    ticks: Ticks
    relay: Relay
    sender: str
    to: str
    sender_name: str = ""
    kept: Kept | None = None
    origin: str = ""

    def send(self, message: Message, at: Instant) -> Delivery:
        """One attempt.

        What the relay refuses for good before it knows the recipient is of the channel, and failed: the next
        attempt may find it mended. A connection that breaks after the final dot is unknown.
        """
        try:
            sender, to = parse_mail_address(self.sender), parse_mail_address(self.to)
        except ValueError as fault:
            return Delivery("refused", at, str(fault))
        mail = mail_bytes(message, sender, self.sender_name, to, at, self.origin)
        left = None if self.kept is None else self.kept.taken()
        talk = left or Conversation(self.guard, self.ticks, self.relay)
        try:
            delivery = self._sent(talk, sender, to, mail, at)
            if self.kept is not None:
                self.kept.leave(talk)
            elif delivery.state == "accepted":
                talk.part()
            return delivery
        finally:
            if self.kept is None:
                talk.close()

    def _sent(
        self, talk: Conversation, sender: MailAddress, to: MailAddress, mail: bytes, at: Instant
    ) -> Delivery:
        secrets = secrets_of(self.relay)
        try:
            reply = talk.deliver(sender, to, mail)
        except Said as said:
            of_channel = said.verb in _OF_CHANNEL or said.reply.code == 421
            is_final = said.reply.code >= 500 and not of_channel
            told = evident(f"{said.verb}: {said.reply}", *secrets)
            return Delivery("refused" if is_final else "failed", at, told, said.reply.code, of_channel)
        except Ended as ended:
            told = evident(f"{talk.verb}: {ended.detail}", *secrets)
            return Delivery(
                "unknown" if talk.verb == "dot" else "failed", at, told, of_channel=talk.verb in _OF_CHANNEL
            )
        return Delivery("accepted", at, evident(str(reply), *secrets), reply.code)
