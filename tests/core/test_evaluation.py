"""An evaluation that goes on: the same answers as one from nothing, only what can differ computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seeds import tried
from upheld.core.evaluating.evaluation import Evaluation, Evaluator, evaluate
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, Instant
from upheld.core.values.key import CellKey

from .worlds import DESK, OTHER_CONTRACT, Case, at, bound, clock, fact, in_order, text_at, with_plans

EVERYTHING = (
    DESK
    + """
deadline:
  response:
    from: opened
    until: answered
    on: night desk
    where: kind = incident
    within:
      - {where: "quota.urgent = within", goal: 1h, limit: 2h}
      - {where: "priority in [P1, P2]", limit: 4h}
      - {where: priority = P3, limit: 1 business day of days}
  next response:
    {from: customer_replied, until: answered, after: answered, on: desk, within: 1h, modality: objective}
  resolution:
    from: opened
    until: resolved
    pause: waiting where for = customer
    on: {P1: always, other: desk}
    within: {P1: 4h, P2: 8h, P3: none}
    change: {by customer: restart, by provider: pro rata}
  follow up:
    {from: opened, until: [resolved, closed], on: desk, within: {goal: 2h, limit: none}, reopening: new cycle}
  notice: {of: maintenance, until: announced, due: starts_at - 48h}
  answer: {of: claim, until: determined, due: filed + 2 business days of days}
every:
  updates:
    {of: incident, from: declared, again: informed, until: resolved, each: {S1: 30m, S2: 2h}, hours: desk}
  news: {of: ticket, where: priority = P1, from: opened, again: answered, until: resolved, each: 2h, on: desk}
quota:
  urgent:
    where: priority = P1
    allow: 1
    per: calendar month
    overflow: charged
    refund: provider reclassifies
  mail: {where: channel = mail, allow: 2, per: calendar month, overflow: refused}
entitlement:
  contacts: {named contacts: 2}
obligation:
  reviews: {times: 1, per: calendar month}
"""
)
CONTACTS = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-05-15, until: 2026-06-20, "
    "contacts: {ada: , bob: {from: 2026-06-03}}}\n"
)
OTHER_PLAN = (
    EVERYTHING.replace("allow: 1", "allow: 2")
    .replace("limit: 4h", "limit: 1h")
    .replace("  follow up:", "  follow later:")
)
GOES_OVER = "\namend: {clocks: new version, periods: new version}\n"
EVE = OTHER_CONTRACT.replace("}", ", contacts: {eve: }}")
BOUND = (
    with_plans(bound(EVERYTHING, CONTACTS), gold=bound(OTHER_PLAN, CONTACTS)),
    with_plans(bound(EVERYTHING + GOES_OVER, EVE), gold=bound(OTHER_PLAN + GOES_OVER, EVE)),
)
START_AT = at("Fri 05-29 08:00")

PRIORITIES = st.sampled_from(["P1", "P1", "P2", "P3"])
DATA: Mapping[str, st.SearchStrategy[dict[str, object]]] = {
    "ticket.opened": st.fixed_dictionaries(
        {"contract": st.sampled_from(["c1", "c1", "c2", "c9"])},
        optional={
            "priority": PRIORITIES,
            "kind": st.sampled_from(["incident", "question"]),
            "channel": st.sampled_from(["mail", "phone"]),
            "requester": st.sampled_from(["ada", "ada", "bob", "eve", "dan"]),
            "contacted_at": st.just(text_at("Fri 05-29 09:30")),
        },
    ),
    "ticket.classified": st.fixed_dictionaries(
        {"by": st.sampled_from(["customer", "provider"])},
        optional={"priority": PRIORITIES, "kind": st.sampled_from(["incident", "question"])},
    ),
    "ticket.replied": st.fixed_dictionaries(
        {}, optional={"by": st.sampled_from(["human", "automatic"]), "verified": st.booleans()}
    ),
    "ticket.customer_replied": st.just({}),
    "ticket.assigned": st.just({}),
    "ticket.waiting_started": st.fixed_dictionaries({"for": st.sampled_from(["customer", "vendor"])}),
    "ticket.waiting_ended": st.just({}),
    "ticket.resolved": st.just({}),
    "ticket.reopened": st.just({}),
    "ticket.closed": st.just({}),
    "ticket.cancelled": st.fixed_dictionaries({}, optional={"by": st.sampled_from(["customer", "provider"])}),
    "incident.declared": st.fixed_dictionaries({"severity": st.sampled_from(["S1", "S2"])}),
    "incident.classified": st.fixed_dictionaries({"severity": st.sampled_from(["S1", "S2"])}),
    "incident.updated": st.just({}),
    "incident.resolved": st.just({}),
    "maintenance.announced": st.just(
        {"kind": "scheduled", "components": ["web"],
         "starts_at": text_at("Thu 06-04 20:00"), "ends_at": text_at("Thu 06-04 22:00")}
    ),
    "maintenance.changed": st.just({"starts_at": text_at("Thu 06-04 18:00")}),
    "maintenance.started": st.just({}),
    "maintenance.cancelled": st.just({}),
    "claim.filed": st.fixed_dictionaries({"contract": st.sampled_from(["c1", "c2"])}),
    "claim.determined": st.just({"outcome": "accepted"}),
    "contact.named": st.fixed_dictionaries({"contract": st.sampled_from(["c1", "c2"])}),
    "contact.removed": st.fixed_dictionaries({"contract": st.sampled_from(["c1", "c2"])}),
    "obligation.done": st.just({"contract": "c1", "obligation": "reviews"}),
    "contract.plan_changed": st.fixed_dictionaries(
        {"plan": st.sampled_from(["gold", "", "no such plan"])},
        optional={"on": st.sampled_from(["2026-05-30", "2026-06-01", "2026-06-03"])},
    ),
    "contract.renewed": st.fixed_dictionaries({}, optional={"until": st.just("2026-08-01")}),
    "contract.suspended": st.just({}),
    "contract.resumed": st.just({}),
    "contract.ended": st.fixed_dictionaries({}, optional={"on": st.just("2026-06-03")}),
}  # fmt: skip
SUBJECTS = {"ticket": ("T-1", "T-2", "T-3"), "contact": ("ada", "dan"), "contract": ("c1", "c2")}
TYPES = st.sampled_from(sorted([*DATA, *["ticket.opened", "ticket.classified", "ticket.replied"] * 3]))
MINUTES = st.integers(0, 6 * 24 * 2).map(lambda halves: halves * 30)


@st.composite
def facts_told(draw: st.DrawFn, count: int = 14) -> list[Fact]:
    """Facts in the order in which they are recorded, whenever they happened; some correct earlier ones."""
    told: list[Fact] = []
    for n in range(draw(st.integers(1, count))):
        if told and draw(st.integers(0, 5)) == 0:
            told.append(_correction(draw, draw(st.sampled_from(told)), n))
            continue
        type_ = draw(TYPES)
        subjects = SUBJECTS.get(type_.partition(".")[0], (type_[0].upper() + "-1",))
        happened_at = START_AT + draw(MINUTES) * MINUTE
        one = fact(type_, happened_at, draw(st.sampled_from(subjects)), f"f{n}", **draw(DATA[type_]))
        told.append(replace(one, recorded_at=START_AT + 30 * DAY + n))
    return told


def _correction(draw: st.DrawFn, target: Fact, n: int) -> Fact:
    data: dict[str, object] = {
        "corrects": {"source": "desk", "id": target.id},
        "by": "Kim",
        "reason": "wrong",
    }
    type_ = "correction.withdrawn"
    if draw(st.booleans()):
        type_ = "correction.replaced"
        data["replacement"] = {
            "time": draw(st.sampled_from(["Fri 05-29 12:00", "Tue 06-02 12:00"]).map(text_at))
        }
    return replace(fact(type_, START_AT, "correction", f"f{n}", **data), recorded_at=START_AT + 30 * DAY + n)


# -- incremental equals full -------------------------------------------------------------------------------


@settings(max_examples=tried(25), deadline=None)
@given(facts_told(), st.data())
def test_an_evaluation_that_goes_on_equals_one_from_nothing(told: list[Fact], data: st.DataObject) -> None:
    """Late facts, corrections and conflicts, with the instant moving forward by steps and sometimes back."""
    evaluator, log, asked_at = Evaluator(BOUND), FactLog(), START_AT
    arriving = data.draw(st.permutations(told))
    while arriving:
        count = data.draw(st.integers(1, 4))
        log, arriving = log.with_facts(arriving[:count]), arriving[count:]
        asked_at += data.draw(st.sampled_from([0, 30, 60, 300, 1_440, 4_320, -600])) * MINUTE
        facts = log.effective(asked_at)
        grown, fresh = evaluator.evaluate(facts, asked_at), evaluate(BOUND, facts, asked_at)
        assert list(grown.outcomes.items()) == list(fresh.outcomes.items())


@settings(max_examples=tried(25), deadline=None)
@given(facts_told(), st.data())
def test_what_was_known_is_what_a_shorter_log_holds(told: list[Fact], data: st.DataObject) -> None:
    """Evaluating with an earlier position equals evaluating a log that has only these facts."""
    log = FactLog(told)
    known = data.draw(st.integers(0, len(log)))
    asked_at = START_AT + 10 * DAY
    first = FactLog(list(log)[:known])
    then = evaluate(BOUND, log.effective(asked_at, known), asked_at)
    assert then.outcomes == evaluate(BOUND, first.effective(asked_at), asked_at).outcomes


@settings(max_examples=tried(25), deadline=None)
@given(facts_told(), st.data())
def test_neither_order_nor_repetition_of_facts_matters(told: list[Fact], data: st.DataObject) -> None:
    """Shuffled and told twice, the log says the same."""
    twice = [*told, *data.draw(st.lists(st.sampled_from(told), max_size=4))]
    asked_at = START_AT + 4 * DAY
    shuffled = FactLog(data.draw(st.permutations(twice))).effective(asked_at)
    evaluation = evaluate(BOUND, shuffled, asked_at)
    assert evaluation == evaluate(BOUND, FactLog(told).effective(asked_at), asked_at)


# -- wakes -------------------------------------------------------------------------------------------------


def _states(evaluation: Evaluation, keys: Iterable[CellKey]) -> dict[CellKey, list[str]]:
    return {key: [v.state for v in evaluation.outcomes[key].verdicts] for key in keys}


@settings(max_examples=tried(20), deadline=None)
@given(facts_told(), st.integers(0, 12))
def test_nothing_changes_before_a_wake_and_something_at_it(told: list[Fact], halves: int) -> None:
    """Without facts, verdicts change at wakes alone (a new period brings a verdict of its own)."""
    asked_at = START_AT + (6 * 24 + halves) * HOUR
    facts = FactLog(told).effective(asked_at)
    now = evaluate(BOUND, facts, asked_at)
    for _ in range(3):
        later = [wake.at for wake, _ in now.wakes]
        assert all(wake_at > now.at for wake_at in later)
        if not later:
            return
        wake_at = min(later)
        before, then = (evaluate(BOUND, facts, instant) for instant in (wake_at - 1, wake_at))
        assert _states(before, now.outcomes) == _states(now, now.outcomes)
        woken = [key for wake, key in now.wakes if wake.at == wake_at]
        assert all(before.outcomes[key] != then.outcomes[key] for key in woken)
        now = then


@settings(max_examples=tried(20), deadline=None)
@given(facts_told())
def test_time_computes_only_what_has_woken(told: list[Fact]) -> None:
    """As time passes without facts, the cells computed are those whose wakes have come, and new periods."""
    asked_at = START_AT + 7 * DAY
    facts = FactLog(told).effective(asked_at)
    evaluator = Evaluator(BOUND)
    now = evaluator.evaluate(facts, asked_at)
    for hours in (1, 5, 30, 700):
        later_at = now.at + hours * HOUR
        due = {key for wake, key in now.wakes if wake.at <= later_at}
        before, now = now, evaluator.evaluate(facts, later_at)
        assert set(evaluator.computed) == due | (now.outcomes.keys() - before.outcomes.keys())


# -- only what can differ ----------------------------------------------------------------------------------

THREE = (
    DESK
    + """
deadline:
  response: {from: opened, until: answered, on: desk, within: 2h}
  resolution: {from: opened, until: resolved, on: desk, within: {P1: 4h, P2: 8h, P3: 16h}}
  escalation:
    from: escalated
    until: answered
    on: desk
    within: [{where: quota.urgent = within, limit: 1h}, {where: kind = incident, limit: 4h}]
every:
  news: {of: ticket, from: opened, again: answered, until: resolved, each: 24h, on: desk}
quota:
  urgent:
    {where: priority = P1, allow: 2, per: calendar month, overflow: ordinary, refund: provider reclassifies}
"""
)
TICKETS = 100


class Desk:
    """A hundred tickets evaluated once; then one fact after the other."""

    def __init__(self) -> None:
        self.evaluator = Evaluator([bound(THREE)])
        priorities = ["P1" if n in (10, 20, 30) else "P3" for n in range(TICKETS)]
        self.facts: list[Fact] = [
            fact("ticket.opened", at("Mon 06-01 09:00") + n, f"T-{n}", priority=priority)
            for n, priority in enumerate(priorities)
        ]
        self.facts.append(fact("ticket.escalated", "Mon 06-01 09:10", "T-30"))
        self.now("Mon 06-01 09:30")
        assert len(self.evaluator.computed) == 4 * TICKETS + 6  # and a quota, from January to June

    def now(self, when: str | Instant) -> set[tuple[str, str]]:
        """Evaluates at an instant; what was computed for it, as (commitment, subject)."""
        asked_at = at(when) if isinstance(when, str) else when
        self.evaluator.evaluate(in_order(f for f in self.facts if f.at <= asked_at), asked_at)
        return {(key.commitment, key.subject) for key in self.evaluator.computed}

    def tell(self, type_: str, subject: str, **data: object) -> set[tuple[str, str]]:
        """One more fact, and what it makes the evaluation compute."""
        self.facts.append(fact(type_, "Mon 06-01 09:30", subject, **data))
        return self.now("Mon 06-01 09:30")


def test_a_fact_that_no_rule_selects_computes_nothing() -> None:
    """An assignment moves no clock; neither does time before anything is due, nor asking again."""
    desk = Desk()
    assert desk.tell("ticket.assigned", "T-7") == set()
    assert desk.now("Mon 06-01 09:30") == set()
    assert desk.now("Mon 06-01 10:00") == set()


def test_an_answer_computes_the_cells_of_its_ticket_that_select_it() -> None:
    """Response, escalation and news of T-7; not its resolution, nor any other ticket."""
    desk = Desk()
    expected = {("response", "T-7"), ("escalation", "T-7"), ("news", "T-7")}
    assert desk.tell("ticket.replied", "T-7") == expected


def test_a_ticket_more_computes_its_own_cells_and_the_quota_only_if_it_counts() -> None:
    """A P3 ticket changes no quota; an urgent one computes the quota of its month."""
    desk = Desk()
    own = {(name, "T-200") for name in ("response", "resolution", "escalation", "news")}
    assert desk.tell("ticket.opened", "T-200", priority="P3") == own
    own = {(name, "T-201") for name in ("response", "resolution", "escalation", "news")}
    assert desk.tell("ticket.opened", "T-201", priority="P1") == own | {("urgent", "2026-06")}


def test_a_change_of_the_quota_computes_only_the_tickets_whose_admission_changed() -> None:
    """T-5 becomes urgent after the allowance is used up: nobody else's admission changes."""
    desk = Desk()
    own = {(name, "T-5") for name in ("response", "resolution", "escalation", "news")}
    assert desk.tell("ticket.classified", "T-5", by="customer", priority="P1") == own | {
        ("urgent", "2026-06")
    }


def test_a_late_fact_that_takes_a_place_computes_who_loses_it() -> None:
    """An urgent ticket told late, opened first: T-20 is no longer within, so what reads its admission is."""
    desk = Desk()
    desk.facts.append(fact("ticket.opened", "Mon 06-01 08:59", "T-300", priority="P1"))
    own = {(name, "T-300") for name in ("response", "resolution", "escalation", "news")}
    assert desk.now("Mon 06-01 09:30") == own | {("urgent", "2026-06"), ("escalation", "T-20")}


def test_time_computes_the_cells_whose_wake_has_come() -> None:
    """The hour of T-30's escalation, and of nobody else's."""
    desk = Desk()
    assert desk.now("Mon 06-01 13:10") == {("response", f"T-{n}") for n in range(TICKETS)} | {
        ("resolution", f"T-{n}") for n in (10, 20, 30)
    }
    assert desk.now("Mon 06-01 13:10:00.000001") == {("escalation", "T-30")}


def test_a_withdrawn_fact_computes_what_it_had_moved() -> None:
    """What an answer had stopped goes on."""
    desk = Desk()
    stopped = desk.tell("ticket.replied", "T-7")
    desk.facts.pop()
    assert desk.now("Mon 06-01 09:30") == stopped


def test_a_named_contact_computes_the_tickets_of_its_contract_alone() -> None:
    """Contacts decide who may ask."""
    rule = (
        clock("from: opened", "until: answered", "within: 2h") + "entitlement: {users: {named contacts: 1}}\n"
    )
    evaluator = Evaluator([bound(rule), bound(rule, OTHER_CONTRACT)])
    facts = [fact("ticket.opened", "Mon 06-01 09:00", "T-1", requester="ada")]
    facts.append(fact("ticket.opened", "Mon 06-01 09:00", "T-2", contract="c2", requester="ada"))
    evaluator.evaluate(in_order(facts), at("Mon 06-01 09:30"))
    facts.append(fact("contact.named", "Mon 06-01 08:00", "ada", contract="c2"))
    evaluation = evaluator.evaluate(in_order(facts), at("Mon 06-01 09:30"))
    assert evaluator.computed == (CellKey("c2", "clock", "T-2"),)
    assert [v.state for v in evaluation.of("c2")] == ["running"]


# -- what cannot be answered -------------------------------------------------------------------------------


def test_an_evaluator_survives_a_question_beyond_its_years() -> None:
    """A deadline after the compiled years is undetermined and says why; everything else is answered."""
    case = Case(clock("from: opened", "until: answered", "within: {P1: 2000d, P2: 2h, P3: 4h}"))
    case.tell("opened", "Mon 06-01 10:00", priority="P2")
    evaluator = Evaluator(case.terms)
    strange = fact("ticket.opened", "Mon 06-01 10:00", "T-2", priority="P1")
    found = evaluator.evaluate(in_order([*case.facts, strange]), at("Mon 06-01 11:00")).of("c1")
    assert [v.state for v in found] == ["running", "undetermined"]
    assert "widen the years" in found[1].reasons[0]
    later = in_order([*case.facts, fact("ticket.replied", "Mon 06-01 10:30")])
    assert [v.state for v in evaluator.evaluate(later, at("Mon 06-01 11:00")).of("c1")] == ["met"]


def test_an_earlier_instant_starts_anew() -> None:
    """Wakes look ahead only."""
    case = Case(clock("from: opened", "until: answered", "on: desk", "within: 2h")).tell(
        "opened", "Mon 06-01 10:00"
    )
    evaluator = Evaluator(case.terms)
    states = [
        [v.state for v in evaluator.evaluate(tuple(case.facts), at(when)).of("c1")]
        for when in ("Mon 06-01 11:00", "Mon 06-01 13:00", "Mon 06-01 11:00")
    ]
    assert states == [["running"], ["breached"], ["running"]]


def test_terms_without_a_contract_judge_nobody() -> None:
    """A plan alone binds nobody."""
    terms = replace(bound(THREE), contract=None)
    assert evaluate([terms], [fact("ticket.opened", "Mon 06-01 10:00")], at("Mon 06-01 11:00")).outcomes == {}
