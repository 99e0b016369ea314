"""What of a contract was done, reported, announced, named and used in a period, and what is still owed.

Everything here is read off the verdicts of a report and the facts behind them; nothing is judged anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from upheld.book.amend import NOTICED, PUBLISHED
from upheld.book.evaluate import Report
from upheld.book.rights import rights
from upheld.book.steps import admissions_behind
from upheld.core.book import Book
from upheld.core.clocks.contacts import namings_of
from upheld.core.clocks.covenant import REPORTED, Reported, reports_of
from upheld.core.clocks.subject import told_of
from upheld.core.comparing.succession import earliest_start
from upheld.core.duties import (
    Act,
    ChangeNotice,
    ContactDuty,
    Counted,
    CovenantDuty,
    CovenantEntry,
    Duties,
    Named,
    NotNamed,
    ObligationDuty,
    OnceMore,
    QuotaDuty,
    ReminderDuty,
    ReportDuty,
    ReportState,
    Termination,
)
from upheld.core.facts.fact import Fact
from upheld.core.owing.termination import Right
from upheld.core.terms.agreement import ALWAYS, ClockRule, ObligationRule, QuotaRule, Terms
from upheld.core.terms.duty import CovenantRule, ReminderRule
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.zone import Zone
from upheld.core.values.key import FactRef
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict

REPORTING = frozenset({"incident.report_sent", "incident.post_mortem_published"})
"""What gives a report on an incident."""
_DONE, _OWED, _COME = "obligation.done", "obligation.owed", "reminder.done"
_CONTACTS = frozenset({"contact.named", "contact.removed"})
_ASKED = "ticket.opened"


def duties(book: Book, report: Report, contract: str, period: Period) -> Duties:
    """What the duties of a contract came to in a period, as of the instant and position of the report.

    KeyError if the book has no such contract. BeyondHorizon if a calendar does not know the years.
    """
    return DutyBook(book, report).duties(contract, period)


class DutyBook:
    """A book as of a report, sorted once for all of its contracts."""

    def __init__(self, book: Book, report: Report) -> None:
        self.report = report
        self.terms = {one.contract.id: one for one in report.terms if one.contract is not None}
        self.by_subject: dict[str, list[Fact]] = {}
        self.by_contract: dict[str, list[Fact]] = {}
        self.by_ref: dict[FactRef, Fact] = {}
        self.announced: list[Fact] = []
        """The facts about agreements and reminders, which may concern every contract."""
        for fact in book.log.effective(report.at, report.known):
            self.by_subject.setdefault(fact.subject, []).append(fact)
            self.by_ref[_ref(fact)] = fact
            if isinstance(contract := fact.data.get("contract"), str):
                self.by_contract.setdefault(contract, []).append(fact)
            if fact.type in (PUBLISHED, NOTICED, _COME):
                self.announced.append(fact)
        self.verdicts: dict[str, list[tuple[int, Verdict]]] = {name: [] for name in self.terms}
        for number, _, verdict in report.numbered():
            self.verdicts[verdict.key.contract].append((number, verdict))
        self.credits: dict[str, list[tuple[int, Credit]]] = {name: [] for name in self.terms}
        for number, _, credit in report.numbered_credits():
            self.credits[credit.key.contract].append((number, credit))

    def duties(self, contract: str, period: Period) -> Duties:
        """The duties of a contract in a period; see `duties`."""
        return DutiesIn(self, contract, period).duties()

    def rights(self, contract: str) -> Iterator[Termination]:
        """Every right to terminate that there is, or may be, whatever the period."""
        facts = [one for one in self.by_subject.get(contract, ()) if one.type.startswith("contract.")]
        life = self.report.evaluation.lives[contract]
        return rights(self.terms[contract], self.credits[contract], facts, life, self.report.at)


class DutiesIn:
    """What is asked of one contract and period."""

    def __init__(self, book: DutyBook, contract: str, period: Period) -> None:
        self.book = book
        self.terms = book.terms[contract]
        self.contract = contract
        self.period = period
        self.at = book.report.at
        self.mine = book.by_contract.get(contract, [])
        self.numbered = book.verdicts[contract]

    def duties(self) -> Duties:
        """Everything, in the order of the agreement."""
        terms = self.terms
        assert terms.contract is not None
        return Duties(
            contract=self.contract,
            period=self.period,
            at=self.at,
            obligations=tuple(one for rule in terms.obligations for one in self.obligation(rule)),
            reports=tuple(self.reports()),
            notices=tuple(self._notices()),
            covenants=tuple(self._covenant(rule) for rule in terms.covenants),
            reminders=tuple(one for rule in terms.reminders for one in self._reminder(rule)),
            quotas=tuple(one for rule in terms.quotas for one in self._quota(rule)),
            contacts=self._contacts(),
            terminations=tuple(self.terminations()),
            ends_on=self._ends_on(),
        )

    @property
    def _zone(self) -> Zone:
        return self.terms.calendars[ALWAYS].rule.zone

    def _ends_on(self) -> date | None:
        """The first day on which the contract no longer holds, as the file or a fact says."""
        end_at = self.book.report.evaluation.lives[self.contract].end_at
        return None if end_at is None else self._zone.date_at(end_at)

    def _verdicts(self, name: str) -> Iterator[tuple[int, Verdict]]:
        """The verdicts of a rule with periods of its own that share something with the period asked about."""
        for number, verdict in self.numbered:
            if verdict.key.commitment == name and _overlap(verdict, self.period):
                yield number, verdict

    def _is_in(self, at: Instant) -> bool:
        return self.period.start_at <= at < self.period.end_at

    # -- obligations ---------------------------------------------------------------------------------------

    def obligation(self, rule: ObligationRule) -> Iterator[ObligationDuty]:
        done = [fact for fact in self._of(_DONE) if fact.data.get("obligation") == rule.name]
        owed = [fact for fact in self._of(_OWED) if fact.data.get("obligation") == rule.name]
        for number, verdict in self._verdicts(rule.name):
            behind = set(verdict.facts)
            acts = tuple(_act(fact) for fact in done if _ref(fact) in behind)
            more = (
                OnceMore(
                    fact.at,
                    str(fact.data.get("reason") or ""),
                    _ref(fact),
                    next((_act(one) for one in done if one.at >= fact.at), None),
                )
                for fact in owed
            )
            shown = tuple(one for one in more if self._is_owed(one.owed_at, one.done))
            yield ObligationDuty(number, rule, verdict, acts, shown)

    def _is_owed(self, since_at: Instant, done: Act | None) -> bool:
        """Whether something was still owed at some instant of the period, or begun to be."""
        return since_at < self.period.end_at and (done is None or done.at >= self.period.start_at)

    def _of(self, type_: str) -> Iterator[Fact]:
        """The facts of a type that name the contract and count."""
        return (one for one in self.mine if one.type == type_ and one.data.get("verified") is not False)

    # -- reports on incidents ------------------------------------------------------------------------------

    def reports(self) -> Iterator[ReportDuty]:
        rules = {rule.name: rule for rule in self.terms.clocks if is_report(rule)}
        for number, verdict in self.numbered:
            rule = rules.get(verdict.key.commitment)
            state = None if rule is None else report_state(verdict)
            if rule is None or state is None or verdict.started_at is None:
                continue
            given = self._given(rule, verdict)
            if self._is_owed(verdict.started_at, given):
                yield ReportDuty(
                    number, rule, verdict, verdict.key.subject, self._severity(verdict.key.subject), state,
                    verdict.started_at, verdict.due_at, given,
                )  # fmt: skip

    def _given(self, rule: ClockRule, verdict: Verdict) -> Act | None:
        if verdict.stopped_at is None:
            return None
        types = {type_ for match in rule.stops for type_ in match.types}
        behind = set(verdict.facts)
        told = self.book.by_subject.get(verdict.key.subject, ())
        return next((_act(fact) for fact in told if fact.type in types and _ref(fact) in behind), None)

    def _severity(self, incident: str) -> str:
        facts = told_of("incident", self.book.by_subject.get(incident, ()), self.terms)
        told = [fact.data["severity"] for fact in facts if fact.data.get("severity")]
        return str(told[-1]) if told else ""

    # -- notices of change ---------------------------------------------------------------------------------

    def _notices(self) -> Iterator[ChangeNotice]:
        """The versions that were published or told of after the one of the contract, and concern the period.

        A fact that names another provider, or another customer's contract, is about somebody else.
        """
        by_version: dict[str, list[Fact]] = {}
        for fact in self.book.announced:
            if fact.type in (PUBLISHED, NOTICED) and self._is_told(fact):
                by_version.setdefault(str(fact.data.get("version")), []).append(fact)
        for version, told in by_version.items():
            if version == self.terms.version:
                continue
            notice = self._notice(version, told)
            instants = [fact.at for fact in told]
            instants += [] if notice.from_at is None else [notice.from_at]
            if any(map(self._is_in, instants)):
                yield notice

    def _is_told(self, fact: Fact) -> bool:
        """Whether a fact about an agreement is about this one, and for this customer too."""
        return (
            fact.subject == self.terms.agreement
            and fact.data.get("provider") in (None, self.terms.provider)
            and fact.data.get("contract") in (None, self.contract)
        )

    def _notice(self, version: str, told: Sequence[Fact]) -> ChangeNotice:
        noticed_at = next((fact.at for fact in told if fact.type == NOTICED), None)
        published_at = next((fact.at for fact in told if fact.type == PUBLISHED), None)
        told_at = published_at if noticed_at is None else noticed_at
        assert told_at is not None, "there is a fact"
        days = [str(fact.data["from_on"]) for fact in told if fact.data.get("from_on")]
        wanted_at = self._zone.day_start(date.fromisoformat(days[-1])) if days else None
        rule = self.terms.amend
        earliest_at = earliest_start(rule, self.terms, told_at)
        is_in_time = None
        if rule is not None and rule.notice is not None and wanted_at is not None:
            is_in_time = earliest_at <= wanted_at
        from_at = earliest_at if wanted_at is None else max(earliest_at, wanted_at)
        return ChangeNotice(version, noticed_at, published_at, from_at, is_in_time, tuple(map(_ref, told)))

    # -- covenants -----------------------------------------------------------------------------------------

    def _covenant(self, rule: CovenantRule) -> CovenantDuty:
        facts = [fact for fact in self.mine if fact.type == REPORTED]
        reports = reports_of(rule, facts, len(self.terms.covenants) == 1)
        shown = [one for one in reports if self._is_in(one.told_at) or self._is_in(one.happened_at)]
        found = [(n, one) for n, one in self.numbered if one.key.commitment == rule.name]
        entries = tuple(_entry(one, found) for one in shown)
        months = () if rule.period is None else tuple(self._verdicts(rule.name))
        return CovenantDuty(rule, entries, months)

    # -- reminders -----------------------------------------------------------------------------------------

    def _reminder(self, rule: ReminderRule) -> Iterator[ReminderDuty]:
        """A reminder from its day on until what was announced has come."""
        one = reminder_of(rule, self.terms, self.book.announced, self.at)
        from_at = self._zone.day_start(rule.from_on)
        if self._is_owed(from_at, one.done):
            yield one

    # -- quotas and contacts -------------------------------------------------------------------------------

    def _quota(self, rule: QuotaRule) -> Iterator[QuotaDuty]:
        for number, verdict in self._verdicts(rule.name):
            _, admissions = admissions_behind(rule, self.terms, verdict, self._behind(verdict))
            counted = tuple(
                Counted(entry.subject, entry.counted_at, decision, entry.refunded_at is not None)
                for entry, decision in admissions
            )
            yield QuotaDuty(number, rule, verdict, counted)

    def _behind(self, verdict: Verdict) -> Mapping[str, Sequence[Fact]]:
        """What was told of the subjects behind a verdict."""
        subjects = {self.book.by_ref[ref].subject for ref in verdict.facts}
        return {subject: self.book.by_subject[subject] for subject in subjects}

    def _contacts(self) -> ContactDuty:
        contract = self.terms.contract
        assert contract is not None
        facts = [fact for fact in self.mine if fact.type in _CONTACTS]
        roles = {one.id: one.role for one in contract.contacts}
        roles |= {f.subject: str(f.data["role"]) for f in facts if f.data.get("role")}
        named = tuple(
            Named(one.contact, roles.get(one.contact, ""), one.from_at, one.until_at)
            for one in namings_of(contract, facts, self._zone)
            if one.from_at < self.period.end_at
            and (one.until_at is None or one.until_at > self.period.start_at)
        )
        limit = self.terms.named_contacts
        return ContactDuty(limit, named, tuple(self._not_named()) if limit is not None else ())

    def _not_named(self) -> Iterator[NotNamed]:
        """The tickets of the period that started no clock for want of a name on the list."""
        barred = {
            verdict.key.subject
            for _, verdict in self.numbered
            if verdict.reasons == ("the requester is not a named contact",)
        }
        for fact in self._of(_ASKED):
            if fact.subject in barred and self._is_in(fact.at):
                yield NotNamed(fact.subject, fact.at, str(fact.data.get("requester") or ""))

    # -- rights to terminate -------------------------------------------------------------------------------

    def terminations(self) -> Iterator[Termination]:
        """The rights that a period in or before this one gave and that were open, used or lost in it."""
        for one in self.book.rights(self.contract):
            if self._concerns(one.right.from_at, one.right.until_at):
                yield one

    def _concerns(self, from_at: Instant, until_at: Instant | None) -> bool:
        """Whether a right is one of the period: of what ended in it, or still to be used in it."""
        begins = from_at <= self.period.end_at
        return begins and (until_at is None or until_at >= self.period.start_at)


# -- of one contract, whatever the period ------------------------------------------------------------------


def is_report(rule: ClockRule) -> bool:
    """Whether a deadline is about a report on an incident."""
    types = {type_ for match in rule.stops for type_ in match.types}
    return rule.of == "incident" and not types.isdisjoint(REPORTING)


def report_state(verdict: Verdict) -> ReportState | None:
    """What has become of a report; None where none is promised for such an incident."""
    if verdict.target is None and verdict.state == "not applicable":
        return None
    if verdict.stopped_at is not None:
        return "given late" if verdict.is_late else "given"
    if verdict.is_late:
        return "overdue"
    return "undetermined" if verdict.state == "undetermined" else "owed"


def reminder_of(rule: ReminderRule, terms: Terms, facts: Sequence[Fact], at: Instant) -> ReminderDuty:
    """What has become of something that was announced without a promise."""
    assert terms.contract is not None
    zone = terms.calendars[ALWAYS].rule.zone
    done = next(
        (
            _act(fact)
            for fact in facts
            if fact.type == _COME
            and fact.data.get("reminder") == rule.name
            and fact.data.get("contract") in (None, terms.contract.id)
            and fact.data.get("provider") in (None, terms.provider)
            and fact.data.get("verified") is not False
        ),
        None,
    )
    if done is not None:
        return ReminderDuty(rule, "come", done)
    if at < zone.day_start(rule.from_on):
        return ReminderDuty(rule, "ahead", None)
    is_past = rule.until_on is not None and at >= zone.day_start(rule.until_on)
    return ReminderDuty(rule, "past" if is_past else "now", None)


def _entry(reported: Reported, found: Sequence[tuple[int, Verdict]]) -> CovenantEntry:
    """A report with the verdict that it is behind."""
    behind = set(reported.refs)
    number, verdict = next(((n, one) for n, one in found if behind & set(one.facts)), (None, None))
    return CovenantEntry(number, verdict, reported)


def _overlap(verdict: Verdict, period: Period) -> bool:
    return (
        verdict.started_at is not None
        and verdict.due_at is not None
        and verdict.started_at < period.end_at
        and verdict.due_at > period.start_at
    )


def _act(fact: Fact) -> Act:
    return Act(fact.at, str(fact.data.get("actor") or ""), _ref(fact))


def _ref(fact: Fact) -> FactRef:
    return FactRef(fact.source, fact.id)


def rights_of(book: Book, report: Report) -> Mapping[int, Right]:
    """Every right to terminate of a book, by the number of the credit that gives it."""
    of_book = DutyBook(book, report)
    return {one.number: one.right for contract in of_book.terms for one in of_book.rights(contract)}
