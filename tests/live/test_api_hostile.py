"""Bodies of 200 KB that are made to be slow: each is refused, and little is done for it."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse

from tests.live.api_desk import AGREEMENT, Party, World, contract, event, problem
from tests.live.api_urls import SETUP
from upheld.api.build import OPERATIONS
from upheld.lake.rows import COLUMNS as NAMES
from upheld.store.models import RecordedFact

pytestmark = pytest.mark.slow

ONE = "application/json"
LINES = "application/x-ndjson"
LIST = "application/cloudevents-batch+json"
COLUMNS = "application/vnd.upheld.columns+json"
SIZE = 200_000
STEPS = 2_000_000
"""Calls within the program and returns from them, of which each takes some 30 ns: well below 100 ms."""


def text(body: object) -> bytes:
    """A body as bytes."""
    return json.dumps(body).encode()


def times(unit: bytes, size: int = SIZE) -> bytes:
    """As many of it as there is room for."""
    return unit * (size // len(unit))


def named(start: bytes, name: bytes, count: int, end: bytes) -> bytes:
    """An object of many names."""
    return start + b",".join(b'"%s%d":1' % (name, n) for n in range(count)) + end


def column(name: bytes, cell: bytes) -> bytes:
    """Nearly as many rows as there may be, the same in each."""
    cells = {b"at": b'"2026-06-05T16:20:00Z"', b"component": b'"api"', b"ok": b"true"}
    cells[name] = b"[" + b",".join([cell] * 9_999) + b"]"
    return b"{" + b",".join(b'"%s":%s' % one for one in cells.items()) + b"}"


def lengths(count: int) -> bytes:
    """Each column there is, each of another length."""
    cells = (b'"%s":[%s]' % (name.encode(), b",".join([b"0"] * (count - n))) for n, name in enumerate(NAMES))
    return b"{" + b",".join(cells) + b"}"


def files(rows: str) -> bytes:
    """An agreement of rows that have each their number."""
    head = "document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}\n"
    return text({"files": {"a.yaml": head + rows % tuple(range(rows.count("%d")))}})


def probe(settings: bytes) -> bytes:
    """A probe that is told something."""
    return b'{"name":"p","component":"api","signal":"http","kind":"http","settings":' + settings + b"}"


def many(count: int, of: Callable[[int], str]) -> bytes:
    """A set of so many files."""
    return text({"files": {f"c{n}.yaml": of(n) for n in range(count)}})


HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "deep": (b"[" * 200_000, "/facts", ONE),
    "deep objects": (b'{"a":' * 40_000, "/facts", ONE),
    "quotes": (b'{"a":"' + b'\\"' * 100_000, "/facts", ONE),
    "names": (named(b"{", b"A", 20_000, b"}"), "/facts", ONE),
    "lines of names": (named(b"{", b"A", 5_000, b"}\n") * 4, "/facts:batch", LINES),
    "lines of near names": (named(b'{"data":{', b"contrac", 3_500, b"}}\n") * 4, "/facts:batch", LINES),
    "brackets": (b"[" + b"[],{}," * 33_000, "/facts:batch", LIST),
    "digits": (b"[" + b"9" * 200_000 + b"]", "/facts:batch", LIST),
    "lines": (b"{\n" * 9_999, "/facts:batch", LINES),
    "escapes": (b'{"files":{"a":"' + b"\\u0041" * 33_000, "/agreements", ONE),
    "deep files": (b'{"files":' * 22_000, "/agreements", ONE),
    "bad facts": (b'{"id":"","time":1}\n' * 9_999, "/facts:batch", LINES),
    "a list of bad facts": (b"[" + b'{"id":"a","x":1},' * 9_998 + b"{}]", "/facts:batch", LIST),
    "types that nearly are": (b'{"type":"ticket.opend"}\n' * 8_500, "/facts:batch", LINES),
    "bad observations": (b"[" + b'{"at":"1","a":2},' * 9_998 + b"{}]", "/observations", ONE),
    "a column of no truths": (column(b"ok", b'"maybe a thing"'), "/observations", COLUMNS),
    "a column of no instants": (column(b"at", b'"2026-11-20x10:00"'), "/observations", COLUMNS),
    "columns that nobody has": (named(b"{", b"a", 20_000, b"}"), "/observations", COLUMNS),
    "columns of many lengths": (lengths(5_000), "/observations", COLUMNS),
    "columns of far too many cells": (lengths(40_000), "/observations", COLUMNS),
    "paths of many folders": (
        text({"files": {f"{n}/{'a/' * 2_500}a": "x" for n in range(40)}}),
        "/agreements",
        ONE,
    ),
    "rows that have nothing": (files("deadline:\n" + "  r%d: {}\n" * 6_000), "/agreements", ONE),
    "rows of strangers": (files("deadline:\n" + "  r%d: {frm: 1}\n" * 4_800), "/agreements", ONE),
    "zones that are not": (
        files("calendar:\n" + "  c%d: {zone: America/Nope}\n" * 4_500),
        "/agreements",
        ONE,
    ),
    "paths that are none": (
        named(b'{"files":{', b"../", 4_900, b"}}").replace(b":1", b':"x"'),
        "/agreements",
        ONE,
    ),
    "settings of a probe": (probe(named(b"{", b"k", 15_000, b"}")), "/probes", ONE),
    "hours without end": (
        files("calendar:\n  a: {zone: UTC, open: '" + "Mon-Fri 09:00-17:00, " * 9_000 + "'}\n"),
        "/agreements",
        ONE,
    ),
    "bands without end": (
        files("remedy: {credit: {bands: {" + "'[%d.0, 9)': fifth, " * 8_000 + "}}}\n"),
        "/agreements",
        ONE,
    ),
    "anchors": (files("x: &a [1]\n" + "y%d: *a\n" * 15_000), "/agreements", ONE),
    "tags": (files("y%d: !!python/object:os.system x\n" * 5_000), "/agreements", ONE),
    "merges": (files("<<: {a: 1}\n" * 16_000), "/agreements", ONE),
    "brackets of an expression": (
        files("exclude:\n  a: {when: '" + "(" * 190_000 + "'}\n"),
        "/agreements",
        ONE,
    ),
    "components that go round": (
        files("component:\n" + "".join(f"  c{n}: {{all: [c{(n + 1) % 7_000}]}}\n" for n in range(7_000))),
        "/agreements",
        ONE,
    ),
    "calendars in a chain": (
        files("calendar:\n" + "".join(f"  c{n}: {{union: [c{n + 1}, b]}}\n" for n in range(900))
              + "  c900: {open: Mon 09:00-10:00}\n  b: {open: Tue 09:00-10:00}\n"),
        "/agreements",
        ONE,
    ),
    "calendars that go round": (
        files("calendar:\n" + "".join(f"  c{n}: {{union: [c{(n + 1) % 990}]}}\n" for n in range(990))),
        "/agreements",
        ONE,
    ),
    "calendars of all the others": (
        files("calendar:\n" + "".join(f"  c{n}: {{union: [c{n + 1}, c{n + 2}]}}\n" for n in range(900))
              + "  c900: {open: Mon 09:00-10:00}\n  c901: {open: Tue 09:00-10:00}\n"),
        "/agreements",
        ONE,
    ),
    "hours that overlap": (
        files("calendar:\n  c: {open: [" + "Mon-Fri 09:00-10:00, " * 7_800 + "]}\n"),
        "/agreements",
        ONE,
    ),
    "texts of hours": (
        files("calendar:\n  c: {open: [" + f"'{'daily 09:00-10:00, ' * 50}', " * 200 + "]}\n"),
        "/agreements",
        ONE,
    ),
    "hours of a date": (
        files("calendar:\n  c: {open: Mon 09:00-10:00, dates: {2026-01-01: '"
              + "09:00-10:00 " * 16_000 + "'}}\n"),
        "/agreements",
        ONE,
    ),
    "dates without end": (
        files("calendar:\n  c: {open: Mon 09:00-10:00, dates: {"
              + "".join(f"{1900 + n // 28}-01-{n % 28 + 1:02}: closed, " for n in range(8_000)) + "}}\n"),
        "/agreements",
        ONE,
    ),
    "plans": (files("plan:\n" + "  p%d: {}\n" * 5_000), "/agreements", ONE),
    "plans that say the same": (
        files("deadline: {d: {from: opened, until: answered, within: 2h}}\nplan:\n"
              + "  p%d: {deadline: {d: {within: 1h}}}\n" * 2_000),
        "/agreements",
        ONE,
    ),
    "components of the next two": (
        files("component:\n" + "".join(f"  c{n}: {{all: [c{n + 1}, c{n + 2}]}}\n" for n in range(2_500))),
        "/agreements",
        ONE,
    ),
    "components that nobody declares": (
        files("component:\n" + "".join(f"  c{n}: {{all: [x{n}]}}\n" for n in range(990))),
        "/agreements",
        ONE,
    ),
    "conditions of misspelt names": (
        files("deadline:\n"
              + "  d%d: {from: opened, until: answered, within: 1h, where: 'prioritty = a'}\n" * 990),
        "/agreements",
        ONE,
    ),
    "events that nearly are": (
        files("event:\n" + "  visit.a%d: {of: ticket}\n" * 700
              + "deadline:\n" + "  d%d: {from: vsit.arrived, until: answered, within: 1h}\n" * 700),
        "/agreements",
        ONE,
    ),
    "rows of targets": (
        files("scale: {p: {of: ticket, values: {P1: x}}}\n"
               "deadline:\n  d: {from: opened, until: answered, within: ["
              + "{where: p = P1, limit: 1h}, " * 3_800 + "]}\n"),
        "/agreements",
        ONE,
    ),
    "rows that are good": (
        files("deadline:\n" + "  d%d: {from: opened, until: answered, within: 1h}\n" * 2_200),
        "/agreements",
        ONE,
    ),
    "values without end": (
        files("".join(f"k{n}: {{{', '.join(f'a{m}: 1' for m in range(400))}}}\n" for n in range(40))),
        "/agreements",
        ONE,
    ),
    "contracts of an agreement that is not there": (
        many(1_900, lambda n: f"contract: {{id: c{n}, agreement: nope, customer: A}}"),
        "/agreements",
        ONE,
    ),
    "contracts of one id": (
        many(550, lambda n: contract("c1", "Acme")).replace(b'{"files": {', b'{"files": {"a": "x",'),
        "/agreements",
        ONE,
    ),
    "contracts, one of which binds to nothing": (
        text({"files": {**json.loads(many(550, lambda n: contract(f"c{n}", "Acme")))["files"],
                        "a.yaml": AGREEMENT, "z.yaml": "contract: {id: z, agreement: nope}"}}),
        "/agreements",
        ONE,
    ),
    "agreements of others": (
        many(1_700, lambda n: "document: {agreement: a, version: '1', provider: Nobody, zone: UTC}"),
        "/agreements",
        ONE,
    ),
    "files that are broken": (many(4_900, lambda n: "{["), "/agreements", ONE),
    "files that nobody reads": (many(4_900, lambda n: "x: 1"), "/agreements", ONE),
    "signals that nobody has": (
        text({"at": "2026-06-05T16:20:00Z", "ok": True, "component": ["api"] * 9_999,
              "signal": [f"s{n}" for n in range(9_999)]}),
        "/observations",
        COLUMNS,
    ),
    "rows of both kinds": (
        times(b'{"at":"2026-06-05T16:20:00Z","component":"api","ok":true,"state":"up"}\n'),
        "/observations",
        LINES,
    ),
    "a pattern that begins well": (
        text({"name": "a-" * 95_000 + "!", "layers": []}),
        "/rotas",
        ONE,
    ),
    "placeholders": (
        text({"language": "en", "kind": "late", "subject": "x",
              "body": "".join(f"{{n{n}}}" for n in range(1_600))}),
        "/templates",
        ONE,
    ),
    "scopes": (
        text({"name": "x", "role": "owner", "scopes": [f"s{n}" for n in range(20_000)]}),
        "/tokens",
        ONE,
    ),
    "a host of many labels": (
        text({"name": "p", "component": "api", "signal": "http", "kind": "http", "every": "1m",
              "settings": {"url": "https://" + "a." * 95_000}}),
        "/probes",
        ONE,
    ),
}  # fmt: skip

ANYWHERE: dict[str, bytes] = {
    "lists": b"[" * SIZE,
    "lists that end": b"[" * (SIZE // 2) + b"]" * (SIZE // 2),
    "objects": times(b'{"a":'),
    "lists as deep as they may be": b"[" + times(b"[[[[[[]]]]]],") + b"1]",
    "numbers": b"[" + times(b"1,") + b"1]",
    "objects of nothing": b"[" + times(b"{},") + b"{}]",
    "one name": b'{"' + b"a" * SIZE + b'":1}',
    "many names": named(b"{", b"k", 17_000, b"}"),
    "many names of nothing": named(b"{", b"\\u0000", 14_000, b"}"),
    "a name again and again": b"{" + times(b'"id":1,') + b'"id":1}',
    "a name twice in the end": named(b"{", b"k", 900, b',"k1":1}'),
    "digits": b'{"id":' + b"9" * SIZE + b"}",
    "1e400000": b'{"id":1e400000}',
    "numbers that are too large": named(b"{", b"k", 9_000, b"}").replace(b":1", b":1e400000000"),
    "digits behind the point": b'{"id":0.' + b"9" * SIZE + b"}",
    "a small exponent": b'{"id":1e-' + b"9" * SIZE + b"}",
    "escapes": b'{"id":"' + times(b"\\u0041") + b'"}',
    "an escaped name": b'{"' + times(b"\\u0041") + b'":1}',
    "halves of characters": b"[" + times(b'"\\ud800",') + b"1]",
    "half a character in the end": b'{"a":"' + b"x" * SIZE + b'\\ud800"}',
    "backslashes": b'{"id":"' + b"\\" * SIZE,
    "quotes": b'"' * SIZE,
    "blanks": b" " * SIZE + b"{",
    "empty lines": b"\n" * SIZE,
    "100,000 empty lines": b" \n" * 100_000,
    "one line": b'{"id":"' + b"x" * SIZE + b'"}\n',
    "ends of lines": times(b"\r\n"),
    "nothing": b"\0" * SIZE,
    "bytes that are no UTF-8": b"\xff" * SIZE,
    "one byte in the end": b'{"id":"' + b"\n" * SIZE + b'\xff"}',
    "UTF-16": json.dumps(event()).encode("utf-16") * 400,
    "UTF-32": ("{" * 50_000).encode("utf-32"),
    "marks of UTF-8": times(b"\xef\xbb\xbf"),
    "packed": gzip.compress(b"0" * 50_000_000, 1),
    "lines of objects": times(b"{}\n"),
    "lines of what is none": times(b"1\n"),
    "names that nearly are": times(b'{"specversio":1,"idd":2,"sourc":3,"typ":4,"tim":5,"dat":6,"att":7}\n'),
    "entities": b"<!DOCTYPE l [" + times(b'<!ENTITY a "&b;&b;">') + b"]>",
    "a form": times(b"a=1&"),
}


@pytest.fixture
def quiet(world: World) -> Iterator[World]:
    """The world, to which nothing of what is asked here is told."""
    yield world
    assert not RecordedFact.objects.exists()


def steps_of(party: Party, method: str, path: str, body: bytes, kind: str) -> tuple[int, HttpResponse]:
    """How many calls within the program an answer took, and the answer."""
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(step)
    try:
        answer = party.ask(method, path, body, kind)
    finally:
        sys.setprofile(None)
    return steps, answer


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_without_work(quiet: World, name: str) -> None:
    """200 KB made to be slow are refused after few steps: the depth and the size are seen before."""
    body, path, kind = HOSTILE[name]
    steps, answer = steps_of(quiet.owner, "PUT" if path == "/agreements" else "POST", path, body, kind)
    assert len(problem(answer, 422, "invalid")["findings"]) <= 101
    assert steps < STEPS


BODIES = [
    (one.method, one.path.format(name="desk", endpoint=1, sender=1), kind)
    for one in OPERATIONS
    if one.body is not None
    for kind in one.body.kinds
]
READERS = ("/facts", "/facts:batch", "/observations", "/agreements", "/people")


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_hostile_anywhere_is_refused_everywhere(quiet: World) -> None:
    """Each of the ways to read a body refuses each of the bodies, after few steps."""
    for method, path, kind in BODIES:
        for name, body in ANYWHERE.items() if path in READERS else ():
            steps, answer = steps_of(quiet.owner, method, path, body, kind)
            found = problem(answer, 422, "invalid")["findings"]
            assert 1 <= len(found) <= 101, (path, kind, name)
            assert steps < STEPS, (path, kind, name)


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_route_reads_a_body_in_a_way_of_its_own(quiet: World) -> None:
    """What costs most there is refused by all routes, whatever they are to read."""
    setup = Party(SETUP)
    for method, path, kind in BODIES:
        for name in ("many names", "lists as deep as they may be"):
            party = setup if path == "/providers" else quiet.owner
            steps, answer = steps_of(party, method, path, ANYWHERE[name], kind)
            assert answer.status_code in (401, 404, 422), (path, kind, name)
            assert answer["Content-Type"] == "application/problem+json"
            assert steps < STEPS, (path, kind, name)


@pytest.mark.slow
def test_5_mb_of_wrong_names_cost_no_more_than_reading_them(quiet: World) -> None:
    """Names are counted while they are read, and nothing is told of each."""
    for body in (named(b'{"files":{', b"a", 400_000, b"}}"), named(b"{", b"a", 400_000, b"}")):
        steps, answer = steps_of(quiet.owner, "PUT", "/agreements", body, ONE)
        (found,) = problem(answer, 422, "invalid")["findings"]
        assert found["code"] == "too-large"
        assert steps < STEPS


def test_a_long_query_and_a_long_header_are_answered(quiet: World) -> None:
    """They are refused where they are no question, without looking further."""
    for path in ("/verdicts", "/facts", "/due"):
        answer = quiet.owner.get(path, **{"a" * 60_000: "b" * 60_000})
        (found,) = problem(answer, 422, "invalid")["findings"]
        assert (found["code"], len(found["field"])) == ("unknown-field", 80)
    problem(quiet.owner.get("/facts", after="9" * 60_000), 422, "invalid")
    problem(quiet.owner.tell("/facts", event(), key="x" * 60_000), 422, "invalid")
    problem(quiet.anonymous.ask("GET", "/me", Authorization="Bearer " + "x" * 60_000), 401, "unauthenticated")
