"""Facts in texts that somebody sends: one, lines or a list, each fault at its line and column."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.api.batch import read_batch
from upheld.core.values.finding import MOST_TOLD, Place
from upheld.files.facts_file import (
    MOST_FACTS,
    place_in,
    places_in,
    read_fact,
    read_fact_lines,
    read_fact_list,
)
from upheld.files.json_place import elements
from upheld.lake.rows import Told

FACT = {
    "specversion": "1.0",
    "id": "f1",
    "source": "/desk",
    "type": "ticket.opened",
    "time": "2026-06-05T16:30:00Z",
    "subject": "T-1",
    "data": {"contract": "c1", "priority": "P1"},
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab"\\[]{},:\n é', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 0, 2]))
def test_the_elements_of_a_list_are_those_that_a_parser_finds(
    values: list[object], indent: int | None
) -> None:
    """However the list is written, each part is the text of one value."""
    text = f" {json.dumps(values, indent=indent)}\n"
    found = elements(text, 10, 50)
    assert isinstance(found, list)
    assert [json.loads(text[start:end]) for start, end in found] == values


@given(st.text(alphabet='[]{},"\\ a1', max_size=12))
def test_what_is_taken_apart_is_a_list(text: str) -> None:
    """What a parser reads as a list is taken apart; where nothing is, no parser reads a list."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    found = elements(text, 20, 20)
    if isinstance(value, list):
        assert isinstance(found, list)
        assert len(found) == len(value)
    if isinstance(found, int):
        assert 0 <= found <= len(text)


def test_a_list_has_an_end_and_a_depth() -> None:
    """More elements than wanted, or deeper ones, are seen before they are read."""
    assert elements("[1,2,3]", 3, 2) == [(1, 2), (3, 4), (5, 6)]
    assert elements("[1,2,3,4]", 2, 2) == [(1, 2), (3, 4), (5, 6)], "one too many, and no further"
    assert elements("[[[1]]]", 3, 2) == [(1, 6)]
    assert elements("[[[[1]]]]", 3, 2) == 3


def test_one_fact_may_stand_on_many_lines() -> None:
    """Its place is where it begins, those of its faults where they stand."""
    text = "\n" + json.dumps(FACT | {"time": "now"}, indent=2)
    facts, (finding,) = read_fact(text.encode(), "body")
    assert facts == ()
    assert finding.place == Place("body", 7, 11)
    ((fact,), ()) = read_fact(json.dumps(FACT, indent=2).encode(), "body")
    assert (fact.id, fact.place) == ("f1", Place("body"))


def test_a_list_gives_its_facts_in_its_order() -> None:
    """With the places of each, and what is wrong with one does not take the others away."""
    text = "[\n" + ",\n ".join(json.dumps(FACT | {"id": name}) for name in ("b", "a", "")) + "]"
    facts, (finding,) = read_fact_list(text.encode(), "body")
    assert [(one.id, one.where) for one in facts] == [("b", Place("body", 2, 1)), ("a", Place("body", 3, 2))]
    assert (finding.code, finding.place.line) == ("bad-attribute", 4)


def test_lines_are_read_up_to_a_number() -> None:
    """So many lines are one text; one more is too many, and nothing of it is read."""
    line = json.dumps(FACT).encode() + b"\n"
    facts, findings = read_fact_lines(line * 3, "body")
    assert (len(facts), findings) == (3, ())
    facts, (finding,) = read_fact_lines(b"\n" * (MOST_FACTS + 1), "body")
    assert (facts, finding.code) == ((), "too-large")


def test_the_faults_of_one_fact_are_counted_up_to_a_number() -> None:
    """Who sends ten thousand of them is told the first ones."""
    many = FACT | {f"A{n}": 1 for n in range(3_000)}
    facts, findings = read_fact(json.dumps(many).encode(), "body")
    assert (facts, len(findings)) == ((), MOST_TOLD)


@given(st.text(alphabet="ab\n", max_size=12), st.data())
def test_a_place_counts_lines(text: str, data: st.DataObject) -> None:
    """Line and column of a character are those of whoever splits the text into lines."""
    offset = data.draw(st.integers(0, len(text)))
    lines = text[:offset].split("\n")
    start = Place("x", 3, 5)
    column = len(lines[-1]) + (1 if len(lines) > 1 else 5)
    assert place_in(start, text, offset) == Place("x", 3 + len(lines) - 1, column)


@given(st.text(alphabet="ab\n", max_size=12), st.data())
def test_places_of_one_text_are_those_of_each_character(text: str, data: st.DataObject) -> None:
    """In whatever order they are asked for."""
    start = Place("x", 3, 5)
    places = places_in(start, text)
    for offset in data.draw(st.lists(st.integers(0, len(text)), max_size=5)):
        assert places(offset) == place_in(start, text, offset)


class _Searched(str):
    """A text that counts how many of its characters were searched for the ends of lines."""

    __slots__ = ()
    characters = 0

    def count(self, one: str, *within: Any) -> int:
        """As of any text."""
        _Searched.characters += within[1] - within[0]
        return str.count(self, one, *within)

    def rfind(self, one: str, *within: Any) -> int:
        """As of any text."""
        _Searched.characters += within[1] - within[0]
        return str.rfind(self, one, *within)

    def removeprefix(self, _: str) -> _Searched:
        """Itself: there is none."""
        return self


class _Body(bytes):
    """Bytes of such a text."""

    def decode(self, *_: Any) -> str:
        """The text."""
        return _Searched(bytes.decode(self))


@pytest.mark.parametrize("form", ["facts", "rows"])
def test_where_a_row_begins_is_not_counted_from_the_start_of_its_list(form: str) -> None:
    """The lines before it are known: ten thousand good rows took half a minute."""
    row = {"at": FACT["time"], "component": "api", "ok": True} if form == "rows" else FACT
    body = _Body(json.dumps([row] * 500, indent=1).encode())
    _Searched.characters = 0
    if form == "rows":
        assert len(read_batch("list", body, Told("body"), 500).rows) == 500
    else:
        assert len(read_fact_list(body, "body")[0]) == 500
    assert len(body) < _Searched.characters < 3 * len(body)
