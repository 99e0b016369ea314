"""How tickets, incidents and the rest are told apart: scales, attributes, and its own events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from upheld.core.terms.agreement import Attribute, EventType, Scale, SubjectKind, Terms
from upheld.core.worked import WorkedExamples
from upheld.render.prose.clocks import titled
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Block, Grid, Section, Sentence
from upheld.render.prose.tongue import N_, Tongue

KINDS: Final[Mapping[SubjectKind, str]] = {
    "ticket": N_("ticket"),
    "incident": N_("incident"),
    "maintenance": N_("maintenance"),
    "task": N_("task"),
    "claim": N_("claim"),
    "attribution": N_("cause"),
}
_HAS_A: Final[Mapping[SubjectKind, str]] = {
    "ticket": N_("Every ticket has one of these values, the most urgent first."),
    "incident": N_("Every incident has one of these values, the most urgent first."),
    "maintenance": N_("All maintenance work has one of these values, the most urgent first."),
    "task": N_("Every task has one of these values, the most urgent first."),
    "claim": N_("Every claim has one of these values, the most urgent first."),
    "attribution": N_("Every recorded cause has one of these values, the most urgent first."),
}
_TYPES: Final[Mapping[str, str]] = {
    "text": N_("text"),
    "truth": N_("yes or no"),
    "number": N_("number"),
    "duration": N_("length of time"),
    "instant": N_("moment"),
}


def scales_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """The scales, each with the meaning of its values; None if there is none."""
    del worked  # a scale is shown by the clocks that depend on it
    told = tuple(_scale(scale, terms, tongue) for scale in terms.scales)
    return Section("urgency", tongue.say("How urgency is told apart"), (), told) if told else None


def _scale(scale: Scale, terms: Terms, tongue: Tongue) -> Section:
    blocks: list[Block] = [Sentence(tongue.say(_HAS_A[scale.of]), scale.cited)]
    if scale.set_by == "customer":
        blocks.append(Sentence(tongue.say("You set it."), scale.cited))
    elif scale.set_by == "provider":
        blocks.append(Sentence(tongue.say("{provider} sets it.", provider=terms.provider), scale.cited))
    headers = (titled(scale.name), tongue.say("In the words of the agreement"))
    rows = tuple((value, quoted(doc) if doc else "") for value, doc in scale.values.items())
    blocks.append(Grid(tongue.say("What the values mean"), headers, rows, scale.cited))
    return Section(f"urgency-{scale.of}-{scale.name}", titled(scale.name), tuple(blocks))


def attributes_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What the agreement records of its own: attributes and events; None if it declares nothing."""
    del worked  # what is recorded has no figures
    blocks: list[Block] = []
    if terms.attributes:
        headers = (
            tongue.say("Name"),
            tongue.say("Of"),
            tongue.say("What it can be"),
            tongue.say("Unless told otherwise"),
            tongue.say("In the words of the agreement"),
        )
        rows = tuple(_attribute(one, tongue) for one in terms.attributes)
        blocks.append(Grid(tongue.say("What is recorded"), headers, rows))
    blocks += [Sentence(text) for one in terms.events.values() for text in _event(one, tongue)]
    if not blocks:
        return None
    return Section("recorded", tongue.say("What is recorded besides"), tuple(blocks))


def _attribute(one: Attribute, tongue: Tongue) -> tuple[str, ...]:
    type_ = tongue.say(_TYPES.get(one.type, one.type))
    kinds = tongue.listed(map(quoted, one.values), "or") if one.values else type_
    if one.values and one.type != "text":
        kinds = f"{type_}: {kinds}"
    default = "" if one.default is None else _default(one, tongue)
    return (one.name, tongue.say(KINDS[one.of]), kinds, default, quoted(one.doc) if one.doc else "")


def _default(one: Attribute, tongue: Tongue) -> str:
    if one.type == "truth":
        return tongue.say("yes") if one.default == "true" else tongue.say("no")
    return quoted(one.default or "")


def _event(one: EventType, tongue: Tongue) -> Iterator[str]:
    kind = tongue.say(KINDS[one.of])
    yield tongue.say("The agreement also records {name} (of: {kind}).", name=quoted(one.name), kind=kind)
    if one.doc:
        yield tongue.say("It says of it: {words}.", words=quoted(one.doc))
    if one.fields:
        fields = [f"{name} ({tongue.say(_TYPES.get(type_, type_))})" for name, type_ in one.fields.items()]
        yield tongue.say("With it is told: {fields}.", fields=tongue.listed(fields))
