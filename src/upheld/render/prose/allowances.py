"""Quotas in plain words: how many a period allows, and what becomes of one more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from upheld.core.terms.agreement import Overflow, QuotaRule, Refund, SubjectKind, Terms
from upheld.core.worked import WorkedExamples
from upheld.render.prose.clocks import KINDS, titled
from upheld.render.prose.conditions import Phrases, own_words
from upheld.render.prose.document import Block, Section, Sentence
from upheld.render.prose.examples import examples_of
from upheld.render.prose.periods import each_period
from upheld.render.prose.tongue import N_, Tongue

_COUNTED: Final[Mapping[SubjectKind, str]] = {
    "ticket": N_("A ticket counts if {condition}."),
    "incident": N_("An incident counts if {condition}."),
    "maintenance": N_("Maintenance counts if {condition}."),
    "task": N_("A task counts if {condition}."),
    "claim": N_("A claim counts if {condition}."),
    "attribution": N_("A recorded cause counts if {condition}."),
}
_BEYOND: Final[Mapping[Overflow, str]] = {
    "ordinary": N_("What comes beyond it is handled in the ordinary way."),
    "refused": N_("What comes beyond it is refused: no time runs for it."),
    "charged": N_("What comes beyond it is handled all the same, and charged."),
}
_GIVEN_BACK: Final[Mapping[Refund, str]] = {
    "provider reclassifies": N_(
        "If {provider} classifies one so that it would not have counted, it is given back."
    ),
    "never": N_("What has counted once stays counted."),
}


def allowances_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """Every counted allowance; None if there is none."""
    told = tuple(_quota(rule, terms, tongue, worked) for rule in terms.quotas)
    return Section("allowances", tongue.say("Allowances"), (), told) if told else None


def _quota(rule: QuotaRule, terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section:
    blocks: tuple[Block, ...] = tuple(
        Sentence(text, rule.cited) for text in _sentences(rule, terms, tongue)
    ) + examples_of(rule.name, terms, tongue, worked)
    return Section(f"allowances-{rule.name}", titled(rule.name), blocks)


def _sentences(rule: QuotaRule, terms: Terms, tongue: Tongue) -> Iterator[str]:
    yield tongue.say(
        "The allowance is {number} in {period}.",
        number=tongue.number(rule.allow),
        period=each_period(rule.period, terms, tongue),
    )
    condition = Phrases(terms, tongue, rule.of).condition(rule.where)
    yield tongue.say(_COUNTED[rule.of], condition=condition)
    yield tongue.say(_BEYOND[rule.overflow])
    yield tongue.say(_GIVEN_BACK[rule.refund], provider=terms.provider)
    yield tongue.say(KINDS[rule.modality])
    yield from own_words(rule.doc, tongue)
