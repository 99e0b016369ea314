"""The cells of quotas: what is counted in which period, what is admitted, and which plan decides on it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeAlias

from upheld.core.clocks.quota import Admission, Entry, admission_moments, admit
from upheld.core.clocks.subject import Moment
from upheld.core.evaluating.cells import Key, Reader
from upheld.core.evaluating.contracts import Contracts, contract_of, period_at
from upheld.core.evaluating.strata import ADMITTED, COUNTED, ENTRIES, LEDGER
from upheld.core.terms.agreement import ClockRule, ObligationRule, QuotaRule
from upheld.core.terms.duty import CovenantRule
from upheld.core.terms.life import Life
from upheld.core.timeline.instant import Instant

Rule: TypeAlias = ClockRule | QuotaRule | ObligationRule | CovenantRule


class Quotas:
    """What the strata LEDGER to MOMENTS compute, from the entries of each subject."""

    def __init__(self, contracts: Contracts, rules: Mapping[tuple[str, str], Rule]) -> None:
        """`rules` are those of every contract under every plan, by binding and name."""
        self._contracts, self._rules = contracts, rules

    def deciding(self, binding: str, quota: str) -> tuple[str, ...]:
        """The bindings whose quota decides on a subject: where clocks go over, that of its opening does."""
        if not self._contracts.goes_over(binding):
            return (binding,)
        siblings = self._contracts.siblings(binding)
        return tuple(one for one in siblings if isinstance(self._rules.get((one, quota)), QuotaRule))

    def compute(self, key: Key, rule: QuotaRule, reader: Reader) -> Hashable:
        """The value of a cell, which changes by itself never."""
        stratum, _, (binding, name, *rest) = key
        if stratum == LEDGER:
            return self._ledger(rule, binding, reader)
        if stratum == COUNTED:
            ledger = reader.cell((LEDGER, "ledger", (binding, name)))
            assert isinstance(ledger, tuple)
            return tuple(entry for label, entry in ledger if label == rest[0])
        if stratum == ADMITTED:
            counted = reader.cell((COUNTED, "counted", (binding, name, rest[0])))
            assert isinstance(counted, tuple)
            return admit(rule, counted)
        return self._moments(rule, binding, rest[0], reader)

    def _ledger(self, rule: QuotaRule, binding: str, reader: Reader) -> tuple[tuple[str, Entry], ...]:
        """Every entry of a quota with its period, whichever plan the subject is under."""
        found: list[tuple[str, Entry]] = []
        contract, life = contract_of(binding), self._contracts.life(binding, reader)
        for one in self._contracts.siblings(binding):
            if not isinstance(self._rules.get((one, rule.name)), QuotaRule):
                continue
            for subject in reader.names(("subjects", contract, rule.of)):
                entries = reader.cell((ENTRIES, "entries", (one, rule.name, subject)))
                assert isinstance(entries, tuple)
                found += [(period_at(rule.period, life, entry.counted_at).label, entry) for entry in entries]
        return tuple(found)

    def _moments(self, rule: QuotaRule, binding: str, subject: str, reader: Reader) -> tuple[Moment, ...]:
        """The decisions of a quota on one subject, over time: by the plan that each period is under."""
        entries = reader.cell((ENTRIES, "entries", (binding, rule.name, subject)))
        assert isinstance(entries, tuple)
        life = self._contracts.life(binding, reader)
        admissions: list[Admission] = []
        asked = (self._allowance(rule, binding, life, entry.counted_at) for entry in entries)
        for one, label in dict.fromkeys(asked):
            admitted = reader.cell((ADMITTED, "admitted", (one, rule.name, label)))
            assert isinstance(admitted, tuple)
            admissions += admitted
        return admission_moments(rule, admissions, subject)

    def _allowance(self, rule: QuotaRule, binding: str, life: Life, at: Instant) -> tuple[str, str]:
        """Whose allowance something counted at an instant uses, and of which period.

        That of the plan which the period is under; its own, where that plan has none of the name.
        """
        for one in self._contracts.siblings(binding):
            its = self._rules.get((one, rule.name))
            if isinstance(its, QuotaRule):
                period = period_at(its.period, life, at)
                if self._contracts.is_of_period(one, its.period, life, period, at):
                    return one, period.label
        return binding, period_at(rule.period, life, at).label
