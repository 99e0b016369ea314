"""What was hidden is revealed: the truth lies between the bounds that were told, of figures and of money."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import pytest

from tests.core.observed import Row, Rows
from tests.core.worlds import bound, fact
from upheld.book.evaluate import Report, evaluate
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import HOUR, MINUTE, format_instant, parse_instant
from upheld.files.folder import Folder

START = parse_instant("2026-06-01T00:00:00Z")
AT = parse_instant("2026-07-02T00:00:00Z")
HOURS = 8 * 24
CONTRACT = """
contract: {id: c1, customer: Acme, agreement: a, from: 2026-06-01, until: 2026-06-09,
  fees: {month: 1000.00 EUR}}
"""


class World(NamedTuple):
    """Terms and facts, and the observations as they were and as they are known."""

    terms: Terms
    facts: Sequence[Fact]
    true: Rows
    known: Rows

    def report(self, observations: Rows) -> Report:
        """All verdicts and credits."""
        found = Folder(terms=(self.terms,), log=FactLog(self.facts), observations=observations)
        return evaluate(found, AT)


def _component(chance: random.Random, leaves: Sequence[str]) -> tuple[str, str]:
    """The component, and how an indicator goes across it."""
    named, some = ", ".join(leaves), chance.randint(1, len(leaves))
    weights = ", ".join(f"{leaf}: {chance.randint(1, 5)}" for leaf in leaves)
    ties = ("all: [{}]", "any: [{}]", f"at least: {some}, of: [{{}}]", "each: [{}]")
    tie = chance.choice(ties).format(named)
    over = ("worst", "mean", "pooled", f"at least {some}", f"weighted, weights: {{{weights}}}")
    return tie, f", across: {chance.choice(over)}" if tie.startswith("each") else ""


def _counting(chance: random.Random) -> str:
    slices = (
        f"{{slice: 1h, good when: good / total >= {chance.choice((50, 75, 100))} %, "
        f"run: {chance.randint(1, 3)}, run in: {chance.choice(('any part', 'same part'))}, "
        f"partly excluded: {chance.choice(('judged on the rest', 'excluded whole', 'not excluded'))}}}"
    )
    return chance.choice((
        f"checks of top, per: {slices}, lone: {chance.choice(('degraded', 'down'))}",
        "checks of top, per: {slice: 1h}, combine: ratio of sums",
        "checks of top, per: {slice: 1h}, combine: mean of ratios",
        f"latency of top, combine: percentile {chance.choice((50, 90, 100))}",
    ))  # fmt: skip


def _giving(chance: random.Random, counting: str) -> str:
    if counting.startswith("latency"):
        forms = ["steps: {each: 0.05s, of: shortfall, give: 2 %}"]
    else:
        forms = ['bands: {"[90 %, 99 %)": 7 %, "[70 %, 90 %)": 31 %, "< 70 %": 60 %}']
        forms += ['formula: "min(50 %, 2 * shortfall)"', "steps: {each: 1 %, of: shortfall, give: 2 %}"]
    if "lone" in counting:
        forms += ["multiple: 3", "steps: {each: 2h, begun: true, free: 1h, give: 3 %}"]
        forms += ["steps: {each: 2h, of: each day, give: 3 %}, limits: {day: 5 %, month: 33 %}"]
    return chance.choice(forms)


def _agreement(chance: random.Random, leaves: Sequence[str]) -> str:
    tie, across = _component(chance, leaves)
    counting = _counting(chance)
    effect = ("not bad", "[not bad, out of total]", "[not bad, breaks run]")
    when = ("before combining", "after combining")
    return (
        'document: {agreement: a, version: "1", provider: Northwind, zone: UTC}\n'
        f"component: {{top: {{{tie}}}, {', '.join(f'{leaf}: {{}}' for leaf in leaves)}}}\n"
        f"signal: {{probe: {{of: [{', '.join(leaves)}], checks: one call, every: 15m}}}}\n"
        f"indicator: {{i: {{count: {counting}, gaps: {chance.choice(('unknown', 'up', 'down'))}{across}}}}}\n"
        f"exclude:\n"
        f"  work: {{of: maintenance, effect: {chance.choice(effect)}, taken: {chance.choice(when)}}}\n"
        f"  cause: {{of: attribution, effect: {chance.choice(effect)}, taken: {chance.choice(when)}}}\n"
        f"commit: {{i: '{'<= 0.3s' if counting.startswith('latency') else '>= 90 %'} per calendar month'}}\n"
        f"remedy: {{r: {{of: i, {_giving(chance, counting)}, base: {{fee: month}}}}}}\n"
    )


def _fact(chance: random.Random, number: int, leaves: Sequence[str]) -> Fact:
    starts_at = START + chance.randrange(HOURS * 4) * 15 * MINUTE
    told = {
        "starts_at": format_instant(starts_at),
        "ends_at": format_instant(starts_at + chance.randint(1, 40) * 15 * MINUTE),
        "components": tuple(chance.sample(leaves, chance.randint(1, len(leaves)))),
    }
    if chance.random() < 0.5:
        return fact("maintenance.announced", starts_at - 99 * HOUR, f"M-{number}", kind="scheduled", **told)
    told |= {"target": "interval", "cause": "war", "party": "customer"}
    return fact("attribution.recorded", starts_at + HOUR, f"A-{number}", **told)


def world_of(seed: int) -> World:
    """Hours of four checks each, some stretches of them bad, and some that nobody saw."""
    chance = random.Random(seed)
    leaves = ("api", "voice", "mail", "page")[: chance.randint(2, 4)]
    terms = bound(_agreement(chance, leaves), CONTRACT)
    true, known = Rows(), Rows()
    for leaf in leaves:
        bad = hidden = 0
        for hour in range(HOURS):
            bad = chance.randint(1, 6) if bad <= 0 and chance.random() < 0.06 else bad - 1
            hidden = chance.randint(1, 8) if hidden <= 0 and chance.random() < 0.05 else hidden - 1
            rows = [
                Row(
                    START + hour * HOUR + quarter * 15 * MINUTE,
                    int(chance.random() < (0.3 if bad > 0 else 0.995)),
                    latency_us=chance.choice((1_000, 200_000, 290_000, 305_000, 900_000)),
                )
                for quarter in range(4)
            ]
            true.tell(leaf, rows)
            known.tell(leaf, rows if hidden <= 0 else [])
    facts = [_fact(chance, number, leaves) for number in range(chance.randint(0, 4))]
    return World(terms, facts, true, known)


def _faults(seed: int) -> list[str]:
    """What of the truth lies outside what was told without it."""
    world = world_of(seed)
    true, known = world.report(world.true), world.report(world.known)
    faults = []
    for (_, _, truth), (_, _, told) in zip(true.numbered(), known.numbered(), strict=True):
        assert truth.measurement is not None
        assert told.measurement is not None
        is_, was = truth.measurement.to_date, told.measurement.to_date
        if not was.low <= is_.low <= is_.high <= was.high:
            faults.append(f"{seed}: {is_} is not within {was}")
        if told.state in ("met", "breached") and told.state != truth.state:
            faults.append(f"{seed}: {told.state} was {truth.state}")
    for (_, _, owed), (_, _, said) in zip(true.numbered_credits(), known.numbered_credits(), strict=True):
        if owed.exact is not None and not (said.low or Fraction(0)) <= owed.exact <= (
            said.high or owed.exact
        ):
            faults.append(f"{seed}: {owed.exact} is not within {said.low} to {said.high}")
    return faults


def test_the_truth_lies_within_what_was_told() -> None:
    """Ties, runs, gap rules, exclusions, weights, percentiles, bands, steps and limits as they come."""
    assert [fault for seed in range(40) for fault in _faults(seed)] == []


@pytest.mark.slow
def test_the_truth_lies_within_what_was_told_of_many() -> None:
    """The same, longer."""
    assert [fault for seed in range(40, 500) for fault in _faults(seed)] == []
