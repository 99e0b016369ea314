"""Examples of what is owed: for each band the least that falls into it, and how it comes on invoices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from upheld.book.worked.acts import claim_given, filing_of
from upheld.book.worked.failing import Failing, Slow, all_facts, all_observations
from upheld.book.worked.fees import Paying
from upheld.book.worked.stage import MID_MORNING_S, Stage
from upheld.core.evaluating.evaluation import Evaluation
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import Terms
from upheld.core.terms.remedy import Band, Bands, RemedyRule
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.civil import add_months
from upheld.core.timeline.instant import DAY, MINUTE, Instant
from upheld.core.values.expression import names_in
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.value import Money
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict
from upheld.core.worked import WorkedCredit, WorkedShare

_DECIDED_AFTER: Final = 5 * DAY
_FILED_AFTER: Final = 9 * DAY
_MORE_INVOICES: Final = 12
_MOST_DOUBLED: Final = 8
"""So many failures are tried at most until one gives something, each twice the one before."""


def credit_examples(stage: Stage, remedy: RemedyRule) -> Iterator[WorkedCredit]:
    """An example for each band; of other amounts, for the first failure and for twice as much.

    Where neither gives anything yet, for the first that does if it is doubled on. What a remedy of a group
    gives is shown by itself; behind the last of the group, what they give together.
    """
    failing = failing_of(stage, remedy)
    if failing is None:
        return
    members = [one for one in stage.terms.remedies if remedy.group and one.group == remedy.group]
    told: set[Fraction | None] = set()
    for n, steps in enumerate(_steps(failing, remedy)):
        if n > 1 and told and not isinstance(remedy.amount, Bands):
            break
        found = _Played(stage, (remedy,), ((failing, steps),)).worked(is_alone=len(members) > 1)
        if found is not None and found.shares[0].credit.exact not in told:
            told.add(found.shares[0].credit.exact)
            yield found
    if len(members) > 1 and remedy is members[-1]:
        yield from _together(stage, members)


def failing_of(stage: Stage, remedy: RemedyRule) -> Failing | None:
    """The commitment of a remedy, failing; a percentile fails by how slow the checks are."""
    commit = next((one for one in stage.terms.commits if one.name == remedy.of), None)
    if commit is None:
        return None
    is_percentile = stage.terms.indicators[commit.indicator].combine == "percentile"
    return Slow(stage, commit) if is_percentile else Failing(stage, commit)


# -- how much fails ----------------------------------------------------------------------------------------


def _steps(failing: Failing, remedy: RemedyRule) -> Iterator[int]:
    """How much fails in the examples."""
    if isinstance(remedy.amount, Bands):
        for band in remedy.amount.bands:
            is_short = isinstance(failing, Slow)
            steps = failing.first(_inside(band, is_short), None if is_short else band.high)
            if steps is not None:
                yield steps
        return
    level = failing.commit.level
    edge = level.value if level is not None and level.unit == "ratio" else None
    first = failing.first(lambda verdict: _is_below(failing, verdict), edge)
    if first is None:
        return
    tried = [first]
    while len(tried) < _MOST_DOUBLED and (more := min(failing.twice(tried[-1]), failing.most)) > tried[-1]:
        tried.append(more)
    yield from tried


def _inside(band: Band, is_short: bool) -> Callable[[Verdict], bool]:
    """Whether a value is beyond the better edge of a band: the fewest failures beyond it lie inside."""

    def holds(verdict: Verdict) -> bool:
        value = _value(verdict)
        if value is None or not (verdict.is_late or verdict.level is None):
            return False
        if is_short:
            return band.low is None or value > band.low or (band.has_low and value == band.low)
        return band.high is None or value < band.high or (band.has_high and value == band.high)

    return holds


def _is_below(failing: Failing, verdict: Verdict) -> bool:
    level, value = failing.commit.level, _value(verdict)
    if verdict.is_late or level is None or value is None:
        return verdict.is_late
    return value < level.value if level.relation in (">=", ">") else value > level.value


def _value(verdict: Verdict) -> Fraction | None:
    return None if verdict.measurement is None else verdict.measurement.final.value


# -- what follows ------------------------------------------------------------------------------------------


def _together(stage: Stage, members: Sequence[RemedyRule]) -> Iterator[WorkedCredit]:
    """Several remedies of a group that follow in one period: those that meet the last of them."""
    failing: dict[str, tuple[Failing, int]] = {}
    for remedy in members:
        found = failing_of(stage, remedy)
        steps = None if found is None else next(_steps(found, remedy), None)
        if found is not None and steps is not None:
            before = failing.get(remedy.of, (found, steps))
            failing[remedy.of] = found, max(steps, before[1])
    if members[-1].of not in failing:
        return
    last = failing[members[-1].of][0]
    failing = {name: one for name, one in failing.items() if one[0].subject == last.subject}
    played = tuple(one for one in members if one.of in failing)
    found_together = _Played(stage, played, tuple(failing.values())).worked()
    if found_together is not None and len(found_together.shares) > 1:
        yield found_together


@dataclass(frozen=True, slots=True)
class _Played:
    """Some remedies in one period in which so much fails of each commitment, claimed and granted."""

    stage: Stage
    remedies: tuple[RemedyRule, ...]
    failing: tuple[tuple[Failing, int], ...]

    def worked(self, *, is_alone: bool = False) -> WorkedCredit | None:
        """What the engine says of it; None if nothing is given."""
        paying = Paying.of(self.stage, self.remedies)
        alone = tuple(self._credit(self._evaluated(paying, (one,)), one) for one in self.remedies)
        owed = [
            (one, credit)
            for one, credit in zip(self.remedies, alone, strict=True)
            if credit is not None and credit.state == "owed" and credit.amount != 0
        ]
        if not owed:
            return None
        months = self._months + sum(_invoices_for(credit, paying.invoice) for _, credit in owed)
        found = self._evaluated(paying, self.remedies, months)
        shares = tuple(
            share for one, credit in owed if (share := self._share(found, one, credit)) is not None
        )
        _, filed_at, granted_at = self._claim()
        return WorkedCredit(
            self._first.period,
            shares,
            paying.fees,
            paying.invoice,
            is_alone,
            filed_at,
            granted_at,
            tuple((fact.at, month) for fact, month in self._invoices(paying.invoice, months)),
        )

    @property
    def _first(self) -> Failing:
        return self.failing[0][0]

    def _share(self, found: Evaluation, remedy: RemedyRule, alone: Credit) -> WorkedShare | None:
        failing, steps = next(one for one in self.failing if one[0].commit.name == remedy.of)
        verdict, credit = failing.of_period(found), self._credit(found, remedy)
        if verdict is None or credit is None:
            return None
        failure = failing.failure(steps, verdict)
        unit: Literal["time", "count"] = "count" if failing.counts_items else "time"
        return WorkedShare(remedy.name, failure, unit, verdict, alone, credit)

    @property
    def _months(self) -> int:
        """From the first month of the period until the last instalment has its invoice."""
        zone = self._first.commit.period.zone
        first, last = (zone.date_at(at) for at in (self._first.period.start_at, self._first.period.end_at))
        months = (last.year - first.year) * 12 + last.month - first.month
        return months + max(remedy.pay.instalments for remedy in self.remedies) + 1

    def _evaluated(self, paying: Paying, remedies: tuple[RemedyRule, ...], months: int = 0) -> Evaluation:
        """What the engine says of the period, if only these remedies are in force."""
        if len(remedies) == 1:
            remedies = (replace(remedies[0], group=""),)
        terms = self.stage.terms
        of_items = {failing.indicator.of for failing, _ in self.failing}
        terms = replace(
            self._first.on_stage.terms,
            contract=paying.contract(self._first.on_stage.contract),
            commits=tuple(failing.commit for failing, _ in self.failing),
            clocks=tuple(one for one in terms.clocks if one.of == "claim" or one.name in of_items),
            remedies=remedies,
        )
        invoices = tuple(fact for fact, _ in self._invoices(paying.invoice, months or self._months))
        at = max([self._first.period.end_at + DAY, *(fact.at for fact in invoices)]) + MINUTE
        facts = (*all_facts(self.failing), *self._claim()[0], *invoices)
        return self.stage.on(terms).evaluate(facts, at, all_observations(self.failing))

    def _credit(self, found: Evaluation, remedy: RemedyRule) -> Credit | None:
        subjects = (self._first.subject, self._first.period.label)
        owed = found.credits_of(self.stage.contract.id)
        wanted = [one for one in owed if one.key.commitment == remedy.name and one.key.subject in subjects]
        return next(iter(wanted), None)

    def _claim(self) -> tuple[tuple[Fact, ...], Instant | None, Instant | None]:
        """A claim in time, and the decision that grants it, where the agreement has claims."""
        stage, period, start_at = self.stage, self._first.period, self._first.start_at
        if not any(_is_claimed(remedy, stage.terms) for remedy in stage.terms.remedies):
            return (), None, None
        told = claim_given(stage, filing_of(stage), period.label, start_at)
        filed_at = stage.morning_of(start_at + DAY if "issue_at" in told else period.end_at + _FILED_AFTER)
        granted_at = stage.morning_of(max(filed_at, period.end_at) + _DECIDED_AFTER)
        filed = stage.opening("claim", "example claim", filed_at, told)
        granted = stage.tell("claim.determined", "example claim", granted_at, {"outcome": "accepted"})
        return (filed, granted), filed_at, granted_at

    def _invoices(self, amount: Money, months: int) -> Iterator[tuple[Fact, str]]:
        """An invoice on the first day of each month, from the period on."""
        stage, failing = self.stage, self._first
        first = failing.commit.period.zone.date_at(failing.period.start_at).replace(day=1)
        for n in range(months + 1):
            on: date = add_months(first, n, 1)
            month = f"{on:%Y-%m}"
            data = {
                "invoice": month,
                "amount": rounded(amount.amount, minor_digits(amount.currency), "half up"),
                "currency": amount.currency,
                "month": month,
            }
            at = stage.zone.instant_at(on, MID_MORNING_S)
            yield stage.tell("contract.invoice_issued", stage.contract.id, at, data), month


def _invoices_for(credit: Credit, invoice: Money) -> int:
    """How many invoices more a credit of money needs, because it is more than one of them."""
    if credit.unit != "money" or credit.amount is None:
        return 0
    return min(int(Fraction(credit.amount) / invoice.amount), _MORE_INVOICES)


def _is_claimed(remedy: RemedyRule, terms: Terms) -> bool:
    """Whether a remedy is paid on a claim, or owed only if somebody has complained."""
    complaints = remedy.when is not None and "complaints" in names_in(remedy.when)
    return complaints or terms.must_be_claimed(remedy.name)
