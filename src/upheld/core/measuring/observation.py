"""What core asks of observations, whoever keeps them: slices, states and latencies of one stream.

Observations are bulk data; core sees only integers made of them, so every engine must give the same ones.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.spans import Spans


class Stream(NamedTuple):
    """The observations of one component by one signal of one provider."""

    provider: str
    component: str
    signal: str


class Run(NamedTuple):
    """So many `slices` in a row from number `first` on, each with `total` observations, `good` of them good.

    Slice number k is [k * slice_us, (k + 1) * slice_us) since the epoch.
    """

    first: int
    slices: int
    total: int
    good: int


class State(NamedTuple):
    """A state that was observed at an instant. `good` None: it cannot be told what it means."""

    at: Instant
    good: bool | None
    degraded: bool = False


class Latency(NamedTuple):
    """So many checks in one bucket of `upheld.core.measuring.latency`."""

    bucket: int
    checks: int


class Observations(Protocol):
    """The observations that a book holds. Every question is about [start_at, end_at)."""

    def digest(self, stream: Stream) -> str:
        """A text that is another one whenever an observation of the stream is; empty if there is none."""
        ...

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """The slices that have observations (checks or counts), in order and disjoint.

        Observations inside `without` do not count; a slice that has none left is not there. Check `good` is
        by `signal.good`; one of which that condition cannot tell does not count, as if it had not been made.
        Counts that say 0 of 0 are a slice with total 0: it is known that there was nothing.
        """
        ...

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """The states observed inside, in order, and before them the last one before `start_at`, if any."""
        ...

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """The latencies of checks by bucket, in order; checks without one do not count."""
        ...


class NoObservations:
    """A book without observations."""

    def digest(self, stream: Stream) -> str:
        """Nothing is known of any stream."""
        return ""

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """None."""
        return ()

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """None."""
        return ()

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """None."""
        return ()


NO_OBSERVATIONS: Final = NoObservations()
