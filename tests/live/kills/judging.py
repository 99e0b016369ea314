"""What must hold of a world whose servers were killed. Source: safety.md R1 to R4.

Nothing acknowledged is lost, no message is lost, and none is doubled but where it is recorded that nobody
knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from email import message_from_bytes
from typing import Final, NamedTuple

from tests.live.kills.orders import BY, Applied, Seen, Taken, Told
from tests.live.kills.world import TIMES, World
from upheld.app.audit import audit
from upheld.app.call_off import GONE
from upheld.app.coalesce import DIGEST
from upheld.app.composing import OVER
from upheld.app.other_ways import TOLD, same
from upheld.app.retold import NOTHING_LEFT
from upheld.core.timeline.instant import HOUR, MINUTE, Duration
from upheld.evidence.key_file import read_key
from upheld.server.signing import KEY_FILE
from upheld.store.book import recorded_facts
from upheld.store.models import (
    Attempt,
    Change,
    CountedStream,
    Message,
    ObservedBatch,
    Page,
    Provider,
    RecordedFact,
)
from upheld.store.observed_rows import counts_of
from upheld.store.texts import texts_in_force

LADDER: Final[Mapping[str, tuple[Duration, frozenset[str]]]] = {
    "half": (HOUR, frozenset({"Lea"})),
    "late": (2 * HOUR, frozenset({"Lea", "Dirk"})),
    "told": (2 * HOUR, frozenset({"Ada"})),
}
"""Of each rule how long after a ticket is opened it tells, and whom at least."""

ACKNOWLEDGED: Final = f"acknowledged by {BY}"


class Found(NamedTuple):
    """What a world saw: attempts of which nobody knows, and what came again on the wire."""

    messages: int
    unknown: int
    again: int


def hold(world: World) -> Found:
    """AssertionError for what does not hold."""
    _facts_are_kept(world)
    _orders_are_done(world)
    _verdicts_are_those_of_the_facts(world)
    _everybody_is_told(world)
    _changes_are_passed_on(world)
    return _each_went_out_once(world)


def _facts_are_kept(world: World) -> None:
    """Each once, whoever died, in logs that are true of what was signed."""
    recorded = [one.id for one in recorded_facts(world.office.provider.pk)]
    assert len(recorded) == len(set(recorded))
    assert set(recorded) == {one.id for one in world.orders if isinstance(one, Told | Taken)}
    found = audit([read_key(world.data / KEY_FILE).verifier])
    assert (found.faults, found.entries >= len(recorded)) == ((), True)


def _orders_are_done(world: World) -> None:
    """Each once: rows count once, however often they were told, and each text holds until the next one."""
    taken = {one.key for one in world.orders if isinstance(one, Taken)}
    assert set(Page.objects.exclude(acknowledged_at=None).values_list("key", flat=True)) == taken
    batches = [one for one in world.orders if isinstance(one, Seen)]
    there = ObservedBatch.objects.order_by("pk")
    assert set(there.values_list("key", flat=True)) == {one.id for one in batches}
    rows = {(row.component, row.at) for one in batches for row in one.rows}
    counters = CountedStream.objects.filter(component="api").values_list("pk", flat=True)
    counted = sum(one.total for one in counts_of(list(counters), 0, world.now // MINUTE))
    assert sum(there.values_list("rows", flat=True)) == len(rows)
    assert counted * 2 == len(rows), "half of them are of one component"
    texts = [one for one in world.orders if isinstance(one, Applied)]
    provider = Provider.objects.get(pk=world.office.provider.pk)
    assert provider.revision == 1 + len(texts)
    if texts:
        assert texts_in_force(provider.pk) == texts[-1].texts


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
    pages = Page.objects.filter(rule="late")
    acknowledged = pages.exclude(acknowledged_at=None).values_list("cause", flat=True)
    taken = {cause.split("/")[2] for cause in acknowledged}  # whoever was not woken by then is not
    told: dict[tuple[str, str], set[str]] = {}
    for row in Message.objects.filter(rank=0, rule__in=LADDER).select_related("person"):
        assert row.person is not None
        told.setdefault((row.rule, row.cause.split("/")[2]), set()).add(row.person.name)
    for subject, at in opened.items():
        for rule, (after, people) in LADDER.items():
            found = told.get((rule, subject), set())
            if subject not in known:
                assert found >= people or (rule == "late" and subject in taken), (subject, rule, found)
            elif known[subject] < at + after:
                assert not found, (subject, rule, found)
    assert {subject for _, subject in told} <= set(opened)
    if not world.setting.chain:
        return
    for page in pages:
        if page.cause.split("/")[2] not in known.keys() | taken:
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
    rows = list(Message.objects.select_related("digest", "page").prefetch_related("attempts"))
    by_id = {row.pk: row for row in rows}
    ways = {(row.person_id, row.rule, row.cause, row.stage, row.rank): row for row in rows}
    by_key = {row.key[:32]: row for row in rows}
    assert len(by_key) == len(rows)
    sent: Counter[int] = Counter()
    for name, times in wire.items():
        (key,) = [one for one in by_key if one in name]
        sent[by_key[key].pk] += times
    answered = {one.subject for one in world.facts if one.type == "ticket.replied"}
    unknown = again = 0
    for row in rows:
        states = Counter(one.state for one in row.attempts.all())
        if row.state == "suppressed" and row.digest_id is not None:
            assert by_id[row.digest_id].is_digest, (row.rule, row.said)
            assert _went(row, ways), (row.rule, row.said)
        elif row.said == OVER:
            assert (row.state, row.page_id) == ("suppressed", None)
            assert row.cause.split("/")[2] in answered, (row.rule, row.cause)
        elif row.said.startswith(TOLD) and row.state == "suppressed":
            assert _was_told(row, rows), (row.rule, row.said)
        elif row.said == NOTHING_LEFT:
            assert (row.rule, row.contract, row.gathered.count()) == (DIGEST, "", 0), row.cause
        elif row.state == "suppressed":
            assert (row.page_id is not None, row.said in (GONE, ACKNOWLEDGED)) == (True, True)
        elif row.state == "failed":
            assert states["refused"] == 1, row.said
            # What another way accepted meanwhile, or nobody is to be woken for any more, goes no way behind.
            assert _went(row, ways) or _was_told(row, rows) or _is_taken(row), _each_way(row, rows)
        else:
            assert row.state == "accepted", (row.rule, row.state, row.said)
            assert states["accepted"] == 1
        alone = row.state == "accepted"
        assert alone <= sent[row.pk] <= alone + states["unknown"], (row.rule, states, sent[row.pk])
        unknown += states["unknown"]
        again += max(sent[row.pk] - 1, 0)
    assert Attempt.objects.filter(state="accepted").count() == sum(row.state == "accepted" for row in rows)
    return Found(len(rows), unknown, again)


def _went(row: Message, ways: Mapping[tuple[object, ...], Message]) -> bool:
    """Whether a message was taken, alone or in a digest, by its way or one behind; or is needed no more."""
    if row.state == "suppressed" and row.digest is not None:
        return _went(row.digest, ways)
    if row.state != "failed":
        is_needed_no_more = row.said in (ACKNOWLEDGED, OVER, NOTHING_LEFT) or row.said.startswith(TOLD)
        return row.state == "accepted" or is_needed_no_more
    behind = ways.get((row.person_id, row.rule, row.cause, row.stage, row.rank + 1))
    return behind is not None and _went(behind, ways)


def _is_taken(row: Message) -> bool:
    """Whether somebody takes care of what a page is about, or it is over: then it goes no way behind."""
    page = row.page
    return page is not None and (page.acknowledged_at is not None or page.over_at is not None)


def _each_way(row: Message, rows: Iterable[Message]) -> list[tuple[object, ...]]:
    """A message by every way that it went, for who has to find out why none took it."""
    return [
        (one.rule, one.cause, one.stage, one.rank, one.state, one.said, one.spare, one.fall_back_at, one.page)
        for one in rows
        if same(one) == same(row)
    ]


def _was_told(row: Message, rows: Iterable[Message]) -> bool:
    """Whether another way has accepted a message, alone or in a digest."""
    others = [one for one in rows if one.pk != row.pk and same(one) == same(row)]
    return any("accepted" in (one.state, one.digest and one.digest.state) for one in others)
