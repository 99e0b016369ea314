"""Many contracts over one month: every verdict and every amount, and ten times the contracts beside them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from benchmarks.figure import Figure, Side, Sizes, race, time_text
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.facts.fact import Fact, Value
from upheld.core.measuring.observation import Observations
from upheld.core.terms.agreement import Contract, Terms
from upheld.core.timeline.instant import HOUR, MINUTE, Instant, parse_instant
from upheld.core.values.frozen import replace
from upheld.core.values.value import Money
from upheld.files.folder import read_agreement_file
from upheld.lake.opening import open_observations
from upheld.language.compile import compile_terms

ROOT: Final = Path(__file__).parents[1]
PLANS: Final = ("pro", "enterprise")
TICKETS: Final = 5
FROM: Final = date(2026, 6, 1)
BEGIN: Final = parse_instant("2026-06-01T00:00:00Z")
AT: Final = parse_instant("2026-07-01T06:00:00Z")


def contracts_figures(sizes: Sizes) -> Iterable[Figure]:
    """The shipped agreement of SIVO with the probes of the demo month, for so many customers."""
    plans = [_plan(name) for name in PLANS]
    observations, _ = open_observations([ROOT / "demo" / "sivo" / "probes.observations.parquet"], plans)
    few, many = (_bound(plans, count) for count in (sizes.contracts, 10 * sizes.contracts))
    facts_of_few, facts_of_many = (list(_facts(len(terms))) for terms in (few, many))
    assert _answers(many, facts_of_many, observations) == 10 * _answers(few, facts_of_few, observations)
    few_s, many_s = race(
        min(3, sizes.rounds),
        Side(lambda: evaluate(few, facts_of_few, AT, observations)),
        Side(lambda: evaluate(many, facts_of_many, AT, observations)),
    )
    work = f"{len(many):,} contracts × one month, all verdicts and amounts"
    detail = f"{time_text(many_s)} beside {time_text(few_s)}, {TICKETS} tickets each"
    yield Figure(work, "at most", 12, many_s / few_s, f"{len(few):,} contracts", detail)
    yield Figure(work, "at most", 60, many_s, "absolute", "on this machine", "s")


def _answers(terms: Sequence[Terms], facts: Sequence[Fact], observations: Observations) -> int:
    """How many verdicts and credits there are."""
    found = evaluate(terms, facts, AT, observations)
    return sum(len(outcome.verdicts) + len(outcome.credits) for outcome in found.outcomes.values())


def _plan(name: str) -> Terms:
    agreement, _ = read_agreement_file(ROOT / "agreements" / "sivo.yaml")
    assert agreement is not None
    terms, findings = compile_terms(agreement.node, plan=name, lock=agreement.lock)
    assert terms is not None, findings
    return terms


def _bound(plans: Sequence[Terms], count: int) -> list[Terms]:
    """So many contracts, under one plan after the other."""
    fees = {"month": Money(Fraction(499), "EUR")}
    found = []
    for number in range(count):
        terms = plans[number % len(plans)]
        contract = Contract(
            f"c{number}",
            f"customer {number}",
            terms.agreement,
            FROM,
            plan=terms.plan,
            currency="EUR",
            fees=fees,
        )
        found.append(replace(terms, contract=contract))
    return found


def _facts(count: int) -> Iterable[Fact]:
    """The tickets of each contract, in order: opened, and answered some minutes later."""
    facts: list[Fact] = []
    for number in range(count):
        for ticket in range(TICKETS):
            at = BEGIN + (ticket * 139 + number % 97) * HOUR + number % 53 * MINUTE
            subject = f"T-{number}-{ticket}"
            data = {"contract": f"c{number}", "priority": f"S{ticket % 3 + 1}"}
            facts.append(_fact("ticket.opened", subject, at, data))
            facts.append(_fact("ticket.replied", subject, at + (7 + number % 90) * MINUTE, {}))
    return sorted(facts, key=lambda fact: fact.order)


def _fact(type_: str, subject: str, at: Instant, data: Mapping[str, Value]) -> Fact:
    return Fact(f"{subject}/{type_}", "bench", type_, at, at, subject, data)
