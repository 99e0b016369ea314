"""Each operation of the API as a method. Written by `make docs` from its document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol
from urllib.parse import quote

from upheld.client.asked import Asked
from upheld.client.records import (
    Agreements,
    Applied,
    Came,
    Chain,
    Chains,
    ChangedEndpoint,
    Changes,
    Claims,
    Columns,
    Contracts,
    CreditExplanation,
    Deliveries,
    Delivery,
    Due,
    Endpoint,
    Endpoints,
    Explanation,
    Fact,
    Facts,
    FigureExplanation,
    Founded,
    KeptChain,
    KeptPerson,
    KeptRota,
    KeptTarget,
    KeptTemplate,
    MadeEndpoint,
    MadeToken,
    Me,
    Messages,
    NewEndpoint,
    Numbered,
    Observation,
    Observed,
    Override,
    Page,
    Pages,
    People,
    Person,
    Provider,
    Recorded,
    Removed,
    Report,
    Rota,
    Rotas,
    Statement,
    Target,
    Targets,
    Template,
    Templates,
    Test,
    Texts,
    Token,
    Tokens,
    Turns,
)


def _quoted(part: object) -> str:
    return quote(str(part), safe="")


class Operations(Protocol):
    """What can be asked of a server; whoever can `_ask` has all of it."""

    def _ask(self, asked: Asked) -> Any: ...

    def make_provider(self, body: Provider) -> Founded:
        """Makes a provider, and gives the token of its owner: this once.

        For whoever shows the setup token of the server.
        """
        found: Founded = self._ask(Asked("POST", "/providers", body=body, kind="application/json"))
        return found

    def keep_person(self, body: Person) -> KeptPerson:
        """Adds somebody who is told, or gives them other roles and ways; known by name, and customer.

        Each webhook that was not given before gets a secret, which is shown this once.
        """
        found: KeptPerson = self._ask(Asked("POST", "/people", body=body, kind="application/json"))
        return found

    def read_people(self, *, after: int | None = None, limit: int | None = None) -> People:
        """Who is told, in which roles, by which ways; those behind `after`.

        Addresses and secrets are written, never read. `next` is the `after` of the next page of the
        list, if there is one.
        """
        found: People = self._ask(Asked("GET", "/people", query={"after": after, "limit": limit}))
        return found

    def remove_person(self, *, name: str, customer: str | None = None) -> Removed:
        """Nobody of that name is told any more. `removed` says whether there was somebody.

        What waits to be sent to them is owed to nobody any more, and is told as failed. Whom a rota or
        a chain asks stays.
        """
        found: Removed = self._ask(Asked("DELETE", "/people", query={"name": name, "customer": customer}))
        return found

    def keep_chain(self, body: Chain, *, key: str | None = None) -> KeptChain:
        """Says whom to wake for a role, level after level, until somebody acknowledges; known by the role.

        Pages that tell the role go by it from now on, also those that nobody has acknowledged yet.
        """
        found: KeptChain = self._ask(Asked("POST", "/chains", body=body, kind="application/json", key=key))
        return found

    def read_chains(self) -> Chains:
        """Whom to wake for which role."""
        found: Chains = self._ask(Asked("GET", "/chains"))
        return found

    def remove_chain(self, *, role: str) -> Removed:
        """A role has no chain any more. `removed` says whether it had one. Nobody else is woken by it."""
        found: Removed = self._ask(Asked("DELETE", "/chains", query={"role": role}))
        return found

    def read_pages(
        self, *, after: int | None = None, limit: int | None = None, waiting: bool | None = None
    ) -> Pages:
        """For what people were woken, those behind `after`; who was, and who acknowledged it when.

        `next` is the `after` of the next page of the list, if there is one.
        """
        found: Pages = self._ask(
            Asked("GET", "/pages", query={"after": after, "limit": limit, "waiting": waiting})
        )
        return found

    def test_page(self, body: Test, *, key: str | None = None) -> Page:
        """Wakes whoever is woken for a role, now, with a message that says that it is a test.

        It goes the way of a real page: level after level, until somebody acknowledges.
        """
        found: Page = self._ask(Asked("POST", "/pages", body=body, kind="application/json", key=key))
        return found

    def acknowledge_page(self, number: int) -> Page:
        """Somebody takes care of it: nobody else is woken for it. Done before, it stays with the first
        one.
        """
        found: Page = self._ask(Asked("POST", f"/pages/{_quoted(number)}/acknowledgement"))
        return found

    def keep_rota(self, body: Rota, *, key: str | None = None) -> KeptRota:
        """Says who is on call, or otherwise than before; known by its name. Overrides stay.

        With `always`, a role, somebody is on call around the clock: that role is told of gaps a week
        before they come, and woken a day before.
        """
        found: KeptRota = self._ask(Asked("POST", "/rotas", body=body, kind="application/json", key=key))
        return found

    def read_rotas(self) -> Rotas:
        """Every rota as it was told, with the overrides that are not over, and who is on call now."""
        found: Rotas = self._ask(Asked("GET", "/rotas"))
        return found

    def read_turns(self, name: str, *, at: str | None = None, horizon: str | None = None) -> Turns:
        """Whose turn it is from an instant on (default: now), for a fortnight or a horizon, and when
        nobody's.

        The first turn is whoever is on call then, unless a gap begins there.
        """
        found: Turns = self._ask(
            Asked("GET", f"/rotas/{_quoted(name)}/turns", query={"at": at, "horizon": horizon})
        )
        return found

    def remove_rota(self, name: str) -> Removed:
        """There is no such rota any more. `removed` says whether there was. One that a chain asks stays."""
        found: Removed = self._ask(Asked("DELETE", f"/rotas/{_quoted(name)}"))
        return found

    def override_rota(self, name: str, body: Override, *, key: str | None = None) -> Numbered:
        """Puts somebody on call for a while, above the layers and every override before it."""
        found: Numbered = self._ask(
            Asked("POST", f"/rotas/{_quoted(name)}/overrides", body=body, kind="application/json", key=key)
        )
        return found

    def remove_override(self, name: str, number: int) -> Removed:
        """An override holds no more. `removed` says whether it did."""
        found: Removed = self._ask(Asked("DELETE", f"/rotas/{_quoted(name)}/overrides/{_quoted(number)}"))
        return found

    def keep_template(self, body: Template, *, key: str | None = None) -> KeptTemplate:
        """Words a kind of message in a language from now on; known by both.

        What stands between braces is filled in once; a name that nobody fills in is refused.
        """
        found: KeptTemplate = self._ask(
            Asked("POST", "/templates", body=body, kind="application/json", key=key)
        )
        return found

    def read_templates(self) -> Templates:
        """How every kind of message is worded in every language, and what can stand between braces."""
        found: Templates = self._ask(Asked("GET", "/templates"))
        return found

    def remove_template(
        self,
        *,
        language: Literal["en", "nl"],
        kind: Literal["ahead", "late", "claim", "event", "gap", "test"],
    ) -> Removed:
        """The default text holds again. `removed` says whether there was another one."""
        found: Removed = self._ask(Asked("DELETE", "/templates", query={"language": language, "kind": kind}))
        return found

    def read_messages(
        self,
        *,
        after: int | None = None,
        limit: int | None = None,
        state: Literal["waiting", "sending", "accepted", "suppressed", "failed"] | None = None,
    ) -> Messages:
        """What was owed to whom, those behind `after`, and what became of it: each attempt, or the digest.

        `next` is the `after` of the next page of the list, if there is one.
        """
        found: Messages = self._ask(
            Asked("GET", "/messages", query={"after": after, "limit": limit, "state": state})
        )
        return found

    def tell_fact(
        self,
        body: Fact,
        *,
        kind: Literal["application/cloudevents+json", "application/json"] = "application/cloudevents+json",
        key: str | None = None,
    ) -> Recorded:
        """Records one fact: 201. Told before, it is told again without effect: 200, the same position."""
        found: Recorded = self._ask(Asked("POST", "/facts", body=body, kind=kind, key=key))
        return found

    def read_facts(self, *, after: int | None = None, limit: int | None = None) -> Facts:
        """Facts by position, those behind `after`; `next` is the `after` of the next page, if there is
        one.

        A customer gets those of their own log, without personal text.
        """
        found: Facts = self._ask(Asked("GET", "/facts", query={"after": after, "limit": limit}))
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
        found: Recorded = self._ask(Asked("POST", "/facts:batch", body=body, kind=kind, key=key))
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
        found: Observed = self._ask(Asked("POST", "/observations", body=body, kind=kind, key=key))
        return found

    def keep_probe(self, body: Target, *, key: str | None = None) -> KeptTarget:
        """Looks at something from now on, or otherwise than before; known by its name.

        Settings are written and never read: their headers may hold secrets.
        """
        found: KeptTarget = self._ask(Asked("POST", "/probes", body=body, kind="application/json", key=key))
        return found

    def read_probes(self) -> Targets:
        """What is looked at, when next, and why not, where this server refuses to."""
        found: Targets = self._ask(Asked("GET", "/probes"))
        return found

    def remove_probe(self, name: str) -> Removed:
        """Nothing of that name is looked at any more. `removed` says whether it was. What was seen stays."""
        found: Removed = self._ask(Asked("DELETE", f"/probes/{_quoted(name)}"))
        return found

    def tell_beat(self, name: str, *, ok: bool | None = None) -> Came:
        """A heartbeat came, now. With `ok=false` the job says itself that it failed.

        409: of this very instant something else was told, and it stays.
        """
        found: Came = self._ask(Asked("POST", f"/probes/{_quoted(name)}/beat", query={"ok": ok}))
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
            Asked(
                "PUT", "/agreements", query={"dry_run": dry_run}, body=body, kind="application/json", key=key
            )
        )
        return found

    def read_agreements(self) -> Agreements:
        """The files that hold, as they were applied."""
        found: Agreements = self._ask(Asked("GET", "/agreements"))
        return found

    def read_contracts(self) -> Contracts:
        """The contracts between your walls, with the plan of each and what it entitles to."""
        found: Contracts = self._ask(Asked("GET", "/contracts"))
        return found

    def read_verdicts(
        self, *, at: str | None = None, known: int | None = None, contract: str | None = None
    ) -> Report:
        """Every verdict and credit, as `upheld evaluate --format json` prints them, byte for byte."""
        found: Report = self._ask(
            Asked("GET", "/verdicts", query={"at": at, "known": known, "contract": contract})
        )
        return found

    def read_explanation(
        self, number: int, *, at: str | None = None, known: int | None = None
    ) -> Sequence[Explanation | FigureExplanation | CreditExplanation]:
        """Why the verdict or credit with a number in `verdicts` is what it is.

        Numbers are those of a report: name the same `at` and `known` as you asked for it with.
        """
        found: Sequence[Explanation | FigureExplanation | CreditExplanation] = self._ask(
            Asked("GET", f"/verdicts/{_quoted(number)}/explanation", query={"at": at, "known": known})
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
            Asked("GET", "/due", query={"at": at, "known": known, "contract": contract, "horizon": horizon})
        )
        return found

    def read_statement(
        self, contract: str, period: str, *, at: str | None = None, known: int | None = None
    ) -> Statement:
        """The record of a contract's statement for a month (2026-06), a quarter (2026-Q2) or a year
        (2026).
        """
        found: Statement = self._ask(
            Asked(
                "GET", f"/statements/{_quoted(contract)}/{_quoted(period)}", query={"at": at, "known": known}
            )
        )
        return found

    def read_claims(
        self, *, at: str | None = None, known: int | None = None, contract: str | None = None
    ) -> Claims:
        """What was claimed, what can be until when, and what no more can be."""
        found: Claims = self._ask(
            Asked("GET", "/claims", query={"at": at, "known": known, "contract": contract})
        )
        return found

    def read_me(self) -> Me:
        """Who asks: by which token, or none, between which walls, in which role, with which scopes."""
        found: Me = self._ask(Asked("GET", "/me"))
        return found

    def read_changes(self, *, after: int | None = None, limit: int | None = None) -> Changes:
        """Verdicts that came into another state, those behind `after`; `next` is the `after` of the next
        page.

        With `Accept: text/event-stream` they come as server-sent events as they happen, each with its
        number as its id; `Last-Event-ID` goes on behind it. The stream ends after a while: come again.
        """
        found: Changes = self._ask(Asked("GET", "/changes", query={"after": after, "limit": limit}))
        return found

    def make_endpoint(self, body: NewEndpoint) -> MadeEndpoint:
        """Sends events to a URL from now on, signed by a secret that is shown this once.

        To the URL of a customer a challenge is sent first, and nothing else until it is answered by its
        text.
        """
        found: MadeEndpoint = self._ask(Asked("POST", "/endpoints", body=body, kind="application/json"))
        return found

    def read_endpoints(self) -> Endpoints:
        """Where events are sent, and how that fares. Secrets are shown once, and paths of URLs never."""
        found: Endpoints = self._ask(Asked("GET", "/endpoints"))
        return found

    def read_endpoint(self, endpoint: str) -> Endpoint:
        """An endpoint, and how it fares."""
        found: Endpoint = self._ask(Asked("GET", f"/endpoints/{_quoted(endpoint)}"))
        return found

    def change_endpoint(self, endpoint: str, body: ChangedEndpoint) -> Endpoint:
        """Gives an endpoint another URL, other kinds of events, or switches it on or off.

        What was owed to it by then is not sent. Whoever is switched on is told what changes from then
        on.
        """
        found: Endpoint = self._ask(
            Asked("PATCH", f"/endpoints/{_quoted(endpoint)}", body=body, kind="application/json")
        )
        return found

    def remove_endpoint(self, endpoint: str) -> Removed:
        """Sends nothing there any more, and forgets what was sent."""
        found: Removed = self._ask(Asked("DELETE", f"/endpoints/{_quoted(endpoint)}"))
        return found

    def turn_secret(self, endpoint: str) -> MadeEndpoint:
        """Gives an endpoint a new secret, which is shown this once; the one before signs beside it for a
        day.
        """
        found: MadeEndpoint = self._ask(Asked("POST", f"/endpoints/{_quoted(endpoint)}/secret"))
        return found

    def try_endpoint(self, endpoint: str) -> Delivery:
        """Sends an event that says nothing, or the challenge again to whoever is not proven yet."""
        found: Delivery = self._ask(Asked("POST", f"/endpoints/{_quoted(endpoint)}/test"))
        return found

    def read_deliveries(
        self, endpoint: str, *, after: int | None = None, limit: int | None = None
    ) -> Deliveries:
        """The last events for an endpoint, the newest first, with every attempt to send each.

        `next` is the `after` of the next page of the list, on which older ones are, if there is one.

        An attempt is `unknown` if the event was sent and no answer came. What a receiver answered is
        not told, but for its status.
        """
        found: Deliveries = self._ask(
            Asked("GET", f"/endpoints/{_quoted(endpoint)}/deliveries", query={"after": after, "limit": limit})
        )
        return found

    def send_again(self, endpoint: str, delivery: str) -> Delivery:
        """Sends an event once more, under the same `webhook-id`, whether it was accepted or not."""
        found: Delivery = self._ask(
            Asked("POST", f"/endpoints/{_quoted(endpoint)}/deliveries/{_quoted(delivery)}/again")
        )
        return found

    def make_token(self, body: Token) -> MadeToken:
        """Makes a token of a program, with some of your own scopes, and shows it this once.

        With `signs` nobody shows it: what is sent to `/webhooks/NUMBER` is signed with the secret that
        is shown.
        """
        found: MadeToken = self._ask(Asked("POST", "/tokens", body=body, kind="application/json"))
        return found

    def read_tokens(self, *, after: int | None = None, limit: int | None = None) -> Tokens:
        """The tokens of the provider and of its customers, those behind `after`: what each may, and until
        when.

        Texts are never read. `next` is the `after` of the next page of the list, if there is one.
        """
        found: Tokens = self._ask(Asked("GET", "/tokens", query={"after": after, "limit": limit}))
        return found

    def remove_token(self, number: int) -> Removed:
        """Nobody is let in by it any more. `removed` says whether there is such a one. Not the one you
        show.
        """
        found: Removed = self._ask(Asked("DELETE", f"/tokens/{_quoted(number)}"))
        return found
