"""The lane of a clock: when its hours were open, and in them what was counted, late, or stood still."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.verdict import Verdict


class Lane(NamedTuple):
    """What the lane of a clock shows, each as stretches: open hours, what was counted, late, stood still."""

    open: Spans
    counted: Spans
    late: Spans
    waiting: Spans


def lane_of(verdict: Verdict, calendars: Mapping[str, Calendar], end_at: Instant) -> Lane:
    """The stretches of a clock up to the end of its cycle; open hours in all of its time."""
    anchor_at, late_at = verdict.anchor_at, verdict.late_after_at
    late_end_at = end_at if verdict.is_late else None
    if anchor_at is None or verdict.calendar not in calendars:
        is_late = late_end_at is not None and late_at is not None and late_end_at > late_at
        late = Spans.of([(late_at, late_end_at)]) if is_late and late_at and late_end_at else Spans.empty
        return Lane(Spans.empty, Spans.empty, late, Spans.empty)
    open_ = calendars[verdict.calendar].spans
    waiting = Spans.of(
        (max(one.start_at, anchor_at), min(one.end_at or end_at, end_at))
        for one in verdict.pauses
        if max(one.start_at, anchor_at) < min(one.end_at or end_at, end_at)
    )
    counted = open_.clip(anchor_at, end_at) - waiting
    late = Spans.empty
    if late_end_at is not None and late_at is not None and late_at < late_end_at:
        late = counted.clip(late_at, late_end_at) if not verdict.hours else Spans.of([(late_at, late_end_at)])
    return Lane(open_, counted - late, late, waiting)
