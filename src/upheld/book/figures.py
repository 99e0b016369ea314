"""What a measured figure was made of, in the order of time: stretches, items, and the facts behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from upheld.core.facts.fact import Fact
from upheld.core.measuring.leaf import is_good_slice
from upheld.core.measuring.observation import Observations, Run
from upheld.core.measuring.parts import leaves_of
from upheld.core.measuring.question import Matter, stream_of
from upheld.core.measuring.trace import BadSlices, Observed, TracedItem, TracedStretch
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.indicator import Exclusion, Indicator, Source
from upheld.core.timeline.instant import Duration, Instant, parse_instant
from upheld.core.values.frozen import replace
from upheld.core.values.key import FactRef
from upheld.core.verdicts.measurement import Measurement, Part, PartName
from upheld.core.verdicts.verdict import Verdict

FAMILIES: Mapping[Source, str] = {
    "maintenance": "maintenance",
    "attribution": "attribution",
    "incident": "incident",
    "suspension": "contract",
    "credential": "credential",
}
"""The family of the facts behind each kind of exclusion; the others come from the agreement itself."""

TOLD: tuple[PartName, ...] = ("down", "degraded", "excluded", "unknown")
"""The parts that a figure is followed to; the rest is up, or lies outside what is measured."""


def stretches_of(
    terms: Terms, verdict: Verdict, observations: Observations | None, facts: Mapping[FactRef, Fact]
) -> tuple[TracedStretch, ...]:
    """Every outage, lone bad slice, exclusion and gap of a measurement, by time and component.

    Without `observations` none is told of what was observed: asking for each stretch is what costs time.
    """
    found = verdict.measurement
    if found is None:
        return ()
    told = [facts[ref] for ref in verdict.facts if ref in facts]
    zone = terms.calendars[ALWAYS].rule.zone
    matter = None
    if observations is not None:
        matter = Matter(terms.provider, terms.components, terms.signals, terms.calendars, zone, observations)
    rows = []
    for one in found.ends:
        indicator = terms.indicators.get(one.indicator)
        for part in one.parts:
            if part.name not in TOLD:
                continue
            for start_at, end_at in part.spans:
                stretch = TracedStretch(one.component, start_at, end_at, part.name, part.by)
                behind = tuple(_behind(stretch, terms, indicator, told))
                stretch = replace(stretch, facts=behind) if behind else stretch
                rows.append(stretch if matter is None else _filled(stretch, indicator, matter))
    order = {name: n for n, name in enumerate(TOLD)}
    return tuple(sorted(rows, key=lambda row: (row.start_at, row.component, order[row.part], row.by)))


def items_of(
    terms: Terms,
    verdict: Verdict,
    verdicts: Iterable[tuple[int, Verdict]],
    facts: Mapping[FactRef, Fact],
) -> tuple[TracedItem, ...]:
    """Every late, excluded or unknown item of a count, with the number of its own verdict.

    `verdicts` are those of the contract, by their numbers.
    """
    found = verdict.measurement
    if found is None or found.unit != "count":
        return ()
    told = [facts[ref] for ref in verdict.facts if ref in facts]
    rows: list[TracedItem] = []
    numbered = list(verdicts)
    for end in found.ends:
        indicator = terms.indicators.get(end.indicator)
        own = _by_item(numbered, "" if indicator is None else indicator.of, end)
        # What is late is told first, so that of several cycles an exclusion gets one of the others.
        for part in sorted(end.parts, key=lambda part: part.name != "down"):
            named = part.subjects if part.name in TOLD else ()
            rows += [_item(one, part, _taken(own.get(one), part.name), terms, told) for one in named]
    return tuple(sorted(rows, key=lambda row: (row.number is None, row.number or 0, row.subject)))


# -- items -------------------------------------------------------------------------------------------------


def _by_item(
    numbered: Iterable[tuple[int, Verdict]], clock: str, found: Measurement
) -> dict[str, list[tuple[int, Verdict]]]:
    """The verdicts of a clock by their subjects, the cycles of the period before others."""
    own: dict[str, list[tuple[int, Verdict]]] = {}
    for number, verdict in numbered:
        if verdict.key.commitment == clock:
            own.setdefault(verdict.key.subject, []).append((number, verdict))
    period = found.period

    def is_elsewhere(one: tuple[int, Verdict]) -> bool:
        ends = (one[1].started_at, one[1].stopped_at)
        return not any(at is not None and period.start_at <= at < period.end_at for at in ends)

    return {subject: sorted(rows, key=is_elsewhere) for subject, rows in own.items()}


def _taken(rows: list[tuple[int, Verdict]] | None, part: PartName) -> tuple[int, Verdict] | None:
    """The next cycle of a subject that can be what the part says; it is not told twice."""
    if not rows:
        return None
    for i, (_, verdict) in enumerate(rows):
        if verdict.is_late or part == "excluded" or (part == "unknown" and verdict.state == "undetermined"):
            return rows.pop(i)
    return rows.pop(0)


def _item(
    item: str, part: Part, own: tuple[int, Verdict] | None, terms: Terms, told: Sequence[Fact]
) -> TracedItem:
    subject = own[1].key.subject if own else item
    behind = [fact for fact in told if fact.data.get("target") == subject]
    rule = _exclusion(terms, part.by)
    if not behind and own is not None and rule is not None and own[1].started_at is not None:
        started_at = own[1].started_at
        behind = facts_behind(rule, started_at, started_at + 1, told)
    number, state = (own[0], own[1].state) if own else (None, "")
    return TracedItem(item, part.name, part.by, number, state, tuple(behind))


# -- stretches ---------------------------------------------------------------------------------------------


def _exclusion(terms: Terms, name: str) -> Exclusion | None:
    return next((rule for rule in terms.exclusions if rule.name == name), None)


def _behind(
    stretch: TracedStretch, terms: Terms, indicator: Indicator | None, told: Sequence[Fact]
) -> Sequence[Fact]:
    """The facts behind a stretch."""
    rule = _exclusion(terms, stretch.by)
    if rule is not None:
        return facts_behind(rule, stretch.start_at, stretch.end_at, told)
    if indicator is not None and indicator.basis == "incidents" and stretch.part == "down":
        return _overlapping(told, "incident", stretch.start_at, stretch.end_at)
    return ()


def _filled(stretch: TracedStretch, indicator: Indicator | None, matter: Matter) -> TracedStretch:
    """The stretch with what was observed in it."""
    slices: Iterable[BadSlices] = ()
    states: Iterable[Observed] = ()
    missing: Iterable[str] = ()
    if indicator is not None and stretch.part == "unknown":
        missing = _unobserved(indicator, matter, stretch)
    if indicator is not None and indicator.basis in ("checks", "counts") and indicator.per is not None:
        slices = bad_slices(indicator, matter, stretch.component, stretch.start_at, stretch.end_at)
    elif indicator is not None and indicator.basis == "states":
        states = _observed(indicator, matter, stretch)
    return replace(stretch, slices=tuple(slices), states=tuple(states), missing=tuple(missing))


def facts_behind(rule: Exclusion, start_at: Instant, end_at: Instant, told: Sequence[Fact]) -> list[Fact]:
    """The facts of the subjects (maintenance, attribution, ...) that an exclusion took a stretch by."""
    family = FAMILIES.get(rule.of)
    if family is None:
        return []
    if family in ("contract", "credential"):
        return _around([fact for fact in told if _family(fact) == family], start_at, end_at)
    return _overlapping(told, family, start_at, end_at)


def _family(fact: Fact) -> str:
    return fact.type.partition(".")[0]


def _around(told: Sequence[Fact], start_at: Instant, end_at: Instant) -> list[Fact]:
    """The facts between which a stretch lies: the last one by its start, and the first from its end on."""
    before = [fact for fact in told if fact.at <= start_at]
    after = [fact for fact in told if fact.at >= end_at]
    return [*before[-1:], *after[:1]]


def _overlapping(told: Sequence[Fact], family: str, start_at: Instant, end_at: Instant) -> list[Fact]:
    """The facts of the subjects of a family whose own window has part in it, with those they target."""
    by_subject: dict[str, list[Fact]] = {}
    for fact in told:
        by_subject.setdefault(fact.subject, []).append(fact)
    found: dict[FactRef, Fact] = {}
    for facts in by_subject.values():
        if _family(facts[0]) != family:
            continue
        about = by_subject.get(str(facts[-1].data.get("target")), [])
        window = _window(facts) or _window(about)
        if window is not None and window[0] < end_at and (window[1] is None or window[1] > start_at):
            found |= {FactRef(fact.source, fact.id): fact for fact in (*facts, *about)}
    return list(found.values())


def _window(facts: Sequence[Fact]) -> tuple[Instant, Instant | None] | None:
    """From when until when a subject lasted, at its widest; None as its end: it has none yet."""
    starts = [at for fact in facts if (at := _told(fact, "starts_at")) is not None]
    ends = [at for fact in facts if (at := _told(fact, "ends_at")) is not None]
    starts += [fact.at for fact in facts if fact.type in ("maintenance.started", "incident.declared")]
    ends += [fact.at for fact in facts if fact.type in ("maintenance.ended", "incident.resolved")]
    return (min(starts), max(ends, default=None)) if starts else None


def _told(fact: Fact, name: str) -> Instant | None:
    text = fact.data.get(name)
    return parse_instant(text) if isinstance(text, str) else None


# -- observations ------------------------------------------------------------------------------------------


def bad_slices(
    indicator: Indicator, matter: Matter, component: str, start_at: Instant, end_at: Instant
) -> Iterator[BadSlices]:
    """The slices of each leaf that are bad, or of counts those with failures, adjacent ones together."""
    rule = indicator.per
    assert rule is not None
    n = rule.slice_us
    for leaf in _leaves(matter, component):
        found = stream_of(indicator, matter, leaf)
        if found is None:
            continue
        stream, signal = found
        runs = matter.observations.slices(stream, signal, n, start_at // n * n, -(-end_at // n) * n)
        if indicator.combine == "bad time":
            bad = [run for run in runs if is_good_slice(rule, leaf, run.total, run.good) is False]
        else:  # where observations are counted, each that was not good counts
            bad = [run for run in runs if run.good < run.total]
        yield from _joined(leaf, signal.name, n, bad)


def _unobserved(indicator: Indicator, matter: Matter, stretch: TracedStretch) -> Iterator[str]:
    """The leaves of a stretch of which there are not enough observations throughout it."""
    start_at, end_at = stretch.start_at, stretch.end_at
    for leaf in _leaves(matter, stretch.component):
        found = stream_of(indicator, matter, leaf)
        if found is None:
            yield leaf
        elif indicator.basis == "states":
            seen = matter.observations.states(*found, start_at, end_at)
            age_us = found[1].max_age_us
            ends = [*(state.at for state in seen[1:]), end_at]
            if (
                not seen
                or seen[0].at > start_at
                or any(
                    age_us is not None and until_at - state.at > age_us
                    for state, until_at in zip(seen, ends, strict=True)
                )
            ):
                yield leaf
        elif indicator.per is not None:
            n = indicator.per.slice_us
            first, last = start_at // n, -(-end_at // n)
            runs = matter.observations.slices(*found, n, first * n, last * n)
            if sum(run.slices for run in runs if run.total >= indicator.per.minimum) < last - first:
                yield leaf


def _leaves(matter: Matter, component: str) -> tuple[str, ...]:
    return leaves_of(matter.components, component) if component in matter.components else ()


def _joined(leaf: str, signal: str, slice_us: Duration, runs: Iterable[Run]) -> Iterator[BadSlices]:
    """Runs one after the other as one, with the sums of what they counted."""
    row: BadSlices | None = None
    for run in runs:
        start_at = run.first * slice_us
        end_at = start_at + run.slices * slice_us
        total, good = run.total * run.slices, run.good * run.slices
        if row is not None and row.end_at == start_at:
            slices, total, good = row.slices + run.slices, row.total + total, row.good + good
            row = BadSlices(leaf, signal, row.start_at, end_at, slices, total, good)
            continue
        if row is not None:
            yield row
        row = BadSlices(leaf, signal, start_at, end_at, run.slices, total, good)
    if row is not None:
        yield row


def _observed(indicator: Indicator, matter: Matter, stretch: TracedStretch) -> Iterator[Observed]:
    """The states that held at the beginning of a stretch or came in it, of each leaf."""
    for leaf in _leaves(matter, stretch.component):
        found = stream_of(indicator, matter, leaf)
        if found is None:
            continue
        for state in matter.observations.states(*found, stretch.start_at, stretch.end_at):
            word = "of no known meaning" if state.good is None else "up" if state.good else "down"
            yield Observed(leaf, state.at, "degraded" if state.good and state.degraded else word)
