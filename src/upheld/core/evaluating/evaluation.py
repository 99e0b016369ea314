"""The contract of core: agreements, facts and an instant in; verdicts, credits, wakes out. A pure function.

`evaluate` is `Evaluator` used once. An evaluator kept between questions computes only what a new fact,
another observation or the passing of time can have changed, and gives the same answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from upheld.core.claiming.claim import Claim
from upheld.core.evaluating.cells import Cells
from upheld.core.evaluating.computation import Computation
from upheld.core.evaluating.contracts import shown_by
from upheld.core.evaluating.inputs import NOTHING_TOLD, Inputs
from upheld.core.evaluating.strata import SHOWN
from upheld.core.facts.fact import Fact
from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations
from upheld.core.terms.agreement import Terms
from upheld.core.terms.life import Life
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Outcome, Verdict, Wake, joined


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The state of every promise at `at`: per contract, in the order of the agreement, then of subjects.

    `lives` says of every contract when it held, under which plan. `told` are the facts that it rests on, by
    what they are about, and the names of subjects.
    """

    at: Instant
    outcomes: Mapping[CellKey, Outcome]
    lives: Mapping[str, Life] = field(default_factory=dict)
    claims: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    told: Inputs = field(default=NOTHING_TOLD, repr=False, compare=False)
    _of: dict[str, list[Outcome]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for key, outcome in self.outcomes.items():
            self._of.setdefault(key.contract, []).append(outcome)

    def of(self, contract: str) -> tuple[Verdict, ...]:
        """The verdicts of a contract."""
        return tuple(verdict for outcome in self._of.get(contract, ()) for verdict in outcome.verdicts)

    def credits_of(self, contract: str) -> tuple[Credit, ...]:
        """What a contract is owed or not, by remedy, then by period."""
        return tuple(credit for outcome in self._of.get(contract, ()) for credit in outcome.credits)

    def claims_of(self, contract: str) -> tuple[Claim, ...]:
        """The claims filed under a contract, in the order of their ids."""
        return self.claims.get(contract, ())

    @property
    def wakes(self) -> tuple[tuple[Wake, CellKey], ...]:
        """Every instant at which something changes if no fact comes, the next one first."""
        pairs = ((wake, key) for key, outcome in self.outcomes.items() for wake in outcome.wakes)
        return tuple(sorted(pairs, key=lambda pair: (pair[0].due_at, pair[0].at, pair[1], pair[0].what)))


def evaluate(
    contracts: Iterable[Terms],
    facts: Sequence[Fact],
    at: Instant,
    observations: Observations = NO_OBSERVATIONS,
) -> Evaluation:
    """What every contract says of the facts and observations at an instant.

    `facts` are those in force (`FactLog.effective`), by (time, source, id), none later than `at`.
    BeyondHorizon if a calendar is asked about years for which it was not compiled.
    """
    return Evaluator(contracts).evaluate(facts, at, observations)


class Evaluator:
    """An evaluation that goes on: after more facts, or later, it computes only the cells that can differ.

    `asked` are the ids of the contracts that have an answer (None: all); what facts mean all contracts say.
    """

    def __init__(self, contracts: Iterable[Terms], asked: Collection[str] | None = None) -> None:
        self._asked = asked
        self._computation = Computation(contracts)
        self._cells = Cells(self._computation.compute)
        self._at: Instant | None = None

    @property
    def computed(self) -> tuple[CellKey, ...]:
        """The cells with verdicts or credits that the last evaluation had to compute."""
        return tuple(shown_by(key) for key in self._cells.computed if key[0] in SHOWN)

    def evaluate(
        self, facts: Sequence[Fact], at: Instant, observations: Observations = NO_OBSERVATIONS
    ) -> Evaluation:
        """As `evaluate`. An instant before the last one starts anew, since wakes only look ahead."""
        computation = self._computation
        if self._at is not None and at < self._at:
            self._cells, self._at = Cells(computation.compute), None
        inputs = computation.sorting.inputs(facts)
        names = dict(inputs.names)
        for stream in computation.streams:
            names["observations", *stream] = (observations.digest(stream),)
        self._cells.put_facts(inputs.facts)
        self._cells.put_names(names)
        computation.begin(observations)
        order = computation.roots(inputs, at, self._asked)
        claimed = computation.claimed(names, self._asked)
        since, self._at = self._at, None
        try:
            self._cells.settle((*order, *claimed), at, since)
        except Exception:
            # What was left half settled is of no use to the next question.
            self._cells = Cells(computation.compute)
            raise
        finally:
            computation.begin(NO_OBSERVATIONS)  # what was measured is in the cells; nothing else is kept
        self._at = at
        outcomes: dict[CellKey, Outcome] = {}
        for key in order:
            outcome = self._cells.value(key)
            assert isinstance(outcome, Outcome)
            if outcome.verdicts or outcome.credits:
                shown = shown_by(key)
                outcomes[shown] = outcome if shown not in outcomes else joined(outcomes[shown], outcome)
        claims: dict[str, tuple[Claim, ...]] = {}
        for key in claimed:
            found = self._cells.value(key)
            assert isinstance(found, tuple)
            claims[key[2][0]] = found
        return Evaluation(at, outcomes, inputs.lives, claims, inputs)
