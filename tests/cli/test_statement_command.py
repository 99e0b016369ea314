"""`upheld statement` from end to end: made, issued, restated, verified, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.book.stated import AGREEMENT, CONTRACT
from upheld.cli.main import main

pytestmark = pytest.mark.slow

AT = "2026-07-20T00:00:00Z"


def line(id_: str, type_: str, subject: str, time: str, recorded: str | None = None, **data: Any) -> str:
    """One fact."""
    event = {
        "specversion": "1.0",
        "id": id_,
        "source": "desk",
        "type": type_,
        "subject": subject,
        "time": time,
    }
    recorded_at = {"recordedtime": recorded} if recorded else {}
    return json.dumps({**event, **recorded_at, "data": data}) + "\n"


FACTS = (
    line("1", "ticket.opened", "T-1", "2026-06-05T16:30:00Z", contract="c1", priority="P1")
    + line("2", "ticket.replied", "T-1", "2026-06-08T10:41:00Z")
    + line("3", "incident.declared", "I-1", "2026-06-09T10:00:00Z", components=["api"], severity="S1")
    + line("4", "incident.resolved", "I-1", "2026-06-09T12:00:00Z")
)
LATER = line(
    "5", "correction.replaced", "I-1", "2026-07-25T10:00:00Z", "2026-12-01T10:00:00Z",
    corrects={"source": "desk", "id": "4"}, replacement={"time": "2026-06-09T20:00:00Z"},
    by="Ines", reason="it was over in the evening",
)  # fmt: skip


class Desk:
    """A folder with a book, and the command on it."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys
        (home / "agreement.yaml").write_text(AGREEMENT)
        (home / "contract.yaml").write_text(CONTRACT)
        (home / "facts.jsonl").write_text(FACTS)

    def run(self, *words: str) -> tuple[int, str, str]:
        """The command on the folder: its exit code, what it said, and what it complained about."""
        code = main(["statement", str(self.home), *words])
        told = self.capsys.readouterr()
        return code, told.out, told.err

    def june(self, *words: str) -> tuple[int, str, str]:
        """The statement of June as of 20 July."""
        return self.run("c1", "--period", "2026-06", "--at", AT, *words)

    def record(self, *words: str) -> dict[str, Any]:
        """The record of June."""
        code, out, err = self.june("--format", "json", *words)
        assert (code, err) == (0, "")
        found: dict[str, Any] = json.loads(out)
        return found


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk."""
    return Desk(tmp_path, capsys)


def test_a_statement_is_printed(desk: Desk) -> None:
    """In English, or in Dutch."""
    code, out, err = desk.june()
    assert (code, err) == (0, "")
    assert out.startswith("Service levels of June 2026 for Acme\n")
    assert desk.june("--language", "nl")[1].startswith("Serviceniveaus van juni 2026 voor Acme\n")


def test_it_is_issued_restated_and_both_records_hold(desk: Desk, tmp_path: Path) -> None:
    """Facts, statement, its fact, a correction, the statement in its place: all by command line."""
    first = tmp_path / "first.json"
    assert desk.june("--format", "json", "--output", str(first))[0] == 0
    ledger = desk.home / "statements.jsonl"
    code, out, _ = desk.june("--issue", "--into", str(ledger))
    assert code == 0
    told = json.loads(out)
    assert (told["type"], told["data"]["sha256"]) == (
        "statement.issued",
        json.loads(first.read_text())["sha256"],
    )
    assert ledger.read_text() == out
    (desk.home / "later.jsonl").write_text(LATER)
    second = tmp_path / "second.json"
    assert desk.june("--format", "json", "--output", str(second))[0] == 0
    record = json.loads(second.read_text())["record"]
    assert record["chain"] == {"number": 2, "previous": told["data"]["sha256"]}
    assert record["restates"]["money"] == [
        {"currency": "EUR", "before": 10000, "after": 25000, "difference": 15000}
    ]
    (cause,) = record["restates"]["why"]
    assert (cause["how"], cause["by"], cause["reason"]) == ("corrected", "Ines", "it was over in the evening")
    for one in (first, second):
        code, out, _ = desk.run("--verify", str(one))
        assert (code, "holds: the same record comes out" in out) == (0, True)


def test_the_same_decision_counts_once(desk: Desk) -> None:
    """Issued twice, it is one fact told twice: no conflict, and asked again it is the same statement."""
    ledger = desk.home / "statements.jsonl"
    first, second = (
        json.loads(desk.june("--issue", "--known", "4", "--into", str(ledger))[1]) for _ in range(2)
    )
    assert {**first, "recordedtime": ""} == {**second, "recordedtime": ""}
    assert len(ledger.read_text().splitlines()) == 1
    assert desk.record()["sha256"] == first["data"]["sha256"]
    later = desk.record("--at", "2026-08-01T00:00:00Z")["record"]
    assert later["chain"] == {"number": 2, "previous": first["data"]["sha256"]}


def test_a_record_that_was_changed_is_told(desk: Desk, tmp_path: Path) -> None:
    """Its hash gives it away; with a hash of its own, the figures do."""
    from upheld.core.stating.statement import Statement

    found = desk.record()
    path = tmp_path / "forged.json"
    path.write_text(json.dumps({**found, "record": {**found["record"], "known": 3}}))
    code, _, err = desk.run("--verify", str(path))
    assert (code, "was changed after it was made" in err) == (2, True)
    forged = json.loads(json.dumps(found["record"]))
    forged["money"]["owed"][0]["minor"] = 1
    path.write_text(Statement.of(forged).text)
    code, out, _ = desk.run("--verify", str(path))
    assert code == 1
    assert "does not hold" in out
    assert "  .money.owed[0].minor" in out


def test_a_record_of_a_retired_rule_is_refused_by_its_name(desk: Desk, tmp_path: Path) -> None:
    """Nobody recomputes it by another rule."""
    from upheld.core.stating.statement import Statement

    record = desk.record()["record"]
    path = tmp_path / "old.json"
    for changed in ({"rules": [*record["rules"], "credit.bands/0"]}, {"format": "upheld.statement/0"}):
        path.write_text(Statement.of({**record, **changed}).text)
        code, _, err = desk.run("--verify", str(path))
        assert code == 2
        assert ("credit.bands/0" if "rules" in changed else "upheld.statement/0") in err


def test_a_record_of_something_else_is_not_restated(desk: Desk, tmp_path: Path) -> None:
    """Of another month, of a format of which nothing is known, or of no format: each is told by its name."""
    from upheld.core.stating.statement import Statement

    record = desk.record()["record"]
    may = {**record["period"], "label": "2026-05"}
    for changed, told in (
        (
            {"period": may},
            "it is the statement of c1 for 2026-05, which one of c1 for 2026-06 does not restate",
        ),
        ({"format": "upheld.statement/0"}, "the record is of the format upheld.statement/0, and this Upheld"),
        ({"format": ["upheld.statement/2"]}, "the record is of the format"),
    ):
        path = tmp_path / "given.json"
        path.write_text(Statement.of({**record, **changed}).text)
        code, out, err = desk.june("--previous", str(path))
        assert (code, out) == (2, "")
        assert err.startswith(f"upheld: {path}: {told}")
    path.write_text(Statement.of({"format": record["format"]}).text)
    assert desk.june("--previous", str(path))[2] == (
        f"upheld: {path}: it is no record of the format {record['format']}\n"
    )


def test_an_earlier_position_gives_the_earlier_statement(desk: Desk) -> None:
    """`--as-of` is another word for `--known`."""
    before = desk.june("--format", "json")[1]
    (desk.home / "later.jsonl").write_text(LATER)
    assert desk.june("--format", "json", "--as-of", "4")[1] == before
    assert desk.june("--format", "json", "--known", "4")[1] == before
    assert desk.june("--format", "json")[1] != before


@pytest.mark.parametrize("name", ["--as-of", "--known"])
@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("foo", "foo: neither a position nor an instant"),
        ("99999", "99999: there is no such position; the last one is 4"),
    ],
)
def test_a_position_that_is_none_is_refused_by_the_name_it_was_given_under(
    desk: Desk, name: str, value: str, told: str
) -> None:
    """Nobody can know what is not recorded yet."""
    code, out, err = desk.june(name, value)
    assert (code, out) == (2, "")
    assert err.startswith(f"upheld: {name} {told}")


@pytest.mark.parametrize("option", ["--previous", "--verify"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty"),
        ("{", "no JSON is at line 1, column 2; a record is what `upheld statement --format json` writes"),
        ("[]", "an object with `record` and `sha256` is expected"),
    ],
)
def test_a_file_that_is_no_record_is_told_in_words(
    desk: Desk, tmp_path: Path, option: str, text: str, told: str
) -> None:
    """Not in those of the library that reads it."""
    path = tmp_path / "given.json"
    path.write_text(text)
    code, out, err = desk.june(option, str(path)) if option == "--previous" else desk.run(option, str(path))
    assert (code, out, err) == (2, "", f"upheld: {path}: it is no statement: {told}\n")


def test_a_predecessor_can_be_given_as_a_file(desk: Desk, tmp_path: Path) -> None:
    """And is asked for again where such a record is verified."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    desk.june("--format", "json", "--output", str(first))
    (desk.home / "later.jsonl").write_text(LATER)
    desk.june("--format", "json", "--previous", str(first), "--output", str(second))
    assert json.loads(second.read_text())["record"]["chain"]["number"] == 2
    code, _, err = desk.run("--verify", str(second))
    assert (code, "--previous" in err) == (2, True)
    assert desk.run("--verify", str(second), "--previous", str(first))[0] == 0


def test_what_cannot_be_made_again_is_given_as_a_file(desk: Desk) -> None:
    """Whoever asks for the next statement learns which option takes the record that was issued."""
    ledger = desk.home / "statements.jsonl"
    told = json.loads(desk.june("--issue", "--into", str(ledger))[1])
    ledger.write_text(ledger.read_text().replace(told["data"]["sha256"], "0" * 64))
    code, _, err = desk.june()
    assert (code, err.endswith("; or give the record that was issued: --previous FILE\n")) == (2, True)


def test_a_page_and_a_pdf_go_to_files(desk: Desk, tmp_path: Path) -> None:
    """Whole, or not at all."""
    pytest.importorskip("weasyprint")
    page, paper = tmp_path / "june.html", tmp_path / "june.pdf"
    assert desk.june("--format", "html", "--output", str(page))[0] == 0
    assert desk.june("--format", "pdf", "--output", str(paper))[0] == 0
    assert page.read_text().startswith("<!doctype html>")
    assert paper.read_bytes().startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["c1"], "which period?"),
        (["c1", "--period", "June"], "write a month (2026-06)"),
        (["c9", "--period", "2026-06", "--at", AT], "there is no contract c9"),
        (["c1", "--period", "2026-06", "--at", AT, "--format", "pdf"], "--output FILE.pdf"),
        (["c1", "--period", "2026-06", "--at", AT, "--into", "x.jsonl"], "give --issue, too"),
        (["c1", "--period", "2026-06", "--at", AT, "--issue", "--format", "json"], "--issue prints a fact"),
        (["c1", "--period", "2026-06", "--at", AT, "--previous", "none.json"], "there is no file or folder"),
        (["c1", "--period", "2099-06", "--at", AT], "years"),
        (["c1", "--period", "0000-06", "--at", AT], "write a month (2026-06)"),
        (["c1", "--period", "2024-06", "--at", AT], "when 2024-06 was over"),
        (["c1", "--period", "2026-12", "--at", AT], "2026-12 has not begun"),
    ],
)
def test_wrong_use_is_told_with_the_way_out(desk: Desk, words: list[str], told: str) -> None:
    """Exit code 2, one message, nothing written."""
    code, out, err = desk.run(*words)
    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.parametrize(
    ("at", "row"),
    [
        ("2026-07-10T00:00:00Z", "  Thu 30 Jul 2026 24:00  leave    June 2026  right to terminate\n"),
        ("2026-07-21T00:00:00Z", ""),
    ],
)
def test_a_right_that_may_be_used_is_on_the_first_page(
    at: str, row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its last day, until notice was given on 20 July."""
    leaving = str(Path(__file__).parents[2] / "examples" / "leaving")
    main(["statement", leaving, "acme", "--period", "2026-06", "--at", at])
    first = capsys.readouterr().out.partition("What was not kept, and why")[0]
    assert ("right to terminate" in first, row in first) == (bool(row), True)
