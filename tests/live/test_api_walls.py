"""The two walls: every route, method and role, with what is somebody else's, made from what is served."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver

from tests.live.api_desk import (
    BASE,
    NOW,
    Party,
    World,
    event,
    paths,
    problem,
    random_bytes,
    standing,
    told,
)
from tests.live.api_urls import urlpatterns
from tests.live.databases import Postgres, Sqlite
from upheld.api.build import OPERATIONS
from upheld.api.operations import Operation
from upheld.app.endpoints import Wanted, make_endpoint, try_endpoint
from upheld.app.paging import begun
from upheld.app.people import Way, put_person
from upheld.app.policies import POLICIES
from upheld.app.probing import HEARTBEAT, put_target
from upheld.app.rotas import Said, put_rota
from upheld.app.tokens import bearer
from upheld.core.alerting.stage import About, Stage
from upheld.core.timeline.instant import DAY, format_instant
from upheld.store.models import Endpoint, KeptAnswer, Page, RecordedFact, Text
from upheld.store.walls import between

pytestmark = pytest.mark.slow

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PUBLIC = {"/openapi.json", "/docs"}
TIMELESS = (
    *("/facts", "/agreements", "/changes", "/contracts", "/people", "/probes", "/me"),
    *("/chains", "/pages", "/rotas", "/templates", "/messages", "/endpoints", "/tokens"),
)
SIGN_IN = {
    "account/authenticators",
    "account/authenticators/recovery-codes",
    "account/authenticators/totp",
    "account/password/change",
    "auth/2fa/authenticate",
    "auth/2fa/reauthenticate",
    "auth/login",
    "auth/password/reset",
    "auth/provider/redirect",
    "auth/reauthenticate",
    "auth/session",
    "config",
}
"""All that is served where people sign in: of the library, and about the person of the session alone."""
PAGED = Stage(
    "c1/response/T-c1/1", "told", "limit", NOW, "provider", ("lead",), "page", None,
    About("c1", "Acme", "Northwind", "acme", commitment="response", subject="T-c1"),
)  # fmt: skip
ONE_ID = [
    event("b-c1-1", "T-both", contract="c1", note="secret of c1"),
    event("b-c2-1", "T-both", contract="c2", priority="P2", note="secret of c2"),
    event("b-c1-2", "T-both", "ticket.waiting_started", note="secret of c1", **{"for": "customer"}),
    event("b-c1-3", "T-both", "ticket.replied", contract="c1", note="secret of c1"),
    event("b-c2-2", "T-both", "ticket.replied", contract="c2", note="secret of c2"),
]
"""Two customers have a ticket of one id; what names no contract is of the first."""
WHOSE = {"Acme": "c1", "Contoso": "c2", "Otherwind": "c9", "Northwind": "n"}
LATER = format_instant(NOW + 4 * DAY)


class Case(NamedTuple):
    """How an operation is asked: its path and query for what is one's own, with a body where it reads one."""

    path: str
    query: dict[str, object]
    body: object = None


def own_case(operation: Operation, contract: str) -> Case:
    """An operation asked for something of a contract. A new operation needs a line here."""
    if operation.path == "/facts":
        return Case(
            "/facts", {}, event("fx", "T-x", contract=contract) if operation.method == "POST" else None
        )
    if operation.path == "/facts:batch":
        return Case("/facts:batch", {}, [event("fx", "T-x", contract=contract)])
    if operation.path == "/observations":
        return Case("/observations", {}, [{"at": format_instant(NOW), "component": "api", "ok": True}])
    if operation.path.startswith("/probes"):
        body = {"name": "page", "component": "api", "signal": "http", "kind": "heartbeat"}
        body |= {"settings": {"every": "1h"}}  # type: ignore[dict-item]  # as JSON has it
        path = operation.path.format(name="job")
        return Case(path, {}, body if operation.method == "POST" and path == "/probes" else None)
    if operation.path == "/providers":
        return Case("/providers", {}, {"key": "new", "name": "New"})
    if operation.path == "/people" and operation.method == "DELETE":
        return Case("/people", {"name": "Lea"})
    if operation.path == "/people":
        way = {"channel": "email", "way": "mail", "address": "lea@northwind.example"}
        body = {"name": "Lea", "roles": ["lead"], "ways": [way]}
        return Case("/people", {}, body if operation.method == "POST" else None)
    if operation.path == "/chains":
        body = {"role": "lead", "levels": [{"people": ["Lea"], "within": "15m"}]}
        query = {"role": "lead"} if operation.method == "DELETE" else {}
        return Case("/chains", query, body if operation.method == "POST" else None)
    if operation.path == "/templates":
        which = {"language": "en", "kind": "late"}
        query = which if operation.method == "DELETE" else {}
        body = which | {"subject": "late", "body": "{subject}"}
        return Case("/templates", query, body if operation.method == "POST" else None)
    if operation.path == "/rotas":
        body = {"name": "desk", "layers": [{"people": ["Lea"], "every": "week", "from": "2026-06-01"}]}
        return Case("/rotas", {}, body if operation.method == "POST" else None)
    if operation.path.startswith("/rotas/"):
        body = {"person": "Lea", "from": format_instant(NOW), "until": LATER}
        path = operation.path.format(name="desk", number=1)
        return Case(path, {}, body if operation.method == "POST" else None)
    if operation.path.startswith("/tokens"):
        body = {"name": "desk", "role": "integration", "scopes": ["facts:write"]}
        path = operation.path.format(number=10**6)
        return Case(path, {}, body if operation.method == "POST" else None)
    if operation.path == "/pages" and operation.method == "POST":
        return Case("/pages", {}, {"role": "lead"})
    if operation.path == "/pages/{number}/acknowledgement":
        number = Page.objects.filter(rule="told").values_list("pk", flat=True).first() or 1
        return Case(f"/pages/{number}/acknowledgement", {})
    if operation.path == "/agreements":
        files = World.files("Northwind", {"c1": "Acme", "c2": "Contoso"})
        body = {"files": {path: text.decode() for path, text in files.items()}}
        return Case("/agreements", {}, body if operation.method == "PUT" else None)
    if operation.path.startswith("/endpoints"):
        body = {"url": "https://hooks.example/hook"} if operation.body else None  # type: ignore[assignment]
        return Case(operation.path, {}, body)
    if operation.path == "/webhooks/{sender}":
        return Case("/webhooks/1", {}, event("fx", "T-x", contract=contract))
    if operation.path == "/statements/{contract}/{period}":
        return Case(f"/statements/{contract}/2026-06", {})
    if operation.path in ("/verdicts", "/due", "/claims"):
        return Case(operation.path, {"contract": contract})
    if operation.path == "/verdicts/{number}/explanation":
        return Case("/verdicts/1/explanation", {})
    assert operation.path in ("/changes", "/contracts", "/me", "/pages", "/messages"), (
        f"{operation.path} is in no matrix: say how it is asked"
    )
    return Case(operation.path, {})


def ask(party: Party, operation: Operation, case: Case) -> HttpResponse:
    """The answer to a case; where it is of an endpoint, to that of one of the party's own."""
    path = case.path.format(**endpoint_for(party.token or "")) if "{endpoint}" in case.path else case.path
    if operation.body is None:
        return party.ask(operation.method, path, query=case.query)
    kind = next(iter(operation.body.kinds))
    return party.ask(operation.method, path, case.body, kind, query=case.query)


def endpoint_for(token: str) -> dict[str, str]:
    """A new endpoint of whose a token is, and an event for it."""
    if (who := bearer(token, NOW)) is None:
        return {"endpoint": "1", "delivery": "msg_1"}
    mark = f"secret of {WHOSE[who.customer or who.provider]}"
    Endpoint.objects.filter(description=mark).delete()
    wanted = Wanted("https://hooks.example/hook", description=mark)
    made = make_endpoint(who, wanted, NOW, random_bytes).endpoint
    if who.customer is not None:  # as if it had been proven
        Endpoint.objects.filter(pk=made.pk).update(state="live", proven=True)
    owed = try_endpoint(who, made.pk, NOW, random_bytes)
    return {"endpoint": str(made.pk), "delivery": f"msg_{owed.key}"}


def served(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of URLs that is served, with its path."""
    for one in patterns:
        where = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from served(one.url_patterns, where)
        else:
            yield where, one


def _told() -> World:
    world = World()
    for party, contract in ((world.owner, "c1"), (world.owner, "c2"), (world.stranger, "c9")):
        data = event(f"f-{contract}", f"T-{contract}", contract=contract)
        data["data"]["private"] = {"by": f"secret of {contract}"}
        told(party.tell("/facts", data), 201)
    for fact in ONE_ID:
        told(world.owner.tell("/facts", fact), 201)
    put_target(world.provider.pk, "job", "api", "http", HEARTBEAT, {"every": "1h"}, None, NOW)
    put_person(world.provider.pk, "Lea", ["lead"], [Way("email", "mail", "lea@northwind.example")])
    put_rota(world.provider.pk, "desk", [Said(("Lea",), "weekly", "UTC", date(2026, 6, 1))], NOW)
    with between(world.provider.pk):
        begun(world.provider, [PAGED], NOW)
    for party in (world.owner, world.acme, world.contoso, world.stranger):
        endpoint_for(party.token or "")
    return world


@pytest.fixture
def told_world(databases: Sqlite | Postgres, tmp_path: Path) -> Iterator[World]:
    """Acme and Contoso have a late ticket each, and so has Globex beyond the outer wall."""
    with standing(databases, tmp_path, _told) as found:
        yield found


def test_what_is_served_is_what_is_documented(world: World) -> None:
    """The resolver, the OpenAPI document and the table of operations name the same paths and methods.

    What is beside it is where people sign in, by the list above: it gives no row of any provider. And where
    the link of a page leads: it gives what that page told.
    """
    schema = told(world.anonymous.get("/openapi.json"))["paths"]
    documented = {(path, method.upper()) for path, methods in schema.items() for method in methods}
    assert documented == {(f"{BASE}{one.path}", one.method) for one in OPERATIONS}
    resolved = {
        path.replace("<", "{").replace(">", "}").replace("{int:", "{") for path, _ in served(urlpatterns)
    }
    beside = {path for path in resolved if not path.startswith(BASE)}
    signing_in = {f"/accounts/browser/v1/{path}" for path in SIGN_IN} | {"/accounts/oidc/sso/login/callback/"}
    assert beside == signing_in | {"/acknowledge/{str:code}"}
    extra = {f"{BASE}{path}" for path in PUBLIC} | {f"{BASE}/"} | beside
    assert resolved - extra == {f"{BASE}{path}" for path in paths()}


def test_every_operation_declares_its_policy() -> None:
    """Each has a policy of the table, and each policy has an operation."""
    assert {one.policy for one in OPERATIONS} == set(POLICIES)


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.signed], ids=lambda one: one.name)
def test_no_token_stands_for_a_signature(told_world: World, operation: Operation) -> None:
    """Where a signature is asked for, whoever shows a token is as unknown as whoever shows none."""
    case = own_case(operation, "c1")
    parties = (told_world.anonymous, told_world.owner, told_world.acme, told_world.stranger)
    answers = {ask(party, operation, case).content for party in parties}
    problem(ask(told_world.owner, operation, case), 401, "unauthenticated")
    assert len(answers) == 1


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if not one.signed], ids=lambda one: one.name)
def test_only_whom_the_policy_allows_is_let_in(told_world: World, operation: Operation) -> None:
    """Nobody without a token; every role that may, with the scope; no other role, and no other scope."""
    case = own_case(operation, "c1")
    problem(ask(told_world.anonymous, operation, case), 401, "unauthenticated")
    problem(ask(Party("upheld_" + "A" * 43), operation, case), 401, "unauthenticated")
    roles = [("owner", None), ("operator", None), ("finance", None), ("auditor", None), ("integration", None)]
    roles += [("prober", None), ("customer admin", "Acme"), ("contact", "Acme")]
    for role, customer in roles:
        party = Party(told_world.token(told_world.provider, role, customer))
        answer = ask(party, operation, case)
        if role in operation.policy.roles:
            assert answer.status_code in operation.answers, answer.content
        else:
            problem(answer, 403, "forbidden")
        if operation.policy.scope and role in operation.policy.roles:
            without = [one for one in told(party.get("/me"))["scopes"] if one != operation.policy.scope]
            less = Party(told_world.token(told_world.provider, role, customer, without))
            problem(ask(less, operation, case), 403, "forbidden")


def test_no_other_method_is_served(told_world: World) -> None:
    """A method that a path has not is answered by 405 and those that it has, whoever asks, without effect."""
    before = RecordedFact.objects.count(), KeptAnswer.objects.count(), Text.objects.count()
    for path in paths():
        own = {method for one in OPERATIONS if one.path == path for method in one.methods}
        where = path.format(contract="c1", period="2026-06", number="1", name="job", sender="1",
                            endpoint="1", delivery="msg_1")  # fmt: skip
        for method in (one for one in METHODS if one not in own):
            for party in (told_world.owner, told_world.acme, told_world.anonymous):
                answer = party.ask(method, where)
                assert answer.status_code == 405, (method, path)
                assert {one.strip() for one in answer["Allow"].split(",")} == own
                assert answer["Content-Type"] == "application/problem+json"
    assert before == (RecordedFact.objects.count(), KeptAnswer.objects.count(), Text.objects.count())


def test_head_is_answered_as_get_is_without_the_body(told_world: World) -> None:
    """Whoever asks, and for whatever: the same status and headers, also the length of what is not sent."""
    answered = set()
    for operation in (one for one in OPERATIONS if one.method == "GET"):
        case = own_case(operation, "c1")
        for party in (told_world.owner, told_world.acme, told_world.contoso, told_world.anonymous):
            got, head = (party.ask(method, case.path, query=case.query) for method in ("GET", "HEAD"))
            assert (head.status_code, head.items()) == (got.status_code, got.items()), operation.name
            assert int(head["Content-Length"]) == len(got.content)
            assert head.content == b""
            answered.add(got.status_code)
    assert answered == {200, 401, 403, 404}


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.method == "GET"], ids=lambda one: one.name
)
def test_nothing_of_others_is_in_an_answer(told_world: World, operation: Operation) -> None:
    """No answer to one party holds a name, a ticket, a contract or a secret of another one."""
    marks = {
        "Acme": {"T-c1", '"c1"', "secret of c1", "b-c1-", "Acme"},
        "Contoso": {"T-c2", '"c2"', "secret of c2", "b-c2-", "Contoso"},
        "Globex": {"T-c9", '"c9"', "secret of c9", "Globex", "Otherwind"},
    }
    for party, contract, own in (
        (told_world.acme, "c1", {"Acme"}),
        (told_world.contoso, "c2", {"Contoso"}),
        (told_world.stranger, "c9", {"Globex"}),
        (told_world.owner, "c1", {"Acme", "Contoso"}),
    ):
        case = own_case(operation, contract)
        asks = party
        if party in (told_world.acme, told_world.contoso) and "contact" not in operation.policy.roles:
            asks = Party(told_world.token(told_world.provider, "customer admin", *own))
        for query in ({}, case.query):
            at = {"at": LATER} if not operation.path.startswith(TIMELESS) else {}
            answer = ask(asks, operation, Case(case.path, {**query, **at}))
            for other in marks.keys() - own:
                for mark in marks[other]:
                    assert mark not in answer.content.decode().replace('\\"', '"'), (mark, case)


def test_a_customer_is_told_what_the_provider_is_told(told_world: World) -> None:
    """The verdicts of a contract are the same for both sides, but for the numbers of the report."""
    of_provider = told(told_world.owner.get("/verdicts", contract="c2", at=LATER))["contracts"]
    of_customer = told(told_world.contoso.get("/verdicts", at=LATER))["contracts"]
    for one in (*of_provider, *of_customer):
        for verdict in one["verdicts"]:
            del verdict["number"]
    assert of_provider == of_customer
    sides = (told_world.owner, told_world.contoso)
    assert len({side.get("/statements/c2/2026-06", at=LATER).content for side in sides}) == 1


def test_numbers_count_between_the_walls(told_world: World) -> None:
    """The first verdict of a customer is number 1 for them, and what explains it is theirs."""
    (one,) = told(told_world.contoso.get("/verdicts/1/explanation", at=LATER))
    assert one["verdict"]["subject"] == "T-both"
    (one,) = told(told_world.contoso.get("/verdicts/2/explanation", at=LATER))
    assert one["verdict"]["subject"] == "T-c2"
    problem(told_world.contoso.get("/verdicts/3/explanation", at=LATER), 404, "not-found")


def test_what_nobody_can_place_is_shown_to_no_customer(told_world: World) -> None:
    """A reply to a ticket that nobody opened may be anybody's: only the provider sees it."""
    reply = event("f-r", "T-unknown", "ticket.replied", by="human")
    told(told_world.owner.tell("/facts", reply), 201)
    assert "T-unknown" in told_world.owner.get("/facts").content.decode()
    for party in (told_world.acme, told_world.contoso, told_world.stranger):
        assert "T-unknown" not in party.get("/facts").content.decode()


def test_a_body_cannot_name_another_provider(told_world: World) -> None:
    """Walls come from the token alone: names of columns in a body or a query are refused or only told."""
    for name in ("provider", "provider_id", "customer", "customer_id", "tenant", "actor", "position"):
        answer = told_world.stranger.get("/facts", **{name: "1"})
        assert problem(answer, 422, "invalid")["findings"][0]["field"] == name
        body = {"files": {"a.yaml": "x: 1"}, name: 1}
        found = problem(told_world.stranger.ask("PUT", "/agreements", body), 422, "invalid")["findings"]
        assert [(one["code"], one["field"]) for one in found] == [("unknown-field", name)]
        told(
            told_world.stranger.tell(
                "/facts", event(f"f-{name}", f"T-{name}", contract="c1") | {name.replace("_", ""): "1"}
            ),
            201,
        )
    assert RecordedFact.objects.filter(provider=told_world.provider).count() == 2 + len(ONE_ID)
    own = [one["fact"]["id"] for one in told(told_world.acme.get("/facts"))["facts"]]
    assert own == ["f-c1", "b-c1-1", "b-c1-2", "b-c1-3"]


def test_agreements_of_another_provider_are_refused(told_world: World) -> None:
    """Somebody else's agreement is no agreement of mine, and nothing of theirs changes."""
    files = {path: text.decode() for path, text in World.files("Northwind", {"c1": "Acme"}).items()}
    found = problem(told_world.stranger.ask("PUT", "/agreements", {"files": files}), 422, "invalid")[
        "findings"
    ]
    assert {one["code"] for one in found} == {"unknown-provider"}
    line = next(n for n, row in enumerate(files["acme.yaml"].splitlines(), 1) if "Northwind" in row)
    assert [one["places"][0]["line"] for one in found] == [line]
    del files["c1.yaml"]  # one that no contract binds, too
    told_anew = problem(told_world.stranger.ask("PUT", "/agreements", {"files": files}), 422, "invalid")
    assert {one["code"] for one in told_anew["findings"]} == {"unknown-provider"}
    assert Text.objects.filter(provider=told_world.provider, gone=None).count() == 3
