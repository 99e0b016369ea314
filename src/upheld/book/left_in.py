"""Maintenance in a measured period that an exclusion does not excuse, or not all of it, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from upheld.core.clocks.subject import fold_subject, told_of
from upheld.core.evaluating.exclusions import known_leaves
from upheld.core.evaluating.untaken import untaken
from upheld.core.facts.fact import Fact
from upheld.core.measuring.parts import leaves_of
from upheld.core.measuring.trace import LeftIn
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.spans import Spans, union
from upheld.core.verdicts.measurement import Measurement
from upheld.core.verdicts.verdict import Verdict


def left_in(terms: Terms, verdict: Verdict, by_subject: Mapping[str, Sequence[Fact]]) -> tuple[LeftIn, ...]:
    """Every stretch of work on what was measured that counts all the same, by time and exclusion."""
    found = verdict.measurement
    if found is None or found.unit == "count":
        return ()
    measured = {leaf for one in found.ends for leaf in _leaves(terms, one.component)}
    taken = union([part.spans for one in found.ends for part in one.parts if part.name == "excluded"])
    rows: list[LeftIn] = []
    for id_, told in by_subject.items():
        facts = told_of("maintenance", told, terms)
        if facts and facts[0].data.get("provider") in (None, terms.provider):
            rows += _of_one(terms, found, id_, facts, measured, taken)
    return tuple(sorted(rows, key=lambda row: (row.start_at, row.by, row.subject)))


def _of_one(
    terms: Terms,
    found: Measurement,
    id_: str,
    facts: Sequence[Fact],
    measured: set[str],
    taken: Spans,
) -> Iterator[LeftIn]:
    subject = fold_subject("maintenance", id_, facts, terms)
    if subject is None:
        return
    named = subject.moments[-1].attributes.get("components")
    worked = known_leaves(map(str, named), terms.components) if isinstance(named, tuple) else ()
    if measured.isdisjoint(worked):
        return
    for rule in terms.exclusions:
        if rule.of != "maintenance" or (rule.indicators and found.indicator not in rule.indicators):
            continue
        for one in untaken(rule, terms, subject):
            for start_at, end_at in (one.spans - taken).clip(found.period.start_at, found.period.end_at):
                yield LeftIn(rule.name, id_, start_at, end_at, one.why, one.told_at, one.by_at, tuple(facts))


def _leaves(terms: Terms, component: str) -> tuple[str, ...]:
    return leaves_of(terms.components, component) if component in terms.components else ()
