"""What applying agreements did, or would do, as JSON Schema: how terms, verdicts and amounts differ."""

from __future__ import annotations

from typing import Final

from upheld.api.schema_forms import (
    AMOUNT,
    AMOUNT_OR_NOT,
    INSTANT,
    INSTANT_OR_NOT,
    NAMES,
    NUMBER_OR_NOT,
    POSITION,
    SECONDS_OR_NOT,
    STRING,
    TEXT,
    TEXT_OR_NOT,
    TRUTH,
    closed,
    described,
    or_not,
    rows,
    with_perhaps,
    words,
)
from upheld.api.schemas import FINDING, PLACE
from upheld.api.verdict_schemas import (
    CREDIT_STATE,
    EXACT,
    EXACT_OR_NOT,
    PROMISED_LEVEL,
    VERDICT_KIND,
    VERDICT_STATE,
)
from upheld.core.comparing.comparison import How, Order
from upheld.core.terms.remedy import Unit

_ORDER: Final = words(Order)
CITED: Final = closed(clause=NAMES, readings=NAMES, place=or_not(PLACE))
EXAMPLE: Final = closed(start_at=INSTANT, before_at=INSTANT_OR_NOT, after_at=INSTANT_OR_NOT)
CHANGED_PART: Final = closed(
    part=TEXT, order=_ORDER, before=STRING, after=STRING, but=TEXT_OR_NOT, example=or_not(EXAMPLE)
)
CHANGED_TERMS: Final = closed(
    commitment=TEXT,
    kind=TEXT,
    how=words(How),
    order=_ORDER,
    proved=TRUTH,
    before=or_not(CITED),
    after=or_not(CITED),
    parts=rows(CHANGED_PART),
)
BOUND_TERMS: Final = closed(agreement=TEXT, version=TEXT_OR_NOT, plan=TEXT_OR_NOT)
EFFECT: Final = closed(
    contract=TEXT,
    customer=TEXT,
    how=words(How),
    order=words(Order, None),
    before=or_not(BOUND_TERMS),
    after=or_not(BOUND_TERMS),
    changes=rows(CHANGED_TERMS),
)
FLIP_SIDE: Final = closed(
    number=POSITION,
    state=VERDICT_STATE,
    held_to=TEXT,
    due_at=INSTANT_OR_NOT,
    goal_at=INSTANT_OR_NOT,
    value=EXACT_OR_NOT,
)
FLIP: Final = closed(
    contract=TEXT,
    commitment=TEXT,
    subject=STRING,
    cycle=POSITION,
    kind=VERDICT_KIND,
    clause=TEXT_OR_NOT,
    before=FLIP_SIDE,
    after=FLIP_SIDE,
)
FLIP_COUNT: Final = closed(
    kind=VERDICT_KIND, before=VERDICT_STATE, after=VERDICT_STATE, verdicts=POSITION
)  # fmt: skip
ONE_SIDE: Final = closed(contract=TEXT, commitment=TEXT, kind=VERDICT_KIND, verdicts=POSITION, whole=TRUTH)
AMOUNT_SIDE: Final = closed(
    state=CREDIT_STATE, unit=words(Unit), currency=TEXT_OR_NOT, amount=AMOUNT_OR_NOT, exact=EXACT_OR_NOT
)
AMOUNT_CHANGE: Final = closed(
    contract=TEXT,
    remedy=TEXT,
    subject=STRING,
    before=or_not(AMOUNT_SIDE),
    after=or_not(AMOUNT_SIDE),
)
OWED_SUM: Final = closed(
    currency=TEXT_OR_NOT,
    before=AMOUNT,
    after=AMOUNT,
    difference=AMOUNT,
    exact_difference=EXACT_OR_NOT,
    undecided_before=POSITION,
    undecided_after=POSITION,
)
LEVEL_PROMISE: Final = closed(
    contract=TEXT,
    commitment=TEXT,
    component=TEXT_OR_NOT,
    level=or_not(PROMISED_LEVEL),
    kept=EXACT,
    exact=EXACT_OR_NOT,
    printed=EXACT_OR_NOT,
    periods=NUMBER_OR_NOT,
    period_days=NUMBER_OR_NOT,
    past_days=NUMBER_OR_NOT,
    block_days=NUMBER_OR_NOT,
    seed=NUMBER_OR_NOT,
    reason=TEXT_OR_NOT,
)
TARGET_PROMISE: Final = closed(
    agreement=TEXT,
    commitment=TEXT,
    target=STRING,
    calendar=STRING,
    kept=EXACT,
    exact_s=SECONDS_OR_NOT,
    printed_s=SECONDS_OR_NOT,
    cycles=POSITION,
    unended=POSITION,
)
FLIPS: Final = closed(
    at=INSTANT,
    before=NAMES,
    after=NAMES,
    same=POSITION,
    flips=rows(FLIP),
    moves=rows(FLIP),
    counts=rows(FLIP_COUNT),
    only_before=rows(ONE_SIDE),
    only_after=rows(ONE_SIDE),
    amounts=rows(AMOUNT_CHANGE),
    owed=rows(OWED_SUM),
    levels=rows(LEVEL_PROMISE),
    targets=rows(TARGET_PROMISE),
)
APPLIED: Final = described(
    with_perhaps(
        closed(
            revision=POSITION,
            dry_run=TRUTH,
            added=NAMES,
            changed=NAMES,
            removed=NAMES,
            contracts=NAMES,
            findings=rows(FINDING),
        ),
        effects=rows(EFFECT),
        flips=FLIPS,
    ),
    "With `dry_run` also `effects` and `flips`.",
)
