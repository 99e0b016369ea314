"""Every error that is answered: RFC 9457 problem details, with all that was found wrong.

A problem never says what was asked for: what is somebody else's and what is not there are answered by the
same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.http import HttpResponse

from upheld.api.party_schemas import TIME_OF_DAY
from upheld.core.values.finding import MOST_TOLD, Finding, Place
from upheld.core.values.frozen import dataclass
from upheld.core.values.slug import SLUG_PATTERN
from upheld.render.records import finding_record

CONTENT_TYPE: Final = "application/problem+json"


class Kind(NamedTuple):
    """One kind of problem: its code, its status, its title and what it means."""

    code: str
    status: int
    title: str
    meaning: str


KINDS: Final = tuple(
    Kind(*one)
    for one in (
        ("bad-request", 400, "Not a request", "The request cannot be read as HTTP for this host."),
        (
            "unauthenticated",
            401,
            "Nobody is let in so",
            "No token or session, or one that is unknown or has ended.",
        ),
        ("forbidden", 403, "You may not", "The token has not the scope, or its role may not."),
        ("not-found", 404, "Not found", "There is no such thing, or it is not yours to see."),
        ("method-not-allowed", 405, "Not this method", "`Allow` names the methods there are."),
        ("conflict", 409, "Something else stands", "What was told before says otherwise, and it stays."),
        ("key-reused", 409, "Key used for another request", "An idempotency key stands for one request."),
        (
            "length-required",
            411,
            "Not without a length",
            "Send `Content-Length`: a body in chunks is not read.",
        ),
        ("too-large", 413, "Too much at once", "The body is larger than this request may have."),
        ("unsupported-media-type", 415, "Not this kind of body", "`Accept` names the kinds that are read."),
        ("invalid", 422, "Something is wrong with it", "`findings` say what, where, and the way out."),
        ("too-many-requests", 429, "Too many requests", "`Retry-After` says when to come again."),
        ("internal", 500, "Our fault", "It is written down here; the same request can be sent again."),
        ("no-room", 507, "No room is left", "Nothing was written; send it again when there is room."),
        ("busy", 503, "As many as can be", "`Retry-After` says when to come again."),
        ("unavailable", 503, "The database does not answer", "Send it again, with the same idempotency key."),
    )
)
PROBLEM_HEADERS: Final = {
    "Accept": ("The kinds of body that are read.", (415,)),
    "Allow": ("The methods that there are.", (405,)),
    "Retry-After": ("After so many seconds it can be sent again.", (429, 503, 507)),
    "WWW-Authenticate": ("How to show who asks.", (401,)),
}
"""The headers of problems, what each says, and with which statuses it comes, where it is known."""
_BY_CODE: Final = {one.code: one for one in KINDS}
_BY_STATUS: Final = {one.status: one for one in reversed(KINDS)}


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a kind. `findings` are all of its reasons, `headers` go with the answer."""

    code: str
    detail: str = ""
    findings: tuple[Finding, ...] = ()
    headers: Mapping[str, str] | None = None


class ProblemError(Exception):
    """A request ends with a problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def refuse(
    code: str,
    detail: str = "",
    findings: Iterable[Finding] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemError:
    """The error that ends a request with a problem."""
    return ProblemError(Problem(code, detail, tuple(findings), headers))


def invalid(findings: Sequence[Finding]) -> ProblemError:
    """The error that ends a request for what is wrong with it."""
    return refuse("invalid", findings=findings)


def _listed(findings: Sequence[Finding]) -> Sequence[Finding]:
    """The first findings, and that there are more."""
    if len(findings) <= MOST_TOLD + 1:  # one more says that reading stopped there
        return findings
    message = f"there are at least {MOST_TOLD} faults; the others are not listed"
    places = findings[MOST_TOLD].places
    return [*findings[:MOST_TOLD], Finding("too-many-findings", message, places, "mend these first")]


SEE_DOCS: Final = "/api/v1/docs says what belongs there"
"""The way out where a value is of another kind than is asked for."""


_WAYS_OUT: Final = {
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "dict_type": "write an object",
    "greater_than_equal": "write a number within that",
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "less_than_equal": "write a number within that",
    "list_type": "write a list",
    "literal_error": "write one of these",
    "missing": "add it",
    "model_type": "write an object",
    "string_too_long": "shorten it",
    "string_too_short": "write at least that, or leave it out where it may be",
    "string_type": "write a text, between quotes",
    "too_long": "divide it, or leave some out",
    "too_short": "give that many at least",
}
_PATTERNS: Final = {
    SLUG_PATTERN: "write lower-case letters, digits and hyphens between them, as support-desk",
    TIME_OF_DAY: "write a time of the day as 08:30",
}


def way_out_of(fault: Mapping[str, Any]) -> str:
    """The way out of what pydantic found, as far as it can be said without knowing what it is about."""
    told = fault.get("ctx", {})
    general = _WAYS_OUT.get(fault["type"]) or _PATTERNS.get(told.get("pattern", ""))
    return str(told.get("way_out") or general or SEE_DOCS)


def wrong_parameter(code: str, name: str, message: str, way_out: str = "") -> Finding:
    """What is wrong with a parameter of the query, or of the path."""
    return Finding(code, message, (Place("request"),), way_out, field=name)


def problem_record(problem: Problem) -> dict[str, object]:
    """A problem as RFC 9457 has it, with `code` and `findings` added."""
    kind = _BY_CODE[problem.code]
    return {
        "type": f"urn:upheld:problem:{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail or kind.meaning,
        "code": kind.code,
        "findings": [
            {**finding_record(one), "field": one.field or None} for one in _listed(problem.findings)
        ],
    }


def answer(problem: Problem) -> HttpResponse:
    """The answer to a request that ends so."""
    body = json.dumps(problem_record(problem), ensure_ascii=False) + "\n"
    # A name that is told may hold half of a surrogate pair, which is no character.
    response = HttpResponse(body.encode(errors="replace"), CONTENT_TYPE, _BY_CODE[problem.code].status)
    for name, value in (problem.headers or {}).items():
        response[name] = value
    return response


def of_status(status: int) -> Problem:
    """The problem that a bare status stands for."""
    known = _BY_STATUS.get(status) or _BY_CODE["internal" if status >= 500 else "bad-request"]
    return Problem(known.code)
