"""Expressions are parsed with every unit checked and every fault at its column, and have one exact value."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seeds import tried
from upheld.core.values.amount import Amount, AmountKind
from upheld.core.values.expression import (
    Arithmetic,
    Attribute,
    Compare,
    Expr,
    Extreme,
    Known,
    ListOf,
    Literal,
    Logic,
    Member,
    Negate,
    Not,
    Shift,
    Value,
    calendars_in,
    evaluate,
    names_in,
)
from upheld.core.values.finding import Place
from upheld.core.values.value import (
    AMOUNT,
    DURATION,
    INSTANT,
    MONEY,
    NUMBER,
    RATIO,
    TEXT,
    TRUTH,
    Money,
    Type,
    choice,
    list_of,
)
from upheld.language.expression import EBNF, MAX_LENGTH, parse_expression, parse_scalar
from upheld.language.node import Mapping, Scalar
from upheld.language.reader import read_yaml

HOUR_US = 3_600_000_000
PLACE = Place("a.yaml", 4, 11)
NAMES = {
    "kind": choice("incident", "question", "change"),
    "priority": choice("P1", "P2", "P3"),
    "severity": choice("1", "2", "3"),
    "human": TRUTH,
    "breached": TRUTH,
    "owner": TEXT,
    "contract.plan": TEXT,
    "labels": list_of(TEXT),
    "good": NUMBER,
    "total": NUMBER,
    "uptime": RATIO,
    "notice": DURATION,
    "elapsed": DURATION,
    "warning": AMOUNT,
    "fee": Type("money", "EUR"),
    "base": MONEY,
    "filed": INSTANT,
    "month end": INSTANT,
    "invoice 2": INSTANT,
    "first-reply": INSTANT,
}
CALENDARS = ("support", "weekdays", "the office")


class World:
    """A scope of given values; a day lasts 24 hours, and a calendar doubles every amount."""

    def __init__(self, **values: Value) -> None:
        self.values = {name.replace("_", " "): value for name, value in values.items()}

    def value(self, name: str) -> Value:
        return self.values.get(name)

    def shift(self, at: int, amount: Amount, calendar: str | None, sign: int) -> int | None:
        length = int(amount.count if amount.kind == "time" else amount.count * 24 * HOUR_US)
        return at + sign * length * (2 if calendar else 1)


def parse(text: str) -> Expr:
    expr, findings = parse_expression(text, PLACE, NAMES, calendars=CALENDARS)
    assert findings == ()
    assert expr is not None
    return expr


# -- what is refused ---------------------------------------------------------------------------------------

REFUSED = [
    ("", "bad-expression", 1),
    ("   ", "bad-expression", 1),
    ("human and", "bad-expression", 10),
    ("and human", "bad-expression", 1),
    ("human or or breached", "bad-expression", 10),
    ("not", "bad-expression", 4),
    ("(human", "bad-expression", 7),
    ("human)", "bad-expression", 6),
    ("()", "bad-expression", 2),
    ("good +", "bad-expression", 7),
    ("good > * 2", "bad-expression", 8),
    ("good == 2", "bad-expression", 6),
    ("human && breached", "bad-expression", 7),
    ("!human", "bad-expression", 1),
    ("good > 1 > 0", "bad-expression", 10),
    ("kind = incident priority = P1", "bad-expression", 17),
    ("owner = two words", "bad-expression", 13),
    ("kind in", "bad-expression", 8),
    ("kind in []", "bad-expression", 10),
    ("kind in [incident", "bad-expression", 18),
    ("kind in [incident,]", "bad-expression", 19),
    ("kind not incident", "bad-expression", 10),
    ("[incident] = kind", "bad-expression", 1),
    ("owner is nobody", "bad-expression", 10),
    ("owner = 'Ann", "bad-expression", 9),
    ('owner = "Ann', "bad-expression", 9),
    ("count(labels) > 1", "bad-expression", 1),
    ("min(good)", "bad-expression", 1),
    ("min(good, total", "bad-expression", 16),
    ("min good", "bad-expression", 5),
    ("notice > 3 apples", "bad-expression", 12),
    ("notice > 2 hours", "bad-expression", 12),
    ("warning > 1.5 weeks", "bad-expression", 11),
    ("good > 1.2.3", "bad-expression", 8),
    ("good > 1.", "bad-expression", 8),
    ("good > 1,000", "bad-expression", 9),
    ("100 % of fee > 1 EUR", "bad-expression", 7),
    ("fee > €5", "bad-expression", 7),
    ("owner = {}", "bad-expression", 9),
    ("filed + 2h of", "bad-expression", 14),
    ("(" * 33 + "human" + ")" * 33, "bad-expression", 34),
    ("not " * 33 + "human", "bad-expression", 133),
    ("-" * 33 + "good > 1", "bad-expression", 34),
    ("min(1, " * 33 + "1" + ")" * 33, "bad-expression", 229),
    (" + ".join(["good"] * 40) + " > 1", "bad-expression", 1),
    ("human" + " " * MAX_LENGTH, "bad-expression", 1),
    ("kind = incidnt", "unknown-value", 8),
    ("kind = 'Incident'", "unknown-value", 8),
    ("P9 != priority", "unknown-value", 1),
    ("priority in [P1, P5]", "unknown-value", 18),
    ("severity = 4", "unit-mismatch", 12),
    ("prority = P1", "unknown-name", 1),
    ("prority in [P1]", "unknown-name", 1),
    ("elapsd > 2h", "unknown-name", 1),
    ("notice > elapsd", "unknown-name", 10),
    ("not breachd", "unknown-name", 5),
    ("human and breachd", "unknown-name", 11),
    ("good-total > 1", "unknown-name", 1),
    ("signed is known", "unknown-name", 1),
    ("min(good, totl)", "unknown-name", 11),
    ("filed + 2h of supprt", "unknown-name", 15),
    ("notice < 3 %", "unit-mismatch", 10),
    ("uptime >= 99.95", "unit-mismatch", 11),
    ("notice > 2", "unit-mismatch", 10),
    ("notice > 2 days", "unit-mismatch", 10),
    ("warning > 2 business days and 1 day > 1 month", "unit-mismatch", 39),
    ("fee > 3 USD", "unit-mismatch", 7),
    ("fee + 3 USD > base", "unit-mismatch", 7),
    ("human + 1 > 2", "unit-mismatch", 9),
    ("human = 1", "unit-mismatch", 9),
    ("owner < owner", "unit-mismatch", 9),
    ("priority > P2", "unit-mismatch", 12),
    ("kind in owner", "unit-mismatch", 9),
    ("good in labels", "unit-mismatch", 1),
    ("good in [1, 2 %]", "unit-mismatch", 13),
    ("not good", "unit-mismatch", 5),
    ("human and good", "unit-mismatch", 11),
    ("-human", "unit-mismatch", 2),
    ("fee * fee > fee", "unit-mismatch", 7),
    ("good / fee > 1", "unit-mismatch", 8),
    ("filed + filed > filed", "unit-mismatch", 9),
    ("2h + filed > filed", "unit-mismatch", 6),
    ("filed * 2 > filed", "unit-mismatch", 9),
    ("notice + 2h of support > 1h", "unit-mismatch", 1),
    ("1 day + 1 day = 2 days", "unit-mismatch", 9),
    ("max(human, breached)", "unit-mismatch", 5),
]


@pytest.mark.parametrize(("text", "code", "column"), REFUSED)
def test_a_fault_is_told_at_its_column(text: str, code: str, column: int) -> None:
    """Every malformed expression gives a finding with its code, on its line and at its column."""
    expr, findings = parse_expression(text, PLACE, NAMES, calendars=CALENDARS)
    assert expr is None
    first = findings[0]
    assert (first.code, first.place.line, first.place.column) == (code, 4, 10 + column)


def test_all_faults_of_type_are_told_at_once() -> None:
    """Faults of type do not hide each other."""
    _, findings = parse_expression("kind = incidnt and notice < 3 % or prority = P1", PLACE, NAMES)
    assert [(finding.code, finding.place.column - 10) for finding in findings] == [
        ("unknown-value", 8),
        ("unit-mismatch", 29),
        ("unknown-name", 36),
    ]


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("kind = incidnt", "did you mean `incident`?"),
        ("prority = P1", "did you mean `priority`?"),
        ("good-total > 1", "a minus needs blanks around it"),
        ("uptime >= 99.95", "write a ratio with %, as in 99.95 %"),
        ("filed + 2h of supprt", "did you mean `support`?"),
        ("good == 2", "one `=` compares"),
        ("notice > 2 days", "a day is not 24 hours everywhere: write both in hours, or both in days"),
    ],
)
def test_a_fault_shows_the_way_out(text: str, way_out: str) -> None:
    """What the author probably meant is named."""
    _, (finding,) = parse_expression(text, PLACE, NAMES, calendars=CALENDARS)
    assert finding.way_out == way_out


def test_the_expected_type_is_asked_for() -> None:
    """A condition must be a truth, and a limit an instant."""
    assert parse_expression("filed + 2 days", PLACE, NAMES, expect=INSTANT)[1] == ()
    assert parse_expression("yes", PLACE, NAMES, expect=TRUTH)[0] == Literal(True, "truth")
    (finding,) = parse_expression("filed + 2 days", PLACE, NAMES, expect=TRUTH)[1]
    assert (finding.code, finding.message) == ("unit-mismatch", "this must be a truth, and is an instant")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("when: kind = incidnt", 14),
        ("when: 'kind = incidnt'", 15),
        ("when: kind =\n  incidnt", 7),
        ("when: |\n  kind = incidnt", 7),
    ],
)
def test_a_fault_points_inside_its_scalar(line: str, column: int) -> None:
    """The column is that of the file: behind a quote, or the scalar's own over several lines."""
    node, _ = read_yaml(line, "a.yaml")
    assert isinstance(node, Mapping)
    scalar = node.get("when")
    assert isinstance(scalar, Scalar)
    _, (finding,) = parse_scalar(scalar, NAMES)
    assert finding.place == Place("a.yaml", 1, column)


# -- what is said ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("kind = incident", "kind = 'incident'"),
        ("priority in [P1, P2]", "priority in ['P1', 'P2']"),
        ("severity = 1", "severity = '1'"),
        ("owner != 'it''s'", "owner != 'it''s'"),
        ('owner = "a ""b"""', "owner = 'a \"b\"'"),
        ("human = yes", "human = true"),
        ("month  end + 30d", "month end + 30 days"),
        ("filed + 15 business days of weekdays", "filed + 15 business days of weekdays"),
        ("filed − 2h of the office", "filed - 2h of 'the office'"),
        ("invoice 2 - 3 months", "invoice 2 - 3 months"),
        ("first-reply − filed ≤ 90 min", "first-reply - filed <= 1h 30m"),
        ("good ÷ total ≥ 99.95 %", "good / total >= 99.95 %"),
        ("fee × 20 % > 499.00 EUR", "fee * 20 % > 499 EUR"),
        ("warning > 1/2 business day", "warning > 1/2 business days"),
        ("not (human or breached) and owner is missing", "not (human or breached) and owner is missing"),
        ("(good + 1) * 2 - (3 - total) > 0.05", "(good + 1) * 2 - (3 - total) > 0.05"),
        ("kind not in [question]", "kind not in ['question']"),
        ("min(notice, 2h, elapsed)", "min(notice, 2h, elapsed)"),
    ],
)  # fmt: skip
def test_the_canonical_text(text: str, canonical: str) -> None:
    """An expression has one canonical text, which says the same."""
    assert str(parse(text)) == canonical
    assert parse(canonical) == parse(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 8", Fraction(13, 2)),
        ("-(2 - 5)", 3),
        ("99.95 %", Fraction(9995, 10_000)),
        ("20 % * 499.00 EUR", Money(Fraction(998, 10), "EUR")),
        ("fee / 3", Money(Fraction(100, 3), "EUR")),
        ("fee / base", 2),
        ("fee + base", Money(Fraction(150), "EUR")),
        ("-fee", Money(Fraction(-100), "EUR")),
        ("1h 30m + 90 s", 91 * 60_000_000 + 30_000_000),
        ("notice / 2h", Fraction(24)),
        ("2 weeks = 14 days", True),
        ("1 year > 11 months", True),
        ("warning >= 2 business days", None),
        ("min(3, 2, 4)", 2),
        ("max(fee, base) = fee", True),
        ("min(filed, filed + 1h) = filed", True),
        ("filed + 2 days", 1000 + 48 * HOUR_US),
        ("filed + 2 days of support", 1000 + 96 * HOUR_US),
        ("filed - 1h", 1000 - HOUR_US),
        ("filed - 1h of support", 1000 - 2 * HOUR_US),
        ("filed + (1h - 2h) of support", 1000 - 2 * HOUR_US),
        ("filed + notice / 2", 1000 + 24 * HOUR_US),
        ("filed + 1h - filed", HOUR_US),
        ("good / total >= 99 %", True),
        ("good / (total - total) > 1", None),
        ("elapsed > 1h", None),
        ("elapsed > 1h and false", False),
        ("elapsed > 1h or true", True),
        ("elapsed > 1h and true", None),
        ("elapsed is missing and notice is known", True),
        ("kind in [question, incident]", True),
        ("kind not in [question, incident]", False),
        ("urgent in labels", True),
        ("calm in labels", False),
        ("elapsed in [1h, notice]", None),
        ("notice in [elapsed, notice]", True),
        ("not owner = nobody", True),
    ],
)
def test_the_value_is_exact(text: str, value: Value) -> None:
    """Every operation gives its exact value, and what is not known stays unknown."""
    world = World(
        kind="incident", owner="Ann", good=Fraction(99), total=100, notice=48 * HOUR_US, filed=1000,
        fee=Money(Fraction(100), "EUR"), base=Money(Fraction(50), "EUR"), warning=Amount("days", 14),
        labels=("urgent", "late"), elapsed=None,
    )  # fmt: skip
    assert evaluate(parse(text), world) == value


def test_money_of_two_currencies_is_unknown() -> None:
    """What only the facts can break does not break the evaluation."""
    world = World(fee=Money(Fraction(1), "EUR"), base=Money(Fraction(1), "USD"))
    for text in ("fee < base", "fee + base", "fee / base > 1", "min(fee, base)", "fee in [base]"):
        assert evaluate(parse(text), world) is None


def test_an_amount_of_time_given_as_a_duration_is_a_duration() -> None:
    """A scope may hand a duration as an amount of time."""
    assert evaluate(parse("notice >= 2h"), World(notice=Amount("time", 2 * HOUR_US))) is True


def test_names_and_calendars_are_known_before_evaluation() -> None:
    """What an expression depends on can be read off it."""
    expr = parse("month end + 2 days of support > filed and not (kind in [incident] or min(good, 1) > total)")
    assert names_in(expr) == {"month end", "filed", "kind", "good", "total"}
    assert calendars_in(expr) == {"support"}


def test_the_grammar_names_every_word_of_the_language() -> None:
    """The EBNF that the reference prints defines each symbol it uses and knows every keyword."""
    symbols = re.sub(r"\(\*.*?\*\)|\"'\"|'\"'|\"[^\"]*\"", "", EBNF, flags=re.DOTALL)
    defined = set(re.findall(r"^(\w+) *=", symbols, flags=re.MULTILINE))
    used = set(re.findall(r"[a-z]+", symbols))
    assert used - defined == {"letter", "digit", "capital", "character"}
    for keyword in ("or", "and", "not", "in", "is", "of", "known", "missing", "min", "max", "true", "false"):
        assert f'"{keyword}"' in EBNF


# -- laws --------------------------------------------------------------------------------------------------

UNKNOWNS: tuple[bool | None, ...] = (True, False, None)


def truth(text: str, *values: bool | None) -> Value:
    names = dict.fromkeys("abc", TRUTH)
    expr, findings = parse_expression(text, PLACE, names)
    assert expr is not None, findings
    return evaluate(expr, World(**dict(zip("abc", values, strict=False))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a and b", "b and a"),
        ("a or b", "b or a"),
        ("not (a and b)", "not a or not b"),
        ("not (a or b)", "not a and not b"),
        ("not not a", "a"),
        ("a and (b or c)", "a and b or a and c"),
        ("a or b and c", "(a or b) and (a or c)"),
        ("(a and b) and c", "a and (b and c)"),
        ("a or a and b", "a"),
        ("a and true", "a"),
        ("a or false", "a"),
        ("a or true", "true"),
        ("a and false", "false"),
        ("a != b", "not a = b"),
        ("a is known", "not (a is missing)"),
    ],
)
def test_the_laws_of_kleene(one: str, other: str) -> None:
    """Three-valued and, or and not keep the laws of Kleene's strong logic."""
    for values in itertools.product(UNKNOWNS, repeat=3):
        assert truth(one, *values) == truth(other, *values)


def of(names: list[str]) -> st.SearchStrategy[Expr]:
    return st.sampled_from(names).map(Attribute)


DECIMALS = st.builds(lambda n, places: Fraction(n, 10**places), st.integers(0, 10**6), st.integers(0, 6))
AMOUNT_KINDS: list[AmountKind] = ["days", "weeks"]


def quantities(
    names: list[str], literals: st.SearchStrategy[Expr], scalars: st.SearchStrategy[Expr]
) -> st.SearchStrategy[Expr]:
    """Trees of one summable kind."""

    def more(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        return (
            st.builds(Arithmetic, st.sampled_from(["+", "-"]), inner, inner)
            | st.builds(Arithmetic, st.sampled_from(["*", "/"]), inner, scalars)
            | st.builds(Negate, inner)
            | st.builds(Extreme, st.sampled_from(["min", "max"]), st.tuples(inner, inner))
        )

    return st.recursive(of(names) | literals, more, max_leaves=5)


NUMBER_LITERALS = DECIMALS.map(lambda value: Literal(value, "number"))
NUMBERS = quantities(["good", "total"], NUMBER_LITERALS, NUMBER_LITERALS)
RATIOS = of(["uptime"]) | DECIMALS.map(lambda value: Literal(value / 100, "ratio"))
DURATION_LITERALS = st.integers(0, 10**12).map(lambda us: Literal(Amount("time", us), "duration"))
DURATIONS = quantities(["notice", "elapsed"], DURATION_LITERALS, NUMBER_LITERALS)
EUROS = quantities(
    ["fee"], DECIMALS.map(lambda value: Literal(Money(value, "EUR"), "money")), NUMBER_LITERALS
)
AMOUNTS = of(["warning"]) | st.builds(Amount, st.sampled_from(AMOUNT_KINDS), st.integers(0, 99)).map(
    lambda amount: Literal(amount, "amount")
)
CALENDAR_NAMES = st.sampled_from([None, *CALENDARS])
INSTANTS = st.recursive(
    of(["filed", "month end", "invoice 2", "first-reply"]),
    lambda inner: st.builds(Shift, inner, DURATIONS | AMOUNTS, CALENDAR_NAMES, st.sampled_from([1, -1])),
    max_leaves=3,
)
WORDS = st.text("ab '\"ünd.-", max_size=6).map(lambda text: Literal(text, "text"))
TEXTS = of(["owner", "contract.plan"]) | WORDS
KINDS = of(["kind"]) | st.sampled_from(["incident", "question"]).map(lambda word: Literal(word, "text"))


def comparisons(known: bool) -> st.SearchStrategy[Expr]:
    ordered = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    built = [
        st.builds(Compare, ordered, each, each)
        for each in (NUMBERS, RATIOS, DURATIONS, EUROS, AMOUNTS, INSTANTS)
    ]
    for each in (TEXTS, KINDS):
        items = st.lists(each, min_size=1, max_size=3).map(lambda parts: ListOf(tuple(parts)))
        built.append(st.builds(Compare, st.sampled_from(["=", "!="]), each, each))
        built.append(st.builds(Member, each, items | of(["labels"]), st.booleans()))
    built.append(of(["human", "breached"]))
    if known:
        built.append(st.builds(Known, TEXTS | DURATIONS | INSTANTS, st.booleans()))
    return st.one_of(built)


def truths(known: bool) -> st.SearchStrategy[Expr]:
    def more(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        operands = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return (
            st.builds(Logic, st.sampled_from(["and", "or"]), operands)
            | st.builds(Not, inner)
            | st.builds(Compare, st.sampled_from(["=", "!="]), inner, inner)
        )

    return st.recursive(comparisons(known), more, max_leaves=5)


@settings(max_examples=tried(200))
@given(truths(known=True))
def test_the_text_of_a_tree_parses_to_the_tree(expr: Expr) -> None:
    """parse(str(e)) == e for every well-typed tree."""
    again, findings = parse_expression(str(expr), PLACE, NAMES, expect=TRUTH, calendars=CALENDARS)
    assert findings == ()
    assert again == expr


VALUES: dict[str, st.SearchStrategy[Value]] = {
    "kind": st.sampled_from(["incident", "question"]),
    "human": st.booleans(),
    "breached": st.booleans(),
    "owner": st.text("ab", max_size=2),
    "contract.plan": st.text("ab", max_size=2),
    "labels": st.lists(st.text("ab", max_size=2), max_size=2).map(tuple),
    "good": st.integers(-5, 5).map(Fraction),
    "total": st.integers(-5, 5),
    "uptime": st.fractions(0, 1),
    "notice": st.integers(0, 10**10),
    "elapsed": st.integers(0, 10**10),
    "warning": st.builds(Amount, st.sampled_from(AMOUNT_KINDS), st.integers(0, 30)),
    "fee": st.integers(0, 500).map(lambda euros: Money(Fraction(euros), "EUR")),
    "filed": st.integers(0, 10**12),
    "month end": st.integers(0, 10**12),
    "invoice 2": st.integers(0, 10**12),
    "first-reply": st.integers(0, 10**12),
}


@pytest.mark.slow
@settings(max_examples=tried(200))
@given(truths(known=False), st.fixed_dictionaries(VALUES), st.sets(st.sampled_from(sorted(VALUES))))
def test_learning_more_never_changes_what_was_known(
    expr: Expr, values: dict[str, Value], unknown: set[str]
) -> None:
    """An answer given while facts are missing is the answer that is given once they are there."""
    before, after = World(), World()
    before.values = {name: value for name, value in values.items() if name not in unknown}
    after.values = values
    early = evaluate(expr, before)
    assert early is None or early == evaluate(expr, after)


@given(st.text(st.sampled_from("ab1 .-'\"()[],+*/<>=!%hPE€×\n"), max_size=30))
def test_any_text_gives_an_expression_or_findings(text: str) -> None:
    """No text raises, and every fault lies inside it or at its end."""
    expr, findings = parse_expression(text, PLACE, NAMES)
    assert (expr is None) == bool(findings)
    assert all(0 <= finding.place.column - 11 <= len(text) for finding in findings)


# -- ranges ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("good in 200..299", "good >= 200 and good <= 299"),
        ("good not in 200..299", "not (good >= 200 and good <= 299)"),
        ("good in [1, 5..9]", "good in [1] or good >= 5 and good <= 9"),
        ("good in [5..9, 1, 7..8]", "good in [1] or good >= 5 and good <= 9 or good >= 7 and good <= 8"),
        ("good in [1.5..2.5]", "good >= 1.5 and good <= 2.5"),
        ("good in -1..total + 1", "good >= -1 and good <= total + 1"),
        ("elapsed in 30m..2h", "elapsed >= 30m and elapsed <= 2h"),
        ("uptime in 99 %..99.9 %", "uptime >= 99 % and uptime <= 99.9 %"),
        ("fee in 1 EUR..2 EUR", "fee >= 1 EUR and fee <= 2 EUR"),
        ("human or good in [2..3] and breached", "human or (good >= 2 and good <= 3) and breached"),
    ],
)  # fmt: skip
def test_a_range_is_two_comparisons(text: str, same: str) -> None:
    """A range after `in` holds both of its ends; its text is read back as the same tree."""
    expr, findings = parse_expression(text, PLACE, NAMES, expect=TRUTH)
    assert findings == ()
    assert expr == parse_expression(same, PLACE, NAMES, expect=TRUTH)[0]
    assert expr is not None
    assert parse_expression(str(expr), PLACE, NAMES, expect=TRUTH)[0] == expr


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6)), min_size=1, max_size=4), st.integers(0, 20))
def test_a_range_holds_what_lies_in_it(pairs: list[tuple[int, int]], value: int) -> None:
    """A value is in a list of numbers and ranges exactly if it is one of the numbers that these hold."""
    items = [f"{low}..{low + length}" if length else str(low) for low, length in pairs]
    holds = any(low <= value <= low + length for low, length in pairs)
    for word, truth in (("in", holds), ("not in", not holds)):
        expr, findings = parse_expression(f"{value} {word} [{', '.join(items)}]", PLACE, {})
        assert findings == ()
        assert expr is not None
        assert evaluate(expr, World()) is truth


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("good in 9..5", "bad-expression", 8),
        ("good in 1..2h", "unit-mismatch", 11),
        ("good in [1..2", "bad-expression", 13),
        ("good in 1..", "bad-expression", 11),
        ("good = 1..2", "bad-expression", 8),
        ("good in 1...2", "bad-expression", 11),
        ("goood in 1..2", "unknown-name", 0),
        ("goood in [1, 5..9]", "unknown-name", 0),
        ("human in 1..2", "unit-mismatch", 9),
        ("good in [1..2, 2h..3h]", "unit-mismatch", 15),
    ],
)
def test_a_bad_range_is_told_at_its_column(text: str, code: str, column: int) -> None:
    """What is no range, or fits no number, is told where it stands."""
    expr, findings = parse_expression(text, PLACE, NAMES)
    assert expr is None
    assert (findings[0].code, findings[0].place.column) == (code, PLACE.column + column)
