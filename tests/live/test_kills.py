"""kill -9 at every named point, and at any moment: nothing acknowledged is lost, no message lost or doubled
but where it is recorded that nobody knows. Source: safety.md R1 to R4."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from pathlib import Path
from typing import IO

import pytest
from django.conf import settings
from django.db import connection

from tests.core.worlds import at, fact
from tests.live.databases import Sqlite
from tests.live.test_messages import Office
from tests.notify.relay import Post, relaying
from upheld.app.crash import POINTS
from upheld.app.due import next_due
from upheld.app.wake import wake
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import MINUTE, SECOND, Instant, format_instant
from upheld.files.facts_file import fact_line
from upheld.store.book import recorded_facts
from upheld.store.models import Attempt, Checkpoint, Log, Message, Reach

pytestmark = pytest.mark.slow
START_AT = at("Mon 06-08 10:00")
KILLS = int(os.environ.get("UPHELD_KILLS", "6"))


class Victim:
    """A process that records and works, until it is killed."""

    def __init__(self, address: str, folder: Path, port: int, point: str = "") -> None:
        self._log = (folder / "log").open("a")
        words = [str(port), str(folder / "data")]
        said = {
            "DATABASE_URL": address,
            "UPHELD_CLOCK": str(folder / "now"),
            "UPHELD_SECRET_KEY": settings.SECRET_KEY,  # addresses are sealed here, and read there
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.victim", *words, *([point] if point else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={**os.environ, **said},
            cwd=Path(__file__).parents[2],
        )
        self.acknowledged: list[str] = []
        self.ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        out: IO[str] = self.process.stdout  # type: ignore[assignment]  # it is a pipe
        for line in out:
            if line.startswith("ok "):
                self.acknowledged.append(line[3:].strip())
            self.ready.set()

    def tell(self, facts: list[Fact]) -> None:
        """As many as it takes before it dies."""
        assert self.process.stdin is not None
        try:
            for one in facts:
                self.process.stdin.write(fact_line(one) + "\n")
                self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def kill(self) -> None:
        """Now, whatever it is doing."""
        self.process.send_signal(signal.SIGKILL)
        self.gone()

    def gone(self) -> None:
        """Waits until it is dead and all that it said has been heard."""
        self.process.wait(60)
        self._reader.join(60)
        for one in (self.process.stdin, self.process.stdout, self._log):
            with suppress(BrokenPipeError):
                if one is not None:
                    one.close()


def _facts(count: int) -> list[Fact]:
    """Tickets opened, one a minute; the first ones are answered."""
    opened = [
        fact("ticket.opened", START_AT + n * SECOND, f"T-{n}", f"o{n}", contract="c1", priority="P1")
        for n in range(count)
    ]
    answered = [
        fact("ticket.replied", START_AT + n * SECOND + 1, f"T-{n}", f"a{n}", by="human")
        for n in range(0, count, 3)
    ]
    return opened + answered


@contextmanager
def _world(sqlite: Sqlite, folder: Path) -> Iterator[tuple[str, Post]]:
    """An office on a database that waits for the disk, and a relay."""
    (folder / "data").mkdir(mode=0o700)
    _put(folder, START_AT + MINUTE)
    with sqlite.fresh(folder) as address, relaying({}) as post:
        Office(ticket=False)
        Reach.objects.filter(way="service").delete()
        connection.close()
        yield address, post


def _put(folder: Path, now: Instant) -> None:
    (folder / "next").write_text(format_instant(now))
    (folder / "next").replace(folder / "now")


def _survive(address: str, folder: Path, post: Post, acknowledged: set[str], facts: list[Fact]) -> None:
    """The last start: what was not acknowledged is told again, all deadlines pass, everything goes out."""
    left = [one for one in facts if one.id not in acknowledged]
    victim = Victim(address, folder, post.port)
    assert victim.ready.wait(60)
    victim.tell(left)
    for minutes in (1, 61, 121, 150, 300, 310):
        _put(folder, START_AT + minutes * MINUTE + 1)
        _until(lambda: set(victim.acknowledged) >= {one.id for one in left} and _is_quiet(folder))
    assert victim.process.stdin is not None
    victim.process.stdin.close()
    victim.gone()
    assert victim.process.returncode == 0


def _is_quiet(folder: Path) -> bool:
    from upheld.core.timeline.instant import parse_instant

    now = parse_instant((folder / "now").read_text())
    due_at = next_due()
    unsigned = Log.objects.exclude(kind="unplaced").filter(size__gt=0)
    signed = all(Checkpoint.objects.filter(log=log, size=log.size).exists() for log in unsigned)
    return signed and (due_at is None or due_at > now)


def _until(condition: object) -> None:
    pause = threading.Event()
    for _ in range(3_000):
        if condition():  # type: ignore[operator]
            return
        pause.wait(0.05)
    pytest.fail("this did not come in time")


def _hold(facts: list[Fact], acknowledged: set[str], post: Post) -> None:
    """What must hold after all that."""
    recorded = [one.id for one in recorded_facts(1)]
    assert len(recorded) == len(set(recorded))
    assert acknowledged <= set(recorded)
    assert set(recorded) == {one.id for one in facts}
    messages = list(Message.objects.prefetch_related("attempts"))
    late = {one.subject for one in facts} - {one.subject for one in facts if one.type == "ticket.replied"}
    owed = {row.cause for row in messages if row.rule == "late"}
    assert len(owed) == len(late)
    wire = Counter(
        str(message_from_bytes(one.original_content or b"")["Message-ID"]) for one in post.envelopes
    )
    by_id = {row.pk: row for row in messages}
    apart = [row for row in messages if row.state != "suppressed"]
    for row in messages:
        if row.state == "suppressed":  # a burst: a digest tells of it, which was accepted itself
            assert by_id[row.digest_id or 0].is_digest, (row.rule, row.said)
    for row in apart:
        assert row.state == "accepted", (row.rule, row.state, row.said)
        known = [one for mail, one in wire.items() if row.key[:32] in mail or row.key in mail]
        unknown = sum(one.state == "unknown" for one in row.attempts.all())
        assert 1 <= sum(known) <= 1 + unknown
    assert Attempt.objects.filter(state="accepted").count() == len(apart)
    wake(START_AT + 600 * MINUTE)


@pytest.mark.parametrize("point", POINTS)
def test_a_death_at_a_named_point_loses_nothing(point: str, sqlite: Sqlite, tmp_path: Path) -> None:
    """It dies there, is started again without a hand, and all is as if it had not."""
    facts = _facts(6)
    with _world(sqlite, tmp_path) as (address, post):
        victim = Victim(address, tmp_path, post.port, point)
        assert victim.ready.wait(60)
        victim.tell(facts)
        _until(lambda: victim.process.poll() is not None or len(victim.acknowledged) == len(facts))
        if victim.process.poll() is None:
            _put(tmp_path, START_AT + 125 * MINUTE)
            _until(lambda: victim.process.poll() is not None)
        victim.gone()
        assert victim.process.returncode == 137
        acknowledged = set(victim.acknowledged)
        _survive(address, tmp_path, post, acknowledged, facts)
        _hold(facts, acknowledged, post)


def test_a_death_at_any_moment_loses_nothing(sqlite: Sqlite, tmp_path: Path) -> None:
    """Killed again and again, at moments drawn from a seed, while facts come and mail goes out."""
    drawn = random.Random(7)
    facts = _facts(20)
    acknowledged: set[str] = set()
    with _world(sqlite, tmp_path) as (address, post):
        for n in range(KILLS):
            victim = Victim(address, tmp_path, post.port)
            assert victim.ready.wait(60)
            _put(tmp_path, START_AT + (1 + n * 130 // KILLS) * MINUTE)
            victim.tell([one for one in facts if one.id not in acknowledged])
            threading.Event().wait(drawn.random() * 0.8)
            victim.kill()
            acknowledged |= set(victim.acknowledged)
        _survive(address, tmp_path, post, acknowledged, facts)
        _hold(facts, acknowledged, post)
