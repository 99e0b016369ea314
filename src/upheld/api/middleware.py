"""What holds for every answer of the API, also for those that no operation gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse

from upheld.api.problems import CONTENT_TYPE, Problem, answer, of_status
from upheld.store.reach import is_out_of_reach
from upheld.store.room import is_for_want_of_room

API: Final = "/api/"
PREFIXES: Final = (API, "/accounts/")
_TOLD: Final = (CONTENT_TYPE, "application/json")
_KEPT: Final = ("Allow", "WWW-Authenticate")
RETRY_S: Final = "60"
SOON_S: Final = "5"
log = structlog.get_logger("upheld.api")


class ApiAnswers:
    """Below `/api/`, every error is a problem, nothing is kept by caches, nothing is sniffed or framed.

    Where people sign in it is the same, but for what is told there in the words of the library.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, as the API gives it."""
        response = self._get_response(request)
        if not request.path_info.startswith(PREFIXES):
            return response
        own = _TOLD[:1] if request.path_info.startswith(API) else _TOLD
        if response.status_code >= 400 and response.get("Content-Type") not in own:
            told = answer(of_status(response.status_code))
            for name in _KEPT:
                if name in response:
                    told[name] = response[name]
            response = told
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """What nobody expected is our fault: it is logged here, and the answer tells nothing of it.

        Where the disk is full nothing was written, and whoever asked may come again; so they may where the
        database did not answer, but then it is not known what was written: a key says so the next time.
        """
        if isinstance(fault, Http404 | PermissionDenied):
            return None  # Django's own answer becomes a problem as every other one
        if isinstance(fault, SuspiciousOperation) and request.path_info.startswith(PREFIXES):
            many = isinstance(fault, TooManyFieldsSent)
            return answer(Problem("bad-request", "the query has too many parameters" if many else ""))
        # Not the path: it may be the link by which somebody acknowledges.
        route = "" if request.resolver_match is None else request.resolver_match.route
        where = {"method": request.method, "route": f"/{route}"}
        if is_for_want_of_room(fault):  # each request is told of, in a log that needs room, too
            log.error("request refused: there is no room", **where)
        else:
            log.error("request failed", **where, exc_info=fault)
        if not request.path_info.startswith(PREFIXES):
            return None
        if is_for_want_of_room(fault):
            return answer(Problem("no-room", headers={"Retry-After": RETRY_S}))
        if is_out_of_reach(fault):
            return answer(Problem("unavailable", headers={"Retry-After": SOON_S}))
        return answer(Problem("internal"))
