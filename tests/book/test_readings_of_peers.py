"""What is explored once for contracts of which the same holds is what each would be by itself.

Every cell under every reading, and every pair of them, is held to a whole evaluation; what each verdict and
credit depends on, to that of a book in which its contract is alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.book.test_readings_shared import selections, told
from upheld.book.evaluate import evaluate as report_of
from upheld.book.readings import Sensitivity, options_of, sensitivity
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.evaluating.strata import ACCOUNT, OUTCOME, OWED, VERDICT
from upheld.core.readings.branching import Branching
from upheld.core.readings.exploration import TAKEN, Selection
from upheld.core.timeline.instant import parse_instant
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome
from upheld.files.folder import Folder, read_book

AGREEMENT = """
document: {agreement: northwind, version: 2026-01, provider: Northwind, zone: UTC}
assume:
  work: {ref: N1, issue: work, options: [out, counted], take: out, because: so}
  words: {ref: N2, issue: words, options: [shall, aim], take: shall, because: so}
  level: {ref: N3, issue: level, options: [three nines, more], take: three nines, because: so}
  band: {ref: N4, issue: bands, options: [low, high], take: low, because: so}
  cap: {ref: N5, issue: limit, options: [half, quarter], take: half, because: so}
  base: {ref: N6, issue: fee, options: [month, other], take: month, because: so}
  together: {ref: N7, issue: both, options: [greatest, both], take: greatest, because: so}
  hours: {ref: N8, issue: hours, options: [desk, always], take: desk, because: so}
scale: {severity: {of: incident, values: {S1: all, S2: some}}}
component: {service: {}}
calendar:
  desk: {zone: UTC, open: Mon-Fri 09:00-17:00, holidays: none}
deadline:
  repair:
    of: incident
    from: declared
    until: resolved
    on: {by hours: {desk: desk, always: always}}
    within: {S1: 2h, S2: 4h}
    modality: {by words: {shall: guarantee, aim: objective}}
indicator:
  uptime: {count: incidents of service}
  in time: {count: outcomes of repair}
exclude:
  work: {of: maintenance, effect: {by work: {out: not bad, counted: out of total}}, indicators: [uptime]}
commit:
  uptime:
    level: {by level: {three nines: ">= 99.9 %", more: ">= 99.99 %"}}
    per: calendar month
    modality: {by words: {shall: guarantee, aim: objective}}
  share: {indicator: in time, level: ">= 90 %", per: calendar quarter}
remedy:
  credit:
    of: uptime
    bands:
      by band:
        low: {"< 99 %": 40 %, "[99 %, 99.9 %)": 10 %}
        high: {"< 99 %": 50 %, "[99 %, 99.9 %)": 20 %}
    base: {fee: {by base: {month: month, other: support}}}
    limits: {month: {by cap: {half: 45 % of base, quarter: 25 % of base}}}
    round: half up
    group: outages
    combine: {by together: {greatest: max, both: sum}}
    pay: {instalments: 2}
  outages:
    of: uptime
    steps: {each: 1h, of: each outage, begun: true, give: 4 %}
    base: {fee: month}
    group: outages
    combine: {by together: {greatest: max, both: sum}}
  late:
    of: share
    steps: {each: 10 %, of: shortfall, begun: true, give: 3 %}
    base: {fee: month}
    limits: {month: 7 % of base}
"""
YEARLY = """  yearly:
    of: uptime
    steps: {each: 30m, of: downtime, give: 4 %}
    base: {fee: month}
    limits: {year: 30 % of base}
"""
"""What a month gives is less because of what another gave, and that was rounded."""
CONTRACTS = {
    "first": "fees: {month: 100.00 EUR, support: 300.00 EUR}",
    "second": "fees: {month: 100.00 EUR, support: 300.00 EUR}",
    "dear": "fees: {month: 250.11 EUR, support: 99.99 EUR}",
    "dollars": "fees: {month: 250.11 USD, support: 99.99 USD}",
    "free": "fees: {month: 0.00 EUR, support: 0.03 EUR}",
    "billed": "fees: {month: 77.77 EUR, support: 300.00 EUR}",
    "short": "fees: {month: 100.00 EUR, support: 300.00 EUR}, until: 2026-02-20",
    "held": "fees: {month: 33.33 EUR, support: 300.00 EUR}",
}
AT = parse_instant("2026-03-20T12:00:00Z")


def facts() -> Iterator[str]:
    """Two outages a month with work in them; invoices of one contract, and a suspension of another."""
    for month in (1, 2, 3):
        for n, severity in enumerate(("S1", "S2")):
            day, name = f"{month:02}-{6 + 5 * n:02}", f"{month}-{n}"
            of = {"components": ["service"]}
            yield told("incident.declared", f"I-{name}", f"{day}T10:00", severity=severity, **of)
            if (month, n) != (3, 1):
                yield told("incident.resolved", f"I-{name}", f"{day}T1{1 + 4 * n}:{10 * month}")
            begun, ended = (f"2026-{day}T10:{minutes}:00Z" for minutes in (10, 40))
            work = {"kind": "scheduled", "starts_at": begun, "ends_at": ended}
            yield told("maintenance.announced", f"M-{name}", f"{month:02}-01T00:00", **work, **of)
        billed = {"invoice": f"bill {month}", "amount": 20, "month": f"2026-{month:02}"}
        yield told("contract.invoice_issued", "billed", f"{month:02}-15T00:00", currency="EUR", **billed)
    yield told("contract.suspended", "held", "02-06T10:20")
    yield told("contract.resumed", "held", "02-06T11:10")


def read(folder: Path, agreement: str, contracts: dict[str, str], more: str = "") -> Folder:
    """A book of some contracts, which is without faults."""
    folder.mkdir(exist_ok=True)
    (folder / "agreement.yaml").write_text(agreement)
    for name, said in contracts.items():
        bound = f"id: {name}, customer: {name} Ltd, agreement: northwind, from: 2026-01-01, {said}"
        (folder / f"{name}.yaml").write_text(f"contract: {{{bound}}}\n")
    (folder / "facts.jsonl").write_text("".join(facts()) + more)
    found = read_book([folder])
    assert not [one for one in found.findings if one.severity == "error"], found.findings
    return found


def branching_of(book: Folder) -> Branching:
    """The cells of all contracts of a book, under any selection."""
    options = {one.contract.id: options_of(one) for one in book.terms if one.contract is not None}

    def under(selection: Selection) -> tuple[object, ...]:
        return book.terms if selection == TAKEN else book.terms_under(selection, book.terms)

    return Branching(under, options, book.log.effective(AT, len(book.log)), AT, book.observations)  # type: ignore[arg-type]  # all can be executed


def held_to_whole_evaluations(book: Folder) -> int:
    """How many amounts came out; every cell is what a whole evaluation gives under every reading and pair."""
    log = book.log.effective(AT, len(book.log))
    branching = branching_of(book)
    roots, amounts = branching.roots(), set()
    for selection in selections(book):
        terms = book.terms if selection == TAKEN else book.terms_under(selection, book.terms)
        assert terms is not None
        whole = evaluate(terms, log, AT, book.observations)
        for key in roots:
            outcome = branching.leaf(key, selection).value
            assert outcome == whole.outcomes.get(CellKey(*key[2]), Outcome(())), (sorted(selection), key)
            assert isinstance(outcome, Outcome)
            amounts |= {(one.key, one.amount) for one in outcome.credits}
    return len(amounts)


def told_of(book: Folder) -> Sensitivity:
    """What everything in a book depends on."""
    return sensitivity(book, report_of(book, AT))


@pytest.mark.slow
@pytest.mark.parametrize("more", ["", YEARLY])
def test_every_cell_of_peers_is_what_a_whole_evaluation_gives(tmp_path: Path, more: str) -> None:
    """Whether contracts pay as much, otherwise, in another currency, nothing, or were invoiced."""
    assert held_to_whole_evaluations(read(tmp_path / "book", AGREEMENT + more, CONTRACTS)) > 150


@pytest.mark.slow
@pytest.mark.parametrize("name", [*CONTRACTS])
def test_a_contract_depends_on_what_it_depends_on_alone(tmp_path: Path, name: str) -> None:
    """The same readings, spans and alternatives, but for the numbers of the report."""
    together = told_of(read(tmp_path / "all", AGREEMENT, CONTRACTS))
    alone = told_of(read(tmp_path / "one", AGREEMENT, {name: CONTRACTS[name]}))
    for found, expected in ((together.verdicts, alone.verdicts), (together.credits, alone.credits)):
        its = {(one.key, one.cycle): one for one in found if one.key.contract == name}
        assert its.keys() == {(one.key, one.cycle) for one in expected}
        for one in expected:
            other = its[one.key, one.cycle]
            assert (one.result, one.alternatives, one.states) == (
                other.result,
                other.alternatives,
                other.states,
            )
            assert (one.low, one.high, one.is_whole) == (other.low, other.high, other.is_whole)
            assert one.is_decided_by_readings == other.is_decided_by_readings


@pytest.mark.slow
def test_contracts_are_peers_where_texts_and_facts_say_the_same(tmp_path: Path) -> None:
    """Verdicts whatever is paid; credits if as much is. Not with a suspension, another term, or currency."""
    branching = branching_of(read(tmp_path / "book", AGREEMENT, CONTRACTS))
    peers = branching.peers()
    assert peers is not None
    judged = {name: peers.first((VERDICT, "verdict", (name, "uptime", "2026-01"))) for name in CONTRACTS}
    assert {name: key and key[2][0] for name, key in judged.items()} == {
        "first": "billed", "second": "billed", "dear": "billed", "free": "billed",
        "billed": None, "dollars": None, "short": None, "held": None,
    }  # fmt: skip
    assert peers.first((OUTCOME, "outcome", ("second", "repair", "I-1-0"))) is not None
    paid = {name: peers.first((OWED, "owed", (name, "credit", "2026-01"))) for name in CONTRACTS}
    assert {name for name, key in paid.items() if key is not None} == {"second"}
    assert peers.account((ACCOUNT, "account", ("dear",))) == (ACCOUNT, "account", ("billed",))


@pytest.mark.slow
def test_who_has_a_ticket_that_another_has_too_is_no_peer(tmp_path: Path) -> None:
    """Two tickets have one name: each is judged by its own opening, under every reading."""
    hours = "{by hours: {desk: desk, always: always}}"
    row = f"  answer: {{from: opened, until: answered, within: 2h, on: {hours}}}\n"
    text = AGREEMENT.replace("indicator:\n", f"{row}indicator:\n")
    more = told("ticket.opened", "T-1", "03-02T10:00", contract="first")
    more += told("ticket.opened", "T-1", "03-02T10:30", contract="second")
    more += told("ticket.replied", "T-1", "03-02T12:10", contract="second")
    book = read(
        tmp_path / "book", text, {name: CONTRACTS[name] for name in ("first", "second", "dear")}, more
    )
    peers = branching_of(book).peers()
    assert peers is not None
    cells = ((VERDICT, "verdict", (name, "uptime", "2026-01")) for name in ("first", "second", "dear"))
    assert not any(map(peers.first, cells))
    assert held_to_whole_evaluations(book) > 20


@pytest.mark.slow
def test_whom_a_fact_of_an_incident_names_is_no_peer(tmp_path: Path) -> None:
    """It is resolved for one of them a day before it is for the others, who are peers of each other."""
    more = told("incident.declared", "I-9", "03-02T10:00", severity="S1", components=["service"])
    more += told("incident.resolved", "I-9", "03-02T11:00", contract="second")
    more += told("incident.resolved", "I-9", "03-03T11:00")
    names = ("first", "dear", "second")
    book = read(tmp_path / "book", AGREEMENT, {name: CONTRACTS[name] for name in names}, more)
    peers = branching_of(book).peers()
    assert peers is not None
    found = [peers.first((VERDICT, "verdict", (name, "uptime", "2026-01"))) for name in names]
    assert [key and key[2][0] for key in found] == ["dear", None, None]
    assert held_to_whole_evaluations(book) > 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "asks"),
    [
        ("from: declared\n", "from: declared\n    where: contract.id = first\n"),
        ("count: incidents of service", "count: incidents of service, where: contract.id = second"),
        ("count: outcomes of repair", 'count: outcomes of repair, where: "contract.id in [first, dear]"'),
        (
            "until: resolved",
            "until: {by hours: {desk: resolved, always: resolved where contract.id = first}}",
        ),
    ],
)
def test_a_rule_that_asks_for_its_contract_is_of_that_alone(tmp_path: Path, row: str, asks: str) -> None:
    """Also where only one reading asks."""
    assert row in AGREEMENT
    text = AGREEMENT.replace(row, asks)
    book = read(tmp_path / "book", text, {name: CONTRACTS[name] for name in ("first", "second", "dear")})
    assert branching_of(book).peers() is None
    assert held_to_whole_evaluations(book) > 30


@pytest.mark.slow
def test_a_reading_that_one_contract_takes_otherwise_makes_it_another(tmp_path: Path) -> None:
    """Whoever overrides something is nobody's peer."""
    contracts = {**CONTRACTS, "own": "fees: {month: 100.00 EUR, support: 300.00 EUR}"}
    book_path = tmp_path / "book"
    read(book_path, AGREEMENT, contracts)
    path = book_path / "own.yaml"
    path.write_text(path.read_text() + "override: {assume: {cap: {take: quarter, because: agreed}}}\n")
    book = read_book([book_path])
    assert not [one for one in book.findings if one.severity == "error"], book.findings
    peers = branching_of(book).peers()
    assert peers is not None
    assert peers.first((VERDICT, "verdict", ("own", "uptime", "2026-01"))) is None
