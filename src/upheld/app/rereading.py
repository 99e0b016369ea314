"""Contracts under the readings by which an alarm of the provider may come sooner, for what runs live.

Source: design 9, the strictest reading.
"""

from __future__ import annotations

from typing import NamedTuple

from upheld.book.alarms import Stricter, TermsUnder, stricter
from upheld.core.evaluating.narrow import Narrow
from upheld.core.terms.agreement import SubjectKind, Terms


class Rereading(NamedTuple):
    """One other reading of a contract, with what evaluates it, for some clocks and their kinds of subject."""

    reading: str
    terms: Terms
    narrow: Narrow
    clocks: frozenset[str]
    kinds: frozenset[SubjectKind]


class Rereadings:
    """Of one holding. Each contract is compiled anew when a subject of it is first asked for."""

    def __init__(self, terms_under: TermsUnder) -> None:
        self._terms_under = terms_under
        self._known: dict[str, tuple[Rereading, ...]] = {}

    def of(self, terms: Terms) -> tuple[Rereading, ...]:
        """The other readings of a contract under which clocks may be shorter that the provider watches."""
        assert terms.contract is not None, "only contracts are evaluated"
        name = terms.contract.id
        if name not in self._known:
            self._known[name] = tuple(map(_reread, stricter(self._terms_under, terms)))
        return self._known[name]


def _reread(one: Stricter) -> Rereading:
    clocks, kinds = zip(*one.clocks, strict=True)
    return Rereading(one.reading, one.terms, Narrow([one.terms]), frozenset(clocks), frozenset(kinds))
