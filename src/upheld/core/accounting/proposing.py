"""The memos of contracts: those issued, what is granted and has no document yet, and what may still come.

A pure function of what is owed and of the ledger: the same gives the same, whatever was asked before. Where
what is owed differs from what was issued, in either direction, a delta is proposed, so that all memos of a
credit add up to what is owed now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.accounting.ledger import CreditLedger, minor_of, next_month
from upheld.core.accounting.memo import (
    CreditMemo,
    MemoLine,
    OriginalInvoice,
    PlannedPart,
    Settlement,
    Trace,
    memo_id,
)
from upheld.core.accounting.netting import is_alike
from upheld.core.accounting.taxes import taxes_of
from upheld.core.facts.fact import Fact
from upheld.core.owing.invoices import OF_INVOICES, invoices_of
from upheld.core.owing.payable import LIMITED, payable_bounds
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.billing import Billing, TaxTreatment
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import FINAL, OTHERWISE, Credit
from upheld.core.verdicts.verdict import Verdict

_DECIDING = frozenset({"claim.determined"})
DISPUTED: Final = "that is disputed"
_STEPS: Final = ("steps begun", "complete steps")


class Accounts(NamedTuple):
    """The terms of one contract, its credits, and the verdicts that they are about.

    `refused` are the credits that nobody will grant any more: their claims were rejected, or come too late.
    `disputed` are those of which a decision is disputed, so that more of them may yet be granted.
    """

    terms: Terms
    credits: Sequence[Credit]
    verdicts: Sequence[Verdict]
    refused: Collection[CellKey]
    disputed: Collection[CellKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Billed:
    """What facts say beside the credits: which of them decide, and those about invoices, by contract."""

    decisions: frozenset[FactRef]
    invoices: Mapping[str, tuple[Fact, ...]]

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Billed:
        """Facts in force, by (time, source, id)."""
        decisions: set[FactRef] = set()
        invoices: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.type in _DECIDING:
                decisions.add(FactRef(fact.source, fact.id))
            elif fact.type in OF_INVOICES:
                invoices.setdefault(fact.subject, []).append(fact)
        return cls(frozenset(decisions), {one: tuple(own) for one, own in invoices.items()})


def memos_of(
    accounts: Iterable[Accounts], ledger: CreditLedger, facts: Iterable[Fact], at: Instant
) -> tuple[CreditMemo, ...]:
    """Every memo: issued ones as they were issued, then proposals with the next numbers, then expected ones.

    `facts` are those in force, `ledger` is folded from the same. Within a contract they are in the order of
    its credits. A proposal is dated `at`; it takes the number that it would get if all were issued now.
    """
    billed = Billed.of(facts)
    found = [memo for one in accounts for memo in _Proposing(one, ledger, billed, at).all()]
    return numbered(found, ledger)


def numbered(memos: Sequence[CreditMemo], ledger: CreditLedger) -> tuple[CreditMemo, ...]:
    """The memos with numbers on the proposals, by entity, the first granted first."""
    waiting = [memo for memo in memos if memo.status == "proposed"]
    taken = dict(ledger.taken)
    numbers: dict[str, int] = {}
    for memo in sorted(waiting, key=lambda memo: (memo.granted_at or 0, memo.id)):
        taken[memo.entity] = numbers[memo.id] = taken.get(memo.entity, 0) + 1
    return tuple(
        replace(memo, sequence=numbers[memo.id], number=number_of(memo.billing, numbers[memo.id]))
        if memo.id in numbers and memo.status == "proposed"
        else memo
        for memo in memos
    )


def number_of(billing: Billing | None, sequence: int) -> str:
    """The number as it stands on the document: what numbers begin with, and six digits or more."""
    return f"{billing.numbers if billing is not None else ''}{sequence:06}"


class _Proposing:
    """The memos of one contract."""

    def __init__(self, accounts: Accounts, ledger: CreditLedger, billed: Billed, at: Instant) -> None:
        self.terms, self.credits, verdicts, self.refused, self.disputed = accounts
        assert self.terms.contract is not None, "credits are those of a contract"
        self.contract = self.terms.contract
        self.ledger = ledger
        self.billed = billed
        self.at = at
        self.zone: Zone = self.terms.calendars[ALWAYS].rule.zone
        self.verdicts = {(one.key.commitment, one.key.subject): one for one in verdicts}
        self.entity = self.contract.billing.entity if self.contract.billing else self.terms.provider

    def all(self) -> Iterator[CreditMemo]:
        """Credit by credit: what was issued of it, then what is to come.

        What was issued of a credit that the terms do not have any more stands, and comes last.
        """
        gone = dict(self.ledger.by_contract.get(self.contract.id, {}))
        for credit in self.credits:
            issued = gone.pop(credit.key, ())
            if credit.unit == "termination":
                continue
            yield from (self._now(memo, credit) for memo in issued)
            yield from self._coming(credit, issued)
        for own in gone.values():
            yield from own

    def _now(self, memo: CreditMemo, credit: Credit) -> CreditMemo:
        """An issued memo as it stands: outstanding where no invoice comes that it could stand on."""
        is_over = any(part.state == "outstanding" for part in credit.instalments)
        return replace(memo, status="outstanding") if memo.status == "issued" and is_over else memo

    def _coming(self, credit: Credit, issued: Sequence[CreditMemo]) -> Iterator[CreditMemo]:
        """What is granted and not issued, or what is expected; nothing if nothing is to come.

        What was issued in another currency, or as another unit, is taken back whole.
        """
        standing = [memo for memo in issued if memo.status != "voided"]
        if not standing and credit.granted_at is None:
            expected = self._expected(credit)
            yield from () if expected is None else (expected,)
            return
        if not is_told(credit):
            return  # what is owed cannot be told now: what was issued stands
        revision = len(issued) + 1
        alike = [memo for memo in standing if is_alike(memo, credit)]
        for currency in dict.fromkeys(memo.currency for memo in standing if memo not in alike):
            other = [memo for memo in standing if memo.currency == currency and memo not in alike]
            if sum(memo.net_minor for memo in other):
                yield self._taken_back(credit, other, revision)
                revision += 1
        digits = minor_digits(credit.currency)
        now_minor = _minor(granted_amount(credit), digits)
        if now_minor == sum(memo.net_minor for memo in alike):
            return
        tax = self._tax(credit, alike)
        lines = [self._line(credit, now_minor, tax)] if now_minor else []
        lines += map(_taken_off, alike)
        currency = credit.currency or (alike[0].currency if alike else "")
        memo = self._memo(credit, lines, revision, "proposed", currency=currency)
        # A delta that a later decision makes is as old as that decision, not as the first one.
        since = _changed_at(credit) if alike and len(credit.grants) > 1 else memo.granted_at
        yield replace(memo, plan=_plan(credit, memo.net_minor, alike), granted_at=since)

    def _taken_back(self, credit: Credit, other: Sequence[CreditMemo], revision: int) -> CreditMemo:
        """Memos of one currency that the credit is not in any more, taken off."""
        lines = [_taken_off(memo) for memo in other]
        memo = self._memo(credit, lines, revision, "proposed", currency=other[0].currency)
        plan = (PlannedPart(1, memo.net_minor),) if memo.currency else ()
        now = credit.currency or credit.unit
        reasons = (*memo.reasons[:1], f"it is owed in {now} now")
        return replace(memo, plan=plan, settlement=other[0].settlement, reasons=reasons)

    def _expected(self, credit: Credit) -> CreditMemo | None:
        """What is owed and not granted, or may be owed; while a last word is disputed, what was computed."""
        if credit.key in self.disputed and (computed := computed_of(credit)):
            memo = self._memo(credit, [], 1, "expected", currency=credit.currency)
            most_minor = _minor(computed, minor_digits(credit.currency))
            reasons = tuple(dict.fromkeys((*memo.reasons, DISPUTED)))
            return replace(memo, least_minor=0, most_minor=most_minor, reasons=reasons)
        if credit.state == "not owed" or credit.high == 0 or credit.key in self.refused:
            return None
        digits = minor_digits(credit.currency)
        amount = credit.amount if credit.state in ("owed", "running") else None
        likely_minor = _minor(amount or Decimal(0), digits)
        remedy = self.terms.under(credit.plan).remedy(credit.key.commitment)
        steps = ((one.what, one.high) for one in credit.lines)
        _, high = payable_bounds(credit.low, credit.high, steps, credit.currency, remedy.rounding)
        most = None if high is None else _minor(high, digits)
        if credit.state == "owed" and credit.low == credit.high:
            most = likely_minor
        lines = [self._line(credit, likely_minor, self._tax(credit, ()))] if likely_minor else []
        memo = self._memo(credit, lines, 1, "expected", currency=credit.currency)
        # Nobody owes it before it is granted, so the least is nothing.
        return replace(memo, least_minor=0, most_minor=most, plan=_plan(credit, memo.net_minor, ()))

    def _memo(
        self,
        credit: Credit,
        lines: Sequence[MemoLine],
        revision: int,
        status: str,
        *,
        currency: str,
    ) -> CreditMemo:
        period, contract = self._period(credit), self.contract
        first_on, last_on = self._days(period)
        issued_on = self.zone.date_at(self.at)
        month = f"{issued_on:%Y-%m}"
        booked = self.ledger.open_month(self.entity, month)
        reasons = [f"{month} is closed for {self.entity}: it stands in {booked}"] * (booked != month)
        if status == "proposed" and revision > 1:
            reasons += ["what is owed is not what was issued", *credit.reasons]
        elif status == "expected":
            reasons += [_waiting(credit), *credit.reasons]
            booked = ""
        return CreditMemo(
            id=memo_id(*credit.key, revision),
            contract=contract.id,
            customer=contract.customer,
            remedy=credit.key.commitment,
            commitment=credit.commitment,
            subject=credit.key.subject,
            revision=revision,
            status=status,  # type: ignore[arg-type]  # one of its words, by the callers
            entity=self.entity,
            currency=currency,
            digits=minor_digits(currency),
            lines=tuple(lines),
            taxes=taxes_of(lines),
            settlement=_settlement(credit),
            trace=self._trace(credit),
            issued_at=self.at if status == "proposed" else None,
            issued_on=issued_on.isoformat() if status == "proposed" else "",
            month=booked,
            first_on=first_on,
            last_on=last_on,
            granted_at=credit.granted_at,
            invoices=self._originals(period),
            billing=contract.billing,
            reasons=tuple(dict.fromkeys(each for each in reasons if each)),
        )

    def _tax(self, credit: Credit, standing: Sequence[CreditMemo]) -> TaxTreatment | None:
        """A correction is taxed as what it corrects was; days of service have no tax."""
        if credit.unit != "money" and not standing:
            return None
        for memo in standing:
            for line in memo.lines:
                return line.tax
        return self.contract.billing.tax if self.contract.billing is not None else None

    def _line(self, credit: Credit, amount_minor: int, tax: TaxTreatment | None) -> MemoLine:
        told = {line.what: line for line in credit.lines}
        band = next((line for line in credit.lines if line.what.startswith("band ")), None)
        limits = [one.what for one in credit.lines if one.what.startswith(LIMITED)]
        share = band or told.get("formula") or told.get("for each step")
        digits = minor_digits(credit.currency)
        exact, computed = credit.exact, None
        if exact is None or Fraction(amount_minor, 10**digits) != Fraction(credit.amount or 0):
            exact, computed = Fraction(amount_minor, 10**digits), credit.exact
        # Where the provider's decision takes the place of the amount, no share of a base makes that up.
        is_decided = any(reason.startswith(FINAL) for reason in credit.reasons)
        share, limits = (None, []) if is_decided else (share, limits)
        part = share.low if share is not None and share.unit == "ratio" else None
        steps = 0
        if part is not None and share is told.get("for each step"):
            steps = int(next(one.low for one in credit.lines if one.what in _STEPS))
            part *= steps
        rounding = self.terms.under(credit.plan).remedy(credit.key.commitment).rounding
        if computed is None and _minor(rounded(exact, digits, rounding), digits) != amount_minor:
            rounding = "down"  # a limit that is no whole number of units is not passed
        return MemoLine(
            "credit",
            exact,
            amount_minor,
            rounding,
            base=credit.base,
            share=part,
            band=band.what.removeprefix("band ") if band is not None and share is band else "",
            limit=limits[-1] if limits else "",
            tax=tax,
            steps=steps,
            computed=computed,
        )

    def _trace(self, credit: Credit) -> Trace:
        terms = self.terms.under(credit.plan)
        remedy = terms.remedy(credit.key.commitment)
        commit = terms.rule(remedy.of)
        clauses = (*remedy.cited.clauses, *commit.cited.clauses)
        readings = (*remedy.cited.readings, *commit.cited.readings)
        decisions = tuple(ref for ref in credit.facts if ref in self.billed.decisions)
        return Trace(
            terms.agreement,
            terms.version,
            terms.plan,
            credit.rule_id,
            tuple(dict.fromkeys(clauses)),
            tuple(dict.fromkeys(readings)),
            tuple(ref for ref in credit.facts if ref not in decisions),
            decisions,
        )

    def _period(self, credit: Credit) -> Period | None:
        verdict = self.verdicts.get((credit.commitment, credit.key.subject))
        if verdict is None:
            return None
        if verdict.measurement is not None:
            return verdict.measurement.period
        start_at, end_at = verdict.started_at, verdict.due_at
        if start_at is None or end_at is None or end_at <= start_at:
            return None
        return Period(start_at, end_at, credit.key.subject)

    def _days(self, period: Period | None) -> tuple[str, str]:
        """The first and the last day of a period."""
        if period is None:
            return "", ""
        first, after = self.zone.date_at(period.start_at), self.zone.date_at(period.end_at)
        return first.isoformat(), max(first, after - timedelta(days=1)).isoformat()

    def _originals(self, period: Period | None) -> tuple[OriginalInvoice, ...]:
        """The invoices of the months of a period."""
        if period is None:
            return ()
        first_on, last_on = self._days(period)
        told = self.billed.invoices.get(self.contract.id, ())
        months = {first_on[:7]}
        while max(months) < last_on[:7]:
            months.add(next_month(max(months)))
        return tuple(
            OriginalInvoice(
                invoice.id, self.zone.date_at(invoice.at).isoformat(), invoice.paid_at is not None
            )
            for invoice in invoices_of(told, self.contract.currency, self.zone)
            if any(map(invoice.covers, months))
        )


def computed_of(credit: Credit) -> Decimal:
    """What the numbers gave of a credit of which a final decision left nothing; else nothing."""
    taken = next((line.low for line in credit.lines if line.what == OTHERWISE), Fraction(0))
    is_left = credit.state == "not owed" and taken < 0
    return rounded(-taken, minor_digits(credit.currency), "half up") if is_left else Decimal(0)


def is_told(credit: Credit) -> bool:
    """Whether it can be told how much of a credit is granted: by the numbers, or by the last decision."""
    decided = credit.grants[-1].amount if credit.grants else None
    return credit.state in ("owed", "not owed") or decided is not None


def granted_amount(credit: Credit) -> Decimal:
    """How much of a credit is granted and not lost, as it is paid; more than was computed if so decided."""
    if credit.granted_at is None:
        return Decimal(0)
    if credit.unit != "money":
        return credit.amount or Decimal(0)
    return sum((part.amount for part in credit.instalments if part.state != "lost"), Decimal(0))


def _changed_at(credit: Credit) -> Instant:
    """When the last decision was made that changed how much is granted: to say the same again is none."""
    last, *before = (
        (one.at, credit.amount if one.amount is None else one.amount) for one in reversed(credit.grants)
    )
    found, amount = last
    for at, granted in before:
        if granted != amount:
            break
        found = at
    return found


def _taken_off(memo: CreditMemo) -> MemoLine:
    """The line of a correction that takes off what an earlier memo gave, and the tax that it booked."""
    tax = memo.lines[0].tax
    return MemoLine(
        "issued before",
        Fraction(-memo.net_minor, 10**memo.digits),
        -memo.net_minor,
        memo=memo.id,
        number=memo.number,
        on=memo.issued_on,
        tax=tax,
        tax_minor=None if tax is None else -memo.tax_minor,
    )


def _minor(amount: Decimal, digits: int) -> int:
    """A rounded amount in minor units."""
    found = minor_of(amount, digits)
    assert found is not None, "it was rounded to minor units"
    return found


def _plan(credit: Credit, net_minor: int, standing: Sequence[CreditMemo]) -> tuple[PlannedPart, ...]:
    """The instalments of a memo, beside those of the memos that stand.

    It has of each instalment what that is more or less by now than the documents before have of it: so all
    of them come to the schedule. What a later decision adds has instalments of its own.
    """
    if credit.unit != "money" or not net_minor:
        return ()
    digits = minor_digits(credit.currency)
    parts = [
        PlannedPart(part.number, _minor(part.amount, digits), part.invoice)
        for part in credit.instalments
        if part.state != "lost"
    ]
    if not standing:
        return tuple(parts) or (PlannedPart(1, net_minor),)
    before: dict[int, int] = {}
    for memo in standing:
        for part in memo.plan:
            before[part.number] = before.get(part.number, 0) + part.amount_minor
    now = dict.fromkeys(before, 0)
    for part in parts:
        if part.number in now:
            now[part.number] += part.amount_minor
    changed = [PlannedPart(number, now[number] - was) for number, was in before.items() if now[number] != was]
    added = [part for part in parts if part.number not in before]
    return (*changed, *added)


def _settlement(credit: Credit) -> Settlement:
    if credit.unit == "days of service":
        return "days of service"
    return "payment" if any(part.state == "outstanding" for part in credit.instalments) else "credit note"


def _waiting(credit: Credit) -> str:
    return "it is not granted" if credit.state == "owed" else ""
