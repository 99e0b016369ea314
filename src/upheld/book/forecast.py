"""Where the running periods of a book are going, and which open deadlines may be missed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from upheld.book.evaluate import Report
from upheld.core.forecasting.forecast import RESAMPLES, SEED, Forecast, forecast
from upheld.core.forecasting.late import Lateness, lateness, past_shares
from upheld.core.forecasting.past import Past, past_of
from upheld.core.measuring.observation import Observations
from upheld.core.measuring.question import Matter
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.indicator import CommitRule, Indicator
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.frozen import dataclass, replace
from upheld.core.verdicts.measurement import Measurement
from upheld.core.verdicts.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Forecasts:
    """The forecasts of a report: of what is measured, and of open deadlines, with their numbers and terms."""

    measured: tuple[tuple[int, Terms, Forecast], ...]
    deadlines: tuple[tuple[int, Terms, Lateness], ...]


def forecasts(
    report: Report,
    observations: Observations,
    contract: str | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Forecasts:
    """Every commitment at a level whose period is running, and every open cycle that has a budget.

    The past of a deadline is that of all contracts under the same agreement: the same desk answers them.
    `contract`: only of this one. Chances are drawn by the seed; the same question gives the same answer.
    """
    return _Forecasting(report, observations, resamples, seed).all(contract)


def forecasts_of(
    report: Report, observations: Observations, terms: Terms, verdicts: Iterable[tuple[int, Verdict]]
) -> Mapping[int, Forecast]:
    """The forecasts of some verdicts of one contract by their numbers; those that are over have none."""
    work = _Forecasting(report, observations, RESAMPLES, SEED)
    found = ((number, work.of(terms, verdict)) for number, verdict in verdicts if verdict.measurement)
    return {number: one for number, one in found if one is not None}


class _Forecasting:
    """The work on one report; what contracts share is drawn once."""

    def __init__(self, report: Report, observations: Observations, resamples: int, seed: int) -> None:
        self.report = report
        self.observations = observations
        self.resamples = resamples
        self.seed = seed
        self._drawn: dict[Hashable, Forecast] = {}
        self._shares: dict[tuple[str, str, str], list[Fraction]] = {}

    def all(self, contract: str | None) -> Forecasts:
        measured, deadlines = [], []
        for number, terms, verdict in self.report.numbered():
            if contract not in (None, verdict.key.contract):
                continue
            if verdict.measurement is not None:
                found = self.of(terms, verdict)
                measured += [(number, terms, found)] if found is not None else []
            elif (late := self.lateness(terms, verdict)) is not None:
                deadlines.append((number, terms, late))
        return Forecasts(tuple(measured), tuple(deadlines))

    # -- deadlines -----------------------------------------------------------------------------------------

    def lateness(self, terms: Terms, verdict: Verdict) -> Lateness | None:
        """The chance of one cycle."""
        past = self._past_shares(terms, verdict.key.commitment)
        try:
            return lateness(verdict, past, terms.calendars, self.report.at)
        except BeyondHorizon:  # its calendar was not compiled for these years: nothing can be told
            return None

    def _past_shares(self, terms: Terms, commitment: str) -> list[Fraction]:
        key = terms.provider, terms.agreement, commitment
        if key not in self._shares:
            found: list[Fraction] = []
            for other in self.report.terms:
                if (other.provider, other.agreement) == key[:2] and other.contract is not None:
                    verdicts = self.report.evaluation.of(other.contract.id)
                    own = [one for one in verdicts if one.key.commitment == commitment]
                    found += past_shares(own, other.calendars, self.report.at)
            self._shares[key] = sorted(found)
        return self._shares[key]

    # -- measured ------------------------------------------------------------------------------------------

    def of(self, terms: Terms, verdict: Verdict) -> Forecast | None:
        """The forecast of one verdict; None if its period is over, or no level is promised."""
        found = verdict.measurement
        assert found is not None
        if found.is_settled or found.period.end_at <= self.report.at:
            return None
        commit = terms.rule(verdict.key.commitment)
        assert isinstance(commit, CommitRule)
        if commit.level is None:
            return None
        indicator = terms.indicators[commit.indicator]
        of_periods = self._measurements(terms, verdict)
        shared = (tuple(map(id, of_periods)), commit.level, commit.compare, commit.unknown, verdict.state)
        if shared not in self._drawn:
            self._drawn[shared] = self._draw(terms, verdict, commit, indicator, of_periods)
        return replace(self._drawn[shared], key=verdict.key)

    def _draw(
        self,
        terms: Terms,
        verdict: Verdict,
        commit: CommitRule,
        indicator: Indicator,
        of_periods: Sequence[Measurement],
    ) -> Forecast:
        zone = terms.calendars[ALWAYS].rule.zone
        return forecast(
            verdict,
            commit,
            indicator,
            past_of_figure(terms, commit, of_periods, self.report, self.observations),
            zone,
            self.report.at,
            tuple(self._open_items(terms, verdict, indicator)),
            self.resamples,
            self.seed,
        )

    def _open_items(self, terms: Terms, verdict: Verdict, indicator: Indicator) -> Iterator[Fraction]:
        """The chances of the items of a period that are not decided."""
        found = verdict.measurement
        if indicator.basis != "outcomes" or found is None:
            return
        open_ones = {subject for part in found.parts if part.name == "not yet" for subject in part.subjects}
        for other in self._verdicts(terms, indicator.of):
            if other.is_open and other.key.subject in open_ones:
                late = self.lateness(terms, other)
                yield late.chance if late is not None else Fraction(0)

    def _measurements(self, terms: Terms, verdict: Verdict) -> list[Measurement]:
        """The same figure in every period up to that of the verdict."""
        return measurements_of(self._verdicts(terms, verdict.key.commitment), verdict)

    def _verdicts(self, terms: Terms, commitment: str) -> list[Verdict]:
        assert terms.contract is not None
        return [
            one for one in self.report.evaluation.of(terms.contract.id) if one.key.commitment == commitment
        ]


def measurements_of(verdicts: Sequence[Verdict], verdict: Verdict) -> list[Measurement]:
    """The measurements of one figure in the periods up to that of a verdict, in order."""
    last = verdict.measurement
    assert last is not None
    found = [one.measurement for one in verdicts if one.measurement is not None]
    own = [
        one
        for one in found
        if one.component == last.component and one.period.start_at <= last.period.start_at
    ]
    return sorted(own, key=lambda one: one.period.start_at)


def past_of_figure(
    terms: Terms,
    commit: CommitRule,
    of_periods: Sequence[Measurement],
    report: Report,
    observations: Observations,
    until_at: Instant | None = None,
) -> Past:
    """The past of a figure of a contract, by the facts and observations of a report."""
    assert terms.contract is not None
    indicator = terms.indicators[commit.indicator]
    zone = terms.calendars[ALWAYS].rule.zone
    matter = Matter(terms.provider, terms.components, terms.signals, terms.calendars, zone, observations)
    items: list[Verdict] = []
    if indicator.basis == "outcomes":
        verdicts = report.evaluation.of(terms.contract.id)
        items = [one for one in verdicts if one.key.commitment == indicator.of]
    at = report.at if until_at is None else until_at
    return past_of(of_periods, indicator, commit.level, matter, items, at)
