"""A book as of an instant and a position: its report, and what statements look up in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from upheld.book.duties import DutyBook
from upheld.book.evaluate import Report
from upheld.book.memos import accounts_of
from upheld.book.readings import sensitivity
from upheld.core.accounting.ledger import ledger_of
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.proposing import memos_of
from upheld.core.book import Book
from upheld.core.facts.fact import Fact, Key
from upheld.core.readings.dependence import Dependence
from upheld.core.stating.stated_period import belongs, stated_period
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict, Wake
from upheld.render.naming import zone_of


class Hanging(NamedTuple):
    """How verdicts and credits of a contract depend on readings."""

    verdicts: list[Dependence[Verdict]]
    credits: list[Dependence[Credit]]


class Position:
    """A book as of an instant and a position: its report, and what is looked up in it."""

    def __init__(self, book: Book, report: Report) -> None:
        self.book, self.report = book, report
        self.at, self.known = report.at, report.known
        self.terms: Mapping[str, Terms] = {
            one.contract.id: one for one in self.report.terms if one.contract is not None
        }
        self._explored: dict[tuple[str, str], Hanging] = {}

    @cached_property
    def facts(self) -> Mapping[FactRef, Fact]:
        """The facts in force, by their identity."""
        return {FactRef(fact.source, fact.id): fact for fact in self.book.log.effective(self.at, self.known)}

    @cached_property
    def duty_book(self) -> DutyBook:
        """What is looked up of duties."""
        return DutyBook(self.book, self.report)

    @cached_property
    def by_subject(self) -> Mapping[str, Sequence[Fact]]:
        """The facts in force about each subject, in order."""
        found: dict[str, list[Fact]] = {}
        for fact in self.facts.values():
            found.setdefault(fact.subject, []).append(fact)
        return found

    @cached_property
    def corrections(self) -> Mapping[Key, Fact]:
        """The correction that held by then of each fact that was corrected."""
        return self.book.log.corrections(self.known)

    @cached_property
    def wakes(self) -> Mapping[str, Sequence[tuple[Wake, CellKey]]]:
        """What changes by itself, by contract, the next first."""
        found: dict[str, list[tuple[Wake, CellKey]]] = {}
        for wake, key in self.report.evaluation.wakes:
            found.setdefault(key.contract, []).append((wake, key))
        return found

    @cached_property
    def memos(self) -> Mapping[str, Sequence[CreditMemo]]:
        """The credit memos of each contract: issued, proposed and expected."""
        facts = self.book.log.effective(self.at, self.known)
        accounts = accounts_of(self.book, self.report)
        found: dict[str, list[CreditMemo]] = {}
        for memo in memos_of(accounts, ledger_of(facts), facts, self.at):
            found.setdefault(memo.contract, []).append(memo)
        return found

    def verdicts(self, terms: Terms, period: Period) -> list[Verdict]:
        """The verdicts that belong to a period."""
        assert terms.contract is not None
        found = self.report.evaluation.of(terms.contract.id)
        return [one for one in found if belongs(one, period, self._told_at(one))]

    def _told_at(self, verdict: Verdict) -> Instant:
        """When the first fact behind a verdict happened; the end of time where nobody told anything."""
        told = [self.facts[ref].at for ref in verdict.facts if ref in self.facts]
        return min(told, default=self.at)

    def credits(self, terms: Terms, verdicts: Iterable[Verdict]) -> list[Credit]:
        """The credits that follow from the verdicts of a period."""
        assert terms.contract is not None
        about = {(one.key.commitment, one.key.subject) for one in verdicts}
        found = self.report.evaluation.credits_of(terms.contract.id)
        return [one for one in found if (one.commitment, one.key.subject) in about]

    def explore(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Looks at the readings of several periods (contract and label) together."""
        cells: dict[str, set[str]] = {}
        for contract, label in wanted:
            if (contract, label) not in self._explored:
                terms = self.terms[contract]
                own = self.verdicts(terms, stated_period(label, zone_of(terms)))
                cells.setdefault(contract, set()).update(part for one in own for part in _cells_of(one))
                self._explored[contract, label] = Hanging([], [])
        if not any(cells.values()):
            return
        found = sensitivity(self.book, self.report, lambda key: key.subject in cells.get(key.contract, ()))
        by_contract: dict[str, Hanging] = {}
        for verdict in found.verdicts:
            by_contract.setdefault(verdict.key.contract, Hanging([], [])).verdicts.append(verdict)
        for credit in found.credits:
            by_contract.setdefault(credit.key.contract, Hanging([], [])).credits.append(credit)
        for contract, label in self._explored:
            if contract in cells and contract in by_contract:
                hanging = self._explored[contract, label]
                hanging.verdicts.extend(by_contract[contract].verdicts)
                hanging.credits.extend(by_contract[contract].credits)

    def hanging(self, contract: str, label: str) -> Hanging:
        """On which readings the verdicts and credits of a contract depend, those of a period among them."""
        self.explore([(contract, label)])
        return self._explored[contract, label]


def _cells_of(verdict: Verdict) -> set[str]:
    """The subjects of the cells that may hold a verdict: that of a component is the period's."""
    subject = verdict.key.subject
    if verdict.measurement is None:
        return {subject}
    return {subject, verdict.measurement.period.label}
