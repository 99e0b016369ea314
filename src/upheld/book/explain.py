"""Why a verdict or a credit is what it is: the promise, what was counted, and the facts behind each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from upheld.book.duties import rights_of
from upheld.book.evaluate import Report
from upheld.book.figures import items_of, stretches_of
from upheld.book.left_in import left_in
from upheld.book.steps import Step, clock_steps, quota_steps, said
from upheld.core.book import Book
from upheld.core.claiming.claimable import clocks_counted, happened_at
from upheld.core.claiming.folding import ISSUE_AT, counts_from_item
from upheld.core.clocks.counting import measured
from upheld.core.clocks.subject import Moment, fold_subject, told_of
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.measuring.parts import leaves_of
from upheld.core.measuring.trace import NO_TRACE, Trace
from upheld.core.owing.termination import Right
from upheld.core.terms.agreement import Assumption, ClockRule, QuotaRule, Rule, Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import FactRef
from upheld.core.values.rule import Citation
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict

__all__ = ["CreditExplanation", "Explanation", "Step", "UnknownVerdict", "explain", "said"]

_NumberedVerdict = tuple[int, Terms, Verdict]
_NumberedCredit = tuple[int, Terms, Credit]

DIGITS = 18
"""A longer number is no number of a verdict."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One verdict with its rule, the readings it rests on, and its steps in the order of time.

    `measured` is the time counted and the time late, up to the stop or to `at`. What was measured has no
    steps but a `trace`.
    """

    number: int
    terms: Terms
    rule: Rule
    verdict: Verdict
    readings: tuple[Assumption, ...]
    steps: tuple[Step, ...]
    measured: tuple[Duration | None, Duration | None]
    at: Instant
    trace: Trace = NO_TRACE


@dataclass(frozen=True, slots=True)
class CreditExplanation:
    """One credit with its rule, its readings, the verdict that it follows, and the facts behind its lines.

    `numbers` are those of the other credits of the remedy, by their subjects. `right` is that to terminate.
    """

    number: int
    terms: Terms
    rule: RemedyRule
    credit: Credit
    readings: tuple[Assumption, ...]
    verdict: tuple[int, Verdict] | None
    facts: Mapping[FactRef, Fact]
    numbers: Mapping[str, int]
    right: Right | None = None


class UnknownVerdict(LookupError):  # noqa: N818 - it names the case, as KeyError does
    """Nothing in the report has that number or subject, or not for that commitment; its text says which.

    `known` are the commitments of which there is a verdict.
    """

    def __init__(
        self, asked: str, commitment: str = "", known: tuple[str, ...] = (), contract: str | None = None
    ) -> None:
        super().__init__(asked, commitment, known, contract)
        self.asked, self.commitment, self.known, self.contract = asked, commitment, known, contract

    def __str__(self) -> str:
        if self.known:
            return f"{self.asked} has no verdict of `{self.commitment}`; it has {', '.join(self.known)}"
        under = "" if self.contract is None else f" under {self.contract}"
        return f"the report has no verdict {self.asked}{under}; `upheld evaluate` lists them"


def explain(
    book: Book, report: Report, asked: str, commitment: str = "", contract: str | None = None
) -> tuple[Explanation | CreditExplanation, ...]:
    """The explanation of a verdict or credit by its number (`12` or `#12`), or of all there is of a name.

    A name is that of a subject or period (`T-1`, `2026-06`; also for the parts of it, `2026-06/sms`), or of a
    commitment or remedy. With a `contract` only what is under it is meant. UnknownVerdict if there is none.
    """
    verdicts = list(report.numbered())
    owing = list(report.numbered_credits())
    found, owed = _asked_for(
        asked,
        [one for one in verdicts if contract in (None, one[2].key.contract)],
        [one for one in owing if contract in (None, one[2].key.contract)],
    )
    known = dict.fromkeys(one.key.commitment for rows in (found, owed) for _, _, one in rows)
    found = [one for one in found if commitment in ("", one[2].key.commitment)]
    owed = [one for one in owed if commitment in ("", one[2].key.commitment)]
    if not found and not owed:
        raise UnknownVerdict(asked, commitment, tuple(known), contract)
    told = _Told(book.log, report)
    rights = rights_of(book, report) if any(one.unit == "termination" for _, _, one in owed) else {}
    return (
        *(_explanation(book, report, one, verdicts, owing, told) for one in found),
        *(_credit_explanation(one, verdicts, owing, told, rights) for one in owed),
    )


def _asked_for(
    asked: str, verdicts: list[_NumberedVerdict], owing: list[_NumberedCredit]
) -> tuple[list[_NumberedVerdict], list[_NumberedCredit]]:
    """What a text names: first subjects, then numbers, then commitments and remedies."""
    number = asked.removeprefix("#")
    wanted = int(number) if number.isdecimal() and len(number) <= DIGITS else None
    found = [one for one in verdicts if _is_about(one[2].key.subject, one[2].kind == "measurement", asked)]
    owed = [one for one in owing if _is_about(one[2].key.subject, True, asked)]
    if not found and not owed:
        found = [one for one in verdicts if one[0] == wanted]
        owed = [one for one in owing if one[0] == wanted]
    if not found and not owed:
        found = [one for one in verdicts if one[2].key.commitment == asked]
        owed = [one for one in owing if one[2].key.commitment == asked]
    return found, owed


def _is_about(subject: str, has_parts: bool, asked: str) -> bool:
    """Whether a subject is meant: itself, or a component of a period by that of the period."""
    return subject == asked or (has_parts and subject.startswith(f"{asked}/"))


class _Told:
    """The facts of a report by what they are known by and what they are about, and what corrected them."""

    def __init__(self, log: FactLog, report: Report) -> None:
        self.facts = {FactRef(fact.source, fact.id): fact for fact in log.effective(report.at, report.known)}
        self.by_subject: dict[str, list[Fact]] = {}
        for fact in self.facts.values():
            self.by_subject.setdefault(fact.subject, []).append(fact)
        self._corrections = log.corrections(report.known)

    def corrected(self, step: Step) -> Step:
        """The step, saying who corrected its fact and why, if anybody did."""
        correction = self._corrections.get(step.fact.key) if step.fact else None
        if correction is None:
            return step
        who, why = correction.data.get("by"), correction.data.get("reason")
        what = f"{step.what} (corrected by {who}: {why}, [{correction.source} {correction.id}])"
        return replace(step, what=what, corrected_by=correction)


def _explanation(
    book: Book,
    report: Report,
    one: _NumberedVerdict,
    verdicts: Iterable[_NumberedVerdict],
    owing: Iterable[_NumberedCredit],
    told: _Told,
) -> Explanation:
    number, terms, verdict = one
    rule = terms.rule(verdict.key.commitment)
    if isinstance(rule, CommitRule):
        contract = verdict.key.contract
        own = ((n, other) for n, _, other in verdicts if other.key.contract == contract)
        trace = Trace(
            stretches_of(terms, verdict, book.observations, told.facts),
            items_of(terms, verdict, own, told.facts),
            tuple(n for n, _, credit in owing if _follows(credit, verdict)),
            left_in(terms, verdict, told.by_subject),
        )
        return Explanation(
            number, terms, rule, verdict, _readings(terms, _citations(terms, rule, verdict)), (),
            (None, None), report.at, trace,
        )  # fmt: skip
    if isinstance(rule, ClockRule):
        about = told_of(rule.of, told.by_subject.get(verdict.key.subject, ()), terms)
        found = list(_item_late(rule, terms, verdict, about, verdicts))
        more = [Moment(about[0].at, {ISSUE_AT: step.at}) for step in found]
        found += clock_steps(rule, terms, verdict, about, report.at, more)
        steps = tuple(sorted(found, key=lambda step: step.at))
    elif isinstance(rule, QuotaRule):
        steps = quota_steps(rule, terms, verdict, told.by_subject)
    else:
        behind = (told.facts[ref] for ref in verdict.facts)
        steps = tuple(Step(fact.at, f"{fact.subject} {said(fact)}", fact=fact) for fact in behind)
    steps = tuple(map(told.corrected, steps))
    counted = measured(verdict, terms.calendars, report.at)
    return Explanation(
        number, terms, rule, verdict, _readings(terms, [rule.cited]), steps, counted, report.at
    )


def _item_late(
    rule: ClockRule,
    terms: Terms,
    verdict: Verdict,
    told: Sequence[Fact],
    verdicts: Iterable[_NumberedVerdict],
) -> Iterator[Step]:
    """When the item was late that a claim names without saying when, where its deadline counts from that."""
    claim = fold_subject(rule.of, verdict.key.subject, told, terms) if counts_from_item(rule) else None
    attributes = {} if claim is None else claim.moments[-1].attributes
    about = attributes.get("about")
    if about is None or ISSUE_AT in attributes:
        return
    items = [
        item
        for _, own, item in verdicts
        if (item.key.contract, item.key.subject) == (verdict.key.contract, about)
        and any(clock.name == item.key.commitment for clock in clocks_counted(own))
    ]
    issue_at = happened_at(items)
    is_late = any(item.is_late for item in items)
    if issue_at is not None:
        yield Step(issue_at, f"{about} was {'late' if is_late else 'due'}")


def _credit_explanation(
    one: _NumberedCredit,
    verdicts: Iterable[_NumberedVerdict],
    owing: Iterable[_NumberedCredit],
    told: _Told,
    rights: Mapping[int, Right],
) -> CreditExplanation:
    number, terms, credit = one
    rule = terms.remedy(credit.key.commitment)
    behind = ((n, verdict) for n, _, verdict in verdicts if _follows(credit, verdict))
    refs = [*credit.facts, *(line.fact for line in credit.lines if line.fact is not None)]
    facts = {ref: told.facts[ref] for ref in refs if ref in told.facts}
    readings = _readings(terms, [rule.cited])
    numbers = {other.key.subject: n for n, _, other in owing if other.key[:2] == credit.key[:2]}
    follows, right = next(behind, None), rights.get(number)
    return CreditExplanation(number, terms, rule, credit, readings, follows, facts, numbers, right)


def _follows(credit: Credit, verdict: Verdict) -> bool:
    """Whether a credit is what follows from a verdict."""
    key = verdict.key
    return (credit.key.contract, credit.commitment, credit.key.subject) == (
        key.contract, key.commitment, key.subject
    )  # fmt: skip


def _citations(terms: Terms, rule: CommitRule, verdict: Verdict) -> Iterable[Citation]:
    """Every rule that had a part in a figure: the promise, what is measured and by what, the exclusions."""
    yield rule.cited
    indicator = terms.indicators.get(rule.indicator)
    if indicator is None:
        return
    yield indicator.cited
    if indicator.of in terms.components:
        yield terms.components[indicator.of].cited
        leaves = leaves_of(terms.components, indicator.of)
        yield from (terms.components[leaf].cited for leaf in leaves)
        for signal in terms.signals:
            if signal.name == indicator.signal or (
                not indicator.signal and signal.kind == indicator.basis and set(leaves) & set(signal.of)
            ):
                yield signal.cited
    for exclusion in terms.exclusions:
        if not exclusion.indicators or indicator.name in exclusion.indicators:
            yield exclusion.cited


def _readings(terms: Terms, citations: Iterable[Citation]) -> tuple[Assumption, ...]:
    """The readings that rules rest on, each once."""
    names = dict.fromkeys(name for citation in citations for name in citation.readings)
    return tuple(terms.assumptions[name] for name in names if name in terms.assumptions)
