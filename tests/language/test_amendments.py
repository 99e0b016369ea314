"""The rule of changes and the term of a contract: what compiles, what is told; and what two texts change."""

from __future__ import annotations

import pytest

from tests.language.texts import CONTRACT, HEAD, contract_of, findings_of, mapping, terms_of
from upheld.core.terms.amendment import AmendRule
from upheld.core.values.amount import Amount, parse_amount
from upheld.language.text_changes import text_changes

_FLOOR = "say what is kept in `never below: …`, or leave it out"
CALENDAR = "calendar: {days: {zone: UTC, open: Mon-Fri 00:00-24:00, business day: end of day}}\n"


def rule(text: str) -> AmendRule | None:
    """The rule of an agreement."""
    return terms_of(f"{CALENDAR}amend: {text}\n").amend


def test_an_agreement_without_a_rule_has_none() -> None:
    """That nothing is said is not the same as a rule that promises nothing."""
    assert terms_of("").amend is None


def test_a_rule_has_its_fields_and_their_defaults() -> None:
    """What is left out is the plain meaning: no notice, nothing kept, what has begun ends as it began."""
    found = rule("{notice: 60d, never below: commitments at signature, clause: '9'}")
    assert found is not None
    assert (found.notice, found.on, found.until) == (Amount("days", 60), "always", "contract period ends")
    assert (found.never_below, found.cited.clauses) == ("commitments at signature", ("9",))
    assert rule("{notice: none}") == AmendRule(cited=AmendRule().cited)
    counted = rule("{notice: 10 business days of days}")
    assert counted is not None
    assert (counted.notice, counted.on) == (parse_amount("10 business days"), "days")


def test_a_rule_consults_readings_like_any_row() -> None:
    """Each option stays executable, and the rule remembers what it rests on."""
    found = terms_of("amend: {notice: {by hours: {support: 30d, all day: none}}}\n").amend
    assert found is not None
    assert (found.notice, found.cited.readings) == (Amount("days", 30), ("hours",))
    told = findings_of(f"{HEAD}amend: {{notice: {{by hours: {{support: 30d}}}}}}\n")
    assert [finding.code for finding in told] == ["option-missing"]


@pytest.mark.parametrize(
    ("text", "code", "way_out"),
    [
        ("{notice: soon}", "bad-amount", "as in 2h, 1 business day, 15 days"),
        ("{notice: [60d]}", "wrong-shape", "write it as 60d"),
        ("{notice: 10 business days of dayz}", "unknown-calendar", "did you mean `days`?"),
        ("{notice: 60d, until: contract ends}", "floor-missing", _FLOOR),
        ("{never below: everything}", "unknown-choice", ""),
        ("{notise: 60d}", "unknown-field", "did you mean `notice`?"),
        ("sixty days", "wrong-shape", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_is_told(text: str, code: str, way_out: str) -> None:
    """With the field, and what to do about it."""
    (finding,) = findings_of(f"{HEAD}{CALENDAR}amend: {text}\n")
    assert finding.code == code
    assert not way_out or finding.way_out == way_out


@pytest.mark.parametrize(
    ("term", "amount"),
    [("12 months", "12 months"), ("1 year", "1 year"), ("90 days", "90 days"), ("none", None)],
)
def test_a_contract_says_how_long_its_periods_are(term: str, amount: str | None) -> None:
    """Civil time, from its first day on."""
    found, findings = contract_of(CONTRACT.replace("}", f", term: {term}}}"))
    assert (found and found.term, findings) == (amount and parse_amount(amount), ())


@pytest.mark.parametrize("term", ["12", "8h", "3 business days", "0 months", "a year"])
def test_a_term_is_civil_time_and_not_nothing(term: str) -> None:
    """No contract period lasts some hours."""
    found, findings = contract_of(CONTRACT.replace("}", f", term: {term}}}"))
    assert found is None
    assert [(f.code, f.way_out) for f in findings] == [
        ("bad-amount", "write it as 12 months, 1 year or 90 days")
    ]


# -- texts -------------------------------------------------------------------------------------------------


def test_what_two_texts_change_is_told_by_keys_with_its_places() -> None:
    """Changed, added and removed values; lists as a whole; the order of keys is no change."""
    before = mapping("a: {x: '1', y: [p, q]}\nb: text\nc: {deep: {er: '2'}}\n", "one.yaml")
    after = mapping("b: other\na: {y: [p], x: '1'}\nd: {new: row}\nc: {deep: {er: '2'}}\n", "two.yaml")
    found = [(change.path, change.before, change.after) for change in text_changes(before, after)]
    assert found == [
        (("b",), "text", "other"),
        (("a", "y"), "[p, q]", "[p]"),
        (("d",), None, "{new: row}"),
    ]
    places = [(str(c.before_place), str(c.after_place)) for c in text_changes(before, after)]
    assert places == [
        ("one.yaml:2:4", "two.yaml:1:4"),
        ("one.yaml:1:16", "two.yaml:2:8"),
        ("None", "two.yaml:3:1"),
    ]
    assert text_changes(before, before) == ()


def test_none_in_quotes_is_another_value() -> None:
    """The word removes, the text in quotes is one."""
    assert len(text_changes(mapping("a: none"), mapping("a: 'none'"))) == 1
    assert text_changes(mapping("a: text"), mapping("a: 'text'")) == ()


def test_a_long_value_is_cut() -> None:
    """What fills more than a line is not told whole."""
    long = "a: [" + ", ".join(f"number {n}" for n in range(60)) + "]"
    (change,) = text_changes(mapping("a: []"), mapping(long))
    assert change.after is not None
    assert len(change.after) == 160
    assert change.after.endswith("…")
