"""Small worlds of observations, how they are written to files, and what is true of them by counting."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from upheld.core.measuring.good import good_of, truth_of
from upheld.core.measuring.latency import bucket_of
from upheld.core.measuring.observation import Latency, Run, State
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Component, Signal, SignalKind
from upheld.core.timeline.instant import DAY, MINUTE, SECOND, format_instant, parse_instant
from upheld.core.timeline.spans import Spans
from upheld.core.values.expression import Expr
from upheld.core.values.finding import Place
from upheld.core.values.value import DURATION, NUMBER, TEXT, TRUTH
from upheld.language.expression import parse_expression

PROVIDER = "Northwind"
START = parse_instant("2026-06-05T00:00:00Z")
NAMES = {"ok": TRUTH, "status": NUMBER, "latency": DURATION, "code": TEXT, "state": TEXT}
COMPONENTS = ("api", "web", "voice")
CHECKS = ("ok", "status", "latency_us", "code")


def condition(text: str) -> Expr:
    """A condition on the fields of an observation."""
    expr, findings = parse_expression(text, Place("test"), NAMES)
    assert expr is not None, findings
    return expr


HTTP = Signal("http", "checks", COMPONENTS, condition("status >= 200 and status < 300"))
PLAIN = Signal("plain", "checks", COMPONENTS)
QUICK = Signal("quick", "checks", COMPONENTS, condition("status * 2 < 500 or latency / 3 <= 0.05s"))
REQUESTS = Signal("requests", "counts", COMPONENTS)
POWER = Signal("power", "states", COMPONENTS)
RACK = Signal(
    "rack", "states", COMPONENTS, condition("state in [up, weak]"), degraded=condition("state = weak")
)
SIGNALS = (HTTP, PLAIN, QUICK, REQUESTS, POWER, RACK)


def terms(*signals: Signal, provider: str = PROVIDER, components: Sequence[str] = COMPONENTS) -> Terms:
    """An agreement that measures by these signals."""
    return Terms(
        "acme",
        "1",
        provider,
        "UTC",
        {},
        components={name: Component(name) for name in components},
        signals=signals or SIGNALS,
    )


@dataclass(frozen=True)
class Row:
    """An observation; `signal` None is one for every signal of its kind."""

    kind: SignalKind
    component: str
    signal: str | None
    at: int
    fields: tuple[tuple[str, Any], ...]

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it from others."""
        return self.component, self.signal or "", self.at

    @property
    def values(self) -> dict[str, Any]:
        """Its fields, as conditions know them."""
        found = dict(self.fields)
        return {("latency" if name == "latency_us" else name): value for name, value in found.items()}

    def cells(self, text: bool) -> dict[str, Any]:
        """As columns of a file; instants as texts or as numbers."""
        found = {"at": self.at, "component": self.component, "signal": self.signal, **dict(self.fields)}
        if text:
            found["at"] = format_instant(self.at)
            if "until" in found:
                found["until"] = format_instant(found["until"])
        return found


# -- drawing -----------------------------------------------------------------------------------------------

_TICKS = st.integers(0, 3 * DAY // (20 * SECOND)).map(lambda n: START + n * 20 * SECOND)
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "ok": st.booleans(),
    "status": st.sampled_from([200, 204, 301, 404, 500, 503]),
    "latency_us": st.sampled_from([0, 63, 64, 65, 1_000, 149_999, 150_000, 150_001, 10**9]),
    "code": st.sampled_from(["408", "200 OK", "it's", "é"]),
}


@st.composite
def _check(draw: st.DrawFn) -> Row:
    fields = [(name, draw(_FIELDS[name])) for name in CHECKS if draw(st.booleans())]
    signal = draw(st.sampled_from([None, None, "http", "plain", "quick"]))
    return Row(
        "checks", draw(st.sampled_from(COMPONENTS)), signal, draw(_TICKS), tuple(fields) or (("ok", True),)
    )


@st.composite
def _count(draw: st.DrawFn) -> Row:
    at, total = draw(_TICKS), draw(st.integers(0, 9))
    fields = (
        ("until", at + 20 * SECOND * draw(st.integers(1, 3))),
        ("good", draw(st.integers(0, total))),
        ("total", total),
    )
    return Row(
        "counts", draw(st.sampled_from(COMPONENTS)), draw(st.sampled_from([None, "requests"])), at, fields
    )


@st.composite
def _state(draw: st.DrawFn) -> Row:
    signal = draw(st.sampled_from([None, None, "power", "rack"]))
    state = draw(st.sampled_from(["up", "weak", "down"]))
    return Row("states", draw(st.sampled_from(COMPONENTS)), signal, draw(_TICKS), (("state", state),))


def _sound(rows: list[Row]) -> list[Row]:
    """Rows of which none is told twice, for every signal beside one by name either, and no counts overlap."""
    found = {row.key: row for row in rows}
    named = {(row.kind, row.component, row.at) for row in found.values() if row.signal is not None}
    reach: dict[tuple[str, str | None], int] = {}
    kept = []
    for row in sorted(found.values(), key=lambda row: row.at):
        if row.signal is None and (row.kind, row.component, row.at) in named:
            continue
        if row.kind == "counts":
            if row.at < reach.get((row.component, row.signal), 0):
                continue
            reach[row.component, row.signal] = row.values["until"]
        kept.append(row)
    return kept


WORLDS = st.lists(st.one_of(_check(), _check(), _count(), _state()), max_size=120).map(_sound)
SLICES = st.sampled_from([MINUTE, 5 * MINUTE, 7 * MINUTE, DAY, 2 * DAY])


@st.composite
def questions(draw: st.DrawFn) -> tuple[int, int, Spans]:
    """A stretch of time, and what is to be left out."""
    start, end = sorted((draw(_TICKS), draw(_TICKS)))
    spans = draw(st.lists(st.tuples(_TICKS, st.integers(1, 30 * 60)), max_size=3))
    return start - draw(st.sampled_from([0, DAY])), end, Spans.of((a, a + n * SECOND) for a, n in spans)


# -- writing -----------------------------------------------------------------------------------------------


def write(path: Path, rows: Sequence[Row]) -> Path:
    """The rows as a file of the kind that its name says."""
    if path.suffix == ".jsonl":
        lines = [
            json.dumps(
                {name: value for name, value in row.cells(text=i % 2 == 0).items() if value is not None}
            )
            for i, row in enumerate(rows)
        ]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    elif path.suffix == ".csv":
        columns = ["at", "component", "signal", *CHECKS, "until", "good", "total", "state"]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            for row in rows:
                cells = row.cells(text=True)
                writer.writerow(cells | {"ok": str(cells["ok"]).lower() if "ok" in cells else ""})
    else:
        types = {
            "at": pa.timestamp("us", "Europe/Amsterdam"), "component": pa.dictionary(pa.int8(), pa.string()),
            "signal": pa.string(), "ok": pa.bool_(), "status": pa.int16(), "latency_us": pa.uint64(),
            "code": pa.large_string(), "until": pa.int64(), "good": pa.int32(), "total": pa.float64(),
            "state": pa.string(),
        }  # fmt: skip
        found = [row.cells(text=False) for row in rows]
        table = {name: pa.array([row.get(name) for row in found], type_) for name, type_ in types.items()}
        pq.write_table(pa.table(table), path, row_group_size=7)
    return path


# -- counting ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Brute:
    """What is true of the rows, by looking at every one of them."""

    rows: Sequence[Row]

    def of(self, component: str, signal: Signal) -> list[Row]:
        """The observations of a stream in order."""
        return sorted(
            (
                row
                for row in self.rows
                if row.component == component
                and row.kind == signal.kind
                and row.signal in (None, signal.name)
            ),
            key=lambda row: row.at,
        )

    def inside(self, component: str, signal: Signal, start: int, end: int, without: Spans) -> list[Row]:
        """Those in the time asked about."""
        found = [row for row in self.of(component, signal) if start <= row.at < end]
        return [row for row in found if not without.measure(row.at, row.values.get("until", row.at + 1))]

    def slices(
        self, component: str, signal: Signal, slice_us: int, start: int, end: int, without: Spans
    ) -> tuple[Run, ...]:
        """Slice by slice, then put together."""
        total: Counter[int] = Counter()
        good: Counter[int] = Counter()
        for row in self.inside(component, signal, start, end, without):
            number = row.at // slice_us
            is_good = row.values.get("good")
            if is_good is None:
                is_good = truth_of(good_of(signal), row.values)
            if is_good is not None:
                total[number] += row.values.get("total", 1)
                good[number] += is_good
        runs: list[Run] = []
        for number in sorted(total):
            last = runs[-1] if runs else Run(0, 0, -1, -1)
            if (last.first + last.slices, last.total, last.good) == (number, total[number], good[number]):
                runs[-1] = last._replace(slices=last.slices + 1)
            else:
                runs.append(Run(number, 1, total[number], good[number]))
        return tuple(runs)

    def states(self, component: str, signal: Signal, start: int, end: int) -> tuple[State, ...]:
        """With the last one before."""
        found = [
            State(
                row.at,
                truth_of(good_of(signal), row.values),
                signal.degraded is not None and truth_of(signal.degraded, row.values) is True,
            )
            for row in self.of(component, signal)
        ]
        before = [state for state in found if state.at < start][-1:]
        return (*before, *(state for state in found if start <= state.at < end))

    def latencies(
        self, component: str, signal: Signal, start: int, end: int, without: Spans
    ) -> tuple[Latency, ...]:
        """One by one."""
        found = (row.values.get("latency") for row in self.inside(component, signal, start, end, without))
        counts = Counter(bucket_of(latency) for latency in found if latency is not None)
        return tuple(Latency(*pair) for pair in sorted(counts.items()))


def for_every(signal: Signal) -> Signal:
    """The signal under another name, that no row says."""
    return replace(signal, name=f"{signal.name} again")
