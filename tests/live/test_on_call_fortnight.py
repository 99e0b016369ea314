"""A fortnight of people on call, by the loops of real workers under a clock that is set.

Everything is told over the API, everything is heard by a real mail server, and who hears what is written down
here. The clock goes on when nothing is left to be done as of where it stands: nobody sleeps and hopes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import override_settings

from tests.core.worlds import CONTRACT, DESK, DOCUMENT, at, shown
from tests.live.api_desk import Party, event, told
from tests.live.api_urls import CLOCK, SETUP
from tests.live.databases import Postgres, Sqlite
from tests.live.test_fortnight import library_says
from tests.live.test_worker import at_work, channels_to
from tests.notify.relay import Post, relaying
from upheld.app.due import next_due
from upheld.app.export import export
from upheld.core.timeline.instant import Instant, format_instant
from upheld.server import worker
from upheld.server.worker import Worker
from upheld.store.models import Attempt, Message, Page, Provider

pytestmark = pytest.mark.slow
AGREEMENT: Final = f"""{DOCUMENT}{DESK}
deadline: {{response: {{from: opened, until: answered, on: desk, within: {{P1: 2h, other: 4h}}}}}}
escalate:
  half: {{of: response, at: 50 %, tell: [lead, director]}}
  late: {{of: response, at: limit, tell: [lead, director], how: page}}
  told: {{of: response, at: limit, tell: all, audience: customer}}
"""
PEOPLE: Final[dict[str, dict[str, Any]]] = {
    "Lea": {},
    "Dirk": {},
    "Zoe": {},
    "Dora": {"roles": ["director"], "quiet": {"from": "10:30", "until": "13:00"}},
    "Ada": {"roles": ["desk"], "customer": "Acme"},
}
ROTA: Final = {
    "people": ["Lea", "Dirk"], "every": "week", "from": "2026-06-01", "at": "09:00",
    "zone": "Europe/Amsterdam", "until": None, "hours": None,
}  # fmt: skip
LEVELS: Final = [{"rota": "desk", "within": "10m"}, {"people": ["Zoe"], "within": "20m"}]
BURST: Final = [f"B-{n}" for n in range(8)]
"""What is opened at the same instant, and answered before it is late."""
END: Final = at("Mon 06-15 00:00")
HEARD: Final = """
Tue 06-02 11:00 Lea half T-1
Tue 06-02 12:00 Lea late T-1
Tue 06-02 12:00 Dora late T-1
Tue 06-02 12:00 Ada told T-1
Tue 06-02 12:10 Zoe late T-1
Tue 06-02 13:00 Dora half T-1
Tue 06-09 11:00 Dirk half T-2
Tue 06-09 12:00 Dirk late T-2
Tue 06-09 12:00 Dora late T-2
Tue 06-09 12:00 Ada told T-2
Tue 06-09 13:00 Dora half T-2
Thu 06-11 11:00 Zoe half T-3
Thu 06-11 12:00 Zoe late T-3
Thu 06-11 12:00 Dora late T-3
Thu 06-11 12:00 Ada told T-3
Thu 06-11 12:10 Zoe late T-3
Thu 06-11 13:00 Dora half T-3
Fri 06-12 11:00 Dirk half B-0
Fri 06-12 11:00 Dirk half B-1
Fri 06-12 11:00 Dirk half B-2
Fri 06-12 11:00 Dirk half B-3
Fri 06-12 11:00 Dirk half B-4
Fri 06-12 11:05 Dirk digest of 3
"""
"""When each mail came, to whom, by which rule and about what. The limit is over a microsecond later.

Dora hears nothing of the tickets that were answered while she wanted to hear nothing.
"""


class OnCall:
    """Northwind with a rota, a chain and an override, made over the API; workers whose loops run."""

    def __init__(self, post: Post, workers: Sequence[Worker]) -> None:
        self.post, self._workers = post, workers
        self.heard: list[str] = []
        made = told(Party(SETUP).tell("/providers", {"key": "northwind", "name": "Northwind"}), 201)
        self.owner = Party(made["token"])
        told(self.owner.ask("PUT", "/agreements", {"files": {"acme.yaml": AGREEMENT, "c1.yaml": CONTRACT}}))
        for name, said in PEOPLE.items():
            way = {"channel": "email", "way": "mail", "address": f"{name}@northwind.example"}
            told(self.owner.tell("/people", {"name": name, "ways": [way]} | said))
        told(self.owner.tell("/rotas", {"name": "desk", "layers": [ROTA], "always": None}))
        told(self.owner.tell("/chains", {"role": "lead", "levels": LEVELS, "times": 1}))
        said = {"person": "Zoe", "from": "2026-06-11T08:00:00Z", "until": "2026-06-11T18:00:00Z"}
        told(self.owner.tell("/rotas/desk/overrides", said), 201)

    # -- what is told ----------------------------------------------------------------------------------------

    def tell(self, type_: str, *subjects: str) -> None:
        """Facts that happen now."""
        for subject in subjects:
            said = {"by": "human"} if type_ == "ticket.replied" else {}
            one = event(f"{type_} {subject}", subject, type_, **said) | {"time": format_instant(CLOCK.at)}
            told(self.owner.tell("/facts", one), 201)

    def take(self, subject: str) -> None:
        """Somebody takes care of what people are woken for."""
        number = Page.objects.get(cause__contains=f"/{subject}/").pk
        told(self.owner.tell(f"/pages/{number}/acknowledgement", b""))

    # -- time passes -----------------------------------------------------------------------------------------

    def until(self, end_at: Instant) -> None:
        """To each instant at which something is due, one after the other, and then to the end."""
        self._settle()
        while (due_at := next_due() or end_at) < end_at:
            self._set(due_at)
        self._set(end_at)

    def _set(self, now: Instant) -> None:
        assert now > CLOCK.at, "what was due is decided and sent"
        CLOCK.at = now
        self._settle()

    def _settle(self) -> None:
        """Waits until nothing is left to be done as of now; what was heard by then was heard now."""
        pause = threading.Event()
        for _ in range(12_000):
            if self._is_settled():
                break
            pause.wait(0.01)
        else:
            pytest.fail("what is due is not done")
        for envelope in self.post.envelopes[len(self.heard) :]:
            self.heard.append(self._heard(envelope))

    def _is_settled(self) -> bool:
        """Asked in the order in which it is done: what was taken is not due any more, and not marked yet."""
        if not all(one.is_settled() for one in self._workers):
            return False
        return not Message.objects.filter(state="sending").exists()

    def _heard(self, envelope: Any) -> str:
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        (row,) = [one for one in Message.objects.all() if one.key[:32] in mail["Message-ID"]]
        (address,) = envelope.rcpt_tos
        name = address.partition("@")[0]
        when = " ".join((shown(CLOCK.at) or "").split()[:2])
        clock = format_instant(CLOCK.at)[11:16]
        if row.is_digest:
            return f"{when} {clock} {name} digest of {row.gathered.count()}"
        return f"{when} {clock} {name} {row.rule} {row.cause.split('/')[2]}"


def _lived(on_call: OnCall) -> Iterator[Instant]:
    """The fortnight, step by step; gives each instant at which the verdicts are compared."""
    on_call.until(at("Tue 06-02 10:00"))
    on_call.tell("ticket.opened", "T-1")
    yield CLOCK.at
    on_call.until(at("Tue 06-02 12:20"))
    on_call.take("T-1")
    yield CLOCK.at
    on_call.until(at("Tue 06-09 10:00"))
    on_call.tell("ticket.replied", "T-1")
    on_call.tell("ticket.opened", "T-2")
    on_call.until(at("Tue 06-09 12:05"))
    on_call.take("T-2")
    yield CLOCK.at
    on_call.until(at("Thu 06-11 10:00"))
    on_call.tell("ticket.opened", "T-3")
    on_call.until(at("Fri 06-12 10:00"))
    on_call.tell("ticket.opened", *BURST)
    on_call.until(at("Fri 06-12 11:30"))
    on_call.tell("ticket.replied", *BURST)
    yield CLOCK.at
    on_call.until(END)
    yield CLOCK.at


@pytest.mark.parametrize(("kind", "workers"), [("sqlite", 1), ("postgres", 1), ("postgres", 4)])
def test_people_on_call_live_a_fortnight_by_the_loops_of_real_workers(
    kind: str, workers: int, request: pytest.FixtureRequest, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Each mail comes then, once, to whom it is meant for; verdicts are those of the files, all the way."""
    databases: Sqlite | Postgres = request.getfixturevalue(kind)
    for name in ("look", "wake"):
        monkeypatch.setitem(worker.WAITS_S, name, 0.02)
    monkeypatch.setattr(worker, "POLL_S", 0.05)
    compared = 0
    with ExitStack() as stack:
        stack.enter_context(databases.fresh(tmp_path))
        stack.enter_context(override_settings(ROOT_URLCONF="tests.live.api_urls"))
        post = stack.enter_context(relaying({}))
        CLOCK.at = at("Mon 06-01 08:00")
        those = [Worker(CLOCK, channels_to(post.port), alone=workers == 1) for _ in range(workers)]
        on_call = OnCall(post, those)
        stack.enter_context(at_work(*those))
        for now in _lived(on_call):
            folder = tmp_path / f"as of {now}"
            export(Provider.objects.get().pk, folder)
            answer = on_call.owner.get("/verdicts", at=format_instant(now))
            assert answer.content.decode() == library_says(folder, ["evaluate", "."], now, capsys)
            compared += 1
        assert sorted(on_call.heard) == sorted(HEARD.strip().splitlines())
        assert Attempt.objects.count() == len(on_call.heard)
    assert compared == 5
