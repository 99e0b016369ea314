"""Golden records: what this version and those before wrote comes out again, byte for byte.

Records of a release are never rewritten: one that no longer comes out needs a new version of a rule. Until
the first release, `make accept` writes them anew; read the diff before you commit it. Where the names or the
meaning of a record change, the format gets a new number, and one record of the old one is kept in `former`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from upheld.book.statement import Asked, Stating
from upheld.book.statement_check import verification
from upheld.cli.book_arguments import book_of
from upheld.core.stating.rules import FORMAT, AnotherFormatError
from upheld.core.stating.statement import Statement, read_statement
from upheld.core.timeline.instant import parse_instant

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "statements"
JULY = parse_instant("2026-07-01T00:00:00Z")
DEMO = ("agreements", "demo")
EXAMPLE = ("examples/response-share",)
DESK = ("tests/golden/books/desk",)
"""A credit issued and applied in part, a statement issued; a reply re-timed after it, the delta issued."""
AUGUST_3, AUGUST_15 = parse_instant("2026-08-03T00:00:00Z"), parse_instant("2026-08-15T00:00:00Z")
KEPT: dict[str, tuple[tuple[str, ...], Asked]] = {
    **{
        f"{contract} 2026-06": (DEMO, Asked(contract, "2026-06", JULY))
        for contract in (
            "acme-crm", "acme-engage", "acme-integrations", "acme-just", "acme-sivo", "contoso-integrations",
            "contoso-sivo",
        )
    },
    "acme-just 2026-05": (DEMO, Asked("acme-just", "2026-05", JULY)),
    "contoso-sivo 2026": (DEMO, Asked("contoso-sivo", "2026", JULY)),
    "acme-engage 2026-Q2": (DEMO, Asked("acme-engage", "2026-Q2", JULY)),
    "fabrikam 2026-06": (EXAMPLE, Asked("fabrikam", "2026-06", parse_instant("2026-08-01T00:00:00Z"))),
    "fabrikam 2026-06 as of 40": (EXAMPLE, Asked("fabrikam", "2026-06", JULY, 40)),
    "acme-desk 2026-06 issued": (DESK, Asked("acme-desk", "2026-06", AUGUST_3, 25)),
    "acme-desk 2026-06 restated": (DESK, Asked("acme-desk", "2026-06", AUGUST_15)),
}  # fmt: skip
"""What is kept, by the name of its file: the paths of the book, and what is asked of it."""


@cache
def _stating(paths: tuple[str, ...]) -> Stating:
    return Stating(book_of([ROOT / one for one in paths]))


def _file(name: str) -> Path:
    return FOLDER / f"{name.replace(' ', '-')}.json"


@pytest.mark.slow
@pytest.mark.accepts
@pytest.mark.parametrize("name", KEPT)
def test_a_record_comes_out_as_it_was_written(name: str, accept: bool) -> None:
    """The same bytes, from the same files, as of the same position."""
    paths, asked = KEPT[name]
    found = _stating(paths).statement(asked)
    path = _file(name)
    if accept:
        path.write_text(found.text, encoding="utf-8")
    assert found.text == path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_file_is_asked_for() -> None:
    """No record lies there that nothing makes again."""
    assert {path.name for path in FOLDER.glob("*.json")} == {_file(name).name for name in KEPT}


@pytest.mark.slow
def test_a_kept_record_is_verified_as_a_customer_would() -> None:
    """From the file alone, which says what it is a record of."""
    paths, _ = KEPT["fabrikam 2026-06"]
    given = read_statement(_file("fabrikam 2026-06").read_text(encoding="utf-8"))
    found = verification(_stating(paths).book, given)
    assert found.holds
    assert found.paths == ()


@pytest.mark.slow
def test_what_differs_is_told_by_its_path() -> None:
    """A figure that somebody made better is found."""
    paths, _ = KEPT["fabrikam 2026-06"]
    given = read_statement(_file("fabrikam 2026-06").read_text(encoding="utf-8"))
    record = {**given.record, "summary": {**given.record["summary"], "missed": 0}}
    found = verification(_stating(paths).book, Statement.of(record))
    assert not found.holds
    assert found.paths == (".summary.missed",)


@pytest.mark.slow
def test_the_first_page_knows_what_can_still_be_claimed() -> None:
    """For June until thirty days after its end; nothing more for what was rejected or claimed."""
    found = _stating(DEMO).statement(KEPT["contoso-sivo 2026-06"][1]).record["claimable"]
    until_at = parse_instant("2026-07-31T00:00:00Z")
    assert found == [
        {"remedy": "credit", "subject": "2026-06", "about": "2026-06", "why": "owed", "until_at": until_at}
    ]


@pytest.mark.slow
def test_a_statement_expects_no_memo_of_what_nobody_can_claim_any_more() -> None:
    """Nobody claimed April in time: no document is to come for it, as there is for June."""
    record = _stating(DEMO).statement(KEPT["contoso-sivo 2026"][1]).record
    expected = [one["subject"] for one in record["memos"] if one["status"] == "expected"]
    assert "2026-06" in expected
    assert "2026-04" not in expected


@pytest.mark.slow
def test_the_restated_month_tells_the_delta_and_its_cause() -> None:
    """66.66 more, in a memo of its own beside the first, because of one correction."""
    record = _stating(DESK).statement(KEPT["acme-desk 2026-06 restated"][1]).record
    restates = record["restates"]
    assert isinstance(restates, dict)
    assert [(one["before"], one["after"], one["difference"]) for one in restates["money"]] == [
        (3334, 10000, 6666)
    ]
    (correction, *_) = restates["why"]
    assert (correction["how"], correction["id"], correction["by"]) == ("corrected", "q5-late", "audit")
    memos = [(memo["number"], memo["status"], memo["net_minor"]) for memo in record["memos"]]
    assert memos == [("NW-CN-000001", "issued", 3334), ("NW-CN-000002", "issued", 6666)]


FORMER = Path(__file__).parent / "former" / "fabrikam-2026-06-format-1.json"
"""A record as an earlier version wrote it, before the format had `waiting`, `party` and `is_set_off`."""


@pytest.mark.slow
def test_a_record_of_a_former_format_is_not_said_to_be_wrong() -> None:
    """It cannot be made again here: that is what is said, with who can tell, and what can be done with it."""
    given = read_statement(FORMER.read_text(encoding="utf-8"))
    with pytest.raises(AnotherFormatError) as told:
        verification(_stating(EXAMPLE).book, given)
    said = str(told.value)
    assert (
        "the record is of the format upheld.statement/1, and this Upheld makes records of " + FORMAT in said
    )
    assert "the Upheld that wrote it can tell" in said
    assert "a statement in its place can be compared with it (--previous)" in said


@pytest.mark.slow
def test_a_record_of_a_former_format_is_restated_by_what_both_say() -> None:
    """The names that it has not yet are no change, and what it says otherwise is told of its format."""
    given = read_statement(FORMER.read_text(encoding="utf-8"))
    asked = KEPT["fabrikam 2026-06"][1]
    found = _stating(EXAMPLE).statement(asked, given).record
    restates = found["restates"]
    assert found["chain"] == {"number": 2, "previous": given.sha256}
    assert [(one["section"], one["fields"]) for one in restates["changes"]] == [
        ("memos", ["issued_on", "number"])
    ]
    assert [one["how"] for one in restates["why"]] == ["format"]
    assert [one["difference"] for one in restates["money"]] == [0]
