"""The cells of remedies: what each contract is owed for each period, combined, limited and scheduled."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from upheld.core.clocks.subject import fold_subject
from upheld.core.evaluating.cells import Key, Reader
from upheld.core.evaluating.commitments import Material
from upheld.core.evaluating.contracts import Contracts
from upheld.core.evaluating.strata import ACCOUNT, CLAIM, MATERIAL, OUTCOME, OWED, VERDICT
from upheld.core.facts.fact import Fact
from upheld.core.measuring.taken import Item
from upheld.core.owing.account import Turn, steps_of
from upheld.core.owing.bill import Bill, Invoice, fee_base
from upheld.core.owing.entitlement import Case
from upheld.core.owing.instalments import Owed, scheduled
from upheld.core.owing.limits import NOTHING_GIVEN, Given
from upheld.core.owing.prospects import Prospects
from upheld.core.terms.agreement import ALWAYS, Contract, Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import LimitPer, RemedyRule, is_whole
from upheld.core.timeline.civil import add_months
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import replace
from upheld.core.values.key import FactRef
from upheld.core.values.once import Once
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import LATE, Outcome, State, Verdict

_FILED, _DETERMINED = "claim.filed", "claim.determined"
_INVOICED = "contract.invoice_issued"
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
    """Every credit of a contract, by remedy and period."""

    credits: Mapping[tuple[str, str], tuple[Credit, ...]]


class _Window(NamedTuple):
    """A stretch of time in which a remedy gives no more than a limit: a month, a year, the term."""

    remedy: str
    per: LimitPer
    name: str


class _Slot(NamedTuple):
    """One remedy of one verdict, and the claims about it."""

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


class Owing:
    """What the strata CLAIM to OWED compute."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts

    def roots(self, contract: str, at: Instant) -> Iterator[Key]:
        """The cells of a contract that have credits, in the order in which they are shown."""
        terms = self._contracts.terms[contract]
        for remedy in terms.remedies:
            commit = _commit(terms, remedy)
            for period in self._contracts.periods(contract, commit.name, commit.period, at):
                yield OWED, "owed", (contract, remedy.name, period.label)

    def compute(self, key: Key, reader: Reader, at: Instant) -> tuple[Hashable, Instant | None]:
        """The value of a cell, and when it changes by itself."""
        stratum, _, (contract, *rest) = key
        if stratum == CLAIM:
            return self._claim(contract, rest[0], reader), None
        if stratum == ACCOUNT:
            end_at = self._contracts.term(contract)[1]
            wake_at = end_at if end_at is not None and at < end_at else None
            return self._account(contract, reader, at), wake_at
        account = reader.cell((ACCOUNT, "account", (contract,)))
        assert isinstance(account, Account)
        return Outcome((), (), account.credits.get((rest[0], rest[1]), ())), None

    # -- claims --------------------------------------------------------------------------------------------

    def _claim(self, contract: str, claim_id: str, reader: Reader) -> Claim | None:
        """One claim. It is in time if no deadline of its filing was passed."""
        terms = self._contracts.terms[contract]
        facts = reader.facts(("subject", "claim", claim_id), frozenset({_FILED, _DETERMINED}))
        subject = fold_subject("claim", claim_id, facts, terms)
        if subject is None:
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

    def _account(self, contract: str, reader: Reader, at: Instant) -> Account:
        """Period by period, since what was given before counts; then remedy by remedy, over the invoices."""
        terms = self._contracts.terms[contract]
        assert terms.contract is not None
        invoiced = reader.facts(("contract", contract), frozenset({_INVOICED}))
        seen = "invoices", id(terms.contract), id(terms.calendars[ALWAYS]), *map(id, invoiced)
        invoices = reader.once(seen, lambda: _invoices(invoiced, terms))
        claims: list[Claim] = []
        for claim_id in reader.names(("subjects", contract, "claim")):
            claim = reader.cell((CLAIM, "claim", (contract, claim_id)))
            if isinstance(claim, Claim):
                claims.append(claim)
        slots: dict[tuple[Instant, Instant, str, str, str], list[_Slot]] = {}
        for slot in self._slots(contract, claims, reader, at):
            group, alone = slot.remedy.group, "" if slot.remedy.group else slot.remedy.name
            key = slot.period.start_at, slot.period.end_at, slot.verdict.key.subject, group, alone
            slots.setdefault(key, []).append(slot)
        given: dict[str, list[tuple[_Slot, Credit]]] = {remedy.name: [] for remedy in terms.remedies}
        sums: dict[_Window, Given] = {}
        for key in sorted(slots, key=lambda key: key[:2]):
            turns = [_turn(slot, terms, invoices, sums, reader.once) for slot in slots[key]]
            steps = reader.once(
                ("steps", *(turn.seen for turn in turns)),
                lambda turns=turns: steps_of(turns, contract),  # type: ignore[misc]
            )
            for slot, step in zip(slots[key], steps, strict=True):
                sums.update((window, step.given[window.per]) for window in slot.windows)
                given[slot.remedy.name].append((slot, step.credit))
        return self._paid(contract, given, invoices, reader.once, at)

    def _slots(self, contract: str, claims: Sequence[Claim], reader: Reader, at: Instant) -> Iterator[_Slot]:
        """Every remedy of every verdict, with what came before and the claims about it."""
        terms = self._contracts.terms[contract]
        for remedy in terms.remedies:
            commit = _commit(terms, remedy)
            states: dict[str, list[State]] = {}
            periods = self._contracts.periods(contract, commit.name, commit.period, at)
            items = self._counted(contract, commit, periods, reader) if claims else {}
            every = frozenset(one.subject for found in items.values() for one in found)
            for period in periods:
                seen = (
                    "windows",
                    id(terms.contract),
                    remedy.name,
                    id(remedy.limits),
                    id(commit.period),
                    period,
                )
                windows = reader.once(seen, lambda: tuple(_windows(remedy, commit, period, terms)))  # noqa: B023 - called at once
                outcome = reader.cell((VERDICT, "verdict", (contract, commit.name, period.label)))
                assert isinstance(outcome, Outcome)
                late = frozenset(one.subject for one in items.get(period, ()) if one.state in LATE)
                for verdict in outcome.verdicts:
                    about = [one for one in claims if one.is_about(period, verdict.key.subject, every, late)]
                    part = verdict.key.subject.removeprefix(period.label)
                    before = states.setdefault(part, [])
                    kept_before = tuple(reversed(before))
                    yield _Slot(remedy, commit, period, verdict, kept_before, tuple(about), windows)
                    before.append(verdict.state)

    def _counted(
        self, contract: str, commit: CommitRule, periods: Sequence[Period], reader: Reader
    ) -> Mapping[Period, tuple[Item, ...]]:
        """The items of each period, which a claim may be about."""
        found: dict[Period, tuple[Item, ...]] = {}
        for period in periods:
            material = reader.cell((MATERIAL, "material", (contract, commit.name, period.label)))
            assert isinstance(material, Material)
            found[period] = material.items
        return found

    def _paid(
        self,
        contract: str,
        given: Mapping[str, Sequence[tuple[_Slot, Credit]]],
        invoices: Sequence[Invoice],
        once: Once,
        at: Instant,
    ) -> Account:
        """The credits with their instalments. Where nobody has to claim, the end of the period decides."""
        terms = self._contracts.terms[contract]
        needs_claim = any(clock.of == "claim" for clock in terms.clocks)
        end_at = self._contracts.term(contract)[1]
        ended_at = end_at if end_at is not None and end_at <= at else None
        all_given = [pair for remedy in terms.remedies for pair in given[remedy.name]]
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
        found: dict[tuple[str, str], tuple[Credit, ...]] = {}
        for (slot, _), credit in zip(all_given, paid, strict=True):
            key = slot.remedy.name, slot.period.label
            found[key] = (*found.get(key, ()), _of(contract, credit))
        return Account(found)


def _commit(terms: Terms, remedy: RemedyRule) -> CommitRule:
    """The commitment that a remedy follows."""
    return next(commit for commit in terms.commits if commit.name == remedy.of)


def _turn(
    slot: _Slot, terms: Terms, invoices: tuple[Invoice, ...], sums: Mapping[_Window, Given], once: Once
) -> Turn:
    """What one credit is computed from."""
    remedy, commit = slot.remedy, slot.commit
    seen = "bill", id(terms.contract), id(remedy.base), id(commit.period), slot.period, id(invoices)
    case = Case(
        remedy,
        slot.verdict,
        once(seen, lambda: _bill(slot, terms, invoices, once)),
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


def _bill(slot: _Slot, terms: Terms, invoices: Sequence[Invoice], once: Once) -> Bill:
    """The bill of a period; one object for all contracts of which it says the same."""
    contract = terms.contract
    assert contract is not None
    months, in_part = _months(slot.commit, slot.period), _is_in_part(contract, slot)
    bill = fee_base(slot.remedy, contract.fees, invoices, months, in_part=in_part)
    bill = bill._replace(currency=contract.currency)
    said = bill.base, bill.reason, bill.facts, bill.currency, *bill.fees.items()
    return once(("said by a bill", *said), lambda: bill)


def _windows(remedy: RemedyRule, commit: CommitRule, period: Period, terms: Terms) -> Iterator[_Window]:
    """The month, the years and the term in which a period begins, as far as they have a limit."""
    for per in dict.fromkeys(limit.per for limit in remedy.limits):
        if is_whole(per, period):
            yield _Window(remedy.name, per, _window_name(per, commit.period.zone, period.start_at, terms))


def _window_name(per: LimitPer, zone: Zone, start_at: Instant, terms: Terms) -> str:
    """A year is one of the calendar, a contract year one that begins with the contract."""
    assert terms.contract is not None
    match per:
        case "month":
            return f"{zone.date_at(start_at):%Y-%m}"
        case "year":
            return f"{zone.date_at(start_at):%Y}"
        case "contract year":
            return PeriodRule("contract year", zone, terms.contract.from_on).period_at(start_at).label
        case _:
            return ""


def _is_in_part(contract: Contract, slot: _Slot) -> bool:
    """Whether the contract begins or ends within the days of a period."""
    zone = slot.commit.period.zone
    first, after = zone.date_at(slot.period.start_at), zone.date_at(slot.period.end_at)
    return contract.from_on > first or (contract.until_on is not None and contract.until_on < after)


def _months(commit: CommitRule, period: Period) -> tuple[str, ...]:
    """The months (YYYY-MM) of a period; of a billing cycle the one in which it begins."""
    first = commit.period.zone.date_at(period.start_at).replace(day=1)
    months: list[date] = [add_months(first, n, 1) for n in range(_MONTHS.get(commit.period.kind, 1))]
    return tuple(f"{month:%Y-%m}" for month in months)


def _invoices(facts: Sequence[Fact], terms: Terms) -> tuple[Invoice, ...]:
    """The invoices issued, each once; without a month, for the one in which it was issued."""
    assert terms.contract is not None
    zone = terms.calendars[ALWAYS].rule.zone
    found: dict[str, Invoice] = {}
    for fact in facts:
        data, amount = fact.data, fact.data.get("amount")
        if data.get("verified") is False or not isinstance(amount, int | Decimal):
            continue
        name = str(data.get("invoice"))
        currency = str(data.get("currency") or terms.contract.currency)
        month = str(data.get("month") or f"{zone.date_at(fact.at):%Y-%m}")
        ref = FactRef(fact.source, fact.id)
        found.setdefault(name, Invoice(name, fact.at, Decimal(amount), currency, month, ref))
    return tuple(found.values())
