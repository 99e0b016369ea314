"""A provider whose facts are told one after another, and what a folder of the same files would say."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from itertools import count

from tests.core.worlds import DOCUMENT
from upheld.app.apply import apply
from upheld.app.record import Recorded, record
from upheld.app.terms import holding
from upheld.app.touched import scope_of
from upheld.app.wake import next_wake, wake
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import Instant
from upheld.store.book import read_ledger
from upheld.store.models import Provider, ScopeRow
from upheld.store.walls import between

_numbers = count()


def salt() -> bytes:
    """Salts for tests: 32 bytes, other ones each time."""
    return sha256(str(next(_numbers)).encode()).digest()


def random_bytes(count: int) -> bytes:
    """Random bytes for tests, other ones each time."""
    return (salt() * (count // 32 + 1))[:count]


class Northwind:
    """The provider of most tests."""

    def __init__(self, agreement: str, *contracts: str, at: Instant = 0) -> None:
        self.provider = Provider.objects.create(name="Northwind", key="northwind")
        text = agreement if "document:" in agreement else DOCUMENT + agreement
        self.texts = {"acme.yaml": text.encode()}
        self.texts |= {f"c{n}.yaml": one.encode() for n, one in enumerate(contracts, start=1)}
        self.applied = apply(self.provider.pk, self.texts, at)

    def tell(self, *facts: Fact, at: Instant) -> Recorded:
        """Records facts at an instant."""
        return record(self.provider.pk, facts, "desk", at, salt)

    def settle(self, at: Instant) -> int:
        """Wakes all that is due by an instant; says how many scopes that were."""
        woken = 0
        while (due := next_wake()) is not None and due <= at:
            woken += wake(at)
        return woken

    def states(self) -> dict[str, str]:
        """What is kept: the texts of the states, by scope."""
        rows = ScopeRow.objects.filter(provider=self.provider)
        return {f"{row.contract}/{row.kind}/{row.subject}": row.states for row in rows}

    def expected(self, at: Instant) -> dict[str, str]:
        """The same by the whole evaluation of the book."""
        from upheld.app.decide import states_text

        book = read_ledger(self.provider.pk)
        evaluation = evaluate(book.terms, book.log.effective(at), at, book.observations)
        self.provider.refresh_from_db()
        with between(self.provider.pk):
            bound = holding(self.provider).bound
        clocks = {
            (terms.contract.id, clock.name): clock.of
            for one in bound.terms
            for terms in (one, *one.plans.values())
            for clock in one.clocks
            if terms.contract
        }
        found: dict[str, dict[object, object]] = {}
        for key, outcome in evaluation.outcomes.items():
            kind = clocks.get((key.contract, key.commitment), "")
            name = "/".join((key.contract, kind, key.subject if kind else ""))
            found.setdefault(name, {})[key] = outcome
        return {name: states_text(outcomes) for name, outcomes in found.items()}  # type: ignore[arg-type]


def scopes(rows: Iterable[ScopeRow]) -> set[object]:
    """The scopes of rows."""
    return {scope_of(row.contract, row.kind, row.subject) for row in rows}
