"""A provider's own texts of messages, and the list of what was told to whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.api_desk import World, problem, told
from tests.live.test_messages import HALF_AT
from tests.live.test_pages import PAGED_AT, Watch
from tests.notify.relay import relaying
from upheld.core.alerting.texts import DEFAULTS
from upheld.core.timeline.instant import format_instant

OWN = {
    "language": "en",
    "kind": "late",
    "subject": "{subject}: late",
    "body": "{{7*7}} ${due_at} {due_at} {to}\n",
}


def test_messages_are_worded_as_the_provider_says(world: World) -> None:
    """Its own text for what is late in English; what is Dutch, or a warning, keeps the default."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": ["lead"]})
        watch.person("Dirk", ["director"], language="nl")
        told(world.owner.tell("/templates", OWN))
        watch.at(HALF_AT)
        watch.at(PAGED_AT)
        warned, late = watch.mails("Lea")
        (dutch,) = watch.mails("Dirk")
    assert "This message is sent at: 50 %" in warned
    assert late.startswith(
        "{{7*7}} ${due_at} Monday 8 June 2026 at 12:00 (UTC) lead, director\r\n\r\nAcknowledge"
    )
    assert "en is te laat" in dutch
    (_, *listed) = told(world.owner.get("/messages", state="accepted"))["messages"]
    rows = {one["to"]: one["subject"] for one in listed}
    assert rows == {"Lea": "T-1: late", "Dirk": "response van T-1 is te laat"}


def test_a_text_is_kept_by_language_and_kind(world: World) -> None:
    """All are listed, with what can stand between braces; taken away, the default holds again."""
    told(world.owner.tell("/templates", OWN | {"subject": "first"}))
    told(world.owner.tell("/templates", OWN))
    found = told(world.owner.get("/templates"))
    assert "due_at" in found["placeholders"]
    own = [one for one in found["templates"] if one["own"]]
    assert own == [OWN | {"own": True}]
    assert len(found["templates"]) == sum(len(texts) for texts in DEFAULTS.values())
    assert not any(one["own"] for one in told(world.stranger.get("/templates"))["templates"])
    which = {"language": "en", "kind": "late"}
    assert told(world.stranger.ask("DELETE", "/templates", query=which)) == {"removed": False}
    assert told(world.owner.ask("DELETE", "/templates", query=which)) == {"removed": True}
    assert told(world.owner.ask("DELETE", "/templates", query=which)) == {"removed": False}
    assert not any(one["own"] for one in told(world.owner.get("/templates"))["templates"])


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"body": "{due} of {whom}"}, "unknown-placeholder", "body"),
        ({"subject": "{subjekt}"}, "unknown-placeholder", "subject"),
        ({"subject": "late\nBcc: all@northwind.example"}, "control-character", "subject"),
        ({"body": "\x00"}, "control-character", "body"),
        ({"body": " \n"}, "bad-value", "body"),
        ({"kind": "other"}, "wrong-type", "kind"),
        ({"subject": "x" * 201}, "wrong-type", "subject"),
    ],
)
def test_a_text_that_cannot_be_is_refused(
    world: World, change: dict[str, Any], code: str, field: str
) -> None:
    """Each fault has the name of what it is in, and the way out."""
    found = problem(world.owner.tell("/templates", OWN | change), 422, "invalid")["findings"]
    assert {(one["code"], one["field"]) for one in found} == {(code, field)}
    if code == "unknown-placeholder":
        assert "placeholders are {contract}, " in found[0]["way_out"]
    assert not any(one["own"] for one in told(world.owner.get("/templates"))["templates"])


def test_what_was_told_can_be_looked_up(world: World) -> None:
    """By number and state, with every attempt and what the other side said; nothing of it is another's."""
    with relaying({}) as post:
        watch = Watch(world, post, {"Lea": ["lead"]})
        watch.at(HALF_AT)
    (one,) = told(world.owner.get("/messages"))["messages"]
    assert (one["to"], one["rule"], one["channel"], one["state"]) == ("Lea", "half", "email", "accepted")
    assert one["owed_at"] == one["ended_at"] == format_instant(HALF_AT)
    (attempt,) = one["attempts"]
    assert attempt["state"] == "accepted"
    assert attempt["said"] == one["said"] != ""
    assert told(world.owner.get("/messages", after=one["number"])) == {"messages": [], "next": None}
    assert told(world.owner.get("/messages", state="failed"))["messages"] == []
    assert told(world.stranger.get("/messages"))["messages"] == []
    problem(world.owner.get("/messages", state="gone"), 422, "invalid")
