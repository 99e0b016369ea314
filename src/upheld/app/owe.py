"""What is owed to whom: the stages that are reached, as messages, each written once.

A stage that was reached before its contract went live is nobody's message now. Source: design 9; safety R3.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from django.db.models import Q

from upheld.core.alerting.delivery import CLASS_DEADLINES, Quiet, heard_at
from upheld.core.alerting.stage import Stage
from upheld.core.alerting.template import Reader, rendered, template_for
from upheld.core.alerting.texts import Language
from upheld.core.timeline.instant import Instant
from upheld.language.world import YEARS
from upheld.language.zones import zone_named
from upheld.store.inserting import insert
from upheld.store.locking import writing
from upheld.store.models import BoundContract, Message, Person, Provider, Reach
from upheld.store.walls import between

_COLUMNS: Final = tuple(one.attname for one in Message._meta.concrete_fields if not one.primary_key)
EVERYONE: Final = "all"
"""The role of everybody of an audience."""
NOBODY: Final = "nobody has this role, or a way to be told"


def owe(provider: Provider, stages: Iterable[Stage], at: Instant) -> None:
    """Writes the messages of stages that are reached by an instant, those that are not written yet."""
    reached = [stage for stage in stages if stage.at <= at]
    if not reached:
        return
    live = _live(provider, {stage.about.contract for stage in reached})
    people = list(Person.objects.filter(provider=provider).prefetch_related("reaches"))
    owed = [
        message
        for stage in reached
        if stage.at >= live.get(stage.about.contract, (at + 1, 0))[0]
        for message in _messages(provider, stage, people, live, at)
    ]
    insert(Message, _COLUMNS, [_values(one) for one in owed], keys=("provider_id", "key"))


def _values(message: Message) -> tuple[object, ...]:
    return tuple(
        json.dumps(message.spare) if name == "spare" else getattr(message, name) for name in _COLUMNS
    )


def message_key(provider: str, rule: str, cause: str, stage: str, person: int, channel: str) -> str:
    """What makes a message the one it is. Source: safety R3."""
    parts = (provider, rule, cause, stage, str(person), channel)
    return sha256("\x1f".join(parts).encode()).hexdigest()


def fall_back(at: Instant) -> int:
    """Messages that nobody has accepted in time, or that were refused, go the next way; says how many."""
    late = Message.objects.filter(Q(fall_back_at__lte=at) | Q(state="failed", fall_back_at__isnull=False))
    found = 0
    for provider_id in list(late.values_list("provider_id", flat=True).distinct()):
        with between(provider_id), writing():
            own = late.filter(provider_id=provider_id).select_for_update(skip_locked=True, of=("self",))
            rows = list(own.select_related("provider"))
            following = [one for row in rows if row.state != "accepted" and (one := _following(row, at))]
            Message.objects.bulk_create(following, ignore_conflicts=True)
            for row in rows:
                row.fall_back_at = None
            Message.objects.bulk_update(rows, ["fall_back_at"])
            found += len(following)
    return found


def _following(row: Message, at: Instant) -> Message | None:
    """The same message by the next way that does not rest; None if there is none left."""
    ways_left = Reach.objects.filter(pk__in=row.spare, rests="").order_by("rank")
    reach = ways_left.first()
    if reach is None:
        return None
    spare = list(ways_left.values_list("pk", flat=True))[1:]
    copied = ("provider", "contract", "cause", "rule", "stage", "stage_at", "urgency", "audience", "person")
    return Message(
        **{name: getattr(row, name) for name in (*copied, "subject", "text")},
        key=message_key(row.provider.key, row.rule, row.cause, row.stage, row.person_id or 0, reach.channel),
        reach=reach,
        rank=row.rank + 1,
        owed_at=at,
        next_at=at,
        spare=spare,
        fall_back_at=at + CLASS_DEADLINES[row.urgency] if spare else None,  # type: ignore[index]
    )


def _live(provider: Provider, contracts: set[str]) -> Mapping[str, tuple[Instant, int]]:
    """Since when each contract is live, and whose it is."""
    rows = BoundContract.objects.filter(provider=provider, contract__in=contracts)
    return {
        name: (at, customer) for name, at, customer in rows.values_list("contract", "live_at", "customer")
    }


def _messages(
    provider: Provider,
    stage: Stage,
    people: Iterable[Person],
    live: Mapping[str, tuple[Instant, int]],
    at: Instant,
) -> Iterator[Message]:
    """One for each person with a role of the stage, by the first way that the contract gives."""
    _, customer = live[stage.about.contract]
    found = False
    whose = None if stage.audience == "provider" else customer
    for person in people:
        is_meant = EVERYONE in stage.to or not set(stage.to).isdisjoint(person.roles)
        if person.customer_id == whose and is_meant and (reaches := ways(stage, person)):
            found = True
            yield _message(provider, stage, person, reaches, at)
    if not found:
        yield Message(
            **_of_stage(provider, stage, at),
            key=message_key(provider.key, stage.rule, stage.cause, stage.name, 0, ""),
            subject="",
            text="",
            state="failed",
            said=NOBODY,
            ended_at=at,
        )


def ways(stage: Stage, person: Person) -> list[Reach]:
    """The ways to a person that the contract gives, the first to be tried first."""
    reaches = sorted(person.reaches.all(), key=lambda reach: reach.rank)
    return [
        reach
        for reach in reaches
        if not reach.rests and (stage.channels is None or reach.channel in stage.channels)
    ]


def _message(
    provider: Provider, stage: Stage, person: Person, reaches: Sequence[Reach], at: Instant
) -> Message:
    zone = zone_named(person.zone, *YEARS)
    quiet = Quiet(zone, person.quiet_from_s, person.quiet_until_s, person.digest_s)
    language: Language = "nl" if person.language == "nl" else "en"
    said = rendered(template_for(stage, language), stage, Reader(language, zone))
    goes_at = heard_at(max(stage.at, at), stage.urgency, quiet)
    first, *spare = reaches
    return Message(
        **_of_stage(provider, stage, at),
        key=message_key(provider.key, stage.rule, stage.cause, stage.name, person.pk, first.channel),
        person=person,
        reach=first,
        subject=said.subject,
        text=said.body,
        next_at=goes_at,
        spare=[reach.pk for reach in spare],
        fall_back_at=goes_at + CLASS_DEADLINES[stage.urgency] if spare else None,
    )


def _of_stage(provider: Provider, stage: Stage, at: Instant) -> dict[str, Any]:
    return {
        "provider": provider,
        "contract": stage.about.contract,
        "cause": stage.cause,
        "rule": stage.rule,
        "stage": stage.name,
        "stage_at": stage.at,
        "urgency": stage.urgency,
        "audience": stage.audience,
        "owed_at": at,
    }
