"""The cells of clocks, quotas, duties and covenants: what each reads, and what has to be decided before."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from operator import is_
from typing import NamedTuple, TypeAlias

from upheld.core.claiming.claim import Claim
from upheld.core.claiming.deciding import when_decided
from upheld.core.claiming.folding import counts_from_item
from upheld.core.clocks.clock import Clock, judge
from upheld.core.clocks.contacts import may_ask, namings_of
from upheld.core.clocks.covenant import judge_period, judge_report, reports_of
from upheld.core.clocks.obligation import Unowed, judge_obligation
from upheld.core.clocks.quota import entries_of, quota_outcome
from upheld.core.clocks.selection import quotas_read, types_read
from upheld.core.clocks.subject import Folding, Moment, Subject, fold_subject
from upheld.core.evaluating.cells import Forgetful, Input, Key, Reader
from upheld.core.evaluating.contracts import Contracts, by_name, contract_of, period_at
from upheld.core.evaluating.exclusions import rests_under
from upheld.core.evaluating.late_items import told_by_item
from upheld.core.evaluating.quotas import Counted, Quotas, Rule
from upheld.core.evaluating.strata import ADMITTED, ENTRIES, FILED, MOMENTS, OUTCOME
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ALWAYS, ClockRule, ObligationRule, QuotaRule, SubjectKind, Terms
from upheld.core.terms.duty import CovenantRule
from upheld.core.terms.life import Life, Rest
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.values.once import anew
from upheld.core.verdicts.verdict import Barred, Outcome, Pause, Verdict, Wake, under_plan

Judge: TypeAlias = Callable[[str, Reader, Instant], Outcome]
"""Gives the outcome of one clock on a subject."""


def _rules_of(terms: Terms) -> tuple[Rule, ...]:
    return (*terms.clocks, *terms.quotas, *terms.obligations, *terms.covenants)


_RESTING = frozenset({"ticket", "task", "incident"})
"""The kinds of subjects whose clocks stand still while a contract rests: what is asked, or happens, in it."""


class Alone(NamedTuple):
    """Judges cells of a clock that rest on nothing but their subject, by these types, and the contract."""

    judge: Judge
    kind: SubjectKind
    types: frozenset[str]


class _Reading(NamedTuple):
    """How a rule under a plan reads its subjects: by which types of fact, and how they are folded.

    `is_of_plan`: only those are its own that keep its plan.
    """

    kind: SubjectKind
    types: frozenset[str]
    folding: Folding
    is_of_plan: bool


class _Clock(NamedTuple):
    """A clock of a contract under a plan, with what is the same for all of its subjects.

    `deciding` are the quotas that decide on them, by binding and name. `is_resting`: it stands still while
    the contract rests. `is_of_item`: it counts from when that happened which is claimed for. `goes_over`: a
    cycle that runs when the plan changes is under the new one.
    """

    binding: str
    clock: Clock
    plan: str
    reading: _Reading
    deciding: tuple[tuple[str, str], ...]
    is_resting: bool
    is_of_item: bool
    goes_over: bool


class Clockwork:
    """What the strata up to FILED compute, and ANSWERED. Keys name binding, rule, and subject or period."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._rules = {
            (binding, rule.name): rule
            for binding, terms in contracts.terms.items()
            for rule in _rules_of(terms)
        }
        self._quotas = Quotas(contracts, self._rules)
        self._named_contacts = {name: terms.named_contacts for name, terms in contracts.terms.items()}
        self._clocks: dict[tuple[str, str], _Clock] = {}
        self._readings: dict[tuple[str, str], _Reading] = {}
        self._clocks_on: dict[tuple[str, SubjectKind], list[Key]] = {}
        self._quotas_on: dict[tuple[str, SubjectKind], tuple[tuple[str, QuotaRule], ...]] = {}
        self._foldings: dict[tuple[str, SubjectKind], Folding] = {}
        self._kept: dict[tuple[str, SubjectKind, str], tuple[tuple[Fact, ...], Subject | None]] | None = None

    def begin(self, keeps_subjects: bool, counted: Counted) -> None:
        """From now on subjects are kept, so that all of their clocks have the same one, or not any more.

        `counted` is what quotas are known to decide.
        """
        self._kept = {} if keeps_subjects else None
        self._quotas.begin(counted)

    @property
    def quotas(self) -> Quotas:
        """The quotas of all contracts."""
        return self._quotas

    def quotas_on(self, contract: str, kind: SubjectKind) -> tuple[tuple[str, QuotaRule], ...]:
        """The quotas that decide on clocks of a contract on subjects of a kind, each with its binding."""
        found = self._quotas_on.get((contract, kind))
        if found is None:
            every = [(one, self._contracts.terms[one]) for one in self._contracts.bindings[contract]]
            clocks = [(rule, terms) for _, terms in every for rule in terms.clocks if rule.of == kind]
            names = {quota.name for rule, terms in clocks for quota in quotas_read(rule, terms)}
            own = ((one, rule) for one, terms in every for rule in terms.quotas if rule.of == kind)
            found = tuple((one, rule) for one, rule in own if rule.name in names)
            self._quotas_on[contract, kind] = found
        return found

    def roots(
        self, contract: str, names: Mapping[Input, tuple[str, ...]], life: Life, at: Instant
    ) -> Iterator[Key]:
        """The cells of a contract that have verdicts, in the order in which they are shown."""
        for rules in by_name(self._contracts, contract, _rules_of):
            subjects: dict[str, None] = {}
            periods: list[tuple[Period, str]] = []
            for binding, rule in rules:
                if isinstance(rule, ClockRule):
                    subjects |= dict.fromkeys(names.get(("subjects", contract, rule.of), ()))
                elif isinstance(rule, CovenantRule) and rule.period is None:
                    subjects |= dict.fromkeys(names.get(("reports", contract), ()))
                else:
                    assert rule.period is not None
                    own = self._contracts.periods(binding, rule.name, rule.period, life, at)
                    periods += [(period, binding) for period in own]
            for subject in subjects:
                yield from (self._contracts.outcome_key(one, rule, subject) for one, rule in rules)
            name = rules[0][1].name
            yield from ((OUTCOME, "outcome", (one, name, period.label)) for period, one in sorted(periods))

    def kinds(self, contract: str) -> tuple[SubjectKind, ...]:
        """The kinds of subjects that the clocks of a contract are on, or somebody is told of."""
        terms = [self._contracts.terms[one] for one in self._contracts.bindings[contract]]
        kinds = [rule.of for one in terms for rule in one.clocks]
        kinds += [rule.of for one in terms for rule in one.notifications]
        return tuple(dict.fromkeys(kinds))

    def roots_of(self, contract: str, kind: SubjectKind, subject: str) -> list[Key]:
        """Those of the clocks on one subject."""
        clocks = self._clocks_on.get((contract, kind))
        if clocks is None:
            clocks = self._clocks_on[contract, kind] = [
                self._contracts.outcome_key(binding, rule, "")
                for binding in self._contracts.bindings[contract]
                for rule in self._contracts.terms[binding].clocks
                if rule.of == kind
            ]
        return [(stratum, what, (binding, name, subject)) for stratum, what, (binding, name, _) in clocks]

    def compute(self, key: Key, reader: Reader, at: Instant) -> tuple[Hashable, Instant | None]:
        """The value of a cell, and when it changes by itself."""
        stratum, _, (binding, name, *rest) = key
        rule = self._rules[binding, name]
        if stratum in (OUTCOME, FILED):
            outcome, wake_at = self._outcome(rule, binding, rest[0], reader, at)
            for wake in outcome.wakes:
                if wake_at is None or wake.at < wake_at:
                    wake_at = wake.at
            return under_plan(outcome, self._contracts.plan(binding)), wake_at
        assert isinstance(rule, QuotaRule)
        if stratum == ENTRIES:
            life = self._contracts.life(binding, reader)
            subject = self._folded(self._reading(binding, rule), binding, rest[0], life, reader)
            counts = subject is not None and not self._barred(binding, subject, life, reader)
            terms = self._contracts.terms[binding]
            return entries_of(rule, terms, subject) if subject and counts else (), None
        return self._quotas.compute(key, rule, reader), None

    def alone(self, binding: str, name: str, reader: Reader) -> Alone | None:
        """What judges the outcomes of a rule, if they rest on nothing but their subject and the contract."""
        rule = self._rules[binding, name]
        if not isinstance(rule, ClockRule):
            return None
        clock = self._clock(binding, rule)
        if clock.deciding or clock.is_of_item or clock.goes_over:
            return None
        return Alone(self._judging(clock, reader), clock.reading.kind, clock.reading.types)

    def judging(self, key: Key, reader: Reader) -> Judge:
        """What gives the value of the cells of a clock that does not go over to another plan."""
        binding, name, _ = key[2]
        rule = self._rules[binding, name]
        assert isinstance(rule, ClockRule)
        return self._judging(self._clock(binding, rule), reader)

    def _judging(self, clock: _Clock, reader: Reader) -> Judge:
        life = self._contracts.life(clock.binding, reader)

        def judged(subject_id: str, reader: Reader, at: Instant) -> Outcome:
            outcome = self._judged(clock, subject_id, life, reader, at)
            return under_plan(outcome, clock.plan) if clock.plan else outcome

        return judged

    def _clock(self, binding: str, rule: ClockRule) -> _Clock:
        found = self._clocks.get((binding, rule.name))
        if found is None:
            terms, plan = self._contracts.terms[binding], self._contracts.plan(binding)
            deciding = tuple(
                (one, quota.name)
                for quota in quotas_read(rule, terms)
                for one in self._quotas.deciding(binding, quota.name)
            )
            reading, is_of_item = self._reading(binding, rule), counts_from_item(rule)
            clock, is_resting = Clock(rule, terms), rule.of in _RESTING
            goes_over = self._contracts.goes_over(binding)
            found = _Clock(binding, clock, plan, reading, deciding, is_resting, is_of_item, goes_over)
            self._clocks[binding, rule.name] = found
        return found

    def _reading(self, binding: str, rule: ClockRule | QuotaRule) -> _Reading:
        found = self._readings.get((binding, rule.name))
        if found is None:
            folding = self._foldings.get((binding, rule.of))
            if folding is None:
                folding = self._foldings[binding, rule.of] = Folding(rule.of, self._contracts.terms[binding])
            has_others = len(self._contracts.siblings(binding)) > 1
            goes_over = isinstance(rule, ClockRule) and self._contracts.goes_over(binding)
            found = _Reading(rule.of, types_read(rule), folding, has_others and not goes_over)
            self._readings[binding, rule.name] = found
        return found

    def answered(
        self, key: Key, claim: Claim | None, reader: Reader, at: Instant
    ) -> tuple[Outcome, Instant | None]:
        """The outcome of a deadline of those who decide on a claim: met when a decision comes to count."""
        binding, name, claim_id = key[2]
        rule, terms = self._rules[binding, name], self._contracts.terms[binding]
        assert isinstance(rule, ClockRule)
        facts = reader.facts(("subject", "claim", claim_id), types_read(rule))
        told = facts if claim is None else when_decided(claim, facts)
        subject = fold_subject("claim", claim_id, told, terms)
        life = self._contracts.life(binding, reader)
        if subject is None or not self._contracts.is_of_subject(binding, life, subject):
            return Outcome(()), None
        outcome = judge(rule, terms, subject, at)
        wake_at = min((wake.at for wake in outcome.wakes), default=None)
        return under_plan(outcome, self._contracts.plan(binding)), wake_at

    def rule(self, binding: str, name: str) -> Rule:
        """A rule of a contract under a plan. KeyError if there is none of that name."""
        return self._rules[binding, name]

    def subject(self, binding: str, rule: ClockRule, subject_id: str, reader: Reader) -> Subject | None:
        """The subject of a clock, with what quotas decide on it; None before anything begins it."""
        life = self._contracts.life(binding, reader)
        return self._begun(self._clock(binding, rule), subject_id, life, reader)[0]

    # -- the subject of a clock ----------------------------------------------------------------------------

    def _begun(
        self, clock: _Clock, subject_id: str, life: Life, reader: Reader
    ) -> tuple[Subject | None, Barred | None]:
        """The subject of a clock, and why it starts none, if so; None where it is under another plan."""
        decided: list[tuple[Moment, ...]] = []
        for binding, quota in clock.deciding:
            moments = reader.cell((MOMENTS, "moments", (binding, quota, subject_id)))
            assert isinstance(moments, tuple)
            decided.append(moments)
        once = reader.of_clock
        if once is anew:
            return self._begun_anew(clock, subject_id, life, reader, decided)

        def begun() -> tuple[Subject | None, Barred | None]:
            subject, barred = self._begun_anew(clock, subject_id, life, reader, decided)
            return None if subject is None else subject.of_like_moments(once), barred

        return once(("begun", reader.sight.begun, id(life), *map(id, decided)), begun)

    def _begun_anew(
        self,
        clock: _Clock,
        subject_id: str,
        life: Life,
        reader: Reader,
        decided: Sequence[tuple[Moment, ...]],
    ) -> tuple[Subject | None, Barred | None]:
        binding = clock.binding
        subject = self._folded(clock.reading, binding, subject_id, life, reader)
        if subject is None:
            return None, None
        if decided:
            subject = subject.with_moments([moment for moments in decided for moment in moments])
        return subject, self._barred(binding, subject, life, reader)

    def _folded(
        self, reading: _Reading, binding: str, subject_id: str, life: Life, reader: Reader
    ) -> Subject | None:
        """A subject as its facts tell it; None before anything begins it, or if it is under another plan."""
        facts = reader.facts(("subject", reading.kind, subject_id), reading.types)
        subject = self._told(reading, binding, subject_id, facts)
        if subject is None or not reading.is_of_plan:
            return subject
        return subject if self._contracts.is_of_subject(binding, life, subject) else None

    def _told(
        self, reading: _Reading, binding: str, subject_id: str, facts: tuple[Fact, ...]
    ) -> Subject | None:
        """A subject as these facts tell it."""
        kept = self._kept
        if kept is None:
            return reading.folding.subject(subject_id, facts)
        key = binding, reading.kind, subject_id
        told, subject = kept.get(key, (None, None))
        # The same facts are the same objects, as long as they are kept.
        if told is None or len(told) != len(facts) or not all(map(is_, told, facts)):
            subject = reading.folding.subject(subject_id, facts)
            kept[key] = facts, subject
        return subject

    def _barred(self, binding: str, subject: Subject, life: Life, reader: Reader) -> Barred | None:
        """Why a subject starts no clock at all; None if it does."""
        if subject.kind not in ("ticket", "task"):
            return None
        opened = subject.opened
        if not life.holds(opened.at):
            return Barred("not applicable", "the contract was not in force")
        limit = self._named_contacts[binding]
        if limit is None or subject.kind != "ticket":
            return None
        terms = self._contracts.terms[binding]
        assert terms.contract is not None
        facts = reader.facts(("contacts", terms.contract.id))
        namings = namings_of(terms.contract, facts, terms.calendars[ALWAYS].rule.zone)
        requester = subject.attributes_at(opened.at).get("requester")
        if requester is None:
            return Barred("undetermined", "who asked is not known, and only named contacts may")
        if may_ask(str(requester), opened.at, namings, limit):
            return None
        return Barred("not applicable", "the requester is not a named contact")

    # -- outcomes ------------------------------------------------------------------------------------------

    def _outcome(
        self, rule: Rule, binding: str, subject_id: str, reader: Reader, at: Instant
    ) -> tuple[Outcome, Instant | None]:
        """The outcome of a rule, and when another plan takes its place, if that is known."""
        life = self._contracts.life(binding, reader)
        if isinstance(rule, ClockRule):
            clock = self._clock(binding, rule)
            if clock.goes_over:
                return self._of_cycles(rule, binding, subject_id, life, reader, at)
            return self._judged(clock, subject_id, life, reader, at), None
        if isinstance(rule, CovenantRule):
            return self._covenant(rule, binding, subject_id, life, reader, at), None
        contract = contract_of(binding)
        period = self._contracts.period(binding, rule.name, rule.period, life, at, subject_id)
        if period is None:
            return Outcome(()), None
        if isinstance(rule, ObligationRule):
            done = reader.facts(("obligations", contract))
            unowed = _unowed(rule.period, period, life, self._contracts.terms[binding])
            return judge_obligation(rule, contract, period, done, at, unowed), None
        admitted = reader.cell((ADMITTED, "admitted", (binding, rule.name, subject_id)))
        assert isinstance(admitted, tuple)
        return quota_outcome(rule, contract, period, admitted, at), None

    def _judged(self, clock: _Clock, subject_id: str, life: Life, reader: Reader, at: Instant) -> Outcome:
        subject, barred = self._begun(clock, subject_id, life, reader)
        if subject is None:
            return Outcome(())
        if clock.is_of_item:
            subject = subject.with_moments(told_by_item(self._contracts, clock.binding, subject, reader))
        rests: tuple[Pause, ...] = ()
        if life.rests and clock.is_resting:
            rested = rests_under(clock.clock.terms, life)
            rests = tuple(Pause(one.start_at, one.end_at, "the contract rested") for one in rested)
        return clock.clock.judge(subject, at, barred, reader.of_clock, reader.sight, rests)

    def _of_cycles(
        self, rule: ClockRule, binding: str, subject_id: str, life: Life, reader: Reader, at: Instant
    ) -> tuple[Outcome, Instant | None]:
        """The cycles that are under the plan of a binding, where a running one goes over to another plan.

        A cycle is under the plan that held when it was stopped or became late; what runs, under the newest.
        """
        found: list[Verdict] = []
        wakes: tuple[Wake, ...] = ()
        settled: set[int] = set()
        plans = life.plans
        for number, held in enumerate(plans):
            until_at = plans[number + 1].from_at if number + 1 < len(plans) else None
            if held.from_at > at:
                return Outcome(tuple(found), wakes), held.from_at
            one = self._contracts.under(binding, held.plan)
            own = self._rules.get((one, rule.name))
            if not isinstance(own, ClockRule):
                continue
            outcome = self._judged(self._clock(one, own), subject_id, life, _Plain(reader), at)
            is_last = until_at is None or until_at > at
            over_at = at + 1 if until_at is None else until_at
            mine = [
                verdict
                for verdict in outcome.verdicts
                if verdict.cycle not in settled and (is_last or _is_settled_by(verdict, over_at))
            ]
            settled |= {verdict.cycle for verdict in mine}
            if one == binding:
                found += mine
                wakes = outcome.wakes if is_last else wakes
        return Outcome(tuple(found), wakes), None

    def _covenant(
        self, rule: CovenantRule, binding: str, subject_id: str, life: Life, reader: Reader, at: Instant
    ) -> Outcome:
        """The verdict on one report of a covenant, or on one of its periods."""
        terms, contract = self._contracts.terms[binding], contract_of(binding)
        from_at, until_at = life.start_at, life.end_at
        if rule.since is not None:
            from_at = max(from_at, terms.calendars[ALWAYS].rule.zone.day_start(rule.since))
        facts = reader.facts(("covenants", contract))
        reports = reports_of(rule, facts, len(terms.covenants) == 1)
        if rule.period is None:
            one = next((one for one in reports if one.id == subject_id), None)
            if one is None or not self._contracts.is_under(binding, life, one.happened_at):
                return Outcome(())
            return judge_report(rule, contract, one, from_at, until_at)
        period = self._contracts.period(binding, rule.name, rule.period, life, at, subject_id)
        if period is None:
            return Outcome(())
        return judge_period(rule, contract, period, reports, at, from_at, until_at)


class _Plain(Forgetful):
    """A reader for the cells of another plan: parts of theirs are not taken for those of this one."""

    def __init__(self, reader: Reader) -> None:
        self.facts, self.names, self.cell = reader.facts, reader.names, reader.cell


def _is_settled_by(verdict: Verdict, at: Instant) -> bool:
    """Whether a cycle was stopped, or late, before an instant."""
    if verdict.is_late and verdict.late_after_at is not None:
        return verdict.late_after_at + 1 < at
    return verdict.stopped_at is not None and verdict.stopped_at < at


def _unowed(rule: PeriodRule, period: Period, life: Life, terms: Terms) -> Unowed | None:
    """From when on, and why, what a period asks for is not owed although it is not done."""
    if life.end_at is not None and life.end_at < period.end_at:
        return Unowed(life.end_at, "the contract ended before it was due")
    whole = period_at(rule, life, period.start_at)
    if rule.kind == "contract year" and period.end_at < whole.end_at:
        return Unowed(period.end_at, "the contract was renewed before it was due")
    rest = next((one for one in rests_under(terms, life) if _covers(one, period)), None)
    return None if rest is None else Unowed(period.end_at, "the contract rested")


def _covers(rest: Rest, period: Period) -> bool:
    return rest.start_at <= period.start_at and (rest.end_at is None or rest.end_at >= period.end_at)
