"""What is asked of the book: verdicts, explanations, what is due, statements, claims; and who one is."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

from upheld.api import claim_schemas, schemas
from upheld.api.explanation_schemas import EXPLANATIONS
from upheld.api.operations import Operation, Request, sent
from upheld.api.parameters import At, Contract, Horizon, KnownAt, instant_asked, until_asked
from upheld.api.problems import refuse
from upheld.api.statement_schema import STATEMENT
from upheld.api.verdict_schemas import REPORT
from upheld.app.asking import NotThereError, report_for, statement_for
from upheld.app.policies import policy
from upheld.book.answers import claims_answer, report_answer
from upheld.book.claims import claimable, claims
from upheld.book.due_answer import due_answer, lying_ahead
from upheld.book.explain import UnknownVerdict, explain
from upheld.book.explained import explained_record
from upheld.book.statement import NotReproducibleError


def read_verdicts(
    request: Request, at: At = None, known: KnownAt = None, contract: Contract = None
) -> HttpResponse:
    """Every verdict and credit, as `upheld evaluate --format json` prints them, byte for byte."""
    caller = request.auth
    found = report_for(caller.who, instant_asked(at, caller.at), known, contract)
    return sent(found.held(report_answer(found.book, found.report, found.findings, contract)))


def read_explanation(request: Request, number: int, at: At = None, known: KnownAt = None) -> HttpResponse:
    """Why the verdict or credit with a number in `verdicts` is what it is.

    Numbers are those of a report: name the same `at` and `known` as you asked for it with.
    """
    caller = request.auth
    found = report_for(caller.who, instant_asked(at, caller.at), known)
    try:
        told = explain(found.book, found.report, f"#{number}")
    except UnknownVerdict:
        raise NotThereError from None
    return sent(found.held([explained_record(one) for one in told]))


def read_due(
    request: Request, at: At = None, known: KnownAt = None, contract: Contract = None, horizon: Horizon = None
) -> HttpResponse:
    """What changes if no fact comes, the next one first; within a horizon also what may be lost."""
    caller = request.auth
    asked_at = instant_asked(at, caller.at)
    until_at = until_asked(horizon, asked_at)
    found = report_for(caller.who, asked_at, known, contract)
    return sent(found.held(due_answer(lying_ahead(found.book, found.report, until_at, contract))))


def read_statement(
    request: Request, contract: str, period: str, at: At = None, known: KnownAt = None
) -> HttpResponse:
    """The record of a contract's statement for a month (2026-06), a quarter (2026-Q2) or a year (2026)."""
    caller = request.auth
    try:
        told = statement_for(caller.who, contract, period, instant_asked(at, caller.at), known)
    except NotReproducibleError as fault:
        raise refuse("conflict", str(fault)) from None
    return HttpResponse(told.text.encode(), "application/json")


def read_claims(
    request: Request, at: At = None, known: KnownAt = None, contract: Contract = None
) -> HttpResponse:
    """What was claimed, what can be until when, and what no more can be."""
    caller = request.auth
    found = report_for(caller.who, instant_asked(at, caller.at), known, contract)
    filed = claims(found.book, found.report, contract)
    still = claimable(found.book, found.report, contract)
    return sent(found.held(claims_answer(found.report, filed, still)))


def read_me(request: Request) -> HttpResponse:
    """Who asks: by which token, or none, between which walls, in which role, with which scopes."""
    who = request.auth.who
    told = {
        "token": who.token or None,
        "provider": who.provider,
        "customer": who.customer,
        "role": who.role,
        "scopes": sorted(who.scopes),
    }
    return sent(told)


OPERATIONS: Final = (
    Operation(
        "GET", "/verdicts", policy("read verdicts"), "readVerdicts", "Read verdicts",
        {200: REPORT}, read_verdicts, finds=True,
    ),
    Operation(
        "GET", "/verdicts/{number}/explanation", policy("read verdicts"), "readExplanation",
        "Explain a verdict", {200: EXPLANATIONS}, read_explanation, finds=True,
    ),
    Operation(
        "GET", "/due", policy("read verdicts"), "readDue", "Read what is due",
        {200: claim_schemas.DUE}, read_due, finds=True,
    ),
    Operation(
        "GET", "/statements/{contract}/{period}", policy("read statements"), "readStatement",
        "Read a statement", {200: STATEMENT, 409: schemas.PROBLEM}, read_statement, finds=True,
    ),
    Operation(
        "GET", "/claims", policy("read claims"), "readClaims", "Read claims",
        {200: claim_schemas.CLAIMS}, read_claims, finds=True,
    ),
    Operation("GET", "/me", policy("read oneself"), "readMe", "Who am I", {200: schemas.ME}, read_me),
)  # fmt: skip
