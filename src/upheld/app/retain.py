"""What is not kept for ever: the texts of messages, changes that were told of, personal text of facts.

Facts stay, with the salted hash of what was personal in them; messages stay without their text, as their keys
are what keeps one from being sent again. Events go with the changes that they told of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeVar

from django.db.models import Model, QuerySet

from upheld.app.apart import in_turn
from upheld.core.facts.fact import NO_DATA
from upheld.core.timeline.instant import DAY, Duration, Instant
from upheld.core.values.frozen import dataclass, replace
from upheld.store.ledger import family
from upheld.store.locking import hold_in_order, locked, writing
from upheld.store.mapping import corrected_fact, corrected_text, fact_of
from upheld.store.models import Attempt, Change, Message, Provider, RecordedFact, StandingFact
from upheld.store.walls import between

BATCH: Final = 1_000
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each is kept; None: for ever. Source: settings `UPHELD_KEEP_...`."""

    texts_us: Duration | None = 400 * DAY
    changes_us: Duration | None = 90 * DAY
    personal_us: Duration | None = None


KEPT: Final = Retention()
"""What holds unless the environment says otherwise."""


def retain(retention: Retention, at: Instant) -> int:
    """Takes away what has been kept long enough, at most a batch of each; says how much that was."""
    gone = 0
    if retention.texts_us is not None:
        ended = Message.objects.filter(ended_at__lt=at - retention.texts_us).exclude(text="")
        gone += _each(ended, _without_texts)
    if retention.changes_us is not None:
        until = at - retention.changes_us
        gone += _each(Change.objects.filter(at__lt=until), _taken_away)
        gone += _each(Message.objects.filter(endpoint__isnull=False, ended_at__lt=until), _taken_away)
    if retention.personal_us is not None:
        old = RecordedFact.objects.filter(recorded_at__lt=at - retention.personal_us, personal__isnull=False)
        gone += _each(old, _erased)
    return gone


def _each(rows: QuerySet[_Row], act: Callable[[int, QuerySet[_Row]], int]) -> int:
    """Does something with at most a batch of rows, between the walls of one provider after another."""

    def done(provider_id: int, pks: Sequence[int]) -> int:
        with between(provider_id), writing():
            return act(provider_id, rows.model._default_manager.filter(pk__in=pks))

    return in_turn("what is old goes", rows.order_by("pk"), BATCH, done)


def erase(provider_id: int, subjects: Collection[str]) -> int:
    """Takes away the personal text of every fact about these subjects, and of what corrected one.

    Says of how many. Backups have it until they are deleted.
    """
    with between(provider_id):
        provider = Provider.objects.get(pk=provider_id)
        rows = RecordedFact.objects.filter(provider=provider).order_by("position")
        told = rows.values_list("source", "fact_id", "entry").iterator()
        keys = [(source, id_) for source, id_, entry in told if fact_of(entry, None).subject in subjects]
    erased = 0
    for start in range(0, len(keys), BATCH):
        with between(provider_id), writing():
            known = family(provider, keys[start : start + BATCH]).values()
            erased += _erased(provider_id, RecordedFact.objects.filter(pk__in=[one.id for one in known]))
    return erased


def _erased(provider_id: int, recorded: QuerySet[RecordedFact]) -> int:
    """Takes away the personal text of recorded facts, and of what stands in their place."""
    locked(provider_id)
    for row in StandingFact.objects.filter(recorded__in=recorded).exclude(corrected=""):
        row.corrected = corrected_text(replace(corrected_fact(row.corrected), private=NO_DATA))
        row.save(update_fields=["corrected"])
    return recorded.filter(personal__isnull=False).update(personal=None, salt=None)


def _without_texts(provider_id: int, ended: QuerySet[Message]) -> int:
    """What messages that came to an end said, and what was said to each attempt."""
    hold_in_order(ended)
    Attempt.objects.filter(message__in=ended).update(said="")
    return ended.update(subject="", text="")


def _taken_away(provider_id: int, rows: QuerySet[_Row]) -> int:
    hold_in_order(rows)
    return rows.delete()[0]
