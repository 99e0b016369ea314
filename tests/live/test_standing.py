"""Where a thread stands is said, kept and ended in the same way on every database."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.live.api_desk import World
from upheld.app.inside import for_who
from upheld.app.policies import SERVER, Who
from upheld.app.providers import make_provider
from upheld.store.models import Customer, Provider
from upheld.store.walls import _STANDING, between, of_one_provider, over_every_provider, whole_provider


def test_walls_are_never_opened_by_who_stands_between_them(world: World) -> None:
    """Between walls nobody looks over every provider, nor over another one, nor over another customer."""
    acme, contoso = (Customer.objects.get(name=name).pk for name in ("Acme", "Contoso"))
    own = world.provider.pk
    with between(own):
        with pytest.raises(RuntimeError, match="cannot look over every provider"), over_every_provider():
            pass
        with pytest.raises(RuntimeError, match="those of others"), between(world.other.pk):
            pass
    with between(own, acme), pytest.raises(RuntimeError, match="those of others"), between(own, contoso):
        pass
    assert _STANDING.walls is None


def test_who_stands_between_narrower_walls_stays_there(world: World) -> None:
    """What is done for the provider in the request of a customer is done between those walls."""
    acme, own = Customer.objects.get(name="Acme").pk, world.provider.pk
    asked = of_one_provider(lambda provider_id: _STANDING.walls)
    with between(own, acme):
        assert asked(own) == (own, acme)
        with whole_provider():
            assert _STANDING.walls == (own, None)
            with between(own, acme):
                assert _STANDING.walls == (own, acme)
            assert _STANDING.walls == (own, None)
    assert asked(own) == (own, None)


def test_whoever_stood_somewhere_stands_there_again(world: World) -> None:
    """A block inside another one gives back the walls of that, whether it ends well or by an error."""
    with over_every_provider():
        for provider in (world.provider, world.other):
            with over_every_provider(), between(provider.pk):
                assert [one.pk for one in Provider.objects.filter(pk=provider.pk)] == [provider.pk]
        with pytest.raises(LookupError), between(world.other.pk):
            raise LookupError
        assert Provider.objects.count() == 2
    assert _STANDING.walls is None


def test_what_is_done_for_who_asks_is_done_between_their_walls(world: World) -> None:
    """A customer's own, a provider's own; whoever makes providers stands between none."""
    asked = for_who(lambda who: _STANDING.walls)
    acme = Customer.objects.get(name="Acme").pk
    who = Who(world.provider.pk, "", acme, "contact", "", frozenset(), "", 0, "")
    assert asked(who) == (world.provider.pk, acme)
    assert asked(SERVER) is None


def test_a_provider_is_made_by_who_stands_between_no_walls(world: World) -> None:
    """It has none before it is there; nobody makes one between those of another."""
    assert make_provider("fabrikam", "Fabrikam").pk
    with pytest.raises(RuntimeError, match="cannot look over"), between(world.provider.pk):
        make_provider("contoso", "Contoso")
    assert not connection.in_atomic_block
