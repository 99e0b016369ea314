"""What goes in and comes out of the API. Written by `make docs` from its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict


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


KeepPersonBodyQuiet = TypedDict(
    "KeepPersonBodyQuiet",
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
    quiet: NotRequired[KeepPersonBodyQuiet | None]
    digest: NotRequired[str]


class KeepPersonAnswerWays(TypedDict):
    channel: str
    way: str
    secret: str | None


class KeptPerson(TypedDict):
    name: str
    ways: Sequence[KeepPersonAnswerWays]


class ReadPeopleAnswerPeopleWays(TypedDict):
    channel: str
    way: str
    rests: str


class ReadPeopleAnswerPeople(TypedDict):
    name: str
    customer: str | None
    roles: Sequence[str]
    language: str
    zone: str
    ways: Sequence[ReadPeopleAnswerPeopleWays]


class People(TypedDict):
    people: Sequence[ReadPeopleAnswerPeople]
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


class ReadChainsAnswerChains(TypedDict):
    role: str
    levels: Sequence[Level]
    times: int


class Chains(TypedDict):
    chains: Sequence[ReadChainsAnswerChains]


class ReadPagesAnswerPagesAcknowledged(TypedDict):
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
    acknowledged: ReadPagesAnswerPagesAcknowledged | None


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


ReadRotasAnswerRotasOverrides = TypedDict(
    "ReadRotasAnswerRotasOverrides",
    {
        "number": int,
        "person": str,
        "by": str,
        "from": str,
        "until": str,
    },
)


class ReadRotasAnswerRotas(TypedDict):
    name: str
    on_call: str | None
    always: str | None
    layers: Sequence[Layer]
    overrides: Sequence[ReadRotasAnswerRotasOverrides]


class Rotas(TypedDict):
    rotas: Sequence[ReadRotasAnswerRotas]


ReadTurnsAnswerTurns = TypedDict(
    "ReadTurnsAnswerTurns",
    {
        "person": str,
        "from": str,
        "until": str,
    },
)


ReadTurnsAnswerGaps = TypedDict(
    "ReadTurnsAnswerGaps",
    {
        "from": str,
        "until": str,
    },
)


class Turns(TypedDict):
    name: str
    turns: Sequence[ReadTurnsAnswerTurns]
    gaps: Sequence[ReadTurnsAnswerGaps]


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


class ReadTemplatesAnswerTemplates(TypedDict):
    language: Literal["en", "nl"]
    kind: Literal["ahead", "late", "claim", "event", "gap", "test"]
    subject: str
    body: str
    own: bool


class Templates(TypedDict):
    templates: Sequence[ReadTemplatesAnswerTemplates]
    placeholders: Sequence[str]


class ReadMessagesAnswerMessagesAttempts(TypedDict):
    at: str
    state: str
    said: str


class ReadMessagesAnswerMessages(TypedDict):
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
    attempts: Sequence[ReadMessagesAnswerMessagesAttempts]


class Messages(TypedDict):
    messages: Sequence[ReadMessagesAnswerMessages]
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


class ReadFactsAnswerFacts(TypedDict):
    position: int
    fact: Fact


class Facts(TypedDict):
    facts: Sequence[ReadFactsAnswerFacts]
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


class ReadProbesAnswerProbes(TypedDict):
    name: str
    component: str
    signal: str
    kind: str
    every_us: int
    next_at: str | None
    said: str


class Targets(TypedDict):
    probes: Sequence[ReadProbesAnswerProbes]


class Came(TypedDict):
    taken: bool


class Texts(TypedDict):
    files: Mapping[str, str]


class ApplyAgreementsAnswerEffects(TypedDict):
    contract: str
    customer: str
    how: Literal["added", "removed", "changed"]
    order: Literal["equal", "better", "worse", "incomparable", None]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    changes: Sequence[Mapping[str, Any]]


class ApplyAgreementsAnswerFlips(TypedDict):
    at: str
    same: int
    flips: Sequence[Mapping[str, Any]]
    amounts: Sequence[Mapping[str, Any]]


class Applied(TypedDict):
    revision: int
    dry_run: bool
    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    contracts: Sequence[str]
    findings: Sequence[Finding]
    effects: NotRequired[Sequence[ApplyAgreementsAnswerEffects]]
    flips: NotRequired[ApplyAgreementsAnswerFlips]


class Agreements(TypedDict):
    revision: int
    files: Mapping[str, str]


class ReadContractsAnswerContracts(TypedDict):
    contract: str
    customer: str
    provider: str
    agreement: str


class Contracts(TypedDict):
    contracts: Sequence[ReadContractsAnswerContracts]


class ReadVerdictsAnswerContracts(TypedDict):
    contract: str
    verdicts: Sequence[Mapping[str, Any]]


class Report(TypedDict):
    at: str
    known: int
    contracts: Sequence[ReadVerdictsAnswerContracts]


class Due(TypedDict):
    at: str
    due: Sequence[Mapping[str, Any]]
    owed: Sequence[Mapping[str, Any]]
    claimable: Sequence[Mapping[str, Any]]


class ReadStatementAnswerRecord(TypedDict):
    contract: Mapping[str, Any]
    period: Mapping[str, Any]
    verdicts: Sequence[Mapping[str, Any]]


class Statement(TypedDict):
    record: ReadStatementAnswerRecord
    sha256: str


class Claims(TypedDict):
    at: str
    claims: Sequence[Mapping[str, Any]]
    claimable: Sequence[Mapping[str, Any]]


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


class ReadTokensAnswerTokens(TypedDict):
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
    tokens: Sequence[ReadTokensAnswerTokens]
    next: int | None
