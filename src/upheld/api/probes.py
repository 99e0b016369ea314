"""What is looked at from here, and heartbeats of what says by itself that it runs."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpResponse
from pydantic import BaseModel, ConfigDict, Field

from upheld.api import schemas
from upheld.api.body import SINGLE, faulty, placed, read_as
from upheld.api.operations import Body, Operation, Request, answered, done_once, sent
from upheld.api.parameters import Fine
from upheld.api.problems import refuse
from upheld.app.asking import NotThereError
from upheld.app.once import Answered
from upheld.app.policies import policy
from upheld.app.probing import ProbeError, came, put_target, take_target, targets_of
from upheld.app.refusal import Fault, FaultyError
from upheld.core.timeline.instant import parse_duration
from upheld.core.values.slug import SLUG_PATTERN
from upheld.render.record_values import instant
from upheld.store.sealing import SealError

_TARGET: Final = Body({"application/json": schemas.TARGET}, SINGLE)
Short = Annotated[str, Field(min_length=1, max_length=200)]


class TargetSaid(BaseModel):
    """What is looked at, of which component and signal, how, and how often."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=SLUG_PATTERN, max_length=100)]
    component: Short
    signal: Short
    kind: Annotated[str, Field(min_length=1, max_length=40)]
    every: str | None = None
    settings: dict[str, Any]


def keep_probe(request: Request) -> HttpResponse:
    """Looks at something from now on, or otherwise than before; known by its name.

    Settings are written and never read: their headers may hold secrets.
    """

    def act(_: str, body: bytes) -> Answered:
        said = read_as(TargetSaid, body)
        caller = request.auth
        try:
            every_us = None if said.every is None else parse_duration(said.every)
            with placed(body):
                row = put_target(
                    caller.who.provider_id, said.name, said.component, said.signal, said.kind, said.settings,
                    every_us, caller.at,
                )  # fmt: skip
        except ProbeError as fault:
            raise faulty(fault, body) from None
        except ValueError as fault:
            raise faulty(FaultyError(Fault(f"`every`: {fault}", "write it as 1m", "every")), body) from None
        return answered({"name": row.name, "kind": row.kind, "next_at": instant(row.next_at)})

    return done_once(request, _TARGET, act)


def read_probes(request: Request) -> HttpResponse:
    """What is looked at, when next, and why not, where this server refuses to."""
    told = [
        {
            "name": one.name,
            "component": one.component,
            "signal": one.signal,
            "kind": one.kind,
            "every_us": one.every_us,
            "next_at": instant(one.next_at),
            "said": one.said,
        }
        for one in targets_of(request.auth.who.provider_id)
    ]
    return sent({"probes": told})


def remove_probe(request: Request, name: str) -> HttpResponse:
    """Nothing of that name is looked at any more. `removed` says whether it was. What was seen stays."""
    return sent({"removed": take_target(request.auth.who.provider_id, name)})


def tell_beat(request: Request, name: str, ok: Fine = True) -> HttpResponse:
    """A heartbeat came, now. With `ok=false` the job says itself that it failed.

    409: of this very instant something else was told, and it stays.
    """
    try:
        is_expected = came(request.auth.who.provider_id, name, request.auth.at, ok)
    except SealError:
        detail = "what is expected of it was sealed by another key: give it again"
        raise refuse("conflict", detail) from None
    if not is_expected:
        raise NotThereError
    return sent({"taken": True})


OPERATIONS: Final = (
    Operation(
        "POST", "/probes", policy("keep probes"), "keepProbe", "Look at something",
        {200: schemas.KEPT_TARGET}, keep_probe, _TARGET,
    ),
    Operation(
        "GET", "/probes", policy("read probes"), "readProbes", "Read what is looked at",
        {200: schemas.TARGETS}, read_probes,
    ),
    Operation(
        "DELETE", "/probes/{name}", policy("keep probes"), "removeProbe", "Look at something no more",
        {200: schemas.REMOVED}, remove_probe,
    ),
    Operation(
        "POST", "/probes/{name}/beat", policy("tell observations"), "tellBeat", "Tell a heartbeat",
        {200: schemas.CAME, 409: schemas.PROBLEM}, tell_beat, finds=True,
    ),
)  # fmt: skip
