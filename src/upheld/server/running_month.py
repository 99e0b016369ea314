"""A month that runs now: the shipped one, moved by whole weeks so that its Mondays are Mondays.

What lies behind the instant of the start is told at once, as it was recorded then; the rest comes as its time
comes, and so does what probes saw. A month that was begun goes on until it is told to its end. Dates and
instants inside the facts are moved, too, and months named in them by as many months.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from upheld.core.facts.fact import Data, Fact
from upheld.core.timeline.instant import (
    DAY,
    Duration,
    Instant,
    datetime_of,
    day_instant,
    format_instant,
    parse_instant,
)
from upheld.core.values.frozen import replace
from upheld.files.facts_file import read_facts
from upheld.lake.arrow import empty, integers, numbers
from upheld.lake.parquet_rows import read_parquet
from upheld.lake.rows import ROWS, Told
from upheld.store.texts import Bound, bind

FIRST: Final = date(2026, 6, 1)
"""The month that is shipped begins on this Monday."""
WEEK: Final[Duration] = 7 * DAY
ToldAt: TypeAlias = Callable[[str, Fact], "Instant | None"]
"""When a shipped fact of a provider, by the provider's key, happened in the month that was told; None: it was
not told."""
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH: Final = re.compile(r"\d{4}-\d\d", re.ASCII)


class Shipped(NamedTuple):
    """A provider of the demo: its agreement with the contracts under it, and its facts, moved, in order.

    `recordings` are files of what its probes saw, which are moved when they are read.
    """

    key: str
    name: str
    texts: Mapping[str, bytes]
    facts: tuple[Fact, ...]
    recordings: tuple[Path, ...]
    moved_us: Duration

    @property
    def month_at(self) -> Instant:
        """When its month begins, in UTC: its first Monday is at most three days off."""
        middle = datetime_of(day_instant(FIRST) + self.moved_us + 14 * DAY).date()
        return day_instant(middle.replace(day=1))


def shipped(home: Path, at: Instant, told_at: ToldAt = lambda *_: None) -> Iterator[Shipped]:
    """The providers of the shipped month, as if it were the one that runs at an instant.

    One whose first fact was told already has the month in which that was told.
    """
    for folder in sorted(one for one in (home / "demo").iterdir() if one.is_dir()):
        key = folder.name
        texts = {
            f"{key}{end}": (home / f"agreements/{key}{end}").read_bytes() for end in (".yaml", ".lock.json")
        }
        clauses = home / f"agreements/clauses/{key}.yaml"
        texts[f"clauses/{key}.yaml"] = clauses.read_bytes()
        texts |= {f"contracts/{path.name}": path.read_bytes() for path in sorted(folder.glob("*.yaml"))}
        bound = bind(texts)
        recordings = tuple(sorted(folder.glob("*.observations.parquet")))
        facts = _facts(folder, bound)
        first_at = told_at(key, facts[0])
        weeks = weeks_to(at) if first_at is None else (first_at - facts[0].at) // WEEK
        moved = tuple(_moved(fact, weeks) for fact in facts)
        yield Shipped(key, bound.terms[0].provider, texts, moved, recordings, weeks * WEEK)


def observed(one: Shipped, start_at: Instant, end_at: Instant) -> pa.Table:
    """What its probes saw in [start, end), in order of time, as `upheld.lake.rows.ROWS`."""
    found = [empty(ROWS)]
    for path in one.recordings:
        for chunk in read_parquet(path, Told(path.name)):
            at = numbers(chunk.rows["at"]) + one.moved_us
            inside = np.flatnonzero((at >= start_at) & (at < end_at))
            moved = chunk.rows.set_column(ROWS.names.index("at"), "at", integers(at))
            found.append(moved.take(integers(inside)))
    rows = pa.concat_tables(found).combine_chunks()
    return rows.take(integers(np.argsort(numbers(rows["at"]), kind="stable"))).combine_chunks()


def weeks_to(at: Instant) -> int:
    """By how many weeks the shipped month is moved: it begins on the Monday next to the first of this one."""
    on = datetime_of(at).date().replace(day=1)
    return round((on - FIRST).days / 7)


def _facts(folder: Path, bound: Bound) -> list[Fact]:
    """As they are shipped, in the order in which they were recorded."""
    files: Sequence[Path] = [
        path for path in sorted(folder.glob("*.jsonl")) if ".observations." not in path.name
    ]
    facts, _ = read_facts(files, bound.declared)
    return sorted(facts, key=lambda fact: (fact.recorded_at, fact.key))


def _moved(fact: Fact, weeks: int) -> Fact:
    by_us = weeks * WEEK
    return replace(
        fact,
        at=fact.at + by_us,
        recorded_at=fact.recorded_at + by_us,
        data=Data({name: _value(one, weeks) for name, one in fact.data.items()}),
        place=None,
    )


def _value(value: object, weeks: int) -> object:
    if isinstance(value, Mapping):
        return {name: _value(one, weeks) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_value(one, weeks) for one in value)
    if not isinstance(value, str):
        return value
    if _DATE.fullmatch(value):
        return (date.fromisoformat(value) + timedelta(weeks=weeks)).isoformat()
    if _MONTH.fullmatch(value):
        months = round(weeks * 7 / 30.44) + int(value[:4]) * 12 + int(value[5:]) - 1
        return f"{months // 12:04}-{months % 12 + 1:02}"
    return _INSTANT.sub(lambda found: format_instant(parse_instant(found[0]) + weeks * WEEK), value)
