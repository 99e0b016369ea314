"""Fresh observations are sealed: the rows of a day go into one file, what comes late into further ones.

A file counts from the moment at which the database says so, in the transaction that takes the rows away; so
whoever stops at any point in between loses nothing and has nothing twice.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
from django.db import transaction

from upheld.app.inside import providers_of
from upheld.app.terms import holding
from upheld.core.timeline.instant import DAY, Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.lake.arrays import Arrays
from upheld.lake.manifest import SealedFile as Written
from upheld.lake.manifest import write_manifest
from upheld.lake.parts import Part, write_rows
from upheld.lake.sealing import add_part, to_count
from upheld.store.locking import locked
from upheld.store.models import CountedStream, ObservedStream, Provider, SealedFile
from upheld.store.observations import of_stream
from upheld.store.observed_rows import days_of, drop_counts, drop_day, rows_of
from upheld.store.sealed import counted_lake, lake_home, lake_of
from upheld.store.walls import between

GRACE: Final[Duration] = DAY
"""So long after its end rows of a day are awaited before it is sealed."""
POINTS: Final = ("rows are written", "hashes are written", "rows are taken away", "the manifest is written")
"""Where a process may stop, in order, by the names under which `passed` is told."""
LOCK: Final = ".sealing.lock"
_HOME: Final = ".sealing-"
Passed = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SealedDay:
    """A file that was sealed: of a day (since the epoch), with so many rows; `number` > 0 is a late one."""

    day: int
    number: int
    rows: int


def observed_providers() -> list[int]:
    """The providers of which something was ever observed."""
    return providers_of(ObservedStream.objects.all())


def seal(
    provider_id: int,
    at: Instant,
    lake: Path | None = None,
    grace_us: Duration = GRACE,
    passed: Passed = lambda _: None,
) -> list[SealedDay]:
    """Seals every day that has fresh rows and ended more than the grace ago, the earliest first.

    `lake` is the folder that they go into, if not the server's. Nothing is done while somebody else seals
    into it. The lock of the provider is held only to take the rows away; a day that is told more of meanwhile
    waits for the next time. OSError if a file cannot be written.
    """
    with between(provider_id):
        provider = Provider.objects.get(pk=provider_id)
    lake = lake or lake_home()
    lake.mkdir(parents=True, exist_ok=True)
    ended = (at - grace_us) // DAY
    with _alone(lake) as is_alone:
        if not is_alone:
            return []
        with between(provider_id):
            days = sorted({day for _, day, _ in days_of(provider_id) if day < ended})
        found = [one for day in days if (one := _seal_day(provider, day, at, lake, passed)) is not None]
        write_manifest(counted_lake(lake))
        passed("the manifest is written")
    return found


@contextmanager
def _alone(lake: Path) -> Iterator[bool]:
    """Whether nobody else seals into the lake now; a process that dies lets go of it."""
    with (lake / LOCK).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        for left in lake.glob(f"{_HOME}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield True


def _seal_day(provider: Provider, day: int, at: Instant, lake: Path, passed: Passed) -> SealedDay | None:
    start_at = day * DAY
    with between(provider.pk):
        streams = _streams(provider, day)
        known, findings = lake_of(provider, lake, [day])
        counts = tuple(to_count(holding(provider).bound.terms, provider.name))
    if findings:
        return None  # a file that is damaged is mended first, and never replaced by the next one
    with TemporaryDirectory(prefix=_HOME, dir=lake) as home:
        with between(provider.pk):
            file = write_rows(Path(home) / "rows.parquet", _rows(streams, day))
        if file is None:
            return None
        passed("rows are written")
        part = Part(provider.name, start_at, start_at + DAY, (file,))
        written = add_part(known, part, counts, Arrays()).days[-1].files[-1]
    passed("hashes are written")
    number = sum(len(one.files) for one in known.days)
    sealed = _take_over(provider, SealedDay(day, number, sum(file.rows.values())), written, lake, at)
    passed("rows are taken away")
    return sealed


def _streams(provider: Provider, day: int) -> list[ObservedStream]:
    """The streams that have rows of a day, in the order of the rows of a file."""
    there = [stream_id for stream_id, on, _ in days_of(provider.pk) if on == day]
    kinds = [kind for kind, _ in ObservedStream.KINDS]
    rows = ObservedStream.objects.filter(provider=provider).in_bulk(there)
    return sorted(rows.values(), key=lambda one: (one.component, one.signal, kinds.index(one.kind)))


def _rows(streams: list[ObservedStream], day: int) -> Iterator[pa.Table]:
    """The rows of a day, a stream at a time: no question holds up a writer for long."""
    for stream in streams:
        yield of_stream(stream, rows_of([stream.pk], day * DAY, (day + 1) * DAY))


def _take_over(
    provider: Provider, sealed: SealedDay, file: Written, lake: Path, at: Instant
) -> SealedDay | None:
    """From now on the file counts, and its rows are in the tables no more; unless others are there by now."""
    day = sealed.day
    with between(provider.pk), transaction.atomic():
        provider = locked(provider.pk)
        fresh = {stream_id: rows for stream_id, on, rows in days_of(provider.pk) if on == day}
        if sum(fresh.values()) != sealed.rows:
            return None
        SealedFile.objects.create(
            provider=provider,
            start_at=day * DAY,
            number=sealed.number,
            path=file.rows.path.relative_to(lake).as_posix(),
            hashes=file.hashes.relative_to(lake).as_posix(),
            sha256=file.sha256,
            rows=sealed.rows,
            sealed_at=at,
        )
        drop_day(list(fresh), day)
        by_slice: dict[Duration, list[int]] = {}
        rows = CountedStream.objects.filter(provider=provider)
        for pk, slice_us in rows.values_list("pk", "slice_us"):
            by_slice.setdefault(slice_us, []).append(pk)
        for slice_us, counted in by_slice.items():
            drop_counts(counted, day * DAY // slice_us, (day + 1) * DAY // slice_us)
    return sealed
