"""What is not kept for ever: the texts of messages, changes that were told of, personal text of facts.

Facts stay, with the salted hash of what was personal in them; messages stay without their text, as their keys
are what keeps one from being sent again. Events go with the changes that they told of.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from upheld.core.facts.fact import NO_DATA
from upheld.core.timeline.instant import DAY, Duration, Instant
from upheld.core.values.frozen import dataclass, replace
from upheld.store.ledger import family
from upheld.store.locking import locked, writing
from upheld.store.mapping import corrected_fact, corrected_text, fact_of
from upheld.store.models import Attempt, Change, Message, Provider, RecordedFact, StandingFact

BATCH: Final = 1_000


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
        gone += _without_texts(at - retention.texts_us)
    if retention.changes_us is not None:
        with writing():
            told = Change.objects.filter(at__lt=at - retention.changes_us).order_by("pk")
            pks = list(told.values_list("pk", flat=True)[:BATCH])
            gone += Change.objects.filter(pk__in=pks).delete()[0]
            events = Message.objects.filter(endpoint__isnull=False, ended_at__lt=at - retention.changes_us)
            pks = list(events.order_by("pk").values_list("pk", flat=True)[:BATCH])
            gone += Message.objects.filter(pk__in=pks).delete()[0]
    if retention.personal_us is not None:
        old = RecordedFact.objects.filter(recorded_at__lt=at - retention.personal_us, personal__isnull=False)
        found = list(old.order_by("pk").values_list("provider", "pk")[:BATCH])
        for provider_id in sorted({provider for provider, _ in found}):
            gone += _erase(provider_id, [pk for provider, pk in found if provider == provider_id])
    return gone


def erase(provider_id: int, subjects: Collection[str]) -> int:
    """Takes away the personal text of every fact about these subjects, and of what corrected one.

    Says of how many. Backups have it until they are deleted.
    """
    provider = Provider.objects.get(pk=provider_id)
    rows = RecordedFact.objects.filter(provider=provider).order_by("position")
    told = rows.values_list("source", "fact_id", "entry").iterator()
    keys = [(source, id_) for source, id_, entry in told if fact_of(entry, None).subject in subjects]
    erased = 0
    for start in range(0, len(keys), BATCH):
        related = family(provider, keys[start : start + BATCH]).values()
        erased += _erase(provider_id, [one.id for one in related])
    return erased


def _erase(provider_id: int, recorded: Collection[int]) -> int:
    """Takes away the personal text of recorded facts, and of what stands in their place."""
    with writing():
        locked(provider_id)
        for row in StandingFact.objects.filter(recorded__in=recorded).exclude(corrected=""):
            row.corrected = corrected_text(replace(corrected_fact(row.corrected), private=NO_DATA))
            row.save(update_fields=["corrected"])
        return RecordedFact.objects.filter(pk__in=recorded, personal__isnull=False).update(
            personal=None, salt=None
        )


def _without_texts(until: Instant) -> int:
    """What messages that came to an end said, and what was said to each attempt."""
    with writing():
        ended = Message.objects.filter(ended_at__lt=until).exclude(text="").order_by("pk")
        pks = list(ended.values_list("pk", flat=True)[:BATCH])
        Attempt.objects.filter(message__in=pks).update(said="")
        return Message.objects.filter(pk__in=pks).update(subject="", text="")
