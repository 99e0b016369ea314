"""Webhooks out: where a party wants events sent, and what became of each that was."""

from __future__ import annotations

import re
from typing import Annotated, Final

from django.http import HttpResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from upheld.api import endpoint_schemas, schemas
from upheld.api.body import SINGLE, faulty, read_as
from upheld.api.operations import Body, Operation, Request, read, sent, sent_page
from upheld.api.parameters import After, Limit
from upheld.api.problems import refuse
from upheld.app.asking import NotThereError
from upheld.app.endpoints import (
    PREFIX,
    EndpointError,
    Made,
    NotNowError,
    Wanted,
    change_endpoint,
    deliver_again,
    deliveries_of,
    endpoint_of,
    endpoints_of,
    make_endpoint,
    remove_endpoint,
    try_endpoint,
    turn_endpoint,
)
from upheld.app.faring import origin
from upheld.app.policies import policy
from upheld.core.timeline.instant import Instant, format_instant
from upheld.render.record_values import instant
from upheld.store.models import Attempt, Endpoint, Message

_NEW: Final = Body({"application/json": endpoint_schemas.NEW_ENDPOINT}, SINGLE)
_CHANGED: Final = Body({"application/json": endpoint_schemas.CHANGED_ENDPOINT}, SINGLE)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def _is_said(value: object) -> object:
    if value is None:
        raise PydanticCustomError("null", "there is nothing", {"way_out": "leave it out, and it stays"})
    return value


_SAID: Final = BeforeValidator(_is_said)


class EndpointSaid(BaseModel):
    """An endpoint as it is to be; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[Annotated[str, Field(min_length=1, max_length=2000)] | None, _SAID] = None
    kinds: Annotated[
        Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)] | None, _SAID
    ] = None
    description: Annotated[Annotated[str, Field(max_length=200)] | None, _SAID] = None
    tell: Annotated[Annotated[str, Field(min_length=1, max_length=200)] | None, _SAID] = None
    enabled: Annotated[bool | None, _SAID] = None

    @property
    def wanted(self) -> Wanted:
        """As the use cases take it."""
        return Wanted(self.url, self.kinds, self.description, self.tell, self.enabled)


def make(request: Request) -> HttpResponse:
    """Sends events to a URL from now on, signed by a secret that is shown this once.

    To the URL of a customer a challenge is sent first, and nothing else until it is answered by its text.
    """
    _, body = read(request, _NEW)
    wanted = read_as(EndpointSaid, body).wanted
    caller = request.auth
    try:
        made = make_endpoint(caller.who, wanted, caller.at, caller.random_bytes)
    except EndpointError as fault:
        raise faulty(fault, body) from None
    return _shown(made, caller.at, 201)


def read_all(request: Request) -> HttpResponse:
    """Where events are sent, and how that fares. Secrets are shown once, and paths of URLs never."""
    caller = request.auth
    return sent({"endpoints": [_record(one, caller.at) for one in endpoints_of(caller.who)]})


def read_one(request: Request, endpoint: str) -> HttpResponse:
    """An endpoint, and how it fares."""
    caller = request.auth
    return sent(_record(endpoint_of(caller.who, _number(endpoint)), caller.at))


def change(request: Request, endpoint: str) -> HttpResponse:
    """Gives an endpoint another URL, other kinds of events, or switches it on or off.

    What was owed to it by then is not sent. Whoever is switched on is told what changes from then on.
    """
    _, body = read(request, _CHANGED)
    wanted = read_as(EndpointSaid, body).wanted
    caller = request.auth
    try:
        changed = change_endpoint(caller.who, _number(endpoint), wanted, caller.at, caller.random_bytes)
    except EndpointError as fault:
        raise faulty(fault, body) from None
    except NotNowError as fault:
        raise refuse("conflict", str(fault)) from None
    return sent(_record(changed, caller.at))


def remove(request: Request, endpoint: str) -> HttpResponse:
    """Sends nothing there any more, and forgets what was sent."""
    remove_endpoint(request.auth.who, _number(endpoint), request.auth.at)
    return sent({"removed": True})


def turn(request: Request, endpoint: str) -> HttpResponse:
    """Gives an endpoint a new secret, which is shown this once; the one before signs beside it for a day."""
    caller = request.auth
    try:
        made = turn_endpoint(caller.who, _number(endpoint), caller.at, caller.random_bytes)
    except NotNowError as fault:
        raise refuse("conflict", str(fault)) from None
    return _shown(made, caller.at)


def try_out(request: Request, endpoint: str) -> HttpResponse:
    """Sends an event that says nothing, or the challenge again to whoever is not proven yet."""
    caller = request.auth
    try:
        owed = try_endpoint(caller.who, _number(endpoint), caller.at, caller.random_bytes)
    except NotNowError as fault:
        raise refuse("conflict", str(fault)) from None
    return sent(_delivery(owed))


def read_deliveries(request: Request, endpoint: str, after: After = 0, limit: Limit = 100) -> HttpResponse:
    """The last events for an endpoint, the newest first, with every attempt to send each.

    `next` is the `after` of the next page of the list, on which older ones are, if there is one.

    An attempt is `unknown` if the event was sent and no answer came. What a receiver answered is not told,
    but for its status.
    """
    seen = deliveries_of(request.auth.who, _number(endpoint), after, limit + 1)
    return sent_page("deliveries", seen, limit, _delivery, lambda one: one.pk)


def send_again(request: Request, endpoint: str, delivery: str) -> HttpResponse:
    """Sends an event once more, under the same `webhook-id`, whether it was accepted or not."""
    caller = request.auth
    try:
        owed = deliver_again(caller.who, _number(endpoint), delivery, caller.at)
    except NotNowError as fault:
        raise refuse("conflict", str(fault)) from None
    return sent(_delivery(owed))


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NotThereError
    return int(text)


def _record(one: Endpoint, now: Instant) -> dict[str, object]:
    return {
        "endpoint": str(one.pk),
        "to": origin(one),
        "kinds": one.kinds,
        "description": one.description,
        "tell": one.tell,
        "state": one.state,
        "said": one.said,
        "made_at": format_instant(one.made_at),
        "failed": one.failed,
        "failing_since": instant(one.failing_since),
        "rests_until": instant(one.rests_until if one.rests_until > now else None),
        "old_secret_until": instant(one.old_until if one.old_until > now else None),
    }


def _shown(made: Made, now: Instant, status: int = 200) -> HttpResponse:
    return sent({**_record(made.endpoint, now), "secret": made.secret}, status)


def _delivery(one: Message) -> dict[str, object]:
    kind, _, number = one.cause.partition("/")
    attempts = sorted(one.attempts.all(), key=lambda each: each.number)
    return {
        "id": f"{PREFIX}{one.key}",
        "type": one.rule,
        "change": int(number) if kind == "change" else None,
        "happened_at": format_instant(one.stage_at),
        "state": one.state,
        # The last attempt says it, unless the event was given up without one.
        "said": "" if attempts and attempts[-1].said == one.said else one.said,
        "next_at": instant(one.next_at),
        "attempts": [_attempt(each) for each in attempts],
    }


def _attempt(one: Attempt) -> dict[str, object]:
    """Without what a receiver answered: whoever gave a URL does not read by it what stands there."""
    said = one.said if one.code is None else ""
    return {"at": format_instant(one.begun_at), "state": one.state, "status": one.code, "said": said}


OPERATIONS: Final = (
    Operation(
        "POST", "/endpoints", policy("keep endpoints"), "makeEndpoint", "Send events to a URL",
        {201: endpoint_schemas.MADE_ENDPOINT}, make, _NEW, keyed=False,
    ),
    Operation(
        "GET", "/endpoints", policy("read endpoints"), "readEndpoints", "Read where events are sent",
        {200: endpoint_schemas.ENDPOINTS}, read_all,
    ),
    Operation(
        "GET", "/endpoints/{endpoint}", policy("read endpoints"), "readEndpoint", "Read an endpoint",
        {200: endpoint_schemas.ENDPOINT}, read_one, finds=True,
    ),
    Operation(
        "PATCH", "/endpoints/{endpoint}", policy("keep endpoints"), "changeEndpoint", "Change an endpoint",
        {200: endpoint_schemas.ENDPOINT}, change, _CHANGED, finds=True, keyed=False,
    ),
    Operation(
        "DELETE", "/endpoints/{endpoint}", policy("keep endpoints"), "removeEndpoint", "Remove an endpoint",
        {200: schemas.REMOVED}, remove, finds=True,
    ),
    Operation(
        "POST", "/endpoints/{endpoint}/secret", policy("keep endpoints"), "turnSecret", "Turn its secret",
        {200: endpoint_schemas.MADE_ENDPOINT, 409: schemas.PROBLEM}, turn, finds=True,
    ),
    Operation(
        "POST", "/endpoints/{endpoint}/test", policy("keep endpoints"), "tryEndpoint", "Try an endpoint",
        {200: endpoint_schemas.DELIVERY, 409: schemas.PROBLEM}, try_out, finds=True,
    ),
    Operation(
        "GET", "/endpoints/{endpoint}/deliveries", policy("read endpoints"), "readDeliveries",
        "Read what was sent", {200: endpoint_schemas.DELIVERIES}, read_deliveries, finds=True,
    ),
    Operation(
        "POST", "/endpoints/{endpoint}/deliveries/{delivery}/again", policy("keep endpoints"), "sendAgain",
        "Send an event again", {200: endpoint_schemas.DELIVERY, 409: schemas.PROBLEM}, send_again, finds=True,
    ),
)  # fmt: skip
