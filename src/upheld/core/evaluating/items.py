"""The cells of items that indicators count: the cycles of a deadline, subject by subject."""

from __future__ import annotations

from collections.abc import Mapping

from upheld.core.clocks.scope import holds
from upheld.core.evaluating.cells import Reader
from upheld.core.evaluating.clockwork import Clockwork
from upheld.core.evaluating.contracts import Contracts, contract_of
from upheld.core.evaluating.strata import ITEM, OUTCOME
from upheld.core.measuring.taken import Item
from upheld.core.terms.agreement import ClockRule, Terms
from upheld.core.terms.indicator import Indicator
from upheld.core.timeline.instant import FOREVER
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.value import Value as Known
from upheld.core.verdicts.verdict import Outcome


class Items:
    """What the strata ITEM and ITEMS compute."""

    def __init__(self, contracts: Contracts, clockwork: Clockwork) -> None:
        self._contracts = contracts
        self._clockwork = clockwork

    def of_subject(
        self, binding: str, indicator: Indicator, subject_id: str, reader: Reader
    ) -> tuple[Item, ...]:
        """The cycles of one subject; where it cannot be told whether one is asked for, it is undetermined."""
        terms = self._contracts.terms[binding]
        clock = _clock(terms, indicator)
        outcome = reader.cell((OUTCOME, "outcome", (binding, clock.name, subject_id)))
        subject = self._clockwork.subject(binding, clock, subject_id, reader)
        assert isinstance(outcome, Outcome)
        items: list[Item] = []
        for verdict in outcome.verdicts if subject else ():
            assert subject is not None
            ended_at, state = verdict.stopped_at, verdict.state
            told = subject.attributes_at(FOREVER if ended_at is None else ended_at)
            picked = _may_hold(indicator, terms, told)
            if picked is not False:
                started_at = subject.events[0].at if verdict.started_at is None else verdict.started_at
                state = state if picked else "undetermined"
                items.append(Item(subject_id, verdict.cycle, started_at, ended_at, state))
        return tuple(items)

    def of_all(self, binding: str, name: str, reader: Reader) -> tuple[Item, ...]:
        """The items of all subjects, each judged under the plan that it is under itself."""
        items: list[Item] = []
        for one in self._contracts.siblings(binding):
            indicator = self._contracts.terms[one].indicators.get(name)
            if indicator is None or indicator.basis != "outcomes":
                continue
            clock = _clock(self._contracts.terms[one], indicator)
            for subject in reader.names(("subjects", contract_of(binding), clock.of)):
                found = reader.cell((ITEM, "item", (one, name, subject)))
                assert isinstance(found, tuple)
                items += found
        return tuple(items)


def _clock(terms: Terms, indicator: Indicator) -> ClockRule:
    """The deadline whose cycles an indicator counts."""
    return next(clock for clock in terms.clocks if clock.name == indicator.of)


def _may_hold(indicator: Indicator, terms: Terms, told: Mapping[str, Known]) -> bool | None:
    try:
        return holds(indicator.where, terms, told)
    except BeyondHorizon:
        return None
