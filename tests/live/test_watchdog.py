"""The watchdog: it sees a server that does not work, and alarms by a way that needs no database."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.live.test_serve import serving
from tests.live.test_worker import _until
from tests.notify.relay import relaying
from upheld.core.timeline.instant import HOUR, MINUTE, SECOND, Instant
from upheld.net.outcome import Outcome
from upheld.notify.signing import verified
from upheld.server import watchdog
from upheld.server.channels import SettingError
from upheld.server.clock import SystemClock
from upheld.server.hosts import hosts, own_address
from upheld.server.watch import HUSH_US, Listening, Watch
from upheld.server.watchdog import GONE, alarms_of, faults_of, look, tell, unheard_of, watch

pytestmark = pytest.mark.slow

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


class Receiver:
    """Whoever is told by a webhook, and asked while all is well; a server whose health is set."""

    def __init__(self) -> None:
        self.came: list[tuple[str, Mapping[str, str], bytes]] = []
        self.ready: tuple[int, object] = (200, {"ready": True})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = outer.ready if self.path == "/readyz" else (200, {})
                outer.came.append((self.path, dict(self.headers), b""))
                self._answer(status, body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.came.append((self.path, dict(self.headers), body))
                self._answer(200, {})

            def _answer(self, status: int, body: object) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def asked(self, path: str) -> int:
        """How often it was asked for a path."""
        return sum(1 for one, _, _ in self.came if one == path)

    def stop(self) -> None:
        """No more."""
        self._server.shutdown()
        self._server.server_close()


class Drifting(SystemClock):
    """The clock of the machine, so much beside the time."""

    step_us = 0

    def now(self) -> Instant:
        """As the system has it, and beside."""
        return super().now() + self.step_us


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """One on loopback."""
    found = Receiver()
    yield found
    found.stop()


def _alarms(**more: str) -> dict[str, str]:
    return {"UPHELD_PRIVATE_TARGETS": "yes", "UPHELD_WATCH_S": "0.5", **more}


@contextmanager
def _watching(receiver: Receiver, clock: SystemClock | None = None, **more: str) -> Iterator[None]:
    """A watchdog that looks at the receiver, and alarms it, in this block."""
    said = _alarms(UPHELD_ALARM=f"{receiver.base}/alarm", UPHELD_ALARM_SECRET=SECRET, **more)
    stop = threading.Event()
    words = alarms_of(said), receiver.base, stop, 0, clock or SystemClock()
    thread = threading.Thread(target=watch, args=words)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)


def _only_alarm(receiver: Receiver) -> dict[str, str]:
    ((_, _, body),) = [one for one in receiver.came if one[0] == "/alarm"]
    told: dict[str, str] = json.loads(body)
    return told


def test_one_bad_look_is_no_alarm_and_two_are() -> None:
    """It is told once an hour while it lasts, and once that it is over."""
    state = Watch(0)
    assert state.looked((), 0) is None
    assert state.looked(("x",), SECOND) is None
    assert state.looked((), 2 * SECOND) is None
    assert state.looked(("x",), 3 * SECOND) is None
    assert state.looked(("x",), 4 * SECOND) == "alarm"
    state.not_taken(4 * SECOND)
    tried_at = [4 * SECOND]
    for second in range(5, 300):
        if state.looked(("x",), second * SECOND) == "alarm":
            tried_at.append(second * SECOND)
            state.not_taken(second * SECOND)
    assert [one // SECOND for one in tried_at] == [4, 14, 34, 74, 134, 194, 254], "nobody took it"


def test_who_takes_an_alarm_is_told_again_after_an_hour_and_when_it_is_over() -> None:
    """Whatever the tries before it came to."""
    state = Watch(0)
    assert state.looked((), 0) is None
    state.gone()
    assert state.looked(("x",), 5 * SECOND) == "alarm", "without a second look"
    state.told("alarm", 5 * SECOND)
    assert state.looked(("x",), 5 * SECOND + HOUR - 1) is None
    assert state.looked(("x",), 5 * SECOND + HOUR) == "alarm"
    assert state.looked((), 6 * SECOND + HOUR) == "well"
    state.told("well", 6 * SECOND + HOUR)
    assert state.looked((), 7 * SECOND + HOUR) is None


class Looks:
    """The time between looks, without any: what is seen in turn, and which words are taken."""

    def __init__(self, seen: list[tuple[int, bool, bool]], monkeypatch: pytest.MonkeyPatch) -> None:
        self._seen = seen
        self.said: list[tuple[int, str, tuple[str, ...]]] = []
        self._at = self._number = 0
        monkeypatch.setattr(watchdog, "ticks", lambda: self._at * SECOND)
        monkeypatch.setattr(watchdog, "look", self._look)
        monkeypatch.setattr(watchdog, "tell", self._tell)
        monkeypatch.setattr(watchdog, "faults_of", lambda found: () if found else ("no answer",))
        monkeypatch.setattr("upheld.server.watchdog.os.getppid", lambda: 1)

    def now(self) -> Instant:
        """The clock of the machine goes as time passes."""
        return self._at * SECOND

    def is_set(self) -> bool:
        """Nobody has told it to stop."""
        return False

    def wait(self, _: float) -> bool:
        """Until the next look; after the last one it is told to stop."""
        if self._number == len(self._seen):
            return True
        self._at = self._seen[self._number][0]
        self._number += 1
        return False

    def _look(self, *_: object) -> bool:
        return self._seen[self._number - 1][1]

    def _tell(self, _: object, word: str, faults: tuple[str, ...], at: int) -> bool:
        self.said.append((self._at, word, tuple(faults)))
        return self._seen[self._number - 1][2]


def test_a_server_that_died_is_told_of_until_one_answers_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until somebody takes it, then each hour, and once that it is over; then nobody has to look any more."""
    monkeypatch.setattr(watchdog, "_listen", lambda *_: None)
    seen = [
        (0, True, False), (10, False, False), (20, False, False), (30, False, True), (40, False, True),
        (3640, False, True), (3650, True, False), (3660, True, True), (9999, False, True),
    ]  # fmt: skip
    looks = Looks(seen, monkeypatch)
    alarms = alarms_of({})
    watch(alarms, "http://x", looks, 77, looks)  # type: ignore[arg-type]  # what it asks of an event
    both = (GONE, "no answer")
    assert looks.said == [
        (0, "alarm", (GONE,)), (10, "alarm", both), (30, "alarm", both), (3640, "alarm", both),
        (3650, "well", ()), (3660, "well", ()),
    ]  # fmt: skip


def test_a_server_may_take_a_minute_to_begin() -> None:
    """It has never answered: that is no alarm in its first minute, and one after that."""
    state = Watch(0)
    assert [state.looked(("x",), at * SECOND) for at in (10, 30, 59, 60)] == [None] * 4
    assert state.looked(("x",), 61 * SECOND) == "alarm"


def test_all_is_well_is_told_each_minute_and_only_then() -> None:
    """Not before the first good look, not while anything is wrong."""
    state = Watch(0)
    assert not state.pings(0)
    state.looked((), 0)
    assert state.pings(1)
    assert not state.pings(MINUTE)
    assert state.pings(MINUTE + 1)
    state.looked(("x",), 3 * MINUTE)
    assert not state.pings(3 * MINUTE)


def test_what_reached_nobody_is_told_once() -> None:
    """What is old when the watchdog begins is not, what nobody took is said again, a flood is one word."""
    listening = Listening(since_at=10)
    assert not listening.heard(None, 0)
    assert not listening.heard(10, 0)
    assert listening.heard(11, 0)
    assert listening.heard(12, 1), "nobody took it"
    listening.told(12, 1)
    assert not listening.heard(12, 1 + HUSH_US)
    assert not listening.heard(13, HUSH_US)
    assert listening.heard(13, 1 + HUSH_US)


def test_an_answer_that_does_not_say_what_reached_nobody_says_nothing() -> None:
    """No answer, one of an older server, one that is no JSON; and one that says it."""
    for body in (b"", b"{}", b"[]", b'{"unheard_at": null}'):
        assert unheard_of(Outcome("response", 200, body=body)) is None
    assert unheard_of(Outcome("response", 200, body=b'{"unheard_at": 5}')) == 5


def test_what_is_no_clear_yes_is_wrong() -> None:
    """No answer, too slow a one, another page, a 503 that says why."""
    assert faults_of(Outcome("response", status=200)) == ()
    assert faults_of(Outcome("timeout", detail="the time was over (answer)")) == (
        "the server does not answer: the time was over (answer)",
    )
    assert faults_of(Outcome("response", status=503, body=b'{"faults": ["a", "b"]}')) == ("a", "b")
    assert faults_of(Outcome("response", status=503, body=b"<html>")) == ("the server answers 503",)
    assert faults_of(Outcome("response", status=302)) == ("the server answers 302",)
    assert faults_of(Outcome("too large", status=200, detail="too much"))[0].startswith("the server does not")


def test_who_is_told_is_named_by_addresses() -> None:
    """Mail, a signed webhook, a service; what is none is told with what to write."""
    said = _alarms(
        UPHELD_ALARM="ops@northwind.example https://pager.example/hook ntfy://topic",
        UPHELD_ALARM_SECRET=SECRET,
        UPHELD_MAIL="smtp://127.0.0.1:2525?security=none",
        UPHELD_MAIL_FROM="upheld@northwind.example",
    )
    assert [way for way, _ in alarms_of(said).to] == ["mail", "webhook", "service"]
    assert not alarms_of({})
    for bad, why in (
        ({"UPHELD_ALARM": "ops"}, "UPHELD_ALARM: write addresses"),
        ({"UPHELD_ALARM": "https://pager.example"}, "UPHELD_ALARM_SECRET: the secret of a webhook"),
        ({"UPHELD_ALARM": "ops@northwind.example"}, "set UPHELD_MAIL"),
        ({"UPHELD_MAIL": "smtp://127.0.0.1"}, "UPHELD_MAIL_FROM: write the address"),
        ({"UPHELD_WATCH_S": "often"}, "UPHELD_WATCH_S: write how many seconds"),
    ):
        with pytest.raises(SettingError, match=why):
            alarms_of(bad)


def test_it_asks_where_the_server_listens() -> None:
    """Whoever listens everywhere is asked on loopback, and answers to the name by which it is asked."""
    assert own_address("http://0.0.0.0:80") == "http://127.0.0.1:80"
    assert own_address("http://[::]:80") == "http://[::1]:80"
    assert own_address("http://10.1.2.3:80") == "http://10.1.2.3:80"
    assert hosts("sla.example", "http://0.0.0.0:80") == ["sla.example", "127.0.0.1"]
    assert hosts("sla.example, b.example", "") == ["sla.example", "b.example"]


@pytest.mark.slow
def test_it_watches_alarms_and_says_that_it_is_over(receiver: Receiver) -> None:
    """A server that turns bad and good again: a signed alarm with the reason, a word when it is over."""
    with _watching(receiver, UPHELD_PING=f"{receiver.base}/ping"):
        _until(lambda: receiver.asked("/ping") == 1)
        receiver.ready = 503, {"faults": ["something has been due for 70 s"]}
        _until(lambda: receiver.asked("/alarm") == 1)
        receiver.ready = 200, {}
        _until(lambda: receiver.asked("/alarm") == 2)
    alarm, well = ((headers, body) for path, headers, body in receiver.came if path == "/alarm")
    assert verified(*alarm, [SECRET], SystemClock().now())
    assert "due for 70 s" in json.loads(alarm[1])["text"]
    assert json.loads(well[1])["subject"] == "Upheld: the server works again"
    assert receiver.asked("/ping") == 1


@pytest.mark.slow
def test_messages_that_reach_nobody_are_an_alarm(receiver: Receiver) -> None:
    """The server works, and says that somebody was not told: whoever is alarmed learns it, once."""
    with _watching(receiver):
        receiver.ready = 200, {"unheard_at": SystemClock().now()}
        _until(lambda: receiver.asked("/alarm") == 1)
        looked = receiver.asked("/readyz")
        _until(lambda: receiver.asked("/readyz") >= looked + 2)
    told = _only_alarm(receiver)
    assert told["subject"] == "Upheld: somebody was not told"
    assert "\na message of the last hour, or more, reached nobody" in told["text"]


@pytest.mark.slow
def test_a_clock_that_is_set_is_an_alarm(receiver: Receiver) -> None:
    """An hour back, while the server answers that all is well: whoever is alarmed learns it at once."""
    clock = Drifting()
    with _watching(receiver, clock):
        _until(lambda: receiver.asked("/readyz") >= 2)
        clock.step_us = -HOUR
        _until(lambda: receiver.asked("/alarm") == 1)
    told = _only_alarm(receiver)
    assert told["subject"] == "Upheld: the clock was set"
    assert "the clock of this machine was set back by 1 h\n" in told["text"]


def test_mail_is_a_way_of_its_own(receiver: Receiver) -> None:
    """It goes by the relay of the operator, with the reasons, and names no secret."""
    with relaying({}) as post:
        mail = f"smtp://127.0.0.1:{post.port}?security=none"
        to, sender = "ops@northwind.example", "upheld@northwind.example"
        alarms = alarms_of(_alarms(UPHELD_ALARM=to, UPHELD_MAIL=mail, UPHELD_MAIL_FROM=sender))
        assert faults_of(look(alarms, receiver.base)) == ()
        assert tell(alarms, "alarm", ["the loop `wake` stands still"], SystemClock().now())
        (envelope,) = post.envelopes
        assert envelope.rcpt_tos == ["ops@northwind.example"]
        assert b"the loop `wake` stands still" in (envelope.original_content or b"")


@contextmanager
def _guarded(folder: Path, receiver: Receiver) -> Iterator[int]:
    """A server with its watchdog, by the id of the process of the server."""
    said = _alarms(
        UPHELD_ALARM=f"{receiver.base}/alarm",
        UPHELD_ALARM_SECRET=SECRET,
        UPHELD_PING=f"{receiver.base}/ping",
        UPHELD_WATCH_S="1",
    )
    with serving(folder / "data", **said) as server:
        yield server._process.pid


def _children(pid: int) -> dict[int, str]:
    """The processes that a process started, with their commands."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, timeout=60
    )
    return {int(line.split()[0]): line for line in listed.stdout.splitlines()}


@pytest.mark.slow
def test_a_server_that_is_stopped_or_killed_is_told_of(tmp_path: Path, receiver: Receiver) -> None:
    """Its process stands still, goes on, and is killed at last: each is told, the last by who outlives it."""
    with _guarded(tmp_path, receiver) as pid:
        (serves,) = (one for one, command in _children(pid).items() if "watchdog" not in command)
        (dog,) = (one for one, command in _children(pid).items() if "watchdog" in command)
        _until(lambda: receiver.asked("/ping") == 1, 60)
        os.kill(serves, signal.SIGSTOP)
        _until(lambda: "does not answer" in _told(receiver), 60)
        os.kill(serves, signal.SIGCONT)
        _until(lambda: "works again" in _told(receiver), 60)
        os.kill(pid, signal.SIGKILL)
        _until(lambda: GONE in _told(receiver), 60)
        os.kill(dog, signal.SIGTERM)
        _until(lambda: not Path(f"/proc/{dog}").exists(), 60)
        _until(lambda: not Path(f"/proc/{serves}").exists(), 60)
    told = _told(receiver)
    assert told.index("does not answer") < told.index("works again") < told.index(GONE)


def _told(receiver: Receiver) -> str:
    """All alarms, in their order."""
    return "".join(body.decode() for path, _, body in receiver.came if path == "/alarm")


def test_a_watchdog_that_could_tell_nobody_does_not_start(tmp_path: Path) -> None:
    """It says what to set."""
    command = [str(Path(sys.executable).with_name("upheld")), "serve", "watchdog", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("upheld: a watchdog that can tell nobody: set UPHELD_ALARM or UPHELD_PING\n")
