"""Observations for tests: checks told one by one, counted anew at every question."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from upheld.core.measuring.observation import Latency, Run, State, Stream
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.spans import Spans


class Checked:
    """Checks of components, each an instant and whether it was good."""

    def __init__(self, checks: Iterable[tuple[str, Instant, bool]] = ()) -> None:
        self.checks: dict[str, dict[Instant, bool]] = {}
        self.asked: list[Stream] = []
        for component, at, is_good in checks:
            self.checks.setdefault(component, {})[at] = is_good
        self._ordered = {name: sorted(told.items()) for name, told in self.checks.items()}
        self._digests = {name: str(told) for name, told in self._ordered.items() if told}

    def with_checks(self, checks: Iterable[tuple[str, Instant, bool]]) -> Checked:
        """These checks and more."""
        own = ((name, at, good) for name, told in self.checks.items() for at, good in told.items())
        return Checked([*own, *checks])

    def digest(self, stream: Stream) -> str:
        """What was told of the component."""
        return self._digests.get(stream.component, "")

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """One run for each slice."""
        self.asked.append(stream)
        found: dict[int, list[bool]] = {}
        told = self._ordered.get(stream.component, [])
        for at, is_good in told[bisect_left(told, (start_at,)) : bisect_left(told, (end_at,))]:
            if at not in without:
                found.setdefault(at // slice_us, []).append(is_good)
        return tuple(Run(k, 1, len(found[k]), sum(found[k])) for k in sorted(found))

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """None."""
        return ()

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """None."""
        return ()
