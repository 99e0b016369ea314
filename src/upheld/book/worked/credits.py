"""Examples of what is owed: for each band the least that falls into it, and how it comes on invoices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from upheld.book.worked.acts import claim_given, filing_of
from upheld.book.worked.failing import Failing
from upheld.book.worked.stage import MID_MORNING_S, Stage
from upheld.core.agreement import Contract, Terms
from upheld.core.civil import add_months
from upheld.core.credit import Credit
from upheld.core.fact import Fact
from upheld.core.frozen import replace
from upheld.core.instant import DAY, MINUTE, Instant
from upheld.core.remedy import Band, Bands, RemedyRule, Steps
from upheld.core.value import Money
from upheld.core.verdict import Verdict
from upheld.core.worked import WorkedCredit

FEE: Final = Fraction(1000)
CURRENCY: Final = "EUR"
_DECIDED_AFTER = 5 * DAY
_FILED_AFTER = 9 * DAY


def credit_examples(stage: Stage, remedy: RemedyRule) -> Iterator[WorkedCredit]:
    """An example for each band; of other amounts, for the first failure that pays and for twice as much."""
    commit = next((one for one in stage.terms.commits if one.name == remedy.of), None)
    if commit is None:
        return
    fee, is_own = _fee(stage, remedy)
    stage = stage.on(replace(stage.terms, contract=_paying(stage, remedy, fee)))
    failing = Failing(stage, commit)
    told: set[Fraction | None] = set()
    for steps in _steps(failing, remedy):
        found = _given(failing, remedy, fee, is_own, steps)
        if found is not None and found.credit.exact not in told:
            told.add(found.credit.exact)
            yield found


def _steps(failing: Failing, remedy: RemedyRule) -> Iterator[int]:
    """How much fails in the examples."""
    if isinstance(remedy.amount, Bands):
        for band in remedy.amount.bands:
            steps = failing.first(_inside(band), band.high)
            if steps is not None:
                yield steps
        return
    level = failing.commit.level
    edge = level.value if level is not None and level.unit == "ratio" else None
    first = failing.first(lambda verdict: _is_below(failing, verdict), edge)
    if first is not None:
        yield first
        yield min(2 * first, failing.most)


def _inside(band: Band) -> Callable[[Verdict], bool]:
    """Whether a value is below the upper edge of a band: the fewest failures below it lie inside."""

    def holds(verdict: Verdict) -> bool:
        value = _value(verdict)
        if value is None or not (verdict.is_late or verdict.level is None):
            return False
        return band.high is None or value < band.high or (band.has_high and value == band.high)

    return holds


def _is_below(failing: Failing, verdict: Verdict) -> bool:
    level, value = failing.commit.level, _value(verdict)
    return verdict.is_late or (level is not None and value is not None and value < level.value)


def _value(verdict: Verdict) -> Fraction | None:
    return None if verdict.measurement is None else verdict.measurement.final.value


def _given(failing: Failing, remedy: RemedyRule, fee: Money, is_own: bool, steps: int) -> WorkedCredit | None:
    """The credit of the engine, claimed, granted and set against the invoices that follow."""
    stage, period = failing.on_stage, failing.period
    claim, filed_at, granted_at = _claim(failing, steps)
    invoices = tuple(_invoices(stage, failing, remedy, fee))
    at = max([period.end_at + DAY, *(fact.at for fact, _ in invoices)]) + MINUTE
    facts = (*claim, *(fact for fact, _ in invoices))
    found = failing.evaluation(steps, facts, at)
    verdict, credit = failing.of_period(found), _credit(found.credits_of(stage.contract.id), remedy, failing)
    if verdict is None or credit is None or credit.state != "owed" or credit.amount == 0:
        return None
    return WorkedCredit(
        remedy.name,
        period,
        failing.failure(steps),
        "count" if failing.counts_items else "time",
        fee,
        is_own,
        verdict,
        credit,
        filed_at,
        granted_at,
        tuple((fact.at, month) for fact, month in invoices),
    )


def _credit(found: tuple[Credit, ...], remedy: RemedyRule, failing: Failing) -> Credit | None:
    subjects = (f"{failing.period.label}/{failing.component}", failing.period.label)
    wanted = [one for one in found if one.key.commitment == remedy.name and one.key.subject in subjects]
    return next(iter(wanted), None)


def _claim(failing: Failing, steps: int) -> tuple[tuple[Fact, ...], Instant | None, Instant | None]:
    """A claim in time, and the decision that grants it, where the agreement has claims."""
    stage, period = failing.on_stage, failing.period
    if not any(rule.of == "claim" for rule in stage.terms.clocks):
        return (), None, None
    told = claim_given(stage, filing_of(stage), period.label, failing.start_at)
    filed_at = period.end_at + _FILED_AFTER
    if "issue_at" in told:
        filed_at = failing.start_at + DAY
    filed_at = stage.morning_of(filed_at)
    granted_at = stage.morning_of(max(filed_at, period.end_at) + _DECIDED_AFTER)
    filed = stage.opening("claim", "example claim", filed_at, told)
    granted = stage.tell("claim.determined", "example claim", granted_at, {"outcome": "accepted"})
    return (filed, granted), filed_at, granted_at


def _invoices(stage: Stage, failing: Failing, remedy: RemedyRule, fee: Money) -> Iterator[tuple[Fact, str]]:
    """An invoice on the first day of each month, from the period until the last instalment has its own."""
    first = failing.commit.period.zone.date_at(failing.period.start_at).replace(day=1)
    last = failing.commit.period.zone.date_at(failing.period.end_at)
    months = (last.year - first.year) * 12 + last.month - first.month + remedy.pay.instalments + 1
    for n in range(months + 1):
        on: date = add_months(first, n, 1)
        month = f"{on:%Y-%m}"
        data = {"invoice": month, "amount": _decimal(fee), "currency": fee.currency, "month": month}
        at = stage.zone.instant_at(on, MID_MORNING_S)
        yield stage.tell("contract.invoice_issued", stage.contract.id, at, data), month


def _decimal(fee: Money) -> Decimal:
    return Decimal(fee.amount.numerator) / Decimal(fee.amount.denominator)


def _fee(stage: Stage, remedy: RemedyRule) -> tuple[Money, bool]:
    """What a month costs: the fee of the contract that the remedy takes as its base, else a made-up one."""
    fees = stage.contract.fees
    names = remedy.base.fees if remedy.base.kind == "fee" else ("month",)
    own = [fees[name] for name in names if name in fees]
    if (
        stage.is_own
        and len(own) == len(names) == 1
        and names[0] not in remedy.base.yearly
        and names[0] != "year"
    ):
        return own[0], True
    return Money(FEE, stage.contract.currency or _currency_of(stage.terms, remedy)), False


def _currency_of(terms: Terms, remedy: RemedyRule) -> str:
    """That of the contract's fees, else of the sums that the remedy names, else a made-up one."""
    fees = terms.contract.fees if terms.contract else {}
    given = [remedy.least, *(limit.most for limit in remedy.limits)]
    if isinstance(remedy.amount, Bands):
        given += [band.give for band in remedy.amount.bands]
    elif isinstance(remedy.amount, Steps):
        given.append(remedy.amount.give)
    sums = [*fees.values(), *(one for one in given if isinstance(one, Money))]
    return next((one.currency for one in sums), CURRENCY)


def _paying(stage: Stage, remedy: RemedyRule, fee: Money) -> Contract:
    """The contract with the fees that the remedy asks for."""
    names = remedy.base.fees or ("month",)
    fees = {name: Money(fee.amount / len(names), fee.currency) for name in names}
    yearly = {name: Money(one.amount * 12, one.currency) for name, one in fees.items()}
    fees |= {name: one for name, one in yearly.items() if name == "year" or name in remedy.base.yearly}
    return replace(stage.contract, currency=fee.currency, fees={**stage.contract.fees, **fees})
