"""Endpoints of a party: made, changed and removed by it, proven, tried, and what was sent to each.

A provider has its own, and each customer theirs: nobody sees or changes those of another party.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from django.db.models import Q, QuerySet

from upheld.app.asking import NotThereError
from upheld.app.events import CHALLENGE, KINDS, TEST, event_text
from upheld.app.faring import ON, Address, begin, end_owed, opened, sealed
from upheld.app.inside import for_who
from upheld.app.owe import EVERYONE
from upheld.app.pass_on import event
from upheld.app.people import webhook_secret
from upheld.app.policies import Who
from upheld.app.refusal import Fault, FaultyError
from upheld.app.targets import is_marked, target_fault
from upheld.app.tokens import RandomBytes
from upheld.core.timeline.instant import DAY, HOUR, SECOND, Duration, Instant
from upheld.notify.pace import MOST_FAILED, WELL
from upheld.notify.signing import MOST_SECRETS
from upheld.store.locking import hold_in_order, locked, writing
from upheld.store.models import Endpoint, Message
from upheld.store.sealing import SealError, seal
from upheld.store.walls import over_every_provider

MOST: Final = 20
"""So many has a party, those that were removed within the hour among them: see `CHALLENGED_US`."""
REMEMBERED_US: Final[Duration] = HOUR
CHALLENGED_US: Final[Duration] = 30 * SECOND
"""So long after a challenge no other one is sent to an endpoint, whatever its URL is by then."""
OLD_LIVES_US: Final[Duration] = DAY
"""So long a secret that was turned still signs beside the new one."""
BATCH: Final = 1_000
MOVED: Final = "the endpoint was given another URL"
REMOVED: Final = "removed"
SWITCHED_OFF: Final = "the endpoint was switched off"
PREFIX: Final = "msg_"
"""Begins the id of an event, as its receiver sees it."""


class EndpointError(FaultyError):
    """No endpoint can be so; `faults` say why, and what to give."""


class NotNowError(Exception):
    """The endpoint is as it is, so this cannot be done; the message says what to do first."""


class Wanted(NamedTuple):
    """What an endpoint is to be; None: as it is."""

    url: str | None = None
    kinds: Sequence[str] | None = None
    description: str | None = None
    tell: str | None = None
    enabled: bool | None = None


class Made(NamedTuple):
    """An endpoint with its new secret, which is shown now and never again."""

    endpoint: Endpoint
    secret: str


@for_who
def make_endpoint(who: Who, wanted: Wanted, at: Instant, random_bytes: RandomBytes) -> Made:
    """Makes an endpoint; one of a customer gets a challenge first. EndpointError."""
    if faults := list(_faults(who, wanted)):
        raise EndpointError(*faults)
    assert wanted.url is not None
    secret = webhook_secret(random_bytes)
    with writing():
        locked(who.provider_id)
        _all_of(who).filter(state=REMOVED, rests_until__lte=at).delete()
        if _all_of(who).count() >= MOST:
            told = f"there are {MOST} endpoints, with those that were removed within the hour"
            raise EndpointError(Fault(told, "change one"))
        endpoint = Endpoint(
            provider_id=who.provider_id,
            customer_id=who.customer_id,
            description=wanted.description or "",
            sealed=sealed(Address(wanted.url, (secret,))),
            kinds=sorted(set(wanted.kinds or ())),
            tell=wanted.tell or EVERYONE,
            state="off",
            made_at=at,
        )
        endpoint.save()
        if wanted.enabled is not False:
            _switch_on(endpoint, at, random_bytes)
    return Made(endpoint, secret)


@for_who
def endpoints_of(who: Who) -> list[Endpoint]:
    """Those of a party, in the order in which they were made."""
    return list(_of(who).order_by("pk"))


@for_who
def endpoint_of(who: Who, number: int) -> Endpoint:
    """One of them by its number. NotThereError."""
    if (found := _of(who).filter(pk=number).first()) is None:
        raise NotThereError
    return found


@for_who
def change_endpoint(
    who: Who, number: int, wanted: Wanted, at: Instant, random_bytes: RandomBytes
) -> Endpoint:
    """Gives an endpoint other values. NotThereError; EndpointError; NotNowError.

    What is owed to it when it gets another URL or is switched off is not sent. Another URL of a customer gets
    a challenge. Whoever is switched on is told what changes from then on.
    """
    with writing():
        endpoint = _locked(who, number)
        if faults := list(_faults(who, wanted, endpoint)):
            raise EndpointError(*faults)
        if wanted.kinds is not None:
            endpoint.kinds = sorted(set(wanted.kinds))
        endpoint.description = endpoint.description if wanted.description is None else wanted.description
        endpoint.tell = endpoint.tell if wanted.tell is None else wanted.tell
        _move(endpoint, wanted, at, random_bytes)
        endpoint.save()
    return endpoint


def _move(endpoint: Endpoint, wanted: Wanted, at: Instant, random_bytes: RandomBytes) -> None:
    """Gives an endpoint another URL, and switches it on or off."""
    is_on = endpoint.state in ON
    moves = wanted.url is not None and (before := _opened(endpoint)).url != wanted.url
    if moves and wanted.url is not None:
        # What is under way to the old URL says nothing of the new one, least of all that it is proven.
        end_owed(endpoint, MOVED, at, under_way=True)
        endpoint.sealed, endpoint.proven = sealed(Address(wanted.url, before.secrets)), False
    if is_on and wanted.enabled is False:
        end_owed(endpoint, SWITCHED_OFF, at)
        endpoint.state, endpoint.said = "off", ""
    elif (is_on and moves) or (not is_on and wanted.enabled):
        _switch_on(endpoint, at, random_bytes)


def _switch_on(endpoint: Endpoint, at: Instant, random_bytes: RandomBytes) -> None:
    """It is live, or has to be proven first: whoever gives a URL of somebody else's gets nothing sent there.

    What a provider sends to, its owner answers for.
    """
    if endpoint.proven or endpoint.customer_id is None:
        begin(endpoint)
    else:
        endpoint.state, endpoint.said = "unproven", ""
        endpoint.failed, endpoint.failing_since, endpoint.rests_until = WELL
        _send(endpoint, CHALLENGE, at, random_bytes)
    endpoint.save()


@for_who
def turn_endpoint(who: Who, number: int, at: Instant, random_bytes: RandomBytes) -> Made:
    """A new secret; the one before it signs beside it for a day. NotThereError; NotNowError."""
    with writing():
        endpoint = _locked(who, number)
        secret = webhook_secret(random_bytes)
        url, secrets = _opened(endpoint)
        endpoint.sealed = sealed(Address(url, (secret, *secrets)[:MOST_SECRETS]))
        endpoint.old_until = at + OLD_LIVES_US
        endpoint.save(update_fields=["sealed", "old_until"])
    return Made(endpoint, secret)


@for_who
def remove_endpoint(who: Who, number: int, at: Instant) -> None:
    """Nothing is sent there any more, and what was is forgotten. NotThereError.

    That it was there is known for an hour.
    """
    with writing():
        endpoint = _locked(who, number)
        # Not all at once: there may be very many.
        while pks := list(endpoint.messages.order_by("pk").values_list("pk", flat=True)[:BATCH]):
            some = Message.objects.filter(pk__in=pks)
            hold_in_order(some)
            some.delete()
        endpoint.state, endpoint.rests_until = REMOVED, at + REMEMBERED_US
        endpoint.sealed, endpoint.description = seal(""), ""
        endpoint.save(update_fields=["state", "rests_until", "sealed", "description"])


@for_who
def try_endpoint(who: Who, number: int, at: Instant, random_bytes: RandomBytes) -> Message:
    """Owes an endpoint an event that says nothing, or the challenge if it is not proven.

    NotThereError; NotNowError for one that is sent nothing.
    """
    with writing():
        endpoint = _on(_locked(who, number))
        if endpoint.state == "unproven":
            end_owed(endpoint, "another challenge was asked for", at)
        endpoint.rests_until = 0
        endpoint.save(update_fields=["rests_until"])
        return _send(endpoint, CHALLENGE if endpoint.state == "unproven" else TEST, at, random_bytes)


@for_who
def deliveries_of(who: Who, number: int, after: int, most: int) -> list[Message]:
    """The last events for an endpoint, the newest first, each with its attempts; those older than `after`.

    NotThereError if there is no such endpoint; 0 is behind none.
    """
    rows = endpoint_of(who, number).messages.order_by("-pk").prefetch_related("attempts")
    return list((rows.filter(pk__lt=after) if after else rows)[:most])


@for_who
def deliver_again(who: Who, number: int, event_id: str, at: Instant) -> Message:
    """Owes an event once more, under its id. NotThereError; NotNowError for one whose text is not kept."""
    with writing():
        endpoint = _locked(who, number)
        key = event_id.removeprefix(PREFIX) if event_id.startswith(PREFIX) else ""
        rows = endpoint.messages.filter(provider_id=who.provider_id, key=key).exclude(rule=CHALLENGE)
        message = rows.select_for_update(of=("self",)).first()
        if message is None:
            raise NotThereError
        _on(endpoint, "live")
        if not message.text:
            raise NotNowError("the text of this event is kept no more: read the changes instead")
        if message.state != "sending":
            message.state, message.said, message.ended_at = "waiting", "", None
            message.owed_at = message.next_at = at
            message.save(update_fields=["state", "said", "ended_at", "owed_at", "next_at"])
        return message


def unwell_endpoints() -> list[Endpoint]:
    """Those of all parties that are disabled, or have taken nothing several times in a row."""
    rows = Endpoint.objects.filter(Q(state="disabled") | Q(state__in=ON, failed__gte=MOST_FAILED))
    with over_every_provider():
        return list(rows.select_related("provider", "customer").order_by("pk"))


def _of(who: Who) -> QuerySet[Endpoint]:
    return _all_of(who).exclude(state=REMOVED)


def _all_of(who: Who) -> QuerySet[Endpoint]:
    rows = Endpoint.objects.filter(provider_id=who.provider_id)
    return rows.filter(customer=None) if who.customer_id is None else rows.filter(customer_id=who.customer_id)


def _locked(who: Who, number: int) -> Endpoint:
    found = _of(who).select_for_update(of=("self",)).select_related("provider").filter(pk=number).first()
    if found is None:
        raise NotThereError
    return found


def _opened(endpoint: Endpoint) -> Address:
    try:
        return opened(endpoint)
    except SealError:
        raise NotNowError("its URL cannot be read any more: remove it, and make another") from None


def _on(endpoint: Endpoint, *states: str) -> Endpoint:
    if endpoint.state not in (states or ON):
        raise NotNowError(f"the endpoint is {endpoint.state}: switch it on, and have it proven, first")
    return endpoint


def _send(endpoint: Endpoint, kind: str, at: Instant, random_bytes: RandomBytes) -> Message:
    """Owes an event about the endpoint itself. NotNowError for a challenge right after another one."""
    lately = endpoint.messages.filter(rule=CHALLENGE, owed_at__gt=at - CHALLENGED_US)
    if kind == CHALLENGE and lately.exists():
        raise NotNowError(f"a challenge was sent just now: wait {CHALLENGED_US // SECOND} s")
    key, text = random_bytes(32).hex(), random_bytes(32).hex()
    data: dict[str, object] = {"endpoint": str(endpoint.pk)}
    data |= {"challenge": text} if kind == CHALLENGE else {}
    owed = event(endpoint, kind, key, kind, event_text(kind, at, data), at, at)
    owed.save()
    return owed


def _faults(who: Who, wanted: Wanted, before: Endpoint | None = None) -> Iterator[Fault]:
    if before is None and wanted.url is None:
        yield Fault("an endpoint has a `url`", "add it", "url")
    if wanted.url is not None:
        may_be_private = is_marked(who.provider_id, is_customers=who.customer_id is not None)
        if (fault := target_fault(wanted.url, may_be_private)) is not None:
            # The URL may hold a secret, and is not repeated.
            yield Fault(f"`url`: {fault.message}", fault.way_out, "url")
    for number, kind in enumerate(wanted.kinds or ()):
        if kind not in KINDS:
            message = f"there is no kind of event `{kind[:80]}`"
            yield Fault(message, f"there is {', '.join(KINDS)}", f"kinds.{number}")
    for name, text in (("description", wanted.description), ("tell", wanted.tell)):
        if text is not None and not text.isprintable():
            yield Fault(f"`{name}` holds characters that cannot be seen", "leave them out", name)
    if wanted.tell is not None and not wanted.tell.strip():
        yield Fault("`tell` names a role of people", f"such as `{EVERYONE}`", "tell")
