"""Changes of verdicts: a page at a time, and as events that go on where a listener left off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import pytest
from django.test import override_settings

from tests.live.api_desk import NOW, Party, World, event, problem, random_bytes, told
from tests.live.api_urls import CLOCK
from tests.live.desk import salt
from upheld.api.build import urls
from upheld.api.changes import _SEATS, EVENTS, LAST, LOOKS
from upheld.api.listening import OF_PARTY, OF_PROVIDER
from upheld.api.ports import STREAMS, Ports
from upheld.app.tokens import revoke_token
from upheld.store.models import Provider, Token

WAIT: dict[str, Callable[[float], bool]] = {}


def _wait(seconds: float) -> bool:
    return WAIT["now"](seconds)


urlpatterns = urls(Ports(CLOCK, salt, random_bytes, wait=_wait), "followed")


@pytest.fixture
def followed(world: World) -> Iterator[World]:
    """A world whose streams wait as a test says; a ticket of each customer is opened."""
    WAIT["now"] = lambda seconds: True
    for party, contract in ((world.owner, "c1"), (world.owner, "c2"), (world.stranger, "c9")):
        told(party.tell("/facts", event(f"f-{contract}", f"T/{contract}", contract=contract)), 201)
    with override_settings(ROOT_URLCONF="tests.live.test_changes"):
        yield world


def _events(party: Party, **headers: str) -> list[dict[str, Any]]:
    """The events of a stream until it ends, each with its id."""
    answer: Any = party.ask("GET", "/changes", Accept=EVENTS, **headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, EVENTS)
    assert answer["Cache-Control"] == "no-store"
    text = b"".join(answer.streaming_content).decode()
    answer.close()
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields.get("event") == "change":
            found.append(json.loads(fields["data"]) | {"id": int(fields["id"])})
    return found


def test_a_page_of_changes_after_another(followed: World) -> None:
    """Each with what it is of; the next page goes on behind the last one."""
    first = told(followed.owner.get("/changes", limit=1))
    (one,) = first["changes"]
    assert (one["contract"], one["commitment"], one["subject"], one["cycle"]) == ("c1", "response", "T/c1", 1)
    assert (one["before"], one["after"], one["at"]) == ("", "running", "2026-06-05T16:30:00Z")
    second = told(followed.owner.get("/changes", after=first["next"]))
    assert [one["contract"] for one in second["changes"]] == ["c2"]
    assert second["next"] is None


def test_each_party_follows_its_own(followed: World) -> None:
    """By pages and by events; the numbers of others are not in it."""
    for party, contracts in (
        (followed.owner, ["c1", "c2"]),
        (followed.acme, ["c1"]),
        (followed.contoso, ["c2"]),
        (followed.stranger, ["c9"]),
    ):
        assert [one["contract"] for one in told(party.get("/changes"))["changes"]] == contracts
        assert [one["contract"] for one in _events(party)] == contracts


def test_a_stream_goes_on_behind_the_last_event(followed: World) -> None:
    """By the header that a listener sends by itself; what is no number is refused."""
    first, second = _events(followed.owner)
    assert (first["id"], second["id"]) == (first["number"], second["number"])
    assert _events(followed.owner, **{LAST: str(first["id"])}) == [second]
    assert _events(followed.owner, **{LAST: str(second["id"])}) == []
    for bad in ("x", "-1", "9" * 17):
        answer = followed.owner.ask("GET", "/changes", Accept=EVENTS, **{LAST: bad})
        assert problem(answer, 422, "invalid")["findings"][0]["field"] == LAST


def test_what_happens_while_somebody_listens_comes(followed: World) -> None:
    """A fact comes between two looks; a stream to which nothing comes ends, and says so before."""
    waits = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 1:
            told(followed.owner.tell("/facts", event("f-new", "T-new")), 201)
        return False

    WAIT["now"] = wait
    found = _events(followed.acme)
    assert [one["subject"] for one in found] == ["T/c1", "T-new"]
    assert len(waits) == 1 + LOOKS


def test_who_is_not_let_in_any_more_hears_nothing_more(followed: World) -> None:
    """The token is revoked while its owner listens: the stream ends at the next look."""

    def wait(seconds: float) -> bool:
        token = Token.objects.get(customer__name="Acme")
        revoke_token(followed.provider.pk, token.pk, NOW)
        told(followed.owner.tell("/facts", event("f-new", "T-new")), 201)
        return False

    WAIT["now"] = wait
    assert [one["subject"] for one in _events(followed.acme)] == ["T/c1"]


def test_who_asks_for_the_headers_of_a_stream_does_not_listen(followed: World) -> None:
    """`HEAD` is answered with them, and nobody's place is taken."""
    with closing(_follow(followed.acme)) as stream:
        headers, listening = stream.headers, _SEATS.taken
        answer: Any = followed.acme.ask("HEAD", "/changes", Accept=EVENTS)
        assert (answer.status_code, answer.headers) == (200, headers)
        assert _SEATS.taken == listening
    assert b"".join(answer.streaming_content) == b""


def _follow(party: Party) -> Any:
    return party.ask("GET", "/changes", Accept=EVENTS)


@contextmanager
def _following(parties: Iterable[Party]) -> Iterator[list[Any]]:
    """Streams of parties, as long as nobody else is served."""
    with ExitStack() as open_:
        streams = []
        for party in parties:
            streams.append(_follow(party))
            open_.callback(streams[-1].close)
            assert streams[-1].status_code == 200, streams[-1].content
        yield streams
    assert _SEATS.taken == 0


def _is_told_to_come_again(party: Party, status: int, code: str, what: str) -> None:
    answer = _follow(party)
    assert what in problem(answer, status, code)["detail"]
    assert int(answer["Retry-After"]) > 0
    told(party.get("/changes"))


def test_nobody_takes_the_streams_of_everybody(followed: World) -> None:
    """A token, a customer and a provider have a share each; beyond it they are told so, and others listen."""

    def another(customer: str | None = None) -> Party:
        return Party(followed.token(followed.provider, "contact" if customer else "owner", customer))

    with _following([followed.acme] * OF_PARTY):
        _is_told_to_come_again(another("Acme"), 429, "too-many-requests", "this customer")
        assert len(_events(followed.contoso)) == 1
    with _following([followed.owner] * OF_PARTY):
        assert len(_events(another())) == 2
    with _following([followed.owner] * OF_PARTY + [another()] * (OF_PROVIDER - OF_PARTY)):
        for party in (another(), followed.contoso):
            _is_told_to_come_again(party, 429, "too-many-requests", "this provider")
        assert len(_events(followed.stranger)) == 1


def test_who_comes_back_takes_the_oldest_place_of_the_same_token(followed: World) -> None:
    """The oldest stream ends, the others go on; as many as end at once are no more than may listen."""
    for party in (followed.owner, followed.acme):
        with _following([party] * OF_PARTY) as streams:
            with closing(_follow(party)) as newer:
                first, *others = [b"".join(one) for one in (*streams, newer)]
            assert first == b"retry: 2000\n\n"
            assert all(b"event: change" in one for one in others)
        with _following([party] * (2 * OF_PARTY)):
            _is_told_to_come_again(party, 429, "too-many-requests", "already")
        assert _SEATS.taken == 0


def test_as_many_listen_as_there_are_threads_for(followed: World) -> None:
    """One more is told when to come again; whoever goes leaves room, also before the first event."""
    parties = []
    for n in range(STREAMS // OF_PROVIDER):
        provider = Provider.objects.create(name=f"P{n}", key=f"p{n}")
        tokens = [followed.token(provider, "owner") for _ in range(OF_PROVIDER // OF_PARTY)]
        parties += [Party(token) for token in tokens] * OF_PARTY
    with _following(parties) as streams:
        _is_told_to_come_again(followed.owner, 503, "busy", "as many listen as can")
        for _ in range(2):
            streams[0].close()
        assert len(_events(followed.owner)) == 2
