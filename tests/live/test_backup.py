"""A backup made, brought back and refused: as an operator does it, on a bad day."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from tests.core.worlds import fact
from tests.live.api_desk import random_bytes
from tests.live.databases import Postgres, use
from tests.live.desk import salt
from tests.live.test_messages import OPENED_AT, Office
from tests.live.test_sequence import NOW
from upheld.app.changes import SKIPPED, skip_numbers
from upheld.app.doubt import doubt
from upheld.app.record import record
from upheld.app.send import sent, take
from upheld.app.sequence import behind, sequence
from upheld.app.vitals import beat, working
from upheld.core.timeline.instant import HOUR, format_instant
from upheld.evidence.key_file import read_key, write_key
from upheld.evidence.keys import SigningKey
from upheld.notify.message import Delivery
from upheld.server import exclusive
from upheld.server import restore as restoring
from upheld.server.admin_command import parser, run
from upheld.server.backup import LIST, BackupError, make_backup, open_backup
from upheld.server.clock import SystemClock
from upheld.server.databases import database
from upheld.server.dumping import SQLITE, made_in
from upheld.server.environment import KEY_FILE as SECRET_FILE
from upheld.server.environment import UNFINISHED, EnvironmentFaultError, migrate
from upheld.server.exclusive import ENDING
from upheld.server.migrating import _LOCK
from upheld.server.sessions import SessionStore
from upheld.server.signing import KEY_FILE, RESTORED_FILE, STATE_FILE, signer_in
from upheld.store.models import Attempt, Change, Message, Provider


def made_backup(folder: Path) -> Path:
    """A backup of a folder with a small database and a sealed file."""
    data = folder / "data"
    (data / "lake" / "northwind").mkdir(parents=True)
    (data / "lake" / "northwind" / "day.parquet").write_bytes(b"rows")
    (data / STATE_FILE).write_bytes(b"upheld signer state 1\n")
    (data / SECRET_FILE).write_text("key of secrets")
    with closing(sqlite3.connect(data / SQLITE)) as found:
        found.execute("CREATE TABLE t (x)")
        found.execute("INSERT INTO t VALUES (1)")
        found.commit()
    make_backup(data, database("", data), folder / "backup", NOW)
    return folder / "backup"


def test_a_backup_holds_everything_but_the_keys(tmp_path: Path) -> None:
    """The database, the sealed files, what the signer remembers; each readable by its owner alone."""
    backup = open_backup(made_backup(tmp_path))
    assert backup.files == ("lake/northwind/day.parquet", STATE_FILE, SQLITE)
    assert backup.made_at == format_instant(NOW)
    assert backup.folder.stat().st_mode & 0o777 == 0o700
    with closing(sqlite3.connect(backup.folder / SQLITE)) as found:
        assert found.execute("SELECT x FROM t").fetchall() == [(1,)]
    with pytest.raises(FileExistsError):
        make_backup(tmp_path / "data", database("", tmp_path / "data"), tmp_path / "backup", NOW)


def test_what_is_being_sealed_is_in_no_backup(tmp_path: Path) -> None:
    """It is part of nothing yet, and whoever seals takes it away while it would be copied."""
    under_way = tmp_path / "data" / "lake" / ".sealing-x1"
    under_way.mkdir(parents=True)
    (under_way / "rows.parquet").symlink_to(tmp_path / "gone")
    (under_way.parent / ".manifest.json.new").touch()
    assert open_backup(made_backup(tmp_path)).lake == ("lake/northwind/day.parquet",)


def _change(folder: Path) -> None:
    (folder / SQLITE).write_bytes((folder / SQLITE).read_bytes()[:-1] + b"\x01")


def _lose(folder: Path) -> None:
    (folder / STATE_FILE).unlink()


def _add(folder: Path) -> None:
    (folder / "lake" / "more").write_text("x")


def _link(folder: Path) -> None:
    (folder / "lake" / "link").symlink_to("/etc/passwd")


def _name(name: str) -> object:
    def act(folder: Path) -> None:
        record = json.loads((folder / LIST).read_text())
        record["files"][name] = sha256(b"").hexdigest()
        (folder / LIST).write_text(json.dumps(record))

    return act


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (_change, "upheld.sqlite3 is not as it was written"),
        (_lose, "signer-state is not there"),
        (_add, "lake/more was not in the backup"),
        (_link, "lake/link is no file"),
        (_name("lake/../../etc/x"), "is no name of a file in a backup"),
        (_name("/etc/x"), "is no name of a file in a backup"),
        (_name("secret-key"), "is no name of a file in a backup"),
        (lambda folder: (folder / LIST).write_text("{"), "backup.json is not as it was written"),
        (lambda folder: (folder / LIST).write_text('{"format": "x"}'), "is of another kind"),
        (lambda folder: (folder / LIST).unlink(), "is no backup: there is no backup.json in it"),
    ],
)
def test_a_backup_that_is_not_whole_is_none(tmp_path: Path, act: object, why: str) -> None:
    """A bit, a file too few or too many, a link out of it, a name that leaves it."""
    folder = made_backup(tmp_path)
    act(folder)  # type: ignore[operator]
    with pytest.raises(BackupError, match=why):
        open_backup(folder)


def test_what_was_to_be_sent_may_have_been(address: str) -> None:
    """After an older backup came back, whoever gets a message reads that it may be a repetition."""
    office = Office()
    office.settle(OPENED_AT + HOUR)
    assert doubt(NOW) == Message.objects.count() == 1
    assert Attempt.objects.get().state == "unknown"
    (taken,) = take("mail", OPENED_AT + HOUR)
    assert taken.text.possible_repeat
    assert sent(taken, Delivery("accepted", NOW, "250 ok"), NOW, lambda: 0)
    assert list(Attempt.objects.order_by("number").values_list("state", flat=True)) == ["unknown", "accepted"]


def test_changes_go_on_behind_what_was_told_since(address: str) -> None:
    """Whoever follows them by number misses none: an older ledger gives no number again."""
    skip_numbers()  # where there was none yet, too
    office = Office()
    before = list(Change.objects.order_by("pk").values_list("pk", flat=True))
    assert before
    assert before[0] > SKIPPED
    skip_numbers()
    office.tell(fact("ticket.replied", OPENED_AT + 1, "T-1", by="human"), at=OPENED_AT + 1)
    office.settle(OPENED_AT + HOUR)
    after = [pk for pk in Change.objects.order_by("pk").values_list("pk", flat=True) if pk not in before]
    assert after
    assert after[0] > before[-1] + SKIPPED


class Machine:
    """A folder with the server of a database, and what its operator does there."""

    def __init__(self, folder: Path, address: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.address, self._capsys = folder, address, capsys
        folder.mkdir(mode=0o700, exist_ok=True)

    def does(self, *words: str) -> tuple[int, str]:
        """What a form of `upheld admin` ends with, and what it tells."""
        use(database(self.address, self.folder))
        self._capsys.readouterr()
        with override_settings(DATA=self.folder):
            options = parser().parse_args(["--data", str(self.folder), *words])
            code = run(options, SystemClock().now(), random_bytes)
        connection.close()
        return code, self._capsys.readouterr().out

    def restores(self, backup: Path, *words: str) -> tuple[int, str]:
        """The same of a restore, in a process of its own: it has no database yet."""
        command = [str(Path(sys.executable).with_name("upheld")), "admin", "--data", str(self.folder)]
        done = subprocess.run(
            [*command, "restore", str(backup), *words],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "DATABASE_URL": self.address, "UPHELD_SECRET_KEY": settings.SECRET_KEY},
        )
        return done.returncode, done.stdout + done.stderr

    def refuses_to_serve(self, *part: str) -> str:
        """Why a server, or a part of one, does not start here."""
        done = subprocess.run(
            [str(Path(sys.executable).with_name("upheld")), "serve", *part, "--data", str(self.folder)],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "DATABASE_URL": self.address, "UPHELD_SECRET_KEY": settings.SECRET_KEY},
        )
        assert done.returncode == 2, done.stderr
        return done.stderr

    def signs(self) -> bool:
        """Whether its signer signs what there is to sign."""
        use(database(self.address, self.folder))
        with signer_in(self.folder, makes=True) as signer:
            found = signer is not None and not behind(signer) and not sequence(signer, NOW)
        connection.close()
        return found


@contextmanager
def hold_as_a_part(folder: Path) -> Iterator[None]:
    """A part of a server works in a folder while the block runs."""
    with (folder / f"{SQLITE}{ENDING}").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        yield


@pytest.fixture
def machine(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Machine:
    """A server with a ledger that was signed."""
    found = Machine(tmp_path / "data", address, capsys)
    opened = fact("ticket.opened", OPENED_AT, "T-1", "f1", contract="c1", priority="P1")
    Office(ticket=False).tell(opened, at=OPENED_AT)
    assert found.signs()
    return found


@pytest.mark.slow
def test_there_and_back_on_the_same_machine(
    machine: Machine, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """The backup is older than what was signed since: it comes back checked, and the signer knows better."""
    backup = tmp_path / "backup"
    use(database(machine.address, machine.folder))
    SessionStore().save(must_create=True)
    cache.set("tries", [1])
    code, told = machine.does("backup", str(backup))
    assert (code, "keep secret-key and signing-key elsewhere" in told) == (0, True), told
    use(database(machine.address, machine.folder))
    provider = Provider.objects.get().pk
    record(provider, [fact("ticket.replied", NOW, "T-1", "r1", by="human")], "desk", NOW, salt)
    code, told = machine.does("check")
    assert (code, told.startswith("northwind/customer/1: no checkpoint says anything of what was")) == (
        1,
        True,
    )
    assert told.endswith("1 log, 2 entries, 1 checkpoint: not all of it is signed\n")
    assert machine.signs()
    beat("one/1", NOW, {})
    code, told = machine.restores(backup)
    assert (code, "--replace puts it aside" in told or "is not empty" in told) == (1, True), told
    back = machine
    if not machine.address.startswith("sqlite"):
        back = Machine(machine.folder, request.getfixturevalue("postgres").empty("back"), capsys)
    code, told = back.restores(backup, "--replace")
    assert (code, "1 entry is what was signed of them" in told) == (0, True), told
    assert "1 log has less than was signed: bring back a newer backup" in told
    assert "Who was revoked or dismissed since is let in again" in told
    assert not (back.folder / RESTORED_FILE).exists()
    assert not list(tmp_path.rglob(f"before-*{ENDING}")), "what a server would hold stays where it is"
    assert not back.signs()
    use(database(back.address, back.folder))
    assert working(NOW) == 0, "nobody has worked on what came back"
    assert (Session.objects.count(), cache.get("tries")) == (0, None), "whoever left since has left"
    connection.close()
    why = back.refuses_to_serve()
    assert (
        "an older backup came back (northwind/customer/1: 2 entries of epoch 1 were signed, and 1 are" in why
    )
    assert "upheld admin epoch" in why
    assert back.refuses_to_serve("web") == why  # it takes facts, too
    code, told = back.does("doctor")
    assert (code, "2 entries of epoch 1 were signed, and 1 are there" in told) == (1, True), told
    assert back.does("check") == (0, "1 log, 1 entry, 1 checkpoint: all of it holds\n")
    code, told = back.does("epoch", "--because", "disk of 5 June")
    assert told.endswith("customer/1: epoch 2 begins after 1 entry, 1 that were signed are lost\n")
    assert back.signs()
    nothing = "no log needs a new epoch: each goes on from what was signed\n"
    assert back.does("epoch", "--because", "again") == (0, nothing)
    assert back.does("check") == (0, "1 log, 2 entries, 2 checkpoints: all of it holds\n")
    code, told = back.does("doctor")
    assert code == 0, told


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_on_a_new_machine_the_keys_come_first(
    machine: Machine,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without keys it is refused; with them what the signer remembers comes back as old, until an epoch."""
    backup = tmp_path / "backup"
    machine.does("backup", str(backup))
    new = Machine(tmp_path / "new", "", capsys)
    missing = f"upheld: {new.folder / KEY_FILE} is not there: a backup holds no keys"
    code, told = new.restores(backup)
    assert (code, told.startswith(missing)) == (1, True), told
    shutil.copy2(machine.folder / KEY_FILE, new.folder / KEY_FILE)
    code, told = new.restores(backup)
    assert (code, "nothing is signed before" in told) == (0, True), told
    assert not new.signs()
    assert "open a new epoch of each provider (upheld admin epoch)" in new.refuses_to_serve()
    code, told = new.does("doctor")
    assert (code, "bad   signer: the memory of the signer came back from a backup" in told) == (1, True), told
    monkeypatch.setattr(exclusive, "WITHIN_S", 0)
    with hold_as_a_part(new.folder):
        assert new.does("epoch", "--because", "a new machine")[0] == 2
    assert "epoch 2 begins after 1 entry" in new.does("epoch", "--because", "a new machine")[1]
    code, told = new.does("doctor")
    assert code == 0, told
    assert new.signs()


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_backup_whose_ledger_was_changed_is_refused(machine: Machine, tmp_path: Path) -> None:
    """Somebody changed a row in it and made its list anew: it is not what was signed, and nothing changes."""
    backup = tmp_path / "backup"
    machine.does("backup", str(backup))
    with closing(sqlite3.connect(backup / SQLITE)) as found:
        found.execute("DROP TRIGGER store_recordedfact_no_update")
        found.execute("UPDATE store_recordedfact SET entry = CAST(replace(entry, 'P1', 'P2') AS BLOB)")
        found.commit()
    listed = json.loads((backup / LIST).read_text())
    listed["files"][SQLITE] = sha256((backup / SQLITE).read_bytes()).hexdigest()
    (backup / LIST).write_text(json.dumps(listed))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    code, told = machine.restores(backup, "--replace")
    refused = "upheld: the ledger is not what was signed: northwind/customer/1: entry 0 was changed"
    assert (code, told.startswith(refused)) == (1, True), told
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    new = {path.name for path in after.keys() - before.keys()}
    assert new <= {"metrics-token", f"{Path(machine.address).name}{ENDING}"}
    assert {path: after[path] for path in before} == before


def test_a_backup_from_which_a_trigger_was_taken_is_refused(machine: Machine, tmp_path: Path) -> None:
    """All in it is what was signed, and whoever brought it back could change it then."""
    backup = open_backup(made_backup(tmp_path / "other"))
    use(database(machine.address, machine.folder))
    is_file = connection.vendor == "sqlite"
    name = "store_recordedfact_no_update" if is_file else "store_recordedfact_append_only"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{'' if is_file else ' ON store_recordedfact'}")
    key = read_key(machine.folder / KEY_FILE).verifier
    with pytest.raises(BackupError, match=f"what refuses changes: trigger {name}"):
        restoring._checked(backup, key, NOW)


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_what_is_refused_is_taken_out_of_the_new_database_again(
    machine: Machine, postgres: Postgres, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has to be loaded to be checked; nothing is left of it, and a sound backup comes back there."""
    sound, changed = tmp_path / "sound", tmp_path / "changed"
    machine.does("backup", str(sound))
    postgres.without_constraints(
        urlsplit(machine.address).path[1:],
        ["UPDATE store_recordedfact SET entry = replace(encode(entry, 'escape'), 'P1', 'P2')::bytea"],
    )
    machine.does("backup", str(changed))
    new = Machine(tmp_path / "new", postgres.empty("refused"), capsys)
    use(database(new.address, new.folder))
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    shutil.copy2(machine.folder / KEY_FILE, new.folder / KEY_FILE)
    code, told = new.restores(changed)
    refused = "upheld: the ledger is not what was signed: northwind/customer/1: entry 0 was changed"
    assert (code, told.startswith(refused)) == (1, True), told
    assert {path.name for path in new.folder.iterdir()} <= {KEY_FILE, "metrics-token"}
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION own()")
    assert made_in(connection) == []
    code, told = new.restores(sound)
    assert (code, "1 entry is what was signed of them" in told) == (0, True), told
    assert (new.folder / STATE_FILE).read_bytes() == (sound / STATE_FILE).read_bytes()


@pytest.mark.slow
def test_what_was_half_done_before_stays_marked_when_a_backup_is_refused(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files of the folder may be half of one server and half of another."""
    backup = open_backup(made_backup(tmp_path))
    use(database(postgres.empty("half"), tmp_path))

    def refused(*_: object) -> None:
        raise BackupError("no")

    for name, act in (("load_postgres", lambda *_: None), ("_checked", refused), ("prepare", lambda _: None)):
        monkeypatch.setattr(restoring, name, act)
    key = SigningKey("northwind", bytes(32)).verifier
    for is_marked in (False, True):
        if is_marked:
            (tmp_path / "data" / UNFINISHED).touch()
        with pytest.raises(BackupError):
            restoring._into_postgres(backup, tmp_path / "data", key, NOW, replace=True)
        assert (tmp_path / "data" / UNFINISHED).exists() == is_marked


class Dying:
    """Does something to files, and at one of these acts, by its number, the process dies before it."""

    def __init__(self, number: int) -> None:
        self._left = number

    def before(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """The act, unless the process has died by then."""

        def done(*words: Any, **named: Any) -> Any:
            self._left -= 1
            if self._left < 0:
                os._exit(137)
            return act(*words, **named)

        return done


def _restored_in_a_child(backup: Path, data: Path, dies_at: int) -> int:
    """How a process ends that brings a backup back, and dies at one of its acts on files; 0: it did not."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    dying = Dying(dies_at)
    for place, name in ((os, "replace"), (shutil, "copyfile"), (shutil, "rmtree"), (restoring, "sync")):
        setattr(place, name, dying.before(getattr(place, name)))
    for name in ("rename", "unlink", "touch", "chmod"):
        setattr(Path, name, dying.before(getattr(Path, name)))
    restoring.prepare = lambda data: None  # type: ignore[assignment]
    restoring._checked = lambda *words: (1, 1, 0)  # type: ignore[assignment]
    restoring._lacking = lambda memory: 0
    try:
        restoring.restore(backup, data, NOW + dies_at, replace=not (data / UNFINISHED).exists())
    except BaseException:
        os._exit(1)
    os._exit(0)


@pytest.mark.slow
def test_who_dies_while_a_backup_comes_back_leaves_the_old_server_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or, at whatever act it dies, a mark with which no server starts; it is done again, and all is there."""
    backup = made_backup(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ends: list[int] = []
    marked = 0
    while not ends or ends[-1]:
        data = tmp_path / f"data {len(ends)}"
        (data / "lake").mkdir(parents=True)
        (data / "lake" / "old.parquet").write_text("old rows")
        (data / SQLITE).write_text("an old database")
        (data / f"{SQLITE}-journal").write_text("its journal")
        (data / SECRET_FILE).write_text("key of secrets")
        write_key(data / KEY_FILE, SigningKey("northwind", bytes(32)))
        ends.append(_restored_in_a_child(backup, data, len(ends)))
        if (data / UNFINISHED).exists():
            marked += 1
            with override_settings(DATA=data), pytest.raises(EnvironmentFaultError, match="do it again"):
                migrate()
        elif ends[-1] and (data / SQLITE).read_bytes() == b"an old database":
            assert {path.name for path in (data / "lake").iterdir()} == {"old.parquet"}
            assert (data / f"{SQLITE}-journal").exists()
            assert not (data / STATE_FILE).exists()
        if ends[-1]:
            assert _restored_in_a_child(backup, data, 1_000) == 0
        assert (data / SQLITE).read_bytes() == (backup / SQLITE).read_bytes()
        assert (data / "lake" / "northwind" / "day.parquet").read_bytes() == b"rows"
        assert (data / STATE_FILE).read_bytes() == (backup / STATE_FILE).read_bytes()
        assert (data / RESTORED_FILE).exists()
        assert b"an old database" in [path.read_bytes() for path in data.glob("before-*-upheld.sqlite3")]
        assert list(data.glob("before-*-lake/old.parquet"))
        assert not list(data.glob("restor*"))
    assert set(ends[:-1]) == {137}
    assert marked > 10


@pytest.mark.slow
def test_no_server_makes_tables_where_a_backup_comes_back(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that starts meanwhile waits, as for another one that makes them, until all of it is there."""
    backup = open_backup(made_backup(tmp_path))
    use(database(postgres.empty("waited"), tmp_path))
    key = SigningKey("northwind", bytes(32)).verifier
    can_make: list[bool] = []

    def looked(*_: object) -> tuple[int, int, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            can_make.append(cursor.fetchone()[0])
        connection.close()
        return 1, 1, 0

    for name in ("load_postgres", "_checked"):
        monkeypatch.setattr(restoring, name, looked)
    monkeypatch.setattr(restoring, "prepare", lambda data: None)
    restoring._into_postgres(backup, tmp_path / "data", key, NOW, replace=True)
    assert can_make == [False, False]
    looked()
    assert can_make[2], "it goes on"
