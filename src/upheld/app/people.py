"""Who is told: people of a provider or of a customer, their roles, and the ways to them in order."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from django.db.models import Q, QuerySet

from upheld.app.refusal import Fault, FaultyError
from upheld.app.targets import is_marked, target_fault
from upheld.core.timeline.instant import Instant
from upheld.language.zones import zone_names
from upheld.notify.mail_address import parse_mail_address
from upheld.notify.signing import PREFIX
from upheld.store.locking import hold_in_order, locked, writing
from upheld.store.models import Chain, Customer, OverrideRow, Person, Reach, RotaRow
from upheld.store.sealing import SealError, seal, unseal
from upheld.store.walls import of_one_provider

LANGUAGES: Final = ("en", "nl")
SECRET_BYTES: Final = 32
REMOVED: Final = "nobody is told by this name any more"


class PersonError(FaultyError):
    """Nobody can be told so; `faults` say why, and what to give."""


class StillAskedError(ValueError):
    """Somebody is to be removed whom rotas or chains would go on to ask."""


class Way(NamedTuple):
    """A way to somebody: what agreements call it, how it is sent, where to; a webhook has a secret."""

    channel: str
    way: str
    address: str
    secret: str = ""


class Quiet(NamedTuple):
    """Seconds of the local day in which only pages come, and at which what is planned is told."""

    from_s: int = 0
    until_s: int = 0
    digest_s: int = 8 * 3600


AWAKE: Final = Quiet()


@of_one_provider
def put_person(
    provider_id: int, name: str, roles: Sequence[str], ways: Sequence[Way], customer: str = "",
    language: str = "en", zone: str = "UTC", quiet: Quiet = AWAKE,
) -> list[Way]:  # fmt: skip
    """Adds somebody, or gives them other roles and ways; gives the ways as they are kept.

    A webhook that was given before keeps the secret that it has, whatever is given now. PersonError;
    DoesNotExist for no such provider.
    """
    with writing():
        provider = locked(provider_id)  # who decides of it writes messages that go by these ways
        whose = Customer.objects.filter(provider=provider, name=customer).first() if customer else None
        faults = list(_faults(name, ways, language, zone, is_marked(provider_id)))
        if customer and whose is None:
            faults.append(Fault(f"there is no customer {customer[:80]}", "contracts name them", "customer"))
        if faults:
            raise PersonError(*faults)
        before = _locked_ways(Person.objects.filter(provider=provider, customer=whose, name=name))
        kept = [_as_before(one, before) for one in ways]
        person, _ = Person.objects.update_or_create(
            provider=provider,
            customer=whose,
            name=name,
            defaults={
                "roles": list(roles), "language": language, "zone": zone, "quiet_from_s": quiet.from_s,
                "quiet_until_s": quiet.until_s, "digest_s": quiet.digest_s,
            },
        )  # fmt: skip
        if not _are_so(before, kept):
            _give_ways(person, before, kept)
    return kept


def _locked_ways(people: QuerySet[Person]) -> list[Reach]:
    """The ways to people, held: before their messages, and before who they are, as who sends does."""
    rows = Reach.objects.filter(person__in=people).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _as_before(way: Way, before: Iterable[Reach]) -> Way:
    """A way with the secret that it has, if it is a webhook that was given before."""
    kept = (_way_kept(one) for one in before)
    return next((one for one in kept if one and one[:3] == way[:3]), way) if way.way == "webhook" else way


def _way_kept(reach: Reach) -> Way | None:
    """A way as it was told; None if its address cannot be opened with the keys of this server."""
    try:
        address = unseal(reach.sealed)
    except SealError:
        return None
    if reach.way != "webhook":
        return Way(reach.channel, reach.way, address)
    known = json.loads(address)
    return Way(reach.channel, reach.way, known["url"], known["secrets"][0])


def _are_so(reaches: Iterable[Reach], ways: Sequence[Way]) -> bool:
    """Whether these are the ways already. One that rests is not: to give it again wakes it."""
    in_order = sorted(reaches, key=lambda one: one.rank)
    return [*ways] == [_way_kept(one) for one in in_order] and not any(one.rests for one in in_order)


def _give_ways(person: Person, before: Iterable[Reach], ways: Sequence[Way]) -> None:
    """Gives somebody these ways, and no other.

    What is owed keeps its text and goes to the address it was for, by the first way of its channel if that is
    not among the new ones, or by the first one. Where there was a next way, those are next that come later
    now; and of what was tried by none yet, those before it, too.
    """
    open_ones = Q(state__in=("waiting", "sending")) | Q(fall_back_at__isnull=False)
    hold_in_order(person.messages.all())  # those by a way that is there no more are all written
    owed = list(person.messages.filter(open_ones).values_list("pk", "reach"))
    person.reaches.all().delete()
    made = Reach.objects.bulk_create(
        Reach(person=person, rank=rank, channel=one.channel, way=one.way, sealed=seal(_address(one)))
        for rank, one in enumerate(ways)
    )
    now = {one.pk: _instead_of(one, ways) for one in before}
    for reach in made:
        rows = person.messages.filter(pk__in=[pk for pk, was in owed if now.get(was, 0) == reach.rank])
        rows.update(reach=reach)
        behind = [one.pk for one in made[reach.rank + 1 :]]
        falls = rows.filter(fall_back_at__isnull=False)
        falls.filter(rank__gt=0).update(spare=behind)
        falls.filter(rank=0).update(spare=[*behind, *(one.pk for one in made[: reach.rank])])


def _instead_of(reach: Reach, ways: Sequence[Way]) -> int:
    """Which of the ways there are now is taken instead of one."""
    channels = [one.channel for one in ways]
    if (kept := _way_kept(reach)) in ways:
        return ways.index(kept)
    return channels.index(reach.channel) if reach.channel in channels else 0


@of_one_provider
def take_person(provider_id: int, name: str, customer: str, at: Instant) -> bool:
    """Nobody of that name is told any more, of a customer or (empty) of the provider; whether there was one.

    What waits for them fails at once; what is being sent may still arrive. StillAskedError for who is on
    call, or asked by name: a rota would say that somebody is there, and nobody would be woken.
    """
    with writing():
        locked(provider_id)
        if not customer and (asking := list(_asking(provider_id, name, at))):
            raise StillAskedError(f"{name[:80]} is asked by {' and '.join(asking)}: change that first")
        rows = Person.objects.filter(provider_id=provider_id, name=name)
        whose = rows.filter(customer__name=customer) if customer else rows.filter(customer=None)
        _locked_ways(whose)
        person = whose.select_for_update(of=("self",)).first()
        if person is None:
            return False
        hold_in_order(person.messages.all())  # all are written: they are nobody's
        person.messages.filter(state="waiting").update(
            state="failed", said=REMOVED, ended_at=at, next_at=None, fall_back_at=None
        )
        person.delete()
    return True


def _asking(provider_id: int, name: str, at: Instant) -> Iterator[str]:
    """What would go on to ask somebody of the provider: rotas and chains, as they are told of."""
    overridden = OverrideRow.objects.filter(rota__provider_id=provider_id, person=name, end_at__gt=at)
    rotas = set(overridden.values_list("rota__name", flat=True))
    for row in RotaRow.objects.filter(provider_id=provider_id):
        if any(name in layer["people"] for layer in row.layers):
            rotas.add(row.name)
    yield from (f"the rota {rota}" for rota in sorted(rotas))
    for chain in Chain.objects.filter(provider_id=provider_id).order_by("role"):
        if any(name in level.get("people", ()) for level in chain.levels):
            yield f"the chain of {chain.role}"


@of_one_provider
def people_of(provider_id: int, after: int = 0, most: int | None = None) -> list[Person]:
    """Who is told, of a provider, in the order in which they were added; those behind a number."""
    rows = Person.objects.filter(provider_id=provider_id, pk__gt=after).select_related("customer")
    return list(rows.prefetch_related("reaches").order_by("pk")[:most])


@of_one_provider
def unknown_names(provider_id: int, names: Iterable[str]) -> list[str]:
    """Those of the names by which nobody of the provider is told, in order."""
    wanted = set(names)
    # A database has no room for every character that JSON has; nobody is called so.
    rows = Person.objects.filter(provider_id=provider_id, customer=None)
    rows = rows.filter(name__in=[name for name in wanted if name.isprintable()])
    return sorted(wanted - set(rows.values_list("name", flat=True)))


A_ZONE: Final = "give one such as Europe/Amsterdam"


def people_at(name: str, groups: Sequence[Sequence[str]]) -> dict[str, str]:
    """The people of levels or layers, by the field that each stands in."""
    return {f"{name}.{i}.people.{j}": one for i, group in enumerate(groups) for j, one in enumerate(group)}


def unknown_people(provider_id: int, fields: Mapping[str, str]) -> Iterator[Fault]:
    """Of names, by the field that each stands in, those of whom nobody of the provider is told."""
    unknown = {*unknown_names(provider_id, [*fields.values()])}
    for field, name in fields.items():
        if name in unknown:
            unknown.remove(name)
            yield Fault(f"nobody of the provider is told by the name {name[:80]}", "add them first", field)


def webhook_secret(random_bytes: Callable[[int], bytes]) -> str:
    """A secret for a webhook, as Standard Webhooks has it."""
    return PREFIX + base64.b64encode(random_bytes(SECRET_BYTES)).decode("ascii")


def _faults(
    name: str, ways: Sequence[Way], language: str, zone: str, may_be_private: bool
) -> Iterator[Fault]:
    if not name.strip() or not name.isprintable():
        yield Fault("a name has 1 to 200 characters that can be seen", "write it in such", "name")
    if language not in LANGUAGES:
        yield Fault(f"there are no messages in {language[:80]}", f"take {' or '.join(LANGUAGES)}", "language")
    if zone not in zone_names():
        yield Fault(f"there is no zone {zone[:60]}", A_ZONE, "zone")
    if not ways:
        yield Fault(f"there is no way to {name[:80]}", "give an address of mail", "ways")
    for number, one in enumerate(ways):
        field = f"ways.{number}.address"
        if not one.channel.isprintable() or not one.channel.strip():
            yield Fault("a way has the name of a channel", "such as email", f"ways.{number}.channel")
        if one.way == "mail":
            try:
                parse_mail_address(one.address)
            except ValueError as fault:
                yield Fault(f"{one.address[:80]}: {fault}", "write it as lea@northwind.example", field)
        elif one.way == "webhook" and (refused := target_fault(one.address, may_be_private)) is not None:
            yield Fault(f"{one.address[:80]}: {refused.message}", refused.way_out, field)


def _address(one: Way) -> str:
    """The address as the channel reads it."""
    return json.dumps({"url": one.address, "secrets": [one.secret]}) if one.way == "webhook" else one.address
