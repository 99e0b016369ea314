"""The cells of clocks, quotas, duties and covenants: what each reads, and what has to be decided before."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeAlias

from upheld.core.clocks.clock import judge
from upheld.core.clocks.contacts import may_ask, namings_of
from upheld.core.clocks.covenant import judge_period, judge_report, reports_of
from upheld.core.clocks.obligation import judge_obligation
from upheld.core.clocks.quota import Admission, Entry, admission_moments, admit, entries_of, quota_outcome
from upheld.core.clocks.selection import quotas_read, types_read
from upheld.core.clocks.subject import OPENING, Moment, Subject, fold_subject
from upheld.core.evaluating.cells import Input, Key, Reader
from upheld.core.evaluating.contracts import Contracts
from upheld.core.evaluating.strata import ADMITTED, COUNTED, ENTRIES, LEDGER, MOMENTS, OUTCOME
from upheld.core.terms.agreement import ALWAYS, ClockRule, ObligationRule, QuotaRule, Terms
from upheld.core.terms.duty import CovenantRule
from upheld.core.timeline.instant import Instant
from upheld.core.verdicts.verdict import Barred, Outcome

_Rule: TypeAlias = ClockRule | QuotaRule | ObligationRule | CovenantRule


def _rules_of(terms: Terms) -> tuple[_Rule, ...]:
    return (*terms.clocks, *terms.quotas, *terms.obligations, *terms.covenants)


class Clockwork:
    """What the strata up to OUTCOME compute. A key names contract, rule, and subject or period."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        rules = {
            (contract, rule.name): rule
            for contract, terms in contracts.terms.items()
            for rule in _rules_of(terms)
        }
        self._rules = rules
        self._types: dict[tuple[str, str], frozenset[str]] = {}
        self._quotas: dict[tuple[str, str], tuple[QuotaRule, ...]] = {}

    def roots(self, contract: str, names: Mapping[Input, tuple[str, ...]], at: Instant) -> Iterator[Key]:
        """The cells of a contract that have verdicts, in the order in which they are shown."""
        terms = self._contracts.terms[contract]
        for rule in _rules_of(terms):
            if isinstance(rule, ClockRule):
                subjects = names.get(("subjects", contract, rule.of), ())
            elif isinstance(rule, CovenantRule) and rule.period is None:
                subjects = names.get(("reports", contract), ())
            else:
                assert rule.period is not None
                periods = self._contracts.periods(contract, rule.name, rule.period, at)
                subjects = tuple(period.label for period in periods)
            yield from ((OUTCOME, "outcome", (contract, rule.name, subject)) for subject in subjects)

    def compute(self, key: Key, reader: Reader, at: Instant) -> tuple[Hashable, Instant | None]:
        """The value of a cell, and when it changes by itself."""
        stratum, _, (contract, name, *rest) = key
        terms, rule = self._contracts.terms[contract], self._rules[contract, name]
        if stratum == OUTCOME:
            outcome = self._outcome(rule, terms, rest[0], reader, at)
            return outcome, min([wake.at for wake in outcome.wakes]) if outcome.wakes else None
        assert isinstance(rule, QuotaRule)
        if stratum == ENTRIES:
            subject = self._folded(rule, terms, rest[0], reader)
            counts = subject is not None and not self._barred(terms, subject, reader)
            return entries_of(rule, terms, subject) if subject and counts else (), None
        if stratum == LEDGER:
            return self._ledger(rule, contract, reader), None
        if stratum == COUNTED:
            ledger = reader.cell((LEDGER, "ledger", (contract, name)))
            assert isinstance(ledger, tuple)
            return tuple(entry for label, entry in ledger if label == rest[0]), None
        if stratum == ADMITTED:
            counted = reader.cell((COUNTED, "counted", (contract, name, rest[0])))
            assert isinstance(counted, tuple)
            return admit(rule, counted), None
        return self._moments(rule, contract, rest[0], reader), None

    def rule(self, contract: str, name: str) -> _Rule:
        """A rule of a contract. KeyError if it has none of that name."""
        return self._rules[contract, name]

    def subject(self, contract: str, rule: ClockRule, subject_id: str, reader: Reader) -> Subject | None:
        """The subject of a clock, with what quotas decide on it; None before anything begins it."""
        return self._begun(contract, rule, subject_id, reader)[0]

    def _begun(
        self, contract: str, rule: ClockRule, subject_id: str, reader: Reader
    ) -> tuple[Subject | None, Barred | None]:
        """The subject of a clock, and why it starts none, if so."""
        terms = self._contracts.terms[contract]
        quotas = self._quotas.get((contract, rule.name))
        if quotas is None:
            quotas = self._quotas[contract, rule.name] = quotas_read(rule, terms)
        decided: list[tuple[Moment, ...]] = []
        for quota in quotas:
            moments = reader.cell((MOMENTS, "moments", (contract, quota.name, subject_id)))
            assert isinstance(moments, tuple)
            decided.append(moments)

        def begun() -> tuple[Subject | None, Barred | None]:
            subject = self._folded(rule, terms, subject_id, reader)
            if subject is None:
                return None, None
            subject = subject.with_moments([moment for moments in decided for moment in moments])
            return subject.of_like_moments(reader.of_clock), self._barred(terms, subject, reader)

        return reader.of_clock(("begun", reader.sight.begun, *map(id, decided)), begun)

    def _outcome(
        self,
        rule: _Rule,
        terms: Terms,
        subject_id: str,
        reader: Reader,
        at: Instant,
    ) -> Outcome:
        assert terms.contract is not None
        contract = terms.contract.id
        if isinstance(rule, ClockRule):
            subject, barred = self._begun(contract, rule, subject_id, reader)
            if subject is None:
                return Outcome(())
            return judge(rule, terms, subject, at, barred, reader.of_clock, reader.sight)
        if isinstance(rule, CovenantRule):
            return self._covenant(rule, terms, subject_id, reader, at)
        period = self._contracts.period(contract, rule.name, rule.period, at, subject_id)
        if isinstance(rule, ObligationRule):
            done = reader.facts(("obligations", contract))
            return judge_obligation(rule, contract, period, done, at, self._contracts.term(contract)[1])
        admitted = reader.cell((ADMITTED, "admitted", (contract, rule.name, subject_id)))
        assert isinstance(admitted, tuple)
        return quota_outcome(rule, contract, period, admitted, at)

    def _covenant(
        self, rule: CovenantRule, terms: Terms, subject_id: str, reader: Reader, at: Instant
    ) -> Outcome:
        """The verdict on one report of a covenant, or on one of its periods."""
        assert terms.contract is not None
        contract = terms.contract.id
        from_at, until_at = self._contracts.term(contract)
        if rule.since is not None:
            from_at = max(from_at, terms.calendars[ALWAYS].rule.zone.day_start(rule.since))
        facts = reader.facts(("covenants", contract))
        reports = reports_of(rule, facts, len(terms.covenants) == 1)
        if rule.period is None:
            found = (one for one in reports if one.id == subject_id)
            outcomes = [judge_report(rule, contract, one, from_at, until_at) for one in found]
            return outcomes[0] if outcomes else Outcome(())
        period = self._contracts.period(contract, rule.name, rule.period, at, subject_id)
        return judge_period(rule, contract, period, reports, at, from_at, until_at)

    def _folded(
        self, rule: ClockRule | QuotaRule, terms: Terms, subject_id: str, reader: Reader
    ) -> Subject | None:
        assert terms.contract is not None
        key = terms.contract.id, rule.name
        types = self._types.get(key)
        if types is None:
            types = self._types[key] = types_read(rule)
        facts = reader.facts(("subject", rule.of, subject_id), types)
        return fold_subject(rule.of, subject_id, facts, terms)

    def _barred(self, terms: Terms, subject: Subject, reader: Reader) -> Barred | None:
        """Why a subject starts no clock at all; None if it does."""
        if subject.kind not in ("ticket", "task"):
            return None
        assert terms.contract is not None
        opened = next(event for event in subject.events if event.fact.type == OPENING[subject.kind])
        if not self._contracts.in_term(terms.contract.id, opened.at):
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
            entries = reader.cell((ENTRIES, "entries", (contract, rule.name, subject)))
            assert isinstance(entries, tuple)
            found += [(rule.period.period_at(entry.counted_at).label, entry) for entry in entries]
        return tuple(found)

    def _moments(self, rule: QuotaRule, contract: str, subject: str, reader: Reader) -> tuple[Moment, ...]:
        """The decisions of a quota on one subject, over time."""
        entries = reader.cell((ENTRIES, "entries", (contract, rule.name, subject)))
        assert isinstance(entries, tuple)
        admissions: list[Admission] = []
        for label in dict.fromkeys(rule.period.period_at(entry.counted_at).label for entry in entries):
            admitted = reader.cell((ADMITTED, "admitted", (contract, rule.name, label)))
            assert isinstance(admitted, tuple)
            admissions += admitted
        return admission_moments(rule, admissions, subject)
