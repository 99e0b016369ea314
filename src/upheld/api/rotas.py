"""Who is on call: rotas with layers and overrides, whose turn it is when, and when it is nobody's."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal

from django.http import HttpResponse
from ninja import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from upheld.api import duty_schemas, schemas
from upheld.api.body import SINGLE, faulty, read_as
from upheld.api.operations import Body, Operation, Request, answered, done_once, sent
from upheld.api.parameters import LARGEST, At, Horizon, instant_asked, until_asked
from upheld.api.parties import Clock, seconds_of
from upheld.api.problems import invalid, refuse, wrong_parameter
from upheld.app.asking import NotThereError
from upheld.app.once import Answered
from upheld.app.policies import policy
from upheld.app.refusal import Fault, FaultyError
from upheld.app.rotas import (
    RotaError,
    Said,
    layers_of,
    on_call_now,
    put_override,
    put_rota,
    rota_named,
    rotas_of,
    take_override,
    take_rota,
    turns_of,
)
from upheld.core.timeline.instant import DAY, Duration, Instant, format_instant, parse_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.slug import SLUG_PATTERN
from upheld.core.values.ways_out import WAYS_OUT
from upheld.store.models import RotaRow

AHEAD_US: Final[Duration] = 14 * DAY
"""So far ahead turns are told, unless a horizon is named."""
_ROTA: Final = Body({"application/json": duty_schemas.ROTA}, SINGLE)
_OVERRIDE: Final = Body({"application/json": duty_schemas.OVERRIDE}, SINGLE)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
Name = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[int, Path(ge=1, le=LARGEST, description="Its number.")]


_A_DATE: Final = {"way_out": "write a date such as 2026-06-01"}


def _date(said: object) -> date:
    if not isinstance(said, str) or _DATE.fullmatch(said) is None:
        raise PydanticCustomError("no_date", "it is no date", _A_DATE)
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise PydanticCustomError("no_date", "no month has this day", _A_DATE) from None


Day = Annotated[date, BeforeValidator(_date)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LayerSaid(_Closed):
    """People who take turns."""

    people: Annotated[list[Name], Field(min_length=1, max_length=50)]
    every: Literal["day", "week"]
    from_: Day = Field(alias="from")
    at: Clock = "00:00"
    zone: Annotated[str, Field(min_length=1, max_length=60)] = "UTC"
    until: Day | None = None
    hours: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class RotaSaid(_Closed):
    """Who is on call, by layers, the last one on top."""

    name: Annotated[str, Field(pattern=SLUG_PATTERN, max_length=80)]
    layers: Annotated[list[LayerSaid], Field(max_length=20)]
    always: Annotated[str, Field(min_length=1, max_length=80)] | None = None


class OverrideSaid(_Closed):
    """Somebody who is on call for a while."""

    person: Name
    from_: str = Field(alias="from")
    until: str


def layers_said(said: RotaSaid) -> list[Said]:
    """The layers of a rota, as they are kept."""
    return [
        Said(
            tuple(one.people), "daily" if one.every == "day" else "weekly", one.zone, one.from_,
            seconds_of(one.at), one.until, one.hours or "",
        )
        for one in said.layers
    ]  # fmt: skip


def keep_rota(request: Request) -> HttpResponse:
    """Says who is on call, or otherwise than before; known by its name. Overrides stay.

    With `always`, a role, somebody is on call around the clock: that role is told of gaps a week before they
    come, and woken a day before.
    """

    def act(_: str, body: bytes) -> Answered:
        said = read_as(RotaSaid, body)
        layers = layers_said(said)
        caller = request.auth
        try:
            put_rota(caller.who.provider_id, said.name, layers, caller.at, said.always or "")
        except RotaError as fault:
            raise faulty(fault, body) from None
        return answered({"name": said.name, "layers": len(layers)})

    return done_once(request, _ROTA, act)


def read_rotas(request: Request) -> HttpResponse:
    """Every rota as it was told, with the overrides that are not over, and who is on call now."""
    caller = request.auth
    return sent({"rotas": [_record(one, caller.at) for one in rotas_of(caller.who.provider_id)]})


def _record(row: RotaRow, at: Instant) -> dict[str, Any]:
    return {
        "name": row.name,
        "on_call": on_call_now(row, at),
        "always": row.tells or None,
        "layers": [layer_record(one) for one in layers_of(row)],
        "overrides": [
            {
                "number": one.pk, "person": one.person, "from": format_instant(one.start_at),
                "until": format_instant(one.end_at), "by": one.made_by,
            }
            for one in sorted(row.overrides.all(), key=lambda one: one.pk)
            if one.end_at > at
        ],
    }  # fmt: skip


def layer_record(said: Said) -> dict[str, Any]:
    """A layer as it was told."""
    hours, minutes = divmod(said.hand_over_s // 60, 60)
    return {
        "people": list(said.people),
        "every": "day" if said.pace == "daily" else "week",
        "from": said.from_on.isoformat(),
        "at": f"{hours:02}:{minutes:02}",
        "zone": said.zone,
        "until": None if said.until_on is None else said.until_on.isoformat(),
        "hours": said.hours or None,
    }


def read_turns(request: Request, name: str, at: At = None, horizon: Horizon = None) -> HttpResponse:
    """Whose turn it is from an instant on (default: now), for a fortnight or a horizon, and when nobody's.

    The first turn is whoever is on call then, unless a gap begins there.
    """
    caller = request.auth
    start_at = instant_asked(at, caller.at)
    until_at = until_asked(horizon, start_at) or start_at + AHEAD_US
    row = rota_named(caller.who.provider_id, name)
    if row is None:
        raise NotThereError
    try:
        found = turns_of(row, start_at, until_at)
    except BeyondHorizon as fault:
        raise invalid([wrong_parameter("beyond-horizon", "at", str(fault))]) from None
    told = {
        "name": row.name,
        "turns": [{"person": one.person, **_span(one.start_at, one.end_at)} for one in found.turns],
        "gaps": [_span(*one) for one in found.gaps],
    }
    return sent(told)


def _span(start_at: Instant, end_at: Instant) -> dict[str, str]:
    return {"from": format_instant(start_at), "until": format_instant(end_at)}


def remove_rota(request: Request, name: str) -> HttpResponse:
    """There is no such rota any more. `removed` says whether there was. One that a chain asks stays."""
    try:
        return sent({"removed": take_rota(request.auth.who.provider_id, name)})
    except RotaError as fault:
        raise refuse("conflict", str(fault)) from None


def instants_said(said: OverrideSaid) -> tuple[Instant, Instant]:
    """When an override begins and ends. FaultyError for what is no instant."""
    found: list[Instant] = []
    faults: list[Fault] = []
    for field, text in (("from", said.from_), ("until", said.until)):
        try:
            found.append(parse_instant(text))
        except ValueError as fault:
            faults.append(Fault(f"`{field}`: {fault}", WAYS_OUT["bad-instant"], field))
    if faults:
        raise FaultyError(*faults)
    start_at, end_at = found
    return start_at, end_at


def override_rota(request: Request, name: str) -> HttpResponse:
    """Puts somebody on call for a while, above the layers and every override before it."""

    def act(_: str, body: bytes) -> Answered:
        said = read_as(OverrideSaid, body)
        caller = request.auth
        who = caller.who
        try:
            start_at, end_at = instants_said(said)
            by = who.token or who.actor
            made = put_override(who.provider_id, name, said.person, start_at, end_at, by, caller.at)
        except FaultyError as fault:
            raise faulty(fault, body) from None
        if made is None:
            raise NotThereError
        return answered({"number": made}, 201)

    return done_once(request, _OVERRIDE, act)


def remove_override(request: Request, name: str, number: Number) -> HttpResponse:
    """An override holds no more. `removed` says whether it did."""
    caller = request.auth
    return sent({"removed": take_override(caller.who.provider_id, name, number, caller.at)})


OPERATIONS: Final = (
    Operation(
        "POST", "/rotas", policy("keep rotas"), "keepRota", "Say who is on call",
        {200: duty_schemas.KEPT_ROTA}, keep_rota, _ROTA,
    ),
    Operation(
        "GET", "/rotas", policy("read rotas"), "readRotas", "Read who is on call",
        {200: duty_schemas.ROTAS}, read_rotas,
    ),
    Operation(
        "GET", "/rotas/{name}/turns", policy("read rotas"), "readTurns", "Read whose turn it is when",
        {200: duty_schemas.TURNS}, read_turns, finds=True,
    ),
    Operation(
        "DELETE", "/rotas/{name}", policy("keep rotas"), "removeRota", "Remove a rota",
        {200: schemas.REMOVED, 409: schemas.PROBLEM}, remove_rota,
    ),
    Operation(
        "POST", "/rotas/{name}/overrides", policy("keep rotas"), "overrideRota",
        "Put somebody on call for a while", {201: schemas.NUMBERED}, override_rota, _OVERRIDE, finds=True,
    ),
    Operation(
        "DELETE", "/rotas/{name}/overrides/{number}", policy("keep rotas"), "removeOverride",
        "End an override", {200: schemas.REMOVED}, remove_override,
    ),
)  # fmt: skip
