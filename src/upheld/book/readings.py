"""On which readings verdicts and amounts depend: what they would be if a reading were taken otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from upheld.book.collecting import collecting_seldom
from upheld.book.evaluate import Report, evaluate
from upheld.book.explain import CreditExplanation, Explanation, explain
from upheld.core.book import Book, Origin
from upheld.core.evaluating.contracts import bindings_of, shown_by
from upheld.core.evaluating.strata import OWED
from upheld.core.facts.facts import FactLog
from upheld.core.measuring.observation import Observations
from upheld.core.readings.branching import Branching
from upheld.core.readings.dependence import Alternative, Dependence, Named, T, dependences
from upheld.core.readings.exploration import TAKEN, Branches, Options, Selection
from upheld.core.terms.agreement import Terms
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Outcome, Verdict

Explained: TypeAlias = Explanation | CreditExplanation


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The dependence of every verdict and of every credit asked for, in the order of the report."""

    verdicts: tuple[Dependence[Verdict], ...]
    credits: tuple[Dependence[Credit], ...]


def sensitivity(
    book: Book, report: Report, wanted: Callable[[CellKey], bool] = lambda key: True
) -> Sensitivity:
    """On which readings the verdicts and credits of a report depend, of the cells that are wanted.

    BeyondHorizon as `evaluate`.
    """
    verdicts: dict[Named, Dependence[Verdict]] = {}
    owing: dict[Named, Dependence[Credit]] = {}
    numbers = {(one.key, one.cycle): number for number, _, one in report.numbered()}
    numbers |= {(one.key, 1): number for number, _, one in report.numbered_credits()}
    with collecting_seldom():
        for stratum, terms, branches in _explored(book, report, wanted):
            if stratum == OWED:
                for owed in dependences(terms, branches, _credits, numbers):
                    owing[owed.key, owed.cycle] = owed
            else:
                for found in dependences(terms, branches, _verdicts, numbers):
                    verdicts[found.key, found.cycle] = found
    return Sensitivity(_ordered(verdicts.values()), _ordered(owing.values()))


def _ordered(found: Iterable[Dependence[T]]) -> tuple[Dependence[T], ...]:
    """By number; what is there only under another reading, last."""
    return tuple(sorted(found, key=lambda one: (one.number == 0, one.number)))


def _explored(
    book: Book, report: Report, wanted: Callable[[CellKey], bool]
) -> Iterator[tuple[int, Terms, Branches]]:
    """The branches of every cell that is wanted with its stratum, agreement by agreement."""
    facts = book.log.evaluated(report.at, report.known)
    groups: dict[tuple[str, str, str], list[Terms]] = {}
    for terms in report.terms:
        groups.setdefault((terms.provider, terms.agreement, terms.version), []).append(terms)
    for group in groups.values():
        by_binding = {name: own for terms in group for name, own in bindings_of(terms)}

        def under(selection: Selection, group: tuple[Terms, ...] = tuple(group)) -> tuple[Terms, ...] | None:
            return group if selection == TAKEN else book.terms_under(selection, group)

        options = {name: options_of(terms) for name, terms in by_binding.items()}
        branching = Branching(under, options, facts, report.at, book.observations)
        for key in branching.roots():
            if wanted(shown_by(key)):
                yield key[0], by_binding[key[2][0]], branching.explore(key)


def options_of(terms: Terms) -> Options:
    """The options that each reading could take instead of the one it takes."""
    return {
        name: tuple(one for one in found.options if one != found.take and one not in found.named_only)
        for name, found in terms.assumptions.items()
    }


def _verdicts(outcome: Outcome) -> list[tuple[Named, Verdict]]:
    return [((one.key, one.cycle), one) for one in outcome.verdicts]


def _credits(outcome: Outcome) -> list[tuple[Named, Credit]]:
    return [((one.key, 1), one) for one in outcome.credits]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A verdict or a credit as the agreement is read, and why it would be what it is under other readings."""

    dependence: Dependence[Verdict] | Dependence[Credit]
    others: tuple[tuple[Alternative[Verdict] | Alternative[Credit], Explained | None], ...]


def contrast(book: Book, report: Report, explained: Explained) -> Contrast:
    """The explanation of one verdict or credit under each reading (or readings) that would change it."""
    result = explained.credit if isinstance(explained, CreditExplanation) else explained.verdict
    found = sensitivity(book, report, lambda key: _is_cell_of(key, result))
    cycle = result.cycle if isinstance(result, Verdict) else 1
    told: list[Dependence[Verdict] | Dependence[Credit]] = [*found.verdicts, *found.credits]
    dependence = next(one for one in told if (one.key, one.cycle) == (result.key, cycle))
    others = [(one, _under(book, report, explained, one)) for one in dependence.alternatives]
    return Contrast(dependence, tuple(others))


def _is_cell_of(key: CellKey, result: Verdict | Credit) -> bool:
    """Whether a cell holds a result; those of the components of a period are named after it."""
    named = result.key
    subject = named.subject
    is_it = key.subject == subject or subject.startswith(f"{key.subject}/")
    return (key.contract, key.commitment) == (named.contract, named.commitment) and is_it


def _under(
    book: Book,
    report: Report,
    explained: Explained,
    other: Alternative[Verdict] | Alternative[Credit],
) -> Explained | None:
    """The same verdict or credit explained under other readings; None if there is none then."""
    if other.result is None:
        return None
    selection = frozenset((taking.reading.name, taking.option) for taking in other.takings)
    contract = explained.terms.contract
    assert contract is not None
    own = next(one for one in report.terms if one.contract is not None and one.contract.id == contract.id)
    terms = book.terms_under(selection, [own])
    assert terms is not None, "it was looked at under this selection"
    view = _View(book, terms)
    anew = evaluate(view, report.at, report.known)
    key = other.result.key
    cycle = other.result.cycle if isinstance(other.result, Verdict) else 1
    for one in explain(view, anew, key.subject, key.commitment):
        result = one.credit if isinstance(one, CreditExplanation) else one.verdict
        if (result.key, result.cycle if isinstance(result, Verdict) else 1) == (key, cycle):
            return replace(one, number=explained.number)
    return None


@dataclass(frozen=True, slots=True)
class _View:
    """A book in which some contracts stand under other readings, and no others."""

    of: Book
    terms: tuple[Terms, ...]

    def terms_under(self, selection: Selection, terms: Sequence[Terms]) -> tuple[Terms, ...] | None:
        return self.of.terms_under(selection, terms)

    def origin(self, contract: str) -> Origin:
        return self.of.origin(contract)

    @property
    def log(self) -> FactLog:
        return self.of.log

    @property
    def observations(self) -> Observations:
        return self.of.observations
