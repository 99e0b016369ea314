"""The chance that an open cycle of a deadline ends late, from how long those before it took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.clocks.counting import measured
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import Instant
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import OPEN, Verdict

ADDED: Final = 2
"""So many cycles are added to those that took at least as long, to steady what few of them say."""
UNTOLD: Final = Fraction(1, 2)
"""The share of its budget that a cycle takes where no cycle of the past says how long one takes."""


_LATE: Final = 1 + Fraction(1, 10**9)  # a cycle can be late with less, by a target that it changed to


class Lateness(NamedTuple):
    """The chance of one open cycle, and of how many finished ones it was told.

    `used` is the share of its budget that is used; `alike` are the past cycles that took longer than that,
    and `late` those of them that were late.
    """

    key: CellKey
    cycle: int
    used: Fraction
    chance: Fraction
    past: int
    alike: int
    late: int


def share_used(verdict: Verdict, calendars: Mapping[str, Calendar], at: Instant) -> Fraction | None:
    """How much of its budget a cycle has used by its end, or by `at`; None where it has no budget.

    Where the due instant was moved to an opening, real time to that instant is what counts.
    """
    if verdict.hours and verdict.anchor_at is not None and verdict.due_at is not None:
        length = verdict.due_at - verdict.anchor_at
        end_at = at if verdict.stopped_at is None else verdict.stopped_at
        return Fraction(max(0, end_at - verdict.anchor_at), length) if length > 0 else None
    elapsed_us, _ = measured(verdict, calendars, at)
    if elapsed_us is None or not verdict.budget_us:
        return None
    return Fraction(elapsed_us, verdict.budget_us)


def past_shares(
    verdicts: Iterable[Verdict], calendars: Mapping[str, Calendar], at: Instant
) -> list[Fraction]:
    """The shares of their budgets that cycles took which are over, or late already; in order."""
    found: list[Fraction] = []
    for verdict in verdicts:
        if verdict.state == "met" or verdict.is_late:
            used = share_used(verdict, calendars, at)
            if used is not None:
                found.append(max(used, _LATE) if verdict.is_late else min(used, Fraction(1)))
    return sorted(found)


def lateness(
    verdict: Verdict, past: Sequence[Fraction], calendars: Mapping[str, Calendar], at: Instant
) -> Lateness | None:
    """The chance of an open cycle. None if nothing is promised, it is not open, or has no budget.

    Of the past cycles that took longer than this one so far: the share that was late. Two more are added,
    late as often as in a past with the same middle and a heavy tail, where half of those that have lasted
    for long last as long again: P(> 1 | > used) = (m + used) / (m + 1), m the middle share.
    """
    if verdict.state not in OPEN or verdict.kind not in ("deadline", "cadence"):
        return None
    used = share_used(verdict, calendars, at)
    if used is None:
        return None
    used = min(used, Fraction(1))
    alike = [share for share in past if share > used]
    late = sum(share > 1 for share in alike)
    middle = min(past[len(past) // 2], Fraction(1)) if past else UNTOLD
    heavy = (middle + used) / (middle + 1)
    chance = (late + ADDED * heavy) / (len(alike) + ADDED)
    return Lateness(verdict.key, verdict.cycle, used, chance, len(past), len(alike), late)
