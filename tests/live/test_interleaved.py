"""Two writers at once on PostgreSQL: what an earlier position saw is never another one afterwards."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection

from tests.core.worlds import CONTRACT, DESK, fact
from tests.live.databases import Postgres
from tests.live.desk import Northwind, salt
from tests.live.threads import together
from upheld.app.asking import report_for
from upheld.app.policies import Who
from upheld.app.record import record
from upheld.book.answers import report_answer
from upheld.core.timeline.instant import MINUTE, SECOND, parse_instant
from upheld.render.records import dumps
from upheld.store.locking import locked, writing
from upheld.store.models import Log, Person, Provider, RecordedFact
from upheld.store.walls import between

BEGIN = parse_instant("2026-06-08T10:00:00Z")
END = BEGIN + 120 * MINUTE
AGREEMENT = DESK + (
    "deadline: {response: {from: opened, until: answered, on: desk, within: {P1: 20m, other: 1h}}}\n"
)
EACH = 30


@pytest.mark.slow
def test_an_earlier_position_is_answered_the_same_for_ever(postgres: Postgres, tmp_path: Path) -> None:
    """Writers tell tickets and late replies while somebody asks as of the position that he saw last."""
    with postgres.fresh(tmp_path):
        pk = Northwind(AGREEMENT, CONTRACT).provider.pk
        who = Who(pk, "northwind", None, None, "owner", frozenset(), "test", 0, "test")
        start, done = threading.Barrier(3), threading.Event()
        ended: list[str] = []
        seen: dict[int, str] = {}

        def asked(position: int) -> str:
            answer = report_for(who, END, position)
            return dumps(report_answer(answer.book, answer.report, answer.findings))

        def write(name: str) -> None:
            start.wait(30)
            for n in range(EACH):
                at = BEGIN + n * MINUTE
                told = fact("ticket.opened", at, f"{name}-{n}", contract="c1", priority="P1")
                record(pk, [told], name, at, salt)
                if n >= 5:  # the reply to an earlier ticket: it was given before what was told last
                    replied = fact("ticket.replied", at - 2 * MINUTE + SECOND, f"{name}-{n - 5}")
                    record(pk, [replied], name, at, salt)
            ended.append(name)
            if len(ended) == 2:
                done.set()

        def read() -> None:
            start.wait(30)
            while not done.is_set():
                position = Provider.objects.values_list("position", flat=True).get(pk=pk)
                seen[position] = asked(position)

        together(lambda: write("one"), lambda: write("two"), read)
        assert len(seen) > 5, "somebody asked in between"
        assert {position: asked(position) for position in seen} == seen
        told = 2 * (EACH + EACH - 5)
        positions = list(RecordedFact.objects.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, told + 1))
        actors = list(RecordedFact.objects.order_by("position").values_list("actor", flat=True))
        turns = sum(one != other for one, other in pairwise(actors))
        assert turns > 2, "they took turns"
        recorded = list(RecordedFact.objects.order_by("position").values_list("recorded_at", flat=True))
        assert recorded == sorted(set(recorded))
        for log in Log.objects.filter(provider_id=pk):
            assert list(log.entries.order_by("index").values_list("index", flat=True)) == list(
                range(log.size)
            )


@pytest.mark.slow
def test_a_row_that_names_a_provider_is_written_while_it_is_held(postgres: Postgres, tmp_path: Path) -> None:
    """Who decides for a provider and who writes something of it besides do not wait for each other."""
    with postgres.fresh(tmp_path):
        pk = Northwind(AGREEMENT, CONTRACT).provider.pk

        def write() -> None:
            with between(pk), writing(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '10s'")
                Person.objects.create(provider_id=pk, name="Lea", roles=["lead"])

        with between(pk), writing():
            locked(pk)
            together(write)
            assert Person.objects.filter(name="Lea").exists()
