"""Pages: people are woken level after level until one of them acknowledges, by the API or by a link."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from random import Random
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.core.worlds import CONTRACT, DOCUMENT
from tests.live.api_desk import World, event, problem, told
from tests.live.api_urls import CLOCK
from tests.live.test_messages import LADDER, LATE_AT, OPENED_AT
from tests.live.test_worker import channels_to
from tests.notify.relay import Post, relaying
from upheld.app.apply import apply
from upheld.app.call_off import GONE, call_off
from upheld.app.composing import NOBODY, write
from upheld.app.doubt import doubt
from upheld.app.owe import fall_back
from upheld.app.paging import ask_on
from upheld.app.send import Taken, give_back, recover, sent, take
from upheld.app.vitals import vitals
from upheld.app.wake import wake
from upheld.core.alerting.rota import Chain, Level, pages
from upheld.core.timeline.instant import MINUTE, SECOND, Instant, format_instant
from upheld.notify.message import Delivery
from upheld.server.worker import Worker
from upheld.store.models import Message, Page, Person
from upheld.store.walls import between

pytestmark = pytest.mark.slow

PAGED_AT = LATE_AT + 1
HERE = "https://sla.northwind.example"


MARK = re.compile(rb"Acknowledge it|Bevestig dat u het oppakt")


class Watch:
    """Northwind with people, a late ticket, and a worker whose rounds are made here."""

    def __init__(
        self, world: World, post: Post, roles: dict[str, list[str]], agreement: str = LADDER
    ) -> None:
        self.world, self.post, self.owner = world, post, world.owner
        CLOCK.at = OPENED_AT
        texts = {"acme.yaml": (DOCUMENT + agreement).encode(), "c1.yaml": CONTRACT.encode()}
        apply(world.provider.pk, texts, OPENED_AT)
        for name, own in roles.items():
            self.person(name, own)
        self._worker = Worker(CLOCK, channels_to(post.port))
        opened = event("f1", "T-1") | {"time": format_instant(OPENED_AT)}
        told(self.owner.tell("/facts", opened), 201)

    def person(self, name: str, roles: list[str], **more: Any) -> None:
        way = {"channel": "email", "way": "mail", "address": f"{name.lower()}@northwind.example"}
        told(self.owner.tell("/people", {"name": name, "roles": roles, "ways": [way], **more}))

    def chain(self, role: str, *levels: tuple[str, str], times: int = 1) -> None:
        said = [{"people": [name], "within": within} for name, within in levels]
        told(self.owner.tell("/chains", {"role": role, "levels": said, "times": times}))

    def at(self, now: Instant) -> list[str]:
        """Who is mailed by an instant, since the last one."""
        before, CLOCK.at = len(self.post.envelopes), now
        while self._worker.round():
            pass
        return [to.partition("@")[0] for one in self.post.envelopes[before:] for to in one.rcpt_tos]

    def woken(self, now: Instant) -> list[str]:
        """Who is woken by an instant, since the last one: those who are mailed where to acknowledge."""
        before = len(self.post.envelopes)
        names = self.at(now)
        mails = [one.original_content or b"" for one in self.post.envelopes[before:]]
        return [name for name, mail in zip(names, mails, strict=True) if MARK.search(mail)]

    def mails(self, name: str) -> list[str]:
        """The texts that somebody was mailed."""
        found = []
        for one in self.post.envelopes:
            mail = message_from_bytes(one.original_content or b"", policy=policy.default)
            if one.rcpt_tos == [f"{name.lower()}@northwind.example"]:
                found.append(str(mail.get_content()))
        return found

    def page(self) -> dict[str, Any]:
        """The only page."""
        (found,) = told(self.owner.get("/pages"))["pages"]
        return dict(found)


LEAD_AND_DIRECTOR = (("Lea", "10m"), ("Dirk", "20m"))


def test_who_does_not_acknowledge_is_followed_by_the_next_level(world: World) -> None:
    """Lea is woken at the limit, Dirk ten minutes later, both again; then the chain has ended unheard."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR, times=2)
        heard = {
            minute: watch.woken(PAGED_AT + minute * MINUTE) for minute in (0, 9, 10, 30, 39, 40, 60, 500)
        }
    assert {minute: names for minute, names in heard.items() if names} == {
        0: ["lea"], 10: ["dirk"], 30: ["lea"], 40: ["dirk"],
    }  # fmt: skip
    page = watch.page()
    assert (page["told"], page["next_at"], page["acknowledged"]) == (["Dirk", "Lea"], None, None)


def test_who_has_the_role_and_is_reached_first_is_woken_once(world: World) -> None:
    """Nobody is on call, so the second level is woken with the page: Lea, who has the role, has it already.

    The level has its time all the same, and the next time that it is reached wakes both.
    """
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": ["lead"], "Dirk": []})
        layer = {
            "people": ["Dirk"],
            "every": "week",
            "from": "2026-01-05",
            "at": "09:00",
            "until": "2026-01-12",
        }
        told(watch.owner.tell("/rotas", {"name": "desk", "layers": [layer | {"zone": "UTC"}]}))
        levels = [{"rota": "desk", "within": "10m"}, {"people": ["Lea", "Dirk"], "within": "20m"}]
        told(watch.owner.tell("/chains", {"role": "lead", "levels": levels, "times": 2}))
        heard = {minute: sorted(watch.woken(PAGED_AT + minute * MINUTE)) for minute in (0, 10, 20, 500)}
    assert heard == {0: ["dirk", "lea"], 10: [], 20: ["dirk", "lea"], 500: []}


def test_who_is_reached_first_for_two_roles_is_woken_once(world: World) -> None:
    """Each chain goes on by itself after that."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": [], "Zoe": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        watch.chain("director", ("Lea", "5m"), ("Zoe", "5m"))
        heard = {minute: sorted(watch.woken(PAGED_AT + minute * MINUTE)) for minute in (0, 5, 10, 500)}
    assert heard == {0: ["lea"], 5: ["zoe"], 10: ["dirk"], 500: []}


def test_who_acknowledges_by_the_api_spares_the_others(world: World) -> None:
    """It is told by whom and when, is a fact of the provider's log, and stays with the first one."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        assert watch.woken(PAGED_AT) == ["lea"]
        number = watch.page()["number"]
        CLOCK.at = PAGED_AT + 5 * MINUTE
        done = told(watch.owner.tell(f"/pages/{number}/acknowledgement", b""))
        assert done["acknowledged"] == {"by": "owner", "how": "api", "at": format_instant(CLOCK.at)}
        assert watch.woken(PAGED_AT + 500 * MINUTE) == []
        again = told(watch.owner.tell(f"/pages/{number}/acknowledgement", b""))
    assert again == done == watch.page()
    assert told(watch.owner.get("/pages", waiting=True))["pages"] == []
    fact = told(watch.owner.get("/facts"))["facts"][-1]["fact"]
    assert (fact["type"], fact["data"]) == ("page.acknowledged", {"by": "owner", "how": "api"})
    assert "page.acknowledged" not in world.acme.get("/facts").content.decode()


@override_settings(PUBLIC_URL=HERE)
def test_who_follows_the_link_acknowledges_by_its_button(world: World) -> None:
    """To look at the link changes nothing; its button does, in the name of who was sent it."""
    with relaying({}) as post:
        watch = Watch(world, post, {})
        watch.person("Lea", [], language="nl")
        watch.person("Dirk", [])
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        assert watch.woken(PAGED_AT) == ["lea"]
        text = watch.mails("Lea")[0]
        link = text.rpartition(HERE)[2].split()[0]
        assert "dan wordt niemand anders ervoor gewekt" in text
        door = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
        looked = door.get(link)
        assert (looked.status_code, looked["Cache-Control"]) == (200, "no-store")
        assert "Ik pak het op" in looked.content.decode()
        assert watch.page()["acknowledged"] is None
        CLOCK.at = PAGED_AT + MINUTE
        assert "Lea heeft het opgepakt" in door.post(link).content.decode()
        assert watch.woken(PAGED_AT + 500 * MINUTE) == []
    done = {"by": "Lea", "how": "link", "at": format_instant(PAGED_AT + MINUTE)}
    assert watch.page()["acknowledged"] == done
    assert "<form" not in door.get(link).content.decode()


@override_settings(PUBLIC_URL=HERE)
def test_a_link_that_was_not_written_here_leads_nowhere(world: World) -> None:
    """Another page, another person, another proof and no code at all are answered by the same bytes."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        watch.woken(PAGED_AT)
        code = watch.mails("Lea")[0].rpartition("/")[2].split()[0]
    page, person, proof = code.split("-")
    wrong = [
        f"{int(page) + 1}-{person}-{proof}", f"{page}-{int(person) + 1}-{proof}",
        f"{page}-{person}-{'a' * 26}", f"{page}-{person}-{proof[:-1]}", f"{'9' * 18}-1-{proof}", "x",
    ]  # fmt: skip
    door = Client(SERVER_NAME="localhost")
    answers = {
        (one.status_code, one.content) for code in wrong for one in (door.post(f"/acknowledge/{code}"),)
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    assert door.delete(f"/acknowledge/{code}").status_code == 405
    assert watch.page()["acknowledged"] is None


def test_the_server_serves_where_links_lead(world: World) -> None:
    """Beside the API, with the clock of the server."""
    with override_settings(ROOT_URLCONF="upheld.server.urls"):
        answer = Client(SERVER_NAME="localhost").get("/acknowledge/1-1-none")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "This link leads nowhere" in answer.content.decode()


def test_who_has_the_role_without_a_chain_is_woken_once_and_can_acknowledge(world: World) -> None:
    """Nothing follows, and who waits for another try is spared when somebody takes care of it."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": ["lead"]})
        assert watch.at(PAGED_AT) == ["lea", "lea"]  # half of the budget is told late, too
        page = watch.page()
        assert page["next_at"] is None
        Message.objects.filter(page=page["number"]).update(state="waiting", next_at=PAGED_AT + MINUTE)
        told(watch.owner.tell(f"/pages/{page['number']}/acknowledgement", b""))
        assert watch.at(PAGED_AT + MINUTE) == []
    assert Message.objects.get(page=page["number"]).state == "suppressed"


def _fails(taken: Taken, now: Instant) -> None:
    assert sent(taken, Delivery("failed", now, "450 later"), now, lambda: 500_000)


def _is_refused(taken: Taken, now: Instant) -> None:
    assert sent(taken, Delivery("refused", now, "550 no"), now, lambda: 500_000)


def _is_lost(taken: Taken, now: Instant) -> None:
    assert recover(now, lambda: 500_000, everything=True) == 1


def _is_given_back(taken: Taken, now: Instant) -> None:
    give_back([taken], now)


def _is_of_a_backup(taken: Taken, now: Instant) -> None:
    assert doubt(now) == 1


@pytest.mark.parametrize("is_called_off", [False, True], ids=["acknowledged", "called off"])
@pytest.mark.parametrize(
    ("ends", "state"),
    [
        (_fails, "failed"), (_is_refused, "refused"), (_is_lost, "unknown"), (_is_given_back, ""),
        (_is_of_a_backup, "unknown"),
    ],
)  # fmt: skip
def test_what_is_being_sent_of_a_page_that_ends_is_not_tried_again(
    world: World, ends: Callable[[Taken, Instant], None], state: str, is_called_off: bool
) -> None:
    """Lea's mail is under way and not accepted: no more mail, no other way; the attempt is written down."""
    taken = _under_way(world)
    _ends(world, is_called_off)
    ends(taken, PAGED_AT + 2 * SECOND)
    row = Message.objects.get()
    assert (row.state, row.said) == ("suppressed", GONE if is_called_off else "acknowledged by owner")
    assert (row.ended_at, row.next_at, row.held_until) == (PAGED_AT + 2 * SECOND, None, None)
    assert list(row.attempts.values_list("state", flat=True)) == ([state] if state else [])
    assert (fall_back(PAGED_AT + 500 * MINUTE), take("mail", PAGED_AT + 500 * MINUTE)) == (0, [])


@pytest.mark.parametrize("is_called_off", [False, True], ids=["acknowledged", "called off"])
def test_what_was_refused_of_a_page_that_ends_goes_no_other_way(world: World, is_called_off: bool) -> None:
    """Lea's mail was refused, and it is her phone's turn: but somebody takes care of it, or it is over."""
    taken = _under_way(world)
    _is_refused(taken, PAGED_AT + SECOND)
    _ends(world, is_called_off)
    row = Message.objects.get()
    assert (row.state, row.said, row.fall_back_at) == ("failed", "550 no", None)
    assert fall_back(PAGED_AT + 500 * MINUTE) == 0


def test_what_is_accepted_after_its_page_was_acknowledged_was_accepted(world: World) -> None:
    """It is told as it was."""
    taken = _under_way(world)
    told(world.owner.tell(f"/pages/{Page.objects.get().pk}/acknowledgement", b""))
    assert sent(taken, Delivery("accepted", PAGED_AT, "250 ok"), PAGED_AT, lambda: 500_000)
    row = Message.objects.get(pk=taken.id)
    assert (row.state, row.said) == ("accepted", "250 ok")


def _ends(world: World, is_called_off: bool) -> None:
    """The only page is called off or acknowledged. What somebody is told of that is left out."""
    page = Page.objects.get()
    if is_called_off:
        with between(world.provider.pk):
            write(call_off(page, PAGED_AT + SECOND))
    else:
        told(world.owner.tell(f"/pages/{page.pk}/acknowledgement", b""))
    Message.objects.exclude(page=page).delete()


def _under_way(world: World) -> Taken:
    """Lea's mail, which wakes her and is being sent; she has another way, too."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": ["lead"]})
    other = {"channel": "second", "way": "mail", "address": "lea@phone.example"}
    mail = {"channel": "email", "way": "mail", "address": "lea@northwind.example"}
    told(watch.owner.tell("/people", {"name": "Lea", "roles": ["lead"], "ways": [mail, other]}))
    CLOCK.at = PAGED_AT
    wake(PAGED_AT)
    Message.objects.filter(page=None).delete()
    (taken,) = take("mail", PAGED_AT)
    return taken


def test_a_chain_that_reaches_nobody_is_not_forgotten(world: World) -> None:
    """Those whom it names are told no more: it ends at once, and what it should have told is failed."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        Person.objects.all().delete()
        assert watch.woken(PAGED_AT) == []
    assert watch.page()["next_at"] is None
    assert list(Message.objects.filter(rule="late").values_list("state", "said")) == [("failed", NOBODY)]


def test_a_worker_that_was_away_asks_each_level_for_its_time(world: World) -> None:
    """Who is woken late has as long as who is woken in time: two levels are not woken at once."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        late = PAGED_AT + 120 * MINUTE
        assert [watch.woken(late + minute * MINUTE) for minute in (0, 9, 10)] == [["lea"], [], ["dirk"]]


def reply(watch: Watch, at: Instant, id_: str = "f2") -> None:
    """Somebody of the provider answers the ticket."""
    CLOCK.at = at
    replied = event(id_, "T-1", "ticket.replied", by="human") | {"time": format_instant(at)}
    told(watch.owner.tell("/facts", replied), 201)


def test_what_is_over_wakes_nobody_else(world: World) -> None:
    """The ticket is answered after Lea was woken: Dirk is not, though nobody acknowledged."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        assert watch.woken(PAGED_AT) == ["lea"]
        assert (vitals(CLOCK.at).pages, vitals(CLOCK.at).pages_since) == (1, PAGED_AT)
        reply(watch, PAGED_AT + 5 * MINUTE)
        assert (vitals(CLOCK.at).pages, vitals(CLOCK.at).pages_since) == (0, None)
        assert watch.woken(PAGED_AT + 500 * MINUTE) == []
    page = watch.page()
    assert (page["over_at"], page["next_at"]) == (format_instant(PAGED_AT + 5 * MINUTE), None)
    assert page["acknowledged"] is None


def test_what_is_not_over_after_all_goes_on(world: World) -> None:
    """The answer is withdrawn: who was not woken yet is, at once as their time has come."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        watch.woken(PAGED_AT)
        reply(watch, PAGED_AT + 5 * MINUTE)
        assert watch.woken(PAGED_AT + 30 * MINUTE) == []
        withdraw(watch, CLOCK.at, "f2", "f3")
        assert watch.woken(PAGED_AT + 31 * MINUTE) == ["dirk"]
    assert watch.page()["over_at"] is None


def withdraw(watch: Watch, at: Instant, id_: str, new: str) -> None:
    """What was told under an id is taken back."""
    CLOCK.at = at
    corrects = {"corrects": {"source": "/desk", "id": id_}, "by": "Kim", "reason": "a test"}
    withdrawn = event(new, "T-1", "correction.withdrawn", **corrects)
    told(watch.owner.tell("/facts", withdrawn | {"time": format_instant(at)}), 201)


def test_a_page_whose_ticket_is_withdrawn_wakes_nobody_else(world: World) -> None:
    """Lea was woken, and learns once that there is nothing to do; Dirk nothing. Told anew it goes on."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        assert watch.woken(PAGED_AT) == ["lea"]
        withdraw(watch, PAGED_AT + 5 * MINUTE, "f1", "f2")
        assert watch.at(PAGED_AT + 5 * MINUTE) == ["lea"]
        assert watch.at(PAGED_AT + 500 * MINUTE) == []
        (*_, last) = watch.mails("Lea")
        assert "You were woken for this:" in last
        page = watch.page()
        assert (page["over_at"], page["next_at"]) == (format_instant(PAGED_AT + 5 * MINUTE), None)
        withdraw(watch, PAGED_AT + 501 * MINUTE, "f2", "f3")
        assert watch.woken(PAGED_AT + 501 * MINUTE) == ["dirk"]


def test_a_ticket_that_is_withdrawn_before_anybody_is_woken_wakes_nobody(world: World) -> None:
    """The relay was away: what nobody was told needs no taking back."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        wake(PAGED_AT)
        ask_on(PAGED_AT)
        assert Message.objects.filter(rule="late", state="waiting").count() == 1
        withdraw(watch, PAGED_AT + MINUTE, "f1", "f2")
        assert watch.woken(PAGED_AT + 500 * MINUTE) == []
    assert not Message.objects.filter(rule="server").exists()
    assert Message.objects.get(rule="late").said == GONE


NOTIFY = (
    LADDER + "notify: {opened: {of: ticket, upon: opened, where: priority = P1, tell: lead, how: page}}\n"
)


def test_a_page_of_an_event_that_is_withdrawn_is_over(world: World) -> None:
    """Another ticket that is withdrawn leaves it alone."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []}, NOTIFY)
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        told(watch.owner.tell("/facts", event("f9", "T-2") | {"time": format_instant(OPENED_AT)}), 201)
        assert watch.woken(OPENED_AT) == ["lea"]
        withdraw(watch, OPENED_AT, "f1", "f2")
        assert Page.objects.get(cause="c1/ticket/T-2").over_at is None
        withdraw(watch, OPENED_AT + MINUTE, "f9", "f3")
        assert watch.woken(OPENED_AT + 500 * MINUTE) == []
    assert Page.objects.get(cause="c1/ticket/T-2").over_at == OPENED_AT + MINUTE


def test_what_was_late_is_told_once_even_if_it_is_over(world: World) -> None:
    """A worker that was away tells Lea of what was late and answered since; Dirk is not woken for it."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        reply(watch, PAGED_AT + 5 * MINUTE)
        assert watch.woken(PAGED_AT + 6 * MINUTE) == ["lea"]
        assert watch.woken(PAGED_AT + 500 * MINUTE) == []
    assert watch.page()["next_at"] is None


def test_a_page_of_another_provider_is_one_that_is_not_there(world: World) -> None:
    """Beyond the wall it is not found, by the bytes for one that nobody has; and nobody's chain is read."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": [], "Dirk": []})
        watch.chain("lead", *LEAD_AND_DIRECTOR)
        watch.woken(PAGED_AT)
    number = Page.objects.get().pk
    answers = [world.stranger.tell(f"/pages/{one}/acknowledgement", b"") for one in (number, number + 1)]
    problem(answers[0], 404, "not-found")
    assert answers[0].content == answers[1].content
    assert told(world.stranger.get("/pages"))["pages"] == told(world.stranger.get("/chains"))["chains"] == []
    assert told(world.stranger.ask("DELETE", "/chains", query={"role": "lead"})) == {"removed": False}
    assert Page.objects.get().acknowledged_at is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"role": "lead", "levels": [{"people": ["Zoe"], "within": "10m"}]}, "nobody of the provider"),
        ({"role": "lead", "levels": [{"people": ["Lea"], "within": "1s"}]}, "has a minute at least"),
        ({"role": "lead", "levels": [{"people": ["Lea"], "within": "soon"}]}, "`within`: "),
        ({"role": " ", "levels": [{"people": ["Lea"], "within": "10m"}]}, "a role has 1 to 80 characters"),
        ({"role": "lead", "levels": [{"people": ["Lea"], "within": "1m"}] * 26, "times": 2}, "50 at most"),
    ],
)  # fmt: skip
def test_a_chain_that_cannot_be_is_refused(world: World, body: dict[str, Any], message: str) -> None:
    """The message says what to give."""
    way = {"channel": "email", "way": "mail", "address": "lea@northwind.example"}
    told(world.owner.tell("/people", {"name": "Lea", "ways": [way]}))
    (found,) = problem(world.owner.tell("/chains", body), 422, "invalid")["findings"]
    assert message in found["message"]
    assert told(world.owner.get("/chains")) == {"chains": []}


def test_a_chain_is_kept_by_its_role(world: World) -> None:
    """Told again it is replaced; read as it was told; gone when it is taken away."""
    way = {"channel": "email", "way": "mail", "address": "lea@northwind.example"}
    told(world.owner.tell("/people", {"name": "Lea", "ways": [way]}))
    for within in ("10m", "90s"):
        level = {"people": ["Lea"], "within": within}
        told(world.owner.tell("/chains", {"role": "lead", "levels": [level], "times": 3}))
    (kept,) = told(world.owner.get("/chains"))["chains"]
    assert kept == {"role": "lead", "levels": [{"people": ["Lea"], "within": "1 min 30 s"}], "times": 3}
    assert told(world.owner.ask("DELETE", "/chains", query={"role": "lead"})) == {"removed": True}
    assert told(world.owner.ask("DELETE", "/chains", query={"role": "lead"})) == {"removed": False}


NAMES = ("Lea", "Dirk", "Zoe")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("databases", "seed"),
    [*(("sqlite", seed) for seed in range(6)), *(("postgres", seed) for seed in range(6, 9))],
    indirect=["databases"],
)
def test_people_are_woken_as_the_core_says(world: World, seed: int) -> None:
    """Any chain, acknowledged at any minute or never: the server wakes whom the pure function says, then."""
    draw = Random(seed)
    levels = [(draw.choice(NAMES), draw.randint(1, 9)) for _ in range(draw.randint(1, 4))]
    times = draw.randint(1, 3)
    minute = draw.choice([None, draw.randint(0, 40)])
    acknowledged_at = None if minute is None else PAGED_AT + minute * MINUTE + 1
    with relaying({}) as post:
        watch = Watch(world, post, {name: [] for name in NAMES})
        watch.chain("lead", *((name, f"{within}m") for name, within in levels), times=times)
        heard = []
        for now in (PAGED_AT + n * MINUTE for n in range(120)):
            if acknowledged_at is not None and now - MINUTE < acknowledged_at <= now:
                CLOCK.at = acknowledged_at
                told(watch.owner.tell(f"/pages/{watch.page()['number']}/acknowledgement", b""))
            heard += [(now, name) for name in watch.woken(now)]
    chain = Chain(tuple(Level((name,), within * MINUTE) for name, within in levels), times)
    expected = pages(chain, PAGED_AT, acknowledged_at)
    assert heard == [(one.at, str(one.person).lower()) for one in expected]
