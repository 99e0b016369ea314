"""A message, and what became of one attempt to send it."""

from __future__ import annotations

import re
from typing import Final, Literal, Protocol

from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.net.url import UrlError, parse_url

State = Literal["accepted", "refused", "failed", "unknown"]
"""The other side took it; will never take it; did not take it this time; may have taken it."""

LONGEST_EVIDENCE: Final = 500
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. ValueError unless `key` is 64 hexadecimal digits and `unsubscribe` empty or an https URL.

    The key is the same in every attempt: whoever gets a message twice can tell by it. `follows` is the key of
    an earlier message about the same cause. `possible_repeat` is the sentence that says so, in the language
    of the recipient, when an earlier attempt may have arrived. `data` is the JSON that a webhook carries;
    empty: subject and text. `proof` is the text that its receiver has to answer; empty: whatever it likes.
    """

    key: str
    subject: str
    text: str
    html: str = ""
    data: bytes = b""
    possible_repeat: str = ""
    follows: str = ""
    unsubscribe: str = ""
    proof: str = ""

    def __post_init__(self) -> None:
        for key in (self.key, self.follows or self.key):
            if not _KEY.fullmatch(key):
                raise ValueError("the key of a message is 64 hexadecimal digits")
        if self.unsubscribe:
            try:
                is_secure = parse_url(self.unsubscribe).is_secure
            except UrlError:
                is_secure = False
            if not is_secure:
                raise ValueError("to unsubscribe is an https URL")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of an attempt that began at `at`.

    `evidence` is what the other side said, or how the attempt ended, without secrets and control characters;
    `code` its number. `of_channel`: it was not about this recipient, so others wait as well. `disables`: the
    recipient asked for no more. `retry_after_us` is how long the other side wants to be left alone.
    """

    state: State
    at: Instant
    evidence: str
    code: int | None = None
    of_channel: bool = False
    disables: bool = False
    retry_after_us: Duration | None = None


class Channel(Protocol):
    """A way to one recipient."""

    def send(self, message: Message, at: Instant) -> Delivery:
        """One attempt, now, which is `at`. Never raises for what the other side does."""
        ...


def evident(text: str, *secrets: str) -> str:
    """A text of the other side as evidence: one line, no control characters, no secrets, not too long."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "****")
    plain = "".join(character if character.isprintable() else " " for character in text)
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST_EVIDENCE else plain[: LONGEST_EVIDENCE - 1] + "…"
