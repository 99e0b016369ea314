"""What goes in and comes out of the API. Written by `make docs` from its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class Provider(TypedDict):
    key: str
    name: str


class Founded(TypedDict):
    key: str
    name: str
    token: str


class Way(TypedDict):
    channel: str
    way: Literal["mail", "webhook"]
    address: str


PersonQuiet = TypedDict(
    "PersonQuiet",
    {
        "from": str,
        "until": str,
    },
)


class Person(TypedDict):
    """Somebody who is told, with the ways to them, the first tried first."""

    name: str
    roles: NotRequired[Sequence[str]]
    ways: Sequence[Way]
    customer: NotRequired[str | None]
    language: NotRequired[Literal["en", "nl"]]
    zone: NotRequired[str]
    quiet: NotRequired[PersonQuiet | None]
    digest: NotRequired[str]


class KeptPersonWays(TypedDict):
    channel: str
    way: str
    secret: str | None


class KeptPerson(TypedDict):
    name: str
    ways: Sequence[KeptPersonWays]


class ShownPersonWays(TypedDict):
    channel: str
    way: str
    rests: str


class ShownPerson(TypedDict):
    name: str
    customer: str | None
    roles: Sequence[str]
    language: str
    zone: str
    ways: Sequence[ShownPersonWays]


class People(TypedDict):
    people: Sequence[ShownPerson]
    next: int | None


class Removed(TypedDict):
    removed: bool


class Level(TypedDict):
    """People by their names, or whoever is on call in a rota."""

    people: NotRequired[Sequence[str]]
    rota: NotRequired[str]
    within: str


class Chain(TypedDict):
    """Whom to wake for a role, one level after the other, until somebody acknowledges."""

    role: str
    levels: Sequence[Level]
    times: NotRequired[int]


class KeptChain(TypedDict):
    role: str
    levels: int
    times: int


class ShownChain(TypedDict):
    role: str
    levels: Sequence[Level]
    times: int


class Chains(TypedDict):
    chains: Sequence[ShownChain]


class PageAcknowledged(TypedDict):
    by: str
    how: Literal["api", "link"]
    at: str


class Page(TypedDict):
    number: int
    contract: str
    cause: str
    rule: str
    stage: str
    at: str
    told: Sequence[str]
    next_at: str | None
    over_at: str | None
    acknowledged: PageAcknowledged | None


class Pages(TypedDict):
    pages: Sequence[Page]
    next: int | None


class Test(TypedDict):
    role: str


Layer = TypedDict(
    "Layer",
    {
        "people": Sequence[str],
        "every": Literal["day", "week"],
        "from": str,
        "at": NotRequired[str],
        "zone": NotRequired[str],
        "until": NotRequired[str | None],
        "hours": NotRequired[str | None],
    },
)
"""People who take turns by the day or the week, handing over by the local clock."""


class Rota(TypedDict):
    """Who is on call, by layers, the last one on top."""

    name: str
    layers: Sequence[Layer]
    always: NotRequired[str | None]


class KeptRota(TypedDict):
    name: str
    layers: int


ShownRotaOverrides = TypedDict(
    "ShownRotaOverrides",
    {
        "number": int,
        "person": str,
        "by": str,
        "from": str,
        "until": str,
    },
)


class ShownRota(TypedDict):
    name: str
    on_call: str | None
    always: str | None
    layers: Sequence[Layer]
    overrides: Sequence[ShownRotaOverrides]


class Rotas(TypedDict):
    rotas: Sequence[ShownRota]


TurnsTurns = TypedDict(
    "TurnsTurns",
    {
        "person": str,
        "from": str,
        "until": str,
    },
)


TurnsGaps = TypedDict(
    "TurnsGaps",
    {
        "from": str,
        "until": str,
    },
)


class Turns(TypedDict):
    name: str
    turns: Sequence[TurnsTurns]
    gaps: Sequence[TurnsGaps]


Override = TypedDict(
    "Override",
    {
        "person": str,
        "from": str,
        "until": str,
    },
)


class Numbered(TypedDict):
    number: int


class Template(TypedDict):
    language: Literal["en", "nl"]
    kind: Literal["ahead", "late", "claim", "event", "gap", "test"]
    subject: str
    body: str


class KeptTemplate(TypedDict):
    language: Literal["en", "nl"]
    kind: Literal["ahead", "late", "claim", "event", "gap", "test"]


class ShownTemplate(TypedDict):
    language: Literal["en", "nl"]
    kind: Literal["ahead", "late", "claim", "event", "gap", "test"]
    subject: str
    body: str
    own: bool


class Templates(TypedDict):
    templates: Sequence[ShownTemplate]
    placeholders: Sequence[str]


class MessageAttempts(TypedDict):
    at: str
    state: str
    said: str


class Message(TypedDict):
    number: int
    contract: str
    cause: str
    rule: str
    stage: str
    urgency: Literal["page", "urgent", "planned"]
    to: str | None
    channel: str | None
    subject: str
    owed_at: str
    state: Literal["waiting", "sending", "accepted", "suppressed", "failed"]
    said: str
    next_at: str | None
    ended_at: str | None
    page: int | None
    digest: int | None
    attempts: Sequence[MessageAttempts]


class Messages(TypedDict):
    messages: Sequence[Message]
    next: int | None


class Fact(TypedDict):
    """A CloudEvent; the language reference lists the types and what their data hold."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    time: str
    subject: str
    recordedtime: NotRequired[str]
    datacontenttype: NotRequired[Literal["application/json"]]
    data: NotRequired[Mapping[str, Any]]


class Place(TypedDict):
    file: str
    line: int
    column: int


class Finding(TypedDict):
    code: str
    severity: Literal["error", "warning", "note"]
    message: str
    way_out: str
    places: Sequence[Place]


class Recorded(TypedDict):
    positions: Sequence[int]
    new: int
    findings: Sequence[Finding]


class RecordedFact(TypedDict):
    position: int
    fact: Fact


class Facts(TypedDict):
    facts: Sequence[RecordedFact]
    next: int | None


Observation = TypedDict(
    "Observation",
    {
        "at": str | int,
        "component": str,
        "signal": NotRequired[str],
        "provider": NotRequired[str],
        "ok": NotRequired[bool],
        "status": NotRequired[int],
        "latency_us": NotRequired[int],
        "latency_ms": NotRequired[float],
        "code": NotRequired[str],
        "until": NotRequired[str | int],
        "for": NotRequired[str],
        "good": NotRequired[int],
        "total": NotRequired[int],
        "state": NotRequired[str],
    },
)
"""A check, a count or a state: the page about measurement says what each row holds."""


Columns = TypedDict(
    "Columns",
    {
        "at": Sequence[str | int] | str | int,
        "component": Sequence[str] | str,
        "signal": NotRequired[Sequence[str] | str],
        "provider": NotRequired[Sequence[str] | str],
        "ok": NotRequired[Sequence[bool] | bool],
        "status": NotRequired[Sequence[int] | int],
        "latency_us": NotRequired[Sequence[int] | int],
        "latency_ms": NotRequired[Sequence[float] | float],
        "code": NotRequired[Sequence[str] | str],
        "until": NotRequired[Sequence[str | int] | str | int],
        "for": NotRequired[Sequence[str] | str],
        "good": NotRequired[Sequence[int] | int],
        "total": NotRequired[Sequence[int] | int],
        "state": NotRequired[Sequence[str] | str],
    },
)
"""A list for each column, all of the same length, or one value for all rows."""


class Observed(TypedDict):
    rows: int
    new: int
    findings: Sequence[Finding]


class Target(TypedDict):
    """What is looked at: the page about probes lists the kinds and their settings."""

    name: str
    component: str
    signal: str
    kind: str
    every: NotRequired[str | None]
    settings: Mapping[str, Any]


class KeptTarget(TypedDict):
    name: str
    kind: str
    next_at: str | None


class ShownTarget(TypedDict):
    name: str
    component: str
    signal: str
    kind: str
    every_us: int
    next_at: str | None
    said: str


class Targets(TypedDict):
    probes: Sequence[ShownTarget]


class Came(TypedDict):
    taken: bool


class Texts(TypedDict):
    files: Mapping[str, str]


class BoundTerms(TypedDict):
    agreement: str
    version: str | None
    plan: str | None


class Cited(TypedDict):
    clause: Sequence[str]
    readings: Sequence[str]
    place: Place | None


class Example(TypedDict):
    start_at: str
    before_at: str | None
    after_at: str | None


class ChangedPart(TypedDict):
    part: str
    order: Literal["equal", "better", "worse", "incomparable"]
    before: str
    after: str
    but: str | None
    example: Example | None


class ChangedTerms(TypedDict):
    commitment: str
    kind: str
    how: Literal["changed", "added", "removed"]
    order: Literal["equal", "better", "worse", "incomparable"]
    proved: bool
    before: Cited | None
    after: Cited | None
    parts: Sequence[ChangedPart]


class Effect(TypedDict):
    contract: str
    customer: str
    how: Literal["changed", "added", "removed"]
    order: Literal["equal", "better", "worse", "incomparable", None]
    before: BoundTerms | None
    after: BoundTerms | None
    changes: Sequence[ChangedTerms]


VerdictKind: TypeAlias = Literal["deadline", "cadence", "quota", "obligation", "covenant", "measurement"]


VerdictState: TypeAlias = Literal[
    "met", "missed", "breached", "running", "at risk", "not applicable", "undetermined"
]


class Exact(TypedDict):
    numerator: int | str
    denominator: int | str
    decimal: str


class FlipSide(TypedDict):
    number: int
    state: VerdictState
    held_to: str
    due_at: str | None
    goal_at: str | None
    value: Exact | None


class Flip(TypedDict):
    contract: str
    commitment: str
    subject: str
    cycle: int
    kind: VerdictKind
    clause: str | None
    before: FlipSide
    after: FlipSide


class FlipCount(TypedDict):
    kind: VerdictKind
    before: VerdictState
    after: VerdictState
    verdicts: int


class OneSide(TypedDict):
    contract: str
    commitment: str
    kind: VerdictKind
    verdicts: int
    whole: bool


CreditState: TypeAlias = Literal["owed", "not owed", "running", "undetermined", "open"]


class AmountSide(TypedDict):
    state: CreditState
    unit: Literal["money", "days of service", "termination"]
    currency: str | None
    amount: str | None
    exact: Exact | None


class AmountChange(TypedDict):
    contract: str
    remedy: str
    subject: str
    before: AmountSide | None
    after: AmountSide | None


class OwedSum(TypedDict):
    currency: str | None
    before: str
    after: str
    difference: str
    exact_difference: Exact | None
    undecided_before: int
    undecided_after: int


class PromisedLevel(TypedDict):
    relation: Literal[">=", ">", "<=", "<"]
    unit: Literal["ratio", "duration"]
    value: Exact


class LevelPromise(TypedDict):
    contract: str
    commitment: str
    component: str | None
    level: PromisedLevel | None
    kept: Exact
    exact: Exact | None
    printed: Exact | None
    periods: int | None
    period_days: int | None
    past_days: int | None
    block_days: int | None
    seed: int | None
    reason: str | None


class TargetPromise(TypedDict):
    agreement: str
    commitment: str
    target: str
    calendar: str
    kept: Exact
    exact_s: int | str | None
    printed_s: int | str | None
    cycles: int
    unended: int


class Flips(TypedDict):
    at: str
    before: Sequence[str]
    after: Sequence[str]
    same: int
    flips: Sequence[Flip]
    moves: Sequence[Flip]
    counts: Sequence[FlipCount]
    only_before: Sequence[OneSide]
    only_after: Sequence[OneSide]
    amounts: Sequence[AmountChange]
    owed: Sequence[OwedSum]
    levels: Sequence[LevelPromise]
    targets: Sequence[TargetPromise]


class Applied(TypedDict):
    """With `dry_run` also `effects` and `flips`."""

    revision: int
    dry_run: bool
    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    contracts: Sequence[str]
    findings: Sequence[Finding]
    effects: NotRequired[Sequence[Effect]]
    flips: NotRequired[Flips]


class Agreements(TypedDict):
    revision: int
    files: Mapping[str, str]


class Entitlement(TypedDict):
    entitlement: str
    value: str | Sequence[str] | None
    named_contacts: int | None
    channels: Sequence[str]
    clause: Sequence[str]


class Contract(TypedDict):
    contract: str
    customer: str
    provider: str
    agreement: str
    version: str | None
    plan: str | None
    zone: str
    entitlements: Sequence[Entitlement]


class Contracts(TypedDict):
    contracts: Sequence[Contract]


class FactName(TypedDict):
    source: str
    id: str


LifePlans = TypedDict(
    "LifePlans",
    {
        "plan": str | None,
        "from": str | None,
        "told_by": FactName | None,
    },
)


class LifeFeesFees(TypedDict):
    amount: str
    currency: str


LifeFees = TypedDict(
    "LifeFees",
    {
        "from": str | None,
        "fees": Mapping[str, LifeFeesFees],
        "told_by": FactName | None,
    },
)


LifeSuspended = TypedDict(
    "LifeSuspended",
    {
        "from": str,
        "until": str | None,
        "reason": str | None,
    },
)


Life = TypedDict(
    "Life",
    {
        "from": str | None,
        "until": str | None,
        "ended_by": FactName | None,
        "plans": Sequence[LifePlans],
        "fees": Sequence[LifeFees],
        "suspended": Sequence[LifeSuspended],
        "renewed": Sequence[str],
        "signed_at": str | None,
    },
)


class TargetOfClock(TypedDict):
    goal: str | None
    limit: str | None


class Pause(TypedDict):
    start_at: str
    end_at: str | None
    why: str


class Period(TypedDict):
    label: str
    start_at: str
    end_at: str


class Bounds(TypedDict):
    value: Exact | None
    low: Exact | None
    high: Exact | None


PartName: TypeAlias = Literal[
    "up", "degraded", "down", "excluded", "unknown", "outside hours", "not yet", "before start"
]


class Part(TypedDict):
    name: PartName
    by: str | None
    clause: Sequence[str]
    length_s: NotRequired[int | str]
    count: NotRequired[int]


class MeasurementSum(TypedDict):
    length_s: NotRequired[int | str]
    count: NotRequired[int]


class Span(TypedDict):
    start_at: str
    end_at: str
    length_s: int | str


class Measurement(TypedDict):
    indicator: str
    component: str
    period: Period
    at: str
    unit: Literal["time", "count"]
    is_settled: bool
    to_date: Bounds
    if_nothing_more_fails: Bounds
    worst_to_come: Exact | None
    total: int
    bad: int
    parts: Sequence[Part]
    sum: MeasurementSum
    method: Mapping[str, str]
    decisive: str | None
    components: Sequence[Measurement]
    outages: Sequence[Span]
    outages_in_all: int
    notes: Sequence[str]


class Verdict(TypedDict):
    """One verdict; of a measurement also its `level` and `measurement`."""

    number: int
    commitment: str
    kind: VerdictKind
    subject: str
    cycle: int
    state: VerdictState
    plan: str | None
    modality: Literal["guarantee", "objective", "best effort"]
    clause: Sequence[str]
    readings: Sequence[str]
    target: TargetOfClock | None
    calendar: str | None
    started_at: str | None
    due_at: str | None
    goal_at: str | None
    stopped_at: str | None
    late_after_at: str | None
    elapsed_s: int | str | None
    budget_s: int | str | None
    late_s: int | str | None
    paused: Sequence[Pause]
    count: int | None
    allowed: int | None
    reasons: Sequence[str]
    facts: Sequence[FactName]
    level: NotRequired[PromisedLevel | None]
    measurement: NotRequired[Measurement | None]


class Line(TypedDict):
    what: str
    unit: str
    low: Exact | None
    high: Exact | None
    fact: FactName | None


class Instalment(TypedDict):
    number: int
    amount: str
    invoice: str | None
    at: str | None
    state: Literal["planned", "due", "applied", "carried over", "paid out", "outstanding", "lost"]
    set_off: bool


class Credit(TypedDict):
    number: int
    remedy: str
    commitment: str
    subject: str
    state: CreditState
    unit: Literal["money", "days of service", "termination"]
    rule_id: str
    clause: Sequence[str]
    readings: Sequence[str]
    amount: str | None
    currency: str | None
    exact: Exact | None
    low: Exact | None
    high: Exact | None
    adds_at_most: Exact | None
    base: Exact | None
    lines: Sequence[Line]
    instalments: Sequence[Instalment]
    beyond: str | None
    reasons: Sequence[str]
    facts: Sequence[FactName]


class Evidence(TypedDict):
    references: Sequence[str]
    intervals: Sequence[Sequence[str]]


class Check(TypedDict):
    of: Literal["deadline", "moment", "form", "standing", "channel"]
    holds: bool | None
    reason: str | None
    clauses: Sequence[str]
    way_out: str | None


class ClaimStep(TypedDict):
    deadline: str
    acts: Sequence[str]
    state: VerdictState
    due: str | None
    done: str | None
    clauses: Sequence[str]


class Assessment(TypedDict):
    at: str
    by: str | None
    admissible: bool
    reason: str | None


class Decision(TypedDict):
    at: str
    by: str | None
    outcome: Literal["accepted", "partly", "rejected"]
    amount: str | None
    currency: str | None
    reason: str | None
    evidence: Sequence[str]
    counts_at: str | None
    objections: Sequence[str]
    needs_second: bool
    second: str | None
    holds: bool


class ClaimVoidDisputes(TypedDict):
    at: str
    by: str
    objection: str


class ClaimCredits(TypedDict):
    remedy: str
    subject: str


class Next(TypedDict):
    party: Literal["customer", "provider", "nobody"]
    what: str
    due: str | None
    also: Next | None


class Claim(TypedDict):
    id: str
    contract: str
    about: str
    state: Literal[
        "drafted",
        "filed",
        "acknowledged",
        "assessed",
        "second decision needed",
        "accepted",
        "partly accepted",
        "rejected",
        "disputed",
        "credited",
        "applied",
        "settled",
        "withdrawn",
    ]
    admissibility: Literal["admissible", "inadmissible", "cannot be told"]
    filed_at: str | None
    sent_at: str | None
    received_at: str | None
    issue_at: str | None
    filed_by: str | None
    channel: str | None
    account: str | None
    metrics: str | None
    impact: str | None
    evidence: Sequence[Evidence]
    checks: Sequence[Check]
    steps: Sequence[ClaimStep]
    acknowledged_at: str | None
    assessment: Assessment | None
    decisions: Sequence[Decision]
    disputed_at: str | None
    void_disputes: Sequence[ClaimVoidDisputes]
    withdrawn_at: str | None
    credits: Sequence[ClaimCredits]
    beside: str | None
    computed: str | None
    granted: str | None
    currency: str | None
    granted_at: str | None
    credited_at: str | None
    applied_at: str | None
    settled_at: str | None
    next: Next


class ReportedContract(TypedDict):
    """With `credits` if the agreement has remedies, with `claims` if they are claimed."""

    contract: str
    customer: str
    provider: str
    agreement: str
    version: str | None
    plan: str | None
    zone: str
    entitlements: Sequence[Entitlement]
    life: Life
    verdicts: Sequence[Verdict]
    credits: NotRequired[Sequence[Credit]]
    claims: NotRequired[Sequence[Claim]]


class Wake(TypedDict):
    at: str
    due_at: str
    what: Literal["limit", "goal", "period end", "reminder", "right ends"]
    contract: str
    commitment: str
    subject: str


class Report(TypedDict):
    at: str
    known: int
    contracts: Sequence[ReportedContract]
    wakes: Sequence[Wake]
    findings: Sequence[Finding]


class Reading(TypedDict):
    ref: str
    take: str
    options: Sequence[str]
    because: str


class CorrectedFact(TypedDict):
    source: str
    id: str
    corrected_by: FactName | None


class Step(TypedDict):
    at: str | None
    what: str
    counted_s: int | str | None
    total_s: int | str | None
    fact: CorrectedFact | None


class Explanation(TypedDict):
    verdict: Verdict
    promised: str
    readings: Sequence[Reading]
    steps: Sequence[Step]


class FigureExplanationAllowed(TypedDict):
    bad: int
    used: int


class BadSlices(TypedDict):
    component: str
    signal: str
    start_at: str
    end_at: str
    slices: int
    total: int
    good: int


class StretchStates(TypedDict):
    component: str
    at: str
    state: str


class ExplainedFact(TypedDict):
    source: str
    id: str
    type: str
    subject: str
    at: str


class Stretch(TypedDict):
    component: str
    start_at: str
    end_at: str
    length_s: int | str
    counts_as: PartName
    by: str | None
    clause: Sequence[str]
    slices: Sequence[BadSlices]
    states: Sequence[StretchStates]
    facts: Sequence[ExplainedFact]
    missing: Sequence[str]


class Item(TypedDict):
    subject: str
    counts_as: PartName
    by: str | None
    clause: Sequence[str]
    number: int | None
    state: str | None
    facts: Sequence[ExplainedFact]


class LeftIn(TypedDict):
    by: str
    clause: Sequence[str]
    subject: str
    start_at: str
    end_at: str
    why: str
    announced_at: str | None
    announced_by: str | None
    facts: Sequence[ExplainedFact]


class FigureExplanation(TypedDict):
    verdict: Verdict
    promised: str
    readings: Sequence[Reading]
    formula: str
    allowed: FigureExplanationAllowed | None
    stretches: Sequence[Stretch]
    items: Sequence[Item]
    left_in: Sequence[LeftIn]
    credits: Sequence[int]


class Right(TypedDict):
    state: Literal["open", "used", "lapsed", "running", "undetermined"]
    from_at: str
    until_at: str | None
    given_at: str | None
    ends_at: str | None
    early_at: str | None


class CreditExplanation(TypedDict):
    credit: Credit
    follows: int | None
    readings: Sequence[Reading]
    facts: Sequence[ExplainedFact]
    right: NotRequired[Right]


class DueItem(TypedDict):
    at: str
    due_at: str
    what: Literal["limit", "goal", "period end", "reminder", "right ends", "risk"]
    contract: str
    commitment: str
    subject: str
    remaining_s: int | str | None
    chance: float | None
    until_at: str | None


class OwedItem(TypedDict):
    number: int
    contract: str
    commitment: str
    subject: str
    since_at: str | None
    why: str | None


class Claimable(TypedDict):
    contract: str
    remedy: str
    subject: str
    about: str
    why: Literal["owed", "undetermined", "protective"]
    standing: Literal["open", "claimed", "forfeited"]
    until: str | None
    issue_at: str | None
    credit: CreditState
    amount: str | None
    currency: str | None
    items: Sequence[str]
    claim: str | None


class Due(TypedDict):
    at: str
    due: Sequence[DueItem]
    owed: Sequence[OwedItem]
    claimable: Sequence[Claimable]


class StatementPlan(TypedDict):
    plan: str
    from_at: int


class StatementZone(TypedDict):
    name: str
    years: Sequence[int]
    transitions: Sequence[int]
    offsets_s: Sequence[int]
    abbreviations: Sequence[str]


class StatementContract(TypedDict):
    id: str
    customer: str
    provider: str
    plan: str
    plans: Sequence[StatementPlan]
    currency: str
    from_on: str
    until_on: str | None
    ends_at: int | None
    zone: StatementZone


class StatementAgreement(TypedDict):
    name: str
    version: str
    title: str
    sha256: str
    lock_sha256: str
    contract_sha256: str


class StatementPeriod(TypedDict):
    label: str
    kind: str
    start_at: int
    end_at: int


class StatementSummary(TypedDict):
    met: int
    missed: int
    breached: int
    undetermined: int
    running: int
    at_risk: int
    not_applicable: int


class StatementOwed(TypedDict):
    currency: str
    amount: str
    minor: int
    set_off_minor: int | None
    scheduled_minor: int | None
    left_minor: int | None
    low: str
    high: str | None
    credits: int
    undecided: int


class StatementMonth(TypedDict):
    label: str
    summary: StatementSummary
    owed: Sequence[StatementOwed]


class StatementLevel(TypedDict):
    relation: str
    value: str
    unit: str


class StatementPromise(TypedDict):
    plan: str
    commitment: str
    kind: str
    party: str
    modality: str
    doc: str
    of: str | None
    per: str | None
    allowed: int | None
    indicator: str | None
    level: StatementLevel | None
    clauses: Sequence[str]
    readings: Sequence[str]


class StatementQuantity(TypedDict):
    kind: str
    count: str


class StatementTarget(TypedDict):
    goal: StatementQuantity | None
    limit: StatementQuantity | None


class StatementPause(TypedDict):
    start_at: int
    end_at: int | None
    why: str


class StatementSpanOfAPeriod(TypedDict):
    label: str
    start_at: int
    end_at: int


class StatementBounds(TypedDict):
    value: str | None
    low: str
    high: str


class StatementPart(TypedDict):
    name: str
    by: str
    clauses: Sequence[str]
    amount: int
    spans: Sequence[Sequence[int]]
    items: Sequence[str]


class StatementPair(TypedDict):
    name: str
    value: str


class StatementMeasurement(TypedDict):
    indicator: str
    basis: str
    component: str
    period: StatementSpanOfAPeriod
    at: int
    counts: str
    unit: str
    is_settled: bool
    to_date: StatementBounds
    final: StatementBounds
    worst_final: str
    total: int
    final_total: int
    bad: int
    parts: Sequence[StatementPart]
    sum: int
    method: Sequence[StatementPair]
    decisive: str
    of: Sequence[StatementMeasurement]
    notes: Sequence[str]


class StatementDrawn(TypedDict):
    start_at: int
    end_at: int
    open: Sequence[Sequence[int]]
    counted: Sequence[Sequence[int]]
    late: Sequence[Sequence[int]]
    waiting: Sequence[Sequence[int]]


class StatementRef(TypedDict):
    source: str
    id: str


class StatementVerdict(TypedDict):
    commitment: str
    subject: str
    cycle: int
    kind: str
    state: str
    modality: str
    plan: str
    started_at: int | None
    due_at: int | None
    goal_at: int | None
    late_after_at: int | None
    stopped_at: int | None
    counted_us: int | None
    budget_us: int | None
    late_us: int | None
    calendar: str
    target: StatementTarget | None
    level: StatementLevel | None
    pauses: Sequence[StatementPause]
    count: int | None
    allowed: int | None
    measurement: StatementMeasurement | None
    drawn: StatementDrawn | None
    reasons: Sequence[str]
    facts: Sequence[StatementRef]


class StatementEvent(TypedDict):
    at: int
    type: str
    source: str
    id: str
    data: Sequence[StatementPair]


class StatementSubject(TypedDict):
    kind: str
    subject: str
    events: Sequence[StatementEvent]


class StatementNoRemedy(TypedDict):
    entitlement: str
    says: Sequence[str]
    clauses: Sequence[str]
    readings: Sequence[str]


class StatementLine(TypedDict):
    what: str
    unit: str
    low: str
    high: str
    subject: str
    fact: StatementRef | None


class StatementInstalment(TypedDict):
    number: int
    amount: str
    minor: int
    invoice: str
    at: int | None
    state: str
    is_set_off: bool


class StatementCredit(TypedDict):
    remedy: str
    commitment: str
    subject: str
    state: str
    unit: str
    plan: str
    rule: str
    rounding: str
    currency: str
    amount: str | None
    minor: int | None
    exact: str | None
    low: str
    high: str | None
    base: str | None
    lines: Sequence[StatementLine]
    instalments: Sequence[StatementInstalment]
    beyond_minor: int
    reasons: Sequence[str]
    clauses: Sequence[str]
    readings: Sequence[str]
    facts: Sequence[StatementRef]


class StatementInstalmentHere(TypedDict):
    remedy: str
    subject: str
    currency: str
    number: int
    amount: str
    minor: int
    invoice: str
    at: int
    state: str
    is_set_off: bool


class StatementMoney(TypedDict):
    has_remedies: bool
    none: Sequence[StatementNoRemedy]
    owed: Sequence[StatementOwed]
    credits: Sequence[StatementCredit]
    instalments: Sequence[StatementInstalmentHere]


class StatementCheck(TypedDict):
    of: str
    holds: bool | None
    reason: str
    clauses: Sequence[str]


class StatementStep(TypedDict):
    deadline: str
    acts: Sequence[str]
    state: str
    due_at: int | None
    done_at: int | None
    clauses: Sequence[str]


class StatementDecision(TypedDict):
    at: int
    by: str
    outcome: str
    amount: str | None
    currency: str
    reason: str
    objections: Sequence[str]
    needs_second: bool
    second: str
    counts_at: int | None
    fact: StatementRef


class StatementInterest(TypedDict):
    by: str
    attribution: str


class StatementCreditKey(TypedDict):
    remedy: str
    subject: str


class StatementClaim(TypedDict):
    id: str
    about: str
    state: str
    filed_at: int
    sent_at: int | None
    received_at: int | None
    filed_by: str
    channel: str
    admissibility: str
    checks: Sequence[StatementCheck]
    steps: Sequence[StatementStep]
    currency: str
    computed: str | None
    granted: str | None
    granted_at: int | None
    decisions: Sequence[StatementDecision]
    disputed_at: int | None
    withdrawn_at: int | None
    conflicts: Sequence[StatementInterest]
    credits: Sequence[StatementCreditKey]
    beside: str
    facts: Sequence[StatementRef]


class StatementClaimable(TypedDict):
    remedy: str
    subject: str
    about: str
    why: str
    until_at: int | None


class StatementMemoLine(TypedDict):
    kind: str
    exact: str
    amount_minor: int
    rounding: str
    base: str | None
    share: str | None
    band: str
    limit: str
    memo: str
    number: str


class StatementApplied(TypedDict):
    amount_minor: int
    at: int
    invoice: str


class StatementMemo(TypedDict):
    id: str
    remedy: str
    subject: str
    revision: int
    status: str
    number: str
    issued_on: str
    month: str
    entity: str
    currency: str
    settlement: str
    net_minor: int
    tax_minor: int
    total_minor: int
    applied_minor: int
    open_minor: int
    least_minor: int
    most_minor: int | None
    granted_at: int | None
    lines: Sequence[StatementMemoLine]
    applied: Sequence[StatementApplied]
    invoices: Sequence[str]
    rule: str
    clauses: Sequence[str]
    reasons: Sequence[str]
    facts: Sequence[StatementRef]


class StatementWaiting(TypedDict):
    since_at: int
    what: str
    of: str
    subject: str
    number: str
    invoice: str
    currency: str
    minor: int | None


class StatementComing(TypedDict):
    due_at: int
    what: str
    commitment: str
    subject: str


class StatementReading(TypedDict):
    name: str
    ref: str
    issue: str
    options: Sequence[str]
    take: str
    because: str
    clauses: Sequence[str]


class StatementResult(TypedDict):
    state: str
    value: str | None
    low: str | None
    high: str | None
    due_at: int | None
    amount: str | None
    currency: str | None


class StatementTaking(TypedDict):
    reading: str
    option: str


class StatementAlternative(TypedDict):
    takings: Sequence[StatementTaking]
    decides: bool
    state: str
    value: str | None
    low: str | None
    high: str | None
    due_at: int | None
    amount: str | None
    currency: str | None


class StatementDependence(TypedDict):
    of: str
    commitment: str
    subject: str
    cycle: int
    depends: bool
    taken: StatementResult
    alternatives: Sequence[StatementAlternative]
    states: Sequence[str]
    low: str | None
    high: str | None
    explored: str


class StatementReadings(TypedDict):
    taken: Sequence[StatementReading]
    dependences: Sequence[StatementDependence]


class StatementCorrection(TypedDict):
    source: str
    id: str
    by: str
    reason: str


class StatementFact(TypedDict):
    source: str
    id: str
    type: str
    at: int
    recorded_at: int
    subject: str
    sha256: str
    corrected_by: StatementCorrection | None


class StatementDifference(TypedDict):
    currency: str
    before: int
    after: int
    difference: int


class StatementCorrected(TypedDict):
    source: str
    id: str
    type: str


class StatementCause(TypedDict):
    how: str
    source: str | None
    id: str | None
    type: str | None
    subject: str | None
    at: int | None
    recorded_at: int | None
    corrects: StatementCorrected | None
    by: str
    reason: str


class StatementRestates(TypedDict):
    number: int
    sha256: str
    at: int
    known: int
    changes: Sequence[Mapping[str, Any]]
    money: Sequence[StatementDifference]
    why: Sequence[StatementCause]


class StatementChain(TypedDict):
    number: int
    previous: str | None


class StatementRecord(TypedDict):
    format: str
    rules: Sequence[str]
    contract: StatementContract
    agreement: StatementAgreement
    period: StatementPeriod
    at: int
    known: int
    is_over: bool
    summary: StatementSummary
    months: Sequence[StatementMonth]
    promises: Sequence[StatementPromise]
    verdicts: Sequence[StatementVerdict]
    subjects: Sequence[StatementSubject]
    money: StatementMoney
    claims: Sequence[StatementClaim]
    claimable: Sequence[StatementClaimable]
    memos: Sequence[StatementMemo]
    obligations: Sequence[Mapping[str, Any]]
    reports: Sequence[Mapping[str, Any]]
    notices: Sequence[Mapping[str, Any]]
    covenants: Sequence[Mapping[str, Any]]
    reminders: Sequence[Mapping[str, Any]]
    quotas: Sequence[Mapping[str, Any]]
    contacts: Mapping[str, Any] | None
    terminations: Sequence[Mapping[str, Any]]
    waiting: Sequence[StatementWaiting]
    next: Sequence[StatementComing]
    readings: StatementReadings
    facts: Sequence[StatementFact]
    restates: StatementRestates | None
    chain: StatementChain


class Statement(TypedDict):
    record: StatementRecord
    sha256: str


class Claims(TypedDict):
    at: str
    claims: Sequence[Claim]
    claimable: Sequence[Claimable]


class Me(TypedDict):
    token: str | None
    provider: str
    customer: str | None
    role: str
    scopes: Sequence[str]


class Change(TypedDict):
    number: int
    at: str
    contract: str
    commitment: str
    subject: str
    cycle: int
    before: str
    after: str


class Changes(TypedDict):
    changes: Sequence[Change]
    next: int | None


class NewEndpoint(TypedDict):
    """A URL that events are sent to, with a secret that is made for it."""

    url: str
    kinds: NotRequired[
        Sequence[
            Literal[
                "verdict.met",
                "verdict.missed",
                "verdict.breached",
                "verdict.running",
                "verdict.at_risk",
                "verdict.not_applicable",
                "verdict.undetermined",
                "verdict.gone",
            ]
        ]
    ]
    description: NotRequired[str]
    tell: NotRequired[str]
    enabled: NotRequired[bool]


class MadeEndpoint(TypedDict):
    endpoint: str
    to: str | None
    kinds: Sequence[str]
    description: str
    tell: str
    state: Literal["unproven", "live", "off", "disabled"]
    said: str
    made_at: str
    failed: int
    failing_since: str | None
    rests_until: str | None
    old_secret_until: str | None
    secret: str


class Endpoint(TypedDict):
    endpoint: str
    to: str | None
    kinds: Sequence[str]
    description: str
    tell: str
    state: Literal["unproven", "live", "off", "disabled"]
    said: str
    made_at: str
    failed: int
    failing_since: str | None
    rests_until: str | None
    old_secret_until: str | None


class Endpoints(TypedDict):
    endpoints: Sequence[Endpoint]


class ChangedEndpoint(TypedDict):
    """What is to be otherwise; what is left out stays."""

    url: NotRequired[str]
    kinds: NotRequired[
        Sequence[
            Literal[
                "verdict.met",
                "verdict.missed",
                "verdict.breached",
                "verdict.running",
                "verdict.at_risk",
                "verdict.not_applicable",
                "verdict.undetermined",
                "verdict.gone",
            ]
        ]
    ]
    description: NotRequired[str]
    tell: NotRequired[str]
    enabled: NotRequired[bool]


class Attempt(TypedDict):
    at: str
    state: Literal["accepted", "refused", "failed", "unknown"]
    status: int | None
    said: str


class Delivery(TypedDict):
    id: str
    type: str
    change: int | None
    happened_at: str
    state: Literal["waiting", "sending", "accepted", "failed"]
    said: str
    next_at: str | None
    attempts: Sequence[Attempt]


class Deliveries(TypedDict):
    deliveries: Sequence[Delivery]
    next: int | None


class Token(TypedDict):
    """What lets a program in: some of the scopes of its role, for so many days."""

    name: str
    role: str
    scopes: Sequence[str]
    customer: NotRequired[str | None]
    days: NotRequired[int]
    signs: NotRequired[bool]


class MadeToken(TypedDict):
    number: int
    ends_at: str
    token: str | None
    secret: str | None


class ShownToken(TypedDict):
    number: int
    name: str
    role: str
    customer: str | None
    scopes: Sequence[str]
    signs: bool
    made_at: str
    ends_at: str
    revoked_at: str | None


class Tokens(TypedDict):
    tokens: Sequence[ShownToken]
    next: int | None
