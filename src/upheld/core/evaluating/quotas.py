"""The cells of quotas: what is counted in which period, what is admitted, and which plan decides on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

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


class Allowance(NamedTuple):
    """What a quota allows in one period, by its label, under the plan of a binding."""

    binding: str
    quota: str
    label: str


Entered: TypeAlias = Mapping[Allowance, tuple[Entry, ...]]
"""What a subject enters into each allowance."""
Counted: TypeAlias = Mapping[tuple[Allowance, str], tuple[Admission, ...]]
"""What is known to be decided on a subject by an allowance: nobody else's entries are read for it."""
NOTHING_COUNTED: Final[Counted] = MappingProxyType({})


class Quotas:
    """What the strata LEDGER to MOMENTS compute, from the entries of each subject."""

    def __init__(self, contracts: Contracts, rules: Mapping[tuple[str, str], Rule]) -> None:
        """`rules` are those of every contract under every plan, by binding and name."""
        self._contracts, self._rules = contracts, rules
        self._counted = NOTHING_COUNTED

    def begin(self, counted: Counted) -> None:
        """From now on this is known to be decided."""
        self._counted = counted

    def rule(self, allowance: Allowance) -> QuotaRule | None:
        """The quota of an allowance; None if there is none (any more)."""
        found = self._rules.get((allowance.binding, allowance.quota))
        return found if isinstance(found, QuotaRule) else None

    def entered(
        self, binding: str, rule: QuotaRule, life: Life, entries_of: Callable[[str], object]
    ) -> Iterator[tuple[Allowance, Entry]]:
        """What a subject enters into the allowances of a quota, whichever plan it is under.

        `entries_of` gives its entries under the plan of a binding.
        """
        for one in self._contracts.siblings(binding):
            if not isinstance(self._rules.get((one, rule.name)), QuotaRule):
                continue
            entries = entries_of(one)
            assert isinstance(entries, tuple)
            for entry in entries:
                label = period_at(rule.period, life, entry.counted_at).label
                yield Allowance(binding, rule.name, label), entry

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
        for subject in reader.names(("subjects", contract, rule.of)):

            def entries_of(one: str, subject: str = subject) -> object:
                return reader.cell((ENTRIES, "entries", (one, rule.name, subject)))

            entered = self.entered(binding, rule, life, entries_of)
            found += [(allowance.label, entry) for allowance, entry in entered]
        return tuple(found)

    def _moments(self, rule: QuotaRule, binding: str, subject: str, reader: Reader) -> tuple[Moment, ...]:
        """The decisions of a quota on one subject, over time: by the plan that each period is under."""
        entries = reader.cell((ENTRIES, "entries", (binding, rule.name, subject)))
        assert isinstance(entries, tuple)
        life = self._contracts.life(binding, reader)
        admissions: list[Admission] = []
        asked = (self._allowance(rule, binding, life, entry.counted_at) for entry in entries)
        for allowance in dict.fromkeys(asked):
            known = self._counted.get((allowance, subject))
            admitted = reader.cell((ADMITTED, "admitted", allowance)) if known is None else known
            assert isinstance(admitted, tuple)
            admissions += admitted
        return admission_moments(rule, admissions, subject)

    def _allowance(self, rule: QuotaRule, binding: str, life: Life, at: Instant) -> Allowance:
        """Whose allowance something counted at an instant uses, and of which period.

        That of the plan which the period is under; its own, where that plan has none of the name.
        """
        for one in self._contracts.siblings(binding):
            its = self._rules.get((one, rule.name))
            if isinstance(its, QuotaRule):
                period = period_at(its.period, life, at)
                if self._contracts.is_of_period(one, its.period, life, period, at):
                    return Allowance(one, rule.name, period.label)
        return Allowance(binding, rule.name, period_at(rule.period, life, at).label)
