"""A test page: it goes the way of a real one, and is acknowledged like one."""

from __future__ import annotations

from upheld.app.owe import owe
from upheld.app.paging import page_of
from upheld.app.refusal import Fault, FaultyError
from upheld.core.alerting.stage import About, Stage
from upheld.core.timeline.instant import Instant, format_instant
from upheld.store.locking import locked, writing
from upheld.store.models import Page, Person, Provider
from upheld.store.walls import of_one_provider


class NobodyError(FaultyError):
    """Nobody is woken for a role; its fault names those for which somebody is."""


def _woken(provider: Provider) -> set[str]:
    """The roles with a chain, and those that somebody of the provider has who can be told."""
    people = Person.objects.filter(provider=provider, customer=None, reaches__rests="").distinct()
    chains = provider.chains.values_list("role", flat=True)
    return {*chains, *(role for person in people for role in person.roles)}


@of_one_provider
def rehearse(provider_id: int, role: str, at: Instant) -> Page:
    """Wakes whoever is woken for a role, now, and says that it is a test. NobodyError if that is nobody."""
    with writing():
        provider = locked(provider_id)
        known = _woken(provider)
        if role not in known:
            names = ", ".join(sorted(known))
            why = f"nobody is woken for the role `{role[:80]}`: nobody has it, and it has no chain"
            raise NobodyError(
                Fault(why, f"somebody is for {names}" if known else "add somebody with the role", "role")
            )
        about = About("", "", provider.name, "", what="test", subject=role, started_at=at)
        cause = f"test/{role}/{format_instant(at)}"
        stage = Stage(cause, "test page", "test", at, "provider", (role,), "page", None, about)
        owe(provider, [stage], at)
        return page_of(provider, stage)
