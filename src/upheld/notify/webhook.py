"""Webhooks, first-hand: signed, through the guard, never redirected."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import Final

from upheld.core.timeline.instant import DAY, SECOND, Duration, Instant, instant_of
from upheld.core.values.frozen import dataclass
from upheld.net.guard import Guard, Request
from upheld.net.outcome import Outcome
from upheld.net.policy import FOR_WEBHOOKS, Policy
from upheld.notify.message import Delivery, Message, evident
from upheld.notify.signing import signed

GONE: Final = 410
LONGEST_PAUSE_US: Final = DAY
NO_PROOF: Final = "the answer is not the text of the challenge"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A URL that a customer named, with one secret or, while they change, two (`whsec_...`)."""

    guard: Guard
    url: str
    secrets: tuple[str, ...]
    policy: Policy = FOR_WEBHOOKS

    def __repr__(self) -> str:
        return "Webhook(****)"

    def send(self, message: Message, at: Instant) -> Delivery:
        """One attempt. ValueError for secrets that are none.

        Accepted by any status from 200 to 299, where a proof is asked for by one with the proof. 410 asks for
        no more. Any other answer is one that may change. Without an answer it is unknown, if some of the
        request may have arrived.
        """
        body = message.data or _plain(message)
        headers = signed(f"msg_{message.key}", at, body, self.secrets)
        if message.possible_repeat:
            headers["upheld-possible-repeat"] = "yes"
        request = Request(self.url, "POST", {"Content-Type": "application/json", **headers}, body)
        return _delivery(self.guard.fetch(request, self.policy), at, message.proof)


def _plain(message: Message) -> bytes:
    said = {"subject": message.subject, "text": message.text}
    return json.dumps(said, ensure_ascii=True, sort_keys=True).encode("ascii")


def _delivery(outcome: Outcome, at: Instant, proof: str) -> Delivery:
    status = outcome.status
    if status is None:
        told = evident(f"{outcome.end}: {outcome.detail}")
        if outcome.end == "refused":
            return Delivery("refused", at, told)
        return Delivery("unknown" if outcome.sent else "failed", at, told)
    # The status was read; if the rest of the answer was too long or late, it says nothing that matters.
    told = evident(f"{status} {outcome.body[:2000].decode('utf-8', 'replace')}")
    if 200 <= status < 300:
        if proof and not _says(outcome.body, proof):
            return Delivery("failed", at, NO_PROOF, status)
        return Delivery("accepted", at, told, status)
    if status == GONE:
        return Delivery("refused", at, told, status, disables=True)
    pause = _pause(outcome.header("retry-after"), at)
    return Delivery("failed", at, told, status, retry_after_us=pause)


def _says(body: bytes, proof: str) -> bool:
    """Whether an answer is the proof: as it stands, or as `challenge` of a JSON object."""
    text = body.decode("utf-8", "replace").strip()
    if text == proof:
        return True
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("challenge") == proof


def _pause(text: str | None, at: Instant) -> Duration | None:
    """How long to wait, as seconds or a date say it; None if nothing sensible is said."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return min(int(text[:9]) * SECOND, LONGEST_PAUSE_US)
    try:
        pause = instant_of(parsedate_to_datetime(text)) - at
    except (ValueError, TypeError, OverflowError):
        return None
    return min(pause, LONGEST_PAUSE_US) if pause > 0 else None
