"""How the agreement may change, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.amendment import AmendRule, AppliesFrom, Clocks, Floor, Incomparable, Periods, Until
from upheld.core.worked import WorkedExamples
from upheld.render.prose.conditions import own_words, quoted
from upheld.render.prose.document import Section, Sentence
from upheld.render.prose.tongue import N_, Tongue

_FLOOR: Final[Mapping[Floor, str]] = {
    "nothing": N_("A new version may promise less than this one."),
    "commitments in force": N_(
        "No promise that is in force becomes worse for you by a new version, {until}."
    ),
    "commitments at signature": N_(
        "No promise becomes worse for you than it was when you signed, {until}. "
        "Promise by promise the better one holds."
    ),
}
_UNTIL: Final[Mapping[Until, str]] = {
    "contract period ends": N_("until your contract period ends"),
    "contract ends": N_("as long as your contract lasts"),
}
_INCOMPARABLE: Final[Mapping[Incomparable, str]] = {
    "signature version": N_(
        "Where two promises cannot be compared, the one that held before goes on to hold."
    ),
    "new version": N_("Where two promises cannot be compared, the new one holds."),
}
_FROM: Final[Mapping[AppliesFrom, str]] = {
    "end of the notice": N_("It holds from the end of the notice on."),
    "next month": N_("It holds from the first day of the month after the notice has ended."),
}
_FROM_TOLD: Final[Mapping[AppliesFrom, str]] = {
    "end of the notice": N_("It holds from the day after you are told of it at the earliest."),
    "next month": N_("It holds from the first day of the month after you are told of it at the earliest."),
}
_CLOCKS: Final[Mapping[Clocks, str]] = {
    "version at opening": N_(
        "What has been opened before is handled by the version that held when it was opened."
    ),
    "new version": N_("It also holds for what has been opened before."),
}
_PERIODS: Final[Mapping[Periods, str]] = {
    "version at start": N_("A period that has begun is judged by the version that held at its start."),
    "new version": N_("It also holds for a period that has begun."),
}


def changes_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What the agreement says of its later versions; None if it says nothing."""
    del worked  # a change has no figures before there is one
    rule = terms.amend
    if rule is None:
        return None
    blocks = tuple(Sentence(text, rule.cited) for text in _sentences(rule, tongue))
    return Section("changes", tongue.say("How this agreement may change"), blocks)


def _sentences(rule: AmendRule, tongue: Tongue) -> Iterator[str]:
    say = tongue.say
    if rule.notice is None:
        yield say("No notice of a new version is promised.")
    elif rule.on == ALWAYS:
        yield say("A new version needs {amount} of notice.", amount=tongue.amount(rule.notice))
    else:
        yield say(
            "A new version needs {amount} of notice, counted in the open hours of {calendar}.",
            amount=tongue.amount(rule.notice),
            calendar=quoted(rule.on),
        )
    yield say((_FROM if rule.notice is not None else _FROM_TOLD)[rule.applies_from])
    yield say(_FLOOR[rule.never_below], until=say(_UNTIL[rule.until]))
    if rule.never_below != "nothing":
        yield say(_INCOMPARABLE[rule.incomparable])
    yield say(_CLOCKS[rule.clocks])
    yield say(_PERIODS[rule.periods])
    if rule.published:
        yield say("Where a new version is published: {words}.", words=quoted(rule.published))
    if rule.accepted_by:
        yield say("What accepts a new version: {words}.", words=quoted(rule.accepted_by))
    yield from own_words(rule.doc, tongue)
