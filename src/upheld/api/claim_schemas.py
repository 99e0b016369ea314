"""Claims, and what is due of all kinds, as JSON Schema."""

from __future__ import annotations

from typing import Final

from upheld.api.schema_forms import (
    AMOUNT_OR_NOT,
    INSTANT,
    INSTANT_OR_NOT,
    NAMES,
    NUMBER,
    SECONDS_OR_NOT,
    STRING,
    TEXT,
    TEXT_OR_NOT,
    TRUTH,
    Schema,
    closed,
    named,
    or_not,
    rows,
    words,
)
from upheld.core.claiming.claim import Admissibility, CheckedOf, ClaimState, Outcome
from upheld.core.claiming.claimable import Party, Standing, Why
from upheld.core.verdicts.credit import CreditState
from upheld.core.verdicts.verdict import State, WakeKind

EVIDENCE: Final = closed(
    references=NAMES,
    intervals=rows({"type": "array", "items": INSTANT, "minItems": 2, "maxItems": 2}),
)
CHECK: Final = closed(
    of=words(CheckedOf),
    holds={"type": ["boolean", "null"], "description": "Null: it cannot be told."},
    reason=TEXT_OR_NOT,
    clauses=NAMES,
    way_out=TEXT_OR_NOT,
)
CLAIM_STEP: Final = closed(
    deadline=TEXT,
    acts=NAMES,
    state=words(State),
    due=INSTANT_OR_NOT,
    done=INSTANT_OR_NOT,
    clauses=NAMES,
)
ASSESSMENT: Final = closed(at=INSTANT, by=TEXT_OR_NOT, admissible=TRUTH, reason=TEXT_OR_NOT)
DECISION: Final = closed(
    at=INSTANT,
    by=TEXT_OR_NOT,
    outcome=words(Outcome),
    amount=AMOUNT_OR_NOT,
    currency=TEXT_OR_NOT,
    reason=TEXT_OR_NOT,
    evidence=NAMES,
    counts_at=INSTANT_OR_NOT,
    objections=NAMES,
    needs_second=TRUTH,
    second=TEXT_OR_NOT,
    holds=TRUTH,
)
NEXT: Final = closed(
    party=words(Party),
    what=TEXT,
    due=INSTANT_OR_NOT,
    also=or_not(named("Next")),
)
CLAIM: Final = closed(
    id=TEXT,
    contract=TEXT,
    about=STRING,
    state=words(ClaimState),
    admissibility=words(Admissibility),
    filed_at=INSTANT_OR_NOT,
    sent_at=INSTANT_OR_NOT,
    received_at=INSTANT_OR_NOT,
    issue_at=INSTANT_OR_NOT,
    filed_by=TEXT_OR_NOT,
    channel=TEXT_OR_NOT,
    account=TEXT_OR_NOT,
    metrics=TEXT_OR_NOT,
    impact=TEXT_OR_NOT,
    evidence=rows(EVIDENCE),
    checks=rows(CHECK),
    steps=rows(CLAIM_STEP),
    acknowledged_at=INSTANT_OR_NOT,
    assessment=or_not(ASSESSMENT),
    decisions=rows(DECISION),
    disputed_at=INSTANT_OR_NOT,
    void_disputes=rows(closed(at=INSTANT, by=STRING, objection=STRING)),
    withdrawn_at=INSTANT_OR_NOT,
    credits=rows(closed(remedy=TEXT, subject=STRING)),
    beside=TEXT_OR_NOT,
    computed=AMOUNT_OR_NOT,
    granted=AMOUNT_OR_NOT,
    currency=TEXT_OR_NOT,
    granted_at=INSTANT_OR_NOT,
    credited_at=INSTANT_OR_NOT,
    applied_at=INSTANT_OR_NOT,
    settled_at=INSTANT_OR_NOT,
    next=NEXT,
)
CLAIMABLE: Final = closed(
    contract=TEXT,
    remedy=TEXT,
    subject=STRING,
    about=STRING,
    why=words(Why),
    standing=words(Standing),
    until=INSTANT_OR_NOT,
    issue_at=INSTANT_OR_NOT,
    credit=words(CreditState),
    amount=AMOUNT_OR_NOT,
    currency=TEXT_OR_NOT,
    items=NAMES,
    claim=TEXT_OR_NOT,
)
CLAIMS: Final = closed(at=INSTANT, claims=rows(CLAIM), claimable=rows(CLAIMABLE))
_CHANCE: Final[Schema] = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
DUE_ITEM: Final = closed(
    at=INSTANT,
    due_at=INSTANT,
    what=words(WakeKind, "risk"),
    contract=TEXT,
    commitment=TEXT,
    subject=STRING,
    remaining_s=SECONDS_OR_NOT,
    chance=_CHANCE,
    until_at=INSTANT_OR_NOT,
)
OWED_ITEM: Final = closed(
    number=NUMBER, contract=TEXT, commitment=TEXT, subject=STRING, since_at=INSTANT_OR_NOT, why=TEXT_OR_NOT
)
DUE: Final = closed(at=INSTANT, due=rows(DUE_ITEM), owed=rows(OWED_ITEM), claimable=rows(CLAIMABLE))
