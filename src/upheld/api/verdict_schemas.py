"""What a report holds, as JSON Schema: contracts, verdicts and credits, and what is to come."""

from __future__ import annotations

from typing import Final

from upheld.api.claim_schemas import CLAIM
from upheld.api.schema_forms import (
    AMOUNT,
    AMOUNT_OR_NOT,
    INSTANT,
    INSTANT_OR_NOT,
    NAMES,
    NUMBER,
    NUMBER_OR_NOT,
    POSITION,
    SECONDS,
    SECONDS_OR_NOT,
    STRING,
    TEXT,
    TEXT_OR_NOT,
    TRUTH,
    Schema,
    closed,
    described,
    named,
    or_not,
    rows,
    with_perhaps,
    words,
)
from upheld.api.schemas import FINDING
from upheld.core.terms.indicator import Relation
from upheld.core.terms.remedy import Unit
from upheld.core.values.rule import Modality
from upheld.core.verdicts.credit import CreditState, PartState
from upheld.core.verdicts.measurement import PartName
from upheld.core.verdicts.verdict import Kind, State, WakeKind

VERDICT_STATE: Final = words(State)
VERDICT_KIND: Final = words(Kind)
CREDIT_STATE: Final = words(CreditState)
PART_NAME: Final = words(PartName)
FACT_NAME: Final = closed(source=TEXT, id=TEXT)
_NUMBER_PART: Final[Schema] = {
    "type": ["integer", "string"],
    "description": "A text where not every program can hold it exactly.",
}
EXACT: Final = closed(
    numerator=_NUMBER_PART,
    denominator=_NUMBER_PART,
    decimal=TEXT | {"description": "Cut, not rounded."},
)
EXACT_OR_NOT: Final = or_not(EXACT)
PROMISED_LEVEL: Final = closed(
    relation=words(Relation), unit={"enum": ["ratio", "duration"]}, value=EXACT
)  # fmt: skip
TARGET_OF_CLOCK: Final = closed(goal=TEXT_OR_NOT, limit=TEXT_OR_NOT)
PERIOD: Final = closed(label=TEXT, start_at=INSTANT, end_at=INSTANT)
BOUNDS: Final = closed(value=EXACT_OR_NOT, low=EXACT_OR_NOT, high=EXACT_OR_NOT)
SPAN: Final = closed(start_at=INSTANT, end_at=INSTANT, length_s=SECONDS)
PAUSE: Final = closed(start_at=INSTANT, end_at=INSTANT_OR_NOT, why=STRING)


def _of_amount(**fields: Schema) -> Schema:
    """With `length_s` where time is measured, with `count` where items are."""
    told = closed(**fields)
    return with_perhaps(told, length_s=SECONDS, count={"type": "integer"})


PART: Final = _of_amount(name=PART_NAME, by=TEXT_OR_NOT, clause=NAMES)
MEASUREMENT: Final = closed(
    indicator=TEXT,
    component=STRING,
    period=PERIOD,
    at=INSTANT,
    unit={"enum": ["time", "count"]},
    is_settled=TRUTH,
    to_date=BOUNDS,
    if_nothing_more_fails=BOUNDS,
    worst_to_come=EXACT_OR_NOT,
    total=POSITION,
    bad=POSITION,
    parts=rows(PART),
    sum=_of_amount(),
    method={"type": "object", "additionalProperties": STRING},
    decisive=TEXT_OR_NOT,
    components=rows(named("Measurement")),
    outages=rows(SPAN),
    outages_in_all=POSITION,
    notes=NAMES,
)
_OF_ALL: Final = closed(
    number=NUMBER,
    commitment=TEXT,
    kind=VERDICT_KIND,
    subject=STRING,
    cycle=POSITION,
    state=VERDICT_STATE,
    plan=TEXT_OR_NOT,
    modality=words(Modality),
    clause=NAMES,
    readings=NAMES,
    target=or_not(TARGET_OF_CLOCK),
    calendar=TEXT_OR_NOT,
    started_at=INSTANT_OR_NOT,
    due_at=INSTANT_OR_NOT,
    goal_at=INSTANT_OR_NOT,
    stopped_at=INSTANT_OR_NOT,
    late_after_at=INSTANT_OR_NOT,
    elapsed_s=SECONDS_OR_NOT,
    budget_s=SECONDS_OR_NOT,
    late_s=SECONDS_OR_NOT,
    paused=rows(PAUSE),
    count=NUMBER_OR_NOT,
    allowed=NUMBER_OR_NOT,
    reasons=NAMES,
    facts=rows(FACT_NAME),
)
VERDICT: Final = described(
    with_perhaps(_OF_ALL, level=or_not(PROMISED_LEVEL), measurement=or_not(MEASUREMENT)),
    "One verdict; of a measurement also its `level` and `measurement`.",
)
WAKE: Final = closed(
    at=INSTANT, due_at=INSTANT, what=words(WakeKind), contract=TEXT, commitment=TEXT, subject=STRING
)
LINE: Final = closed(
    what=STRING,
    unit=STRING,
    low=EXACT_OR_NOT,
    high=EXACT_OR_NOT,
    fact=or_not(FACT_NAME),
)
INSTALMENT: Final = closed(
    number=POSITION,
    amount=AMOUNT,
    invoice=TEXT_OR_NOT,
    at=INSTANT_OR_NOT,
    state=words(PartState),
    set_off=TRUTH,
)
CREDIT: Final = closed(
    number=NUMBER,
    remedy=TEXT,
    commitment=TEXT,
    subject=STRING,
    state=CREDIT_STATE,
    unit=words(Unit),
    rule_id=STRING,
    clause=NAMES,
    readings=NAMES,
    amount=AMOUNT_OR_NOT,
    currency=TEXT_OR_NOT,
    exact=EXACT_OR_NOT,
    low=EXACT_OR_NOT,
    high=EXACT_OR_NOT,
    adds_at_most=EXACT_OR_NOT,
    base=EXACT_OR_NOT,
    lines=rows(LINE),
    instalments=rows(INSTALMENT),
    beyond=AMOUNT_OR_NOT,
    reasons=NAMES,
    facts=rows(FACT_NAME),
)
_FEE: Final = closed(amount=AMOUNT, currency=TEXT)
LIFE: Final = closed(
    **{"from": INSTANT_OR_NOT, "until": INSTANT_OR_NOT},
    ended_by=or_not(FACT_NAME),
    plans=rows(closed(plan=TEXT_OR_NOT, **{"from": INSTANT_OR_NOT}, told_by=or_not(FACT_NAME))),
    fees=rows(
        closed(
            **{"from": INSTANT_OR_NOT},
            fees={"type": "object", "additionalProperties": _FEE},
            told_by=or_not(FACT_NAME),
        )
    ),
    suspended=rows(closed(**{"from": INSTANT, "until": INSTANT_OR_NOT}, reason=TEXT_OR_NOT)),
    renewed=rows(INSTANT),
    signed_at=INSTANT_OR_NOT,
)
ENTITLEMENT: Final = closed(
    entitlement=TEXT,
    value={"anyOf": [TEXT, rows(TEXT), {"type": "null"}]},
    named_contacts=NUMBER_OR_NOT,
    channels=NAMES,
    clause=NAMES,
)
CONTRACT: Final = closed(
    contract=TEXT,
    customer=TEXT,
    provider=TEXT,
    agreement=TEXT,
    version=TEXT_OR_NOT,
    plan=TEXT_OR_NOT,
    zone=TEXT,
    entitlements=rows(ENTITLEMENT),
)
CONTRACTS: Final = closed(contracts=rows(CONTRACT))
_REPORTED: Final = {**CONTRACT["properties"], "life": LIFE, "verdicts": rows(VERDICT)}
REPORTED_CONTRACT: Final = described(
    with_perhaps(closed(**_REPORTED), credits=rows(CREDIT), claims=rows(CLAIM)),
    "With `credits` if the agreement has remedies, with `claims` if they are claimed.",
)
REPORT: Final = closed(
    at=INSTANT,
    known=POSITION,
    contracts=rows(REPORTED_CONTRACT),
    wakes=rows(WAKE),
    findings=rows(FINDING),
)
