"""Whether two ways of reading one clock say the same of one subject, told without judging it.

A reading about priority P1 says nothing of a P3, and one about waits nothing of a ticket that never waited.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from upheld.core.clocks.scope import is_match
from upheld.core.clocks.selection import quotas_read
from upheld.core.clocks.stretch import Unknown, in_force
from upheld.core.clocks.subject import Subject, effective_at
from upheld.core.terms.agreement import ALWAYS, ClockRule, EventMatch, PauseRule, Rows, Target, Terms

_MATCHES: Final = ("starts", "stops", "after", "again")
_PROMISED: Final = frozenset({"where", "within", "on"})
_CHANGES: Final = frozenset({"change_by_customer", "change_by_provider"})
_MOMENT: Final = "the moment of a claim"
"""No field of a clock: when a claim counts as filed, as the agreement says for all of them."""
_BY_SUBJECT: Final = frozenset({*_MATCHES, *_PROMISED, *_CHANGES, _MOMENT, "pauses", "reopening"})
"""The fields whose difference can be without consequence for a subject."""
_APART: Final = frozenset({"modality", "pauses", "reopening", *_CHANGES})
"""The fields that say nothing of what is promised to whom, and on which calendar."""
_WITHOUT: Final = frozenset({"doc", "cited"})


class Difference(NamedTuple):
    """In what two readings of a clock differ: fields, and calendars by name.

    `is_open`: in something of which it cannot be told beforehand whom it concerns. `is_apart`: in nothing
    that could make another reading concern a subject that it did not concern before.
    """

    fields: frozenset[str]
    calendars: frozenset[str]
    is_open: bool
    is_apart: bool


def difference(one: ClockRule, other: ClockRule, of_one: Terms, of_other: Terms) -> Difference:
    """What a clock says otherwise under other readings."""
    fields = frozenset(
        name
        for name in ClockRule.__dataclass_fields__
        if name not in _WITHOUT and getattr(one, name) != getattr(other, name)
    )
    if one.of == "claim" and _counts_from(of_one) != _counts_from(of_other):
        fields |= {_MOMENT}
    names = of_one.calendars.keys() | of_other.calendars.keys()
    calendars = frozenset(name for name in names if not _is_same(name, of_one, of_other))
    is_elsewhere = (
        (bool(of_one.quotas or of_other.quotas) and quotas_read(one, of_one) != quotas_read(other, of_other))
        or (of_one.attributes, of_one.scales) != (of_other.attributes, of_other.scales)
        or of_one.named_contacts != of_other.named_contacts
    )
    is_open = (
        is_elsewhere
        or not fields <= _BY_SUBJECT
        or bool(one.again) != bool(other.again)
        or bool(fields & _PROMISED and (isinstance(one.within, Rows) or isinstance(other.within, Rows)))
        or bool(calendars and (one.due is not None or isinstance(one.within, Rows)))
    )
    return Difference(fields, calendars, is_open, not is_elsewhere and fields <= _APART)


def _counts_from(terms: Terms) -> str:
    return terms.claim.counts_from if terms.claim is not None else "earliest"


def _is_same(name: str, of_one: Terms, of_other: Terms) -> bool:
    one, other = of_one.calendars.get(name), of_other.calendars.get(name)
    if one is None or other is None:
        return False
    return one is other or (one.rule, one.business_day, one.closing) == (
        other.rule, other.business_day, other.closing
    )  # fmt: skip


class Seen:
    """A subject as one clock sees it."""

    def __init__(self, rule: ClockRule, terms: Terms, subject: Subject) -> None:
        self._rule = rule
        self._terms = terms
        self._subject = subject

    def is_alike(self, other: ClockRule, under: Terms, apart: Difference) -> bool:
        """Whether the clock judges the subject alike under other readings, from which it is so far apart.

        False may also mean that it would have to be asked.
        """
        if apart.is_open or not apart.calendars.isdisjoint(self._calendars):
            return False
        subject, fields = self._subject, apart.fields
        if len(subject.moments) > 1 and fields & _CHANGES:
            return False
        if _MOMENT in fields and any(
            effective_at(event.fact, self._terms) != effective_at(event.fact, under)
            for event in subject.events
        ):
            return False
        if "reopening" in fields and self._has(f"{self._rule.of}.reopened"):
            return False
        if "pauses" in fields and tuple(self._begun(self._rule)) != tuple(self._begun(other)):
            return False
        for name in fields.intersection(_MATCHES):
            if self._matched(getattr(self._rule, name), self._terms) != self._matched(
                getattr(other, name), under
            ):
                return False
        return not fields & _PROMISED or self._promised == tuple(
            in_force(other, under, moment, moment.at) for moment in subject.moments
        )

    @cached_property
    def _promised(self) -> tuple[tuple[Target | Unknown | None, str], ...]:
        """The target and its calendar, whatever the subject is in the course of time."""
        moments = self._subject.moments
        return tuple(in_force(self._rule, self._terms, moment, moment.at) for moment in moments)

    @cached_property
    def _calendars(self) -> frozenset[str]:
        """The calendars on which something is counted."""
        goals = {one.goal_calendar for one, _ in self._promised if isinstance(one, Target)}
        names = {ALWAYS, self._rule.hours, *goals, *(on for _, on in self._promised)}
        return frozenset(name for name in names if name)

    def _begun(self, rule: ClockRule) -> Iterator[PauseRule]:
        """The pauses that anything begins."""
        for pause in rule.pauses:
            types = {type_ for match in pause.starts for type_ in match.types}
            if self._has(*types, *["ticket.waiting_started"] * pause.waiting):
                yield pause

    def _has(self, *types: str) -> bool:
        return any(event.fact.type in types for event in self._subject.events)

    def _matched(self, matches: tuple[EventMatch, ...], terms: Terms) -> tuple[bool, ...]:
        subject = self._subject
        return tuple(is_match(event, matches, subject, terms) for event in subject.events)
