"""What is observed, in plain words: the parts of the service, what they make together, and their signals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from upheld.core.measuring.parts import leaves_of
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Component, Signal, SignalKind
from upheld.render.prose.conditions import Phrases, own_words, quoted
from upheld.render.prose.document import Block, Grid, Section, Sentence
from upheld.render.prose.gathering import cited_together, names
from upheld.render.prose.tongue import N_, Tongue

_NO_DOC: Final = "–"
_GOOD: Final[Mapping[SignalKind, tuple[str, str]]] = {
    "checks": (
        N_("A check is good if it says of itself that it succeeded."),
        N_("A check is good if {condition}."),
    ),
    "counts": (
        N_("It brings how many there were, and how many of them were good."),
        N_("Of what it counts, good is what meets this: {condition}."),
    ),
    "states": (
        N_("A part is good while its state is “up”."),
        N_("A part is good while {condition}."),
    ),
}


def components_section(terms: Terms, tongue: Tongue) -> Section | None:
    """The parts and how they are observed; None if the agreement measures no part of a service."""
    ties = [one for one in terms.components.values() if one.tie is not None]
    leaves = [one for one in terms.components.values() if one.tie is None]
    blocks: list[Block] = [Sentence(_tie(one, tongue), one.cited) for one in ties]
    if any(one.doc or one.from_on or one.until_on or one.cited.clauses for one in leaves):
        blocks.append(_grid(leaves, tongue))
    blocks += [Sentence(" ".join(_signal(one, terms, tongue)), one.cited) for one in terms.signals]
    return Section("parts", tongue.say("What is observed"), tuple(blocks)) if blocks else None


# -- components --------------------------------------------------------------------------------------------


def _tie(component: Component, tongue: Tongue) -> str:
    what, parts = quoted(component.name), component.parts
    match component.tie:
        case "all":
            text = tongue.say(
                "{what} is available while all of its parts are: {parts}.",
                what=what,
                parts=names(tongue, parts),
            )
        case "any":
            text = tongue.say(
                "{what} is available while at least one of its parts is: {parts}.",
                what=what,
                parts=names(tongue, parts),
            )
        case "at least":
            text = tongue.say(
                "{what} is available while at least {number} of its {count} parts are: {parts}.",
                what=what,
                number=tongue.number(component.at_least),
                count=tongue.number(len(parts)),
                parts=names(tongue, parts),
            )
        case _:
            text = tongue.say(
                "{what} stands for several parts, each of which is measured on its own: {parts}.",
                what=what,
                parts=names(tongue, parts),
            )
    return " ".join([text, *_days(component, tongue), *own_words(component.doc, tongue)])


def _grid(leaves: list[Component], tongue: Tongue) -> Grid:
    rows = [(one.name, " ".join([*_described(one), *_days(one, tongue)]) or _NO_DOC) for one in leaves]
    return Grid(
        tongue.say("The parts that are observed themselves"),
        (tongue.say("Part"), tongue.say("What it is")),
        tuple(rows),
        cited_together(one.cited for one in leaves),
    )


def _described(component: Component) -> Iterator[str]:
    if component.doc:
        yield quoted(component.doc)


def _days(component: Component, tongue: Tongue) -> Iterator[str]:
    """While it exists, if that is limited."""
    if component.from_on is not None:
        yield tongue.say("It exists from {day} on.", day=tongue.day(component.from_on))
    if component.until_on is not None:
        yield tongue.say("On {day} it no longer exists.", day=tongue.day(component.until_on))


# -- signals -----------------------------------------------------------------------------------------------


def _signal(signal: Signal, terms: Terms, tongue: Tongue) -> Iterator[str]:
    """What is observed of which parts, how often, and when it is good."""
    yield _observing(signal, terms, tongue)
    phrases = Phrases(terms, tongue, signal.kind)
    by_itself, by_condition = _GOOD[signal.kind]
    if signal.good is None:
        yield tongue.say(by_itself)
    else:
        yield tongue.say(by_condition, condition=phrases.condition(signal.good))
    if signal.degraded is not None:
        condition = phrases.condition(signal.degraded)
        yield tongue.say("What is good is shown as degraded if {condition}.", condition=condition)
    if signal.every_us is not None:
        yield tongue.say(
            "One is expected every {length}; what does not come is missing.",
            length=tongue.interval(signal.every_us),
        )
    yield from _age(signal, tongue)
    yield from own_words(signal.doc, tongue)


def _observed(signal: Signal, terms: Terms, tongue: Tongue) -> str:
    """The parts by name, or all parts of what is made of just these."""
    for name, one in terms.components.items():
        if (
            one.tie is not None
            and len(signal.of) > 1
            and set(signal.of) == {*leaves_of(terms.components, name)}
        ):
            return tongue.say("every part of {what}", what=quoted(name))
    return names(tongue, signal.of)


def _observing(signal: Signal, terms: Terms, tongue: Tongue) -> str:
    parts = _observed(signal, terms, tongue)
    kinds = {
        "checks": (N_("{signal} checks {parts}."), N_("{signal} checks {parts}: {what}.")),
        "counts": (N_("{signal} counts what happens at {parts}."), N_("{signal} counts at {parts}: {what}.")),
        "states": (
            N_("{signal} records the state of {parts}."),
            N_("{signal} records the state of {parts}: {what}."),
        ),
    }
    plain, told = kinds[signal.kind]
    if not signal.what:
        return tongue.say(plain, signal=quoted(signal.name), parts=parts)
    return tongue.say(told, signal=quoted(signal.name), parts=parts, what=quoted(signal.what))


def _age(signal: Signal, tongue: Tongue) -> Iterator[str]:
    if signal.max_age_us is not None:
        yield tongue.say(
            "A state holds until the next one is recorded, but for no longer than {length}; "
            "after that it is unknown.",
            length=tongue.length(signal.max_age_us),
        )
    elif signal.kind == "states":
        yield tongue.say("A state holds until the next one is recorded.")
