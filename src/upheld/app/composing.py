"""A message as it is written for somebody: its key, its words, the ways that it may go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Any, Final, TypeAlias

from upheld.app.wording import Own
from upheld.core.alerting.delivery import CLASS_DEADLINES, Quiet, heard_at
from upheld.core.alerting.stage import Stage
from upheld.core.alerting.template import Reader, Rendered, rendered, template_for
from upheld.core.alerting.texts import ACKNOWLEDGE, Language
from upheld.core.terms.telling import Urgency
from upheld.core.timeline.instant import Instant
from upheld.language.world import YEARS
from upheld.language.zones import zone_named
from upheld.store.inserting import insert
from upheld.store.models import Message, Page, Person, Provider, Reach

Owed: TypeAlias = dict[str, Any]
"""A message that is to be written: its values by column. To make a model takes as long as its words."""
_BLANK: Final[Owed] = {
    one.attname: one.get_default() for one in Message._meta.concrete_fields if not one.primary_key
}
_SPARE: Final = [*_BLANK].index("spare")
NOBODY: Final = "nobody has this role, or a way to be told"
OVER: Final = "over before it was to be heard: done in time, or withdrawn"
"""What suppressed a message that was owed; if it is not over after all, the message is owed again."""


def message_key(provider: str, rule: str, cause: str, stage: str, person: int, channel: str) -> str:
    """What makes a message the one it is; of a later way the channel with its rank. Source: safety R3."""
    parts = (provider, rule, cause, stage, str(person), channel)
    return sha256("\x1f".join(parts).encode()).hexdigest()


def ways(stage: Stage, person: Person) -> list[Reach]:
    """The ways to a person that the contract gives, the first to be tried first."""
    return [one for one in all_ways(person) if stage.channels is None or one.channel in stage.channels]


def all_ways(person: Person) -> list[Reach]:
    """The ways to a person that do not rest, the first to be tried first."""
    return sorted((one for one in person.reaches.all() if not one.rests), key=lambda one: one.rank)


def reader_of(person: Person) -> Reader:
    """In which language and zone somebody is told."""
    language: Language = "nl" if person.language == "nl" else "en"
    return Reader(language, zone_named(person.zone, *YEARS))


def heard_by(person: Person, reader: Reader, urgency: Urgency, due_at: Instant) -> Instant:
    """When somebody wants to hear what is due at an instant."""
    return heard_at(
        due_at, urgency, Quiet(reader.zone, person.quiet_from_s, person.quiet_until_s, person.digest_s)
    )


def message_to(
    person: Person, reaches: Sequence[Reach], provider: Provider, stage: Stage, at: Instant, own: Own,
    page: Page | None = None, link: str = "", again: str = "", whom: tuple[int, str] | None = None,
) -> Owed:  # fmt: skip
    """The message of a stage to somebody, by the first of these ways; `own` are the texts of the provider.

    One that wakes them for a page says where it is acknowledged; `again` tells it from others of the page.
    `whom` it is known by: by the person and the way, unless said.
    """
    reader = reader_of(person)
    said = rendered(template_for(stage, reader.language, own, at), stage, reader)
    text = said.body if page is None else f"{said.body.rstrip()}\n\n{ACKNOWLEDGE[reader.language]} {link}\n"
    name = f"{stage.name} ({again})" if again else stage.name
    of = _of_stage(provider, stage, at)
    of["stage"], of["page_id"] = name, None if page is None else page.pk
    due_at = max(stage.at, at)
    return _to(person, reader, reaches, provider, of, Rendered(said.subject, text), due_at, whom)


def message_to_nobody(provider: Provider, stage: Stage, at: Instant) -> Owed:
    """What a stage is told to when there is nobody to tell: it is not forgotten."""
    return _to_nobody(provider, _of_stage(provider, stage, at), at)


def notices(
    provider: Provider, people: Iterable[Person], of_customer: bool, cause: str, at: Instant,
    say: Callable[[Language], tuple[str, str]],
) -> list[Owed]:  # fmt: skip
    """What these people are told of that is about no contract, by its subject and its text."""
    of: Owed = {
        "provider_id": provider.pk,
        "contract": "",
        "cause": cause,
        "rule": "server",
        "stage": "told",
        "stage_at": at,
        "urgency": "urgent",
        "audience": "customer" if of_customer else "provider",
        "owed_at": at,
    }
    found = [
        _to(person, reader, reaches, provider, of, Rendered(*say(reader.language)), at)
        for person in people
        if (reaches := all_ways(person))
        for reader in (reader_of(person),)
    ]
    return found or [_to_nobody(provider, of, at)]


def _to(
    person: Person, reader: Reader, reaches: Sequence[Reach], provider: Provider, of: Owed, said: Rendered,
    due_at: Instant, whom: tuple[int, str] | None = None,
) -> Owed:  # fmt: skip
    """A message to somebody by the first of these ways, not before they want to hear it."""
    goes_at = heard_by(person, reader, of["urgency"], due_at)
    first, *spare = reaches
    whom = whom or (person.pk, first.channel)
    return {
        **_BLANK,
        **of,
        "key": message_key(provider.key, of["rule"], of["cause"], of["stage"], *whom),
        "person_id": person.pk,
        "reach_id": first.pk,
        "subject": said.subject,
        "text": said.body,
        "next_at": goes_at,
        "spare": [reach.pk for reach in spare],
        "fall_back_at": goes_at + CLASS_DEADLINES[of["urgency"]] if spare else None,
    }


def _to_nobody(provider: Provider, of: Owed, at: Instant) -> Owed:
    key = message_key(provider.key, of["rule"], of["cause"], of["stage"], 0, "")
    over = {"state": "failed", "said": NOBODY, "ended_at": at}
    return _BLANK | of | over | {"key": key, "subject": "", "text": ""}


def write(messages: Iterable[Owed]) -> None:
    """Writes messages, those that are not written yet."""
    insert(Message, tuple(_BLANK), map(_row, messages), keys=("provider_id", "key"))


def _row(message: Owed) -> list[Any]:
    values = [*message.values()]
    spare = values[_SPARE]
    values[_SPARE] = json.dumps(spare) if spare else "[]"  # as nearly always
    return values


def _of_stage(provider: Provider, stage: Stage, at: Instant) -> Owed:
    return {
        "provider_id": provider.pk,
        "contract": stage.about.contract,
        "cause": stage.cause,
        "rule": stage.rule,
        "stage": stage.name,
        "stage_at": stage.at,
        "urgency": stage.urgency,
        "audience": stage.audience,
        "owed_at": at,
    }
