"""Every operation of the API as a method. Written by `make docs` from its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Protocol, TypedDict
from urllib.parse import quote


def _quoted(part: object) -> str:
    return quote(str(part), safe="")


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
    token: str
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


class Operations(Protocol):
    """What can be asked of a server; whoever can `_ask` has all of it."""

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        kind: str = "",
        key: str | None = None,
    ) -> Any: ...

    def make_provider(self, body: Provider) -> Founded:
        """Makes a provider, and gives the token of its owner: this once.

        For whoever shows the setup token of the server.
        """
        found: Founded = self._ask("POST", "/providers", body=body, kind="application/json")
        return found

    def keep_person(self, body: Person) -> KeptPerson:
        """Adds somebody who is told, or gives them other roles and ways; known by name, and customer.

        Each webhook gets a new secret, which is shown this once.
        """
        found: KeptPerson = self._ask("POST", "/people", body=body, kind="application/json")
        return found

    def read_people(self) -> People:
        """Who is told, in which roles, by which ways. Addresses and secrets are written, never read."""
        found: People = self._ask("GET", "/people")
        return found

    def tell_fact(
        self,
        body: Fact,
        *,
        kind: Literal["application/cloudevents+json", "application/json"] = "application/cloudevents+json",
        key: str | None = None,
    ) -> Recorded:
        """Records one fact: 201. Told before, it is told again without effect: 200, the same position."""
        found: Recorded = self._ask("POST", "/facts", body=body, kind=kind, key=key)
        return found

    def read_facts(self, *, after: int | None = None, limit: int | None = None) -> Facts:
        """Facts by position, those behind `after`; `next` is the `after` of the next page, if there is
        one.

        A customer gets those of their own log, without personal text.
        """
        found: Facts = self._ask("GET", "/facts", query={"after": after, "limit": limit})
        return found

    def tell_facts(
        self,
        body: Sequence[Fact] | str,
        *,
        kind: Literal[
            "application/cloudevents-batch+json", "application/x-ndjson"
        ] = "application/cloudevents-batch+json",
        key: str | None = None,
    ) -> Recorded:
        """Records facts as a whole, or none of them: `positions` are theirs, in the order in which they
        stand.
        """
        found: Recorded = self._ask("POST", "/facts:batch", body=body, kind=kind, key=key)
        return found

    def tell_observations(
        self,
        body: Sequence[Observation] | str | Columns,
        *,
        kind: Literal[
            "application/json", "application/x-ndjson", "application/vnd.upheld.columns+json"
        ] = "application/json",
        key: str | None = None,
    ) -> Observed:
        """Takes a batch of observations as a whole, or none of them: `new` says how many were not known
        yet.

        A row that is known counts once, whatever its batch; one that says otherwise is refused by 409.
        A batch is known by its idempotency key, or by what it says.
        """
        found: Observed = self._ask("POST", "/observations", body=body, kind=kind, key=key)
        return found

    def keep_probe(self, body: Target, *, key: str | None = None) -> KeptTarget:
        """Looks at something from now on, or otherwise than before; known by its name.

        Settings are written and never read: their headers may hold secrets.
        """
        found: KeptTarget = self._ask("POST", "/probes", body=body, kind="application/json", key=key)
        return found

    def read_probes(self) -> Targets:
        """What is looked at, when next, and why not, where this server refuses to."""
        found: Targets = self._ask("GET", "/probes")
        return found

    def tell_beat(self, name: str, *, ok: bool | None = None) -> Came:
        """A heartbeat came, now. With `ok=false` the job says itself that it failed."""
        found: Came = self._ask("POST", f"/probes/{_quoted(name)}/beat", query={"ok": ok})
        return found

    def apply_agreements(
        self, body: Texts, *, dry_run: bool | None = None, key: str | None = None
    ) -> Applied:
        """Makes these files the ones that hold: agreements, locks, clause lists and contracts, all of
        them.

        What is not among them holds no more. With `dry_run` it is only told what would change, and for
        whom: how the terms of each contract compare, and which verdicts and amounts would be others by
        then.
        """
        found: Applied = self._ask(
            "PUT", "/agreements", query={"dry_run": dry_run}, body=body, kind="application/json", key=key
        )
        return found

    def read_agreements(self) -> Agreements:
        """The files that hold, as they were applied."""
        found: Agreements = self._ask("GET", "/agreements")
        return found

    def read_contracts(self) -> Contracts:
        """The contracts between your walls, with the plan of each and what it entitles to."""
        found: Contracts = self._ask("GET", "/contracts")
        return found

    def read_verdicts(
        self, *, at: str | None = None, known: int | None = None, contract: str | None = None
    ) -> Report:
        """Every verdict and credit, as `upheld evaluate --format json` prints them, byte for byte."""
        found: Report = self._ask("GET", "/verdicts", query={"at": at, "known": known, "contract": contract})
        return found

    def read_explanation(
        self, number: int, *, at: str | None = None, known: int | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """Why the verdict or credit with a number in `verdicts` is what it is.

        Numbers are those of a report: name the same `at` and `known` as you asked for it with.
        """
        found: Sequence[Mapping[str, Any]] = self._ask(
            "GET", f"/verdicts/{_quoted(number)}/explanation", query={"at": at, "known": known}
        )
        return found

    def read_due(
        self,
        *,
        at: str | None = None,
        known: int | None = None,
        contract: str | None = None,
        horizon: str | None = None,
    ) -> Due:
        """What changes if no fact comes, the next one first; within a horizon also what may be lost."""
        found: Due = self._ask(
            "GET", "/due", query={"at": at, "known": known, "contract": contract, "horizon": horizon}
        )
        return found

    def read_statement(
        self, contract: str, period: str, *, at: str | None = None, known: int | None = None
    ) -> Statement:
        """The record of a contract's statement for a month (2026-06), a quarter (2026-Q2) or a year
        (2026).
        """
        found: Statement = self._ask(
            "GET", f"/statements/{_quoted(contract)}/{_quoted(period)}", query={"at": at, "known": known}
        )
        return found

    def read_claims(
        self, *, at: str | None = None, known: int | None = None, contract: str | None = None
    ) -> Claims:
        """What was claimed, what can be until when, and what no more can be."""
        found: Claims = self._ask("GET", "/claims", query={"at": at, "known": known, "contract": contract})
        return found

    def read_me(self) -> Me:
        """Who the token is: between which walls, in which role, with which scopes."""
        found: Me = self._ask("GET", "/me")
        return found

    def read_changes(self, *, after: int | None = None, limit: int | None = None) -> Changes:
        """Verdicts that came into another state, those behind `after`; `next` is the `after` of the next
        page.

        With `Accept: text/event-stream` they come as server-sent events as they happen, each with its
        number as its id; `Last-Event-ID` goes on behind it. The stream ends after a while: come again.
        """
        found: Changes = self._ask("GET", "/changes", query={"after": after, "limit": limit})
        return found
