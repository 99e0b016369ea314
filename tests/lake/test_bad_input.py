"""Bad observations: each fault is told with its place, the row is left out, and the others count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.lake.worlds import HTTP, PLAIN, POWER, PROVIDER, REQUESTS, START, terms
from upheld.core.measuring.observation import Run, Stream
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Indicator, Signal, SliceRule
from upheld.core.timeline.instant import DAY, MINUTE
from upheld.core.values.finding import Finding
from upheld.lake.opening import open_observations
from upheld.lake.rows import FINDINGS

AT = "2026-06-05T10:00:00Z"
GOOD = "2026-06-05T09:00:00Z,api,true"


def agreements(*signals: Signal) -> list[Terms]:
    """One agreement, with slices of five minutes for requests."""
    found = terms(*(signals or (PLAIN, REQUESTS, POWER)))
    share = Indicator("share", "counts", "api", per=SliceRule(5 * MINUTE))
    return [replace(found, indicators={"share": share})]


def opened(path: Path, given: list[Terms] | None = None) -> tuple[int, list[Finding]]:
    """How many checks of the api count, and what is told."""
    observations, findings = open_observations([path], given or agreements())
    runs = observations.slices(Stream(PROVIDER, "api", "plain"), PLAIN, DAY, 0, START + 9 * DAY)
    return sum(run.total * run.slices for run in runs), list(findings)


def csv(home: Path, text: str | bytes, name: str = "x.observations.csv") -> Path:
    """A file of this text."""
    path = home / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_checks_that_do_not_tell_are_neither_good_nor_bad(tmp_path: Path) -> None:
    """A signal that goes by the status knows nothing of a row that has only `ok`, and says so."""
    rows = f"at,component,ok,status\n{AT},api,true,\n{AT[:-2]}1Z,api,false,\n{AT[:-2]}2Z,api,,500\n"
    path = csv(tmp_path, rows)
    observations, findings = open_observations([path], [terms(HTTP)])
    asked = (Stream(PROVIDER, "api", "http"), HTTP, MINUTE, 0, START + 9 * DAY)
    assert [run[1:] for run in observations.slices(*asked)] == [(1, 1, 0)]
    (finding,) = findings
    assert str(finding) == (
        f"{path}:2:1: warning[untold-good]: 2 rows do not tell whether what they observed is good; "
        "they count neither way\n"
        "    way out: signal `http` goes by `status`: give that, or say `good` by what the rows have"
    )


def test_a_check_that_tells_one_of_its_signals_something_is_not_told_of(tmp_path: Path) -> None:
    """A row without a signal is for every signal: it is enough that one of them understands it."""
    path = csv(tmp_path, f"at,component,ok,status,latency_us\n{AT},api,true,,\n{AT[:-2]}1Z,api,,,7\n")
    _, findings = open_observations([path], [terms(HTTP, PLAIN)])
    (finding,) = findings
    assert str(finding) == (
        f"{path}:3:1: warning[untold-good]: 1 row does not tell whether what it observed is good; "
        "it counts neither way\n"
        "    way out: signal `http` or `plain` goes by `ok`, `status`: give that, or say `good` by what "
        "the rows have"
    )


HEADER = "at,component,ok,status,latency_ms,latency_us,code,until,for,good,total,state,signal,provider"


def row(**cells: object) -> str:
    """A row under HEADER."""
    given = {"at": AT, "component": "api", **cells}
    return ",".join(str(given.get(name, "")) for name in HEADER.split(","))


BAD_ROWS: dict[str, tuple[dict[str, object], str]] = {
    "no offset": ({"at": "2026-06-05T10:00:00", "ok": "true"}, "bad-time"),
    "a date": ({"at": "2026-06-05", "ok": "true"}, "bad-time"),
    "too fine an instant": ({"at": "2026-06-05T10:00:00.1234567Z", "ok": "true"}, "bad-time"),
    "no such day": ({"at": "2026-06-31T10:00:00Z", "ok": "true"}, "bad-time"),
    "before the epoch": ({"at": "-1", "ok": "true"}, "bad-time"),
    "seconds since the epoch": ({"at": "1780653600", "ok": "true"}, "bad-time"),
    "milliseconds since the epoch": ({"at": "1780653600000", "ok": "true"}, "bad-time"),
    "an end in seconds": ({"until": "1780653660", "good": 1, "total": 1}, "bad-time"),
    "beyond the years": ({"at": "9999999999999999", "ok": "true"}, "bad-time"),
    "no instant": ({"at": "", "ok": "true"}, "missing-time"),
    "no component": ({"component": "", "ok": "true"}, "missing-component"),
    "nothing": ({}, "nothing-observed"),
    "two kinds": ({"ok": "true", "state": "up"}, "mixed-kinds"),
    "a check and a count": ({"status": "200", "good": 1, "total": 1, "until": AT}, "mixed-kinds"),
    "not a truth": ({"ok": "yes"}, "bad-truth"),
    "not a status": ({"status": "2oo"}, "bad-number"),
    "a broken status": ({"status": "200.5"}, "bad-number"),
    "a number without end": ({"status": "9" * 400}, "bad-number"),
    "too great a number": ({"status": "9000000000000"}, "bad-number"),
    "a negative latency": ({"latency_us": "-1"}, "negative-number"),
    "too fine a latency": ({"latency_ms": "1.0001"}, "bad-number"),
    "two latencies": ({"latency_ms": "1", "latency_us": "1000"}, "bad-number"),
    "two ends": ({"until": AT, "for": "1m", "good": 1, "total": 1}, "bad-time"),
    "a length that is none": ({"for": "soon", "good": 1, "total": 1}, "bad-time"),
    "no end": ({"good": 1, "total": 1}, "missing-until"),
    "no total": ({"for": "1m", "good": 1}, "missing-total"),
    "no good": ({"for": "1m", "total": 1}, "missing-good"),
    "more good than all": ({"for": "1m", "good": 2, "total": 1}, "good-above-total"),
    "a negative count": ({"for": "1m", "good": -2, "total": -1}, "negative-number"),
    "an end before the start": ({"until": "2026-06-05T09:00:00Z", "good": 1, "total": 1}, "clock-backwards"),
    "an end at the start": ({"until": AT, "good": 1, "total": 1}, "clock-backwards"),
    "over a slice": ({"for": "6m", "good": 1, "total": 1}, "count-over-slices"),
    "a signal nobody has": ({"ok": "true", "signal": "plaim"}, "unknown-signal"),
    "a signal of another kind": ({"ok": "true", "signal": "power"}, "wrong-kind"),
    "a text too long": ({"code": "x" * 201}, "text-too-long"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_is_told_and_the_others_count(tmp_path: Path, name: str) -> None:
    """At its line, with what is wrong; only it is left out."""
    cells, code = BAD_ROWS[name]
    good = row(at="2026-06-05T09:00:00Z", ok="true")
    path = csv(tmp_path, "\n".join([HEADER, good, row(**cells), row(at="2026-06-05T11:00:00Z", ok="false")]))
    counted, (finding,) = opened(path)
    assert (counted, finding.code, finding.severity) == (2, code, "error")
    assert (finding.place.file, finding.place.line) == (str(path), 3)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty-table", 1),
        ("\n\n", "empty-table", 1),
        ("at,component,okay\n", "unknown-column", 1),
        ("at,component,ok,ok\n", "duplicate-column", 1),
        ("component,ok\n", "missing-column", 1),
        ("at,ok\n", "missing-column", 1),
        (f"at,component,ok\n{GOOD},true\n", "wrong-cell-count", 2),
        (f'at,component,ok\n{AT},"api,true\n', "bad-csv", 2),
        (f"at,component,ok\n{AT},api,true\0\n", "bad-text", 2),
        (b"at,component,ok\n2026-06-05T10:00:00Z,\xff,true\n", "not-utf-8", 2),
        (f"at,component,ok\n{AT},{'x' * 70_000},true\n", "line-too-long", 2),
    ],
)
def test_a_bad_table_is_told(tmp_path: Path, text: str | bytes, code: str, line: int) -> None:
    """With one finding at its place and a way out of it."""
    counted, (finding,) = opened(csv(tmp_path, text))
    assert (counted, finding.code, finding.place.line) == (0, code, line)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"at": ', "bad-json"),
        ("[1]", "not-an-object"),
        ("7", "not-an-object"),
        (f'{{"at": "{AT}", "at": "{AT}"}}', "bad-json"),
        (f'{{"at": "{AT}", "component": "api", "okay": true}}', "unknown-column"),
        (f'{{"at": "{AT}", "component": "api", "ok": [true]}}', "bad-value"),
        (f'{{"at": "{AT}", "component": "api", "code": "a\\u0000"}}', "bad-text"),
        (f'{{"at": "{AT}", "component": "\\ud800", "ok": true}}', "bad-text"),
        (f'{{"at": "{AT}", "component": "api", "status": NaN}}', "bad-number"),
        (f'{{"at": "{AT}", "component": "api", "status": 2e2}}', "bad-number"),
        ('{"at": true, "component": "api", "ok": true}', "bad-time"),
        (f'{{"at": "{AT}", "component": true, "ok": true}}', "bad-text"),
        ("[" * 60_000, "bad-json"),
    ],
)  # fmt: skip
def test_a_bad_line_is_told(tmp_path: Path, line: str, code: str) -> None:
    """And the lines around it count."""
    good = '{"at": "2026-06-05T09:00:00Z", "component": "api", "ok": true}'
    late = '{"at": 1780657200000000, "component": "api", "ok": false, "code": null}'
    counted, (finding,) = opened(csv(tmp_path, f"{good}\n{line}\n\n{late}\n", "x.observations.jsonl"))
    assert (counted, finding.code, finding.place.line) == (2, code, 2)


# -- Parquet -----------------------------------------------------------------------------------------------

TWO = [START, START + MINUTE]


def parquet(home: Path, **columns: Any) -> Path:
    """A file of these columns."""
    path = home / "x.observations.parquet"
    pq.write_table(pa.table({"at": TWO, "component": ["api", "api"], "ok": [True, True]} | columns), path)
    return path


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"at": pa.array(TWO, pa.timestamp("us"))}, "wrong-type"),
        ({"at": pa.array([1.5, 2.5])}, "bad-time"),
        ({"at": pa.array([n * 1000 + 1 for n in TWO], pa.timestamp("ns", "UTC"))}, "bad-time"),
        ({"at": ["2026-06-05T10:00:00", "2026-06-05T10:00:00"]}, "bad-time"),
        ({"at": [True, False]}, "wrong-type"),
        ({"ok": ["true", "false"]}, "wrong-type"),
        ({"component": [1, 2]}, "wrong-type"),
        ({"status": ["200", "200"]}, "wrong-type"),
        ({"status": [float("inf"), 200.5]}, "bad-number"),
        ({"latency_ms": [0.00001, float("inf")]}, "bad-number"),
        ({"latency_us": pa.array([2**64 - 1, 2**63], pa.uint64())}, "bad-number"),
        ({"for": [1, 2]}, "wrong-type"),
        ({"okay": [True, True]}, "unknown-column"),
        ({"component": ["a\0b", "a\0b"]}, "bad-text"),
    ],
)
def test_bad_columns_of_parquet(tmp_path: Path, columns: dict[str, Any], code: str) -> None:
    """A type that cannot be costs the file, a value the row; both are told by the number of the column."""
    counted, findings = opened(parquet(tmp_path, **columns))
    assert (counted, {finding.code for finding in findings}) == (0, {code})
    assert all(finding.place.column == list(pq.read_schema(findings[0].place.file).names).index(
        next(iter(columns))) + 1 for finding in findings)  # fmt: skip


def test_what_is_finer_than_a_microsecond_costs_its_row_alone(tmp_path: Path) -> None:
    """A file in nanoseconds, of which one instant is no whole microsecond: the other row counts."""
    at = pa.array([TWO[0] * 1000, TWO[1] * 1000 + 1], pa.timestamp("ns", "UTC"))
    counted, (finding,) = opened(parquet(tmp_path, at=at))
    assert (counted, finding.code) == (1, "bad-time")
    assert "is finer than a microsecond" in finding.message


@pytest.mark.parametrize("spoil", [lambda b: b[:-20], lambda b: b[:40], lambda b: b"", lambda b: b"PAR1" * 9])
def test_parquet_that_is_cut_off(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    """Is one finding."""
    path = parquet(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))
    counted, (finding,) = opened(path)
    assert (counted, finding.code) == (0, "bad-parquet")


def test_parquet_without_columns(tmp_path: Path) -> None:
    """Lacks those that every row has."""
    path = tmp_path / "x.observations.parquet"
    pq.write_table(pa.table({}), path)
    counted, findings = opened(path)
    assert (counted, [finding.code for finding in findings]) == (0, ["missing-column", "missing-column"])


def test_parquet_whose_checksum_does_not_fit(tmp_path: Path) -> None:
    """Says that a value is not what was written, even where it still could be one."""
    path = tmp_path / "x.observations.parquet"
    table = pa.table({"at": [START + n for n in range(99)], "component": ["api"] * 99, "ok": [True] * 99})
    pq.write_table(table, path, compression="none", use_dictionary=False, write_page_checksum=True)
    assert opened(path) == (99, [])
    column = pq.read_metadata(path).row_group(0).column(0)
    raw = bytearray(path.read_bytes())
    raw[column.data_page_offset + column.total_compressed_size - 8] ^= 1
    path.write_bytes(bytes(raw))
    counted, (finding,) = opened(path)
    assert (counted, finding.code) == (0, "bad-parquet")


def test_parquet_with_a_spoilt_page(tmp_path: Path) -> None:
    """The rows before it count, and where it begins is told."""
    path = tmp_path / "x.observations.parquet"
    rows = 3 * 65_536
    at = [START + n * 1_000 for n in range(rows)]
    table = pa.table({"at": at, "component": ["api"] * rows, "ok": [True] * rows})
    pq.write_table(table, path, row_group_size=65_536, compression="zstd", use_dictionary=["component"])
    where = pq.read_metadata(path).row_group(2).column(0).data_page_offset
    raw = bytearray(path.read_bytes())
    raw[where : where + 2_000] = b"\xff" * 2_000
    path.write_bytes(bytes(raw))
    counted, (finding,) = opened(path)
    assert (counted, finding.code, finding.place.line) == (2 * 65_536, "bad-parquet", 2 * 65_536 + 1)


def test_a_clock_that_runs_backwards(tmp_path: Path) -> None:
    """In a file that says it is sorted, a row earlier than the one before it does not count."""
    path = tmp_path / "x.observations.parquet"
    at = [START + n * MINUTE for n in (0, 1, 5, 3, 4, 6)]
    table = pa.table({"component": ["api"] * 6, "at": at, "ok": [True] * 6})
    pq.write_table(table, path, sorting_columns=[pq.SortingColumn(0), pq.SortingColumn(1)])
    counted, (finding,) = opened(path)
    assert (counted, finding.code, finding.place.line) == (5, "clock-backwards", 4)
    pq.write_table(table, path)
    assert opened(path) == (6, [])


# -- rows beside rows --------------------------------------------------------------------------------------


def test_a_row_told_twice_counts_once(tmp_path: Path) -> None:
    """In one file or in two, however it is written; a warning says so."""
    csv(tmp_path, f"at,component,ok\n{GOOD}\n{GOOD}\n")
    line = '{"at": "2026-06-05T11:00:00+02:00", "component": "api", "ok": true}\n'
    other = csv(tmp_path, line, "y.observations.jsonl")
    observations, findings = open_observations([tmp_path / "x.observations.csv", other], agreements())
    runs = observations.slices(Stream(PROVIDER, "api", "plain"), PLAIN, DAY, START, START + DAY)
    assert runs == (Run(START // DAY, 1, 1, 1),)
    assert [(f.code, f.severity, Path(f.place.file).suffix, f.place.line) for f in findings] == [
        ("duplicate-row", "warning", ".csv", 3),
        ("duplicate-row", "warning", ".jsonl", 1),
    ]


def test_a_row_for_every_signal_beside_one_that_names_it(tmp_path: Path) -> None:
    """Both would count for that signal: the one for every signal does not, whatever they say."""
    lines = [f"{GOOD},", f"{GOOD},plain", f"{AT},api,true,plain", f"{AT},api,false,"]
    path = csv(tmp_path, "at,component,ok,signal\n" + "\n".join(lines) + "\n")
    counted, (finding,) = opened(path)
    told = finding.code, finding.severity, finding.place.line
    assert (counted, told) == (2, ("conflicting-rows", "error", 2))
    assert "2 rows of one instant and component" in finding.message
    apart = lines[0].replace("09:00", "09:30")
    assert opened(csv(tmp_path, f"at,component,ok,signal\n{apart}\n{lines[1]}\n")) == (2, [])


def test_rows_that_contradict_each_other(tmp_path: Path) -> None:
    """Neither counts, and both places are told."""
    path = csv(tmp_path, f"at,component,ok\n{AT},api,true\n{GOOD}\n{AT},api,false\n")
    counted, (finding,) = opened(path)
    assert (counted, finding.code) == (1, "conflicting-rows")
    assert [place.line for place in finding.places] == [2, 4]


def test_counts_that_overlap(tmp_path: Path) -> None:
    """None of those that overlap counts; those beside them do."""
    rows = [
        ("10:00", 1),
        ("10:01", 2),
        ("10:02", 1),
        ("10:03", 1),
        ("10:10", 1),
        ("10:10:30", 1),
        ("10:20", 1),
    ]
    text = "at,component,for,good,total\n"
    text += "".join(f"2026-06-05T{at}{':00' if len(at) < 6 else ''}Z,api,{n}m,1,1\n" for at, n in rows)
    path = csv(tmp_path, text)
    observations, findings = open_observations([path], agreements())
    runs = observations.slices(Stream(PROVIDER, "api", "requests"), REQUESTS, DAY, START, START + DAY)
    assert runs == (Run(START // DAY, 1, 3, 3),)
    assert [(f.code, f.place.line) for f in findings] == [("overlapping-counts", n) for n in (3, 4, 6, 7)]


@pytest.mark.parametrize("signal", ["", "requests"])
def test_kinds_say_nothing_against_each_other(tmp_path: Path, signal: str) -> None:
    """A check, a count and a state of one instant all count; counts overlap with a check between them."""
    rows = [
        row(ok="true"),
        row(**{"for": "5m"}, good=1, total=2, signal=signal),
        row(state="up"),
        row(at="2026-06-05T10:02:00Z", ok="false"),
        row(at="2026-06-05T10:05:00Z", **{"for": "5m"}, good=3, total=3, signal=signal),
    ]
    path = csv(tmp_path, "\n".join([HEADER, *rows]))
    observations, findings = open_observations([path], agreements())
    assert findings == ()
    found = [
        observations.slices(Stream(PROVIDER, "api", one.name), one, DAY, START, START + DAY)
        for one in (PLAIN, REQUESTS)
    ]
    assert found == [(Run(START // DAY, 1, 2, 1),), (Run(START // DAY, 1, 5, 4),)]
    states = observations.states(Stream(PROVIDER, "api", "power"), POWER, START, START + DAY)
    assert len(states) == 1
    over = row(at="2026-06-05T10:04:00Z", **{"for": "1m"}, good=1, total=1, signal=signal)
    observations, findings = open_observations(
        [csv(tmp_path, "\n".join([HEADER, *rows, over]))], agreements()
    )
    assert [(f.code, f.place.line) for f in findings] == [
        ("overlapping-counts", 3),
        ("overlapping-counts", 7),
    ]
    lost = observations.slices(Stream(PROVIDER, "api", "requests"), REQUESTS, DAY, START, START + DAY)
    assert lost == (Run(START // DAY, 1, 3, 3),)


# -- whose they are ----------------------------------------------------------------------------------------


def test_components_nobody_knows_are_named_once(tmp_path: Path) -> None:
    """With how many rows they have, and the name that may be meant."""
    path = csv(tmp_path, f"at,component,ok\n{AT},appi,true\n{GOOD}\n2026-06-05T12:00:00Z,appi,true\n")
    counted, (finding,) = opened(path)
    assert (counted, finding.code, finding.severity, finding.place.line) == (
        1,
        "unknown-component",
        "warning",
        2,
    )
    assert "`appi`" in finding.message
    assert "(2 rows)" in finding.message
    assert "`api`" in finding.way_out


def test_a_component_of_two_providers(tmp_path: Path) -> None:
    """Needs a column that says whose it is."""
    given = [*agreements(), terms(PLAIN, provider="Southwind")]
    counted, (finding,) = opened(csv(tmp_path, f"at,component,ok\n{GOOD}\n"), given)
    assert (counted, finding.code) == (0, "ambiguous-component")
    path = csv(tmp_path, f"at,component,ok,provider\n{GOOD},Southwind\n{AT},api,true,Northwind\n")
    assert opened(path, given) == (1, [])


def test_a_row_without_a_signal_is_for_every_signal_of_its_kind(tmp_path: Path) -> None:
    """And one with a signal for that one alone."""
    text = "at,component,signal,ok,status\n"
    text += f"{AT},api,,true,500\n2026-06-05T11:00:00Z,api,http,true,200\n"
    observations, findings = open_observations([csv(tmp_path, text)], agreements(HTTP, PLAIN))
    assert findings == ()
    found = [
        observations.slices(Stream(PROVIDER, "api", signal.name), signal, DAY, START, START + DAY)
        for signal in (HTTP, PLAIN)
    ]
    assert found == [(Run(START // DAY, 1, 2, 1),), (Run(START // DAY, 1, 1, 1),)]


def test_a_kind_that_no_signal_takes(tmp_path: Path) -> None:
    """Is told with what is taken."""
    counted, (finding,) = opened(csv(tmp_path, f"at,component,ok\n{GOOD}\n"), agreements(POWER))
    assert (counted, finding.code) == (0, "wrong-kind")
    assert "`power` takes states" in finding.way_out


def test_more_findings_than_anybody_reads(tmp_path: Path) -> None:
    """Are counted."""
    path = csv(tmp_path, "at,component,ok\n" + f"{AT},api,perhaps\n" * (FINDINGS + 5) + GOOD + "\n")
    counted, findings = opened(path)
    assert (counted, len(findings), findings[-1].code) == (1, FINDINGS + 1, "too-many-findings")
    assert "5 more" in findings[-1].message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Is for whoever asked."""
    for name in ("x.observations.csv", "x.observations.jsonl", "x.observations.parquet"):
        with pytest.raises(OSError, match="No such file"):
            opened(tmp_path / name)
