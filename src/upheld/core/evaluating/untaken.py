"""Work that an exclusion does not take, or not all of it, and why: the other side of `exclusions`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from upheld.core.clocks.subject import CANCELLING, Subject
from upheld.core.evaluating.exclusions import (
    announced_by,
    announced_versions,
    is_picked,
    known_leaves,
    takes_of_subject,
    window_of,
    work_of,
)
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Exclusion
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.spans import Spans, union


class Untaken(NamedTuple):
    """A stretch of work that an exclusion leaves in, with the reason.

    `told_at` and `by_at` are when it was announced, and by when it should have been, where that is why.
    """

    spans: Spans
    why: str
    told_at: Instant | None = None
    by_at: Instant | None = None


def untaken(rule: Exclusion, terms: Terms, subject: Subject) -> Iterator[Untaken]:
    """What of the work of a maintenance the rule does not take, with the reason.

    An announced window counts as work where the rule takes it as such.
    """
    if any(event.fact.type in CANCELLING["maintenance"] for event in subject.events):
        return
    attributes = subject.moments[-1].attributes
    window, work = window_of(attributes) if announced_versions(subject) else Spans.empty, work_of(subject)
    takes = takes_of_subject(rule, terms, subject)
    whole = window | work if rule.lasts == "announced" else work
    left = whole - union([take.spans for take in takes])
    if not left:
        return
    named = attributes.get("components")
    leaves = known_leaves(map(str, named), terms.components) if isinstance(named, tuple) else ()
    own = known_leaves(rule.components, terms.components) if rule.components else leaves
    if set(leaves).isdisjoint(own):
        yield Untaken(left, "of other components")
        return
    if not is_picked(rule.where, terms, attributes):
        yield Untaken(left, f"not {rule.where}")
        return
    yield from _by_the_window(rule, terms, subject, left, window)


def _by_the_window(
    rule: Exclusion, terms: Terms, subject: Subject, left: Spans, window: Spans
) -> Iterator[Untaken]:
    """What is left over because it was told late, lies outside the hours, or was not as announced."""
    if rule.announced_by is not None:
        told = [(event.at, window_of(moment.attributes), announced_by(rule, terms, subject, moment))
                for moment, event in announced_versions(subject)]  # fmt: skip
        in_time = union([spans for at, spans, by_at in told if by_at is not None and at <= by_at])
        late = left & window - in_time
        if late:
            at, _, by_at = next(one for one in reversed(told) if one[1] & late)
            yield Untaken(late, "announced late", at, by_at)
        left -= late
    if rule.inside:
        outside = left - terms.calendars[rule.inside].spans
        if outside:
            yield Untaken(outside, f"outside {rule.inside}")
        left -= outside
    if rule.lasts != "actual" and (over := left - window):
        yield Untaken(over, "beyond what was announced" if window else "never announced")
