"""Facts in files: what is read, what is refused and where, and the one canonical form that is written."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.facts.fact import Data, Fact
from upheld.core.facts.fact_types import FactType
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import LAST_YEAR, parse_instant
from upheld.files.facts_file import read_facts, write_facts
from upheld.language.lines import LINE_BYTES

GOOD = {
    "specversion": "1.0",
    "id": "1",
    "source": "/desk",
    "type": "ticket.opened",
    "time": "2026-06-01T09:00:00+02:00",
    "subject": "T-1",
    "data": {"contract": "acme"},
}


def line(**changes: object) -> str:
    """A good line with some attributes changed; `...` removes one."""
    return json.dumps({name: value for name, value in {**GOOD, **changes}.items() if value is not ...})


def read(tmp_path: Path, text: str | bytes) -> tuple[tuple[Fact, ...], list[tuple[str, int, int]]]:
    """The facts of a text, and code, line and column of each finding."""
    path = tmp_path / "facts.jsonl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    facts, findings = read_facts([path])
    assert {finding.place.file for finding in findings} <= {str(path)}
    return facts, [(finding.code, finding.place.line, finding.place.column) for finding in findings]


def test_a_good_line_is_a_fact(tmp_path: Path) -> None:
    """Times are instants, numbers exact, private text apart, extensions and blank lines ignored."""
    data = {"contract": "acme", "floor": 3, "private": {"name": "Ann"}}
    text = line(
        data=data, recordedtime="2026-06-01T07:05:00Z", traceparent="x", datacontenttype="application/json"
    )
    facts, findings = read(tmp_path, "\ufeff" + text.replace(": 3", ": 2.50") + "\r\n\n")
    assert findings == []
    (fact,) = facts
    assert fact.at == parse_instant("2026-06-01T07:00:00Z")
    assert fact.recorded_at == parse_instant("2026-06-01T07:05:00Z")
    assert fact.data == {"contract": "acme", "floor": Decimal("2.5")}
    assert fact.private == {"name": "Ann"}
    assert fact.place is not None
    assert (fact.place.line, fact.place.column) == (1, 1)


def test_a_version_is_read_as_the_newest(tmp_path: Path) -> None:
    """Version 1 may be written or left out."""
    facts, findings = read(tmp_path, line(type="ticket.opened/1"))
    assert (findings, facts[0].type) == ([], "ticket.opened")


def test_types_that_an_agreement_declares_are_known(tmp_path: Path) -> None:
    """Without the declaration the same line is a finding."""
    path = tmp_path / "facts.jsonl"
    path.write_text(line(type="onsite.arrived"))
    declared = {"onsite.arrived": FactType("onsite.arrived", "ticket", "the engineer arrives")}
    assert [len(part) for part in read_facts([path], declared)] == [1, 0]
    assert [len(part) for part in read_facts([path])] == [0, 1]


PREFIX = (
    '{"specversion":"1.0","id":"1","source":"/desk","type":"ticket.closed","time":"2026-06-01T09:00:00Z",'
)
"""A good line up to its subject."""
AT = len(PREFIX) + 1

COMMA = sys.version_info >= (3, 13)
"""Since Python 3.13 a comma too many is itself the place of the fault, before that what follows it."""
BAD_LINES = [
    ("{", "bad-json", 2),
    ('{"id":"1",}', "bad-json", 11 - COMMA),
    ("not json", "bad-json", 1),
    (PREFIX + '"subject":"T-1"} x', "bad-json", AT + 17),
    (PREFIX + '"subject":"T\t1"}', "bad-json", AT + 12),
    (PREFIX + "'subject':1}", "bad-json", AT),
    ('["a"]', "not-an-object", 1),
    ("17", "not-an-object", 1),
    (PREFIX + '"subject":"T","id":"2"}', "duplicate-key", AT + 14),
    (PREFIX + '"subject":"T","data":{"a":[{"b":1,"b":2}]}}', "duplicate-key", AT + 34),
    (PREFIX + '"subject":"T","data":{"a":1,"a":2},]', "duplicate-key", AT + 28),
    (PREFIX + '"subject":"T","data":{"a":NaN}}', "bad-number", AT + 26),
    (PREFIX + '"subject":"T","data":{"a":-Infinity}}', "bad-number", AT + 26),
    (PREFIX + '"subject":"T","data":{"a":1e999}}', "bad-number", AT + 26),
    (PREFIX + '"subject":"T","data":{"a":' + "9" * 41 + "}}", "bad-number", AT + 26),
    (PREFIX + '"subject":"T","data":{"a":0.' + "9" * 41 + "}}", "bad-number", AT + 26),
    (PREFIX + '"subject":"T","data":{"a":"\\ud800"}}', "bad-text", AT + 27),
    (PREFIX + '"subject":"T","data":{"a":' + "[" * 15 + "]" * 15 + "}}", "too-deep", AT + 40),
    ("[" * 30_000, "too-deep", 17),
    (PREFIX + '"subject":"' + "x" * LINE_BYTES + '"}', "line-too-long", 1),
    (PREFIX[:-1] + "}", "missing-attribute", 1),
    (PREFIX + '"subject":"T",}', "bad-json", AT + 14 - COMMA),
    (PREFIX + '"subject":""}', "bad-attribute", AT + 10),
    (PREFIX + '"subject":7}', "bad-attribute", AT + 10),
    (PREFIX + '"subject":null}', "bad-attribute", AT + 10),
    (PREFIX + '"subject":"T","data":[]}', "bad-attribute", AT + 21),
    (PREFIX + '"subject":"T","data":{"private":"Ann"}}', "bad-attribute", AT + 32),
    (PREFIX + '"subject":"T","datacontenttype":"text/xml"}', "bad-attribute", AT + 32),
    (PREFIX + '"subject":"T","recordedtime":"2026-06-01"}', "bad-time", AT + 29),
    (PREFIX + '"subject":"T","recordedtime":5}', "bad-time", AT + 29),
    (PREFIX + '"subject":"T","recordedTime":"2026-06-01T09:00:00Z"}', "bad-attribute-name", AT + 29),
    (PREFIX + '"subject":"T","recordetime":"2026-06-01T09:00:00Z"}', "unknown-attribute", AT + 28),
    (PREFIX + '"subject":"T","data":{"verified":1}}', "bad-field", AT + 33),
    (
        PREFIX.replace("ticket.closed", "incident.declared")
        + '"subject":"I","data":{"severity":"S","share_of_users":1.5}}',
        "bad-field",
        AT + 58,
    ),
    (
        PREFIX.replace("ticket.closed", "incident.declared")
        + '"subject":"I","data":{"severity":"S","share_of_users":-0.1}}',
        "bad-field",
        AT + 58,
    ),
    (
        PREFIX.replace("ticket.closed", "contract.invoice_issued")
        + '"subject":"C","data":{"invoice":"R","amount":-1}}',
        "bad-field",
        AT + 55,
    ),
    (PREFIX.replace("1.0", "0.3") + '"subject":"T"}', "bad-attribute", 16),
    (PREFIX.replace("09:00:00Z", "09:00:00") + '"subject":"T"}', "bad-time", 78),
    (PREFIX.replace("06-01T", "06-31T") + '"subject":"T"}', "bad-time", 78),
    (PREFIX.replace("2026-06-01T", "2300-06-01T") + '"subject":"T"}', "bad-time", 78),
    (PREFIX.replace("ticket.closed", "ticket.close_") + '"subject":"T"}', "unknown-fact-type", 55),
    (PREFIX.replace("ticket.closed", "ticket.closed/2") + '"subject":"T"}', "unknown-version", 55),
    (PREFIX.replace("ticket.closed", "ticket.opened") + '"subject":"T"}', "missing-field", 1),
    (PREFIX.replace("ticket.closed", "ticket.opened") + '"subject":"T","data":{}}', "missing-field", AT + 21),
    (
        PREFIX.replace("ticket.closed", "ticket.replied") + '"subject":"T","data":{"by":"me"}}',
        "unknown-choice",
        AT + 28,
    ),
]


@pytest.mark.parametrize(("text", "code", "column"), BAD_LINES)
def test_a_bad_line_is_a_finding_at_its_column_and_stops_no_other(
    tmp_path: Path, text: str, code: str, column: int
) -> None:
    """The lines before and after are read."""
    facts, findings = read(tmp_path, f"{line(id='a')}\n{text}\n{line(id='b')}\n")
    assert findings == [(code, 2, column)]
    assert [fact.id for fact in facts if fact.place and fact.place.line != 2] == ["a", "b"]


def test_bytes_that_are_not_utf_8_are_a_finding_at_their_character(tmp_path: Path) -> None:
    """The column counts characters, not bytes."""
    bad = line().encode().replace(b"T-1", "é".encode() + b"\xff")
    _, findings = read(tmp_path, bad)
    assert findings == [("not-utf-8", 1, bad.index(b"\xff"))]


def test_a_time_without_offset_says_what_to_add(tmp_path: Path) -> None:
    """The message shows how the same time looks with an offset."""
    path = tmp_path / "facts.jsonl"
    path.write_text(line(time="2026-06-01T09:00:00"))
    _, (finding,) = read_facts([path])
    assert "no offset from UTC" in finding.message
    assert "2026-06-05T14:30:00Z" in finding.message


def test_a_name_in_capitals_is_shown_beside_what_is_missing(tmp_path: Path) -> None:
    """The attribute that is missing and the one that was meant are both found."""
    path = tmp_path / "facts.jsonl"
    path.write_text(PREFIX + '"Subject":"T-1"}')
    _, findings = read_facts([path])
    assert [(finding.code, finding.place.column) for finding in findings] == [
        ("missing-attribute", 1),
        ("bad-attribute-name", AT + 10),
    ]
    assert "`Subject`" in findings[0].way_out


def test_everything_wrong_with_a_line_is_told_at_once(tmp_path: Path) -> None:
    """Three faults, three findings, in the order of their columns."""
    _, findings = read(tmp_path, line(id="", time="soon", subject=1))
    assert [code for code, _, _ in findings] == ["bad-attribute", "bad-time", "bad-attribute"]
    assert [column for _, _, column in findings] == sorted(column for _, _, column in findings)


def test_the_findings_of_one_file_are_bounded(tmp_path: Path) -> None:
    """A file that is something else altogether does not drown the reader."""
    _, findings = read(tmp_path, "nonsense\n" * 2_000)
    assert len(findings) == 1_001
    assert findings[-1] == ("too-many-findings", 1_001, 1)


def test_what_is_written_is_canonical(tmp_path: Path) -> None:
    """Names sorted, no spaces, exact numbers, UTC, and no recordedtime where it is the time."""
    data = {"contract": "acme", "n": 0, "z": ["é\n", True, None], "private": {"name": "Ann"}}
    text = line(data=data).replace('"n": 0', '"n": 12.50')
    facts, _ = read(tmp_path, text)
    assert write_facts(facts) == (
        '{"data":{"contract":"acme","n":12.5,"private":{"name":"Ann"},"z":["é\\n",true,null]},"id":"1",'
        '"source":"/desk","specversion":"1.0","subject":"T-1","time":"2026-06-01T07:00:00Z",'
        '"type":"ticket.opened"}\n'
    )


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
numbers = st.integers(-(10**38), 10**38) | st.decimals(-(10**12), 10**12, places=6)
values = st.recursive(
    st.none() | st.booleans() | texts | numbers,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
instants = st.integers(0, parse_instant(f"{LAST_YEAR}-12-31T23:59:59Z"))
RESERVED = {"private", "provider", "verified", "actor", "reason"}
facts_of_any_kind = st.builds(
    Fact,
    id=texts,
    source=texts,
    type=st.just("ticket.resolved"),
    at=instants,
    recorded_at=instants,
    subject=texts,
    data=st.dictionaries(texts.filter(lambda name: name not in RESERVED), values, max_size=4).map(Data),
    private=st.dictionaries(texts, values, max_size=2).map(Data),
)


@given(st.lists(facts_of_any_kind, max_size=4))
def test_what_is_written_is_read_again_the_same(
    tmp_path_factory: pytest.TempPathFactory, facts: list[Fact]
) -> None:
    """Facts survive the file, and writing them again gives the same bytes."""
    path = tmp_path_factory.getbasetemp() / "round.jsonl"
    text = write_facts(facts)
    path.write_text(text, encoding="utf-8", newline="")
    again, findings = read_facts([path])
    assert findings == ()
    assert sorted(again, key=repr_of) == sorted(facts, key=repr_of)
    assert write_facts(again) == write_facts(sorted(again, key=lambda fact: fact.order))


def repr_of(fact: Fact) -> tuple[object, ...]:
    return (*fact.order, fact.recorded_at, write_facts([fact]))


@given(st.integers(0, len(PREFIX) + 40), st.integers(0, 6), st.text('{}[]",:\\\\u0dNaI1e-. ', max_size=6))
def test_no_line_makes_the_reader_fail(
    tmp_path_factory: pytest.TempPathFactory, at: int, cut: int, insert: str
) -> None:
    """A good line with a piece cut out and another put in is a fact or a finding in that line."""
    text = PREFIX + '"subject":"T","data":{"contract":"a","list":[1.5,{"b":null}]}}'
    path = tmp_path_factory.getbasetemp() / "fuzz.jsonl"
    path.write_text(text[:at] + insert + text[at + cut :] + "\n")
    facts, findings = read_facts([path])
    assert facts or findings
    assert all(finding.place.line == 1 and 1 <= finding.place.column <= 300 for finding in findings)


def test_files_split_in_any_way_give_one_log(tmp_path: Path) -> None:
    """Two files with some lines in both are the one file."""
    lines = [line(id=str(number), time=f"2026-06-01T09:0{number}:00Z") for number in range(9)]
    for name, part in (("whole", lines), ("a", lines[::-2]), ("b", lines[3:])):
        (tmp_path / name).write_text("\n".join(part))
    whole, _ = read_facts([tmp_path / "whole"])
    parts, _ = read_facts([tmp_path / "b", tmp_path / "a", tmp_path / "whole"])
    assert FactLog(parts) == FactLog(whole)
    assert len(FactLog(whole)) == 9
