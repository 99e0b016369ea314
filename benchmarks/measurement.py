"""Observations in bulk: raw checks to slices to availability, a month from its slices, an hour that is late.

Run as a program it does one of the two works that are measured in processes of their own, for their memory.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmarks.figure import Figure, Side, Sizes, race, time_text
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Component, Indicator, Signal, SliceRule
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, parse_instant
from upheld.core.values.finding import Place
from upheld.core.values.value import NUMBER
from upheld.lake.arrays import Arrays
from upheld.lake.engine import Counted
from upheld.lake.manifest import Lake, folder_of, write_hashes, write_manifest
from upheld.lake.parts import Counting, RowFile
from upheld.lake.sealing import seal
from upheld.lake.slice_file import read_slices, write_slices
from upheld.language.expression import parse_expression

PROVIDER: Final = "bench"
PLANES: Final = ("dns", "ssh", "web")
EVERY: Final = 10 * SECOND
SLICE: Final = 5 * MINUTE
START: Final = parse_instant("2026-06-01T00:00:00Z")
MONTH: Final = 31
PEAK_MIB: Final = 256
_GOOD, _FINDINGS = parse_expression(
    "status in [200, 201, 204] or status = 302", Place("bench"), {"status": NUMBER}
)
PROBE: Final = Signal("probe", "checks", (), _GOOD)


def measurement_figures(sizes: Sizes) -> Iterable[Figure]:
    """Everything on one set of files, which are made once and go with the folder (some 350 MB)."""
    with TemporaryDirectory(prefix="upheld-bench-") as name:
        home = Path(name)
        raw = [_write_day(home / f"{on}.parquet", sizes.services, on) for on in range(sizes.days)]
        yield from _from_raw(raw, sizes)
        month = _month(raw, home / "month", sizes)
        yield _from_slices(raw, month, sizes)
        yield _late_hour(home, month, sizes)


# -- the data ----------------------------------------------------------------------------------------------


def names(services: int) -> list[str]:
    """The components: every plane of every service."""
    return [f"s{service:04}.{plane}" for service in range(services) for plane in PLANES]


def _write_day(path: Path, services: int, on: int, hours: tuple[int, int] = (0, 24)) -> Path:
    """A day (or some hours) of checks as a lake has them; now and then one fails for six minutes."""
    a_day = DAY // EVERY
    start_at = START + on * DAY
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '512MB'; SET threads = 2")
        connection.execute(
            f"""COPY (
              SELECT component, '{PROBE.name}' AS signal, "at", NULL::BOOLEAN AS ok,
                CASE WHEN hash(n // 37 * 64 + {on}) % 160 = 0 THEN 503 ELSE 200 END::BIGINT AS status,
                NULL::BIGINT AS latency, NULL::VARCHAR AS code, NULL::BIGINT AS "until", NULL::BIGINT AS good,
                NULL::BIGINT AS total, NULL::VARCHAR AS state
              FROM (
                SELECT n, 's' || lpad((n // {3 * a_day})::VARCHAR, 4, '0') || '.'
                    || {list(PLANES)}[1 + n // {a_day} % 3] AS component,
                  {start_at} + n % {a_day} * {EVERY} + (hash(n) % {SECOND})::BIGINT AS "at"
                FROM range({services * len(PLANES) * a_day}) rows(n)
                WHERE n % {a_day} >= {hours[0] * HOUR // EVERY} AND n % {a_day} < {hours[1] * HOUR // EVERY}
              )) TO '{path}' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)"""
        )  # fmt: skip
    return path


def row_file(path: Path, services: int) -> RowFile:
    """A file of a day as the lake knows it."""
    a_day = DAY // EVERY
    rows = {(name, PROBE.name): a_day for name in names(services)}
    return RowFile(path, rows, dict.fromkeys(names(services), ""), frozenset({"checks"}))


# -- availability ------------------------------------------------------------------------------------------


def downtime_s(days: Iterable[Counted], services: int) -> NDArray[np.int64]:
    """The seconds that each service was down: under 99 % in a plane, two slices in a row (SIVO/S4)."""
    found = [_bad_slices(counted) for counted in days]
    bad = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    new = np.ones(len(bad), bool)
    new[1:] = bad[1:] != bad[:-1] + 1
    starts = np.flatnonzero(new)
    lengths = np.diff(starts, append=len(bad))
    long = lengths >= 2
    found_s: NDArray[np.int64] = np.zeros(services, np.int64)
    np.add.at(found_s, bad[starts[long]] >> 32, lengths[long] * (SLICE // SECOND))
    return found_s


def _bad_slices(counted: Counted) -> NDArray[np.int64]:
    """The bad slices of a day, each as the number of the service and of the slice in one."""
    runs = counted.runs
    bad = 100 * runs.good < 99 * runs.total
    service = np.array([int(name[1:5]) for name in counted.names], np.int64)[runs.stream[bad]]
    lengths = runs.slices[bad]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    found: NDArray[np.int64] = np.repeat((service << 32) + runs.first[bad], lengths) + within
    return found


def _availability(paths: Sequence[Path], services: int) -> NDArray[np.int64]:
    engine = Arrays()
    return downtime_s((engine.counts(row_file(path, services), PROBE, SLICE) for path in paths), services)


def _decode(paths: Sequence[Path]) -> int:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        query = 'SELECT count(component), sum("at"), sum(status) FROM read_parquet($paths)'
        found = connection.execute(query, {"paths": [str(path) for path in paths]}).fetchone()
    assert found is not None
    return int(found[0])


class _Ran(NamedTuple):
    length_s: float
    peak_mib: float
    total: int


def _run(work: str, paths: Sequence[Path], services: int) -> _Ran:
    """One of the works below in a process of its own, which has already been over the first file."""
    words = [sys.executable, "-m", "benchmarks.measurement", work, str(services), *map(str, paths)]
    home = Path(__file__).parent.parent
    ran = subprocess.run(words, cwd=home, stdout=subprocess.PIPE, check=True, env=dict(os.environ))
    return _Ran(*json.loads(ran.stdout))


def _from_raw(raw: Sequence[Path], sizes: Sizes) -> Iterable[Figure]:
    rounds = min(sizes.rounds, 3)
    ours: list[_Ran] = []
    theirs: list[_Ran] = []
    for _ in range(rounds):
        ours.append(_run("availability", raw, sizes.services))
        theirs.append(_run("decode", raw, sizes.services))
    checks = theirs[0].total
    ours_s, theirs_s = (min(ran.length_s for ran in some) for some in (ours, theirs))
    work = f"{checks:,} raw checks → slices → availability of {sizes.services:,} services × 3 planes"
    yield Figure(
        work,
        "at most",
        3.5,
        ours_s / theirs_s,
        "DuckDB decoding the same columns",
        f"{checks / ours_s / 1e6:.0f} M checks/s; {time_text(ours_s)} beside {time_text(theirs_s)}",
    )
    of_one_day = _run("availability", raw[:1], sizes.services)
    yield Figure(
        f"peak memory of that, over {len(raw)} days",
        "at most",
        PEAK_MIB,
        max(ran.peak_mib for ran in ours),
        "all of the process",
        f"one day alone: {of_one_day.peak_mib:.0f} MiB",
        "MiB",
    )


# -- the month ---------------------------------------------------------------------------------------------


def _month(raw: Sequence[Path], home: Path, sizes: Sizes) -> Lake:
    """A lake of 31 days: the days of `raw` over and over, each counted for itself. Day 2 lacks an hour."""
    engine = Arrays()
    first = _write_day(home.with_name("short.parquet"), sizes.services, 2, (0, 23))
    lake = Lake(home)
    folder = home / folder_of(PROVIDER)
    folder.mkdir(parents=True)
    counting = Counting.of(PROBE, SLICE)
    counted = [engine.counts(row_file(path, sizes.services), PROBE, SLICE) for path in [*raw, first]]
    for on in range(MONTH):
        which = len(raw) if on == 2 else on % len(raw)
        path = folder / f"{on}.parquet"
        os.link([*raw, first][which], path)
        shift = (on - (2 if on == 2 else which)) * (DAY // SLICE)
        runs = counted[which].runs
        day = Counted(counted[which].names, runs._replace(first=runs.first + shift))
        slices = folder / f"{on}.slices-1.parquet"
        start_at = START + on * DAY
        hashes = write_slices(slices, day, (start_at // SLICE, (start_at + DAY) // SLICE))
        file = row_file(path, sizes.services)
        file = RowFile(file.path, file.rows, file.content, file.kinds, {counting: slices})
        lake = lake.with_file(
            PROVIDER, start_at, write_hashes(folder / f"{on}.json", file, {counting: hashes})
        )
    write_manifest(lake)
    return lake


def _read_month(lake: Lake) -> list[Counted]:
    return [
        read_slices(path) for day in lake.days for file in day.files for path in file.rows.slices.values()
    ]


def _from_slices(raw: Sequence[Path], lake: Lake, sizes: Sizes) -> Figure:
    paths = [str(file.rows.path) for day in lake.days for file in day.files]
    days = _read_month(lake)
    again = [day for on, day in enumerate(days[: len(raw)]) if on != 2]
    there = [path for on, path in enumerate(raw) if on != 2]
    assert (downtime_s(again, sizes.services) == _availability(there, sizes.services)).all()
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        query = "SELECT count(*) FROM read_parquet($paths) WHERE status BETWEEN 200 AND 299"
        ours_s, scan_s = race(
            min(sizes.rounds, 5),
            Side(lambda: downtime_s(_read_month(lake), sizes.services)),
            Side(lambda: connection.execute(query, {"paths": paths}).fetchall()),
        )
    checks = MONTH * sizes.services * len(PLANES) * (DAY // EVERY)
    return Figure(
        f"a month of it ({checks / 1e6:,.0f} M checks) from slice counts",
        "at most",
        1,
        ours_s / scan_s,
        "DuckDB scanning one raw column",
        f"{sum(day.runs.size for day in days):,} runs; {time_text(ours_s)} beside {time_text(scan_s)}",
    )


def _late_hour(home: Path, lake: Lake, sizes: Sizes) -> Figure:
    """The hour that the month lacks, sealed into it and into an empty lake."""
    late = home / "late.observations.parquet"
    hour = _write_day(home / "hour.parquet", sizes.services, 2, (23, 24))
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT component, signal, '{PROVIDER}' AS provider, "at", status
            FROM read_parquet('{hour}')) TO '{late}' (FORMAT parquet)"""
        )
    components = {name: Component(name) for name in names(sizes.services)}
    signal = Signal(PROBE.name, "checks", tuple(components), PROBE.good)
    components["all"] = Component("all", "all", tuple(components))
    uptime = Indicator("uptime", "checks", "all", per=SliceRule(SLICE))
    terms = Terms(
        "bench",
        "1",
        PROVIDER,
        "UTC",
        {},
        components=components,
        signals=(signal,),
        indicators={"uptime": uptime},
    )
    manifest = (lake.home / "manifest.json").read_bytes()
    times: dict[str, float] = {}
    rows = sizes.services * len(PLANES) * HOUR // EVERY
    for _ in range(2):
        for name, out in (("month", lake.home), ("empty", home / "empty")):
            start = time.perf_counter()
            sealed, findings = seal([late], [terms], out)
            times[name] = min(times.get(name, float("inf")), time.perf_counter() - start)
            assert sealed is not None
            assert (sealed.rows, findings) == (rows, ())
            (out / "manifest.json").write_bytes(manifest) if name == "month" else (
                out / "manifest.json"
            ).unlink()
    return Figure(
        f"one late hour ({rows:,} checks) added to that month, in proportion to its slices",
        "at most",
        2,
        times["month"] / times["empty"],
        "the same hour in a lake of its own",
        f"1/{MONTH * 24} of its slices; {time_text(times['month'])} beside {time_text(times['empty'])}",
    )


if __name__ == "__main__":
    _work, _services, *_paths = sys.argv[1:]
    _files = [Path(path) for path in _paths]
    _works: dict[str, Callable[[Sequence[Path]], int]] = {
        "availability": lambda paths: int(_availability(paths, int(_services)).sum()),
        "decode": _decode,
    }
    _works[_work](_files[:1])
    _start = time.perf_counter()
    _total = _works[_work](_files)
    _length_s = time.perf_counter() - _start
    print(json.dumps([_length_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, _total]))
