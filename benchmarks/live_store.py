"""What the live core costs: facts and observations in, deadlines that fire, one event among many tickets."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from benchmarks.figure import Figure, Sizes, time_text
from benchmarks.live_callers import together_s
from benchmarks.live_world import BATCH, KINDS, Desk, Kind, database
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, parse_instant

OPENED_AT: Final = parse_instant("2026-06-08T10:00:00Z")
REACH: Final[dict[Kind, int]] = {"SQLite": 2_000, "PostgreSQL": 5_000}
_FAR: Final = OPENED_AT + 365 * DAY


def live_store_figures(sizes: Sizes) -> Iterable[Figure]:
    """Each on databases that write through to the disk."""
    for kind in KINDS:
        with database(kind):
            yield from _facts_and_fires(kind, sizes.live_tickets)
        with database(kind):
            yield _events(kind, sizes.open_tickets, sizes.events)
    with database("PostgreSQL"):
        yield _facts_of_two(sizes.live_tickets)
    with database("PostgreSQL"):
        yield from _polls(sizes.wakes)
    for kind in KINDS:
        with database(kind) as folder:
            yield _observations(kind, sizes.observed_batches, folder)


def _facts_and_fires(kind: Kind, tickets: int) -> Iterable[Figure]:
    """Tickets are opened; then half the time of each is over at once, and somebody is told of every one."""
    desk = Desk()
    desk.open(0, 1, OPENED_AT)  # what is done once only is done
    wall_s, own_s = _took(lambda: desk.open(1, tickets, OPENED_AT))
    work = f"facts in on {kind}, by batches of {BATCH:,}: durable, with leaf, projections, wakes"
    detail = f"{tickets:,} tickets; {tickets / own_s:,.0f} a second of our processor time"
    yield Figure(work, "at least", REACH[kind], tickets / wall_s, "absolute", detail, "/s")
    wall_s, own_s = _took(lambda: _fire(OPENED_AT + HOUR + MINUTE))
    work = f"deadlines that fire on {kind}: evaluated again, a message owed for each"
    detail = f"{tickets:,} at once; {tickets / own_s:,.0f} a second of our processor time"
    yield Figure(work, "at least", REACH[kind], tickets / wall_s, "absolute", detail, "/s")
    from upheld.store.models import Message

    assert Message.objects.count() == tickets + 1


def _facts_of_two(tickets: int) -> Figure:
    """As two web servers take them in: what one provider is told holds up no other."""
    wall_s = together_s(2, tickets)
    work = "facts in on PostgreSQL, told by two callers at once, each of another provider"
    detail = f"{2 * tickets:,} tickets; the database has the same {os.cpu_count()} processors"
    return Figure(work, "at least", REACH["PostgreSQL"], 2 * tickets / wall_s, "absolute", detail, "/s")


def _fire(at: int) -> None:
    from upheld.app.wake import next_wake, wake

    while (due := next_wake()) is not None and due <= at:
        wake(at)


def _events(kind: Kind, tickets: int, events: int) -> Figure:
    """Replies to single tickets, while many others are open."""
    desk = Desk()
    desk.open(0, tickets, OPENED_AT)
    step = max(1, tickets // events)
    desk.reply(0, OPENED_AT + MINUTE)
    took = sorted(
        _took(lambda n=n: desk.reply(n, OPENED_AT + 2 * MINUTE))[0]  # type: ignore[misc]  # it is a default
        for n in range(1, 1 + events * step, step)
        if n < tickets
    )
    work = f"one ticket event on {kind}, {tickets:,} open: until its deadline stands anew and is committed"
    detail = f"of {len(took)}; half of them within {time_text(share_of(took, 0.5))}"
    return Figure(work, "at most", 50, 1e3 * share_of(took, 0.99), "p99", detail, "ms")


def _polls(wakes: int) -> Iterable[Figure]:
    """Nothing is due: what it costs to see that, beside a hundredth as many open wakes."""
    from django.db import connection

    from upheld.app.wake import next_wake

    desk = Desk()
    there, found = 0, []
    for many in (max(1, wakes // 100), wakes):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO store_scoperow"
                " (provider_id, contract, kind, subject, next_at, asked_at, states)"
                " SELECT %s, 'c1', 'ticket', 'W-' || n, %s + n, 0, '{}' FROM generate_series(%s, %s) AS n",
                [desk.provider.pk, _FAR, there + 1, many],
            )
            cursor.execute("ANALYZE store_scoperow")
        there = many
        assert next_wake() is not None
        took = sorted(_took(lambda: [next_wake() for _ in range(10)])[0] / 10 for _ in range(50))
        found.append(share_of(took, 0.5))
    few_s, many_s = found
    work = f"a poll of {wakes:,} open wakes on PostgreSQL, none due"
    detail = f"{time_text(many_s)} beside {time_text(few_s)}"
    yield Figure(work, "at most", 1, 1e3 * many_s, "absolute", "half of 50 within that", "ms")
    yield Figure(work, "at most", 1.5, many_s / few_s, f"{wakes // 100:,} open wakes", detail)


def _observations(kind: Kind, batches: int, folder: Path) -> Figure:
    """Rows of ten components, a batch of 1,000 at a time."""
    import pyarrow as pa
    from tests.live.observing import OBSERVED, Observing

    from upheld.app.observe import observe
    from upheld.lake.arrow import column_of, integers
    from upheld.lake.rows import ROWS

    home = Observing(folder, OBSERVED)
    names = ("api", "web", "voice")
    begin = OPENED_AT - 3 * DAY
    tables = []
    for number in range(batches + 1):
        rows = range(number * BATCH, (number + 1) * BATCH)
        columns = {
            "component": column_of([names[n % 3] for n in rows], pa.string()),
            "signal": column_of(["http"] * BATCH, pa.string()),
            "at": integers([begin + n // 3 * 5 * SECOND + n % 3 for n in rows]),
            "status": integers([200] * BATCH),
            "latency": integers([12_345 + n % 50 for n in rows]),
        }
        empty = {one.name: pa.nulls(BATCH, one.type) for one in ROWS}
        tables.append(pa.Table.from_arrays([(empty | columns)[one.name] for one in ROWS], schema=ROWS))
    at = begin + 30 * DAY
    observe(home.provider.pk, "first", tables[0], at, home.lake)

    def rest() -> None:
        for number, table in enumerate(tables[1:]):
            observe(home.provider.pk, f"batch {number}", table, at, home.lake)

    wall_s, own_s = _took(rest)
    work = f"observations in on {kind}, by batches of {BATCH:,}: durable, with slice counters"
    detail = f"{batches * BATCH:,} rows; {batches * BATCH / own_s:,.0f} a second of our processor time"
    return Figure(work, "at least", 100_000, batches * BATCH / wall_s, "absolute", detail, "/s")


def _took(run: Callable[[], object]) -> tuple[float, float]:
    """How long something took, and how much of that our own processor."""
    wall, own = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - own


def share_of(ordered: list[float], share: float) -> float:
    """The one within which such a share lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
