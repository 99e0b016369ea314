"""Why a verdict is what it is: the promise, what was counted, and the facts behind each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from upheld.book.evaluate import Report
from upheld.core.agreement import Assumption, ClockRule, Rule, Terms
from upheld.core.book import Book
from upheld.core.calendar import Calendar
from upheld.core.counting import Counter, measured
from upheld.core.fact import Fact
from upheld.core.instant import Duration, Instant
from upheld.core.opening import WeeklyRule
from upheld.core.spans import Spans
from upheld.core.verdict import FactRef, Pause, Verdict

SHOWN_OPENINGS = 4
"""Openings told one by one at each end of a long count; those between are told together."""

DIGITS = 18
"""A longer number is no number of a verdict."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a clock: what, how much was counted since the step before, and in all.

    `fact` is the fact behind it, if it is one; a calendar opening or closing has none.
    """

    at: Instant
    what: str
    counted_us: Duration | None = None
    total_us: Duration | None = None
    fact: Fact | None = None

    @property
    def is_routine(self) -> bool:
        """Whether it is only the calendar opening or closing as it does every day."""
        return self.fact is None and self.what.endswith((" opens", " closes"))


@dataclass(frozen=True, slots=True)
class Explanation:
    """One verdict with its rule, the readings it rests on, and its steps in the order of time.

    `measured` is the time counted and the time late, up to the stop or to `at`.
    """

    number: int
    terms: Terms
    rule: Rule
    verdict: Verdict
    readings: tuple[Assumption, ...]
    steps: tuple[Step, ...]
    measured: tuple[Duration | None, Duration | None]
    at: Instant


class UnknownVerdict(LookupError):  # noqa: N818 - it names the case, as KeyError does
    """Nothing in the report has that number or subject."""


def explain(book: Book, report: Report, asked: str, commitment: str = "") -> tuple[Explanation, ...]:
    """The explanations of a verdict by its number (`12` or `#12`), or of every verdict of a subject.

    UnknownVerdict if there is none.
    """
    number = asked.removeprefix("#")
    wanted = int(number) if number.isdecimal() and len(number) <= DIGITS else None
    found = [
        (n, terms, verdict)
        for n, terms, verdict in report.numbered()
        if (verdict.key.subject == asked or n == wanted) and commitment in ("", verdict.key.commitment)
    ]
    if wanted is not None and any(verdict.key.subject == asked for _, _, verdict in found):
        found = [one for one in found if one[2].key.subject == asked]
    if not found:
        raise UnknownVerdict(asked)
    facts = {FactRef(fact.source, fact.id): fact for fact in book.log.effective(report.at, report.known)}
    by_subject: dict[str, list[Fact]] = {}
    for fact in facts.values():
        by_subject.setdefault(fact.subject, []).append(fact)
    return tuple(
        _explanation(report, n, terms, verdict, facts, by_subject.get(verdict.key.subject, ()))
        for n, terms, verdict in found
    )


def _explanation(
    report: Report,
    number: int,
    terms: Terms,
    verdict: Verdict,
    facts: dict[FactRef, Fact],
    told: Sequence[Fact],
) -> Explanation:
    rule = terms.rule(verdict.key.commitment)
    readings = tuple(terms.assumptions[n] for n in rule.cited.readings if n in terms.assumptions)
    if isinstance(rule, ClockRule):
        steps = _clock_steps(terms, verdict, told, report.at)
    else:
        behind = (facts[ref] for ref in verdict.facts)
        steps = tuple(Step(fact.at, f"{fact.subject} {said(fact)}", fact=fact) for fact in behind)
    counted = measured(verdict, terms.calendars, report.at)
    return Explanation(number, terms, rule, verdict, readings, steps, counted, report.at)


def said(fact: Fact) -> str:
    """A fact in a few words: opened: priority P1, kind incident."""
    verb = fact.type.partition(".")[2].replace("_", " ")
    told = [f"{name} {value}" for name, value in fact.data.items() if isinstance(value, str | int)]
    return f"{verb}: {', '.join(told)}" if told else verb


def _clock_steps(terms: Terms, verdict: Verdict, told: Iterable[Fact], at: Instant) -> tuple[Step, ...]:
    """The facts about the subject, with what the calendar did between them."""
    end_at = at if verdict.stopped_at is None else max(verdict.stopped_at, verdict.late_after_at or 0)
    marks = [Step(fact.at, said(fact), fact=fact) for fact in told if fact.at <= end_at]
    if verdict.due_at is not None and verdict.due_at <= end_at:
        marks.append(Step(verdict.due_at, "due"))
    if verdict.anchor_at is None:
        return tuple(sorted(marks, key=lambda step: step.at))
    calendar = terms.calendars[verdict.calendar]
    marks += _openings(calendar, verdict.anchor_at, end_at)
    marks += _clockwork(verdict.pauses, verdict.anchor_at, end_at)
    if not any(step.at == verdict.anchor_at for step in marks):
        marks.append(Step(verdict.anchor_at, "counting starts"))
    marks.sort(key=lambda step: (step.at, step.fact is None, step.what))
    counter = Counter(calendar, verdict.anchor_at, verdict.pauses)
    return tuple(_counted(_abridged(marks), counter, end_at))


def _openings(calendar: Calendar, start_at: Instant, end_at: Instant) -> Iterator[Step]:
    open_: Spans = calendar.spans.clip(start_at, end_at)
    closed_at = start_at
    for opens_at, closes_at in open_:
        if opens_at > start_at:
            yield Step(opens_at, f"{calendar.name} opens{_after_holidays(calendar, closed_at, opens_at)}")
        if closes_at < end_at:
            yield Step(closes_at, f"{calendar.name} closes")
        closed_at = closes_at


def _after_holidays(calendar: Calendar, closed_at: Instant, opens_at: Instant) -> str:
    """The holidays for which the calendar was closed, by name."""
    rule = calendar.rule
    if not isinstance(rule, WeeklyRule) or not isinstance(rule.holidays, Mapping):
        return ""
    first, last = rule.zone.local_of(closed_at)[0], rule.zone.local_of(opens_at)[0]
    days = (first + timedelta(days=n) for n in range(1, (last - first).days))
    named = [rule.holidays[day] for day in days if day in rule.holidays]
    return f" after {', '.join(dict.fromkeys(named))}" if named else ""


def _clockwork(pauses: Iterable[Pause], start_at: Instant, end_at: Instant) -> Iterator[Step]:
    for pause in pauses:
        if start_at <= pause.start_at <= end_at:
            yield Step(pause.start_at, f"the clock stands still: {pause.why}")
        if pause.end_at is not None and start_at <= pause.end_at <= end_at:
            yield Step(pause.end_at, "the clock goes on")


def _abridged(marks: list[Step]) -> list[Step]:
    """Long runs of openings and closings without anything else are told by their ends."""
    kept: list[Step] = []
    run: list[Step] = []
    for step in [*marks, None]:
        if step is not None and step.is_routine:
            run.append(step)
            continue
        if len(run) > 4 * SHOWN_OPENINGS:
            skipped = len(run) - 4 * SHOWN_OPENINGS
            last = run[-2 * SHOWN_OPENINGS - 1]
            run = [
                *run[: 2 * SHOWN_OPENINGS],
                Step(last.at, f"... {skipped} openings and closings later"),
                *run[-2 * SHOWN_OPENINGS :],
            ]
        kept += run
        run = []
        kept += [step] if step is not None else []
    return kept


def _counted(marks: Iterable[Step], counter: Counter, end_at: Instant) -> Iterator[Step]:
    """Each step with what was counted since the one before."""
    before_us = 0
    for step in marks:
        if step.at < counter.anchor_at:
            yield step
            continue
        total_us = counter.elapsed(min(step.at, end_at))
        yield Step(step.at, step.what, total_us - before_us, total_us, step.fact)
        before_us = total_us
