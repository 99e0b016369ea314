"""Rotas as rows: who is on call when, who is woken by them, and gaps that are told before they come."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.worlds import at
from tests.live.api_desk import NOW, World, event, problem, told
from tests.live.api_urls import CLOCK
from tests.live.test_messages import HALF_AT
from tests.live.test_pages import LEAD_AND_DIRECTOR, PAGED_AT, Watch
from tests.notify.relay import relaying
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, format_instant
from upheld.store.models import Message, Page

pytestmark = pytest.mark.slow

WEEKLY: dict[str, Any] = {
    "people": ["Lea", "Dirk"], "every": "week", "from": "2026-06-01", "at": "09:00",
    "zone": "Europe/Amsterdam", "until": None, "hours": None,
}  # fmt: skip


@pytest.fixture
def staffed(world: World) -> World:
    """Northwind with three people to take turns."""
    for name in ("Lea", "Dirk", "Zoe"):
        way = {"channel": "email", "way": "mail", "address": f"{name.lower()}@northwind.example"}
        told(world.owner.tell("/people", {"name": name, "ways": [way]}))
    return world


def keep(world: World, *layers: dict[str, Any], name: str = "desk", always: str | None = None) -> None:
    """A rota of Northwind."""
    told(world.owner.tell("/rotas", {"name": name, "layers": list(layers), "always": always}))


def override(world: World, person: str, start: str, end: str) -> int:
    """Somebody on call for a while; the number of that."""
    said = {"person": person, "from": format_instant(at(start)), "until": format_instant(at(end))}
    return int(told(world.owner.tell("/rotas/desk/overrides", said), 201)["number"])


def test_a_rota_is_kept_by_its_name_and_read_as_it_was_told(staffed: World) -> None:
    """Told again its layers are others; its overrides stay until they are over, or taken back."""
    keep(staffed, {**WEEKLY, "hours": "Mon-Fri 09:00-17:00"})
    number = override(staffed, "Zoe", "Fri 06-05 16:00", "Fri 06-05 18:00")
    keep(staffed, WEEKLY)
    (kept,) = told(staffed.owner.get("/rotas"))["rotas"]
    assert kept["layers"] == [WEEKLY]
    assert (kept["name"], kept["on_call"], kept["always"]) == ("desk", "Zoe", None)
    (one,) = kept["overrides"]
    assert (one["number"], one["person"], one["by"]) == (number, "Zoe", "owner")
    path = f"/rotas/desk/overrides/{number}"
    assert told(staffed.owner.ask("DELETE", path)) == {"removed": True}
    assert told(staffed.owner.ask("DELETE", path)) == {"removed": False}
    override(staffed, "Zoe", "Fri 06-05 16:00", "Fri 06-05 18:00")
    CLOCK.at = NOW + 2 * HOUR
    (kept,) = told(staffed.owner.get("/rotas"))["rotas"]
    assert (kept["on_call"], kept["overrides"]) == ("Lea", [])
    assert told(staffed.owner.ask("DELETE", "/rotas/desk")) == {"removed": True}
    assert told(staffed.owner.get("/rotas")) == {"rotas": []}


def test_turns_hand_over_by_the_local_clock(staffed: World) -> None:
    """From Monday at nine in Amsterdam on; an override stands above, hours leave gaps."""
    keep(staffed, {**WEEKLY, "until": "2026-06-15"})
    override(staffed, "Zoe", "Sat 06-06 00:00", "Sat 06-06 12:00")
    found = told(staffed.owner.get("/rotas/desk/turns", at="2026-06-05T00:00:00Z", horizon="11d"))
    assert [(one["person"], one["from"], one["until"]) for one in found["turns"]] == [
        ("Lea", "2026-06-05T00:00:00Z", "2026-06-06T00:00:00Z"),
        ("Zoe", "2026-06-06T00:00:00Z", "2026-06-06T12:00:00Z"),
        ("Lea", "2026-06-06T12:00:00Z", "2026-06-08T07:00:00Z"),
        ("Dirk", "2026-06-08T07:00:00Z", "2026-06-15T07:00:00Z"),
    ]
    assert found["gaps"] == [{"from": "2026-06-15T07:00:00Z", "until": "2026-06-16T00:00:00Z"}]
    keep(staffed, {**WEEKLY, "hours": "Mon-Fri 09:00-17:00"})
    found = told(staffed.owner.get("/rotas/desk/turns", at="2026-06-05T15:00:00Z", horizon="72h"))
    assert [one["person"] for one in found["turns"]] == ["Zoe", "Dirk"]
    assert len(told(staffed.owner.get("/rotas/desk/turns"))["turns"]) == 11
    problem(staffed.owner.get("/rotas/desk/turns", at="2099-06-05T15:00:00Z"), 422, "invalid")
    problem(staffed.owner.get("/rotas/night/turns"), 404, "not-found")


def test_whoever_is_on_call_when_a_level_is_reached_is_woken(world: World) -> None:
    """Zoe takes over for an hour, and ten minutes later it is Lea's turn again."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": [], "Zoe": []})
        keep(world, {**WEEKLY, "people": ["Lea"]})
        override(world, "Zoe", "Mon 06-08 11:00", "Mon 06-08 12:05")
        level = {"rota": "desk", "within": "10m"}
        told(watch.owner.tell("/chains", {"role": "lead", "levels": [level], "times": 2}))
        assert told(watch.owner.get("/chains"))["chains"][0]["levels"] == [
            {"rota": "desk", "within": "10 min"}
        ]
        assert [watch.woken(PAGED_AT + minute * MINUTE) for minute in (0, 10)] == [["zoe"], ["lea"]]
    found = problem(world.owner.ask("DELETE", "/rotas/desk"), 409, "conflict")
    assert found["detail"] == "the chain of lead asks desk: change that first"


def test_whoever_is_on_duty_is_told_what_wakes_nobody(world: World) -> None:
    """A warning goes to whoever is on call when it is due, once: not to whoever is on call later, too."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": [], "Zoe": []})
        keep(world, {**WEEKLY, "people": ["Lea"]})
        override(world, "Zoe", "Mon 06-08 10:30", "Mon 06-08 11:30")
        levels = [{"rota": "desk", "within": "10m"}, {"people": ["Dirk"], "within": "10m"}]
        told(watch.owner.tell("/chains", {"role": "lead", "levels": levels}))
        assert watch.at(HALF_AT) == ["zoe"]
        told(watch.owner.tell("/facts", event("f2", "T-1", "ticket.assigned", to="Kim")), 201)
        assert watch.at(HALF_AT + 45 * MINUTE) == []
    assert Message.objects.get(rule="half").page is None


def test_whoever_is_told_already_is_not_told_for_their_duty_too(world: World) -> None:
    """Lea has the role and is on duty for it: one copy, and none for whoever is on duty later."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": ["lead"], "Zoe": []})
        keep(world, {**WEEKLY, "people": ["Lea"]})
        override(world, "Zoe", "Mon 06-08 11:30", "Mon 06-08 12:30")
        told(watch.owner.tell("/chains", {"role": "lead", "levels": [{"rota": "desk", "within": "10m"}]}))
        assert watch.at(HALF_AT) == ["lea"]
        told(watch.owner.tell("/facts", event("f2", "T-1", "ticket.assigned", to="Kim")), 201)
        assert watch.at(HALF_AT + 45 * MINUTE) == []
    assert Message.objects.filter(rule="half").count() == 1


def test_what_was_told_is_told_to_nobody_who_comes_later(world: World) -> None:
    """Somebody new in the role, one more in the level that is reached, another way: nothing is told anew."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": ["lead"], "Dirk": [], "Zoe": []})
        keep(world, {**WEEKLY, "people": ["Zoe"], "until": "2026-06-08"})
        levels = [{"rota": "desk", "within": "10m"}, {"people": ["Dirk"], "within": "10m"}]
        told(watch.owner.tell("/chains", {"role": "lead", "levels": levels}))
        assert sorted(watch.at(HALF_AT)) == ["dirk", "lea"]
        watch.person("Kim", ["lead"])
        way = {"channel": "chat", "way": "mail", "address": "lea@chat.example"}
        told(watch.owner.tell("/people", {"name": "Lea", "roles": ["lead"], "ways": [way]}))
        levels[1]["people"] = ["Dirk", "Zoe"]
        told(watch.owner.tell("/chains", {"role": "lead", "levels": levels}))
        told(watch.owner.tell("/facts", event("f2", "T-1", "ticket.assigned", to="Kim")), 201)
        assert watch.at(HALF_AT + 45 * MINUTE) == []


def test_what_wakes_nobody_passes_a_level_with_nobody(world: World) -> None:
    """Nobody is on call: all of the next level are told."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": [], "Zoe": []})
        keep(world)
        levels = [{"rota": "desk", "within": "10m"}, {"people": ["Dirk", "Zoe"], "within": "10m"}]
        told(watch.owner.tell("/chains", {"role": "lead", "levels": levels}))
        assert sorted(watch.at(HALF_AT)) == ["dirk", "zoe"]
        assert watch.at(HALF_AT + MINUTE) == []


def test_a_gap_of_a_rota_around_the_clock_is_told_before_it_comes(world: World) -> None:
    """A week before the last turn ends the role is mailed, a day before woken; nothing is told twice."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": ["planner"], "Dirk": []})
        watch.at(PAGED_AT)
        keep(world, {**WEEKLY, "until": "2026-06-29"}, always="planner")
        begins = at("Mon 06-29 07:00")
        told_at = {days: watch.at(begins - days * DAY) for days in (8, 7, 6, 1)}
        assert told_at == {8: [], 7: ["lea"], 6: [], 1: ["lea"]}
        assert watch.at(begins + 3 * DAY) == []
        warned, woken = watch.mails("Lea")[-2:]
    assert "From Monday 29 June 2026 at 07:00 (UTC) on nobody is on call in the rota desk" in warned
    assert "Somebody is again: no date." in warned
    page = Page.objects.get(cause="rota/desk/2026-06-29T07:00:00Z")
    assert (page.rule, page.contract) == ("gap of a rota", "")
    assert f"page {page.pk}" in woken


def test_a_gap_that_is_filled_is_not_told(world: World) -> None:
    """An override, or another layer, ends what would have been told."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": ["planner"], "Dirk": []})
        watch.at(PAGED_AT)
        keep(world, {**WEEKLY, "until": "2026-06-29"}, {**WEEKLY, "from": "2026-06-30"}, always="planner")
        number = override(world, "Dirk", "Mon 06-29 07:00", "Tue 06-30 07:00")
        assert watch.at(at("Sun 06-28 00:00")) == []
        told(world.owner.ask("DELETE", f"/rotas/desk/overrides/{number}"))
        assert watch.at(at("Sun 06-28 00:01")) == ["lea"]  # it is less than a week ahead
        assert watch.at(at("Sun 06-28 07:00")) == ["lea"]
        assert "Somebody is again: Tuesday 30 June 2026 at 07:00 (UTC)." in watch.mails("Lea")[-1]


def test_a_test_page_goes_the_way_of_a_real_one(world: World) -> None:
    """It says that it is a test, goes level after level, and is acknowledged; a customer is told nothing."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        made = told(watch.owner.tell("/pages", {"role": "lead"}, key="once"), 201)
        assert told(watch.owner.tell("/pages", {"role": "lead"}, key="once"), 201) == made
        now = CLOCK.at
        assert watch.at(now) == ["lea"]
        assert "This is a test of Northwind: nothing has happened." in watch.mails("Lea")[0]
        assert watch.at(now + 10 * MINUTE) == ["dirk"]
        done = told(watch.owner.tell(f"/pages/{made['number']}/acknowledgement", b""))
        assert (done["rule"], done["told"], done["acknowledged"]["by"]) == (
            "test page",
            ["Dirk", "Lea"],
            "owner",
        )


def test_a_test_page_for_nobody_says_so(world: World) -> None:
    """A role that nobody has, and that has no chain, begins no page: it would wait for ever."""
    (finding,) = problem(world.owner.tell("/pages", {"role": "nobody's"}), 422, "invalid")["findings"]
    assert finding["message"] == "nobody is woken for the role `nobody's`: nobody has it, and it has no chain"
    assert finding["way_out"] == "add somebody with the role"
    assert not Message.objects.filter(rule="test page").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"people": ["Ada"]}, "nobody of the provider is told by the name Ada"),
        ({"people": ["\x00"]}, "there is the character U+0000, which cannot be kept"),
        ({"zone": "Mars"}, "there is no zone Mars"),
        ({"from": "1999-01-01"}, "a layer begins between 2016 and 2034, not in 1999"),
        ({"until": "2026-06-01"}, "a layer ends after it begins"),
        ({"hours": "sometimes"}, "`sometimes`: "),
        ({"from": "2026-02-30"}, "`from` cannot be so: no month has this day"),
        ({"from": 20_000}, "`from` cannot be so: it is no date"),
    ],
)
def test_a_rota_that_cannot_be_is_refused(staffed: World, change: dict[str, Any], message: str) -> None:
    """The message says what to give."""
    answer = staffed.owner.tell("/rotas", {"name": "desk", "layers": [{**WEEKLY, **change}]})
    (found,) = problem(answer, 422, "invalid")["findings"]
    assert message in found["message"]
    assert told(staffed.owner.get("/rotas")) == {"rotas": []}


def test_an_override_that_cannot_be_is_refused(staffed: World) -> None:
    """Somebody whom nobody knows, a time that is over, and one that ends before it begins; and no rota."""
    keep(staffed, WEEKLY)
    good = {"person": "Zoe", "from": "2026-06-06T00:00:00Z", "until": "2026-06-07T00:00:00Z"}
    for change in (
        {"person": "Ada"}, {"until": "2026-06-05T00:00:00Z"}, {"until": "2026-06-06T00:00:00Z"},
        {"until": "2036-06-06T00:00:00Z"}, {"from": "tomorrow"},
    ):  # fmt: skip
        problem(staffed.owner.tell("/rotas/desk/overrides", good | change), 422, "invalid")
    problem(staffed.owner.tell("/rotas/night/overrides", good), 404, "not-found")
    assert told(staffed.owner.get("/rotas"))["rotas"][0]["overrides"] == []


def test_rotas_of_another_provider_are_not_there(staffed: World) -> None:
    """Neither read, nor overridden, nor removed."""
    keep(staffed, WEEKLY)
    number = override(staffed, "Zoe", "Fri 06-05 16:00", "Fri 06-05 18:00")
    stranger = staffed.stranger
    assert told(stranger.get("/rotas")) == {"rotas": []}
    for path in ("/rotas/desk", f"/rotas/desk/overrides/{number}"):
        assert told(stranger.ask("DELETE", path)) == {"removed": False}
    good = {"person": "Zoe", "from": "2026-06-06T00:00:00Z", "until": "2026-06-07T00:00:00Z"}
    answers = [
        stranger.get("/rotas/desk/turns"), stranger.get("/rotas/night/turns"),
        stranger.tell("/rotas/desk/overrides", good), stranger.tell("/rotas/night/overrides", good),
    ]  # fmt: skip
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}
    (kept,) = told(staffed.owner.get("/rotas"))["rotas"]
    assert len(kept["overrides"]) == 1


def test_who_is_asked_to_be_there_is_not_removed(staffed: World) -> None:
    """A rota would say that Lea is on call, and wake nobody; who has the same name at a customer may go."""
    owner = staffed.owner
    keep(staffed, {**WEEKLY, "people": ["Lea"]})
    number = override(staffed, "Zoe", "Fri 06-05 17:00", "Fri 06-05 18:00")
    told(owner.tell("/chains", {"role": "lead", "levels": [{"people": ["Zoe", "Dirk"], "within": "10m"}]}))
    why = {
        "Lea": "the rota desk", "Dirk": "the chain of lead", "Zoe": "the rota desk and the chain of lead",
    }  # fmt: skip
    for name, asking in why.items():
        found = problem(owner.ask("DELETE", "/people", query={"name": name}), 409, "conflict")
        assert found["detail"] == f"{name} is asked by {asking}: change that first"
    way = {"channel": "email", "way": "mail", "address": "lea@acme.example"}
    told(owner.tell("/people", {"name": "Lea", "customer": "Acme", "ways": [way]}))
    whose = {"name": "Lea", "customer": "Acme"}
    assert told(owner.ask("DELETE", "/people", query=whose)) == {"removed": True}
    told(owner.ask("DELETE", "/chains", query={"role": "lead"}))
    found = problem(owner.ask("DELETE", "/people", query={"name": "Zoe"}), 409, "conflict")
    assert found["detail"] == "Zoe is asked by the rota desk: change that first"
    told(owner.ask("DELETE", f"/rotas/desk/overrides/{number}"))
    for name in ("Dirk", "Zoe"):
        assert told(owner.ask("DELETE", "/people", query={"name": name})) == {"removed": True}
