"""The contracts of an evaluation: their terms, when they are in force, and the periods that have begun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.values.once import Once, anew


class Contracts:
    """Terms by contract id (those without a contract bind nobody), in the order given.

    `once` remembers what only the civil time of a contract decides, for other terms of it too.
    """

    def __init__(self, terms: Iterable[Terms], once: Once = anew) -> None:
        bound = [(one.contract.id, one) for one in terms if one.contract is not None]
        self.terms: Mapping[str, Terms] = dict(bound)
        self.providers = {one.provider for one in self.terms.values()}
        self._once = once
        self._term = {name: self._begun(one) for name, one in self.terms.items()}
        self._periods: dict[tuple[str, str], tuple[Period, ...]] = {}

    def _begun(self, terms: Terms) -> tuple[Instant, Instant | None]:
        assert terms.contract is not None
        zone = terms.calendars[ALWAYS].rule.zone
        return self._once(
            ("term", id(zone), terms.contract.from_on, terms.contract.until_on), lambda: term_of(terms)
        )

    def term(self, contract: str) -> tuple[Instant, Instant | None]:
        """From when until when a contract is in force (see `term_of`)."""
        return self._term[contract]

    def in_term(self, contract: str, at: Instant) -> bool:
        """Whether a contract is in force at an instant."""
        start_at, end_at = self._term[contract]
        return start_at <= at and (end_at is None or at < end_at)

    def held(self, contract: str, period: Period) -> tuple[Instant, Instant]:
        """The stretch of a period in which a contract is in force; an empty one if there is none."""
        start_at, end_at = self._term[contract]
        start_at = min(max(start_at, period.start_at), period.end_at)
        return start_at, max(start_at, period.end_at if end_at is None else min(end_at, period.end_at))

    def periods(self, contract: str, name: str, rule: PeriodRule, at: Instant) -> tuple[Period, ...]:
        """The periods of a rule of a contract that have begun by `at`, within its term, in order.

        BeyondHorizon if the zone does not know the years.
        """
        start_at, end_at = self._term[contract]
        until_at = at + 1 if end_at is None else min(at + 1, end_at)
        if until_at <= start_at:
            return ()
        known = self._periods.get((contract, name), ())
        if not known or known[-1].end_at < until_at:
            known = self._once(
                ("periods", id(rule), start_at, until_at),
                lambda: tuple(rule.periods_between(start_at, until_at)),
            )
            self._periods[contract, name] = known
        count = len(known)
        while known[count - 1].start_at >= until_at:
            count -= 1
        return known[:count]

    def period(self, contract: str, name: str, rule: PeriodRule, at: Instant, label: str) -> Period:
        """One of `periods`, by its label."""
        return next(one for one in self.periods(contract, name, rule, at) if one.label == label)


def term_of(terms: Terms) -> tuple[Instant, Instant | None]:
    """From when until when a contract is in force, by the days of its zone; None: until further notice."""
    contract = terms.contract
    assert contract is not None
    zone = terms.calendars[ALWAYS].rule.zone
    return zone.day_start(contract.from_on), zone.day_start(contract.until_on) if contract.until_on else None
