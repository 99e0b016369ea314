"""A period in which so much fails, measured by the engine: the same for examples of levels and of credits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from typing import Literal

from upheld.book.worked.attributes import Given, combinations, deciding, readable, satisfying
from upheld.book.worked.clocks import Played, play
from upheld.book.worked.observed import MadeUp, Together
from upheld.book.worked.stage import Stage
from upheld.core.evaluating.evaluation import Evaluation
from upheld.core.facts.fact import Fact
from upheld.core.measuring.latency import LONGEST_US, bucket_bounds, bucket_of
from upheld.core.measuring.level import times_told
from upheld.core.measuring.observation import Observations
from upheld.core.measuring.parts import gone_over, leaves_of
from upheld.core.terms.agreement import ClockRule
from upheld.core.terms.indicator import CommitRule, Indicator
from upheld.core.timeline.instant import DAY, MINUTE, SECOND, Duration, Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.values.expression import names_in
from upheld.core.values.frozen import dataclass, field, replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Verdict
from upheld.core.worked import Attributes, WorkedFailure

_LEAST_ITEMS = 100
_SETTLED = DAY


@dataclass(frozen=True)
class Failing:
    """One commitment in one period, and what it comes to if so many steps fail.

    A step is a slice, or where nothing says how finely time is told apart a second; of what is counted it is
    one item of `of`. Everything fails in one outage from `start_at` on.
    """

    stage: Stage
    commit: CommitRule
    _known: dict[int, Verdict | None] = field(default_factory=dict)

    @cached_property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.stage.terms.indicators[self.commit.indicator]

    @cached_property
    def period(self) -> Period:
        """The period with the first day of the stage's month."""
        return self.commit.period.period_at(self.stage.month.start_at + DAY)

    @property
    def counts_items(self) -> bool:
        """Whether items are counted: outcomes, requests, or latencies."""
        return self.indicator.basis in ("outcomes", "counts", "latency")

    @cached_property
    def of(self) -> int:
        """How many items there are: enough to tell the level from the next step, 100 at least."""
        level, items = self.commit.level, _LEAST_ITEMS
        while level is not None and level.unit == "ratio" and 0 < (1 - level.value) * items < 1:
            items *= 10
        return items

    @cached_property
    def step_us(self) -> Duration:
        """The shortest stretch that can fail."""
        if self.indicator.per is not None:
            return self.indicator.per.slice_us
        return SECOND if self.indicator.basis in ("states", "incidents") else MINUTE

    @cached_property
    def component(self) -> str:
        """The component that fails, which is what the example is about; empty for a deadline's items."""
        if self.indicator.basis == "outcomes":
            return ""
        parts = gone_over(self.stage.terms.components, self.indicator.of)
        return parts[0] if self.indicator.across in ("each", "worst") else self.indicator.of

    @cached_property
    def start_at(self) -> Instant:
        """When the outage begins: ten o'clock on a day a third into the period, or the next opening."""
        zone = self.commit.period.zone
        on = zone.date_at(self.period.start_at + self.period.length_us // 3)
        at = zone.instant_at(on, 10 * 3600) // self.step_us * self.step_us
        calendar = self.stage.terms.calendars[self.indicator.on]
        return -(-calendar.next_opening(at) // self.step_us) * self.step_us

    def outage(self, steps: int) -> Spans:
        """The stretch that fails, within the hours in which anything is measured."""
        calendar = self.stage.terms.calendars[self.indicator.on]
        end_at = calendar.spans.advance(self.start_at, steps * self.step_us)
        return Spans.empty if end_at is None else calendar.spans.clip(self.start_at, end_at)

    @cached_property
    def most(self) -> int:
        """How many steps there are to fail."""
        if self.counts_items:
            return self.of
        return (self.period.end_at - self.start_at) // self.step_us

    def twice(self, steps: int) -> int:
        """Twice as much."""
        return 2 * steps

    def failure(self, steps: int, verdict: Verdict) -> WorkedFailure:
        """What failed as it was measured: of an outage, what counts as downtime in the period."""
        part = self.component if self.component != self.indicator.of else ""
        bad = steps if self.counts_items else steps * self.step_us
        found = verdict.measurement
        if found is not None and self._is_in(found.unit):
            bad = found.bad
        if self.counts_items:
            return WorkedFailure(bad, self.of, of_component=part, given=self.given)
        return WorkedFailure(bad, self.period.length_us, self.start_at, part)

    def _is_in(self, unit: Literal["time", "count"]) -> bool:
        """Whether a figure has what fails in the unit of a measurement: a percentile or a mean has not."""
        return self.indicator.combine != "percentile" and unit == ("count" if self.counts_items else "time")

    @property
    def subject(self) -> str:
        """What the verdict on the period is about, the part that fails included."""
        verdict = self.verdict(0)
        return self.period.label if verdict is None else verdict.key.subject

    # -- what the engine says ------------------------------------------------------------------------------

    def verdict(self, steps: int) -> Verdict | None:
        """The verdict if so many steps fail."""
        if steps not in self._known:
            self._known[steps] = self._asked(steps)
        return self._known[steps]

    def _asked(self, steps: int) -> Verdict | None:
        found = self.evaluation(steps, (), self.period.end_at + _SETTLED)
        return self.of_period(found)

    def of_period(self, found: Evaluation) -> Verdict | None:
        """The verdict on the period, of the component that fails where there is one for each."""
        outcome = found.outcomes.get(CellKey(self.stage.contract.id, self.commit.name, self.period.label))
        verdicts = outcome.verdicts if outcome else ()
        wanted = f"{self.period.label}/{self.component}"
        return next((one for one in verdicts if one.key.subject == wanted), next(iter(verdicts), None))

    def evaluation(self, steps: int, more: tuple[Fact, ...], at: Instant) -> Evaluation:
        """What the engine says of the period if so many steps fail, with other facts beside."""
        return self.on_stage.evaluate((*self.facts(steps), *more), at, self.observations(steps))

    @cached_property
    def on_stage(self) -> Stage:
        """The stage with this commitment alone, under a contract that begins with the period."""
        terms = self.stage.terms
        from_on = self.commit.period.zone.date_at(self.period.start_at) - timedelta(days=1)
        remedies = tuple(one for one in terms.remedies if one.of == self.commit.name)
        clocks = tuple(one for one in terms.clocks if one.of == "claim" or one.name == self.indicator.of)
        terms = replace(terms, commits=(self.commit,), remedies=remedies, clocks=clocks, obligations=())
        return self.stage.on(terms).in_force_from(from_on)

    def observations(self, steps: int) -> MadeUp:
        """The observations if so many steps fail."""
        components = self.stage.terms.components
        failing = frozenset(leaves_of(components, self.component)) if self.component else frozenset[str]()
        level = self.commit.level
        if self.counts_items:
            made = MadeUp(failing, bad_items=steps, of=self.of, at=self.start_at)
            if level is None or level.unit != "duration":
                return made
            fast_us, slow_us = times_told(self.commit, level)
            if fast_us is None or slow_us is None:
                return made
            return replace(made, fast_us=fast_us, slow_us=slow_us)
        return MadeUp(failing, self.outage(steps))

    def facts(self, steps: int) -> tuple[Fact, ...]:
        """The facts if so many steps fail: an incident, or the items of a deadline."""
        if self.indicator.basis == "outcomes":
            return self._items(steps)
        if self.indicator.basis != "incidents" or not steps:
            return ()
        given = satisfying(self.indicator.where, self.stage.terms, "incident") or {}
        told: Given = {**given, "components": list(leaves_of(self.stage.terms.components, self.component))}
        end_at = self.start_at + steps * self.step_us
        return (
            self.stage.opening("incident", "example", self.start_at, told),
            self.stage.tell("incident.resolved", "example", end_at),
        )

    # -- items ---------------------------------------------------------------------------------------------

    @cached_property
    def clock(self) -> ClockRule:
        """The deadline whose items are counted."""
        return next(rule for rule in self.stage.terms.clocks if rule.name == self.indicator.of)

    @cached_property
    def item(self) -> Played | None:
        """One item of the deadline, as it starts."""
        exprs = [one for one in (self.clock.where, self.indicator.where) if one is not None]
        decided = {name: values[0] for name, values in deciding(self.clock, self.stage.terms).items()}
        for given in combinations(exprs, self.stage.terms, self.clock.of):
            played = play(self.on_stage, self.clock, {**decided, **given}, self.start_at)
            if played is not None and played.verdict.due_at is not None:
                return played
        return None

    @cached_property
    def given(self) -> Attributes:
        """What is said of an item: the attributes without which it would not be counted."""
        where = self.indicator.where
        if self.indicator.basis != "outcomes" or where is None or self.item is None:
            return ()
        given = self.item.given
        asked = {name: given[name] for name in names_in(where) if name in given}
        return readable(asked, sorted(asked))

    def _items(self, late: int) -> tuple[Fact, ...]:
        if self.item is None:
            return ()
        due_at = self.item.last_at if self.item.last_at is not None else self.item.verdict.due_at
        assert due_at is not None
        stop = sorted(self.clock.stops[0].types)[0]
        soon_at = min(self.item.start_at + MINUTE, due_at)
        found: list[Fact] = []
        for n in range(self.of):
            subject = f"{self.commit.name} {n + 1:04}"
            at = due_at + MINUTE if n < late else soon_at
            found += [_renamed(fact, subject) for fact in self.item.facts]
            found.append(self.stage.tell(stop, subject, at, {}))
        return tuple(found)

    # -- searching -----------------------------------------------------------------------------------------

    def first(self, holds: Callable[[Verdict], bool], value: Fraction | None = None) -> int | None:
        """The fewest steps from which on a condition holds, which goes on holding; None if it never does.

        It is looked for first where the share of what is well comes below a `value`.
        """
        low, high = 0, self.most
        if not self._holds(holds, high):
            return None
        guess = 0 if value is None else int((1 - value) * (self.of if self.counts_items else self._in_period))
        for near in (guess, guess + 1):
            if low <= near < high and self._holds(holds, near):
                high = near
            elif low <= near < high:
                low = near + 1
        while low < high:
            middle = (low + high) // 2
            if self._holds(holds, middle):
                high = middle
            else:
                low = middle + 1
        return low

    @property
    def _in_period(self) -> int:
        return self.period.length_us // self.step_us

    def _holds(self, holds: Callable[[Verdict], bool], steps: int) -> bool:
        verdict = self.verdict(steps)
        return verdict is not None and holds(verdict)


@dataclass(frozen=True)
class Slow(Failing):
    """A percentile, failing by how long every check takes: a step is a length that is told apart."""

    @cached_property
    def most(self) -> int:
        """The longest."""
        return bucket_of(LONGEST_US)

    def twice(self, steps: int) -> int:
        """Twice as long."""
        return bucket_of(2 * bucket_bounds(steps)[0])

    def observations(self, steps: int) -> MadeUp:
        """All checks take the same time."""
        failing = frozenset(leaves_of(self.stage.terms.components, self.component))
        return MadeUp(
            failing, bad_items=self.of, of=self.of, at=self.start_at, slow_us=bucket_bounds(steps)[0]
        )


def all_facts(failing: Sequence[tuple[Failing, int]]) -> tuple[Fact, ...]:
    """The facts of several commitments that fail by so many steps."""
    return tuple(dict.fromkeys(fact for one, steps in failing for fact in one.facts(steps)))


def all_observations(failing: Sequence[tuple[Failing, int]]) -> Observations:
    """The observations of several commitments that fail by so many steps."""
    made = tuple(one.observations(steps) for one, steps in failing)
    return made[0] if len(made) == 1 else Together(made)


def _renamed(fact: Fact, subject: str) -> Fact:
    return replace(fact, id=f"{fact.id} {subject}", subject=subject)
