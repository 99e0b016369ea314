"""Questions, each answered between the walls of who asks: of a provider, or of one customer inside it.

Everything is evaluated from the whole ledger, so that a customer is told what the provider is told, and then
only what is of their contracts is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from django.db.models import QuerySet

from upheld.app.inside import for_who
from upheld.app.other_contracts import named_contract
from upheld.app.policies import Who
from upheld.app.refusal import RefusedError
from upheld.app.terms import Holding, holding
from upheld.book.answers import findings_told
from upheld.book.evaluate import Report, evaluate
from upheld.book.horizon import beyond_horizon
from upheld.book.known_names import contracts_named
from upheld.book.statement import Asked, Stating
from upheld.core.facts.fact import NO_DATA, Fact, Key
from upheld.core.facts.fact_types import FactType
from upheld.core.stating.stated_period import kind_of, stated_period
from upheld.core.stating.statement import Statement
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.finding import Finding, Place
from upheld.core.values.frozen import replace
from upheld.render.naming import zone_of
from upheld.store.book import Ledger, read_ledger
from upheld.store.mapping import fact_of
from upheld.store.models import BoundContract, Provider, RecordedFact
from upheld.store.texts import texts_in_force
from upheld.store.walls import whole_provider

T = TypeVar("T")


class NotThereError(LookupError):
    """There is no such thing between the walls of who asks; nobody learns whether there is one outside."""


class Seen(NamedTuple):
    """A fact at its position, as who asked may see it."""

    position: int
    fact: Fact


class Answer(NamedTuple):
    """A report with the book it is of and who asked for it, and the findings that they are told."""

    book: Ledger
    report: Report
    findings: tuple[Finding, ...]
    who: Who

    def held(self, record: T) -> T:
        """What is told by it, if every fact that it refers to is theirs. RuntimeError, see `_held_to`."""
        return _facts_held_to(self.who, self.book, self.report, record)


@for_who
def contracts_of(who: Who) -> frozenset[str]:
    """The ids of the contracts that are theirs."""
    return frozenset(_contracts(who).values_list("contract", flat=True))


@for_who
def _contracts_among(who: Who, names: Collection[str]) -> set[str]:
    """Those of some ids of contracts that are theirs."""
    return {*_contracts(who).filter(contract__among={*names}).values_list("contract", flat=True)}


def _contracts(who: Who) -> QuerySet[BoundContract]:
    rows = BoundContract.objects.filter(provider_id=who.provider_id)
    return rows if who.customer_id is None else rows.filter(customer_id=who.customer_id)


def unknown_contracts(who: Who, facts: Sequence[Fact]) -> tuple[Finding, ...]:
    """A warning for each contract named in facts that is not theirs, or not there: nothing counts for it."""
    named = [(fact, name) for fact in facts for name in contracts_named(fact)]
    unknown = {name for _, name in named} - _contracts_among(who, {name for _, name in named})
    way_out = "name one that is applied, or apply its file: then this counts"
    return tuple(
        Finding("unknown-contract", f"there is no contract `{name[:80]}`", (fact.where,), way_out, "warning")
        for fact, name in named
        if name in unknown
    )


@for_who
def terms_of(who: Who) -> tuple[Terms, ...]:
    """The terms of their contracts, by contract id."""
    own, hold = contracts_of(who), _holding(who)
    return _held_to(who, tuple(terms for name, terms in sorted(hold.terms.items()) if name in own))


@for_who
def declared_types(who: Who) -> Mapping[str, FactType]:
    """The types of facts that the agreements of the provider add."""
    return _holding(who).declared


@for_who
def texts_of(who: Who) -> tuple[int, dict[str, bytes]]:
    """The files that hold, by their paths, and their revision: a provider's own, never a customer's."""
    if who.customer_id is not None:
        raise NotThereError
    revision = Provider.objects.values_list("revision", flat=True).get(pk=who.provider_id)
    return revision, texts_in_force(who.provider_id)


@for_who
def facts_of(who: Who, after: int, most: int) -> Sequence[Seen]:
    """The facts behind a position, at most so many: a customer's are those of their own log.

    Personal text is the provider's to see.
    """
    rows = RecordedFact.objects.filter(provider_id=who.provider_id, position__gt=after).order_by("position")
    if who.customer_id is not None:
        rows = rows.filter(log__customer_id=who.customer_id)
    told = rows.values_list("position", "entry", "personal")[:most]
    return [
        Seen(position, fact if who.customer_id is None else replace(fact, private=NO_DATA))
        for position, entry, personal in told
        for fact in (fact_of(entry, personal),)
    ]


@for_who
def report_for(who: Who, at: Instant, known: int | None = None, contract: str | None = None) -> Answer:
    """The report of their contracts at an instant, as of a position. NotThereError for no such contract.

    RefusedError where years are lacking to judge one, and for a position that is not there yet.
    """
    own = contracts_of(who)
    if contract is not None and contract not in own:
        raise NotThereError
    known = _position(who, known)
    with whole_provider():
        book = read_ledger(who.provider_id, known)
    report = _evaluated(book, at, None if who.customer_id is None else own)
    _held_to(who, report.terms)
    if who.customer_id is None:
        return Answer(book, report, findings_told(book.findings, report), who)
    return Answer(book, report, tuple(one for one in report.findings if one.code == "unobserved"), who)


@for_who
def statement_for(who: Who, contract: str, period: str, at: Instant, known: int | None = None) -> Statement:
    """The statement of one of their contracts. NotThereError for no such contract.

    RefusedError for a period that is none, or of which there is nothing to state; NotReproducibleError.
    """
    if contract not in contracts_of(who):
        raise NotThereError
    if kind_of(period) is None:
        raise _no_period("write a month (2026-06), a quarter (2026-Q2) or a year (2026)", "this is no period")
    known = _position(who, known)
    with whole_provider():
        book = read_ledger(who.provider_id, known)
    report = _evaluated(book, at, (contract,))
    (terms,) = _held_to(who, report.terms)
    try:
        asked = stated_period(period, zone_of(terms))
    except BeyondHorizon as fault:
        raise _no_period("ask for a period nearer to now", str(fault)) from None
    begins_at = report.evaluation.lives[contract].start_at
    if asked.start_at > at:
        raise _no_period("ask at a later instant", f"{asked.label} has not begun at {format_instant(at)}")
    if asked.end_at <= begins_at:
        message = f"{asked.label} was over when the contract began, {format_instant(begins_at)}"
        raise _no_period("ask for a later period", message)
    try:
        found = Stating(book, [contract], report).statement(Asked(contract, period, at, known))
    except BeyondHorizon as fault:
        raise RefusedError([Finding("beyond-horizon", str(fault), (Place("request"),))]) from None
    _facts_held_to(who, book, report, found.record)
    return found


def _held_to(who: Who, terms: tuple[Terms, ...]) -> tuple[Terms, ...]:
    """The terms of contracts that the database gives who asks, of whom something was computed: no others.

    It was computed with the wall of a customer open. That only theirs was picked is asked a second time here,
    where the database holds: RuntimeError, and nothing is given out, if it was not.
    """
    names = [one.contract.id for one in terms if one.contract is not None]
    if who.customer_id is not None and len(_contracts_among(who, names)) != len(terms):
        raise RuntimeError("something was computed for a customer of a contract that is not theirs")
    return terms


def _facts_held_to(who: Who, book: Ledger, report: Report, told: T) -> T:
    """What is told to somebody, as `_held_to`: by the contract that each fact in it names, if it names one.

    Two customers may have a ticket of one id. What names no contract is of whose ticket it is, which the
    first wall alone knows. What a correction gave to another contract was theirs, and is told as such.
    """
    if who.customer_id is None:
        return told
    cited = set(_facts_in(told))
    named = {
        fact.key: named_contract(fact)
        for fact in book.log.effective(report.at, report.known)
        if fact.key in cited
    }
    own: Collection[str] = _contracts_among(who, set(named.values()) - {""}) | {""}
    others = {key for key, contract in named.items() if contract not in own}
    if others:
        own = contracts_of(who)
        others -= {fact.key for fact in book.log if named_contract(fact) in own}
    if others:
        raise RuntimeError("a fact that was told of another contract was to be told to a customer")
    return told


def _facts_in(told: object) -> Iterator[Key]:
    """Every fact that something refers to: whatever has a source and an id."""
    if isinstance(told, Mapping):
        source, id_ = told.get("source"), told.get("id")
        if isinstance(source, str) and isinstance(id_, str):
            yield source, id_
        told = told.values()
    if isinstance(told, Iterable) and not isinstance(told, str | bytes):
        for part in told:
            yield from _facts_in(part)


def _position(who: Who, known: int | None) -> int:
    """The position that is asked about, the last one if none is. RefusedError for one that is not there yet.

    What is answered as of a position stays so: as of one to come it would not.
    """
    last: int = Provider.objects.values_list("position", flat=True).get(pk=who.provider_id)
    if known is None or known <= last:
        return last if known is None else known
    message, way_out = f"there is no position {known} yet", "leave it out, or name one that a fact has"
    raise RefusedError([Finding("bad-value", message, (Place("request"),), way_out, field="known")])


def _no_period(way_out: str, message: str) -> RefusedError:
    return RefusedError([Finding("bad-period", message, (Place("request"),), way_out, field="period")])


def _evaluated(book: Ledger, at: Instant, contracts: Collection[str] | None) -> Report:
    try:
        return evaluate(book, at, contracts=contracts)
    except BeyondHorizon as fault:
        asked = [
            one for one in book.terms if contracts is None or (one.contract and one.contract.id in contracts)
        ]
        found = list(beyond_horizon(asked, book.log.effective(at), at, book.observations))
        raise RefusedError(found or [Finding("beyond-horizon", str(fault), (Place("request"),))]) from None


def _holding(who: Who) -> Holding:
    with whole_provider():
        return holding(Provider.objects.get(pk=who.provider_id))
