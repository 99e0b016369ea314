"""The facts in force of a provider, looked up one input at a time: the source of narrow evaluations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from upheld.core.evaluating.cells import Input
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import SubjectKind
from upheld.core.timeline.instant import Instant
from upheld.store.mapping import corrected_fact, fact_of
from upheld.store.models import StandingFact

_BETWEEN = "\x1f"
"""Between the parts of the name of an input in one text."""


def input_text(name: Input) -> str:
    """The name of an input as rows have it."""
    return _BETWEEN.join(name)


class Shelf:
    """What is in force at an instant, as far as it has been recorded. See `narrow.Source`.

    Inputs that are known to be asked for are looked up together (`fetch`).
    """

    def __init__(self, provider_id: int, at: Instant) -> None:
        self._rows = StandingFact.objects.filter(provider_id=provider_id, at__lte=at)
        self._fetched: dict[str, list[Fact]] = {}

    def fetch(self, names: Iterable[Input]) -> None:
        """Looks up many inputs in one question."""
        wanted = [text for text in map(input_text, names) if text not in self._fetched]
        if wanted:
            self._fetched |= {text: [] for text in wanted}
            for text, fact in facts_of(self._rows.filter(input__in=wanted)):
                self._fetched[text].append(fact)

    def facts(self, name: Input) -> tuple[Fact, ...]:
        """The facts of one input, in order."""
        text = input_text(name)
        if text not in self._fetched:
            self.fetch([name])
        return tuple(sorted(self._fetched[text], key=lambda fact: fact.order))

    def beginnings(self, kind: SubjectKind, contract: str | None) -> Sequence[Fact]:
        """The facts that bring subjects of a kind into being."""
        rows = self._rows.filter(begins=kind)
        rows = rows if contract is None else rows.filter(contract=contract)
        return sorted((fact for _, fact in facts_of(rows)), key=lambda fact: fact.order)


def facts_of(rows: QuerySet[StandingFact]) -> Iterable[tuple[str, Fact]]:
    """The facts of rows, each with the input that it is part of."""
    for text, corrected, entry, personal in rows.values_list(
        "input", "corrected", "recorded__entry", "recorded__personal"
    ):
        yield text, corrected_fact(corrected) if corrected else fact_of(entry, personal)
