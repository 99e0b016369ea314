"""The explanation of a verdict as text that can be followed with a finger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import Assumption, ClockRule, Rule, Terms
from upheld.core.terms.duty import CovenantRule
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.zone import Zone
from upheld.core.verdicts.verdict import Verdict
from upheld.render import words
from upheld.render.naming import cited, head, reading_lines, zone_of
from upheld.render.records import Record, instant, reading_records, seconds, verdict_record
from upheld.render.summary import target_of


class Step(Protocol):
    """What `upheld.book.explain.Step` is."""

    @property
    def at(self) -> Instant: ...
    @property
    def what(self) -> str: ...
    @property
    def counted_us(self) -> Duration | None: ...
    @property
    def total_us(self) -> Duration | None: ...
    @property
    def fact(self) -> Fact | None: ...
    @property
    def corrected_by(self) -> Fact | None: ...
    @property
    def is_routine(self) -> bool: ...
    @property
    def is_end(self) -> bool: ...


def explanation(
    number: int,
    terms: Terms,
    rule: Rule,
    verdict: Verdict,
    readings: Sequence[Assumption],
    steps: Sequence[Step],
    measured: tuple[Duration | None, Duration | None],
) -> list[str]:
    """The promise, the readings it rests on, the steps, and what follows."""
    zone = zone_of(terms)
    lines = head(number, terms, verdict.key, verdict.state, verdict.cycle)
    lines.append(f"promised: {promised(rule, verdict)} ({rule.modality}{cited(terms, rule.cited)})")
    lines += reading_lines(readings)
    lines.append(f"times are {zone.name}")
    lines += words.table([step_cells(step, zone) for step in steps], right=frozenset({1, 2}))
    return [*lines, conclusion(verdict, terms, measured)]


def step_cells(step: Step, zone: Zone) -> list[str]:
    """When, how much was counted since the step before, and in all, what it was, and the fact behind it."""
    counted = "" if not step.counted_us else f"+{words.short(step.counted_us)}"
    total = "" if step.total_us is None else words.short(step.total_us)
    source = f"[{step.fact.source} {step.fact.id}]" if step.fact else ""
    return [step_time(step, zone), counted, total, step.what, source]


def step_time(step: Step, zone: Zone) -> str:
    """When a step was, or until when something was."""
    return words.until(step.at, zone) if step.is_end else words.local(step.at, zone)


def explanation_record(
    number: int,
    terms: Terms,
    rule: Rule,
    verdict: Verdict,
    readings: Sequence[Assumption],
    steps: Sequence[Step],
    at: Instant,
) -> Record:
    """The same as data."""
    return {
        "verdict": verdict_record(number, terms, verdict, at),
        "promised": promised(rule, verdict),
        "readings": reading_records(readings),
        "steps": [
            {
                "at": instant(step.at),
                "what": step.what,
                "counted_s": seconds(step.counted_us),
                "total_s": seconds(step.total_us),
                "fact": _fact_record(step),
            }
            for step in steps
        ],
    }


def _fact_record(step: Step) -> Record | None:
    """The fact behind a step by its identity, with that of the correction that made it what it is."""
    if step.fact is None:
        return None
    by = step.corrected_by
    corrected_by = {"source": by.source, "id": by.id} if by else None
    return {"source": step.fact.source, "id": step.fact.id, "corrected_by": corrected_by}


def promised(rule: Rule, verdict: Verdict) -> str:
    """The commitment in a few words of the language."""
    if isinstance(rule, CovenantRule):
        return f"never: {rule.what}"
    if not isinstance(rule, ClockRule):
        return f"{verdict.allowed} a {rule.period.kind}"
    until = " or ".join(match.word for match in rule.stops)
    if rule.due is not None:
        return f"{until} by {rule.due}"
    start = " or ".join(match.word for match in rule.starts)
    if rule.is_cadence:
        again = " or ".join(match.word for match in rule.again)
        moved = f"; a due instant outside {rule.hours} moves to its opening" if rule.hours else ""
        return f"{again} every {target_of(rule, verdict)}, from {start} until {until}{moved}"
    if verdict.target is None:
        return f"{until}, from {start}"
    return f"{until} within {target_of(rule, verdict)}, from {start}"


def conclusion(verdict: Verdict, terms: Terms, measured: tuple[Duration | None, Duration | None]) -> str:
    """The last line: how much, of how much, and so what."""
    zone = zone_of(terms)
    elapsed_us, late_us = measured
    parts = [f"=> {verdict.state}"]
    if verdict.allowed is not None:
        parts.append(f"{verdict.count} of {verdict.allowed}")
    if verdict.budget_us is not None and elapsed_us is not None:
        parts.append(f"{words.length(elapsed_us)} of {words.length(verdict.budget_us)} counted")
    if verdict.due_at is not None:
        parts.append(f"due {words.until(verdict.due_at, zone)}")
    if late_us is not None:
        parts.append(f"{words.length(late_us)} late")
    return ", ".join([*parts, *verdict.reasons])
