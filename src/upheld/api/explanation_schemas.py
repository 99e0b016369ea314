"""Why a verdict or a credit is what it is, as JSON Schema: one form for each kind of what is explained."""

from __future__ import annotations

from typing import Final

from upheld.api.schema_forms import (
    INSTANT,
    INSTANT_OR_NOT,
    NAMES,
    NUMBER_OR_NOT,
    POSITION,
    SECONDS,
    SECONDS_OR_NOT,
    STRING,
    TEXT,
    TEXT_OR_NOT,
    closed,
    or_not,
    rows,
    with_perhaps,
    words,
)
from upheld.api.verdict_schemas import CREDIT, FACT_NAME, PART_NAME, VERDICT
from upheld.core.owing.termination import RightState

READING: Final = closed(ref=STRING, take=TEXT, options=NAMES, because=STRING)
CORRECTED_FACT: Final = closed(source=TEXT, id=TEXT, corrected_by=or_not(FACT_NAME))
STEP: Final = closed(
    at=INSTANT_OR_NOT,
    what=TEXT,
    counted_s=SECONDS_OR_NOT,
    total_s=SECONDS_OR_NOT,
    fact=or_not(CORRECTED_FACT),
)
EXPLANATION: Final = closed(verdict=VERDICT, promised=STRING, readings=rows(READING), steps=rows(STEP))
EXPLAINED_FACT: Final = closed(source=TEXT, id=TEXT, type=TEXT, subject=STRING, at=INSTANT)
BAD_SLICES: Final = closed(
    component=TEXT,
    signal=TEXT,
    start_at=INSTANT,
    end_at=INSTANT,
    slices=POSITION,
    total=POSITION,
    good=POSITION,
)
STRETCH: Final = closed(
    component=STRING,
    start_at=INSTANT,
    end_at=INSTANT,
    length_s=SECONDS,
    counts_as=PART_NAME,
    by=TEXT_OR_NOT,
    clause=NAMES,
    slices=rows(BAD_SLICES),
    states=rows(closed(component=TEXT, at=INSTANT, state=TEXT)),
    facts=rows(EXPLAINED_FACT),
    missing=NAMES,
)
ITEM: Final = closed(
    subject=STRING,
    counts_as=PART_NAME,
    by=TEXT_OR_NOT,
    clause=NAMES,
    number=NUMBER_OR_NOT,
    state=TEXT_OR_NOT,
    facts=rows(EXPLAINED_FACT),
)
LEFT_IN: Final = closed(
    by=TEXT,
    clause=NAMES,
    subject=STRING,
    start_at=INSTANT,
    end_at=INSTANT,
    why=TEXT,
    announced_at=INSTANT_OR_NOT,
    announced_by=INSTANT_OR_NOT,
    facts=rows(EXPLAINED_FACT),
)
FIGURE_EXPLANATION: Final = closed(
    verdict=VERDICT,
    promised=STRING,
    readings=rows(READING),
    formula=STRING,
    allowed=or_not(closed(bad={"type": "integer"}, used={"type": "integer"})),
    stretches=rows(STRETCH),
    items=rows(ITEM),
    left_in=rows(LEFT_IN),
    credits=rows({"type": "integer"}),
)
RIGHT: Final = closed(
    state=words(RightState),
    from_at=INSTANT,
    until_at=INSTANT_OR_NOT,
    given_at=INSTANT_OR_NOT,
    ends_at=INSTANT_OR_NOT,
    early_at=INSTANT_OR_NOT,
)
CREDIT_EXPLANATION: Final = with_perhaps(
    closed(credit=CREDIT, follows=NUMBER_OR_NOT, readings=rows(READING), facts=rows(EXPLAINED_FACT)),
    right=RIGHT,
)
EXPLANATIONS: Final = rows({"anyOf": [EXPLANATION, FIGURE_EXPLANATION, CREDIT_EXPLANATION]})
