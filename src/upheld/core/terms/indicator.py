"""What an agreement measures: components, signals, indicators, exclusions and the levels promised.

An indicator is five independent stages: count what, good when, per what, combine over time, across subjects.
Source: design 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from upheld.core.timeline.instant import Duration
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.expression import Expr
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.rule import Citation, Modality

Tie = Literal["all", "any", "at least", "each"]
SignalKind = Literal["checks", "counts", "states"]
Basis = Literal["checks", "counts", "states", "incidents", "outcomes", "latency"]
Combine = Literal["bad time", "ratio of sums", "mean of ratios", "percentile"]
Across = Literal["each", "worst", "mean", "weighted", "pooled", "at least"]
Gaps = Literal["unknown", "up", "down", "out of total"]
Lone = Literal["degraded", "down", "unknown"]
Partly = Literal["judged on the rest", "excluded whole", "not excluded"]
Effect = Literal["not bad", "out of total", "breaks run"]
Source = Literal["maintenance", "attribution", "incident", "stage", "suspension", "credential", "hours"]
Relation = Literal[">=", ">", "<=", "<"]


@dataclass(frozen=True, slots=True)
class Component:
    """A part that is observed and can fail, or a tie of others. `tie` None: a leaf, observed itself.

    `all`: good while all parts are; `any`: while one is; `at least`: while so many are. `each` ties nothing:
    it names its parts together, so that `across` can go over them. The days limit when it exists.
    """

    name: str
    tie: Tie | None = None
    parts: tuple[str, ...] = ()
    at_least: int = 0
    from_on: date | None = None
    until_on: date | None = None
    doc: str = ""
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class Signal:
    """A typed stream of observations about each of the components in `of` (all of them leaves).

    `good` is a condition on the fields of one observation (None: the field `ok` of a check, or the state
    `up`); `degraded` one that marks good ones. Counts bring `good` and `total` themselves. `every_us` is how
    often a check or a state is expected (nobody can tell how much a missing count would have held), and
    `max_age_us` how long a state holds without a new one. `what` says what is tried, counted or in a state.
    """

    name: str
    kind: SignalKind
    of: tuple[str, ...]
    good: Expr | None = None
    degraded: Expr | None = None
    every_us: Duration | None = None
    max_age_us: Duration | None = None
    what: str = ""
    doc: str = ""
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class SliceRule:
    """How time is cut and each slice judged, on a fixed grid in UTC (slice k is [k, k + 1) * slice_us).

    `good_when` is a condition on `good` and `total` of a slice (None: all are good). A slice with fewer than
    `minimum` observations is unknown. Only runs of at least `run` bad slices are down, over any parts of the
    component or within the same part; with `cut_at_period` a run does not reach over the period's ends.
    """

    slice_us: Duration
    good_when: Expr | None = None
    run: int = 1
    same_part: bool = False
    minimum: int = 1
    partly: Partly = "judged on the rest"
    cut_at_period: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    """The definition of what is measured. `of` is a component, or the name of a deadline for `outcomes`.

    `where` picks subjects (incidents, outcomes) by their attributes. `on` is the calendar outside which
    nothing is measured. `whole`: the total is the whole period even where the contract was not in force.
    `gaps` is what missing data count as; `lone` what a bad slice outside any run is; `unattributed` whether
    bad time or late items without a recorded cause count or are unknown. `counted_at` says whether an item
    belongs to the period of its start or of its end. `empty_met`: a period with nothing to count is met.
    """

    name: str
    basis: Basis
    of: str
    signal: str = ""
    where: Expr | None = None
    per: SliceRule | None = None
    combine: Combine = "bad time"
    percentile: Fraction | None = None
    across: Across = "each"
    at_least: int = 0
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    on: str = "always"
    whole: bool = False
    gaps: Gaps = "unknown"
    lone: Lone = "degraded"
    unattributed: Literal["counts", "unknown"] = "counts"
    counted_at: Literal["start", "end"] = "start"
    empty_met: bool = True
    doc: str = ""
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What does not count, under which clause, with which effect.

    `of` gives the stretches of time: maintenance windows, attributed intervals (or items), incidents, stages
    of a product, suspensions of the contract, credentials that do not work, or the hours of `inside` alone.
    `where` picks among them; `inside` is a calendar of which only the covered part is taken; `announced_by`
    is the instant by which a window must have been announced. `lasts`: the announced window, the actual work,
    or what both cover. `takes` all of the time, or only what is bad. Effects: `not bad` gives bad time back,
    `out of total` leaves the denominator, `breaks run` ends a run of bad slices. `before_combining`: it is
    taken from the parts it names, else from the combined component. Empty `indicators` or `components`: all.
    """

    name: str
    of: Source
    effects: frozenset[Effect]
    where: Expr | None = None
    inside: str = ""
    announced_by: Expr | None = None
    lasts: Literal["announced", "actual", "both"] = "both"
    takes: Literal["all", "bad"] = "all"
    before_combining: bool = True
    indicators: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    doc: str = ""
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class Level:
    """A level and how it compares: a ratio, or microseconds where durations are measured.

    `decimals` are those printed on the page (of the percentage), for a comparison that rounds to them.
    """

    relation: Relation
    value: Fraction
    unit: Literal["ratio", "duration"] = "ratio"
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class CommitRule:
    """An indicator promised at a level for each period. `level` None: it is only measured.

    `compare`: exactly, or after rounding half up to the printed decimals (terms G1). `unknown`: what decides
    where something is unknown: the bounds (terms G3), or the unknown taken as up or as down.
    """

    name: str
    indicator: str
    period: PeriodRule
    level: Level | None = None
    modality: Modality = "guarantee"
    compare: Literal["exact", "half up"] = "exact"
    unknown: Literal["bounds", "up", "down"] = "bounds"
    doc: str = ""
    cited: Citation = Citation()
