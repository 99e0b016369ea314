"""Pages: people of the provider are woken, level after level, until one of them acknowledges.

A page is one stage of one cause. Its people are asked by the chains of the roles that the stage tells; who
has such a role without a chain is told once, with the page.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from django.conf import settings

from upheld.app.apart import apart
from upheld.app.call_off import call_off
from upheld.app.chains import read_chains
from upheld.app.composing import (
    Owed,
    message_key,
    message_to,
    message_to_nobody,
    reader_of,
    ways,
    write,
)
from upheld.app.crash import point
from upheld.app.inside import earliest, providers_of
from upheld.app.wording import Own, own_templates
from upheld.core.alerting.rota import Chain, asked
from upheld.core.alerting.stage import About, Stage, event_cause
from upheld.core.alerting.template import rendered, template_for
from upheld.core.evaluating.narrow import Scope
from upheld.core.timeline.instant import Instant
from upheld.core.values.key import CellKey
from upheld.store.locking import locked, writing
from upheld.store.models import Page, Person, Provider
from upheld.store.walls import between, over_every_provider

PATH: Final = "acknowledge"
"""Where the link of a message leads, below the address of the server."""
_CODE: Final = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})-([a-z2-7]{26})", re.ASCII)


class Asked(NamedTuple):
    """How many messages woke somebody, and how many pages went to the end of their chains unheard."""

    written: int
    unheard: int


# -- begun, and asked on -----------------------------------------------------------------------------------


def begun(provider: Provider, stages: Iterable[Stage], at: Instant) -> Mapping[tuple[str, str, str], Page]:
    """The page of each stage that wakes people of the provider, by its key; those that are new begin now.

    In the transaction of the caller, who holds the provider.
    """
    waking = {
        _key(provider, stage): stage
        for stage in stages
        if stage.urgency == "page" and stage.audience == "provider"
    }
    if not waking:
        return {}
    pages = {row.key: row for row in Page.objects.filter(provider=provider, key__in=waking)}
    roles = {role for stage in waking.values() for role in stage.to}
    chained = set(provider.chains.filter(role__in=roles).values_list("role", flat=True))
    for key, page in pages.items():
        if page.over_at is not None and waking[key].about.stopped_at is None:
            _resume(page, at)
    fresh = [_page(provider, key, stage, chained, at) for key, stage in waking.items() if key not in pages]
    pages |= {row.key: row for row in Page.objects.bulk_create(fresh)}
    return {stage.key: pages[key] for key, stage in waking.items()}


def _page(provider: Provider, key: str, stage: Stage, chained: set[str], at: Instant) -> Page:
    asking = {role: {"reached": 0, "next_at": at} for role in stage.to if role in chained}
    return Page(
        provider=provider,
        key=key,
        contract=stage.about.contract,
        cause=stage.cause,
        rule=stage.rule,
        stage=stage.name,
        told=_told(stage),
        paged_at=at,
        asking=asking,
        next_at=at if asking else None,
    )


def _resume(page: Page, at: Instant) -> None:
    """What was over is not: whoever was not woken yet is."""
    page.over_at = None
    if page.acknowledged_at is None:
        page.next_at = min((max(one, at) for one in _waiting(page)), default=None)
    page.save(update_fields=["over_at", "next_at"])


class Judged(NamedTuple):
    """What was judged anew: cells of clocks, and subjects, of which the events are told."""

    cells: Collection[CellKey]
    subjects: Collection[Scope]

    def has(self, page: Page) -> bool:
        """Whether a page is about any of it."""
        about = page.told["about"]
        if about["what"] == "clock":
            return CellKey(page.contract, about["commitment"], about["subject"]) in self.cells
        if about["what"] != "event":
            return False
        causes = [event_cause(one.contract, one.kind, one.subject) for one in self.subjects if one.kind]
        return any(page.cause == cause or page.cause.startswith(f"{cause}/") for cause in causes)


def settle(provider: Provider, judged: Callable[[], Judged], stages: Iterable[Stage], at: Instant) -> None:
    """Pages about what was judged of which the stages say no more that somebody is to be woken are over.

    What that was is asked only while somebody is being woken.

    Where the clock was stopped, whoever is woken first is, even so: what was late is told. Where there is no
    such stage any more, as what it was about was withdrawn or moved, nobody else is, and who was is told so.
    In the transaction of the caller, who holds the provider.
    """
    asking = list(Page.objects.filter(provider=provider, next_at__isnull=False, over_at=None))
    if not asking:
        return
    what = judged()
    stopped = {
        _key(provider, stage): stage.about.stopped_at is not None for stage in stages if stage.at <= at
    }
    for page in filter(what.has, asking):
        is_gone = page.key not in stopped
        if is_gone or stopped[page.key]:
            page.over_at = at
            if is_gone or any(one["reached"] for one in page.asking.values()):
                page.next_at = None
            page.save(update_fields=["over_at", "next_at"])
        if is_gone:
            write(call_off(page, at))


def _waiting(page: Page) -> list[Instant]:
    """When the next level of each chain is reached that has not ended."""
    return [one["next_at"] for one in page.asking.values() if one["next_at"] is not None]


def page_of(provider: Provider, stage: Stage) -> Page:
    """The page of a stage that has begun. DoesNotExist if it has not."""
    return Page.objects.get(provider=provider, key=_key(provider, stage))


def _key(provider: Provider, stage: Stage) -> str:
    return message_key(provider.key, stage.rule, stage.cause, stage.name, 0, "page")


def next_ask() -> Instant | None:
    """When somebody is woken next because nobody has acknowledged."""
    return earliest(Page.objects.filter(next_at__isnull=False), "next_at")


def ask_on(at: Instant) -> Asked:
    """Wakes those whose level of a chain is reached by an instant."""
    due = Page.objects.filter(next_at__lte=at)
    written = unheard = 0
    for provider_id in providers_of(due):
        with apart("people are woken", provider_id), between(provider_id), writing():
            provider = locked(provider_id)
            rows = list(due.filter(provider=provider).select_for_update())
            if not rows:
                continue
            chains = read_chains(provider)
            people = Person.objects.filter(provider=provider, customer=None).prefetch_related("reaches")
            by_name = {person.name: person for person in people}
            own = own_templates(provider_id)
            for page in rows:
                owed = list(_owed(page, chains, by_name, own, at))
                write(owed)
                written += len(owed)
                unheard += page.next_at is None and page.over_at is None
            Page.objects.bulk_update(rows, ["asking", "next_at"])
            point("ask.before_commit")
        point("ask.after_commit")
    return Asked(written, unheard)


def _owed(
    page: Page, chains: Mapping[str, Chain], people: Mapping[str, Person], own: Own, at: Instant
) -> Iterator[Owed]:
    """The messages of the levels that are reached. How far the chains have come is written in the page."""
    stage = _stage(page.told)
    told = set(page.messages.values_list("person_id", flat=True))
    is_told = bool(told)
    for role, so_far in page.asking.items():
        chain = chains.get(role)
        is_first = not so_far["reached"]
        while so_far["next_at"] is not None and so_far["next_at"] <= at:
            if page.over_at is not None and is_told:
                break
            reached = None if chain is None else asked(chain, so_far["reached"], so_far["next_at"])
            if reached is None:
                so_far["next_at"] = None
                break
            again = f"{role} {so_far['reached'] + 1}" if so_far["reached"] else ""
            named = [people[name] for name in reached.people if name in people]
            met = [(one, found) for one in named if (found := ways(stage, one))]
            for one, found in met:
                # Who has a role of the page, or is woken first by another, was woken with it: once is enough.
                if not (is_first and one.pk in told):
                    link = link_of(page, one)
                    yield message_to(one, found, page.provider, stage, at, own, page, link, again)
            told |= {one.pk for one, _ in met}
            is_told = is_told or bool(met)
            is_first = is_first and not met
            so_far["reached"] += 1
            # Whoever is woken late has as long as who is woken in time; a level with nobody takes no time.
            late_us = at - so_far["next_at"]
            so_far["next_at"] = reached.next_at + late_us if met else at
    page.next_at = None if page.over_at is not None else min(_waiting(page), default=None)
    if page.next_at is None and not is_told:
        yield message_to_nobody(page.provider, stage, at)


def _told(stage: Stage) -> dict[str, Any]:
    """A stage as it is kept."""
    about = {name: getattr(stage.about, name) for name in About.__match_args__}
    return {name: getattr(stage, name) for name in Stage.__match_args__} | {"about": about}


def _stage(told: Mapping[str, Any]) -> Stage:
    """The stage that was kept."""
    channels = told["channels"]
    said = {**told, "to": tuple(told["to"]), "channels": None if channels is None else tuple(channels)}
    return Stage(**said | {"about": About(**told["about"])})


# -- the link of a message ---------------------------------------------------------------------------------


def link_of(page: Page, person: Person) -> str:
    """Where somebody acknowledges a page; without an address of this server, what to name by the API."""
    if not settings.PUBLIC_URL:
        return f"page {page.pk}"
    return f"{settings.PUBLIC_URL}/{PATH}/{page.pk}-{person.pk}-{_proof(page.key, person.pk)}"


def heading_of(page: Page, person: Person) -> str:
    """What a page is about, in the words in which somebody was told."""
    stage, reader = _stage(page.told), reader_of(person)
    text = template_for(stage, reader.language, own_templates(page.provider_id))
    return rendered(text, stage, reader).subject


class Linked(NamedTuple):
    """What a link leads to: a page, and who was sent it."""

    page: Page
    person: Person


def linked(code: str) -> Linked | None:
    """The page and the person of the code in a link; None if we never wrote it."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    with over_every_provider():
        page = Page.objects.filter(pk=int(found[1])).first()
    if page is None or not hmac.compare_digest(_proof(page.key, int(found[2])), found[3]):
        return None
    with between(page.provider_id):
        person = Person.objects.filter(pk=int(found[2]), provider_id=page.provider_id).first()
    return None if person is None else Linked(page, person)


def _proof(key: str, person_id: int) -> str:
    """What only this server can write: 130 bits for a page and a person."""
    secret = sha256(b"upheld acknowledge 1\x00" + settings.SECRET_KEY.encode()).digest()
    digest = hmac.digest(secret, f"{key}/{person_id}".encode(), sha256)
    return base64.b32encode(digest).decode("ascii").lower()[:26]
