"""`upheld admin doctor`: each thing that is wrong is named, with the way out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from errno import EPIPE
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import override_settings

from tests.live.databases import Postgres
from tests.live.desk import random_bytes
from tests.live.test_messages import LATE_AT, OPENED_AT, Office
from upheld.app.endpoints import Wanted, make_endpoint
from upheld.app.members import invited
from upheld.app.policies import Who
from upheld.app.probing import HEARTBEAT
from upheld.app.senders import make_sender
from upheld.app.sequence import sequence
from upheld.app.vitals import beat
from upheld.core.timeline.instant import DAY, HOUR, format_instant
from upheld.server.admin_command import doctor, main
from upheld.server.clock import SystemClock
from upheld.server.doctor import UNSIGNED_US, Check, examined
from upheld.server.signing import KEY_FILE, STATE_FILE, signer_in
from upheld.store.models import Endpoint, ProbeTarget
from upheld.store.sealing import seal

pytestmark = pytest.mark.slow

NOW = LATE_AT + HOUR


@pytest.fixture
def folder(address: str, tmp_path: Path) -> Path:
    """That of a server which was started once."""
    found = tmp_path / "data"
    found.mkdir(mode=0o700)
    if connection.vendor == "sqlite":  # tests do not wait for the disk, a server does
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
    with signer_in(found, makes=True) as signer:
        assert signer is not None
    return found


def _bad(folder: Path, at: int = NOW) -> dict[str, Check]:
    """What is wrong, by its name; each has a way out."""
    found = {one.name: one for one in examined(folder, lambda: at) if one.state == "bad"}
    assert all(one.way_out for one in found.values())
    return found


def test_a_server_that_works_is_well(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is wrong; what you should know is told, too."""
    now = SystemClock().now()
    Office(ticket=False).settle(OPENED_AT)
    beat("one/1", now, {})
    found = list(examined(folder, lambda: now))
    assert [one for one in found if one.state == "bad"] == []
    assert {one.name for one in found if one.state == "look"} == {"mail", "watchdog"}
    assert {one.name for one in found if one.state == "well"} >= {
        "settings", "files", "signer", "disk", "database", "clock", "walls", "secrets", "work", "ledger"
    }  # fmt: skip
    monkeypatch.setenv("UPHELD_MAIL", "http://x")
    assert "write smtp://HOST:PORT" in _bad(folder, now)["settings"].told


def _open(folder: Path) -> None:
    (folder / KEY_FILE).chmod(0o644)


def _forget(folder: Path) -> None:
    (folder / STATE_FILE).unlink()


def _share(folder: Path) -> None:
    folder.chmod(0o777)


@pytest.mark.parametrize(
    ("act", "name", "told"),
    [
        (_open, "files", "others can read"),
        (_forget, "signer", "signer-state is gone"),
        (_share, "files", "everybody can write into"),
    ],
)
def test_files_that_are_not_as_they_should_be(
    folder: Path, act: Callable[[Path], None], name: str, told: str
) -> None:
    """A key that others can read, a memory that is gone, a folder for everybody."""
    act(folder)
    assert told in _bad(folder, SystemClock().now())[name].told


def test_a_clock_that_is_behind_and_work_that_lies(folder: Path) -> None:
    """Something was recorded later than it is now; something has been due for an hour."""
    Office().settle(OPENED_AT)
    if connection.vendor == "sqlite":
        assert "something was recorded at" in _bad(folder, OPENED_AT - HOUR)["clock"].told
    else:
        assert "apart from that of the database" in _bad(folder, OPENED_AT - HOUR)["clock"].told
    beat("one/1", NOW, {})
    assert "something has been due for" in _bad(folder)["work"].told


def test_a_ledger_that_is_not_signed(folder: Path) -> None:
    """A worker signs within seconds. What is refused, as after an older backup that went on, stays so."""
    Office().settle(OPENED_AT)
    assert "ledger" not in _bad(folder, OPENED_AT + UNSIGNED_US)
    told = _bad(folder)["ledger"].told
    assert told.startswith("northwind/customer/")
    assert told.endswith(" is not signed")
    with signer_in(folder) as signer:
        assert signer is not None
        assert sequence(signer, NOW) == {}
    assert "ledger" not in _bad(folder)


def test_a_server_that_runs_keeps_its_memory(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside it everything else is looked at, and what was not compared is said; nothing is bad."""
    Office(ticket=False).settle(OPENED_AT)
    now = SystemClock().now()
    with signer_in(folder) as signer:
        assert signer is not None
        found = list(examined(folder, lambda: now))
    assert [one for one in found if one.state == "bad"] == []
    (ledger,) = (one for one in found if one.name == "ledger")
    assert (ledger.state, ledger.told.partition(":")[0]) == (
        "look", "a running server holds the memory of the signer"
    )  # fmt: skip
    assert capsys.readouterr().out == ""


def test_a_memory_that_cannot_be_read(folder: Path) -> None:
    """It is not taken for one that a server holds."""
    with (folder / STATE_FILE).open("ab") as memory:
        memory.write(b"nonsense\n")
    assert "bring back the file as it was" in _bad(folder, SystemClock().now())["signer"].told


def _owner(office: Office) -> Who:
    return Who(office.provider.pk, "Northwind", None, None, "owner", frozenset(), "", 0, "")


def test_what_another_key_sealed(folder: Path) -> None:
    """Of each kind that is kept it is told how many are lost, not which."""
    office = Office()
    key = office.provider.pk
    make_endpoint(_owner(office), Wanted("https://x.example"), OPENED_AT, random_bytes)
    make_sender(key, "desk", "integration", [], OPENED_AT, OPENED_AT + DAY, random_bytes)
    ProbeTarget.objects.create(provider_id=key, name="job", kind=HEARTBEAT, sealed=seal("{}"), every_us=0)
    TOTP.activate(invited("ann@northwind.example"), "JBSWY3DPEHPK3PXP")
    found = next(one for one in examined(folder, lambda: NOW) if one.name == "secrets")
    assert found.state == "well"
    for kept in (
        "4 addresses of people", "1 address of endpoints", "1 setting of probes", "1 secret of senders",
        "1 second factor",
    ):  # fmt: skip
        assert kept in found.told
    with override_settings(SECRET_KEY="another one"):
        make_endpoint(_owner(office), Wanted("https://y.example"), OPENED_AT, random_bytes)
        lost = [one.told for one in examined(folder, lambda: NOW) if one.name == "secrets"]
    assert sorted(lost) == [
        "1 of 1 second factor cannot be read",
        "1 of 1 secret of senders cannot be read",
        "1 of 1 setting of probes cannot be read",
        "1 of 2 addresses of endpoints cannot be read",
        "4 of 4 addresses of people cannot be read",
    ]


def test_endpoints_that_take_nothing(folder: Path) -> None:
    """Disabled, or failing several times in a row: whose it is and since when; not where it is."""
    office = Office(ticket=False)
    who = _owner(office)
    wanted = Wanted("https://hooks.example/s3cret")
    made = [make_endpoint(who, wanted, OPENED_AT, random_bytes).endpoint.pk for _ in range(4)]
    for pk, state, failed in zip(made, ("disabled", "live", "live", "off"), (9, 3, 2, 9), strict=True):
        rows = Endpoint.objects.filter(pk=pk)
        rows.update(state=state, failed=failed, failing_since=OPENED_AT, said="nobody was there")
    found = [one for one in examined(folder, lambda: NOW) if one.name == "endpoints"]
    assert [one.state for one in found] == ["look", "look"]
    assert [one.told for one in found] == [
        f"endpoint {made[0]} of northwind is disabled: nobody was there",
        f"endpoint {made[1]} of northwind takes nothing since {format_instant(OPENED_AT)}",
    ]


@pytest.mark.slow
def test_a_table_without_its_wall(postgres: Postgres, tmp_path: Path) -> None:
    """After a restore that lost its policies, say."""
    with postgres.fresh(tmp_path):
        with connection.cursor() as cursor:
            cursor.execute("DROP POLICY walls ON store_message")
        assert (
            _bad(tmp_path, SystemClock().now())["walls"].told
            == "the policy walls of store_message is gone, or switched off"
        )


def test_tables_of_another_version(folder: Path) -> None:
    """Newer than this program, or older: what to do is another thing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_x', '2030-01-01')"
        )
    assert "a newer Upheld has used it (store.9999_x)" in _bad(folder)["database"].told
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_x'")
        cursor.execute("SELECT MAX(name) FROM django_migrations WHERE app = 'store'")
        cursor.execute("DELETE FROM django_migrations WHERE name = %s", cursor.fetchone())
    assert "1 step is to be done" in _bad(folder)["database"].told


def test_it_is_called_by_its_own_name_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`upheld doctor` is `upheld admin doctor`, of a folder that is named or that the environment names."""
    commands = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert commands["entry-points"]["upheld.commands"]["doctor"] == f"{doctor.__module__}:doctor"
    none = tmp_path / "none"
    assert (doctor(["--data", str(none)]), main(["--data", str(none), "doctor"])) == (2, 2)
    first, second = capsys.readouterr().err.splitlines()
    assert first == second == f"upheld: {none} is not there: name the folder of the server by --data"


def test_whoever_has_read_enough_is_not_told_of_a_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`upheld doctor | head -1` ends where the reader does: that is no fault of anybody."""

    def full(*_: object, **__: object) -> None:
        raise BrokenPipeError(EPIPE, "Broken pipe")

    monkeypatch.setattr("builtins.print", full)
    with pytest.raises(BrokenPipeError):
        main(["--data", str(folder), "doctor"])
