"""Checkpoints after the commit: what was recorded is signed, what was changed behind it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tests.core.worlds import CONTRACT, OTHER_CONTRACT, at, fact
from tests.live.desk import Northwind
from tests.live.test_record import TWO
from upheld.app.sequence import behind, sequence, unsigned
from upheld.evidence.checkpoint import open_checkpoint
from upheld.evidence.keys import SigningKey
from upheld.evidence.signer import Signer
from upheld.evidence.signer_state import StateFile
from upheld.store.models import Checkpoint, Log, RecordedFact

KEY = SigningKey("northwind.example", b"k" * 32)
CHANGE = "UPDATE store_recordedfact SET entry ="
NOW = at("Fri 06-05 10:00")


@pytest.fixture
def signer(tmp_path: Path) -> Iterator[Signer]:
    """A signer with a memory of its own."""
    with StateFile(tmp_path / "signer", is_new=True) as state:
        yield Signer([KEY], state)


def unprotected() -> None:
    """As somebody does it who has the database in hand: nothing refuses changes of the ledger any more."""
    with connection.cursor() as cursor:
        for table in ("store_recordedfact", "store_ownentry", "store_checkpoint"):
            if connection.vendor == "sqlite":
                for verb in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
            else:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def _desk() -> Northwind:
    desk = Northwind(TWO, CONTRACT, OTHER_CONTRACT)
    desk.tell(fact("ticket.opened", NOW, "T-1", "f1", contract="c1", priority="P1"), at=NOW)
    desk.tell(fact("ticket.opened", NOW, "T-2", "f2", contract="c2", priority="P1"), at=NOW)
    desk.tell(fact("incident.declared", NOW, "I-1", "f3", severity="S1", components=["web"]), at=NOW)
    return desk


def test_each_customer_has_a_log_that_binds_the_provider_s(address: str, signer: Signer) -> None:
    """The log of Acme holds one entry, that of the other customer another; both bind the provider's."""
    _desk()
    assert sequence(signer, NOW) == {}
    found = {
        row.log.name: open_checkpoint(bytes(row.note), row.log.name, [KEY.verifier])
        for row in Checkpoint.objects.select_related("log")
    }
    assert sorted((name, one.head.size) for name, one in found.items()) == [
        ("northwind/customer/1", 1),
        ("northwind/customer/2", 1),
        ("northwind/provider", 1),
    ]
    provider = found["northwind/provider"].head
    assert {one.provider for name, one in found.items() if "customer" in name} == {provider}


def test_a_closed_month_is_of_the_provider(address: str) -> None:
    """It names a legal entity, and is no customer's, even if a contract has the same name."""
    desk = _desk()
    closed = fact("period.closed", NOW, "c1/2026-05", "f9", entity="c1", month="2026-05")
    desk.tell(closed, at=NOW)
    assert RecordedFact.objects.get(fact_id="f9").log.name == "northwind/provider"


def test_what_is_signed_is_signed_once(address: str, signer: Signer) -> None:
    """Nothing new, nothing signed; one more fact, one more checkpoint."""
    desk = _desk()
    sequence(signer, NOW)
    sequence(signer, NOW + 1)
    assert Checkpoint.objects.count() == 3
    desk.tell(fact("ticket.replied", NOW, "T-1", "f4", by="human"), at=NOW + 2)
    sequence(signer, NOW + 3)
    assert Checkpoint.objects.count() == 4


def test_a_log_whose_rows_were_changed_is_not_signed(address: str, signer: Signer) -> None:
    """Somebody with the database in hand drops the protection and changes an entry: its log is refused."""
    desk = _desk()
    log = Log.objects.get(name="northwind/customer/1")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER store_recordedfact_no_update")
            cursor.execute(f"{CHANGE} CAST(replace(entry, 'P1', 'P3') AS BLOB) WHERE log_id = %s", [log.pk])
        else:
            cursor.execute("ALTER TABLE store_recordedfact DISABLE TRIGGER USER")
            cursor.execute(
                f"{CHANGE} convert_to(replace(convert_from(entry, 'UTF8'), 'P1', 'P3'), 'UTF8')"
                " WHERE log_id = %s",
                [log.pk],
            )
    refused = sequence(signer, NOW)
    assert list(refused) == ["northwind/customer/1"]
    assert Checkpoint.objects.filter(log=log).count() == 0
    assert Checkpoint.objects.count() == 2
    assert desk.provider.pk == log.provider_id


def test_what_is_refused_stands_behind_all_others(
    address: str, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as are signed in one go are refused, and stand first: the others are signed even so."""
    _desk()
    Log.objects.filter(name="northwind/customer/1").update(peaks=bytes(32))
    monkeypatch.setattr("upheld.app.sequence.AT_ONCE", 1)
    assert sequence(signer, NOW) == {}, "the provider's is the first"
    assert list(sequence(signer, NOW)) == ["northwind/customer/1"]
    signed = set(Checkpoint.objects.values_list("log__name", flat=True))
    assert signed == {"northwind/provider", "northwind/customer/2"}


@pytest.mark.parametrize(
    ("statement", "is_everywhere"),
    [
        ("DELETE FROM store_checkpoint", True),
        ("UPDATE store_checkpoint SET size = 7", True),
        ("TRUNCATE store_checkpoint", False),
        ("TRUNCATE store_change CASCADE", False),
    ],
)
def test_what_was_signed_stays(address: str, signer: Signer, statement: str, is_everywhere: bool) -> None:
    """The role of the server itself takes no checkpoint away, and not all changes at once."""
    _desk()
    sequence(signer, NOW)
    if is_everywhere or connection.vendor == "postgresql":
        with (
            pytest.raises(DatabaseError, match="what was recorded is never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Checkpoint.objects.count() == 3


def test_a_restored_backup_is_refused(address: str, signer: Signer) -> None:
    """The signer remembers more than the database has: it signs nothing over it."""
    _desk()
    sequence(signer, NOW)
    log = Log.objects.get(name="northwind/customer/1")
    Log.objects.filter(pk=log.pk).update(size=0, peaks=b"")
    unprotected()
    Checkpoint.objects.filter(log=log).delete()
    _desk_goes_on()
    refused = sequence(signer, NOW + 9)
    assert list(refused) == ["northwind/customer/1"]
    assert behind(signer) == {}  # as many entries as were signed are there, and others
    assert list(unsigned()) == ["northwind/customer/1"]


def _desk_goes_on() -> None:
    """The log begins again with another entry, as after an old backup."""
    from upheld.evidence.tree import Tree, leaf_hash

    tree = Tree().appended([leaf_hash(b"another")])
    Log.objects.filter(name="northwind/customer/1").update(size=1, peaks=tree.packed)
