"""Made-up observations: everything is well but in the stretches, or the shares, that an example says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from upheld.core.measuring.latency import bucket_of
from upheld.core.measuring.observation import Latency, Run, State, Stream
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.values.frozen import dataclass


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Observations in which some components fail inside `bad`, or in so many of `of` requests at `at`.

    Checks come as often as their signal says, else once a slice. Of requests and latencies all are made in
    the slice that holds `at`; `fast_us` and `slow_us` are the latencies of good and bad ones.
    """

    failing: frozenset[str] = frozenset()
    bad: Spans = Spans.empty
    bad_items: int = 0
    of: int = 0
    at: Instant = 0
    fast_us: Duration = 1_000
    slow_us: Duration = 1_000_000

    def digest(self, stream: Stream) -> str:
        """What there is of a stream."""
        told = (self.bad, self.bad_items, self.of, self.at, self.fast_us, self.slow_us)
        return f"{stream} {stream.component in self.failing} {told}"

    def _bad_of(self, stream: Stream) -> Spans:
        return self.bad if stream.component in self.failing else Spans.empty

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """Checks of every slice, good but inside the bad stretches; or the requests of one slice."""
        if signal.kind == "counts":
            bad = self.bad_items if stream.component in self.failing else 0
            return tuple(self._counted(bad, slice_us, start_at, end_at, without))
        return tuple(self._checked(stream, signal.every_us or slice_us, slice_us, start_at, end_at, without))

    def _counted(
        self, bad: int, slice_us: Duration, start_at: Instant, end_at: Instant, without: Spans
    ) -> Iterator[Run]:
        """All requests in one slice, and none counted in the others: a slice without a count is a gap."""
        at, first, after = self.at // slice_us, start_at // slice_us, -(-end_at // slice_us)
        is_inside = start_at <= self.at < end_at and self.at not in without and self.of > 0
        for begin, end in ((first, at), (at + 1, after)) if first <= at < after else ((first, after),):
            if begin < end:
                yield Run(begin, end - begin, 0, 0)
        if is_inside:
            yield Run(at, 1, self.of, self.of - bad)

    def _checked(
        self, stream: Stream, every_us: Duration, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans,
    ) -> Iterator[Run]:  # fmt: skip
        bad = self._bad_of(stream)
        edges = {at // slice_us for spans in (bad, without) for span in spans for at in span}
        edges |= {start_at // slice_us, end_at // slice_us}
        firsts = sorted({number for edge in edges for number in (edge, edge + 1)})
        for first, after in pairwise(firsts):
            inside = Spans.of([(first * slice_us, (first + 1) * slice_us)]).clip(start_at, end_at) - without
            total = _count(inside, every_us)
            if total:
                yield Run(first, after - first, total, total - _count(inside & bad, every_us))

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """Up, but down inside the bad stretches; told again whenever it would be too old."""
        bad = self._bad_of(stream).clip(start_at, end_at)
        edges = {start_at, *(at for span in bad for at in span if at < end_at)}
        if signal.max_age_us:
            edges |= set(range(start_at, end_at, signal.max_age_us))
        return tuple(State(at, at not in bad) for at in sorted(edges))

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """So many slow ones, the others fast."""
        if not (start_at <= self.at < end_at and self.at not in without and self.of):
            return ()
        slow = self.bad_items if stream.component in self.failing else 0
        found = [Latency(bucket_of(self.fast_us), self.of - slow), Latency(bucket_of(self.slow_us), slow)]
        return tuple(one for one in found if one.checks)


@dataclass(frozen=True, slots=True)
class Together:
    """Several made-up observations at once: each is asked about the components that fail in it."""

    parts: tuple[MadeUp, ...]

    def digest(self, stream: Stream) -> str:
        """What there is of a stream."""
        return " ".join(part.digest(stream) for part in self.parts)

    def _of(self, stream: Stream, *, counted: bool) -> MadeUp:
        found = [part for part in self.parts if bool(part.of) == counted]
        failing = [part for part in found if stream.component in part.failing]
        return next(iter([*failing, *found]), MadeUp())

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """As `MadeUp.slices`."""
        found = self._of(stream, counted=signal.kind == "counts")
        return found.slices(stream, signal, slice_us, start_at, end_at, without)

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """As `MadeUp.states`."""
        return self._of(stream, counted=False).states(stream, signal, start_at, end_at)

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """As `MadeUp.latencies`."""
        return self._of(stream, counted=True).latencies(stream, signal, start_at, end_at, without)


def _count(spans: Spans, every_us: Duration) -> int:
    """How many checks lie in a set of time, one at each multiple of a length."""
    return sum(-(-end // every_us) - -(-start // every_us) for start, end in spans)
