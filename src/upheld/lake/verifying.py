"""Whether a lake still is what was sealed: its rows and its slice counts, made anew from the rows.

A day at a time, so that the memory it takes does not grow with the lake, and by another engine than the one
that sealed. That is an audit by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from upheld.core.measuring.good import TYPES
from upheld.core.terms.indicator import Signal
from upheld.core.values.finding import Finding, Place
from upheld.core.values.value import Type
from upheld.lake.arrow import codes, numbers
from upheld.lake.duck import Duck
from upheld.lake.engine import Engine
from upheld.lake.manifest import Day, Lake, SealedFile
from upheld.lake.parts import Content, Counting, read_rows
from upheld.lake.rows import kinds_of
from upheld.lake.slice_file import hashes, read_slices
from upheld.language.expression import parse_expression

_TYPES: Final = {name: Type(kind) for name, kind in TYPES.items()}


class Difference(NamedTuple):
    """What is not as it was sealed: the file, its provider and day, the component ('' for the whole file)."""

    path: Path
    provider: str
    on: str
    component: str
    message: str

    @property
    def finding(self) -> Finding:
        """As it is told."""
        whose = f" of `{self.component}`" if self.component else ""
        message = f"{self.provider}, {self.on}: the {self.message}{whose} are not what was sealed"
        return Finding("not-as-sealed", message, (Place(str(self.path)),), "restore the file")


def verify(lake: Lake) -> Iterator[Difference]:
    """Everything that differs, day by day; nothing if the lake is what was sealed."""
    with TemporaryDirectory(prefix="upheld-") as home:
        engine = Duck(Path(home))
        for day in lake.days:
            for file in day.files:
                yield from _differences(day, file, engine)


def _differences(day: Day, file: SealedFile, engine: Engine) -> Iterator[Difference]:
    def differ(
        path: Path, what: str, found: Mapping[str, str], sealed: Mapping[str, str]
    ) -> Iterator[Difference]:
        for component in sorted(found.keys() | sealed.keys()):
            if found.get(component) != sealed.get(component):
                yield Difference(path, day.provider, day.on, component, what)

    def sound(path: Path, differences: Iterator[Difference]) -> Iterator[Difference]:
        """The differences of a file; of one that cannot be read, that."""
        try:
            yield from differences
        except (pa.ArrowException, OSError, ValueError, AssertionError) as fault:
            reason = (str(fault).splitlines() or [type(fault).__name__])[0][:200]
            yield Difference(path, day.provider, day.on, "", f"rows cannot be read ({reason}), so they")

    def of_rows() -> Iterator[Difference]:
        yield from differ(rows.path, "rows", _content(rows.path), rows.content)

    def of_slices(counting: Counting, path: Path) -> Iterator[Difference]:
        yield from differ(path, "slice counts", hashes(read_slices(path)), file.slice_hashes[counting])

    def anew(counting: Counting) -> Iterator[Difference]:
        signal = _signal(counting)
        found = hashes(engine.counts(rows, signal, counting.slice_us)) if signal else {}
        yield from differ(rows.path, "slices counted from its rows", found, file.slice_hashes[counting])

    rows = file.rows
    unread = list(sound(rows.path, of_rows()))
    yield from unread
    for counting, path in rows.slices.items():
        yield from sound(path, of_slices(counting, path))
        if all(one.component for one in unread):
            yield from sound(rows.path, anew(counting))


def _content(path: Path) -> Mapping[str, str]:
    content = Content()
    for table in read_rows(path):
        content.add(table)
        _in_order(table)
    return content.hashes()


def _in_order(table: pa.Table) -> None:
    """ValueError if a clock runs backwards."""
    at = numbers(table["at"])
    component, _ = codes(table["component"])
    signal, _ = codes(table["signal"])
    kind = kinds_of(table)
    same = (component[1:] == component[:-1]) & (signal[1:] == signal[:-1]) & (kind[1:] == kind[:-1])
    if np.any(same & (at[1:] <= at[:-1])):
        raise ValueError("its rows do not stand in order of time")


def _signal(counting: Counting) -> Signal | None:
    """The signal as it was counted; nothing if its condition can no longer be read."""
    if not counting.good:
        return Signal(counting.signal, counting.kind, ())
    good, _ = parse_expression(counting.good, Place("manifest.json"), _TYPES)
    return Signal(counting.signal, counting.kind, (), good) if good is not None else None
