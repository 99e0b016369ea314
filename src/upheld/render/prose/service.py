"""What comes with the plan, in plain words: entitlements, recurring duties, and what the customer owes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from upheld.core.agreement import EntitlementRule, ObligationRule, Terms
from upheld.core.rule import Citation, Modality
from upheld.core.worked import WorkedExamples
from upheld.render.prose.clocks import LATE, own_words, titled
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Block, Grid, Section, Sentence
from upheld.render.prose.examples import examples_of
from upheld.render.prose.periods import each_period
from upheld.render.prose.tongue import N_, Tongue

_OWED: Final[Mapping[Modality, tuple[str, str]]] = {
    "guarantee": (
        N_("{provider} guarantees this once in {period}."),
        N_("{provider} guarantees this {number} times in {period}."),
    ),
    "objective": (
        N_("{provider} aims to do this once in {period}."),
        N_("{provider} aims to do this {number} times in {period}."),
    ),
    "best effort": (
        N_("{provider} does its best to do this once in {period}."),
        N_("{provider} does its best to do this {number} times in {period}."),
    ),
}


def entitlements_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What the customer may have or do; None if nothing is said of it."""
    del worked  # what one has is not computed
    told = tuple(
        Section(
            f"included-{rule.name}",
            titled(rule.name),
            tuple(Sentence(text, rule.cited) for text in _entitlement(rule, terms, tongue)),
        )
        for rule in terms.entitlements
    )
    return Section("included", tongue.say("What is included"), (), told) if told else None


def _entitlement(rule: EntitlementRule, terms: Terms, tongue: Tongue) -> Iterator[str]:
    values = (rule.value,) if isinstance(rule.value, str) else rule.value
    if any(values):
        said = tongue.listed(quoted(value) for value in values if value)
        yield tongue.say("The agreement says: {words}.", words=said)
    if rule.channels:
        channels = tongue.listed(map(quoted, rule.channels))
        yield tongue.plural(
            len(rule.channels), "You have this channel: {channels}.", "You have these channels: {channels}.",
            channels=channels,
        )  # fmt: skip
    if rule.named_contacts is not None:
        yield tongue.plural(
            rule.named_contacts,
            "You name {number} contact; only a ticket from that person starts a time.",
            "You name up to {number} contacts; only a ticket from one of them starts a time.",
        )
    if rule.doc:
        yield own_words(rule.doc, tongue)
    if not (any(values) or rule.channels or rule.named_contacts is not None or rule.doc):
        yield tongue.say("This is included; nothing more is said of it.")


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
            number=tongue.number(rule.times),
            period=each_period(rule.period, tongue),
        ),
        tongue.say(LATE[rule.modality]),
    ]
    if rule.doc:
        said.append(own_words(rule.doc, tongue))
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
