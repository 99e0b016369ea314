"""Facts that count nowhere, or not as they were meant, though nothing is wrong with each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from upheld.book.horizon import CODE, years_way_out
from upheld.book.unknown_values import KnownValues
from upheld.book.work import Work
from upheld.core.claiming.claimable import clock_counted
from upheld.core.claiming.folding import ISSUE_AT, counts_from_item
from upheld.core.clocks.carrying import CARRIED
from upheld.core.clocks.covenant import REPORTED
from upheld.core.clocks.subject import CLASSIFYING, OF_A_CONTRACT, OPENING, begins, subject_kind
from upheld.core.evaluating.exclusions import INTERVAL
from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_check import instant_in, suggestion
from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.terms.agreement import ALWAYS, SubjectKind, Terms
from upheld.core.terms.life import OF_A_LIFE, PLAN_CHANGED, RENEWED, Life, contract_period, life_of
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.values.expression import names_in
from upheld.core.values.finding import Finding
from upheld.core.values.key import FactRef

_STARTED: Final = "maintenance.started"
_PLANNED: Final = "maintenance.planned"
_ATTRIBUTED: Final = "attribution.recorded"
_OF_A_PROVIDER: Final = frozenset({"incident.declared", _PLANNED, "maintenance.announced", _ATTRIBUTED})
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
    return _Book(terms).told(facts)


class _Book:
    """What the contracts know, and which subjects the facts have begun so far."""

    def __init__(self, terms: Iterable[Terms]) -> None:
        self.contracts = {one.contract.id: one for one in terms if one.contract is not None}
        self.declared = {
            name: event.of for one in self.contracts.values() for name, event in one.events.items()
        }
        self.providers = {one.provider for one in self.contracts.values()}
        self.early = {type_ for one in self.contracts.values() for type_ in _early_types(one)}
        self.begun: dict[tuple[SubjectKind, str], _Begun] = {}
        self.under: dict[tuple[SubjectKind, str], dict[str, None]] = {}
        self.opened: dict[tuple[SubjectKind, str], Fact] = {}
        self.attributed: list[Fact] = []
        self.filed: list[Fact] = []
        self.lives: dict[str, list[Fact]] = {}
        self.invoices: dict[tuple[str, str], Fact] = {}
        self.work = Work()
        self.values = KnownValues(self.contracts)

    def told(self, facts: Iterable[Fact]) -> Iterator[Finding]:
        """What is to be told of each fact; last, of those about a subject that begins later or never."""
        later: list[tuple[SubjectKind, Fact]] = []
        for fact in facts:
            kind = subject_kind(fact.type, self.declared)
            yield from self.unknown_party(fact, kind)
            yield from self.beyond_years(fact, kind)
            if kind == "maintenance":
                self.work.take(fact)
            if fact.type in ("obligation.done", "obligation.owed"):
                yield from self.unknown_obligation(fact)
            elif fact.type == REPORTED:
                yield from self.unknown_covenant(fact)
            elif fact.type == "reminder.done":
                yield from self.unknown_reminder(fact)
            elif fact.type.startswith("contract."):
                yield from self.of_a_contract(fact)
            if kind is None:
                continue
            if fact.type in (OPENING[kind], _STARTED, _PLANNED):
                yield from self.begins(kind, fact)
            else:
                later.append((kind, fact))
            if fact.type in CLASSIFYING[kind]:
                begun = self.begun.get((kind, fact.subject))
                yield from self.values.unknown(fact, begun.contract if begun else None)
                yield from self.unknown_components(kind, fact)
            elif fact.type == "ticket.waiting_started":
                yield from self.unknown_duty(fact)
            elif fact.type == CARRIED:
                yield from self.carries_nothing(fact)
        awaited: set[tuple[SubjectKind, str]] = set()
        for family, fact in later:
            if fact.type in self.early:
                awaited.add((family, fact.subject))
            yield from self.out_of_place(family, fact, (family, fact.subject) in awaited)
        for fact in self.attributed:
            yield from self.unknown_target(fact)
        for fact in self.filed:
            yield from self.claims_nothing(fact)
            yield from self.untold_instant(fact)
        for contract, own in self.lives.items():
            yield from _of_a_life(self.contracts[contract], own)
        yield from self.work.backwards()

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
            yield _warning("unknown-subject", message, fact, f"add its {OPENING[kind]}")
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

    def unknown_party(self, fact: Fact, kind: SubjectKind | None) -> Iterator[Finding]:
        """A contract or a provider that the book does not have, or a provider that has to be named."""
        contract = fact.data.get("contract")
        if isinstance(contract, str) and contract not in self.contracts:
            known = ", ".join(sorted(self.contracts)) or "none"
            message = f"there is no contract `{contract}`; the book has {known}"
            yield _warning("unknown-contract", message, fact, "name one of them, or add the contract's file")
        provider = fact.data.get("provider")
        if isinstance(provider, str) and provider not in self.providers:
            known = ", ".join(sorted(self.providers)) or "none"
            message = f"there is no provider `{provider}`; the book has {known}"
            yield _warning("unknown-provider", message, fact, "write the provider as its agreement does")
        elif provider is None and len(self.providers) > 1 and self.needs_provider(fact):
            message = (
                f"the book has {len(self.providers)} providers and this fact names none, so it counts nowhere"
            )
            yield _warning("provider-missing", message, fact, "add `provider` to its data")

    def needs_provider(self, fact: Fact) -> bool:
        """Whether its provider says under which contracts a subject is: work may start unannounced."""
        unannounced = fact.type == _STARTED and ("maintenance", fact.subject) not in self.begun
        return unannounced or fact.type in _OF_A_PROVIDER

    def of_a_contract(self, fact: Fact) -> Iterator[Finding]:
        """What is told of a contract that the book does not have, or that changes nothing under it."""
        terms = self.contracts.get(fact.subject)
        if terms is None or terms.contract is None:
            known = ", ".join(sorted(self.contracts)) or "none"
            message = f"there is no contract `{fact.subject}`; the book has {known}"
            yield _warning("unknown-contract", message, fact, "name one of them, or add the contract's file")
        elif fact.type == PLAN_CHANGED and (plan := str(fact.data.get("plan"))) not in _plans(terms):
            message = f"agreement `{terms.agreement}` has no plan `{plan[:80]}`, so the plan stays as it was"
            yield _warning("unknown-plan", message, fact, _PLAN_WAY_OUT)
        elif fact.type in _SUSPENDING and all(one.of != "suspension" for one in terms.exclusions):
            message = (
                f"the terms of `{fact.subject}` do not say what follows from a suspension, so nothing does"
            )
            yield _warning("without-effect", message, fact, "say it with an exclusion `of: suspension`")
        if terms is not None and fact.type in OF_A_LIFE:
            self.lives.setdefault(fact.subject, []).append(fact)
        if fact.type == _INVOICED:
            yield from self.invoiced_twice(fact)
        currency, own = fact.data.get("currency"), _currencies(terms)
        if isinstance(currency, str) and own and currency not in own:
            message = f"the invoice is in {currency}, the contract `{fact.subject}` in {' and '.join(own)}"
            yield _warning(
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
            yield _warning("unknown-target", message, fact, way_out)

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
            yield _warning("missing-attribute", message, fact, way_out)

    def unknown_components(self, kind: SubjectKind, fact: Fact) -> Iterator[Finding]:
        """Components that none of the agreements concerned has, where they have any."""
        named = fact.data.get("components")
        known = {
            name
            for terms in self.about(kind, fact)
            if kind != "incident" or _reads_incidents(terms)
            for name in terms.components
        }
        for name in named if isinstance(named, tuple) and known else ():
            if name not in known:
                message = f"there is no component `{name}`, so this does not concern it"
                yield _warning("unknown-component", message, fact, _one_of(str(name), sorted(known)))

    def beyond_years(self, fact: Fact, kind: SubjectKind | None) -> Iterator[Finding]:
        """An instant in a fact after all years that the calendars of a contract which it concerns know."""
        known = FACT_TYPES.get(fact.type)
        names = [field.name for field in known.fields if field.kind == "instant"] if known else []
        given = {name: at for name in names if (at := instant_in(fact, name)) is not None}
        if not given:
            return
        calendars = [one.calendars[ALWAYS] for one in (self.about(kind, fact) if kind else ())]
        for name, at in given.items():
            nearest = min(calendars, key=lambda one: one.end_at, default=None)
            if nearest is not None and at >= nearest.end_at:
                message = (
                    f"`{name}` is {format_instant(at)}, after the years {nearest.start_year} to "
                    f"{nearest.end_year} that are known: what rests on it cannot be told"
                )
                yield _warning(CODE, message, fact, years_way_out(nearest.start_year, nearest.end_year))

    def unknown_target(self, fact: Fact) -> Iterator[Finding]:
        """An attribution of what nobody has opened; `interval` is none of these."""
        target = str(fact.data.get("target"))
        if target != INTERVAL and all((kind, target) not in self.begun for kind in _TARGETS):
            message = f"`{target}` is no incident, ticket or task that anybody opened"
            way_out = f"name one, or `{INTERVAL}` with starts_at and ends_at"
            yield _warning("unknown-target", message, fact, way_out)

    def unknown_obligation(self, fact: Fact) -> Iterator[Finding]:
        """An obligation that the contract's terms do not have."""
        terms = self.contracts.get(str(fact.data.get("contract")))
        name = str(fact.data.get("obligation"))
        if terms and name not in (known := [one.name for one in terms.obligations]):
            message = f"contract `{fact.data['contract']}` has no obligation `{name}`"
            yield _warning("unknown-obligation", message, fact, _one_of(name, known))

    def unknown_covenant(self, fact: Fact) -> Iterator[Finding]:
        """A report that is about none of the covenants of its contract, or about one of several."""
        terms = self.contracts.get(str(fact.data.get("contract")))
        if terms is None:
            return
        known, name = [one.name for one in terms.covenants], fact.data.get("covenant")
        if name is None and len(known) > 1:
            message = f"contract `{fact.data['contract']}` has {len(known)} covenants, and this names none"
            yield _warning("unknown-covenant", message, fact, f"add `covenant`: {', '.join(known)}")
        elif not known or (name is not None and name not in known):
            what = "" if name is None else f" `{str(name)[:80]}`"
            message = f"contract `{fact.data['contract']}` has no covenant{what}"
            yield _warning("unknown-covenant", message, fact, _one_of(str(name or ""), known))

    def unknown_reminder(self, fact: Fact) -> Iterator[Finding]:
        """A reminder that no agreement concerned has."""
        name, contract = str(fact.data.get("reminder")), fact.data.get("contract")
        concerned = [one for key, one in self.contracts.items() if contract in (None, key)]
        known = sorted({one.name for terms in concerned for one in terms.reminders})
        if concerned and name not in known:
            yield _warning("unknown-reminder", f"there is no reminder `{name}`", fact, _one_of(name, known))

    def unknown_duty(self, fact: Fact) -> Iterator[Finding]:
        """A duty that the agreement, which declares some, does not declare."""
        terms, name = self.terms_of("ticket", fact), fact.data.get("duty")
        if isinstance(name, str) and terms and terms.duties and name not in terms.duties:
            message = f"there is no duty `{name}`"
            yield _warning("unknown-duty", message, fact, _one_of(name, terms.duties))

    def carries_nothing(self, fact: Fact) -> Iterator[Finding]:
        """A clock that comes from elsewhere, and is none of the agreement."""
        terms, name = self.terms_of("ticket", fact), str(fact.data.get("commitment"))
        if terms is not None:
            known = [one.name for one in terms.clocks if one.of == "ticket" and one.due is None]
            if name not in known:
                message = f"there is no clock `{name[:80]}` on tickets, so nothing is carried over"
                yield _warning("unknown-commitment", message, fact, _one_of(name, known))

    def about(self, kind: SubjectKind, fact: Fact) -> list[Terms]:
        """The terms under which a fact of a subject counts: of one contract, or all of a provider's."""
        one = self.terms_of(kind, fact)
        if one is not None:
            return [one]
        return [one for one in self.contracts.values() if fact.data.get("provider") in (None, one.provider)]

    def terms_of(self, kind: SubjectKind, fact: Fact) -> Terms | None:
        """The terms of the contract that the subject of a fact was begun under."""
        begun = self.begun.get((kind, fact.subject))
        return self.contracts.get(begun.contract) if begun else None


def of_another_contract(kind: SubjectKind, fact: Fact, first: str) -> Finding:
    """A warning for a fact that names another contract than the first under which its subject is begun."""
    contract = str(fact.data.get("contract") or "")
    if begins(kind, fact.type):
        message = f"{kind} `{fact.subject}` is begun under `{first}` and `{contract}`"
        return _warning("subject-twice", message, fact, "give it an id that no other contract uses")
    message = f"{kind} `{fact.subject}` is begun under `{first}` and not `{contract}`: this counts nowhere"
    return _warning("subject-twice", message, fact, "name the contract of the subject, or leave it out")


def _early_types(terms: Terms) -> Iterator[str]:
    """The types of facts that can move a clock before its subject is opened: it starts at them."""
    for rule in terms.clocks:
        for match in (*rule.starts, *(rule.stops if rule.due is not None else ())):
            yield from match.types - {OPENING[rule.of], _STARTED, _PLANNED}
        for name in names_in(rule.due) if rule.due is not None else ():
            yield from (name, f"{rule.of}.{name}")


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


def _one_of(name: str, known: Iterable[str]) -> str:
    return suggestion(name, known) or f"there are {', '.join(known) or 'none'}"


def _warning(code: str, message: str, fact: Fact, way_out: str) -> Finding:
    return Finding(code, message, (fact.where,), way_out, "warning")


def _reads_incidents(terms: Terms) -> bool:
    """Whether what an incident concerns is measured or excluded: else it may name whatever people call it."""
    return any(one.of == "incident" for one in terms.exclusions) or any(
        one.basis == "incidents" for one in terms.indicators.values()
    )


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
        yield _warning("without-effect", message, fact, "correct its time, or sign another contract")
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
            yield _warning("early-renewal", message, fact, "name the first day of the new period (`on`)")
