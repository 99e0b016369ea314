"""A clock does not go back in silence: what lowers the time it has counted is an act towards the customer.

Source: safety.md, threat 22.
"""

from __future__ import annotations

from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from upheld.core.clocks.counting import measured
from upheld.core.evaluating.evaluation import evaluate
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import HOUR, MINUTE, Duration

from .worlds import DESK, at, bound, fact

TERMS: Final = bound(
    DESK
    + """
deadline:
  response: {from: opened, until: answered, on: always, within: {P1: 1h, P2: 8h, P3: 20h}}
  resolution: {from: opened, until: resolved, on: desk, within: 8h, pause: waiting where for = customer}
"""
)
BEGIN: Final = at("Mon 06-01 10:00")
NOW: Final = at("Wed 06-03 12:00")
SILENT: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("assigned", {"to": "Kim"}),
    ("replied", {"visibility": "internal"}),
    ("replied", {"by": "automatic"}),
    ("replied", {"verified": False}),
    ("resolved", {"verified": False}),
    ("waiting_started", {"for": "customer", "verified": False}),
    ("waiting_started", {"for": "vendor"}),
    ("cancelled", {"verified": False}),
    ("waiting_ended", {}),
    ("customer_replied", {}),
    ("escalated", {"to": "lead"}),
    ("vendor_case", {"vendor": "Otherwind"}),
    ("workaround", {}),
    ("objected", {}),
    ("reopened", {}),
)
"""What nobody can lower a clock by: internal, automatic, not verified, or only against who tells it."""
TOLD: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("replied", {}),
    ("resolved", {}),
    ("waiting_started", {"for": "customer"}),
    ("cancelled", {"by": "customer"}),
    ("classified", {"priority": "P3", "by": "provider"}),
    ("merged", {"into": "T-2"}),
    ("closed", {}),
)
"""What the customer is told by being what it is, and sees in the log."""
_instants = st.integers(-60, 50 * 60).map(lambda n: BEGIN + n * MINUTE)
_acts = st.lists(st.tuples(st.sampled_from(SILENT + TOLD), _instants), max_size=7)


def _facts(acts: list[tuple[tuple[str, dict[str, Any]], int]]) -> list[Fact]:
    opened = [fact("ticket.opened", BEGIN, name, f"o{name}", priority="P2") for name in ("T-1", "T-2")]
    return opened + [
        fact(f"ticket.{type_}", when, "T-1", f"f{n}", **said) for n, ((type_, said), when) in enumerate(acts)
    ]


def _counted(facts: list[Fact]) -> dict[str, Duration]:
    """How much each clock on the ticket has counted by now, all its cycles together."""
    counted: dict[str, Duration] = {}
    for key, outcome in evaluate((TERMS,), FactLog(facts).effective(NOW), NOW).outcomes.items():
        for verdict in outcome.verdicts if key.subject == "T-1" else ():
            found = measured(verdict, TERMS.calendars, NOW)
            counted[key.commitment] = counted.get(key.commitment, 0) + (found[0] or 0)
    return counted


@given(_acts, st.sampled_from(SILENT), _instants)
def test_nothing_that_is_silent_lowers_what_a_clock_has_counted(
    acts: list[tuple[tuple[str, dict[str, Any]], int]], silent: tuple[str, dict[str, Any]], when: int
) -> None:
    """After whatever happened, and at whatever time it is claimed to have been."""
    before = _counted(_facts(acts))
    after = _counted(_facts([*acts, (silent, when)]))
    assert after.keys() == before.keys()
    for name, counted in before.items():
        assert after[name] >= counted, (name, silent)


def test_what_is_told_does_lower_it() -> None:
    """Else nothing of the above would say anything."""
    before = _counted(_facts([]))
    for act in (TOLD[0], TOLD[1], TOLD[2], TOLD[3]):
        after = _counted(_facts([(act, BEGIN + HOUR)]))
        assert any(after.get(name, 0) < counted for name, counted in before.items()), act
