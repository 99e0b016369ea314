"""Seeded worlds under which two versions are evaluated, to hold what a diff says against the verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.core.observed import Row, Rows
from tests.judge.worlds import make_world
from tests.mutations import Mutation, mutate
from upheld.core.comparing.comparison import Change
from upheld.core.comparing.terms import compare_terms
from upheld.core.evaluating.evaluation import Evaluation, evaluate
from upheld.core.facts.fact import Fact
from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import HOUR, MINUTE, SECOND, Instant, format_instant, instant_of
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import State, Verdict
from upheld.files.facts_file import read_facts
from upheld.language.compile import compile_terms
from upheld.language.node import Mapping
from upheld.language.reader import read_yaml

LEAST: dict[State, int] = {
    "not applicable": 0, "met": 0, "running": 0, "at risk": 1, "undetermined": 0, "missed": 2, "breached": 3,
}  # fmt: skip
MOST = {**LEAST, "undetermined": 3}
"""How much a verdict gives the customer, at least and at most."""

MEASURED = """
document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}
scale: {severity: {of: incident, values: {S1: all, S2: some}}}
component:
  service: {all: [api, voice]}
  api: {}
  voice: {}
attribute:
  cause: {of: attribution, type: text, values: [war, client, ours]}
calendar:
  nights: {zone: UTC, open: Mon-Sun 00:00-06:00}
  halves: {zone: UTC, open: Mon-Sun 00:00-12:00}
signal:
  probe: {of: [api, voice], checks: one call, good: ok, every: 10m}
indicator:
  uptime: {count: checks of service, per: {slice: 10m, good when: good = total, run: 2}}
  plane: {count: checks of api, per: {slice: 10m, good when: good / total >= 50 %}, unattributed: unknown}
  quiet: {count: incidents of service, where: severity = S1}
exclude:
  work:
    of: maintenance
    where: kind = scheduled
    inside: halves
    announced by: starts_at - 24h
    effect: [not bad, breaks run]
  war: {of: attribution, where: cause = war, effect: [not bad, breaks run]}
  client: {of: attribution, where: "cause in [client, war]", effect: [not bad, out of total], takes: bad}
commit:
  uptime: {level: ">= 97 %", per: calendar month}
  plane: {level: ">= 98 %", per: calendar month, unknown: up}
  quiet: {level: ">= 99 %", per: calendar month, modality: objective}
remedy:
  credit:
    of: uptime
    bands: {"< 95 %": 40 %, "[95 %, top)": 20 %}
    top: level
    base: {fee: month}
    limits: {month: 30 % of base}
  steps: {of: plane, steps: {each: 30m, give: 5 %}, base: {fee: month}, limits: {month: 60 % of base}}
"""
CONTRACT = """
contract:
  {id: c1, customer: Acme, agreement: acme, from: 2026-05-30, until: 2026-06-03, fees: {month: 100.00 EUR}}
"""


@dataclass(frozen=True, slots=True)
class World:
    """An agreement, contracts and what happened, as values."""

    agreement: Mapping
    contracts: tuple[Mapping, ...]
    facts: tuple[Fact, ...]
    at: Instant
    years: tuple[int, int]
    observations: Observations = NO_OBSERVATIONS


def clock_world(seed: int) -> World:
    """A world of the second judge: clocks, cadences and obligations."""
    made = make_world(seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "facts.jsonl"
        path.write_text(made["facts_jsonl"], encoding="utf-8")
        facts, _ = read_facts([path], {})
    year = datetime.fromtimestamp(made["start_s"], UTC).year
    at = made["at_s"] * SECOND
    told = tuple(sorted((fact for fact in _once(facts) if fact.at <= at), key=lambda fact: fact.order))
    return World(
        tree(made["agreement_yaml"]), tuple(map(tree, made["contract_yamls"])), told, at, (year - 2, year + 2)
    )


def _once(facts: Iterable[Fact]) -> Iterable[Fact]:
    return {fact.key: fact for fact in facts}.values()


def measured_world(seed: int) -> World:
    """Some days of checks with outages, gaps, work, incidents and causes, all on the grid of the slices."""
    random = Random(seed)
    start_at = instant_of(datetime(2026, 5, 30, tzinfo=UTC))
    rows = Rows()
    slices = 4 * 24 * 6
    for leaf in ("api", "voice"):
        bad = _stretches(random, slices, 6)
        gone = _stretches(random, slices, 2)
        for k in range(slices):
            if k not in gone:
                at = start_at + k * 10 * MINUTE
                good = random.choice((0, 1)) if k in bad else 1
                rows.tell(leaf, [Row(at + MINUTE, good), Row(at + 2 * MINUTE, 1)])
    facts = tuple(sorted(_happenings(random, start_at, slices), key=lambda fact: fact.order))
    at = start_at + random.choice((3 * 24, 5 * 24, 40 * 24)) * HOUR
    told = tuple(fact for fact in facts if fact.at <= at)
    return World(tree(MEASURED), (tree(CONTRACT),), told, at, (2025, 2030), rows)


def _stretches(random: Random, slices: int, most: int) -> set[int]:
    found: set[int] = set()
    for _ in range(random.randint(0, most)):
        first = random.randrange(slices)
        found.update(range(first, min(slices, first + random.choice((1, 1, 2, 3, 8)))))
    return found


def _happenings(random: Random, start_at: Instant, slices: int) -> Iterable[Fact]:
    for n in range(random.randint(0, 8)):
        first = random.randrange(slices)
        at, end_at = (start_at + k * 10 * MINUTE for k in (first, first + random.choice((1, 2, 6, 12))))
        told_at = at - random.choice((1, 12, 24, 30, 48)) * HOUR
        window: dict[str, object] = {"starts_at": format_instant(at), "ends_at": format_instant(end_at)}
        parts = random.choice((["api"], ["voice"], ["api", "voice"]))
        kind = random.choice(("work", "cause", "incident"))
        if kind == "work":
            of = random.choice(("scheduled", "emergency"))
            yield _fact("maintenance.announced", told_at, f"m{n}", kind=of, components=parts, **window)
            yield _fact("maintenance.started", at, f"m{n}")
            yield _fact("maintenance.ended", end_at, f"m{n}")
        elif kind == "cause":
            cause, party = random.choice((("war", "none"), ("client", "customer"), ("ours", "provider")))
            yield _fact("attribution.recorded", end_at, f"a{n}", target="interval", cause=cause, party=party,
                        components=parts, **window)  # fmt: skip
        else:
            severity = random.choice(("S1", "S2"))
            yield _fact("incident.declared", at, f"i{n}", severity=severity, components=parts)
            yield _fact("incident.resolved", end_at, f"i{n}")


def _fact(type_: str, at: Instant, subject: str, **data: object) -> Fact:
    return Fact(f"{subject}-{type_}", "test", type_, at, at, subject, data)  # type: ignore[arg-type]  # it is frozen


def tree(text: str) -> Mapping:
    """The tree of a sound text."""
    node, findings = read_yaml(text.encode(), "test.yaml")
    assert isinstance(node, Mapping), findings
    return node


def edited(world: World, seed: int) -> tuple[Mapping, tuple[Mutation, ...]]:
    """The agreement of a world with one to three edits."""
    random = Random(f"edits {seed}")
    node, made = world.agreement, []
    for _ in range(random.choice((1, 1, 2, 3))):
        mutation = mutate(node, random)
        node = mutation.tree
        made.append(mutation)
    return node, tuple(made)


def compiled(world: World, agreement: Mapping) -> tuple[Terms, ...] | None:
    """The terms for all contracts; None if something is wrong with them."""
    found = [compile_terms(agreement, contract=c, years=world.years)[0] for c in world.contracts]
    return None if None in found else tuple(terms for terms in found if terms is not None)


@dataclass(frozen=True, slots=True)
class Judged:
    """A version in a world: its terms for every contract, and what they give."""

    terms: tuple[Terms, ...]
    evaluation: Evaluation


def judged(world: World, agreement: Mapping) -> Judged | None:
    """A version evaluated in a world; None if something is wrong with it."""
    terms = compiled(world, agreement)
    if terms is None:
        return None
    return Judged(terms, evaluate(terms, world.facts, world.at, world.observations))


def disagreements(before: Judged, after: Judged) -> list[str]:
    """Where the verdicts and credits of two versions contradict what is said of their commitments.

    A version that is worse never gives the customer more, one that is better never less, and one that is
    equal the same. Only orders that hold in every case are held to that.
    """
    told = [before.evaluation, after.evaluation]
    found = []
    for one, other in zip(before.terms, after.terms, strict=True):
        assert one.contract is not None
        changes = {change.name: change for change in compare_terms(one, other)}
        found += [
            *_verdicts(changes, told, one.contract.id),
            *_credits(changes, told, one.contract.id),
        ]
    return found


def _verdicts(changes: dict[str, Change], told: list[Evaluation], contract: str) -> Iterable[str]:
    one, other = (
        {(v.key.commitment, v.key.subject, v.cycle): v for v in evaluation.of(contract)}
        for evaluation in told
    )
    for key in {**one, **other}:
        before, after, change = one.get(key), other.get(key), changes.get(key[0])
        if change is None:
            if _judged(before) != _judged(after):
                yield f"equal, but {key}: {_judged(before)} -> {_judged(after)}"
        elif change.is_proved and not _is_so(change.order, _bounds(before), _bounds(after)):
            yield f"{change.order}, but {key}: {_judged(before)} -> {_judged(after)}"


def _judged(verdict: Verdict | None) -> tuple[object, ...] | None:
    if verdict is None:
        return None
    measured = verdict.measurement and (verdict.measurement.to_date, verdict.measurement.final)
    return verdict.state, verdict.due_at, verdict.late_after_at, verdict.stopped_at, measured


def _bounds(verdict: Verdict | None) -> tuple[int, int]:
    return (0, 0) if verdict is None else (LEAST[verdict.state], MOST[verdict.state])


def _credits(changes: dict[str, Change], told: list[Evaluation], contract: str) -> Iterable[str]:
    one, other = (
        {(c.key.commitment, c.key.subject): c for c in evaluation.credits_of(contract)} for evaluation in told
    )
    for key in {**one, **other}:
        before, after, change = _owed(one.get(key)), _owed(other.get(key)), changes.get(key[0])
        if change is None:
            if before != after:
                yield f"equal, but {key}: {before} -> {after}"
        elif change.is_proved and not _is_so(change.order, before, after):
            yield f"{change.order}, but {key}: {before} -> {after}"


def _owed(credit: Credit | None) -> tuple[Fraction, Fraction]:
    """What a credit gives, at least and at most."""
    if credit is None:
        return Fraction(0), Fraction(0)
    return credit.low, credit.high


def _is_so(order: str, before: tuple[object, object], after: tuple[object, object]) -> bool:
    """Whether two intervals can be in that order."""
    if order == "worse":
        return after[0] <= before[1]  # type: ignore[operator]  # both are numbers
    if order == "better":
        return before[0] <= after[1]  # type: ignore[operator]  # both are numbers
    return True
