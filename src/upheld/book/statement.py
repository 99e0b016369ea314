"""The statement of a contract for a period: everything that is said of it, frozen as of a position.

A statement that was issued before for the same period is restated: the new record names it and says what
changed, why, and what that is in money. The record before is computed again as of its own position, so the
chain needs nothing but the book.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from upheld.book.collecting import collecting_seldom
from upheld.book.evaluate import Report, evaluate
from upheld.book.looked_back import LookedBack
from upheld.book.restatement import check_previous, restated
from upheld.book.stated_contract import stated
from upheld.book.stated_position import Position
from upheld.core.book import Book
from upheld.core.facts.fact import Fact
from upheld.core.stating.stated_period import stated_period
from upheld.core.stating.statement import Statement
from upheld.core.timeline.instant import Instant, parse_instant
from upheld.render.naming import zone_of
from upheld.render.words import count

ISSUED = "statement.issued"


class Asked(NamedTuple):
    """What is asked: the contract, the period's label, the instant, and the position (None: the last)."""

    contract: str
    period: str
    at: Instant
    known: int | None = None


class NotReproducibleError(ValueError):
    """A statement that was issued is another one when it is computed again, so nothing can restate it.

    `slipped` is how many facts came to stand among those that it knew.
    """

    def __init__(self, issued: Fact, sha256: str, slipped: int = 0) -> None:
        self.issued, self.sha256, self.slipped = issued, sha256, slipped
        cause = "observations or texts changed, which have no positions, or another Upheld wrote it"
        if slipped:
            stand = "stands" if slipped == 1 else "stand"
            cause = (
                f"{count(slipped, 'fact')} told since, of earlier, {stand} among those that it knew: write "
                "`recordedtime` there, when it was recorded (without it, that is when it happened)"
            )
        super().__init__(
            f"statement {issued.data.get('number')} of {issued.data.get('contract')} for "
            f"{issued.data.get('period')} was issued as {str(issued.data.get('sha256'))[:12]} and is "
            f"{sha256[:12]} now that it is computed again: {cause}"
        )


def statement(
    book: Book,
    contract: str,
    period: str,
    at: Instant,
    known: int | None = None,
    previous: Statement | None = None,
) -> Statement:
    """The statement of one contract. KeyError if there is no such contract, ValueError if no such period.

    `previous` is the record that it restates, where that is not to be computed again; errors of it as in
    `check_previous`. NotReproducibleError, BeyondHorizon as `evaluate`.
    """
    return Stating(book, [contract]).statement(Asked(contract, period, at, known), previous)


def statements(
    book: Book, contracts: Iterable[str], period: str, at: Instant, known: int | None = None
) -> Iterator[Statement]:
    """The statements of several contracts for the same period: what they share is computed once."""
    asked = [Asked(one, period, at, known) for one in contracts]
    stating = Stating(book, {one.contract for one in asked})
    with collecting_seldom():
        stating.prepare(asked)
        for one in asked:
            yield stating.statement(one)


class Stating:
    """The statements of some contracts of a book (None: any); what several of them ask is computed once."""

    def __init__(
        self, book: Book, contracts: Collection[str] | None = None, report: Report | None = None
    ) -> None:
        """`report` is one of these contracts that was made already."""
        self.book = book
        self._contracts = contracts
        self._positions: dict[tuple[Instant, int], Position] = {}
        self._issued: dict[int, Mapping[tuple[str, str], Sequence[Fact]]] = {}
        if report is not None:
            self._positions[report.at, report.known] = Position(book, report)

    def prepare(self, asked: Iterable[Asked]) -> None:
        """Explores the readings of several statements together."""
        by_position: dict[tuple[Instant, int], list[Asked]] = {}
        for one in asked:
            by_position.setdefault((one.at, self._known(one)), []).append(one)
        for (at, known), rows in by_position.items():
            position = self.position(at, known)
            position.explore((one.contract, one.period) for one in rows)

    def statement(self, asked: Asked, previous: Statement | None = None) -> Statement:
        """One statement; see `statement`."""
        if previous is not None:
            check_previous(previous, asked.contract, asked.period)
        return self._statement(asked, previous)

    def _statement(self, asked: Asked, previous: Statement | None, below: int | None = None) -> Statement:
        """One statement; `below`: as if none of this number or a later one had been issued."""
        known = self._known(asked)
        position = self.position(asked.at, known)
        terms = position.terms[asked.contract]
        period = stated_period(asked.period, zone_of(terms))
        issued = self.issued(asked.contract, period.label, known)
        if below is not None:
            issued = [fact for fact in issued if _number(fact) < below]
        if previous is None and issued:
            previous = self._again(issued[-1])
            if self._is_asked_again(asked, issued[-1]):
                return previous
        record = stated(position, terms, period)
        number, before = len(issued) + 1, None
        if previous is not None:
            chain = previous.record.get("chain")
            number = int(str(chain.get("number", 0))) + 1 if isinstance(chain, dict) else number
            before = previous.sha256
            was = self.position(previous.record["at"], min(previous.record["known"], known))
            looked = LookedBack((previous.record, was), (record, position), asked.contract)
            record["restates"] = restated(self.book, previous, record, known, looked)
        record["chain"] = {"number": number, "previous": before}
        return Statement.of(record)

    def issued(self, contract: str, period: str, known: int) -> Sequence[Fact]:
        """The facts of the statements that were issued for a period as of a position, by their numbers."""
        if known not in self._issued:
            found: dict[tuple[str, str], list[Fact]] = {}
            for fact in self.book.log.effective(None, known):
                if fact.type == ISSUED:
                    key = (str(fact.data.get("contract")), str(fact.data.get("period")))
                    found.setdefault(key, []).append(fact)
            for facts in found.values():
                facts.sort(key=lambda fact: (_number(fact), fact.order))
            self._issued[known] = found
        return self._issued[known].get((contract, period), ())

    def position(self, at: Instant, known: int) -> Position:
        """The book as of an instant and a position."""
        key = (at, known)
        if key not in self._positions:
            self._positions[key] = Position(
                self.book, evaluate(self.book, at, known, contracts=self._contracts)
            )
        return self._positions[key]

    def _known(self, asked: Asked) -> int:
        last = len(self.book.log)
        return last if asked.known is None else min(asked.known, last)

    def _again(self, issued: Fact) -> Statement:
        """A statement that was issued, computed again. NotReproducibleError if it is another one now."""
        data = issued.data
        at = parse_instant(str(data["as_of"]))
        asked = Asked(str(data["contract"]), str(data["period"]), at, int(str(data["position"])))
        # A fact told with an early recordedtime may have moved positions: what was issued is not among it.
        found = self._statement(asked, None, _number(issued))
        if found.sha256 != data["sha256"]:
            raise NotReproducibleError(issued, found.sha256, self._slipped(issued))
        return found

    def _slipped(self, issued: Fact) -> int:
        """How many facts stand before a statement that was issued, beyond those that it knew."""
        before = sum(
            fact.recorded_at <= issued.recorded_at and fact.key != issued.key for fact in self.book.log
        )
        return max(before - int(str(issued.data["position"])), 0)

    def _is_asked_again(self, asked: Asked, issued: Fact) -> bool:
        """Whether the same is asked as was issued: nothing came in since but statements that were given."""
        if asked.known is not None or parse_instant(str(issued.data["as_of"])) != asked.at:
            return False
        known, log = int(str(issued.data["position"])), self.book.log
        return all(fact.type == ISSUED for fact in log if (log.position_of(fact.key) or 0) > known)


def _number(issued: Fact) -> int:
    """The number of a statement that was issued."""
    return int(str(issued.data.get("number")))
