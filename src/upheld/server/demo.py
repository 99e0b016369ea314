"""The shipped providers, with a month that runs now: what is past is told at once, the rest as it comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import structlog
from django.db import close_old_connections, connection

import upheld
from upheld.app.apply import apply
from upheld.app.changes import named
from upheld.app.observe import observe
from upheld.app.providers import all_providers, make_provider, provider_of
from upheld.app.record import record
from upheld.app.seal import seal
from upheld.app.wake import next_wake, wake
from upheld.book.due import due
from upheld.book.evaluate import evaluate
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Duration,
    Instant,
    format_instant,
    parse_instant,
)
from upheld.core.timeline.words import count
from upheld.lake.arrow import numbers
from upheld.server.clock import Clock, salt
from upheld.server.quiet import Quiet
from upheld.server.running_month import Shipped, observed, shipped
from upheld.store.book import read_ledger
from upheld.store.ledger import known_facts
from upheld.store.models import Change, ObservedBatch
from upheld.store.walls import between, over_every_provider

BATCH: Final = 50
POLL_S: Final = 1.0
LOOK_US: Final[Duration] = 5 * MINUTE
"""What probes saw is told so often."""
_KEY: Final = "demo until "
AHEAD: Final = 10
"""So many things that are due are told at the start."""

log = structlog.get_logger("upheld.demo")


def home() -> Path:
    """Where the agreements and the month are: in an installed package, or in a checkout."""
    here = Path(upheld.__file__).resolve().parent
    return next(one for one in (here / "shipped", here.parents[1]) if (one / "demo").is_dir())


def months(at: Instant) -> Iterator[Shipped]:
    """The shipped providers, each with the month that it was begun with, or else with the one that runs."""
    providers = {one.key: one for one in all_providers()}

    def told_at(key: str, fact: Fact) -> Instant | None:
        if key not in providers:
            return None
        with between(providers[key].pk):
            known = known_facts(providers[key], [fact.key])
        return known[fact.key].fact.at if known else None

    return shipped(home(), at, told_at)


def seed(at: Instant) -> None:
    """Makes the providers that are not there yet, and tells what has happened of their month by now."""
    known = {one.key for one in all_providers()}
    for one in months(at):
        if one.key in known:
            continue
        past = [fact for fact in one.facts if fact.recorded_at <= at]
        provider = make_provider(one.key, one.name)
        apply(provider.pk, one.texts, past[0].recorded_at if past else at)
        for start in range(0, len(past), BATCH):
            batch = past[start : start + BATCH]
            record(provider.pk, batch, "demo", batch[-1].recorded_at, salt)
        tell_observed(one, at)
        seal(provider.pk, at)
    while (next_at := next_wake()) is not None and next_at <= at:
        wake(at)


def tell_observed(one: Shipped, at: Instant) -> pa.Table:
    """Tells what probes saw before an instant and was not told yet, half a day at a time; gives it.

    Behind the end of the recordings there is nothing to be told, and nobody knows.
    """
    provider = provider_of(one.key)
    with between(provider.pk):
        told = ObservedBatch.objects.filter(provider=provider, key__startswith=_KEY).order_by("-key").first()
    # A month begins earlier where people live than in UTC.
    start_at = one.month_at - DAY if told is None else parse_instant(told.key.removeprefix(_KEY))
    rows = observed(one, start_at, at)
    seen = numbers(rows["at"])
    while start_at < at and one.recordings:
        end_at = min(start_at + DAY // 2, at)
        first, end = np.searchsorted(seen, [start_at, end_at]).tolist()
        if end > first:
            observe(provider.pk, f"{_KEY}{format_instant(end_at)}", rows.slice(first, end - first), at)
        start_at = end_at
    return rows


def due_lines(at: Instant) -> list[str]:
    """What is due next of all providers, as lines."""
    coming = []
    for provider in all_providers():
        with between(provider.pk):
            found = due(evaluate(read_ledger(provider.pk), at), at + 48 * HOUR)
        coming += [(one.wake.due_at, provider.name, one.key) for one in found]
    return [
        f"{format_instant(due_at)}  {name}, {key.contract}: {key.commitment} {key.subject}"
        for due_at, name, key in sorted(coming)[:AHEAD]
    ]


def next_lines(at: Instant) -> list[str]:
    """When something comes next by itself, as lines: so who watches knows how long nothing is wrong."""
    ahead = [(fact.recorded_at, one.name) for one in months(at) for fact in one.facts]
    coming = min([one for one in ahead if one[0] > at], default=None)
    if coming is None:
        return [
            "their month is told to its end, and a new folder (--data) begins one; what comes is what is due"
        ]
    looks = f"what its probes saw every {LOOK_US // MINUTE} min"
    return [f"next comes something about {coming[1]} at {format_instant(coming[0])}, and {looks}"]


class Simulator:
    """Tells the rest of the month, each fact when its time has come, and prints what happens."""

    def __init__(self, clock: Clock, quiet: Quiet) -> None:
        self._clock = clock
        self._quiet = quiet
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo", daemon=True)
        self._began_at = clock.now()
        self._months = list(months(self._began_at))
        self._change = _newest_change()
        self._told: dict[str, int] = {}
        self._looked_at = 0

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """No more."""
        self._stop.set()
        self._quiet.end()
        self._thread.join(10)

    def round(self) -> None:
        """Tells what has come, and prints it with what it changed.

        Whatever hinders it is raised; another round goes on from what was told.
        """
        now = self._clock.now()
        is_look = now >= self._looked_at + LOOK_US
        for one in self._months:
            self._tell(one, now)
            if is_look:
                _print_seen(one.name, now, tell_observed(one, now))
        self._looked_at = now if is_look else self._looked_at
        with over_every_provider():
            newer = Change.objects.filter(pk__gt=self._change)
            changes = list(newer.select_related("provider").order_by("pk"))
        for change in changes:
            self._change = change.pk
            print(_line(change), flush=True)

    def _run(self) -> None:
        while not self._stop.wait(POLL_S):
            close_old_connections()
            commits = self._quiet.commits
            try:
                self.round()
            except Exception:
                log.exception("a round of the demo failed, and is tried again")
            else:
                self._quiet.hold("demo", commits, self._next())
        connection.close()  # it is this thread's own

    def _next(self) -> Instant:
        """When the next fact comes, or what probes saw is told again."""
        left = (one.facts[self._told.get(one.key, 0) :] for one in self._months)
        return min([self._looked_at + LOOK_US, *(facts[0].recorded_at for facts in left if facts)])

    def _tell(self, one: Shipped, now: Instant) -> None:
        """The facts that have come since the last time; what was told before has no effect."""
        told = self._told.get(one.key, 0)
        came: list[Fact] = []
        while told + len(came) < len(one.facts) and one.facts[told + len(came)].recorded_at <= now:
            came.append(one.facts[told + len(came)])
        if came:
            record(provider_of(one.key).pk, came, "demo", now, salt)
            for fact in came:
                if fact.recorded_at > self._began_at:
                    print(f"{format_instant(fact.at)}  {one.name}: {fact.type} {fact.subject}", flush=True)
            self._told[one.key] = told + len(came)


def _print_seen(name: str, at: Instant, rows: pa.Table) -> None:
    """How many checks there were since the last time, and how many of them failed, if there were any."""
    looks = rows["ok"].drop_null()
    if len(looks):
        failed = len(looks) - (pc.sum(looks).as_py() or 0)
        seconds_at = format_instant(at - at % SECOND)
        print(
            f"{seconds_at}  {name}: {count(len(looks), 'check')} by its probes, {failed} failed", flush=True
        )


def _newest_change() -> int:
    """The number of the last change that was decided, of any provider; 0 before the first one."""
    with over_every_provider():
        return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _line(change: Change) -> str:
    commitment, subject, cycle = named(change.what)
    which = f"{commitment} {subject}" if cycle == 1 else f"{commitment} {subject}, round {cycle}"
    was = f", was {change.before}" if change.before else ""
    at, of = format_instant(change.at), f"{change.provider.name}, {change.contract}"
    return f"{at}  {of}: {which}: {change.after or 'gone'}{was}"
