"""Facts that count nowhere, or not as they were meant, though nothing is wrong with each by itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from upheld.book.known_names import PLANNED, STARTED, KnownNames, warning
from upheld.book.work import Work
from upheld.core.claiming.claimable import clock_counted
from upheld.core.claiming.folding import ISSUE_AT, counts_from_item
from upheld.core.clocks.carrying import CARRIED
from upheld.core.clocks.covenant import REPORTED
from upheld.core.clocks.subject import CLASSIFYING, OF_A_CONTRACT, OPENING, begins, subject_kind
from upheld.core.evaluating.exclusions import INTERVAL
from upheld.core.facts.fact import Fact, Key
from upheld.core.facts.fact_check import instant_in
from upheld.core.terms.agreement import ALWAYS, SubjectKind, Terms
from upheld.core.terms.life import OF_A_LIFE, PLAN_CHANGED, RENEWED, Life, contract_period, life_of
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.values.finding import Finding
from upheld.core.values.key import FactRef

_ATTRIBUTED: Final = "attribution.recorded"
_OF_A_PROVIDER: Final = frozenset({"incident.declared", PLANNED, "maintenance.announced", _ATTRIBUTED})
_PLAN_WAY_OUT: Final = "name a plan that `upheld plans AGREEMENT` lists"
_INVOICED: Final = "contract.invoice_issued"
_NAMES_A_PERIOD: Final = re.compile(r"(?<!\d)\d{4}(-(0[1-9]|1[0-2])(-\d\d)?|-Q[1-4])?(/.*)?$", re.ASCII)
"""2026, 2026-Q2, 2026-06, billing cycle 2026-06-15, each perhaps with a component behind it."""
_SUSPENDING: Final = frozenset({"contract.suspended", "contract.resumed"})
_TARGETS: Final[tuple[SubjectKind, ...]] = ("incident", "ticket", "task")
_EFFECTIVE: Final = {"ticket.opened": ("contacted_at",), "claim.filed": ("sent_at", "received_at")}
"""The fields by which an opening has effect before, or after, it was told."""


class _Begun(NamedTuple):
    """The first fact that begins a subject, and from when it has effect."""

    contract: str
    at: Instant
    fact: Fact


def strangers(terms: Iterable[Terms], facts: Iterable[Fact]) -> Iterator[Finding]:
    """A warning for each fact (by time, source, id) that a contract of the book cannot use as it stands."""
    return strangers_among(KnownNames(terms), facts)


def strangers_among(
    names: KnownNames, facts: Iterable[Fact], asked: Collection[Key] | None = None
) -> Iterator[Finding]:
    """The same with the names of contracts that are kept.

    Where facts are `asked` about, by their keys, the others are there for what they say of the subjects and
    contracts of these; what is wrong with them by themselves is not told.
    """
    return _Book(names).told(facts, asked)


class _Book:
    """What the contracts know, and which subjects the facts have begun so far."""

    def __init__(self, names: KnownNames) -> None:
        self.names = names
        self.contracts = names.contracts
        self.begun: dict[tuple[SubjectKind, str], _Begun] = {}
        self.under: dict[tuple[SubjectKind, str], dict[str, None]] = {}
        self.opened: dict[tuple[SubjectKind, str], Fact] = {}
        self.attributed: list[Fact] = []
        self.filed: list[Fact] = []
        self.lives: dict[str, list[Fact]] = {}
        self.invoices: dict[tuple[str, str], Fact] = {}
        self.unasked: dict[str, dict[str, Fact]] = {}
        self.work = Work()

    def told(self, facts: Iterable[Fact], asked: Collection[Key] | None) -> Iterator[Finding]:
        """What is to be told of each fact; last, of those about a subject that may begin later or never."""
        later: list[tuple[SubjectKind, Fact]] = []
        declared = self.names.declared
        for fact in facts:
            kind = subject_kind(fact.type, declared)
            if asked is None or fact.key in asked:
                yield from self.by_itself(fact)
            if fact.type.startswith("contract."):
                yield from self.of_a_contract(fact)
            if kind is None:
                continue
            if kind == "maintenance":
                self.work.take(fact)
            if fact.type in (OPENING[kind], STARTED, PLANNED):
                yield from self.begins(kind, fact)
                if asked is None or fact.key in asked:
                    yield from self.of_a_subject(kind, fact)
            else:
                later.append((kind, fact))
        awaited: set[tuple[SubjectKind, str]] = set()
        for family, fact in later:
            if fact.type in self.names.early:
                awaited.add((family, fact.subject))
            if asked is None or fact.key in asked:
                yield from self.of_a_subject(family, fact)
            yield from self.out_of_place(family, fact, (family, fact.subject) in awaited)
        for fact in self.attributed:
            yield from self.unknown_target(fact)
        for fact in self.filed:
            yield from self.claims_nothing(fact)
            yield from self.untold_instant(fact)
        for contract, opened in self.unasked.items():
            yield from _nobody_asked(contract, [*opened.values()])
        for contract, own in self.lives.items():
            yield from _of_a_life(self.contracts[contract], own)
        yield from self.work.backwards()

    def by_itself(self, fact: Fact) -> Iterator[Finding]:
        """Names in a fact that nothing has, whatever else was told."""
        yield from self.names.unknown_contracts(fact)
        yield from self.names.unknown_provider(fact, self.needs_provider(fact))
        if fact.type in ("obligation.done", "obligation.owed"):
            yield from self.names.unknown_obligation(fact)
        elif fact.type == REPORTED:
            yield from self.names.unknown_covenant(fact)
        elif fact.type == "reminder.done":
            yield from self.names.unknown_reminder(fact)

    def of_a_subject(self, kind: SubjectKind, fact: Fact) -> Iterator[Finding]:
        """What the contract of its subject does not have, of all that a fact names."""
        contract = self.contract_of(kind, fact)
        yield from self.names.beyond_years(fact, contract)
        if fact.type in CLASSIFYING[kind]:
            yield from self.names.values.unknown(fact, contract)
            yield from self.names.unknown_components(kind, fact, contract)
            if kind == "ticket" and self.names.asks_who(contract):
                self.says_who(fact, str(contract))
        elif fact.type == "ticket.waiting_started":
            yield from self.names.unknown_duty(fact, contract)
        elif fact.type == CARRIED:
            yield from self.names.carries_nothing(fact, contract)

    def says_who(self, fact: Fact, contract: str) -> None:
        """Takes down a ticket that is opened without a word on who asked; what is told with it counts."""
        begun, unasked = self.begun.get(("ticket", fact.subject)), self.unasked.setdefault(contract, {})
        says = fact.data.get("requester") is not None
        if begun is not None and begun.fact is fact and not says and fact.data.get("verified") is not False:
            unasked[fact.subject] = fact
        elif begun is not None and says and fact.at <= begun.at:
            unasked.pop(fact.subject, None)

    def begins(self, kind: SubjectKind, fact: Fact) -> Iterator[Finding]:
        """Two beginnings of a subject: under two contracts its facts are mixed, else the first counts."""
        if kind == "attribution":
            self.attributed.append(fact)
            return
        if kind == "claim":
            self.filed.append(fact)
        key = kind, fact.subject
        contract = str(fact.data.get("contract") or "")
        first = self.begun.setdefault(key, _Begun(contract, _effective_at(fact), fact))
        self.under.setdefault(key, {})[contract] = None
        if first.contract != contract:
            yield of_another_contract(kind, fact, first.contract)
        elif (
            fact.type == OPENING[kind]
            and fact.data.get("verified") is not False
            and self.opened.setdefault(key, fact) is not fact
        ):
            message = f"{kind} `{fact.subject}` is begun twice; the first time counts"
            places = (fact.where, self.opened[key].where)
            way_out = "withdraw one of the facts, or give one subject another id"
            yield Finding("subject-twice", message, places, way_out, "warning")

    def out_of_place(self, kind: SubjectKind, fact: Fact, awaited: bool) -> Iterator[Finding]:
        """A fact about a subject that nothing begins, or that begins later while no clock runs on it yet."""
        begun = self.begun.get((kind, fact.subject))
        if begun is None:
            if awaited and begins(kind, fact.type):  # work that a clock runs on before it is announced
                return
            message = f"{kind} `{fact.subject}` has this fact, but none that begins it"
            yield warning("unknown-subject", message, fact, f"add its {OPENING[kind]}")
            return
        named = fact.data.get("contract")
        if kind in OF_A_CONTRACT and isinstance(named, str) and named not in self.under[kind, fact.subject]:
            yield of_another_contract(kind, fact, begun.contract)
        if fact.at < begun.at and not awaited:
            message = (
                f"this lies before {kind} `{fact.subject}` begins ({format_instant(begun.at)}), "
                "so it moves no clock"
            )
            places = (fact.where, begun.fact.where)
            yield Finding("before-opening", message, places, "correct the time of one of them", "warning")

    def needs_provider(self, fact: Fact) -> bool:
        """Whether its provider says under which contracts a subject is: work may start unannounced."""
        unannounced = fact.type == STARTED and ("maintenance", fact.subject) not in self.begun
        return unannounced or fact.type in _OF_A_PROVIDER

    def of_a_contract(self, fact: Fact) -> Iterator[Finding]:
        """What is told of a contract that the book does not have, or that changes nothing under it."""
        terms = self.contracts.get(fact.subject)
        if terms is None:
            return
        if fact.type == PLAN_CHANGED and (plan := str(fact.data.get("plan"))) not in _plans(terms):
            message = f"agreement `{terms.agreement}` has no plan `{plan[:80]}`, so the plan stays as it was"
            yield warning("unknown-plan", message, fact, _PLAN_WAY_OUT)
        elif fact.type in _SUSPENDING and all(one.of != "suspension" for one in terms.exclusions):
            message = (
                f"the terms of `{fact.subject}` do not say what follows from a suspension, so nothing does"
            )
            yield warning("without-effect", message, fact, "say it with an exclusion `of: suspension`")
        if fact.type in OF_A_LIFE:
            self.lives.setdefault(fact.subject, []).append(fact)
        if fact.type == _INVOICED:
            yield from self.invoiced_twice(fact)
        currency, own = fact.data.get("currency"), _currencies(terms)
        if isinstance(currency, str) and own and currency not in own:
            message = f"the invoice is in {currency}, the contract `{fact.subject}` in {' and '.join(own)}"
            yield warning(
                "currency-mismatch", message, fact, "no credit in another currency is set against it"
            )

    def invoiced_twice(self, fact: Fact) -> Iterator[Finding]:
        """One number on two invoices of a contract."""
        number = str(fact.data.get("invoice"))
        first = self.invoices.setdefault((fact.subject, number), fact)
        if first is not fact:
            message = f"invoice `{number}` of `{fact.subject}` is issued twice; the first one counts"
            way_out = "withdraw one of the facts, or give each invoice a number of its own"
            yield Finding("subject-twice", message, (fact.where, first.where), way_out, "warning")

    def claims_nothing(self, fact: Fact) -> Iterator[Finding]:
        """A claim about what is no period and nothing that anybody opened."""
        about = fact.data.get("about")
        if about is None or "issue_at" in fact.data or _NAMES_A_PERIOD.search(str(about)):
            return
        if all((kind, about) not in self.begun for kind in _TARGETS):
            message = f"`{str(about)[:80]}` is no period, and no ticket, task or incident that anybody opened"
            way_out = "write the period as the report does, such as 2026-06, or give `issue_at`"
            yield warning("unknown-target", message, fact, way_out)

    def untold_instant(self, fact: Fact) -> Iterator[Finding]:
        """A claim that says neither when that happened by which it is in time, nor which item it was."""
        terms = self.contracts.get(str(fact.data.get("contract") or ""))
        if terms is None or ISSUE_AT in fact.data:
            return
        about = fact.data.get("about")
        clocks = [clock_counted(terms, remedy) for remedy in terms.remedies]
        if any(clock is not None and (clock.of, about) in self.begun for clock in clocks):
            return
        for clock in (one for one in terms.clocks if counts_from_item(one)):
            message = (
                f"`{clock.name}` counts from when that happened which is claimed for, and this does not tell"
            )
            way_out = "give `issue_at`, or name in `about` the item that was late"
            yield warning("missing-attribute", message, fact, way_out)

    def unknown_target(self, fact: Fact) -> Iterator[Finding]:
        """An attribution of what nobody has opened; `interval` is none of these."""
        target = str(fact.data.get("target"))
        if target != INTERVAL and all((kind, target) not in self.begun for kind in _TARGETS):
            message = f"`{target}` is no incident, ticket or task that anybody opened"
            way_out = f"name one, or `{INTERVAL}` with starts_at and ends_at"
            yield warning("unknown-target", message, fact, way_out)

    def contract_of(self, kind: SubjectKind, fact: Fact) -> str | None:
        """The contract that a fact names, or else that under which its subject is begun first."""
        named = fact.data.get("contract")
        if isinstance(named, str):
            return named
        begun = self.begun.get((kind, fact.subject))
        return begun.contract if begun else None


def of_another_contract(kind: SubjectKind, fact: Fact, first: str) -> Finding:
    """A warning for a fact that names another contract than the first under which its subject is begun."""
    contract = str(fact.data.get("contract") or "")
    if begins(kind, fact.type):
        message = f"{kind} `{fact.subject}` is begun under `{first}` and `{contract}`"
        return warning("subject-twice", message, fact, "give it an id that no other contract uses")
    message = f"{kind} `{fact.subject}` is begun under `{first}` and not `{contract}`: this counts nowhere"
    return warning("subject-twice", message, fact, "name the contract of the subject, or leave it out")


def _effective_at(fact: Fact) -> Instant:
    """From when an opening has effect: a ticket from when contact was made, a claim from when it was sent."""
    given = (instant_in(fact, name) for name in _EFFECTIVE.get(fact.type, ()))
    return min((at for at in given if at is not None), default=fact.at)


def _currencies(terms: Terms | None) -> tuple[str, ...]:
    """The currencies of a contract's fees."""
    contract = terms.contract if terms else None
    if contract is None:
        return ()
    own = {contract.currency, *(fee.currency for fee in contract.fees.values())}
    return tuple(sorted(own - {""}))


def _plans(terms: Terms) -> tuple[str, ...]:
    """The plans that are known of a contract: its own, and those that facts name and its agreement has."""
    return tuple(dict.fromkeys((terms.plan, *terms.plans)))


def _nobody_asked(contract: str, opened: Sequence[Fact]) -> Iterator[Finding]:
    """One warning for all tickets of a contract that do not say who asked, at the place of the first."""
    if not opened:
        return
    what, on = f"ticket `{opened[0].subject}` of `{contract}` does", "it"
    if len(opened) > 1:
        what, on = (
            f"{len(opened)} tickets of `{contract}`, `{opened[0].subject}` the first of them, do",
            "them",
        )
    message = f"{what} not say who asked, and only named contacts may: no clock runs on {on}"
    way_out = "give `requester`; what is told already, correct with it"
    yield warning("missing-attribute", message, opened[0], way_out)


def _of_a_life(terms: Terms, told: Sequence[Fact]) -> Iterator[Finding]:
    """Facts about a contract that came when it was over, and renewals that cut a term short."""
    assert terms.contract is not None

    def life(facts: Sequence[Fact]) -> Life:
        assert terms.contract is not None
        return life_of(terms.contract, tuple(terms.plans), zone, facts)

    zone, known = terms.calendars[ALWAYS].rule.zone, {FactRef(fact.source, fact.id): fact for fact in told}
    whole = life(told)
    for ref in whole.without_effect:
        assert whole.end_at is not None, "nothing comes after what does not end"
        fact, ended = known[ref], format_instant(whole.end_at)
        message = f"contract `{fact.subject}` was over ({ended}), so this has no effect"
        yield warning("without-effect", message, fact, "correct its time, or sign another contract")
    for fact in told:
        if fact.type != RENEWED or "on" in fact.data or FactRef(fact.source, fact.id) in whole.without_effect:
            continue
        before = life([one for one in told if one is not fact])
        start_at, end_at = contract_period(terms.contract, before, zone, max(fact.at, before.start_at))
        if end_at is not None and start_at < fact.at < end_at:
            message = (
                f"contract `{fact.subject}` is renewed from when this was told, in the midst of a period "
                f"that lasts until {format_instant(end_at)}, which is cut there"
            )
            yield warning("early-renewal", message, fact, "name the first day of the new period (`on`)")
