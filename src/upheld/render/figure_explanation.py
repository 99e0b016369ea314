"""The explanation of a measured figure: how it was computed, and the stretches or items that it has."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from upheld.core.facts.fact import Fact
from upheld.core.measuring.trace import BadSlices, LeftIn, Observed, Trace, TracedItem, TracedStretch
from upheld.core.terms.agreement import Assumption, Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import Zone
from upheld.core.verdicts.measurement import Measurement, Part
from upheld.core.verdicts.verdict import Verdict
from upheld.render import figures, measures, words
from upheld.render.naming import cited, head, reading_lines, zone_of
from upheld.render.record_values import Record, instant, seconds
from upheld.render.records import reading_records, verdict_record

SHOWN = 40
"""So many stretches or items are told; the rest if all are asked for."""
SHOWN_STATES = 3
LEFT_IN = "Maintenance that counts all the same"


def figure_explanation(
    number: int,
    terms: Terms,
    rule: CommitRule,
    verdict: Verdict,
    readings: Sequence[Assumption],
    trace: Trace,
    tell_all: bool = False,
) -> list[str]:
    """The promise, its readings, the formula with its numbers, and what the numbers are made of."""
    found = verdict.measurement
    assert found is not None
    zone = zone_of(terms)
    lines = head(number, terms, verdict.key, verdict.state)
    lines.append(f"promised: {promised(rule)} ({rule.modality}{cited(terms, rule.cited)})")
    lines += reading_lines(readings)
    if found.method:
        lines.append(f"measured by {measures.method(found)}")
    lines.append(f"times are {zone.name}")
    lines.append(of_period(found, zone))
    lines += computed(terms, verdict)
    lines += words.table(component_rows(terms, verdict))
    lines += ["", *words.table(measures.partition(terms, found), frozenset({1}))]
    lines += [f"  note: {note}" for note in found.notes]
    if trace.stretches:
        lines += ["", *_cut(_stretch_lines(terms, trace.stretches, zone), tell_all)]
    if trace.items:
        lines += ["", *_cut([[line] for line in words.table(item_rows(terms, trace.items))], tell_all)]
    if trace.left_in:
        rows = words.table(left_in_rows(trace.left_in, zone))
        lines += ["", f"{LEFT_IN}:", *_cut([[line] for line in rows], tell_all)]
    lines += ["", conclusion(terms, verdict)]
    if trace.credits:
        lines.append(f"followed by {', '.join(f'#{one}' for one in trace.credits)}")
    return lines


def promised(rule: CommitRule) -> str:
    """A level for each period in a few words of the language; what is only measured says so."""
    period = f"per {rule.period.kind}, {rule.period.zone.name}"
    if rule.level is None:
        return f"no level: {rule.indicator} is measured {period}"
    how = "" if rule.compare == "exact" else ", rounded half up first"
    return f"{rule.indicator} {figures.promised(rule.level)} {period}{how}"


def of_period(found: Measurement, zone: Zone) -> str:
    """From when to when, and as of when if it is not over."""
    period = found.period
    told = f"period: {words.local(period.start_at, zone)} to {words.until(period.end_at, zone)}"
    return told if found.is_settled else f"{told}, told as of {words.local(found.at, zone)}"


# -- the value ---------------------------------------------------------------------------------------------


def computed(terms: Terms, verdict: Verdict) -> list[str]:
    """The formula of the value with its numbers, and the bounds."""
    found = verdict.measurement
    assert found is not None
    unit = measures.value_unit(terms, found)
    bounds = measures.value_of(verdict)
    lines = [f"value: {_formula(terms, found, verdict)}"]
    if bounds.low != bounds.high and not measures.is_empty(found):
        low, high = (figures.value(one, verdict.level, unit) for one in (bounds.low, bounds.high))
        if any(one.name == "unknown" for one in found.parts) or unit != "duration":
            lines.append(f"bounds: {low} if all that is unknown was bad, {high} if all of it was good")
        else:
            lines.append(f"bounds: between {low} and {high}, the bucket of latencies in which it lies")
    if not found.is_settled and found.final.value is not None:
        final = measures.bounded(terms, found, found.final, verdict.level)
        worst = figures.value(found.worst_final, verdict.level, unit)
        lines.append(f"if nothing more fails: {final}; the worst that can still come: {worst}")
    return lines


def component_rows(terms: Terms, verdict: Verdict) -> list[list[str]]:
    """Of several components the formula of each, and which one decides."""
    found = verdict.measurement
    assert found is not None
    rows = []
    for one in found.of:
        decides = "decides" if one.component == found.decisive else ""
        rows.append([one.component, _formula(terms, one, verdict), decides])
    return rows


def _formula(terms: Terms, found: Measurement, verdict: Verdict) -> str:
    """(43,200 - 240 - 216) / (43,200 - 240) min = 99.49720 %; the value alone if it is no such quotient."""
    bounds = found.final if found.is_settled else found.to_date
    if bounds.value is None:
        return measures.bounded(terms, found, bounds, verdict.level)
    unit = measures.value_unit(terms, found)
    shown = figures.value(bounds.value, verdict.level, unit)
    if found.of or not found.total or bounds.value != Fraction(found.total - found.bad, found.total):
        return shown
    if measures.is_of_requests(terms, found):
        return f"({found.total:,} - {found.bad:,}) / {found.total:,} = {shown}"
    whole = sum(part.amount for part in found.parts)
    removed = _removed(terms, found, whole - found.total)
    word, size = "", 1
    if found.unit == "time":
        word, size = figures.unit_of((whole, found.bad, *removed))
    total = " - ".join(figures.cut(Fraction(one, size), 6) for one in (whole, *removed))
    below = f"({total})" if removed else total
    bad = figures.cut(Fraction(found.bad, size), 6)
    return f"({total} - {bad}) / {below}{f' {word}' if word else ''} = {shown}"


def _removed(terms: Terms, found: Measurement, removed: int) -> list[int]:
    """What left the denominator, part by part where that adds up, else in one sum."""
    out = {rule.name for rule in terms.exclusions if "out of total" in rule.effects}
    indicator = terms.indicators.get(found.indicator)
    gone = {"before start", "outside hours", "not yet"}
    if indicator is not None and indicator.gaps == "out of total":
        gone.add("unknown")
    parts = [part for part in found.parts if part.name in gone or part.by in out]
    amounts = [part.amount for part in parts if part.amount]
    if sum(amounts) == removed:
        return amounts
    return [removed] if removed > 0 else []


def conclusion(terms: Terms, verdict: Verdict) -> str:
    """The last line: what it came to, against what was promised."""
    told = [text for text in measures.cells(terms, verdict) if text]
    return f"=> {verdict.state}: {'; '.join(told)}"


# -- what it is made of ------------------------------------------------------------------------------------


def _cut(groups: Sequence[Sequence[str]], tell_all: bool) -> list[str]:
    """The lines of the first groups, or of all."""
    shown = groups if tell_all else groups[:SHOWN]
    lines = [line for group in shown for line in group]
    more = len(groups) - len(shown)
    return [*lines, f"  and {more:,} more (--all)"] if more else lines


def _stretch_lines(terms: Terms, stretches: Sequence[TracedStretch], zone: Zone) -> list[list[str]]:
    """A line a stretch, and under it what was observed and told."""
    heads = words.table(stretch_rows(terms, stretches, zone), frozenset({2}))
    return [
        [head, *(f"      {line}" for line in observed_lines(one, zone))]
        for head, one in zip(heads, stretches, strict=True)
    ]


def stretch_rows(terms: Terms, stretches: Sequence[TracedStretch], zone: Zone) -> list[list[str]]:
    """From when, until when, how long, as what, and of which component if there are several."""
    several = len({one.component for one in stretches}) > 1
    rows = []
    for one in stretches:
        what = measures.part_name(terms, Part(one.part, 0, one.by))
        when = [words.local(one.start_at, zone), _end(one.start_at, one.end_at, zone)]
        rows.append([*when, figures.minutes(one.length_us), what, one.component if several else ""])
    return rows


def _end(start_at: Instant, end_at: Instant, zone: Zone) -> str:
    """The end of a stretch: only the time of day where it is the same day."""
    start, end = words.local(start_at, zone), words.until(end_at, zone)
    same = start.split(" ")[:2] == end.split(" ")[:2]
    return f"- {end.split(' ')[2]}" if same else f"- {end}"


def observed_lines(one: TracedStretch, zone: Zone) -> list[str]:
    """What was observed or told in a stretch."""
    lines = [_slices_line(row, one, zone) for row in one.slices]
    lines += [_state_line(row, zone) for row in one.states[:SHOWN_STATES]]
    more = len(one.states) - SHOWN_STATES
    lines += [f"and {words.count(more, 'more state')} observed"] * (more > 0)
    lines += [_fact_line(fact, zone) for fact in one.facts]
    if one.missing:
        lines.append(f"no observations of {', '.join(one.missing)}")
    return ["no observations that tell"] if one.part == "unknown" and not lines else lines


def left_in_rows(left: Sequence[LeftIn], zone: Zone) -> list[list[str]]:
    """The work that no exclusion took, with what it lacked."""
    rows = []
    for one in left:
        why = one.why
        if one.told_at is not None and one.by_at is not None:
            told, by = words.local(one.told_at, zone), words.until(one.by_at, zone)
            why = f"announced on {told}, due by {by}"
        when = [words.local(one.start_at, zone), _end(one.start_at, one.end_at, zone)]
        fact = one.facts[0]
        rows.append([*when, f"not {one.by}", f"{one.subject}: {why}", f"[{fact.source} {fact.id}]"])
    return rows


def _slices_line(row: BadSlices, one: TracedStretch, zone: Zone) -> str:
    told = f"{row.component}: {words.count(row.slices, 'bad slice')}, {row.good:,} of {row.total:,} good"
    if (row.start_at, row.end_at) != (one.start_at, one.end_at):
        told += f", {words.local(row.start_at, zone)} {_end(row.start_at, row.end_at, zone)}"
    return f"{told} [{row.signal}]"


def _state_line(row: Observed, zone: Zone) -> str:
    return f"{row.component}: observed {row.state} on {words.local(row.at, zone)}"


def _fact_line(fact: Fact, zone: Zone) -> str:
    told = ", ".join(f"{name} {value}" for name, value in fact.data.items() if isinstance(value, str | int))
    what = fact.type.replace(".", " ").replace("_", " ")
    text = f"{fact.subject} {what} on {words.local(fact.at, zone)}"
    return f"{text}{f': {told}' if told else ''} [{fact.source} {fact.id}]"


def item_rows(terms: Terms, items: Sequence[TracedItem]) -> list[list[str]]:
    """Its number, its subject, as what it counts, its state, and the facts behind that."""
    rows = []
    for one in items:
        number = "" if one.number is None else f"#{one.number}"
        told = measures.part_name(terms, Part(one.part, 0, one.by))
        if one.part in ("down", "unknown"):
            told = {"down": "late", "unknown": "not known"}[one.part]
        behind = ", ".join(f"{_cause(fact)}[{fact.source} {fact.id}]" for fact in one.facts)
        rows.append([number, one.subject, told, one.state, behind])
    return rows


def _cause(fact: Fact) -> str:
    cause = fact.data.get("cause")
    return f"{cause} " if isinstance(cause, str) else ""


# -- as data -----------------------------------------------------------------------------------------------


def figure_explanation_record(
    number: int,
    terms: Terms,
    rule: CommitRule,
    verdict: Verdict,
    readings: Sequence[Assumption],
    trace: Trace,
    at: Instant,
) -> Record:
    """The same as data, whole."""
    found = verdict.measurement
    assert found is not None
    allowed = measures.budget(found, verdict.level, rule.compare)
    return {
        "verdict": verdict_record(number, terms, verdict, at, whole=True),
        "promised": promised(rule),
        "readings": reading_records(readings),
        "formula": _formula(terms, found, verdict),
        "allowed": None if allowed is None else {"bad": allowed.allowed, "used": allowed.used},
        "stretches": [_stretch_record(terms, one) for one in trace.stretches],
        "items": [_item_record(terms, one) for one in trace.items],
        "left_in": [_left_in_record(terms, one) for one in trace.left_in],
        "credits": list(trace.credits),
    }


def _clauses(terms: Terms, name: str) -> list[str]:
    return [clause for rule in terms.exclusions if rule.name == name for clause in rule.cited.clauses]


def _stretch_record(terms: Terms, one: TracedStretch) -> Record:
    return {
        "component": one.component,
        "start_at": instant(one.start_at),
        "end_at": instant(one.end_at),
        "length_s": seconds(one.length_us),
        "counts_as": one.part,
        "by": one.by or None,
        "clause": _clauses(terms, one.by),
        "slices": [
            {
                "component": row.component,
                "signal": row.signal,
                "start_at": instant(row.start_at),
                "end_at": instant(row.end_at),
                "slices": row.slices,
                "total": row.total,
                "good": row.good,
            }
            for row in one.slices
        ],
        "states": [
            {"component": row.component, "at": instant(row.at), "state": row.state} for row in one.states
        ],
        "facts": [fact_record(fact) for fact in one.facts],
        "missing": list(one.missing),
    }


def _left_in_record(terms: Terms, one: LeftIn) -> Record:
    return {
        "by": one.by,
        "clause": _clauses(terms, one.by),
        "subject": one.subject,
        "start_at": instant(one.start_at),
        "end_at": instant(one.end_at),
        "why": one.why,
        "announced_at": instant(one.told_at),
        "announced_by": instant(one.by_at),
        "facts": [fact_record(fact) for fact in one.facts],
    }


def _item_record(terms: Terms, one: TracedItem) -> Record:
    return {
        "subject": one.subject,
        "counts_as": one.part,
        "by": one.by or None,
        "clause": _clauses(terms, one.by),
        "number": one.number,
        "state": one.state or None,
        "facts": [fact_record(fact) for fact in one.facts],
    }


def fact_record(fact: Fact) -> Record:
    """A fact by its identity, with what and when it is."""
    return {
        "source": fact.source,
        "id": fact.id,
        "type": fact.type,
        "subject": fact.subject,
        "at": instant(fact.at),
    }
