"""Why nothing can be claimed of a period or an item: kept, still running, given without a claim, unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NoReturn

from upheld.book.evaluate import Report
from upheld.cli.output import Stop
from upheld.core.claiming.claimable import Claimable
from upheld.core.facts.fact_check import suggestion
from upheld.core.stating.stated_period import kind_of, stated_period
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import format_instant
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import LATE, OPEN, Verdict
from upheld.render.naming import zone_of

_LIKE_A_PERIOD: Final = re.compile(r"\d{4}(-(\d+|Q\d*))?", re.ASCII)
"""What somebody writes who means a month, a quarter or a year."""
_KEPT: Final = "it was kept"
_NO_REMEDY: Final = "no remedy is about it"


def refuse(
    report: Report, contract: str, about: str, found: Sequence[Claimable], items: Sequence[Claimable]
) -> NoReturn:
    """Stops with the reason, and what can be claimed instead. `items` are all that were late."""
    can_be = ", ".join(dict.fromkeys(one.about for one in found if one.standing == "open"))
    way_out = f"what can be claimed: {can_be}" if can_be else "`upheld statement` says what is owed, and why"
    raise Stop(f"upheld: {_why_nothing(report, contract, about, found, items)}; {way_out}")


def terms_of(report: Report, contract: str) -> Terms:
    """The terms of a contract."""
    return next(one for one in report.terms if one.contract is not None and one.contract.id == contract)


def period_of(verdict: Verdict) -> str:
    """The label of the period that a verdict is measured over; empty for an item."""
    return "" if verdict.measurement is None else verdict.measurement.period.label


def _why_nothing(
    report: Report, contract: str, about: str, found: Sequence[Claimable], items: Sequence[Claimable]
) -> str:
    """Why nothing can be claimed for something."""
    terms = terms_of(report, contract)
    if not any(own.claim is not None and own.remedies for own in (terms, *terms.plans.values())):
        return f"the agreement of {contract} has nothing that has to be claimed"
    verdicts = report.evaluation.of(contract)
    if about in {one.period.label for one in (*found, *items)}:
        return f"under {contract} an item of {about} is claimed for, not the whole of it"
    of = next((one for one in found if about in [item.key.subject for item in one.items]), None)
    if of is not None:
        return f"under {contract} a period is claimed for, not an item of it: {about} was late in {of.about}"
    named = [one for one in verdicts if about in (one.key.subject, period_of(one))]
    if named:
        why = dict.fromkeys(_reasons(report, terms, named))
        return f"nothing of {about} under {contract} gives a claim: {'; '.join(why)}"
    if not _LIKE_A_PERIOD.fullmatch(about):
        near = suggestion(about, sorted({one.key.subject for one in verdicts}))
        return f"nobody told of {about} under {contract}{f': {near}' if near else ''}"
    if kind_of(about) is None:
        return f"{about} is no period: write a month (2026-06), quarter (2026-Q2) or year (2026)"
    if stated_period(about, zone_of(terms)).start_at > report.at:
        return f"{about} has not begun as of {format_instant(report.at)}"
    return f"no promise of {contract} is measured over {about}"


def _reasons(report: Report, terms: Terms, named: Sequence[Verdict]) -> Iterator[str]:
    """Why each of the remedies about what is named gives no claim."""
    assert terms.contract is not None
    owing = report.evaluation.credits_of(terms.contract.id)
    told = False
    for one in named:
        if one.measurement is not None:
            for credit in owing:
                if (credit.commitment, credit.key.subject) == (one.key.commitment, one.key.subject):
                    told = True
                    yield _of_credit(terms, credit, one)
            continue
        for credit in _counting(report, terms, owing, one):
            told = True
            state = _of_item(one)
            yield state if one.state not in LATE else f"{state}, and {_of_its_period(report, terms, credit)}"
    if not told:
        yield _NO_REMEDY


def _counting(report: Report, terms: Terms, owing: Sequence[Credit], item: Verdict) -> Iterator[Credit]:
    """The credits of the periods in which an item is counted."""
    for credit in owing:
        own = terms.under(credit.plan)
        commit = next((one for one in own.commits if one.name == credit.commitment), None)
        indicator = None if commit is None else own.indicators[commit.indicator]
        verdict = _verdict_of(report, credit)
        if (
            indicator is not None
            and indicator.basis == "outcomes"
            and indicator.of == item.key.commitment
            and verdict is not None
            and verdict.measurement is not None
            and item.started_at is not None
            and verdict.measurement.period.start_at <= item.started_at < verdict.measurement.period.end_at
        ):
            yield credit


def _verdict_of(report: Report, credit: Credit) -> Verdict | None:
    key = credit.commitment, credit.key.subject
    told = report.evaluation.of(credit.key.contract)
    return next((one for one in told if (one.key.commitment, one.key.subject) == key), None)


def _of_item(one: Verdict) -> str:
    if one.state in LATE:
        return "it was late"
    if one.state in OPEN:
        return "it is not late as of now"
    if one.state == "met":
        return _KEPT
    return "; ".join(one.reasons) or f"it is {one.state}"


def _of_its_period(report: Report, terms: Terms, credit: Credit) -> str:
    verdict = _verdict_of(report, credit)
    assert verdict is not None, "the item is counted in it"
    told = _of_credit(terms, credit, verdict)
    label = credit.key.subject
    return f"{label}, in which it counts, was kept" if told == _KEPT else f"in {label} {told}"


def _of_credit(terms: Terms, credit: Credit, verdict: Verdict) -> str:
    """Why a credit gives no claim; told of the period."""
    own = terms.under(credit.plan)
    name = credit.key.commitment
    if not own.must_be_claimed(name):
        return f"{name} is given without a claim"
    if credit.unit == "termination":
        return f"{name} is a right to terminate, which is used by a notice"
    if credit.state == "running":
        return f"{name} is not known yet: {verdict.key.subject} still runs"
    if verdict.state == "met" and own.remedy(name).when is None:
        return _KEPT
    why = "; ".join(credit.reasons) or "; ".join(verdict.reasons) or credit.state
    return f"{name} gives nothing: {why}"
