"""Observations as plain rows, every question answered by looking at all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from upheld.core.measuring.latency import bucket_of
from upheld.core.measuring.measure import Matter
from upheld.core.measuring.observation import Latency, Run, State, Stream
from upheld.core.terms.indicator import Component, Indicator, Signal
from upheld.core.timeline.instant import MINUTE, Duration, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone

UTC = Zone("UTC", (), (0,), ("UTC",), 2020, 2030)


class Row(NamedTuple):
    """So many observations at an instant, so many of them good; a check is one, perhaps with a latency."""

    at: Instant
    good: int = 1
    total: int = 1
    latency_us: Duration | None = None


@dataclass
class Rows:
    """The observations of components, whatever the signal."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    held: dict[str, list[State]] = field(default_factory=dict)

    def tell(self, component: str, rows: Iterable[Row]) -> Rows:
        """Add rows of a component."""
        self.rows.setdefault(component, []).extend(rows)
        return self

    def check(self, component: str, start_at: Instant, end_at: Instant, every_us: Duration = MINUTE) -> Rows:
        """Add good checks at a steady pace."""
        return self.tell(component, _good(start_at, end_at, every_us))

    def fail(self, component: str, start_at: Instant, end_at: Instant) -> Rows:
        """Make all observations of a stretch bad."""
        rows = self.rows[component]
        self.rows[component] = [row._replace(good=0) if start_at <= row.at < end_at else row for row in rows]
        return self

    def hide(self, component: str, hidden: Spans) -> Rows:
        """The same without what happened in some stretches."""
        rows = dict(self.rows)
        rows[component] = [row for row in rows.get(component, []) if row.at not in hidden]
        return Rows(rows, self.held)

    def digest(self, stream: Stream) -> str:
        """The rows themselves."""
        return repr(self.rows.get(stream.component, "")) + repr(self.held.get(stream.component, ""))

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """One run for each stretch of slices with equal counts."""
        totals: Counter[int] = Counter()
        goods: Counter[int] = Counter()
        rows = [row for row in self.rows.get(stream.component, []) if start_at <= row.at < end_at]
        for row in [row for row in rows if row.at not in without] if without else rows:
            totals[row.at // slice_us] += row.total
            goods[row.at // slice_us] += row.good
        found: list[Run] = []
        for number in sorted(totals):
            last = found[-1] if found else None
            if last and (last.first + last.slices, last.total, last.good) == (
                number,
                totals[number],
                goods[number],
            ):
                found[-1] = last._replace(slices=last.slices + 1)
            else:
                found.append(Run(number, 1, totals[number], goods[number]))
        return tuple(found)

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """Those inside, after the last one before."""
        held = sorted(self.held.get(stream.component, []), key=lambda state: state.at)
        before = [state for state in held if state.at < start_at][-1:]
        return (*before, *(state for state in held if start_at <= state.at < end_at))

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """The latencies counted by bucket."""
        found = Counter(
            bucket_of(row.latency_us)
            for row in self.rows.get(stream.component, [])
            if row.latency_us is not None and start_at <= row.at < end_at and row.at not in without
        )
        return tuple(Latency(bucket, found[bucket]) for bucket in sorted(found))


@cache
def _good(start_at: Instant, end_at: Instant, every_us: Duration) -> tuple[Row, ...]:
    """Good checks at a steady pace; many tests begin with those of the same month."""
    return tuple(Row(at) for at in range(start_at, end_at, every_us))


def matter_of(
    components: Mapping[str, Component], observations: Rows, indicator: Indicator, **signal: Duration
) -> Matter:
    """The matter of components whose leaves one signal observes, as the indicator needs it."""
    leaves = tuple(name for name, one in components.items() if one.tie is None)
    kinds = {"counts": "counts", "states": "states"}
    observed = Signal("probe", kinds.get(indicator.basis, "checks"), leaves, **signal)  # type: ignore[arg-type]
    return Matter("Northwind", components, (observed,), {}, UTC, observations)
