"""Worked examples as text, each placed beside the rule that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from upheld.core.agreement import ALWAYS, ClockRule, ObligationRule, QuotaRule, Terms
from upheld.core.expression import names_in
from upheld.core.instant import parse_instant
from upheld.core.rule import Citation
from upheld.core.verdict import Verdict
from upheld.core.worked import (
    Worked,
    WorkedClock,
    WorkedCredit,
    WorkedExamples,
    WorkedLevel,
    WorkedObligation,
    WorkedQuota,
)
from upheld.core.zone import Zone
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Example
from upheld.render.prose.holidays import holiday
from upheld.render.prose.moments import happened, period_named, until
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
    "scheduled": N_("Scheduled work"),
    "emergency": N_("Emergency work"),
    "high risk": N_("High-risk work"),
    "non-disruptive": N_("Work without disruption"),
}
STARTED: Final = {
    "ticket.opened": N_("opened on {at}"),
    "ticket.replied": N_("first answered on {at}"),
    "incident.declared": N_("declared on {at}"),
    "task.submitted": N_("submitted on {at}"),
    "claim.filed": N_("filed on {at}"),
    "maintenance.announced": N_("announced on {at}"),
    "maintenance.started": N_("begun on {at}"),
}
IN_TIME: Final = {
    "ticket.replied": N_("{subject}, {started}, is answered by {due} at the latest."),
    "ticket.resolved": N_("{subject}, {started}, is resolved by {due} at the latest."),
    "ticket.closed": N_("{subject}, {started}, is closed by {due} at the latest."),
    "ticket.workaround": N_("{subject}, {started}, has its workaround by {due} at the latest."),
    "incident.updated": N_("{subject}, {started}, has its update by {due} at the latest."),
    "incident.resolved": N_("{subject}, {started}, is over by {due} at the latest."),
    "task.began": N_("{subject}, {started}, has begun by {due} at the latest."),
    "task.finished": N_("{subject}, {started}, is done by {due} at the latest."),
    "maintenance.announced": N_("{subject}, {started}, is announced by {due} at the latest."),
    "maintenance.ended": N_("{subject}, {started}, is over by {due} at the latest."),
    "claim.acknowledged": N_("{subject}, {started}, is acknowledged by {due} at the latest."),
    "claim.determined": N_("{subject}, {started}, is decided by {due} at the latest."),
}
ANY_IN_TIME: Final = N_("{subject}, {started}: {due} at the latest.")
UPDATES: Final = N_("{subject}, {started}: the next update comes by {due} at the latest.")


def examples_of(rule: str, terms: Terms, tongue: Tongue, worked: WorkedExamples) -> tuple[Example, ...]:
    """The examples of one rule, in the order in which they are told."""
    said = _Said(terms, tongue)
    return tuple(
        Example(text, cited) for example in worked.of(rule) for text, cited in said.texts(rule, example)
    )


class _Said:
    """The examples of one agreement in one language."""

    def __init__(self, terms: Terms, tongue: Tongue) -> None:
        self.terms = terms
        self.tongue = tongue
        self.zone = terms.calendars[ALWAYS].rule.zone

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
                yield self._quota(quota, example), quota.cited
            case WorkedObligation():
                duty = self.terms.rule(rule)
                assert isinstance(duty, ObligationRule), "an example is kept under its rule"
                yield self._obligation(duty, example), duty.cited
            case WorkedLevel():
                for text in level_texts(self.terms, self.tongue, example):
                    yield text, self.terms.rule(rule).cited
            case WorkedCredit():
                yield credit_text(self.terms, self.tongue, example), self.terms.remedy(rule).cited

    # -- clocks --------------------------------------------------------------------------------------------

    def _clock(self, rule: ClockRule, one: WorkedClock) -> str:
        zone = self._zone_of(one.verdict)
        if one.case == "act":
            text = self._act(rule, one)
            zone = self.zone
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
            text += " " + self.tongue.say("Days off in between: {days}.", days=days)
        if zone.name != self.zone.name:
            text += " " + self.tongue.say("Times are those of {zone}.", zone=zone.name)
        return text

    def _zone_of(self, verdict: Verdict) -> Zone:
        calendar = self.terms.calendars.get(verdict.hours or verdict.calendar)
        return self.zone if calendar is None or calendar.name == ALWAYS else calendar.rule.zone

    def _subject(self, rule: ClockRule, values: tuple[str, ...]) -> str:
        if rule.of == "maintenance" and values and values[0] in WORK:
            return self.tongue.say(WORK[values[0]])
        bare, told = SUBJECTS[rule.of]
        return self.tongue.say(told, values=self.tongue.listed(values)) if values else self.tongue.say(bare)

    def _started(self, rule: ClockRule, one: WorkedClock, zone: Zone) -> str:
        """What began the clock, and when: opened on Friday 5 June 2026 at 16:30."""
        anchor_at = one.verdict.anchor_at
        types = {type_ for match in rule.starts for type_ in match.types}
        fact = next((f for f in one.facts if f.type in types and f.at == anchor_at), None)
        fact = fact or next(f for f in one.facts if f.type in types)
        at = self.tongue.at(fact.at, zone)
        if fact.type in STARTED:
            return self.tongue.say(STARTED[fact.type], at=at)
        return self.tongue.say("{event} on {at}", event=happened(fact.type, self.terms, self.tongue), at=at)

    def _counted(self, rule: ClockRule, one: WorkedClock, zone: Zone) -> str:
        subject = self._subject(rule, tuple(value for _, value in one.given))
        started = self._started(rule, one, zone)
        verdict = one.verdict
        if verdict.due_at is None:
            assert verdict.goal_at is not None, "an example has a number"
            goal = until(verdict.goal_at, zone, self.tongue)
            text = N_("{subject}, {started}: the goal is {goal}, and there is no limit.")
            return self.tongue.say(text, subject=subject, started=started, goal=goal)
        due_at = verdict.due_at
        if not verdict.budget_us and one.last_at is not None:
            due_at = one.last_at
        stop = sorted(rule.stops[0].types)[0]
        message = UPDATES if rule.is_cadence else IN_TIME.get(stop, ANY_IN_TIME)
        text = self.tongue.say(
            message, subject=subject, started=started, due=until(due_at, zone, self.tongue)
        )
        if verdict.goal_at is not None:
            goal = until(verdict.goal_at, zone, self.tongue)
            text += " " + self.tongue.say("The goal is {goal}.", goal=goal)
        return text

    def _ends(self, one: WorkedClock, zone: Zone) -> str:
        verdict = one.verdict
        found = verdict.due_at if verdict.due_at is not None else verdict.goal_at
        assert found is not None, "an example has a number"
        return until(found, zone, self.tongue)

    def _wait(self, rule: ClockRule, one: WorkedClock, zone: Zone) -> str:
        pause = one.verdict.pauses[0]
        assert pause.end_at is not None, "the wait of an example is over"
        assert one.before_at is not None, "an example of a wait knows when it was due without"
        return self.tongue.say(
            "{subject}, {started}, waits from {waits} to {goes_on}:"
            " the time then ends on {due}; without the wait it would end on {before}.",
            subject=self._subject(rule, tuple(value for _, value in one.given)),
            started=self._started(rule, one, zone),
            waits=self.tongue.at(pause.start_at, zone),
            goes_on=self.tongue.at(pause.end_at, zone),
            due=self._ends(one, zone),
            before=until(one.before_at, zone, self.tongue),
        )

    def _change(self, rule: ClockRule, one: WorkedClock, zone: Zone) -> str:
        name, value = one.given[0]
        first = next(fact for fact in one.facts if name in fact.data)
        assert one.before_at is not None, "an example of a change knows when it was due before"
        return self.tongue.say(
            "{subject}, {started}, becomes {value} on {at}:"
            " the time then ends on {due}; before the change it ended on {before}.",
            subject=self._subject(rule, (str(first.data[name]),)),
            started=self._started(rule, one, zone),
            value=value,
            at=self.tongue.at(one.facts[-1].at, zone),
            due=self._ends(one, zone),
            before=until(one.before_at, zone, self.tongue),
        )

    # -- acts ----------------------------------------------------------------------------------------------

    def _act(self, rule: ClockRule, one: WorkedClock) -> str:
        assert one.verdict.due_at is not None, "an example of an act has its instant"
        due = until(one.verdict.due_at, self.zone, self.tongue)
        opening = one.facts[0]
        if rule.of == "maintenance":
            subject = self._subject(rule, tuple(value for _, value in one.given))
            starts = self.tongue.at(parse_instant(str(opening.data["starts_at"])), self.zone)
            text = N_("{subject} that begins on {starts} is announced by {due} at the latest.")
            told = self.tongue.say(text, subject=subject, starts=starts, due=due)
        elif any("claim.filed" in match.types for match in rule.stops):
            told = self._filing(rule, opening.data.get("about"), opening.data.get("issue_at"), due)
        else:
            stop = sorted(rule.stops[0].types)[0]
            begun = STARTED.get(opening.type, STARTED["maintenance.started"])
            started = self.tongue.say(begun, at=self.tongue.at(opening.at, self.zone))
            told = self.tongue.say(
                IN_TIME.get(stop, ANY_IN_TIME), subject=self._subject(rule, ()), started=started, due=due
            )
        if one.late is not None:
            told += " " + self.tongue.say("A minute later is too late.")
        return told

    def _filing(self, rule: ClockRule, about: object, issue_at: object, due: str) -> str:
        if rule.due is not None and "issue_at" in names_in(rule.due):
            issue = self.tongue.at(parse_instant(str(issue_at)), self.zone)
            return self.tongue.say(
                "A claim about something that happened on {issue} is filed by {due} at the latest.",
                issue=issue,
                due=due,
            )
        period = period_named(str(about), self.tongue)
        text = N_("A claim about {period} is filed by {due} at the latest.")
        return self.tongue.say(text, period=period, due=due)

    # -- counts --------------------------------------------------------------------------------------------

    def _quota(self, rule: QuotaRule, one: WorkedQuota) -> str:
        beyond = {
            "ordinary": N_("One opened on {at} goes beyond it and is treated as any other"),
            "charged": N_("One opened on {at} goes beyond it and is charged"),
            "refused": N_("One opened on {at} goes beyond it and is refused"),
        }
        count = self.tongue.number(rule.allow)
        period = period_named(one.period.label, self.tongue)
        told = [
            self.tongue.say("The allowance of {period} is {count}.", period=period, count=count),
        ]
        for ticket in one.tickets:
            at = self.tongue.at(ticket.opened_at, self.zone)
            text = N_("The last one within it is opened on {at}")
            said = self.tongue.say(text if ticket.is_within else beyond[rule.overflow], at=at)
            clocks = self.tongue.listed(self._runs(verdict) for verdict in ticket.verdicts)
            told.append(f"{said}: {clocks}." if clocks else f"{said}.")
        return " ".join(told)

    def _runs(self, verdict: Verdict) -> str:
        assert verdict.due_at is not None, "only clocks with a number are told"
        zone, clock = self._zone_of(verdict), quoted(verdict.key.commitment)
        due = until(verdict.due_at, zone, self.tongue)
        if zone.name == self.zone.name:
            return self.tongue.say("{clock} by {due}", clock=clock, due=due)
        return self.tongue.say("{clock} by {due} ({zone})", clock=clock, due=due, zone=zone.name)

    def _obligation(self, rule: ObligationRule, one: WorkedObligation) -> str:
        assert one.verdict.started_at is not None, "a duty has its period"
        assert one.verdict.due_at is not None, "a duty has its period"
        return self.tongue.plural(
            rule.times,
            "In the period from {start} to {end}: {number} time.",
            "In the period from {start} to {end}: {number} times.",
            start=self.tongue.on(rule.period.zone.date_at(one.verdict.started_at)),
            end=self.tongue.on(rule.period.zone.date_at(one.verdict.due_at - 1)),
        )
