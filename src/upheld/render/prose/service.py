"""What comes with the plan, in plain words: entitlements, recurring duties, and what the customer owes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Final

from upheld.core.terms.agreement import EntitlementRule, ObligationRule, Terms
from upheld.core.terms.duty import CovenantRule, Entry
from upheld.core.values.rule import Citation, Modality
from upheld.core.worked import WorkedExamples
from upheld.render.prose.clocks import LATE, titled
from upheld.render.prose.conditions import own_words, quoted
from upheld.render.prose.document import Block, Grid, Section, Sentence
from upheld.render.prose.examples import examples_of
from upheld.render.prose.periods import each_period
from upheld.render.prose.tongue import N_, Tongue

_OWED: Final[Mapping[Modality, tuple[str, str]]] = {
    "guarantee": (
        N_("{provider} guarantees {what} once in {period}."),
        N_("{provider} guarantees {what} {number} times in {period}."),
    ),
    "objective": (
        N_("{provider} aims for {what} once in {period}."),
        N_("{provider} aims for {what} {number} times in {period}."),
    ),
    "best effort": (
        N_("{provider} does its best for {what} once in {period}."),
        N_("{provider} does its best for {what} {number} times in {period}."),
    ),
}

_NEVER: Final[Mapping[Modality, str]] = {
    "guarantee": N_("{provider} guarantees that this is so at any time: {what}."),
    "objective": N_("{provider} aims for this at any time: {what}."),
    "best effort": N_("{provider} does its best for this at any time: {what}."),
}
_HAPPENED: Final[Mapping[Modality, str]] = {
    "guarantee": N_("What happened is a breach, and cannot be made good."),
    "objective": N_("What happened is a miss, not a breach."),
    "best effort": N_("What happened is recorded, and nothing follows from it."),
}
_HAPPENED_IN_IT: Final[Mapping[Modality, str]] = {
    "guarantee": N_("A period in which it happened is breached, whenever that becomes known."),
    "objective": N_("A period in which it happened is missed, not breached, whenever that becomes known."),
    "best effort": N_("A period in which it happened is recorded, and nothing follows from it."),
}
_ENTRIES: Final[Mapping[Entry, str]] = {
    "by": N_("who reports it"),
    "happened_at": N_("when it happened"),
    "learned_at": N_("when that was learned"),
    "credential": N_("which credential it is"),
}


def entitlements_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What the customer may have or do; None if nothing is said of it."""
    del worked  # what one has is not computed
    blocks = tuple(Sentence(" ".join(_entitlement(rule, tongue)), rule.cited) for rule in terms.entitlements)
    return Section("included", tongue.say("What is included"), blocks) if blocks else None


def _entitlement(rule: EntitlementRule, tongue: Tongue) -> Iterator[str]:
    what = quoted(rule.name)
    values = (rule.value,) if isinstance(rule.value, str) else rule.value
    said = tongue.listed(quoted(value) for value in values if value)
    channels = tongue.listed(map(quoted, rule.channels))
    if said:
        yield tongue.say("{what}: {words}.", what=what, words=said)
    if channels and said:
        yield tongue.say("The channels are {channels}.", channels=channels)
    elif channels:
        yield tongue.say("{what}, the channels: {channels}.", what=what, channels=channels)
    elif not said:
        yield tongue.say("{what} is included.", what=what)
    if rule.named_contacts is not None:
        yield tongue.plural(
            rule.named_contacts,
            "You name {number} contact; only a ticket from that person starts a time.",
            "You name up to {number} contacts; only a ticket from one of them starts a time.",
        )
    yield from own_words(rule.doc, tongue)


def obligations_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What the provider does again and again without being asked; None if there is nothing."""
    told = tuple(_obligation(rule, terms, tongue, worked) for rule in terms.obligations)
    title = tongue.say("What {provider} does without being asked", provider=terms.provider)
    return Section("unasked", title, (), told) if told else None


def _obligation(rule: ObligationRule, terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section:
    once, often = _OWED[rule.modality]
    said = [
        tongue.say(
            once if rule.times == 1 else often,
            provider=terms.provider,
            what=quoted(rule.name),
            number=tongue.number(rule.times),
            period=each_period(rule.period, terms, tongue),
        ),
        tongue.say(LATE[rule.modality]),
        *own_words(rule.doc, tongue),
    ]
    blocks: tuple[Block, ...] = tuple(Sentence(text, rule.cited) for text in said)
    blocks += examples_of(rule.name, terms, tongue, worked)
    return Section(f"unasked-{rule.name}", titled(rule.name), blocks)


def covenants_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What never happens; None if nothing is said of it."""
    del worked  # what never happens has no figures
    told = tuple(_covenant(rule, terms, tongue) for rule in terms.covenants)
    return Section("never", tongue.say("What never happens"), (), told) if told else None


def _covenant(rule: CovenantRule, terms: Terms, tongue: Tongue) -> Section:
    say, provider = tongue.say, terms.provider
    said = [say(_NEVER[rule.modality], provider=provider, what=quoted(rule.what))]
    if rule.since is not None:
        said.append(say("This holds from {day} on.", day=tongue.day(rule.since)))
    if rule.period is None:
        said.append(say("Each report that it happened is judged by itself."))
        said.append(say(_HAPPENED[rule.modality]))
    else:
        period = each_period(rule.period, terms, tongue)
        said.append(say("It is judged for {period}: whether it happened then.", period=period))
        said.append(say(_HAPPENED_IN_IT[rule.modality]))
    message = N_("If it was the doing of somebody else than {provider}, it does not count.")
    said.append(say(message, provider=provider))
    if rule.register:
        listed = tongue.listed(say(_ENTRIES[one]) for one in rule.register)
        said.append(say("A report says {entries}; a secret itself is never written down.", entries=listed))
    said.append(say("No credit follows from it by itself."))
    said += own_words(rule.doc, tongue)
    return Section(f"never-{rule.name}", titled(rule.name), tuple(Sentence(one, rule.cited) for one in said))


def reminders_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What is announced and not promised; None if nothing is."""
    del worked  # nothing is judged
    if not terms.reminders:
        return None
    note = tongue.say("{provider} has announced these and promises none of them.", provider=terms.provider)
    blocks = [Sentence(note)]
    for rule in terms.reminders:
        message = N_("{name}, from {day} on: {what}.")
        if rule.until_on is not None:
            message = N_("{name}, from {day} until {until}: {what}.")
        until = "" if rule.until_on is None else tongue.day(rule.until_on - timedelta(days=1))
        days = {"day": tongue.day(rule.from_on), "until": until}
        told = [tongue.say(message, name=quoted(rule.name), what=quoted(rule.what), **days)]
        blocks.append(Sentence(" ".join([*told, *own_words(rule.doc, tongue)]), rule.cited))
    return Section("announced", tongue.say("What is announced without a promise"), tuple(blocks))


def duties_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What the customer sees to; None if nothing is asked."""
    del worked  # a duty has no figures
    if not terms.duties:
        return None
    blocks: list[Block] = [
        Sentence(tongue.say("{provider} may have to wait for you to do these.", provider=terms.provider))
    ]
    headers = (tongue.say("Duty"), tongue.say("In the words of the agreement"))
    for (clauses, own), same in groupby(
        terms.duties.values(), lambda duty: (duty.cited.clauses, duty.cited.own)
    ):
        rows = tuple((duty.name, quoted(duty.text)) for duty in same)
        blocks.append(Grid(tongue.say("What you see to"), headers, rows, Citation(clauses, (), own)))
    return Section("duties", tongue.say("What you see to"), tuple(blocks))
