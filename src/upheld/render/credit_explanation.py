"""The explanation of a credit as text: from the value to what is given, its base, limits, and instalments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from upheld.core.facts.fact import Fact
from upheld.core.owing.termination import Right
from upheld.core.terms.agreement import Assumption, Terms
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.zone import Zone
from upheld.core.values.key import FactRef
from upheld.core.verdicts.credit import Credit, Line
from upheld.core.verdicts.verdict import Verdict
from upheld.render import credits as owing
from upheld.render import measures, words
from upheld.render.figure_explanation import fact_record
from upheld.render.figure_records import credit_record
from upheld.render.naming import cited, head, reading_lines, zone_of
from upheld.render.record_values import Record, instant
from upheld.render.records import reading_records


def credit_explanation(
    number: int,
    terms: Terms,
    rule: RemedyRule,
    credit: Credit,
    readings: Sequence[Assumption],
    verdict: tuple[int, Verdict] | None,
    facts: Mapping[FactRef, Fact],
    numbers: Mapping[str, int],
    right: Right | None = None,
) -> list[str]:
    """The remedy, its readings, the steps with their values before rounding, and how it is paid."""
    zone = zone_of(terms)
    lines = head(number, terms, credit.key, credit.state)
    lines.append(f"remedy of {rule.of} ({credit.rule_id}{cited(terms, rule.cited)})")
    lines += [rule.doc] * bool(rule.doc)
    lines += reading_lines(readings)
    lines.append(f"times are {zone.name}")
    if verdict is not None:
        lines.append(behind(terms, verdict))
    lines += words.table(step_rows(terms, credit, facts, numbers), frozenset({1}))
    lines += [f"  {line}" for line in [*other_facts(terms, credit, facts), *owing.instalments(terms, credit)]]
    lines += [f"  {line}" for line in right_lines(terms, right)]
    return [*lines, f"=> {outcome(terms, credit)}"]


def right_lines(terms: Terms, right: Right | None) -> list[str]:
    """Until when a right to terminate may be used, whether it was, and when the contract then ends."""
    if right is None or right.state in ("running", "undetermined"):
        return []
    zone = zone_of(terms)
    since = f"from {words.local(right.from_at, zone)}"
    until = "without a limit" if right.until_at is None else f"until {words.until(right.until_at, zone)}"
    lines = [f"may be used {since} {until}: {right.state}"]
    if right.given_at is not None:
        late = ", too late" if right.state == "lapsed" else ""
        lines.append(f"notice given on {words.local(right.given_at, zone)}{late}")
    if right.early_at is not None:
        early = words.local(right.early_at, zone)
        lines.append(f"notice given on {early} does not count: the right was not there yet")
    if right.ends_at is not None:
        what = "the contract ends" if right.state == "used" else "with a notice now it would end"
        lines.append(f"{what} on {words.until(right.ends_at, zone)}")
    return lines


def right_record(right: Right | None) -> Record | None:
    """The same as data."""
    if right is None:
        return None
    return {
        "state": right.state,
        "from_at": instant(right.from_at),
        "until_at": instant(right.until_at),
        "given_at": instant(right.given_at),
        "ends_at": instant(right.ends_at),
        "early_at": instant(right.early_at),
    }


def step_rows(
    terms: Terms, credit: Credit, facts: Mapping[FactRef, Fact], numbers: Mapping[str, int]
) -> list[list[str]]:
    """A row for each step: what, its value, and the fact or the credit that it comes from."""
    zone = zone_of(terms)
    return [
        [owing.step_text(line), owing.line_value(line, credit.currency), _source(line, facts, zone, numbers)]
        for line in credit.lines
    ]


def other_facts(terms: Terms, credit: Credit, facts: Mapping[FactRef, Fact]) -> list[str]:
    """The facts that no step tells: of the claim and of how it was paid."""
    told = {line.fact for line in credit.lines}
    zone = zone_of(terms)
    return [_fact(facts[ref], zone) for ref in credit.facts if ref in facts and ref not in told]


def outcome(terms: Terms, credit: Credit) -> str:
    """What it came to, and why: owed: 99.80 EUR."""
    told = credit.state if credit.state == "not owed" else f"{credit.state}: {owing.owed(terms, credit)}"
    return ", ".join([told, *credit.reasons])


def behind(terms: Terms, verdict: tuple[int, Verdict]) -> str:
    """The verdict that a credit follows, on one line."""
    number, found = verdict
    told = ""
    if found.measurement is not None:
        told = f", {'; '.join(text for text in measures.cells(terms, found) if text)}"
    return f"follows #{number}: {found.key.commitment} of {found.key.subject} {found.state}{told}"


def _source(line: Line, facts: Mapping[FactRef, Fact], zone: Zone, numbers: Mapping[str, int]) -> str:
    """The fact behind a step, or the number of the credit that it tells of."""
    if line.fact is None:
        return f"#{numbers[line.subject]}" if line.subject in numbers else ""
    fact = facts.get(line.fact)
    return f"[{line.fact.source} {line.fact.id}]" if fact is None else _fact(fact, zone)


def _fact(fact: Fact, zone: Zone) -> str:
    """INV-7 of 2026-06, issued on Mon 2026-07-06 09:00 [billing f12]."""
    named = fact.data.get("invoice")
    what = str(named) if isinstance(named, str) else f"{fact.subject} {fact.type.replace('.', ' ')}"
    month = fact.data.get("month")
    of = f" of {month}" if isinstance(month, str) else ""
    return f"{what}{of}, {words.local(fact.at, zone)} [{fact.source} {fact.id}]"


def credit_explanation_record(
    number: int,
    terms: Terms,
    credit: Credit,
    readings: Sequence[Assumption],
    verdict: tuple[int, Verdict] | None,
    facts: Mapping[FactRef, Fact],
    right: Right | None = None,
) -> Record:
    """The same as data."""
    return {
        "credit": credit_record(number, terms, credit),
        "follows": None if verdict is None else verdict[0],
        "readings": reading_records(readings),
        "facts": [fact_record(fact) for fact in facts.values()],
        **({} if right is None else {"right": right_record(right)}),
    }
