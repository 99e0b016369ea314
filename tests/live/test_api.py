"""Facts in and answers out by HTTP: what is recorded, what is told again, what is answered."""

from __future__ import annotations

import json
import re
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection

from tests.core.worlds import at
from tests.live.api_desk import NOW, World, event, problem, told
from tests.live.api_urls import CLOCK
from upheld.app.export import export
from upheld.app.once import Answered, once
from upheld.app.tokens import bearer
from upheld.book.answers import report_answer
from upheld.book.evaluate import evaluate
from upheld.cli.main import main
from upheld.core.stating.statement import read_statement
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, format_instant
from upheld.render.effects import applied_lines
from upheld.render.records import dumps
from upheld.store.book import read_ledger
from upheld.store.locking import _WRITER
from upheld.store.models import KeptAnswer, RecordedFact, ScopeRow

LINES = "application/x-ndjson"
LIST = "application/cloudevents-batch+json"


def lines(*events: dict[str, object]) -> bytes:
    """Facts as JSON lines."""
    return "".join(json.dumps(one) + "\n" for one in events).encode()


def test_a_fact_is_recorded_and_wakes_its_deadline(world: World) -> None:
    """One ticket is told by HTTP: it has its position, its actor, the instant of the clock and a deadline."""
    assert told(world.owner.tell("/facts", event()), 201) == {"positions": [1], "new": 1, "findings": []}
    (row,) = RecordedFact.objects.all()
    assert (row.provider_id, row.recorded_at) == (world.provider.pk, NOW)
    assert row.actor.startswith("token/")
    assert ScopeRow.objects.get(kind="ticket").next_at == at("Mon 06-08 10:30") + 1


def test_a_ticket_that_was_open_before_comes_with_what_was_counted(world: World) -> None:
    """Half an hour of its two was counted by the old desk: it is due on Monday at ten, not half past."""
    carried = event("f2", type_="ticket.carried", commitment="response", elapsed="30m")
    assert told(world.owner.tell("/facts:batch", lines(event(), carried), LINES))["new"] == 2
    assert ScopeRow.objects.get(kind="ticket").next_at == at("Mon 06-08 10:00") + 1
    wrong = event("f3", type_="ticket.carried", commitment="response", elapsed="a while")
    (finding,) = problem(world.owner.tell("/facts", wrong), 422, "invalid")["findings"]
    assert (finding["code"], finding["places"][0]["line"]) == ("bad-field", 1)


def test_a_contract_that_is_not_there_is_told_at_once(world: World) -> None:
    """The fact is recorded: its contract may be applied later. Whoever told it learns what is wrong."""
    (finding,) = told(world.owner.tell("/facts", event(contract="c7")), 201)["findings"]
    assert (finding["code"], finding["severity"]) == ("unknown-contract", "warning")
    assert finding["message"] == "there is no contract `c7`"
    assert told(world.owner.tell("/facts", event("f2", "T-2")), 201)["findings"] == []


def test_one_id_under_two_contracts_is_told_at_once(world: World) -> None:
    """Told before or in the same batch, and told again; each customer is judged by what is theirs alone."""
    told(world.owner.tell("/facts", event()), 201)
    for status in (201, 200):
        (finding,) = told(world.owner.tell("/facts", event("f2", contract="c2")), status)["findings"]
        assert (finding["code"], finding["severity"]) == ("subject-twice", "warning")
        assert finding["message"] == "ticket `T-1` is begun under `c1` and `c2`"
    other, closed = (
        event("f4", "T-2", contract="c2"),
        event("f5", "T-2", type_="ticket.closed", contract="c2"),
    )
    nobody = event("f6", "T-2", type_="ticket.replied", contract="c7")
    both = lines(event("f3", "T-2"), other, nobody, closed)
    findings = told(world.owner.tell("/facts:batch", both, LINES))["findings"]
    assert [(one["code"], one["places"][0]["line"]) for one in findings] == [
        ("unknown-contract", 3),
        ("subject-twice", 2),
        ("subject-twice", 3),
    ]
    for party in (world.acme, world.contoso):
        own = {one["fact"]["id"] for one in told(party.get("/facts"))["facts"]}
        (mine,) = told(party.get("/verdicts"))["contracts"]
        cited = {one["id"] for verdict in mine["verdicts"] for one in verdict["facts"]}
        assert {one["subject"] for one in mine["verdicts"]} == {"T-1", "T-2"}
        assert cited <= own


def test_what_names_nobody_stays_with_whose_ticket_was_recorded_first(world: World) -> None:
    """Though another customer's ticket of that id, told later, was opened before: in log and verdict."""
    told(world.owner.tell("/facts", event()), 201)
    before = {"time": "2026-06-05T15:00:00Z"}
    batch = [event("f2", contract="c2") | before, event("f3", type_="ticket.replied")]
    batch += [event("g1", "T-2"), event("g2", "T-2", contract="c2") | before]
    batch += [event("g3", "T-2", type_="ticket.replied")]
    told(world.owner.tell("/facts:batch", lines(*batch), LINES))
    for party, own in ((world.acme, {"f1", "f3", "g1", "g3"}), (world.contoso, {"f2", "g2"})):
        assert {one["fact"]["id"] for one in told(party.get("/facts"))["facts"]} == own
        (mine,) = told(party.get("/verdicts"))["contracts"]
        assert {one["id"] for verdict in mine["verdicts"] for one in verdict["facts"]} == own


def test_a_value_that_no_agreement_has_is_told_at_once(world: World) -> None:
    """By the contract that a fact names, or that of its subject; it is recorded, and its clock not judged."""
    (finding,) = told(world.owner.tell("/facts", event(priority="p1")), 201)["findings"]
    assert (finding["code"], finding["severity"]) == ("unknown-value", "warning")
    assert finding["message"] == "`priority` cannot be `p1`, so a clock keyed by it cannot be judged"
    assert finding["way_out"] == "did you mean `P1`? there are P1, P2, P3"
    changed = event("f3", "T-1", "ticket.classified", by="provider", priority="P9")
    findings = told(world.owner.tell("/facts:batch", lines(event("f2", "T-2"), changed), LINES))["findings"]
    assert [(one["code"], one["places"][0]["line"]) for one in findings] == [("unknown-value", 2)]
    assert findings[0]["way_out"] == "there are P1, P2, P3"
    (finding,) = told(
        world.owner.tell("/facts", event("f4", "I-1", "incident.declared", severity="S9")), 201
    )["findings"]
    assert finding["way_out"] == "there are S1, S2"
    assert told(world.owner.tell("/facts", event("f5", "T-3", priority="P2")), 201)["findings"] == []
    assert RecordedFact.objects.count() == 5
    (mine,) = told(world.acme.get("/verdicts"))["contracts"]
    states = {one["subject"]: one["state"] for one in mine["verdicts"]}
    assert states == {"T-1": "undetermined", "T-2": "running", "T-3": "running"}


def test_a_fact_told_twice_is_recorded_once(world: World) -> None:
    """The second time is answered by 200 and the first position; another body under its id by 409."""
    assert told(world.owner.tell("/facts", event()), 201)["positions"] == [1]
    assert told(world.owner.tell("/facts", event()), 200) == {"positions": [1], "new": 0, "findings": []}
    found = problem(world.owner.tell("/facts", event(priority="P3")), 409, "conflict")
    assert [one["code"] for one in found["findings"]] == ["conflicting-facts"]
    assert found["findings"][0]["way_out"]
    assert RecordedFact.objects.count() == 1


@pytest.mark.parametrize("kind", [LINES, LIST])
def test_a_batch_is_recorded_as_a_whole(world: World, kind: str) -> None:
    """Positions come in the order of the body, repeated ones too; one bad fact stops all of them."""
    events = [event("f1"), event("f2", "T-2"), event("f1")]
    body = lines(*events) if kind == LINES else json.dumps(events, indent=2).encode()
    assert told(world.owner.tell("/facts:batch", body, kind))["positions"] == [1, 2, 1]
    bad = [event("f3", "T-3"), event("f4", "T-4", priority=4), {**event("f5"), "time": "now"}]
    text = json.dumps(bad).replace('}, {"spec', '},\n{"spec')
    body = b"\n" + (lines(*bad) if kind == LINES else text.encode())
    found = problem(world.owner.tell("/facts:batch", body, kind), 422, "invalid")
    assert [one["places"][0]["line"] for one in found["findings"]] == [3, 4]
    assert RecordedFact.objects.count() == 2


def test_every_fault_is_told_at_its_place(world: World) -> None:
    """Each finding names line and column in the body, also where a fact stands on many lines."""
    body = (
        b'{"specversion": "1.0",\n "id": "f1", "source": "/desk",\n "type": "ticket.opened",\n "time": "x"}'
    )
    found = problem(world.owner.tell("/facts", body), 422, "invalid")["findings"]
    places = {(one["code"], one["places"][0]["line"], one["places"][0]["column"]) for one in found}
    assert places == {("missing-attribute", 1, 1), ("bad-time", 4, 10)}
    assert {one["places"][0]["file"] for one in found} == {"body"}


def test_facts_come_by_pages(world: World) -> None:
    """A page says where the next one begins; a customer gets their own facts, without personal text."""
    events = [event(f"f{n}", f"T-{n}", contract="c1" if n % 2 else "c2") for n in range(5)]
    events[1]["data"]["private"] = {"by": "Ann"}
    told(world.owner.tell("/facts:batch", lines(*events), LINES))
    first = told(world.owner.get("/facts", limit=3))
    assert [one["position"] for one in first["facts"]] == [1, 2, 3]
    assert first["facts"][1]["fact"]["data"]["private"] == {"by": "Ann"}
    last = told(world.owner.get("/facts", limit=3, after=first["next"]))
    assert ([one["position"] for one in last["facts"]], last["next"]) == ([4, 5], None)
    own = told(world.acme.get("/facts"))
    assert [one["position"] for one in own["facts"]] == [2, 4]
    assert "Ann" not in json.dumps(own)
    assert told(world.stranger.get("/facts")) == {"facts": [], "next": None}


def test_verdicts_are_the_bytes_of_the_report(world: World) -> None:
    """What a provider gets is what the book answers; `at`, `known` and `contract` ask as the command does."""
    told(world.owner.tell("/facts:batch", lines(event("f1"), event("f2", "T-2", contract="c2")), LINES))
    later = NOW + 4 * DAY
    book = read_ledger(world.provider.pk)
    asked: list[tuple[dict[str, object], int | None, str | None]] = [
        ({}, None, None),
        ({"known": 1}, 1, None),
        ({"contract": "c2"}, None, "c2"),
    ]
    for query, known, contract in asked:
        report = evaluate(read_ledger(world.provider.pk, known), later, known)
        expected = dumps(report_answer(book, report, report.findings, contract))
        answer = world.owner.get("/verdicts", at=format_instant(later), **query)
        assert answer.content.decode() == expected
    first = told(world.owner.get("/verdicts", at=format_instant(later)))["contracts"][0]
    assert [one["state"] for one in first["verdicts"]] == ["breached"]


def test_findings_are_those_of_the_export_in_the_same_order(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a provider gets is what the command prints of the export, to the byte but for the places."""
    for number, name in enumerate(("f9", "f10", "f2"), start=1):
        told(world.owner.tell("/facts", event(name, f"T-{number}", contract="c7")), 201)
        monkeypatch.setattr(CLOCK, "at", NOW + number * MINUTE)
    export(world.provider.pk, tmp_path / "export", tmp_path / "lake")
    later = format_instant(NOW + HOUR)
    main(["evaluate", str(tmp_path / "export"), "--at", later, "--format", "json"])
    printed, answered = json.loads(capsys.readouterr().out), told(world.owner.get("/verdicts", at=later))
    files = [[place.pop("file") for place in one["places"]] for one in answered["findings"]]
    assert files[-3:] == [["/desk#f9"], ["/desk#f10"], ["/desk#f2"]]
    for one in (*printed["findings"], *answered["findings"]):
        del one["places"]
    assert dumps(printed) == dumps(answered)


def test_of_a_position_to_come_nothing_is_told(world: World) -> None:
    """What is answered as of a position stays so: of one that no fact has yet it could not."""
    told(world.owner.tell("/facts", event("f1")), 201)
    for party in (world.owner, world.acme):
        for path in ("/verdicts", "/due", "/claims", "/statements/c1/2026-06"):
            (found,) = problem(party.get(path, known=2), 422, "invalid")["findings"]
            assert (found["code"], found["field"]) == ("bad-value", "known")
        told(party.get("/verdicts", known=1))


def test_now_is_what_the_clock_says(world: World) -> None:
    """Without `at` an answer is as of the clock of the server."""
    assert told(world.owner.get("/verdicts"))["at"] == format_instant(NOW)
    CLOCK.at = NOW + HOUR
    assert told(world.owner.get("/due"))["at"] == format_instant(NOW + HOUR)


def test_what_is_due_is_told_with_its_deadline(world: World) -> None:
    """The response to a ticket of Friday 16:30 is due on Monday 10:30; a horizon before it leaves it out."""
    told(world.owner.tell("/facts", event()), 201)
    (row,) = told(world.owner.get("/due"))["due"]
    assert (row["subject"], row["due_at"]) == ("T-1", "2026-06-08T10:30:00Z")
    assert told(world.owner.get("/due", horizon="8h"))["due"] == []


def test_a_verdict_is_explained_by_its_number(world: World) -> None:
    """The number of a report explains itself; one that is not there is not found."""
    told(world.owner.tell("/facts", event()), 201)
    (verdict,) = told(world.owner.get("/verdicts", contract="c1"))["contracts"][0]["verdicts"]
    (one,) = told(world.owner.get(f"/verdicts/{verdict['number']}/explanation"))
    assert one["verdict"] == verdict
    problem(world.owner.get("/verdicts/99/explanation"), 404, "not-found")


def test_a_statement_is_the_record_of_its_period(world: World) -> None:
    """Its contract, its period and its verdicts; a period that has not begun is refused with the way out."""
    told(world.owner.tell("/facts", event()), 201)
    answer = world.acme.get("/statements/c1/2026-06")
    assert read_statement(answer.content.decode()).text == answer.content.decode()
    record = told(answer)["record"]
    assert (record["contract"]["id"], record["period"]["label"]) == ("c1", "2026-06")
    assert len(record["verdicts"]) == 1
    found = problem(world.acme.get("/statements/c1/2026-07"), 422, "invalid")["findings"]
    assert [(one["code"], one["way_out"]) for one in found] == [("bad-period", "ask at a later instant")]
    for period in ("june", "9999", "1890"):
        assert problem(world.acme.get(f"/statements/c1/{period}"), 422, "invalid")["findings"]


def test_claims_and_contracts_are_listed(world: World) -> None:
    """What is claimed, and the contracts between one's walls."""
    assert told(world.owner.get("/claims")) == {"at": format_instant(NOW), "claims": [], "claimable": []}
    assert [one["contract"] for one in told(world.owner.get("/contracts"))["contracts"]] == ["c1", "c2"]
    assert [one["contract"] for one in told(world.acme.get("/contracts"))["contracts"]] == ["c1"]


def test_me_says_who_a_token_is(world: World) -> None:
    """Walls, role and scopes."""
    me = told(world.acme.get("/me"))
    assert (me["provider"], me["customer"], me["role"]) == ("Northwind", "Acme", "contact")
    assert "facts:read" in me["scopes"]


def test_agreements_are_tried_then_applied(world: World) -> None:
    """A dry run tells what would change and changes nothing; the same files again change nothing either."""
    files = {path: text.decode() for path, text in world.files("Northwind", {"c1": "Acme"}).items()}
    tried = told(world.owner.ask("PUT", "/agreements", {"files": files}, query={"dry_run": 1}))
    assert (tried["removed"], tried["dry_run"], tried["revision"]) == (["c2.yaml"], True, 1)
    assert "c2.yaml" in told(world.owner.get("/agreements"))["files"]
    applied = told(world.owner.ask("PUT", "/agreements", {"files": files}))
    assert (applied["removed"], applied["revision"]) == (["c2.yaml"], 2)
    assert told(world.owner.get("/agreements")) == {"revision": 2, "files": files}
    assert told(world.owner.ask("PUT", "/agreements", {"files": files}))["revision"] == 2
    assert [one["contract"] for one in told(world.owner.get("/contracts"))["contracts"]] == ["c1"]


def test_a_contract_whose_terms_are_the_same_is_no_effect(world: World) -> None:
    """The same files, or a comment more, change nothing for anybody; a name alone differs, and is equal."""
    files = told(world.owner.get("/agreements"))["files"]
    texts = files["acme.yaml"]
    for text in (texts, f"# the same\n{texts}"):
        tried = told(
            world.owner.ask(
                "PUT", "/agreements", {"files": files | {"acme.yaml": text}}, query={"dry_run": 1}
            )
        )
        assert (tried["effects"], tried["flips"]["same"]) == ([], 0)
    for old, new, order in (("17:00", "18:00", "better"), ("version: '1'", "version: '2'", "equal")):
        assert old in texts
        changed = {"acme.yaml": texts.replace(old, new)}
        tried = told(world.owner.ask("PUT", "/agreements", {"files": files | changed}, query={"dry_run": 1}))
        found = [(one["contract"], one["how"], one["order"]) for one in tried["effects"]]
        assert found == [("c1", "changed", order), ("c2", "changed", order)]


def test_a_dry_run_tells_for_whom_what_changes(world: World) -> None:
    """P1 in a quarter of an hour, not two hours: what took 20 minutes fails, and what runs moves."""
    told(world.owner.tell("/facts", event("f1", "T-1")), 201)
    CLOCK.at = NOW + 20 * MINUTE
    replied = event("f2", "T-1", "ticket.replied", by="human") | {"time": format_instant(CLOCK.at)}
    told(world.owner.tell("/facts", replied), 201)
    opened = event("f3", "T-2") | {"time": format_instant(CLOCK.at)}
    told(world.owner.tell("/facts", opened), 201)
    files = {path: text.decode() for path, text in world.files("Northwind", {"c1": "Acme"}).items()}
    files["acme.yaml"] = files["acme.yaml"].replace("P1: 2h", "P1: 15m")
    tried = told(world.owner.ask("PUT", "/agreements", {"files": files}, query={"dry_run": 1}))
    kept, gone = tried["effects"]
    assert (kept["contract"], kept["customer"], kept["how"], kept["order"]) == (
        "c1", "Acme", "changed", "better"
    )  # fmt: skip
    assert [one["commitment"] for one in kept["changes"]] == ["response"]
    assert (gone["contract"], gone["how"], gone["after"]) == ("c2", "removed", None)
    (flip,) = tried["flips"]["flips"]
    assert (flip["subject"], flip["before"]["state"], flip["after"]["state"]) == ("T-1", "met", "breached")
    (move,) = tried["flips"]["moves"]
    assert (move["subject"], move["before"]["state"], move["after"]["state"]) == ("T-2", "running", "running")
    assert (
        "\n".join(applied_lines(tried))
        == """\
changed acme.yaml
removed c2.yaml
c1 (Acme), acme 1: better
    response (deadline): better
        target (priority = P1)  2h on desk -> 15m on desk
c2 (Contoso), acme 1: removed
By the facts until now 1 verdict would be another one:
    c1  response  T-1  met -> breached  2h of desk -> 15m of desk
1 deadline that runs would move:
    c1  response  T-2  due 2026-06-08T10:50:00Z -> 2026-06-08T09:05:00Z
revision 1: 1 contract would hold"""
    )
    assert told(world.owner.get("/verdicts"))["contracts"][0]["verdicts"][0]["state"] == "met"


def test_agreements_that_are_wrong_are_refused_with_every_reason(world: World) -> None:
    """Findings name file, line and column of the texts; a path that leads out of a folder is none."""
    files = {path: text.decode() for path, text in world.files("Northwind", {"c1": "Acme"}).items()}
    files["acme.yaml"] += "clok: {}\n"
    found = problem(world.owner.ask("PUT", "/agreements", {"files": files}), 422, "invalid")["findings"]
    assert {one["places"][0]["file"] for one in found} == {"acme.yaml"}
    line = files["acme.yaml"].count("\n")
    assert ("unknown-concept", line) in {(one["code"], one["places"][0]["line"]) for one in found}
    alone = {"files": {"acme.yaml": "document: {agreement: acme, provider: Northwind}\nclok: {}\n"}}
    found = problem(world.owner.ask("PUT", "/agreements", alone), 422, "invalid")["findings"]
    assert ("unknown-concept", 2) in {(one["code"], one["places"][0]["line"]) for one in found}
    for path in ("../c1.yaml", "/c1.yaml", "a//c.yaml", "a\\c.yaml", "a/./c.yaml", "", "a\nb", "x" * 301):
        answer = world.owner.ask("PUT", "/agreements", {"files": {path: "x: 1"}})
        assert problem(answer, 422, "invalid")["findings"][0]["code"] == "unknown-file"
    both = world.owner.ask("PUT", "/agreements", {"files": {"a": "x: 1", "a/b.yaml": "x: 1"}})
    assert problem(both, 422, "invalid")["findings"][0]["code"] == "unknown-file"
    assert told(world.owner.get("/agreements"))["revision"] == 1


def test_an_agreement_with_plans_waits_for_its_first_contract(world: World) -> None:
    """The next version stands beside the one that holds; what is wrong with a plan is told all the same."""
    files = {path: text.decode() for path, text in world.files("Northwind", {"c1": "Acme"}).items()}
    files["next.yaml"] = files["acme.yaml"].replace("version: '1'", "version: '2'") + (
        "plan:\n  basic: {}\n  pro: {deadline: {response: {within: {P1: 1h, other: 4h}}}}\n"
    )
    files["c1.yaml"] = files["c1.yaml"].replace("agreement: acme", "agreement: acme, version: '1'")
    told(world.owner.ask("PUT", "/agreements", {"files": files}))
    files["next.yaml"] += "  best: {deadline: {response: {within: {P9: 1h}}}}\n"
    found = problem(world.owner.ask("PUT", "/agreements", {"files": files}), 422, "invalid")["findings"]
    line = files["next.yaml"].count("\n")
    assert {one["places"][0]["line"] for one in found} == {line}


def test_an_idempotency_key_stands_for_one_request(world: World) -> None:
    """The same request is answered the same and done once; another one under the key is refused."""
    first = world.owner.tell("/facts", event(), key="k1")
    again = world.owner.tell("/facts", event(), key="k1")
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    problem(world.owner.tell("/facts", event("f2"), key="k1"), 409, "key-reused")
    problem(world.owner.tell("/facts", event("f3", priority=9), key="k2"), 422, "invalid")
    assert told(world.owner.tell("/facts", event("f3"), key="k2"), 201)["positions"] == [2]
    assert KeptAnswer.objects.count() == 2
    CLOCK.at = NOW + 7 * DAY
    assert told(world.owner.tell("/facts", event(), key="k1"), 200)["new"] == 0
    assert KeptAnswer.objects.count() == 1


def test_what_is_kept_queues_up_with_every_other_writer(world: World) -> None:
    """The place in the queue of this process is taken before the database: else two wait for each other."""
    who = bearer(world.owner.token or "", NOW)
    assert who is not None
    free: list[bool] = []

    def look() -> None:
        free.append(_WRITER.acquire(blocking=False))
        if free[-1]:
            _WRITER.release()

    def act() -> Answered:
        other = Thread(target=look)
        other.start()
        other.join()
        return Answered(200, b"{}")

    once(who, "k1", "digest", NOW, act)
    assert free == [connection.vendor != "sqlite"]


def test_keys_of_two_tokens_are_two_keys(world: World) -> None:
    """Somebody else's key says nothing about mine."""
    told(world.owner.tell("/facts", event(), key="k1"), 201)
    assert told(world.stranger.tell("/facts", event(contract="c9"), key="k1"), 201)["positions"] == [1]


ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "nav", "section", "h1", "h2", "p", "a", "code",
    "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
"""What a page is made of that runs nothing and loads nothing."""
ATTRIBUTES = {"lang", "charset", "name", "content", "href", "id", "aria-label", "aria-labelledby", "scope"}


def test_the_documents_of_the_api_are_public(world: World) -> None:
    """The schema for programs and a page without scripts for people, with a policy that lets none run."""
    schema = told(world.anonymous.get("/openapi.json"))
    assert schema["openapi"].startswith("3.1")
    page = world.anonymous.get("/docs")
    elements = re.findall(r"<([a-z0-9]+)([^>]*)>", page.content.decode().lower())
    assert {name for name, _ in elements} <= ELEMENTS
    said = {name for _, rest in elements for name in re.findall(r'([\w-]+)="', rest)}
    assert said <= ATTRIBUTES
    assert "default-src 'none'" in page["Content-Security-Policy"]
    for told_ in schema["paths"].values():
        assert all(one["operationId"] in page.content.decode() for one in told_.values())


def test_the_page_of_the_api_says_what_a_body_and_an_answer_hold(world: World) -> None:
    """Each field by its path, with what it holds and whether it may be left out, and who is let in."""
    page = world.anonymous.get("/docs").content.decode()
    sections = dict(re.findall(r'<section id="(\w+)".*?>(.*?)</section>', page, re.DOTALL))
    records = {f"#{name}" for name in told(world.anonymous.get("/openapi.json"))["components"]["schemas"]}
    operations = re.findall(r'<li><a href="(#\w+)">', page)
    assert [f"#{name}" for name in sections if f"#{name}" not in records] == operations
    assert (
        {*re.findall(r'<a href="(#\w+)"><code>', page)}
        <= records
        == {f"#{name}" for name in sections} - {*operations}
    )
    people = sections["keepPerson"]
    assert '<td><code>ways</code></td><td>list of <a href="#Way"><code>Way</code></a></td>' in people
    assert "<td><code>way</code></td><td><code>mail</code> or <code>webhook</code></td>" in sections["Way"]
    assert "<td><code>roles</code></td><td>list of string; may be left out</td>" in people
    assert "Scope: <code>people:write</code>, in one of the roles operator, owner." in people
    assert "Signed by a sender: no token." in sections["hearFacts"]
    assert sections["makeProvider"].count("the setup token of the server") == 1
    assert "Any token." in sections["readMe"]
    assert "`" not in page
