"""How a verdict or a credit depends on readings, over the branches of its cell."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from upheld.core.readings.exploration import TAKEN, Branches, Selection
from upheld.core.terms.agreement import Assumption, Terms
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Outcome, Verdict

T = TypeVar("T", Verdict, Credit)
Named: TypeAlias = tuple[CellKey, int]
"""A verdict by its key and cycle; a credit by its key and 1."""
NOT_PROMISED = "not promised"
"""The state of what is not there under a reading."""
_NOTHING = frozenset({NOT_PROMISED, "not applicable"})


class Taking(NamedTuple):
    """A reading with the option that it would take instead."""

    reading: Assumption
    option: str


@dataclass(frozen=True, slots=True)
class Alternative(Generic[T]):
    """What a verdict or a credit is under other readings; None: there is none then.

    `is_decisive`: its state, or what is owed, is another one than as the agreement is read.
    """

    takings: tuple[Taking, ...]
    result: T | None
    is_decisive: bool


class Figures(NamedTuple):
    """The figure of a result and its bounds, the instant it falls due, how often, and how long it counted."""

    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    due_at: Instant | None = None
    times: int | None = None
    budget_us: Duration | None = None


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


def dependences(
    terms: Terms,
    branches: Branches,
    results: Callable[[Outcome], Iterable[tuple[Named, T]]],
    numbers: Mapping[Named, int],
) -> Iterator[Dependence[T]]:
    """The dependence of each result of one cell; what is promised under no reading is left out.

    `numbers` are those of the report.
    """
    by_name: dict[Named, dict[Selection, T]] = {}
    for selection, outcome in branches.outcomes.items():
        for name, result in results(outcome):
            found = by_name.get(name)
            if found is None:
                found = by_name[name] = {}
            found[selection] = result
    order = _in_order(tuple(branches.outcomes)) if by_name else ()
    for name, found in by_name.items():
        values: _Values = {}
        told = {selection: _told(found.get(selection), values) for selection in order}
        states = dict.fromkeys([one.state for one in told.values()])
        if name not in numbers and _NOTHING.issuperset(states):
            continue
        base = told[TAKEN].answer
        yield Dependence(
            number=numbers.get(name, 0),
            terms=terms,
            key=name[0],
            cycle=name[1],
            result=told[TAKEN].result,
            alternatives=tuple(_alternatives(terms, told)),
            states=tuple(states),
            low=min(values.values(), default=None),
            high=max(values.values(), default=None),
            is_whole=branches.is_whole,
            is_decided_by_readings=any(one.answer != base for one in told.values()),
        )


@lru_cache(maxsize=256)
def _in_order(selections: tuple[Selection, ...]) -> tuple[Selection, ...]:
    """The fewest readings first; the cells of one agreement are looked at under the same selections."""
    return tuple(sorted(selections, key=lambda one: (len(one), sorted(one))))


class _Told(NamedTuple, Generic[T]):
    """A result with what is compared of it."""

    result: T | None
    state: str
    answer: Hashable
    value: Fraction | None
    figures: Figures | None = None

    @property
    def told(self) -> Figures:
        """Its figures, those of a clock only now that they are asked for."""
        return figures(self.result) if self.figures is None else self.figures


_Values: TypeAlias = dict[tuple[int, int], Fraction]
"""Values by numerator and denominator: few are different, and to compare or hash two of them takes long."""


def _told(result: T | None, values: _Values) -> _Told[T]:
    """What is compared of a result, whose value is one object wherever it is the same."""
    if isinstance(result, Verdict) and result.measurement is None:
        state = result.state
        return _Told(result, state, NOT_PROMISED if state in _NOTHING else state, None)
    found = figures(result)
    value = found.value
    if value is not None:
        value = values.setdefault((value.numerator, value.denominator), value)
    return _Told(result, _state(result), _answer(result), value, found)


def _alternatives(terms: Terms, told: Mapping[Selection, _Told[T]]) -> Iterator[Alternative[T]]:
    """Single readings that change something; then what no single one leads to, by the fewest readings."""
    base = told[TAKEN]
    states = {base.state}
    low = high = base.value
    within = {id(None), id(base.value)}  # the values that lie between them, as they always will
    for selection, one in told.items():
        value = one.value
        if len(selection) > 1 and one.state in states:
            if id(value) in within:
                continue
            if value is not None and low is not None and high is not None and low <= value <= high:
                within.add(id(value))
                continue
        if one is base or (one.answer == base.answer and one.told == base.told):
            continue
        states.add(one.state)
        if value is not None and id(value) not in within:
            low = value if low is None else min(low, value)
            high = value if high is None else max(high, value)
            within.add(id(value))
        takings = (Taking(terms.assumptions[name], option) for name, option in sorted(selection))
        yield Alternative(tuple(takings), one.result, one.answer != base.answer)


def _answer(result: Verdict | Credit | None) -> Hashable:
    """What is decided: the state, and of a credit what is owed at least and at most.

    That nothing is promised, and that what is promised does not apply, is one answer.
    """
    if isinstance(result, Credit):
        return result.state, result.amount, result.low, result.high
    state = _state(result)
    return NOT_PROMISED if state in _NOTHING else state


def _state(result: Verdict | Credit | None) -> str:
    return NOT_PROMISED if result is None else result.state


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
    bounds = found.final if found.is_settled else found.to_date
    return Figures(bounds.value, bounds.low, bounds.high)
