"""What is owed to whom: the stages that are reached, as messages, each written once.

A stage that was reached before its contract went live is nobody's message now. Source: design 9; safety R3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from django.db.models import Q

from upheld.app.apart import apart
from upheld.app.chains import read_chains
from upheld.app.composing import (
    OVER,
    Owed,
    message_key,
    message_to,
    message_to_nobody,
    ways,
    write,
)
from upheld.app.crash import point
from upheld.app.inside import earliest, providers_of
from upheld.app.other_ways import last_untold
from upheld.app.paging import begun, link_of
from upheld.app.wording import Own, own_templates
from upheld.core.alerting.delivery import CLASS_DEADLINES
from upheld.core.alerting.rota import Chain, asked
from upheld.core.alerting.stage import Stage, is_done
from upheld.core.timeline.instant import Instant
from upheld.store.locking import locked, writing
from upheld.store.models import BoundContract, Message, Page, Person, Provider, Reach
from upheld.store.walls import between

EVERYONE: Final = "all"
"""The role of everybody of an audience."""
NEW: Final = 0, "first"
"""What the first message of a stage is known by, whoever gets it: so the stage is told once."""
AGAIN: Final = (
    "stage_at", "urgency", "reach_id", "subject", "text", "owed_at", "state", "said", "next_at", "spare",
    "fall_back_at", "ended_at",
)  # fmt: skip
"""What is written anew of a message that is owed again."""


def owe(provider: Provider, stages: Iterable[Stage], at: Instant) -> None:
    """Writes the messages of stages that are reached by an instant, those that are not written yet.

    Nobody is warned of what had been done in time before anybody was told that it had begun. What was
    suppressed as over, and is not over after all, is owed again.
    """
    reached = [stage for stage in stages if stage.at <= at and not is_done(stage.about)]
    if not reached:
        return
    live = _live(provider, {stage.about.contract for stage in reached})
    told = [stage for stage in reached if _is_live(stage, live)]
    pages = begun(provider, told, at)
    new = _new(provider, told, pages, at)
    again = _not_over(provider, told, pages) if len(new) < len(told) else []
    if not new and not again:
        return
    office = _Office(
        provider,
        list(Person.objects.filter(provider=provider).prefetch_related("reaches")),
        live,
        own_templates(provider.pk),
        read_chains(provider),
        at,
        {},
    )
    write(message for stage in new for message in _messages(office, stage, pages.get(stage.key)))
    for row, stage in again:
        _owe_again(office, row, stage)


def _new(
    provider: Provider, stages: Sequence[Stage], pages: Mapping[tuple[str, str, str], Page], at: Instant
) -> Sequence[Stage]:
    """The stages that nobody was told. Who gets a role later, or another way, is not told what is past."""
    keys = {
        stage.key: message_key(provider.key, *stage.key, *NEW) for stage in stages if stage.key not in pages
    }
    written = Message.objects.filter(provider=provider, key__among=keys.values())
    known = set(written.values_list("key", flat=True))
    return [
        stage
        for stage in stages
        if (keys[stage.key] not in known if stage.key in keys else pages[stage.key].paged_at == at)
    ]


def _not_over(
    provider: Provider, stages: Iterable[Stage], pages: Collection[tuple[str, str, str]]
) -> Sequence[tuple[Message, Stage]]:
    """Messages of stages that were suppressed as over, as by a reply that was taken back since.

    Who was removed since is told nothing, and nobody of the same by two ways.
    """
    told = {stage.key: stage for stage in stages if stage.key not in pages}
    over = Message.objects.filter(provider=provider, state="suppressed", digest=None, page=None, said=OVER)
    over = over.filter(contract__among={stage.about.contract for stage in told.values()})
    rows = over.filter(cause__among={stage.cause for stage in told.values()}, person__isnull=False)
    found = {row: told.get((row.rule, row.cause, row.stage)) for row in rows.order_by("pk")}
    again = last_untold(row for row, stage in found.items() if stage is not None)
    return [(row, stage) for row in again if (stage := found[row]) is not None]


def _owe_again(office: _Office, row: Message, stage: Stage) -> None:
    """A message is as if it was owed now, under the key that it has."""
    person = next(one for one in office.people if one.pk == row.person_id)
    owed = (
        message_to(person, reaches, office.provider, stage, office.at, office.own)
        if (reaches := office.ways(stage, person))
        else message_to_nobody(office.provider, stage, office.at)
    )
    for name in AGAIN:
        setattr(row, name, owed[name])
    row.save(update_fields=AGAIN)


def fall_back(at: Instant) -> int:
    """Messages that nobody has accepted in time, or that were refused, go the next way; says how many."""
    late = Message.objects.filter(Q(fall_back_at__lte=at) | Q(state="failed", fall_back_at__isnull=False))
    found = 0
    for provider_id in providers_of(late):
        with apart("messages fall back", provider_id), between(provider_id), writing():
            locked(provider_id)  # whoever changes the ways to somebody does so before, or after
            own = late.filter(provider_id=provider_id).select_for_update(skip_locked=True, of=("self",))
            rows = list(own.select_related("provider"))
            following = []
            for row in rows:
                row.fall_back_at = None
                if row.state not in ("accepted", "suppressed"):
                    one = _following(row, at)
                    following += [] if one is None else [one]
                    row.spare = [] if one is None else row.spare  # no way is left but this one
            Message.objects.bulk_create(following, ignore_conflicts=True)
            Message.objects.bulk_update(rows, ["fall_back_at", "spare"])
            found += len(following)
            point("fall_back.before_commit")
        point("fall_back.after_commit")
    return found


def next_fall() -> Instant | None:
    """When a message goes the next way, if nobody accepts it before."""
    return earliest(Message.objects.filter(fall_back_at__isnull=False), "fall_back_at")


def _following(row: Message, at: Instant) -> Message | None:
    """The same message by the next way that does not rest; None if there is none left."""
    ways_left = Reach.objects.filter(pk__in=row.spare, rests="").order_by("rank")
    reach = ways_left.first()
    if reach is None:
        return None
    spare = list(ways_left.values_list("pk", flat=True))[1:]
    copied = ("provider", "contract", "cause", "rule", "stage", "stage_at", "urgency", "audience", "person")
    way = f"{reach.channel} {row.rank + 1}"  # somebody may have two addresses of one channel
    return Message(
        **{name: getattr(row, name) for name in (*copied, "page_id", "subject", "text")},
        key=message_key(row.provider.key, row.rule, row.cause, row.stage, row.person_id or 0, way),
        reach=reach,
        rank=row.rank + 1,
        owed_at=at,
        next_at=at,
        spare=spare,
        fall_back_at=at + CLASS_DEADLINES[row.urgency] if spare else None,  # type: ignore[index]
    )


def _is_live(stage: Stage, live: Mapping[str, tuple[Instant, int]]) -> bool:
    """Whether a stage is told now: what is of no contract always is."""
    contract = stage.about.contract
    return not contract or (contract in live and stage.at >= live[contract][0])


def _live(provider: Provider, contracts: set[str]) -> Mapping[str, tuple[Instant, int]]:
    """Since when each contract is live, and whose it is."""
    rows = BoundContract.objects.filter(provider=provider, contract__in=contracts)
    return {
        name: (at, customer) for name, at, customer in rows.values_list("contract", "live_at", "customer")
    }


class _Office(NamedTuple):
    """Who can be told, and how: people, whose each contract is since when, texts, and chains by role."""

    provider: Provider
    people: Sequence[Person]
    live: Mapping[str, tuple[Instant, int]]
    own: Own
    chains: Mapping[str, Chain]
    at: Instant
    known: dict[tuple[int, tuple[str, ...] | None], list[Reach]]

    def ways(self, stage: Stage, person: Person) -> list[Reach]:
        """The ways to a person, asked for once for all stages that give the same channels."""
        key = person.pk, stage.channels
        if key not in self.known:
            self.known[key] = ways(stage, person)
        return self.known[key]


def _messages(office: _Office, stage: Stage, page: Page | None) -> Iterator[Owed]:
    """One for each person with a role of the stage, or on duty for it, by the first way of the contract."""
    told: set[int] = set()
    for person, reaches in _meant(office, stage, page):
        if person.pk not in told:
            link = "" if page is None else link_of(page, person)
            whom = NEW if page is None and not told else None
            told.add(person.pk)
            yield message_to(
                person, reaches, office.provider, stage, office.at, office.own, page, link, whom=whom
            )
    # Whom chains wake is written when their levels are reached.
    if not told and not (page is not None and page.asking):
        yield message_to_nobody(office.provider, stage, office.at)


def _meant(office: _Office, stage: Stage, page: Page | None) -> Iterator[tuple[Person, list[Reach]]]:
    """Who has a role of a stage, and who is on duty for what wakes nobody, with the ways to them."""
    _, customer = office.live.get(stage.about.contract, (0, None))
    whose = None if stage.audience == "provider" else customer
    for person in office.people:
        is_meant = EVERYONE in stage.to or not set(stage.to).isdisjoint(person.roles)
        if person.customer_id == whose and is_meant and (reaches := office.ways(stage, person)):
            yield person, reaches
    if page is None and stage.audience == "provider":
        yield from _on_duty(office, stage)


def _on_duty(office: _Office, stage: Stage) -> Iterator[tuple[Person, list[Reach]]]:
    """Whoever would be woken first for the roles of a stage that wakes nobody."""
    chained = [office.chains[role] for role in stage.to if role in office.chains]
    if not chained:
        return
    by_name = {person.name: person for person in office.people if person.customer_id is None}
    for chain in chained:
        for number in range(len(chain.levels)):
            level = asked(chain, number, office.at)
            named = [by_name[name] for name in (level.people if level is not None else ()) if name in by_name]
            reached = [(person, found) for person in named if (found := office.ways(stage, person))]
            yield from reached
            if reached:
                break
