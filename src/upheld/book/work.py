"""Windows of maintenance that run backwards, though each fact about them is sound by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_check import instant_in
from upheld.core.timeline.instant import Instant
from upheld.core.values.finding import Finding


class _Told(NamedTuple):
    """An end of a window, and the fact that told it last."""

    at: Instant
    fact: Fact


class Work:
    """The windows of all maintenance, as facts (by time, source, id) tell them."""

    def __init__(self) -> None:
        self._planned: dict[str, dict[str, _Told]] = {}
        self._started: dict[str, Fact] = {}
        self._ended: dict[str, Fact] = {}

    def take(self, fact: Fact) -> None:
        """The next fact about maintenance."""
        if fact.type in ("maintenance.planned", "maintenance.announced", "maintenance.changed"):
            for name in ("starts_at", "ends_at"):
                at = instant_in(fact, name)
                if at is not None:
                    self._planned.setdefault(fact.subject, {})[name] = _Told(at, fact)
        elif fact.type == "maintenance.started":
            self._started.setdefault(fact.subject, fact)
        elif fact.type == "maintenance.ended":
            self._ended.setdefault(fact.subject, fact)

    def backwards(self) -> Iterator[Finding]:
        """A warning for each window that ends before it begins."""
        for subject, planned in self._planned.items():
            first, last = planned.get("starts_at"), planned.get("ends_at")
            if first is None or last is None or first.at <= last.at or first.fact is last.fact:
                continue  # what one fact says of both is checked where it is read
            message = f"the work of maintenance `{subject}` would end before it begins: its window is empty"
            way_out = "give the new `starts_at` and the new `ends_at`"
            places = (last.fact.where, first.fact.where)
            yield Finding("wrong-order", message, places, way_out, "warning")
        for subject, ended in self._ended.items():
            started = self._started.get(subject)
            if started is not None and ended.at < started.at:
                message = f"maintenance `{subject}` ends before it is started, so that end does not count"
                places = (ended.where, started.where)
                way_out = "correct the time of one of them"
                yield Finding("wrong-order", message, places, way_out, "warning")
