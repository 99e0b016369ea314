"""The contracts of an evaluation: their lives, their terms under each plan, and the periods that have begun.

A contract that changes its plan stands here once for each plan that it may have, under a name of its own: a
*binding*. A cell is of one binding, and has something to say only of what its plan holds for: a subject keeps
the plan at its opening, a period the plan at its start, or as the agreement says with `amend`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from upheld.core.claiming.folding import counts_from_item, is_answered
from upheld.core.clocks.subject import Subject
from upheld.core.evaluating.cells import Key, Reader
from upheld.core.evaluating.strata import ANSWERED, FILED, LIFE, OUTCOME
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ALWAYS, ClockRule, ObligationRule, QuotaRule, Terms
from upheld.core.terms.amendment import AmendRule
from upheld.core.terms.duty import CovenantRule
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.life import OF_A_LIFE, Life, contract_year, life_of, periods_of
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.values.key import CellKey
from upheld.core.values.once import Once, anew

R = TypeVar("R", ClockRule | QuotaRule | ObligationRule | CovenantRule, CommitRule, RemedyRule)

_UNDER = "\x00"
"""Between a contract and its plan in the name of a binding: no id can hold it."""


def bindings_of(terms: Terms) -> Iterator[tuple[str, Terms]]:
    """The terms of a contract under each of its plans by the name of the binding, its first plan first."""
    assert terms.contract is not None
    contract = terms.contract.id
    yield contract, terms
    for plan, other in terms.plans.items():
        yield f"{contract}{_UNDER}{plan}", other


def contract_of(binding: str) -> str:
    """The id of the contract that a binding is of."""
    return binding.partition(_UNDER)[0]


def shown_by(key: Key) -> CellKey:
    """How the verdicts and credits of a cell are known: under whichever plan, they are of the contract."""
    binding, commitment, subject = key[2]
    return CellKey(contract_of(binding), commitment, subject)


def life_under(terms: Terms, facts: Sequence[Fact] = ()) -> Life:
    """The life of the contract of some terms, by the facts in force about it; see `life_of`."""
    assert terms.contract is not None
    return life_of(terms.contract, tuple(terms.plans), terms.calendars[ALWAYS].rule.zone, facts)


class Contracts:
    """Terms by binding (those without a contract bind nobody), in the order given.

    `once` remembers what only the civil time of a contract decides, for other terms of it too.
    """

    def __init__(self, terms: Iterable[Terms], once: Once = anew) -> None:
        bound = [one for one in terms if one.contract is not None]
        found = [(contract_of(name), name, own) for one in bound for name, own in bindings_of(one)]
        self.terms: Mapping[str, Terms] = {name: own for _, name, own in found}
        self._lives: Mapping[str, Key] = {name: (LIFE, "life", (contract,)) for contract, name, _ in found}
        self.bindings: dict[str, tuple[str, ...]] = {}
        """The bindings of each contract, that of its first plan first."""
        for contract, name, _ in found:
            self.bindings[contract] = (*self.bindings.get(contract, ()), name)
        self._going_over = {
            name
            for names in self.bindings.values()
            for name in names
            if len(names) > 1 and self.rule_of_changes(name).clocks == "new version"
        }
        self.providers = {one.provider for one in self.terms.values()}
        self._once = once
        self._periods: dict[tuple[str, str], tuple[Life, tuple[Period, ...]]] = {}

    # -- lives ---------------------------------------------------------------------------------------------

    def life_told(self, contract: str, facts: Sequence[Fact]) -> Life:
        """The life of a contract by the facts about it."""
        terms = self.terms[contract]
        told = [fact for fact in facts if fact.type in OF_A_LIFE]
        zone = terms.calendars[ALWAYS].rule.zone
        seen = "life", id(zone), id(terms.contract), tuple(terms.plans), *map(id, told)
        return self._once(seen, lambda: life_under(terms, told))

    def life(self, binding: str, reader: Reader) -> Life:
        """The life of the contract of a binding, as a cell reads it."""
        found = reader.cell(self._lives[binding])
        assert isinstance(found, Life)
        return found

    def plan(self, binding: str) -> str:
        """The plan of a binding as verdicts name it: empty for the first one of the contract."""
        return "" if binding in self.bindings else self.terms[binding].plan

    def siblings(self, binding: str) -> tuple[str, ...]:
        """The bindings of its contract, itself among them."""
        return self.bindings[contract_of(binding)]

    # -- which plan holds ----------------------------------------------------------------------------------

    def rule_of_changes(self, binding: str) -> AmendRule:
        """What the contract says of changes: what its first plan says."""
        return self.terms[contract_of(binding)].amend or AmendRule()

    def goes_over(self, binding: str) -> bool:
        """Whether a clock that runs when the plan changes goes over to the new one."""
        return binding in self._going_over

    def outcome_key(
        self, binding: str, rule: ClockRule | QuotaRule | ObligationRule | CovenantRule, subject: str
    ) -> Key:
        """The cell of the outcome of a rule on a subject.

        One that is met by a decision on a claim asks which decision counts, which hangs on what is at stake;
        one of filing may ask when the item was late that the claim is about.
        """
        names = binding, rule.name, subject
        if isinstance(rule, ClockRule):
            if is_answered(rule) and not self.goes_over(binding):
                return ANSWERED, "answered", names
            if counts_from_item(rule):
                return FILED, "filed", names
        return OUTCOME, "outcome", names

    def under(self, binding: str, plan: str) -> str:
        """The binding of the same contract under a plan."""
        return next(one for one in self.siblings(binding) if self.terms[one].plan == plan)

    def is_of_period(self, binding: str, rule: PeriodRule, life: Life, period: Period, at: Instant) -> bool:
        """Whether a period of a rule is judged, as of an instant, under the plan of a binding."""
        if len(self.siblings(binding)) == 1:
            return True
        from_at = life.begun_at(period, rule.zone)
        if self.rule_of_changes(binding).periods == "new version":
            from_at = max(from_at, min(life.held(period)[1] - 1, at))
        return self.terms[binding].plan == life.plan_at(from_at)

    def is_under(self, binding: str, life: Life, at: Instant) -> bool:
        """Whether the plan of a binding is the one in force at an instant."""
        return len(self.siblings(binding)) == 1 or life.plan_at(at) == self.terms[binding].plan

    def is_of_subject(self, binding: str, life: Life, subject: Subject) -> bool:
        """Whether a subject keeps the plan of a binding: the one that held when it was opened.

        A claim keeps the plan of what it is about.
        """
        if len(self.siblings(binding)) == 1:
            return True
        told = subject.moments[-1].attributes
        about = [told.get(name) for name in ("about.start", "issue_at")] if subject.kind == "claim" else []
        at = next((one for one in about if isinstance(one, int)), subject.opened.at)
        return self.is_under(binding, life, at)

    # -- periods -------------------------------------------------------------------------------------------

    def periods(
        self, binding: str, name: str, rule: PeriodRule, life: Life, at: Instant
    ) -> tuple[Period, ...]:
        """The periods of a rule that have begun by `at`, within the contract's life and under its plan.

        BeyondHorizon if the zone does not know the years.
        """
        found = self.periods_begun(binding, name, rule, life, at)
        if len(self.siblings(binding)) == 1:
            return found
        return tuple(one for one in found if self.is_of_period(binding, rule, life, one, at))

    def periods_begun(
        self, binding: str, name: str, rule: PeriodRule, life: Life, at: Instant
    ) -> tuple[Period, ...]:
        """As `periods`, whichever plan they are under."""
        until_at = at + 1 if life.end_at is None else min(at + 1, life.end_at)
        if until_at <= life.start_at:
            return ()
        of, known = self._periods.get((binding, name), (life, ()))
        if of != life or not known or known[-1].end_at < until_at:
            seen = "periods", id(rule), life.start_at, until_at, life.renewals
            known = self._once(seen, lambda: periods_of(rule, life, until_at))
            self._periods[binding, name] = life, known
        count = len(known)
        while count and known[count - 1].start_at >= until_at:
            count -= 1
        return known[:count]

    def turn_at(self, contract: str, life: Life, at: Instant) -> Instant | None:
        """The first instant after `at` at which a period begins, or the plan or the life of a contract turns.

        BeyondHorizon if the zone does not know the years.
        """
        turns = [life.start_at, *(one.from_at for one in life.plans), *(one.from_at for one in life.renewals)]
        turns += [] if life.end_at is None else [life.end_at]
        if life.holds(at):
            for binding in self.bindings[contract]:
                turns += [period_at(one, life, at).end_at for one in _periods_named(self.terms[binding])]
        return min((one for one in turns if one > at), default=None)

    def period(
        self, binding: str, name: str, rule: PeriodRule, life: Life, at: Instant, label: str
    ) -> Period | None:
        """One of `periods_begun`, by its label; None where there is none (any more).

        A cell that was asked for may be of a period that a fact about the contract has made impossible.
        """
        found = self.periods_begun(binding, name, rule, life, at)
        return next((one for one in found if one.label == label), None)


def by_name(
    contracts: Contracts, contract: str, rules_of: Callable[[Terms], Iterable[R]]
) -> list[list[tuple[str, R]]]:
    """The rules of a contract, each with its binding: those of one name together, in the order of the page.

    What only a later plan has comes last among rules of its kind.
    """
    found: dict[tuple[str, type], list[tuple[str, R]]] = {}
    for binding in contracts.bindings[contract]:
        for rule in rules_of(contracts.terms[binding]):
            found.setdefault((rule.name, type(rule)), []).append((binding, rule))
    kinds = list(dict.fromkeys(kind for _, kind in found))
    return [found[key] for key in sorted(found, key=lambda key: kinds.index(key[1]))]


def _periods_named(terms: Terms) -> Iterator[PeriodRule]:
    """The rules of the periods that a contract is judged by."""
    found = [rule.period for rule in terms.quotas]
    found += [rule.period for rule in terms.obligations]
    found += [rule.period for rule in terms.commits]
    found += [rule.period for rule in terms.covenants if rule.period is not None]
    yield from (one for one in dict.fromkeys(found) if one.kind != "rolling")


def period_at(rule: PeriodRule, life: Life, at: Instant) -> Period:
    """The period of a rule that holds an instant, counted in the life of a contract."""
    return contract_year(rule, life, at) if rule.kind == "contract year" else rule.period_at(at)
