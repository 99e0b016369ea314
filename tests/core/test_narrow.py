"""A narrow evaluation: what a fact can change is found and asked anew, nothing else; the answers agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seeds import tried
from upheld.core.evaluating.cells import Input
from upheld.core.evaluating.evaluation import Evaluation, evaluate
from upheld.core.evaluating.narrow import Found, Narrow, Scope, Touch
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.terms.agreement import SubjectKind, Terms
from upheld.core.timeline.instant import DAY, MINUTE, Instant
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome, joined

from .test_evaluation import BOUND, START_AT, THREE, facts_told
from .worlds import DESK, DOCUMENT, at, bound, fact

_OF_A_PROVIDER = ("incident", "maintenance", "attribution")


class Shelf:
    """The facts in force, looked up; what was asked for is remembered."""

    def __init__(self, narrow: Narrow, facts: Sequence[Fact]) -> None:
        self._narrow = narrow
        self._facts = facts
        self.asked: list[object] = []

    def facts(self, name: Input) -> tuple[Fact, ...]:
        self.asked.append(name)
        return tuple(one for one in self._facts if self._narrow.input_of(one) == name)

    def beginnings(self, kind: SubjectKind, contract: str | None) -> Sequence[Fact]:
        self.asked.append((kind, contract))
        return [
            one
            for one in self._facts
            if self._narrow.begun_by(one) == kind and contract in (None, one.data.get("contract"))
        ]


class Live:
    """What the server does with tables, in memory: scopes are found by what they rest on, and by wakes."""

    def __init__(self, contracts: Iterable[Terms]) -> None:
        self.narrow = Narrow(contracts)
        self.found: dict[Scope, Found] = {}
        self.computed: set[Scope] = set()
        self._facts: tuple[Fact, ...] = ()
        self._at: Instant | None = None

    def move(self, facts: tuple[Fact, ...], to_at: Instant) -> None:
        shelf = Shelf(self.narrow, facts)
        came_or_went = set(facts) ^ set(self._facts)
        touches = [one for one in map(self.narrow.touch_of, came_or_went) if one is not None]
        scopes = {scope for touch in touches for scope in self._touched(touch, shelf)}
        if self._at is None:
            scopes = {scope for one in self.narrow.contracts for scope in self.narrow.scopes(one, shelf)}
        scopes |= {
            scope
            for scope, found in self.found.items()
            if found.wake_at is not None and found.wake_at <= to_at
        }
        self.found |= self.narrow.evaluate(scopes, shelf, to_at)
        self.computed = scopes
        self._facts, self._at = facts, to_at

    def _touched(self, touch: Touch, shelf: Shelf) -> set[Scope]:
        if touch.dependency is None:
            assert touch.contract is not None
            of_it = {scope for scope in self.found if scope.contract == touch.contract}
            known = touch.contract in self.narrow.contracts
            return of_it | set(self.narrow.scopes(touch.contract, shelf) if known else ())
        own: set[Scope] = set()
        contracts = None if touch.contract is None else {touch.contract}
        if touch.kind is not None:
            own = {scope for scope in self.found if scope[1:] == (touch.kind, touch.subject)}
            own |= set(self.narrow.begun(touch.kind, touch.subject, shelf))
            if touch.kind not in _OF_A_PROVIDER:
                contracts = {scope.contract for scope in own}
        resting = {
            scope
            for scope, found in self.found.items()
            if touch.dependency in found.rests_on and (contracts is None or scope.contract in contracts)
            for types in [found.rests_on[touch.dependency]]
            if types is None or touch.type in types
        }
        return own | resting

    @property
    def outcomes(self) -> dict[CellKey, Outcome]:
        found: dict[CellKey, Outcome] = {}
        for one in self.found.values():
            for key, outcome in one.outcomes.items():
                found[key] = joined(found[key], outcome) if key in found else outcome
        return found


def _shown(evaluation: Evaluation) -> dict[CellKey, Outcome]:
    return dict(evaluation.outcomes)


@settings(max_examples=tried(40), deadline=None)
@given(facts_told(), st.data())
def test_what_is_asked_anew_is_all_that_changed(told: list[Fact], data: st.DataObject) -> None:
    """Late facts, corrections and the passing of time: the scopes found by what they rest on are enough."""
    live, log, asked_at = Live(BOUND), FactLog(), START_AT
    arriving = data.draw(st.permutations(told))
    while arriving:
        count = data.draw(st.integers(1, 4))
        log, arriving = log.with_facts(arriving[:count]), arriving[count:]
        asked_at += data.draw(st.sampled_from([0, 30, 60, 300, 1_440, 4_320])) * MINUTE
        facts = log.effective(asked_at)
        live.move(facts, asked_at)
        assert live.outcomes == _shown(evaluate(BOUND, facts, asked_at))


def test_a_fact_asks_for_its_own_ticket_and_for_no_other() -> None:
    """A hundred tickets are open; one is answered: the facts of that one are looked up."""
    live = Live([bound(THREE)])
    opened = [fact("ticket.opened", at("Mon 06-01 09:00") + n, f"T-{n}", priority="P3") for n in range(100)]
    live.move(tuple(opened), at("Mon 06-01 09:30"))
    answer = fact("ticket.replied", "Mon 06-01 09:30", "T-7")
    live.move((*opened, answer), at("Mon 06-01 09:30"))
    assert live.computed == {Scope("c1", "ticket", "T-7")}


def test_a_change_of_a_contract_asks_for_all_that_it_has() -> None:
    """The contract ends: every ticket of it is asked for, and none of another contract."""
    live = Live(BOUND)
    opened = (
        fact("ticket.opened", "Fri 05-29 09:00", "T-1", contract="c1", priority="P1"),
        fact("ticket.opened", "Fri 05-29 09:00", "T-2", contract="c2", priority="P1"),
    )
    live.move(opened, START_AT + DAY)
    live.move((*opened, fact("contract.ended", "Fri 05-29 10:00", "c1")), START_AT + DAY)
    assert {scope for scope in live.computed if scope.kind} == {Scope("c1", "ticket", "T-1")}


def test_a_closed_month_asks_for_whoever_has_documents_of_that_entity() -> None:
    """It names no contract: all that read the closed months of an entity are asked, whatever its name is."""
    told = fact("period.closed", START_AT, "c1/2026-06", entity="c1", month="2026-06")
    narrow = Narrow(BOUND)
    assert narrow.input_of(told) == ("closings", "c1")
    assert narrow.touch_of(told) == Touch("period.closed", "closings")


def test_a_subject_that_is_no_longer_of_a_contract_says_nothing_under_it() -> None:
    """A claim was filed under one contract by mistake: what is withdrawn there goes on under the other."""
    live = Live(BOUND)
    mistaken = fact("claim.filed", "Fri 05-29 09:00", "C-1", "f1", contract="c1")
    right = fact("claim.filed", "Fri 05-29 10:00", "C-1", "f2", contract="c2")
    live.move((mistaken, right), START_AT + DAY)
    assert {key.contract for key in live.outcomes if key.subject == "C-1"} == {"c1", "c2"}
    live.move((right,), START_AT + DAY)
    assert {key.contract for key in live.outcomes if key.subject == "C-1"} == {"c2"}


COUNTED_FROM_ITEM = (
    DOCUMENT
    + DESK
    + """
deadline:
  response: {from: opened, until: answered, on: always, within: 2h}
  complaint: {of: claim, until: filed, due: issue_at + 2d}
indicator: {share: {count: outcomes of response}}
commit: {share: ">= 90 % per calendar month"}
remedy: {credit: {of: share, formula: "10 %", base: {fee: month}}}
claim: {about: either}
"""
)


def test_what_a_scope_rests_on_is_the_same_whoever_is_asked_with_it() -> None:
    """A claim about a ticket rests on it, also where the ticket is judged before for itself."""
    contract = "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01, fees: {month: 9 EUR}}\n"
    narrow = Narrow([bound(COUNTED_FROM_ITEM, contract)])
    told = [
        fact("ticket.opened", "Mon 06-01 09:00", "T-1"),
        fact("claim.filed", "Mon 06-01 12:00", "C-1", about="T-1"),
    ]
    shelf, asked_at = Shelf(narrow, told), at("Mon 06-01 13:00")
    ticket, claim = Scope("c1", "ticket", "T-1"), Scope("c1", "claim", "C-1")
    together = narrow.evaluate([ticket, claim], shelf, asked_at)
    assert "ticket.replied" in (together[claim].rests_on["every ticket"] or ())
    assert narrow.evaluate([claim], shelf, asked_at)[claim] == together[claim]
