"""Why a verdict is what it is: the promise, what was counted, and the facts behind each step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from upheld.book.evaluate import Report
from upheld.book.steps import Step, clock_steps, quota_steps, said
from upheld.core.agreement import Assumption, ClockRule, QuotaRule, Rule, Terms
from upheld.core.book import Book
from upheld.core.counting import measured
from upheld.core.fact import Data, Fact, Key
from upheld.core.fact_types import REPLACED, WITHDRAWN
from upheld.core.facts import FactLog
from upheld.core.instant import Duration, Instant
from upheld.core.key import FactRef
from upheld.core.verdict import Verdict

__all__ = ["Explanation", "Step", "UnknownVerdict", "explain", "said"]

DIGITS = 18
"""A longer number is no number of a verdict."""


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
    """Nothing in the report has that number or subject, or not for that commitment; its text says which.

    `known` are the commitments of which there is a verdict.
    """

    def __init__(self, asked: str, commitment: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(asked, commitment, known)
        self.asked, self.commitment, self.known = asked, commitment, known

    def __str__(self) -> str:
        if self.known:
            return f"{self.asked} has no verdict of `{self.commitment}`; it has {', '.join(self.known)}"
        return f"the report has no verdict {self.asked}; `upheld evaluate` lists them"


def explain(book: Book, report: Report, asked: str, commitment: str = "") -> tuple[Explanation, ...]:
    """The explanations of a verdict by its number (`12` or `#12`), or of every verdict of a subject.

    UnknownVerdict if there is none.
    """
    number = asked.removeprefix("#")
    wanted = int(number) if number.isdecimal() and len(number) <= DIGITS else None
    asked_for = [
        (n, terms, verdict)
        for n, terms, verdict in report.numbered()
        if verdict.key.subject == asked or n == wanted
    ]
    if wanted is not None and any(verdict.key.subject == asked for _, _, verdict in asked_for):
        asked_for = [one for one in asked_for if one[2].key.subject == asked]
    found = [one for one in asked_for if commitment in ("", one[2].key.commitment)]
    if not found:
        known = dict.fromkeys(verdict.key.commitment for _, _, verdict in asked_for)
        raise UnknownVerdict(asked, commitment, tuple(known))
    told = _Told(book.log, report)
    return tuple(_explanation(report, n, terms, verdict, told) for n, terms, verdict in found)


class _Told:
    """The facts of a report by what they are known by and what they are about, and what corrected them."""

    def __init__(self, log: FactLog, report: Report) -> None:
        self.facts = {FactRef(fact.source, fact.id): fact for fact in log.effective(report.at, report.known)}
        self.by_subject: dict[str, list[Fact]] = {}
        for fact in self.facts.values():
            self.by_subject.setdefault(fact.subject, []).append(fact)
        self._corrections: dict[Key, list[Fact]] = {}
        for fact in log:
            about = fact.data.get("corrects") if fact.type in (REPLACED, WITHDRAWN) else None
            if isinstance(about, Data) and (log.position_of(fact.key) or 0) <= report.known:
                self._corrections.setdefault((str(about.get("source")), str(about.get("id"))), []).append(
                    fact
                )

    def corrected(self, step: Step) -> Step:
        """The step, saying who corrected its fact and why, if anybody did."""
        correction = self._correction_of(step.fact.key) if step.fact else None
        if correction is None:
            return step
        who, why = correction.data.get("by"), correction.data.get("reason")
        what = f"{step.what} (corrected by {who}: {why}, [{correction.source} {correction.id}])"
        return replace(step, what=what, corrected_by=correction)

    def _correction_of(self, key: Key) -> Fact | None:
        """The correction that holds of a fact: the last one that was not withdrawn itself."""
        for correction in reversed(self._corrections.get(key, ())):
            above = self._correction_of(correction.key) if correction.key != key else None
            if above is None or above.type != WITHDRAWN:
                return correction
        return None


def _explanation(report: Report, number: int, terms: Terms, verdict: Verdict, told: _Told) -> Explanation:
    rule = terms.rule(verdict.key.commitment)
    readings = tuple(terms.assumptions[n] for n in rule.cited.readings if n in terms.assumptions)
    if isinstance(rule, ClockRule):
        about = told.by_subject.get(verdict.key.subject, ())
        steps = clock_steps(rule, terms, verdict, about, report.at)
    elif isinstance(rule, QuotaRule):
        steps = quota_steps(rule, terms, verdict, told.by_subject)
    else:
        behind = (told.facts[ref] for ref in verdict.facts)
        steps = tuple(Step(fact.at, f"{fact.subject} {said(fact)}", fact=fact) for fact in behind)
    steps = tuple(map(told.corrected, steps))
    counted = measured(verdict, terms.calendars, report.at)
    return Explanation(number, terms, rule, verdict, readings, steps, counted, report.at)
