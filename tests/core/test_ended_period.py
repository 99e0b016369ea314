"""A period in which the contract ends is over with it: nothing can fail any more, and what is owed is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from upheld.core.evaluating.evaluation import Evaluation, evaluate
from upheld.core.facts.fact import Fact

from .checked import Checked
from .worlds import DESK, DOCUMENT, at, bound, fact, in_order, shown

AGREEMENT = (
    DOCUMENT
    + DESK
    + """
component: {api: {}}
signal: {api: {checks: one call, good: ok, every: 1h}}
deadline:
  response: {from: opened, until: answered, on: always, within: 2h}
  filing: {of: claim, until: filed, due: about.end + 30d}
indicator:
  share: {count: outcomes of response}
  uptime: {count: checks of api, per: {slice: 1h, good when: good = total}}
  of all: {count: checks of api, per: {slice: 1h, good when: good = total}, total: whole period}
  at end: {count: outcomes of response, counted by: end}
commit:
  month: {indicator: share, level: ">= 60 %", per: calendar month}
  quarter: {indicator: share, level: ">= 60 %", per: calendar quarter}
  availability: {indicator: uptime, level: ">= 99 %", per: calendar quarter}
  whole: {indicator: of all, level: ">= 99 %", per: calendar quarter}
  ended: {indicator: at end, level: ">= 60 %", per: calendar quarter}
remedy:
  quarter credit: {of: quarter, formula: "30 %", base: {fee: month}}
claim: {about: period, protective: false}
"""
)
CONTRACT = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-04-01, fees: {month: 100.00 EUR}@}\n"
)
ENDED = fact("contract.ended", "Sun 05-10 08:00", "c1", on="2026-06-01")
UP = Checked().with_checks([("api", at("Wed 04-01 00:00") + n * 3600 * 10**6, True) for n in range(61 * 24)])
"""Every hour of April and May was up."""


def tickets(*late: bool) -> list[Fact]:
    """One ticket on each Monday from 11 May on, answered after one hour, or three."""
    found: list[Fact] = []
    for number, is_late in enumerate(late):
        opened_at = at("Mon 05-11 10:00") + number * 7 * 24 * 3600 * 10**6
        found.append(fact("ticket.opened", opened_at, f"T-{number}", contract="c1"))
        answered_at = opened_at + (3 if is_late else 1) * 3600 * 10**6
        found.append(fact("ticket.replied", answered_at, f"T-{number}"))
    return found


def asked(when: str, facts: list[Fact], until: str = "") -> Evaluation:
    """The contract as of an instant."""
    terms = bound(AGREEMENT, CONTRACT.replace("@", until))
    return evaluate((terms,), in_order(facts), at(when), UP)


def told(found: Evaluation, name: str, label: str = "2026-Q2") -> tuple[str, str | None]:
    """The state of a period, and when it was decided."""
    verdict = next(one for one in found.of("c1") if (one.key.commitment, one.key.subject) == (name, label))
    return verdict.state, shown(verdict.stopped_at)


@pytest.mark.parametrize(
    ("facts", "until"), [([ENDED], ""), ([], ", until: 2026-06-01")], ids=["ended", "until"]
)
def test_a_quarter_is_over_when_the_contract_is(facts: list[Fact], until: str) -> None:
    """It ended with May: two of three in time, and up all the time, on 1 June as on 3 July."""
    facts = [*facts, *tickets(True, False, False)]
    before = asked("Sun 05-31 23:59", facts, until)
    assert [told(before, name)[0] for name in ("quarter", "availability")] == ["running", "running"]
    for when in ("Mon 06-01 00:00", "Wed 06-03 09:00", "Fri 07-03 09:00"):
        found = asked(when, facts, until)
        assert told(found, "quarter") == ("met", "Mon 06-01 00:00")
        assert told(found, "availability") == ("met", "Mon 06-01 00:00")
        assert [one.state for one in found.credits_of("c1")] == ["not owed"]


def test_a_month_ends_within_itself_and_is_owed_from_then_on() -> None:
    """The contract ends on 20 May: one of two was late, and the quarter's 30.00 can be claimed at once."""
    end = fact("contract.ended", "Sun 05-10 08:00", "c1", on="2026-05-20")
    claim = fact("claim.filed", "Thu 05-21 09:00", "C-1", contract="c1", about="2026-Q2")
    found = asked("Thu 05-21 10:00", [end, *tickets(True, False), claim])
    assert told(found, "month", "2026-05") == ("breached", "Wed 05-20 00:00")
    assert told(found, "quarter") == ("breached", "Wed 05-20 00:00")
    (credit,) = found.credits_of("c1")
    assert (credit.state, credit.amount) == ("owed", Decimal("30.00"))
    (filed,) = found.claims_of("c1")
    assert filed.admissibility == "admissible"  # not before its period was over
    assert [shown(step.due_at) for step in filed.steps] == ["Fri 07-31 00:00"]


def test_a_ticket_of_the_last_day_is_awaited() -> None:
    """Opened an hour before the end and answered a day late: until then nobody can tell."""
    end = fact("contract.ended", "Sun 05-10 08:00", "c1", on="2026-05-26")
    open_ = [end, *tickets(False), fact("ticket.opened", "Mon 05-25 23:00", "T-9", contract="c1")]
    assert told(asked("Tue 05-26 00:30", open_), "quarter")[1] is None
    found = asked("Tue 05-26 12:00", open_)
    assert told(found, "quarter")[0] == "breached"


def test_what_is_measured_is_not_cut() -> None:
    """April and May are 61 days of the quarter, on 3 June as on 3 July; June is a part of it by itself."""
    for when in ("Wed 06-03 09:00", "Fri 07-03 09:00"):
        (verdict,) = [one for one in asked(when, [ENDED]).of("c1") if one.key.commitment == "availability"]
        found = verdict.measurement
        assert found is not None
        assert (found.is_settled, found.total, shown(found.period.end_at)) == (
            True, 61 * 24 * 3600 * 10**6, "Wed 07-01 00:00",
        )  # fmt: skip
        assert {(one.name, one.by) for one in found.parts if one.amount} == {
            ("up", ""), ("outside hours", "after the end"),
        }  # fmt: skip


def test_a_total_of_the_whole_period_runs_to_its_end() -> None:
    """SIVO/S31: what is measured of the service goes on without the contract, and so can fail."""
    assert told(asked("Wed 06-03 09:00", [ENDED]), "whole")[0] == "running"
    assert told(asked("Fri 07-03 09:00", [ENDED]), "whole")[0] != "running"


def test_what_counts_by_its_end_is_awaited() -> None:
    """A ticket opened on the last day counts when it is answered, be that after the contract has ended."""
    open_ = [ENDED, *tickets(False), fact("ticket.opened", "Sun 05-31 23:00", "T-9", contract="c1")]
    assert told(asked("Tue 06-02 09:00", open_), "ended") == ("running", None)
    late = [*open_, fact("ticket.replied", "Wed 06-03 10:00", "T-9")]
    assert told(asked("Wed 06-03 11:00", late), "ended") == ("breached", "Mon 06-01 00:00")


def test_a_late_fact_of_the_time_before_the_end_changes_what_was_settled() -> None:
    """Two of three were in time; on 5 June it is told that one of these was answered late."""
    before = [ENDED, *tickets(True, False, False)]
    after = [ENDED, *tickets(True, True, False)]
    assert [told(asked("Fri 06-05 09:00", facts), "quarter")[0] for facts in (before, after)] == [
        "met", "breached",
    ]  # fmt: skip
