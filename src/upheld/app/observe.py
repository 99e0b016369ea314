"""Observations are told: rows by thousands, written with their slice counters and the key of the batch.

A batch is taken as a whole or refused as a whole. Told again it changes nothing, and a row that is known
already counts once, whatever its batch; one that says otherwise than what is known is refused. A batch of
which rows were left out is not remembered: told again, it is looked at again, by what is asked for then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError, transaction

from upheld.app.crash import point
from upheld.app.record import SKEW
from upheld.app.refusal import RefusedError
from upheld.app.terms import holding
from upheld.app.watching import Counters, Observing, Streams, Watching, counted_in, watching
from upheld.core.evaluating.narrow import dependency_of
from upheld.core.timeline.instant import DAY, Instant, format_instant
from upheld.core.values.finding import MOST_TOLD, EnoughError, Finding, Place
from upheld.core.values.frozen import dataclass
from upheld.lake.arrow import codes, constant, empty, filled, in_one_piece, integers, numbers
from upheld.lake.checking import checked
from upheld.lake.naming import EVERY, KINDS
from upheld.lake.rows import ROWS, Chunk, Told, kinds_of
from upheld.lake.settling import SEALED, WRITTEN, settled_in_order
from upheld.store.inserting import insert
from upheld.store.locking import locked, writing
from upheld.store.models import ObservedBatch, ObservedStream, Provider
from upheld.store.observed_rows import (
    FRESH,
    Before,
    DayRows,
    SliceCount,
    add_counts,
    add_days,
    before_batch,
    last_before,
    putting,
    rows_of,
)
from upheld.store.resting import wake_resting
from upheld.store.sealed import lake_home, sealed_rows
from upheld.store.walls import of_one_provider

FILE: Final = "observations"
"""The name of a batch in findings; lines are the numbers of its rows."""
_OF_BATCH: Final = ("provider_id", "key", "digest", "told_at", "rows")
MOST_ROWS: Final = 10_000
LONGEST_KEY: Final = 240
"""Room for a key of 200 characters behind the name of whoever tells it."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What came of a batch: how many of its rows were not known yet. `findings` are warnings and notes."""

    new: int
    findings: tuple[Finding, ...] = ()


class OtherBatchError(RefusedError):
    """Another batch was told under this key."""


@of_one_provider
def observe(provider_id: int, key: str, rows: pa.Table, at: Instant, lake: Path | None = None) -> Observed:
    """Takes a batch of rows as `upheld.lake.rows.ROWS` has them, at an instant.

    A row that names no provider is of this one. `lake` is the folder of what is sealed, if not
    the server's. RefusedError if a row cannot be taken, with every reason; a component that nobody asks for
    is a warning.
    """
    told = Told(FILE, MOST_TOLD)
    with writing():
        provider = locked(provider_id)
        before = before_batch(provider_id, key)
        if before.digest is not None:
            if before.digest != _digest(rows):
                raise OtherBatchError([_other_batch(key)])
            return Observed(0)
        if not key or len(key) > LONGEST_KEY or len(rows) > MOST_ROWS:
            raise RefusedError([_no_batch(len(rows))])
        hold = holding(provider)
        watch = watching(provider, hold)
        try:
            sound, lines = _sound(_whose(rows, provider, told), watch, at, told)
        except EnoughError:
            sound, lines = _NONE
        _stop_at_errors(told)
        batch = _Batch(provider, watch, before, rows, sound, lines, told, lake or lake_home())
        new = batch.put()
        batch.count()
        if new:
            _wake(provider, watch, batch.streams, at)
        if len(sound) == len(rows):
            insert(ObservedBatch, _OF_BATCH, [(provider.pk, key, batch.digest, at, new)])
        point("observe.before_commit")
    point("observe.after_commit")
    return Observed(new, tuple(told.all))


# -- rows --------------------------------------------------------------------------------------------------


def _digest(rows: pa.Table) -> bytes:
    """Of what the rows say, whichever way the columns lie in memory."""
    whole = hashlib.sha256(f"{len(rows)}".encode())
    for name in ROWS.names:
        column = in_one_piece(rows[name])
        if column.null_count == len(column):
            continue
        if column.type == pa.string():
            values, texts = codes(column)
            whole.update(json.dumps([name, texts]).encode())
        else:
            values = filled(column, 0)
            there = numbers(column.is_valid()).tobytes() if column.null_count else b""
            whole.update(json.dumps([name, len(there)]).encode() + there)
        whole.update(values.tobytes())
    return whole.digest()


def _other_batch(key: str) -> Finding:
    message = f"a batch `{key[:80]}` was told before, and otherwise"
    return Finding("conflicting-rows", message, (Place(FILE),), "give every batch a key of its own")


def _no_batch(rows: int) -> Finding:
    message = f"a batch has a key of 1 to {LONGEST_KEY} characters and at most {MOST_ROWS:,} rows"
    return Finding("too-large", message, (Place(FILE),), f"divide it: these are {rows:,} rows")


def _whose(rows: pa.Table, provider: Provider, told: Told) -> pa.Table:
    """The rows with their provider. Nobody tells of another one."""
    named = pc.fill_null(rows["provider"], constant(provider.name, pa.string()))
    others = numbers(pc.not_equal(named, constant(provider.name, pa.string())))
    for row in np.flatnonzero(others).tolist():
        told.say(
            "unknown-provider",
            f"this is told to {provider.name}, and the row names another provider",
            Place(FILE, row + 1),
            way_out="leave the provider out",
            column="provider",
        )
    return rows.set_column(ROWS.names.index("provider"), "provider", named)


_NONE: Final = (empty(ROWS), integers([]))


def _sound(rows: pa.Table, watch: Watching, at: Instant, told: Told) -> tuple[pa.Table, pa.Array]:
    """The rows that can be taken, with the signal of each, and their numbers."""
    lines = integers(np.arange(1, len(rows) + 1))
    chunk = Chunk(rows.combine_chunks(), lines, lambda row, _: Place(FILE, row + 1))
    sound = list(checked(iter([chunk]), watch.names, told))
    for found, numbered in sound:
        latest = np.maximum(numbers(found["at"]), filled(found["until"], 0))
        for row in np.flatnonzero(latest > at + SKEW).tolist():
            told.say(
                "bad-time",
                f"`{found['component'][row].as_py()}` is observed at {format_instant(int(latest[row]))}, "
                "which is yet to come",
                Place(FILE, numbered[row].as_py()),
                way_out="correct the time, or the clock of whoever observes",
                column="at",
            )
    return sound[0] if sound else _NONE


def _stop_at_errors(told: Told) -> None:
    if errors := [one for one in told.all if one.severity == "error"]:
        raise RefusedError(errors)


# -- a batch -----------------------------------------------------------------------------------------------


class _Batch:
    """Sound rows on their way into the tables, by stream and instant."""

    def __init__(
        self, provider: Provider, watch: Watching, before: Before, whole: pa.Table, rows: pa.Table,
        lines: pa.Array, told: Told, lake: Path,
    ) -> None:  # fmt: skip
        self._whole = whole
        self.provider, self.watch, self.before, self.told, self.lake = provider, watch, before, told, lake
        at = numbers(rows["at"])
        self.streams, of = _streams(rows)
        order = np.lexsort((at, of))
        self.rows, self.of = rows.take(integers(order)).combine_chunks(), of[order]
        self.lines = lines.take(integers(order))
        self.known = Streams({})
        self.counted: Counters = {}
        self.days: Sequence[DayRows] = ()
        self.counts: Sequence[SliceCount] = ()

    @cached_property
    def digest(self) -> bytes:
        """That of the batch as it was told."""
        return _digest(self._whole)

    def put(self) -> int:
        """Writes the rows that are new; says how many those were."""
        if not len(self.rows):
            return 0
        known = self.watch.streams(self.provider, self.before.last_stream)
        self.counted = self.watch.counted(self.provider, known)
        self.known = self._made(known)
        if not (self._is_plain() and self._stands_alone()):
            self._settle()
            self._put()
        return len(self.rows)

    def count(self) -> None:
        """Writes what is kept of the rows that were put."""
        add_days(self.days)
        add_counts(self.counts)

    def _stands_alone(self) -> bool:
        """Whether all of the rows could be put: none of their streams and instants was there."""
        try:
            with transaction.atomic():
                self._put()
        except IntegrityError:
            return False
        return True

    def _put(self) -> None:
        with putting(self._fresh()):  # what can wait until here is computed while the database writes
            self.days, self.counts, _ = self._days(), self._counts(), self.digest

    def _made(self, known: Streams) -> Streams:
        new = [one for one in self.streams if one not in known.ids]
        if not new:
            return known
        made = ObservedStream.objects.bulk_create(
            ObservedStream(provider=self.provider, **one._asdict()) for one in new
        )
        return Streams({**known.ids, **{one: row.pk for one, row in zip(new, made, strict=True)}})

    def _is_plain(self) -> bool:
        """Whether only a row of the same stream and instant could stand against one of these."""
        at = numbers(self.rows["at"])
        if np.any((at[1:] == at[:-1]) & (self.of[1:] == self.of[:-1])) or self.known.siblings(self.streams):
            return False
        days = self._days_touched()
        if (
            days[0] * DAY <= self.before.sealed_at
            and sealed_rows(self.provider, days, self.lake, ()) is not None
        ):
            return False
        if all(one.kind != "counts" for one in self.streams):
            return True
        until = filled(self.rows["until"], -1)
        if np.any((at[1:] < until[:-1]) & (self.of[1:] == self.of[:-1])):
            return False
        for start, end in self._stretches():
            if until[start] < 0:
                continue
            before = last_before(self.known.ids[self.streams[self.of[start]]], int(until[end - 1]))
            if before is not None and before[1] > int(at[start]):
                return False
        return True

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """From where to where the rows of each stream stand."""
        edges = np.flatnonzero(np.diff(self.of)) + 1
        yield from pairwise([0, *edges.tolist(), len(self.of)])

    def _days_touched(self) -> list[int]:
        """The days of the rows, and those from which a count may reach into them."""
        days = set((numbers(self.rows["at"]) // DAY).tolist())
        if any(one.kind == "counts" for one in self.streams):
            days |= {day + step for day in days for step in (-1, 1)}
        return sorted(days)

    # -- what stands already -------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Leaves only rows that are new. RefusedError if one says otherwise than what stands, or overlaps."""
        streams = sorted({*self.streams, *self.known.siblings(self.streams)})
        there = self._there(streams)
        self._refuse_twice(there)
        mine = self.rows.append_column("file", integers(np.zeros(len(self.rows))).cast(pa.int32()))
        mine = mine.append_column("line", self.lines).cast(WRITTEN)
        both = pa.concat_tables([there, mine]).combine_chunks()
        _, of = _streams(both)
        order = np.lexsort((numbers(both["line"]), numbers(both["file"]), numbers(both["at"]), of))
        kept = list(settled_in_order([both.take(integers(order))], (self.told,), stands="known"))
        _stop_at_errors(self.told)
        rows = pa.concat_tables(kept).combine_chunks() if kept else empty(ROWS)
        self.streams, self.of = _streams(rows)
        self.rows = rows

    def _there(self, streams: Sequence[Observing]) -> pa.Table:
        """What is known near these rows, fresh and sealed, as `WRITTEN`."""
        at = numbers(self.rows["at"])
        first, end = int(at.min()), max(int(at.max()), int(filled(self.rows["until"], 0).max())) + 1
        found = []
        for one in streams:
            if one not in self.known.ids:
                continue
            start = first
            if one.kind == "counts" and (before := last_before(self.known.ids[one], first)) is not None:
                start = before[0]
            found.append(_written(self.provider.name, one, rows_of([self.known.ids[one]], start, end)))
        components = sorted({one.component for one in streams})
        sealed = sealed_rows(self.provider, self._days_touched(), self.lake, components)
        if sealed is not None:
            found += [_marked(self.provider.name, table) for table in sealed]
        return pa.concat_tables([empty(WRITTEN), *found]).combine_chunks()

    def _refuse_twice(self, there: pa.Table) -> None:
        """Refuses rows for every signal where one is named for the same instant, and the other way round."""
        known, told = _naming(there), _naming(self.rows)
        columns = (self.rows[name].to_pylist() for name in ("component", "at", "signal"))
        rows = zip(*columns, kinds_of(self.rows).tolist(), self.lines.to_pylist(), strict=True)
        for component, at, signal, kind, line in rows:
            of, is_every = (component, kind, at), signal == EVERY
            is_known = (not is_every) in known.get(of, ())
            if is_known or (not is_every) in told[of]:
                self.told.say(
                    "conflicting-rows",
                    f"of `{component}` at {format_instant(at)} one row names its signal and another does not",
                    Place(FILE, line),
                    way_out=_LEFT_OUT if is_known else _NAMED_ALIKE,
                )
        _stop_at_errors(self.told)

    # -- what is written -----------------------------------------------------------------------------------

    def _ids(self) -> Any:
        """The stream of each row, by its id."""
        return np.array([self.known.ids[one] for one in self.streams], np.int64)[self.of]

    def _fresh(self) -> pa.Table:
        columns = {"stream_id": integers(self._ids()), **{name: self.rows[name] for name in FRESH.names[1:]}}
        return pa.Table.from_arrays([columns[name] for name in FRESH.names], schema=FRESH)

    def _days(self) -> list[DayRows]:
        if not len(self.rows):
            return []
        day, ids = numbers(self.rows["at"]) // DAY, self._ids()
        starts = np.flatnonzero((day[1:] != day[:-1]) | (ids[1:] != ids[:-1])) + 1
        starts = np.concatenate(([0], starts))
        columns = (ids[starts], day[starts], np.diff(starts, append=len(day)))
        return list(map(DayRows, *(column.tolist() for column in columns)))

    def _counts(self) -> list[SliceCount]:
        """What these rows add to each slice that is counted of their components."""
        found: list[SliceCount] = []
        for counting, one in self.watch.counts.items():
            counters = self.watch.counters(self.counted, counting, self.streams)
            counter = np.array(counters, np.int64)[self.of]
            rows, which = self.rows, np.flatnonzero(counter >= 0)
            if not len(which):
                continue
            used = [pk for pk in counters if pk >= 0]
            is_of_several = len({*used}) < len(used)
            if is_of_several:  # else what stands by stream and instant stands by counter and instant
                which = which[np.lexsort((numbers(rows["at"])[which], counter[which]))]
            if is_of_several or len(which) < len(rows):
                rows = rows.take(integers(which)).combine_chunks()
            found += counted_in(rows, one.signal, one.slice_us, counter[which])
        return found


_LEFT_OUT: Final = "leave this row out for that instant: the other one is known, and stays"
_NAMED_ALIKE: Final = "name the signal in both, or in neither: a row without one is for every signal"


def _naming(rows: pa.Table) -> dict[tuple[str, int, int], set[bool]]:
    """By component, kind and instant: whether a row is for every signal, and whether one names its own."""
    found: dict[tuple[str, int, int], set[bool]] = {}
    columns = (rows[name].to_pylist() for name in ("component", "at", "signal"))
    for component, at, signal, kind in zip(*columns, kinds_of(rows).tolist(), strict=True):
        found.setdefault((component, kind, at), set()).add(signal == EVERY)
    return found


def _streams(rows: pa.Table) -> tuple[list[Observing], Any]:
    """The streams of rows in order, and of which each row is."""
    (c, components), (s, signals) = (codes(rows[name]) for name in ("component", "signal"))
    kinds = kinds_of(rows)
    key = (c.astype(np.int64) * len(signals) + s) * len(KINDS) + kinds
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    found = [Observing(str(components[c[i]]), str(signals[s[i]]), KINDS[kinds[i]]) for i in first.tolist()]
    # By kind in the order of `KINDS`, as rows are settled.
    ordered = sorted(range(len(found)), key=lambda i: (found[i][:2], KINDS.index(found[i].kind)))
    rank = np.empty(len(found), np.int64)
    rank[ordered] = np.arange(len(found))
    return [found[i] for i in ordered], rank[inverse]


def _written(provider: str, stream: Observing, rows: pa.Table) -> pa.Table:
    count = len(rows)
    names = {"provider": provider, "component": stream.component, "signal": stream.signal}
    same = {name: pa.repeat(constant(text, pa.string()), count) for name, text in names.items()}
    columns = [same[name] if name in same else in_one_piece(rows[name]) for name in ROWS.names]
    return _numbered(pa.Table.from_arrays(columns, schema=ROWS))


def _marked(provider: str, rows: pa.Table) -> pa.Table:
    named = pa.repeat(constant(provider, pa.string()), len(rows))
    columns = [named if name == "provider" else in_one_piece(rows[name]) for name in ROWS.names]
    return _numbered(pa.Table.from_arrays(columns, schema=ROWS))


def _numbered(rows: pa.Table) -> pa.Table:
    file = integers(np.full(len(rows), SEALED)).cast(pa.int32())
    line = integers(np.zeros(len(rows)))
    return rows.append_column("file", file).append_column("line", line).cast(WRITTEN)


# -- what rests on it --------------------------------------------------------------------------------------


def _wake(provider: Provider, watch: Watching, streams: Iterable[Observing], at: Instant) -> None:
    """Marks as due at once the scopes that rest on some streams."""
    dependencies: list[str] = []
    for one in streams:
        known = watch.names.signals.get((provider.name, one.component), {})
        for signal in [one.signal] if one.signal != EVERY else list(known):
            name = dependency_of(("observations", provider.name, one.component, signal))
            assert name is not None, "observations are what scopes rest on"
            dependencies.append(name)
    wake_resting(provider.pk, dependencies, at)
