"""Whom to wake for a role, level after level; the pages that went out, and who acknowledged them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from django.http import HttpResponse
from ninja import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from upheld.api import duty_schemas, schemas
from upheld.api.body import SINGLE, faulty, read_as
from upheld.api.operations import Body, Operation, Request, answered, done_once, sent, sent_page
from upheld.api.parameters import LARGEST, After, Limit
from upheld.app.acknowledge import acknowledge, pages_of
from upheld.app.asking import NotThereError
from upheld.app.chains import LONGEST_ROLE, MOST_PAGES, Level, chains_of, put_chain, take_chain
from upheld.app.once import Answered
from upheld.app.policies import policy
from upheld.app.refusal import Fault, FaultyError
from upheld.app.rehearse import NobodyError, rehearse
from upheld.core.timeline.instant import format_duration, format_instant, parse_duration
from upheld.render.record_values import instant
from upheld.store.models import Page

_CHAIN: Final = Body({"application/json": duty_schemas.CHAIN}, SINGLE)
_TEST: Final = Body({"application/json": duty_schemas.TEST}, SINGLE)
Name = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[int, Path(ge=1, le=LARGEST, description="Its number.")]
Waiting = Annotated[bool, Query(description="Only those that nobody has acknowledged.")]
Role = Annotated[str, Query(min_length=1, max_length=LONGEST_ROLE, description="Of which role.")]


class LevelSaid(BaseModel):
    """Who is asked, and how long they have."""

    model_config = ConfigDict(extra="forbid")

    people: Annotated[list[Name], Field(min_length=1, max_length=20)] = []
    rota: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    within: str


class ChainSaid(BaseModel):
    """Whom to wake for a role, one level after the other."""

    model_config = ConfigDict(extra="forbid")

    role: Annotated[str, Field(min_length=1, max_length=LONGEST_ROLE)]
    levels: Annotated[list[LevelSaid], Field(min_length=1, max_length=MOST_PAGES)]
    times: Annotated[int, Field(ge=1, le=MOST_PAGES)] = 1


class TestSaid(BaseModel):
    """For which role to try whether pages arrive."""

    model_config = ConfigDict(extra="forbid")

    role: Annotated[str, Field(min_length=1, max_length=LONGEST_ROLE)]


def levels_said(said: ChainSaid) -> list[Level]:
    """The levels of a chain, as they are kept. FaultyError for what is no time."""
    found: list[Level] = []
    faults: list[Fault] = []
    for number, one in enumerate(said.levels):
        try:
            found.append(Level(tuple(one.people), parse_duration(one.within), one.rota or ""))
        except ValueError as fault:
            faults.append(Fault(f"`within`: {fault}", "write it as 15m", f"levels.{number}.within"))
    if faults:
        raise FaultyError(*faults)
    return found


def keep_chain(request: Request) -> HttpResponse:
    """Says whom to wake for a role, level after level, until somebody acknowledges; known by the role.

    Pages that tell the role go by it from now on, also those that nobody has acknowledged yet.
    """

    def act(_: str, body: bytes) -> Answered:
        said = read_as(ChainSaid, body)
        try:
            levels = levels_said(said)
            put_chain(request.auth.who.provider_id, said.role, levels, said.times)
        except FaultyError as fault:
            raise faulty(fault, body) from None
        return answered({"role": said.role, "levels": len(levels), "times": said.times})

    return done_once(request, _CHAIN, act)


def read_chains(request: Request) -> HttpResponse:
    """Whom to wake for which role."""
    told = [
        {
            "role": one.role,
            "levels": [level_record(level) for level in one.levels],
            "times": one.times,
        }
        for one in chains_of(request.auth.who.provider_id)
    ]
    return sent({"chains": told})


def level_record(level: Mapping[str, Any]) -> dict[str, Any]:
    """A level as it was told."""
    whom = {name: level[name] for name in ("people", "rota") if name in level}
    return whom | {"within": format_duration(level["within_us"])}


def remove_chain(request: Request, role: Role) -> HttpResponse:
    """A role has no chain any more. `removed` says whether it had one. Nobody else is woken by it."""
    return sent({"removed": take_chain(request.auth.who.provider_id, role)})


def read_pages(
    request: Request, after: After = 0, limit: Limit = 100, waiting: Waiting = False
) -> HttpResponse:
    """For what people were woken, those behind `after`; who was, and who acknowledged it when.

    `next` is the `after` of the next page of the list, if there is one.
    """
    seen = pages_of(request.auth.who.provider_id, after, limit + 1, waiting)
    return sent_page("pages", seen, limit, _record, lambda one: one.pk)


def test_page(request: Request) -> HttpResponse:
    """Wakes whoever is woken for a role, now, with a message that says that it is a test.

    It goes the way of a real page: level after level, until somebody acknowledges.
    """

    def act(_: str, body: bytes) -> Answered:
        said = read_as(TestSaid, body)
        try:
            page = rehearse(request.auth.who.provider_id, said.role, request.auth.at)
        except NobodyError as fault:
            raise faulty(fault, body) from None
        return answered(_record(page), 201)

    return done_once(request, _TEST, act)


def acknowledge_page(request: Request, number: Number) -> HttpResponse:
    """Somebody takes care of it: nobody else is woken for it. Done before, it stays with the first one."""
    caller = request.auth
    who = caller.who
    page = acknowledge(
        who.provider_id, number, who.token or who.actor, who.actor, "api", caller.at, caller.salt
    )
    if page is None:
        raise NotThereError
    return sent(_record(page))


def _record(page: Page) -> dict[str, Any]:
    people = {one.person.name for one in page.messages.all() if one.person is not None}
    acknowledged = None
    if page.acknowledged_at is not None:
        acknowledged = {
            "by": page.acknowledged_by, "how": page.how, "at": format_instant(page.acknowledged_at)
        }  # fmt: skip
    return {
        "number": page.pk,
        "contract": page.contract,
        "cause": page.cause,
        "rule": page.rule,
        "stage": page.stage,
        "at": format_instant(page.paged_at),
        "told": sorted(people),
        "next_at": instant(page.next_at),
        "over_at": instant(page.over_at),
        "acknowledged": acknowledged,
    }


OPERATIONS: Final = (
    Operation(
        "POST", "/chains", policy("keep rotas"), "keepChain", "Say whom to wake for a role",
        {200: duty_schemas.KEPT_CHAIN}, keep_chain, _CHAIN,
    ),
    Operation(
        "GET", "/chains", policy("read rotas"), "readChains", "Read whom to wake",
        {200: duty_schemas.CHAINS}, read_chains,
    ),
    Operation(
        "DELETE", "/chains", policy("keep rotas"), "removeChain", "Say whom to wake no more",
        {200: schemas.REMOVED}, remove_chain,
    ),
    Operation(
        "GET", "/pages", policy("read pages"), "readPages", "Read who was woken for what",
        {200: duty_schemas.PAGES}, read_pages,
    ),
    Operation(
        "POST", "/pages", policy("acknowledge pages"), "testPage", "Send a test page",
        {201: duty_schemas.PAGE}, test_page, _TEST,
    ),
    Operation(
        "POST", "/pages/{number}/acknowledgement", policy("acknowledge pages"), "acknowledgePage",
        "Acknowledge a page", {200: duty_schemas.PAGE}, acknowledge_page, finds=True,
    ),
)  # fmt: skip
