"""Tokens by the API: an owner makes them, sees when they end, and takes back one that got out."""

from __future__ import annotations

from typing import Any

from tests.live.api_desk import NOW, Party, World, event, problem, told
from upheld.app.handing_out import SOON_US, ending
from upheld.app.policies import scopes_of
from upheld.app.vitals import vitals
from upheld.core.timeline.instant import DAY, format_instant
from upheld.server.doctor import _tokens
from upheld.store.models import Token

DESK: dict[str, Any] = {"name": "desk", "role": "integration", "scopes": ["facts:write"], "days": 30}


def _listed(party: Party) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told(party.get("/tokens"))["tokens"]
    return found


def test_a_token_is_made_listed_and_taken_back(world: World) -> None:
    """It may what was given to it, its text is read no more, and once taken back it lets nobody in."""
    made = told(world.owner.tell("/tokens", DESK), 201)
    assert (made["ends_at"], made["secret"]) == (format_instant(NOW + 30 * DAY), None)
    desk = Party(made["token"])
    assert told(desk.get("/me"))["scopes"] == ["facts:write"]
    one = next(one for one in _listed(world.owner) if one["number"] == made["number"])
    assert (one["name"], one["customer"], one["signs"], one["revoked_at"]) == ("desk", None, False, None)
    assert made["token"] not in world.owner.get("/tokens").content.decode()
    path = f"/tokens/{made['number']}"
    assert told(world.owner.ask("DELETE", path)) == {"removed": True}
    problem(desk.get("/me"), 401, "unauthenticated")
    assert told(world.owner.ask("DELETE", "/tokens/999999")) == {"removed": False}


def test_a_token_of_a_customer_stands_inside_their_wall(world: World) -> None:
    """By the name that contracts have; one that nobody has is refused."""
    portal = {"name": "portal", "role": "contact", "scopes": ["verdicts:read"], "customer": "Acme"}
    made = told(world.owner.tell("/tokens", portal), 201)
    assert told(Party(made["token"]).get("/me"))["customer"] == "Acme"
    found = problem(world.owner.tell("/tokens", portal | {"customer": "Globex"}), 422, "invalid")
    assert "there is no customer Globex" in found["findings"][0]["message"]


def test_who_signs_gets_a_secret_and_an_address(world: World) -> None:
    """Nobody shows it; it tells facts, and nothing else."""
    made = told(world.owner.tell("/tokens", DESK | {"signs": True}), 201)
    assert made["token"] is None
    assert made["secret"].startswith("whsec_")
    answer = world.anonymous.tell(f"/webhooks/{made['number']}", event("f1", "T-1", contract="c1"))
    problem(answer, 401, "unauthenticated")
    wrong = DESK | {"signs": True, "scopes": ["facts:read"]}
    problem(world.owner.tell("/tokens", wrong), 422, "invalid")


def test_nobody_gives_what_they_have_not(world: World) -> None:
    """An owner's token with one scope makes none with another; a customer's role is none of a provider."""
    less = Party(world.token(world.provider, "owner", scopes=["tokens:write"]))
    found = problem(less.tell("/tokens", DESK), 422, "invalid")
    assert found["findings"][0]["message"] == "you have not the scope facts:write yourself"
    for wrong in ({"role": "contact"}, {"role": "prober"}, {"days": 401}, {"days": 0}, {"scopes": []}):
        problem(world.owner.tell("/tokens", DESK | wrong), 422, "invalid")
    assert not Token.objects.filter(name="desk").exists()


def test_a_token_beyond_the_wall_is_one_that_is_not_there(world: World) -> None:
    """Neither listed nor taken back by another provider; and nobody takes back what they show."""
    number = told(world.owner.tell("/tokens", DESK), 201)["number"]
    assert number not in [one["number"] for one in _listed(world.stranger)]
    foreign, none = (world.stranger.ask("DELETE", f"/tokens/{one}") for one in (number, 999_999))
    assert (foreign.content, dict(foreign.items())) == (none.content, dict(none.items()))
    assert Token.objects.get(pk=number).revoked_at is None
    mine = next(one["number"] for one in _listed(world.owner) if one["role"] == "owner")
    problem(world.owner.ask("DELETE", f"/tokens/{mine}"), 409, "conflict")
    assert set(told(world.owner.get("/me"))["scopes"]) == set(scopes_of("owner"))


def test_what_ends_soon_is_told_before(world: World) -> None:
    """From a fortnight before on, by the doctor and in the figures, until it has ended or was taken back."""
    number = told(world.owner.tell("/tokens", DESK), 201)["number"]
    ends_at = NOW + 30 * DAY
    for at, known in ((ends_at - SOON_US - 1, 0), (ends_at - SOON_US, 1), (ends_at - 1, 1), (ends_at, 0)):
        assert (len(ending(at)), vitals(at).tokens_ending) == (known, known)
    (one,) = _tokens(ends_at - DAY)
    assert one.state == "look"
    assert one.told == f"token {number} of northwind (desk) ends at {format_instant(ends_at)}"
    told(world.owner.ask("DELETE", f"/tokens/{number}"))
    assert ending(ends_at - DAY) == []
