"""Observations told over the API: in three forms, once each, every fault with its line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.live.api_desk import NOW, Party, World, problem, told
from upheld.app.observe import MOST_ROWS
from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import HOUR, MINUTE, format_instant
from upheld.core.timeline.spans import Spans
from upheld.store.models import ObservedBatch
from upheld.store.observations import ObservedByProvider
from upheld.store.texts import bind, texts_in_force

LINES = "application/x-ndjson"
COLUMNS = "application/vnd.upheld.columns+json"


def check(minute: int, ok: bool = True, **more: object) -> dict[str, object]:
    """A check so many minutes before now."""
    return {"at": format_instant(NOW - minute * MINUTE), "component": "api", "ok": ok, **more}


def counted(world: World) -> tuple[int, int]:
    """How many checks of the last hour are known, and how many of them are good."""
    (signal,) = bind(texts_in_force(world.provider.pk)).terms[0].signals
    stream = Stream("Northwind", "api", "http")
    observed = ObservedByProvider(world.provider.pk)
    runs = observed.slices(stream, signal, 5 * MINUTE, NOW - HOUR, NOW + MINUTE, Spans())
    return sum(one.total * one.slices for one in runs), sum(one.good * one.slices for one in runs)


def lines(*rows: object) -> bytes:
    """Rows as lines."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in rows)


def test_three_forms_say_the_same(world: World) -> None:
    """Lines, a list and columns: what one of them told is not new in another."""
    rows = [check(1), check(2, ok=False), check(3)]
    columns = {"at": [one["at"] for one in rows], "component": "api", "ok": [True, False, True]}
    assert told(world.owner.tell("/observations", rows)) == {"rows": 3, "new": 3, "findings": []}
    for body, kind in ((lines(*rows, check(4)), LINES), (columns, COLUMNS)):
        new = 1 if kind == LINES else 0
        assert told(world.owner.tell("/observations", body, kind))["new"] == new
    assert counted(world) == (4, 3)


def test_a_batch_is_known_by_its_key_or_by_what_it_says(world: World) -> None:
    """Told again it changes nothing; another batch under the key is refused; keys are those of a token."""
    for _ in range(2):
        answer = told(world.owner.tell("/observations", [check(1)], key="k1"))
    assert answer["new"] == 0
    problem(world.owner.tell("/observations", [check(2)], key="k1"), 409, "key-reused")
    other = Party(world.token(world.provider, "integration"))
    assert told(other.tell("/observations", [check(2)], key="k1"))["new"] == 1
    for _ in range(2):
        told(world.owner.tell("/observations", [check(3)]))
    assert ObservedBatch.objects.count() == 3
    assert counted(world) == (3, 3)


def test_a_prober_may_tell_observations_and_nothing_else(world: World) -> None:
    """Its token has one scope; what it tells is of its provider alone."""
    prober = Party(world.token(world.provider, "prober"))
    assert told(prober.get("/me"))["scopes"] == ["observations:write"]
    assert told(prober.tell("/observations", [check(1)]))["new"] == 1
    for path in ("/facts", "/verdicts", "/people"):
        problem(prober.get(path), 403, "forbidden")
    found = problem(prober.tell("/observations", [check(2, provider="Otherwind")]), 422, "invalid")[
        "findings"
    ]
    assert [(one["code"], one["places"][0]["line"]) for one in found] == [("unknown-provider", 1)]
    assert counted(world) == (1, 1)


BAD: list[tuple[str, object, str, list[tuple[str, int]]]] = [
    ("nothing", b"", "application/json", [("bad-json", 1)]),
    ("no rows", [], "application/json", [("empty-file", 1)]),
    ("blank lines", b"\n\n", LINES, [("empty-file", 1)]),
    ("no list", check(1), "application/json", [("bad-json", 1)]),
    ("nested", [check(1) | {"code": [1]}], "application/json", [("bad-value", 1)]),
    ("a name twice", b'[{"at": "x", "at": "y"}]', "application/json", [("bad-json", 1)]),
    ("no such name", [check(1, latency=3)], "application/json", [("unknown-column", 1)]),
    ("no component", lines({"at": format_instant(NOW), "ok": True}), LINES, [("missing-component", 1)]),
    ("a time to come", [check(-60)], "application/json", [("bad-time", 1)]),
    ("no UTF-8", b'[\n"\xff"]', "application/json", [("not-utf-8", 2)]),
    ("half a character", b'[{"code": "\\ud800"}]', "application/json", [("bad-text", 1)]),
    ("NUL", lines(check(1))[:-1] + b"\0\n", LINES, [("bad-text", 1)]),
    (
        "all faults at once",
        lines(check(1), check(2, status=-1)) + b"\n{\n" + lines(check(3, status="many")),
        LINES,
        [("bad-json", 4), ("bad-number", 5)],
    ),
    ("no column", {"at": [format_instant(NOW)], "ok": [True]}, COLUMNS, [("missing-column", 1)]),
    (
        "columns of two lengths",
        {"at": [format_instant(NOW)], "component": "api", "ok": [True, False]},
        COLUMNS,
        [("wrong-cell-count", 1)],
    ),
    ("columns that are a list", [1], COLUMNS, [("not-an-object", 1)]),
    ("a column of lists", {"at": [[1]], "component": "api"}, COLUMNS, [("bad-value", 1)]),
    (
        "cells of columns",
        {"at": [format_instant(NOW)] * 2, "component": "api", "status": [200, "x"]},
        COLUMNS,
        [("bad-number", 2)],
    ),
    ("too many rows", b"1\n" * (MOST_ROWS + 1), LINES, [("too-large", 1)]),
    ("too many in a list", b"[" + b"1," * MOST_ROWS + b"1]", "application/json", [("too-large", 1)]),
    ("too many cells", {"at": [0] * (MOST_ROWS + 1), "component": "api"}, COLUMNS, [("too-large", 1)]),
]


@pytest.mark.parametrize(("body", "kind", "expected"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_a_bad_batch_is_refused_as_a_whole_with_every_fault(
    world: World, body: object, kind: str, expected: list[tuple[str, int]]
) -> None:
    """Each fault has its code and its line, of columns its row; nothing of the batch is kept."""
    found = problem(world.owner.tell("/observations", body, kind), 422, "invalid")["findings"]
    assert [(one["code"], one["places"][0]["line"]) for one in found] == expected
    assert {one["places"][0]["file"] for one in found} == {"body"}
    assert not ObservedBatch.objects.exists()


def test_what_nobody_asks_for_is_a_warning(world: World) -> None:
    """A component that no agreement has: its rows are left out, and it is told at the first of them."""
    answer = told(world.owner.tell("/observations", [check(1), check(1) | {"component": "web"}]))
    assert (answer["rows"], answer["new"]) == (2, 1)
    assert [(one["code"], one["severity"], one["places"][0]["line"]) for one in answer["findings"]] == [
        ("unknown-component", "warning", 1)
    ]


def test_a_row_that_says_otherwise_is_refused_at_its_line(world: World) -> None:
    """What is known stays; lines that are blank count as lines."""
    told(world.owner.tell("/observations", [check(1)]))
    body = b"\n" + lines(check(2)) + b"\n" + lines(check(1, ok=False))
    found: list[Any] = problem(world.owner.tell("/observations", body, LINES), 409, "conflict")["findings"]
    assert [(one["code"], one["places"][0]["line"]) for one in found] == [("conflicting-rows", 4)]
    assert counted(world) == (1, 1)


def test_a_row_of_a_list_is_told_where_it_stands(world: World) -> None:
    """All that is wrong with rows of one line has the column of its row, whoever finds it."""
    for wrong, code in ((check(-60), "bad-time"), (check(2) | {"component": "web"}, "unknown-component")):
        body = json.dumps([check(1), wrong])
        answer = world.owner.tell("/observations", body.encode())
        (found,) = json.loads(answer.content)["findings"]
        begins = 1 + body.index(json.dumps(wrong))
        (place,) = found["places"]
        assert (found["code"], place["line"]) == (code, 1)
        assert begins <= place["column"] < begins + len(json.dumps(wrong))
    late: list[Any] = problem(world.owner.tell("/observations", [check(-60)]), 422, "invalid")["findings"]
    assert late[0]["message"].startswith("`api` is observed at ")


def test_a_row_for_every_signal_beside_one_that_is_known_is_to_be_left_out(world: World) -> None:
    """What is known cannot be named otherwise any more; of two rows of one batch both can."""
    named, every = check(1, signal="http"), check(1)
    two = problem(world.owner.tell("/observations", [named, every]), 409, "conflict")["findings"]
    assert ["in both, or in neither" in one["way_out"] for one in two] == [True, True]
    told(world.owner.tell("/observations", [every]))
    (one,) = problem(world.owner.tell("/observations", [named, check(2)]), 409, "conflict")["findings"]
    assert one["way_out"].startswith("leave this row out for that instant")


@pytest.mark.parametrize(
    ("number", "says", "way_out"),
    [
        ("123.45678901", "finer than a microsecond", "round it to 0.001"),
        ("123.456789012345", "finer than a microsecond", "round it to 0.001"),
        ("1e-05", "has an exponent", "in digits alone"),
        ("12345678901234567", "is too large", "at most 16 digits"),
        ('"fast"', "is not a number", "write a number in digits"),
    ],
)
def test_a_latency_that_is_not_taken_says_truly_why(
    world: World, number: str, says: str, way_out: str
) -> None:
    """What JSON calls a number is not said to be none, and the way out is of its own fault."""
    body = json.dumps([check(1)]).replace("}", f', "latency_ms": {number}}}').encode()
    (found,) = problem(world.owner.tell("/observations", body), 422, "invalid")["findings"]
    assert says in found["message"]
    assert way_out in found["way_out"]


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/vnd.upheld.columns+json"])
def test_a_name_that_is_no_text_is_refused_as_any_other(world: World, kind: str) -> None:
    """Half of a surrogate pair cannot be sent back: it was an error of ours."""
    found = problem(world.owner.tell("/observations", b'{"o\\ud800k": true}', kind), 422, "invalid")[
        "findings"
    ]
    assert "`o?k`" in found[0]["message"]
