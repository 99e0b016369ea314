"""What the OpenAPI document says of the server: all that is served, who is let in, and what else comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.live.api_desk import BASE, World, event, told
from upheld.api.build import document
from upheld.api.operations import KEY_HEADER, REPLAYED
from upheld.api.problems import PROBLEM_HEADERS
from upheld.api.signed_in import CSRF, PARTY

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "api.md"
DOCUMENT = json.loads(json.dumps(document()))
OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    (method, path, one) for path, methods in DOCUMENT["paths"].items() for method, one in methods.items()
]


def routes(found: URLResolver, before: str = "/") -> Iterator[str]:
    """Every path that a server answers, with names for what varies."""
    for one in found.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path.replace("<", "{").replace(">", "}")
        else:
            yield from routes(one, path)


def named_elsewhere() -> list[str]:
    """The paths that the page names as no part of the document."""
    lines = PAGE.read_text("utf-8").splitlines()
    start = lines.index("| besides the operations | |")
    rows = lines[start + 2 : lines.index("", start)]
    return [path.strip("` ") for row in rows for path in row.split("|")[1].split(",")]


def test_every_route_is_in_the_document_or_named_beside_it() -> None:
    """Nothing is served that nobody tells of, and nothing is told of that is not served."""
    served = {path.replace("str:", "") for path in routes(get_resolver("upheld.server.urls"))}
    beside = named_elsewhere()
    there = {one for one in beside if one in served}
    within = tuple(one.removesuffix("*") for one in beside if one.endswith("*"))
    rest = {one for one in served - there if not within or not one.startswith(within)}
    assert rest == {*DOCUMENT["paths"]}
    assert all(one in served or any(path.startswith(one[:-1]) for path in served) for one in beside)


def test_a_token_or_a_session_lets_in() -> None:
    """Both are described; what only sessions need is a parameter, and what is signed needs none of it."""
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert (schemes["Token"]["type"], schemes["Token"]["scheme"]) == ("http", "bearer")
    assert (schemes["Session"]["in"], schemes["Session"]["name"]) == ("cookie", settings.SESSION_COOKIE_NAME)
    assert settings.CSRF_COOKIE_NAME in schemes["Session"]["description"]
    for method, path, one in OPERATIONS:
        headers = {each["name"] for each in one.get("parameters", ()) if each["in"] == "header"}
        ways = [name for way in one["security"] for name in way]
        if path == f"{BASE}/webhooks/{{sender}}":
            assert (ways, headers & {PARTY, CSRF}) == ([], set())
        elif path == f"{BASE}/providers":
            assert ways == ["Token"]
        else:
            assert ways == ["Token", "Session"]
            assert (PARTY in headers, CSRF in headers) == (True, method != "get"), path


def test_what_a_query_can_say_is_what_the_document_allows() -> None:
    """A parameter is left out or says something: there is no null in a query."""
    parameters = [each for _, _, one in OPERATIONS for each in one.get("parameters", ())]
    assert len(parameters) > 100
    assert "null" not in json.dumps([one["schema"] for one in parameters])


def test_a_header_that_comes_is_documented(world: World) -> None:
    """Of problems those of their status; of what a key may bring again, that it was done before."""
    for _, path, one in OPERATIONS:
        for status, answer in one["responses"].items():
            wanted = {name for name, (_, statuses) in PROBLEM_HEADERS.items() if int(status) in statuses}
            keyed = any(each["name"] == KEY_HEADER for each in one.get("parameters", ()))
            wanted |= {REPLAYED} if keyed and int(status) < 300 else set()
            assert {*answer.get("headers", {})} >= wanted, (path, status)
    assert "Allow" in world.owner.ask("DELETE", "/me")
    assert "Accept" in world.owner.tell("/facts", b"x", "text/plain")
    assert "WWW-Authenticate" in world.anonymous.get("/me")


def test_the_stream_of_changes_is_documented_as_it_comes(world: World) -> None:
    """Its media type, and the number behind which it goes on; what is none is refused, stream or not."""
    told(world.owner.tell("/facts", event()), 201)
    (changes,) = (one for _, path, one in OPERATIONS if path == f"{BASE}/changes")
    assert {*changes["responses"]["200"]["content"]} == {"application/json", "text/event-stream"}
    assert "503" in changes["responses"]
    answer: Any = world.owner.ask("GET", "/changes", Accept="text/event-stream")
    text = b"".join(answer.streaming_content).decode()
    assert answer["Content-Type"] == "text/event-stream"
    assert text.startswith("retry: 2000\n\nid: 1\nevent: change\ndata: {")
    for accept in ("text/event-stream", "application/json"):
        wrong = world.owner.ask("GET", "/changes", **{"Accept": accept, "Last-Event-ID": "x"})
        assert (wrong.status_code, wrong["Content-Type"]) == (422, "application/problem+json")
    page = told(world.owner.ask("GET", "/changes", **{"Last-Event-ID": "1"}))
    assert page["changes"] == []


@pytest.mark.parametrize("part", ["description", "operationId", "summary"])
def test_every_operation_says_what_it_does(part: str) -> None:
    """In words, under a name that nothing else has."""
    said = [one[part] for _, _, one in OPERATIONS]
    assert all(said)
    assert part != "operationId" or len({*said}) == len(said)
