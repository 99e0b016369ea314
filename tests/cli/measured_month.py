"""A small hosting agreement with a month or three of hourly probes, as somebody new would write it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from upheld.core.timeline.instant import HOUR, format_instant, parse_instant

AGREEMENT = """\
document: {agreement: hostly, version: 2026-01, provider: Hostly, zone: UTC}
component:
  service: {all: [web, db]}
  web: {}
  db: {}
signal:
  probe: {of: [web, db], checks: HTTP probes, good: "status in 200..299", every: 1h}
indicator:
  uptime: {count: checks of service, per: {slice: 1h}}
exclude:
  planned maintenance:
    of: maintenance
    where: kind = scheduled
    announced by: starts_at - 48h
    effect: [not bad, out of total]
commit:
  uptime: {level: ">= 99 %", per: calendar month}
remedy:
  credit:
    of: uptime
    bands: {"[98 %, 99 %)": 10 %, "< 98 %": 25 %}
    base: {fee: month}
    limits: {year: 30 % of base}
"""
CONTRACT = """\
contract:
  id: zenith
  customer: Zenith
  agreement: hostly
  version: 2026-01
  signed: 2026-02-01
  from: 2026-03-01
  currency: EUR
  fees: {month: 1000.00 EUR}
"""


def write_month(
    home: Path,
    down: Mapping[str, tuple[str, str]] = {},
    gaps: Mapping[str, tuple[str, str]] = {},
    until: str = "2026-04-01T00:00:00Z",
    agreement: str = AGREEMENT,
    contract: str = CONTRACT,
) -> Path:
    """The folder, its probes hourly from 1 March on; what is down or missing, and when, by component."""
    (home / "agreement.yaml").write_text(agreement, encoding="utf-8")
    (home / "contract.yaml").write_text(contract, encoding="utf-8")
    lines = ["at,component,status"]
    start, end = parse_instant("2026-03-01T00:00:00Z"), parse_instant(until)
    for at in range(start, end, HOUR):
        for name in ("web", "db"):
            if not _is_in(at, gaps.get(name)):
                status = 503 if _is_in(at, down.get(name)) else 200
                lines.append(f"{format_instant(at)},{name},{status}")
    (home / "p.observations.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home


def _is_in(at: int, stretch: tuple[str, str] | None) -> bool:
    return stretch is not None and parse_instant(stretch[0]) <= at < parse_instant(stretch[1])
