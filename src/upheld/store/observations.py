"""The observations of a provider: fresh rows of the database, and the sealed days of its lake, as one answer.

Each day of fresh rows is a part beside the sealed ones, answered by an engine that asks the database; the
rest is what a folder of the same observations goes through.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa
from django.db.models import Count

from upheld.core.measuring.observation import Latency, Run, State, Stream
from upheld.core.terms.indicator import Signal, SignalKind
from upheld.core.timeline.instant import DAY, FOREVER, Duration, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.values.finding import Finding
from upheld.lake.answers import Answers
from upheld.lake.arrays import Arrays, add_latencies, judged, judged_states
from upheld.lake.arrow import constant, filled, in_one_piece
from upheld.lake.engine import UNKNOWN, Counted, States
from upheld.lake.naming import EVERY
from upheld.lake.parts import STORED, Counting, Part, RowFile, read_rows
from upheld.lake.runs import Rows, of_slices, summed
from upheld.store.models import CountedStream, ObservedStream, Provider, SealedFile
from upheld.store.observed_rows import counts_of, days_of, rows_of
from upheld.store.sealed import lake_home, lake_of
from upheld.store.walls import between, whole_provider

FRESH: Final = Path("fresh")
"""Where parts of fresh rows say that they are; they are in no file."""
T = TypeVar("T")


class ObservedByProvider:
    """`upheld.core.measuring.observation.Observations` of one provider, as they are when they are asked for.

    `lake` is the folder of what is sealed, if not the server's; `told` takes what shows to be wrong with it.
    `is_held`: whoever asks holds the lock of the provider, so that nothing is told or sealed meanwhile.
    """

    def __init__(
        self,
        provider_id: int,
        lake: Path | None = None,
        told: list[Finding] | None = None,
        is_held: bool = False,
    ) -> None:
        self._provider_id = provider_id
        self._lake = lake or lake_home()
        self._told: list[Finding] = [] if told is None else told
        self._is_held = is_held
        self._answers: Answers | None = None
        self._sealed = -1

    def digest(self, stream: Stream) -> str:
        """Another one whenever an observation is told, and when it moves from the rows into a file."""
        return self._ask(lambda answers: answers.digest(stream))

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """By the slice counters, except where a question covers a slice in part."""
        return self._ask(lambda answers: answers.slices(stream, signal, slice_us, start_at, end_at, without))

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """From the rows."""
        return self._ask(lambda answers: answers.states(stream, signal, start_at, end_at))

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """From the rows."""
        return self._ask(lambda answers: answers.latencies(stream, signal, start_at, end_at, without))

    def _ask(self, question: Callable[[Answers], T]) -> T:
        """An answer, asked again if rows were sealed meanwhile: they may have been seen twice or never."""
        # What a contract of a customer rests on is the provider's.
        with between(self._provider_id), whole_provider():
            return self._asked(question)

    def _asked(self, question: Callable[[Answers], T]) -> T:
        if self._is_held:
            self._answers = self._answers or self._opened()
            return question(self._answers)
        while True:
            sealed = SealedFile.objects.filter(provider_id=self._provider_id).aggregate(n=Count("pk"))["n"]
            if self._answers is None or sealed != self._sealed:
                self._answers, self._sealed = self._opened(), sealed
                continue
            found = question(self._answers)
            if SealedFile.objects.filter(provider_id=self._provider_id).count() == sealed:
                return found

    def _opened(self) -> Answers:
        provider = Provider.objects.get(pk=self._provider_id)
        lake, findings = lake_of(provider, self._lake)
        self._told += [one for one in findings if one not in self._told]
        fresh = FreshRows(provider)
        return Answers([*lake.parts, *fresh.parts()], lambda: fresh, self._told)


def held_observations(provider_id: int) -> ObservedByProvider:
    """The observations of a provider whose lock is held."""
    return ObservedByProvider(provider_id, is_held=True)


class FreshRows:
    """`upheld.lake.engine.Engine` over rows that are in no file yet; what is in files it leaves to arrays."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._arrays = Arrays()
        self._streams: dict[tuple[str, SignalKind], dict[str, int]] = defaultdict(dict)
        self._of: dict[int, tuple[str, str, SignalKind]] = {}
        for pk, component, signal, kind in ObservedStream.objects.filter(provider=provider).values_list(
            "pk", "component", "signal", "kind"
        ):
            self._streams[component, kind][signal] = pk  # type: ignore[index]  # rows have the kinds of signals
            self._of[pk] = component, signal, kind  # type: ignore[assignment]  # as above

    def parts(self) -> list[Part]:
        """A part for each day that has fresh rows."""
        rows: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
        kinds: dict[int, set[SignalKind]] = defaultdict(set)
        for stream_id, day, count in days_of(self._provider.pk):
            if stream_id not in self._of:
                continue  # it was made a moment ago
            component, signal, kind = self._of[stream_id]
            rows[day][component, signal] = rows[day].get((component, signal), 0) + count
            kinds[day].add(kind)
        return [
            Part(
                self._provider.name,
                day * DAY,
                (day + 1) * DAY,
                (RowFile(FRESH / str(day), rows[day], _content(rows[day]), frozenset(kinds[day])),),
            )
            for day in sorted(rows)
        ]

    def counts(self, file: RowFile, signal: Signal, slice_us: Duration) -> Counted:
        """The counters of the day; of a component that is not counted so, counted now."""
        if file.path.parent != FRESH:
            return self._arrays.counts(file, signal, slice_us)
        day, names = _day(file), tuple(sorted({component for component, _ in file.rows}))
        known = self._counted(Counting.of(signal, slice_us)) if DAY % slice_us == 0 else {}
        number = {pk: names.index(name) for name, pk in known.items() if name in names}
        kept = counts_of(list(number), day * DAY // slice_us, (day + 1) * DAY // slice_us)
        kept.sort(key=lambda one: (number[one.counted_id], one.number))
        runs = [
            of_slices(
                [number[one.counted_id] for one in kept],
                *([one[i] for one in kept] for i in (1, 2, 3)),
            )
        ]
        for i, name in enumerate(names):
            if name not in known:
                rows = judged(self._rows(file, name, signal, day * DAY, (day + 1) * DAY), signal)
                rows = rows.chosen(rows.total > 0) if signal.kind == "checks" else rows
                found = rows.counted(slice_us)
                runs.append(found._replace(stream=np.full(found.size, i, np.int64)))
        return Counted(names, summed(runs))

    def rows(self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant) -> Rows:
        """By the key of the rows."""
        if file.path.parent != FRESH:
            return self._arrays.rows(file, component, signal, start_at, end_at)
        return judged(self._rows(file, component, signal, start_at, end_at), signal)

    def states(
        self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant
    ) -> States:
        """By the key of the rows."""
        if file.path.parent != FRESH:
            return self._arrays.states(file, component, signal, start_at, end_at)
        return judged_states(self._rows(file, component, signal, start_at, end_at), signal)

    def latencies(
        self, file: RowFile, signal: Signal, start_at: Instant, end_at: Instant
    ) -> dict[str, dict[int, int]]:
        """Of each component."""
        if file.path.parent != FRESH:
            return self._arrays.latencies(file, signal, start_at, end_at)
        found: dict[str, dict[int, int]] = {}
        for name in sorted({component for component, _ in file.rows}):
            latency = filled(self._rows(file, name, signal, start_at, end_at)["latency"], UNKNOWN)
            add_latencies(found, [name], np.zeros(len(latency), np.int64), latency, latency >= 0)
        return found

    def _counted(self, counting: Counting) -> Mapping[str, int]:
        rows = CountedStream.objects.filter(provider=self._provider, **counting._asdict())
        return dict(rows.values_list("component", "pk"))

    def _rows(
        self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant
    ) -> pa.Table:
        """The rows of a day that are observations of a component for a signal, in order of time."""
        known = self._streams.get((component, signal.kind), {})
        mine = [known[name] for name in (signal.name, EVERY) if name in known]
        start = _day(file) * DAY
        return rows_of(mine, max(start_at, start), min(end_at, start + DAY))


def rows_told(provider: Provider, lake: Path) -> Iterator[pa.Table]:
    """Every row of a provider, sealed or fresh, as `upheld.lake.parts.STORED`. OSError if a file is damaged.

    Within a transaction, or what is sealed meanwhile may be missing.
    """
    sealed, findings = lake_of(provider, lake)
    if findings:
        raise OSError("; ".join(f"{one.place}: {one.message}" for one in findings))
    for part in sealed.parts:
        for file in part.files:
            yield from read_rows(file.path)
    for stream in ObservedStream.objects.filter(provider=provider).order_by("component", "signal", "kind"):
        yield of_stream(stream, rows_of([stream.pk], 0, FOREVER))


def of_stream(stream: ObservedStream, rows: pa.Table) -> pa.Table:
    """Fresh rows of a stream as a file of rows has them."""
    names = {"component": stream.component, "signal": stream.signal}
    columns = [
        pa.repeat(constant(names[name], pa.string()), len(rows))
        if name in names
        else in_one_piece(rows[name])
        for name in STORED.names
    ]
    return pa.Table.from_arrays(columns, schema=STORED)


def _day(file: RowFile) -> int:
    return int(file.path.name)


def _content(rows: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """By component, a text that is another one when rows are added: none is ever changed or taken away."""
    found: dict[str, str] = {}
    for (component, signal), count in sorted(rows.items()):
        said = f"{found.get(component, '')} {signal} {count}"
        found[component] = hashlib.sha256(said.encode()).hexdigest()
    return found
