"""Days of observations that were sealed: the lake, as far as the database says that it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from django.conf import settings

from upheld.core.timeline.instant import DAY
from upheld.core.values.finding import Finding
from upheld.lake.arrow import chosen, codes
from upheld.lake.manifest import Day, Lake, sealed_file
from upheld.lake.manifest import SealedFile as Written
from upheld.lake.parts import RowFile, read_rows
from upheld.store.models import Provider, SealedFile
from upheld.store.walls import over_every_provider

KEPT: Final = 2_048
"""Files of hashes that are kept in memory: they never change."""


def lake_home() -> Path:
    """The folder of the lake of this server."""
    return Path(settings.DATA) / "lake"


def lake_of(provider: Provider, home: Path, days: Iterable[int] | None = None) -> tuple[Lake, list[Finding]]:
    """The files of a provider that count, of some days since the epoch or all.

    What is missing or another one than was sealed is a finding, and left out.
    """
    rows = SealedFile.objects.filter(provider=provider).order_by("start_at", "number")
    rows = rows if days is None else rows.filter(start_at__in=[day * DAY for day in days])
    found: dict[int, list[Written]] = {}
    findings: list[Finding] = []
    for row in rows:
        file = _read(home, row.path, row.hashes, row.sha256)
        if isinstance(file, Finding):
            findings.append(file)
        else:
            found.setdefault(row.start_at, []).append(file)
    return Lake(home, _days(provider.name, found)), findings


def counted_lake(home: Path) -> Lake:
    """All files that count, of every provider, without what is in them: for the manifest."""
    found: dict[str, dict[int, list[Written]]] = {}
    with over_every_provider():
        rows = list(SealedFile.objects.select_related("provider").order_by("start_at", "number"))
    for row in rows:
        file = Written(RowFile(home / row.path, {}, {}, frozenset()), home / row.hashes, row.sha256)
        found.setdefault(row.provider.name, {}).setdefault(row.start_at, []).append(file)
    return Lake(home, tuple(day for name in sorted(found) for day in _days(name, found[name])))


def _days(provider: str, files: Mapping[int, Sequence[Written]]) -> tuple[Day, ...]:
    return tuple(Day(provider, start_at, tuple(files[start_at])) for start_at in sorted(files))


def _read(home: Path, path: str, hashes: str, sha256: str) -> Written | Finding:
    try:
        return _whole(home, path, hashes, sha256)
    except _NotWholeError as fault:
        return fault.finding


@lru_cache(maxsize=KEPT)
def _whole(home: Path, path: str, hashes: str, sha256: str) -> Written:
    found = sealed_file(home, {"rows": path, "hashes": hashes, "sha256": sha256})
    if isinstance(found, Finding):
        raise _NotWholeError(found)
    return found


class _NotWholeError(Exception):
    """A file is not as it was sealed; asked for again, it may have been restored."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def sealed_rows(
    provider: Provider, days: Sequence[int], home: Path, components: Sequence[str]
) -> list[pa.Table] | None:
    """The sealed rows of some days and components; None if nothing of those days is sealed."""
    if not SealedFile.objects.filter(provider=provider, start_at__in=[day * DAY for day in days]).exists():
        return None
    if not components:
        return []
    lake, findings = lake_of(provider, home, days)
    if findings:
        raise OSError("; ".join(f"{one.place}: {one.message}" for one in findings))
    found = []
    for part in lake.parts:
        for file in part.files:
            for table in read_rows(file.path):
                code, names = codes(table["component"])
                mine = np.isin(code, [i for i, name in enumerate(names) if name in components])
                found.append(table.take(chosen(mine)).combine_chunks())
    return found
