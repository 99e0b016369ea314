"""The commands: what they print, their exit codes, and that nothing a stranger wrote gets through raw."""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from upheld.cli.main import COMMANDS, main, parser_of
from upheld.cli.output import named_target

AGREEMENT = """document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}
scale:
  priority: {of: ticket, values: {P1: down, P2: broken}}
calendar:
  desk: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: 8h}
deadline:
  response:
    {from: opened, until: answered, on: desk, within: {P1: {goal: 1h, limit: 2h}, P2: 4h}, clause: "2.1"}
  resolution: {from: opened, until: resolved, on: desk, within: 8h, modality: objective}
"""
CONTRACT = "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01}\n"
OTHER = "contract: {id: c2, customer: Other, agreement: acme, from: 2026-01-01}\n"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


class Ran(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def fact(n: int, type_: str, time: str, subject: str = "T-1", **more: Any) -> dict[str, Any]:
    """A fact of the desk on the first of June 2026."""
    recorded = more.pop("recordedtime", None)
    told = {
        "specversion": "1.0",
        "id": f"f{n}",
        "source": "desk",
        "type": type_,
        "time": f"2026-06-{time}:00Z",
    }
    return {**told, "subject": subject, "data": more, **({"recordedtime": recorded} if recorded else {})}


OPENED = fact(1, "ticket.opened", "01T10:00", contract="c1", priority="P1")
ANSWERED = fact(2, "ticket.replied", "01T11:30")
AT = "2026-06-01T11:45:00Z"


class World:
    """A folder with an agreement, two contracts and facts, and the commands on it."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys
        self.write("acme.yaml", AGREEMENT)
        self.write("c1.yaml", CONTRACT)
        self.write("c2.yaml", OTHER)
        self.facts(OPENED, ANSWERED)

    def write(self, name: str, text: str) -> World:
        """One file."""
        (self.home / name).write_text(text, encoding="utf-8")
        return self

    def facts(self, *facts: dict[str, Any], more: str = "") -> World:
        """The facts, with lines of any kind after them."""
        return self.write("facts.jsonl", "".join(json.dumps(one) + "\n" for one in facts) + more)

    def run(self, *words: str) -> Ran:
        """A command, with the folder in the place of HOME."""
        code = main([str(self.home) if word == "HOME" else word for word in words])
        captured = self.capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    def evaluate(self, *words: str) -> Ran:
        """`upheld evaluate` of the folder."""
        return self.run("evaluate", "HOME", *(words if "--at" in words else (*words, "--at", AT)))


@pytest.fixture
def world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> World:
    """A small world."""
    return World(tmp_path, capsys)


# -- evaluate ----------------------------------------------------------------------------------------------


def test_the_text_tells_every_verdict(world: World) -> None:
    """The first screen and the contract in full, nothing on standard error."""
    ran = world.evaluate()
    assert (ran.code, ran.err) == (0, "")
    assert "#1  T-1  met" in ran.out
    assert "30 min left" in ran.out
    assert len(world.evaluate("--summary").out) < len(ran.out)


def test_the_record_tells_every_part_of_a_verdict(world: World) -> None:
    """Instants in UTC, durations in seconds, clause and facts."""
    ran = world.evaluate("--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert (ran.record["at"], ran.record["known"], ran.record["findings"]) == (AT, 2, [])
    contract = ran.record["contracts"][0]
    names = ("contract", "customer", "provider", "agreement", "version", "plan")
    assert [contract[name] for name in names] == ["c1", "Acme", "Northwind", "acme", "1", None]
    response, resolution = contract["verdicts"]
    expected = {
        "number": 1,
        "commitment": "response",
        "kind": "deadline",
        "subject": "T-1",
        "cycle": 1,
        "state": "met",
        "modality": "guarantee",
        "clause": ["2.1"],
        "target": {"goal": "1h", "limit": "2h"},
        "calendar": "desk",
        "started_at": "2026-06-01T10:00:00Z",
        "due_at": "2026-06-01T12:00:00Z",
        "goal_at": "2026-06-01T11:00:00Z",
        "stopped_at": "2026-06-01T11:30:00Z",
        "elapsed_s": 5_400,
        "budget_s": 7_200,
        "late_s": None,
        "reasons": ["the goal was passed"],
        "facts": [{"source": "desk", "id": "f1"}, {"source": "desk", "id": "f2"}],
    }
    assert {name: response[name] for name in expected} == expected
    assert (resolution["state"], resolution["stopped_at"]) == ("running", None)
    assert [wake["due_at"] for wake in ran.record["wakes"]] == ["2026-06-02T10:00:00Z"]


@pytest.mark.parametrize(
    ("fail_on", "at", "code"),
    [
        ("breach", "2026-06-01T10:30:00Z", 0),
        ("risk", "2026-06-01T10:30:00Z", 0),
        ("risk", "2026-06-01T11:30:00Z", 1),
        ("miss", "2026-06-01T11:30:00Z", 0),
        ("miss", "2026-06-03T00:00:00Z", 1),
        ("breach", "2026-06-03T00:00:00Z", 1),
        ("undetermined", "2026-06-03T00:00:00Z", 0),
    ],
)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_the_exit_code_can_say_that_a_promise_was_broken(
    world: World, fail_on: str, at: str, code: int, format_: str
) -> None:
    """An unanswered ticket: at risk after an hour, breached after two, the resolution missed the next day."""
    world.facts(OPENED)
    assert world.evaluate("--fail-on", fail_on, "--at", at, "--format", format_).code == code


def test_a_miss_is_no_breach_and_an_unknown_priority_is_undetermined(world: World) -> None:
    """An objective missed does not fail on breaches."""
    world.facts(OPENED, ANSWERED)
    late = ("--at", "2026-06-03T00:00:00Z")
    assert [world.evaluate("--fail-on", word, *late).code for word in ("breach", "miss")] == [0, 1]
    world.facts(fact(1, "ticket.opened", "01T10:00", contract="c1"))
    assert world.evaluate("--fail-on", "undetermined").code == 1


def test_only_the_contract_asked_for_is_shown_and_counts(world: World) -> None:
    """Numbers stay those of the whole report."""
    world.facts(OPENED, fact(3, "ticket.opened", "01T10:00", "T-2", contract="c2", priority="P2"))
    ran = world.evaluate(
        "--contract", "c2", "--format", "json", "--fail-on", "breach", "--at", "2026-06-01T13:00:00Z"
    )
    assert ran.code == 0
    assert [one["contract"] for one in ran.record["contracts"]] == ["c2"]
    assert [v["number"] for v in ran.record["contracts"][0]["verdicts"]] == [3, 4]
    assert {wake["contract"] for wake in ran.record["wakes"]} == {"c2"}
    assert "T-1" not in world.evaluate("--contract", "c2").out


@pytest.mark.parametrize("known", ["1", "2026-06-01T11:00:00Z"])
def test_what_was_known_can_be_asked_by_position_or_instant(world: World, known: str) -> None:
    """The answer was written down two days later."""
    world.facts(OPENED, fact(2, "ticket.replied", "01T11:30", recordedtime="2026-06-03T09:00:00Z"))
    late = ("--at", "2026-06-01T13:00:00Z", "--format", "json")
    states = [
        world.evaluate(*late, *more).record["contracts"][0]["verdicts"][0]["state"]
        for more in ((), ("--known", known))
    ]
    assert states == ["met", "breached"]
    assert "knowing the first 1 of 2 recorded" in world.evaluate("--known", known).out


# -- wrong use and broken input ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["evaluate"],
        ["evaluate", "HOME", "--nonsense"],
        ["evaluate", "HOME", "--fail-on", "anything"],
        ["evaluate", "HOME", "--format", "xml"],
        ["evaluate", "no such folder"],
        ["evaluate", "HOME", "no such file"],
        ["evaluate", "HOME", "--at", "yesterday"],
        ["evaluate", "HOME", "--at", "2026-06-01T10:00:00"],
        ["evaluate", "HOME", "--at", "2060-06-01T10:00:00Z"],
        ["evaluate", "HOME", "--known", "some"],
        ["evaluate", "HOME", "--known", "-1"],
        ["evaluate", "HOME", "--contract", "c9"],
        ["explain", "HOME"],
        ["explain", "HOME", "T-9", "--at", AT],
        ["explain", "HOME", "99", "--at", AT],
        ["explain", "HOME", "T-1", "--commitment", "none", "--at", AT],
        ["due", "HOME", "--horizon", "soon"],
        ["due", "HOME", "--horizon", "1 month"],
        ["calendar"],
        ["calendar", "elapsed", "no such file", "desk", AT, AT],
        ["calendar", "batch", "no such file"],
        ["calendar", "batch", "--years", "2026"],
        ["calendar", "batch", "--years", "2027-2026"],
    ],
)
def test_wrong_use_is_told_with_exit_code_2(world: World, words: list[str]) -> None:
    """On standard error, in plain words, without a traceback."""
    ran = world.run(*words)
    assert ran.code == 2
    assert ran.err.strip() or ran.out.startswith("usage")  # a bare `upheld` prints its help
    assert "Traceback" not in ran.err


def test_nothing_is_written_to_a_name_that_is_empty(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a path that is the current folder, which nobody meant: every command that writes refuses it."""
    folder = world.home / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    asked = {
        "evaluate": (["HOME", "--at", AT], "--html"),
        "explain": (["HOME", "1", "--at", AT], "--svg"),
        "words": (["HOME"], "--output"),
        "plans": (["HOME"], "--output"),
        "import": (["csv", "HOME", "--mapping", "HOME"], "--out"),
        "lake": (["seal", "HOME"], "--out"),
    }
    for command, (words, option) in asked.items():
        for name in ("", " "):
            ran = world.run(command, *words, option, name)
            assert ran.code == 2
            assert f"argument {option}: the name is empty: name a file, or leave the option out" in ran.err
    assert list(folder.iterdir()) == []


def test_every_option_that_names_a_target_refuses_an_empty_one() -> None:
    """They are those called --html, --svg, --out or --output, of any command and any form of one."""
    for name in COMMANDS:
        parsers = [parser_of([name], name)]
        for parser in parsers:
            for action in parser._actions:
                if isinstance(action, argparse._SubParsersAction):
                    parsers += action.choices.values()
                elif {"--html", "--svg", "--out", "--output"} & set(action.option_strings):
                    assert action.type is named_target, (name, action.option_strings)


def test_only_what_is_under_the_contract_asked_for_is_explained(world: World) -> None:
    """The tickets of the other contract are left out, and their numbers are nothing there."""
    opened = fact(3, "ticket.opened", "01T10:00", "T-2", contract="c2", priority="P1")
    world.write("other.jsonl", json.dumps(opened) + "\n")
    both = world.run("explain", "HOME", "response", "--at", AT).out
    assert ("T-1" in both, "T-2" in both) == (True, True)
    one = world.run("explain", "HOME", "response", "--contract", "c2", "--at", AT).out
    assert ("T-1" in one, "T-2" in one) == (False, True)
    ran = world.run("explain", "HOME", "1", "--contract", "c2", "--at", AT)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "upheld: the report has no verdict 1 under c2; `upheld evaluate` lists them\n"


def test_an_explanation_says_what_became_of_the_contract(world: World) -> None:
    """Below all of them, once for each contract, with the fact; nothing where the contract says it all."""
    assert "contract c1:" not in world.run("explain", "HOME", "response", "--at", AT).out
    renewed = fact(9, "contract.renewed", "01T11:00", "c1", on="2026-09-01")
    ended = fact(8, "contract.ended", "01T11:00", "c1", on="2026-12-01")
    world.write("life.jsonl", json.dumps(renewed) + "\n" + json.dumps(ended) + "\n")
    out = world.run("explain", "HOME", "response", "--at", AT).out
    lines = [line for line in out.splitlines() if line.startswith("contract c1: ")]
    assert lines == out.splitlines()[-len(lines) :]
    assert [line.split()[2] for line in lines] == ["renewed", "ends"]
    assert lines[1].endswith("2026-11-30 24:00, as was told [desk f8]")


def test_a_question_beyond_the_years_is_told_like_a_finding(world: World) -> None:
    """Each contract that cannot be judged, with what else is wrong, and the way out."""
    world.facts({**OPENED, "time": "yesterday"}, ANSWERED)
    ran = world.evaluate("--at", "2060-06-01T10:00:00Z")
    heads = [line.replace(str(world.home), "") for line in ran.err.splitlines() if ": error[" in line]
    assert [line.partition(":")[0] for line in heads] == ["/c1.yaml", "/c2.yaml", "/facts.jsonl"]
    assert "is outside the years" in heads[0]
    assert "upheld lock AGREEMENT --years A-B" in ran.err
    assert ran.err.endswith("upheld: 3 errors; nothing was evaluated\n")
    record = world.evaluate("--at", "2060-06-01T10:00:00Z", "--format", "json").record
    codes = [one["code"] for one in record["findings"]]
    assert codes == ["beyond-horizon", "beyond-horizon", "bad-time", "unknown-subject"]
    assert world.run("explain", "HOME", "T-1", "--at", "2060-06-01T10:00:00Z").code == 2


def test_what_is_wrong_with_facts_is_told_beside_what_is_wrong_with_a_text(world: World) -> None:
    """All at once; but not that a type is unknown, which the broken agreement may declare."""
    world.write("acme.yaml", AGREEMENT.replace("within: 8h", "within: 8x"))
    world.facts({**OPENED, "time": "yesterday"}, fact(2, "visit.arrived", "01T10:05"), more="{\n")
    for words in ((), ("--format", "json")):
        ran = world.evaluate(*words)
        assert ran.code == 2
        codes = re.findall(r"error\[([a-z-]+)\]", ran.err)
        assert codes == ["bad-amount", "bad-time", "bad-json"]
    assert [one["code"] for one in ran.record["findings"]] == codes


def test_an_old_contract_is_a_finding_where_it_begins(world: World) -> None:
    """Its first day lies before the years that are known."""
    world.write("c1.yaml", CONTRACT.replace("2026-01-01", "2012-01-01"))
    ran = world.evaluate()
    (head,) = [line for line in ran.err.splitlines() if ": error[" in line]
    assert "c1.yaml:1:1: error[beyond-horizon]: contract `c1` cannot be judged: " in head
    assert (ran.code, ran.out) == (2, "")


def test_an_instant_after_all_years_is_told_where_it_stands(world: World) -> None:
    """The rest is judged all the same."""
    work: dict[str, Any] = {
        "starts_at": "2070-06-02T10:00:00Z",
        "ends_at": "2070-06-02T12:00:00Z",
        "kind": "scheduled",
    }
    work["components"] = ["web"]
    world.facts(OPENED, ANSWERED, fact(3, "maintenance.announced", "01T09:00", "M-1", **work))
    ran = world.evaluate()
    told = [line for line in ran.err.splitlines() if "[beyond-horizon]" in line]
    assert [line.replace(str(world.home), "").partition("after")[0] for line in told] == [
        "/facts.jsonl:3:1: warning[beyond-horizon]: `ends_at` is 2070-06-02T12:00:00Z, ",
        "/facts.jsonl:3:1: warning[beyond-horizon]: `starts_at` is 2070-06-02T10:00:00Z, ",
    ]
    assert "#1  T-1  met" in ran.out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("acme.yaml", "document: [\n"),
        ("acme.yaml", AGREEMENT + "deadlin: {}\n"),
        ("c1.yaml", CONTRACT.replace("acme", "acne")),
        ("c1.yaml", OTHER),
    ],
)
def test_a_broken_agreement_or_contract_stops_everything(world: World, name: str, text: str) -> None:
    """Nothing is evaluated; the findings say where."""
    ran = world.write(name, text).evaluate()
    assert (ran.code, ran.out) == (2, "")
    assert "error[" in ran.err
    assert str(world.home) in ran.err


def test_without_a_contract_there_is_nothing_to_evaluate(world: World) -> None:
    """Facts alone promise nothing."""
    ran = world.run("evaluate", str(world.home / "acme.yaml"), str(world.home / "facts.jsonl"))
    assert (ran.code, ran.out) == (2, "")
    assert "no contract" in ran.err


def test_a_broken_line_of_facts_is_told_and_the_rest_is_evaluated(world: World) -> None:
    """Exit code 2 says that something was left out, in both formats."""
    world.facts(OPENED, ANSWERED, more='{"specversion": "1.0", \nnot json\n')
    ran = world.evaluate()
    assert ran.code == 2
    assert "#1  T-1  met" in ran.out
    assert "facts.jsonl:3:" in ran.err
    assert "facts.jsonl:4:" in ran.err
    record = world.evaluate("--format", "json")
    assert (record.code, record.err) == (2, "")
    assert [finding["severity"] for finding in record.record["findings"]] == ["error", "error"]
    assert [finding["places"][0]["line"] for finding in record.record["findings"]] == [3, 4]


@pytest.mark.parametrize("words", [("due", "HOME"), ("explain", "HOME", "T-1")])
@pytest.mark.parametrize("format_", ["text", "json"])
def test_every_question_to_a_book_says_that_facts_were_left_out(
    world: World, words: tuple[str, ...], format_: str
) -> None:
    """Exit code 2, with the answer that the others give."""
    asked = (*words, "--at", AT, "--format", format_)
    whole = world.run(*asked)
    world.facts(OPENED, ANSWERED, more="not json\n")
    ran = world.run(*asked)
    assert (whole.code, ran.code) == (0, 2)
    assert ran.out == whole.out
    assert "facts.jsonl:3:" in ran.err


def test_a_warning_changes_no_exit_code(world: World) -> None:
    """A fact about a ticket that nobody opened."""
    world.facts(OPENED, ANSWERED, fact(9, "ticket.replied", "01T11:00", "T-9"))
    ran = world.evaluate()
    assert ran.code == 0
    assert "warning[unknown-subject]" in ran.err


def test_a_fault_of_ours_has_its_own_exit_code(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """3, one line, no traceback; `--debug` shows it."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("upheld.cli.book_arguments.evaluate", broken)
    ran = world.evaluate()
    assert (ran.code, ran.out) == (3, "")
    assert "a fault of ours: ZeroDivisionError: ours" in ran.err
    assert "Traceback" not in ran.err


# -- strangers ---------------------------------------------------------------------------------------------

HOSTILE = "T-1\x1b[2J\x1b]0;owned\x07\u009b31m\u202e\r\x08"


def test_no_escape_sequence_of_a_stranger_reaches_the_terminal(world: World) -> None:
    """Neither from subjects nor from findings, on either stream."""
    opened = {
        **OPENED,
        "subject": HOSTILE,
        "data": {"contract": "c1", "priority": f"P1{HOSTILE}", "kind": HOSTILE},
    }
    stranger = fact(3, "ticket.opened", "01T10:00", "T-2", contract=f"c{HOSTILE}")
    world.facts(opened, stranger, {**ANSWERED, "subject": HOSTILE}, more='{"\x1b[2J": 1}\n\x1b[2J\n')
    for words in (("evaluate", "HOME"), ("explain", "HOME", HOSTILE), ("due", "HOME")):
        ran = world.run(*words, "--at", AT)
        assert ran.code in (0, 2)
        for text in (ran.out, ran.err):
            assert all(c.isprintable() or c == "\n" for c in text)
        assert "\\x1b[2J" in ran.out + ran.err


def test_an_agreement_of_a_stranger_cannot_reach_the_terminal_either(world: World) -> None:
    """What is wrong with it is told in printable words."""
    for text in (f"document: {{{HOSTILE}: 1}}\n", AGREEMENT.replace("desk", '"d\\e[2Jsk"')):
        ran = world.write("acme.yaml", text).evaluate()
        assert ran.code in (0, 2)
        assert all(c.isprintable() or c == "\n" for c in ran.out + ran.err)


# -- explain and due ---------------------------------------------------------------------------------------


def test_an_explanation_can_be_followed_with_a_finger(world: World) -> None:
    """Promise, steps with their facts, conclusion."""
    ran = world.run("explain", "HOME", "#1", "--at", AT)
    assert (ran.code, ran.err) == (0, "")
    for expected in (
        "answered within 2h of desk, goal 1h, from opened",
        "clause 2.1",
        "[desk f2]",
        "=> met",
        "1 h 30 min of 2 h",
    ):
        assert expected in ran.out
    (record,) = world.run("explain", "HOME", "1", "--at", AT, "--format", "json").record
    assert record["verdict"]["state"] == "met"
    assert [step["total_s"] for step in record["steps"]] == [0, 5_400]


def test_what_is_due_is_told_next_first(world: World) -> None:
    """From the wakes alone, within a horizon if one is given."""
    world.facts(OPENED)
    at = ("--at", "2026-06-01T10:30:00Z")
    rows = world.run("due", "HOME", *at, "--format", "json").record["due"]
    assert [(row["commitment"], row["what"], row["remaining_s"]) for row in rows] == [
        ("response", "goal", 1_800),
        ("response", "limit", 5_400),
        ("resolution", "limit", 84_600),
    ]
    assert len(world.run("due", "HOME", *at, "--horizon", "2h", "--format", "json").record["due"]) == 2
    assert world.run("due", "HOME", *at, "--horizon", "5m").out == "nothing is due\n"
    assert world.run("due", "HOME", *at, "--contract", "c2").out == "nothing is due\n"


# -- calendars ---------------------------------------------------------------------------------------------


def test_calendars_can_be_asked_one_question_at_a_time(world: World) -> None:
    """Elapsed time, a deadline, the openings; of a folder it is told what to give instead."""
    file = str(world.home / "acme.yaml")
    asked = ("calendar", "elapsed", file, "desk", "2026-06-05T16:00:00Z", "2026-06-08T10:00:00Z")
    assert world.run(*asked, "--format", "json").record == {"elapsed_s": 7_200}
    asked = ("calendar", "deadline", file, "desk", "2026-06-05T15:00:00Z", "2h")
    assert world.run(*asked, "--format", "json").record == {
        "due_at": "2026-06-05T17:00:00Z",
        "last_in_time_at": "2026-06-08T09:00:00Z",
    }
    asked = ("calendar", "show", file, "desk", "--from", "2026-06-05T00:00:00Z", "--days", "3")
    assert len(world.run(*asked, "--format", "json").record["open"]) == 1
    for words in (str(world.home), "desk"), (file, "desk", "--contract", str(world.home)):
        told = world.run("calendar", "show", *words).err
        assert f"{world.home} is a folder: give the file of one " in told
    assert world.run("calendar", "elapsed", file, "disk", AT, AT).code == 2
    assert world.run("calendar", "elapsed", file, "desk", AT, "2060-01-01T00:00:00Z").code == 2
    assert world.run("calendar", "deadline", file, "desk", AT, "two hours").code == 2
    assert world.run("calendar", "deadline", file, "desk", "2026-06-05T15:00:00Z", "1 month").code == 0


def test_a_batch_answers_every_line_and_says_whether_one_failed(world: World) -> None:
    """Calendars of an agreement by name; exit code 2 if a line has no answer."""
    good = {"id": 1, "ask": "is open", "calendar": "desk", "at": AT}
    file = str(world.write("good.jsonl", json.dumps(good) + "\n\n").home / "good.jsonl")
    given = ("--agreement", str(world.home / "acme.yaml"))
    ran = world.run("calendar", "batch", file, *given)
    assert (ran.code, json.loads(ran.out)) == (0, {"id": 1, "open": True})
    world.write("bad.jsonl", json.dumps(good) + "\nnonsense\n" + json.dumps({**good, "id": "b"}) + "\n")
    ran = world.run("calendar", "batch", str(world.home / "bad.jsonl"), *given)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 2
    assert [answer.get("id") for answer in answers] == [1, None, "b"]
    assert answers[1]["error"]["line"] == 2


# -- the same facts, the same bytes ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["field-service", "follow-the-sun", "overridden"])
@pytest.mark.parametrize("format_", ["text", "json"])
def test_facts_shuffled_duplicated_and_split_give_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, format_: str
) -> None:
    """Each example in three ways of lying in its folder."""
    chance = random.Random(f"{name} {format_}")
    lines = (EXAMPLES / name / "facts.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    files = [path for path in (EXAMPLES / name).iterdir() if path.suffix != ".jsonl"]
    told = []
    for n in range(3):
        home = tmp_path / str(n)
        home.mkdir()
        for path in files:
            (home / path.name).write_bytes(path.read_bytes())
        shuffled = [*lines, *chance.choices(lines, k=n * 3)]
        chance.shuffle(shuffled) if n else None
        for part in range(n + 1):
            (home / f"facts-{chance.random()}.jsonl").write_text(
                "".join(shuffled[part :: n + 1]), encoding="utf-8"
            )
        code = main(["evaluate", str(home), "--at", "2026-07-02T00:00:00Z", "--format", format_])
        told.append((code, capsys.readouterr().out))
    assert told[0][0] == 0
    assert told[0] == told[1] == told[2]
    assert len(told[0][1]) > 1_000


# -- what a stranger's newline, number or path may not do --------------------------------------------------


def test_a_stranger_cannot_forge_a_line_of_the_report(world: World) -> None:
    """A line break in a subject is shown, not made."""
    world.facts({**OPENED, "subject": "T-1\n#9  T-9  met"})
    assert "\n#9" not in world.evaluate().out


def test_a_record_holds_no_raw_control_character(world: World) -> None:
    """JSON may write them as escapes: the terminal sees no C1 control, no change of direction."""
    ran = world.facts({**OPENED, "subject": HOSTILE}).evaluate("--format", "json")
    assert all(c.isprintable() or c == "\n" for c in ran.out)
    assert ran.record["contracts"][0]["verdicts"][0]["subject"] == HOSTILE


@pytest.mark.parametrize(
    "words",
    [
        ["evaluate", "HOME", "--known", "9" * 5_000],
        ["evaluate", "x" * 5_000],
        ["calendar", "elapsed", "HOME", "desk", AT, AT],
        ["calendar", "batch", "HOME"],
        ["explain", "HOME", "9" * 5_000, "--at", AT],
    ],
)
def test_what_no_program_can_read_is_wrong_use_and_no_fault_of_ours(world: World, words: list[str]) -> None:
    """Numbers beyond all bounds, names that are no files."""
    assert world.run(*words).code == 2


def test_an_answer_called_error_is_no_error(world: World) -> None:
    """An id may be any text."""
    question = {"id": "error", "ask": "is open", "calendar": "desk", "at": AT}
    file = str(world.write("q.jsonl", json.dumps(question) + "\n").home / "q.jsonl")
    assert world.run("calendar", "batch", file, "--agreement", str(world.home / "acme.yaml")).code == 0


def test_a_contract_without_verdicts_is_in_the_record(world: World) -> None:
    """What it entitles to is told though nothing has happened."""
    record = world.evaluate("--format", "json").record
    assert [(one["contract"], len(one["verdicts"])) for one in record["contracts"]] == [("c1", 2), ("c2", 0)]


def test_a_calendar_can_be_asked_as_a_contract_has_it(world: World) -> None:
    """The hours that a contract overrides are its hours."""
    agreement = world.write(
        "own.yaml",
        "document: {agreement: own, version: '1', provider: N, zone: UTC}\n"
        "calendar: {desk: {zone: UTC, open: Mon-Fri 09:00-17:00}}\n",
    ).home
    world.write(
        "own-contract.yaml",
        "contract: {id: o, customer: O, agreement: own, from: 2026-01-01}\n"
        "override: {calendar: {desk: {open: Mon-Fri 08:00-20:00}}}\n",
    )
    asked = [str(agreement / "own.yaml"), "desk", "2026-06-01T00:00Z", "2026-06-02T00:00Z"]
    contract = str(agreement / "own-contract.yaml")
    assert world.run("calendar", "elapsed", *asked).out.startswith("8 h ")
    assert world.run("calendar", "elapsed", *asked, "--contract", contract).out.startswith("12 h ")
