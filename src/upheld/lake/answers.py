"""The observations of a book, answered by an engine: slice counts where they lie ready, rows where not.

What was asked once is kept. Rows are read again only for slices that a question covers in part.
"""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import pyarrow as pa

from upheld.core.measuring.latency import bucket_of
from upheld.core.measuring.observation import Latency, Run, State, Stream
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.values.finding import Finding, Place
from upheld.lake.engine import UNKNOWN, Counted, Engine, States
from upheld.lake.parts import Counting, Part, RowFile
from upheld.lake.runs import NO_ROWS, NO_RUNS, Rows, Runs, outside, summed
from upheld.lake.slice_file import NotAsSealed, read_sealed

KEPT_RUNS: Final = 2_000_000
"""Runs of slices that are kept for later questions (40 bytes each)."""
KEPT_ANSWERS: Final = 4_096
NOTHING_COUNTED: Final = Counted((), NO_RUNS)
NO_STATES: Final = States(NO_ROWS.at, *(np.empty(0, np.int8) for _ in range(2)))
T = TypeVar("T")


class Answers:
    """`upheld.core.measuring.observation.Observations` over parts."""

    def __init__(
        self, parts: Sequence[Part], engine: Callable[[], Engine], told: list[Finding] | None = None
    ) -> None:
        """Files that show to be damaged or tampered with when they are read are `told`, and do not count."""
        self._findings: list[Finding] = [] if told is None else told
        self._broken: set[Path] = set()
        self._parts = sorted(parts, key=lambda part: part.start_at)
        self._make = engine
        self._engine: Engine | None = None
        self._counted: OrderedDict[Hashable, Counted] = OrderedDict()
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    @property
    def engine(self) -> Engine:
        """Made when a question first needs it: what lies ready needs none."""
        if self._engine is None:
            self._engine = self._make()
        return self._engine

    def digest(self, stream: Stream) -> str:
        """Over the hashes of its component, file by file."""
        whole = hashlib.sha256()
        found = False
        for part, file in self._files(stream):
            found = True
            whole.update(f"{part.start_at} {part.end_at} {file.content[stream.component]}\n".encode())
        return whole.hexdigest() if found else ""

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """Whole slices as they were counted; those touched by an end or by `without` from their rows."""
        counting = Counting.of(signal, slice_us)
        key = ("slices", stream, counting, start_at, end_at, without)
        return self._once(key, lambda: self._slices(stream, signal, counting, start_at, end_at, without))

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """From the rows, with the last one before from the nearest file that has one."""
        key = ("states", stream, _meaning(signal), start_at, end_at)
        return self._once(key, lambda: self._states(stream, signal, start_at, end_at))

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """Of all components at once, less what lies in `without`."""
        key = ("latencies", stream, _meaning(signal), start_at, end_at, without)
        return self._once(key, lambda: self._latencies(stream, signal, start_at, end_at, without))

    # -- slices --------------------------------------------------------------------------------------------

    def _slices(
        self, stream: Stream, signal: Signal, counting: Counting, start_at: Instant, end_at: Instant,
        without: Spans,
    ) -> tuple[Run, ...]:  # fmt: skip
        if end_at <= start_at:
            return ()
        slice_us = counting.slice_us
        first, end = start_at // slice_us, -(-end_at // slice_us)
        asked = Spans.of([(start_at, end_at)]) - without
        if without and signal.kind == "counts":  # a count may reach from a slice that is not touched
            touched = Spans.of([(first * slice_us, end * slice_us)])
        else:
            touched = _touched(asked.complement(first * slice_us, end * slice_us), slice_us)
        found: list[Runs] = []
        for _, file in self._files(stream, start_at, end_at):
            counted = self._count(file, signal, counting)
            if stream.component in counted.names:
                runs = counted.runs.of(counted.names.index(stream.component)).within(first, end)
                found.append(runs._replace(stream=np.zeros(runs.size, np.int64)))
        whole = _cut_out(summed(found), touched, slice_us)
        partly = [
            outside(self._told(stream, signal, span_start, span_end), without).counted(slice_us)
            for start, stop in touched
            if (inside := asked.clip(start, stop))
            for span_start, span_end in [(inside.starts[0], inside.ends[-1])]
        ]
        return summed([whole, *partly]).values()

    def _count(self, file: RowFile, signal: Signal, counting: Counting) -> Counted:
        """The slices of a file: as sealed, or counted now."""
        key = (file.path, counting)
        if key in self._counted:
            self._counted.move_to_end(key)
            return self._counted[key]
        ready = file.slices.get(counting)
        if ready is not None:
            sealed = file.slice_hashes[counting]
            counted = self._read(ready, lambda: read_sealed(ready, sealed), NOTHING_COUNTED)
        else:
            counted = self._read(
                file.path, lambda: self.engine.counts(file, signal, counting.slice_us), NOTHING_COUNTED
            )
        self._counted[key] = counted
        while sum(one.runs.size for one in self._counted.values()) > KEPT_RUNS and len(self._counted) > 1:
            self._counted.popitem(last=False)
        return counted

    def _rows(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> Rows:
        found = [
            self._read(
                file.path,
                lambda f=file: self.engine.rows(f, stream.component, signal, start_at, end_at),  # type: ignore[misc]
                NO_ROWS,
            )
            for _, file in self._files(stream, start_at, end_at)
        ]
        rows = Rows(*(np.concatenate(column) for column in zip(NO_ROWS, *found, strict=True)))
        return rows.chosen(np.argsort(rows.at, kind="stable"))

    def _told(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> Rows:
        """The rows that tell something of what is good. (Counts of 0 of 0 do.)"""
        rows = self._rows(stream, signal, start_at, end_at)
        return rows.chosen(rows.total > 0) if signal.kind == "checks" else rows

    # -- states and latencies ------------------------------------------------------------------------------

    def _states(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant
    ) -> tuple[State, ...]:
        inside = [
            state
            for _, file in self._files(stream, start_at, end_at)
            for state in self._states_in(file, stream, signal, start_at, end_at)
        ]
        before: list[State] = []
        start_of = None
        for part, file in reversed(list(self._files(stream, 0, start_at))):
            if before and part.start_at != start_of:
                break
            found = self._states_in(file, stream, signal, 0, start_at)
            if found:
                start_of = part.start_at
                before.append(found[-1])
        last = [max(before, key=lambda state: state.at)] if before else []
        return (*last, *sorted(inside, key=lambda state: state.at))

    def _states_in(
        self, file: RowFile, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant
    ) -> list[State]:
        found = self._read(
            file.path, lambda: self.engine.states(file, stream.component, signal, start_at, end_at), NO_STATES
        )
        rows = zip(found.at.tolist(), found.good.tolist(), found.degraded.tolist(), strict=True)
        return [State(at, None if good == UNKNOWN else bool(good), bool(low)) for at, good, low in rows]

    def _latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans
    ) -> tuple[Latency, ...]:
        counts: Counter[int] = Counter()
        for part, file in self._files(stream, start_at, end_at):
            within = (max(start_at, part.start_at), min(end_at, part.end_at))
            key = ("buckets", file.path, _meaning(signal), *within)
            found = self._once(key, lambda f=file, w=within: self._buckets(f, signal, *w))  # type: ignore[misc]
            counts.update(found.get(stream.component, {}))
        for start, end in without.clip(start_at, end_at):
            rows = self._rows(stream, signal, start, end)
            counts.subtract(bucket_of(latency) for latency in rows.latency.tolist() if latency >= 0)
        return tuple(Latency(bucket, checks) for bucket, checks in sorted(counts.items()) if checks)

    def _buckets(
        self, file: RowFile, signal: Signal, start_at: Instant, end_at: Instant
    ) -> dict[str, dict[int, int]]:
        return self._read(file.path, lambda: self.engine.latencies(file, signal, start_at, end_at), {})

    # -- parts ---------------------------------------------------------------------------------------------

    def _files(
        self, stream: Stream, start_at: Instant | None = None, end_at: Instant | None = None
    ) -> Iterator[tuple[Part, RowFile]]:
        """The files that may have observations of a stream, with `at` between the two instants."""
        for part in self._parts:
            if part.provider != stream.provider:
                continue
            if (start_at is not None and part.end_at <= start_at) or (
                end_at is not None and part.start_at >= end_at
            ):
                continue
            yield from ((part, file) for file in part.files if file.has(stream.component, stream.signal))

    def _read(self, path: Path, read: Callable[[], T], nothing: T) -> T:
        """What is read of a file; nothing if it cannot be or is not what was sealed, which is told once."""
        try:
            return read()
        except NotAsSealed as fault:
            code, message = "not-as-sealed", f"{fault}, and do not count"
        except (pa.ArrowException, OSError, ValueError, AssertionError) as fault:
            reason = (str(fault).splitlines() or [type(fault).__name__])[0][:200]
            code, message = (
                "bad-parquet",
                f"this file cannot be read, and what it holds does not count: {reason}",
            )
        if path not in self._broken:
            self._broken.add(path)
            self._findings.append(Finding(code, message, (Place(str(path)),), "restore the file"))
        return nothing

    def _once(self, key: Hashable, answer: Callable[[], T]) -> T:
        if key in self._answers:
            self._answers.move_to_end(key)
            found: T = self._answers[key]
            return found
        found = self._answers[key] = answer()
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.popitem(last=False)
        return found


def _meaning(signal: Signal) -> tuple[str, str, str, str]:
    """What of a signal an answer depends on."""
    return signal.name, signal.kind, str(signal.good), str(signal.degraded)


def _touched(left_out: Spans, slice_us: Duration) -> Spans:
    """The slices that are left out in part or whole, as spans."""
    return Spans.of((start // slice_us * slice_us, -(-end // slice_us) * slice_us) for start, end in left_out)


def _cut_out(runs: Runs, spans: Spans, slice_us: Duration) -> Runs:
    """The runs of one stream without the slices of `spans`."""
    if not spans or not runs.size:
        return runs
    pieces: list[Runs] = []
    first = int(runs.first[0])
    for start, end in spans:
        pieces.append(runs.within(first, start // slice_us))
        first = end // slice_us
    pieces.append(runs.within(first, int(runs.first[-1] + runs.slices[-1])))
    return Runs(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))
