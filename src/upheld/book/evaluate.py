"""What was promised, kept and broken, as of an instant and of a position in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from upheld.book.horizon import known_at
from upheld.book.strangers import strangers
from upheld.book.unobserved import unobserved
from upheld.core.book import Book
from upheld.core.evaluating.evaluation import Evaluation, Evaluator
from upheld.core.facts.facts import FactLog
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant
from upheld.core.values.finding import Finding, in_order
from upheld.core.values.frozen import dataclass
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts and credits of a book, of the contracts asked for: `terms` are theirs.

    Their numbers count from 1 over the verdicts of these contracts, in this order, then on over the credits.
    """

    at: Instant
    known: int
    terms: tuple[Terms, ...]
    evaluation: Evaluation
    findings: tuple[Finding, ...] = ()
    facts: int = 0

    def numbered(self) -> Iterator[tuple[int, Terms, Verdict]]:
        """Every verdict with its number and the terms it is under, those of its plan."""
        number = 0
        for terms in self.terms:
            assert terms.contract is not None
            for verdict in self.evaluation.of(terms.contract.id):
                number += 1
                yield number, terms.under(verdict.plan), verdict

    def numbered_credits(self) -> Iterator[tuple[int, Terms, Credit]]:
        """Every credit with its number, which goes on after the last verdict, and the terms of its plan."""
        contracts = [terms.contract.id for terms in self.terms if terms.contract is not None]
        number = sum(len(self.evaluation.of(contract)) for contract in contracts)
        for terms in self.terms:
            assert terms.contract is not None
            for credit in self.evaluation.credits_of(terms.contract.id):
                number += 1
                yield number, terms.under(credit.plan), credit


def evaluate(
    book: Book,
    at: Instant,
    known: int | None = None,
    evaluator: Evaluator | None = None,
    contracts: Collection[str] | None = None,
) -> Report:
    """The report of a book at an instant, knowing what had been recorded up to a position (default: all).

    Of `contracts` only, where they are named; what is wrong with the facts is told of the whole book.
    BeyondHorizon if a calendar is asked about years for which it was not compiled; `at` is always asked.
    """
    asked = tuple(
        one for one in book.terms if contracts is None or (one.contract and one.contract.id in contracts)
    )
    for terms in asked:
        known_at(terms, at)
    position = len(book.log) if known is None else min(known, len(book.log))
    facts, asking = book.log.effective(at, position), book.log.evaluated(at, position)
    evaluation = (evaluator or Evaluator(book.terms, contracts)).evaluate(asking, at, book.observations)
    verdicts = (one for terms in asked if terms.contract for one in evaluation.of(terms.contract.id))
    missing = unobserved(asked, verdicts, book.observations)
    wrong = [*book.log.findings_at(position), *strangers(book.terms, facts), *missing]
    findings = _as_recorded(book.log, wrong)
    return Report(at, position, asked, evaluation, findings, len(facts))


def _as_recorded(log: FactLog, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of texts, by place, then those of facts as these were recorded.

    A fact stands in a line of a file, or is named by its source and id: the order is the same for both.
    """
    found = in_order(findings)
    order = {fact.where: number for number, fact in enumerate(log, start=1)} if len(found) > 1 else {}
    return tuple(sorted(found, key=lambda finding: order.get(finding.place, 0)))
