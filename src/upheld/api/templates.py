"""How messages are worded: a provider's own texts by kind and language, and the messages that went out."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from django.http import HttpResponse
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from upheld.api import party_schemas, schemas
from upheld.api.body import NAME, SINGLE, placed, read_as
from upheld.api.operations import Body, Operation, Request, answered, done_once, sent, sent_page
from upheld.api.parameters import After, Limit
from upheld.app.once import Answered
from upheld.app.outbox import messages_of
from upheld.app.policies import policy
from upheld.app.wording import LONGEST_BODY, LONGEST_SUBJECT, put_template, take_template, wordings
from upheld.core.alerting.template import PLACEHOLDERS
from upheld.core.alerting.texts import Kind, Language, Template
from upheld.core.timeline.instant import format_instant
from upheld.core.values.finding import Place
from upheld.render.record_values import instant
from upheld.store.models import Message

_TEMPLATE: Final = Body({"application/json": party_schemas.TEMPLATE}, SINGLE)
State = Literal["waiting", "sending", "accepted", "suppressed", "failed"]
InLanguage = Annotated[Language, Query(description="In which language.")]
OfKind = Annotated[Kind, Query(description="Of which kind of message.")]
InState = Annotated[State | None, Query(description="Only those in this state.")]


class TemplateSaid(BaseModel):
    """How a kind of message is worded in a language."""

    model_config = ConfigDict(extra="forbid")

    language: Language
    kind: Kind
    subject: Annotated[str, Field(min_length=1, max_length=LONGEST_SUBJECT)]
    body: Annotated[str, Field(min_length=1, max_length=LONGEST_BODY)]


def keep_template(request: Request) -> HttpResponse:
    """Words a kind of message in a language from now on; known by both.

    What stands between braces is filled in once; a name that nobody fills in is refused.
    """

    def act(_: str, body: bytes) -> Answered:
        said = read_as(TemplateSaid, body)
        text = Template(said.subject, said.body)
        with placed(body):
            put_template(request.auth.who.provider_id, said.language, said.kind, text, Place(NAME))
        return answered({"language": said.language, "kind": said.kind})

    return done_once(request, _TEMPLATE, act)


def read_templates(request: Request) -> HttpResponse:
    """How every kind of message is worded in every language, and what can stand between braces."""
    told = [
        {"language": one.language, "kind": one.kind, **one.text._asdict(), "own": one.is_own}
        for one in wordings(request.auth.who.provider_id)
    ]
    return sent({"templates": told, "placeholders": list(PLACEHOLDERS)})


def remove_template(request: Request, language: InLanguage, kind: OfKind) -> HttpResponse:
    """The default text holds again. `removed` says whether there was another one."""
    return sent({"removed": take_template(request.auth.who.provider_id, language, kind)})


def read_messages(
    request: Request, after: After = 0, limit: Limit = 100, state: InState = None
) -> HttpResponse:
    """What was owed to whom, those behind `after`, and what became of it: each attempt, or the digest.

    `next` is the `after` of the next page of the list, if there is one.
    """
    seen = messages_of(request.auth.who.provider_id, after, limit + 1, state)
    return sent_page("messages", seen, limit, _record, lambda one: one.pk)


def _record(message: Message) -> dict[str, Any]:
    return {
        "number": message.pk,
        "contract": message.contract,
        "cause": message.cause,
        "rule": message.rule,
        "stage": message.stage,
        "urgency": message.urgency,
        "to": None if message.person is None else message.person.name,
        "channel": None if message.reach is None else message.reach.channel,
        "subject": message.subject,
        "owed_at": format_instant(message.owed_at),
        "state": message.state,
        "said": _said(message, message.said),
        "next_at": instant(message.next_at),
        "ended_at": instant(message.ended_at),
        "page": message.page_id,
        "digest": message.digest_id,
        "attempts": [
            {"at": format_instant(one.begun_at), "state": one.state, "said": _said(message, one.said)}
            for one in sorted(message.attempts.all(), key=lambda one: one.number)
        ],
    }


def _said(message: Message, text: str) -> str:
    """What was told of an attempt. Of what a program answered the status: it may stand where only this
    server comes, and whoever gives its address is not to read there."""
    status = text.partition(" ")[0]
    is_program = message.reach is not None and message.reach.way == "webhook"
    return status if is_program and status.isdecimal() else text


OPERATIONS: Final = (
    Operation(
        "POST", "/templates", policy("keep templates"), "keepTemplate", "Word a kind of message",
        {200: party_schemas.KEPT_TEMPLATE}, keep_template, _TEMPLATE,
    ),
    Operation(
        "GET", "/templates", policy("read templates"), "readTemplates", "Read how messages are worded",
        {200: party_schemas.TEMPLATES}, read_templates,
    ),
    Operation(
        "DELETE", "/templates", policy("keep templates"), "removeTemplate", "Take the default text again",
        {200: schemas.REMOVED}, remove_template,
    ),
    Operation(
        "GET", "/messages", policy("read messages"), "readMessages", "Read what was told to whom",
        {200: party_schemas.MESSAGES}, read_messages,
    ),
)  # fmt: skip
