"""What does not count, in plain words: what it is, on which conditions, and with which effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Exclusion, Indicator, Source
from upheld.core.values.expression import Attribute, Literal
from upheld.core.worked import WorkedExamples
from upheld.render.prose.conditions import Phrases, own_words, quoted
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
_NEVER: Final = Literal(False, "truth")
_CAUSES: Final[Mapping[str, tuple[str, str]]] = {
    "time": (
        N_("Downtime whose cause is recorded does not count."),
        N_("Downtime does not count if it is recorded that {condition}."),
    ),
    "items": (
        N_("What is late, and has a recorded cause, does not count."),
        N_("What is late does not count if it is recorded that {condition}."),
    ),
    "counts": (
        N_("Bad observations whose cause is recorded do not count."),
        N_("Bad observations do not count if it is recorded that {condition}."),
    ),
    "both": (
        N_("Downtime, or what is late, does not count if its cause is recorded."),
        N_("Downtime, or what is late, does not count if it is recorded that {condition}."),
    ),
}
"""What is said of causes that take only what is bad, by what it is bad of."""
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
    (): N_("This leaves nothing out: it only ends a row of bad slices."),
}
_OF_ITEMS: Final = {
    ("not bad",): N_("What is excluded counts as in time."),
    ("out of total",): N_("What is excluded is not counted at all."),
    ("not bad", "out of total"): N_("What is excluded is not counted at all."),
    (): N_("This changes nothing about what is counted."),
}
_OF_OBSERVATIONS: Final = {
    "all": N_("Observations made in excluded time are left out."),
    "bad": N_("Bad observations made in excluded time are left out; good ones count as usual."),
}


class _Concerned(NamedTuple):
    """The figures that something is left out of: of time, of observations counted, of items."""

    time: tuple[Indicator, ...]
    counts: tuple[Indicator, ...]
    items: tuple[Indicator, ...]

    @classmethod
    def by(cls, one: Exclusion, terms: Terms) -> _Concerned:
        """All figures, or those that the exclusion names."""
        found = [
            each for name, each in terms.indicators.items() if not one.indicators or name in one.indicators
        ]
        items = tuple(each for each in found if each.basis == "outcomes")
        time = tuple(each for each in found if each not in items and each.combine == "bad time")
        return cls(time, tuple(each for each in found if each not in items and each not in time), items)

    @property
    def is_none(self) -> bool:
        """Whether there is no such figure."""
        return not (self.time or self.counts or self.items)

    @property
    def bad(self) -> str:
        """What is bad in them."""
        if self.items:
            return "both" if self.time or self.counts else "items"
        return "counts" if self.counts and not self.time else "time"


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
        if one.where != _NEVER
    ]
    shown = tuple(
        example for one in terms.exclusions for example in examples_of(one.name, terms, tongue, worked)
    )
    title = tongue.say("What that means for the figures")
    effects = (Section("excluded-effects", title, said_once(told, tongue)),) if told else ()
    return Section("exclusions", tongue.say("What does not count"), (*blocks, *shown), effects)


# -- what it is --------------------------------------------------------------------------------------------


def _what(one: Exclusion, terms: Terms, tongue: Tongue) -> Iterator[str]:
    phrases = Phrases(terms, tongue, one.of)
    plain, conditional = _WHAT[one.of]
    if one.of == "attribution" and one.takes == "bad":
        plain, conditional = _CAUSES[_Concerned.by(one, terms).bad]
    if one.where == _NEVER:
        yield tongue.say("Nothing is left out for this reason.")
    elif one.where is None:
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
    yield from own_words(one.doc, tongue)


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
    concerned = _Concerned.by(one, terms)
    given = tuple(effect for effect in ("not bad", "out of total") if effect in one.effects)
    if one.of == "maintenance":
        yield tongue.say(_LASTS[one.lasts])
    if concerned.time or concerned.is_none:
        yield tongue.say(_OF_TIME[given])
    if concerned.items:
        yield tongue.say(_OF_ITEMS[given])
    if concerned.counts and given:
        yield tongue.say(_OF_OBSERVATIONS[one.takes])
    yield from _taken(one, concerned, tongue)
    if any(each.per is not None and each.per.run > 1 for each in concerned.time):
        yield _runs(one, tongue)
    if any(each.of in terms.components and terms.components[each.of].tie for each in concerned.time):
        yield _combining(one, tongue)


def _taken(one: Exclusion, concerned: _Concerned, tongue: Tongue) -> Iterator[str]:
    """Whether all that is covered is taken, or only what is bad there."""
    if concerned.time:
        if one.takes == "all":
            yield tongue.say("This holds for all the excluded time, whether the service works in it or not.")
        else:
            yield tongue.say("This holds for downtime only; time in which the service works counts as usual.")
    if concerned.items:
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
