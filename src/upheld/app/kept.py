"""What is kept of scopes: each is asked for once, before anything is written of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from django.db.models import QuerySet

from upheld.core.evaluating.narrow import Scope
from upheld.store.models import Provider, ScopeRow

KEYS: Final = ("contract", "kind", "subject")
RowKey: TypeAlias = tuple[str, str, str]
"""The contract, kind and subject of a row: see `ScopeRow`."""


class Kept(NamedTuple):
    """What is kept of a scope."""

    pk: int
    states: str


class KeptScopes:
    """Rows of a provider, as they were when they were asked for. In a transaction that holds the provider."""

    def __init__(self, provider: Provider) -> None:
        self._rows = ScopeRow.objects.filter(provider=provider)
        self._known: dict[RowKey, Kept] = {}
        self._of_subject: dict[str, list[RowKey]] = {}

    def learn(self, key: RowKey, kept: Kept) -> None:
        """One that somebody else has read."""
        self._known[key] = kept

    def fetch(self, subjects: Iterable[str]) -> None:
        """Looks up all that is kept of many subjects, under every contract, in one question."""
        wanted = {subject for subject in subjects if subject not in self._of_subject}
        if wanted:
            self._of_subject |= {subject: [] for subject in wanted}
            for key, one in _read(self._rows.filter(subject__among=wanted)):
                self._known[key] = one
                self._of_subject[key[2]].append(key)

    def everything(self) -> Mapping[RowKey, Kept]:
        """Looks up all that is kept, in one question."""
        self._known |= _read(self._rows)
        return self._known

    def of_subject(self, kind: str, subject: str) -> Iterator[RowKey]:
        """What is kept of a subject, by contract."""
        self.fetch([subject])
        return (key for key in self._of_subject[subject] if key[1] == kind)

    def of(self, keys: Iterable[RowKey]) -> dict[RowKey, Kept]:
        """What is kept of these, as far as anything is."""
        wanted = [*keys]
        self.fetch(key[2] for key in wanted if key not in self._known)
        return {key: self._known[key] for key in wanted if key in self._known}


def _read(rows: QuerySet[ScopeRow]) -> Iterator[tuple[RowKey, Kept]]:
    for pk, states, contract, kind, subject in rows.values_list("pk", "states", *KEYS):
        yield (contract, kind, subject), Kept(pk, states)


def row_key(scope: Scope) -> RowKey:
    """The key of the row of a scope."""
    return scope.contract, scope.kind or "", scope.subject
