"""Who promises and who is told: providers are made, people are kept with the ways to them."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from django.http import HttpResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from upheld.api import party_schemas, schemas
from upheld.api.body import SINGLE, faulty, read_as
from upheld.api.operations import Body, Operation, Request, read, sent, sent_page
from upheld.api.parameters import After, Limit, Named, Whose
from upheld.api.problems import refuse
from upheld.app.people import (
    PersonError,
    Quiet,
    StillAskedError,
    Way,
    people_of,
    put_person,
    take_person,
    webhook_secret,
)
from upheld.app.policies import policy
from upheld.app.providers import ProviderError, ProviderThereError, found_provider
from upheld.store.models import Person

_PROVIDER: Final = Body({"application/json": party_schemas.PROVIDER}, SINGLE)
_PERSON: Final = Body({"application/json": party_schemas.PERSON}, SINGLE)
Clock = Annotated[str, Field(pattern=party_schemas.TIME_OF_DAY)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
_SERVICES: Final = (
    "give one of these; services (SMS, Slack and others) are named by the operator alone, by "
    "`upheld admin person --service`, as their URL holds the secret of an account that sends"
)


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProviderSaid(_Closed):
    """A provider: its key in addresses, its name in agreements."""

    key: Annotated[str, Field(min_length=1, max_length=60)]
    name: Name


class QuietSaid(_Closed):
    """Hours of the local day in which only pages come."""

    from_: Clock = Field(alias="from")
    until: Clock


def _sent_by(value: object) -> object:
    if value not in ("mail", "webhook"):
        raise PydanticCustomError("way", "it is `mail` or `webhook`", {"way_out": _SERVICES})
    return value


class WaySaid(_Closed):
    """A way to somebody. A webhook's secret is made here, so that nobody has to think one out."""

    channel: Annotated[str, Field(min_length=1, max_length=40)]
    way: Annotated[Literal["mail", "webhook"], BeforeValidator(_sent_by)]
    address: Annotated[str, Field(min_length=1, max_length=2000)]


class PersonSaid(_Closed):
    """Somebody who is told."""

    name: Name
    roles: Annotated[list[Name], Field(max_length=50)] = []
    ways: Annotated[list[WaySaid], Field(min_length=1, max_length=20)]
    customer: Name | None = None
    language: Literal["en", "nl"] = "en"
    zone: Annotated[str, Field(min_length=1, max_length=60)] = "UTC"
    quiet: QuietSaid | None = None
    digest: Clock = "08:00"


def make_provider(request: Request) -> HttpResponse:
    """Makes a provider, and gives the token of its owner: this once.

    For whoever shows the setup token of the server.
    """
    _, body = read(request, _PROVIDER)
    said = read_as(ProviderSaid, body)
    caller = request.auth
    try:
        made = found_provider(said.key, said.name, caller.at, caller.random_bytes)
    except ProviderThereError as fault:
        raise refuse("conflict", str(fault)) from None
    except ProviderError as fault:
        raise faulty(fault, body) from None
    return sent({"key": said.key, "name": said.name, "token": made.text}, 201)


def keep_person(request: Request) -> HttpResponse:
    """Adds somebody who is told, or gives them other roles and ways; known by name, and customer.

    Each webhook that was not given before gets a secret, which is shown this once.
    """
    _, body = read(request, _PERSON)
    said = read_as(PersonSaid, body)
    secrets = [
        webhook_secret(request.auth.random_bytes) if one.way == "webhook" else None for one in said.ways
    ]
    ways = [
        Way(one.channel, one.way, one.address, secret or "")
        for one, secret in zip(said.ways, secrets, strict=True)
    ]
    quiet = Quiet(digest_s=seconds_of(said.digest))
    if said.quiet is not None:
        quiet = quiet._replace(from_s=seconds_of(said.quiet.from_), until_s=seconds_of(said.quiet.until))
    who = request.auth.who
    try:
        kept = put_person(
            who.provider_id, said.name, said.roles, ways, said.customer or "", said.language, said.zone, quiet
        )
    except PersonError as fault:
        raise faulty(fault, body) from None
    told = [
        {"channel": one.channel, "way": one.way, "secret": secret if one.secret == secret else None}
        for one, secret in zip(kept, secrets, strict=True)
    ]
    return sent({"name": said.name, "ways": told})


def seconds_of(clock: str) -> int:
    """The second of the day that a clock shows."""
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def read_people(request: Request, after: After = 0, limit: Limit = 100) -> HttpResponse:
    """Who is told, in which roles, by which ways; those behind `after`.

    Addresses and secrets are written, never read. `next` is the `after` of the next page of the list, if
    there is one.
    """
    seen = people_of(request.auth.who.provider_id, after, limit + 1)
    return sent_page("people", seen, limit, _record, lambda one: one.pk)


def _record(one: Person) -> dict[str, object]:
    return {
        "name": one.name,
        "customer": None if one.customer is None else one.customer.name,
        "roles": one.roles,
        "language": one.language,
        "zone": one.zone,
        "ways": [{"channel": way.channel, "way": way.way, "rests": way.rests} for way in one.reaches.all()],
    }


def remove_person(request: Request, name: Named, customer: Whose = None) -> HttpResponse:
    """Nobody of that name is told any more. `removed` says whether there was somebody.

    What waits to be sent to them is owed to nobody any more, and is told as failed. Whom a rota or a chain
    asks stays.
    """
    who = request.auth.who
    try:
        return sent({"removed": take_person(who.provider_id, name, customer or "", request.auth.at)})
    except StillAskedError as fault:
        raise refuse("conflict", str(fault)) from None


OPERATIONS: Final = (
    Operation(
        "POST", "/providers", policy("make providers"), "makeProvider", "Make a provider",
        {201: party_schemas.FOUNDED}, make_provider, _PROVIDER, keyed=False,
    ),
    Operation(
        "POST", "/people", policy("keep people"), "keepPerson", "Say who is told",
        {200: party_schemas.KEPT_PERSON}, keep_person, _PERSON, keyed=False,
    ),
    Operation(
        "GET", "/people", policy("read people"), "readPeople", "Read who is told",
        {200: party_schemas.PEOPLE}, read_people,
    ),
    Operation(
        "DELETE", "/people", policy("keep people"), "removePerson", "Say who is told no more",
        {200: schemas.REMOVED, 409: schemas.PROBLEM}, remove_person,
    ),
)  # fmt: skip
