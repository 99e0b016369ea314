"""What comes with the plan, in plain words: entitlements, recurring duties, and what the customer owes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from upheld.core.terms.agreement import EntitlementRule, ObligationRule, Terms
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
