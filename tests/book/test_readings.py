"""On which readings verdicts depend, held to a whole evaluation under each reading; and how that is told."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

from upheld.book.evaluate import Report, evaluate
from upheld.book.explain import Explanation, explain
from upheld.book.readings import Sensitivity, contrast, sensitivity
from upheld.cli.book_arguments import book_of
from upheld.core.readings.dependence import Dependence, Figures, Named, figures
from upheld.core.timeline.instant import parse_instant
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict
from upheld.files.folder import Folder, read_book
from upheld.render.blocks import lines_of
from upheld.render.readings import dependence_record, readings_in_full, readings_summary, sensitive
from upheld.render.side_by_side import side_by_side

ROOT = Path(__file__).parents[2]
AGREEMENT = """
document: {agreement: northwind, version: 2026-01, provider: Northwind, zone: UTC}
assume:
  hours: {ref: N1, issue: when hours count, options: [desk, always], take: desk, because: the page says so}
  first: {ref: N2, issue: whether a robot answers, options: [human, robot], take: human, because: people read}
  words: {ref: N3, issue: a promise or an aim, options: [promise, aim], take: promise, because: it says shall}
scale:
  priority: {of: ticket, values: {P1: all is down, P2: the rest}}
calendar:
  desk: {zone: UTC, open: "Mon-Fri 09:00-17:00", holidays: none}
deadline:
  response:
    from: opened
    until: {by first: {human: answered, robot: replied}}
    on: {by hours: {desk: desk, always: always}}
    within: {P1: 2h, P2: 8h}
    modality: {by words: {promise: guarantee, aim: objective}}
"""
CONTRACT = "contract: {id: acme, customer: Acme, agreement: northwind, from: 2026-01-01}\n"
AT = parse_instant("2026-06-10T00:00:00Z")


def line(number: int, type_: str, subject: str, time: str, **data: object) -> str:
    """One fact."""
    event = {"specversion": "1.0", "id": str(number), "source": "desk", "type": type_, "subject": subject}
    return json.dumps({**event, "time": time, "data": data}) + "\n"


@pytest.fixture
def book(tmp_path: Path) -> Folder:
    """Friday 16:00 to Monday: T-1 was answered by a robot at once, T-2 by a human in half an hour."""
    (tmp_path / "agreement.yaml").write_text(AGREEMENT)
    (tmp_path / "contract.yaml").write_text(CONTRACT)
    (tmp_path / "facts.jsonl").write_text(
        line(1, "ticket.opened", "T-1", "2026-06-05T16:00:00Z", contract="acme", priority="P1")
        + line(2, "ticket.replied", "T-1", "2026-06-05T16:01:00Z", by="automatic")
        + line(3, "ticket.replied", "T-1", "2026-06-08T09:30:00Z")
        + line(4, "ticket.opened", "T-2", "2026-06-05T10:00:00Z", contract="acme", priority="P1")
        + line(5, "ticket.replied", "T-2", "2026-06-05T10:30:00Z")
    )
    found = read_book([tmp_path])
    assert not found.findings
    return found


def by_subject(found: Sensitivity) -> dict[str, list[tuple[str, str]]]:
    """Per ticket: each reading (or readings) taken otherwise, and the state then."""
    return {
        one.key.subject: [
            (" + ".join(f"{t.reading.ref} {t.option}" for t in other.takings), other.result.state)
            for other in one.alternatives
            if other.result is not None
        ]
        for one in found.verdicts
    }


def test_each_verdict_names_the_readings_that_would_change_it(book: Folder) -> None:
    """T-1 is met in the hours of the desk, late around the clock, and an aim makes that a miss."""
    found = sensitivity(book, evaluate(book, AT))
    assert by_subject(found) == {
        "T-1": [
            ("N1 always", "breached"),
            ("N1 always + N3 aim", "missed"),
        ],
        "T-2": [],
    }
    one, other = found.verdicts
    assert (one.states, one.is_decided_by_readings, one.is_whole) == (
        ("met", "breached", "missed"),
        True,
        True,
    )
    assert (other.states, other.is_decided_by_readings) == (("met",), False)


def test_a_clock_that_only_another_reading_brings_is_told(tmp_path: Path) -> None:
    """As it is read nobody is told; as an aim T-1 would have been told in time."""
    brought = "  telling: {by words: {promise: none, aim: {from: opened, until: answered, within: 3d}}}\n"
    (tmp_path / "agreement.yaml").write_text(AGREEMENT + brought)
    (tmp_path / "contract.yaml").write_text(CONTRACT)
    (tmp_path / "facts.jsonl").write_text(
        line(1, "ticket.opened", "T-1", "2026-06-05T16:00:00Z", contract="acme", priority="P1")
        + line(2, "ticket.replied", "T-1", "2026-06-08T09:30:00Z")
    )
    brings = read_book([tmp_path])
    told = sensitivity(brings, evaluate(brings, AT)).verdicts[-1]
    assert (told.key.commitment, told.number, told.result) == ("telling", 0, None)
    assert [one.result and one.result.state for one in told.alternatives] == ["met"]
    assert told.states == ("not promised", "met")


CONTACTS = """
attribute: {urgent: {of: ticket, type: truth, default: true}}
entitlement:
  people: {value: some people, named contacts: {by words: {promise: 1, aim: none}}}
quota:
  urgent: {where: urgent, allow: 1, per: calendar month, overflow: ordinary}
every:
  updates:
    {of: ticket, where: quota.urgent = within, from: opened, again: answered, until: resolved, each: 4h}
"""


def test_what_others_ask_uses_up_nothing_though_it_would_under_another_reading(tmp_path: Path) -> None:
    """Only Ann may ask. What a stranger asked before her counts as an aim, and not as it is read."""
    (tmp_path / "agreement.yaml").write_text(AGREEMENT + CONTACTS)
    (tmp_path / "contract.yaml").write_text(CONTRACT)
    (tmp_path / "facts.jsonl").write_text(
        line(1, "contact.named", "ann", "2026-05-01T09:00:00Z", contract="acme")
        + line(2, "ticket.opened", "T-1", "2026-06-05T09:00:00Z", contract="acme", requester="eve")
        + line(3, "ticket.opened", "T-2", "2026-06-05T10:00:00Z", contract="acme", requester="ann")
    )
    named = read_book([tmp_path])
    report = evaluate(named, AT)
    found = {(one.key, one.cycle): one for one in sensitivity(named, report).verdicts}
    for _, _, verdict in report.numbered():
        assert found[verdict.key, verdict.cycle].result == verdict
    told = {one.key.subject: one.states for one in found.values() if one.key.commitment == "updates"}
    assert told == {"T-1": ("not applicable", "breached"), "T-2": ("breached", "not applicable")}


def test_the_summary_counts_and_names(book: Folder) -> None:
    """One sentence, then a row a reading, then each verdict with what it would be."""
    found = sensitivity(book, evaluate(book, AT))
    sentence, *rows = lines_of(readings_summary(found.verdicts))
    assert sentence == (
        "Readings: 1 of 2 verdicts depends on how a clause is read, 0 more only in a figure or an instant, "
        "1 not at all."
    )
    assert rows == [
        "  N1  hours: desk     decides #1",
        "  N3  words: promise  decides #1",
    ]
    assert lines_of(readings_in_full(found.verdicts)) == [
        "",
        "  #1  acme  response  T-1  met, due Mon 2026-06-08 10:00",
        "      breached, due Fri 2026-06-05 18:00  if N1 is `always`",
        "      missed, due Fri 2026-06-05 18:00    if N1 is `always` and N3 is `aim`",
    ]


def test_a_report_without_dependence_says_so(tmp_path: Path) -> None:
    """An agreement without assumptions."""
    (tmp_path / "a.yaml").write_text(
        "document: {agreement: northwind, version: 1, provider: Northwind, zone: UTC}\n"
        "deadline:\n  response: {from: opened, until: answered, on: always, within: 2h}\n"
    )
    (tmp_path / "c.yaml").write_text(CONTRACT)
    opened = line(1, "ticket.opened", "T-1", "2026-06-05T16:00:00Z", contract="acme")
    (tmp_path / "f.jsonl").write_text(opened)
    plain = read_book([tmp_path])
    found = sensitivity(plain, evaluate(plain, AT))
    assert lines_of(readings_summary(found.verdicts)) == [
        "Readings: none of 1 verdict depends on how a clause is read."
    ]
    assert lines_of(readings_in_full(found.verdicts)) == []
    record = dependence_record(found.verdicts[0])
    assert (record["depends"], record["moves"], record["alternatives"]) == (False, False, [])


def test_the_record_has_each_alternative_and_the_span(book: Folder) -> None:
    """For programs: what is taken, what would be, and whether every combination was looked at."""
    record = dependence_record(sensitivity(book, evaluate(book, AT)).verdicts[0])
    assert record["refs"] == ["N1", "N3"]
    assert record["taken"] == {
        "state": "met",
        "text": "met, due Mon 2026-06-08 10:00",
        "due_at": "2026-06-08T10:00:00Z",
    }
    alternatives = record["alternatives"]
    assert isinstance(alternatives, list)
    assert alternatives[0]["takings"] == [{"reading": "hours", "ref": "N1", "take": "always"}]
    assert (alternatives[0]["state"], alternatives[0]["due_at"]) == ("breached", "2026-06-05T18:00:00Z")
    assert (record["states"], record["explored"]) == (["met", "breached", "missed"], "every combination")


def test_a_verdict_that_a_reading_decides_is_a_finding(book: Folder) -> None:
    """It names the verdict, both outcomes, the place of the reading, and the way out."""
    one, other = sensitivity(book, evaluate(book, AT)).verdicts
    note = sensitive(one)
    assert note is not None
    assert (note.code, note.severity, note.place.line) == ("reading-sensitive-verdict", "note", 4)
    assert note.message == (
        "#1 response of T-1 for `acme` is met, due Mon 2026-06-08 10:00, "
        "and breached, due Fri 2026-06-05 18:00 if N1 is `always`"
    )
    assert "`hours`" in note.way_out
    assert sensitive(other) is None


def test_a_contrast_explains_the_same_verdict_under_the_other_reading(book: Folder) -> None:
    """Two derivations with their own steps, and the number of the report."""
    report = evaluate(book, AT)
    (one,) = explain(book, report, "T-1")
    told = contrast(book, report, one)
    assert [other and other.number for _, other in told.others] == [1, 1]
    _, other = told.others[0]
    assert isinstance(other, Explanation)
    assert other.verdict.state == "breached"
    assert [step.what for step in other.steps][-2:] == ["due", "replied"]


def test_two_texts_stand_beside_each_other_where_there_is_room() -> None:
    """Common lines once, in their place; what differs below each other on a narrow page."""
    left, right = ["one", "two", "three"], ["one", "2", "three", "four"]
    assert side_by_side(left, right) == ["one", "two │ 2", "three", "    │ four"]
    assert side_by_side(left, right, 60) == [
        "  one",
        "< two",
        "> 2",
        "  three",
        "> four",
    ]


@pytest.mark.parametrize("columns", [None, 60])
def test_of_many_common_lines_the_middle_is_counted(columns: int | None) -> None:
    """Forty items that both derivations have are not told again one by one."""
    items = [f"item {n}" for n in range(40)]
    found = side_by_side(["value 1", *items, "met"], ["value 2", *items, "missed"], columns)
    shown = [line.strip() for line in found]
    assert [line for line in shown if "item" in line] == ["item 0", "item 1", "item 38", "item 39"]
    assert shown[shown.index("item 1") + 1] == "(36 lines alike)"
    assert {"value 1 │ value 2", "met     │ missed"} <= set(shown) or {"< met", "> missed"} <= set(shown)


# -- every reading of the shipped month, against a whole evaluation under it ---------------------------------


@cache
def month() -> tuple[Folder, Report, Sensitivity]:
    """The shipped agreements on the shipped facts."""
    book = book_of([ROOT / "agreements", ROOT / "demo"])
    report = evaluate(book, parse_instant("2026-07-01T00:00:00Z"))
    return book, report, sensitivity(book, report)


Answer: TypeAlias = tuple[str, Figures]


NOTHING: Answer = "not applicable", Figures()
"""That nothing is promised, and that what is promised does not apply, is one answer."""


def answer(result: Verdict | Credit | None) -> Answer:
    """The state of a result, and its figures."""
    return NOTHING if result is None else (result.state, figures(result))


def answers(report: Report) -> dict[Named, Answer]:
    """The answer of every verdict and credit."""
    found: dict[Named, Answer] = {}
    for outcome in report.evaluation.outcomes.values():
        found |= {(one.key, one.cycle): answer(one) for one in outcome.verdicts}
        found |= {(one.key, 1): answer(one) for one in outcome.credits}
    return found


def taking(provider: str, reading: str, option: str, folder: Path) -> Path:
    """A copy of a shipped agreement that takes another option, beside its lock."""
    text = (ROOT / "agreements" / f"{provider}.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^  clauses: .*$", "", text, flags=re.MULTILINE)
    take = re.compile(rf"(^  {re.escape(reading)}:\n(?:    .*\n)*?    take: ).*$", re.MULTILINE)
    text, count = take.subn(lambda found: f"{found[1]}{json.dumps(option)}", text, count=1)
    assert count == 1, reading
    path = folder / f"{provider}.yaml"
    path.write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "agreements" / f"{provider}.lock.json", folder)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["rous", "intg", "ceng", "sivo", "just"])
def test_every_single_reading_gives_what_the_agreement_gives_when_it_takes_it(
    provider: str, tmp_path: Path
) -> None:
    """With another option taken in the text, every verdict is what was said it would be."""
    book, report, found = month()
    terms = {t.contract.id: t for t in report.terms if t.contract is not None and t.agreement == provider}
    contracts = sorted((ROOT / "demo" / provider).glob("*.yaml"))
    for name, assumption in next(iter(terms.values())).assumptions.items():
        for option in set(assumption.options) - {assumption.take} - set(assumption.named_only):
            other = read_book([taking(provider, name, option, tmp_path), *contracts], facts=False)
            assert not [finding for finding in other.findings if finding.severity == "error"]
            view = Folder(terms=other.terms, log=book.log, observations=book.observations)
            truth = answers(evaluate(view, report.at))
            for dependence in (*found.verdicts, *found.credits):
                if dependence.key.contract in terms:
                    named = dependence.key, dependence.cycle
                    assert truth.get(named, NOTHING) == said(dependence, name, option), (name, option, named)


def said(one: Dependence[Verdict] | Dependence[Credit], name: str, option: str) -> Answer:
    """What a verdict or a credit was said to be under one reading taken otherwise."""
    result: Verdict | Credit | None = one.result
    for alternative in one.alternatives:
        if [(taking.reading.name, taking.option) for taking in alternative.takings] == [(name, option)]:
            result = alternative.result
    return answer(result)
