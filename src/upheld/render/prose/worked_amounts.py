"""Worked examples of levels and of what is owed, as text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from upheld.core.agreement import ALWAYS, Terms
from upheld.core.indicator import Level
from upheld.core.instant import Instant
from upheld.core.measurement import Measurement
from upheld.core.value import Money
from upheld.core.verdict import Verdict
from upheld.core.worked import WorkedCredit, WorkedFailure, WorkedLevel
from upheld.render import figures
from upheld.render.prose.conditions import quoted
from upheld.render.prose.moments import month_named, period_named
from upheld.render.prose.tongue import N_, Tongue

Unit = Literal["time", "count"]


def level_texts(terms: Terms, tongue: Tongue, one: WorkedLevel) -> Iterator[str]:
    """What may fail in each period, and what keeps the level and what no longer does."""
    if one.budgets:
        yield _budgets(terms, tongue, one)
    period = period_named(one.period.label, tongue)
    if _is_of_checks(terms, one):
        yield _checks(tongue, period, one)
        return
    told = []
    if one.kept is not None:
        text = N_("In {period}, {failure} give {value}: the level is kept.")
        told.append(_judged(terms, tongue, text, period, one.unit, *one.kept))
    if one.lost is not None:
        text = N_("In {period}, {failure} give {value}: the level is not kept.")
        told.append(_judged(terms, tongue, text, period, one.unit, *one.lost))
    if told:
        yield " ".join(told)


def _budgets(terms: Terms, tongue: Tongue, one: WorkedLevel) -> str:
    """The downtime allowed, the periods of one length together."""
    alike: dict[int, list[str]] = {}
    for period, allowed in one.budgets:
        alike.setdefault(allowed, []).append(month_named(period.label, tongue))
    parts = [
        tongue.say("{length} in {periods}", length=tongue.length(allowed), periods=tongue.listed(months))
        for allowed, months in alike.items()
    ]
    year = one.budgets[0][0].label.partition("-")[0]
    if len(one.budgets) == 1:
        year = period_named(one.budgets[0][0].label, tongue)
        return tongue.say(
            "The downtime allowed in {year} is {length}.", year=year, length=tongue.length(one.budgets[0][1])
        )
    return tongue.say("The downtime allowed in {year}: {parts}.", year=year, parts="; ".join(parts))


def _is_of_checks(terms: Terms, one: WorkedLevel) -> bool:
    """Whether so many checks must be fast enough: how slow the others are makes no difference."""
    verdict = None if one.lost is None else one.lost[1]
    if verdict is None or verdict.measurement is None or verdict.level is None:
        return False
    indicator = terms.indicators.get(verdict.measurement.indicator)
    is_latency = indicator is not None and indicator.combine == "percentile"
    return is_latency and verdict.level.relation == "<=" and one.kept is not None


def _checks(tongue: Tongue, period: str, one: WorkedLevel) -> str:
    """How many fast checks keep a percentile, and how many do not."""
    assert one.kept is not None, "both are told"
    assert one.lost is not None, "both are told"
    (kept, _), (lost, verdict) = one.kept, one.lost
    assert verdict.level is not None, "a level was looked at"
    return tongue.say(
        "In {period}, if {good} of {of} checks take at most {length}, the level is kept; if only {fewer} do, "
        "it is not.",
        period=period,
        good=tongue.number(kept.of - kept.bad),
        of=tongue.number(kept.of),
        length=tongue.length(int(verdict.level.value)),
        fewer=tongue.number(lost.of - lost.bad),
    )


def _judged(
    terms: Terms, tongue: Tongue, text: str, period: str, unit: Unit, failure: WorkedFailure, verdict: Verdict
) -> str:
    found = verdict.measurement
    assert found is not None, "an example of a level was measured"
    return tongue.say(
        text,
        period=period,
        failure=_failure(tongue, unit, failure, _is_of_items(terms, found)),
        value=_value(terms, tongue, found, verdict.level),
    )


def _failure(tongue: Tongue, unit: Unit, failure: WorkedFailure, is_late: bool) -> str:
    if unit == "time":
        return tongue.say("{length} of downtime", length=tongue.length(failure.bad))
    text = N_("{bad} late out of {of}") if is_late else N_("{bad} failed out of {of}")
    return tongue.say(text, bad=tongue.number(failure.bad), of=tongue.number(failure.of))


def _is_of_items(terms: Terms, found: Measurement) -> bool:
    """Whether what is counted are the items of a deadline, of which some are late."""
    indicator = terms.indicators.get(found.indicator)
    return indicator is not None and indicator.basis == "outcomes"


def _value(terms: Terms, tongue: Tongue, found: Measurement, level: Level | None) -> str:
    """The value as other texts show it: cut so that it is on the same side of the level."""
    value = found.final.value
    assert value is not None, "something was measured"
    indicator = terms.indicators.get(found.indicator)
    if indicator is not None and indicator.combine == "percentile":
        return tongue.length(int(value))
    shown = figures.value(value, level, "ratio").removesuffix(" %").replace(",", "")
    return tongue.percent(Fraction(Decimal(shown)) / 100)


# -- what is owed ------------------------------------------------------------------------------------------


def credit_text(terms: Terms, tongue: Tongue, one: WorkedCredit) -> str:
    """What a failure comes to in money, and on which invoices."""
    found = one.verdict.measurement
    assert found is not None, "what is owed was measured"
    said = {
        "period": period_named(one.period.label, tongue),
        "failure": _failure(tongue, one.unit, one.failure, _is_of_items(terms, found)),
        "value": _value(terms, tongue, found, one.verdict.level),
        "fee": tongue.money(one.fee),
    }
    amount = one.credit.amount
    if amount is None:
        return tongue.say(
            "In {period}, {failure} give {value}: {name} applies.", name=quoted(one.rule), **said
        )
    if one.credit.unit == "days of service":
        days = tongue.plural(Fraction(amount), "{number} day of service", "{number} days of service")
        return tongue.say("In {period}, {failure} give {value}: you receive {days}.", days=days, **said)
    text = N_("At an example fee of {fee} a month, {failure} in {period} give {value}: you receive {amount}.")
    if one.is_own:
        text = N_("At {fee} a month, {failure} in {period} give {value}: you receive {amount}.")
    owed = Money(Fraction(amount), one.credit.currency)
    return " ".join([tongue.say(text, amount=tongue.money(owed), **said), *_paid(terms, tongue, one)])


def _paid(terms: Terms, tongue: Tongue, one: WorkedCredit) -> Iterator[str]:
    """The invoices on which it stands."""
    issued = {month for _, month in one.invoices}
    zone = terms.calendars[ALWAYS].rule.zone

    def on(at: Instant) -> str:
        return tongue.on(zone.date_at(at))

    placed = [part for part in one.credit.instalments if part.invoice in issued]
    parts = [
        tongue.say(
            "{amount} on the invoice of {month}",
            amount=tongue.money(Money(Fraction(part.amount), one.credit.currency)),
            month=period_named(part.invoice, tongue),
        )
        for part in placed
    ]
    if not parts:
        return
    said = tongue.listed(parts)
    if one.filed_at is not None and one.granted_at is not None:
        yield tongue.say(
            "Claimed on {filed} and granted on {granted}, it comes as {parts}.",
            filed=on(one.filed_at),
            granted=on(one.granted_at),
            parts=said,
        )
    else:
        yield tongue.say("It comes as {parts}.", parts=said)
