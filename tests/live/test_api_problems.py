"""Bad requests, each answered by a problem that says what is wrong, where, and how it goes."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
import structlog
from django.core.handlers.wsgi import WSGIRequest

from tests.core.worlds import CONTRACT
from tests.live.api_desk import AGREEMENT, Party, World, event, problem, told
from tests.live.api_urls import SETUP
from upheld.api.body import BATCH, body_of
from upheld.api.problems import SEE_DOCS, ProblemError
from upheld.core.values.ways_out import WAYS_OUT
from upheld.files.facts_file import MOST_FACTS
from upheld.server.logs import configure
from upheld.store.models import RecordedFact

LINES = "application/x-ndjson"
LIST = "application/cloudevents-batch+json"


def without(name: str) -> dict[str, Any]:
    """A fact that lacks something."""
    return {key: value for key, value in event().items() if key != name}


def text(body: object) -> bytes:
    """A body as bytes."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


MAIL = {"channel": "email", "way": "mail", "address": "lea@northwind.example"}
FACTS: list[tuple[str, object, str, int]] = [
    ("nothing", b"", "empty-file", 1),
    ("blanks", b" \n ", "empty-file", 1),
    ("no JSON", b"{", "bad-json", 1),
    ("a comma too many", b'{"specversion":"1.0",}', "bad-json", 1),
    ("a second value", text(event()) + b"{}", "bad-json", 1),
    ("a list", [event()], "not-an-object", 1),
    ("a text", "ticket.opened", "not-an-object", 1),
    ("null", None, "not-an-object", 1),
    ("not a number", b'{"id": NaN}', "bad-number", 1),
    ("endless", b'{"id": Infinity}', "bad-number", 1),
    ("a number of many digits", b'{"id": ' + b"9" * 5_000 + b"}", "bad-number", 1),
    ("a huge exponent", b'{"id": 1e999999999}', "bad-number", 1),
    ("a name twice", b'{"id": "a",\n"id": "b"}', "duplicate-key", 2),
    ("half a character", b'{"id": "\\ud800"}', "bad-text", 1),
    ("bytes that are no UTF-8", b'{"id":\n "\xff"}', "not-utf-8", 2),
    ("UTF-16", text(event()).decode().encode("utf-16"), "not-utf-8", 1),
    ("too deep", b'{"data": ' + b"[" * 40 + b"]" * 40 + b"}", "too-deep", 1),
    ("no id", without("id"), "missing-attribute", 1),
    ("no source", without("source"), "missing-attribute", 1),
    ("no time", without("time"), "missing-attribute", 1),
    ("no version", without("specversion"), "missing-attribute", 1),
    ("another version", event() | {"specversion": "2.0"}, "bad-attribute", 1),
    ("an empty id", event() | {"id": ""}, "bad-attribute", 1),
    ("a number as id", event() | {"id": 7}, "bad-attribute", 1),
    ("data that are a text", event() | {"data": "x"}, "bad-attribute", 1),
    ("personal data that are a list", event(private=[]), "bad-attribute", 1),
    ("another kind of data", event() | {"datacontenttype": "text/xml"}, "bad-attribute", 1),
    ("a name in capitals", event() | {"Provider": "x"}, "bad-attribute-name", 1),
    ("no such type", event(type_="ticket.openned"), "unknown-fact-type", 1),
    ("no zone", event() | {"time": "2026-06-05T16:30:00"}, "bad-time", 1),
    ("a day that is not", event() | {"time": "2026-02-30T16:30:00Z"}, "bad-time", 1),
    ("a time to come", event() | {"time": "2026-06-05T17:30:00Z"}, "bad-time", 1),
    ("a year far away", event() | {"time": "9999-06-05T17:30:00Z"}, "bad-time", 1),
    ("no data that are needed", event(type_="ticket.classified"), "missing-field", 1),
    ("a field of another kind", event(priority=1), "bad-field", 1),
    ("a long id", event("x" * 201), "text-too-long", 1),
    ("a long source", event() | {"source": "x" * 201}, "text-too-long", 1),
    ("a long subject", event(subject="x" * 201), "text-too-long", 1),
    ("a long contract", event(contract="x" * 201), "text-too-long", 1),
    ("a line break in an id", event("a\nb"), "control-character", 1),
    ("nothing in an id", event("a\x00"), "control-character", 1),
    ("nothing in a source", event() | {"source": "/\x00"}, "control-character", 1),
    ("a separator in a contract", event(contract="a\x1fb"), "control-character", 1),
    ("nothing as a character", event(note="\x001.5"), "control-character", 1),
    ("nothing in personal text", event(private={"by": "\x00abc"}), "control-character", 1),
    ("more than a line", event(note="x" * 70_000), "line-too-long", 1),
    ("a correction of nothing", event(
        type_="correction.withdrawn", subject="T-1", by="Ann", reason="a mistake",
        corrects={"source": "/desk", "id": "none"},
    ), "dangling-correction", 1),
]  # fmt: skip


@pytest.fixture
def quiet(world: World) -> Any:
    """The world, to which nothing of what is asked here is told."""
    yield world
    assert not RecordedFact.objects.exists()


def test_a_bad_fact_is_refused_with_its_reason_and_its_place(quiet: World) -> None:
    """Each kind of fault has its code, its line, and a message; nothing of it is recorded."""
    for name, body, code, line in FACTS:
        answer = quiet.owner.tell("/facts", text(body))
        assert answer.status_code == 422, name
        found = problem(answer, 422, "invalid")["findings"]
        assert code in [one["code"] for one in found], (name, found)
        (first, *_) = (one for one in found if one["code"] == code)
        assert (first["places"][0]["file"], first["places"][0]["line"]) == ("body", line), name
        assert first["message"], name


BATCHES: list[tuple[str, object, str, int, str]] = [
    ("no lines", b"", "empty-file", 1, LINES),
    ("empty lines", b"\n\n", "empty-file", 1, LINES),
    ("no list", event(), "bad-json", 1, LIST),
    ("an empty list", [], "empty-file", 1, LIST),
    ("a list without end", text([event()])[:-1], "bad-json", 1, LIST),
    ("a comma too many", text([event()])[:-1] + b",]", "bad-json", 1, LIST),
    ("something behind", text([event()]) + b"x", "bad-json", 1, LIST),
    ("a list in the list", [[event()]], "not-an-object", 1, LIST),
    ("lists without end", b"[" * 100_000, "bad-json", 1, LIST),
    ("too many", b"[" + b"1," * MOST_FACTS + b"1]", "too-large", 1, LIST),
    ("too many lines", b"1\n" * (MOST_FACTS + 1), "too-large", MOST_FACTS + 1, LINES),
    ("too many and no last end", b"1\n" * MOST_FACTS + b"1", "too-large", MOST_FACTS + 1, LINES),
    ("the second line", text(event()) + b"\n{", "bad-json", 2, LINES),
    ("two bodies under one id", [event(), event(priority="P2")], "conflicting-facts", 1, LIST),
]


def test_a_bad_batch_is_refused_as_a_whole(quiet: World) -> None:
    """One fault stops all of a batch, and every fault is told."""
    for name, body, code, line, kind in BATCHES:
        status, said = (409, "conflict") if code == "conflicting-facts" else (422, "invalid")
        found = problem(quiet.owner.tell("/facts:batch", text(body), kind), status, said)["findings"]
        assert (code, line) in [(one["code"], one["places"][0]["line"]) for one in found], (name, found)


NOTHING: list[tuple[str, dict[str, object], str]] = [
    ("/people", {"name": "Lea", "roles": ["a\x00"], "ways": [MAIL]}, "roles.0"),
    ("/people", {"name": "Lea", "customer": "\x00", "ways": [MAIL]}, "customer"),
    ("/pages", {"role": "\x00lead"}, "role"),
    ("/rotas", {"name": "desk", "always": "\x00", "layers": []}, "always"),
    ("/probes", {"name": "p", "component": "a\x00", "kind": "http", "settings": {}}, "component"),
    ("/probes", {"name": "p", "settings": {"a\x00": [1, None]}}, "settings.a"),
]  # fmt: skip


def test_nothing_as_a_character_is_refused_wherever_it_stands(quiet: World) -> None:
    """PostgreSQL has no room for it: what is told there is refused here, and the same on SQLite."""
    for path, body, field in NOTHING:
        (found,) = problem(quiet.owner.tell(path, body), 422, "invalid")["findings"]
        assert (found["code"], found["field"]) == ("control-character", field), path


AGREEMENTS: list[tuple[str, object, str, str]] = [
    ("nothing", b"", "bad-json", ""),
    ("a list", [], "wrong-type", ""),
    ("no files", {}, "missing-field", "files"),
    ("files that are a list", {"files": []}, "wrong-type", "files"),
    ("no file", {"files": {}}, "wrong-type", "files"),
    ("a number as a text", {"files": {"a.yaml": 1}}, "wrong-type", "files.a.yaml"),
    ("another field", {"files": {"a.yaml": "x: 1"}, "dry_run": True}, "unknown-field", "dry_run"),
    ("no agreement", {"files": {"a.yaml": "documnt: {agreement: acme}"}}, "unknown-file", ""),
    ("a name twice", b'{"files": {"a": "x", "a": "y"}}', "duplicate-key", ""),
    ("too deep", b"[" * 20, "too-deep", ""),
    ("half a character", b'{"files": {"a.yaml": "\\ud800"}}', "bad-text", ""),
    (
        "an override within the contract",
        {"files": {"a.yaml": CONTRACT.replace("{", "{override: {}, ", 1), "b.yaml": AGREEMENT}},
        "unknown-field",
        "",
    ),
    ("half a character in a name", b'{"files": {"\\ud800": "x"}}', "bad-text", ""),
]


def test_bad_agreements_are_refused(quiet: World) -> None:
    """What is no set of files is told by field and place."""
    for name, body, code, field in AGREEMENTS:
        found = problem(quiet.owner.ask("PUT", "/agreements", text(body)), 422, "invalid")["findings"]
        assert (code, field) in [(one["code"], one["field"] or "") for one in found], (name, found)


VALUES: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
    ("POST", "/people", {"name": "Lea", "zone": "Mars/X", "ways": [MAIL, MAIL | {"address": "x"}]},
     {"zone": "Mars/X", "ways.1.address": "x"}),
    ("POST", "/people", {"name": "Lea", "customer": "Nobody", "ways": [MAIL]}, {"customer": "Nobody"}),
    ("POST", "/people", {"name": "Lea", "ways": [MAIL | {"way": "webhook", "address": "http://10.0.0.1/"}]},
     {"ways.0.address": "http://10.0.0.1/"}),
    ("POST", "/people", {"name": "Lea", "quiet": {"from": "25:00", "until": "07:00"}, "ways": [MAIL]},
     {"quiet.from": "25:00"}),
    ("POST", "/rotas", {"name": "Desk 1", "layers": []}, {"name": "Desk 1"}),
    ("POST", "/rotas", {"name": "desk", "layers": [
        {"people": ["Zed"], "every": "week", "from": "2026-06-01", "hours": "Mon 9-17", "zone": "X/Y"}]},
     {"layers.0.people.0": "Zed", "layers.0.zone": "X/Y", "layers.0.hours": "Mon 9-17"}),
    ("POST", "/rotas", {"name": "desk", "layers": [{"people": ["Lea"], "every": "month", "from": "then"}]},
     {"layers.0.every": "month", "layers.0.from": "then"}),
    ("POST", "/rotas", {"name": "desk", "layers": [
        {"people": [], "every": "day", "from": "1800-01-01", "until": "1700-01-01"}]},
     {"layers.0.people": ""}),
    ("POST", "/rotas/desk/overrides", {"person": "Lea", "from": "now", "until": "later"},
     {"from": "now", "until": "later"}),
    ("POST", "/rotas/desk/overrides",
     {"person": "Zed", "from": "2026-06-07T00:00:00Z", "until": "2026-06-06T00:00:00Z"},
     {"person": "Zed", "until": "2026-06-06T00:00:00Z"}),
    ("POST", "/chains", {"role": "r", "levels": [
        {"people": ["Lea"], "within": "soon"}, {"rota": "desk", "within": "5"}]},
     {"levels.0.within": "soon", "levels.1.within": "5"}),
    ("POST", "/chains", {"role": "r", "levels": [{"rota": "nope", "within": "15m"}]},
     {"levels.0.rota": "nope"}),
    ("POST", "/pages", {"role": "nobody"}, {"role": "nobody"}),
    ("POST", "/templates", {"language": "en", "kind": "late", "subject": "a\tb", "body": " "},
     {"subject": "a\\tb", "body": " "}),
    ("POST", "/templates", {"language": "de", "kind": "late", "subject": "a", "body": "b"},
     {"language": "de"}),
    ("POST", "/probes", {"name": "p", "component": "api", "signal": "http", "kind": "ping", "settings": {}},
     {"kind": "ping"}),
    ("POST", "/probes", {"name": "p", "component": "api", "signal": "http", "kind": "http", "every": "1s",
                         "settings": {"url": "ftp://x", "within": "5h"}},
     {"every": "1s", "settings.url": "ftp://x", "settings.within": "5h"}),
    ("POST", "/probes", {"name": "p", "component": "api", "signal": "http", "kind": "http",
                         "settings": {"url": "ftp://x"}}, {"settings.url": "ftp://x", "every": ""}),
    ("POST", "/probes", {"name": "p", "component": "apj", "signal": "http", "kind": "heartbeat",
                         "settings": {"every": "1h"}}, {"component": "apj"}),
    ("POST", "/endpoints", {"url": "hooks.example"}, {"url": "hooks.example"}),
    ("POST", "/endpoints", {"url": "https://hooks.example/", "kinds": ["verdict.lost"], "tell": " "},
     {"kinds.0": "verdict.lost", "tell": " "}),
    ("PATCH", "/endpoints/1", {"url": None}, {"url": ""}),
    ("POST", "/tokens", {"name": "x", "role": "king", "scopes": ["facts:read"]}, {"role": "king"}),
    ("POST", "/tokens", {"name": "x", "role": "prober", "scopes": ["facts:read", "a:b"]},
     {"scopes.1": "a:b"}),
    ("POST", "/tokens", {"name": "x", "role": "owner", "scopes": ["facts:read"], "days": 4000}, {"days": ""}),
    ("POST", "/tokens", {"name": "x", "role": "contact", "scopes": ["facts:read"], "customer": "Acmee"},
     {"customer": "Acmee"}),
    ("POST", "/providers", {"key": "A B", "name": "x"}, {"key": "A B"}),
]  # fmt: skip


def test_a_value_that_cannot_be_is_told_with_its_place_and_a_way_out_of_its_own(quiet: World) -> None:
    """Every field that is wrong is named, where its value begins, and what is to be written instead."""
    quiet.owner.tell("/people", {"name": "Lea", "ways": [MAIL]})
    quiet.owner.tell("/rotas", {"name": "desk", "layers": []})
    quiet.owner.tell("/endpoints", {"url": "https://hooks.northwind.example/"})
    for method, path, body, wrong in VALUES:
        party = Party(SETUP) if path == "/providers" else quiet.owner
        lines = json.dumps(body, indent=1)
        found = problem(party.ask(method, path, lines.encode()), 422, "invalid")["findings"]
        assert {one["field"] for one in found} == {*wrong}, (path, found)
        for one in found:
            (place,) = one["places"]
            at = lines.splitlines()[place["line"] - 1][place["column"] - 1 :]
            value = wrong[one["field"]]
            assert not value or at.startswith(f'"{value}"'), (path, one)
            assert one["way_out"] not in (WAYS_OUT["bad-value"], SEE_DOCS), (path, one)
            assert "pattern" not in one["message"], "nobody has to read a regular expression"


def test_what_is_sent_in_another_form_of_events_is_told_how_to_be_sent(quiet: World) -> None:
    """A list where one fact is read, and attributes in headers: the way out says what is read."""
    (found,) = problem(quiet.owner.tell("/facts", [event()]), 422, "invalid")["findings"]
    assert found["way_out"] == "send a list to /api/v1/facts:batch, as application/cloudevents-batch+json"
    binary = {f"ce-{name}": str(value) for name, value in event().items() if name != "data"}
    answer = quiet.owner.tell("/facts", {"contract": "c1"}, **binary)
    missing = [
        one for one in problem(answer, 422, "invalid")["findings"] if one["code"] == "missing-attribute"
    ]
    assert missing
    for one in missing:
        assert one["message"].endswith("headers `ce-` are not read")
        assert one["way_out"] == "send the event whole in the body, as application/cloudevents+json"


QUERIES: list[tuple[str, dict[str, object], str, str]] = [
    ("/verdicts", {"at": "now"}, "bad-instant", "at"),
    ("/verdicts", {"at": "2026-06-05"}, "bad-instant", "at"),
    ("/verdicts", {"at": "2026-06-05T10:00:00"}, "bad-instant", "at"),
    ("/verdicts", {"at": ["2026-06-05T10:00:00Z"] * 2}, "duplicate-key", "at"),
    ("/verdicts", {"when": "now"}, "unknown-field", "when"),
    ("/verdicts", {"known": "-1"}, "wrong-type", "known"),
    ("/verdicts", {"known": "9" * 40}, "wrong-type", "known"),
    ("/verdicts", {"known": "1.5"}, "wrong-type", "known"),
    ("/verdicts", {"at": "2190-01-01T00:00:00Z"}, "beyond-horizon", ""),
    ("/due", {"horizon": "soon"}, "bad-amount", "horizon"),
    ("/due", {"horizon": "999d"}, "bad-amount", "horizon"),
    ("/due", {"horizon": "3bh"}, "bad-amount", "horizon"),
    ("/facts", {"after": "x"}, "wrong-type", "after"),
    ("/facts", {"after": str(2**63)}, "wrong-type", "after"),
    ("/facts", {"limit": "0"}, "wrong-type", "limit"),
    ("/facts", {"limit": "1001"}, "wrong-type", "limit"),
    ("/verdicts/x/explanation", {}, "wrong-type", "number"),
    ("/verdicts", {"contract": "c\x001"}, "control-character", "contract"),
    ("/rotas/%00/turns", {}, "control-character", "name"),
    ("/statements/c1/june", {}, "bad-period", "period"),
    ("/statements/c1/2030-01", {}, "bad-period", "period"),
    ("/due", {"horizon": ""}, "bad-amount", "horizon"),
    ("/messages", {"state": "lost"}, "wrong-type", "state"),
    ("/pages", {"waiting": "perhaps"}, "wrong-type", "waiting"),
    ("/verdicts", {"known": "99999"}, "bad-value", "known"),
    ("/facts", {"limit": ["5", "6"]}, "duplicate-key", "limit"),
]


def test_a_bad_question_is_told_which_parameter_is_wrong(quiet: World) -> None:
    """Each finding names the parameter; what is not known is never ignored."""
    for path, query, code, field in QUERIES:
        found = problem(quiet.owner.get(path, **query), 422, "invalid")["findings"]
        assert all(one["way_out"] != SEE_DOCS for one in found), (path, query, found)
        assert [(one["code"], one["field"] or "") for one in found][:1] == [(code, field)], (
            path,
            query,
            found,
        )


def test_there_are_a_hundred_of_them() -> None:
    """What is promised of bad requests is held by this many."""
    assert len(FACTS) + len(BATCHES) + len(AGREEMENTS) + len(VALUES) + len(QUERIES) >= 100


def test_a_body_of_another_kind_is_not_read(quiet: World) -> None:
    """Another media type, another character set, a packed body: 415, with what is read."""
    for kind, headers in (
        ("text/plain", {}),
        ("application/x-www-form-urlencoded", {}),
        ("multipart/form-data; boundary=x", {}),
        ("application/json; charset=latin-1", {}),
        ("application/json", {"Content-Encoding": "gzip"}),
        (LINES, {}),
    ):
        answer = quiet.owner.tell("/facts", text(event()), kind, **headers)
        problem(answer, 415, "unsupported-media-type")
        assert answer["Accept"] == "application/cloudevents+json, application/json"


def test_too_much_is_not_read(quiet: World) -> None:
    """One fact more than 256 KiB, a batch more than 5 MiB: 413, whatever the length says."""
    one, many = b"x" * (256 * 1024 + 1), b"x" * (5 * 1024 * 1024 + 1)
    for answer in (
        quiet.owner.tell("/facts", one),
        quiet.owner.tell("/facts:batch", many, LINES),
        quiet.owner.ask("PUT", "/agreements", many),
    ):
        assert problem(answer, 413, "too-large")["detail"]


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "é"])
def test_a_key_that_is_none_is_refused(quiet: World, key: str) -> None:
    """Keys have visible characters of ASCII, not more than 200."""
    found = problem(quiet.owner.tell("/facts", event(), key=key), 422, "invalid")["findings"]
    assert [one["field"] for one in found] == ["Idempotency-Key"]


NOWHERE = ("/", "/nothing", "/facts/", "/facts/1", "/verdicts/1", "/statements/c1", "/%00")


def test_where_nothing_is_nothing_is_found(quiet: World) -> None:
    """An unknown path is answered as what is not there, whoever asks."""
    for path in NOWHERE:
        for party in (quiet.owner, quiet.anonymous):
            assert problem(party.get(path), 404, "not-found")["detail"], path


NO_TOKENS = ("", "Bearer", "Basic abc", "Bearer upheld_x", "Bearer é", "Bearer " + "x" * 9_000)


def test_what_is_no_token_lets_nobody_in(quiet: World) -> None:
    """Whatever stands in the header: 401, and how to ask."""
    for token in NO_TOKENS:
        answer = quiet.anonymous.ask("GET", "/me", Authorization=token)
        problem(answer, 401, "unauthenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_query_without_end_is_no_request(quiet: World) -> None:
    """More parameters than anybody has: it is said so, and nothing of ours has failed."""
    for path in ("/me", "/verdicts"):
        said = problem(quiet.owner.get(path, **{f"a{n}": 1 for n in range(1_001)}), 400, "bad-request")
        assert said["detail"] == "the query has too many parameters", path


def test_a_body_that_breaks_off_is_not_taken_for_a_shorter_one() -> None:
    """Whole lines came before the line went dead: none of them is recorded."""
    body = text(event()) + b"\n"
    came = {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body) + 9)}
    with pytest.raises(ProblemError) as refused:
        body_of(WSGIRequest({"REQUEST_METHOD": "POST", **came}), BATCH)
    assert refused.value.problem.code == "bad-request"
    assert refused.value.problem.detail == f"the body breaks off: {len(body)} bytes of {len(body) + 9} came"


def test_a_body_in_chunks_is_asked_for_its_length(quiet: World) -> None:
    """What comes without a length would be read as nothing: 411, with the way out."""
    answer = quiet.owner.tell("/facts", text(event()), **{"Transfer-Encoding": "chunked"})
    assert "Content-Length" in problem(answer, 411, "length-required")["detail"]


def test_another_host_is_not_served(quiet: World) -> None:
    """A name that is not this server's is refused before anything is looked at."""
    assert problem(quiet.owner.ask("GET", "/me", Host="evil.example"), 400, "bad-request")["detail"]


def test_what_nobody_expected_is_our_fault_and_tells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault in the program is 500 with a fixed text; what it was stands in the log alone, on one line."""

    def broken(*_: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("upheld.api.facts.facts_of", broken)
    configure()
    try:
        answer = world.owner.get("/facts")
    finally:
        structlog.reset_defaults()
    found = problem(answer, 500, "internal")
    assert found["findings"] == []
    assert b"secret" not in answer.content
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["event"], said["method"], said["route"]) == ("request failed", "GET", "/api/v1/facts")
    assert "the secret of the house" in said["exception"]


def test_a_warning_does_not_stop_a_fact(world: World) -> None:
    """What is only ignored is told beside what was recorded."""
    done = told(world.owner.tell("/facts", event() | {"sourc": "x"}), 201)
    assert [(one["code"], one["severity"]) for one in done["findings"]] == [("unknown-attribute", "warning")]
