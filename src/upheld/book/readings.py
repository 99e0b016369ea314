"""On which readings verdicts and amounts depend: what they would be if a reading were taken otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from upheld.book.evaluate import Report
from upheld.core.agreement import Assumption, Terms
from upheld.core.book import Book
from upheld.core.branching import Branching
from upheld.core.credit import Credit
from upheld.core.exploration import TAKEN, Branches, Options, Selection
from upheld.core.instant import Instant
from upheld.core.key import CellKey
from upheld.core.verdict import Verdict

T = TypeVar("T", Verdict, Credit)
_Named: TypeAlias = tuple[CellKey, int]
"""A verdict by its key and cycle; a credit by its key and 1."""


class Taking(NamedTuple):
    """A reading with the option that it would take instead."""

    reading: Assumption
    option: str


@dataclass(frozen=True, slots=True)
class Alternative(Generic[T]):
    """What a verdict or a credit is under other readings; None: there is none then."""

    takings: tuple[Taking, ...]
    result: T | None


class Figures(NamedTuple):
    """The figure of a result and its bounds, the instant it falls due, how often, and how long it counted."""

    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    due_at: Instant | None = None
    times: int | None = None
    budget_us: int | None = None


@dataclass(frozen=True, slots=True)
class Dependence(Generic[T]):
    """How one verdict (or credit) depends on readings. `result` None: it is there only under other readings.

    `alternatives` are the readings that change something alone, then combinations that lead further than any
    of them. `states` are all that come out, the one as taken first; `low` and `high` the least and the most
    of the figure or amount. `is_whole`: every combination of what matters was looked at; else readings were
    taken one at a time and in pairs. `number` is that of the report, 0 if it has none.
    """

    number: int
    terms: Terms
    key: CellKey
    cycle: int
    result: T | None
    alternatives: tuple[Alternative[T], ...]
    states: tuple[str, ...]
    low: Fraction | None
    high: Fraction | None
    is_whole: bool
    is_decided_by_readings: bool

    @property
    def readings(self) -> tuple[Assumption, ...]:
        """The readings that change something, each once."""
        found = {taking.reading.name: taking.reading for one in self.alternatives for taking in one.takings}
        return tuple(found.values())


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
    verdicts: dict[_Named, Dependence[Verdict]] = {}
    owing: dict[_Named, Dependence[Credit]] = {}
    numbers = {(one.key, one.cycle): number for number, _, one in report.numbered()}
    numbers |= {(one.key, 1): number for number, _, one in report.numbered_credits()}
    for terms, branches in _explored(book, report, wanted):
        for found in _dependences(terms, branches, _verdicts, numbers):
            verdicts[found.key, found.cycle] = found
        for owed in _dependences(terms, branches, _credits, numbers):
            owing[owed.key, owed.cycle] = owed
    return Sensitivity(_ordered(verdicts.values()), _ordered(owing.values()))


def _ordered(found: Iterable[Dependence[T]]) -> tuple[Dependence[T], ...]:
    """By number; what is there only under another reading, last."""
    return tuple(sorted(found, key=lambda one: (one.number == 0, one.number)))


def _explored(
    book: Book, report: Report, wanted: Callable[[CellKey], bool]
) -> Iterator[tuple[Terms, Branches]]:
    """The branches of every cell that is wanted, agreement by agreement."""
    facts = book.log.effective(report.at, report.known)
    groups: dict[tuple[str, str, str], list[Terms]] = {}
    for terms in report.terms:
        groups.setdefault((terms.provider, terms.agreement, terms.version), []).append(terms)
    for group in groups.values():
        by_contract = {terms.contract.id: terms for terms in group if terms.contract is not None}

        def under(selection: Selection, group: tuple[Terms, ...] = tuple(group)) -> tuple[Terms, ...] | None:
            return group if selection == TAKEN else book.terms_under(selection, group)

        options = {name: options_of(terms) for name, terms in by_contract.items()}
        branching = Branching(under, options, facts, report.at, book.observations)
        for key in branching.roots():
            if wanted(CellKey(*key[2])):
                yield by_contract[key[2][0]], branching.explore(key)


def options_of(terms: Terms) -> Options:
    """The options that each reading could take instead of the one it takes."""
    return {
        name: tuple(one for one in found.options if one != found.take and one not in found.named_only)
        for name, found in terms.assumptions.items()
    }


def _verdicts(branches: Branches, selection: Selection) -> Mapping[_Named, Verdict]:
    return {(one.key, one.cycle): one for one in branches.outcomes[selection].verdicts}


def _credits(branches: Branches, selection: Selection) -> Mapping[_Named, Credit]:
    return {(one.key, 1): one for one in branches.outcomes[selection].credits}


def _dependences(
    terms: Terms,
    branches: Branches,
    results: Callable[[Branches, Selection], Mapping[_Named, T]],
    numbers: Mapping[_Named, int],
) -> Iterator[Dependence[T]]:
    """The dependence of each result of one cell, over all its branches."""
    by_selection = {selection: results(branches, selection) for selection in branches.outcomes}
    names = dict.fromkeys(name for found in by_selection.values() for name in found)
    order = sorted(by_selection, key=lambda one: (len(one), sorted(one)))
    for name in names:
        told = {selection: by_selection[selection].get(name) for selection in order}
        states = dict.fromkeys(_state(one) for one in told.values())
        values = [value for one in told.values() if (value := figures(one).value) is not None]
        answers = {_answer(one) for one in told.values()}
        yield Dependence(
            number=numbers.get(name, 0),
            terms=terms,
            key=name[0],
            cycle=name[1],
            result=told[TAKEN],
            alternatives=tuple(_alternatives(terms, told)),
            states=tuple(states),
            low=min(values, default=None),
            high=max(values, default=None),
            is_whole=branches.is_whole,
            is_decided_by_readings=len(answers) > 1,
        )


def _alternatives(terms: Terms, told: Mapping[Selection, T | None]) -> Iterator[Alternative[T]]:
    """Single readings that change something; then what no single one leads to, by the fewest readings."""
    base = told[TAKEN]
    seen = [base]
    for selection, result in told.items():
        if selection == TAKEN or _looks(result) == _looks(base):
            continue
        if len(selection) > 1 and not _leads_further(result, seen):
            continue
        seen.append(result)
        takings = (Taking(terms.assumptions[name], option) for name, option in sorted(selection))
        yield Alternative(tuple(takings), result)


def _leads_further(result: T | None, seen: list[T | None]) -> bool:
    """Whether a result is of another state than those seen, or its figure lies beyond theirs."""
    if _state(result) not in {_state(one) for one in seen}:
        return True
    value = figures(result).value
    values = [found for one in seen if (found := figures(one).value) is not None]
    return value is not None and (not values or value < min(values) or value > max(values))


def _looks(result: T | None) -> tuple[object, ...]:
    return (*_answer(result), figures(result))


def _answer(result: Verdict | Credit | None) -> tuple[object, ...]:
    """What is decided: the state, and of a credit what is owed at least and at most."""
    if isinstance(result, Credit):
        return result.state, result.amount, result.low, result.high
    return (_state(result),)


def _state(result: Verdict | Credit | None) -> str:
    return "not promised" if result is None else result.state


def figures(result: Verdict | Credit | None) -> Figures:
    """The figures of a result, as far as it has any."""
    if isinstance(result, Credit):
        owed = result.exact if result.amount is None else Fraction(result.amount)
        return Figures(owed, result.low, result.high)
    if result is None:
        return Figures()
    found = result.measurement
    if found is None:
        return Figures(due_at=result.due_at, times=result.count, budget_us=result.budget_us)
    bounds = found.to_date
    return Figures(bounds.value, bounds.low, bounds.high)
