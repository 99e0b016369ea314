"""One remedy of one verdict: the claims about it, the bill it is a part of, and the windows of its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from upheld.core.claiming.claim import Admissibility, Claim
from upheld.core.owing.account import Turn
from upheld.core.owing.bill import Bill, Invoice, fee_base
from upheld.core.owing.entitlement import Case
from upheld.core.owing.limits import NOTHING_GIVEN, Given
from upheld.core.owing.prospects import Prospects
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.life import Life, contract_period, contract_year
from upheld.core.terms.remedy import LimitPer, RemedyRule, is_whole
from upheld.core.timeline.civil import add_months
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period, PeriodRule, quarter_of
from upheld.core.timeline.zone import Zone
from upheld.core.values.once import Once
from upheld.core.verdicts.verdict import State, Verdict

_MONTHS = {"calendar quarter": 3, "calendar year": 12, "contract year": 12}


class Window(NamedTuple):
    """A stretch of time in which a remedy gives no more than a limit: a month, a year, the term."""

    remedy: str
    per: LimitPer
    name: str


class Slot(NamedTuple):
    """One remedy of one verdict, under the plan that the period is under, and the claims about it.

    Those are complaints, whether or not the remedy is one that is claimed.
    """

    binding: str
    terms: Terms
    remedy: RemedyRule
    commit: CommitRule
    period: Period
    verdict: Verdict
    kept_before: tuple[State, ...]
    claims: tuple[Claim, ...]
    windows: tuple[Window, ...]

    @property
    def claimed_by(self) -> tuple[Claim, ...]:
        """The claims by which it is claimed; none where the agreement's claims are not for it."""
        rule = self.terms.claim
        return self.claims if rule is None or rule.is_for(self.remedy.name) else ()


def is_about(claim: Claim, period: Period, subject: str, items: frozenset[str], late: frozenset[str]) -> bool:
    """Whether a claim is about a period (or the verdict on `subject` in it), or about a late item in it.

    `items` are those of every period: one that was not late is nothing to complain about. A period that it
    names is that very one: a claim for a month takes nothing of its quarter, nor that of its months.
    """
    if claim.about in items:
        return claim.about in late
    if claim.about in (period.label, subject):
        return True
    if claim.start_at is not None:
        return False
    return claim.issue_at is not None and period.start_at <= claim.issue_at < period.end_at


def bill_of(slot: Slot, life: Life, invoices: tuple[Invoice, ...], once: Once) -> Bill:
    remedy, commit = slot.remedy, slot.commit
    ids = id(slot.terms.contract), id(life), id(remedy.base), id(commit.period), id(invoices)
    period = slot.period.start_at, slot.period.end_at
    return once(("bill", *ids, *period), lambda: _bill(slot, life, invoices, once))


def _bill(slot: Slot, life: Life, invoices: Sequence[Invoice], once: Once) -> Bill:
    """The bill of a period; one object for all contracts of which it says the same."""
    contract, zone = slot.terms.contract, slot.commit.period.zone
    assert contract is not None
    fees = life.fees_at(life.begun_at(slot.period, zone))
    months, in_part = _months(slot.commit, slot.period), not life.is_whole_in(slot.period, zone)
    bill = fee_base(slot.remedy, fees, invoices, months, in_part=in_part)
    bill = bill._replace(currency=contract.currency)
    said = bill.base, bill.reason, bill.facts, bill.currency, *bill.fees.items()
    return once(("said by a bill", *said), lambda: bill)


def windows_of(
    remedy: RemedyRule, commit: CommitRule, period: Period, terms: Terms, life: Life
) -> Iterator[Window]:
    """The month, quarter, years and term in which a period begins, as far as they have a limit."""
    for per in dict.fromkeys(limit.per for limit in remedy.limits):
        if is_whole(per, period):
            zone = commit.period.zone
            yield Window(remedy.name, per, _window_name(per, zone, period.start_at, terms, life))


def _window_name(per: LimitPer, zone: Zone, start_at: Instant, terms: Terms, life: Life) -> str:
    """Quarters and years are of the calendar; a contract year begins with the contract."""
    assert terms.contract is not None
    match per:
        case "month":
            return f"{zone.date_at(start_at):%Y-%m}"
        case "quarter":
            return quarter_of(zone.date_at(start_at))
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


def turn_of(
    slot: Slot, life: Life, invoices: tuple[Invoice, ...], sums: Mapping[Window, Given], once: Once
) -> Turn:
    """What one credit is computed from."""
    remedy, commit = slot.remedy, slot.commit
    complaints = slot.claims if remedy.asks_for_complaints else ()
    case = Case(
        remedy,
        slot.verdict,
        bill_of(slot, life, invoices, once),
        commit,
        slot.kept_before,
        sum(_counts(claim, "admissible") for claim in complaints),
        sum(_counts(claim, "cannot be told") for claim in complaints),
        commit.period.zone,
    )
    return Turn(
        remedy,
        once(case.seen, lambda: Prospects(case, once)),
        {window.per: sums.get(window, NOTHING_GIVEN) for window in slot.windows},
        tuple(ref for claim in complaints or slot.claimed_by for ref in claim.behind),
    )


def is_complaint(claim: Claim) -> bool:
    """Whether a claim counts as a complaint that may be made."""
    return _counts(claim, "admissible")


def _counts(claim: Claim, admissibility: Admissibility) -> bool:
    """Whether a claim counts as a complaint that may, or perhaps may, be made."""
    return not claim.is_withdrawn and claim.admissibility == admissibility
