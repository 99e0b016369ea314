"""A provider of tests whose components are observed, told of the rows of `tests.lake.worlds`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pyarrow as pa

from tests.core.worlds import CONTRACT, DOCUMENT
from tests.lake.worlds import Row
from upheld.app.apply import apply
from upheld.app.observe import Observed, observe
from upheld.core.timeline.instant import DAY, Instant, parse_instant
from upheld.lake.arrow import column_of
from upheld.lake.rows import ROWS
from upheld.store.models import Provider
from upheld.store.observations import ObservedByProvider

OBSERVED = """
component: {api: {}, web: {}, voice: {}, whole: {all: [api, web, voice]}}
signal:
  http: {of: [api, web, voice], checks: a request, good: status >= 200 and status < 300, every: 1m}
  plain: {of: [api, web, voice], checks: a request, every: 1m}
  quick: {of: [api, web, voice], checks: a request, good: status * 2 < 500 or latency / 3 <= 0.05s, every: 1m}
  requests: {of: [api, web, voice], counts: requests}
  power: {of: [api, web, voice], states: of the supply, max age: 1h}
  rack:
    of: [api, web, voice]
    states: of the rack
    good: state in [up, weak]
    degraded: state = weak
    max age: 1h
indicator:
  uptime: {count: checks of whole, signal: http, per: {slice: 5m, good when: good = total}, combine: bad time}
  quick uptime:
    count: checks of whole
    signal: quick
    per: {slice: 1m, good when: good = total}
    combine: bad time
commit:
  up: {indicator: uptime, level: '>= 99 %', per: calendar month}
"""
LATER = parse_instant("2026-07-01T00:00:00Z")


def table(rows: Sequence[Row], provider: str | None = None) -> pa.Table:
    """The rows as they are told."""
    names = ("ok", "status", "code", "until", "good", "total", "state")
    found = [
        {"provider": provider, "component": row.component, "signal": row.signal, "at": row.at}
        | {name: row.values.get(name) for name in (*names, "latency")}
        for row in rows
    ]
    columns = [column_of([row[field.name] for row in found], field.type) for field in ROWS]
    return pa.Table.from_arrays(columns, schema=ROWS)


class Observing:
    """The provider, with its lake."""

    def __init__(self, folder: Path, agreement: str = OBSERVED) -> None:
        self.lake = folder / "lake"
        self.provider = Provider.objects.create(name="Northwind", key="northwind")
        self._keys = count()
        self.apply(agreement)

    def apply(self, agreement: str) -> None:
        """Another agreement from now on."""
        texts = {"acme.yaml": (DOCUMENT + agreement).encode(), "c1.yaml": CONTRACT.encode()}
        apply(self.provider.pk, texts, 0)

    def tell(self, rows: Sequence[Row], key: str = "", at: Instant = LATER + 30 * DAY) -> Observed:
        """A batch under a key of its own, or this one."""
        return observe(self.provider.pk, key or f"batch {next(self._keys)}", table(rows), at, self.lake)

    @property
    def observations(self) -> ObservedByProvider:
        """What is known now."""
        return ObservedByProvider(self.provider.pk, self.lake)
