"""A sealed lake on disk: `manifest.json`, and for every provider and day files of rows, slices and hashes.

The manifest names each file of hashes with its SHA-256, those name what lies beside them with the hash of
every component; so whoever holds the manifest holds everything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from upheld.core.timeline.instant import DAY, Instant, format_instant, parse_instant
from upheld.core.values.finding import Finding, Place
from upheld.core.values.frozen import dataclass, field, replace
from upheld.lake.parts import Counting, Part, RowFile

MANIFEST: Final = "manifest.json"
FORMAT: Final = "upheld lake 1"
NAME_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file of rows with its file of hashes, as they stand in the manifest."""

    rows: RowFile
    hashes: Path
    sha256: str
    slice_hashes: Mapping[Counting, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """What is sealed of a provider and a day: the first file, then the late ones."""

    provider: str
    start_at: Instant
    files: tuple[SealedFile, ...]

    @property
    def on(self) -> str:
        """The day as a text."""
        return format_instant(self.start_at)[:10]


@dataclass(frozen=True, slots=True)
class Lake:
    """A sealed lake."""

    home: Path
    days: tuple[Day, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its days as parts."""
        return tuple(
            Part(day.provider, day.start_at, day.start_at + DAY, tuple(file.rows for file in day.files))
            for day in self.days
        )

    def with_file(self, provider: str, start_at: Instant, file: SealedFile) -> Lake:
        """The lake with one more file of a day."""
        days = {(day.provider, day.start_at): day for day in self.days}
        day = days.get((provider, start_at), Day(provider, start_at, ()))
        days[provider, start_at] = replace(day, files=(*day.files, file))
        return replace(self, days=tuple(days[key] for key in sorted(days)))


def folder_of(provider: str) -> str:
    """The name of a provider's folder."""
    name = quote(provider, safe=" ").replace(".", "%2E")
    if len(name) <= NAME_LENGTH:
        return name
    return f"{name[:NAME_LENGTH]}-{hashlib.sha256(provider.encode()).hexdigest()[:12]}"


def write_hashes(path: Path, file: RowFile, slice_hashes: Mapping[Counting, Mapping[str, str]]) -> SealedFile:
    """Writes what there is to know of a file of rows beside it."""
    record = {
        "kinds": sorted(file.kinds),
        "rows": [[component, signal, rows] for (component, signal), rows in sorted(file.rows.items())],
        "content": dict(sorted(file.content.items())),
        "slices": [
            {**counting._asdict(), "file": file.slices[counting].name, "hashes": dict(sorted(hashes.items()))}
            for counting, hashes in sorted(slice_hashes.items())
        ],
    }
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(text)
    return SealedFile(file, path, hashlib.sha256(text).hexdigest(), slice_hashes)


def write_manifest(lake: Lake) -> None:
    """Writes the manifest, whole or not at all."""
    days = [
        {
            "provider": day.provider,
            "on": day.on,
            "files": [
                {
                    "rows": file.rows.path.relative_to(lake.home).as_posix(),
                    "hashes": file.hashes.relative_to(lake.home).as_posix(),
                    "sha256": file.sha256,
                }
                for file in day.files
            ],
        }
        for day in lake.days
    ]
    new = lake.home / f".{MANIFEST}.new"
    text = json.dumps({"format": FORMAT, "days": days}, ensure_ascii=False, indent=1)
    new.write_text(text + "\n", encoding="utf-8")
    new.replace(lake.home / MANIFEST)


# -- reading -----------------------------------------------------------------------------------------------


def read_lake(home: Path) -> tuple[Lake | None, tuple[Finding, ...]]:
    """The lake of a folder. A file that is missing or not what the manifest says is a finding and left out.

    OSError if the manifest cannot be read.
    """
    place = Place(str(home / MANIFEST))
    try:
        record = json.loads((home / MANIFEST).read_bytes())
        if record["format"] != FORMAT:
            raise ValueError(f"its format is {str(record['format'])[:80]!r}, not {FORMAT!r}")
        lake, findings = Lake(home), []
        for day in record["days"]:
            start_at = parse_instant(f"{day['on']}T00:00:00Z")
            for entry in day["files"]:
                file = sealed_file(home, entry)
                if isinstance(file, Finding):
                    findings.append(file)
                else:
                    lake = _appended(lake, str(day["provider"]), start_at, file)
    except FileNotFoundError:
        return None, (Finding("missing-file", "there is no manifest here, so this is no lake", (place,)),)
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        message = f"this is not the manifest of a lake: {_plain(fault)}"
        return None, (Finding("bad-lake", message, (place,), "restore it, or seal the observations anew"),)
    return lake, tuple(findings)


def _appended(lake: Lake, provider: str, start_at: Instant, file: SealedFile) -> Lake:
    """As `with_file`, for files in the order of the manifest."""
    *others, last = lake.days or (Day("", -1, ()),)
    if (last.provider, last.start_at) == (provider, start_at):
        return replace(lake, days=(*others, replace(last, files=(*last.files, file))))
    return lake.with_file(provider, start_at, file)


def _plain(fault: Exception) -> str:
    return f"{fault} is missing" if isinstance(fault, KeyError) else str(fault)[:200]


def _inside(home: Path, name: object) -> Path:
    path = home / str(name)
    if not isinstance(name, str) or not path.resolve().is_relative_to(home.resolve()):
        raise ValueError(f"{str(name)[:80]!r} is not a file of this lake")
    return path


def sealed_file(home: Path, entry: Mapping[str, Any]) -> SealedFile | Finding:
    """A file of a manifest with what was sealed of it, or why it cannot be had. ValueError for a bad path."""
    rows, hashes = (_inside(home, entry[name]) for name in ("rows", "hashes"))
    try:
        text = hashes.read_bytes()
    except OSError:
        return _missing(hashes)
    if hashlib.sha256(text).hexdigest() != entry["sha256"]:
        message = "this file is not the one that was sealed: its SHA-256 is another"
        return Finding("bad-lake", message, (Place(str(hashes)),), "restore it")
    record = json.loads(text)
    slices = dict(_slices(hashes.parent, record["slices"]))
    for path in (rows, *(path for path, _ in slices.values())):
        if not path.is_file():
            return _missing(path)
    file = RowFile(
        rows,
        {(component, signal): count for component, signal, count in record["rows"]},
        record["content"],
        frozenset(record["kinds"]),
        {counting: path for counting, (path, _) in slices.items()},
        {counting: told for counting, (_, told) in slices.items()},
    )
    return SealedFile(file, hashes, entry["sha256"], file.slice_hashes)


def _slices(
    folder: Path, records: list[dict[str, Any]]
) -> Iterator[tuple[Counting, tuple[Path, Mapping[str, str]]]]:
    for record in records:
        counting = Counting(*(record[name] for name in Counting._fields))
        yield counting, (_inside(folder, record["file"]), record["hashes"])


def _missing(path: Path) -> Finding:
    message = "a file of this lake is missing, and what it holds does not count"
    return Finding("missing-file", message, (Place(str(path)),), "restore it")
