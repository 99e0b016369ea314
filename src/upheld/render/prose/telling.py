"""Who is told of what, and when, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from upheld.core.terms.agreement import Terms
from upheld.core.terms.telling import Audience, EscalateRule, Mark, MarkKind, NotifyRule, Repeat, Urgency
from upheld.core.worked import WorkedExamples
from upheld.render.prose.clocks import HOLDS, titled
from upheld.render.prose.conditions import Phrases, own_words, quoted
from upheld.render.prose.document import Section, Sentence
from upheld.render.prose.gathering import names
from upheld.render.prose.tongue import N_, Tongue

Rule: TypeAlias = EscalateRule | NotifyRule

_STAGES: Final[Mapping[Audience, str]] = {
    "provider": N_("Of {of}, {provider} tells {roles} among its own people: {marks}."),
    "customer": N_("Of {of}, {provider} tells {roles} among your contacts: {marks}."),
}
_EVENTS: Final[Mapping[Audience, str]] = {
    "provider": N_("{provider} tells {roles} among its own people that {happens}."),
    "customer": N_("{provider} tells {roles} among your contacts that {happens}."),
}
_READINGS: Final[Mapping[Audience, str]] = {
    "provider": N_("Where the agreement can be read in several ways, the one that comes first decides."),
    "customer": N_("The reading that holds decides when."),
}
_REPEATS: Final[Mapping[Repeat, str]] = {
    "once": N_("Only the first time is told."),
    "each time": N_("Each time is told."),
}
_HOW: Final[Mapping[Urgency, str]] = {
    "page": N_("It goes out at once, day or night, and to the next person until somebody confirms it."),
    "urgent": N_("It goes out at once, but not in quiet hours."),
    "planned": N_("It comes with the next summary."),
}
_AT: Final[Mapping[MarkKind, str]] = {
    "start": N_("when the time begins"),
    "share": N_("when {share} of the time is used up"),
    "goal": N_("when the goal has passed"),
    "limit": N_("when it is late"),
}
_AFTER: Final[Mapping[MarkKind, str]] = {
    "start": N_("{amount} after the time has begun"),
    "goal": N_("{amount} after the goal"),
    "limit": N_("{amount} after it was due"),
}
_BEFORE: Final[Mapping[MarkKind, str]] = {
    "start": N_("{amount} before the time begins"),
    "goal": N_("{amount} before the goal"),
    "limit": N_("{amount} before it is due"),
}


def told_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """Who is told what, and when; None if nobody is."""
    del worked  # the instants are those of the clocks
    told = [_escalation(rule, terms, tongue) for rule in terms.escalations]
    told += [_notification(rule, terms, tongue) for rule in terms.notifications]
    return Section("told", tongue.say("Who is told, and when"), (), tuple(told)) if told else None


def _escalation(rule: EscalateRule, terms: Terms, tongue: Tongue) -> Section:
    marks = tongue.listed(_mark(mark, tongue) for mark in rule.marks)
    who = {"provider": terms.provider, "roles": names(tongue, rule.to)}
    said = [tongue.say(_STAGES[rule.audience], of=names(tongue, rule.of), marks=marks, **who)]
    if rule.where is not None:
        kinds = [one.of for one in terms.clocks if one.name in rule.of]
        kind = kinds[0] if kinds else "ticket"
        condition = Phrases(terms, tongue, kind).condition(rule.where)
        said.append(tongue.say(HOLDS[kind][1], condition=condition))
    said.append(tongue.say(_READINGS[rule.audience]))
    said += _delivery(rule, tongue)
    if rule.hours is not None:
        message = N_("If {calendar} is closed then, it waits for the next opening; a warning that would come "
                     "too late so comes {amount} before the closing.")  # fmt: skip
        said.append(
            tongue.say(message, calendar=quoted(rule.hours), amount=tongue.amount(rule.before_closing))
        )
    return _section(rule, said, tongue)


def _notification(rule: NotifyRule, terms: Terms, tongue: Tongue) -> Section:
    phrases = Phrases(terms, tongue, rule.of)
    who = {"provider": terms.provider, "roles": names(tongue, rule.to)}
    said = [tongue.say(_EVENTS[rule.audience], happens=phrases.events(rule.upon), **who)]
    every, some = HOLDS[rule.of]
    if rule.where is None:
        said.append(tongue.say(every))
    else:
        said.append(tongue.say(some, condition=phrases.condition(rule.where)))
    said.append(tongue.say(_REPEATS[rule.repeat]))
    said += _delivery(rule, tongue)
    if rule.hours is not None:
        message = N_("If {calendar} is closed then, it waits for the next opening.")
        said.append(tongue.say(message, calendar=quoted(rule.hours)))
    return _section(rule, said, tongue)


def _delivery(rule: Rule, tongue: Tongue) -> Iterator[str]:
    yield tongue.say(_HOW[rule.how])
    if rule.channels_of:
        yield tongue.say("It comes by the channels of {entitlement}.", entitlement=quoted(rule.channels_of))


def _section(rule: Rule, said: list[str], tongue: Tongue) -> Section:
    said += own_words(rule.doc, tongue)
    return Section(f"told-{rule.name}", titled(rule.name), tuple(Sentence(one, rule.cited) for one in said))


def _mark(mark: Mark, tongue: Tongue) -> str:
    if mark.share is not None:
        return tongue.say(_AT["share"], share=tongue.percent(mark.share))
    if mark.amount is None:
        return tongue.say(_AT[mark.kind])
    amount = tongue.amount(mark.amount)
    if mark.calendar is not None:
        amount = tongue.say("{amount} of {calendar}", amount=amount, calendar=quoted(mark.calendar))
    return tongue.say((_AFTER if mark.sign > 0 else _BEFORE)[mark.kind], amount=amount)
