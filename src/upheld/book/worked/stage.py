"""Where examples are played: the terms under a made-up contract, in one month, and the facts told there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from upheld.core.evaluating.evaluation import Evaluation, evaluate
from upheld.core.facts.fact import Data, Fact
from upheld.core.facts.fact_types import FACT_TYPES, OPENING, Field
from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations
from upheld.core.terms.agreement import ALWAYS, Contact, Contract, SubjectKind, Terms
from upheld.core.timeline.civil import add_months
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, Instant, format_instant
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass, replace

CONTACT = "the contact"
MID_MORNING_S = 10 * 3600
_AFTERNOON_S = 16 * 3600 + 1800
_JUNE = 6
_FRIDAY = 4
_DATED = re.compile(r"(\d{4})(?:-(\d\d))?\b")
_OF_A_CONTRACT: frozenset[SubjectKind] = frozenset({"ticket", "task", "claim"})


@dataclass(frozen=True, slots=True)
class Stage:
    """The terms with a contract that has no end, and the month in which things happen, in their zone.

    `claimed` is the period with that month that claims are about. `is_own` says whether the contract is a
    real one, whose fees then count.
    """

    terms: Terms
    month: Period
    claimed: Period
    is_own: bool = False

    @property
    def zone(self) -> Zone:
        """The zone of days and periods."""
        return self.terms.calendars[ALWAYS].rule.zone

    @property
    def contract(self) -> Contract:
        """The contract of the examples."""
        assert self.terms.contract is not None, "a stage has a contract"
        return self.terms.contract

    def on(self, terms: Terms) -> Stage:
        """The same stage with other terms."""
        return replace(self, terms=terms)

    @property
    def of_subjects(self) -> Stage:
        """The same stage with the rules about subjects alone: nothing that is measured or recurs."""
        return self.on(replace(self.terms, commits=(), remedies=(), obligations=()))

    def in_force_from(self, on: date) -> Stage:
        """The same stage with a contract that begins on another day."""
        return self.on(replace(self.terms, contract=replace(self.contract, from_on=on)))

    @property
    def friday_at(self) -> Instant:
        """The first Friday of the month at 16:30."""
        first = self.zone.date_at(self.month.start_at)
        return self.zone.instant_at(first + timedelta(days=(_FRIDAY - first.weekday()) % 7), _AFTERNOON_S)

    def morning_of(self, at: Instant) -> Instant:
        """Ten o'clock of the day of an instant."""
        return self.zone.instant_at(self.zone.date_at(at), MID_MORNING_S)

    def evaluate(
        self, facts: Iterable[Fact], at: Instant, observations: Observations = NO_OBSERVATIONS
    ) -> Evaluation:
        """What the engine says of made-up facts and observations."""
        return evaluate([self.terms], sorted(facts, key=lambda fact: fact.order), at, observations)

    # -- facts ---------------------------------------------------------------------------------------------

    def tell(self, type_: str, subject: str, at: Instant, data: Mapping[str, object] | None = None) -> Fact:
        """A made-up fact, with whatever its type requires."""
        told = {name: _plain(name, value) for name, value in (data or {}).items()}
        known = FACT_TYPES.get(type_)
        for field in known.fields if known else ():
            if field.required and field.name not in told:
                told[field.name] = self._required(field, at)
        return Fact(f"{type_} {subject} {at}", "example", type_, at, at, subject, Data(told))

    def opening(
        self, kind: SubjectKind, subject: str, at: Instant, given: Mapping[str, object] | None = None
    ) -> Fact:
        """The fact that brings a subject into being, with attributes."""
        data: dict[str, object] = dict(given or {})
        if kind in _OF_A_CONTRACT:
            data["contract"] = self.contract.id
        if kind == "ticket" and self.terms.named_contacts is not None:
            data["requester"] = CONTACT
        return self.tell(OPENING[kind], subject, at, data)

    def _required(self, field: Field, at: Instant) -> object:
        if field.name == "contract":
            return self.contract.id
        if field.kind == "instant":
            return format_instant(at + (HOUR if field.name == "ends_at" else 0))
        if field.kind == "list of text":
            return list(self.leaves)
        if field.kind == "choice":
            return field.choices[0]
        scale = next((one for one in self.terms.scales if one.name == field.name), None)
        return next(iter(scale.values)) if scale is not None else "example"

    @property
    def leaves(self) -> tuple[str, ...]:
        """The components that are observed themselves; a name alone where the agreement has none."""
        found = tuple(name for name, part in self.terms.components.items() if part.tie is None)
        return found or ("service",)


def stage_of(terms: Terms) -> Stage:
    """The stage of an agreement: a June, a month of 30 days in which no clock is changed.

    It is the first one after the version, or within the term of the contract; where that has no whole June,
    its first whole month, or the month in which it begins. It lies within the years for which the calendars
    were compiled, in the middle of them where the version names no date. The contract has no end and no
    stages, so that every promise can be shown, and a named contact where the agreement limits who may ask.
    """
    always = terms.calendars[ALWAYS]
    own = terms.contract
    since = own.from_on if own else _dated(terms.version)
    if since is None:
        since = date((always.start_year + always.end_year) // 2, 1, 1)
    first = _month(since, own.until_on if own else None)
    first = date(min(max(first.year, always.start_year), always.end_year), first.month, 1)
    month = PeriodRule("calendar month", always.rule.zone).period_at(always.rule.zone.day_start(first))
    contract = own or Contract("example", "", terms.agreement, date(first.year, 1, 1), plan=terms.plan)
    contract = replace(
        contract,
        from_on=min(contract.from_on, first),
        until_on=None,
        stages=(),
        contacts=(Contact(CONTACT),) if terms.named_contacts is not None else (),
    )
    return Stage(replace(terms, contract=contract), month, _claimed(terms, month), own is not None)


def _claimed(terms: Terms, month: Period) -> Period:
    """What a claim is about: the period of the first commitment with a remedy, if claims can name it."""
    followed = {remedy.of for remedy in terms.remedies}
    for commit in terms.commits:
        if commit.name in followed and commit.period.kind in ("calendar quarter", "calendar year"):
            return commit.period.period_at(month.start_at + DAY)
    return month


def _month(since_on: date, until_on: date | None) -> date:
    """The first day of the first June from a day on; before an end, if there is no such June, of a month."""
    june = date(since_on.year + (date(since_on.year, _JUNE, 1) < since_on), _JUNE, 1)
    if until_on is None or add_months(june, 1, 1) <= until_on:
        return june
    begun = since_on.replace(day=1)
    whole = begun if since_on.day == 1 else add_months(begun, 1, 1)
    return whole if add_months(whole, 1, 1) <= until_on else begun


def _dated(version: str) -> date | None:
    found = _DATED.match(version)
    if found is None or not 1 <= int(found[2] or 1) <= 12:
        return None
    return date(int(found[1]), int(found[2] or 1), 1)


def _plain(name: str, value: object) -> object:
    return format_instant(value) if name.endswith("_at") and isinstance(value, int) else value


def to_the_minute(duration_us: int) -> int:
    """A length cut to whole minutes."""
    return duration_us // MINUTE * MINUTE
