"""What a component was, stretch by stretch, and how ties make one of several.

A tie is k of n: `all` is n of n, `any` 1 of n. Of three values (good, bad, unknown) it is Kleene's `and` and
`or`; what is excluded can help a tie to be excluded, but not to be good.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_

from upheld.core.timeline.spans import Spans, union
from upheld.core.values.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """Disjoint sets that cover what was looked at. `degraded` is a part of `good`.

    `otherwise` is the part of `unknown` for another reason than missing data: nobody attributed it, or a bad
    slice stood alone. `absent`: the component did not exist.
    """

    good: Spans = Spans.empty
    degraded: Spans = Spans.empty
    bad: Spans = Spans.empty
    unknown: Spans = Spans.empty
    otherwise: Spans = Spans.empty
    excluded: Spans = Spans.empty
    absent: Spans = Spans.empty


def tied(parts: Sequence[Judged], at_least: int, looked_at: Spans) -> Judged:
    """The tie that is good while at least so many of its parts are.

    A part that does not exist is not missed where all are needed, and no help where fewer are.
    """
    if len(parts) == 1 and at_least == 1:
        return parts[0]
    absent = reduce(and_, (part.absent for part in parts))
    is_all = at_least == len(parts)
    good = [part.good | part.absent if is_all else part.good for part in parts]
    clean = [one - part.degraded for one, part in zip(good, parts, strict=True)]
    helped = [one | part.excluded for one, part in zip(good, parts, strict=True)]
    hoped = [one | part.unknown for one, part in zip(helped, parts, strict=True)]
    are_good = Spans.overlay(good, at_least)
    are_helped = Spans.overlay(helped, at_least)
    are_hoped = Spans.overlay(hoped, at_least)
    unknown = are_hoped - are_helped
    return Judged(
        good=are_good - absent,
        degraded=are_good - Spans.overlay(clean, at_least) - absent,
        bad=looked_at - are_hoped - absent,
        unknown=unknown - absent,
        otherwise=union([part.otherwise for part in parts]) & unknown,
        excluded=are_helped - are_good - absent,
        absent=absent,
    )
