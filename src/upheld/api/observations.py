"""Observations in, by thousands: lines, a list, or columns."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from django.http import HttpResponse

from upheld.api import schemas
from upheld.api.batch import Batch, Form, read_batch
from upheld.api.body import BATCH, NAME
from upheld.api.operations import Body, Operation, Request, key_of, read, sent
from upheld.api.problems import invalid, refuse
from upheld.api.schema_forms import rows
from upheld.app.observe import FILE, MOST_ROWS, OtherBatchError, observe
from upheld.app.policies import policy
from upheld.app.refusal import RefusedError
from upheld.core.values.finding import MOST_TOLD, Finding, Place, has_errors
from upheld.core.values.frozen import replace
from upheld.lake.rows import Told
from upheld.render.records import findings_record

_FORMS: Final[dict[str, Form]] = {
    "application/json": "list",
    "application/x-ndjson": "lines",
    "application/vnd.upheld.columns+json": "columns",
}
_BODY: Final = Body(
    {
        "application/json": rows(schemas.OBSERVATION) | {"minItems": 1, "maxItems": MOST_ROWS},
        "application/x-ndjson": {"type": "string", "description": "One observation on each line."},
        "application/vnd.upheld.columns+json": schemas.COLUMNS,
    },
    BATCH,
)


def tell_observations(request: Request) -> HttpResponse:
    """Takes a batch of observations as a whole, or none of them: `new` says how many were not known yet.

    A row that is known counts once, whatever its batch; one that says otherwise is refused by 409. A batch is
    known by its idempotency key, or by what it says.
    """
    key, (kind, body) = key_of(request), read(request, _BODY)
    told = Told(NAME, MOST_TOLD)
    batch = read_batch(_FORMS[kind], body, told, MOST_ROWS)
    if not len(batch.rows) and not told.findings:
        told.say("empty-file", "there is no observation", way_out="send one at least")
    if has_errors(told.all):
        raise invalid(told.all)
    who = request.auth.who
    name = f"{who.actor}/{sha256(body).hexdigest() if key is None else key}"
    try:
        done = observe(who.provider_id, name, batch.rows, request.auth.at)
    except OtherBatchError:
        raise refuse("key-reused") from None
    except RefusedError as refused:
        raise RefusedError(_where_told(refused.findings, batch)) from None
    findings = findings_record(_where_told(done.findings, batch))
    return sent({"rows": len(batch.rows), "new": done.new, "findings": findings})


def _where_told(findings: tuple[Finding, ...], batch: Batch) -> tuple[Finding, ...]:
    """Findings about rows by their numbers, where the rows stand that were told."""

    def moved(place: Place) -> Place:
        row = place.line - 1
        return batch.place(row) if place.file == FILE and row < len(batch.rows) else place

    return tuple(replace(one, places=tuple(map(moved, one.places))) for one in findings)


OPERATIONS: Final = (
    Operation(
        "POST", "/observations", policy("tell observations"), "tellObservations", "Tell observations",
        {200: schemas.OBSERVED}, tell_observations, _BODY,
    ),
)  # fmt: skip
