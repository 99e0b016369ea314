"""The fixed grid of slices: slice k is [k * slice_us, (k + 1) * slice_us). Source: SIVO/S7."""

from __future__ import annotations

from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.spans import Spans


def outward(spans: Spans, slice_us: Duration) -> Spans:
    """The slices that the set touches."""
    return Spans.of((start - start % slice_us, end + -end % slice_us) for start, end in spans)


def inward(spans: Spans, slice_us: Duration) -> Spans:
    """The slices that lie wholly in the set."""
    whole = ((start + -start % slice_us, end - end % slice_us) for start, end in spans)
    return Spans.of((start, end) for start, end in whole if start < end)


def in_runs(slices: Spans, joining: Spans, at_least: int, slice_us: Duration) -> Spans:
    """The stretches of adjacent slices with at least so many of them; `joining` slices only connect others.

    A run is kept whole (SIVO/S4).
    """
    if at_least <= 1:
        return slices
    if not joining:
        return slices.runs(at_least, slice_us)
    return Spans.of(
        (start, end) for start, end in slices | joining if slices.measure(start, end) >= at_least * slice_us
    )


def steps_back(at: Instant, slices: int, slice_us: Duration, joining: Spans) -> Instant:
    """The start of so many slices before the one that starts at `at`; joining ones are not counted."""
    while slices > 0:
        at -= slice_us
        if at in joining:
            start_at = joining.previous_start(at)
            assert start_at is not None, "a joining slice is in a span"
            at = start_at
        else:
            slices -= 1
    return at


def steps_on(at: Instant, slices: int, slice_us: Duration, joining: Spans) -> Instant:
    """The end of so many slices from the one that starts at `at` on; joining ones are not counted."""
    while slices > 0:
        if at in joining:
            end_at = joining.next_end(at)
            assert end_at is not None, "a joining slice is in a span"
            at = end_at
        else:
            at += slice_us
            slices -= 1
    return at
