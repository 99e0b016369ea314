"""What the page of a contract and month is made of, put together from a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import cached_property
from typing import Final

from upheld.book.claims import claimable, claims
from upheld.book.days import days_of_commitment
from upheld.book.due import due
from upheld.book.evaluate import Report
from upheld.book.figures import stretches_of
from upheld.book.forecast import forecasts_of
from upheld.core.book import Book
from upheld.core.claiming.claim import Claim
from upheld.core.claiming.claimable import Claimable, FiledClaim
from upheld.core.clocks.subject import fold_subject, told_of
from upheld.core.evaluating.exclusions import takes_of_subject
from upheld.core.facts.fact import Fact
from upheld.core.forecasting.forecast import Forecast
from upheld.core.measuring.days import Day
from upheld.core.measuring.observation import Stream
from upheld.core.measuring.trace import Trace
from upheld.core.owing.limits import cut_by_limits
from upheld.core.terms.agreement import ALWAYS, ClockRule, Terms, leaves
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import DAY
from upheld.core.timeline.opening import holidays_of
from upheld.core.timeline.period import PeriodRule
from upheld.core.timeline.spans import union
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.verdict import Verdict
from upheld.render import credits as money
from upheld.render.credits import NumberedCredit
from upheld.render.drawings.budget import budget_fan
from upheld.render.drawings.credits import MonthCredit, credits_by_month
from upheld.render.drawings.days import day_bars, shown_days, trouble_us
from upheld.render.drawings.drawing import Drawing
from upheld.render.drawings.heat import heat_map
from upheld.render.drawings.month import Month as DrawnMonth
from upheld.render.drawings.month import MonthWindow, month_calendar
from upheld.render.drawings.strip import availability_strip
from upheld.render.lives import life_lines
from upheld.render.measures import budget
from upheld.render.naming import zone_of
from upheld.render.pages.month import ContractPage, DrawnDays, Month
from upheld.render.summary import Coming, Numbered

BARS: Final = 4
"""Of more components only so many are drawn day by day, those with the most trouble; of the others a row
tells how their days were."""
STRIPS: Final = 16
"""So many measured periods of a month are drawn at most, those that were not kept before the others."""
STRETCHES: Final = 500
"""So many stretches are drawn of all of them together; one period is drawn in any case."""
FANS: Final = 8
"""Of so many periods is told where they are going: each chance takes a tenth of a second."""
DAYS: Final = 240
"""So many days are drawn of all components together."""
CREDITS: Final = 24
"""So many credits are drawn, the largest ones; what else is owed stands in a table of the page."""


def pages(book: Book, report: Report, contract: str | None = None) -> Iterator[ContractPage]:
    """A page for every contract and every calendar month, in its zone, of which there is a verdict.

    There is none of a month outside the contract's term.
    """
    facts = book.log.effective(report.at, report.known)
    by_contract: dict[str, list[Numbered]] = {}
    for one in map(Numbered._make, report.numbered()):
        by_contract.setdefault(one.verdict.key.contract, []).append(one)
    filed: dict[str, list[FiledClaim]] = {}
    for claim in claims(book, report, contract):
        filed.setdefault(claim.claim.contract, []).append(claim)
    for terms in report.terms:
        assert terms.contract is not None
        name = terms.contract.id
        if contract in (None, name):
            own = by_contract.get(name, [])
            yield from _Maker(book, report, terms, own, facts, filed.get(name, ())).pages()


def _may_concern(fact: Fact, terms: Terms) -> bool:
    """Whether a maintenance may be one of the provider's."""
    return (
        fact.type.startswith("maintenance.") and fact.data.get("provider", terms.provider) == terms.provider
    )


class _Maker:
    """The pages of one contract."""

    def __init__(
        self,
        book: Book,
        report: Report,
        terms: Terms,
        verdicts: list[Numbered],
        facts: Sequence[Fact],
        filed: Sequence[FiledClaim],
    ) -> None:
        self.book = book
        self.report = report
        self.terms = terms
        self.verdicts = verdicts
        self.filed = filed
        self.facts = {FactRef(fact.source, fact.id): fact for fact in facts}
        self.zone = zone_of(terms)
        self.windows = list(_windows(terms, (fact for fact in facts if _may_concern(fact, terms))))
        credits_ = (NumberedCredit._make(one) for one in report.numbered_credits())
        assert terms.contract is not None
        self.owing = [one for one in credits_ if one.credit.key.contract == terms.contract.id]
        self.life = report.evaluation.lives[terms.contract.id]

    @property
    def _each(self) -> tuple[Terms, ...]:
        """The terms under every plan of the contract."""
        return (self.terms, *self.terms.plans.values())

    @cached_property
    def _is_observed(self) -> bool:
        """Whether any stream that the terms measure by has an observation."""
        streams = (
            Stream(self.terms.provider, leaf, signal.name)
            for signal in self.terms.signals
            for leaf in signal.of
        )
        return any(self.book.observations.digest(stream) for stream in streams)

    def pages(self) -> Iterator[ContractPage]:
        by_month: dict[Month, list[Numbered]] = {}
        for one in self.verdicts:
            for month in self._months(one.verdict):
                by_month.setdefault(month, []).append(one)
        for month in sorted(by_month):
            yield self._page(month, by_month[month])

    def _months(self, verdict: Verdict) -> Iterable[Month]:
        """The months of a verdict: that of its beginning; of a period, every one it shares time with."""
        start_at = next(
            (at for at in (verdict.started_at, verdict.due_at, verdict.stopped_at) if at is not None), None
        )
        if start_at is None or start_at > self.report.at:
            return []
        end_at = start_at + 1
        if verdict.kind in ("measurement", "quota", "obligation") and verdict.due_at is not None:
            end_at = max(min(verdict.due_at, self.report.at), end_at)
        # A period of the calendar may begin before the contract does, and end after it.
        start_at = max(start_at, self.life.start_at)
        end_at = end_at if self.life.end_at is None else min(end_at, self.life.end_at)
        if start_at >= end_at:
            return []
        rule = PeriodRule("calendar month", self.zone)
        found = rule.periods_between(start_at, end_at)
        return [Month(period.label, period.start_at, period.end_at) for period in found]

    def _page(self, month: Month, verdicts: list[Numbered]) -> ContractPage:
        report, terms = self.report, self.terms
        assert terms.contract is not None
        is_last = month.start_at <= report.at < month.end_at
        coming = self._coming if is_last else []
        subjects = {(one.verdict.key.commitment, one.verdict.key.subject) for one in verdicts}
        owing = [one for one in self.owing if (one.credit.commitment, one.credit.key.subject) in subjects]
        keys = {one.credit.key for one in owing}
        return ContractPage(
            terms=terms,
            now=terms.under(self.life.plan_at(min(month.end_at - 1, report.at))),
            life=tuple(life_lines(self.life, self.zone, report.at)),
            month=month,
            at=report.at,
            facts=report.facts,
            known=report.known,
            is_observed=self._is_observed,
            verdicts=verdicts,
            owing=owing,
            filed=[one for one in self.filed if _is_of(one.claim, month, keys)],
            claimable=[one for one in self._claimable if one.credit.key in keys],
            coming=coming,
            drawings={one.number: list(self._measured(one, is_last)) for one in _drawn_first(verdicts)},
            days=list(self._days(month)),
            overview=list(self._overview(month, verdicts)),
        )

    def _measured(self, one: Numbered, is_last: bool) -> Iterator[Drawing]:
        """The strip of a period at whose level somebody is held, and while it runs where it is going."""
        number, terms, verdict = one
        rule, found = terms.rule(verdict.key.commitment), verdict.measurement
        if not isinstance(rule, CommitRule) or found is None or rule.level is None:
            return
        trace = Trace(stretches_of(terms, verdict, None, self.facts))
        yield availability_strip(number, terms, rule, verdict, trace)
        if not is_last or not verdict.is_open or budget(found, verdict.level, rule.compare) is None:
            return
        if (forecast := self._forecasts.get(number)) is not None:
            yield budget_fan(number, terms, forecast, found)

    @cached_property
    def _claimable(self) -> Sequence[Claimable]:
        """What can be claimed under the contract, or could."""
        assert self.terms.contract is not None
        return claimable(self.book, self.report, self.terms.contract.id)

    @cached_property
    def _coming(self) -> list[Coming]:
        """What falls due next under the contract."""
        assert self.terms.contract is not None
        return [
            Coming(one.wake, one.key, one.terms, one.remaining_us)
            for one in due(self.report)
            if one.key.contract == self.terms.contract.id
        ]

    @cached_property
    def _forecasts(self) -> Mapping[int, Forecast]:
        """Where the running periods that are drawn are going, by the numbers of their verdicts."""
        running = [one for one in self.verdicts if one.verdict.is_open]
        drawn = [(one.number, one.verdict) for one in _drawn_first(running)[:FANS]]
        return forecasts_of(self.report, self.book.observations, self.terms, drawn)

    def _days(self, month: Month) -> Iterator[DrawnDays]:
        """The last days up to the end of a month, of every component of what is promised."""
        found: list[tuple[str, str, Sequence[Day]]] = []
        rules = {rule.name: rule for terms in self._each for rule in terms.commits if rule.level is not None}
        for rule in rules.values():
            of = days_of_commitment(self.report, self.terms, rule.name, month.end_at)
            found += [(rule.name, component, shown_days(days)) for component, days in of.items()]
        by_trouble = sorted(range(len(found)), key=lambda i: -trouble_us(found[i][2]))
        most = max(1, min(BARS, DAYS // max((len(days) for _, _, days in found), default=1)))
        drawn = {i for i in by_trouble[:most] if len(found) <= BARS or trouble_us(found[i][2])}
        for i, (commitment, component, days) in enumerate(found):
            name = f"days-{i + 1}"
            drawing = day_bars(self.terms, commitment, component, days, leads_to=name) if i in drawn else None
            yield DrawnDays(name, f"{commitment} of {component}", days, drawing)

    def _overview(self, month: Month, verdicts: list[Numbered]) -> Iterator[Drawing]:
        # Whatever was late from an instant on: deadlines, and the rounds of cadences.
        late = [
            one.verdict.late_after_at
            for one in verdicts
            if one.verdict.is_late and one.verdict.late_after_at is not None
        ]
        if late:
            title = "When deadlines were missed"
            yield heat_map(title, ("missed deadline", "missed deadlines"), late, self.zone)
        for calendar in self._calendars():
            yield month_calendar(self._drawn(month, calendar))
        yield from self._credits()

    def _calendars(self) -> Iterator[Calendar]:
        """The calendars on which clocks of the contract count, but for the one that never closes."""
        names = dict.fromkeys(
            name
            for terms in self._each
            for rule in terms.clocks
            for name in (*_named(rule), rule.hours)
            if name and name != ALWAYS
        )
        for name in names:
            yield self.terms.calendars[name]

    def _drawn(self, month: Month, calendar: Calendar) -> DrawnMonth:
        zone = calendar.rule.zone
        on = self.zone.date_at(month.start_at)
        start_at, end_at = zone.day_start(on), month.end_at + 2 * DAY
        windows = [one for one in self.windows if one.start_at < month.end_at and one.end_at > month.start_at]
        return DrawnMonth(
            zone=zone,
            first_on=on,
            calendar=calendar.name,
            is_open=calendar.spans.clip(start_at, end_at),
            holidays=holidays_of(calendar.rule),
            windows=windows,
        )

    def _credits(self) -> Iterator[Drawing]:
        """The credits of the contract over its months, a picture for each unit they are in."""
        units: dict[str, list[MonthCredit]] = {}
        for one in self.owing:
            credit = one.credit
            if credit.unit == "termination":
                continue
            paid = sum((Fraction(i.amount) for i in credit.instalments if i.state == "applied"), Fraction(0))
            name = (
                credit.key.subject
                if len(self.terms.remedies) == 1
                else f"{credit.key.commitment} {credit.key.subject}"
            )
            amount = credit.low if credit.amount is None else Fraction(credit.amount)
            shown = MonthCredit(
                name,
                money.owed(self.terms, credit),
                amount,
                credit.low,
                credit.high,
                cut=cut_by_limits(credit.lines) if credit.state == "owed" else Fraction(0),
                paid=paid,
                state=credit.state,
            )
            units.setdefault(credit.currency or "days of service", []).append(shown)
        for unit, months in units.items():
            if any(one.high != 0 for one in months):
                most = sorted(range(len(months)), key=lambda i: -(months[i].high or months[i].amount))[
                    :CREDITS
                ]
                title = "Credits by month" if len(most) == len(months) else f"The {CREDITS} largest credits"
                yield credits_by_month(title, unit, [months[i] for i in sorted(most)])


def _is_of(claim: Claim, month: Month, keys: AbstractSet[CellKey]) -> bool:
    """Whether a claim is about what is owed for a month, or was filed in it."""
    return month.start_at <= claim.filed_at < month.end_at or not keys.isdisjoint(claim.credits)


def _drawn_first(verdicts: Sequence[Numbered]) -> Sequence[Numbered]:
    """The measured periods that are drawn."""
    found = [one for one in verdicts if one.verdict.measurement is not None and one.verdict.level is not None]
    found.sort(key=lambda one: (one.verdict.state == "met", not one.verdict.is_late))
    room = STRETCHES
    for n, one in enumerate(found[:STRIPS]):
        room -= _stretches(one.verdict)
        if room < 0:
            return found[: max(n, 1)]
    return found[:STRIPS]


def _stretches(verdict: Verdict) -> int:
    found = verdict.measurement
    return (
        0
        if found is None
        else sum(len(part.spans) for one in found.ends for part in one.parts if part.name != "up")
    )


def _named(rule: ClockRule) -> Iterator[str]:
    """The calendars that a clock counts on."""
    yield from leaves(rule.on)


def _windows(terms: Terms, facts: Iterable[Fact]) -> Iterator[MonthWindow]:
    """The maintenance windows as last announced, and whether any of it is taken out of what is measured."""
    by_subject: dict[str, list[Fact]] = {}
    for fact in facts:
        by_subject.setdefault(fact.subject, []).append(fact)
    rules = [rule for rule in terms.exclusions if rule.of == "maintenance"]
    for id_, facts_of_it in by_subject.items():
        told = told_of("maintenance", facts_of_it, terms)
        subject = fold_subject("maintenance", id_, told, terms)
        if subject is None or any(fact.type == "maintenance.cancelled" for fact in told):
            continue
        known = subject.moments[-1].attributes
        start_at, end_at = known.get("starts_at"), known.get("ends_at")
        if not isinstance(start_at, int) or not isinstance(end_at, int) or end_at <= start_at:
            continue
        taken = union([take.spans for rule in rules for take in takes_of_subject(rule, terms, subject)])
        yield MonthWindow(start_at, end_at, id_, bool(taken))
