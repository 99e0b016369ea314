"""One form for observations wherever they come from: the columns of a row, their types and their limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from upheld.core.timeline.instant import day_instant
from upheld.core.timeline.words import count, plural
from upheld.core.values.finding import EnoughError, Finding, Place, Severity, stopped
from upheld.core.values.frozen import dataclass, field
from upheld.lake.arrow import numbers

COLUMNS: Final = (
    "at", "component", "signal", "provider", "ok", "status", "latency_ms", "latency_us", "code",
    "until", "for", "good", "total", "state",
)  # fmt: skip
"""What may stand in a file of observations."""

FIELDS: Final = {
    "checks": ("ok", "status", "latency", "code"),
    "counts": ("until", "good", "total"),
    "states": ("state",),
}
"""The columns of a row that each kind of signal brings."""

ROWS: Final = pa.schema(
    [
        ("provider", pa.string()),
        ("component", pa.string()),
        ("signal", pa.string()),
        ("at", pa.int64()),
        ("ok", pa.bool_()),
        ("status", pa.int64()),
        ("latency", pa.int64()),
        ("code", pa.string()),
        ("until", pa.int64()),
        ("good", pa.int64()),
        ("total", pa.int64()),
        ("state", pa.string()),
    ]
)
"""A row: instants in microseconds since the epoch, the latency in microseconds."""

CONTENT: Final = tuple(name for names in FIELDS.values() for name in names)
"""What of a row is not its key."""

TEXTS: Final = tuple(f.name for f in ROWS if f.type == pa.string())
FIRST_AT: Final = day_instant(date(1973, 1, 1))
"""A smaller number is one of seconds or milliseconds: in milliseconds it reaches to the year 4971."""
LAST_AT: Final = day_instant(date(2200, 1, 1))
GREATEST: Final = 10**12
"""Numbers reach from 0 to here, so that sums of them stay far inside 64 bits."""
TEXT_LENGTH: Final = 200
CHUNK_ROWS: Final = 1 << 16
FINDINGS: Final = 1_000
"""Findings listed of one kind in one column of a file; the faults after them are counted in one more."""


def kinds_of(rows: pa.Table) -> Any:
    """Of which kind each row is: 0 a check, 1 a count, 2 a state."""
    counts, states = (numbers(rows[name].is_valid()) for name in ("total", "state"))
    return counts.astype(np.int8) + 2 * states.astype(np.int8)


@dataclass(slots=True)
class Told:
    """What is wrong with one file. Not all is kept of what is wrong in one way throughout.

    With `most`, EnoughError ends the reading at so many errors: of what somebody sends, no text costs much.
    """

    file: str
    most: int | None = None
    findings: list[Finding] = field(default_factory=list)
    more: int = 0
    errors: int = 0
    _kept: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def say(
        self,
        code: str,
        message: str,
        *places: Place,
        way_out: str = "",
        severity: Severity = "error",
        column: str = "",
    ) -> None:
        """One finding more, maybe of a column; of the file as a whole if it has no place."""
        self.add(Finding(code, message, places or (Place(self.file),), way_out, severity, field=column))

    def add(self, finding: Finding) -> None:
        """One finding more."""
        if self.errors == self.most:
            self.findings.append(stopped(self.errors, finding.place))
            raise EnoughError
        self.errors += finding.severity == "error"
        kind = finding.code, finding.field
        if self._kept[kind] < FINDINGS:
            self._kept[kind] += 1
            self.findings.append(finding)
        else:
            self.more += 1

    @property
    def all(self) -> list[Finding]:
        """The findings, and how many are not among them."""
        if not self.more:
            return self.findings
        message = f"there {plural(self.more, 'is', 'are')} {count(self.more, 'more finding')} in this file"
        last = self.findings[-1].place
        return [
            *self.findings,
            Finding("too-many-findings", message, (last,), "mend the first ones first"),
        ]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file as `ROWS` has them (names as they stood there), and which rows of it they are.

    `place` tells where a column of a row stands, the row counted within the chunk.
    """

    rows: pa.Table
    lines: pa.Array
    place: Callable[[int, str], Place]
