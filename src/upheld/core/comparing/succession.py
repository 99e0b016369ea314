"""From when which version of the terms holds for a contract, commitment by commitment.

A new version begins for a contract when the notice that was promised has passed. What it makes worse keeps
the version at signature as long as the agreement says; what was opened, or is being measured, ends under the
version under which it began. Source: SIVO-9.1, SIVO-9.2, SIVO/S27; ROUS/R19.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from upheld.core.comparing.comparison import Change, Order
from upheld.core.terms.agreement import ALWAYS, ObligationRule, QuotaRule, Terms
from upheld.core.terms.amendment import AmendRule
from upheld.core.terms.duty import CovenantRule
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import PeriodRule
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass

_HELD_BACK: frozenset[Order] = frozenset({"worse"})


class InForce(NamedTuple):
    """A version, and the first instant from which it holds; of a period, one of its boundaries."""

    version: str
    from_at: Instant


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one commitment: the versions that hold, in order; the first does already.

    `why` says why the new version does not simply begin; `is_open`: what holds it back has no known end.
    """

    commitment: str
    kind: str
    order: Order
    versions: tuple[InForce, ...]
    why: str = ""
    is_open: bool = False
    change: Change | None = None

    def version_at(self, at: Instant) -> str:
        """The version that holds at an instant for what begins then."""
        return [one.version for one in self.versions if one.from_at <= at or one is self.versions[0]][-1]


def earliest_start(rule: AmendRule | None, terms: Terms, told_at: Instant) -> Instant:
    """The first day of a new version that was told of at an instant, as the instant at which it begins.

    A day that has begun is not whole, so the next one is the first. BeyondHorizon outside the years.
    """
    zone = terms.calendars[ALWAYS].rule.zone
    at = told_at
    if rule is not None and rule.notice is not None:
        at = terms.calendars[rule.on].deadline(told_at, rule.notice)
    at = next_day_start(zone, at)
    if rule is not None and rule.applies_from == "next month":
        at = next_period_start(PeriodRule("calendar month", zone), at)
    return at


def next_day_start(zone: Zone, at: Instant) -> Instant:
    """The instant itself if a day begins there, else the beginning of the next day."""
    on = zone.date_at(at)
    start_at = zone.day_start(on)
    return at if start_at == at else zone.day_start(on.fromordinal(on.toordinal() + 1))


def next_period_start(rule: PeriodRule, at: Instant) -> Instant:
    """The instant itself if a period begins there, else the end of the one that holds it."""
    period = rule.period_at(at)
    return at if period.start_at == at else period.end_at


def steps(
    changes: Sequence[Change],
    signed: Terms,
    new: Terms,
    rule: AmendRule | None,
    starts_at: Instant,
    period_end_at: Instant | None,
) -> tuple[Step, ...]:
    """What becomes of every commitment that changes, of one contract.

    `signed` is what it was signed under (or, if that is what is kept, what is in force); `starts_at` when the
    new version begins for it, `period_end_at` until when what is better is kept (None: not known).
    """
    rule = rule or AmendRule()
    found = []
    for change in changes:
        order = _followed(change, changes, new)
        is_kept = rule.never_below != "nothing" and (
            order in _HELD_BACK or (order == "incomparable" and rule.incomparable == "signature version")
        )
        old = InForce(signed.version, signed_from(signed))
        why, is_open, from_at = "", False, starts_at
        if is_kept:
            why = f"never below {rule.never_below.removeprefix('commitments ')}: {order}"
            is_open = period_end_at is None
            from_at = max(starts_at, period_end_at) if period_end_at is not None else starts_at
        versions: tuple[InForce, ...] = (old,)
        if not is_open and not _is_over(signed, from_at):
            versions = (old, InForce(new.version, _boundary(change, signed, new, rule, from_at)))
        found.append(Step(change.name, change.kind, order, versions, why, is_open, change))
    return tuple(found)


def signed_from(terms: Terms) -> Instant:
    """The first instant of the contract of some terms."""
    assert terms.contract is not None, "whoever is told of a version has a contract"
    return terms.calendars[ALWAYS].rule.zone.day_start(terms.contract.from_on)


def _is_over(terms: Terms, at: Instant) -> bool:
    """Whether the contract has ended by an instant."""
    assert terms.contract is not None, "whoever is told of a version has a contract"
    until_on = terms.contract.until_on
    return until_on is not None and terms.calendars[ALWAYS].rule.zone.day_start(until_on) <= at


def _followed(change: Change, changes: Sequence[Change], new: Terms) -> Order:
    """The order of a commitment; a remedy goes with the commitment that it follows, if that is held back."""
    if change.kind != "remedy":
        return change.order
    remedy = next((one for one in new.remedies if one.name == change.name), None)
    for one in changes:
        if remedy is not None and one.name == remedy.of and one.order in ("worse", "incomparable"):
            return one.order
    return change.order


def _boundary(change: Change, old: Terms, new: Terms, rule: AmendRule, at: Instant) -> Instant:
    """From when a version holds for a commitment: of one with periods, from the first that begins then."""
    if rule.periods == "new version":
        return at
    period = _period(change.name, new) or _period(change.name, old)
    return at if period is None else next_period_start(period, at)


def _period(name: str, terms: Terms) -> PeriodRule | None:
    """The period of a commitment, or of the one that a remedy follows; None if it has none."""
    names = {name, *(remedy.of for remedy in terms.remedies if remedy.name == name)}
    rules: list[CommitRule | QuotaRule | ObligationRule | CovenantRule]
    rules = [*terms.commits, *terms.quotas, *terms.obligations, *terms.covenants]
    return next((rule.period for rule in rules if rule.name in names), None)
