"""How promised figures are measured, in plain words. Source: design 5, the five stages of an indicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from upheld.core.measuring.latency import PER_DOUBLING
from upheld.core.measuring.parts import gone_over
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Across, Gaps, Indicator, Lone, Partly, SliceRule
from upheld.core.worked import WorkedExamples
from upheld.render.prose.components import components_section
from upheld.render.prose.conditions import Phrases, own_words, quoted
from upheld.render.prose.document import Section, Sentence
from upheld.render.prose.gathering import Told, alike, names, shared
from upheld.render.prose.levels import ITEMS, kind_of, levels_blocks
from upheld.render.prose.tongue import N_, Tongue

_GAPS: Final[Mapping[Gaps, str]] = {
    "unknown": N_(
        "What was not observed is shown as unknown; the figure takes it neither as good nor as bad."
    ),
    "up": N_("What was not observed counts as good."),
    "down": N_("What was not observed counts as bad."),
    "out of total": N_("What was not observed is left out of the figure."),
}
_GAPS_OF_TIME: Final[Mapping[Gaps, str]] = {
    **_GAPS,
    "unknown": N_("What was not observed is shown as unknown; the figure does not take it as downtime."),
    "down": N_("What was not observed counts as downtime."),
    "up": N_("What was not observed counts as available."),
}
_GAPS_OF_ITEMS: Final[Mapping[Gaps, str]] = {
    "unknown": N_(
        "If nobody can tell whether something was in time, it is shown as unknown; "
        "the figure does not take it as late."
    ),
    "up": N_("If nobody can tell whether something was in time, it counts as in time."),
    "down": N_("If nobody can tell whether something was in time, it counts as late."),
    "out of total": N_("If nobody can tell whether something was in time, it is left out of the figure."),
}
_LONE: Final[Mapping[Lone, str]] = {
    "degraded": N_("Fewer in a row than that count as available; they are shown as degraded."),
    "down": N_("Fewer in a row than that count as downtime as well."),
    "unknown": N_("Fewer in a row than that count neither as available nor as downtime: they are unknown."),
}
_PARTLY: Final[Mapping[Partly, str]] = {
    "judged on the rest": N_(
        "A slice of which a part does not count is judged on the rest; "
        "if that is bad, only the rest is downtime."
    ),
    "excluded whole": N_("A slice of which a part does not count is left out as a whole."),
    "not excluded": N_("A slice of which only a part does not count is judged as if all of it counted."),
}
_ACROSS: Final[Mapping[Across, str]] = {
    "worst": N_("The figure is that of the worst of {parts}."),
    "mean": N_("The figure is the mean of those of {parts}."),
    "weighted": N_("The figure is the weighted mean of those of {parts}, with the weights {weights}."),
    "pooled": N_("{parts} have one figure together: everything observed of any of them is put together."),
    "at least": N_("The figure is the best one that at least {number} of {parts} reach."),
}
_COMBINED: Final = {
    "bad time": N_("The figure is the share of the counted time that is not downtime."),
    "ratio of sums": N_(
        "The figure is the number of good observations in the period, divided by the number of all."
    ),
    "mean of ratios": N_(
        "The figure is the mean over all slices of the share of good observations, however many a slice has."
    ),
}


def measures_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """What is promised at a level, and how it is measured; None if nothing is."""
    used = dict.fromkeys(commit.indicator for commit in terms.commits)
    indicators = [terms.indicators[name] for name in used if name in terms.indicators]
    indicators += [one for name, one in terms.indicators.items() if name not in used]
    told = [Told(one.name, tuple(_sentences(one, terms, tongue))) for one in indicators]
    common, rest = shared(told)
    ways = tuple(
        Section(f"measured-{number}", names(tongue, group.names), group.sentences)
        for number, group in enumerate(alike(rest), 1)
    )
    sections = [Section("measured", tongue.say("How it is measured"), common, ways)] if told else []
    parts = components_section(terms, tongue)
    sections += [parts] if parts else []
    blocks = levels_blocks(terms, tongue, worked)
    if not blocks and not sections:
        return None
    return Section("levels", tongue.say("What is measured, and at which level"), blocks, tuple(sections))


def _sentences(indicator: Indicator, terms: Terms, tongue: Tongue) -> Iterator[Sentence]:
    """What is said of one indicator, in its stages; nothing that the name of what is measured depends on."""
    found = [*_counted(indicator, terms, tongue), *_across(indicator, terms, tongue)]
    found += [*_period(indicator, tongue), *_unknown(indicator, tongue)]
    found += own_words(indicator.doc, tongue)
    return (Sentence(text, indicator.cited) for text in found)


# -- what is counted, and when it is good ------------------------------------------------------------------


def _counted(indicator: Indicator, terms: Terms, tongue: Tongue) -> Iterator[str]:
    if indicator.signal:
        yield tongue.say("Only what {signal} brings is counted.", signal=quoted(indicator.signal))
    if indicator.basis == "outcomes":
        yield from _items(indicator, terms, tongue)
    elif indicator.basis == "incidents":
        yield _incidents(indicator, terms, tongue)
    elif indicator.basis == "states" and indicator.per is None:
        yield tongue.say("It is available for as long as its state is good.")
    elif indicator.basis == "latency":
        yield tongue.say(
            "Response times are told apart only in classes, each at most {percent} wide; the figure is the "
            "longest time of its class.",
            percent=tongue.percent(Fraction(1, PER_DOUBLING)),
        )
    if indicator.per is not None:
        yield from _slices(indicator, indicator.per, terms, tongue)
    if indicator.basis not in ("outcomes", "latency"):
        yield tongue.say(_COMBINED[indicator.combine])


def _incidents(indicator: Indicator, terms: Terms, tongue: Tongue) -> str:
    if indicator.where is None:
        return tongue.say("Downtime is the time from the declaration of an incident until it is over.")
    return tongue.say(
        "Downtime is the time from the declaration of an incident until it is over, if {condition}.",
        condition=Phrases(terms, tongue, "incident").condition(indicator.where),
    )


def _items(indicator: Indicator, terms: Terms, tongue: Tongue) -> Iterator[str]:
    kind = kind_of(indicator, terms)
    if indicator.where is not None:
        condition = Phrases(terms, tongue, kind).condition(indicator.where)
        message = N_("Only {items} count for which it holds that {condition}.")
        yield tongue.say(message, items=tongue.say(ITEMS[kind]), condition=condition)
    items = tongue.say(ITEMS[kind])
    if indicator.counted_at == "start":
        message = N_("The {items} are counted in the period in which their time begins to run.")
    else:
        message = N_("The {items} are counted in the period in which they are done or become late.")
    yield tongue.say(message, items=items)


def _slices(indicator: Indicator, rule: SliceRule, terms: Terms, tongue: Tongue) -> Iterator[str]:
    length = tongue.length(rule.slice_us)
    yield tongue.say(
        "Time is cut into slices of {length}, on a grid that is fixed in UTC and the same for everyone.",
        length=length,
    )
    is_judged = indicator.combine == "bad time"
    if is_judged and rule.good_when is not None:
        condition = Phrases(terms, tongue, "slice").condition(rule.good_when)
        yield tongue.say("A slice is good if {condition}.", condition=condition)
    elif is_judged and indicator.basis in ("checks", "counts"):
        yield tongue.say("A slice is good if every observation in it is good.")
    elif is_judged:
        yield tongue.say("A slice is bad if any part of it is.")
    if rule.minimum > 1:
        yield tongue.say(
            "A slice with fewer than {number} observations tells nothing: it counts as not observed.",
            number=tongue.number(rule.minimum),
        )
    if is_judged:
        yield from _runs(indicator, rule, tongue)
        yield tongue.say(_PARTLY[rule.partly])


def _runs(indicator: Indicator, rule: SliceRule, tongue: Tongue) -> Iterator[str]:
    """How many bad slices in a row are downtime, and what fewer are."""
    if rule.run == 1:
        yield tongue.say("Every bad slice is downtime.")
        return
    yield tongue.say(
        "Only {number} or more bad slices in a row are downtime, and then all of them, from the first on: "
        "at least {length}.",
        number=tongue.number(rule.run),
        length=tongue.length(rule.run * rule.slice_us),
    )
    yield tongue.say(_LONE[indicator.lone])
    if rule.same_part:
        yield tongue.say("They must be bad in the same part.")
    else:
        yield tongue.say("One part may be bad in one of them and another part in the next.")
    if rule.cut_at_period:
        yield tongue.say("What is in a row is counted for each period alone, not over its ends.")
    else:
        yield tongue.say(
            "Slices in a row may reach over the end of the period; "
            "each period has the downtime that lies in it."
        )


# -- across parts, of which time, and what is not known ----------------------------------------------------


def _across(indicator: Indicator, terms: Terms, tongue: Tongue) -> Iterator[str]:
    if indicator.basis == "outcomes" or indicator.of not in terms.components:
        return
    if indicator.across == "each":
        return  # the promise itself says that it is about each of them
    parts = gone_over(terms.components, indicator.of)
    weights = (f"{quoted(name)} {tongue.number(weight)}" for name, weight in indicator.weights.items())
    yield tongue.say(
        _ACROSS[indicator.across],
        parts=names(tongue, parts),
        weights=tongue.listed(weights),
        number=tongue.number(indicator.at_least),
    )


def _period(indicator: Indicator, tongue: Tongue) -> Iterator[str]:
    if indicator.basis == "outcomes":
        return  # an item belongs to a period as a whole
    if indicator.on != "always":
        yield tongue.say("Only the hours of the calendar {calendar} count.", calendar=quoted(indicator.on))
    if indicator.whole:
        yield tongue.say("The whole period counts, even if your contract covers only a part of it.")
    else:
        yield tongue.say("If your contract covers only a part of the period, only that part counts.")


def _unknown(indicator: Indicator, tongue: Tongue) -> Iterator[str]:
    """What missing data, missing causes and an empty period are."""
    is_items, is_time = indicator.basis == "outcomes", indicator.combine == "bad time"
    if indicator.basis != "incidents":
        gaps = _GAPS_OF_ITEMS if is_items else _GAPS_OF_TIME if is_time else _GAPS
        yield tongue.say(gaps[indicator.gaps])
    if indicator.unattributed == "unknown":
        if is_items:
            yield tongue.say("What is late is unknown as long as nobody has recorded its cause.")
        elif is_time:
            yield tongue.say("Downtime is unknown as long as nobody has recorded its cause.")
    elif is_items:
        yield tongue.say("What is late counts, even if nobody has recorded its cause.")
    elif is_time:
        yield tongue.say("Downtime counts, even if nobody has recorded its cause.")
    if indicator.empty_met:
        yield tongue.say("A period in which there is nothing to measure counts as kept.")
    else:
        yield tongue.say("A period in which there is nothing to measure stays undecided.")
