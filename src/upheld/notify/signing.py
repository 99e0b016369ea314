"""Signatures of webhooks, as Standard Webhooks has them: over `id.timestamp.body`, byte for byte.

Two secrets live while one is exchanged for another: a request is signed by both, and one that fits is enough.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Final

from upheld.core.timeline.instant import MINUTE, SECOND, Duration, Instant

PREFIX: Final = "whsec_"
MOST_SECRETS: Final = 2
TOLERANCE_US: Final = 5 * MINUTE
_STAMP = re.compile(r"[1-9][0-9]{0,11}", re.ASCII)


class SignatureError(ValueError):
    """A request that is not signed, or not by one of the secrets, or not now."""


def secret_key(secret: str) -> bytes:
    """The key in a secret `whsec_...`. ValueError unless it is base64 of 24 to 64 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeError):
        key = b""
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise ValueError("the secret of a webhook is whsec_ and the base64 of 24 to 64 bytes")
    return key


def signed(message_id: str, at: Instant, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers that sign a body sent at an instant. ValueError for no secret, or more than two."""
    if not 1 <= len(secrets) <= MOST_SECRETS:
        raise ValueError("a webhook has one secret, or two while they change")
    stamp = str(at // SECOND)
    signatures = (_signature(message_id, stamp, body, secret_key(secret)) for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode('ascii')}" for each in signatures),
    }


def verified(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], at: Instant,
    tolerance_us: Duration = TOLERANCE_US,
) -> str:  # fmt: skip
    """The id of a request that came at an instant with these headers. SignatureError.

    A caller that keeps the ids for longer than the sender repeats lets nothing happen twice.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    message_id, stamp, given = (
        lowered.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")
    )
    if not message_id or not _STAMP.fullmatch(stamp):
        raise SignatureError("the request does not say its id and its time")
    if abs(int(stamp) * SECOND - at) > tolerance_us:
        raise SignatureError("the time of the request is too far from now")
    found = [_unpacked(one) for one in given.split(" ")]
    fits = [
        hmac.compare_digest(_signature(message_id, stamp, body, secret_key(secret)), one)
        for secret in secrets
        for one in found
    ]
    if not any(fits):
        raise SignatureError("no signature of the request is by a secret that is known here")
    return message_id


def _unpacked(signature: str) -> bytes:
    version, _, text = signature.partition(",")
    try:
        return base64.b64decode(text.encode("ascii"), validate=True) if version == "v1" else b""
    except (binascii.Error, UnicodeError):
        return b""


def _signature(message_id: str, stamp: str, body: bytes, key: bytes) -> bytes:
    return hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
