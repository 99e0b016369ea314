"""How endpoints fare: their pace after each attempt, who is proven, and which are sent nothing more.

An endpoint that says so by 410, or that has failed for three days, is disabled, and its people are told.
"""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from django.db.models import Count, F

from upheld.app.changes import newest_change
from upheld.app.composing import notices, write
from upheld.app.events import CHALLENGE
from upheld.app.owe import EVERYONE
from upheld.app.pass_on import who_of
from upheld.core.timeline.instant import Instant, format_instant
from upheld.net.url import parse_url
from upheld.notify.message import Delivery
from upheld.notify.pace import MOST_FAILED, WELL, Pace, paced
from upheld.notify.webhook import NO_PROOF
from upheld.store.models import Attempt, Endpoint, Person
from upheld.store.sealing import SealError, seal, unseal

ON: Final = ("live", "unproven")
"""The states of an endpoint that is sent anything."""
ASKED: Final = "the receiver asked for no more, by 410"
SILENT: Final = "nothing was accepted for three days"
LONGEST_SAID: Final = 200
UNPROVEN: Final = "the challenge was not answered for three days"
_TEXTS: Final = {
    "en": (
        "Webhooks to {to} are switched off",
        (
            "Events are sent no more to endpoint {number} at {to} ({description}): {why}.\n"
            "What happens meanwhile is at /api/v1/changes. When it is mended, switch it on again."
        ),
    ),
    "nl": (
        "Webhooks naar {to} zijn uitgeschakeld",
        (
            "Er gaan geen berichten meer naar eindpunt {number} op {to} ({description}): {why}.\n"
            "Wat er intussen gebeurt, staat op /api/v1/changes. Schakel het weer in als het is hersteld."
        ),
    ),
}
_DUTCH: Final = {
    ASKED: "de ontvanger vroeg met 410 om niets meer te sturen",
    SILENT: "drie dagen lang is niets aangenomen",
    UNPROVEN: "de vraag om bewijs is drie dagen lang niet beantwoord",
}


class Address(NamedTuple):
    """A URL, and the secrets that sign what is sent there, the newest first."""

    url: str
    secrets: tuple[str, ...]


def origin(endpoint: Endpoint) -> str | None:
    """Where an endpoint is, without the path, which may hold a secret; None if it cannot be read any more."""
    try:
        found = parse_url(opened(endpoint).url)
    except SealError:
        return None
    return f"{found.scheme}://{found.authority}"


def sealed(address: Address) -> bytes:
    """An address as it rests."""
    return seal(json.dumps({"url": address.url, "secrets": address.secrets}))


def opened(endpoint: Endpoint) -> Address:
    """The address of an endpoint. SealError if the key of the server is another one."""
    said = json.loads(unseal(endpoint.sealed))
    return Address(said["url"], tuple(said["secrets"]))


def address_of(endpoint: Endpoint, at: Instant) -> str:
    """The address as the channel reads it: with the secrets that live at an instant."""
    url, secrets = opened(endpoint)
    live = secrets if at < endpoint.old_until else secrets[:1]
    return json.dumps({"url": url, "secrets": live})


def pace_of(endpoint: Endpoint) -> Pace:
    """How fast it is sent to."""
    return Pace(endpoint.failed, endpoint.failing_since, endpoint.rests_until)


def fared(pk: int, kind: str, delivery: Delivery, gave_up_since: Instant | None, at: Instant) -> None:
    """What an attempt says of an endpoint, which is locked.

    `gave_up_since`: the event is sent no more, and its first attempt was then.
    """
    endpoint = Endpoint.objects.select_related("provider").filter(pk=pk).first()
    if endpoint is None or endpoint.state not in ON:
        return
    before = pace_of(endpoint)
    pace = paced(before, delivery, at)
    if delivery.state == "accepted" and before.failed >= MOST_FAILED:  # it is there again
        endpoint.messages.filter(state="waiting", next_at__gt=at).update(next_at=at)
    endpoint.failed, endpoint.failing_since, endpoint.rests_until = pace
    endpoint.said = _said(delivery)
    if delivery.state == "accepted" and kind == CHALLENGE:
        begin(endpoint)
    endpoint.save()
    since = pace.failing_since
    has_failed = since is not None and gave_up_since is not None and since <= gave_up_since
    if delivery.disables:
        _disable(endpoint, ASKED, at)
    elif has_failed or pace.is_over(at):
        _disable(endpoint, SILENT if endpoint.proven else UNPROVEN, at)


def _said(delivery: Delivery) -> str:
    """Why an attempt was not accepted, without what the receiver answered: see `upheld.api.endpoints`."""
    if delivery.state == "accepted":
        return ""
    if delivery.code is None or delivery.evidence == NO_PROOF:
        return delivery.evidence[:LONGEST_SAID]
    return f"it was answered by {delivery.code}"


def begin(endpoint: Endpoint) -> None:
    """The URL is proven; what changes from now on is passed on."""
    endpoint.state, endpoint.said, endpoint.proven = "live", "", True
    endpoint.failed, endpoint.failing_since, endpoint.rests_until = WELL
    endpoint.told = newest_change(who_of(endpoint))


def end_owed(endpoint: Endpoint, why: str, at: Instant, *, under_way: bool = False) -> None:
    """What waits for an endpoint is sent no more; with `under_way` what is being sent says nothing of it.

    Of that nobody knows then whether it arrived.
    """
    ended: dict[str, object] = {"state": "failed", "said": why, "ended_at": at, "next_at": None}
    endpoint.messages.filter(state="waiting").update(**ended)
    if under_way:
        rows = endpoint.messages.filter(state="sending")
        for pk, number in rows.annotate(made=Count("attempts")).values_list("pk", "made"):
            Attempt.objects.create(message_id=pk, number=number + 1, begun_at=at, state="unknown", said=why)
        rows.update(**ended, held_until=None, hold=F("hold") + 1)


def _disable(endpoint: Endpoint, why: str, at: Instant) -> None:
    endpoint.state, endpoint.said = "disabled", why
    endpoint.save(update_fields=["state", "said"])
    end_owed(endpoint, why, at)

    def say(language: str) -> tuple[str, str]:
        said = {"to": origin(endpoint), "number": endpoint.pk, "description": endpoint.description}
        said["why"] = _DUTCH[why] if language == "nl" else why
        subject, text = _TEXTS["nl" if language == "nl" else "en"]
        return subject.format(**said), text.format(**said)

    people = Person.objects.filter(provider=endpoint.provider, customer=endpoint.customer_id)
    told = [
        one
        for one in people.prefetch_related("reaches")
        if endpoint.tell == EVERYONE or endpoint.tell in one.roles
    ]
    cause = f"endpoint/{endpoint.pk} at {format_instant(at)}"
    write(notices(endpoint.provider, told, endpoint.customer_id is not None, cause, at, say))
