"""Webhooks in: who signs what they send is let in, once for each id, and nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse

from tests.live.api_desk import NOW, Party, World, event, problem, random_bytes, told
from tests.live.api_urls import CLOCK
from upheld.app.senders import MadeSender, make_sender, turn_secret
from upheld.app.tokens import TokenError, revoke_token
from upheld.core.timeline.instant import DAY, SECOND
from upheld.store.models import RecordedFact, Token

pytestmark = pytest.mark.slow

KIND = "application/cloudevents+json"


def sender(world: World, days: int = 100, role: str = "integration") -> MadeSender:
    """A help desk that sends to Northwind."""
    return make_sender(world.provider.pk, "desk", role, ["facts:write"], NOW, NOW + days * DAY, random_bytes)


def headers(id_: str, body: bytes, secret: str, at_s: int = NOW // SECOND) -> dict[str, str]:
    """As Standard Webhooks wants them, written down from its text."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id_}.{at_s}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": id_, "webhook-timestamp": str(at_s), "webhook-signature": signature}


def sent(to: int | str, body: bytes, signed: dict[str, str], kind: str = KIND) -> HttpResponse:
    """What is answered to a body with these headers and no token."""
    return Party(None).ask("POST", f"/webhooks/{to}", body, kind, **signed)


def one(id_: str = "f1", **data: Any) -> bytes:
    """A fact as it is sent."""
    return json.dumps(event(id_, **data)).encode()


def test_what_is_signed_is_recorded_under_the_name_of_the_sender(world: World) -> None:
    """One fact by 201, many as a list or in lines by 200; the actor is the sender."""
    made = sender(world)
    body = one()
    assert told(sent(made.id, body, headers("m1", body, made.secret)), 201)["new"] == 1
    many = json.dumps([event("f2", "T-2"), event("f3", "T-3")]).encode()
    answer = sent(made.id, many, headers("m2", many, made.secret), "application/cloudevents-batch+json")
    assert len(told(answer)["positions"]) == 2
    lines = one("f4", subject="T-4") + b"\n" + one("f5", subject="T-5") + b"\n"
    answer = sent(made.id, lines, headers("m3", lines, made.secret), "application/x-ndjson")
    assert told(answer)["new"] == 2
    assert RecordedFact.objects.count() == 5
    assert set(RecordedFact.objects.values_list("actor", flat=True)) == {f"token/{made.id}"}


def test_sent_again_is_answered_the_same_and_done_once(world: World) -> None:
    """Forty times, at other times of the day: one fact; another body under the same id is refused."""
    made = sender(world)
    body = one()
    answers = set()
    for i in range(40):
        CLOCK.at = NOW + i * SECOND
        answers.add(sent(made.id, body, headers("m1", body, made.secret, NOW // SECOND + i)).content)
    assert len(answers) == 1
    assert RecordedFact.objects.count() == 1
    other = one("f2", subject="T-2")
    problem(sent(made.id, other, headers("m1", other, made.secret)), 409, "key-reused")
    assert RecordedFact.objects.count() == 1


@pytest.mark.parametrize("off_s", [299, 300, -300])
def test_five_minutes_are_now(world: World, off_s: int) -> None:
    """A clock that is off by five minutes is near enough."""
    made = sender(world)
    body = one()
    assert told(sent(made.id, body, headers("m1", body, made.secret, NOW // SECOND + off_s)), 201)


@pytest.mark.parametrize("off_s", [301, -301, -86_400])
def test_what_was_signed_at_another_time_is_refused(world: World, off_s: int) -> None:
    """Somebody who recorded a request cannot play it again later under another id; nothing is recorded."""
    made = sender(world)
    body = one()
    refused = sent(made.id, body, headers("m1", body, made.secret, NOW // SECOND + off_s))
    problem(refused, 401, "unauthenticated")
    assert not RecordedFact.objects.exists()


def test_no_byte_can_be_changed(world: World) -> None:
    """Whichever byte of the body, the id, the time or the signature is another one: refused, all alike."""
    made = sender(world)
    body = one()
    good = headers("m1", body, made.secret)
    bad = [(body[:i] + bytes([body[i] ^ 1]) + body[i + 1 :], good) for i in range(len(body))]
    for name, value in good.items():
        bad += [(body, good | {name: value[:i] + ("A" if value[i] != "A" else "B") + value[i + 1 :]})
                for i in range(len(value) - (2 if name == "webhook-signature" else 0))]  # fmt: skip
        bad.append((body, {other: text for other, text in good.items() if other != name}))
    answers = {(answer.status_code, answer.content) for answer in (sent(made.id, *each) for each in bad)}
    assert {status for status, _ in answers} == {401}
    assert len(answers) == 1
    assert not RecordedFact.objects.exists()


def _revoked(world: World, made: MadeSender) -> None:
    revoke_token(world.provider.pk, made.id, NOW)


def _expired(world: World, made: MadeSender) -> None:
    CLOCK.at = NOW + 100 * DAY


def _unsigned(world: World, made: MadeSender) -> None:
    Token.objects.filter(pk=made.id).update(sealed=None)


@pytest.mark.parametrize("ends", [_revoked, _expired, _unsigned])
def test_who_may_no_more_is_nobody(world: World, ends: Callable[[World, MadeSender], None]) -> None:
    """A sender that ended and one that never was are answered by the same bytes, however well it signs."""
    made = sender(world)
    ends(world, made)
    body = one()
    signed = headers("m1", body, made.secret, CLOCK.at // SECOND)
    refused = sent(made.id, body, signed)
    problem(refused, 401, "unauthenticated")
    nobodys = ["999999", "0", "x", "1e3", "9" * 30, "-1"]
    assert {sent(to, body, signed).content for to in nobodys} == {refused.content}
    assert not RecordedFact.objects.exists()


def test_a_secret_is_turned_without_losing_anything(world: World) -> None:
    """The old secret lives beside the new one until the next turn, and no third one does."""
    made = sender(world)
    second = turn_secret(world.provider.pk, made.id, random_bytes)
    third = turn_secret(world.provider.pk, made.id, random_bytes)
    body = one()
    problem(sent(made.id, body, headers("m1", body, made.secret)), 401, "unauthenticated")
    assert told(sent(made.id, body, headers("m2", body, second)), 201)["new"] == 1
    assert told(sent(made.id, body, headers("m3", body, third)))["new"] == 0
    assert made.secret.encode() not in b"".join(
        bytes(row.sealed) for row in Token.objects.exclude(sealed=None)
    )


def test_a_secret_belongs_to_one_sender_and_one_provider(world: World) -> None:
    """Nobody turns the secret of another provider's sender, nor of a token that is shown."""
    made = sender(world)
    shown = Token.objects.filter(provider=world.provider, sealed=None).first()
    assert shown is not None
    with pytest.raises(Token.DoesNotExist):
        turn_secret(world.other.pk, made.id, random_bytes)
    with pytest.raises(Token.DoesNotExist):
        turn_secret(world.provider.pk, shown.pk, random_bytes)
    with pytest.raises(TokenError, match="auditor has not the scope facts:write"):
        sender(world, role="auditor")


def test_what_is_signed_can_still_be_wrong(world: World) -> None:
    """A fact of nothing, an id that is none, a kind that is not read, too large a body: told as ever."""
    made = sender(world)
    wrong = b'{"specversion":"1.0"}'
    problem(sent(made.id, wrong, headers("m1", wrong, made.secret)), 422, "invalid")
    body = one()
    problem(sent(made.id, body, headers("m" * 201, body, made.secret)), 422, "invalid")
    unknown = sent(made.id, body, headers("m2", body, made.secret), "text/plain")
    problem(unknown, 415, "unsupported-media-type")
    large = b" " * (256 * 1024 + 1)
    problem(sent(made.id, large, headers("m3", large, made.secret)), 413, "too-large")
    assert told(sent(made.id, body, headers("m1", body, made.secret)), 201)["new"] == 1, "m1 did nothing"
