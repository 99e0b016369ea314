"""Observations that a test tells: checks at a steady pace, good but where it says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from upheld.core.measuring.observation import Latency, Run, State, Stream
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import MINUTE, Duration, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.values.expression import evaluate
from upheld.core.values.value import Value

GOOD: Mapping[str, Value] = {"ok": True, "status": Fraction(200)}
BAD: Mapping[str, Value] = {"ok": False, "status": Fraction(503)}
DEGRADED: Mapping[str, Value] = {"ok": True, "status": Fraction(200), "code": "degraded"}


@dataclass
class Checked:
    """One component: checks from `start_at` to `end_at` every `every_us`, with these fields inside spans.

    Inside `gaps` nothing was checked.
    """

    start_at: Instant
    end_at: Instant
    every_us: Duration = MINUTE
    told: list[tuple[Spans, Mapping[str, Value]]] = field(default_factory=list)
    gaps: Spans = Spans.empty

    def count(self, spans: Spans) -> int:
        """How many checks lie in a set of time."""
        inside = spans.clip(self.start_at, self.end_at) - self.gaps
        return sum(-(-end // self.every_us) - -(-start // self.every_us) for start, end in inside)


@dataclass
class _Fields:
    told: Mapping[str, Value]

    def value(self, name: str) -> Value:
        return self.told.get(name)

    def shift(self, at: int, amount: object, calendar: str | None, sign: int) -> int | None:
        raise AssertionError("no condition on a check shifts an instant")


class Observed:
    """In-memory observations: checks of components, counts by slice, latencies; see `Observations`."""

    def __init__(self) -> None:
        self.checks: dict[str, Checked] = {}
        self.counts: dict[str, list[tuple[Instant, int, int]]] = {}
        self.buckets: dict[str, list[Latency]] = {}

    def told(self) -> str:
        """Everything that was told so far, as a text."""
        return repr((self.checks, self.counts, self.buckets))

    def digest(self, stream: Stream) -> str:
        """What was told of the component, as a text."""
        name = stream.component
        known = self.checks.get(name), self.counts.get(name), self.buckets.get(name)
        return "" if known == (None, None, None) else str(hash(repr(known)))

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """The slices that have observations: in one run what lies between two changes."""
        if signal.kind == "counts":
            return self._counted(stream.component, slice_us, start_at, end_at, without)
        checked = self.checks.get(stream.component)
        if checked is None:
            return ()
        bad = Spans.of(span for spans, fields in checked.told if not _good(signal, fields) for span in spans)
        edges = {at // slice_us for spans in (bad, without, checked.gaps) for span in spans for at in span}
        edges |= {at // slice_us for at in (start_at, end_at, checked.start_at, checked.end_at)}
        firsts = sorted({number for edge in edges for number in (edge, edge + 1)})
        found: list[Run] = []
        for first, after in pairwise(firsts):
            inside = Spans.of([(first * slice_us, (first + 1) * slice_us)]).clip(start_at, end_at) - without
            total = checked.count(inside)
            if total:
                found.append(Run(first, after - first, total, total - checked.count(inside & bad)))
        return tuple(found)

    def _counted(
        self, component: str, slice_us: Duration, start_at: Instant, end_at: Instant, without: Spans
    ) -> tuple[Run, ...]:
        sums: dict[int, tuple[int, int]] = {}
        for at, total, good in self.counts.get(component, ()):
            if start_at <= at < end_at and at not in without:
                before = sums.get(at // slice_us, (0, 0))
                sums[at // slice_us] = before[0] + total, before[1] + good
        return tuple(Run(number, 1, total, good) for number, (total, good) in sorted(sums.items()))

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """None of the five agreements records states."""
        return ()

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """The latencies told of a component, whenever they were."""
        return tuple(self.buckets.get(stream.component, ()))

    def always(self, components: Iterable[str], start_at: Instant, end_at: Instant) -> None:
        """Good checks every minute."""
        for name in components:
            self.checks[name] = Checked(start_at, end_at)


def _good(signal: Signal, fields: Mapping[str, Value]) -> bool:
    """Whether a check is good by its signal: here every check tells it."""
    good = fields.get("ok") if signal.good is None else evaluate(signal.good, _Fields(fields))
    assert isinstance(good, bool)
    return good
