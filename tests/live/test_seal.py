"""Days of observations that are sealed: the same answers before, in between and after, wherever it stops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lake.worlds import COMPONENTS, PROVIDER, START, Row
from tests.live.observing import Observing
from upheld.app.refusal import RefusedError
from upheld.app.seal import POINTS, SealedDay, seal
from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import DAY, HOUR, MINUTE
from upheld.core.timeline.spans import Spans
from upheld.lake.manifest import read_lake
from upheld.lake.verifying import verify
from upheld.store.models import SealedFile
from upheld.store.observed_rows import days_of
from upheld.store.texts import bind, texts_in_force

FIRST = START // DAY
LEFT_OUT = Spans.of([(START + HOUR, START + HOUR + 7 * MINUTE)])


class StoppedError(BaseException):
    """The process was killed."""


def world() -> list[Row]:
    """Two days of checks, counts and states of every component, with some that are not good."""
    rows: list[Row] = []
    for i, component in enumerate(COMPONENTS):
        for n in range(0, 2 * 24 * 60, 95):
            at = START + n * MINUTE + i * MINUTE // 4
            status = 500 if n % 475 == 0 else 200
            rows.append(Row("checks", component, "http", at, (("status", status), ("latency_us", 900 + n))))
            counted = (("until", at + MINUTE // 4), ("good", n % 3), ("total", 3))
            rows.append(Row("counts", component, None, at, counted))
        for n in range(0, 2 * 24, 7):
            state = (("state", "up" if n % 2 else "weak"),)
            rows += [Row("states", component, "rack", START + n * HOUR, state)]
    return rows


def answers(home: Observing) -> dict[Any, Any]:
    """What is answered to many questions."""
    observations = home.observations
    found: dict[Any, Any] = {}
    for signal in bind(texts_in_force(home.provider.pk)).terms[0].signals:
        if signal.name not in ("http", "requests", "rack"):
            continue
        for component in COMPONENTS:
            stream = Stream(PROVIDER, component, signal.name)
            found[stream] = bool(observations.digest(stream))
            for start, end in ((START, START + 2 * DAY), (START + 2 * HOUR + 1, START + DAY + 3 * MINUTE)):
                key = (stream, start)
                if signal.kind == "states":
                    found[key] = observations.states(stream, signal, start, end)
                    continue
                for without in (Spans.empty, LEFT_OUT):
                    found[key, without] = observations.slices(stream, signal, 5 * MINUTE, start, end, without)
                    if signal.kind == "checks":
                        found[key, without, 0] = observations.latencies(stream, signal, start, end, without)
    return found


@pytest.mark.slow
def test_a_day_is_sealed_after_its_grace(address: str, tmp_path: Path) -> None:
    """Not an hour before; then its rows are in a file that verifies, and the answers are the same."""
    home = Observing(tmp_path)
    home.tell(world())
    before = answers(home)
    assert seal(home.provider.pk, START + 2 * DAY - 1, home.lake, DAY) == []
    rows = sum(one.at < START + DAY for one in world())
    assert seal(home.provider.pk, START + 2 * DAY, home.lake, DAY) == [SealedDay(FIRST, 0, rows)]
    assert {day for _, day, _ in days_of(home.provider.pk)} == {FIRST + 1}
    assert answers(home) == before
    lake, findings = read_lake(home.lake)
    assert lake is not None
    assert (findings, list(verify(lake))) == ((), [])
    assert seal(home.provider.pk, START + 2 * DAY, home.lake, DAY) == []


@pytest.mark.slow
def test_late_rows_go_into_a_file_of_their_own(address: str, tmp_path: Path) -> None:
    """What comes late counts at once, is known to have come, and what was sealed is not touched."""
    home = Observing(tmp_path)
    rows = world()
    home.tell(rows[::2])
    seal(home.provider.pk, START + 9 * DAY, home.lake, DAY)
    sealed = {path: path.read_bytes() for path in home.lake.rglob("*.parquet")}
    assert home.tell(rows).new == len(rows) - len(rows[::2])
    with pytest.raises(RefusedError) as refused:
        home.tell([Row("checks", "api", "http", rows[0].at, (("status", 404),))])
    assert [one.code for one in refused.value.findings] == ["conflicting-rows"]
    before = answers(home)
    assert {one.number for one in seal(home.provider.pk, START + 9 * DAY, home.lake, DAY)} == {1}
    assert answers(home) == before
    assert {path: path.read_bytes() for path in sealed} == sealed
    lake, findings = read_lake(home.lake)
    assert lake is not None
    assert (findings, list(verify(lake))) == ((), [])


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_a_process_that_stops_loses_nothing(point: str, address: str, tmp_path: Path) -> None:
    """At any named point, first or late file: the answers stay, and the next one brings it to its end."""
    home = Observing(tmp_path)
    rows = world()
    for i, told in enumerate((rows[::2], rows)):
        home.tell(told)
        before = answers(home)

        def stop(passed: str) -> None:
            if passed == point:
                raise StoppedError

        with pytest.raises(StoppedError):
            seal(home.provider.pk, START + 9 * DAY, home.lake, DAY, stop)
        assert answers(home) == before
        seal(home.provider.pk, START + 9 * DAY, home.lake, DAY)
        assert answers(home) == before
        assert days_of(home.provider.pk) == []
        assert SealedFile.objects.count() == 2 * (i + 1)
        lake, findings = read_lake(home.lake)
        assert lake is not None
        assert findings == ()
        assert sum(len(day.files) for day in lake.days) == SealedFile.objects.count()
    assert list(verify(lake)) == []


@pytest.mark.slow
def test_a_day_that_is_told_more_of_meanwhile_waits(address: str, tmp_path: Path) -> None:
    """A row that comes while the file is written is in the next one, not lost."""
    home = Observing(tmp_path)
    home.tell(world())
    late = Row("checks", "api", "plain", START + 5, (("ok", True),))

    def tell(passed: str) -> None:
        if passed == "hashes are written" and not SealedFile.objects.exists():
            home.tell([late], "late")

    days = [one.day for one in seal(home.provider.pk, START + 9 * DAY, home.lake, DAY, tell)]
    assert days == [FIRST + 1]
    before = answers(home)
    (sealed,) = seal(home.provider.pk, START + 9 * DAY, home.lake, DAY)
    assert (sealed.day, sealed.number) == (FIRST, 0)
    assert answers(home) == before
