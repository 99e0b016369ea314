"""Mail by SMTP to a relay, so that it is known at which verb a conversation ended.

Before the final dot nothing can have been accepted. After it, until the answer is there, nobody can tell: the
relay may have taken the mail. Source: RFC 5321, safety.md R4.
"""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from typing import Final, Literal, NamedTuple, TypeAlias

from upheld.core.timeline.instant import SECOND, Duration
from upheld.core.values.frozen import dataclass
from upheld.net.guard import Guard
from upheld.net.outcome import Ended
from upheld.net.policy import Policy
from upheld.net.wire import Reader, Ticks, Wire
from upheld.notify.mail_address import MailAddress

Security = Literal["starttls", "tls", "none"]
Verb: TypeAlias = str

_REPLY = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_LONGEST_REPLY: Final = 16 << 10


@dataclass(frozen=True, slots=True)
class Times:
    """How long each verb may take as a whole. The final dot has the ten minutes that RFC 5321 gives it."""

    connect_us: Duration = 10 * SECOND
    verb_us: Duration = 60 * SECOND
    text_us: Duration = 180 * SECOND
    dot_us: Duration = 600 * SECOND
    quit_us: Duration = 2 * SECOND


@dataclass(frozen=True, slots=True)
class Relay:
    """The mail server of the operator, which passes our mail on. A password is said inside of TLS only.

    `hello` is the name by which we greet. `is_private`: it may stand on loopback or in a private network.
    """

    host: str
    port: int
    hello: str
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    is_private: bool = True
    times: Times = Times()

    def __repr__(self) -> str:
        return f"Relay({self.host}:{self.port})"


class Reply(NamedTuple):
    """What the relay said."""

    code: int
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code} {' '.join(self.lines)}"


class Said(Exception):  # noqa: N818 - it names the case
    """A reply that ends the conversation, to which verb; `verb` of a failure is where it was."""

    def __init__(self, verb: Verb, reply: Reply) -> None:
        super().__init__(str(reply))
        self.verb = verb
        self.reply = reply


class Conversation:
    """A connection to a relay, by which one mail goes after the other.

    `verb` says where it is: connect, ..., rcpt, data, text, dot. `mails` counts those that were taken.
    """

    def __init__(self, guard: Guard, ticks: Ticks, relay: Relay) -> None:
        self.verb: Verb = "connect"
        self.mails = 0
        self._guard = guard
        self._ticks = ticks
        self._relay = relay
        self._wire: Wire | None = None
        self._features: dict[str, str] = {}
        self._secure = False
        self._was_refused = False

    @property
    def is_open(self) -> bool:
        """Whether it can carry another mail."""
        return self._wire is not None

    def deliver(self, sender: MailAddress, to: MailAddress, mail: bytes) -> Reply:
        """The relay's answer to the final dot, which took the mail. Said, or Ended.

        A connection that was kept and is over before the text is opened anew: nothing was told by it.
        """
        if self.is_open:
            try:
                return self._carried(sender, to, mail)
            except (Said, Ended) as fault:
                if not self._was_over(fault):
                    raise
        self.close()
        try:
            self._open()
            self._greet()
            if self._relay.security == "starttls":
                self._start_tls()
            if self._relay.user:
                self._log_in()
        except BaseException:
            self.close()
            raise
        return self._carried(sender, to, mail)

    def part(self) -> None:
        """A farewell; whatever comes of it, the mails were taken."""
        if self.is_open:
            with suppress(Ended):
                self._send("quit", b"QUIT\r\n", self._relay.times.quit_us)
                self._reply()
            self.close()

    def close(self) -> None:
        """The end, without a word."""
        if self._wire is not None:
            self._wire.close()
        self._wire, self._features, self._was_refused, self.mails = None, {}, False, 0

    # -- one mail --------------------------------------------------------------------------------------------

    def _carried(self, sender: MailAddress, to: MailAddress, mail: bytes) -> Reply:
        try:
            reply = self._mailed(sender, to, mail)
        except Said as said:
            self._was_refused = True
            if said.reply.code == 421:  # it closes the connection
                self.close()
            raise
        except BaseException:
            self.close()
            raise
        self.mails += 1
        return reply

    def _mailed(self, sender: MailAddress, to: MailAddress, mail: bytes) -> Reply:
        times = self._relay.times
        if self._was_refused:
            self._ask("rset", "RSET", (250,))
            self._was_refused = False
        beyond = "" if sender.is_ascii and to.is_ascii else " SMTPUTF8"
        if beyond and "SMTPUTF8" not in self._features:
            raise Said("rcpt", Reply(553, ("the relay takes no addresses beyond ASCII",)))
        size = f" SIZE={len(mail)}" if "SIZE" in self._features else ""
        self._ask("mail", f"MAIL FROM:<{sender}>{size}{beyond}", (250,))
        self._ask("rcpt", f"RCPT TO:<{to}>", (250, 251))
        self._ask("data", "DATA", (354,))
        self._send("text", stuffed(mail), times.text_us)
        # On its own, so that a connection that breaks within the text leaves no doubt.
        self._send("dot", b".\r\n", times.dot_us)
        reply = self._reply()
        if reply.code // 100 != 2:
            raise Said("dot", reply)
        return reply

    def _was_over(self, fault: Said | Ended) -> bool:
        """Whether a mail failed because of what went by this connection before, and not by itself."""
        if isinstance(fault, Said):
            return fault.verb in ("rset", "mail") or (fault.verb != "dot" and fault.reply.code == 421)
        return self.verb in ("rset", "mail", "rcpt", "data") and fault.end != "timeout"

    # -- steps -----------------------------------------------------------------------------------------------

    def _open(self) -> None:
        relay = self._relay
        self.verb, self._secure = "connect", relay.security == "tls"
        policy = Policy(
            ports=None,
            allow_private=relay.is_private,
            total_us=relay.times.connect_us,
            connect_us=relay.times.connect_us,
        )
        self._wire = self._guard.connect(relay.host, relay.port, policy).wire
        if self._secure:
            self._tls()
        self._reader = Reader(self._wire, _LONGEST_REPLY)
        self._begin("greeting", relay.times.verb_us)
        reply = self._reply()
        if reply.code != 220:
            raise Said("greeting", reply)

    def _greet(self) -> None:
        try:
            reply = self._ask("ehlo", f"EHLO {self._relay.hello}", (250,))
        except Said as said:
            if said.reply.code not in (500, 501, 502, 504, 550):
                raise
            reply = self._ask("ehlo", f"HELO {self._relay.hello}", (250,))
            self._features = {}
            return
        words = [line.upper().partition(" ") for line in reply.lines[1:]]
        self._features = {word: rest for word, _, rest in words}

    def _start_tls(self) -> None:
        if "STARTTLS" not in self._features:
            raise Said("starttls", Reply(554, ("the relay offers no STARTTLS",)))
        self._ask("starttls", "STARTTLS", (220,))
        # Said before TLS by whoever stands between, it would be taken for said within.
        if not self._reader.is_empty:
            raise Ended("protocol", "injected", "something was said between STARTTLS and TLS")
        self._secure = True
        self._tls()
        self._greet()

    def _tls(self) -> None:
        assert self._wire is not None, "there is a connection"
        self._begin("tls", self._relay.times.connect_us)
        self._guard.secure(self._wire, self._relay.host)
        self._reader = Reader(self._wire, _LONGEST_REPLY)

    def _log_in(self) -> None:
        relay = self._relay
        if not self._secure:
            raise Said("auth", Reply(538, ("a password is not said without TLS",)))
        ways = self._features.get("AUTH", "").split()
        if "PLAIN" in ways or "LOGIN" not in ways:
            self._ask(
                "auth", f"AUTH PLAIN {_packed(f'{chr(0)}{relay.user}{chr(0)}{relay.password}')}", (235,)
            )
            return
        self._ask("auth", "AUTH LOGIN", (334,))
        self._ask("auth", _packed(relay.user), (334,))
        self._ask("auth", _packed(relay.password), (235,))

    # -- lines -----------------------------------------------------------------------------------------------

    def _begin(self, verb: Verb, within_us: Duration) -> None:
        assert self._wire is not None, "there is a connection"
        self.verb = self._wire.phase = verb
        self._wire.until = self._ticks() + within_us

    def _send(self, verb: Verb, data: bytes, within_us: Duration) -> None:
        assert self._wire is not None, "there is a connection"
        self._begin(verb, within_us)
        self._wire.send(data)

    def _ask(self, verb: Verb, line: str, good: tuple[int, ...]) -> Reply:
        self._send(verb, line.encode() + b"\r\n", self._relay.times.verb_us)
        reply = self._reply()
        if reply.code not in good:
            raise Said(verb, reply)
        return reply

    def _reply(self) -> Reply:
        """The next reply, of one line or more. Ended if it is none."""
        self._reader.allow(_LONGEST_REPLY, "reply")
        code, lines, more = b"", [], True
        while more:
            found = _REPLY.fullmatch(self._reader.line())
            if found is None or (code and found[1] != code):
                raise Ended("protocol", "reply", "what the relay said is no reply of SMTP")
            code, more = found[1], found[2] == b"-"
            lines.append((found[3] or b"").decode("utf-8", "replace").strip())
        return Reply(int(code), tuple(lines))


def stuffed(mail: bytes) -> bytes:
    """A mail as it is sent: a dot that begins a line is doubled, and the last line has its end."""
    mail = re.sub(rb"\r\n|\r|\n", b"\r\n", mail)
    mail = re.sub(rb"(?m)^\.", b"..", mail)
    return mail if mail.endswith(b"\r\n") else mail + b"\r\n"


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def secrets_of(relay: Relay) -> tuple[str, ...]:
    """What must not stand in evidence, in every form in which it was said."""
    plain = f"\0{relay.user}\0{relay.password}"
    return (relay.password, _packed(relay.password), _packed(plain)) if relay.password else ()
