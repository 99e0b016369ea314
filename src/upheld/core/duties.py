"""What the period of a contract shows of duties: done, owed, given, named, used; `book` fills it in.

Source: issue 5, obligations and covenants; INTG R4, S1, E3, G1; SIVO-3, 8, 9; ROUS-8; JUST-1.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from upheld.core.clocks.covenant import Reported
from upheld.core.owing.termination import Right
from upheld.core.terms.agreement import ClockRule, ObligationRule, QuotaRule
from upheld.core.terms.duty import CovenantRule, ReminderRule
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import FactRef
from upheld.core.verdicts.verdict import Verdict


class Act(NamedTuple):
    """Something that was done: when, by whom (empty: not said), and the fact that tells it."""

    at: Instant
    actor: str
    ref: FactRef


@dataclass(frozen=True, slots=True)
class OnceMore:
    """A recurring duty that something made due once more: no instant by which, so it is never late."""

    owed_at: Instant
    reason: str
    ref: FactRef
    done: Act | None


@dataclass(frozen=True, slots=True)
class ObligationDuty:
    """One period of a recurring duty; `done` are the acts that count in it, `number` is the verdict's."""

    number: int
    rule: ObligationRule
    verdict: Verdict
    done: tuple[Act, ...]
    once_more: tuple[OnceMore, ...] = ()


ReportState = Literal["given", "given late", "owed", "overdue", "not owed", "undetermined"]


@dataclass(frozen=True, slots=True)
class ReportDuty:
    """A report or a post-mortem of one incident. `due_at` None: no limit is promised, so it is never late.

    `owed_at` is since when; `given` the act that gave it.
    """

    number: int
    rule: ClockRule
    verdict: Verdict
    incident: str
    severity: str
    state: ReportState
    owed_at: Instant | None
    due_at: Instant | None
    given: Act | None


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """A version of the agreement of which the customer was told, or was to be told.

    `from_at` is the first day on which it can hold for the contract after a notice at `told_at`.
    `is_in_time`: told at the latest when it was published or, with a promised notice, so long before the day
    on which it was published to hold; None where nothing can be late.
    """

    version: str
    told_at: Instant | None
    published_at: Instant | None
    from_at: Instant | None
    is_in_time: bool | None
    facts: tuple[FactRef, ...]


@dataclass(frozen=True, slots=True)
class CovenantEntry:
    """One report in the register, with the verdict on it or on the period in which it happened."""

    number: int | None
    verdict: Verdict | None
    reported: Reported


@dataclass(frozen=True, slots=True)
class CovenantDuty:
    """A covenant with its register: the reports that were told, or happened, in the period.

    `months` are the verdicts of a covenant that is judged by the month.
    """

    rule: CovenantRule
    entries: tuple[CovenantEntry, ...]
    months: tuple[tuple[int, Verdict], ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderDuty:
    """Something announced without a promise: ahead, to be looked at now, past its time, or come."""

    rule: ReminderRule
    state: Literal["ahead", "now", "past", "come"]
    done: Act | None


class Counted(NamedTuple):
    """One subject that a quota counted, and what was decided on it; `is_refunded`: it was given back."""

    subject: str
    at: Instant
    decision: str
    is_refunded: bool


@dataclass(frozen=True, slots=True)
class QuotaDuty:
    """How much of an allowance was used in one of its periods, and by what."""

    number: int
    rule: QuotaRule
    verdict: Verdict
    counted: tuple[Counted, ...]


class Named(NamedTuple):
    """Somebody named as a contact over [from_at, until_at); None until further notice."""

    contact: str
    role: str
    from_at: Instant
    until_at: Instant | None


class NotNamed(NamedTuple):
    """A ticket that started no clock, because whoever asked was not among the contacts named then."""

    ticket: str
    at: Instant
    requester: str


@dataclass(frozen=True, slots=True)
class ContactDuty:
    """Who was named in the period, of how many that may be (None: anybody may ask)."""

    limit: int | None
    named: tuple[Named, ...]
    others: tuple[NotNamed, ...] = ()


@dataclass(frozen=True, slots=True)
class Termination:
    """A right to terminate with the number of the credit that gives it."""

    number: int
    right: Right


@dataclass(frozen=True, slots=True)
class Duties:
    """Everything of a contract that is no measured level and no money, in one period as of an instant."""

    contract: str
    period: Period
    at: Instant
    obligations: tuple[ObligationDuty, ...] = ()
    reports: tuple[ReportDuty, ...] = ()
    notices: tuple[ChangeNotice, ...] = ()
    covenants: tuple[CovenantDuty, ...] = ()
    reminders: tuple[ReminderDuty, ...] = ()
    quotas: tuple[QuotaDuty, ...] = ()
    contacts: ContactDuty | None = None
    terminations: tuple[Termination, ...] = ()
    ends_on: date | None = None
