"""Laws of stages: none before its start, shares in order, narrow evaluations as whole ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.test_narrow import Shelf
from tests.core.worlds import CONTRACT, Case, at, bound, cadence, clock, in_order, shown, text_at
from upheld.core.alerting.stage import cause_parts, event_cause, judged_in, judged_narrowly, stages
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.evaluating.narrow import Narrow
from upheld.core.timeline.instant import MINUTE

from .ladders import found

SHARES = (1, 10, 25, 50, 75, 90, 100)
MARKS = ", ".join(["start", *(f"{share} %" for share in SHARES), "limit"])
LADDER = f"escalate:\n  all: {{of: clock, at: [{MARKS}], tell: lead}}\n"
minutes = st.integers(0, 14 * 24 * 60)


@given(
    minutes, st.integers(1, 3000), st.sampled_from(["desk", "days", "always"]),
    st.lists(st.tuples(st.integers(1, 2000), st.integers(1, 2000)), max_size=2), st.booleans(),
)  # fmt: skip
def test_shares_are_in_order_and_none_lies_before_the_start(
    opened: int, budget: int, on: str, waits: list[tuple[int, int]], has_hours: bool
) -> None:
    """Around the end of March, on any calendar, with waits; with hours, too, nobody is told too early."""
    hours = ", hours: desk" if has_hours else ""
    rows = clock("from: opened", "until: answered", f"on: {on}", f"within: {budget}m", "pause: waiting")
    case = Case(rows + LADDER.replace("tell: lead", f"tell: lead{hours}"))
    start_at = at("Fri 03-20 00:00") + opened * MINUTE
    case.tell("opened", shown(start_at) or "")
    last_at = start_at
    for begins, lasts in waits:
        case.tell("waiting_started", shown(last_at + begins * MINUTE) or "", **{"for": "customer"})
        last_at += (begins + lasts) * MINUTE
        case.tell("waiting_ended", shown(last_at) or "")
    told = {stage.name: stage.at for stage in found(case, shown(last_at) or "")}
    assert all(instant >= start_at for instant in told.values())
    if not has_hours:
        assert told["start"] == start_at
        in_line = [told[f"{share} %"] for share in SHARES]
        assert in_line == sorted(in_line)
        assert told["limit"] > in_line[-1] or told["limit"] == in_line[-1] + 1


ROWS = cadence("from: declared", "again: informed", "until: resolved", "each: 30m") + (
    "deadline:\n"
    "  response: {from: opened, until: answered, on: desk, within: 2h}\n"
    "  notice: {of: maintenance, until: announced, due: starts_at - 48h}\n"
    "obligation: {review: {times: 1, per: calendar month}}\n"
    "escalate:\n"
    "  rounds: {of: clock, where: severity = S1, at: [limit - 5m, limit], tell: noc, how: page}\n"
    "  answers: {of: response, at: [50 %, limit], tell: lead, hours: desk}\n"
    "  works: {of: [notice, review], at: limit - 24h, tell: planning}\n"
    "notify:\n"
    "  major: {of: incident, where: severity = S1, upon: [declared, classified], tell: noc}\n"
    "  asked: {upon: opened, repeat: each time, tell: all, audience: customer}\n"
)


def test_the_stages_of_all_scopes_are_those_of_the_whole() -> None:
    """One ticket, one incident, planned work and a recurring duty, asked one by one."""
    case = Case(ROWS).tell("opened", "Mon 06-08 09:00").tell("opened", "Mon 06-08 10:00", "T-2")
    case.tell("incident.declared", "Mon 06-08 10:00", "I-1", severity="S1")
    case.tell("incident.updated", "Mon 06-08 10:20", "I-1")
    case.tell("maintenance.planned", "Mon 06-08 10:00", "M-1", starts_at=text_at("Sat 06-20 22:00"))
    asked = at("Mon 06-08 11:00")
    terms, facts = case.terms[0], in_order(case.facts)
    whole = stages(judged_in(terms, evaluate([terms], facts, asked)))
    narrow = Narrow([terms])
    shelf = Shelf(narrow, facts)
    scopes = list(narrow.scopes("c1", shelf))
    results = narrow.evaluate(scopes, shelf, asked)
    one_by_one = [
        stage
        for scope in scopes
        for stage in stages(judged_narrowly(terms, asked, scope, results[scope], shelf))
    ]
    assert sorted(one_by_one, key=lambda stage: (stage.at, stage.key)) == list(whole)
    assert {stage.rule for stage in whole} == {"rounds", "answers", "works", "major", "asked"}


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("", ["75 %", "limit"]),
        ("override: {escalate: {late: {at: limit}}}\n", ["limit"]),
        ("override: {escalate: {late: none}}\n", []),
        ("override: {escalate: {more: {of: clock, at: 50 %, tell: owner, audience: customer}}}\n",
         ["50 %", "75 %", "limit"]),
    ],
)  # fmt: skip
def test_a_contract_lays_its_own_stages_over_the_agreement(override: str, expected: list[str]) -> None:
    """A list is replaced whole, a row removed or added."""
    rows = clock("from: opened", "until: answered", "on: desk", "within: 2h")
    text = rows + "escalate:\n  late: {of: clock, at: [75 %, limit], tell: lead}\n"
    case = Case(text, CONTRACT + override).tell("opened", "Mon 06-08 09:00")
    assert bound(text, CONTRACT + override) is case.terms[0]
    assert [stage.name for stage in found(case, "Mon 06-08 09:01")] == expected


PARTS = st.text("ab/%2F5", min_size=1)


@given(PARTS, PARTS, st.lists(PARTS, max_size=2))
def test_the_parts_of_a_cause_are_those_that_it_was_made_of(
    contract: str, subject: str, each: list[str]
) -> None:
    """Whatever strokes and signs are in them."""
    cause = event_cause(contract, "ticket", subject, *each)
    assert cause_parts(cause) == (contract, "ticket", subject, *each)
