"""How what is owed is claimed, in plain words: the form, the moment, the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from upheld.core.terms.agreement import Terms
from upheld.core.terms.claim import About, ClaimRule, CountsFrom, Decision, Included
from upheld.core.worked import WorkedExamples
from upheld.render.prose.conditions import own_words, quoted
from upheld.render.prose.document import Section, Sentence
from upheld.render.prose.gathering import names
from upheld.render.prose.tongue import N_, Tongue

_ABOUT: Final[Mapping[About, str]] = {
    "period": N_("A claim names the period that it is about."),
    "item": N_("A claim is about something that was late; it keeps the whole period."),
    "either": N_("A claim names a period, or something that was late in it."),
}
_COUNTS: Final[Mapping[CountsFrom, str]] = {
    "sent": N_("It counts as filed when you send it."),
    "received": N_("It counts as filed when it arrives."),
    "earliest": N_("It counts as filed when you send it or when it arrives, whichever is earlier."),
}
_INCLUDED: Final[Mapping[Included, str]] = {
    "account": N_("your account"),
    "period": N_("the period claimed for"),
    "metrics": N_("what was measured"),
    "impact": N_("what it meant for you"),
    "evidence": N_("what proves it"),
}
_DECIDED: Final[Mapping[Decision, str]] = {
    "beside the verdict": N_(
        "What {provider} decides is kept beside what was computed, and does not change it."
    ),
    "final": N_("What {provider} decides is final: it takes the place of what was computed."),
}


def claims_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """How a claim is made and decided; None if the agreement says nothing of claims."""
    del worked  # its deadlines are clocks, which have examples
    rule = terms.claim
    if rule is None:
        return None
    blocks = tuple(Sentence(text, rule.cited) for text in _sentences(rule, terms, tongue))
    return Section("claims", tongue.say("How you claim what you are owed"), blocks)


def _sentences(rule: ClaimRule, terms: Terms, tongue: Tongue) -> Iterator[str]:
    say = tongue.say
    if not rule.needed:
        yield say("What you are owed is paid without a claim.")
    elif rule.remedies:
        yield say(
            "You have to claim {names}; anything else comes by itself.", names=names(tongue, rule.remedies)
        )
    else:
        yield say("What you are owed is paid only if you claim it.")
    yield say(_ABOUT[rule.about])
    yield say(_COUNTS[rule.counts_from])
    if rule.channels:
        yield say("It has to come by {channels}.", channels=tongue.listed(map(quoted, rule.channels), "or"))
    if rule.to:
        yield say("It is sent to {address}.", address=quoted(rule.to))
    if rule.include:
        said = tongue.listed(say(_INCLUDED[one]) for one in rule.include)
        yield say("It has to say: {things}.", things=said)
    if rule.protective:
        yield say("You may file it before the figure of its period is known.")
    else:
        yield say("It does not count if it is filed before its period is over.")
    yield say(_DECIDED[rule.decision], provider=terms.provider)
    if rule.two_above is not None:
        yield say(
            "A decision about more than {amount} needs a second person who agrees.",
            amount=tongue.money(rule.two_above),
        )
    if rule.decided_on:
        yield say("A decision rests on {words}.", words=quoted(rule.decided_on))
    yield from own_words(rule.doc, tongue)
