"""Random measured figures: periods cut into parts at random, of one component or several."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from tests.render.drawings.pictures import HOSTILE
from tests.render.figure_worlds import LEVEL, terms, verdict
from upheld.core.measuring.trace import Trace, TracedStretch
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import DAY, MINUTE, SECOND
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.measurement import Bounds, Measurement, Part, PartName
from upheld.core.verdicts.verdict import State, Verdict
from upheld.render.drawings.drawing import Drawing
from upheld.render.drawings.strip import availability_strip

START_AT = 1_780_272_000 * SECOND
NAMES: tuple[PartName, ...] = ("down", "degraded", "excluded", "unknown", "outside hours")
LENGTHS = (DAY, 30 * DAY, 30 * DAY, 91 * DAY, 365 * DAY)
STATES: tuple[State, ...] = ("met", "breached", "missed", "running", "at risk", "undetermined")


def measured(rng: Random, component: str, period: Period, at: int) -> Measurement:
    """A component in a period of which everything up to `at` is over."""
    cuts: dict[PartName, list[tuple[int, int]]] = {name: [] for name in NAMES}
    up, position = [], period.start_at
    while position < at:
        end = min(position + rng.randint(1, max((at - period.start_at) // rng.choice([3, 30]), 2)), at)
        up.append((position, end))
        stop = min(end + rng.choice([1, SECOND, 5 * MINUTE, 3 * 60 * MINUTE, DAY]) * rng.randint(1, 9), at)
        if stop > end:
            cuts[rng.choice(NAMES)].append((end, stop))
        position = stop
    parts = [Part("up", Spans.of(up).length, "", Spans.of(up))]
    for name, spans in cuts.items():
        by = "window" if name == "excluded" else ""
        parts.append(Part(name, Spans.of(spans).length, by, Spans.of(spans)))
    later = Spans.of([(at, period.end_at)]) if at < period.end_at else Spans.empty
    parts.append(Part("not yet", later.length, "", later))
    gone = sum(part.amount for part in parts if part.name in ("excluded", "outside hours", "not yet"))
    total = period.length_us - gone
    bad = Spans.of(cuts["down"]).length
    value = Fraction(total - bad, total) if total else None
    bounds = Bounds(value, value or Fraction(0), value or Fraction(1))
    return Measurement(
        "uptime", component, period, at, "time", tuple(part for part in parts if part.amount), total, bad,
        bounds, bounds, Fraction(0), not later, outages=Spans.of(cuts["down"]),
        final_total=total + later.length,
    )  # fmt: skip


def figure(seed: int) -> tuple[Terms, Verdict, Trace]:
    """What is told of one random figure; sometimes of components that a stranger named."""
    rng = Random(seed)
    length = rng.choice(LENGTHS)
    start_at = START_AT + rng.randrange(300) * DAY
    period = Period(start_at, start_at + length, "2026-06")
    at = period.end_at if rng.random() < 0.6 else start_at + rng.randrange(length)
    several = rng.random() < 0.4
    names = [f"part {n}" for n in range(rng.randint(2, 14))] if several else ["service"]
    names = [rng.choice(HOSTILE[:7]) if rng.random() < 0.2 else name for name in names]
    ends = [measured(rng, name, period, at) for name in names]
    found = ends[0]
    if several:
        found = replace(found, component="all", of=tuple(ends), decisive=names[0])
    key = verdict("met", found).key._replace(subject=rng.choice(["2026-06", HOSTILE[0], HOSTILE[5]]))
    stretches = [
        TracedStretch(end.component, start, stop, part.name, part.by)
        for end in ends
        for part in end.parts
        if part.name in NAMES[:4]
        for start, stop in part.spans
    ]
    one = replace(verdict(rng.choice(STATES), found), key=key, level=rng.choice([LEVEL, None]))
    return terms(), one, Trace(tuple(sorted(stretches, key=lambda row: row.start_at)))


def strip(seed: int) -> Drawing:
    """Its strip."""
    of, one, trace = figure(seed)
    return availability_strip(7, of, of.commits[0], one, trace)
