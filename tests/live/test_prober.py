"""The prober at scripted time: targets that are up, down, slow, flapping or gone, each on its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest
from django.test import override_settings

from tests.core.worlds import CONTRACT, DOCUMENT, at
from tests.live.api_urls import SetClock
from tests.live.test_worker import at_work, channels_to
from tests.net.hostile import Behaviour, answering, hanging, ok, request_of, serving
from upheld.app.apply import apply
from upheld.app.observe import observe
from upheld.app.probing import (
    HEARTBEAT,
    ProbeError,
    came,
    expect_anew,
    put_target,
    tell_late,
)
from upheld.app.vitals import beat, leave
from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import HOUR, MINUTE, SECOND, Duration, Instant
from upheld.lake.arrow import empty
from upheld.lake.rows import ROWS, Told
from upheld.lake.text_rows import read_lines
from upheld.net.guard import Guard
from upheld.net.marks import EVERYBODY, NOBODY, Marks
from upheld.net.resolving import ResolveError
from upheld.probe.observation import Observation
from upheld.probe.rota import next_look_at
from upheld.server.channels import ticks
from upheld.server.prober import Prober
from upheld.server.worker import Worker
from upheld.store.models import ProbeTarget, Provider
from upheld.store.observations import rows_told
from upheld.store.sealing import seal
from upheld.store.walls import between

pytestmark = pytest.mark.slow

NOW = at("Mon 06-08 10:00")
NAMES = ("up", "down", "slow", "flapping", "gone", "job")
AGREEMENT = (
    DOCUMENT
    + "component: {" + ", ".join(f"{name}: {{}}" for name in NAMES) + "}\n"
    + "signal: {http: {of: [" + ", ".join(NAMES) + "], checks: a request, every: 1m}}\n"
)  # fmt: skip


def flapping() -> Behaviour:
    """Well, and then not, and so on."""
    lock, turns = threading.Lock(), [0]

    def behave(connection: object) -> None:
        with lock:
            turns[0] += 1
            is_well = turns[0] % 2
        request_of(connection)  # type: ignore[arg-type]  # a socket
        connection.sendall(ok() if is_well else DOWN)  # type: ignore[attr-defined]  # as above

    return behave


DOWN = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
BEHAVIOURS = {"up": answering(ok()), "down": answering(DOWN), "slow": hanging()}


def resolve(host: str, within_us: int) -> tuple[str, ...]:
    """Every name is here, but one that nobody knows."""
    if host.startswith("gone"):
        raise ResolveError("no such name")
    return ("127.0.0.1",)


class Home:
    """A provider with targets on this machine, and a prober whose rounds are made here."""

    def __init__(self, folder: Path, ports: dict[str, int], marks: Marks = EVERYBODY) -> None:
        self.provider = Provider.objects.create(name="Northwind", key="northwind")
        apply(self.provider.pk, {"acme.yaml": AGREEMENT.encode(), "c1.yaml": CONTRACT.encode()}, 0)
        self.folder, self.clock, self.marks = folder, SetClock(), marks
        self.clock.at = NOW
        for name, port in ports.items():
            self.target(name, "http", {"url": f"http://{name}.example.com:{port}/", "within": "1s"})
        self.prober = Prober(self.clock, Guard(resolve, ticks))

    def target(
        self, name: str, kind: str, settings: dict[str, object], every_us: int | None = MINUTE
    ) -> None:
        """Looks at something from now on."""
        with override_settings(PRIVATE_TARGETS=self.marks):
            put_target(self.provider.pk, name, name, "http", kind, settings, every_us, self.clock.at)

    def round(self, now: Instant) -> bool:
        """A round at an instant, to the end of its looks."""
        any_ = self.begin(now)
        assert self.prober.settle(30)
        return any_

    def begin(self, now: Instant) -> bool:
        """A round at an instant, whose looks are under way."""
        self.clock.at = now
        with override_settings(PRIVATE_TARGETS=self.marks):
            return self.prober.round()

    def rows(self) -> dict[str, list[tuple[Instant, bool, int | None, str | None]]]:
        """What was told, by component."""
        found: dict[str, list[tuple[Instant, bool, int | None, str | None]]] = {}
        with between(self.provider.pk):
            tables = list(rows_told(self.provider, self.folder / "lake"))
        for table in tables:
            columns = (table[name].to_pylist() for name in ("component", "at", "ok", "status", "code"))
            for component, *row in zip(*columns, strict=True):
                found.setdefault(component, []).append(tuple(row))  # type: ignore[arg-type]  # as the columns are
        return {name: sorted(rows) for name, rows in found.items()}


@pytest.fixture
def home(address: str, tmp_path: Path) -> Iterator[Home]:
    """With a server for each behaviour, and a name that is not there."""
    each = BEHAVIOURS | {"flapping": flapping()}
    with ExitStack() as stack:
        hosts = {name: stack.enter_context(serving(behave)) for name, behave in each.items()}
        yield Home(tmp_path, {name: host.port for name, host in hosts.items()} | {"gone": 80})


@pytest.mark.slow
def test_each_target_is_seen_as_it_is(home: Home) -> None:
    """Three rounds: up is good; down, slow and unknown names are not, and say why; what flaps does."""
    for minute in (1, 2, 3):
        home.round(NOW + minute * MINUTE)
    seen = {name: [row[1:] for row in rows] for name, rows in home.rows().items()}
    assert seen == {
        "up": [(True, 200, None)] * 3,
        "down": [(False, 503, None)] * 3,
        "slow": [(False, 0, "timeout: answer")] * 3,
        "flapping": [(True, 200, None), (False, 503, None), (True, 200, None)],
        "gone": [(False, 0, "dns: no address")] * 3,
    }


@pytest.mark.slow
def test_a_target_that_hangs_holds_up_no_other(home: Home) -> None:
    """While the slow one is still being looked at, what was seen of the others is told."""
    slow = ProbeTarget.objects.get(name="slow")
    ProbeTarget.objects.exclude(name__in=["slow", "up"]).delete()
    assert home.begin(NOW + MINUTE)
    pause = threading.Event()
    for _ in range(500):
        if "up" in home.rows():
            break
        pause.wait(0.02)
    assert "up" in home.rows()
    assert home.prober.settle(30)
    assert [row[1] for row in home.rows()["slow"]] == [False]
    assert ProbeTarget.objects.get(pk=slow.pk).next_at == next_look_at(
        Stream("Northwind", "slow", "http"), MINUTE, NOW + MINUTE
    )


def test_rounds_that_were_missed_are_unknown_and_not_down(address: str, tmp_path: Path) -> None:
    """Nobody looked for an hour: there is one look afterwards, and no row for the time between."""
    with serving(answering(ok())) as host:
        home = Home(tmp_path, {"up": host.port})
        home.round(NOW + MINUTE)
        home.round(NOW + 61 * MINUTE)
        assert not home.round(NOW + 61 * MINUTE)
        assert [row[0] for row in home.rows()["up"]] == [NOW + MINUTE, NOW + 61 * MINUTE]


def test_what_this_server_refuses_is_unknown_and_rests(address: str, tmp_path: Path) -> None:
    """A private address without the mark: no row, the reason is kept, and the next looks come more seldom."""
    home = Home(tmp_path, {"up": 80}, marks=NOBODY)
    home.round(NOW + MINUTE)
    home.round(NOW + 2 * MINUTE)
    row = ProbeTarget.objects.get(name="up")
    assert (row.refused, row.next_at, home.rows()) == (1, NOW + 3 * MINUTE, {})
    assert row.said == "up.example.com may not be reached: an address of it is loopback"
    home.round(NOW + 3 * MINUTE)
    assert ProbeTarget.objects.get(name="up").next_at == NOW + 7 * MINUTE
    home.target("up", "http", {"url": "http://up.example.com/"})
    assert ProbeTarget.objects.get(name="up").refused == 0


@pytest.mark.parametrize(
    ("kind", "settings", "why"),
    [
        ("http", {"url": "http://10.0.0.1/"}, "10.0.0.1"),
        ("http", {"url": "http://[::1]/health"}, "::1"),
        ("http", {"url": "https://up.example.com:22/"}, "port 22"),
        ("tcp", {"host": "192.168.1.5", "port": 443}, "192.168.1.5"),
    ],
)
def test_where_no_look_would_go_is_refused_when_it_is_told(
    address: str, tmp_path: Path, kind: str, settings: dict[str, object], why: str
) -> None:
    """With the reason and who can allow it, and nothing is kept; a server that is marked takes it."""
    home = Home(tmp_path, {}, marks=NOBODY)
    with pytest.raises(ProbeError) as caught:
        home.target("up", kind, settings)
    (fault,) = caught.value.faults
    assert why in str(fault)
    assert "UPHELD_PRIVATE_TARGETS" in str(fault)
    assert not ProbeTarget.objects.exists()
    home.marks = EVERYBODY
    home.target("up", kind, settings)
    assert ProbeTarget.objects.get().name == "up"


def test_a_job_that_does_not_say_that_it_ran_is_late(address: str, tmp_path: Path) -> None:
    """A beat is a good check, a missing one a failed check at the last instant in time, again and again."""
    home = Home(tmp_path, {})
    home.target("job", HEARTBEAT, {"every": "1h", "grace": "5m"}, None)
    pk = home.provider.pk
    assert came(pk, "job", NOW + 50 * MINUTE)
    assert not came(pk, "another", NOW)
    home.round(NOW + 50 * MINUTE + HOUR + 5 * MINUTE + SECOND)
    home.round(NOW + 4 * HOUR)
    assert came(pk, "job", NOW + 4 * HOUR + SECOND, ok=False)
    minutes = [((row[0] - NOW) / MINUTE, row[1], row[3]) for row in home.rows()["job"]]
    assert minutes == [
        (50, True, None),
        (115, False, "late"),
        (175, False, "late"),
        (235, False, "late"),
        (240 + 1 / 60, False, "failed"),
    ]


def test_beats_of_a_time_when_nobody_listened_are_unknown(address: str, tmp_path: Path) -> None:
    """After a long stop nothing is late that could not be heard; from then on it is expected anew."""
    home = Home(tmp_path, {})
    home.target("job", HEARTBEAT, {"every": "1h"}, None)
    assert expect_anew(NOW + 10 * HOUR) == 1
    assert tell_late(NOW + 10 * HOUR) == 0
    assert tell_late(NOW + 11 * HOUR + 1) == 1
    assert [row[:2] for row in home.rows()["job"]] == [(NOW + 11 * HOUR, False)]


def test_what_was_told_of_a_heartbeat_before_stands_and_holds_up_nobody(address: str, tmp_path: Path) -> None:
    """Somebody told that all is well when one is late: it goes on, says so, and others are late in time."""
    home = Home(tmp_path, {})
    home.target("job", HEARTBEAT, {"every": "1h"}, None)
    home.target("slow", HEARTBEAT, {"every": "61m"}, None)
    due_at = ProbeTarget.objects.get(name="job").next_at
    assert due_at == NOW + HOUR
    well = Observation(Stream("", "job", "http"), due_at, True)
    rows = [chunk.rows for chunk in read_lines(BytesIO(f"{well.line()}\n".encode()), Told("desk"))]
    observe(home.provider.pk, "desk", pa.concat_tables([empty(ROWS), *rows]), due_at - MINUTE)
    assert tell_late(NOW + 2 * HOUR + 1) == 2
    assert tell_late(NOW + 2 * HOUR + 1) == 0
    job = ProbeTarget.objects.get(name="job")
    assert (job.refused, job.next_at) == (1, NOW + 3 * HOUR)
    assert job.said == "what is known says otherwise of `job` (http) at 2026-06-08T11:00:00Z"
    told = {name: [row[:2] for row in rows] for name, rows in home.rows().items()}
    late = [(NOW + 2 * HOUR, False)]
    assert told == {"job": [(due_at, True), *late], "slow": [(NOW + 61 * MINUTE, False)]}
    assert tell_late(NOW + 3 * HOUR + 1) == 2
    assert home.rows()["job"][-1][:2] == (NOW + 3 * HOUR, False)
    job.refresh_from_db()
    assert (job.refused, job.said) == (0, "")


def test_what_this_server_cannot_read_holds_up_nobody(address: str, tmp_path: Path) -> None:
    """Of a kind that it has not, or sealed with another key: it says so, rests, and is unknown meanwhile."""
    with serving(answering(ok())) as host:
        home = Home(tmp_path, {"up": host.port, "down": host.port, "gone": host.port})
        for name in ("job", "slow"):
            home.target(name, HEARTBEAT, {"every": "1h"}, None)
        ProbeTarget.objects.filter(name="down").update(kind="ftp", next_at=NOW)
        with override_settings(SECRET_KEY="another one"):
            other = seal('{"every": "1h"}')
        ProbeTarget.objects.filter(name__in=("gone", "job")).update(sealed=other, next_at=NOW)
        assert home.round(NOW + 2 * HOUR)
        assert home.rows().keys() == {"up", "slow"}
        lost = "this secret was sealed with another UPHELD_SECRET_KEY"
        rest = ProbeTarget.objects.filter(next_at=NOW + 2 * HOUR + MINUTE).exclude(said="")
        assert dict(rest.values_list("name", "said")) == {
            "down": "this server has no probe `ftp`", "gone": lost, "job": lost,
        }  # fmt: skip
        assert expect_anew(NOW + 3 * HOUR + 1) == 2
        with override_settings(SECRET_KEY="another one"):
            assert tell_late(NOW + 6 * HOUR) == 1  # and the key of the other one is away
            assert came(home.provider.pk, "job", NOW + 6 * HOUR + 1)
        assert [row[:2] for row in home.rows()["job"]] == [(NOW + 6 * HOUR + 1, True)]


@pytest.mark.parametrize("is_killed", [True, False])
@pytest.mark.parametrize("away_at", [HOUR, HOUR + MINUTE])
def test_a_beat_that_a_short_stop_may_have_refused_is_unknown(
    address: str, tmp_path: Path, is_killed: bool, away_at: Duration
) -> None:
    """What came to be awaited while nobody listened is expected anew; what was missed before is late.

    Whether the server was stopped as asked, or killed and left a sign of life that is seconds old.
    """
    home = Home(tmp_path, {})
    home.target("job", HEARTBEAT, {"every": "1h", "grace": "5m"}, None)
    sign_at = NOW + away_at - SECOND
    beat("host/1", sign_at, {})
    if not is_killed:
        leave("host/1", sign_at, {})
    home.clock.at = NOW + away_at + 9 * SECOND
    with at_work(Worker(home.clock, channels_to(1))):
        pass
    assert tell_late(NOW + HOUR + 6 * MINUTE) == (away_at > HOUR)


@pytest.mark.parametrize("databases", [pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)
def test_while_others_work_a_beat_is_missed(address: str, tmp_path: Path) -> None:
    """One of several workers starts: the others have listened."""
    home = Home(tmp_path, {})
    home.target("job", HEARTBEAT, {"every": "1h", "grace": "5m"}, None)
    beat("host/1", NOW + HOUR - SECOND, {})
    home.clock.at = NOW + HOUR
    with at_work(Worker(home.clock, channels_to(1), alone=False)):
        pass
    assert tell_late(NOW + HOUR + 6 * MINUTE) == 1


def test_a_target_that_cannot_be_looked_at_is_refused_with_every_reason(address: str, tmp_path: Path) -> None:
    """An unknown kind, wrong settings, an interval that is too short for its look, or none."""
    home = Home(tmp_path, {})
    for kind, settings, every_us, faults in (
        ("ftp", {}, MINUTE, 1),
        ("http", {"url": "ftp://x", "methud": "GET"}, MINUTE, 2),
        ("http", {"url": "http://up.example.com/", "within": "30s"}, 20 * SECOND, 1),
        ("tcp", {"host": "up.example.com", "port": 443}, SECOND, 2),
        (HEARTBEAT, {"every": "1h"}, MINUTE, 1),
        ("http", {"url": "http://up.example.com/"}, None, 1),
        ("http", {"url": "ftp://x", "within": "5h"}, None, 3),
    ):
        with pytest.raises(ProbeError) as refused:
            home.target("x", kind, dict(settings), every_us)
        assert len(refused.value.faults) == faults, refused.value.faults
