"""What must hold of a world whose servers were killed. Source: safety.md R1 to R4.

Nothing acknowledged is lost, no message is lost, and none is doubled but where it is recorded that nobody
knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from email import message_from_bytes
from typing import Final, NamedTuple

from tests.live.kills.world import TIMES, World
from upheld.app.audit import audit
from upheld.app.call_off import GONE
from upheld.core.timeline.instant import HOUR, Duration
from upheld.evidence.key_file import read_key
from upheld.server.signing import KEY_FILE
from upheld.store.book import recorded_facts
from upheld.store.models import Attempt, Change, Message, Page, RecordedFact

LADDER: Final[Mapping[str, tuple[Duration, frozenset[str]]]] = {
    "half": (HOUR, frozenset({"Lea"})),
    "late": (2 * HOUR, frozenset({"Lea", "Dirk"})),
    "told": (2 * HOUR, frozenset({"Ada"})),
}
"""Of each rule how long after a ticket is opened it tells, and whom at least."""


class Found(NamedTuple):
    """What a world saw: attempts of which nobody knows, and what came again on the wire."""

    messages: int
    unknown: int
    again: int


def hold(world: World) -> Found:
    """AssertionError for what does not hold."""
    _facts_are_kept(world)
    _verdicts_are_those_of_the_facts(world)
    _everybody_is_told(world)
    _changes_are_passed_on(world)
    return _each_went_out_once(world)


def _facts_are_kept(world: World) -> None:
    """Each once, whoever died, in logs that are true of what was signed."""
    recorded = [one.id for one in recorded_facts(world.office.provider.pk)]
    assert len(recorded) == len(set(recorded))
    assert world.acknowledged <= set(recorded)
    assert set(recorded) == {one.id for one in world.facts}
    found = audit([read_key(world.data / KEY_FILE).verifier])
    assert (found.faults, found.entries >= len(recorded)) == ((), True)


def _verdicts_are_those_of_the_facts(world: World) -> None:
    kept = {scope: states for scope, states in world.office.states().items() if states != "{}"}
    assert kept == world.office.expected(world.now)
    last: dict[tuple[str, str], str] = {}
    for contract, what, before, after in Change.objects.order_by("pk").values_list(
        "contract", "what", "before", "after"
    ):
        assert last.get((contract, what), "") == before, (what, before, after)
        last[contract, what] = after


def _everybody_is_told(world: World) -> None:
    """Of what was late, each who is to be; of what was answered before, and recorded so, nobody."""
    opened = {one.subject: one.at for one in world.facts if one.type == "ticket.opened"}
    rows = RecordedFact.objects.filter(type="ticket.replied").values_list("fact_id", "recorded_at")
    known = {fact_id.removeprefix("a"): at for fact_id, at in rows}
    told: dict[tuple[str, str], set[str]] = {}
    for row in Message.objects.filter(rank=0, rule__in=LADDER).select_related("person"):
        assert row.person is not None
        told.setdefault((row.rule, row.cause.split("/")[2]), set()).add(row.person.name)
    for subject, at in opened.items():
        for rule, (after, people) in LADDER.items():
            found = told.get((rule, subject), set())
            if subject not in known:
                assert found >= people, (subject, rule, found)
            elif known[subject] < at + after:
                assert not found, (subject, rule, found)
    assert {subject for _, subject in told} <= set(opened)
    if not world.setting.chain:
        return
    for page in Page.objects.filter(rule="late"):
        if page.cause.split("/")[2] not in known:
            levels = set(page.messages.values_list("stage", flat=True))
            assert len(levels) == 2 * TIMES, (page.cause, levels)
            assert page.next_at is None


def _changes_are_passed_on(world: World) -> None:
    """Each that there was since the endpoint was made, as one event."""
    events = list(Message.objects.filter(endpoint__isnull=False).values_list("cause", flat=True))
    numbers = Change.objects.values_list("pk", flat=True) if world.setting.endpoint else ()
    assert Counter(events) == Counter(f"change/{number}" for number in numbers)


def _each_went_out_once(world: World) -> Found:
    """Or is told of in a digest that did; more often only where an attempt says that nobody knows."""
    mails = (message_from_bytes(one.original_content or b"")["Message-ID"] for one in world.post.envelopes)
    wire = Counter([str(one) for one in mails] + [one.id for one in world.receiver.heard])
    rows = list(Message.objects.prefetch_related("attempts"))
    by_id = {row.pk: row for row in rows}
    by_key = {row.key[:32]: row for row in rows}
    assert len(by_key) == len(rows)
    sent: Counter[int] = Counter()
    for name, times in wire.items():
        (key,) = [one for one in by_key if one in name]
        sent[by_key[key].pk] += times
    unknown = again = 0
    for row in rows:
        states = Counter(one.state for one in row.attempts.all())
        if row.state == "suppressed" and row.digest_id is not None:
            digest = by_id[row.digest_id]
            assert (digest.is_digest, digest.state) == (True, "accepted"), (row.rule, row.said)
        elif row.state == "suppressed":
            assert (row.page_id is not None, row.said) == (True, GONE)
        else:
            assert row.state == "accepted", (row.rule, row.state, row.said)
            assert states["accepted"] == 1
        alone = row.state == "accepted"
        assert alone <= sent[row.pk] <= alone + states["unknown"], (row.rule, states, sent[row.pk])
        unknown += states["unknown"]
        again += max(sent[row.pk] - 1, 0)
    assert Attempt.objects.filter(state="accepted").count() == sum(row.state == "accepted" for row in rows)
    return Found(len(rows), unknown, again)
