"""A server from a backup: what comes back is checked entry by entry before it takes any place.

It is an older state, and so is all that it says of what was sent and signed. The signer of this machine
remembers better, if it is still there; if not, the memory of the backup comes back with a mark on it, and
nothing is signed until the operator has opened a new epoch.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.values.frozen import dataclass
from upheld.evidence.key_file import read_key
from upheld.evidence.keys import VerifierKey
from upheld.evidence.signer import Signer
from upheld.evidence.signer_state import StateFile
from upheld.server.backup import LAKE, Backup, BackupError, open_backup, sync
from upheld.server.databases import JOURNALS, database
from upheld.server.dumping import SQLITE, check_sqlite, load_postgres, made_in, take_out
from upheld.server.environment import KEY_FILE as SECRET_FILE
from upheld.server.environment import UNFINISHED, prepare
from upheld.server.exclusive import standing_still
from upheld.server.migrating import alone_with_tables
from upheld.server.signing import KEY_FILE, RESTORED_FILE, STATE_FILE

STAGE: Final = "restoring"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: when it was made, how much was checked, and whether the memory of the signer is old.

    `lacking` logs have less than the signer remembers.
    """

    backup: Backup
    entries: int
    checkpoints: int
    doubted: int
    memory_is_old: bool
    lacking: int


def restore(folder: Path, data: Path, at: Instant, replace: bool = False) -> Restored:
    """Makes the server of a folder from a backup, if that is whole and its ledger is what was signed.

    `replace`: what is in the folder is put aside. BackupError or DumpError with what is wrong, and nothing is
    changed; KeyFileError; StateError, EnvironmentFaultError for a server that still runs; OSError. Whoever
    dies while it takes its place leaves a mark with which no server starts, until it is done again.
    """
    backup = open_backup(folder)
    if missing := list(_keys_missing(data)):
        raise BackupError(
            f"{data / missing[0]} is not there: a backup holds no keys, put it there from where you keep it"
        )
    key = read_key(data / KEY_FILE).verifier
    address = os.environ.get("DATABASE_URL", "")
    is_file = not address or address.startswith("sqlite:")
    if is_file != (backup.database == SQLITE):
        raise BackupError(f"this is a backup of another kind of database: {backup.database}")
    kept_in = database(address, data)
    with _held(data / STATE_FILE) as memory, standing_still(kept_in):
        if not is_file:
            return _into_postgres(backup, data, key, at, replace, memory)
        target = Path(kept_in["NAME"])
        if target.exists() and not replace and not (data / UNFINISHED).exists():
            raise BackupError(f"{target} is there: --replace puts it aside")
        return _into_file(backup, data, target, key, at, memory)


def _into_file(
    backup: Backup, data: Path, target: Path, key: VerifierKey, at: Instant, memory: StateFile | None
) -> Restored:
    stage = target.with_name(f"{STAGE}.sqlite3")  # to be renamed it has to be on the same disk
    _clear(data, stage)
    try:
        _copy(backup.folder / SQLITE, stage)
        check_sqlite(stage)
        os.environ["DATABASE_URL"] = f"sqlite://{quote(str(stage))}"
        prepare(data)
        found, lacking = _checked(backup, key, at), _lacking(memory)
        _stage_lake(backup, data)
        with _taking_its_place(data):
            is_old = _remember(backup, data)
            _put_aside(_of_database(target), at)
            _take_lake(data, at)
            os.replace(stage, target)
            sync(target.parent)
    finally:
        _clear(data, stage)
    return Restored(backup, *found, memory_is_old=is_old, lacking=lacking)


def _into_postgres(
    backup: Backup, data: Path, key: VerifierKey, at: Instant, replace: bool, memory: StateFile | None = None
) -> Restored:
    prepare(data)
    from django.db import connection

    own = connection.copy()
    with closing(own), alone_with_tables(own):  # a server that starts meanwhile waits until all is there
        if own.introspection.table_names():
            raise BackupError("the database in DATABASE_URL is not empty: make a new one for what comes back")
        if (data / LAKE).exists() and not replace and not (data / UNFINISHED).exists():
            raise BackupError(f"{data / LAKE} is there: --replace puts it aside")
        _stage_lake(backup, data)
        try:
            found, lacking = _loaded(backup, data, key, at, own), _lacking(memory)
            with _taking_its_place(data):
                is_old = _remember(backup, data)
                _take_lake(data, at)
        finally:
            _clear(data)
    return Restored(backup, *found, memory_is_old=is_old, lacking=lacking)


def _loaded(backup: Backup, data: Path, key: VerifierKey, at: Instant, own: Any) -> tuple[int, int, int]:
    """As `_checked`. No server starts on what is loaded until it has its place, or is taken out again."""
    from django.db import connection

    was_marked = (data / UNFINISHED).exists()  # somebody died here before: the folder may be half a one
    before = made_in(own)
    _mark(data)
    try:
        load_postgres(own.settings_dict, backup.folder / backup.database)
        return _checked(backup, key, at)
    except Exception:
        connection.close()  # it would hold the tables
        take_out(own, before)
        if not was_marked:
            (data / UNFINISHED).unlink()
            sync(data)
        raise


def _mark(data: Path) -> None:
    (data / UNFINISHED).touch(mode=0o600)
    sync(data)


@contextmanager
def _taking_its_place(data: Path) -> Iterator[None]:
    """What does not come to the end of the block has to be done again: no server starts before."""
    _mark(data)
    yield
    sync(data)
    (data / UNFINISHED).unlink()


def _clear(data: Path, stage: Path | None = None) -> None:
    """Nothing is left of what was to take its place."""
    for left in () if stage is None else stage.parent.glob(f"{stage.name}*"):
        left.unlink()
    if (data / f"{STAGE}.{LAKE}").exists():
        shutil.rmtree(data / f"{STAGE}.{LAKE}")


def _copy(source: Path, target: Path) -> None:
    """A file for its owner alone."""
    shutil.copyfile(source, target)
    target.chmod(0o600)
    sync(target)


def _checked(backup: Backup, key: VerifierKey, at: Instant) -> tuple[int, int, int]:
    """Entries, checkpoints, and messages of which nobody knows any more whether they arrived. BackupError."""
    from upheld.app.audit import audit
    from upheld.app.changes import skip_numbers
    from upheld.app.doubt import doubt
    from upheld.server.environment import missing_migrations, unknown_migrations
    from upheld.server.guards import missing_guards

    if unknown := unknown_migrations():
        raise BackupError(f"a newer Upheld made this backup ({backup.version}, {unknown[0]}): install that")
    found = audit([key])
    if found.faults:
        raise BackupError("the ledger is not what was signed: " + "; ".join(found.faults[:5]))
    if not missing_migrations() and (missing := missing_guards()):  # an older version made other ones
        raise BackupError(f"somebody took out of its database what refuses changes: {', '.join(missing[:5])}")
    doubted = doubt(at)
    skip_numbers()
    _sign_everybody_out()
    from django.db import connection

    connection.close()
    return found.entries, found.checkpoints, doubted


def _sign_everybody_out() -> None:
    """Who signed out since, or was dismissed, is not signed in again; what was tried is of another time."""
    from django.contrib.sessions.models import Session
    from django.core.cache import cache

    Session.objects.all().delete()
    cache.clear()


def _lacking(memory: StateFile | None) -> int:
    """How many logs that came back have less than was signed of them."""
    if memory is None:
        return 0
    from django.db import connection

    from upheld.app.sequence import behind

    found = len(behind(Signer([], memory)))
    connection.close()
    return found


def _keys_missing(data: Path) -> Iterator[str]:
    if not (data / KEY_FILE).exists():
        yield KEY_FILE
    if "UPHELD_SECRET_KEY" not in os.environ and not (data / SECRET_FILE).exists():
        yield SECRET_FILE


def _of_database(target: Path) -> list[Path]:
    """The file of a database, its journal, and signs of life of who worked on it. Who holds it does so on."""
    from upheld.store.signs_of_life import ENDING

    return [Path(f"{target}{ending}") for ending in ("", *JOURNALS, ENDING)]


@contextmanager
def _held(memory: Path) -> Iterator[StateFile | None]:
    """The memory of the signer is held, so that no server works here meanwhile. StateError if one does."""
    if not memory.exists():
        yield None
        return
    with StateFile(memory) as held:
        yield held


def _put_aside(paths: list[Path], at: Instant) -> None:
    """What is there keeps its bytes under another name."""
    mark = format_instant(at).replace(":", "")
    for path in paths:
        if path.exists():
            path.rename(path.with_name(f"before-{mark}-{path.name}"))


def _stage_lake(backup: Backup, data: Path) -> None:
    _clear(data)
    for name in backup.lake:
        path = data / f"{STAGE}.{LAKE}" / Path(name).relative_to(LAKE)
        path.parent.mkdir(parents=True, exist_ok=True)
        _copy(backup.folder / name, path)


def _take_lake(data: Path, at: Instant) -> None:
    _put_aside([data / LAKE], at)
    if (data / f"{STAGE}.{LAKE}").exists():
        (data / f"{STAGE}.{LAKE}").rename(data / LAKE)


def _remember(backup: Backup, data: Path) -> bool:
    """Whether the memory is an old one: one that is there knows better than that of the backup.

    The mark of an old one comes before it, and it comes as a whole: nothing is signed by half of it.
    """
    if not (data / STATE_FILE).exists() and STATE_FILE in backup.files:
        (data / RESTORED_FILE).touch(mode=0o600)
        sync(data)
        _copy(backup.folder / STATE_FILE, data / f"{STAGE}.{STATE_FILE}")
        (data / f"{STAGE}.{STATE_FILE}").rename(data / STATE_FILE)
    return (data / RESTORED_FILE).exists()
