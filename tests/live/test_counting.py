"""What quotas decide is kept, and decided anew for what is counted later: as a whole evaluation has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.worlds import CONTRACT, DESK, OTHER_CONTRACT, at, fact, text_at
from tests.live.databases import Postgres, Sqlite
from tests.live.desk import Northwind
from upheld.app import decide as deciding
from upheld.app.rebuild import bring_up_to_date, rebuild
from upheld.app.refusal import RefusedError
from upheld.app.terms import holding
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.evaluating.narrow import Found, Narrow, Scope
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import HOUR, MINUTE, Instant
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome
from upheld.store.book import read_ledger
from upheld.store.models import Provider, RestRow
from upheld.store.shelf import Shelf
from upheld.store.walls import between

START = at("Thu 06-25 09:00")
"""Tickets are of two months."""
QUARTERS = 12 * 4
ACME = CONTRACT.replace("}", ", plan: silver, contacts: {ada: , eve: , bob: {from: 2026-06-28}}}")
OTHER = OTHER_CONTRACT.replace("}", ", plan: silver, contacts: {eve: , ada: }}")
AGREEMENT = (
    DESK
    + """
assume:
  refunds:
    {issue: what is given back, options: [reclassified, nothing], take: reclassified, because: it is fair}
deadline:
  response:
    from: opened
    until: answered
    on: {by refunds: {reclassified: always, nothing: desk}}
    within:
      - {where: quota.urgent = within, limit: 1h}
      - {where: quota.urgent = charged, limit: 2h}
      - {where: "priority in [P1, P2, P3]", limit: 4h}
quota:
  urgent:
    where: priority = P1
    allow: 2
    per: calendar month
    overflow: OVERFLOW
    refund: {by refunds: {reclassified: provider reclassifies, nothing: never}}
  mail: {where: channel = mail, allow: 2, per: calendar month, overflow: refused}
escalate: {ahead: {of: response, at: limit, tell: lead}}
plan:
  silver: {entitlement: {contacts: {named contacts: 3}}}
  gold: {quota: {urgent: {allow: 3}, mail: {per: calendar quarter}}}
"""
)
PRIORITIES = st.sampled_from(["P1", "P1", "P1", "P1", "P3"])
CONTRACTS = st.sampled_from(["c1", "c1", "c1", "c2"])
OPENED = st.fixed_dictionaries(
    {
        "contract": CONTRACTS,
        "priority": PRIORITIES,
        "requester": st.sampled_from(["ada", "ada", "bob", "eve"]),
    },
    optional={"channel": st.just("mail"), "contacted_at": st.just(text_at("Thu 06-25 09:30"))},
)
DATA: dict[str, st.SearchStrategy[dict[str, object]]] = {
    "ticket.opened": OPENED,
    "ticket.classified": st.fixed_dictionaries(
        {"by": st.sampled_from(["customer", "provider", "provider"]), "priority": PRIORITIES}
    ),
    "ticket.replied": st.just({"by": "human"}),
    "contact.named": st.fixed_dictionaries({"contract": CONTRACTS}),
    "contact.removed": st.fixed_dictionaries({"contract": CONTRACTS}),
    "contract.plan_changed": st.fixed_dictionaries({"plan": st.sampled_from(["gold", "silver"])}),
}
TYPES = st.sampled_from([*["ticket.opened"] * 12, *["ticket.classified"] * 6, *DATA])
SUBJECTS = {
    "ticket": tuple(f"T-{n}" for n in range(12)),
    "contact": ("ada", "bob", "eve"),
    "contract": ("c1", "c2"),
}


@st.composite
def told_of_quotas(draw: st.DrawFn) -> list[Fact]:
    """Facts in the order in which they are told, whenever they happened; some correct earlier ones."""
    told: list[Fact] = []
    for n in range(draw(st.integers(12, 32))):
        if told and draw(st.integers(0, 5)) == 0:
            told.append(_correction(draw, draw(st.sampled_from(told)), n))
            continue
        type_ = draw(TYPES)
        subject = draw(st.sampled_from(SUBJECTS[type_.partition(".")[0]]))
        happened_at = START + draw(st.integers(0, QUARTERS)) * 6 * HOUR
        told.append(fact(type_, happened_at, subject, f"f{n}", **draw(DATA[type_])))
    return told


def _correction(draw: st.DrawFn, target: Fact, n: int) -> Fact:
    data = {"corrects": {"source": "desk", "id": target.id}, "by": "Kim", "reason": "wrong"}
    if draw(st.booleans()):
        return fact("correction.withdrawn", START, "correction", f"f{n}", **data)
    other_at = text_at(draw(st.sampled_from(["Thu 06-25 10:00", "Tue 06-30 12:00", "Fri 07-03 12:00"])))
    replacement = {"replacement": {"time": other_at}}
    return fact("correction.replaced", START, "correction", f"f{n}", **data, **replacement)


class Kept:
    """What was found of every subject when it was decided last, under each reading."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, Scope], dict[CellKey, Outcome]] = {}
        self.decided: set[Scope] = set()

    def take(self, reading: str, found: dict[Scope, Found]) -> dict[Scope, Found]:
        """Keeps what was found."""
        own = {scope: one for scope, one in found.items() if scope.kind is not None}
        self.found |= {(reading, scope): dict(one.outcomes) for scope, one in own.items()}
        self.decided |= own.keys()
        return found


@contextmanager
def kept() -> Iterator[Kept]:
    """Keeps what is found as long as it holds."""
    asking, keep = deciding._Asking, Kept()
    evaluated, otherwise = asking.evaluate, asking.otherwise

    def evaluate(self: Any, scopes: Iterable[Scope], at: Instant) -> dict[Scope, Found]:
        return keep.take("", evaluated(self, scopes, at))

    def reread(self: Any, one: Any, scopes: Iterable[Scope], at: Instant) -> dict[Scope, Found]:
        return keep.take(one.reading, otherwise(self, one, scopes, at))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asking, "evaluate", evaluate)
        patched.setattr(asking, "otherwise", reread)
        yield keep


def _narrows(desk: Northwind) -> Iterator[tuple[str, Narrow, str]]:
    """The readings of each contract, with what evaluates it under them."""
    hold = holding(Provider.objects.get(pk=desk.provider.pk))
    for contract, terms in hold.terms.items():
        yield "", hold.narrow, contract
        yield from ((one.reading, one.narrow, contract) for one in hold.rereadings.of(terms))


def _from_nothing(desk: Northwind, now: Instant) -> dict[tuple[str, Scope], dict[CellKey, Outcome]]:
    """What a narrow evaluation that knows of no counts finds of every subject."""
    with between(desk.provider.pk):
        shelf = Shelf(desk.provider.pk, now)
        return {
            (reading, scope): dict(found.outcomes)
            for reading, narrow, contract in _narrows(desk)
            for scope, found in narrow.evaluate(
                [one for one in narrow.scopes(contract, shelf) if one.kind], shelf, now
            ).items()
        }


def _whole(desk: Northwind, now: Instant) -> dict[CellKey, Outcome]:
    """What the whole evaluation of the book says of subjects."""
    book = read_ledger(desk.provider.pk)
    found = evaluate(book.terms, book.log.effective(now), now).outcomes
    return {key: one for key, one in found.items() if key.commitment == "response"}


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told_of_quotas(), st.data())
def test_what_is_counted_is_what_a_whole_evaluation_counts(
    databases: Sqlite | Postgres, tmp_path: Path, told: list[Fact], data: st.DataObject
) -> None:
    """Late facts, corrections, other plans, under both readings: every verdict is the same, to the byte."""
    overflow = data.draw(st.sampled_from(["charged", "ordinary", "refused"]))
    with databases.fresh(tmp_path), kept() as keep:
        desk = Northwind(AGREEMENT.replace("OVERFLOW", overflow), ACME, OTHER, at=START)
        now = START + 6 * 24 * HOUR
        while told:
            count = data.draw(st.integers(1, 5))
            batch, told = told[:count], told[count:]
            now += data.draw(st.sampled_from([0, 1, 30, 2_880])) * MINUTE
            with suppress(RefusedError):
                desk.tell(*batch, at=now)
            desk.settle(now)
            judged = _from_nothing(desk, now)
            assert {key: keep.found[key] for key in judged} == judged
            said = {
                key: one for (reading, _), own in judged.items() if not reading for key, one in own.items()
            }
            assert said == {key: one for key, one in _whole(desk, now).items() if one.verdicts}
        rests = set(RestRow.objects.filter(counted_at__isnull=False).values_list("dependency", "decided"))
        rebuild(desk.provider.pk, now)
        assert rests == set(
            RestRow.objects.filter(counted_at__isnull=False).values_list("dependency", "decided")
        )


def _opened(name: str, opened_at: Instant) -> Fact:
    return fact("ticket.opened", opened_at, name, name, contract="c2", priority="P1", requester="eve")


def _due(keep: Kept) -> dict[str, str]:
    """The hours that each ticket has, by the reading that holds."""
    return {
        scope.subject: f"{(verdict.due_at - verdict.started_at) // HOUR}h"
        for (reading, scope), outcomes in keep.found.items()
        for outcome in outcomes.values() if not reading
        for verdict in outcome.verdicts
        if verdict.due_at is not None and verdict.started_at is not None
    }  # fmt: skip


@pytest.fixture
def desk(address: str) -> Northwind:
    """A desk of which two urgent tickets a month have an hour; more of them are charged, and have two."""
    return Northwind(AGREEMENT.replace("OVERFLOW", "charged"), OTHER, at=START)


def _tell(desk: Northwind, keep: Kept, *facts: Fact) -> set[str]:
    """Tells facts; the tickets that were decided by that."""
    keep.decided.clear()
    desk.tell(*facts, at=START + 20 * HOUR)
    return {scope.subject for scope in keep.decided}


def test_a_ticket_that_is_counted_last_decides_nothing_else(desk: Northwind) -> None:
    """Beside ten that were counted before it, in the month or in another one, it alone is decided."""
    with kept() as keep:
        _tell(desk, keep, *(_opened(f"T-{n}", START + n * HOUR) for n in range(10)))
        assert _tell(desk, keep, _opened("T-last", START + 11 * HOUR)) == {"T-last"}
        assert _due(keep)["T-last"] == "2h"


def test_a_ticket_that_is_told_late_decides_on_those_whose_place_it_takes(desk: Northwind) -> None:
    """Of four, of which two have an hour, it takes the place of the second, and nobody else is asked."""
    with kept() as keep:
        _tell(desk, keep, *(_opened(f"T-{n}", START + n * HOUR) for n in range(1, 5)))
        assert _due(keep) == {"T-1": "1h", "T-2": "1h", "T-3": "2h", "T-4": "2h"}
        assert _tell(desk, keep, _opened("T-late", START + 90 * MINUTE)) == {"T-late", "T-2"}
        assert (_due(keep)["T-late"], _due(keep)["T-2"]) == ("1h", "2h")


def test_tickets_of_one_instant_are_counted_by_their_facts(desk: Northwind) -> None:
    """However late it is told: it is counted before those whose facts come after it, and of that instant."""
    with kept() as keep:
        opened_at = START + HOUR
        _tell(desk, keep, *(_opened(name, opened_at) for name in ("T-a", "T-c", "T-d")))
        assert _due(keep) == {"T-a": "1h", "T-c": "1h", "T-d": "2h"}
        assert _tell(desk, keep, _opened("T-b", opened_at)) == {"T-b", "T-c"}
        assert _due(keep) == {"T-a": "1h", "T-b": "1h", "T-c": "2h", "T-d": "2h"}


def test_a_ticket_that_is_withdrawn_gives_its_place_to_the_next(desk: Northwind) -> None:
    """The third has its hour again, and the fourth is not asked."""
    with kept() as keep:
        _tell(desk, keep, *(_opened(f"T-{n}", START + n * HOUR) for n in range(1, 5)))
        data = {"corrects": {"source": "desk", "id": "T-1"}, "by": "Kim", "reason": "nobody asked"}
        gone = fact("correction.withdrawn", START + 6 * HOUR, "T-1", "c", **data)
        assert _tell(desk, keep, gone) == {"T-1", "T-3"}
        assert _due(keep)["T-3"] == "1h"


def test_what_an_older_version_kept_is_counted_once(desk: Northwind) -> None:
    """Where it kept no counts, they are made when this one starts; a ticket that follows is counted after."""
    with kept() as keep:
        _tell(desk, keep, *(_opened(f"T-{n}", START + n * HOUR) for n in range(1, 3)))
        with between(desk.provider.pk):
            RestRow.objects.update(counted_at=None, used_until_at=None, decided=None)
        Provider.objects.update(kept_by=1)
        bring_up_to_date(START + 20 * HOUR)
        assert _tell(desk, keep, _opened("T-3", START + 3 * HOUR)) == {"T-3"}
        assert _due(keep)["T-3"] == "2h"
