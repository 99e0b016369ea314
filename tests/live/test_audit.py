"""The ledger checked against what was signed: whatever was changed behind it is found, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.core.worlds import fact
from tests.live.test_sequence import KEY, NOW, _desk, unprotected
from upheld.app.audit import audit
from upheld.app.epochs import open_epochs
from upheld.app.sequence import sequence
from upheld.app.vitals import vitals
from upheld.core.facts.fact import Data
from upheld.core.timeline.instant import DAY, format_instant
from upheld.core.values.frozen import replace
from upheld.evidence.keys import SigningKey
from upheld.evidence.signer import Signer
from upheld.evidence.signer_state import StateFile
from upheld.evidence.tree import Tree, leaf_hash
from upheld.server.clock import FileClock
from upheld.server.doctor import _scrubbed
from upheld.server.scrubbing import FILE, Scrubbed, Scrubber, StoppedError, last_scrub
from upheld.store.book import recorded_facts
from upheld.store.models import Checkpoint, Log, OwnEntry, RecordedFact

pytestmark = pytest.mark.slow

OTHER = SigningKey("northwind.example", b"o" * 32)


@pytest.fixture
def signer(tmp_path: Path) -> Iterator[Signer]:
    """A signer with a memory of its own."""
    with StateFile(tmp_path / "signer", is_new=True) as state:
        yield Signer([KEY], state)


def _sql(statement: str) -> None:
    """By hand, with the protection of the tables out of the way."""
    unprotected()
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _faults() -> tuple[str, ...]:
    return audit([KEY.verifier]).faults


def test_what_was_not_touched_holds(address: str, signer: Signer) -> None:
    """All logs, entries and checkpoints, with personal text."""
    desk = _desk()
    opened = fact("ticket.opened", NOW, "T-9", "f9", contract="c1", priority="P1")
    desk.tell(replace(opened, private=Data({"by": "Mrs Jansen"})), at=NOW)
    sequence(signer, NOW)
    found = audit([KEY.verifier])
    assert (found.logs, found.entries, found.checkpoints, found.faults) == (3, 4, 3, ())
    _sql("UPDATE store_recordedfact SET personal = replace(personal, 'Jansen', 'Smit')")
    assert _faults() == ("northwind/customer/1: entry 1: its personal text was changed",)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE store_recordedfact SET source = 'x' WHERE fact_id = 'f1'", "the columns beside it say"),
        ("UPDATE store_recordedfact SET recorded_at = 1 WHERE fact_id = 'f1'", "the columns beside it say"),
        ("UPDATE store_recordedfact SET actor = 'x' WHERE fact_id = 'f1'", "the columns beside it say"),
        ("UPDATE store_recordedfact SET leaf = entry WHERE fact_id = 'f1'", "entry 0 was changed"),
        ("UPDATE store_log SET size = 2 WHERE name = 'northwind/customer/1'", "do not have the root"),
        ("UPDATE store_checkpoint SET size = 7", "the checkpoint at 7 is of 1 entries"),
        ("UPDATE store_checkpoint SET note = substr(note, 2)", "the checkpoint at 1"),
    ],
)
def test_each_change_is_found(address: str, signer: Signer, statement: str, why: str) -> None:
    """A column, a hash, the size of a log, a checkpoint."""
    _desk()
    sequence(signer, NOW)
    _sql(statement)
    assert any(why in fault for fault in _faults()), _faults()


def test_an_entry_written_anew_with_all_its_hashes_is_found(address: str, signer: Signer) -> None:
    """Whoever makes entry, leaf and root anew has no checkpoint for them."""
    _desk()
    sequence(signer, NOW)
    row = RecordedFact.objects.get(fact_id="f1")
    data = bytes(row.entry).replace(b"P1", b"P2")
    leaf = leaf_hash(data)
    _sql("UPDATE store_recordedfact SET salt = NULL")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_recordedfact SET entry = %s, leaf = %s WHERE id = %s", [data, leaf, row.pk]
        )
    Log.objects.filter(pk=row.log_id).update(peaks=Tree().appended([leaf]).packed)
    assert _faults() == ("northwind/customer/1: its first 1 entries are others than were signed",)


def test_an_entry_that_is_gone_is_found(address: str, signer: Signer) -> None:
    """And so is a log that was cut off, with its size made to fit."""
    desk = _desk()
    desk.tell(fact("ticket.replied", NOW, "T-1", "f4", by="human"), at=NOW + 2)
    sequence(signer, NOW)
    _sql("DELETE FROM store_standingfact")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_recordedfact WHERE fact_id = 'f4'")
    assert any("2 entries were signed, and 1 are there" in fault for fault in _faults())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_recordedfact WHERE fact_id = 'f1'")
    assert any("2 entries were signed, and 0 are there" in fault for fault in _faults())


def test_an_entry_beyond_the_size_of_its_log_is_found(address: str, signer: Signer) -> None:
    """The size was made smaller by one, with the root of it: what is behind is there all the same."""
    desk = _desk()
    desk.tell(fact("ticket.replied", NOW, "T-1", "f4", by="human"), at=NOW + 2)
    log = Log.objects.get(name="northwind/customer/1")
    first = RecordedFact.objects.get(log=log, index=0)
    Log.objects.filter(pk=log.pk).update(
        size=1, peaks=Tree().appended([leaf_hash(bytes(first.entry))]).packed
    )
    assert _faults() == ("northwind/customer/1: entry 1 is there, and it has 1",)


def test_what_is_recorded_and_signed_while_it_reads_is_no_fault(
    address: str, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By pages of one entry, with a fact and a checkpoint more between any two of them."""
    monkeypatch.setattr("upheld.app.audit.READ_AT_ONCE", 1)
    desk = _desk()
    sequence(signer, NOW)
    told = iter(range(100))

    def rest() -> None:
        n = next(told)
        desk.tell(fact("ticket.replied", NOW, "T-1", f"more {n}", by="human"), at=NOW + 2 + n)
        sequence(signer, NOW)

    found = audit([KEY.verifier], rest)
    assert found.faults == ()
    assert next(told) >= 3
    assert _faults() == ()


def test_the_ledger_is_checked_once_a_day(address: str, signer: Signer, tmp_path: Path) -> None:
    """What is found is kept, counted and told by the doctor; one that is stopped is made the next time."""
    _desk()
    sequence(signer, NOW)
    now, folder = tmp_path / "now", tmp_path / "data"
    folder.mkdir()
    now.write_text(format_instant(NOW))
    scrubber = Scrubber(FileClock(now), folder, [KEY.verifier], 0)
    assert scrubber.round()
    assert last_scrub(folder) == Scrubbed(NOW, 3, ())
    assert [one.state for one in _scrubbed(folder, NOW + 3 * DAY)] == ["look"]
    now.write_text(format_instant(NOW + DAY - 1))
    assert not scrubber.round()
    _sql("UPDATE store_recordedfact SET leaf = entry WHERE fact_id = 'f1'")
    now.write_text(format_instant(NOW + DAY))
    assert scrubber.round()
    (one,) = _scrubbed(folder, NOW + DAY)
    assert one.state == "bad"
    assert "entry 0 was changed" in one.told
    done = vitals(NOW + DAY).tallies
    assert (done["ledger checked"], done["faults in the ledger"] > 0) == (2, True)
    (folder / FILE).unlink()
    scrubber._stop.set()
    with pytest.raises(StoppedError):
        scrubber.round()
    assert last_scrub(folder) is None


def test_only_a_key_that_is_known_makes_a_checkpoint(address: str, signer: Signer) -> None:
    """Signed with another key of the same name, it is nobody's word."""
    _desk()
    sequence(signer, NOW)
    assert len(audit([OTHER.verifier]).faults) == 3


def _cut(size: int) -> None:
    """The log of Acme as an older backup has it: the first entries, and no checkpoint after them."""
    log = Log.objects.get(name="northwind/customer/1")
    entries = [
        bytes(one)
        for one in RecordedFact.objects.filter(log=log).order_by("index").values_list("entry", flat=True)
    ]
    lost = f'SELECT id FROM store_recordedfact WHERE log_id = {log.pk} AND "index" >= {size}'
    _sql(f"DELETE FROM store_standingfact WHERE recorded_id IN ({lost})")
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM store_recordedfact WHERE log_id = {log.pk} AND "index" >= {size}')
        cursor.execute(f"DELETE FROM store_checkpoint WHERE log_id = {log.pk} AND size > {size}")
    tree = Tree().appended([leaf_hash(one) for one in entries[:size]])
    Log.objects.filter(pk=log.pk).update(size=size, peaks=tree.packed)


def test_an_epoch_states_what_was_lost_and_goes_on(address: str, signer: Signer) -> None:
    """An older backup came back: refused until the gap stands in the log, then signed again, and sound."""
    desk = _desk()
    sequence(signer, NOW)
    for n in range(3):
        desk.tell(fact("ticket.replied", NOW, "T-1", f"r{n}", by="human"), at=NOW + 2 + n)
    sequence(signer, NOW + 5)
    _cut(2)
    assert list(sequence(signer, NOW + 6)) == ["northwind/customer/1"]
    desk.tell(fact("ticket.replied", NOW, "T-1", "r9", by="human"), at=NOW + 7)
    assert list(sequence(signer, NOW + 8)) == ["northwind/customer/1"]
    (opened,) = open_epochs(desk.provider.pk, signer, "disk of 5 June", "operator", NOW + 9)
    assert (opened.log, opened.epoch, opened.gap.lost, opened.gap.agreed) == ("northwind/customer/1", 2, 1, 1)
    assert opened.gap.because == "disk of 5 June"
    desk.tell(fact("ticket.replied", NOW, "T-1", "r10", by="human"), at=NOW + 10)
    assert sequence(signer, NOW + 11) == {}
    assert _faults() == ()
    assert open_epochs(desk.provider.pk, signer, "again", "operator", NOW + 12) == []


def test_an_epoch_that_was_stated_and_not_signed_is_signed_the_next_time(
    address: str, signer: Signer
) -> None:
    """The process stops between the two: the log is not signed meanwhile, and its gap is stated once."""
    desk = _desk()
    desk.tell(fact("ticket.replied", NOW, "T-1", "r0", by="human"), at=NOW + 1)
    sequence(signer, NOW + 2)
    _cut(1)

    class Stops(Signer):
        def open_epoch(self, *_: object, **__: object) -> bytes:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_epochs(desk.provider.pk, Stops([KEY], signer._state), "x", "operator", NOW + 3)
    assert list(sequence(signer, NOW + 4)) == ["northwind/customer/1"]
    (opened,) = open_epochs(desk.provider.pk, signer, "y", "operator", NOW + 5)
    assert (opened.epoch, opened.gap.because) == (2, "x")
    assert OwnEntry.objects.count() == 1
    assert sequence(signer, NOW + 6) == {}


def test_an_old_memory_opens_epochs_of_all(address: str, signer: Signer) -> None:
    """It cannot know what was signed since, so each log says where its knowledge ends; no fact moves."""
    desk = _desk()
    sequence(signer, NOW)
    before = [one.key for one in recorded_facts(desk.provider.pk)]
    opened = open_epochs(desk.provider.pk, signer, "restored", "operator", NOW + 1, all_of_them=True)
    assert [(one.log, one.gap.lost, one.gap.agreed) for one in opened] == [
        ("northwind/provider", 0, 1),
        ("northwind/customer/1", 0, 1),
        ("northwind/customer/2", 0, 1),
    ]
    assert [one.key for one in recorded_facts(desk.provider.pk)] == before
    assert Checkpoint.objects.filter(epoch=2).count() == 3
    assert _faults() == ()
