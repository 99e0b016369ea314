"""What the page leaves open: every reading, what it decides, and why it was taken."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.terms.agreement import Assumption, Terms
from upheld.core.values.rule import Citation
from upheld.core.worked import WorkedExamples
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Section, Sentence
from upheld.render.prose.tongue import Tongue


def left_open_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """Each reading in a passage of its own; None if nothing was left open."""
    del worked  # a reading is shown by what rests on it
    if not terms.assumptions:
        return None
    told = tuple(_reading(one, terms, tongue) for one in terms.assumptions.values())
    intro = Sentence(
        tongue.say(
            "The page does not settle everything. This is how each open point is read, and why; the reasons "
            "are those of the agreement file."
        )
    )
    return Section("left-open", tongue.say("What the page leaves open"), (intro,), told)


def reference(reading: Assumption) -> str:
    """By what the text cites a reading: its reference, else its name."""
    return reading.ref or quoted(reading.name)


def anchor_of(name: str) -> str:
    """The section of a reading."""
    return f"reading-{name}"


def _reading(one: Assumption, terms: Terms, tongue: Tongue) -> Section:
    title = f"{one.ref}: {one.name}" if one.ref else one.name
    cited = Citation(one.cited.clauses)
    return Section(
        anchor_of(one.name), title, tuple(Sentence(text, cited) for text in _sentences(one, terms, tongue))
    )


def _sentences(one: Assumption, terms: Terms, tongue: Tongue) -> Iterator[str]:
    say = tongue.say
    if one.issue:
        yield say("Left open: {issue}.", issue=quoted(one.issue))
    if one.because:
        yield say("Taken: {take}, because {because}.", take=quoted(one.take), because=quoted(one.because))
    else:
        yield say("Taken: {take}.", take=quoted(one.take))
    others = [option for option in one.options if option != one.take and option not in one.named_only]
    if others:
        yield say("It can also be read so: {options}.", options=tongue.listed(map(quoted, others), "or"))
    if one.named_only:
        named = tongue.listed(map(quoted, one.named_only))
        yield say("Thinkable, but not worked out here: {options}.", options=named)
    if one.flag == "high":
        yield say("This point is marked as important.")
    elif one.flag:
        yield say("This point is marked as a minor one.")
    if one.executed_by:
        yield say(
            "Nothing is computed from it yet; it belongs to a part that is to come: {part}.",
            part=quoted(one.executed_by),
        )
    resting = [quoted(name) for name in _resting(one.name, terms)]
    if resting:
        yield say("It bears on {names}.", names=tongue.listed(resting))
    beneath = [concept for concept, names in terms.beneath.items() if one.name in names]
    if "document" in beneath:
        yield say("It bears on the days and months of the agreement.")
    if set(beneath) - {"document"}:
        yield say("As it is read, something is left out that would otherwise stand above.")
    claims = terms.claim is not None and one.name in terms.claim.cited.own
    if claims:
        yield say("It bears on how you claim what you are owed.")
    amends = terms.amend is not None and one.name in terms.amend.cited.own
    if amends:
        yield say("It bears on how this agreement may change.")
    if not resting and not claims and not amends and not beneath and not one.executed_by:
        yield say("Nothing above depends on it.")


def _resting(reading: str, terms: Terms) -> Iterator[str]:
    """The names of what consulted a reading, each once, in the order of the page."""
    told: dict[str, None] = {}
    for name, cited in _citations(terms):
        if reading in cited.own:
            told[name] = None
    yield from told


def _citations(terms: Terms) -> Iterator[tuple[str, Citation]]:
    yield from terms.calendars_cited.items()
    rows = (
        *terms.scales,
        *terms.duties.values(),
        *terms.components.values(),
        *terms.signals,
        *terms.indicators.values(),
        *terms.rules,
        *terms.exclusions,
        *terms.remedies,
        *terms.entitlements,
    )
    for row in rows:
        yield row.name, row.cited
