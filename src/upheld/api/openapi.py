"""The OpenAPI document, as it is made of what the framework tells of each operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from ninja import NinjaAPI

from upheld.api.named_schemas import with_names
from upheld.api.problems import PROBLEM_HEADERS
from upheld.api.signed_in import CSRF, PARTY, SAFE
from upheld.app.policies import OF_SERVER

Told = dict[str, Any]
_TOKEN: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token, as `upheld_…`; it says between which walls the request is answered.",
}
_SESSION: Final = (
    "Of somebody who signed in, at `/accounts/browser/v1`, which the API guide describes. Every request that "
    f"is no GET or HEAD says the value of the cookie `{{csrf}}` in `{CSRF}`. Who belongs to several parties "
    f"says in `{PARTY}` for which of them they ask."
)
_OF_SESSIONS: Final = (
    (
        PARTY,
        "Of a session: for which party, as `northwind`, or `northwind/Acme` for its customer.",
    ),
    (CSRF, "Of a session: the value of the cookie for it, with every request that is no GET or HEAD."),
)
_TEXT: Final = {"type": "string"}
OF_SESSIONS: Final = frozenset(name for name, _ in _OF_SESSIONS)
"""The headers that only sessions have."""


def schema_of(api: NinjaAPI, base: str) -> Told:
    """The OpenAPI document of an API below a path."""
    told: Told = dict(api.get_openapi_schema(path_prefix=base))
    for methods in told["paths"].values():
        methods.pop("head", None)  # it is what GET is, but for the body
        for method, operation in methods.items():
            _complete(method.upper(), operation)
    told["paths"], schemas = with_names(told["paths"])
    components = {**told["components"], "schemas": schemas}
    session = {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": _SESSION.format(csrf=settings.CSRF_COOKIE_NAME),
    }
    components["securitySchemes"] = {"Token": _TOKEN, "Session": session}
    return {**told, "components": components}


def _complete(method: str, operation: Told) -> None:
    # The framework tells of a 200 of its own; what an operation answers has content.
    said = operation["responses"].items()
    operation["responses"] = {status: _with_headers(status, one) for status, one in said if "content" in one}
    for one in operation.get("parameters", ()):
        one["schema"] = _without_null(one["schema"])
    if operation.get("security") == []:
        return
    operation["security"] = [{"Token": []}]
    if operation["x-roles"] != [OF_SERVER]:
        operation["security"].append({"Session": []})
        operation.setdefault("parameters", []).extend(
            {"in": "header", "name": name, "required": False, "schema": _TEXT, "description": text}
            for name, text in _OF_SESSIONS
            if name == PARTY or method not in SAFE
        )


def _with_headers(status: object, answer: Mapping[str, Any]) -> Told:
    headers = {
        name: {"description": text, "schema": {"type": "string"}}
        for name, (text, statuses) in PROBLEM_HEADERS.items()
        if int(str(status)) in statuses
    }
    return {**answer, "headers": {**answer.get("headers", {}), **headers}} if headers else dict(answer)


def _without_null(schema: Mapping[str, Any]) -> Told:
    """A parameter is left out; a query cannot say that there is none."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) != 1:
        return dict(schema)
    return {**{name: one for name, one in schema.items() if name != "anyOf"}, **kinds[0]}
