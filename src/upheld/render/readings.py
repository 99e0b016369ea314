"""On which readings verdicts and amounts depend, as text and as records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from upheld.core.readings.dependence import NOT_PROMISED, Alternative, Dependence, Taking, figures
from upheld.core.terms.agreement import Assumption, Terms
from upheld.core.values.finding import Finding, Place
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import OPEN, Verdict
from upheld.render import credits as money
from upheld.render import measures, words
from upheld.render.blocks import Block, TextLine, rows
from upheld.render.figure_records import exact
from upheld.render.figures import ValueUnit, bounded
from upheld.render.naming import zone_of
from upheld.render.record_values import Record, instant

Result: TypeAlias = Verdict | Credit | None
Any: TypeAlias = Dependence[Verdict] | Dependence[Credit]
NUMBERS = 6
"""So many verdicts are named by number in one row."""
IN_PAIRS = "readings were taken one at a time and in pairs, not in every combination"


def readings_summary(found: Sequence[Any]) -> list[Block]:
    """One sentence, and a row a reading: what it decides, and what only moves."""
    there = [one for one in found if one.number]
    decided = [one for one in there if one.is_decided_by_readings]
    moved = [one for one in there if one.alternatives and not one.is_decided_by_readings]
    only_otherwise = len(found) - len(there)
    if not decided and not moved and not only_otherwise:
        return [TextLine(f"Readings: none of {_of(there)} depends on how a clause is read.", "head")]
    others = len(there) - len(decided) - len(moved)
    depend = words.plural(len(decided), "depends", "depend")
    told = f"Readings: {len(decided)} of {_of(there)} {depend} on how a clause is read"
    told += f", {len(moved)} more only in a figure or an instant, {others} not at all."
    blocks: list[Block] = [TextLine(told, "head")]
    if only_otherwise:
        blocks.append(TextLine(f"There would be {only_otherwise} more under other readings."))
    return blocks + rows((_row(*one) for one in _by_reading(found)), ("name", "subject", "text"), 2)


def readings_in_full(found: Iterable[Any]) -> list[Block]:
    """Each verdict and credit that depends on a reading, with what it would be: the decided ones first."""
    told = sorted((one for one in found if one.alternatives), key=lambda one: not one.is_decided_by_readings)
    blocks: list[Block] = []
    for one in told:
        subject = one.key.subject + (f" ({one.cycle})" if one.cycle > 1 else "")
        number = f"#{one.number}" if one.number else "-"
        head = [number, one.key.contract, one.key.commitment, subject, told_of(one.terms, one.result)]
        blocks += [TextLine(""), *rows([head], ("number", "name", "name", "subject", "figure"), 4)]
        others = ([told_of(one.terms, other.result), _where(other.takings)] for other in one.alternatives)
        blocks += rows(others, ("figure", "text"), 1, indent=6)
        blocks += [TextLine(f"      {IN_PAIRS}", "note")] * (not one.is_whole)
    return blocks


def compared(one: Any, other: Alternative[Verdict] | Alternative[Credit]) -> str:
    """What stands over two derivations: what it would be, and under which readings."""
    return f"{told_of(one.terms, other.result)} {_where(other.takings)}"


def told_of(terms: Terms, result: Result) -> str:
    """A result in a few words: `breached 99.4972 %`, `met, due Mon 2026-06-08 10:30`, `owed 99.80 EUR`."""
    if result is None:
        return NOT_PROMISED
    if isinstance(result, Credit):
        return result.state if result.state == "not owed" else f"{result.state} {money.owed(terms, result)}"
    found = result.measurement
    if found is not None:
        if measures.is_empty(found):
            return f"{result.state}, nothing to count"
        shown = bounded(measures.value_of(result), result.level, measures.value_unit(terms, found))
        return f"{result.state} {'to date ' if result.state in OPEN else ''}{shown}"
    if result.count is not None:
        return f"{result.state}, {result.count} of {result.allowed}"
    if result.due_at is None:
        return result.state
    return f"{result.state}, due {words.until(result.due_at, zone_of(terms))}"


def sensitive(one: Any) -> Finding | None:
    """The finding that a reading decides a verdict or a credit of the report; None if none does."""
    other = next((other for other in one.alternatives if other.is_decisive), None)
    if other is None or not one.number:
        return None
    what = f"#{one.number} {one.key.commitment} of {one.key.subject} for `{one.key.contract}`"
    message = f"{what} is {told_of(one.terms, one.result)}, and {compared(one, other)}"
    places = [taking.reading.cited.place for taking in other.takings]
    names = " and ".join(f"`{taking.reading.name}`" for taking in other.takings)
    way_out = f"agree with the other party on {names}, and write it into the contract, under `override`"
    found = tuple(place for place in places if place is not None) or (Place("the agreement"),)
    return Finding("reading-sensitive-verdict", message, found, way_out, "note")


def _of(found: Sequence[Any]) -> str:
    verdicts = sum(not isinstance(_result(one), Credit) for one in found)
    told = [words.count(verdicts, "verdict")] * bool(verdicts)
    told += [words.count(len(found) - verdicts, "credit")] * (verdicts < len(found))
    return " and ".join(told) or "0 verdicts"


def _result(one: Any) -> Result:
    return next((r for r in (one.result, *(a.result for a in one.alternatives)) if r is not None), None)


def _by_reading(found: Iterable[Any]) -> Iterator[tuple[Terms, Assumption, list[Any], list[Any]]]:
    """Each reading of each agreement with what it decides and what it only moves, alone or with others."""
    rows: dict[tuple[str, str, str], tuple[Terms, Assumption, list[Any], list[Any]]] = {}
    for one in found:
        for reading in one.readings:
            key = one.terms.agreement, one.terms.version, reading.name
            _, _, decided, moved = rows.setdefault(key, (one.terms, reading, [], []))
            is_decisive = any(
                other.is_decisive and any(taking.reading is reading for taking in other.takings)
                for other in one.alternatives
            )
            (decided if is_decisive else moved).append(one)
    yield from sorted(rows.values(), key=lambda row: (-len(row[2]), -len(row[3]), row[1].ref, row[1].name))


def _row(terms: Terms, reading: Assumption, decided: list[Any], moved: list[Any]) -> list[str]:
    told = [f"decides {_numbers(decided)}"] * bool(decided) + [f"moves {_numbers(moved)}"] * bool(moved)
    return [reading.ref, f"{reading.name}: {reading.take}", "; ".join(told)]


def _numbers(found: Sequence[Any]) -> str:
    numbers = [f"#{one.number}" for one in found if one.number]
    unnumbered = len(found) - len(numbers)
    shown = [*numbers[:NUMBERS], *[f"{len(numbers) - NUMBERS} more"] * (len(numbers) > NUMBERS)]
    shown += [f"{unnumbered} not promised as it is read"] * bool(unnumbered)
    return ", ".join(shown)


def _where(takings: Iterable[Taking]) -> str:
    return "if " + " and ".join(f"{one.reading.ref} is `{one.option}`" for one in takings)


# -- records -----------------------------------------------------------------------------------------------


def dependence_record(one: Any) -> Record:
    """One verdict or credit: whether and on what it depends, what it would be, and the span of outcomes."""
    is_credit = isinstance(_result(one), Credit)
    return {
        "number": one.number or None,
        "contract": one.key.contract,
        "remedy" if is_credit else "commitment": one.key.commitment,
        "subject": one.key.subject,
        "cycle": one.cycle,
        "depends": one.is_decided_by_readings,
        "moves": bool(one.alternatives),
        "readings": [reading.name for reading in one.readings],
        "refs": list(dict.fromkeys(reading.ref for reading in one.readings)),
        "taken": result_record(one.terms, one.result),
        "alternatives": [alternative_record(one.terms, other) for other in one.alternatives],
        "states": list(one.states),
        "span": {"low": exact(one.low), "high": exact(one.high)},
        "explored": "every combination" if one.is_whole else "one at a time and in pairs",
    }


def alternative_record(terms: Terms, one: Alternative[Verdict] | Alternative[Credit]) -> Record:
    """The readings that would be taken otherwise, and what would be then."""
    takings = [{"reading": t.reading.name, "ref": t.reading.ref, "take": t.option} for t in one.takings]
    return {"takings": takings, **result_record(terms, one.result)}


def result_record(terms: Terms, result: Result) -> Record:
    """The state and the figures of a result."""
    state = NOT_PROMISED if result is None else result.state
    told = figures(result)
    record: Record = {"state": state, "text": told_of(terms, result)}
    if isinstance(result, Credit):
        record["amount"] = None if result.amount is None else f"{result.amount:f}"
        record["currency"] = result.currency or None
    elif result is None or result.measurement is None:
        record["due_at"] = instant(told.due_at)
        return record
    unit: ValueUnit = "ratio"
    if isinstance(result, Verdict) and result.measurement is not None:
        unit = measures.value_unit(terms, result.measurement)
    record |= {
        name: exact(number, None, unit)
        for name, number in (("value", told.value), ("low", told.low), ("high", told.high))
    }
    return record
