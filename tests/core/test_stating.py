"""The pure parts of statements: canonical bytes, periods, which verdicts belong, what changed."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import at
from upheld.core.facts.fact import Fact
from upheld.core.stating.canonical import NotCanonicalError, canonical, hash_of
from upheld.core.stating.fact_entries import fact_hash
from upheld.core.stating.money_entries import instalment_entry, owed_entries
from upheld.core.stating.restating import differences, owed_minor
from upheld.core.stating.rules import FORMAT, KNOWN, RetiredRuleError, check_rules
from upheld.core.stating.stated_period import belongs, decided_at, kind_of, months_of, stated_period
from upheld.core.stating.statement import NotAStatementError, Statement, read_statement
from upheld.core.timeline.period import Period
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit, Instalment
from upheld.core.verdicts.verdict import Verdict
from upheld.language.zones import zone_named

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
ZONE = zone_named("Europe/Amsterdam", 2024, 2028)
JUNE = stated_period("2026-06", zone_named("UTC", 2024, 2028))


@given(values)
def test_the_canonical_bytes_are_those_of_another_implementation_of_the_scheme(value: object) -> None:
    """Whatever a record can hold is written as a library for RFC 8785 writes it."""
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # it is JSON


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    """No value is lost in its canonical bytes."""
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (1.5, "$ is float"),
        ([2**53], r"$[0] is 9007199254740992"),
        ({"a": {"\udc00": 1}}, "a name of $.a has half of a character"),
        ("\ud800", "$ has half of a character"),
        ({"a": [b""]}, "$.a[0] is bytes"),
        ({1: 2}, "$ has the name 1"),
    ],
)
def test_what_has_no_one_form_is_refused_with_its_path(value: object, where: str) -> None:
    """A float, a number too large, a name that is no text, half a character: none of them enters a hash."""
    with pytest.raises(NotCanonicalError) as told:
        canonical(value)
    assert str(told.value).startswith(where)


def test_names_stand_in_the_order_of_utf_16() -> None:
    """A character beyond U+FFFF is two units, which come before U+FB33; Python would put it last."""
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "z": 3}).decode() == '{"z":3,"\U0001f600":2,"\ufb33":1}'


@given(st.dictionaries(names, values, max_size=3))
def test_a_statement_that_was_changed_by_a_byte_is_not_read(record: dict[str, object]) -> None:
    """What is written is read; with any other record beside the hash it is refused."""
    found = Statement.of(record)
    assert read_statement(found.text) == found
    forged = json.dumps({"record": {**record, "more": 1}, "sha256": found.sha256})
    with pytest.raises(NotAStatementError, match="was changed after it was made"):
        read_statement(forged)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"record": 1, "sha256": ""}', '{"record": {"a": 1.0}, "sha256": ""}']
)
def test_what_is_no_statement_is_refused(text: str) -> None:
    """A file of anything else is told apart from a statement."""
    with pytest.raises(NotAStatementError, match="it is no statement"):
        read_statement(text)


def test_a_retired_rule_is_named_and_refused() -> None:
    """A record that was made by a rule that is gone is not recomputed by another one."""
    check_rules(KNOWN)
    with pytest.raises(RetiredRuleError, match=r"credit\.bands/0") as told:
        check_rules([FORMAT, "credit.bands/0"])
    assert told.value.rules == ("credit.bands/0",)


@pytest.mark.parametrize(
    ("label", "kind", "start", "end"),
    [
        ("2026-06", "calendar month", "2026-05-31 22:00", "2026-06-30 22:00"),
        ("2026-02", "calendar month", "2026-01-31 23:00", "2026-02-28 23:00"),
        ("2026-Q4", "calendar quarter", "2026-09-30 22:00", "2026-12-31 23:00"),
        ("2026", "calendar year", "2025-12-31 23:00", "2026-12-31 23:00"),
    ],
)
def test_a_label_names_a_period_in_the_time_of_the_contract(
    label: str, kind: str, start: str, end: str
) -> None:
    """Months, quarters and years begin at midnight in the zone, on both sides of a change of clocks."""
    from datetime import UTC, datetime

    found = stated_period(label, ZONE)
    told = [
        datetime.fromtimestamp(one / 1e6, UTC).strftime("%Y-%m-%d %H:%M")
        for one in (found.start_at, found.end_at)
    ]
    assert (kind_of(label), *told) == (kind, start, end)
    assert found.label == label


@pytest.mark.parametrize("label", ["", "2026-13", "2026-6", "June", "2026-Q5", "20266", "0000"])
def test_what_names_no_period_is_refused(label: str) -> None:
    """Only a month, a quarter or a year can be stated."""
    with pytest.raises(ValueError, match=r"no month|no year"):
        stated_period(label, ZONE)


def test_the_months_of_a_year_are_the_year() -> None:
    """They touch, and begin and end where it does."""
    year = stated_period("2026", ZONE)
    months = months_of(year, ZONE)
    assert (months[0].start_at, months[-1].end_at, len(months)) == (year.start_at, year.end_at, 12)
    assert all(one.end_at == other.start_at for one, other in pairwise(months))


def verdict(state: str, **fields: object) -> Verdict:
    """A verdict of a clock in a state."""
    return Verdict(CellKey("c1", "clock", "T-1"), "deadline", 1, state, "guarantee", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "is_in"),
    [
        (verdict("met", started_at=at("Sun 05-31 10:00"), stopped_at=at("Mon 06-01 10:00")), True),
        (verdict("met", started_at=at("Tue 06-30 10:00"), stopped_at=at("Wed 07-01 00:00")), False),
        (verdict("breached", late_after_at=at("Tue 06-30 23:59"), stopped_at=at("Thu 07-02 10:00")), True),
        (verdict("missed", late_after_at=at("Wed 07-01 10:00"), stopped_at=None), False),
        (verdict("running", started_at=at("Fri 05-01 10:00")), True),
        (verdict("running", started_at=at("Wed 07-01 10:00")), False),
        (verdict("not applicable", started_at=at("Mon 06-15 10:00")), True),
    ],
)
def test_a_verdict_stands_in_the_period_in_which_it_was_decided(one: Verdict, is_in: bool) -> None:
    """Answered, or late from an instant on; what is still open stands in every period that it shares."""
    assert belongs(one, JUNE, JUNE.start_at) is is_in


@given(st.sampled_from(["met", "missed", "breached", "undetermined", "not applicable"]), st.data())
def test_every_decision_stands_in_exactly_one_month(state: str, data: st.DataObject) -> None:
    """So a year is the sum of its months."""
    utc = zone_named("UTC", 2024, 2028)
    year = stated_period("2026", utc)
    instants = st.none() | st.integers(year.start_at, year.end_at - 1)
    one = verdict(
        state, **{name: data.draw(instants) for name in ("started_at", "stopped_at", "late_after_at")}
    )
    if decided_at(one) is None:
        return
    months = [month for month in months_of(year, utc) if belongs(one, month, 0)]
    assert len(months) == belongs(one, year, 0) == 1


def test_a_measured_quarter_stands_in_the_month_in_which_it_ends() -> None:
    """It is decided at its end, so that no month counts it twice."""
    quarter = stated_period("2026-Q2", zone_named("UTC", 2024, 2028))
    one = Verdict(
        CellKey("c1", "uptime", "2026-Q2"), "measurement", 1, "breached", "guarantee",
        started_at=quarter.start_at, due_at=quarter.end_at, stopped_at=quarter.end_at,
    )  # fmt: skip
    assert belongs(one, JUNE, 0)
    assert not belongs(one, Period(quarter.start_at, JUNE.start_at, "before"), 0)


def test_differences_are_told_by_their_paths() -> None:
    """Whatever is there on one side only, or another value, or of another kind."""
    before = {"a": [1, {"b": 2}], "c": True, "d": 1}
    after = {"a": [1, {"b": 3}, 4], "c": 1, "e": 1}
    assert list(differences(before, after)) == [".a[1].b", ".a[2]", ".c", ".d", ".e"]
    assert hash_of(before) != hash_of(after)


numbers = st.integers() | st.decimals(allow_nan=False, allow_infinity=False).filter(
    lambda number: abs(number.adjusted()) < 60
)


def _hash_of_number(number: int | Decimal) -> str:
    return fact_hash(Fact("1", "billing", "usage", 0, 0, "c-1", {"amount": number}))


@given(numbers, numbers)
def test_facts_have_one_hash_just_where_their_numbers_are_equal(
    one: int | Decimal, two: int | Decimal
) -> None:
    """However a number is written."""
    assert (_hash_of_number(one) == _hash_of_number(two)) == (Fraction(one) == Fraction(two))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("100"), "100"),
        (Decimal("1E+2"), "100"),
        (100, "100"),
        (Decimal("1.50"), "1.5"),
        (Decimal("-0.0"), "0"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("1234567890123456789012345678901.5"), "1234567890123456789012345678901.5"),
    ],
)
def test_the_hash_of_a_fact_has_all_digits_of_its_numbers_without_an_exponent(
    number: int | Decimal, text: str
) -> None:
    """Nothing is rounded, whatever the precision of arithmetic is."""
    data = {"object": [["amount", {"number": text}]]}
    assert _hash_of_number(number) == hash_of(["billing", "1", "usage", 0, "c-1", data])


def test_what_is_lost_is_owed_no_more() -> None:
    """The contract ended before the last instalment, which then lapses: 70.00 of 100.00 are owed."""
    key = CellKey("c1", "credit", "2026-06")
    parts = (Instalment(1, Decimal("70.00"), "R-1"), Instalment(2, Decimal("30.00"), state="lost"))
    owed = Credit(
        key, "uptime", "owed", "money", "r", Fraction(100), Fraction(100), Fraction(100), Decimal("100.00"),
        "EUR", instalments=parts,
    )  # fmt: skip
    (row,) = owed_entries([owed])
    assert isinstance(row, dict)
    assert [row[name] for name in ("amount", "minor", "low", "high")] == ["70.00", 7000, "70", "70"]
    entry = {"state": "owed", "minor": 10000, "instalments": [instalment_entry(one, "EUR") for one in parts]}
    assert owed_minor(entry) == 7000
    assert owed_minor({**entry, "instalments": []}) == 10000
