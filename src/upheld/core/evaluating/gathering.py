"""What all causes together take of a period, gathered once for every contract that asks the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from upheld.core.evaluating.exclusions import EVERY, Take
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans, union
from upheld.core.values.key import FactRef


class Gathered(NamedTuple):
    """Stretches by component, items, and the facts behind them. `is_open`: a stretch has no end yet."""

    spans: Mapping[str, Spans] = {}
    subjects: frozenset[str] = frozenset()
    refs: tuple[FactRef, ...] = ()
    is_open: bool = False


class Asking(NamedTuple):
    """What is asked for: the period as of an instant, of which leaves (None: of all), and which items.

    What is taken of [start_at, end_at) matters: a run of slices goes on over the ends of the period, and an
    item that is counted when it ends may have started long before.
    """

    indicator: str
    period: Period
    start_at: Instant
    end_at: Instant
    at: Instant
    leaves: frozenset[str] | None
    counted: frozenset[str]


class Gathering:
    """The memory of one evaluation, in which what a name stands for does not change."""

    def __init__(self) -> None:
        self._stretches: dict[tuple[str, str, str, str, Period, Instant, Instant], Gathered] = {}
        self._of_items: dict[tuple[str, str, str], dict[str, list[Take]]] = {}

    def of(self, name: tuple[str, str, str], takes: tuple[Take, ...], asking: Asking) -> Gathered:
        """What takes, known by a name, take of the stretches and items asked for."""
        key = (*name, asking.indicator, asking.period, asking.start_at, asking.at)
        if key not in self._stretches:
            self._stretches[key] = _around(takes, asking)
        found = self._stretches[key]
        if not asking.counted:
            return found
        by_subject = self._of_items.get(name)
        if by_subject is None:
            by_subject = self._of_items[name] = {}
            for take in takes:
                for subject in take.subjects:
                    by_subject.setdefault(subject, []).append(take)
        subjects = asking.counted & by_subject.keys() if by_subject else frozenset[str]()
        if not subjects:
            return found
        behind = (ref for subject in sorted(subjects) for take in by_subject[subject] for ref in take.refs)
        refs = tuple(dict.fromkeys([*found.refs, *behind]))
        return found._replace(subjects=frozenset(subjects), refs=refs)


def _around(takes: Iterable[Take], asking: Asking) -> Gathered:
    """What is taken of what matters, with the facts behind what is in the period."""
    period, leaves, at = asking.period, asking.leaves, asking.at
    found = _gathered(takes, leaves, asking.start_at, asking.end_at, at)
    if leaves is None or (asking.start_at, asking.end_at) == (period.start_at, period.end_at):
        return found
    inside = _gathered(takes, leaves, period.start_at, period.end_at, at)
    return found._replace(refs=inside.refs)


def _gathered(
    takes: Iterable[Take], leaves: frozenset[str] | None, start_at: Instant, end_at: Instant, at: Instant
) -> Gathered:
    """What is taken of [start_at, end_at) as of `at`, of some components (None: of any)."""
    by_component: dict[str, list[Spans]] = {}
    refs: dict[FactRef, None] = {}
    is_open = False
    for take in takes:
        goes_on = take.is_open and at < end_at and bool(take.spans)
        inside = take.spans.clip(start_at, min(end_at, at) if take.is_open else end_at)
        if not inside and not goes_on:  # most are of other periods
            continue
        of = [one for one in take.components if leaves is None or one == EVERY or one in leaves]
        if of:
            is_open = is_open or goes_on
        if of and inside:
            for component in of:
                by_component.setdefault(component, []).append(inside)
            refs |= dict.fromkeys(take.refs)
    spans = {component: union(by_component[component]) for component in sorted(by_component)}
    return Gathered(spans, frozenset(), tuple(refs), is_open)
