"""Windows of maintenance that run backwards, though each fact about them is sound by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from upheld.core.fact import Fact
from upheld.core.fact_check import instant_in
from upheld.core.finding import Finding
from upheld.core.instant import Instant


class _Told(NamedTuple):
    """An end of a window, and the fact that told it last."""

    at: Instant
    fact: Fact


class Work:
    """The windows of all maintenance, as far as facts (by time, source, id) have told them."""

    def __init__(self) -> None:
        self._ends: dict[tuple[str, str], _Told] = {}
        self._ended: dict[str, Fact] = {}

    def told(self, fact: Fact) -> Iterator[Finding]:
        """A warning where a fact lets a window end before it begins."""
        if fact.type in ("maintenance.announced", "maintenance.changed"):
            yield from self._planned(fact)
        elif fact.type == "maintenance.ended":
            self._ended.setdefault(fact.subject, fact)
        elif fact.type == "maintenance.started" and fact.subject in self._ended:
            ended = self._ended[fact.subject]
            message = f"maintenance `{fact.subject}` ends before it is started, so that end does not count"
            way_out = "correct the time of one of them"
            yield Finding("wrong-order", message, (ended.where, fact.where), way_out, "warning")

    def _planned(self, fact: Fact) -> Iterator[Finding]:
        given = {name: instant_in(fact, name) for name in ("starts_at", "ends_at")}
        for name, at in given.items():
            if at is not None:
                self._ends[fact.subject, name] = _Told(at, fact)
        first, last = (self._ends.get((fact.subject, name)) for name in given)
        # What one fact says of both is checked where the fact is read.
        if first is None or last is None or first.at <= last.at or first.fact is last.fact:
            return
        message = f"the work of maintenance `{fact.subject}` would end before it begins: its window is empty"
        other = first.fact if last.fact is fact else last.fact
        way_out = "give the new `starts_at` and the new `ends_at` together"
        yield Finding("wrong-order", message, (fact.where, other.where), way_out, "warning")
