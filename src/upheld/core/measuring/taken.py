"""What measuring is given from the facts: the stretches and items that exclusions take, and ended cycles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from upheld.core.terms.indicator import Exclusion
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.spans import Spans
from upheld.core.values.key import FactRef
from upheld.core.verdicts.verdict import State


class Taken(NamedTuple):
    """What one exclusion takes, as found in the facts.

    `spans` are by leaf component, those under "" are of every component; `subjects` are the items (tickets,
    tasks) that an attribution targets.
    """

    rule: Exclusion
    spans: Mapping[str, Spans]
    subjects: frozenset[str] = frozenset()
    refs: tuple[FactRef, ...] = ()


class Item(NamedTuple):
    """One cycle of a deadline, as its verdict says; `ended_at` None: it has not ended.

    `is_attributed`: somebody recorded a cause of its being late, whoever's.
    """

    subject: str
    cycle: int
    started_at: Instant
    ended_at: Instant | None
    state: State
    is_attributed: bool = False
