"""What does not count, in plain words: what it is, on which conditions, and with which effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from upheld.core.agreement import Terms
from upheld.core.expression import Attribute
from upheld.core.indicator import Exclusion, Indicator, Source
from upheld.core.worked import WorkedExamples
from upheld.render.prose.conditions import Phrases, quoted
from upheld.render.prose.document import Section, Sentence
from upheld.render.prose.examples import examples_of
from upheld.render.prose.gathering import Told, names, said_once
from upheld.render.prose.tongue import N_, Tongue

_WHAT: Final[Mapping[Source, tuple[str, str]]] = {
    "maintenance": (N_("Maintenance does not count."), N_("Maintenance does not count if {condition}.")),
    "attribution": (
        N_("The time for which a cause is recorded does not count."),
        N_("The time for which a cause is recorded does not count if {condition}."),
    ),
    "incident": (
        N_("The time of an incident does not count."),
        N_("The time of an incident does not count if {condition}."),
    ),
    "stage": (
        N_("A part does not count on the days on which it is at a stage that your contract names."),
        N_("A part does not count on the days on which your contract gives it a stage, if {condition}."),
    ),
    "suspension": (
        N_("The time in which your contract is suspended does not count."),
        N_("The time in which your contract is suspended does not count if {condition}."),
    ),
    "credential": (
        N_("The time in which a login of yours does not work does not count."),
        N_("The time in which a login of yours does not work does not count if {condition}."),
    ),
    "hours": (N_("Certain hours do not count."), N_("Certain hours do not count if {condition}.")),
}
_CAUSES: Final[Mapping[tuple[bool, bool], tuple[str, str]]] = {
    (True, False): (
        N_("Downtime whose cause is recorded does not count."),
        N_("Downtime does not count if it is recorded that {condition}."),
    ),
    (False, True): (
        N_("What is late, and has a recorded cause, does not count."),
        N_("What is late does not count if it is recorded that {condition}."),
    ),
    (True, True): (
        N_("Downtime, or what is late, does not count if its cause is recorded."),
        N_("Downtime, or what is late, does not count if it is recorded that {condition}."),
    ),
}
"""What is said of causes that take only what is bad: of downtime, of items, of both."""
_LASTS: Final = {
    "announced": N_("The window is as long as announced, however long the work took."),
    "actual": N_("The window is as long as the work took, however long it was announced for."),
    "both": N_("Only the time that was both announced and worked in is excluded."),
}
_OF_TIME: Final = {
    ("not bad",): N_("What is excluded is not counted as downtime, but stays in the counted time."),
    ("out of total",): N_(
        "What is excluded leaves the counted time; what is bad in it is downtime nevertheless."
    ),
    ("not bad", "out of total"): N_(
        "What is excluded is neither counted as downtime nor part of the counted time."
    ),
    (): N_("What is excluded stays in the counted time, and is downtime if it is bad."),
}
_OF_ITEMS: Final = {
    ("not bad",): N_("What is excluded counts as in time."),
    ("out of total",): N_("What is excluded is not counted at all."),
    ("not bad", "out of total"): N_("What is excluded is not counted at all."),
    (): N_("What is excluded counts as it is."),
}
_OF_OBSERVATIONS: Final = N_("Observations made in excluded time are left out.")


def exclusions_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """Every exclusion, then what they do; None if everything counts."""
    if not terms.exclusions:
        return None
    blocks: list[Sentence] = []
    for one in terms.exclusions:
        text = " ".join(_what(one, terms, tongue))
        named = tongue.say("{name}: {promise}", name=quoted(one.name), promise=text)
        blocks.append(Sentence(named, one.cited))
    told = [
        Told(one.name, tuple(Sentence(text, one.cited) for text in _effects(one, terms, tongue)))
        for one in terms.exclusions
    ]
    shown = tuple(
        example for one in terms.exclusions for example in examples_of(one.name, terms, tongue, worked)
    )
    effects = Section(
        "excluded-effects", tongue.say("What that means for the figures"), said_once(told, tongue)
    )
    return Section("exclusions", tongue.say("What does not count"), (*blocks, *shown), (effects,))


# -- what it is --------------------------------------------------------------------------------------------


def _what(one: Exclusion, terms: Terms, tongue: Tongue) -> Iterator[str]:
    phrases = Phrases(terms, tongue, one.of)
    plain, conditional = _WHAT[one.of]
    if one.of == "attribution" and one.takes == "bad":
        bases = [each.basis == "outcomes" for each in _concerned(one, terms)]
        plain, conditional = _CAUSES[not all(bases) or not bases, any(bases)]
    if one.where is None:
        yield tongue.say(plain)
    else:
        yield tongue.say(conditional, condition=phrases.condition(one.where))
    if one.announced_by is not None:
        yield _notice(one, phrases, tongue)
    if one.inside:
        message = N_("Only the part inside the calendar {calendar} is excluded; the rest counts.")
        yield tongue.say(message, calendar=quoted(one.inside))
    if one.components:
        yield tongue.say("This is about {parts} only.", parts=names(tongue, one.components))
    if one.indicators:
        yield tongue.say("It is left out of {figures} only.", figures=names(tongue, one.indicators))
    if one.doc:
        yield tongue.say("The agreement says of it: {words}.", words=quoted(one.doc))


def _notice(one: Exclusion, phrases: Phrases, tongue: Tongue) -> str:
    """By when a window must have been announced; what was not announced in time counts."""
    assert one.announced_by is not None, "it has to be announced"
    if one.announced_by == Attribute("starts_at"):
        return tongue.say("It must have been announced before it begins; otherwise it counts.")
    return tongue.say(
        "It must have been announced no later than {moment}; otherwise it counts.",
        moment=phrases.instant(one.announced_by),
    )


# -- what it does ------------------------------------------------------------------------------------------


def _effects(one: Exclusion, terms: Terms, tongue: Tongue) -> Iterator[str]:
    concerned = _concerned(one, terms)
    of_items = [each for each in concerned if each.basis == "outcomes"]
    of_time = [each for each in concerned if each.basis != "outcomes" and each.combine == "bad time"]
    of_counts = [each for each in concerned if each not in of_items and each not in of_time]
    given = tuple(effect for effect in ("not bad", "out of total") if effect in one.effects)
    if one.of == "maintenance":
        yield tongue.say(_LASTS[one.lasts])
    if of_time or not concerned:
        yield tongue.say(_OF_TIME[given])
    if of_items:
        yield tongue.say(_OF_ITEMS[given])
    if of_counts and given:
        yield tongue.say(_OF_OBSERVATIONS)
    yield from _taken(one, of_time, bool(of_items), tongue)
    if any(each.per is not None and each.per.run > 1 for each in of_time):
        yield _runs(one, tongue)
    if any(each.of in terms.components and terms.components[each.of].tie for each in of_time):
        yield _combining(one, tongue)


def _concerned(one: Exclusion, terms: Terms) -> list[Indicator]:
    """The figures that it is left out of."""
    return [each for name, each in terms.indicators.items() if not one.indicators or name in one.indicators]


def _taken(one: Exclusion, of_time: list[Indicator], of_items: bool, tongue: Tongue) -> Iterator[str]:
    """Whether all that is covered is taken, or only what is bad there."""
    if of_time:
        if one.takes == "all":
            yield tongue.say("This holds for all the excluded time, whether the service works in it or not.")
        else:
            yield tongue.say("This holds for downtime only; time in which the service works counts as usual.")
    if of_items:
        if one.takes == "all":
            yield tongue.say(
                "This holds for everything that begins in the excluded time, whether in time or late."
            )
        else:
            yield tongue.say("This holds for what is late only; what is in time counts as usual.")


def _runs(one: Exclusion, tongue: Tongue) -> str:
    if "breaks run" in one.effects:
        return tongue.say("A slice that is excluded as a whole ends a row of bad slices.")
    return tongue.say("Bad slices before and after a slice that is excluded as a whole are in a row.")


def _combining(one: Exclusion, tongue: Tongue) -> str:
    if one.before_combining:
        return tongue.say("It applies to the parts it is about; if another part fails, that counts.")
    return tongue.say("It applies to the service as a whole, whichever of its parts it is about.")
