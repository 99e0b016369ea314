"""What is watched of a provider: whose observations are whose, and what of them is counted in slices."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from django.db import transaction

from upheld.app.terms import Holding
from upheld.core.measuring.good import good_of
from upheld.core.terms.indicator import Signal, SignalKind
from upheld.core.timeline.instant import DAY, FOREVER, Duration
from upheld.lake.arrays import slices_of
from upheld.lake.naming import EVERY, Names
from upheld.lake.parts import Counting
from upheld.lake.sealing import ToCount, to_count
from upheld.lake.truths import Truths
from upheld.store.models import CountedStream, ObservedStream, Provider
from upheld.store.observed_rows import SliceCount, add_counts, drop_counts, rows_of

KEPT: Final = 64
Counters: TypeAlias = Mapping[tuple[str, Counting], int]
"""What is counted as it comes: the id of each counter, by component and by what it counts."""


class Observing(NamedTuple):
    """The stream of a row: a component, a signal (or `EVERY`), and the kind."""

    component: str
    signal: str
    kind: SignalKind


class Streams:
    """The streams of a provider by what they are of, and which of them would count an instant twice."""

    def __init__(self, ids: Mapping[Observing, int]) -> None:
        self.ids = ids
        named = {(one.component, one.kind) for one in ids if one.signal != EVERY}
        every = {(one.component, one.kind) for one in ids if one.signal == EVERY}
        self.mixed = frozenset(named & every)
        """Components and kinds of which some rows name a signal and others do not."""

    def siblings(self, streams: Iterable[Observing]) -> list[Observing]:
        """The streams that may have a row of the same instant which says the same once more."""
        mixed = self.mixed and self.mixed & {(one.component, one.kind) for one in streams}
        return [one for one in self.ids if (one.component, one.kind) in mixed] if mixed else []


class Watching:
    """Of one holding. What it knows of the database is taken over when a transaction has come to its end."""

    def __init__(self, provider: Provider, hold: Holding) -> None:
        self.names = Names(hold.bound.terms)
        self.counts: Mapping[Counting, ToCount] = {
            Counting.of(one.signal, one.slice_us): one
            for one in to_count(hold.bound.terms, provider.name)
            if DAY % one.slice_us == 0
        }
        self._streams = Streams({})
        self._last = 0
        self._counters: dict[Counting, dict[Observing, int]] = {}
        self._counted: Counters | None = None

    def streams(self, provider: Provider, last: int) -> Streams:
        """Every stream of the provider, of which the last one that was made has this id.

        Under the lock of the provider they are only added, each with a greater id.
        """
        if last == self._last:
            return self._streams
        rows = ObservedStream.objects.filter(provider=provider)
        told = rows.values_list("component", "signal", "kind", "pk")
        known = Streams(
            {
                Observing(component, signal, kind): pk  # type: ignore[arg-type]  # rows have the kinds of signals
                for component, signal, kind, pk in told
            }
        )

        def keep() -> None:
            self._streams, self._last = known, last

        transaction.on_commit(keep)
        return known

    def counted(self, provider: Provider, streams: Streams) -> Counters:
        """What is counted as it comes. What has not been until now is counted up first, of these streams."""
        if self._counted is not None:
            return self._counted
        wanted = {
            (component, counting): one
            for counting, one in self.counts.items()
            for component in sorted(one.components)
        }
        rows = CountedStream.objects.filter(provider=provider)
        known = {
            (row.component, Counting(row.signal, row.kind, row.good, row.slice_us)): row.pk  # type: ignore[arg-type]  # as above
            for row in rows
        }
        stale = [pk for key, pk in known.items() if key not in wanted]
        drop_counts(stale)
        CountedStream.objects.filter(pk__in=stale).delete()
        fresh = [key for key in wanted if key not in known]
        made = CountedStream.objects.bulk_create(
            CountedStream(provider=provider, component=component, **counting._asdict())
            for component, counting in fresh
        )
        new = {key: row.pk for key, row in zip(fresh, made, strict=True)}
        _count_up(streams.ids, new, wanted)
        ids = {key: known.get(key) or new[key] for key in wanted}

        def keep() -> None:
            self._counted = ids

        transaction.on_commit(keep)
        return ids

    def counters(self, counted: Counters, counting: Counting, streams: Iterable[Observing]) -> list[int]:
        """By which counter the rows of each stream are counted; -1 for none."""
        known = {} if self._counted is None else self._counters.setdefault(counting, {})

        def counter(stream: Observing) -> int:
            is_mine = stream.kind == counting.kind and stream.signal in (counting.signal, EVERY)
            return counted.get((stream.component, counting), -1) if is_mine else -1

        found = []
        for stream in streams:
            if stream not in known:
                known[stream] = counter(stream)
            found.append(known[stream])
        return found


def _count_up(
    streams: Mapping[Observing, int], new: Counters, wanted: Mapping[tuple[str, Counting], ToCount]
) -> None:
    """Counts the fresh rows of components that were not counted so before."""
    for (component, counting), pk in new.items():
        signal = wanted[component, counting].signal
        mine = [
            streams[one]
            for name in (signal.name, EVERY)
            if (one := Observing(component, name, signal.kind)) in streams
        ]
        if mine:
            rows = rows_of(mine, 0, FOREVER)
            add_counts(counted_in(rows, signal, counting.slice_us, np.full(len(rows), pk)))


def counted_in(rows: pa.Table, signal: Signal, slice_us: Duration, counter: Any) -> list[SliceCount]:
    """What rows add to slices. `counter` has the counter of each; they stand by that and by instant."""
    if not len(rows):
        return []
    edges = np.flatnonzero(np.diff(counter)) + 1
    of = counter[np.concatenate(([0], edges))]
    runs = slices_of(rows, signal, slice_us, Truths(good_of(signal)), (edges, of))
    within = np.arange(int(runs.slices.sum())) - np.repeat(np.cumsum(runs.slices) - runs.slices, runs.slices)
    number = np.repeat(runs.first, runs.slices) + within
    rest = (np.repeat(column, runs.slices) for column in (runs.total, runs.good))
    columns = (np.repeat(runs.stream, runs.slices), number, *rest)
    return list(map(SliceCount, *(column.tolist() for column in columns)))


_known: OrderedDict[int, tuple[Holding, Watching]] = OrderedDict()


def watching(provider: Provider, hold: Holding) -> Watching:
    """What is watched under a holding; made once for it."""
    known = _known.get(id(hold))
    if known is None or known[0] is not hold:
        known = _known[id(hold)] = (hold, Watching(provider, hold))
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return known[1]
