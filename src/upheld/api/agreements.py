"""Agreements and contracts: applied as a set of files, read as they stand, contracts with what they give."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from pydantic import BaseModel, ConfigDict, Field

from upheld.api import schemas
from upheld.api.body import BATCH, MOST_NAMES, read_as
from upheld.api.effect_schemas import APPLIED
from upheld.api.operations import Body, Operation, Request, answered, done_once, sent
from upheld.api.parameters import DryRun
from upheld.api.verdict_schemas import CONTRACTS
from upheld.app.applied_records import applied_record, tried_record
from upheld.app.apply import MOST_TEXTS, apply, would_apply
from upheld.app.asking import terms_of, texts_of
from upheld.app.once import Answered
from upheld.app.policies import policy
from upheld.render.records import contract_record

_FILES: Final = Body({"application/json": schemas.TEXTS}, BATCH)


class Files(BaseModel):
    """A whole set of files: the text of each, by its path."""

    model_config = ConfigDict(extra="forbid")

    files: dict[str, str] = Field(min_length=1, max_length=MOST_TEXTS)


def apply_agreements(request: Request, dry_run: DryRun = False) -> HttpResponse:
    """Makes these files the ones that hold: agreements, locks, clause lists and contracts, all of them.

    What is not among them holds no more. With `dry_run` it is only told what would change, and for whom:
    how the terms of each contract compare, and which verdicts and amounts would be others by then.
    """

    def act(_: str, body: bytes) -> Answered:
        said = read_as(Files, body, MOST_TEXTS + MOST_NAMES)
        texts = {path: text.encode() for path, text in said.files.items()}
        provider_id, at = request.auth.who.provider_id, request.auth.at
        if dry_run:
            return answered(tried_record(would_apply(provider_id, texts, at)))
        return answered(applied_record(apply(provider_id, texts, at)))

    return done_once(request, _FILES, act, (f"dry_run={dry_run}",))


def read_agreements(request: Request) -> HttpResponse:
    """The files that hold, as they were applied."""
    revision, texts = texts_of(request.auth.who)
    return sent({"revision": revision, "files": {path: texts[path].decode() for path in sorted(texts)}})


def read_contracts(request: Request) -> HttpResponse:
    """The contracts between your walls, with the plan of each and what it entitles to."""
    return sent({"contracts": [contract_record(one) for one in terms_of(request.auth.who)]})


OPERATIONS: Final = (
    Operation(
        "PUT", "/agreements", policy("apply agreements"), "applyAgreements", "Apply agreements",
        {200: APPLIED}, apply_agreements, _FILES,
    ),
    Operation(
        "GET", "/agreements", policy("read agreements"), "readAgreements", "Read agreements",
        {200: schemas.AGREEMENTS}, read_agreements, finds=True,
    ),
    Operation(
        "GET", "/contracts", policy("read contracts"), "readContracts", "Read contracts",
        {200: CONTRACTS}, read_contracts,
    ),
)  # fmt: skip
