"""What a report says of measured commitments and of money: the expected text beside figures made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.core.worlds import DESK, bound
from tests.render.figure_worlds import JUNE, LEVEL, credit, measured, span, terms, verdict
from upheld.core.measuring.level import Compare, reaches
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Indicator, Level, Relation
from upheld.core.terms.remedy import Pay
from upheld.core.timeline.instant import MINUTE, Instant, parse_instant
from upheld.core.timeline.period import Period
from upheld.core.verdicts.credit import Credit, Instalment
from upheld.core.verdicts.measurement import Bounds, Measurement, Part
from upheld.core.verdicts.verdict import Verdict
from upheld.render import measures
from upheld.render.blocks import lines_of
from upheld.render.credits import NumberedCredit, money_block, payment, turn_text
from upheld.render.records import dumps, report_record
from upheld.render.summary import Numbered, in_full, summary

SLA = terms()


def day(text: str) -> Instant:
    """When a day begins in UTC."""
    return parse_instant(f"{text}T00:00:00Z")


def first_screen(*verdicts: Verdict, owing: tuple[Credit, ...] = (), under: Terms = SLA) -> str:
    """The lines of the first screen below its table."""
    rows = [Numbered(n, under, one) for n, one in enumerate(verdicts, 1)]
    money = [NumberedCredit(n, under, one) for n, one in enumerate(owing, len(rows) + 1)]
    return "\n".join(lines_of(summary(rows, [], JUNE.end_at, money))).partition("  UTC\n")[2].lstrip("\n")


def test_a_level_that_was_missed_is_told_with_by_how_much() -> None:
    """25 minutes down where 21.6 were allowed, under what is not kept; and the credit that follows."""
    assert first_screen(verdict("breached", measured(25)), owing=(credit(),)) == (
        "Not kept: 1, the gravest first\n"
        "  #1  c1  uptime  2026-06  breached  99.94212 %  promised >= 99.95 %  "
        "25 min down in 43,200 min; 3 min 24 s more than the 21 min 36 s allowed\n"
        "\n"
        "Owed: 99.80 EUR\n"
        "  #2  c1  credit  2026-06  owed  99.80 EUR  for uptime; on the next invoice after the decision"
    )


def test_what_cannot_be_decided_stands_apart_with_what_would_decide_it() -> None:
    """The bounds lie on both sides of the level; so do those of the money."""
    owing = credit(
        "undetermined",
        low=Fraction(0),
        amount=None,
        exact=None,
        instalments=(),
        reasons=("data are missing",),
    )
    assert first_screen(verdict("undetermined", measured(15, 12)), owing=(owing,)) == (
        "Undetermined: 1, and what would decide\n"
        "  #1  c1  uptime  2026-06  undetermined  99.96527 %, at least 99.9375  promised >= 99.95 %  "
        "15 min down, 12 min without observations in 43,200 min; "
        "what is unknown decides, first from Tue 2026-06-09 12:00 on\n"
        "\n"
        "Owed: nothing. Undetermined: at most 99.80 EUR\n"
        "  #2  c1  credit  2026-06  undetermined  at most 99.80 EUR  for uptime; data are missing"
    )


def test_a_running_period_tells_what_is_to_date_what_is_left_and_what_it_would_come_to() -> None:
    """What is at risk stands first."""
    running, at_risk = measured(9, not_yet=20_000), measured(12, not_yet=30_000)
    assert first_screen(verdict("running", running), verdict("at risk", at_risk)) == (
        "Owed: nothing\n"
        "\n"
        "Measured, and running: 2\n"
        "  #2  c1  uptime  2026-06  at risk  to date 99.90909 %  promised >= 99.95 %  12 min down "
        "in 43,200 min; 9 min 36 s left of the 21 min 36 s allowed; if nothing more fails 99.97222 %\n"
        "  #1  c1  uptime  2026-06  running  to date 99.96120 %  promised >= 99.95 %  9 min down "
        "in 43,200 min; 12 min 36 s left of the 21 min 36 s allowed; if nothing more fails 99.97916 %"
    )


def test_periods_in_which_nothing_was_observed_are_told_in_one_row() -> None:
    """Months that follow one another are a spell; a month of which something is known stands by itself."""
    months = [("2026-03", "04-01"), ("2026-04", "05-01"), ("2026-05", "06-01"), ("2026-07", "08-01")]
    rows, start_at = [verdict("undetermined", measured(15, 12))], day("2026-03-01")
    for label, end_on in months:
        start_at = day("2026-07-01") if label == "2026-07" else start_at
        period = Period(start_at, day(f"2026-{end_on}"), label)
        unseen = replace(
            measured(0, 43_200),
            period=period,
            parts=(Part("unknown", 43_200 * MINUTE, "", span("Mon 06-01 00:00", 1)),),
        )
        one = verdict("undetermined", unseen)
        rows.append(replace(one, key=one.key._replace(subject=label)))
        start_at = period.end_at
    told = first_screen(*rows)
    assert "Undetermined: 1, and what would decide\n  #1  c1  uptime  2026-06  " in told
    assert told.partition("Undetermined: 4")[2] == (
        " of which nothing was observed\n"
        "  #2 to #4  c1  uptime  2026-03 to 2026-05  3 periods\n"
        "        #5  c1  uptime  2026-07             1 period\n"
        "\n"
        "Owed: nothing"
    )


def test_what_a_running_period_comes_to_as_it_stands_is_no_upper_limit() -> None:
    """It is told where it is something; what it can still become stands in its row."""
    running = credit("running", low=Fraction(0), high=Fraction(499))
    owing = [NumberedCredit(2, SLA, running)]
    assert lines_of(money_block(owing, promises_money=True))[1] == "Owed: nothing. As it stands: 99.80 EUR"
    nothing = replace(running, exact=Fraction(0), amount=Decimal("0.00"))
    assert lines_of(money_block([NumberedCredit(2, SLA, nothing)], promises_money=True))[1] == "Owed: nothing"


def test_a_book_without_measured_promises_says_nothing_of_money() -> None:
    """Its first screen stays as it was."""
    assert money_block([], promises_money=False) == []


def test_a_contract_in_full_has_the_partition_of_each_period_and_each_line_of_its_money() -> None:
    """The parts add up to the period; the method is told once."""
    rows = [
        Numbered(1, SLA, verdict("breached", measured(25, excluded=240))),
        Numbered(2, SLA, verdict("met", measured(4))),
    ]
    text = "\n".join(lines_of(in_full(SLA, rows, JUNE.end_at, [NumberedCredit(3, SLA, credit())])))
    assert text.partition("times are UTC\n\n")[2] == (
        "uptime - guarantee, clause 1\n"
        "  #1  2026-06  breached  99.94180 %  promised >= 99.95 %  25 min down, 240 min excluded "
        "in 43,200 min; 3 min 31.2 s more than the 21 min 28.8 s allowed\n"
        "      up                             42,935 min\n"
        "      down                               25 min\n"
        "      excluded by window (clause 4)     240 min\n"
        "      the period                     43,200 min\n"
        "      measured by basis checks of service; slice 5 min; run 2 in a row\n"
        "  #2  2026-06  met       99.99074 %  promised >= 99.95 %  4 min down in 43,200 min\n"
        "      up          43,196 min\n"
        "      down             4 min\n"
        "      the period  43,200 min\n"
        "\n"
        "credit - remedy of uptime, clause 5\n"
        "  #3  2026-06  owed  99.80 EUR\n"
        "      value                 99.94212 %\n"
        "      level                    99.95 %\n"
        "      band [99 %, 99.95 %)        20 %\n"
        "      base                  499.00 EUR\n"
        "      amount                 99.80 EUR\n"
        "      to credit: 99.80 EUR on the next invoice after the decision, planned"
    )


def shares(late: int, of: int, **other: int) -> Measurement:
    """Tasks begun in time, of a month."""
    parts = [Part("up", of - late), Part("down", late)]
    parts += [Part(name, n, subjects=tuple(f"J-{i}" for i in range(n))) for name, n in other.items()]  # type: ignore[arg-type]
    value = Fraction(of - late, of) if of else None
    low, high = value or Fraction(1), value or Fraction(1)
    if other.get("unknown"):
        low = Fraction(of - late, of + other["unknown"])
    return Measurement(
        "begun", "", JUNE, JUNE.end_at, "count", tuple(p for p in parts if p.amount), of, late,
        Bounds(value, low, high), Bounds(value, low, high), low, True,
    )  # fmt: skip


def cells_of(state: str, found: Measurement) -> list[str]:
    """The cells of a commitment of nine tasks in ten."""
    clock = "deadline:\n  begin: {of: task, from: submitted, until: began, within: 15m}\n"
    under = replace(bound(DESK + clock), indicators={"begun": Indicator("begun", "outcomes", "begin")})
    told = replace(verdict("met", found), state=state, level=Level(">=", Fraction(9, 10)))  # type: ignore[arg-type]
    return measures.cells(under, told)


def test_items_are_counted_and_what_is_not_known_of_them_is_named() -> None:
    """101 of 1,000 are one too many; three unknown ones decide."""
    assert cells_of("breached", shares(101, 1000)) == [
        "89.9 %", "promised >= 90 %", "101 late in 1,000; 1 more than the 100 allowed"
    ]  # fmt: skip
    assert cells_of("undetermined", shares(99, 990, unknown=4))[2] == (
        "99 late, 4 not known in 994; decided by J-0, J-1, J-2 and 1 more"
    )


def test_no_tasks_this_month_is_an_answer() -> None:
    """It is kept, and says why."""
    assert cells_of("met", shares(0, 0)) == ["no tasks in 2026-06", "promised >= 90 %", ""]


def test_of_a_period_that_began_before_the_contract_is_told_how_much_is_in_force() -> None:
    """What is allowed is a share of that, and not of the whole period that stands beside it."""
    found = measured(25)
    before = Part("before start", 10_000 * MINUTE)
    up = found.parts[0]
    parts = (up._replace(amount=up.amount - before.amount), *found.parts[1:], before)
    told = measures.cells(SLA, verdict("breached", replace(found, parts=parts)))[-1]
    assert told.startswith("25 min down in 43,200 min, 33,200 min of them in force; ")


def test_what_is_only_measured_says_that_no_level_is_promised() -> None:
    """Its value and its partition are told all the same."""
    published = replace(verdict("not applicable", measured(5)), level=None)
    assert measures.cells(SLA, published) == [
        "99.98842 %", "no level is promised", "5 min down in 43,200 min"
    ]  # fmt: skip


def test_the_component_that_decides_tells_the_budget() -> None:
    """The worst of two: its own downtime, and each of them in full."""
    parts = [replace(measured(n), component=name) for n, name in ((2, "api"), (25, "voice"))]
    whole = replace(parts[1], component="service", of=tuple(parts), decisive="voice")
    told = verdict("breached", whole)
    assert measures.cells(SLA, told)[2].startswith("25 min down in 43,200 min; 3 min 24 s more")
    assert [
        line.strip() for line in lines_of(measures.in_full(SLA, told)) if "voice" in line or "api" in line
    ] == [
        "api    99.99537 %  2 min down in 43,200 min",
        "voice  99.94212 %  25 min down in 43,200 min  decides",
    ]


def paid_by(pay: Pay) -> Terms:
    """The terms with another rule of how the credit is paid."""
    (rule,) = SLA.remedies
    return replace(SLA, remedies=(replace(rule, pay=pay),))


def test_instalments_say_what_became_of_each() -> None:
    """Applied, still to come, waiting for room, and outstanding after the end."""
    parts = (
        Instalment(1, Decimal("33.27"), "INV-7", JUNE.end_at, "applied"),
        Instalment(2, Decimal("33.27")),
        Instalment(3, Decimal("33.26"), state="outstanding"),
        Instalment(3, Decimal("1.00"), state="due"),
    )
    terms = paid_by(Pay(3))
    owing = NumberedCredit(3, terms, replace(credit(), instalments=parts))
    assert lines_of(money_block([owing], promises_money=True))[2].endswith(
        "for uptime; 3 instalments, 1 scheduled, 33.26 EUR outstanding"
    )
    given = replace(owing.credit, instalments=(parts[0]._replace(is_set_off=True), *parts[1:]))
    assert "3 instalments, 1 set off, 33.26 EUR outstanding" in payment(terms, given)
    more = replace(given, instalments=(*given.instalments[:1], parts[0]._replace(number=2)))
    assert payment(terms, more) == "2 instalments, 1 set off, 1 scheduled"
    lines = lines_of(in_full(terms, [], JUNE.end_at, [owing]))
    assert [line.strip() for line in lines if "instalment" in line] == [
        "instalment 1: 33.27 EUR scheduled on invoice INV-7, Wed 2026-07-01 00:00",
        "instalment 2: 33.27 EUR on invoice 2 after the decision, planned",
        "instalment 3: 33.26 EUR outstanding",
        "instalment 3: 1.00 EUR on the next invoice that has room, due",
    ]


@pytest.mark.parametrize(
    ("pay", "told"),
    [
        (
            Pay(3),
            ["the next invoice after the decision", "invoice 2 after the decision",
             "the next invoice after decision 2", "invoice 2 after decision 2"],
        ),
        (
            Pay(3, starts="following month"),
            ["the first invoice after the decision of those for months after 2026-06",
             "invoice 2 after the decision of those for months after 2026-06",
             "the first invoice after decision 2 of those for months after 2026-06",
             "invoice 2 after decision 2 of those for months after 2026-06"],
        ),
    ],
)  # fmt: skip
def test_what_a_second_decision_adds_comes_after_that(pay: Pay, told: list[str]) -> None:
    """Three instalments of each decision are numbered on: 1 and 2 are of the first, 4 and 5 of the second."""
    assert [turn_text(number, pay, "2026-06") for number in (1, 2, 4, 5)] == [f"on {one}" for one in told]


def test_days_and_rights_are_owed_beside_money() -> None:
    """A sum for each unit, and how many rights to terminate."""
    days = credit(unit="days of service", currency="", amount=Decimal(2), exact=Fraction(2), instalments=())
    leave = credit(unit="termination", amount=None, exact=None, instalments=())
    owing = [NumberedCredit(n, SLA, one) for n, one in enumerate((credit(), credit(), days, leave), 1)]
    assert lines_of(money_block(owing, promises_money=True))[1] == (
        "Owed: 199.60 EUR and 2 days of service and 1 right to terminate"
    )


def test_a_right_that_would_not_arise_as_it_stands_is_not_counted() -> None:
    """The month stands at its level: no right to terminate, until it is below."""
    leave = credit("running", unit="termination", amount=None, exact=None, instalments=(), is_due=False)
    numbered = [NumberedCredit(1, SLA, leave)]
    assert lines_of(money_block(numbered, promises_money=True))[1] == "Owed: nothing"
    numbered = [NumberedCredit(1, SLA, replace(leave, is_due=True))]
    assert lines_of(money_block(numbered, promises_money=True))[1] == (
        "Owed: nothing. As it stands: 1 right to terminate"
    )


def test_a_share_of_what_is_not_known_yet_is_no_sum() -> None:
    """Neither nothing nor a number of days: how much it is at most nobody can say."""
    untold = {"low": Fraction(0), "high": None, "amount": None, "exact": None, "instalments": ()}
    owing = [credit("open", **untold), credit("open", **untold, currency=""), credit("open", **untold)]
    owing[2] = replace(owing[2], low=Fraction(5))
    numbered = [NumberedCredit(n, SLA, one) for n, one in enumerate(owing, 1)]
    lines = lines_of(money_block(numbered, promises_money=True))
    assert lines[1] == "Owed: nothing. Open: 3 amounts not known yet"
    told = [line.partition("open")[2].partition("for")[0].strip() for line in lines[2:]]
    assert told == ["not known", "not known", "at least 5.00 EUR"]


def test_nothing_in_no_currency_is_nothing() -> None:
    """A contract without a currency that owes nothing does not owe days of service."""
    nothing = {"low": Fraction(0), "high": Fraction(0), "exact": Fraction(0), "amount": Decimal(0)}
    text = "\n".join(
        lines_of(
            in_full(
                SLA, [], JUNE.end_at, [NumberedCredit(3, SLA, credit("not owed", **nothing, currency=""))]
            )
        )
    )
    assert "#3  2026-06  not owed  nothing" in text


def test_the_record_of_a_figure_is_exact() -> None:
    """Fractions by their whole numbers, seconds, parts by name and clause, money as text."""
    row = (1, SLA, verdict("breached", measured(25, 12, 240)))
    record = json.loads(dumps(report_record(JUNE.end_at, 0, [SLA], [row], [], [], [(2, SLA, credit())])))
    (contract,) = record["contracts"]
    (told,) = contract["verdicts"]
    assert told["level"] == {
        "relation": ">=",
        "unit": "ratio",
        "value": {"numerator": 1999, "denominator": 2000, "decimal": "0.9995"},
    }
    figure = told["measurement"]
    assert figure["to_date"]["value"] == {"numerator": 8587, "denominator": 8592, "decimal": "0.9994180"}
    assert figure["parts"][2] == {
        "name": "excluded", "by": "window", "clause": ["4"], "length_s": 14_400
    }  # fmt: skip
    assert sum(part["length_s"] for part in figure["parts"]) == figure["sum"]["length_s"] == 2_592_000
    assert figure["outages"] == [
        {"start_at": "2026-06-08T10:00:00Z", "end_at": "2026-06-08T10:25:00Z", "length_s": 1500}
    ]
    (owing,) = contract["credits"]
    assert (owing["amount"], owing["currency"], owing["exact"]["decimal"]) == ("99.80", "EUR", "99.8")
    assert owing["lines"][3]["fact"] == {"source": "billing", "id": "i7"}
    assert owing["rule_id"] == "credit.bands/1"


def test_a_record_of_what_is_not_measured_has_no_figures() -> None:
    """What programs read of clocks stays as it was."""
    row = (1, SLA, replace(verdict("met", measured(0)), kind="deadline", measurement=None, level=None))
    record = json.loads(dumps(report_record(JUNE.end_at, 0, [bound(DESK)], [row], [], [])))
    (contract,) = record["contracts"]
    assert "credits" not in contract
    assert not {"level", "measurement"} & set(contract["verdicts"][0])
    assert LEVEL.decimals == 2


@pytest.mark.parametrize(
    ("relation", "compare", "allowed"),
    [(">=", "exact", 4320), (">=", "half up", 6480), (">", "exact", 4319), (">", "half up", 2160)],
)
def test_a_budget_is_the_most_that_keeps_the_level_as_it_is_compared(
    relation: Relation, compare: Compare, allowed: int
) -> None:
    """Rounded half up to one decimal, 99.85 % is 99.9 %, and 99.95 % is more: one item more is too many."""
    level, total = Level(relation, Fraction(999, 1000), decimals=1), 4_320_000
    found = replace(measured(0), total=total, bad=0, final_total=0)
    found = replace(found, to_date=Bounds(Fraction(1), Fraction(1), Fraction(1)))
    told = measures.budget(found, level, compare)
    assert told is not None
    assert told.allowed == allowed
    assert reaches(level, 1 - Fraction(allowed, total), compare)
    assert not reaches(level, 1 - Fraction(allowed + 1, total), compare)
