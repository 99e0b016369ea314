"""One provider floods a server that runs: it waits, and nobody else does. Source: safety.md, faults."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.core.worlds import DESK, DOCUMENT
from tests.live.receiver import Answer as Answering
from tests.live.receiver import Receiver
from tests.live.test_serve import Server, serving
from tests.live.test_worker import _until
from upheld.core.timeline.instant import format_instant
from upheld.server.clock import SystemClock

pytestmark = pytest.mark.slow
SETUP = "setup-" + "s" * 40
BATCH = 100
FLOODERS = 4
ACCEPTED, REFUSED = 16, 200
"""The flood goes on until so many batches were taken, and so many requests told to wait."""
MOST_MORE_MB = 150
"""So much more memory than before the processes may have taken at their most."""
AGREEMENT = (
    DOCUMENT
    + DESK
    + """
deadline: {response: {from: opened, until: answered, on: always, within: {P1: 2h, other: 4h}}}
escalate:
  begun: {of: response, at: start, tell: lead, how: urgent}
  woken: {of: response, at: start, where: priority = P1, tell: lead, how: page}
"""
)
CONTRACT = "contract: {{id: {}, customer: {}, agreement: acme, from: 2026-01-01}}\n"


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: Any
    wait_s: int


class Party:
    """A provider of the server, with a lead who is told by a webhook."""

    def __init__(self, server: Server, key: str, receiver: Receiver) -> None:
        self.key, self._base = key, f"{server.address}/api/v1"
        self._token = SETUP
        self._token = self.ask("POST", "/providers", {"key": key, "name": key.title()}).body["token"]
        text = AGREEMENT.replace("Northwind", key.title())
        files = {"agreement.yaml": text, "contract.yaml": CONTRACT.format(f"c-{key}", f"Acme of {key}")}
        assert self.ask("PUT", "/agreements", {"files": files}).status == 200
        way = {"channel": "chat", "way": "webhook", "address": receiver.url(f"/{key}")}
        person = {"name": "Lea", "roles": ["lead"], "ways": [way], "zone": "UTC"}
        assert self.ask("POST", "/people", person).status in (200, 201)

    def ask(self, method: str, path: str, body: object) -> Answer:
        """Sent once: whoever is told to wait may do so."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "application/x-ndjson" if isinstance(body, bytes) else "application/json"
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        request = urllib.request.Request(f"{self._base}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, json.load(answer), 0)
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, json.load(refused), int(refused.headers.get("Retry-After", 0)))

    def opened(self, name: str, count: int = 1, priority: str = "P2") -> bytes:
        """Tickets that are opened now."""
        at = format_instant(SystemClock().now())
        data = {"contract": f"c-{self.key}", "priority": priority}
        of = {"specversion": "1.0", "source": "desk", "type": "ticket.opened", "time": at, "data": data}
        return b"".join(
            json.dumps({**of, "id": f"{name}-{n}", "subject": f"{name}-{n}"}).encode() + b"\n"
            for n in range(count)
        )


class Flood:
    """Batches from many threads, as fast as they are answered, whatever the answer is."""

    def __init__(self, party: Party) -> None:
        self.party, self.answers = party, Counter[int]()
        self.taken: set[str] = set()
        self.waits: list[int] = []
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._pour, args=(n,), daemon=True) for n in range(FLOODERS)]
        for one in self._threads:
            one.start()

    def _pour(self, number: int) -> None:
        for n in range(10_000):
            name = f"{self.party.key}-{number}-{n}"
            answer = self.party.ask("POST", "/facts:batch", self.party.opened(name, BATCH))
            with self._lock:
                self.answers[answer.status] += 1
                if answer.status == 429:
                    self.waits.append(answer.wait_s)
                else:
                    self.taken.add(name)
                if self.answers[200] >= ACCEPTED and self.answers[429] >= REFUSED:
                    return

    @property
    def lasts(self) -> bool:
        """Whether it goes on."""
        return any(one.is_alive() for one in self._threads)

    def end(self) -> None:
        """Waits for it."""
        for one in self._threads:
            one.join(300)
        assert not self.lasts


def _memory_mb(server: Server, field: str) -> float:
    """What all processes of the server have taken."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            session = int((status.parent / "stat").read_text().rpartition(")")[2].split()[3])
        except (OSError, ValueError):
            continue  # it has gone meanwhile
        if session == server.session and field in told:
            found += int(told[field].split()[0])
    return found / 1024


def test_a_provider_that_floods_waits_and_nobody_else_does(tmp_path: Path) -> None:
    """It is told to wait, with for how long; another one's facts are taken and its lead is woken meanwhile.

    What was taken is there, the lead of the flooded provider is not flooded, and the memory has a bound.
    """
    said = {"UPHELD_SETUP_TOKEN": SETUP, "UPHELD_RATE": "1", "UPHELD_PRIVATE_TARGETS": "yes"}
    receiver = Receiver()
    receiver.answers = lambda heard: Answering()
    with receiver.listening(), serving(tmp_path / "data", **said) as server:
        loud, quiet = Party(server, "loud", receiver), Party(server, "quiet", receiver)
        before_mb = _memory_mb(server, "VmRSS")
        flood = Flood(loud)
        _until(lambda: flood.answers[429] > 0)
        assert flood.lasts
        assert quiet.ask("POST", "/facts:batch", quiet.opened("calm", priority="P1")).status == 200
        _until(lambda: receiver.at("/quiet"))
        flood.end()
        assert set(flood.answers) == {200, 429}
        assert min(flood.waits) >= 1
        facts = _all_facts(loud)
        assert facts == {f"{name}-{n}" for name in flood.taken for n in range(BATCH)}
        assert _memory_mb(server, "VmHWM") - before_mb < MOST_MORE_MB
        heard = [(one.id, one.told["subject"]) for one in receiver.at("/loud")]
        assert 0 < len(heard) < len(facts) / 100, heard
        assert "Traceback" not in server.stopped()


def _all_facts(party: Party) -> set[str]:
    """The ids of what is recorded, page by page, as slowly as is asked for."""
    found: set[str] = set()
    after: int | None = 0
    while after is not None:
        answer = party.ask("GET", f"/facts?limit=1000&after={after}", b"")
        if answer.status == 429:
            threading.Event().wait(answer.wait_s)
            continue
        found |= {one["fact"]["id"] for one in answer.body["facts"]}
        after = answer.body["next"]
    return found
