"""Terms under other readings, compiled from what is remembered, are those that are compiled from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from tests.language.texts import contract_of, mapping
from upheld.book.readings import options_of
from upheld.core.readings.exploration import TAKEN, Options, Selection, joined, singles
from upheld.core.terms.agreement import Contract, Terms
from upheld.core.values.finding import Finding
from upheld.files.folder import read_book
from upheld.language.layers import laid, plans_of
from upheld.language.node import Mapping as MapNode
from upheld.language.report import Report
from upheld.language.row_memory import RowMemory
from upheld.language.terms import Pass
from upheld.language.variants import Variants
from upheld.language.world import World

ROOT = Path(__file__).parents[2]
CONTRACT = """
contract: {id: acme, customer: Acme, agreement: northwind, from: 2026-01-01,
  fees: {month: 100.00 EUR, support: 300.00 EUR}}
"""
READINGS = ("north", "east", "south", "west", "up", "down")
BEFORE = "document: {agreement: northwind, version: 2026-01, provider: Northwind, zone: UTC}\nassume:\n"


class _Text:
    """An agreement for a contract, under any selection: by one memory for all, or by none."""

    def __init__(self, agreement: MapNode, contract: MapNode, bound: Contract, world: World) -> None:
        self._text = laid(agreement, bound.plan, contract, Report())
        self._plans = tuple(plans_of(agreement))
        self._contract, self._bound, self._world = contract, bound, world
        self._memory = RowMemory()

    def again(self, selection: Selection) -> tuple[Terms | None, list[Finding]]:
        return self._told(selection, self._memory)

    def anew(self, selection: Selection) -> tuple[Terms | None, list[Finding]]:
        return self._told(selection, RowMemory())

    def _told(self, selection: Selection, memory: RowMemory) -> tuple[Terms | None, list[Finding]]:
        report = Report(errors_only=True)
        whole = Pass(self._text, self._plans, self._bound, self._world, report, memory, dict(selection))
        whole.run(self._bound.plan, self._contract)
        return (None if report.errors else whole.result.terms), report.findings


def _bound() -> Contract:
    bound, _ = contract_of(CONTRACT)
    assert bound is not None
    return bound


def _selections(options: Options) -> list[Selection]:
    """As taken, each reading taken otherwise, and two of them."""
    alone = list(singles(options))
    pairs = [joined(one, other) for one, other in combinations(alone, 2)]
    return list(dict.fromkeys([TAKEN, *alone, *pairs]))


def _shipped() -> Iterator[tuple[str, _Text, Options]]:
    for folder in (("agreements", "demo"), *(("examples/" + one.name,) for one in ROOT.glob("examples/*"))):
        book = read_book([ROOT / one for one in folder], facts=False)
        by_name = {(one.name, one.version): one for one in book.agreements}
        nodes = {one.id: one.node for one in book.contracts}
        for terms in book.terms:
            assert terms.contract is not None
            agreement = by_name[terms.agreement, terms.version]
            text = _Text(agreement.node, nodes[terms.contract.id], terms.contract, World(agreement.lock))
            yield terms.contract.id, text, options_of(terms)


@pytest.mark.slow
def test_every_shipped_text_is_what_it_is_anew_under_every_reading_and_every_two() -> None:
    """Terms and findings are the same whatever was compiled before, in whatever order."""
    looked_at = 0
    for name, text, options in _shipped():
        found = _selections(options)
        Random(name).shuffle(found)
        for selection in found[:150]:
            assert text.again(selection) == text.anew(selection), (name, selection)
            looked_at += 1
    assert looked_at > 1000


def _written(seed: int) -> str:
    """An agreement whose rows say most of what they say by readings, also which row they are about."""
    random = Random(seed)

    def either(*values: str) -> str:
        if random.random() < 0.4:
            return random.choice(values)
        one, other = random.choices(values, k=2)
        name = random.choice(READINGS)
        if random.random() < 0.15:
            other = f"{{by {random.choice(READINGS)}: {{a: {one}, b: {random.choice(values)}}}}}"
        return f"{{by {name}: {{a: {one}, b: {other}}}}}"

    def row(text: str, chance: float) -> str:
        if random.random() < chance:
            return f"{{by {random.choice(READINGS)}: {{a: {text}, b: none}}}}"
        return text

    modality = '"guarantee"', '"objective"'
    of_months = '{"< 99 %": 40 %}', '{"< 99 %": 50 %, "[99 %, 99.5 %)": 20 %}', '{"< top": 5 %}'
    levels = '">= 99.9 %"', '">= 99.5 %"', '"<= 2s"', "none"
    where = "severity = S1", '"severity in [S1, S2]"'
    incidents = f"{{count: {either('incidents of one', 'incidents of two')}, where: {either(*where)}}}"
    share = f"{{count: {either('outcomes of repair', 'outcomes of answer')}}}"
    work = (
        f"{{of: maintenance, effect: {either('not bad', 'out of total')},"
        f" announced by: {either('starts_at - 48h', 'starts_at - 24h')}, indicators: [uptime]}}"
    )
    hours = f"{{of: suspension, effect: {either('out of total', 'not bad')}}}"
    periods = "calendar month", "calendar quarter"
    commit = (
        f"{{indicator: {either('uptime', 'share')}, level: {either(*levels)}, per: {either(*periods)},"
        f" modality: {either(*modality)}}}"
    )
    other = f"{{indicator: {either('share', 'uptime')}, level: {either(*levels[:2])}, per: calendar month}}"
    commits, fees = (either("kept", "other"), either("kept", "other")), ("month", "support")
    owed = (
        f"{{of: {commits[0]}, bands: {either(*of_months)}, base: {{fee: {either(*fees)}}},"
        f" limits: {{month: {either('15 % of base', '9 % of base')}}}{random.choice(('', ', top: level'))}}}"
    )
    more = (
        f"{{of: {commits[1]}, when: {either('value < level', 'value < 98 %', 'fee.month > 1.00 EUR')},"
        f" formula: {either('base * 10 %', 'base * shortfall')}, base: {{fee: {either(*fees)}}}}}"
    )
    clock = f"from: declared, until: resolved, on: {either('desk', 'always')}, within: {either('2h', '4h')}"
    return (
        BEFORE
        + "".join(
            f"  {name}: {{ref: N, issue: {name}, options: [a, b], take: a, because: so}}\n"
            for name in READINGS
        )
        + f"""
scale: {{severity: {{of: incident, values: {{S1: all, S2: some}}}}}}
component: {{one: {row("{}", 0.1)}, two: {{}}}}
calendar:
  desk: {{zone: UTC, open: {either("Mon-Fri 09:00-17:00", "Mon-Sat 09:00-17:00")}, holidays: none}}
deadline:
  repair: {{of: incident, {clock}}}
  answer: {row(f"{{of: incident, {clock}}}", 0.2)}
entitlement: {{desk: {row("{channels: [phone]}", 0.3)}}}
escalate: {{late: {{of: answer, where: severity = S1, at: [limit], tell: lead, channels of: desk}}}}
notify: {{begun: {{of: incident, upon: declared, tell: lead, channels of: desk}}}}
indicator: {{uptime: {row(incidents, 0.15)}, share: {row(share, 0.15)}}}
exclude: {{work: {row(work, 0.3)}, hours: {row(hours, 0.3)}}}
commit: {{kept: {row(commit, 0.2)}, other: {row(other, 0.2)}}}
remedy: {{credit: {row(owed, 0.2)}, more: {row(more, 0.2)}}}
"""
    )


@pytest.mark.parametrize(
    "seed", [*range(20), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(20, 60))]
)
def test_a_text_full_of_readings_is_what_it_is_anew_under_every_reading_and_every_two(seed: int) -> None:
    """Terms and findings, where readings choose which row is meant, take rows away, or make errors."""
    agreement, contract = mapping(_written(seed)), mapping(CONTRACT)
    bound, world = _bound(), World()
    text = _Text(agreement, contract, bound, world)
    variants = Variants(agreement, contract, bound, world)
    found = _selections(dict.fromkeys(READINGS, ("b",)))
    Random(seed).shuffle(found)
    for selection in found:
        anew = text.anew(selection)
        assert text.again(selection) == anew, selection
        assert variants.terms(dict(selection)) == anew[0], selection


def test_texts_full_of_readings_are_often_executable_and_often_not() -> None:
    """Else the comparison above would be one of nothing with nothing."""
    bound = _bound()
    texts = [_Text(mapping(_written(seed)), mapping(CONTRACT), bound, World()) for seed in range(40)]
    sound = [text.anew(TAKEN)[0] is not None for text in texts]
    assert 8 <= sum(sound) <= 32


def test_a_row_that_sees_the_same_is_built_once_whatever_is_consulted_behind_it() -> None:
    """What an exclusion consults changes what a remedy cites, and nothing of what it gives."""
    rows = """
  work: {ref: N1, issue: work, options: [out, counted], take: out, because: so}
  level: {ref: N2, issue: level, options: [three nines, more], take: three nines, because: so}
component: {service: {}}
scale: {severity: {of: incident, values: {S1: all}}}
indicator: {uptime: {count: incidents of service}}
exclude:
  work: {by work: {out: {of: maintenance, effect: not bad}, counted: none}}
commit:
  uptime: {level: {by level: {three nines: ">= 99.9 %", more: ">= 99.99 %"}}, per: calendar month}
remedy:
  credit: {of: uptime, bands: {"< 99 %": 10 %}, base: {fee: month}}
"""
    variants = Variants(mapping(BEFORE + rows), mapping(CONTRACT), _bound(), World())
    taken, work, level = (variants.terms(one) for one in ({}, {"work": "counted"}, {"level": "more"}))
    assert taken is not None
    assert work is not None
    assert level is not None
    assert work.commits[0] is taken.commits[0]
    assert work.remedies[0] is taken.remedies[0]
    assert level.commits[0].level != taken.commits[0].level
    assert level.remedies[0].cited == taken.remedies[0].cited
