"""What is shared between readings and contracts while they are explored is what each would be by itself.

Every cell under every reading, and every pair of them, is held to a whole evaluation of terms that take it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations

import pytest

from upheld.book.readings import options_of
from upheld.core.evaluating.contracts import bindings_of, shown_by
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.readings.branching import Branching
from upheld.core.readings.exploration import TAKEN, Selection, joined, singles
from upheld.core.timeline.instant import parse_instant
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome
from upheld.core.verdicts.verdict import joined as joined_outcomes
from upheld.files.folder import Folder, read_book

AGREEMENT = """
document: {agreement: northwind, version: 2026-01, provider: Northwind, zone: UTC}
assume:
  grave: {ref: N1, issue: which incidents, options: [grave, all], take: grave, because: so}
  work: {ref: N2, issue: work, options: [out, counted], take: out, because: so}
  notice: {ref: N3, issue: notice, options: [two days, one day], take: two days, because: so}
  words: {ref: N4, issue: words, options: [shall, aim], take: shall, because: so}
  level: {ref: N5, issue: level, options: [three nines, more], take: three nines, because: so}
  band: {ref: N6, issue: bands, options: [low, high], take: low, because: so}
  cap: {ref: N7, issue: limit, options: [half, quarter], take: half, because: so}
  base: {ref: N8, issue: fee, options: [month, other], take: month, because: so}
  hours: {ref: N9, issue: hours, options: [desk, phone], take: desk, because: so}
  robots: {ref: N10, issue: robots, options: [human, anybody], take: human, because: so}
  urgent: {ref: N11, issue: what is counted, options: [urgent, all], take: urgent, because: so}
  parts: {ref: N12, issue: parts, options: [one, two], take: one, because: so}
  together: {ref: N13, issue: both, options: [greatest, both], take: greatest, because: so}
scale:
  severity: {of: incident, values: {S1: all, S2: some}}
  priority: {of: ticket, values: {P1: all, P2: some}}
component: {service: {}}
calendar:
  desk: {zone: UTC, open: Mon-Fri 09:00-17:00, holidays: none}
  phone: {zone: UTC, open: Mon-Fri 08:00-20:00, holidays: none}
deadline:
  answer:
    from: opened
    until: {by robots: {human: answered, anybody: replied}}
    on: {by hours: {desk: desk, phone: phone}}
    within: {P1: 2h, P2: 4h}
    modality: objective
indicator:
  uptime:
    count: incidents of service
    where: {by grave: {grave: severity = S1, all: "severity in [S1, S2]"}}
  in time:
    count: outcomes of answer
    where: {by urgent: {urgent: priority = P1, all: "priority in [P1, P2]"}}
exclude:
  work:
    of: maintenance
    announced by: {by notice: {two days: starts_at - 48h, one day: starts_at - 24h}}
    effect: {by work: {out: not bad, counted: out of total}}
    indicators: [uptime]
  unpaid: {of: suspension, effect: out of total, indicators: [uptime]}
commit:
  uptime:
    level: {by level: {three nines: ">= 99.9 %", more: ">= 99.99 %"}}
    per: calendar month
    modality: {by words: {shall: guarantee, aim: objective}}
  share: {indicator: in time, level: ">= 90 %", per: calendar month}
remedy:
  credit:
    of: uptime
    bands:
      by band:
        low: {"< 99 %": 40 %, "[99 %, 99.9 %)": 10 %}
        high: {"< 99 %": 50 %, "[99 %, 99.9 %)": 20 %}
    base: {fee: {by base: {month: month, other: support}}}
    limits: {month: {by cap: {half: 45 % of base, quarter: 25 % of base}}, year: 15 % of base}
    group: outages
    combine: {by together: {greatest: max, both: sum}}
    pay: {by parts: {one: {instalments: 1}, two: {instalments: 2}}}
  outages:
    of: uptime
    steps: {each: 1h, of: each outage, begun: true, give: 4 %}
    base: {fee: month}
    group: outages
    combine: {by together: {greatest: max, both: sum}}
  answers:
    of: share
    steps: {each: 10 %, of: shortfall, begun: true, give: 3 %}
    base: {fee: month}
"""
CONTRACTS = {
    "one": "from: 2026-01-01, fees: {month: 100.00 EUR, support: 300.00 EUR}",
    "like": "from: 2026-01-01, fees: {month: 100.00 EUR, support: 300.00 EUR}",
    "dear": "from: 2026-01-01, fees: {month: 250.10 EUR, support: 99.99 EUR}",
    "cut": "from: 2026-01-11, until: 2026-03-16, fees: {month: 100.00 EUR, support: 300.00 EUR}",
}
PLANS = """
plan:
  silver: {}
  gold:
    deadline: {answer: {within: {P1: 1h, P2: {by parts: {one: 8h, two: 2h}}}}}
    commit:
      uptime: {level: {by level: {three nines: ">= 99 %", more: ">= 99.9 %"}}}
      share: none
    remedy:
      answers: none
      outages: {steps: {each: 2h, of: each outage, begun: true, give: 5 %}}
"""
CHANGES = {"one": ("02-10T00:00", "03-01T00:00"), "dear": ("02-20T12:00",)}
"""When contracts become gold, and silver again."""
AT = parse_instant("2026-03-20T12:00:00Z")


def told(type_: str, subject: str, time: str, **data: object) -> str:
    """One fact."""
    event = {"specversion": "1.0", "id": f"{type_} {subject} {time}", "source": "desk", "type": type_}
    return json.dumps({**event, "subject": subject, "time": f"2026-{time}:00Z", "data": data}) + "\n"


def facts() -> Iterator[str]:
    """Two outages a month with work in them, two tickets a contract and month, a suspension, invoices."""
    for month in (1, 2, 3):
        for n, severity in enumerate(("S1", "S2")):
            day, name = f"{month:02}-{6 + 5 * n:02}", f"{month}-{n}"
            of = {"components": ["service"]}
            yield told("incident.declared", f"I-{name}", f"{day}T03:00", severity=severity, **of)
            yield told("incident.resolved", f"I-{name}", f"{day}T0{4 + 4 * n}:30")
            begun, ended = (f"2026-{day}T03:{minutes}:00Z" for minutes in (10, 40))
            before = f"{month:02}-{4 + 5 * n:02}T{'20' if n else '01'}:00"
            work = {"kind": "scheduled", "starts_at": begun, "ends_at": ended}
            yield told("maintenance.announced", f"M-{name}", before, **work, **of)
        for contract in CONTRACTS:
            for n, priority in enumerate(("P1", "P2")):
                ticket, day = f"T-{contract}-{month}-{n}", f"{month:02}-{12 + n:02}"
                yield told("ticket.opened", ticket, f"{day}T16:30", contract=contract, priority=priority)
                yield told("ticket.replied", ticket, f"{day}T17:00", by="automatic")
                yield told("ticket.replied", ticket, f"{day}T2{n}:00", by="human")
    yield told("contract.suspended", "like", "02-06T03:20")
    yield told("contract.resumed", "like", "02-06T04:10")
    for contract in ("one", "dear"):
        for month in ("02", "03"):
            billed = {"invoice": f"{contract} {month}", "amount": 20, "month": f"2026-{month}"}
            yield told("contract.invoice_issued", contract, f"{month}-15T00:00", currency="EUR", **billed)


@pytest.fixture(scope="module", params=["one plan", "changing plans"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Four contracts of one agreement: two alike, one with other fees, one that is in force for less.

    Under changing plans the first and the third become gold within a month, and the first silver again.
    """
    folder = tmp_path_factory.mktemp("book")
    changing = request.param == "changing plans"
    (folder / "agreement.yaml").write_text(AGREEMENT + PLANS * changing)
    plan = "plan: silver, fees by plan: {gold: {month: 400.00 EUR, support: 1.00 EUR}}, " * changing
    for name, said in CONTRACTS.items():
        text = f"contract: {{id: {name}, customer: C, agreement: northwind, {plan}{said}}}\n"
        (folder / f"{name}.yaml").write_text(text)
    (folder / "facts.jsonl").write_text("".join(facts()))
    changes = [
        told("contract.plan_changed", name, at, plan=plan)
        for name, instants in CHANGES.items()
        for at, plan in zip(instants, ("gold", "silver"), strict=False)
    ]
    (folder / "changes.jsonl").write_text("".join(changes * changing))
    found = read_book([folder])
    assert not [one for one in found.findings if one.severity == "error"], found.findings
    return found


def selections(book: Folder) -> list[Selection]:
    """As taken, every reading taken otherwise, and every two of them."""
    alone = list(singles(options_of(book.terms[0])))
    return [TAKEN, *alone, *(joined(*pair) for pair in combinations(alone, 2))]


@pytest.mark.slow
@pytest.mark.parametrize("is_backwards", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_cell_is_what_a_whole_evaluation_gives(book: Folder, is_backwards: bool) -> None:
    """Whichever of them was asked for first."""
    log = book.log.effective(AT, len(book.log))
    options = {name: options_of(own) for one in book.terms for name, own in bindings_of(one)}

    def under(selection: Selection) -> tuple[object, ...]:
        return book.terms if selection == TAKEN else book.terms_under(selection, book.terms)

    branching = Branching(under, options, log, AT, book.observations)  # type: ignore[arg-type]  # all can be executed
    roots = branching.roots()
    asked = [*reversed(selections(book))] if is_backwards else selections(book)
    amounts, states = set(), set()
    for selection in asked:
        terms = under(selection)
        whole = evaluate(terms, log, AT, book.observations)  # type: ignore[arg-type]  # terms
        found: dict[CellKey, Outcome] = {}
        for key in [*reversed(roots)] if is_backwards else roots:
            outcome = branching.leaf(key, selection).value
            assert isinstance(outcome, Outcome)
            found[shown_by(key)] = joined_outcomes(found.get(shown_by(key), Outcome(())), outcome)
        for shown, outcome in found.items():
            assert outcome == whole.outcomes.get(shown, Outcome(())), (sorted(selection), shown)
            amounts |= {(one.key, one.amount) for one in outcome.credits}
            states |= {(one.key, one.state) for one in outcome.verdicts}
    assert len(amounts) > 90, "amounts differ"
    assert len(states) > 60, "verdicts differ"
