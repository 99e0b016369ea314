"""The contract of core: agreements, facts and an instant in; verdicts and wakes out. A pure function.

`evaluate` is `Evaluator` used once. An evaluator kept between questions computes only what a new fact or the
passing of time can have changed, and gives the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from upheld.core.agreement import ALWAYS, ClockRule, ObligationRule, QuotaRule, SubjectKind, Terms
from upheld.core.cells import Cells, Input, Key, Reader
from upheld.core.clock import judge
from upheld.core.contacts import may_ask, namings_of
from upheld.core.fact import Fact
from upheld.core.indicator import CommitRule
from upheld.core.instant import Instant
from upheld.core.key import CellKey
from upheld.core.obligation import judge_obligation
from upheld.core.period import Period
from upheld.core.quota import Admission, Entry, admission_moments, admit, entries_of, quota_outcome
from upheld.core.selection import quotas_read, types_read
from upheld.core.subject import OPENING, Moment, Subject, begins, fold_subject, subject_kind
from upheld.core.verdict import Barred, Outcome, Verdict, Wake

_CONTACTS = frozenset({"contact.named", "contact.removed"})
_DONE = "obligation.done"

# Strata: a cell reads only cells of those before its own.
_ENTRIES, _LEDGER, _COUNTED, _ADMITTED, _MOMENTS, _OUTCOME = range(6)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The state of every promise at `at`: per contract, in the order of the agreement, then of subjects."""

    at: Instant
    outcomes: Mapping[CellKey, Outcome]

    def of(self, contract: str) -> tuple[Verdict, ...]:
        """The verdicts of a contract."""
        found = (outcome for key, outcome in self.outcomes.items() if key.contract == contract)
        return tuple(verdict for outcome in found for verdict in outcome.verdicts)

    @property
    def wakes(self) -> tuple[tuple[Wake, CellKey], ...]:
        """Every instant at which something changes if no fact comes, the next one first."""
        pairs = ((wake, key) for key, outcome in self.outcomes.items() for wake in outcome.wakes)
        return tuple(sorted(pairs, key=lambda pair: (pair[0].due_at, pair[0].at, pair[1], pair[0].what)))


def evaluate(contracts: Iterable[Terms], facts: Sequence[Fact], at: Instant) -> Evaluation:
    """What every contract says of the facts at an instant.

    `facts` are those in force (`FactLog.effective`), by (time, source, id), none later than `at`.
    BeyondHorizon if a calendar is asked about years for which it was not compiled.
    """
    return Evaluator(contracts).evaluate(facts, at)


class Evaluator:
    """An evaluation that goes on: after more facts, or later, it computes only the cells that can differ."""

    def __init__(self, contracts: Iterable[Terms]) -> None:
        bound = [terms for terms in contracts if terms.contract is not None]
        self._terms = {terms.contract.id: terms for terms in bound if terms.contract is not None}
        self._declared = {name: event.of for terms in bound for name, event in terms.events.items()}
        self._providers = {terms.provider for terms in bound}
        self._rules = {(contract, rule.name): rule for contract, t in self._terms.items() for rule in t.rules}
        self._types = {
            key: types_read(rule)
            for key, rule in self._rules.items()
            if isinstance(rule, ClockRule | QuotaRule)
        }
        self._quotas = {
            key: quotas_read(rule, self._terms[key[0]])
            for key, rule in self._rules.items()
            if isinstance(rule, ClockRule)
        }
        self._cells = Cells(self._compute)
        self._at: Instant | None = None

    @property
    def computed(self) -> tuple[CellKey, ...]:
        """The cells with verdicts that the last evaluation had to compute."""
        return tuple(CellKey(*key[2]) for key in self._cells.computed if key[0] == _OUTCOME)

    def evaluate(self, facts: Sequence[Fact], at: Instant) -> Evaluation:
        """As `evaluate`. An instant before the last one starts anew, since wakes only look ahead."""
        if self._at is not None and at < self._at:
            self._cells, self._at = Cells(self._compute), None
        grouped, names = self._inputs(facts)
        self._cells.put_facts(grouped)
        self._cells.put_names(names)
        order = self._roots(names, at)
        since, self._at = self._at, None
        try:
            self._cells.settle(order, at, since)
        except Exception:
            self._cells = Cells(self._compute)  # what was left half settled is of no use to the next question
            raise
        self._at = at
        outcomes: dict[CellKey, Outcome] = {}
        for key in order:
            outcome = self._cells.value(key)
            assert isinstance(outcome, Outcome)
            if outcome.verdicts:
                outcomes[CellKey(*key[2])] = outcome
        return Evaluation(at, outcomes)

    # -- inputs --------------------------------------------------------------------------------------------

    def _inputs(
        self, facts: Sequence[Fact]
    ) -> tuple[dict[Input, tuple[Fact, ...]], dict[Input, tuple[str, ...]]]:
        """The facts by what they are about, and which subjects each contract has."""
        grouped: dict[Input, list[Fact]] = {}
        subjects: dict[Input, dict[str, None]] = {}
        for fact in facts:
            kind = subject_kind(fact.type, self._declared)
            if kind is not None:
                grouped.setdefault(("subject", kind, fact.subject), []).append(fact)
                if begins(kind, fact.type):
                    for contract in self._contracts_of(kind, fact):
                        subjects.setdefault(("subjects", contract, kind), {})[fact.subject] = None
            elif fact.type in _CONTACTS or fact.type == _DONE:
                contract = str(fact.data.get("contract"))
                name = "obligations" if fact.type == _DONE else "contacts"
                grouped.setdefault((name, contract), []).append(fact)
        names = {key: tuple(sorted(found, key=_natural)) for key, found in subjects.items()}
        return {key: tuple(found) for key, found in grouped.items()}, names

    def _contracts_of(self, kind: SubjectKind, fact: Fact) -> list[str]:
        """The contracts a subject belongs to: the one it names, or all of its provider's."""
        if kind in ("ticket", "task", "claim"):
            contract = str(fact.data.get("contract"))
            return [contract] if contract in self._terms else []
        provider = fact.data.get("provider")
        if provider is None and len(self._providers) != 1:
            return []
        return [
            contract
            for contract, terms in self._terms.items()
            if provider in (None, terms.provider) and in_term(terms, fact.at)
        ]

    def _roots(self, names: Mapping[Input, tuple[str, ...]], at: Instant) -> list[Key]:
        """The cells with verdicts, in the order in which they are shown."""
        roots: list[Key] = []
        for (contract, name), rule in self._rules.items():
            if isinstance(rule, CommitRule):
                continue
            if isinstance(rule, ClockRule):
                subjects = names.get(("subjects", contract, rule.of), ())
            else:
                subjects = tuple(self._periods(contract, rule, at))
            roots += [(_OUTCOME, "outcome", (contract, name, subject)) for subject in subjects]
        return roots

    def _periods(self, contract: str, rule: QuotaRule | ObligationRule, at: Instant) -> dict[str, Period]:
        """The periods of a contract that have begun, by label."""
        start_at, end_at = term_of(self._terms[contract])
        until_at = at + 1 if end_at is None else min(at + 1, end_at)
        if until_at <= start_at:
            return {}
        return {period.label: period for period in rule.period.periods_between(start_at, until_at)}

    # -- cells ---------------------------------------------------------------------------------------------

    def _compute(self, key: Key, reader: Reader, at: Instant) -> tuple[Hashable, Instant | None]:
        """The value of a cell, and when it changes by itself."""
        stratum, _, (contract, name, *rest) = key
        terms, rule = self._terms[contract], self._rules[contract, name]
        assert not isinstance(rule, CommitRule)
        if stratum == _OUTCOME:
            outcome = self._outcome(rule, terms, rest[0], reader, at)
            return outcome, min((wake.at for wake in outcome.wakes), default=None)
        assert isinstance(rule, QuotaRule)
        if stratum == _ENTRIES:
            subject = self._subject(rule, terms, rest[0], reader)
            counts = subject is not None and not self._barred(terms, subject, reader)
            return entries_of(rule, terms, subject) if subject and counts else (), None
        if stratum == _LEDGER:
            return self._ledger(rule, contract, reader), None
        if stratum == _COUNTED:
            ledger = reader.cell((_LEDGER, "ledger", (contract, name)))
            assert isinstance(ledger, tuple)
            return tuple(entry for label, entry in ledger if label == rest[0]), None
        if stratum == _ADMITTED:
            counted = reader.cell((_COUNTED, "counted", (contract, name, rest[0])))
            assert isinstance(counted, tuple)
            return admit(rule, counted), None
        return self._moments(rule, contract, rest[0], reader), None

    def _outcome(
        self,
        rule: ClockRule | QuotaRule | ObligationRule,
        terms: Terms,
        subject_id: str,
        reader: Reader,
        at: Instant,
    ) -> Outcome:
        assert terms.contract is not None
        contract = terms.contract.id
        if isinstance(rule, ObligationRule):
            done = reader.facts(("obligations", contract))
            period = self._periods(contract, rule, at)[subject_id]
            return judge_obligation(rule, contract, period, done, at, term_of(terms)[1])
        if isinstance(rule, QuotaRule):
            admitted = reader.cell((_ADMITTED, "admitted", (contract, rule.name, subject_id)))
            assert isinstance(admitted, tuple)
            period = self._periods(contract, rule, at)[subject_id]
            return quota_outcome(rule, contract, period, admitted, at)
        subject = self._subject(rule, terms, subject_id, reader)
        if subject is None:
            return Outcome(())
        moments: list[Moment] = []
        for quota in self._quotas[contract, rule.name]:
            decided = reader.cell((_MOMENTS, "moments", (contract, quota.name, subject_id)))
            assert isinstance(decided, tuple)
            moments += decided
        return judge(rule, terms, subject.with_moments(moments), at, self._barred(terms, subject, reader))

    def _subject(
        self, rule: ClockRule | QuotaRule, terms: Terms, subject_id: str, reader: Reader
    ) -> Subject | None:
        assert terms.contract is not None
        facts = reader.facts(("subject", rule.of, subject_id), self._types[terms.contract.id, rule.name])
        return fold_subject(rule.of, subject_id, facts, terms)

    def _barred(self, terms: Terms, subject: Subject, reader: Reader) -> Barred | None:
        """Why a subject starts no clock at all; None if it does."""
        if subject.kind not in ("ticket", "task"):
            return None
        assert terms.contract is not None
        opened = next(event for event in subject.events if event.fact.type == OPENING[subject.kind])
        if not in_term(terms, opened.at):
            return Barred("not applicable", "the contract was not in force")
        limit = terms.named_contacts
        if limit is None or subject.kind != "ticket":
            return None
        facts = reader.facts(("contacts", terms.contract.id))
        namings = namings_of(terms.contract, facts, terms.calendars[ALWAYS].rule.zone)
        requester = subject.attributes_at(opened.at).get("requester")
        if requester is None:
            return Barred("undetermined", "who asked is not known, and only named contacts may")
        if may_ask(str(requester), opened.at, namings, limit):
            return None
        return Barred("not applicable", "the requester is not a named contact")

    def _ledger(self, rule: QuotaRule, contract: str, reader: Reader) -> tuple[tuple[str, Entry], ...]:
        """Every entry of a quota with its period."""
        found: list[tuple[str, Entry]] = []
        for subject in reader.names(("subjects", contract, rule.of)):
            entries = reader.cell((_ENTRIES, "entries", (contract, rule.name, subject)))
            assert isinstance(entries, tuple)
            found += [(rule.period.period_at(entry.counted_at).label, entry) for entry in entries]
        return tuple(found)

    def _moments(self, rule: QuotaRule, contract: str, subject: str, reader: Reader) -> tuple[Moment, ...]:
        """The decisions of a quota on one subject, over time."""
        entries = reader.cell((_ENTRIES, "entries", (contract, rule.name, subject)))
        assert isinstance(entries, tuple)
        admissions: list[Admission] = []
        for label in dict.fromkeys(rule.period.period_at(entry.counted_at).label for entry in entries):
            admitted = reader.cell((_ADMITTED, "admitted", (contract, rule.name, label)))
            assert isinstance(admitted, tuple)
            admissions += admitted
        return admission_moments(rule, admissions, subject)


def term_of(terms: Terms) -> tuple[Instant, Instant | None]:
    """From when until when a contract is in force, by the days of its zone; None: until further notice."""
    contract = terms.contract
    assert contract is not None
    zone = terms.calendars[ALWAYS].rule.zone
    return zone.day_start(contract.from_on), zone.day_start(contract.until_on) if contract.until_on else None


def in_term(terms: Terms, at: Instant) -> bool:
    """Whether a contract is in force at an instant."""
    start_at, end_at = term_of(terms)
    return start_at <= at and (end_at is None or at < end_at)


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """T-9 before T-10: runs of digits by their number, which their length and digits tell however long."""
    parts = re.split(r"(\d+)", text)
    bare = (part.lstrip("0") if i % 2 else part for i, part in enumerate(parts))
    return tuple((len(part) if i % 2 else 0, part) for i, part in enumerate(bare))
