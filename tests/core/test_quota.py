"""Quotas: how many of a period fall within the allowance, decided once and never revised."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.clocks.quota import Admission, Entry, admit, admit_again, most_that_use
from upheld.core.terms.agreement import Overflow, QuotaRule, Refund
from upheld.core.values.frozen import replace
from upheld.core.values.key import FactRef

from .worlds import Case, bound, clock

QUOTA = """quota:
  urgent: {{where: priority = P1, allow: {allow}, per: calendar month, overflow: {overflow}{more}}}
"""


def agreement(allow: int = 1, overflow: str = "ordinary", more: str = "") -> str:
    """P1 within the allowance has two hours, everything else eight."""
    rows = "within: [{where: quota.urgent = within, limit: 2h}, {where: quota.urgent = charged, limit: 3h}, "
    rows += "{where: 'quota.urgent in [beyond, none]', limit: 8h}]"
    rule = clock("from: opened", "until: answered", "on: desk", rows)
    return rule + QUOTA.format(allow=allow, overflow=overflow, more=more)


def tickets(case: Case, *whens: str) -> Case:
    """One P1 ticket for each instant: T-1, T-2, ..."""
    for n, when in enumerate(whens, start=1):
        case.tell("opened", when, f"T-{n}", priority="P1")
    return case


def budgets(case: Case, when: str, count: int) -> list[int | None]:
    """The hours that each ticket is allowed."""
    found = [case.verdict(when, "clock", f"T-{n}") for n in range(1, count + 1)]
    return [None if v.budget_us is None else v.budget_us // 3_600_000_000 for v in found]


def used(case: Case, when: str, period: str = "2026-06") -> tuple[int | None, tuple[str, ...]]:
    """What the verdict on the quota counts, and its remarks."""
    verdict = case.verdict(when, "urgent", period)
    return verdict.count, verdict.reasons


@pytest.mark.parametrize(
    ("overflow", "budget", "told"),
    [("ordinary", 8, "beyond"), ("charged", 3, "charged"), ("refused", None, "refused")],
)
def test_one_more_than_allowed_is_what_the_overflow_rule_says(
    overflow: str, budget: int | None, told: str
) -> None:
    """Two are within, the third is ordinary, charged, or starts no clock."""
    case = tickets(Case(agreement(2, overflow)), "Mon 06-01 09:00", "Tue 06-02 09:00", "Wed 06-03 09:00")
    assert budgets(case, "Wed 06-03 09:30", 3) == [2, 2, budget]
    assert used(case, "Wed 06-03 09:30") == (3 if told == "charged" else 2, (f"T-3 {told}",))


def test_a_refused_ticket_starts_no_clock() -> None:
    """Not applicable, and the reason is told."""
    case = tickets(Case(agreement(0, "refused")), "Mon 06-01 09:00")
    verdict = case.verdict("Fri 06-05 09:00")
    assert (verdict.state, verdict.reasons) == ("not applicable", ("refused: the allowance is used up",))


def test_a_new_month_gives_a_new_allowance() -> None:
    """The last day of June and the first of July."""
    case = tickets(Case(agreement(1)), "Mon 06-29 09:00", "Tue 06-30 09:00", "Wed 07-01 09:00")
    assert budgets(case, "Wed 07-01 09:30", 3) == [2, 8, 2]
    found = [case.verdict("Wed 07-01 09:30", "urgent", month) for month in ("2026-06", "2026-07")]
    assert [(v.state, v.count, v.allowed) for v in found] == [("met", 1, 1), ("running", 1, 1)]


def test_the_month_is_that_of_the_zone_of_the_quota() -> None:
    """30 June 23:00 UTC is July in Amsterdam."""
    case = tickets(Case(agreement(1, more=", zone: Europe/Amsterdam")), "Tue 06-30 09:00", "Tue 06-30 23:00")
    assert budgets(case, "Wed 07-01 09:30", 2) == [2, 2]
    utc = tickets(Case(agreement(1)), "Tue 06-30 09:00", "Tue 06-30 23:00")
    assert budgets(utc, "Wed 07-01 09:30", 2) == [2, 8]


def test_a_ticket_counts_when_it_becomes_urgent() -> None:
    """Opened first, classified second: the allowance goes to the ticket that was urgent first."""
    case = Case(agreement(1)).tell("opened", "Mon 06-01 09:00", "T-1", priority="P3")
    case.tell("opened", "Mon 06-01 10:00", "T-2", priority="P1")
    case.tell("classified", "Mon 06-01 11:00", "T-1", by="customer", priority="P1")
    assert budgets(case, "Mon 06-01 11:00", 2) == [8, 2]
    assert used(case, "Mon 06-01 10:30") == (1, ())


def refunded(more: str, by: str = "provider") -> Case:
    """T-1 uses the allowance and is downgraded; T-2 comes after."""
    case = Case(agreement(1, more=more)).tell("opened", "Mon 06-01 09:00", "T-1", priority="P1")
    case.tell("classified", "Mon 06-01 10:00", "T-1", by=by, priority="P3")
    return case.tell("opened", "Mon 06-01 11:00", "T-2", priority="P1")


@pytest.mark.parametrize(
    ("more", "by", "budget"),
    [
        (", refund: provider reclassifies", "provider", 2),
        (", refund: provider reclassifies", "customer", 8),
        (", refund: never", "provider", 8),
    ],
)
def test_what_the_provider_reclassifies_is_given_back(more: str, by: str, budget: int) -> None:
    """Only by the provider, and only where the quota says so."""
    assert budgets(refunded(more, by), "Mon 06-01 11:30", 2)[1] == budget


def test_a_ticket_given_back_may_be_counted_anew() -> None:
    """Urgent again after T-2 has taken its place: beyond now, and T-2 stays within."""
    case = refunded(", refund: provider reclassifies")
    case.tell("classified", "Mon 06-01 12:00", "T-1", by="customer", priority="P1")
    assert budgets(case, "Mon 06-01 12:00", 2) == [8, 2]
    assert used(case, "Mon 06-01 12:00") == (1, ("T-1 beyond", "T-1 refunded"))


def test_a_provider_who_reclassifies_what_is_no_longer_urgent_gives_nothing_back() -> None:
    """The customer had downgraded it; the provider only touched it again."""
    case = Case(agreement(1, more=", refund: provider reclassifies"))
    case.tell("opened", "Mon 06-01 09:00", "T-1", priority="P1")
    case.tell("classified", "Mon 06-01 10:00", "T-1", by="customer", priority="P3")
    case.tell("classified", "Mon 06-01 10:30", "T-1", by="provider", priority="P2")
    case.tell("opened", "Mon 06-01 11:00", "T-2", priority="P1")
    assert budgets(case, "Mon 06-01 11:30", 2)[1] == 8


def test_a_decision_is_not_revised_by_a_later_refund() -> None:
    """T-2 was beyond when T-1 was given back; only T-3 gains."""
    case = tickets(Case(agreement(2, more=", refund: provider reclassifies")), *["Mon 06-01 09:00"] * 3)
    case.tell("classified", "Mon 06-01 10:00", "T-1", by="provider", priority="P3")
    case.tell("classified", "Mon 06-01 10:01", "T-2", by="provider", priority="P3")
    case.tell("opened", "Mon 06-01 11:00", "T-4", priority="P1")
    assert budgets(case, "Mon 06-01 11:30", 4) == [8, 8, 8, 2]


def test_a_quota_counts_by_contract() -> None:
    """What one customer uses, another does not."""
    contracts = [
        f"contract: {{id: c{n}, customer: Acme, agreement: acme, from: 2026-01-01}}\n" for n in (1, 2)
    ]
    case = Case(agreement(1), *contracts)
    case.tell("opened", "Mon 06-01 09:00", "T-1", priority="P1")
    case.tell("opened", "Mon 06-01 10:00", "T-2", priority="P1", contract="c2")
    assert budgets(case, "Mon 06-01 11:00", 2) == [2, 2]


def test_what_is_beyond_the_allowance_uses_none_of_it() -> None:
    """T-1 is given back while T-2 stands beyond: the place is free for T-3."""
    case = Case(agreement(1, more=", refund: provider reclassifies"))
    case.tell("opened", "Mon 06-01 09:00", "T-1", priority="P1")
    case.tell("opened", "Mon 06-01 09:30", "T-2", priority="P1")
    case.tell("classified", "Mon 06-01 10:00", "T-1", by="provider", priority="P3")
    case.tell("opened", "Mon 06-01 11:00", "T-3", priority="P1")
    assert budgets(case, "Mon 06-01 11:30", 3) == [8, 8, 2]


# -- what is counted anew ----------------------------------------------------------------------------------


@st.composite
def entries_of_one(draw: st.DrawFn, subject: str) -> tuple[Entry, ...]:
    """What a subject enters: once, and once more after each refund."""
    found: list[Entry] = []
    for at in sorted(draw(st.sets(st.integers(0, 12), max_size=3))):
        if found and found[-1].refunded_at is None:
            found[-1] = found[-1]._replace(refunded_at=at)
        else:
            found.append(Entry(at, FactRef("desk", f"{subject} {at}"), subject))
    return tuple(found)


@st.composite
def rules(draw: st.DrawFn) -> QuotaRule:
    """Every overflow, with refunds or without."""
    (rule,) = bound(agreement()).quotas
    overflow: Overflow = draw(st.sampled_from(["ordinary", "charged", "refused"]))
    refund: Refund = draw(st.sampled_from(["never", "provider reclassifies"]))
    return replace(rule, allow=draw(st.integers(0, 3)), overflow=overflow, refund=refund)


def _by_subject(admissions: tuple[Admission, ...]) -> dict[str, tuple[Admission, ...]]:
    in_order = sorted(admissions, key=lambda one: one.entry.subject)
    return {name: tuple(own) for name, own in groupby(in_order, key=lambda one: one.entry.subject)}


@given(rules(), st.data())
def test_whoever_is_counted_anew_is_decided_on_as_if_all_were(rule: QuotaRule, data: st.DataObject) -> None:
    """Of those before the first change only as many are read as can use the allowance: all are the same."""
    before = {name: data.draw(entries_of_one(name)) for name in "abcdefgh"}
    now = {name: data.draw(entries_of_one(name)) for name in data.draw(st.sets(st.sampled_from("abi")))}
    if rule.refund == "never":
        for some in (before, now):
            some |= {
                name: tuple(one._replace(refunded_at=None) for one in own[:1]) for name, own in some.items()
            }
    kept = _by_subject(admit(rule, [entry for own in before.values() for entry in own]))
    whole = _by_subject(admit(rule, [entry for own in (before | now).values() for entry in own]))
    other = [entry for name, own in now.items() for entry in {*own} ^ {*before.get(name, ())}]
    from_at = min((entry.counted_at for entry in other), default=0)
    read = {name: own for name, own in kept.items() if name in now or own[-1].entry.counted_at >= from_at}
    using = [one for name, own in kept.items() if name not in read for one in own if one.uses_at(from_at)]
    using.sort(key=lambda one: one.entry.counted_at)
    uses = [one.entry.refunded_at for one in using][: most_that_use(rule)]
    again = admit_again(rule, from_at, now, read, uses)
    assert {name: own for name, own in {**kept, **again}.items() if own} == whole
