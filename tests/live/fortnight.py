"""A fortnight of shipped providers at scripted time: told over the API alone, heard by mail and by webhook.

What is to be heard is said by the library: it is asked at each instant at which a fact came or a stage lies,
of the exported files as they were known then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from itertools import pairwise
from threading import Barrier
from typing import Any, NamedTuple

from django.db import connection

from tests.live.api_desk import Party, told
from tests.live.api_urls import CLOCK, SETUP
from tests.live.receiver import Answer
from tests.live.receiver import Heard as Hook
from tests.live.receiver import Receiver as Hooks
from tests.live.test_worker import channels_to
from tests.notify.relay import Post
from upheld.app.due import next_due
from upheld.book.alarms import alarms
from upheld.book.evaluate import evaluate
from upheld.core.alerting.delivery import Past, Quiet, Waiting, gathered, heard_at
from upheld.core.alerting.digest import digest_of
from upheld.core.alerting.stage import Stage, is_done
from upheld.core.alerting.template import Reader, Rendered, rendered, template_for
from upheld.core.facts.fact import Fact
from upheld.core.readings.exploration import Selection
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import DAY, Instant, parse_instant
from upheld.files.facts_file import fact_line
from upheld.files.folder import Folder
from upheld.language.world import YEARS
from upheld.language.zones import zone_named
from upheld.notify.signing import verified
from upheld.server.running_month import Shipped
from upheld.server.worker import Worker
from upheld.store.texts import bind

START = parse_instant("2026-06-01T00:00:00Z")
END = START + 14 * DAY
ZONE = "Europe/Amsterdam"
NIGHT = {"from": "22:00", "until": "07:00"}
EVERYONE = "all"
ROWS_OF_US = 3 * DAY
"""Of so long rows are told together."""


class Heard(NamedTuple):
    """A message that arrived: when, at which address, and its subject."""

    at: Instant
    address: str
    subject: str


class Receiver(Hooks):
    """A server that webhooks are sent to; it takes what is signed by the secret of its path."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, str] = {}
        self.taken: list[tuple[str, str, dict[str, Any]]] = []
        self.answers = self._take

    def _take(self, heard: Hook) -> Answer:
        name = verified(heard.headers, heard.body, [self.secrets[heard.path]], CLOCK.at)
        self.taken.append((heard.path, name, heard.told))
        return Answer()


class Listener(NamedTuple):
    """Somebody who is told: their role, whose they are, their addresses by channel, and their quiet."""

    role: str
    customer: str
    ways: dict[str, str]
    quiet: bool


class Told(NamedTuple):
    """What is told of a shipped provider: facts when they were recorded, rows some days together."""

    shipped: Shipped
    facts: Sequence[Fact]
    rows: Sequence[dict[str, object]]


def told_from(at: Instant) -> Instant:
    """When a row of an instant is told: each time all that is promised by periods is decided anew."""
    return min(START - (START - at) // ROWS_OF_US * ROWS_OF_US, END)


class Home:
    """A provider made and set up over the API: its owner, and who is told."""

    def __init__(self, told_of: Told, receiver: Receiver) -> None:
        self.told, self._receiver = told_of, receiver
        shipped = told_of.shipped
        made = told(Party(SETUP).tell("/providers", {"key": shipped.key, "name": shipped.name}), 201)
        self.owner = Party(made["token"])
        texts = {path: body.decode() for path, body in shipped.texts.items()}
        told(self.owner.ask("PUT", "/agreements", {"files": texts}))
        self.listeners = listeners_of(shipped)
        for one in self.listeners:
            self._keep(one)

    def _keep(self, one: Listener) -> None:
        ways = [
            {"channel": channel, "way": "mail", "address": address}
            if channel == "email"
            else {"channel": channel, "way": "webhook", "address": self._receiver.url(address)}
            for channel, address in one.ways.items()
        ]
        body = {"name": one.role, "roles": [one.role], "ways": ways, "zone": ZONE}
        body |= {"customer": one.customer} if one.customer else {}
        kept = told(self.owner.tell("/people", body | ({"quiet": NIGHT} if one.quiet else {})))
        for way, address in zip(kept["ways"], one.ways.values(), strict=True):
            if way["secret"] is not None:
                self._receiver.secrets[address] = way["secret"]


def listeners_of(shipped: Shipped) -> list[Listener]:
    """One for each role of the agreement, by mail or by a webhook in turn; all of a customer."""
    bound, key = bind(shipped.texts), shipped.key
    rules = [
        rule
        for terms in bound.terms
        for own in (terms, *terms.plans.values())
        for rule in (*own.escalations, *own.notifications)
    ]
    found: list[Listener] = []
    roles = sorted({role for rule in rules if rule.audience == "provider" for role in rule.to})
    for number, role in enumerate(roles):
        name = role.replace(" ", "-")
        mail, hook = {"email": f"{name}@{key}.example"}, {"chat": f"/{key}/{name}"}
        found.append(Listener(role, "", (mail, hook | mail)[number % 2], number % 3 == 1))
    for customer in sorted({one.contract.customer for one in bound.terms if one.contract}):
        name = f"{customer.lower().replace(' ', '-')}.{key}"
        ways = {"email": f"desk@{name}.example", "sms": f"/{key}/sms/{name}"}
        found.append(Listener(EVERYONE, customer, ways, False))
    return found


class Fortnight:
    """Providers of one server, and workers whose rounds are made here, each in a thread of its own."""

    def __init__(self, months: Sequence[Told], post: Post, receiver: Receiver, workers: int = 1) -> None:
        CLOCK.at = START
        self.post, self.receiver, self._months = post, receiver, months
        self.homes = {one.shipped.key: Home(one, receiver) for one in months}
        channels = channels_to(post.port)
        self._workers = [Worker(CLOCK, channels, alone=workers == 1) for _ in range(workers)]
        self._threads = ThreadPoolExecutor(workers)
        self.heard: list[Heard] = []
        self.names: list[str] = []
        self._mails = self._hooks = 0

    def heard_by(self, key: str) -> list[Heard]:
        """What the listeners of a provider heard, in order."""
        addresses = {way for one in self.homes[key].listeners for way in one.ways.values()}
        return sorted(one for one in self.heard if one.address in addresses)

    # -- time passes -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Everything that is due at the start."""
        self._rounds()

    def live(self) -> None:
        """Until the end: what is told is told when it comes, and in between everything that is due."""
        told_at: dict[Instant, list[tuple[str, str, object, str]]] = {}
        for key, (_, facts, rows) in ((one.shipped.key, one) for one in self._months):
            lines: dict[Instant, list[str]] = {}
            for fact in facts:
                lines.setdefault(fact.recorded_at, []).append(fact_line(fact))
            for at, some in lines.items():
                body = "".join(f"{line}\n" for line in some).encode()
                told_at.setdefault(at, []).append((key, "/facts:batch", body, "application/x-ndjson"))
            days: dict[Instant, list[dict[str, object]]] = {}
            for row in rows:
                days.setdefault(told_from(int(row["at"])), []).append(row)  # type: ignore[call-overload]
            for at, day in days.items():
                told_at.setdefault(at, []).append((key, "/observations", day, "application/json"))
        with self._threads:
            try:
                self._rounds()
                for at in sorted({*told_at, END}):
                    self._until(at)
                    for key, path, said, kind in told_at.get(at, ()):
                        told(self.homes[key].owner.tell(path, said, kind))
                    self._rounds()
            finally:
                at_once = Barrier(len(self._workers))
                list(self._threads.map(lambda _: _leave(at_once), self._workers))

    def _until(self, end_at: Instant) -> None:
        """To each instant at which something is due, one after the other, and then to the end."""
        while (due_at := _next(end_at)) < end_at:
            assert due_at > CLOCK.at, "what was due is decided and sent"
            CLOCK.at = due_at
            self._rounds()
        CLOCK.at = end_at

    def _rounds(self) -> None:
        """All workers at once, until none of them finds anything to do."""
        while any(list(self._threads.map(Worker.round, self._workers))):
            pass
        for envelope in self.post.envelopes[self._mails :]:
            mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
            (address,) = envelope.rcpt_tos
            self._hear(Heard(CLOCK.at, str(address), str(mail["Subject"]).strip()), str(mail["Message-ID"]))
        for path, name, said in self.receiver.taken[self._hooks :]:
            self._hear(Heard(CLOCK.at, path, said["subject"]), name)
        self._mails, self._hooks = len(self.post.envelopes), len(self.receiver.taken)

    def _hear(self, one: Heard, name: str) -> None:
        self.heard.append(one)
        self.names.append(name)


def _leave(at_once: Barrier) -> None:
    """Each of the threads closes its own connection."""
    at_once.wait(60)
    connection.close()


def _next(end_at: Instant) -> Instant:
    due_at = next_due()
    return end_at if due_at is None else min(end_at, due_at)


# -- what the library says -----------------------------------------------------------------------------------


class Exported:
    """The exported files as a book. What is compiled under other readings is compiled once."""

    def __init__(self, book: Folder) -> None:
        self.terms, self.log, self.observations = book.terms, book.log, book.observations
        self.findings, self.origin, self._book = book.findings, book.origin, book
        self._known: dict[tuple[Selection, tuple[str, ...]], tuple[Terms, ...] | None] = {}

    def terms_under(self, selection: Selection, terms: Sequence[Terms]) -> tuple[Terms, ...] | None:
        """See `Book`."""
        key = selection, tuple(one.contract.id for one in terms if one.contract is not None)
        if key not in self._known:
            self._known[key] = self._book.terms_under(selection, terms)
        return self._known[key]


def stages_reached(book: Exported, recorded: Sequence[Instant]) -> Iterator[tuple[Instant, Stage]]:
    """Each stage, once, with the instant from which on the library says that it is reached."""
    seen: set[tuple[str, str, str]] = set()
    came = [START, *sorted(set(recorded)), END + 1]
    for start_at, end_at in pairwise(came):
        known = sum(at <= start_at for at in recorded)
        now = start_at
        while now < end_at:
            found = alarms(book, evaluate(book, now, known))
            for stage in found:
                if START <= stage.at <= now and stage.key not in seen and not is_done(stage.about):
                    seen.add(stage.key)
                    yield now, stage
            now = min((stage.at for stage in found if stage.at > now), default=END + 1)


def to_be_heard(book: Exported, recorded: Sequence[Instant], listeners: Sequence[Listener]) -> list[Heard]:
    """Every message that is to arrive within the fortnight, by the stages of the library."""
    zone = zone_named(ZONE, *YEARS)
    night, day = Quiet(zone, 22 * 3600, 7 * 3600), Quiet(zone)
    # By whom, by which way and at which instant: what is told then, and how urgent it is.
    due: dict[tuple[str, Instant], list[tuple[Stage, str]]] = {}
    for now, reached in stages_reached(book, recorded):
        for one in listeners:
            stage = reached
            whose = "" if stage.audience == "provider" else stage.about.customer
            if one.customer != whose or (one.role not in stage.to and EVERYONE not in stage.to):
                continue
            ways = [
                address
                for channel, address in one.ways.items()
                if stage.channels is None or channel in stage.channels
            ]
            quiet = night if one.quiet else day
            at, was = heard_at(now, stage.urgency, quiet), now
            while was < at <= END and stage.name != "event":
                then = _as_it_is(book, recorded, stage, at)
                if then is None:
                    break
                stage, was, at = then, at, max(at, heard_at(then.at, then.urgency, quiet))
            else:
                if ways and at <= END:
                    text = template_for(stage, "en", sent_at=at)
                    subject = rendered(text, stage, Reader("en", zone)).subject
                    due.setdefault((ways[0], at), []).append((stage, subject))
    return sorted(_gathered(due))


def _as_it_is(book: Exported, recorded: Sequence[Instant], stage: Stage, at: Instant) -> Stage | None:
    """A stage as it is when it is to be heard; None if nobody has to be told any more."""
    known = sum(one <= at for one in recorded)
    found = {one.key: one for one in alarms(book, evaluate(book, at, known))}
    then = found.get(stage.key)
    return None if then is None or is_done(then.about) else then


def _gathered(due: dict[tuple[str, Instant], list[tuple[Stage, str]]]) -> Iterator[Heard]:
    """What arrives of it: a burst in digests, each with the subject that says of how many."""
    pasts: dict[str, Past] = {}
    digests: dict[tuple[str, Instant], list[str]] = {}
    for (address, at), now in sorted(due.items(), key=lambda one: one[0][1]):
        some = sorted(now, key=lambda one: (one[0].at, one[0].cause, one[0].rule, one[0].name))
        past = pasts.get(address, Past())
        waiting = [Waiting(f"{at} {number}", at, stage.urgency) for number, (stage, _) in enumerate(some)]
        for one, (stage, subject) in zip(gathered(waiting, past), some, strict=True):
            past = past if stage.urgency == "page" else past.after(one)
            if one.digest:
                digests.setdefault((address, one.at), []).append(subject)
            else:
                yield Heard(at, address, subject)
        pasts[address] = past
    for (address, at), told_in in digests.items():
        if at <= END:
            said = digest_of([Rendered(subject, "") for subject in told_in], len(told_in), "en")
            yield Heard(at, address, said.subject)
