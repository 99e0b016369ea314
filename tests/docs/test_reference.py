"""The reference is complete: every option, question, key and name of the program, and no other."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, run_upheld
from upheld.cli.main import COMMANDS
from upheld.files import mapping
from upheld.files.calendar_batch import QUESTIONS

REFERENCE = ROOT / "docs" / "reference"
BOOKS = (
    (["examples/first"], "2026-05-28T14:00:00Z"),
    (["examples/overridden"], "2026-06-24T23:00:00Z"),
    (["examples/field-service"], "2026-04-30T00:00:00Z"),
    (["agreements/rous.yaml", "demo/rous/contract.yaml", "demo/rous/facts.jsonl"], "2026-06-16T12:00:00Z"),
    (["examples/fleet"], "2026-07-02T00:00:00Z"),
    (["examples/leaving"], "2026-07-10T00:00:00Z"),
)
"""Books, and instants at which something of every kind is there."""
JUST, SIVO = ["agreements/just.yaml", "demo/just"], ["agreements/sivo.yaml", "demo/sivo"]


BACKTESTS = (
    ("tests/cases/backtest/draft.yaml", "examples/requests", ()),
    ("examples/response-share/agreement.yaml", "examples/response-share", ("--level", "answer=1h")),
)
"""Agreements that are tried on books, so that something flips and something is on one side only."""


def _page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def _section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its rank or above."""
    rank = heading.count("#")
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{rank}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading {heading}"
    return found.group(1)


def _first_cells(section: str) -> set[str]:
    """The words in code of the first cell of every row of the tables of a section."""
    rows = re.findall(r"^\| ((?:[^|\\]|\\.)*?) \|", section, re.MULTILINE)
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


# -- commands ----------------------------------------------------------------------------------------------


def _parsers(name: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """A parser, or the parsers below it if it has some, with the words that lead to them."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in below:
        for word, sub in action.choices.items():
            yield from _parsers(f"{name} {word}", sub)
    if not below:
        yield name, parser


def _commands() -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for name in COMMANDS:
        parser = argparse.ArgumentParser()
        import_module(f"upheld.cli.{name}_command").add_arguments(parser)
        found |= dict(_parsers(f"upheld {name}", parser))
    return found


def _words(parser: argparse.ArgumentParser) -> set[str]:
    """The options of a parser, and the names of its positional arguments."""
    actions = [action for action in parser._actions if not isinstance(action, argparse._HelpAction)]
    options = {option for action in actions for option in action.option_strings}
    return options | {str(action.metavar) for action in actions if not action.option_strings}


def test_every_command_has_its_section() -> None:
    """The page has one section for every command, and no other."""
    headings = set(re.findall(r"^## (upheld .+)$", _page("commands.md"), re.MULTILINE))
    assert headings == set(_commands())


@pytest.mark.parametrize("name", sorted(_commands()))
def test_every_option_is_named_in_the_section_of_its_command(name: str) -> None:
    """Exactly the options and arguments that the command takes stand in the table of its section."""
    cells = _first_cells(_section(_page("commands.md"), f"## {name}"))
    named = {cell.split(" ")[0].replace("\\|", "|") for cell in cells}
    assert named == _words(_commands()[name])


def test_choices_are_named() -> None:
    """An option that takes one of some words names all of them."""
    for name, parser in _commands().items():
        section = _section(_page("commands.md"), f"## {name}")
        for action in parser._actions:
            if action.choices and action.option_strings:
                assert f"{{{','.join(map(str, action.choices))}}}" in section, (name, action.option_strings)


def test_every_exit_code_is_named() -> None:
    """The four exit codes stand in a table."""
    section = _section(_page("commands.md"), "## Exit codes")
    assert re.findall(r"^\| (\d) \|", section, re.MULTILINE) == ["0", "1", "2", "3"]


# -- calendar batch and mapping files ----------------------------------------------------------------------


def test_every_question_is_named_with_its_parts() -> None:
    """The page lists each question of `upheld calendar batch` with exactly its parts."""
    section = _section(_page("calendar-batch.md"), "## Questions")
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \|", section, re.MULTILINE)[1:]
    named = {question: tuple(re.findall(r"`(\w+)`", parts)) for question, parts in rows}
    assert named == {question: parts for question, (parts, _) in QUESTIONS.items()}


def test_every_key_of_a_mapping_is_named() -> None:
    """The page lists the keys, tests and kinds of value of mapping files."""
    page = _page("mapping.md")
    assert _first_cells(_section(page, "## Keys").partition("\n### ")[0]) == set(mapping._KEYS)
    assert _first_cells(_section(page, "### Conditions")) == {*mapping.STATE_TESTS, *mapping.CHANGE_TESTS}
    for kind in mapping.KINDS:
        assert f"`{kind}`" in _section(page, "### Sources")


# -- output ------------------------------------------------------------------------------------------------

Printed = dict[str, set[str]]

BELOW = {
    "report": {
        "contracts": "contract",
        "wakes": "wake",
        "findings": "finding",
        "readings": "dependence",
    },
    "dependence": {"taken": "result", "alternatives": "alternative"},
    "alternative": {"takings": "taking"},
    "contract": {
        "life": "life",
        "entitlements": "entitlement",
        "verdicts": "verdict",
        "credits": "credit",
        "claims": "claim",
    },
    "claims": {"claims": "claim", "claimable": "claimable"},
    "claim": {
        "evidence": "claim evidence",
        "checks": "check",
        "steps": "claim step",
        "assessment": "assessment",
        "decisions": "decision",
        "credits": "claimed credit",
        "next": "next",
    },
    "draft": {"period": "draft period"},
    "life": {"plans": "plan held", "fees": "fees paid"},
    "verdict": {
        "target": "target",
        "paused": "pause",
        "facts": "fact",
        "level": "level",
        "measurement": "measurement",
    },
    "level": {"value": "number"},
    "measurement": {
        "to_date": "bounds",
        "if_nothing_more_fails": "bounds",
        "parts": "part",
        "components": "measurement",
    },
    "bounds": {"value": "number", "low": "number", "high": "number"},
    "credit": {"lines": "line", "instalments": "instalment", "facts": "fact"},
    "finding": {"places": "place"},
    "explanation": {
        "verdict": "verdict",
        "readings": "reading",
        "steps": "step",
        "dependence": "dependence",
    },
    "step": {"fact": "fact"},
    "coming": {"due": "due item", "owed": "owed item", "told": "told item"},
    "forecasts": {"measured": "forecast item", "deadlines": "lateness"},
    "forecast item": {
        "level": "level",
        "to_date": "number",
        "best": "number",
        "worst": "number",
        "elapsed": "number",
        "budget": "error budget",
        "burn": "number",
    },
    "error budget": {"used": "number", "left": "number"},
    "lateness": {"used": "number"},
    "backtested": {
        "flips": "flip",
        "moves": "flip",
        "counts": "flip count",
        "only_before": "one side",
        "only_after": "one side",
        "amounts": "amount change",
        "owed": "owed sum",
        "levels": "level promise",
        "targets": "target promise",
    },
    "flip": {"before": "flip side", "after": "flip side"},
    "flip side": {"value": "number"},
    "amount change": {"before": "amount side", "after": "amount side"},
    "amount side": {"exact": "number"},
    "owed sum": {"exact_difference": "number"},
    "level promise": {"level": "level", "kept": "number", "exact": "number", "printed": "number"},
    "target promise": {"kept": "number"},
    "checked": {"findings": "checked finding", "coverage": "coverage"},
    "checked finding": {"places": "marked place"},
    "diff": {"before": "side", "after": "side", "plans": "compared plan", "text": "text change"},
    "compared plan": {"changes": "change"},
    "change": {"before": "cited", "after": "cited", "parts": "compared part"},
    "cited": {"place": "place"},
    "compared part": {"example": "example"},
    "text change": {"before_place": "place", "after_place": "place"},
    "plan table": {"rows": "plan row"},
    "amendment": {"contracts": "succession"},
    "succession": {"commitments": "succeeding"},
    "succeeding": {"versions": "holding", "change": "change"},
    "memo": {
        "lines": "memo line",
        "taxes": "tax",
        "plan": "planned part",
        "applied": "applied part",
        "invoices": "original invoice",
        "billing": "billed",
        "trace": "trace",
    },
    "memo line": {"tax": "tax treatment"},
    "applied part": {"fact": "fact name"},
    "billed": {"seller": "party", "buyer": "party", "tax": "tax treatment"},
    "trace": {"facts": "fact name", "decisions": "fact name"},
    "accruals": {"accruals": "accrual", "sums": "accrual sum"},
    "aged": {"bands": "age band"},
}
"""Which record stands under which name of which record."""


def _collect(kind: str, record: object, printed: Printed) -> None:
    """Adds the names of a record, and of those below it, by kind."""
    if isinstance(record, list):
        for item in record:
            _collect(kind, item, printed)
    elif isinstance(record, Mapping):
        printed.setdefault(kind, set()).update(record)
        for name, below in BELOW.get(kind, {}).items():
            _collect(below, record.get(name), printed)


def _json(words: list[str]) -> object:
    """What a command prints as JSON, without the findings before it."""
    _, text = run_upheld([*words, "--format", "json"])
    begin = re.search(r"^[{\[]$", text, re.MULTILINE)
    assert begin, text
    found: object = json.loads(text[begin.start() :])
    return found


def _collect_credits(folder: Path, found: Printed) -> None:
    """What is printed of credits: one is issued and partly applied, others are to come."""
    ledger = folder / "credits"
    ledger.mkdir()
    book, into = [*JUST, str(ledger), "--at", "2026-07-01T00:00:00Z"], ledger / "credits.jsonl"
    run_upheld(["credit", "issue", *book, "--into", str(into)])
    memo, invoice = "acme-just/refund/2026-05/1", "JO-2026-0612"
    run_upheld(["credit", "apply", *book[:3], memo, *book[3:], "--invoice", invoice, "--into", str(into)])
    for kind, form in (("memo", "list"), ("aged", "ageing")):
        _collect(kind, _json(["credit", form, *book]), found)
    _collect("accruals", _json(["credit", "accrual", *SIVO, *book[-2:]]), found)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Printed:
    """Every name that the commands print as JSON, by the kind of record."""
    monkeypatch.chdir(ROOT)
    stranger = tmp_path / "stranger.jsonl"
    fact = {"specversion": "1.0", "id": "x", "source": "x", "type": "ticket.replied", "subject": "X"}
    stranger.write_text(json.dumps({**fact, "time": "2026-05-23T00:00:00Z"}), encoding="utf-8")
    found: Printed = {}
    for book, at in BOOKS:
        for kind, command, words in (
            ("report", "evaluate", [*book, str(stranger), "--readings"]),
            ("coming", "due", book),
            ("coming", "due", [*book, "--horizon", "30d"]),
            ("coming", "due", [*book, "--told"]),
            ("forecasts", "forecast", book),
            ("explanation", "explain", [*book, "1", "--readings"]),
        ):
            _collect(kind, _json([command, *words, "--at", at]), found)
    _collect("report", _json(["evaluate", *JUST, "--at", "2026-06-05T00:00:00Z"]), found)
    _collect("claims", _json(["claim", "list", *SIVO, "--at", "2026-07-02T00:00:00Z"]), found)
    drafted = ["claim", "draft", *SIVO, "contoso-sivo", "2026-06", "--at", "2026-07-02T00:00:00Z"]
    _collect("draft", _json(drafted), found)
    assessed = {
        "id": "y",
        "type": "claim.assessed",
        "subject": "SC-12",
        "data": {"admissible": True, "actor": "a"},
    }
    (tmp_path / "assessed.jsonl").write_text(
        json.dumps({**fact, **assessed, "time": "2026-06-20T00:00:00Z"}), encoding="utf-8"
    )
    shown = [
        "claim",
        "show",
        *SIVO,
        str(tmp_path / "assessed.jsonl"),
        "SC-12",
        "--at",
        "2026-07-02T00:00:00Z",
    ]
    _collect("claim", _json(shown), found)
    for agreement, book, words in BACKTESTS:
        judged = ["backtest", agreement, book, "--at", "2026-07-02T00:00:00Z"]
        _collect("backtested", _json([*judged, *words]), found)
    _collect("plan table", _json(["plans", "agreements/sivo.yaml"]), found)
    _collect("checked", _json(["check", "agreements/rous.yaml"]), found)
    agreement = (ROOT / "examples" / "first" / "agreement.yaml").read_text("utf-8")
    newer = tmp_path / "newer.yaml"
    newer.write_text(agreement.replace("09:00-17:00", "10:00-18:00").replace("2026-01", "2026-07"), "utf-8")
    versions = "examples/first/agreement.yaml", str(newer)
    _collect("diff", _json(["diff", *versions]), found)
    words = ["--contracts", "examples/first", "--published", "2026-07-01", "--at", "2026-08-01T00:00:00Z"]
    _collect_credits(tmp_path, found)
    _collect("amendment", _json(["amend", versions[1], "--against", versions[0], *words]), found)
    return found


@pytest.mark.slow
def test_every_name_that_is_printed_is_documented_and_no_other(printed: Printed) -> None:
    """The tables of the page hold exactly the names of the records that the commands print."""
    page = _page("output.md")
    documented = {kind: _first_cells(_section(page, f"### {kind}")) for kind in printed}
    for names in (documented, printed):
        names["alternative"] |= names["result"]
    assert documented == printed
    assert set(re.findall(r"^### (.+)$", page, re.MULTILINE)) == set(printed)
