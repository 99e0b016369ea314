"""The cells of remedies: what each contract is owed for each period, combined, limited and scheduled."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from upheld.core.clocks.subject import fold_subject
from upheld.core.evaluating.cells import Key, Reader
from upheld.core.evaluating.commitments import Material
from upheld.core.evaluating.contracts import Contracts, by_name, contract_of
from upheld.core.evaluating.strata import ACCOUNT, CLAIM, MATERIAL, OUTCOME, OWED, VERDICT
from upheld.core.measuring.taken import Item
from upheld.core.owing.account import Turn, steps_of
from upheld.core.owing.bill import Bill, Invoice, fee_base
from upheld.core.owing.entitlement import Case
from upheld.core.owing.instalments import Owed, scheduled
from upheld.core.owing.invoices import OF_INVOICES, invoices_of
from upheld.core.owing.limits import NOTHING_GIVEN, Given
from upheld.core.owing.prospects import Prospects
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.life import Life, contract_period, contract_year
from upheld.core.terms.remedy import LimitPer, RemedyRule, is_whole
from upheld.core.timeline.civil import add_months
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import replace
from upheld.core.values.key import FactRef
from upheld.core.values.once import Once
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import LATE, Outcome, State, Verdict, under_plan

_FILED, _DETERMINED = "claim.filed", "claim.determined"
_MONTHS = {"calendar quarter": 3, "calendar year": 12, "contract year": 12}


class Claim(NamedTuple):
    """A claim: what it is about (a period, an item, an instant), if it was in time, when it was granted.

    `is_in_time` None: what its deadline depends on is not known.
    """

    about: str
    start_at: Instant | None
    end_at: Instant | None
    issue_at: Instant | None
    is_in_time: bool | None
    granted_at: Instant | None
    refs: tuple[FactRef, ...]

    def is_about(self, period: Period, subject: str, items: frozenset[str], late: frozenset[str]) -> bool:
        """Whether it is about a period (or the verdict on `subject` in it), or about a late item in it.

        `items` are those of every period: one that was not late is nothing to complain about.
        """
        if self.about in items:
            return self.about in late
        if self.about in (period.label, subject):
            return True
        if self.start_at is not None and self.end_at is not None:
            return period.start_at <= self.start_at and self.end_at <= period.end_at
        return self.issue_at is not None and period.start_at <= self.issue_at < period.end_at


class Account(NamedTuple):
    """Every credit of a contract, by binding, remedy and period."""

    credits: Mapping[tuple[str, str, str], tuple[Credit, ...]]


class _Window(NamedTuple):
    """A stretch of time in which a remedy gives no more than a limit: a month, a year, the term."""

    remedy: str
    per: LimitPer
    name: str


class _Slot(NamedTuple):
    """One remedy of one verdict, under the plan that the period is under, and the claims about it."""

    binding: str
    terms: Terms
    remedy: RemedyRule
    commit: CommitRule
    period: Period
    verdict: Verdict
    kept_before: tuple[State, ...]
    claims: tuple[Claim, ...]
    windows: tuple[_Window, ...]

    @property
    def granted_at(self) -> Instant | None:
        """When the first claim about it was granted."""
        return min((one.granted_at for one in self.claims if one.granted_at is not None), default=None)


class _Due(NamedTuple):
    """A period that one remedy is asked of, under the terms of its plan."""

    period: Period
    binding: str
    terms: Terms
    remedy: RemedyRule
    commit: CommitRule


class Owing:
    """What the strata CLAIM to OWED compute."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts

    def roots(self, contract: str, life: Life, at: Instant) -> Iterator[Key]:
        """The cells of a contract that have credits, in the order in which they are shown."""
        for remedies in by_name(self._contracts, contract, lambda terms: terms.remedies):
            for turn in self._due(remedies, life, at):
                yield OWED, "owed", (turn.binding, turn.remedy.name, turn.period.label)

    def compute(self, key: Key, reader: Reader, at: Instant) -> tuple[Hashable, Instant | None]:
        """The value of a cell, and when it changes by itself."""
        stratum, _, (binding, *rest) = key
        if stratum == CLAIM:
            return self._claim(binding, rest[0], reader), None
        if stratum == ACCOUNT:
            life = self._contracts.life(binding, reader)
            changes = [one.from_at for one in life.plans] + ([] if life.end_at is None else [life.end_at])
            return self._account(binding, life, reader, at), min((c for c in changes if at < c), default=None)
        account = reader.cell((ACCOUNT, "account", (contract_of(binding),)))
        assert isinstance(account, Account)
        found = Outcome((), (), account.credits.get((binding, rest[0], rest[1]), ()))
        return under_plan(found, self._contracts.plan(binding)), None

    # -- claims --------------------------------------------------------------------------------------------

    def _claim(self, contract: str, claim_id: str, reader: Reader) -> Claim | None:
        """One claim. It is in time if no deadline of its filing was passed."""
        terms = self._contracts.terms[contract]
        facts = reader.facts(("subject", "claim", claim_id), frozenset({_FILED, _DETERMINED}))
        subject = fold_subject("claim", claim_id, facts, terms)
        life = self._contracts.life(contract, reader)
        if subject is None or not self._contracts.is_of_subject(contract, life, subject):
            return None
        told = subject.moments[-1].attributes
        states: set[State] = set()
        for clock in terms.clocks:
            if clock.of == "claim" and any(_FILED in match.types for match in clock.stops):
                outcome = reader.cell((OUTCOME, "outcome", (contract, clock.name, claim_id)))
                assert isinstance(outcome, Outcome)
                states |= {verdict.state for verdict in outcome.verdicts}
        granted = [
            event
            for event in subject.events
            if event.fact.type == _DETERMINED and event.fact.data.get("outcome") in ("accepted", "partly")
        ]
        instants = (told.get(name) for name in ("about.start", "about.end", "issue_at"))
        start_at, end_at, issue_at = (one if isinstance(one, int) else None for one in instants)
        return Claim(
            about=str(told.get("about") or ""),
            start_at=start_at,
            end_at=end_at,
            issue_at=issue_at,
            is_in_time=False if not states.isdisjoint(LATE) else None if "undetermined" in states else True,
            granted_at=granted[0].at if granted else None,
            refs=(subject.events[0].ref, *(event.ref for event in granted[:1])),
        )

    # -- the account ---------------------------------------------------------------------------------------

    def _account(self, contract: str, life: Life, reader: Reader, at: Instant) -> Account:
        """Period by period, since what was given before counts; then remedy by remedy, over the invoices."""
        terms = self._contracts.terms[contract]
        assert terms.contract is not None
        invoiced = reader.facts(("contract", contract), OF_INVOICES)
        currency, zone = terms.contract.currency, terms.calendars[ALWAYS].rule.zone
        seen = "invoices", id(terms.contract), id(terms.calendars[ALWAYS]), *map(id, invoiced)
        invoices = reader.once(seen, lambda: invoices_of(invoiced, currency, zone))
        claims: list[Claim] = []
        for claim_id in reader.names(("subjects", contract, "claim")):
            for binding in self._contracts.siblings(contract):
                claim = reader.cell((CLAIM, "claim", (binding, claim_id)))
                if isinstance(claim, Claim):
                    claims.append(claim)
        slots: dict[tuple[Instant, Instant, str, str, str], list[_Slot]] = {}
        for slot in self._slots(contract, life, claims, reader, at):
            group, alone = slot.remedy.group, "" if slot.remedy.group else slot.remedy.name
            key = slot.period.start_at, slot.period.end_at, slot.verdict.key.subject, group, alone
            slots.setdefault(key, []).append(slot)
        names = by_name(self._contracts, contract, lambda terms: terms.remedies)
        given: dict[str, list[tuple[_Slot, Credit]]] = {remedies[0][1].name: [] for remedies in names}
        sums: dict[_Window, Given] = {}
        for key in sorted(slots, key=lambda key: key[:2]):
            turns = [_turn(slot, life, invoices, sums, reader.once) for slot in slots[key]]
            steps = reader.once(
                ("steps", *(turn.seen for turn in turns)),
                lambda turns=turns: steps_of(turns, contract),  # type: ignore[misc]
            )
            for slot, step in zip(slots[key], steps, strict=True):
                sums.update((window, step.given[window.per]) for window in slot.windows)
                given[slot.remedy.name].append((slot, step.credit))
        return self._paid(contract, life, given, invoices, reader.once, at)

    def _due(self, remedies: Iterable[tuple[str, RemedyRule]], life: Life, at: Instant) -> list[_Due]:
        """What the remedies of one name are asked of: the periods under the plan of each, in order."""
        found: list[_Due] = []
        for binding, remedy in remedies:
            terms = self._contracts.terms[binding]
            commit = _commit(terms, remedy)
            periods = self._contracts.periods(binding, commit.name, commit.period, life, at)
            found += [_Due(period, binding, terms, remedy, commit) for period in periods]
        return sorted(found, key=lambda one: (one.period, one.binding))

    def _slots(
        self, contract: str, life: Life, claims: Sequence[Claim], reader: Reader, at: Instant
    ) -> Iterator[_Slot]:
        """Every remedy of every verdict, with what came before and the claims about it."""
        for remedies in by_name(self._contracts, contract, lambda terms: terms.remedies):
            states: dict[str, list[State]] = {}
            due = self._due(remedies, life, at)
            items = [self._counted(one, reader) if claims else () for one in due]
            every = frozenset(one.subject for found in items for one in found)
            for (period, binding, terms, remedy, commit), counted in zip(due, items, strict=True):
                ids = id(terms.contract), id(life), id(remedy.limits), id(commit.period)
                windows = reader.once(
                    ("windows", remedy.name, *ids, period),
                    lambda: tuple(_windows(remedy, commit, period, terms, life)),  # noqa: B023 - called at once
                )
                outcome = reader.cell((VERDICT, "verdict", (binding, commit.name, period.label)))
                assert isinstance(outcome, Outcome)
                late = frozenset(one.subject for one in counted if one.state in LATE)
                for verdict in outcome.verdicts:
                    about = [one for one in claims if one.is_about(period, verdict.key.subject, every, late)]
                    part = verdict.key.subject.removeprefix(period.label)
                    before = states.setdefault(part, [])
                    kept_before = tuple(reversed(before))
                    yield _Slot(
                        binding, terms, remedy, commit, period, verdict, kept_before, tuple(about), windows
                    )
                    before.append(verdict.state)

    def _counted(self, due: _Due, reader: Reader) -> tuple[Item, ...]:
        """The items of a period, which a claim may be about."""
        material = reader.cell((MATERIAL, "material", (due.binding, due.commit.name, due.period.label)))
        assert isinstance(material, Material)
        return material.items

    def _paid(
        self,
        contract: str,
        life: Life,
        given: Mapping[str, Sequence[tuple[_Slot, Credit]]],
        invoices: Sequence[Invoice],
        once: Once,
        at: Instant,
    ) -> Account:
        """The credits with their instalments. Where nobody has to claim, the end of the period decides."""
        terms = self._contracts.terms[contract]
        needs_claim = any(clock.of == "claim" for clock in terms.clocks)
        ended_at = life.end_at if life.is_over(at) else None
        all_given = [pair for pairs in given.values() for pair in pairs]
        owed = [
            Owed(
                slot.remedy, credit, slot.granted_at if needs_claim else slot.verdict.stopped_at, slot.period
            )
            for slot, credit in all_given
        ]
        paid = once(
            ("paid", id(invoices), ended_at, *(each.seen for each in owed)),
            lambda: scheduled(owed, invoices, ended_at),
        )
        found: dict[tuple[str, str, str], tuple[Credit, ...]] = {}
        for (slot, _), credit in zip(all_given, paid, strict=True):
            key = slot.binding, slot.remedy.name, slot.period.label
            found[key] = (*found.get(key, ()), _of(contract, credit))
        return Account(found)


def _commit(terms: Terms, remedy: RemedyRule) -> CommitRule:
    """The commitment that a remedy follows."""
    return next(commit for commit in terms.commits if commit.name == remedy.of)


def _turn(
    slot: _Slot, life: Life, invoices: tuple[Invoice, ...], sums: Mapping[_Window, Given], once: Once
) -> Turn:
    """What one credit is computed from."""
    remedy, commit = slot.remedy, slot.commit
    ids = id(slot.terms.contract), id(life), id(remedy.base), id(commit.period), id(invoices)
    case = Case(
        remedy,
        slot.verdict,
        once(("bill", *ids, slot.period), lambda: _bill(slot, life, invoices, once)),
        commit,
        slot.kept_before,
        sum(claim.is_in_time is True for claim in slot.claims),
        sum(claim.is_in_time is None for claim in slot.claims),
        commit.period.zone,
    )
    return Turn(
        remedy,
        once(case.seen, lambda: Prospects(case, once)),
        {window.per: sums.get(window, NOTHING_GIVEN) for window in slot.windows},
        tuple(ref for claim in slot.claims for ref in claim.refs),
    )


def _of(contract: str, credit: Credit) -> Credit:
    """The credit as one of a contract that may be another than the one that it was first computed for."""
    if credit.key.contract == contract:
        return credit
    return replace(credit, key=credit.key._replace(contract=contract))


def _bill(slot: _Slot, life: Life, invoices: Sequence[Invoice], once: Once) -> Bill:
    """The bill of a period; one object for all contracts of which it says the same."""
    contract, zone = slot.terms.contract, slot.commit.period.zone
    assert contract is not None
    fees = life.fees_at(life.begun_at(slot.period, zone))
    months, in_part = _months(slot.commit, slot.period), not life.is_whole_in(slot.period, zone)
    bill = fee_base(slot.remedy, fees, invoices, months, in_part=in_part)
    bill = bill._replace(currency=contract.currency)
    said = bill.base, bill.reason, bill.facts, bill.currency, *bill.fees.items()
    return once(("said by a bill", *said), lambda: bill)


def _windows(
    remedy: RemedyRule, commit: CommitRule, period: Period, terms: Terms, life: Life
) -> Iterator[_Window]:
    """The month, the years and the term in which a period begins, as far as they have a limit."""
    for per in dict.fromkeys(limit.per for limit in remedy.limits):
        if is_whole(per, period):
            zone = commit.period.zone
            yield _Window(remedy.name, per, _window_name(per, zone, period.start_at, terms, life))


def _window_name(per: LimitPer, zone: Zone, start_at: Instant, terms: Terms, life: Life) -> str:
    """A year is one of the calendar, a contract year and a term begin with the contract or a renewal."""
    assert terms.contract is not None
    match per:
        case "month":
            return f"{zone.date_at(start_at):%Y-%m}"
        case "year":
            return f"{zone.date_at(start_at):%Y}"
        case "contract year":
            rule = PeriodRule("contract year", zone, terms.contract.from_on)
            return contract_year(rule, life, start_at).label
        case _:
            return str(contract_period(terms.contract, life, life.zone, start_at)[0])


def _months(commit: CommitRule, period: Period) -> tuple[str, ...]:
    """The months (YYYY-MM) of a period; of a billing cycle the one in which it begins."""
    first = commit.period.zone.date_at(period.start_at).replace(day=1)
    months: list[date] = [add_months(first, n, 1) for n in range(_MONTHS.get(commit.period.kind, 1))]
    return tuple(f"{month:%Y-%m}" for month in months)
