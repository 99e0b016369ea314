"""Writes the observations of the demo month: `python -m scripts.demo_observations`.

A probe looks once a minute, at a second of its own; what it saw differs from good only where this file says
so. The same bytes come out every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pyarrow
from pyarrow import parquet

DEMO = Path(__file__).resolve().parents[1] / "demo"
MINUTE = timedelta(minutes=1)


class Bad(NamedTuple):
    """From one instant to another (UTC) checks fail, or are not there at all."""

    start: str
    end: str
    missing: bool = False


class Probe(NamedTuple):
    """What is looked at, by which signal, from when to when (UTC), at which second of a minute."""

    component: str
    signal: str
    start: str
    end: str
    second: int
    bad: Sequence[Bad] = ()
    status: bool = False
    latency_ms: int = 0


ROUSORA = (
    # the chatbot: an outage by day (RS-4125), the announced night (RM-31), a security fix (RM-33)
    Probe(
        "chatbot",
        "probe",
        "2026-05-31T22:00",
        "2026-07-01T00:00",
        7,
        (
            Bad("2026-06-13T20:20", "2026-06-13T22:40"),
            Bad("2026-06-18T07:38", "2026-06-18T09:13"),
            Bad("2026-06-19T17:01", "2026-06-19T17:44"),
        ),
    ),
    # the connector: RM-32 was announced too late and counts; RM-35 was moved in good time and does not
    Probe(
        "erp-connector",
        "probe",
        "2026-05-31T22:00",
        "2026-07-01T00:00",
        21,
        (
            Bad("2026-06-16T09:10", "2026-06-16T11:22"),
            Bad("2026-06-24T18:01", "2026-06-24T19:31"),
            Bad("2026-06-27T18:05", "2026-06-27T23:50"),
        ),
    ),
    # the CRM: the network of somebody else was down for five hours
    Probe(
        "crm",
        "probe",
        "2026-05-31T22:00",
        "2026-07-01T00:00",
        38,
        (
            Bad("2026-06-09T11:02", "2026-06-09T16:03"),
            Bad("2026-06-13T20:05", "2026-06-13T23:47"),
        ),
    ),
)
ENGAGE = (
    Probe(
        "sms",
        "probe",
        "2026-03-31T22:00",
        "2026-07-01T00:00",
        3,
        (Bad("2026-06-08T17:01", "2026-06-08T17:36"),),
    ),
    Probe(
        "whatsapp",
        "probe",
        "2026-03-31T22:00",
        "2026-07-01T00:00",
        12,
        (
            Bad("2026-06-08T17:01", "2026-06-08T17:36"),
            Bad("2026-06-17T08:41", "2026-06-17T08:58"),
        ),
    ),
    # two trunks: one after the other is out, both for a quarter of an hour only
    Probe(
        "trunk-1",
        "probe",
        "2026-03-31T22:00",
        "2026-07-01T00:00",
        24,
        (
            Bad("2026-06-20T20:10", "2026-06-20T21:30"),
            Bad("2026-06-29T16:58", "2026-06-29T18:02"),
        ),
    ),
    Probe(
        "trunk-2",
        "probe",
        "2026-03-31T22:00",
        "2026-07-01T00:00",
        31,
        (
            Bad("2026-06-20T21:30", "2026-06-20T22:40"),
            Bad("2026-06-29T17:44", "2026-06-29T18:14"),
        ),
    ),
    Probe(
        "inbox",
        "probe",
        "2026-03-31T22:00",
        "2026-07-01T00:00",
        40,
        (
            Bad("2026-06-10T00:11", "2026-06-10T01:24"),
            Bad("2026-06-24T04:40", "2026-06-24T07:18"),
        ),
    ),
    Probe(
        "web chat",
        "probe",
        "2026-03-31T22:00",
        "2026-07-01T00:00",
        44,
        (
            Bad("2026-06-10T00:11", "2026-06-10T01:24"),
            Bad("2026-06-28T03:05", "2026-06-28T04:40"),
        ),
    ),
    Probe(
        "campaigns",
        "probe",
        "2026-03-31T22:00",
        "2026-07-01T00:00",
        49,
        (
            Bad("2026-06-10T00:13", "2026-06-10T01:24"),
            Bad("2026-06-17T04:02", "2026-06-17T05:33"),
        ),
    ),
    Probe("audiences", "probe", "2026-03-31T22:00", "2026-07-01T00:00", 52),
    Probe(
        "Conversational AI Cloud",
        "probe",
        "2026-03-31T22:00",
        "2026-07-01T00:00",
        57,
        (Bad("2026-06-25T07:02", "2026-06-25T14:15"),),
    ),
)
CLOUDTREE = (
    # April: 50 minutes, below Pro; May: 40 minutes, which only Enterprise is promised more than
    Probe(
        "api",
        "health",
        "2026-04-01T00:00",
        "2026-07-01T00:00",
        5,
        (
            Bad("2026-04-14T09:00", "2026-04-14T09:50"),
            Bad("2026-06-11T10:05", "2026-06-11T10:10"),
        ),
        status=True,
        latency_ms=90,
    ),
    # the voice plane: a carrier of the customers (SI-31), our own fault (SI-33), announced work (SM-72), and
    # 35 minutes that nobody probed
    Probe(
        "voice",
        "registration",
        "2026-04-01T00:00",
        "2026-07-01T00:00",
        17,
        (
            Bad("2026-05-19T13:20", "2026-05-19T14:00"),
            Bad("2026-06-07T02:05", "2026-06-07T03:40"),
            Bad("2026-06-14T03:20", "2026-06-14T05:15"),
            Bad("2026-06-20T22:15", "2026-06-20T22:40"),
            Bad("2026-06-21T02:30", "2026-06-21T03:10"),
            Bad("2026-06-25T04:00", "2026-06-25T04:35", missing=True),
        ),
    ),
    # the dashboard: work on it was announced 35 and a half hours ahead (SM-71), so its ten bad minutes count
    Probe(
        "dashboard",
        "page",
        "2026-04-01T00:00",
        "2026-07-01T00:00",
        41,
        (Bad("2026-06-14T02:10", "2026-06-14T02:20"),),
    ),
    Probe("calls", "call", "2026-06-01T00:00", "2026-07-01T00:00", 50, latency_ms=640),
)

PROVIDERS = {
    "rous": ("Rousora", ROUSORA),
    "ceng": ("Connect & Engage", ENGAGE),
    "sivo": ("Cloudtree", CLOUDTREE),
}


def minutes(probe: Probe) -> Iterator[tuple[datetime, bool]]:
    """The instants of the checks of a probe, and whether they were good."""
    at, end = _utc(probe.start), _utc(probe.end)
    spans = [(_utc(bad.start), _utc(bad.end), bad.missing) for bad in probe.bad]
    while at < end:
        found = next((missing for start, stop, missing in spans if start <= at < stop), None)
        if not found:
            yield at + timedelta(seconds=probe.second), found is None
        at += MINUTE


def table(provider: str, probes: Sequence[Probe]) -> pyarrow.Table:
    """The checks of one provider by component and time."""
    columns: dict[str, list[object]] = {
        name: [] for name in ("at", "provider", "component", "signal", "ok", "status", "latency_ms")
    }
    for probe in sorted(probes):
        for number, (at, good) in enumerate(minutes(probe)):
            # A latency that wanders, and is told for June alone: a percentile needs no more.
            told = probe.latency_ms and at >= _utc("2026-06-01T00:00")
            latency = probe.latency_ms + (number * number * 7919) % 211 + 900 * (number % 97 == 0)
            row = (
                at,
                provider,
                probe.component,
                probe.signal,
                good,
                (200 if good else 503) if probe.status else None,
                latency if told else None,
            )
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    schema = pyarrow.schema(
        [
            ("at", pyarrow.timestamp("us", "UTC")),
            ("provider", pyarrow.string()),
            ("component", pyarrow.string()),
            ("signal", pyarrow.string()),
            ("ok", pyarrow.bool_()),
            ("status", pyarrow.int32()),
            ("latency_ms", pyarrow.int32()),
        ]
    )
    return pyarrow.table(columns, schema)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def main() -> None:
    """Writes one file a provider."""
    for folder, (provider, probes) in PROVIDERS.items():
        path = DEMO / folder / "probes.observations.parquet"
        parquet.write_table(
            table(provider, probes),
            path,
            compression="zstd",
            compression_level=12,
            row_group_size=1 << 20,
            use_dictionary=["provider", "component", "signal"],
            column_encoding={"at": "DELTA_BINARY_PACKED"},
        )


if __name__ == "__main__":
    main()
