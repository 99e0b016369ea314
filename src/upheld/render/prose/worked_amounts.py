"""Worked examples of levels and of what is owed, as text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from upheld.core.measuring.level import times_told
from upheld.core.terms.agreement import ALWAYS, SubjectKind, Terms
from upheld.core.terms.indicator import Indicator
from upheld.core.terms.remedy import Bands, Steps
from upheld.core.timeline.instant import SECOND, Instant
from upheld.core.values.value import Money
from upheld.core.verdicts.verdict import Verdict
from upheld.core.worked import (
    WorkedBudget,
    WorkedCredit,
    WorkedFailure,
    WorkedFee,
    WorkedLevel,
    WorkedShare,
)
from upheld.render import figures
from upheld.render.prose.conditions import quoted
from upheld.render.prose.made_up import values_of
from upheld.render.prose.moments import month_named, period_named, year_of
from upheld.render.prose.tongue import N_, Tongue

_MILLISECOND: Final = SECOND // 1000
_TOGETHER: Final = {
    "sum": N_("All of these are given: you receive {amount}."),
    "max": N_("Only the greatest of these is given: you receive {amount}."),
    "first": N_("Only the first of these is given: you receive {amount}."),
}


def level_texts(terms: Terms, tongue: Tongue, one: WorkedLevel) -> Iterator[str]:
    """What may fail in each period, and what keeps the level and what no longer does."""
    if one.budgets:
        yield _budgets(tongue, one)
    if _is_of_checks(terms, one):
        yield _checks(terms, tongue, one)
        return
    found = Measured(terms, tongue)
    told = []
    if one.kept is not None:
        said = found.said(one.unit, *one.kept)
        told.append(tongue.say("{measured}: the level is kept.", measured=said))
    if one.lost is not None:
        said = found.said(one.unit, *one.lost)
        told.append(tongue.say("{measured}: the level is not kept.", measured=said))
    if told:
        yield " ".join(told)


def _budgets(tongue: Tongue, one: WorkedLevel) -> str:
    """The downtime allowed, the periods of one length together."""
    alike: dict[str, list[WorkedBudget]] = {}
    for budget in one.budgets:
        length = tongue.length(budget.most_us)
        text = length if budget.is_inside else tongue.say("less than {length}", length=length)
        alike.setdefault(text, []).append(budget)
    first = one.budgets[0].period.label
    if len(one.budgets) == 1:
        year, (length,) = period_named(first, tongue), alike
        return tongue.say("The downtime allowed in {year} is {length}.", year=year, length=length)
    parts = [
        tongue.say(
            "{length} in {periods}",
            length=length,
            periods=tongue.listed(month_named(budget.period.label, tongue) for budget in budgets),
        )
        for length, budgets in alike.items()
    ]
    told = {"year": year_of(first), "parts": "; ".join(parts)}
    return tongue.say("The downtime allowed in {year}: {parts}.", **told)


def _is_of_checks(terms: Terms, one: WorkedLevel) -> bool:
    """Whether so many checks must be fast enough: how slow the others are makes no difference."""
    verdict = None if one.lost is None else one.lost[1]
    if verdict is None or verdict.measurement is None or verdict.level is None:
        return False
    indicator = terms.indicators.get(verdict.measurement.indicator)
    return is_percentile(indicator) and verdict.level.relation in ("<=", "<") and one.kept is not None


def _checks(terms: Terms, tongue: Tongue, one: WorkedLevel) -> str:
    """How many fast checks keep a percentile, and how many do not."""
    assert one.kept is not None, "both are told"
    assert one.lost is not None, "both are told"
    (kept, _), (lost, verdict) = one.kept, one.lost
    assert verdict.level is not None, "a level was looked at"
    commit = next(commit for commit in terms.commits if commit.name == one.rule)
    kept_us, missed_us = times_told(commit, verdict.level)
    assert kept_us is not None, "a time keeps the level"
    assert missed_us is not None, "a time misses it"
    return tongue.say(
        "In {period}, if {good} of {of} checks take at most {length}, the level is kept; if only {fewer} do "
        "and the others take {longer} or more, it is not.",
        period=period_named(one.period.label, tongue),
        good=tongue.number(kept.of - kept.bad),
        of=tongue.number(kept.of),
        length=tongue.length(kept_us),
        fewer=tongue.number(lost.of - lost.bad),
        longer=tongue.length(missed_us),
    )


def is_percentile(indicator: Indicator | None) -> bool:
    """Whether it is a length of time that a share does not exceed."""
    return indicator is not None and indicator.combine == "percentile"


# -- what was measured -------------------------------------------------------------------------------------


class Measured:
    """What comes out of a made-up failure, as a clause: with so much downtime, June comes to so much."""

    def __init__(self, terms: Terms, tongue: Tongue) -> None:
        self.terms = terms
        self.tongue = tongue

    def said(
        self, unit: str, failure: WorkedFailure, verdict: Verdict, *, is_one_outage: bool = False
    ) -> str:
        """What failed in the period, and what that gives; whether it is one outage where that matters."""
        tongue, found = self.tongue, verdict.measurement
        assert found is not None, "an example of a level was measured"
        indicator = self.terms.indicators.get(found.indicator)
        period = period_named(found.period.label, tongue)
        if indicator is not None and indicator.combine == "percentile":
            return tongue.say(
                "In {period}, the response time that {percent} of the checks do not exceed is {value}",
                period=period,
                percent=tongue.percent(indicator.percentile or Fraction(0)),
                value=self._length(verdict),
            )
        value = found.final.value
        assert value is not None, "something was measured"
        shown = figures.value(value, verdict.level, "ratio").removesuffix(" %").replace(",", "")
        return tongue.say(
            "{failure}, {period} comes to {value}",
            failure=self._failure(unit, failure, indicator, is_one_outage),
            period=period,
            value=tongue.percent(Fraction(Decimal(shown)) / 100),
        )

    def _length(self, verdict: Verdict) -> str:
        """A percentile, cut to milliseconds where that is on the same side of every edge."""
        assert verdict.measurement is not None, "it was measured"
        value = verdict.measurement.final.value
        assert value is not None, "something was measured"
        short = Fraction(value // _MILLISECOND * _MILLISECOND)
        edges = [verdict.level.value] if verdict.level is not None else []
        for remedy in self.terms.remedies:
            if remedy.of == verdict.key.commitment and isinstance(remedy.amount, Bands):
                edges += [
                    edge for band in remedy.amount.bands for edge in (band.low, band.high) if edge is not None
                ]
        is_same = short > 0 and all(
            (short > edge, short < edge) == (value > edge, value < edge) for edge in edges
        )
        return self.tongue.length(int(short if is_same else value))

    def _failure(
        self, unit: str, failure: WorkedFailure, indicator: Indicator | None, is_one_outage: bool
    ) -> str:
        tongue, bad = self.tongue, failure.bad
        if unit == "time":
            return self._downtime(failure, is_one_outage)
        of = tongue.number(failure.of)
        if indicator is None or indicator.basis != "outcomes":
            return tongue.plural(
                bad,
                "With {number} bad observation out of {of}",
                "With {number} bad observations out of {of}",
                of=of,
            )
        clock = next((clock for clock in self.terms.clocks if clock.name == indicator.of), None)
        kind: SubjectKind = "ticket" if clock is None else clock.of
        late, values = (
            self._late(kind, bad, of),
            ", ".join(values_of(failure.given, kind, self.terms, tongue)),
        )
        return tongue.say("{failure} ({values})", failure=late, values=values) if values else late

    def _downtime(self, failure: WorkedFailure, is_one_outage: bool) -> str:
        if not failure.bad:
            return self.tongue.say("Without downtime")
        if failure.of_component and is_one_outage:
            message = N_("With {length} of downtime of {part} in one outage")
        elif failure.of_component:
            message = N_("With {length} of downtime of {part}")
        elif is_one_outage:
            message = N_("With {length} of downtime in one outage")
        else:
            message = N_("With {length} of downtime")
        length = self.tongue.length(failure.bad)
        return self.tongue.say(message, length=length, part=quoted(failure.of_component))

    def _late(self, kind: SubjectKind, bad: int, of: str) -> str:
        plural = self.tongue.plural
        match kind:
            case "ticket":
                return plural(
                    bad,
                    "With {number} late ticket out of {of}",
                    "With {number} late tickets out of {of}",
                    of=of,
                )
            case "incident":
                return plural(
                    bad,
                    "With {number} late incident out of {of}",
                    "With {number} late incidents out of {of}",
                    of=of,
                )
            case "maintenance":
                return plural(
                    bad,
                    "With {number} late maintenance work out of {of}",
                    "With {number} late maintenance works out of {of}",
                    of=of,
                )
            case "task":
                return plural(
                    bad, "With {number} late task out of {of}", "With {number} late tasks out of {of}", of=of
                )
            case "claim":
                return plural(
                    bad,
                    "With {number} late claim out of {of}",
                    "With {number} late claims out of {of}",
                    of=of,
                )
            case "attribution":
                return plural(
                    bad,
                    "With {number} late recorded cause out of {of}",
                    "With {number} late recorded causes out of {of}",
                    of=of,
                )


# -- what is owed ------------------------------------------------------------------------------------------


def credit_text(terms: Terms, tongue: Tongue, one: WorkedCredit) -> str:
    """What a failure comes to in money or days, and on which invoices; several remedies one by one."""
    measured = Measured(terms, tongue)
    fees = _fees(tongue, one)
    if len(one.shares) == 1:
        told = _share(measured, one.shares[0], fees, is_alone=one.is_alone)
        return told if one.is_alone else " ".join([told, *_paid(terms, tongue, one)])
    remedy = terms.remedy(one.shares[-1].rule)
    said = [_share(measured, share, "" if n else fees, is_alone=True) for n, share in enumerate(one.shares)]
    given = [share for share in one.shares if share.credit.state == "owed" and share.credit.amount]
    total = Fraction(sum((share.credit.amount or Decimal(0) for share in given), Decimal(0)))
    said.append(tongue.say(_TOGETHER[remedy.combine], amount=_amount(tongue, one.shares[0], total)))
    return " ".join([*said, *_paid(terms, tongue, one)])


def _share(measured: Measured, share: WorkedShare, fees: str, *, is_alone: bool) -> str:
    """What one remedy gives."""
    tongue, amount = measured.tongue, share.alone.amount
    steps = measured.terms.remedy(share.rule).amount
    is_of_each = isinstance(steps, Steps) and steps.of in ("each outage", "each day")
    failed = measured.said(share.unit, share.failure, share.verdict, is_one_outage=is_of_each)
    said = {"measured": failed, "name": quoted(share.rule)}
    if amount is None:
        return tongue.say("{measured}: {name} applies.", **said)
    said |= {"amount": _amount(tongue, share, Fraction(amount)), "fees": fees}
    if is_alone and fees:
        return tongue.say("{measured}: {fees}, {name} by itself gives {amount}.", **said)
    if is_alone:
        return tongue.say("{measured}: {name} by itself gives {amount}.", **said)
    if fees:
        return tongue.say("{measured}: {fees}, you receive {amount}.", **said)
    return tongue.say("{measured}: you receive {amount}.", **said)


def _amount(tongue: Tongue, share: WorkedShare, amount: Fraction) -> str:
    if share.credit.unit == "days of service":
        return tongue.plural(amount, "{number} day of service", "{number} days of service")
    return tongue.money(Money(amount, share.credit.currency))


def _fees(tongue: Tongue, one: WorkedCredit) -> str:
    """What is assumed of fees and invoices, as a phrase; empty where nothing depends on them."""
    parts = [_fee(tongue, fee) for fee in one.fees]
    is_of_each = any(share.credit.instalments and _needs_invoice(one, share) for share in one.shares)
    if is_of_each and all(fee.name for fee in one.fees):
        parts.append(_fee(tongue, WorkedFee("", one.invoice)))
    return tongue.say("at {fees}", fees=tongue.listed(parts)) if parts else ""


def _needs_invoice(one: WorkedCredit, share: WorkedShare) -> bool:
    """Whether what comes on invoices depends on what they amount to."""
    return any(
        part.state == "carried over" or part.amount >= one.invoice.amount for part in share.credit.instalments
    )


def _fee(tongue: Tongue, fee: WorkedFee) -> str:
    """An amount that is assumed, or that of the contract, with its name unless that says nothing more."""
    said = {"amount": tongue.money(fee.amount), "name": quoted(fee.name)}
    is_named = fee.name not in ("month", "year")
    if not fee.name:
        text = N_("an example invoice of {amount} a month")
    elif fee.per == "month" and fee.is_own:
        text = N_("your fee {name} of {amount} a month") if is_named else N_("your fee of {amount} a month")
    elif fee.per == "month":
        text = (
            N_("an example fee {name} of {amount} a month")
            if is_named
            else N_("an example fee of {amount} a month")
        )
    elif fee.is_own:
        text = N_("your fee {name} of {amount} a year") if is_named else N_("your fee of {amount} a year")
    else:
        text = (
            N_("an example fee {name} of {amount} a year")
            if is_named
            else N_("an example fee of {amount} a year")
        )
    return tongue.say(text, **said)


def _paid(terms: Terms, tongue: Tongue, one: WorkedCredit) -> Iterator[str]:
    """The invoices on which it stands."""
    issued = {month for _, month in one.invoices}
    zone = terms.calendars[ALWAYS].rule.zone

    def on(at: Instant) -> str:
        return tongue.on(zone.date_at(at))

    placed: dict[str, Decimal] = {}
    for share in one.shares:
        for part in share.credit.instalments:
            if part.invoice in issued:
                placed[part.invoice] = placed.get(part.invoice, Decimal(0)) + part.amount
    if not placed:
        return
    currency = one.shares[0].credit.currency
    parts = [
        (tongue.money(Money(Fraction(amount), currency)), period_named(month, tongue))
        for month, amount in placed.items()
    ]
    if len(parts) == 1:
        ((amount, month),) = parts
        said = {"amount": amount, "month": month}
        plain = N_("It is set off against the invoice of {month}.")
        claimed = N_(
            "After the claim of {filed} is granted on {granted}, "
            "{amount} is set off against the invoice of {month}."
        )
    else:
        text = N_("{amount} on the invoice of {month}")
        said = {
            "parts": tongue.listed(tongue.say(text, amount=amount, month=month) for amount, month in parts)
        }
        plain = N_("It comes as {parts}.")
        claimed = N_("Claimed on {filed} and granted on {granted}, it comes as {parts}.")
    if one.filed_at is not None and one.granted_at is not None:
        yield tongue.say(claimed, filed=on(one.filed_at), granted=on(one.granted_at), **said)
    else:
        yield tongue.say(plain, **said)
