"""The facts in force of a provider, looked up one input at a time: the source of narrow evaluations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from django.db.models import Case, QuerySet, When

from upheld.core.evaluating.cells import Input
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import SubjectKind
from upheld.core.timeline.instant import Instant
from upheld.store.mapping import corrected_fact, fact_of
from upheld.store.models import StandingFact

NOTHING_SEEN: Final[Mapping[int, Fact]] = MappingProxyType({})
_BETWEEN: Final = "\x1f"
"""Between the parts of the name of an input in one text."""
_ALONE: Final = 4
"""So many subjects of a list are looked up one by one; who asks for more asks for all of them, as a quota."""


def input_text(name: Input) -> str:
    """The name of an input as rows have it."""
    return _BETWEEN.join(name)


class Shelf:
    """What is in force at an instant, as far as it has been recorded. See `narrow.Source`.

    Inputs that are known to be asked for are looked up together (`fetch`). `seen` are facts by the key of the
    row that recorded them, which need not be read again.
    """

    def __init__(self, provider_id: int, at: Instant, seen: Mapping[int, Fact] = NOTHING_SEEN) -> None:
        self._rows = StandingFact.objects.filter(provider_id=provider_id)
        self._at = at
        self._seen = dict(seen)
        self._coming: dict[str, list[Fact]] = {}
        self._added: set[int] = set()
        self._fetched: dict[str, list[Fact]] = {}
        self._listed: dict[str, None] = {}
        self._alone = 0

    def fetch(self, names: Iterable[Input]) -> None:
        """Looks up many inputs in one question."""
        self._fetch(map(input_text, names))

    def _fetch(self, texts: Iterable[str]) -> None:
        wanted = [text for text in dict.fromkeys(texts) if text not in self._fetched]
        if wanted:
            self._fetched |= {text: [] for text in wanted}
            for text, pk, fact in self._facts_of(self._rows.filter(input__among=wanted)):
                if pk not in self._added:
                    self._fetched[text].append(fact)
            for text in wanted:
                self._fetched[text] += self._coming.get(text, ())

    def add(self, coming: Iterable[tuple[int, Input, Fact]]) -> None:
        """Facts that come into force whether they are written yet or not, by the key of their rows to be."""
        for pk, name, fact in coming:
            text = input_text(name)
            self._seen[pk] = fact
            self._added.add(pk)
            self._coming.setdefault(text, []).append(fact)
            if text in self._fetched:
                self._fetched[text].append(fact)

    def recorded_as(self, keys: Iterable[int]) -> list[Fact]:
        """What is in force of facts, by the keys of the rows that recorded them."""
        wanted = {*keys}
        found = self._facts_of(self._rows.filter(recorded__among=wanted)) if wanted else ()
        return [fact for *_, fact in found]

    def several(self) -> set[str]:
        """The inputs, as texts, of those subjects of which several facts were looked up."""
        return {
            text for text, found in self._fetched.items() if len(found) > 1 and text.startswith("subject")
        }

    def facts(self, name: Input) -> tuple[Fact, ...]:
        """The facts of one input, in order."""
        return tuple(fact for fact in self.of_all_time(name) if fact.at <= self._at)

    def of_all_time(self, name: Input) -> tuple[Fact, ...]:
        """The facts of one input with those whose time is yet to come."""
        text = input_text(name)
        if text not in self._fetched:
            self._alone += text in self._listed
            if self._alone > _ALONE:
                self._fetch(self._listed)
                self._listed, self._alone = {}, 0
            self._fetch([text])
        found = self._fetched[text]
        if len(found) > 1:
            found.sort(key=lambda fact: (*fact.order, fact.subject))
        return tuple(found)

    def beginnings(self, kind: SubjectKind, contract: str | None) -> Sequence[Fact]:
        """The facts that bring subjects of a kind into being."""
        return [fact for fact in self.beginnings_of_all_time(kind, contract) if fact.at <= self._at]

    def beginnings_of_all_time(self, kind: SubjectKind, contract: str | None) -> Sequence[Fact]:
        """The facts that bring subjects of a kind into being, with those whose time is yet to come."""
        rows = self._rows.filter(begins=kind)
        rows = rows if contract is None else rows.filter(contract=contract)
        found = sorted((fact for *_, fact in self._facts_of(rows)), key=lambda fact: fact.order)
        self._listed |= dict.fromkeys(input_text(("subject", kind, fact.subject)) for fact in found)
        return found

    def _facts_of(self, rows: QuerySet[StandingFact]) -> Iterator[tuple[str, int, Fact]]:
        """The facts of rows, each with the input that it is part of and what recorded it."""
        # What was seen need not be read, nor sent.
        entry = Case(When(recorded_id__among=self._seen, then=None), default="recorded__entry")
        told = rows.annotate(unseen=entry)
        names = ("input", "corrected", "recorded_id", "unseen", "recorded__personal")
        for text, corrected, pk, unseen, personal in told.values_list(*names):
            if corrected:
                yield text, pk, corrected_fact(corrected)
            else:
                yield text, pk, self._seen[pk] if unseen is None else fact_of(unseen, personal)


class OfAllTime:
    """A shelf with the facts whose time is yet to come: their subjects have scopes already."""

    def __init__(self, shelf: Shelf) -> None:
        self.facts = shelf.of_all_time
        self.beginnings = shelf.beginnings_of_all_time
