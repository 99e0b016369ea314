"""Operations as values: each says its policy, what it reads and what it answers; nothing else is served."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, Literal, TypeAlias, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Router

from upheld.api.body import body_of, kind_of
from upheld.api.guard import Caller, Guard, SignedGuard
from upheld.api.ports import Ports
from upheld.api.problems import CONTENT_TYPE, invalid, refuse, wrong_parameter
from upheld.api.schemas import PROBLEM
from upheld.app.asking import NotThereError
from upheld.app.inside import inside
from upheld.app.once import LONGEST_KEY, Answered, KeyReusedError, once
from upheld.app.policies import Policy
from upheld.app.refusal import RefusedError
from upheld.core.values.frozen import dataclass
from upheld.render.records import dumps

Method: TypeAlias = Literal["DELETE", "GET", "PATCH", "POST", "PUT"]
Schema: TypeAlias = Mapping[str, Any]
NOTHING: Final[Schema] = {}
R = TypeVar("R")
KEY_HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_REPLAYED: Final = {
    "schema": {"const": "true"},
    "description": "It was done before, and is answered the same.",
}
_ALWAYS: Final = (400, 401, 403, 405, 422, 429, 500, 503, 507)
_WITH_BODY: Final = (409, 411, 413, 415)
_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
_SIGNATURE: Final[tuple[Schema, ...]] = tuple(
    {"in": "header", "name": name, "required": True, "schema": {"type": "string"}, "description": text}
    for name, text in (
        ("webhook-id", "The same for what is sent again: it is done once."),
        ("webhook-timestamp", "Seconds since 1970; within five minutes of now."),
        ("webhook-signature", "`v1,` and the base64 of the HMAC of `id.timestamp.body`; several by spaces."),
    )
)


class Request(HttpRequest):
    """A request that was let in."""

    auth: Caller


@dataclass(frozen=True, slots=True)
class Body:
    """What an operation reads: the kinds of body with their schemas, and how large one may be."""

    kinds: Mapping[str, Schema]
    most: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path: who may, what it reads, what it answers by status, and what does it.

    What has a body takes an idempotency key, unless it is not `keyed`: it answers with a secret, which is not
    kept, or changes nothing when it is asked again. One that is `signed` asks for no token but for the
    signature of a webhook, whose id is its key. `kinds` are what it answers with 200 besides JSON, by media
    type; `parameters` are headers that it reads by itself.
    """

    method: Method
    path: str
    policy: Policy
    name: str
    summary: str
    answers: Mapping[int, Schema]
    does: Callable[..., HttpResponse]
    body: Body | None = None
    finds: bool = False
    keyed: bool = True
    signed: bool = False
    kinds: Mapping[str, Schema] = NOTHING
    parameters: tuple[Schema, ...] = ()

    @property
    def methods(self) -> tuple[str, ...]:
        """By which it is served: what can be got can be asked for without its body, too (RFC 9110, 9.3.2)."""
        return (self.method, "HEAD") if self.method == "GET" else (self.method,)

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that it can end with."""
        return tuple(
            sorted(
                {*self.answers, *_ALWAYS, *((404,) if self.finds else ()), *(_WITH_BODY if self.body else ())}
            )
        )

    @property
    def takes_key(self) -> bool:
        """Whether what is asked with an idempotency key is done once."""
        return self.body is not None and self.keyed and not self.signed

    def register(self, router: Router, ports: Ports) -> None:
        """Serves it, for whom its policy allows."""
        router.add_api_operation(
            self.path,
            list(self.methods),
            _strict(self),
            auth=SignedGuard(self.policy, ports) if self.signed else Guard(self.policy, ports),
            operation_id=self.name,
            summary=self.summary,
            description=inspect.getdoc(self.does),
            tags=[self.policy.name.partition(" ")[2]],
            openapi_extra=self._documentation(),
        )

    def _documentation(self) -> dict[str, Any]:
        responses: dict[int, Any] = {
            status: {"description": "Problem", "content": {CONTENT_TYPE: {"schema": _PROBLEM}}}
            for status in self.statuses
        }
        for status, schema in self.answers.items():
            if schema is PROBLEM:  # said above, as what it is sent as
                continue
            kinds = {"application/json": schema, **(self.kinds if status == 200 else NOTHING)}
            content = {kind: {"schema": dict(one)} for kind, one in kinds.items()}
            responses[status] = {"description": "Done", "content": content}
            if self.body is not None and self.keyed:
                responses[status]["headers"] = {REPLAYED: _REPLAYED}
        told: dict[str, Any] = {
            "responses": responses,
            "x-policy": self.policy.name,
            "x-roles": sorted(self.policy.roles),
        }
        if self.policy.scope:
            told["x-scope"] = self.policy.scope
        if self.body is not None:
            content = {kind: {"schema": dict(schema)} for kind, schema in self.body.kinds.items()}
            told["requestBody"] = {"required": True, "content": content}
        if self.signed:
            told["security"] = []
            told["parameters"] = [dict(one) for one in _SIGNATURE]
        elif self.parameters:
            told["parameters"] = [dict(one) for one in self.parameters]
        elif self.takes_key:
            told["parameters"] = [
                {
                    "in": "header",
                    "name": KEY_HEADER,
                    "required": False,
                    "schema": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": LONGEST_KEY,
                        "pattern": "^[!-+\\--~]+$",
                    },
                    "description": "The same key with the same request is answered the same and done once.",
                }
            ]
        return told


def _strict(operation: Operation) -> Callable[..., HttpResponse]:
    """What it does, which refuses a query and a key that it does not know, and tells refusals as problems."""
    does = operation.does
    signature = inspect.signature(does, eval_str=True)
    may_have_key = operation.takes_key or operation.signed or operation.method == "GET"
    names = set(signature.parameters) - {"request"}

    def run(request: Request, **arguments: Any) -> HttpResponse:
        found = []
        for name in request.GET:
            if name not in names:
                known = ", ".join(sorted(names)) or "none"
                message = f"`{name[:80]}` is no parameter here"
                found.append(wrong_parameter("unknown-field", name[:80], message, f"there is: {known}"))
            elif len(request.GET.getlist(name)) > 1:
                found.append(wrong_parameter("duplicate-key", name, f"`{name}` is there twice", "keep one"))
        for name, value in arguments.items():
            if isinstance(value, str) and "\x00" in value:
                message = f"`{name}` holds the character U+0000"
                found.append(wrong_parameter("control-character", name, message, "leave it out"))
        if KEY_HEADER in request.headers and not may_have_key:
            message = f"`{KEY_HEADER}` is not taken here: no answer is kept under it"
            found.append(wrong_parameter("unknown-field", KEY_HEADER, message, "leave it out"))
        if found:
            raise invalid(found)
        try:
            with inside(request.auth.who):
                return does(request, **arguments)
        except NotThereError:
            raise refuse("not-found") from None
        except RefusedError as refused:
            codes = {one.code for one in refused.findings}
            code = "conflict" if codes <= {"conflicting-facts", "conflicting-rows"} else "invalid"
            raise refuse(code, findings=refused.findings) from None

    run.__signature__ = signature  # type: ignore[attr-defined]  # ninja reads the parameters there
    run.__name__, run.__doc__, run.__module__ = does.__name__, does.__doc__, does.__module__
    return run


def sent(record: object, status: int = 200) -> HttpResponse:
    """A record as the command line prints it."""
    return HttpResponse(dumps(record).encode(), "application/json", status)


def sent_page(
    name: str, seen: Sequence[R], limit: int, record: Callable[[R], object], number: Callable[[R], int]
) -> HttpResponse:
    """At most so many of the rows that were seen, one more than is sent: `next` says where to go on."""
    more = number(seen[limit - 1]) if len(seen) > limit else None
    return sent({name: [record(one) for one in seen[:limit]], "next": more})


def done_once(
    request: Request, body: Body, act: Callable[[str, bytes], Answered], more: Sequence[str] = ()
) -> HttpResponse:
    """Reads a body and does what is asked; with an idempotency key, once.

    `act` gets the media type and the body. `more` is what else says what is asked.
    """
    sent = request.auth.sent
    key = key_of(request) if sent is None else checked_key(sent.key, "webhook-id")
    kind, data = read(request, body)
    if key is None:
        return _response(act(kind, data))
    parts = (request.method or "", request.path_info, kind, *more)
    told = sha256("\n".join(parts).encode() + b"\n\n" + data).hexdigest()
    caller = request.auth
    try:
        return _response(once(caller.who, key, told, caller.at, lambda: act(kind, data)))
    except KeyReusedError:
        raise refuse("key-reused") from None


def read(request: Request, body: Body) -> tuple[str, bytes]:
    """The media type of a body, and its bytes."""
    kind = kind_of(request, tuple(body.kinds))
    sent = request.auth.sent
    return kind, body_of(request, body.most) if sent is None else sent.body


def key_of(request: Request) -> str | None:
    """The idempotency key of a request, if it has one."""
    key = request.headers.get(KEY_HEADER)
    if key is not None and "," in key:  # so two headers come as one
        message = f"`{KEY_HEADER}` is there twice, or holds a comma"
        raise invalid([wrong_parameter("duplicate-key", KEY_HEADER, message, "send one, without a comma")])
    return None if key is None else checked_key(key, KEY_HEADER)


def checked_key(key: str, header: str) -> str:
    """The key in a header. Ends the request if none can be so."""
    if not (0 < len(key) <= LONGEST_KEY and all("!" <= one <= "~" for one in key)):
        message = f"`{header}` has 1 to {LONGEST_KEY} visible characters of ASCII"
        raise invalid([wrong_parameter("wrong-type", header, message, "take a UUID")])
    return key


def _response(done: Answered) -> HttpResponse:
    response = HttpResponse(done.body, "application/json", done.status)
    if done.before:
        response[REPLAYED] = "true"
    return response


def answered(record: object, status: int = 200) -> Answered:
    """A record as an answer that can be kept."""
    return Answered(status, dumps(record).encode())
