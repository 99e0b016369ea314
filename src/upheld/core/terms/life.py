"""The life of a contract: when it holds, under which plan and for which fees, when it rests and is renewed.

A pure fold of the contract and of the facts in force about it. A fact takes effect at its own time, or on
the day that it names (`on`), so that a notice can be told before the day for which it is given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeVar

from upheld.core.facts.fact import Data, Fact
from upheld.core.terms.agreement import Contract
from upheld.core.timeline.civil import add_civil
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.timeline.zone import Zone
from upheld.core.values.amount import Amount
from upheld.core.values.currency import parse_money
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.key import FactRef
from upheld.core.values.value import Money

SIGNED: Final = "contract.signed"
PLAN_CHANGED: Final = "contract.plan_changed"
FEES_CHANGED: Final = "contract.fees_changed"
SUSPENDED: Final = "contract.suspended"
RESUMED: Final = "contract.resumed"
RENEWED: Final = "contract.renewed"
ENDED: Final = "contract.ended"
OF_A_LIFE: Final = frozenset({SIGNED, PLAN_CHANGED, FEES_CHANGED, SUSPENDED, RESUMED, RENEWED, ENDED})
"""The types of facts that a life is folded from."""
NO_FEE: Final = "none"
"""What a fact says of a fee that is paid no more."""

Fees = tuple[tuple[str, Money], ...]
_H = TypeVar("_H", "PlanFrom", "FeesFrom")


class PlanFrom(NamedTuple):
    """From an instant on a plan holds; `told_by` None: the contract file says so."""

    from_at: Instant
    plan: str
    told_by: FactRef | None = None


class FeesFrom(NamedTuple):
    """From an instant on these fees are paid, by name."""

    from_at: Instant
    fees: Fees
    told_by: FactRef | None = None


class Rest(NamedTuple):
    """A suspension: from when until when (None: it still lasts), for which reason, by which facts."""

    start_at: Instant
    end_at: Instant | None
    reason: str | None
    told_by: tuple[FactRef, ...]


class Renewal(NamedTuple):
    """From an instant on another contract period."""

    from_at: Instant
    told_by: FactRef


@dataclass(frozen=True, slots=True)
class Life:
    """What holds of a contract, and when: [start_at, end_at), `end_at` None until further notice.

    `zone` is that of its days. A period is civil time, perhaps of another zone: the days of both are the
    same if they have the same date.

    `plans` and `fees` are in order; the first of each holds from the beginning. `ended_by` is the fact that
    ended it before its time. `without_effect` are the facts that came when the contract was over.
    """

    start_at: Instant
    end_at: Instant | None
    zone: Zone = field(compare=False, repr=False)
    plans: tuple[PlanFrom, ...]
    fees: tuple[FeesFrom, ...]
    rests: tuple[Rest, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    signed_at: Instant | None = None
    ended_by: FactRef | None = None
    without_effect: tuple[FactRef, ...] = ()

    def holds(self, at: Instant) -> bool:
        """Whether the contract is in force at an instant."""
        return self.start_at <= at and (self.end_at is None or at < self.end_at)

    def is_over(self, at: Instant) -> bool:
        """Whether it has ended by an instant."""
        return self.end_at is not None and self.end_at <= at

    def held(self, period: Period) -> tuple[Instant, Instant]:
        """The stretch of a period in which it is in force; an empty one if there is none."""
        start_at = min(max(self.start_at, period.start_at), period.end_at)
        end_at = period.end_at if self.end_at is None else min(self.end_at, period.end_at)
        return start_at, max(start_at, end_at)

    def plan_at(self, at: Instant) -> str:
        """The plan in force at an instant; before the beginning, the first one."""
        return self.plans[max(0, bisect_right(self.plans, at, key=lambda one: one.from_at) - 1)].plan

    def begun_at(self, period: Period, zone: Zone) -> Instant:
        """Where a period in a zone begins for the contract: with its first day, or with the contract."""
        return max(period.start_at, self.zone.day_start(zone.date_at(period.start_at)), self.start_at)

    def fees_at(self, at: Instant) -> Mapping[str, Money]:
        """The fees that are paid at an instant, by name; before the beginning, the first ones."""
        return dict(self.fees[max(0, bisect_right(self.fees, at, key=lambda one: one.from_at) - 1)].fees)

    def is_whole_in(self, period: Period, zone: Zone) -> bool:
        """Whether it holds on all days of a period in a zone under one plan and for the same fees."""
        start_at, end_at = (self.zone.day_start(zone.date_at(at)) for at in (period.start_at, period.end_at))
        if self.start_at > start_at or (self.end_at is not None and self.end_at < end_at):
            return False
        changes = [*(one.from_at for one in self.plans), *(one.from_at for one in self.fees)]
        return not any(start_at < at < end_at for at in changes)

    def renewed_at(self, at: Instant) -> Instant:
        """The last renewal up to an instant, or the beginning."""
        return max((one.from_at for one in self.renewals if one.from_at <= at), default=self.start_at)


def life_of(contract: Contract, plans: Collection[str], zone: Zone, facts: Sequence[Fact] = ()) -> Life:
    """The life of a contract. `plans` are those that are known: what names another one is passed over.

    `facts` are those in force that are about the contract, by (time, source, id); of other types than
    `OF_A_LIFE`, or not verified, they are passed over. Of several that take effect at one instant the last
    one holds. BeyondHorizon if the zone does not know the years.
    """
    told = [fact for fact in facts if fact.type in OF_A_LIFE and fact.data.get("verified") is not False]
    found = _Fold(contract, plans, zone)
    for at, fact in sorted(((_effect(fact, zone), fact) for fact in told), key=lambda pair: pair[0]):
        found.take(at, fact)
    return found.life(tuple(rests_of(told)))


class _Fold:
    """A life as it is told so far."""

    def __init__(self, contract: Contract, plans: Collection[str], zone: Zone) -> None:
        self._contract, self._known, self._zone = contract, {contract.plan, *plans}, zone
        self._start_at = zone.day_start(contract.from_on)
        self._end_at = None if contract.until_on is None else zone.day_start(contract.until_on)
        signed_on = contract.signed_on
        self._signed_at = None if signed_on is None else zone.day_start(signed_on)
        self._plans = [PlanFrom(self._start_at, contract.plan)]
        self._fees = [FeesFrom(self._start_at, tuple(contract.fees.items()))]
        self._renewals: list[Renewal] = []
        self._ended_by: FactRef | None = None
        self._late: list[FactRef] = []

    def take(self, at: Instant, fact: Fact) -> None:
        """The next fact, by the instant of its effect."""
        ref = FactRef(fact.source, fact.id)
        if fact.type == SIGNED:
            self._signed_at = at
            return
        if fact.type in (SUSPENDED, RESUMED):
            return  # a rest is told as it comes, see `rests_of`
        # A renewal may take effect at the very end: it is what carries the contract beyond it.
        over = self._end_at is not None and (
            at > self._end_at if fact.type == RENEWED else at >= self._end_at
        )
        if self._ended_by is not None or over:
            self._late.append(ref)
        elif fact.type == ENDED:
            self._end_at, self._ended_by = max(at, self._start_at), ref
        elif fact.type == RENEWED:
            self._renewals.append(Renewal(max(at, self._start_at), ref))
            self._end_at = self._renewed_until(at, fact)
            self._change_fees(at, fact, ref)
        elif fact.type == PLAN_CHANGED:
            self._change_plan(at, fact, ref)
        else:
            self._change_fees(at, fact, ref)

    def _renewed_until(self, at: Instant, fact: Fact) -> Instant | None:
        """Until when a renewal carries the contract: the day it names, one more term, or further notice."""
        until_on, term = _day(fact, "until"), self._contract.term
        if until_on is not None:
            return max(at, self._zone.day_start(until_on))
        if self._end_at is None or term is None:
            return None
        return max(self._end_at, after_terms(self._zone, at, term, 1))

    def _change_plan(self, at: Instant, fact: Fact, ref: FactRef) -> None:
        plan = str(fact.data.get("plan"))
        if plan not in self._known:
            return
        if plan != self._plans[-1].plan:
            _put(self._plans, PlanFrom(max(at, self._start_at), plan, ref))
            own = self._contract.fees if plan == self._contract.plan else self._contract.plan_fees.get(plan)
            _put(self._fees, FeesFrom(max(at, self._start_at), tuple((own or {}).items()), ref))
        self._change_fees(at, fact, ref)

    def _change_fees(self, at: Instant, fact: Fact, ref: FactRef) -> None:
        told = fact.data.get("fees")
        if not isinstance(told, Data):
            return
        fees = dict(self._fees[-1].fees)
        for name, text in told.items():
            if text == NO_FEE:
                fees.pop(name, None)
            elif (money := parse_money(str(text))) is not None:
                fees[name] = money
        _put(self._fees, FeesFrom(max(at, self._start_at), tuple(fees.items()), ref))

    def life(self, rests: tuple[Rest, ...]) -> Life:
        """The life, once all is told."""
        return Life(
            self._start_at,
            None if self._end_at is None else max(self._end_at, self._start_at),
            self._zone,
            tuple(self._plans),
            tuple(self._fees),
            rests,
            tuple(self._renewals),
            self._signed_at,
            self._ended_by,
            tuple(self._late),
        )


def _put(held: list[_H], one: _H) -> None:
    """One more at the end, in the place of what would have held for no time."""
    if held[-1].from_at == one.from_at:
        held.pop()
    held.append(one)


def _effect(fact: Fact, zone: Zone) -> Instant:
    """When a fact takes effect: at the beginning of the day it names, or at its own time."""
    on = _day(fact, "on")
    return fact.at if on is None else zone.day_start(on)


def _day(fact: Fact, name: str) -> date | None:
    value = fact.data.get(name)
    return date.fromisoformat(value) if isinstance(value, str) else None


def rests_of(facts: Sequence[Fact]) -> Iterator[Rest]:
    """Each suspension until the contract is resumed, in order; facts of other types are passed over."""
    open_: list[Fact] = []
    for fact in facts:
        if fact.data.get("verified") is False:
            continue
        if fact.type == SUSPENDED:
            open_.append(fact)
        elif fact.type == RESUMED:
            for since in open_:
                yield _rest(since, fact)
            open_ = []
    yield from (_rest(since, None) for since in open_)


def _rest(since: Fact, until: Fact | None) -> Rest:
    reason = since.data.get("reason")
    told_by = tuple(FactRef(fact.source, fact.id) for fact in (since, until) if fact is not None)
    end_at = None if until is None else until.at
    return Rest(since.at, end_at, reason if isinstance(reason, str) else None, told_by)


# -- contract periods and years ----------------------------------------------------------------------------


def contract_period(
    contract: Contract, life: Life, zone: Zone, at: Instant
) -> tuple[Instant, Instant | None]:
    """The contract period that holds an instant; its end is None if nothing says when that is.

    Periods of the contract's term follow each other from its first day, or from the last renewal told; none
    lasts beyond the contract.
    """
    base_at = life.renewed_at(at)
    if contract.term is None:
        return base_at, life.end_at
    count = 0
    while after_terms(zone, base_at, contract.term, count + 1) <= at:
        count += 1
    end_at = after_terms(zone, base_at, contract.term, count + 1)
    start_at = after_terms(zone, base_at, contract.term, count)
    return start_at, end_at if life.end_at is None else min(end_at, life.end_at)


def after_terms(zone: Zone, at: Instant, term: Amount, count: int) -> Instant:
    """So many terms after an instant, by the civil time of a zone."""
    return zone.at_label(add_civil(zone.label_at(at), term.kind, int(term.count) * count))


def periods_of(rule: PeriodRule, life: Life, until_at: Instant) -> tuple[Period, ...]:
    """The periods of a rule that begin before an instant and share time with the contract, in order.

    A contract year begins anew with each renewal; the one before is cut there. BeyondHorizon if the zone does
    not know the years.
    """
    until_at = until_at if life.end_at is None else min(until_at, life.end_at)
    if rule.kind != "contract year":
        return tuple(rule.periods_between(life.start_at, until_at))
    starts = [life.start_at, *(one.from_at for one in life.renewals if one.from_at < until_at)]
    found: list[Period] = []
    for start_at, next_at in zip(starts, [*starts[1:], None], strict=True):
        own = rule if start_at == life.start_at else _from_day(rule, start_at)
        end_at = until_at if next_at is None else next_at
        for period in own.periods_between(start_at, end_at):
            from_at = period.start_at if own is rule else max(period.start_at, start_at)
            if found and found[-1].label == period.label:
                from_at = found.pop().start_at  # renewed on the first day of a year: it is one year
            cut_at = period.end_at if next_at is None else min(period.end_at, next_at)
            found.append(Period(from_at, cut_at, period.label))
    return tuple(found)


def _from_day(rule: PeriodRule, start_at: Instant) -> PeriodRule:
    return PeriodRule(rule.kind, rule.zone, rule.zone.date_at(start_at))


def contract_year(rule: PeriodRule, life: Life, at: Instant) -> Period:
    """The contract year that holds an instant, counted from the last renewal or from the beginning."""
    from_at = life.renewed_at(at)
    return (rule if from_at == life.start_at else _from_day(rule, from_at)).period_at(at)
