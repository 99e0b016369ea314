"""The same facts under other terms: which verdicts and amounts flip, and what could have been promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from upheld.book.evaluate import Report
from upheld.book.forecast import measurements_of, past_of_figure
from upheld.core.clocks.counting import measured
from upheld.core.forecasting.forecast import RESAMPLES, SEED
from upheld.core.forecasting.promise import PromisedLevel, TargetPromise, level_promise, target_promise
from upheld.core.measuring.observation import Observations
from upheld.core.terms.agreement import ALWAYS, ClockRule, ObligationRule, QuotaRule, Rule, Terms
from upheld.core.terms.duty import CovenantRule
from upheld.core.timeline.instant import DAY, Duration
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit, OwedSum
from upheld.core.verdicts.verdict import OPEN, Kind, State, Verdict


class Judged(NamedTuple):
    """A verdict with its number and terms, on one side."""

    number: int
    terms: Terms
    verdict: Verdict


class Owed(NamedTuple):
    """A credit with its number and terms, on one side."""

    number: int
    terms: Terms
    credit: Credit


class Flip(NamedTuple):
    """A verdict that is another one on the other side."""

    before: Judged
    after: Judged


class CreditFlip(NamedTuple):
    """A credit that is another one, or there on one side only."""

    before: Owed | None
    after: Owed | None


class OneSided(NamedTuple):
    """So many verdicts of one commitment that only one side has.

    `is_whole`: the other side does not have the commitment at all; else it has it, and not these cycles.
    """

    terms: Terms
    commitment: str
    kind: Kind
    verdicts: int
    is_whole: bool


class PromisedTarget(NamedTuple):
    """What could have been promised of one clock, of the cycles that were held to one target."""

    terms: Terms
    commitment: str
    target: str
    calendar: str
    promise: TargetPromise


@dataclass(frozen=True, slots=True)
class Backtest:
    """Two reports of the same facts compared. The contracts are those on both sides.

    `moves` are what runs on both sides and ends at another instant; `same` are neither these nor `flips`.
    """

    before: Report
    after: Report
    same: int
    flips: tuple[Flip, ...]
    moves: tuple[Flip, ...]
    only_before: tuple[OneSided, ...]
    only_after: tuple[OneSided, ...]
    credits: tuple[CreditFlip, ...]
    sums: tuple[OwedSum, ...]

    @property
    def kinds(self) -> Mapping[tuple[Kind, State, State], int]:
        """How many verdicts of each kind went from which state to which."""
        return Counter(
            (f.before.verdict.kind, f.before.verdict.state, f.after.verdict.state) for f in self.flips
        )


_Pair = tuple[CellKey, int]


def backtest(before: Report, after: Report) -> Backtest:
    """The differences of two reports, by contract, commitment, subject and cycle."""
    old, new = _judged(before), _judged(after)
    on_both = [Flip(old[key], new[key]) for key in old if key in new]
    flips = [one for one in on_both if one.before.verdict.state != one.after.verdict.state]
    moves = [one for one in on_both if _moves(one.before.verdict, one.after.verdict)]
    return Backtest(
        before=before,
        after=after,
        same=len(on_both) - len(flips) - len(moves),
        flips=tuple(flips),
        moves=tuple(moves),
        only_before=tuple(_one_sided(before, old, new, after)),
        only_after=tuple(_one_sided(after, new, old, before)),
        credits=tuple(_credit_flips(before, after)),
        sums=tuple(_sums(before, after)),
    )


def _judged(report: Report) -> dict[_Pair, Judged]:
    found: dict[_Pair, Judged] = {}
    for number, terms, verdict in report.numbered():
        found[verdict.key, verdict.cycle] = Judged(number, terms, verdict)
    return found


def _moves(before: Verdict, after: Verdict) -> bool:
    """Whether both run, and what somebody works towards is another instant."""
    ends = (before.due_at, before.goal_at), (after.due_at, after.goal_at)
    return before.state == after.state and before.state in OPEN and ends[0] != ends[1]


def _one_sided(
    report: Report, own: Mapping[_Pair, Judged], other: Mapping[_Pair, Judged], other_report: Report
) -> Iterator[OneSided]:
    """What the other side does not have: whole commitments, also without verdicts, and cycles of others."""
    counts = Counter((key[0].contract, key[0].commitment) for key in own if key not in other)
    others = {one.contract.id: one for one in other_report.terms if one.contract is not None}
    for terms in report.terms:
        assert terms.contract is not None
        beside = others.get(terms.contract.id)
        names = {rule.name for rule in beside.rules} if beside is not None else set()
        for rule in terms.rules:
            verdicts = counts[terms.contract.id, rule.name]
            if verdicts or rule.name not in names:
                yield OneSided(terms, rule.name, kind_of(rule), verdicts, rule.name not in names)


def kind_of(rule: Rule) -> Kind:
    """The kind of the verdicts that a rule gives."""
    if isinstance(rule, ClockRule):
        return "cadence" if rule.is_cadence else "deadline"
    kinds: dict[type[Rule], Kind] = {
        QuotaRule: "quota",
        ObligationRule: "obligation",
        CovenantRule: "covenant",
    }
    return kinds.get(type(rule), "measurement")


# -- money -------------------------------------------------------------------------------------------------


def _owed(report: Report) -> dict[CellKey, Owed]:
    return {credit.key: Owed(number, terms, credit) for number, terms, credit in report.numbered_credits()}


def _credit_flips(before: Report, after: Report) -> Iterator[CreditFlip]:
    """Credits whose state or amount differs; one that is not owed is as good as none."""
    old, new = _owed(before), _owed(after)
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if _says(was) != _says(now):
            yield CreditFlip(was, now)


def _says(owed: Owed | None) -> tuple[object, ...]:
    if owed is None or owed.credit.state == "not owed":
        return ("not owed",)
    one = owed.credit
    bounds = (one.low, one.high) if one.state in ("undetermined", "open") else ()
    return one.state, one.unit, one.currency, one.amount, one.exact, *bounds


def _sums(before: Report, after: Report) -> Iterator[OwedSum]:
    sides = [_owed(before).values(), _owed(after).values()]
    currencies = sorted(
        {one.credit.currency for side in sides for one in side if one.credit.unit != "termination"}
    )
    for currency in currencies:
        old, new = (
            [
                one.credit
                for one in side
                if one.credit.currency == currency and one.credit.unit != "termination"
            ]
            for side in sides
        )
        # Nothing has as many decimals as the amounts beside it.
        nothing = next((0 * one.amount for one in (*old, *new) if one.amount is not None), Decimal(0))
        yield OwedSum(
            currency=currency,
            before=_amount(old, nothing),
            after=_amount(new, nothing),
            exact_before=_exact(old),
            exact_after=_exact(new),
            undecided_before=sum(one.state not in _DECIDED for one in old),
            undecided_after=sum(one.state not in _DECIDED for one in new),
        )


_DECIDED = ("owed", "not owed")


def _amount(found: Sequence[Credit], nothing: Decimal) -> Decimal:
    owed = (one.amount for one in found if one.state == "owed" and one.amount is not None)
    return sum(owed, nothing)


def _exact(found: Sequence[Credit]) -> Fraction:
    owed = (one.exact for one in found if one.state == "owed" and one.exact is not None)
    return sum(owed, Fraction(0))


# -- what could have been promised -------------------------------------------------------------------------


def promised_levels(
    report: Report, observations: Observations, periods: int = RESAMPLES, seed: int = SEED
) -> tuple[PromisedLevel, ...]:
    """For each measured commitment at a level and each component: from all days it was measured on."""
    found: list[PromisedLevel] = []
    for terms in report.terms:
        assert terms.contract is not None
        verdicts = report.evaluation.of(terms.contract.id)
        for commit in terms.commits:
            own = [
                one for one in verdicts if one.key.commitment == commit.name and one.measurement is not None
            ]
            for last in _last_of_each(own):
                if commit.level is None or last.measurement is None:
                    continue
                of_periods = measurements_of(own, last)
                until_at = min(report.at, last.measurement.period.end_at)
                past = past_of_figure(terms, commit, of_periods, report, observations, until_at)
                days = max(1, (2 * last.measurement.period.length_us + DAY) // (2 * DAY))
                indicator = terms.indicators[commit.indicator]
                weights = [indicator.weights.get(one.component, Fraction(0)) for one in last.measurement.ends]
                promise = level_promise(past, indicator, commit.level, days, periods, seed, weights)
                found.append(PromisedLevel(terms, last.key, promise))
    return tuple(found)


def _last_of_each(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Of each component the verdict of the last period."""
    last: dict[str, Verdict] = {}
    for one in reversed(verdicts):  # periods come in order
        found = one.measurement
        assert found is not None
        last.setdefault(found.component, one)
    return list(reversed(last.values()))


def promised_targets(report: Report) -> tuple[PromisedTarget, ...]:
    """For each clock and each target that its cycles were held to, over the contracts of an agreement."""
    times: dict[tuple[str, str, str, str], list[Duration]] = {}
    unended: Counter[tuple[str, str, str, str]] = Counter()
    terms_of: dict[tuple[str, str, str, str], Terms] = {}
    for _, terms, verdict in report.numbered():
        rule = terms.rule(verdict.key.commitment)
        is_over = verdict.state == "met" or verdict.is_late
        if not isinstance(rule, ClockRule) or not is_over or verdict.target is None:
            continue
        if verdict.hours:  # its due instant moves to an opening: counted time is not what it is held to
            continue
        elapsed_us, _ = measured(verdict, terms.calendars, report.at)
        if elapsed_us is None or verdict.target.limit is None:
            continue
        key = terms.agreement, rule.name, str(verdict.target.limit), verdict.calendar or ALWAYS
        terms_of.setdefault(key, terms)
        own = times.setdefault(key, [])
        if verdict.stopped_at is None:
            unended[key] += 1
        else:
            own.append(elapsed_us)
    return tuple(
        PromisedTarget(terms_of[key], key[1], key[2], key[3], target_promise(own, unended[key]))
        for key, own in times.items()
    )
