"""Worked examples as text, each placed beside the rule that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import (
    ALWAYS,
    ClockRule,
    EventMatch,
    ObligationRule,
    QuotaRule,
    SubjectKind,
    Terms,
)
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import parse_instant
from upheld.core.timeline.period import PeriodRule
from upheld.core.timeline.zone import Zone
from upheld.core.values.expression import calendars_in, names_in
from upheld.core.values.rule import Citation
from upheld.core.verdicts.verdict import Verdict
from upheld.core.worked import (
    Attributes,
    Worked,
    WorkedClock,
    WorkedCredit,
    WorkedExamples,
    WorkedLevel,
    WorkedObligation,
    WorkedQuota,
)
from upheld.render.prose.conditions import Phrases, declared, quoted
from upheld.render.prose.document import Example
from upheld.render.prose.holidays import holiday
from upheld.render.prose.made_up import values_of
from upheld.render.prose.moments import period_named, until
from upheld.render.prose.tongue import N_, Tongue
from upheld.render.prose.worked_amounts import credit_text, level_texts

SUBJECTS: Final = {
    "ticket": (N_("A ticket"), N_("A ticket ({values})")),
    "incident": (N_("An incident"), N_("An incident ({values})")),
    "maintenance": (N_("Work"), N_("Work ({values})")),
    "task": (N_("A task"), N_("A task ({values})")),
    "claim": (N_("A claim"), N_("A claim ({values})")),
    "attribution": (N_("A cause"), N_("A cause ({values})")),
}
WORK: Final = {
    "scheduled": (N_("Scheduled work"), N_("Scheduled work ({values})")),
    "emergency": (N_("Emergency work"), N_("Emergency work ({values})")),
    "high risk": (N_("High-risk work"), N_("High-risk work ({values})")),
    "non-disruptive": (N_("Work without disruption"), N_("Work without disruption ({values})")),
}
STARTED: Final = {
    "ticket.opened": N_("opened on {at}"),
    "ticket.classified": N_("classified anew on {at}"),
    "ticket.assigned": N_("picked up on {at}"),
    "ticket.replied": N_("first answered on {at}"),
    "ticket.customer_replied": N_("answered by you on {at}"),
    "ticket.waiting_started": N_("waiting since {at}"),
    "ticket.waiting_ended": N_("no longer waiting since {at}"),
    "ticket.objected": N_("objected to by you on {at}"),
    "ticket.workaround": N_("provided with a workaround on {at}"),
    "ticket.resolved": N_("resolved on {at}"),
    "ticket.reopened": N_("reopened on {at}"),
    "ticket.closed": N_("closed on {at}"),
    "ticket.merged": N_("merged into another on {at}"),
    "ticket.escalated": N_("escalated on {at}"),
    "ticket.vendor_case": N_("taken to a vendor on {at}"),
    "ticket.cancelled": N_("withdrawn on {at}"),
    "ticket.carried": N_("taken over on {at}"),
    "incident.declared": N_("declared on {at}"),
    "incident.classified": N_("classified anew on {at}"),
    "incident.updated": N_("with an update on {at}"),
    "incident.mitigated": N_("without effects since {at}"),
    "incident.resolved": N_("over since {at}"),
    "incident.post_mortem_published": N_("explained on {at}"),
    "incident.report_sent": N_("reported on {at}"),
    "task.submitted": N_("submitted on {at}"),
    "task.began": N_("begun on {at}"),
    "task.finished": N_("done on {at}"),
    "task.failed": N_("failed on {at}"),
    "task.cancelled": N_("withdrawn on {at}"),
    "claim.filed": N_("filed on {at}"),
    "claim.acknowledged": N_("acknowledged on {at}"),
    "claim.supplemented": N_("supplemented on {at}"),
    "claim.assessed": N_("looked at on {at}"),
    "claim.determined": N_("decided on {at}"),
    "claim.approved": N_("approved by a second person on {at}"),
    "claim.disputed": N_("with a decision that you disputed on {at}"),
    "claim.withdrawn": N_("withdrawn on {at}"),
    "maintenance.planned": N_("planned on {at}"),
    "maintenance.announced": N_("announced on {at}"),
    "maintenance.changed": N_("announced anew on {at}"),
    "maintenance.started": N_("begun on {at}"),
    "maintenance.ended": N_("ended on {at}"),
    "maintenance.cancelled": N_("called off on {at}"),
    "attribution.recorded": N_("recorded on {at}"),
}
"""What has happened to a subject, by the type of its fact; an event of the agreement's own has its words."""
IN_TIME: Final = {
    "ticket.assigned": N_("{subject}, {started}, is picked up by {due} at the latest."),
    "ticket.replied": N_("{subject}, {started}, is answered by {due} at the latest."),
    "ticket.customer_replied": N_("{subject}, {started}, has your answer by {due} at the latest."),
    "ticket.resolved": N_("{subject}, {started}, is resolved by {due} at the latest."),
    "ticket.closed": N_("{subject}, {started}, is closed by {due} at the latest."),
    "ticket.workaround": N_("{subject}, {started}, has its workaround by {due} at the latest."),
    "ticket.escalated": N_("{subject}, {started}, is escalated by {due} at the latest."),
    "incident.updated": N_("{subject}, {started}, has its update by {due} at the latest."),
    "incident.mitigated": N_("{subject}, {started}, is without effects by {due} at the latest."),
    "incident.resolved": N_("{subject}, {started}, is over by {due} at the latest."),
    "incident.post_mortem_published": N_("{subject}, {started}, is explained by {due} at the latest."),
    "incident.report_sent": N_("{subject}, {started}, has its report by {due} at the latest."),
    "task.began": N_("{subject}, {started}, has begun by {due} at the latest."),
    "task.finished": N_("{subject}, {started}, is done by {due} at the latest."),
    "maintenance.announced": N_("{subject}, {started}, is announced by {due} at the latest."),
    "maintenance.started": N_("{subject}, {started}, has begun by {due} at the latest."),
    "maintenance.ended": N_("{subject}, {started}, is over by {due} at the latest."),
    "claim.acknowledged": N_("{subject}, {started}, is acknowledged by {due} at the latest."),
    "claim.assessed": N_("{subject}, {started}, is looked at by {due} at the latest."),
    "claim.determined": N_("{subject}, {started}, is decided by {due} at the latest."),
}
"""What is done in time, by the type of its fact; anything else in the words of conditions."""
ANY_IN_TIME: Final = N_("{subject}, {started}: the time within which {happens} ends on {due}.")
OWN_IN_TIME: Final = N_("{subject}, {started}: {event} is recorded by {due} at the latest.")
UPDATES: Final = N_("{subject}, {started}: the next update comes by {due} at the latest.")
CHANGED: Final = {
    "": N_(
        "{subject}, {started}, becomes {value} on {at}:"
        " the time then ends on {due}; without the change it would end on {before}."
    ),
    "customer": N_(
        "{subject}, {started}, becomes {value} on {at} because of you:"
        " the time then ends on {due}; without the change it would end on {before}."
    ),
    "provider": N_(
        "{subject}, {started}, becomes {value} on {at} because of {provider}:"
        " the time then ends on {due}; without the change it would end on {before}."
    ),
}

WITHIN: Final = N_("{subject}, opened on {at}, is the last one within it")
_BEYOND: Final = {
    "ordinary": N_("{subject}, opened on {at}, goes beyond it and is treated as any other"),
    "charged": N_("{subject}, opened on {at}, goes beyond it and is charged"),
    "refused": N_("{subject}, opened on {at}, goes beyond it and is refused"),
}


def examples_of(rule: str, terms: Terms, tongue: Tongue, worked: WorkedExamples) -> tuple[Example, ...]:
    """The examples of one rule, in the order in which they are told."""
    said = _Said(terms, tongue)
    return tuple(
        Example(text, cited) for example in worked.of(rule) for text, cited in said.texts(rule, example)
    )


def examples_heads(worked: WorkedExamples, tongue: Tongue) -> tuple[tuple[str, str], ...]:
    """What examples are and when they are played; nothing where there are none."""
    if worked.month is None or not worked.by_rule:
        return ()
    how = tongue.say(
        "What happens in them is made up; what follows from it is computed by the rules of this agreement. "
        "They are set in {month}, unless a holiday or a longer period calls for other days.",
        month=period_named(worked.month.label, tongue),
    )
    return ((tongue.say("Examples"), how),)


class _Said:
    """The examples of one agreement in one language."""

    def __init__(self, terms: Terms, tongue: Tongue) -> None:
        self.terms = terms
        self.tongue = tongue
        self.zone = terms.calendars[ALWAYS].rule.zone
        self.zones = {calendar.rule.zone.name for calendar in terms.calendars.values()}
        periods: list[PeriodRule] = [rule.period for rule in terms.quotas]
        periods += [rule.period for rule in terms.obligations]
        periods += [rule.period for rule in terms.covenants if rule.period is not None]
        periods += [rule.period for rule in terms.commits]
        self.zones |= {period.zone.name for period in periods}

    def texts(self, rule: str, example: Worked) -> Iterator[tuple[str, Citation]]:
        """What is said of an example, with what its rule cites."""
        match example:
            case WorkedClock():
                clock = self.terms.rule(rule)
                assert isinstance(clock, ClockRule), "an example is kept under its rule"
                yield self._clock(clock, example), clock.cited
            case WorkedQuota():
                quota = self.terms.rule(rule)
                assert isinstance(quota, QuotaRule), "an example is kept under its rule"
                yield self._from(quota.period, self._quota(quota, example)), quota.cited
            case WorkedObligation():
                duty = self.terms.rule(rule)
                assert isinstance(duty, ObligationRule), "an example is kept under its rule"
                yield self._from(duty.period, self._obligation(duty, example)), duty.cited
            case WorkedLevel():
                commit = self.terms.rule(rule)
                assert isinstance(commit, CommitRule), "an example is kept under its rule"
                for text in level_texts(self.terms, self.tongue, example):
                    yield self._from(commit.period, text), commit.cited
            case WorkedCredit():
                remedy = self.terms.remedy(rule)
                commit = self.terms.rule(remedy.of)
                assert isinstance(commit, CommitRule), "a remedy is of a commitment"
                text = credit_text(self.terms, self.tongue, example)
                yield self._from(commit.period, text), remedy.cited

    def _from(self, rule: PeriodRule, text: str) -> str:
        """An example with the beginning of a year of the contract, where there is none that says it."""
        if rule.kind != "contract year" or self.terms.contract is not None:
            return text
        assert isinstance(rule.anchor, date), "a year of a contract begins on a day"
        day = self.tongue.day_of_year(rule.anchor)
        return text + " " + self.tongue.say("It is assumed that your contract began on {day}.", day=day)

    # -- clocks --------------------------------------------------------------------------------------------

    def _clock(self, rule: ClockRule, one: WorkedClock) -> str:
        zone = self._zone_of_act(rule) if one.case == "act" else self._zone_of(one.verdict)
        if one.case == "act":
            text = self._act(rule, one, zone)
        elif one.case == "wait":
            text = self._wait(rule, one, zone)
        elif one.case == "change":
            text = self._change(rule, one, zone)
        else:
            text = self._counted(rule, one, zone)
        if one.closed:
            days = self.tongue.listed(
                f"{self.tongue.on(day)} ({holiday(name, self.tongue)})" for day, name in one.closed
            )
            text += " " + self.tongue.say("Holidays in between: {days}.", days=days)
        return self._in_zone(text, zone)

    def _in_zone(self, text: str, zone: Zone) -> str:
        """A text with instants; the zone of their clock, where the agreement has more than one."""
        if self.zones == {zone.name}:
            return text
        return text + " " + self.tongue.say("Times are those of {zone}.", zone=zone.name)

    def _zone_of(self, verdict: Verdict) -> Zone:
        calendar = self.terms.calendars.get(verdict.hours or verdict.calendar)
        return self.zone if calendar is None or calendar.name == ALWAYS else calendar.rule.zone

    def _zone_of_act(self, rule: ClockRule) -> Zone:
        """That of the calendar on which the instant is computed, if there is one."""
        assert rule.due is not None, "an act has the instant that is computed"
        zones = {
            calendar.rule.zone.name: calendar.rule.zone
            for name, calendar in self.terms.calendars.items()
            if name != ALWAYS and name in calendars_in(rule.due)
        }
        return next(iter(zones.values())) if len(zones) == 1 else self.zone

    def _subject(self, kind: SubjectKind, given: Attributes) -> str:
        """What it is about: a ticket (P1, where the kind of ticket is “question”)."""
        bare, told = SUBJECTS[kind]
        if kind == "maintenance":
            bare, told = next((WORK[str(value)] for name, value in given if name == "kind"), (bare, told))
            given = tuple(pair for pair in given if pair[0] != "kind")
        values = ", ".join(values_of(given, kind, self.terms, self.tongue))
        return self.tongue.say(told, values=values) if values else self.tongue.say(bare)

    def _started(self, rule: ClockRule, one: WorkedClock, zone: Zone) -> str:
        """What began the clock, and when: opened on Friday 5 June 2026 at 16:30."""
        anchor_at = one.verdict.anchor_at
        types = {type_ for match in rule.starts for type_ in match.types}
        fact = next((f for f in one.facts if f.type in types and f.at == anchor_at), None)
        return self._happened(rule, fact or next(f for f in one.facts if f.type in types), zone)

    def _happened(self, rule: ClockRule, fact: Fact, zone: Zone) -> str:
        at = self.tongue.at(fact.at, zone)
        if fact.type in STARTED:
            return self.tongue.say(STARTED[fact.type], at=at)
        event = self._event(rule, fact.type)
        return self.tongue.say("for which {event} on {at}", event=event, at=at)

    def _event(self, rule: ClockRule, type_: str) -> str:
        """An event as a clause, whatever it is."""
        return Phrases(self.terms, self.tongue, rule.of).event(EventMatch(type_, frozenset({type_})))

    def _in_time(self, rule: ClockRule, subject: str, started: str, due: str) -> str:
        stop = sorted(rule.stops[0].types)[0]
        said = {"subject": subject, "started": started, "due": due}
        if rule.is_cadence:
            return self.tongue.say(UPDATES, **said)
        if stop in IN_TIME:
            return self.tongue.say(IN_TIME[stop], **said)
        if stop in self.terms.events:
            return self.tongue.say(OWN_IN_TIME, event=quoted(declared(stop, self.terms)), **said)
        return self.tongue.say(ANY_IN_TIME, happens=self._event(rule, stop), **said)

    def _counted(self, rule: ClockRule, one: WorkedClock, zone: Zone) -> str:
        subject, started = self._subject(rule.of, one.given), self._started(rule, one, zone)
        verdict, ends = one.verdict, until(one.ends_at, zone, self.tongue)
        if verdict.due_at is None:
            text = N_("{subject}, {started}: the goal is {goal}, and there is no limit.")
            return self.tongue.say(text, subject=subject, started=started, goal=ends)
        text = self._in_time(rule, subject, started, ends)
        if verdict.goal_at is not None:
            goal = until(verdict.goal_at, zone, self.tongue)
            text += " " + self.tongue.say("The goal is {goal}.", goal=goal)
        return text

    def _wait(self, rule: ClockRule, one: WorkedClock, zone: Zone) -> str:
        pause = one.verdict.pauses[0]
        assert pause.end_at is not None, "the wait of an example is over"
        assert one.before_at is not None, "an example of a wait knows when it was due without"
        waits = N_(
            "{subject}, {started}, waits from {waits} to {goes_on}:"
            " the time then ends on {due}; without the wait it would end on {before}."
        )
        stands = N_(
            "{subject}, {started}: the time stands still from {waits} to {goes_on}"
            " and then ends on {due}; otherwise it would end on {before}."
        )
        told = self.tongue.say(
            waits if rule.pauses[0].waiting else stands,
            subject=self._subject(rule.of, one.given),
            started=self._started(rule, one, zone),
            waits=self.tongue.at(pause.start_at, zone),
            goes_on=self.tongue.at(pause.end_at, zone),
            due=until(one.ends_at, zone, self.tongue),
            before=until(one.before_at, zone, self.tongue),
        )
        where = rule.pauses[0].starts[0].where
        if not rule.pauses[0].waiting or where is None:
            return told
        condition = Phrases(self.terms, self.tongue, rule.of).condition(where)
        counts = N_("The wait counts, as it is recorded that {condition}.")
        return f"{told} {self.tongue.say(counts, condition=condition)}"

    def _change(self, rule: ClockRule, one: WorkedClock, zone: Zone) -> str:
        name, value = one.given[0]
        first = next(fact for fact in one.facts if name in fact.data)
        assert one.before_at is not None, "an example of a change knows when it was due before"
        return self.tongue.say(
            CHANGED[one.changed_by],
            subject=self._subject(rule.of, ((name, str(first.data[name])), *one.given[1:])),
            started=self._started(rule, one, zone),
            value=str(value),
            at=self.tongue.at(one.facts[-1].at, zone),
            due=until(one.ends_at, zone, self.tongue),
            before=until(one.before_at, zone, self.tongue),
            provider=self.terms.provider,
        )

    # -- acts ----------------------------------------------------------------------------------------------

    def _act(self, rule: ClockRule, one: WorkedClock, zone: Zone) -> str:
        due = until(one.ends_at, zone, self.tongue)
        opening = one.facts[0]
        subject = self._subject(rule.of, one.given)
        if rule.of == "maintenance":
            starts = self.tongue.at(parse_instant(str(opening.data["starts_at"])), zone)
            text = N_("{subject} that begins on {starts} is announced by {due} at the latest.")
            told = self.tongue.say(text, subject=subject, starts=starts, due=due)
        elif any("claim.filed" in match.types for match in rule.stops):
            told = self._filing(rule, one, due, zone)
        else:
            told = self._in_time(rule, subject, self._happened(rule, opening, zone), due)
        if one.late is not None:
            told += " " + self.tongue.say("A minute later is too late.")
        return told

    def _filing(self, rule: ClockRule, one: WorkedClock, due: str, zone: Zone) -> str:
        data, subject = one.facts[0].data, self._subject("claim", one.given)
        if rule.due is not None and "issue_at" in names_in(rule.due):
            issue = self.tongue.at(parse_instant(str(data["issue_at"])), zone)
            text = N_("{subject} about something that happened on {issue} is filed by {due} at the latest.")
            return self.tongue.say(text, subject=subject, issue=issue, due=due)
        text = N_("{subject} about {period} is filed by {due} at the latest.")
        period = period_named(str(data.get("about")), self.tongue)
        return self.tongue.say(text, subject=subject, period=period, due=due)

    # -- counts --------------------------------------------------------------------------------------------

    def _quota(self, rule: QuotaRule, one: WorkedQuota) -> str:
        zones = {zone.name: zone for ticket in one.tickets for zone in map(self._zone_of, ticket.verdicts)}
        zone = next(iter(zones.values())) if len(zones) == 1 else self.zone
        count = self.tongue.number(rule.allow)
        period = period_named(one.period.label, self.tongue)
        subject = self._subject(rule.of, one.given)
        told = [self.tongue.say("The allowance of {period} is {count}.", period=period, count=count)]
        for ticket in one.tickets:
            text = WITHIN if ticket.is_within else _BEYOND[rule.overflow]
            said = self.tongue.say(text, subject=subject, at=self.tongue.at(ticket.opened_at, zone))
            subject = self.tongue.say("One more")
            clocks = self.tongue.listed(self._runs(verdict, zone) for verdict in ticket.verdicts)
            told.append(f"{said}: {clocks}." if clocks else f"{said}.")
        return self._in_zone(" ".join(told), zone)

    def _runs(self, verdict: Verdict, told_in: Zone) -> str:
        assert verdict.due_at is not None, "only clocks with a number are told"
        zone, clock = self._zone_of(verdict), quoted(verdict.key.commitment)
        due = until(verdict.due_at, zone, self.tongue)
        if zone.name == told_in.name:
            return self.tongue.say("{clock} by {due}", clock=clock, due=due)
        return self.tongue.say("{clock} by {due} ({zone})", clock=clock, due=due, zone=zone.name)

    def _obligation(self, rule: ObligationRule, one: WorkedObligation) -> str:
        assert one.verdict.started_at is not None, "a duty has its period"
        assert one.verdict.due_at is not None, "a duty has its period"
        zone = rule.period.zone
        text = self.tongue.plural(
            rule.times,
            "From {start} to {end}, it is done at least once.",
            "From {start} to {end}, it is done at least {number} times.",
            start=self.tongue.on(zone.date_at(one.verdict.started_at)),
            end=self.tongue.on(zone.date_at(one.verdict.due_at - 1)),
        )
        return self._in_zone(text, zone)
