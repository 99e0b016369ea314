"""Every id that a request may hold, made from what is served, with one's own, somebody else's, and nobody's.

What a field of a path, a query or a body names stands in `KINDS`, or that it names nothing in `NO_IDS`.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final, NamedTuple

from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse

from tests.live.api_desk import NOW, Party, contract
from tests.live.crowd import SIDES, Crowd, Id
from tests.live.test_api_walls import own_case
from upheld.api.build import OPERATIONS
from upheld.api.operations import Operation
from upheld.notify.signing import signed

KINDS: Final[Mapping[tuple[str, str], str]] = {
    ("pages", "number"): "page",
    ("tokens", "number"): "token",
    ("rotas", "number"): "override",
    ("rotas", "name"): "rota",
    ("probes", "name"): "probe",
    ("people", "name"): "person",
    ("*", "contract"): "contract",
    ("*", "customer"): "customer",
    ("*", "endpoint"): "endpoint",
    ("*", "delivery"): "delivery",
    ("*", "sender"): "sender",
    ("*", "component"): "component",
    ("*", "signal"): "signal",
    ("observations", "provider"): "provider",
    ("chains", "role"): "role",
    ("pages", "role"): "role",
    ("*", "levels.people"): "person",
    ("*", "levels.rota"): "rota",
    ("*", "layers.people"): "person",
    ("*", "person"): "person",
    ("*", "id"): "fact",
    ("*", "subject"): "subject",
    ("*", "data"): "contract",
    ("agreements", "files.*"): "contract",
}
"""What a field is an id of, by the first word of its path and its name."""
NO_IDS: Final = frozenset(
    [
        *(
            "at",
            "known",
            "after",
            "limit",
            "horizon",
            "waiting",
            "state",
            "dry_run",
            "ok",
            "language",
            "kind",
        ),
        *(
            "times",
            "roles",
            "ways",
            "ways.channel",
            "ways.way",
            "ways.address",
            "zone",
            "quiet",
            "quiet.from",
        ),
        *(
            "quiet.until",
            "digest",
            "levels",
            "levels.within",
            "layers",
            "layers.every",
            "layers.from",
            "layers.at",
        ),
        *(
            "layers.zone",
            "layers.until",
            "layers.hours",
            "always",
            "from",
            "until",
            "body",
            "specversion",
            "source",
        ),
        *(
            "type",
            "time",
            "recordedtime",
            "datacontenttype",
            "status",
            "latency_us",
            "latency_ms",
            "code",
            "for",
        ),
        *(
            "good",
            "total",
            "every",
            "settings",
            "files",
            "url",
            "kinds",
            "description",
            "tell",
            "enabled",
            "role",
        ),
        *("scopes", "days", "signs"),
    ]
)
"""Times, words and settings; and roles where nobody is looked up by one."""
COUNTED: Final = {
    ("statements", "period"),
    ("verdicts", "number"),
    ("tokens", "name"),
    ("templates", "subject"),
}
"""What is called as an id is elsewhere, or stands in a path: months, numbers of one's own report, titles."""
BEYOND: Final = {"makeProvider"}
"""Who makes providers stands between no walls."""
_WORDS: Final = re.compile(r"{(\w+)}")


class Site(NamedTuple):
    """Where an operation takes an id: of what, and where: `path`, `query` or `body` and the name there."""

    operation: Operation
    where: str
    name: str
    kind: str


def fields(operation: Operation) -> Iterator[tuple[str, str]]:
    """Every field of what an operation is asked with: where it is, and its name."""
    words = _WORDS.findall(operation.path)
    yield from (("path", name) for name in words)
    yield from (
        ("query", name)
        for name in inspect.signature(operation.does).parameters
        if name not in (*words, "request")
    )
    if operation.body is not None:
        schema = next(one for kind, one in operation.body.kinds.items() if kind.endswith("json"))
        yield from (("body", name) for name in dict.fromkeys(_names(schema)))


def _names(schema: Any, above: str = "") -> Iterator[str]:
    for name, inner in schema.get("properties", {}).items():
        yield above + name
        yield from _names(inner, f"{above}{name}.")
    for inner in (schema.get("items"), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if isinstance(inner, Mapping):
            yield from _names(inner, above)
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield f"{above}*"


def sites() -> Iterator[Site]:
    """Every place where an id is taken. LookupError for a field of which nobody has said what it is."""
    for operation in OPERATIONS:
        if operation.name in BEYOND:
            continue
        first = re.split("[/:]", operation.path)[1]
        for where, name in fields(operation):
            kind = KINDS.get((first, name)) or KINDS.get(("*", name))
            if (first, name) in COUNTED or (kind is None and where != "path" and name in NO_IDS):
                continue
            if kind is None:
                raise LookupError(
                    f"{operation.name}: say in KINDS of what `{name}` is an id, or in NO_IDS that it is none"
                )
            yield Site(operation, where, name, kind)


class Request(NamedTuple):
    """What is sent: words of the path, a query and a body."""

    operation: Operation
    words: dict[str, Id]
    query: dict[str, object]
    body: Any

    def having(self, site: Site, id_: Id) -> Request:
        """The same with an id at a place."""
        made = Request(self.operation, dict(self.words), dict(self.query), deepcopy(self.body))
        if site.where == "path":
            made.words[site.name] = id_
        elif site.where == "query":
            made.query[site.name] = id_
        elif site.name == "files.*":
            made.body["files"]["another.yaml"] = contract(str(id_), "Acme")
        else:
            _put(made.body, site, id_)
        return made


def _put(body: Any, site: Site, id_: Id) -> None:
    into = body[0] if isinstance(body, list) else body
    *above, name = site.name.split(".")
    for step in above:
        into = into[step][0]
    if site.name == "data":
        into["data"]["contract"] = id_
    else:
        into[name] = [id_] if name == "people" else id_
    if name == "rota":
        del into["people"]


def own(crowd: Crowd, party: str, kind: str) -> Id:
    """The id of what is a party's, or of its provider, or of a customer of that."""
    there = crowd.ids[kind]
    names = (party, SIDES[party], *(one for one, side in SIDES.items() if side == SIDES[party]))
    return next(there[one] for one in names if one in there)


def request(crowd: Crowd, party: str, operation: Operation, places: list[Site]) -> Request:
    """What a party would send of its own."""
    case = own_case(operation, "c1")
    words: dict[str, Id] = {"period": "2026-06", "number": 1}
    made = Request(operation, words, {**case.query}, deepcopy(case.body))
    for site in places:
        needed = site.where == "path" or site.name in made.query
        needed |= site.where == "body" and site.name not in ("levels.rota", "files.*", "id", "subject")
        is_there = site.where != "body" or site.name in ("customer", "provider") or made.body is not None
        if needed and is_there and not (site.where == "body" and site.name in ("customer", "provider")):
            made = made.having(site, own(crowd, party, site.kind))
    return made


def send(crowd: Crowd, party: Party, asked: Request) -> HttpResponse:
    """What is answered. What is signed is signed by a sender of Northwind, whoever asks."""
    operation = asked.operation
    path = operation.path.format(**asked.words)
    kind = "application/json" if operation.body is None else next(iter(operation.body.kinds))
    body = b"" if asked.body is None else json.dumps(asked.body).encode()
    headers = signed("m1", NOW, body, [crowd.secret]) if operation.signed else {}
    asks = Party(None) if operation.signed else party
    return asks.ask(operation.method, path, body, kind, query=asked.query, **headers)


def nobodys(id_: Id) -> Id:
    """An id that looks like another one, and that nobody has."""
    if isinstance(id_, int):
        return id_ + 10**6
    return id_[:-1] + chr(ord(id_[-1]) + (2 if id_[-1] in "01ab" else -2))


def is_seen(party: str, other: str, kind: str) -> bool:
    """Whether what is another party's is seen by one: a provider sees what its customers have.

    But for endpoints, which are of one party.
    """
    if party == other:
        return True
    return party == SIDES[party] == SIDES[other] and kind not in ("endpoint", "delivery")


class Ask(NamedTuple):
    """One question of the matrix: who asks, in which role, and what, with somebody else's id, or nobody's."""

    party: Party
    name: str
    role: str
    foreign: Request
    nobody: Request
    ids: tuple[tuple[Id, Id], ...]
    other: str

    def __str__(self) -> str:
        return f"{self.foreign.operation.name} by {self.role} with {self.ids} of {self.other}"


def asks(crowd: Crowd) -> Iterator[Ask]:
    """Every role, every id, every party that has one which is not theirs; ids singly, and all of it at once.

    Who may not ask at all does so once: no id is looked at.
    """
    refused = set()
    by_operation: dict[str, list[Site]] = {}
    for site in sites():
        by_operation.setdefault(site.operation.name, []).append(site)
    for places in by_operation.values():
        groups = [[one] for one in places] + ([places] if len(places) > 1 else [])
        # What is signed is Northwind's, whatever token is shown.
        who_asks = crowd.roles[:1] if places[0].operation.signed else crowd.roles
        for (party, name, role), group in ((who, group) for who in who_asks for group in groups):
            operation = places[0].operation
            whole = request(crowd, name, operation, places)
            for other in SIDES:
                taken = [(site, crowd.ids[site.kind].get(other)) for site in group]
                found = [(s, id_) for s, id_ in taken if id_ is not None and not is_seen(name, other, s.kind)]
                if not found or (len(group) > 1 and len(found) < 2):
                    continue
                if role not in operation.policy.roles:
                    if (role, operation.name) in refused:
                        continue
                    refused.add((role, operation.name))
                foreign = nobody = whole
                for site, id_ in found:
                    foreign, nobody = foreign.having(site, id_), nobody.having(site, nobodys(id_))
                yield Ask(
                    party, name, role, foreign, nobody, tuple((id_, nobodys(id_)) for _, id_ in found), other
                )


def rows(but_of: int = 0) -> list[list[tuple[object, ...]]]:
    """Every row of the store; but those of a provider, and those that do not say whose they are."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_app_config("store").get_models():
            says = any(one.column == "provider_id" for one in model._meta.concrete_fields)
            where = f"WHERE provider_id <> {but_of}" if but_of else ""
            if says or not but_of:
                cursor.execute(f"SELECT * FROM {model._meta.db_table} {where} ORDER BY 1")
                found.append(cursor.fetchall())
    return found


def undone(
    crowd: Crowd, party: Party, asked: Request, look: Callable[[HttpResponse], object]
) -> tuple[Any, Any]:
    """An answer and what is seen after it; all that was done is taken back."""
    with transaction.atomic():
        answer = send(crowd, party, asked)
        seen = look(answer)
        transaction.set_rollback(True)
    return answer, seen


def said(answer: HttpResponse, id_: tuple[Id, ...]) -> tuple[int, str, dict[str, str]]:
    """What somebody is told, without the words that they said themselves."""
    text = answer.content.decode()
    for one in id_:
        text = text.replace(one, "…") if isinstance(one, str) else text
    return answer.status_code, text, dict(answer.items())


def does_nothing(answer: HttpResponse) -> bool:
    """Whether an answer says that nothing was done."""
    return answer.status_code >= 400 or json.loads(answer.content) == {"removed": False}


def answers(crowd: Crowd, ask: Ask, is_left: Callable[[HttpResponse], bool]) -> tuple[object, object]:
    """What is told of somebody else's, with whether that is left as it was; and of what nobody has."""
    foreign, left = undone(crowd, ask.party, ask.foreign, is_left)
    nobody, _ = undone(crowd, ask.party, ask.nobody, lambda _: True)
    theirs, none = zip(*ask.ids, strict=True)
    return (said(foreign, theirs), left), (said(nobody, none), True)
