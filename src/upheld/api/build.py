"""All operations put together as an API, at `/api/v1`."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

from upheld.api import (
    agreements,
    answers,
    changes,
    endpoints,
    facts,
    observations,
    pages,
    parties,
    probes,
    rotas,
    templates,
    tokens,
)
from upheld.api.docs_page import DOCS_POLICY, page_of
from upheld.api.openapi import schema_of
from upheld.api.operations import Operation
from upheld.api.ports import Ports
from upheld.api.problems import Problem, ProblemError, answer, of_status, way_out_of, wrong_parameter
from upheld.core.timeline.instant import Instant

OPERATIONS: Final[tuple[Operation, ...]] = (
    *parties.OPERATIONS, *pages.OPERATIONS, *rotas.OPERATIONS, *templates.OPERATIONS, *facts.OPERATIONS,
    *observations.OPERATIONS, *probes.OPERATIONS, *agreements.OPERATIONS, *answers.OPERATIONS,
    *changes.OPERATIONS, *endpoints.OPERATIONS, *tokens.OPERATIONS,
)  # fmt: skip
BASE: Final = "api/v1/"
_DESCRIPTION: Final = (
    "Facts in, agreements applied, verdicts and all that follows from them out. Every answer is given "
    "between the walls of the token: those of a provider, and inside it of one customer."
)


class _NoClock:
    """Nobody asks what time it is for a document."""

    def now(self) -> Instant:
        """No time."""
        return 0


class _Nobody:
    """Lets nobody in: what an operation without a policy would have."""

    def __call__(self, request: HttpRequest) -> None:
        """Nobody."""


def document() -> dict[str, Any]:
    """The OpenAPI document of what is served, without serving it."""
    return schema_of(_api(Ports(_NoClock(), bytes, bytes), "document"), BASE)


def urls(ports: Ports, name: str = "api") -> list[URLPattern | URLResolver]:
    """The API below `/api/v1/`, with the time and the dice of whoever serves it, under a name in URLs."""
    api = _api(ports, name)

    # Made once: whoever asks needs no token, and it takes far longer than to send it.
    schema = cache(lambda: schema_of(api, BASE))
    text = cache(lambda: json.dumps(schema()).encode())
    page = cache(lambda: page_of(schema()).encode())

    @require_safe
    def openapi(request: HttpRequest) -> HttpResponse:
        return HttpResponse(text(), "application/json")

    @require_safe
    def docs(request: HttpRequest) -> HttpResponse:
        response = HttpResponse(page(), "text/html; charset=utf-8")
        response["Content-Security-Policy"] = DOCS_POLICY
        return response

    # Without the root of ninja, which leads to a page of its own.
    operations = [one for one in api.urls[0] if getattr(one, "name", "") != "api-root"]
    own = [path("openapi.json", openapi), path("docs", docs), *operations]
    return [path(BASE, include((own, name)))]


def _api(ports: Ports, name: str) -> NinjaAPI:
    """Every operation, with its policy."""
    api = NinjaAPI(
        title="Upheld",
        version="1",
        description=_DESCRIPTION,
        urls_namespace=name,
        docs_url=None,
        openapi_url=None,
        auth=_Nobody(),
    )
    router = Router()
    for one in OPERATIONS:
        one.register(router, ports)
    api.add_router("", router)
    _tell_faults(api)
    return api


def _tell_faults(api: NinjaAPI) -> None:
    """Whatever ends a request is told as a problem."""

    @api.exception_handler(ProblemError)
    def problem(request: HttpRequest, fault: ProblemError) -> HttpResponse:
        return answer(fault.problem)

    @api.exception_handler(ValidationError)
    def wrong(request: HttpRequest, fault: ValidationError) -> HttpResponse:
        found = [
            wrong_parameter("missing-field", name, f"`{name}` is missing", f"add it to the query: ?{name}=…")
            if one["type"] == "missing"
            else wrong_parameter(
                "wrong-type",
                name,
                f"`{name}` cannot be so: {one['msg'][:1].lower()}{one['msg'][1:]}",
                way_out_of(one),
            )
            for one in fault.errors
            for name in (str(one["loc"][-1]),)
        ]
        return answer(Problem("invalid", findings=tuple(found)))

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, fault: HttpError) -> HttpResponse:
        return answer(of_status(fault.status_code))
