"""An evaluation of what is measured and owed: as from nothing, and only what can differ is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.core.evaluating.evaluation import Evaluation, Evaluator, evaluate
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, Instant, format_instant
from upheld.core.verdicts.verdict import Verdict

from .checked import Checked
from .worlds import DESK, DOCUMENT, at, bound, fact, in_order, text_at, with_plans

pytestmark = pytest.mark.slow

AGREEMENT = (
    DOCUMENT
    + DESK
    + """
component:
  service: {all: [api, voice]}
  planes: {each: [api, voice]}
  api: {doc: the interface}
  voice: {doc: calls}
signal:
  probe: {of: [api, voice], checks: one call, good: ok, every: 10m}
attribute:
  cause: {of: attribution, type: text, values: [war, client, ours]}
deadline:
  response: {from: opened, until: answered, on: always, within: 2h}
  complaint: {of: claim, until: filed, due: issue_at + 2d}
claim: {about: either}
indicator:
  uptime: {count: checks of service, per: {slice: 10m, good when: good = total, run: 2}}
  plane: {count: checks of planes, per: {slice: 10m, good when: good = total}, unattributed: unknown}
  quiet: {count: incidents of service, where: severity = S1}
  answers: {count: outcomes of response, where: "priority in [P1, P2]", unattributed: unknown}
exclude:
  work:
    {of: maintenance, where: kind = scheduled, announced by: starts_at - 24h, effect: [not bad, breaks run]}
  war: {of: attribution, where: cause = war, effect: not bad}
  client: {of: attribution, where: cause = client, effect: [not bad, out of total], takes: all}
  rest: {of: suspension, effect: out of total, indicators: [uptime, answers]}
  lock: {of: credential, where: state = locked, effect: out of total, indicators: [answers]}
  early: {of: stage, where: stage = beta, effect: [not bad, out of total], indicators: [plane]}
  sleep: {of: hours, inside: desk, effect: out of total, indicators: [quiet]}
commit:
  uptime: {level: ">= 99.9 %", per: calendar month}
  plane: {level: ">= 99 %", per: calendar month, unknown: up}
  quiet: {level: ">= 99.5 %", per: calendar month}
  answers: {level: ">= 90 %", per: calendar month, modality: objective}
remedy:
  credit:
    of: uptime
    bands: {"< 99.0 %": 40 %, "[99.0 %, top)": 20 %}
    top: level
    base: {fee: month}
    limits: {month: 100 % of base}
  refund:
    of: answers
    when: value < level and complaints > 0
    formula: "60 %"
    base: {invoice: month}
    pay: {instalments: 3}
"""
)
FEES = "fees: {month: 100.00 EUR}"
CONTRACT = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-04-20, "
    "fees: {month: 100.00 EUR}, stage: {voice: {beta: {until: 2026-05-30}}}}\n"
)
OTHER = "contract: {id: c2, customer: Other, agreement: acme, from: 2026-05-10, until: 2026-06-02}\n"
OTHER_PLAN = (
    AGREEMENT.replace('uptime: {level: ">= 99.9 %"', 'uptime: {level: ">= 99.5 %"')
    .replace("within: 2h", "within: 5h")
    .replace("40 %, ", "70 %, ")
    .replace("limits: {month: 100 % of base}", "limits: {year: 90.00 EUR, term: 95.00 EUR}")
)
GOES_OVER = "\namend: {clocks: new version, periods: new version}\n"
FEE = OTHER.replace("}", ", fees: {month: 200.00 EUR}}")
BOUND = (
    with_plans(bound(AGREEMENT, CONTRACT), gold=bound(OTHER_PLAN, CONTRACT)),
    with_plans(bound(AGREEMENT + GOES_OVER, FEE), gold=bound(OTHER_PLAN + GOES_OVER, FEE)),
)
START_AT = at("Fri 05-29 08:00")
HALVES = st.integers(0, 7 * 24 * 2).map(lambda halves: START_AT + halves * 30 * MINUTE)


def _window(starts_at: Instant, halves: int) -> dict[str, object]:
    return {
        "starts_at": format_instant(starts_at),
        "ends_at": format_instant(starts_at + halves * 30 * MINUTE),
    }


SOME = st.sampled_from([["api"], ["voice"], ["service"], ["api", "voice"], ["strange"]])
WINDOW = st.builds(_window, HALVES, st.integers(1, 40))
MORE: Mapping[str, st.SearchStrategy[dict[str, object]]] = {
    "ticket.opened": st.fixed_dictionaries(
        {"contract": st.sampled_from(["c1", "c1", "c2"])},
        optional={"priority": st.sampled_from(["P1", "P2", "P3"])},
    ),
    "ticket.replied": st.just({}),
    "incident.declared": st.fixed_dictionaries(
        {"severity": st.sampled_from(["S1", "S2"])}, optional={"components": SOME}
    ),
    "incident.classified": st.fixed_dictionaries({"severity": st.sampled_from(["S1", "S2"])}),
    "incident.resolved": st.just({}),
    "maintenance.announced": st.builds(
        lambda window, named, kind: {**window, "components": named, "kind": kind},
        WINDOW, SOME, st.sampled_from(["scheduled", "scheduled", "emergency"]),
    ),
    "maintenance.changed": WINDOW,
    "maintenance.started": st.just({}),
    "maintenance.ended": st.just({}),
    "maintenance.cancelled": st.just({}),
    "attribution.recorded": st.builds(
        lambda window, named, told: {**(window if told["target"] == "interval" else {}), **named, **told},
        WINDOW,
        st.one_of(st.just({}), SOME.map(lambda names: {"components": names})),
        st.fixed_dictionaries({
            "target": st.sampled_from(["interval", "I-1", "T-1", "T-2"]),
            "cause": st.sampled_from(["war", "client", "ours"]),
            "party": st.sampled_from(["provider", "customer", "none"]),
        }),
    ),
    "contract.plan_changed": st.fixed_dictionaries(
        {"plan": st.sampled_from(["gold", "gold", ""])},
        optional={
            "on": st.sampled_from(["2026-05-15", "2026-06-01", "2026-06-20"]),
            "fees": st.just({"month": "150.00 EUR"}),
        },
    ),
    "contract.fees_changed": st.just({"fees": {"month": "75.00 EUR"}}),
    "contract.renewed": st.fixed_dictionaries({}, optional={"until": st.just("2026-08-01")}),
    "contract.ended": st.fixed_dictionaries({}, optional={"on": st.just("2026-06-20")}),
    "contract.suspended": st.just({}),
    "contract.resumed": st.just({}),
    "contract.invoice_issued": st.builds(
        lambda n, month: {"invoice": f"R-{n}", "amount": Decimal(90 * n), "currency": "EUR", "month": month},
        st.integers(1, 4), st.sampled_from(["2026-05", "2026-06"]),
    ),
    "credential.locked": st.just({"contract": "c1"}),
    "credential.valid": st.just({"contract": "c1"}),
    "claim.filed": st.fixed_dictionaries(
        {"contract": st.sampled_from(["c1", "c2"]), "about": st.sampled_from(["T-1", "2026-05", "2026-06"])},
        optional={"issue_at": HALVES.map(format_instant)},
    ),
    "claim.determined": st.fixed_dictionaries(
        {"outcome": st.sampled_from(["accepted", "rejected"])},
        optional={"actor": st.sampled_from(["ann", "bob"])},
    ),
    "claim.withdrawn": st.just({}),
}  # fmt: skip
SUBJECTS = {"ticket": ("T-1", "T-2", "T-3"), "contract": ("c1", "c1", "c2"), "attribution": ("A-1", "A-2")}


@st.composite
def told_facts(draw: st.DrawFn) -> list[Fact]:
    """Facts in the order in which they are recorded, whenever they happened."""
    told: list[Fact] = []
    for n in range(draw(st.integers(1, 16))):
        type_ = draw(st.sampled_from(sorted(MORE)))
        family = type_.partition(".")[0]
        subject = draw(st.sampled_from(SUBJECTS.get(family, (family[0].upper() + "-1",))))
        one = fact(type_, draw(HALVES), subject, f"f{n}", **draw(MORE[type_]))
        told.append(replace(one, recorded_at=START_AT + 30 * DAY + n))
    return told


CHECKS = st.lists(
    st.tuples(st.sampled_from(["api", "voice"]), HALVES, st.integers(0, 5), st.integers(1, 12)), max_size=6
).map(
    lambda rows: [
        (component, start_at + n * 10 * MINUTE, bad % 2 == 0 and n > 0)
        for component, start_at, bad, length in rows
        for n in range(length)
    ]
)
"""Stretches of checks every ten minutes, good or bad, the first of each bad."""


@settings(max_examples=12, deadline=None)
@given(told_facts(), CHECKS, st.data())
def test_an_evaluation_that_goes_on_equals_one_from_nothing(
    told: list[Fact], checks: list[tuple[str, Instant, bool]], data: st.DataObject
) -> None:
    """Late facts and late checks arrive while the instant moves, over the end of a month and back."""
    evaluator, log, asked_at, observed = Evaluator(BOUND), FactLog(), START_AT + DAY, Checked()
    arriving = data.draw(st.permutations(told))
    while arriving or checks:
        count = data.draw(st.integers(1, 4))
        log, arriving = log.with_facts(arriving[:count]), arriving[count:]
        some = data.draw(st.integers(5, 20))
        observed, checks = observed.with_checks(checks[:some]), checks[some:]
        asked_at += data.draw(st.sampled_from([0, 7, 60, 300, 1_440, 4_320, 50_000, -600])) * MINUTE
        facts = log.effective(asked_at)
        grown = evaluator.evaluate(facts, asked_at, observed)
        fresh = evaluate(BOUND, facts, asked_at, observed)
        assert list(grown.outcomes.items()) == list(fresh.outcomes.items())
        assert grown.claims == fresh.claims


@settings(max_examples=12, deadline=None)
@given(told_facts(), CHECKS, st.data())
def test_neither_order_nor_company_matters(
    told: list[Fact], checks: list[tuple[str, Instant, bool]], data: st.DataObject
) -> None:
    """Shuffled facts say the same, and a contract is told the same with others or alone."""
    asked_at = START_AT + data.draw(st.sampled_from([2, 5, 40])) * DAY
    observed = Checked(checks)
    whole = evaluate(BOUND, FactLog(told).effective(asked_at), asked_at, observed)
    shuffled = FactLog(data.draw(st.permutations(told))).effective(asked_at)
    assert repr(evaluate(BOUND, shuffled, asked_at, observed)) == repr(whole)
    for terms in BOUND:
        assert terms.contract is not None
        alone = evaluate([terms], shuffled, asked_at, observed)
        assert alone.of(terms.contract.id) == whole.of(terms.contract.id)
        assert alone.credits_of(terms.contract.id) == whole.credits_of(terms.contract.id)


@settings(max_examples=12, deadline=None)
@given(told_facts(), CHECKS, st.integers(0, 10 * 24 * 6))
def test_what_was_measured_adds_up_to_its_period(
    told: list[Fact], checks: list[tuple[str, Instant, bool]], tenths: int
) -> None:
    """To the microsecond, at any instant."""
    asked_at = START_AT + tenths * 10 * MINUTE + 1
    found = evaluate(BOUND, FactLog(told).effective(asked_at), asked_at, Checked(checks))
    for verdict in (*found.of("c1"), *found.of("c2")):
        measurement = verdict.measurement
        if measurement is not None and measurement.unit == "time":
            assert sum(part.amount for part in measurement.parts) == measurement.period.length_us


# -- one world, step by step -------------------------------------------------------------------------------


def checks_of(component: str, start: str, end: str, is_good: bool = True) -> list[tuple[str, Instant, bool]]:
    """One check every ten minutes."""
    return [(component, instant, is_good) for instant in range(at(start), at(end), 10 * MINUTE)]


GOOD = Checked(
    [check for name in ("api", "voice") for check in checks_of(name, "Fri 05-01 00:00", "Wed 07-01 00:00")]
)


def verdict_of(evaluation: Evaluation, commitment: str, subject: str, contract: str = "c1") -> Verdict:
    """The one verdict of a commitment on a period."""
    (found,) = (v for v in evaluation.of(contract) if v.key[1:] == (commitment, subject))
    return found


def ask(facts: list[Fact], when: str, observed: Checked = GOOD) -> Evaluation:
    """What holds at an instant."""
    return evaluate(BOUND, in_order(f for f in facts if f.at <= at(when)), at(when), observed)


def test_each_component_has_a_verdict_of_its_own() -> None:
    """Named by the period and the component, under one commitment."""
    found = ask([], "Thu 07-02 00:00")
    names = [v.key.subject for v in found.of("c1") if v.key.commitment == "plane"]
    expected = [f"2026-{month:02}/{name}" for month in (4, 5, 6, 7) for name in ("api", "voice")]
    assert names == expected
    verdict = verdict_of(found, "plane", "2026-06/api")
    assert verdict.state == "met"
    assert (verdict.started_at, verdict.due_at) == (at("Mon 06-01 00:00"), at("Wed 07-01 00:00"))
    assert verdict.level is not None
    assert verdict.kind == "measurement"


def test_a_period_is_measured_from_when_the_contract_holds() -> None:
    """The other contract begins on 10 May and is over on 2 June: there is no July."""
    found = ask([], "Thu 07-02 00:00")
    may = verdict_of(found, "uptime", "2026-05", "c2").measurement
    june = verdict_of(found, "uptime", "2026-06", "c2").measurement
    assert may is not None
    assert may.amount("before start") == 9 * DAY
    assert june is not None
    assert june.total == DAY
    assert [v.key.subject for v in found.of("c2") if v.key.commitment == "uptime"] == ["2026-05", "2026-06"]


def test_work_announced_in_time_is_given_back_and_cited() -> None:
    """Two hours bad during announced work; told too late, they count."""
    bad = GOOD.with_checks(checks_of("api", "Wed 06-03 20:00", "Wed 06-03 22:00", False))
    window = {"starts_at": text_at("Wed 06-03 20:00"), "ends_at": text_at("Wed 06-03 22:00")}
    told = {"kind": "scheduled", "components": ["api"], **window}
    for when, state, down in (
        ("Tue 06-02 20:00", "met", 0),
        ("Tue 06-02 20:00:00.000001", "breached", 2 * HOUR),
    ):
        facts = [fact("maintenance.announced", when, "M-1", "m1", **told)]
        verdict = verdict_of(ask(facts, "Thu 07-02 00:00", bad), "uptime", "2026-06")
        assert verdict.measurement is not None
        assert (verdict.state, verdict.measurement.amount("down")) == (state, down)
        assert [ref.id for ref in verdict.facts] == (["m1"] if not down else [])


def test_the_running_period_wakes_at_its_end() -> None:
    """And at nothing else; what is still open is asked again at any instant all the same."""
    found = ask([], "Wed 06-10 00:00")
    wakes = [(wake.due_at, wake.what, key.commitment) for wake, key in found.wakes if key.contract == "c1"]
    names = ("answers", "plane", "quiet", "uptime")
    assert wakes == [(at("Wed 07-01 00:00"), "period end", name) for name in names]
    assert verdict_of(found, "uptime", "2026-06").state == "running"


def ends_of_june(found: Evaluation) -> list[tuple[str, int, int]]:
    """The wakes of June: of which commitment, when it changes, what is shown."""
    return [
        (key.commitment, wake.at, wake.due_at)
        for wake, key in found.wakes
        if (key.contract, key.subject) == ("c1", "2026-06")
    ]


def test_what_is_settled_at_the_end_of_a_period_does_not_wake_after_it() -> None:
    """A good last slice waits for nothing; a bad one waits for the next, that could make a run of it."""
    first, last = at("Wed 07-01 00:00"), at("Wed 07-01 00:10")
    before = ask([], "Tue 06-30 23:59")
    assert ("uptime", first, first) in ends_of_june(before)
    over = ask([], "Wed 07-01 00:00")
    assert ends_of_june(over) == []
    good = verdict_of(over, "uptime", "2026-06").measurement
    assert good is not None
    assert good.is_settled
    bad = GOOD.with_checks(checks_of("api", "Tue 06-30 23:50", "Wed 07-01 00:00", False))
    waiting = ask([], "Wed 07-01 00:00", bad)
    assert ends_of_june(waiting) == [("uptime", last, last)]
    still = verdict_of(waiting, "uptime", "2026-06").measurement
    assert still is not None
    assert not still.is_settled
    after = ask([], "Wed 07-01 00:10", bad)
    assert ends_of_june(after) == []
    done = verdict_of(after, "uptime", "2026-06").measurement
    assert done is not None
    assert done.is_settled


def test_a_share_of_items_follows_the_clock_and_its_attributions() -> None:
    """Two of three late: one is nobody's (unknown), one the provider's; the client's is taken out."""
    facts = [fact("ticket.opened", "Mon 06-01 10:00", f"T-{n}", priority="P1") for n in (1, 2, 3)]
    facts.append(fact("ticket.replied", "Mon 06-01 11:00", "T-3"))
    facts.append(fact("ticket.opened", "Mon 06-01 10:00", "T-4", priority="P3"))
    verdict = verdict_of(ask(facts, "Thu 07-02 00:00"), "answers", "2026-06")
    assert verdict.measurement is not None
    assert verdict.state == "undetermined"
    assert [(p.name, p.amount) for p in verdict.measurement.parts] == [("up", 1), ("unknown", 2)]
    told = {"cause": "ours", "party": "provider"}
    facts.append(fact("attribution.recorded", "Mon 06-01 15:00", "A-1", target="T-1", **told))
    verdict = verdict_of(ask(facts, "Thu 07-02 00:00"), "answers", "2026-06")
    assert verdict.state == "missed"
    told = {"cause": "client", "party": "customer"}
    facts.append(fact("attribution.recorded", "Mon 06-01 16:00", "A-1", target="T-1", **told))
    facts.append(fact("attribution.recorded", "Mon 06-01 16:00", "A-2", target="T-2", **told))
    verdict = verdict_of(ask(facts, "Thu 07-02 00:00"), "answers", "2026-06")
    assert verdict.measurement is not None
    assert verdict.state == "met"
    assert [(p.name, p.amount, p.by) for p in verdict.measurement.parts] == [
        ("up", 1, ""),
        ("excluded", 2, "client"),
    ]


def test_an_item_counted_at_its_end_may_have_started_long_before() -> None:
    """Opened while the contract was suspended, answered a month later: taken out, and those facts cited."""
    counted = AGREEMENT.replace("outcomes of response,", "outcomes of response, counted by: end,")
    facts = [
        fact("contract.suspended", "Fri 06-05 00:00", "c1", "f1"),
        fact("ticket.opened", "Sat 06-06 10:00", "T-1", "f2", priority="P1"),
        fact("contract.resumed", "Mon 06-08 00:00", "c1", "f3"),
        fact("ticket.replied", "Thu 07-09 10:00", "T-1", "f4"),
    ]
    found = evaluate((bound(counted, CONTRACT),), in_order(facts), at("Sat 08-01 00:00"), GOOD)
    july = verdict_of(found, "answers", "2026-07")
    assert july.measurement is not None
    assert [(p.name, p.amount, p.by) for p in july.measurement.parts] == [("excluded", 1, "rest")]
    assert {"f1", "f3"} <= {ref.id for ref in july.facts}


@pytest.mark.parametrize(
    ("ends", "minutes"), [("Fri 07-03 23:50", 10), ("Mon 07-06 23:50", 10), ("Wed 07-08 23:50", 0)]
)
def test_excluded_time_joins_a_run_over_the_end_of_a_month_for_a_week(ends: str, minutes: int) -> None:
    """A bad slice before the work and one after it; bad ones within the work are nobody's."""
    joined = AGREEMENT.replace("effect: [not bad, breaks run]", "effect: not bad")
    starts = "Tue 06-30 23:50"
    told = {"starts_at": text_at(starts), "ends_at": text_at(ends), "kind": "scheduled"}
    facts = [
        fact("maintenance.announced", "Mon 06-01 10:00", "M-1", components=["service"], **told),
        fact("maintenance.started", starts, "M-1"),
        fact("maintenance.ended", ends, "M-1"),
    ]
    observed = GOOD.with_checks(
        [
            *checks_of("voice", "Wed 07-01 00:00", "Fri 07-10 00:00"),
            *checks_of("api", "Wed 07-01 00:00", "Fri 07-10 00:00"),
            *checks_of("api", "Tue 06-30 23:40", ends, False),
            ("api", at(ends), False),
        ]
    )
    found = evaluate((bound(joined, CONTRACT),), in_order(facts), at("Sat 08-01 00:00"), observed)
    june = verdict_of(found, "uptime", "2026-06").measurement
    assert june is not None
    assert june.amount("down") == minutes * MINUTE
    assert june.is_settled


def test_a_breach_is_owed_by_the_band_of_its_value() -> None:
    """An hour down in June is 99.86 %: 20 % of the fee, decided by nobody yet, since a claim is needed."""
    bad = GOOD.with_checks(checks_of("api", "Wed 06-03 20:00", "Wed 06-03 21:00", False))
    found = ask([], "Thu 07-02 00:00", bad)
    owed = {credit.key[1:]: credit for credit in found.credits_of("c1")}
    june = owed["credit", "2026-06"]
    assert (june.state, june.amount, june.currency) == ("owed", Decimal("20.00"), "EUR")
    assert owed["credit", "2026-05"].state == "not owed"
    assert owed["credit", "2026-07"].state == "running"
    assert [part.state for part in june.instalments] == ["planned"]


def _refund(facts: list[Fact], when: str) -> tuple[str, list[tuple[Decimal, str]]]:
    found = ask(facts, when).credits_of("c1")
    (june,) = (c for c in found if c.key[1:] == ("refund", "2026-06"))
    return june.state, [(part.amount, part.invoice) for part in june.instalments]


def test_a_refund_needs_a_complaint_in_time_and_an_invoice() -> None:
    """A late ticket, complained about within two days, decided in July, paid on the three invoices after."""
    facts = [fact("ticket.opened", "Mon 06-01 10:00", "T-1", priority="P1")]
    told = {"cause": "ours", "party": "provider"}
    facts.append(fact("attribution.recorded", "Mon 06-01 15:00", "A-1", target="T-1", **told))
    assert _refund(facts, "Thu 07-02 00:00") == ("not owed", [])
    claim = {"about": "T-1", "issue_at": text_at("Mon 06-01 12:00")}
    late = [*facts, fact("claim.filed", "Wed 06-03 12:00:01", "C-1", **claim)]
    assert _refund(late, "Thu 07-02 00:00") == ("not owed", [])
    facts.append(fact("claim.filed", "Wed 06-03 12:00", "C-1", **claim))
    assert _refund(facts, "Thu 07-02 00:00") == ("open", [])
    invoices = (
        (6, "Wed 07-01 08:00"),
        (7, "Sat 08-01 08:00"),
        (8, "Tue 09-01 08:00"),
        (9, "Thu 10-01 08:00"),
    )
    for n, when in invoices:
        told = {"invoice": f"R-{n}", "amount": Decimal(1000), "currency": "EUR", "month": f"2026-{n:02}"}
        facts.append(fact("contract.invoice_issued", when, "c1", **told))
    planned = [(Decimal("200.00"), "")] * 3
    assert _refund(facts, "Thu 07-02 00:00") == ("owed", planned)
    facts.append(fact("claim.determined", "Fri 07-10 09:00", "C-1", outcome="accepted"))
    paid = [(Decimal("200.00"), f"R-{n}") for n in (7, 8, 9)]
    assert _refund(facts, "Fri 10-02 00:00") == ("owed", paid)


# -- only what can differ ----------------------------------------------------------------------------------


def test_a_late_check_computes_its_month_alone() -> None:
    """The months that its stream is read for: the verdicts are computed, the same values tell nobody more."""
    evaluator = Evaluator(BOUND)
    evaluator.evaluate((), at("Mon 06-15 00:00"), GOOD)
    assert len(evaluator.computed) > 10
    evaluator.evaluate((), at("Mon 06-15 00:00"), GOOD)
    assert evaluator.computed == ()
    late = GOOD.with_checks([("api", at("Tue 05-05 10:05"), False)])
    evaluator.evaluate((), at("Mon 06-15 00:00"), late)
    assert {key.commitment for key in evaluator.computed} <= {"uptime", "plane", "credit"}


def test_work_in_june_computes_nothing_of_april() -> None:
    """A fact reaches the periods that it lies in or near."""
    evaluator = Evaluator(BOUND[:1])
    evaluator.evaluate((), at("Mon 06-15 00:00"), GOOD)
    window = {"starts_at": text_at("Wed 06-17 20:00"), "ends_at": text_at("Wed 06-17 22:00")}
    told = {"kind": "scheduled", "components": ["api"], **window}
    facts = [fact("maintenance.announced", "Mon 06-15 00:00", "M-1", **told)]
    evaluator.evaluate(in_order(facts), at("Mon 06-15 00:00"), GOOD)
    measured = {key for key in evaluator.computed if key.commitment not in ("credit", "refund")}
    assert {key.subject for key in measured} == {"2026-06"}


def test_a_settled_month_is_not_measured_again_as_time_passes() -> None:
    """Only what still runs is."""
    evaluator = Evaluator(BOUND[:1])
    evaluator.evaluate((), at("Mon 06-15 00:00"), GOOD)
    evaluator.evaluate((), at("Mon 06-15 00:01"), GOOD)
    measured = [key for key in evaluator.computed if key.commitment not in ("credit", "refund")]
    assert {key.subject for key in measured} == {"2026-06"}


def test_what_contracts_have_in_common_is_asked_once() -> None:
    """Twenty contracts in force all month ask each stream as often as one does."""
    many = tuple(
        bound(AGREEMENT, f"contract: {{id: k{n}, customer: K, agreement: acme, from: 2026-06-01, {FEES}}}\n")
        for n in range(20)
    )
    asked = []
    for terms in (many[:1], many):
        observed = GOOD.with_checks(())
        found = evaluate(terms, (), at("Mon 06-15 00:00"), observed)
        assert verdict_of(found, "uptime", "2026-06", "k0").measurement is not None
        asked.append(len(observed.asked))
    assert asked[0] == asked[1] > 0
