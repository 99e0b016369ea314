"""Whom to wake for a role: chains of levels, kept by the provider, as the core reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from upheld.app.people import people_at, unknown_people
from upheld.app.refusal import Fault, FaultyError
from upheld.app.rotas import read_rotas
from upheld.core.alerting import rota
from upheld.core.timeline.instant import DAY, MINUTE, Duration
from upheld.store.locking import writing
from upheld.store.models import Chain, Provider, RotaRow
from upheld.store.walls import of_one_provider

MOST_PAGES: Final = 50
"""So many levels are reached at most, however often a chain is gone through."""
LONGEST_ROLE: Final = 80


class ChainError(FaultyError):
    """No chain can be so; `faults` say why, and what to give."""


class Level(NamedTuple):
    """Who is asked, people by name or whoever is on call in a rota, and how long they have."""

    people: tuple[str, ...]
    within_us: Duration
    rota: str = ""


@of_one_provider
def put_chain(provider_id: int, role: str, levels: Sequence[Level], times: int = 1) -> None:
    """Adds the chain of a role, or replaces it. ChainError."""
    with writing():
        if faults := list(_faults(provider_id, role, levels, times)):
            raise ChainError(*faults)
        said = [
            {"rota": one.rota, "within_us": one.within_us}
            if one.rota
            else {"people": list(one.people), "within_us": one.within_us}
            for one in levels
        ]
        Chain.objects.update_or_create(
            provider_id=provider_id, role=role, defaults={"levels": said, "times": times}
        )


@of_one_provider
def take_chain(provider_id: int, role: str) -> bool:
    """A role has no chain any more; whether it had one. Whoever is being woken is asked no further."""
    return Chain.objects.filter(provider_id=provider_id, role=role).delete()[0] > 0


@of_one_provider
def chains_of(provider_id: int) -> list[Chain]:
    """The chains of a provider, by role."""
    return list(Chain.objects.filter(provider_id=provider_id).order_by("role"))


def read_chains(provider: Provider) -> Mapping[str, rota.Chain]:
    """By role, as the core reads them."""
    kept = chains_of(provider.pk)
    rotas = read_rotas(provider) if kept else {}

    def level(said: Mapping[str, Any]) -> rota.Level:
        whom = rotas.get(said["rota"], ()) if "rota" in said else tuple(said["people"])
        return rota.Level(whom, said["within_us"])

    return {row.role: rota.Chain(tuple(map(level, row.levels)), row.times) for row in kept}


def _faults(provider_id: int, role: str, levels: Sequence[Level], times: int) -> Iterator[Fault]:
    if not role.strip() or not role.isprintable() or len(role) > LONGEST_ROLE:
        message = f"a role has 1 to {LONGEST_ROLE} characters that can be seen"
        yield Fault(message, "write it as agreements do", "role")
    if not levels or times < 1 or len(levels) * times > MOST_PAGES:
        message = f"a chain has levels, and reaches {MOST_PAGES} at most, however often it is gone through"
        yield Fault(message, "leave out levels, or go through it less often", "levels")
    yield from unknown_people(provider_id, people_at("levels", [one.people for one in levels]))
    rotas = set(RotaRow.objects.filter(provider_id=provider_id).values_list("name", flat=True))
    for number, level in enumerate(levels):
        within = f"levels.{number}"
        if bool(level.people) == bool(level.rota):
            yield Fault("a level asks somebody", "name people, or a rota", within)
        if level.rota and level.rota not in rotas:
            yield Fault(f"there is no rota {level.rota[:80]}", _there(rotas), f"{within}.rota")
        if not MINUTE <= level.within_us <= DAY:
            message = "whoever is asked has a minute at least, and a day at most, until the next level is"
            yield Fault(message, "write it as 15m", f"{within}.within")


def _there(rotas: set[str]) -> str:
    return f"there is {', '.join(sorted(rotas))}" if rotas else "there is none yet"
