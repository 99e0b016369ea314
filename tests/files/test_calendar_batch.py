"""Questions about calendars as JSON lines: every line is answered, none brings the others down."""

from __future__ import annotations

import json
from typing import Any

import pytest

from upheld.core.timeline.calendar import Calendar
from upheld.files.calendar_batch import QUESTIONS, Batch
from upheld.files.folder import read_agreement_file
from upheld.language.compile import compile_terms

DESK = {"zone": "Europe/Amsterdam", "open": "Mon-Fri 09:00-17:00", "business day": "8h"}
YEARS = (2025, 2027)


def ask(question: object, batch: Batch | None = None) -> dict[str, Any]:
    """The answer to a question (a text as it stands)."""
    line = question if isinstance(question, str) else json.dumps(question)
    answer = (batch or Batch({}, YEARS)).answer(line.encode(), "questions", 7)
    assert "\n" not in answer
    found: dict[str, Any] = json.loads(answer)
    return found


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            {"ask": "elapsed", "from": "2026-06-05T16:00:00+02:00", "to": "2026-06-08T10:30:00+02:00"},
            {"elapsed_s": 9_000},
        ),
        (
            {"ask": "elapsed", "from": "2026-06-05T08:00:01.5Z", "to": "2026-06-05T08:00:00Z"},
            {"elapsed_s": "-1.5"},
        ),
        (
            {"ask": "elapsed", "from": "2026-06-05T08:00:02Z", "to": "2026-06-05T08:00:00Z"},
            {"elapsed_s": -2},
        ),
        (
            {"ask": "deadline", "from": "2026-06-05T15:00:00+02:00", "amount": "2h"},
            {"due_at": "2026-06-05T15:00:00Z", "last_in_time_at": "2026-06-08T07:00:00Z"},
        ),
        (
            {"ask": "deadline", "from": "2026-06-05T15:00:00+02:00", "amount": "1 business day"},
            {"due_at": "2026-06-08T13:00:00Z", "last_in_time_at": "2026-06-08T13:00:00Z"},
        ),
        (
            {"ask": "before", "to": "2026-06-08T10:00:00+02:00", "amount": "2h"},
            {"from_at": "2026-06-05T14:00:00Z"},
        ),
        ({"ask": "is open", "at": "2026-06-05T17:00:00+02:00"}, {"open": False}),
        ({"ask": "next opening", "at": "2026-06-05T17:00:00+02:00"}, {"opens_at": "2026-06-08T07:00:00Z"}),
        ({"ask": "next closing", "at": "2026-06-05T09:00:00+02:00"}, {"closes_at": "2026-06-05T15:00:00Z"}),
        (
            {"ask": "business days", "from": "2026-06-05T12:00:00Z", "to": "2026-06-09T12:00:00Z"},
            {"business_days": 2},
        ),
        (
            {"ask": "openings", "from": "2026-06-05T12:00:00Z", "to": "2026-06-08T08:00:00Z"},
            {
                "open": [
                    ["2026-06-05T12:00:00Z", "2026-06-05T15:00:00Z"],
                    ["2026-06-08T07:00:00Z", "2026-06-08T08:00:00Z"],
                ]
            },
        ),
    ],
)
def test_every_question_has_its_answer(question: dict[str, str], answer: dict[str, object]) -> None:
    """Amsterdam in summer, 09:00 to 17:00."""
    assert ask({**question, "calendar": DESK}) == answer


def test_every_kind_of_question_is_tried_above() -> None:
    """So that none is forgotten."""
    asked = {
        "elapsed",
        "deadline",
        "before",
        "is open",
        "next opening",
        "next closing",
        "business days",
        "openings",
    }
    assert set(QUESTIONS) == asked


@pytest.mark.parametrize("name", ["a", 7, -1, 10**30, "7", "ë\u001b[31m", ""])
def test_an_id_comes_back_as_it_came(name: object) -> None:
    """Texts and whole numbers, with answers and with errors."""
    asked = {"ask": "is open", "at": "2026-06-05T12:00:00Z"}
    assert ask({"id": name, "calendar": DESK, **asked}) == {"id": name, "open": True}
    assert ask({"id": name, "calendar": "none", **asked})["id"] == name


AT = '"at": "2026-06-05T12:00:00Z"'
DESK_TEXT = f'"calendar": {json.dumps(DESK)}'
DUE = f'"ask": "deadline", {DESK_TEXT}, "from": "2026-06-05T12:00:00Z"'
OPENINGS = f'"ask": "openings", {DESK_TEXT}, "from": "2026-06-05T12:00:00Z"'
IS_OPEN = f'"ask": "is open", {AT}'


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("nonsense", "bad-json"),
        ("{", "bad-json"),
        ("[1]", "bad-json"),
        ("7", "bad-json"),
        ('{"id": NaN}', "bad-json"),
        ('{"a": 1, "a": 2}', "duplicate-key"),
        ("[" * 100_000, "bad-json"),
        ('{"id": ' + "1" * 5_000 + "}", "bad-id"),
        ('{"id": 1.5}', "bad-id"),
        ('{"id": [1]}', "bad-id"),
        ('{"id": true}', "bad-id"),
        ("{}", "unknown-question"),
        ('{"ask": "the way"}', "unknown-question"),
        ('{"ask": ["elapsed"]}', "unknown-question"),
        (f"{{{IS_OPEN}}}", "no-calendar"),
        (f'{{{IS_OPEN}, "calendar": "support"}}', "unknown-calendar"),
        (f'{{{IS_OPEN}, "calendar": 5}}', "unknown-calendar"),
        (f'{{{IS_OPEN}, "calendar": ["a"]}}', "no-calendar"),
        (f'{{{IS_OPEN}, {DESK_TEXT}, "form": "x"}}', "unknown-field"),
        (f'{{"ask": "is open", {DESK_TEXT}}}', "missing-field"),
        (f'{{"ask": "is open", {DESK_TEXT}, "at": null}}', "missing-field"),
        (f'{{"ask": "is open", {DESK_TEXT}, "at": "noon"}}', "bad-instant"),
        (f'{{"ask": "is open", {DESK_TEXT}, "at": "2026-06-05T12:00:00"}}', "bad-instant"),
        (f'{{"ask": "is open", {DESK_TEXT}, "at": "2030-06-05T12:00:00Z"}}', "beyond-horizon"),
        (f'{{{OPENINGS}, "to": "2036-01-01T00:00:00Z"}}', "beyond-horizon"),
        (f'{{{DUE}, "amount": "99999h"}}', "beyond-horizon"),
        (f'{{{DUE}, "amount": "{"9" * 5_000}h"}}', "bad-amount"),
        (f'{{{DUE}, "amount": "two"}}', "bad-amount"),
        (f'{{{DUE}, "amount": 2}}', "bad-amount"),
        (
            f'{{{IS_OPEN}, "calendar": {{"zone": "Mars/Base", "open": "Mon-Fri 09:00-17:00"}}}}',
            "unknown-zone",
        ),
        (f'{{{IS_OPEN}, "calendar": {{"zone": "UTC", "open": "Mon-Fri 17:00-09:00 x"}}}}', "bad-hours"),
        (f'{{{IS_OPEN}, "calendar": {{"zone": "UTC"}}}}', "missing-field"),
        (f'{{{IS_OPEN}, "calendar": {{"zone": "UTC", "open": null}}}}', "bad-value"),
        (f'{{{IS_OPEN}, "calendar": {{"union": ["calendar"]}}}}', "calendar-cycle"),
        (f'{{{IS_OPEN}, "calendar": {{"open": {"[" * 20}{"]" * 20}}}}}', "too-deep"),
        ('{"calendars": {}}', "no-calendar"),
        ('{"calendars": ["desk"]}', "no-calendar"),
    ],
)
def test_what_cannot_be_answered_says_why(line: str, code: str) -> None:
    """A stable code, a message, the line; never an exception."""
    error = ask(line)["error"]
    assert (error["code"], error["line"]) == (code, 7)
    assert error["message"]


def test_business_days_need_a_calendar_that_knows_them() -> None:
    """Without `business day` a day is not defined."""
    bare = {"zone": "UTC", "open": "Mon-Fri 09:00-17:00"}
    question = {
        "ask": "deadline",
        "calendar": bare,
        "from": "2026-06-05T12:00:00Z",
        "amount": "2 business days",
    }
    assert ask(question)["error"]["code"] == "no-business-day"


@pytest.mark.parametrize("line", [b"\xff\xfe{", b'{"id": "\xc3("}', b'{"id": "\\ud800"}', b"\x00"])
def test_bytes_that_are_no_text_are_answered_in_plain_ascii(line: bytes) -> None:
    """So that no reader and no terminal stumbles over an answer."""
    answer = Batch({}, YEARS).answer(line, "questions", 1)
    assert answer.isascii()
    assert "error" in json.loads(answer)


def test_all_that_is_wrong_with_a_calendar_is_told_at_once() -> None:
    """Findings with their ways out."""
    wrong = {"zone": "Mars/Base", "open": "Mon-Fri 09:00-17:00", "busines day": "8h"}
    error = ask({"ask": "is open", "calendar": wrong, "at": "2026-06-05T12:00:00Z"})["error"]
    assert len(error["findings"]) == 2
    assert all(found["way_out"] for found in error["findings"])


def test_a_blank_line_has_no_answer() -> None:
    """Nothing was asked."""
    assert Batch({}, YEARS).answer(b"  \n", "questions", 1) == ""


def test_calendars_can_be_named_and_combined() -> None:
    """Named on one line, asked on the next; a broken definition leaves the others."""
    batch = Batch({}, YEARS)
    late = {"zone": "Europe/Amsterdam", "open": "Mon-Fri 17:00-20:00"}
    named = {"calendars": {"desk": DESK, "late": late, "both": {"union": ["desk", "late"]}}, "id": 1}
    assert ask(named, batch) == {"id": 1, "calendars": ["desk", "late", "both"]}
    assert "error" in ask({"calendars": {"desk": {"zone": "UTC"}}}, batch)
    question = {"ask": "next closing", "at": "2026-06-05T12:00:00Z"}
    answers = [
        ask({**question, "calendar": name}, batch)["closes_at"][11:16] for name in ("desk", "late", "both")
    ]
    assert answers == ["15:00", "18:00", "18:00"]


def test_the_zone_of_a_line_is_that_of_always() -> None:
    """Where a calendar does not say its own: a civil day over a change of clocks."""
    batch = Batch({}, YEARS)
    given = {"calendars": {"open": {"union": ["always"]}}, "zone": "Europe/Amsterdam"}
    assert ask(given, batch) == {"calendars": ["open"]}
    question = {"ask": "deadline", "calendar": "open", "from": "2026-03-28T12:00:00Z", "amount": "1 days"}
    assert ask(question, batch)["due_at"] == "2026-03-29T11:00:00Z"


def test_the_calendars_of_an_agreement_can_be_asked(tmp_path: Any) -> None:
    """By name, beside those of the lines."""
    path = tmp_path / "acme.yaml"
    path.write_text(
        "document: {agreement: acme, version: '1', provider: N, zone: UTC}\n"
        "calendar: {desk: {zone: UTC, open: Mon-Fri 09:00-17:00}}\n"
        "deadline: {response: {from: opened, until: answered, within: 2h, on: desk}}\n",
        encoding="utf-8",
    )
    agreement, _ = read_agreement_file(path)
    assert agreement is not None
    terms, _ = compile_terms(agreement.node, years=YEARS)
    assert terms is not None
    calendars: dict[str, Calendar] = dict(terms.calendars)
    question = {"ask": "is open", "calendar": "desk", "at": "2026-06-05T12:00:00Z"}
    assert ask(question, Batch(calendars, YEARS)) == {"open": True}
