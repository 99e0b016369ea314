"""Who is on call: rotas and overrides, kept by the provider, as the core reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from upheld.app.people import A_ZONE, people_at, unknown_people
from upheld.app.refusal import Fault, FaultyError
from upheld.core.alerting.rota import Layer, Override, Pace, Rota, Turn, gaps, on_call, turns
from upheld.core.timeline.instant import DAY, Duration, Instant
from upheld.core.timeline.opening import WeeklyRule, open_spans
from upheld.core.timeline.spans import Spans
from upheld.core.values.slug import SLUG
from upheld.language.hours import HoursError, parse_hours
from upheld.language.world import YEARS
from upheld.language.zones import zone_named, zone_names
from upheld.store.locking import writing
from upheld.store.models import Chain, OverrideRow, Provider, RotaRow
from upheld.store.walls import of_one_provider

MOST_AHEAD: Final[Duration] = 400 * DAY
"""So far ahead it can be asked who is on call, and an override can end."""
LONGEST_NAME: Final = 80


class RotaError(FaultyError):
    """No rota can be so; `faults` say why, and what to give."""


class Turns(NamedTuple):
    """Who is on call between two instants, and when nobody is."""

    turns: tuple[Turn, ...]
    gaps: Spans


class Said(NamedTuple):
    """A layer as it is told: see `core.alerting.rota`. `hours` are those of the week, empty: all of it."""

    people: tuple[str, ...]
    pace: Pace
    zone: str
    from_on: date
    hand_over_s: int = 0
    until_on: date | None = None
    hours: str = ""


# -- kept --------------------------------------------------------------------------------------------------


@of_one_provider
def put_rota(provider_id: int, name: str, layers: Sequence[Said], at: Instant, tells: str = "") -> None:
    """Adds a rota, or replaces its layers; overrides stay. RotaError.

    With `tells`, a role, somebody is on call around the clock: that role is told of gaps before they come.
    """
    with writing():
        if faults := list(_faults(provider_id, name, layers)):
            raise RotaError(*faults)
        RotaRow.objects.update_or_create(
            provider_id=provider_id,
            name=name,
            defaults={
                "layers": [_kept(one) for one in layers], "always": bool(tells), "tells": tells,
                "since_at": at, "next_at": at if tells else None,
            },
        )  # fmt: skip


@of_one_provider
def take_rota(provider_id: int, name: str) -> bool:
    """There is no such rota any more; whether there was one. RotaError for one that a chain asks."""
    with writing():
        for chain in Chain.objects.filter(provider_id=provider_id).order_by("role"):
            if any(level.get("rota") == name for level in chain.levels):
                raise RotaError(Fault(f"the chain of {chain.role} asks {name}", "change that first"))
        return RotaRow.objects.filter(provider_id=provider_id, name=name).delete()[0] > 0


@of_one_provider
def put_override(
    provider_id: int, name: str, person: str, start_at: Instant, end_at: Instant, by: str, at: Instant
) -> int | None:
    """Puts somebody on call for a while, above all that was said before; its number. None: no such rota.

    RotaError for somebody whom nobody knows, and for a time that is over, empty or too far away.
    """
    with writing():
        row = RotaRow.objects.select_for_update().filter(provider_id=provider_id, name=name).first()
        if row is None:
            return None
        faults = list(unknown_people(provider_id, {"person": person}))
        if not max(start_at, at) < end_at <= at + MOST_AHEAD:
            days = MOST_AHEAD // DAY
            message = f"an override ends after it begins, later than now, within {days} days"
            faults.append(Fault(message, "correct one of the two", "until"))
        if faults:
            raise RotaError(*faults)
        made = OverrideRow.objects.create(
            rota=row, person=person, start_at=start_at, end_at=end_at, made_by=by, made_at=at
        )
        _watch_again(row, at)
    return made.pk


@of_one_provider
def take_override(provider_id: int, name: str, number: int, at: Instant) -> bool:
    """An override holds no more; whether there was one."""
    with writing():
        row = RotaRow.objects.select_for_update().filter(provider_id=provider_id, name=name).first()
        if row is None or not row.overrides.filter(pk=number).delete()[0]:
            return False
        _watch_again(row, at)
    return True


def _watch_again(row: RotaRow, at: Instant) -> None:
    """Gaps may have come or gone."""
    if row.always:
        row.next_at = at
        row.save(update_fields=["next_at"])


def _kept(said: Said) -> dict[str, Any]:
    until = None if said.until_on is None else said.until_on.isoformat()
    return said._asdict() | {"from_on": said.from_on.isoformat(), "until_on": until}


def _faults(provider_id: int, name: str, layers: Sequence[Said]) -> Iterator[Fault]:
    if not SLUG.fullmatch(name) or len(name) > LONGEST_NAME:
        rule = f"lower-case letters, digits and hyphens, {LONGEST_NAME} at most"
        yield Fault(f"the name of a rota is {rule}", "write it as support-desk", "name")
    yield from unknown_people(provider_id, people_at("layers", [one.people for one in layers]))
    for number, one in enumerate(layers):
        within = f"layers.{number}"
        if one.zone not in zone_names():
            yield Fault(f"there is no zone {one.zone[:60]}", A_ZONE, f"{within}.zone")
        if not YEARS[0] < one.from_on.year < YEARS[1]:
            message = f"a layer begins between {YEARS[0] + 1} and {YEARS[1] - 1}, not in {one.from_on.year}"
            yield Fault(message, "give the first day on which it holds", f"{within}.from")
        if one.until_on is not None and not one.from_on < one.until_on <= date(YEARS[1] - 1, 12, 31):
            message = f"a layer ends after it begins, before {YEARS[1]}"
            yield Fault(message, f"{one.until_on} is the first day without", f"{within}.until")
        if one.hours:
            try:
                parse_hours(one.hours)
            except HoursError as fault:
                message = f"`{one.hours[:80]}`: {fault.message}"
                yield Fault(message, "as in Mon-Fri 09:00-17:00", f"{within}.hours")


# -- read --------------------------------------------------------------------------------------------------


@of_one_provider
def rotas_of(provider_id: int) -> list[RotaRow]:
    """The rotas of a provider, by name, with their overrides."""
    rows = RotaRow.objects.filter(provider_id=provider_id).order_by("name")
    return list(rows.prefetch_related("overrides"))


@of_one_provider
def rota_named(provider_id: int, name: str) -> RotaRow | None:
    """A rota of a provider."""
    return RotaRow.objects.filter(provider_id=provider_id, name=name).first()


def layers_of(row: RotaRow) -> list[Said]:
    """The layers of a rota as they were told."""
    return [
        Said(**one | {
            "people": tuple(one["people"]), "from_on": date.fromisoformat(one["from_on"]),
            "until_on": None if one["until_on"] is None else date.fromisoformat(one["until_on"]),
        })
        for one in row.layers
    ]  # fmt: skip


def read_rota(row: RotaRow) -> Rota:
    """A rota as the core reads it."""
    overrides = sorted(row.overrides.all(), key=lambda one: one.pk)
    return Rota(
        row.name,
        tuple(_layer(one) for one in layers_of(row)),
        tuple(Override(one.person, one.start_at, one.end_at) for one in overrides),
    )


def _layer(said: Said) -> Layer:
    zone = zone_named(said.zone, *YEARS)
    hours = _spans(said.hours, said.zone) if said.hours else None
    return Layer(said.people, said.pace, zone, said.from_on, said.hand_over_s, said.until_on, hours)


@lru_cache(maxsize=64)
def _spans(hours: str, zone: str) -> Spans:
    """All hours of the years of a zone."""
    named = zone_named(zone, *YEARS)
    first, last = (named.instant_at(date(year, 1, 1), 0) for year in (YEARS[0] + 1, YEARS[1]))
    return open_spans(WeeklyRule(named, parse_hours(hours)), first, last)


def turns_of(row: RotaRow, start_at: Instant, end_at: Instant) -> Turns:
    """Who is on call between two instants, and when nobody is."""
    rota = read_rota(row)
    return Turns(turns(rota, start_at, end_at), gaps(rota, start_at, end_at))


def on_call_now(row: RotaRow, at: Instant) -> str | None:
    """Who is on call at an instant."""
    return on_call(read_rota(row), at)


def read_rotas(provider: Provider) -> Mapping[str, Rota]:
    """By name, as the core reads them."""
    return {row.name: read_rota(row) for row in rotas_of(provider.pk)}
