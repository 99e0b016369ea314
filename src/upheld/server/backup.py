"""A backup: a folder with the database as of one moment, the sealed files, and a list of their hashes.

The keys are not in it: who finds a backup can neither sign nor read an address. What the signer remembers is.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, Final

from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.values.frozen import dataclass
from upheld.server.databases import EMBEDDED
from upheld.server.dumping import POSTGRES, SQLITE, dump_postgres, dump_sqlite
from upheld.server.signing import STATE_FILE

LIST: Final = "backup.json"
FORMAT: Final = "upheld.backup/1"
LAKE: Final = "lake"
LARGEST_LIST: Final = 64 << 20


class BackupError(Exception):
    """A folder is no backup, or not whole; the message says what of it."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was found whole: every file of its list is there, as it was written, and no other."""

    folder: Path
    made_at: str
    version: str
    files: tuple[str, ...]

    @property
    def database(self) -> str:
        """The file of the database."""
        return POSTGRES if POSTGRES in self.files else SQLITE

    @property
    def lake(self) -> tuple[str, ...]:
        """The sealed files and what belongs to them."""
        return tuple(name for name in self.files if name.startswith(f"{LAKE}/"))


def make_backup(data: Path, database: dict[str, Any], into: Path, at: Instant) -> Backup:
    """Writes a backup of the server of a folder into a new folder, while it runs or not.

    FileExistsError for a folder that is there; DumpError; OSError.
    """
    if into.exists():
        raise FileExistsError(17, "there is something there already", str(into))
    part = into.with_name(f"{into.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    # First the database: what it says is sealed is on disk, and the signer remembers no less than it has.
    if database["ENGINE"] == EMBEDDED:
        dump_sqlite(Path(database["NAME"]), part / SQLITE)
    else:
        dump_postgres(database, part / POSTGRES)
    if (data / STATE_FILE).exists():
        shutil.copyfile(data / STATE_FILE, part / STATE_FILE)
        (part / STATE_FILE).chmod(0o600)
    if (data / LAKE).is_dir():
        # What has a dot in front is being made, and is gone when it is done.
        under_way = shutil.ignore_patterns(".*")
        shutil.copytree(data / LAKE, part / LAKE, symlinks=True, ignore=under_way)
    files = {name: _digest(part / name) for name in _files(part)}
    record = {
        "format": FORMAT, "made_at": format_instant(at), "version": version("upheld"), "files": files
    }  # fmt: skip
    (part / LIST).write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for name in (*files, LIST):
        sync(part / name)
    part.rename(into)
    sync(into.parent)
    return Backup(into, record["made_at"], record["version"], tuple(files))  # type: ignore[arg-type]  # texts


def open_backup(folder: Path) -> Backup:
    """The backup in a folder. BackupError if it is none, or not as it was written; OSError."""
    record = _list(folder)
    told = record["files"]
    if not isinstance(told, dict) or not told.keys() & {SQLITE, POSTGRES}:
        raise BackupError(f"{folder / LIST}: it names no database")
    if odd := [name for name in told if not _is_plain(name)]:
        raise BackupError(f"{folder / LIST}: {odd[0][:80]} is no name of a file in a backup")
    there = set(_files(folder)) - {LIST}
    if missing := sorted(told.keys() - there):
        raise BackupError(f"{folder / missing[0]} is not there")
    if more := sorted(there - told.keys()):
        raise BackupError(f"{folder / more[0]} was not in the backup when it was made")
    for name, digest in sorted(told.items()):
        if _digest(folder / name) != digest:
            raise BackupError(f"{folder / name} is not as it was written")
    return Backup(folder, str(record["made_at"]), str(record["version"]), tuple(sorted(told)))


def _list(folder: Path) -> dict[str, Any]:
    path = folder / LIST
    if not path.is_file():
        raise BackupError(f"{folder} is no backup: there is no {LIST} in it")
    if path.stat().st_size > LARGEST_LIST:
        raise BackupError(f"{path} is too large")
    try:
        record = json.loads(path.read_bytes())
        if record["format"] != FORMAT:
            raise BackupError(f"{path} is of another kind than {FORMAT}: a newer Upheld wrote it")
        return {name: record[name] for name in ("made_at", "version", "files")}
    except (ValueError, KeyError, TypeError):
        raise BackupError(f"{path} is not as it was written") from None


def _is_plain(name: str) -> bool:
    """Whether a name stays in the folder, wherever that is."""
    parts = PurePosixPath(name).parts
    return name in (SQLITE, POSTGRES, STATE_FILE) or (
        parts[:1] == (LAKE,) and len(parts) > 1 and ".." not in parts and str(PurePosixPath(*parts)) == name
    )


def _files(folder: Path) -> Iterator[str]:
    """The files below a folder. BackupError for what is none, such as a link to another place."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise BackupError(f"{path} is no file")
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """What a file holds, or the names in a folder, stay even if the power fails. OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
