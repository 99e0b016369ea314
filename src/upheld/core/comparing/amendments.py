"""How two rules of changing the terms compare: what protects the customer longer, or from more, is better."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.comparing.comparison import Order, Part, changed, different, flipped, order_of, ranked
from upheld.core.comparing.time import Budget
from upheld.core.comparing.versions import Versions
from upheld.core.terms.amendment import FLOORS, AmendRule


def compare_amendments(
    before: AmendRule | None, after: AmendRule | None, versions: Versions
) -> Iterator[Part]:
    """The parts in which two rules differ; no rule is one that promises nothing."""
    one, other = before or AmendRule(), after or AmendRule()
    yield from changed("notice", _notice(one, other, versions), _notice_text(one), _notice_text(other))
    yield from ranked("never below", one.never_below, other.never_below, *FLOORS)
    if "nothing" not in (one.never_below, other.never_below):
        yield from ranked("until", one.until, other.until, "contract period ends", "contract ends")
        yield from different("incomparable", one.incomparable, other.incomparable)
    yield from ranked("applies from", one.applies_from, other.applies_from, "end of the notice", "next month")
    yield from different("clocks", one.clocks, other.clocks)
    yield from different("periods", one.periods, other.periods)
    yield from different("published", one.published, other.published)
    yield from different("accepted by", one.accepted_by, other.accepted_by)


def _notice(one: AmendRule, other: AmendRule, versions: Versions) -> Order:
    if one.notice is None or other.notice is None:
        is_more, is_less = one.notice is None, other.notice is None
        return "equal" if is_more and is_less else order_of(is_more, is_less)
    before = Budget(one.notice, versions.calendar(one.on, 0))
    after = Budget(other.notice, versions.calendar(other.on, 1))
    # A new version that may hold later is better: here the customer is who waits.
    return flipped(versions.lateness(before, after, False).order)


def _notice_text(rule: AmendRule) -> str:
    if rule.notice is None:
        return "none"
    return str(rule.notice) if rule.on == "always" else f"{rule.notice} on {rule.on}"
