"""A measured commitment as text: its value with bounds, the partition of its period, and what is left."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from upheld.core.measuring.level import Compare, kept
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Level
from upheld.core.timeline.instant import Duration
from upheld.core.verdicts.condition import is_condition
from upheld.core.verdicts.measurement import PARTS, Bounds, Measurement, Part, PartName
from upheld.core.verdicts.verdict import OPEN, Verdict
from upheld.render import figures, words
from upheld.render.blocks import Bar, Block, Parts, Row, Rows, TextLine
from upheld.render.naming import clauses, zone_of

SAID = ("nothing to count", "what is unknown decides", "it is measured, not promised")
"""Reasons of core that a line of figures says anyhow, in more detail."""
UNKNOWN_ITEMS = 3
"""How many of the items that decide are named in one line."""


class Budget(NamedTuple):
    """How much may fail in a period (microseconds or items), rounded down, and how much has.

    `is_below_edge`: one more would come to the level itself, strictly above which it is kept.
    """

    allowed: int
    used: int
    is_below_edge: bool = False

    @property
    def left(self) -> int:
        """What may still fail; negative where too much has."""
        return self.allowed - self.used


def cells(terms: Terms, verdict: Verdict) -> list[str]:
    """The three cells that tell a measured commitment: its value, what was promised, and why."""
    found = verdict.measurement
    assert found is not None
    bounds = value_of(verdict)
    told = [_counted(terms, decisive(found)), _against(terms, verdict, found)]
    shown = bounded(terms, found, bounds, verdict.level)
    if is_empty(found):
        shown, told = _nothing(terms, found), []
    elif verdict.state in OPEN:
        shown = f"to date {shown}"
    told += [reason for reason in verdict.reasons if reason not in SAID]
    asked = "condition" if is_condition(terms, verdict) else "promised"
    promise = f"{asked} {figures.promised(verdict.level)}" if verdict.level else "no level is promised"
    return [shown, promise, "; ".join(text for text in told if text)]


def value_of(verdict: Verdict) -> Bounds:
    """The bounds that tell a verdict: of what is over while it runs, of the whole period afterwards."""
    found = verdict.measurement
    assert found is not None
    return found.final if found.is_settled else found.to_date


def bounded(terms: Terms, found: Measurement, bounds: Bounds, level: Level | None) -> str:
    """A value with its bounds; what cannot be told of items is not known, of all else not observed."""
    indicator = terms.indicators.get(found.indicator)
    is_of_items = indicator is not None and indicator.basis == "outcomes"
    unknown = "not known" if is_of_items else "no observations"
    return figures.bounded(bounds, level, value_unit(terms, found), unknown)


def value_unit(terms: Terms, found: Measurement) -> figures.ValueUnit:
    """Whether values are ratios, or durations (percentiles of latency)."""
    indicator = terms.indicators.get(found.indicator)
    return "duration" if indicator is not None and indicator.combine == "percentile" else "ratio"


def is_empty(found: Measurement) -> bool:
    """Whether there is nothing to count in the period, nor anything that is not known."""
    return found.total == 0 and found.to_date.value is None and not found.amount("unknown")


def is_unseen(found: Measurement) -> bool:
    """Whether nothing at all is known of the period, and something should be."""
    names = {part.name for part in found.parts}
    return "unknown" in names and names.isdisjoint({"up", "degraded", "down", "excluded"})


def decisive(found: Measurement) -> Measurement:
    """The component whose value is that of the whole, where one decides; else the whole itself."""
    for one in found.of:
        if one.component == found.decisive:
            return decisive(one)
    return found


def budget(found: Measurement, level: Level | None, compare: Compare) -> Budget | None:
    """How much may fail in the whole period, where the value is the part of a total that did not.

    A level that is compared after rounding leaves what rounds to it as well.
    """
    found = decisive(found)
    total = found.final_total or found.total
    if level is None or level.unit != "ratio" or level.relation not in (">=", ">") or not found.total:
        return None
    if found.to_date.value != Fraction(found.total - found.bad, found.total):
        return None
    _, least, is_inside = kept(level, compare)
    allowed = (1 - least) * total
    whole = min(allowed.numerator // allowed.denominator, total)
    # Strictly above a level, what would reach it exactly is too much already.
    is_below_edge = not is_inside and allowed.denominator == 1
    return Budget(whole - is_below_edge, found.bad, is_below_edge)


def compare_of(terms: Terms, verdict: Verdict) -> Compare:
    """How the value of a verdict is compared with its level."""
    name = verdict.key.commitment
    return next((commit.compare for commit in terms.commits if commit.name == name), "exact")


def amount(found: Measurement, number: int) -> str:
    """So much of what the parts count: time in minutes, items in numbers."""
    return figures.minutes(number) if found.unit == "time" else f"{number:,}"


def failed(terms: Terms, found: Measurement, number: int) -> str:
    """So much of what total and bad count: as the parts, or requests."""
    return f"{number:,}" if is_of_requests(terms, found) else amount(found, number)


def is_of_requests(terms: Terms, found: Measurement) -> bool:
    """Whether total and bad count requests while the parts are of time."""
    indicator = terms.indicators.get(found.indicator)
    return indicator is not None and indicator.combine == "ratio of sums" and found.unit == "time"


def _counted(terms: Terms, found: Measurement) -> str:
    """24 min down, 12 min without observations, in 43,200 min."""
    parts = []
    if is_of_requests(terms, found):
        parts.append(f"{found.bad:,} of {found.total:,} failed")
    by_name: dict[PartName, str] = (
        {"down": "down", "unknown": _unknown(terms, found), "excluded": "excluded"}
        if found.unit == "time"
        else {
            "down": bad_word(terms, found),
            "unknown": "not known",
            "excluded": "excluded",
            "not yet": "running",
        }
    )
    for name, word in by_name.items():
        if number := found.amount(name):
            parts.append(f"{amount(found, number)} {word}")
        elif name == "down" and found.to_date.value is not None and not parts:
            parts.append(f"none {word}" if found.unit == "count" else f"nothing {word}")
    length = sum(part.amount for part in found.parts)
    whole = amount(found, length)
    if before := found.amount("before start"):  # what is allowed is a share of the rest
        whole += f", {amount(found, length - before)} of them in force,"
    of = f" of {words.count(len(found.of), 'component')}" if found.of else ""
    return f"{', '.join(parts)} in {whole}{of}".rstrip(",") if parts else ""


def bad_word(terms: Terms, found: Measurement) -> str:
    """Items of a deadline are late, requests and checks fail."""
    indicator = terms.indicators.get(found.indicator)
    return "late" if indicator is None or indicator.basis == "outcomes" else "failed"


def good_word(terms: Terms, found: Measurement) -> str:
    """Items of a deadline are in time, requests and checks succeed."""
    return "in time" if bad_word(terms, found) == "late" else "succeeded"


def _unknown(terms: Terms, found: Measurement) -> str:
    """What unknown time is: a gap in the data, or also what the agreement leaves unknown."""
    indicator = terms.indicators.get(found.indicator)
    is_gap = indicator is None or "unknown" not in (indicator.unattributed, indicator.lone)
    return "without observations" if is_gap else "unknown"


def _against(terms: Terms, verdict: Verdict, found: Measurement) -> str:
    """By how much a level was missed, what is left of the budget, or what would decide."""
    allowed = budget(found, verdict.level, compare_of(terms, verdict))
    if verdict.is_late:
        return _missed_by(terms, verdict, found, allowed)
    if verdict.state == "undetermined":
        return _undecided(terms, found)
    if verdict.state not in OPEN or verdict.level is None:
        return ""
    told = []
    if allowed is not None:
        word = "left" if allowed.left >= 0 else "too much"
        left, most = (failed(terms, found, one) for one in (abs(allowed.left), allowed.allowed))
        told.append(f"{left} {word} of the {most} allowed")
    if found.final.value is not None:
        told.append(f"if nothing more fails {bounded(terms, found, found.final, verdict.level)}")
    return "; ".join(told)


def _missed_by(terms: Terms, verdict: Verdict, found: Measurement, allowed: Budget | None) -> str:
    if allowed is not None and allowed.left < 0:
        more, most = (failed(terms, found, one) for one in (-allowed.left, allowed.allowed))
        return f"{more} more than the {most} allowed"
    level = verdict.level
    bounds = found.final
    best = bounds.high if level is None or level.relation in (">=", ">") else bounds.low
    if level is None:
        return ""
    short = abs(level.value - best)
    if value_unit(terms, found) == "duration":
        return f"{figures.value(short, Level('<=', Fraction(0), 'duration'), 'duration')} too long"
    return f"{figures.cut(short * 100, figures.PERCENT_DECIMALS, up=True)} points short"


def _undecided(terms: Terms, found: Measurement) -> str:
    """What would decide: the time without observations, or the items that are not known."""
    unknown = [part for one in found.ends for part in one.parts if part.name == "unknown"]
    if not unknown:
        return ""
    if items := [item for part in unknown for item in part.subjects]:
        more = len(items) - UNKNOWN_ITEMS
        named = ", ".join(items[:UNKNOWN_ITEMS]) + (f" and {more} more" if more > 0 else "")
        return f"decided by {named}"
    starts = [at for part in unknown for at in part.spans.starts]
    since = f", first from {words.local(min(starts), zone_of(terms))} on" if starts else ""
    return f"what is unknown decides{since}"


def _nothing(terms: Terms, found: Measurement) -> str:
    """Nothing to count is an answer: no tasks in 2026-06."""
    indicator = terms.indicators.get(found.indicator)
    clocks = [
        one for one in terms.clocks if indicator and (indicator.basis, indicator.of) == ("outcomes", one.name)
    ]
    if not clocks:
        return f"nothing to count in {found.period.label}"
    subjects = "maintenances" if clocks[0].of == "maintenance" else f"{clocks[0].of}s"
    return f"no {subjects} in {found.period.label}"


# -- in full -----------------------------------------------------------------------------------------------


def in_full(terms: Terms, verdict: Verdict, told: str = "", indent: int = 6) -> list[Block]:
    """The partition of a verdict's period, the components gone over, and the method if it was not `told`."""
    found = verdict.measurement
    assert found is not None
    room = " " * indent
    blocks: list[Block] = [parts(terms, found, indent)]
    if found.of:
        blocks.append(TextLine(f"{room}gone over: {len(found.of)}"))
        cells = _components(terms, verdict, found)
        made = tuple(Row(tuple(row), bar=bar(one)) for row, one in zip(cells, found.of, strict=True))
        blocks.append(Rows(made, ("subject", "figure", "text", "text"), 1, indent=indent + 2))
    if found.method and method(found) != told:
        blocks.append(TextLine(f"{room}measured by {method(found)}", "note"))
    return [*blocks, *(TextLine(f"{room}note: {note}", "note") for note in found.notes)]


def bar(found: Measurement) -> Bar | None:
    """The parts by their names, what several exclusions took in one; None if there is nothing in any."""
    amounts = tuple((name, found.amount(name)) for name in PARTS if found.amount(name))
    return Bar(amounts) if amounts else None


def parts(terms: Terms, found: Measurement, indent: int) -> Parts:
    """The partition with the bar that goes with it."""
    names = [part.name for part in found.parts if part.amount]
    told = zip([*names, ""], partition(terms, found), strict=True)
    return Parts(bar(found) or Bar(()), tuple((name, *row) for name, row in told), indent)


def partition(terms: Terms, found: Measurement) -> list[tuple[str, str]]:
    """A row a part that is not empty, and their sum: the period itself, or the items counted."""
    shown = [part for part in found.parts if part.amount]
    whole = sum(part.amount for part in shown)
    unit, size = (
        figures.unit_of((*(part.amount for part in shown), whole)) if found.unit == "time" else ("", 1)
    )
    rows = [(part_of(terms, found, part), _sized(part.amount, size, unit)) for part in shown]
    is_period = found.unit == "time" and not found.of
    return [*rows, ("the period" if is_period else "in all", _sized(whole, size, unit))]


def part_name(terms: Terms, part: Part) -> str:
    """A part by its name; of what is excluded, also by which exclusion under which clause."""
    if not part.by:
        return part.name
    rule = next((rule for rule in terms.exclusions if rule.name == part.by), None)
    clause = f" (clause {clauses(rule.cited)})" if rule is not None and rule.cited.clauses else ""
    return f"{part.name} by {part.by}{clause}" if part.name == "excluded" else f"{part.name}: {part.by}"


def part_of(terms: Terms, found: Measurement, part: Part) -> str:
    """A part by its name; of items, those that are up were in time or succeeded, others late or failed."""
    if found.unit == "count" and part.name in ("up", "down") and not part.by:
        return good_word(terms, found) if part.name == "up" else bad_word(terms, found)
    return part_name(terms, part)


def _sized(number: int, size: int, unit: str) -> str:
    return f"{figures.cut(Fraction(number, size), 6)} {unit}".rstrip()


def method(found: Measurement) -> str:
    """How a figure was made: basis checks of service; slice 5 min; ..."""
    return "; ".join(f"{name} {text}" for name, text in found.method)


def _components(terms: Terms, verdict: Verdict, found: Measurement) -> list[list[str]]:
    rows = []
    for one in found.of:
        bounds = one.final if one.is_settled else one.to_date
        shown = bounded(terms, one, bounds, verdict.level)
        decides = "decides" if one.component == found.decisive else ""
        rows.append([one.component, shown, _counted(terms, one), decides])
    return rows


def excess_us(terms: Terms, verdict: Verdict) -> Duration:
    """For the order of gravity: by how many microseconds or items more failed than was allowed."""
    found = verdict.measurement
    allowed = None if found is None else budget(found, verdict.level, compare_of(terms, verdict))
    return 0 if allowed is None else max(0, -allowed.left)
