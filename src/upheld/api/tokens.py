"""Tokens of programs: an owner makes them, sees when they end, and takes back one that got out."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpResponse
from ninja import Path
from pydantic import BaseModel, ConfigDict, Field

from upheld.api import party_schemas, schemas
from upheld.api.body import SINGLE, faulty, read_as
from upheld.api.operations import Body, Operation, Request, read, sent, sent_page
from upheld.api.parameters import LARGEST, After, Limit
from upheld.api.problems import refuse
from upheld.app.handing_out import ShownError, hand_out, take_back
from upheld.app.policies import policy
from upheld.app.refusal import FaultyError
from upheld.app.tokens import LONGEST, LONGEST_NAME, tokens_of
from upheld.core.timeline.instant import DAY, format_instant
from upheld.render.record_values import instant
from upheld.store.models import Token

_TOKEN: Final = Body({"application/json": party_schemas.TOKEN}, SINGLE)
Short = Annotated[str, Field(min_length=1, max_length=80)]
Number = Annotated[int, Path(ge=1, le=LARGEST, description="Its number.")]


class TokenSaid(BaseModel):
    """A token that is to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    role: Short
    scopes: Annotated[list[Short], Field(min_length=1, max_length=50)]
    customer: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    days: Annotated[int, Field(ge=1, le=LONGEST // DAY)] = 90
    signs: bool = False


def make_token(request: Request) -> HttpResponse:
    """Makes a token of a program, with some of your own scopes, and shows it this once.

    With `signs` nobody shows it: what is sent to `/webhooks/NUMBER` is signed with the secret that is shown.
    """
    _, body = read(request, _TOKEN)
    said = read_as(TokenSaid, body)
    caller = request.auth
    try:
        made = hand_out(
            caller.who, said.name, said.role, said.scopes, said.days, caller.at, caller.random_bytes,
            said.customer, said.signs,
        )  # fmt: skip
    except FaultyError as fault:
        raise faulty(fault, body) from None
    told = {"number": made.number, "ends_at": format_instant(caller.at + said.days * DAY)}
    shown = (None, made.text) if said.signs else (made.text, None)
    return sent({**told, "token": shown[0], "secret": shown[1]}, 201)


def read_tokens(request: Request, after: After = 0, limit: Limit = 100) -> HttpResponse:
    """The tokens of the provider and of its customers, those behind `after`: what each may, and until when.

    Texts are never read. `next` is the `after` of the next page of the list, if there is one.
    """
    seen = tokens_of(request.auth.who.provider_id, after, limit + 1)
    return sent_page("tokens", seen, limit, _record, lambda one: one.pk)


def remove_token(request: Request, number: Number) -> HttpResponse:
    """Nobody is let in by it any more. `removed` says whether there is such a one. Not the one you show."""
    caller = request.auth
    try:
        return sent({"removed": take_back(caller.who, number, caller.at)})
    except ShownError as fault:
        raise refuse("conflict", str(fault)) from None


def _record(one: Token) -> dict[str, Any]:
    return {
        "number": one.pk,
        "name": one.name,
        "role": one.role,
        "customer": None if one.customer is None else one.customer.name,
        "scopes": one.scopes.split(),
        "signs": one.sealed is not None,
        "made_at": format_instant(one.made_at),
        "ends_at": format_instant(one.expires_at),
        "revoked_at": instant(one.revoked_at),
    }


OPERATIONS: Final = (
    Operation(
        "POST", "/tokens", policy("keep tokens"), "makeToken", "Make a token",
        {201: party_schemas.MADE_TOKEN}, make_token, _TOKEN, keyed=False,
    ),
    Operation(
        "GET", "/tokens", policy("read tokens"), "readTokens", "Read who is let in by a token",
        {200: party_schemas.TOKENS}, read_tokens,
    ),
    Operation(
        "DELETE", "/tokens/{number}", policy("keep tokens"), "removeToken", "Let nobody in by a token",
        {200: schemas.REMOVED, 409: schemas.PROBLEM}, remove_token,
    ),
)  # fmt: skip
