"""Worked examples against the second judge, which reads the shipped agreements by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from upheld.book.worked import worked_examples
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import SECOND, Instant, parse_instant
from upheld.core.verdicts.verdict import LATE, Verdict
from upheld.core.worked import (
    Worked,
    WorkedClock,
    WorkedCredit,
    WorkedLevel,
    WorkedObligation,
    WorkedQuota,
)
from upheld.files.folder import read_agreement_file
from upheld.language.compile import compile_terms

from .amounts_judge import judge_amount, judge_invoices
from .hours import instant, load_zone
from .judge import judge
from .shipped import AGREEMENTS, shipped

pytestmark = pytest.mark.slow

Row = dict[str, Any]
PLANS = (
    ("sivo", "starter"), ("sivo", "pro"), ("sivo", "enterprise"), ("rous", ""), ("ceng", ""),
    ("intg", "standard"), ("intg", "premium"), ("intg", "enterprise"), ("just", ""),
)  # fmt: skip
MINUTE_S = 60
DAY_S = 86_400
BEFORE_S, AFTER_S = 2 * DAY_S, 12 * DAY_S


@cache
def examples(name: str, plan: str) -> dict[str, tuple[Worked, ...]]:
    """The examples of a shipped agreement."""
    file, _ = read_agreement_file(AGREEMENTS / f"{name}.yaml")
    assert file is not None
    terms, findings = compile_terms(file.node, plan=plan, lock=file.lock)
    assert terms is not None, findings
    return dict(worked_examples(terms).by_rule)


def of_kind(name: str, plan: str, kind: type) -> Iterator[tuple[str, Any]]:
    """The examples of one kind with the names of their rules."""
    for rule, found in examples(name, plan).items():
        for one in found:
            if isinstance(one, kind):
                yield rule, one


# -- clocks ------------------------------------------------------------------------------------------------


def seconds(at: Instant) -> int:
    """An instant on the judge's grid."""
    whole, rest = divmod(at, SECOND)
    assert rest == 0
    return whole


def told(fact: Fact) -> Row:
    """A fact as the judge is told it; a task is a ticket to it."""
    data: Row = {}
    for name, value in fact.data.items():
        data[name] = seconds(parse_instant(str(value))) if name.endswith("_at") else value
    if fact.type == "claim.filed" and "about" in data:
        year, month = map(int, str(data["about"]).split("-"))
        ends = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        data["about.end"] = int(ends.timestamp())
    type_ = fact.type.replace("task.submitted", "ticket.opened").replace("task.", "ticket.")
    return {"id": fact.id, "source": fact.source, "type": type_, "subject": fact.subject,
            "time": seconds(fact.at), "data": data}  # fmt: skip


def judged(name: str, plan: str, rules: list[str], facts: tuple[Fact, ...], at_s: int) -> list[Row]:
    """What the judge says of some rules of an agreement, about facts on an axis around them."""
    agreement = shipped(name, plan)
    for concept in ("deadline", "every", "obligation"):
        agreement[concept] = {key: row for key, row in agreement[concept].items() if key in rules}
    for row in agreement["deadline"].values():
        if row.get("of") == "task":
            row |= {"of": "ticket", "from": ["opened"], "until": ["ticket.began"]}
    rows = [told(fact) for fact in facts]
    times = [row["time"] for row in rows] + [
        value for row in rows for key, value in row["data"].items() if key.endswith(("_at", "about.end"))
    ]
    start_s = (min(times) - BEFORE_S) // DAY_S * DAY_S
    steps = (max([*times, at_s]) + reach_s(agreement) - start_s) // MINUTE_S
    contract = {"id": "example", "from": "2020-01-01", "contacts": {"the contact": {}}}
    world = {
        "start_s": start_s, "step_s": MINUTE_S, "steps": steps, "at_s": at_s, "agreement": agreement,
        "contracts": [{"contract": contract}], "facts": rows,
    }  # fmt: skip
    return judge(world)


def reach_s(agreement: Row) -> int:
    """How far beyond the facts the axis has to go: deadlines after a period's end are a month away."""
    far = any(row.get("due", [""])[0] in ("about.end", "filed") for row in agreement["deadline"].values())
    return 40 * DAY_S if far else AFTER_S


def row_of(rows: list[Row], verdict: Verdict) -> Row:
    """The judge's row of a verdict."""
    key = verdict.key
    (found,) = (
        row
        for row in rows
        if (row["commitment"], row["subject"], row["cycle"]) == (key.commitment, key.subject, verdict.cycle)
    )
    return found


def shown(at: Instant | None) -> int | None:
    """An instant of a verdict as the judge tells it."""
    return None if at is None else seconds(at)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "plan"), PLANS)
def test_a_clock_is_due_when_the_judge_says(name: str, plan: str) -> None:
    """Goal and due instant of every example are those of the judge, on the same facts."""
    checked = 0
    for rule, one in of_kind(name, plan, WorkedClock):
        at_s = max(seconds(fact.at) for fact in one.facts)
        row = row_of(judged(name, plan, [rule], one.facts, at_s), one.verdict)
        assert row["due_at"] == shown(one.verdict.due_at), (rule, one.case)
        assert row.get("goal_at") == shown(one.verdict.goal_at), (rule, one.case)
        checked += 1
    assert checked


@pytest.mark.slow
@pytest.mark.parametrize(("name", "plan"), PLANS)
def test_the_last_instant_is_in_time_and_a_minute_later_is_not(name: str, plan: str) -> None:
    """Until the instant that an example gives the judge calls nothing late, and a minute after it does."""
    checked = 0
    for rule, one in of_kind(name, plan, WorkedClock):
        if one.last_at is None or one.verdict.kind == "cadence":
            continue
        last_s = seconds(one.last_at)
        states = [
            row_of(judged(name, plan, [rule], one.facts, at_s), one.verdict)["state"]
            for at_s in (last_s, last_s + MINUTE_S)
        ]
        assert states[0] not in LATE, (rule, one.case)
        assert states[1] in LATE, (rule, one.case)
        checked += 1
    assert checked


@pytest.mark.parametrize(("name", "plan"), [("sivo", "pro"), ("rous", ""), ("ceng", ""), ("just", "")])
def test_an_act_a_minute_after_its_last_instant_is_late(name: str, plan: str) -> None:
    """The judge, told of the act a minute later, calls it what the example calls it."""
    checked = 0
    for rule, one in of_kind(name, plan, WorkedClock):
        if one.late is None:
            continue
        (fact,) = one.facts
        later = seconds(one.verdict.due_at or 0) + one.after_us // SECOND
        moved = Fact(fact.id, fact.source, fact.type, later * SECOND, later * SECOND, fact.subject, fact.data)
        row = row_of(judged(name, plan, [rule], (moved,), later), one.late)
        assert row["state"] == one.late.state
        checked += 1
    assert checked


@pytest.mark.parametrize("plan", ["standard", "premium", "enterprise"])
def test_what_goes_beyond_an_allowance_is_judged_alike(plan: str) -> None:
    """The clocks on the last ticket within the allowance and on the first beyond are those of the judge."""
    ((_, one),) = of_kind("intg", plan, WorkedQuota)
    assert [ticket.is_within for ticket in one.tickets] == ([False] if plan == "standard" else [True, False])
    verdicts = [verdict for ticket in one.tickets for verdict in ticket.verdicts]
    rules = sorted({verdict.key.commitment for verdict in verdicts})
    rows = judged("intg", plan, rules, one.facts, max(seconds(fact.at) for fact in one.facts))
    for verdict in verdicts:
        assert row_of(rows, verdict)["due_at"] == shown(verdict.due_at)
    for ticket in one.tickets:
        told_of = {row["commitment"] for row in rows if row["subject"] == ticket.subject and row["due_at"]}
        assert told_of == {verdict.key.commitment for verdict in ticket.verdicts}


def test_a_recurring_duty_ends_with_its_period() -> None:
    """The review of a year is due by the last midnight of the year, wherever that is."""
    zones = {"rous": "Africa/Johannesburg", "intg": "Europe/Amsterdam"}
    for name, plan in (("rous", ""), ("intg", "premium"), ("intg", "enterprise")):
        ((_, one),) = of_kind(name, plan, WorkedObligation)
        ends = instant(datetime(2027, 1, 1), load_zone(zones[name]))  # noqa: DTZ001  # a wall clock's
        assert shown(one.verdict.due_at) == ends


# -- levels and amounts ------------------------------------------------------------------------------------


def level_of(name: str, plan: str, rule: str) -> Fraction:
    """The level on the page."""
    text = shipped(name, plan)["commit"][rule]["level"]
    return Fraction(text.removeprefix(">= ").removesuffix(" %")) / 100


def length_s(label: str, zone: str) -> int:
    """The seconds of a month or quarter, by its wall clock."""
    year, rest = int(label[:4]), label[5:]
    month, months = (3 * int(rest[1]) - 2, 3) if rest.startswith("Q") else (int(rest), 1)
    after = date(year + (month + months - 1) // 12, (month + months - 1) % 12 + 1, 1)
    ends = [datetime.combine(on, datetime.min.time()) for on in (date(year, month, 1), after)]
    first, last = (instant(at, load_zone(zone)) for at in ends)
    return last - first


ZONE = {"sivo": "UTC", "rous": "Africa/Johannesburg", "ceng": "Europe/Amsterdam", "just": "UTC"}
STEP_S = {"sivo": 300, "rous": 60, "ceng": 60}


@pytest.mark.parametrize(
    ("name", "plan"), [("sivo", "pro"), ("sivo", "enterprise"), ("rous", ""), ("ceng", "")]
)
def test_the_budget_of_a_period_is_what_its_true_length_leaves(name: str, plan: str) -> None:
    """One less the level, of every second that the wall clock of the period counts."""
    checked = 0
    for rule, one in of_kind(name, plan, WorkedLevel):
        level = level_of(name, plan, rule)
        for period, most_us, is_inside in one.budgets:
            exact = (1 - level) * length_s(period.label, ZONE[name]) * SECOND
            assert (most_us, is_inside) == (exact.numerator // exact.denominator, True)
            checked += 1
    assert checked >= 4


@pytest.mark.parametrize(
    ("name", "plan"), [("sivo", "pro"), ("sivo", "enterprise"), ("rous", ""), ("ceng", ""), ("just", "")]
)
def test_one_step_decides_a_level(name: str, plan: str) -> None:
    """What is kept and what is lost are one step apart, and lie on the two sides of the level."""
    checked = 0
    for rule, one in of_kind(name, plan, WorkedLevel):
        level = level_of(name, plan, rule)
        assert one.kept is not None
        assert one.lost is not None
        (kept, met), (lost, missed) = one.kept, one.lost
        step = 1 if one.unit == "count" else STEP_S[name] * SECOND
        total = one.lost[0].of if one.unit == "count" else length_s(one.period.label, ZONE[name]) * SECOND
        assert lost.bad - kept.bad == step
        for failure, verdict in (one.kept, one.lost):
            assert verdict.measurement is not None
            assert verdict.measurement.final.value == Fraction(total - failure.bad, total)
        assert Fraction(kept.bad, total) <= 1 - level < Fraction(lost.bad, total)
        assert (met.state, missed.is_late) == ("met", True)
        checked += 1
    assert checked


@pytest.mark.parametrize(("name", "plan"), [("sivo", "pro"), ("sivo", "enterprise"), ("just", "")])
def test_an_amount_is_what_the_judge_pays(name: str, plan: str) -> None:
    """Band, rounding and instalments of every example are those of the judge of amounts."""
    checked = 0
    for rule, one in of_kind(name, plan, WorkedCredit):
        (given,) = one.shares
        row = judge_amount(amount_world(name, plan, rule, one))
        assert (row["state"], row["exact"]) == ("owed", given.credit.exact)
        assert row["amount"] == given.credit.amount == given.alone.amount
        paid = judge_invoices(invoice_world(name, plan, rule, one))
        placed = {part.invoice: Fraction(part.amount) for part in given.credit.instalments}
        assert paid["applied"] == placed
        assert paid["left"] == [0]
        checked += 1
    assert checked == (1 if name == "just" else 3)


def amount_world(name: str, plan: str, rule: str, one: WorkedCredit) -> Row:
    """The month of an example in the form of the judge of amounts: minutes, or items."""
    page = shipped(name, plan)["remedy"][rule]
    ((given,), (fee,)) = one.shares, one.fees
    unit_us = 1 if given.unit == "count" else MINUTE_S * SECOND
    level = level_of(name, plan, page["of"])
    bands = [(None, None, False, False, ("share", share(page["formula"])))] if "formula" in page else []
    for text, give in page.get("bands", {}).items():
        bands.append((*edges(text, level), ("share", share(give))))
    return {
        "period": (0, given.failure.of // unit_us, one.period.label), "total": given.failure.of // unit_us,
        "bad": given.failure.bad // unit_us, "unknown": 0, "unknown_as": "bounds", "level": level,
        "relation": ">=", "rule": {"kind": "bands", "bands": all_below(bands)}, "when": None, "after": None,
        "least": None, "limits": [("month", ("share", share(page["limits"]["month"].split(" of ")[0])))],
        "given": {}, "before": [], "complaints": 1, "base": fee.amount.amount,
        "currency": fee.amount.currency,
        "unit": "money", "rounding": "half up", "outages": [],
    }  # fmt: skip


def all_below(bands: list[Any]) -> list[Any]:
    """A single share is a band without edges, which the judge writes as one below two."""
    return [(low, Fraction(2) if high is None else high, *rest) for low, high, *rest in bands]


def share(text: str) -> Fraction:
    """20 % as a fraction."""
    return Fraction(text.removesuffix(" %")) / 100


def edges(text: str, top: Fraction) -> tuple[Fraction | None, Fraction, bool, bool]:
    """`[99.0 %, top)` or `< 98.0 %` as its edges, and whether they are inside."""
    if text.startswith("<"):
        return None, share(text.lstrip("<= ")), False, text.startswith("<=")
    low, high = text[1:-1].split(", ")
    upper = top if high == "top" else share(high)
    return share(low), upper, text.startswith("["), text.endswith("]")


def invoice_world(name: str, plan: str, rule: str, one: WorkedCredit) -> Row:
    """The credit of an example and the invoices around it."""
    pay = shipped(name, plan)["remedy"][rule]["pay"]
    assert one.granted_at is not None
    (given,) = one.shares
    assert given.credit.amount is not None
    ends = one.period.end_at // SECOND // 60
    credit = {
        "period": (one.period.start_at // SECOND // 60, ends, one.period.label),
        "amount": Fraction(given.credit.amount), "decided": one.granted_at // SECOND // 60,
    }  # fmt: skip
    issued = [
        {"id": month, "at": at // SECOND // 60, "amount": one.invoice.amount, "month": month}
        for at, month in one.invoices
    ]
    return {
        "currency": one.invoice.currency, "rounding": "half up",
        "instalments": int(pay.get("instalments", 1)),
        "starts": pay["starts"], "floor": Fraction(0), "one_at_a_time": False, "after_end": "paid out",
        "credits": [credit], "invoices": issued, "ended": None,
    }  # fmt: skip


def test_the_judge_reads_conditions_as_they_are_written() -> None:
    """The little reader of this test takes apart what the shipped agreements say."""
    from .shipped import condition

    assert condition("kind in [scheduled, 'high risk'] and interruption") == [
        "and", ["in", "kind", ["scheduled", "high risk"]], ["=", "interruption", True]
    ]  # fmt: skip
    assert condition("a = b or not (c != d)") == ["or", ["=", "a", "b"], ["not", ["!=", "c", "d"]]]
    assert condition("a is missing and b is known") == ["and", ["is", "a", "missing"], ["is", "b", "known"]]


def test_the_reach_of_the_axis_is_that_of_the_deadlines() -> None:
    """A claim is due a month after the facts, a ticket within days."""
    assert (
        reach_s({"deadline": {"claim": {"due": ["about.end", "+", "30d", None]}}})
        > timedelta(30).total_seconds()
    )
    assert reach_s({"deadline": {"response": {}}}) == AFTER_S
