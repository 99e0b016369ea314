"""The levels promised, in plain words, with what they leave room for. Source: terms G1, G2, G3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Final, NamedTuple

from upheld.core.measuring.level import Kept, kept, reaches, times_told
from upheld.core.measuring.parts import gone_over
from upheld.core.terms.agreement import SubjectKind, Terms
from upheld.core.terms.indicator import CommitRule, Indicator, Level, Relation
from upheld.core.timeline.instant import HOUR, Duration
from upheld.core.values.rule import Citation, Modality
from upheld.core.worked import WorkedExamples
from upheld.render.prose.conditions import own_words, quoted
from upheld.render.prose.document import Block, Grid, Sentence
from upheld.render.prose.examples import examples_of
from upheld.render.prose.gathering import Told, cited_together, names, said_once
from upheld.render.prose.periods import each_period, lasting
from upheld.render.prose.tongue import N_, Tongue

_FEW: Final = 6
"""So many parts are named one by one in a promise."""
_SENTENCES: Final = 2
"""So many figures without a level have a sentence each."""

_SHARES: Final[Mapping[Relation, str]] = {
    ">=": N_("at least {level}"),
    ">": N_("more than {level}"),
    "<=": N_("at most {level}"),
    "<": N_("less than {level}"),
}
_MODALITIES: Final[Mapping[Modality, str]] = {
    "guarantee": N_("This is guaranteed: a period in which it is not kept is a breach of the agreement."),
    "objective": N_(
        "This is an aim: a period in which it is not kept counts as missed, but not as a breach."
    ),
    "best effort": N_(
        "This is best effort: a period in which it is not kept counts as missed, but not as a breach."
    ),
}
_UNKNOWN: Final = {
    "bounds": N_(
        "If something is unknown, the level is kept if even the worst case reaches it, and not kept if "
        "not even the best case does; between the two, the period stays undecided."
    ),
    "up": N_("If something is unknown, it counts as good when it is decided whether the level is kept."),
    "down": N_("If something is unknown, it counts as bad when it is decided whether the level is kept."),
}
ITEMS: Final[Mapping[SubjectKind, str]] = {
    "ticket": N_("tickets"),
    "incident": N_("incidents"),
    "maintenance": N_("maintenance works"),
    "task": N_("tasks"),
    "claim": N_("claims"),
    "attribution": N_("recorded causes"),
}


def levels_blocks(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> tuple[Block, ...]:
    """What is promised, with what it leaves and examples, how figures are compared; what is only measured."""
    blocks: list[Block] = []
    rules: list[Told] = []
    for commit in terms.commits:
        if commit.level is None:
            continue
        promise = " ".join(_promise(commit, commit.level, terms, tongue))
        text = tongue.say("{name}: {promise}", name=quoted(commit.name), promise=promise)
        blocks += [Sentence(text, commit.cited), *examples_of(commit.name, terms, tongue, worked)]
        rules.append(Told(commit.name, tuple(_compared(commit, commit.level, tongue))))
    blocks += said_once(rules, tongue)
    blocks += _published(terms, tongue)
    blocks += [Sentence(*_unused(one, terms, tongue)) for one in _of_no_commitment(terms)]
    return tuple(blocks)


def _published(terms: Terms, tongue: Tongue) -> Iterator[Block]:
    """What is measured without a level: a few in sentences, more of the same periods in a table."""
    of_period: dict[str, list[CommitRule]] = {}
    for commit in terms.commits:
        if commit.level is None:
            of_period.setdefault(each_period(commit.period, terms, tongue), []).append(commit)
    for period, commits in of_period.items():
        figures = [_figure(commit, terms, tongue) for commit in commits]
        if len(commits) > _SENTENCES:
            yield Grid(
                tongue.say(
                    "In {period}, these figures are measured; no level is promised.",
                    period=period,
                ),
                (tongue.say("Figure"), tongue.say("What is measured")),
                tuple((commit.name, " ".join(said)) for commit, said in zip(commits, figures, strict=True)),
                cited_together(commit.cited for commit in commits),
            )
            continue
        for commit, (figure, *more) in zip(commits, figures, strict=True):
            text = tongue.say(
                "{name}: In {period}, {figure} is measured; no level is promised.",
                name=quoted(commit.name),
                period=period,
                figure=figure,
            )
            yield Sentence(" ".join([text, *more]), commit.cited)


def _figure(commit: CommitRule, terms: Terms, tongue: Tongue) -> tuple[str, ...]:
    """What is measured, and what the agreement says of it in its own words."""
    figure = figure_of(terms.indicators[commit.indicator], terms, tongue)
    return figure, *own_words(commit.doc, tongue)


def _of_no_commitment(terms: Terms) -> Iterator[Indicator]:
    used = {commit.indicator for commit in terms.commits}
    return (one for name, one in terms.indicators.items() if name not in used)


def _unused(indicator: Indicator, terms: Terms, tongue: Tongue) -> tuple[str, Citation]:
    figure = figure_of(indicator, terms, tongue)
    text = tongue.say(
        "{name}: the agreement defines {figure}, but promises nothing of it.",
        name=quoted(indicator.name),
        figure=figure,
    )
    return text, indicator.cited


def _promise(commit: CommitRule, level: Level, terms: Terms, tongue: Tongue) -> Iterator[str]:
    indicator = terms.indicators[commit.indicator]
    yield _level(indicator, level, each_period(commit.period, terms, tongue), terms, tongue)
    yield from _room(commit, level, indicator, terms, tongue)
    yield from own_words(commit.doc, tongue)


def _compared(commit: CommitRule, level: Level, tongue: Tongue) -> Iterator[Sentence]:
    if level.unit == "ratio" and commit.compare == "half up" and not level.decimals:
        text = tongue.say(
            "Before it is compared with the level, the percentage is rounded half up to a whole number."
        )
    elif level.unit == "ratio" and commit.compare == "half up":
        text = tongue.plural(
            level.decimals,
            "Before it is compared with the level, the percentage is rounded half up to {number} decimal.",
            "Before it is compared with the level, the percentage is rounded half up to {number} decimals.",
        )
    else:
        text = tongue.say("The exact figure is compared with the level; nothing is rounded before.")
    yield Sentence(tongue.say(_MODALITIES[commit.modality]), commit.cited)
    yield Sentence(text, commit.cited)
    yield Sentence(tongue.say(_UNKNOWN[commit.unknown]), commit.cited)


# -- what is promised --------------------------------------------------------------------------------------


def level_text(level: Level, tongue: Tongue) -> str:
    """A level with its relation: at least 99.95 %, at most 2 seconds."""
    return tongue.say(_SHARES[level.relation], level=amount_text(level, tongue))


def amount_text(level: Level, tongue: Tongue) -> str:
    """A level alone: 99.95 %, with the decimals printed on the page."""
    if level.unit == "duration":
        return tongue.length(int(level.value))
    return tongue.percent(level.value, level.decimals)


def _level(indicator: Indicator, level: Level, period: str, terms: Terms, tongue: Tongue) -> str:
    share, what = level_text(level, tongue), _measured(indicator, terms, tongue)
    percent = tongue.percent(indicator.percentile or Fraction(0))
    if indicator.basis == "outcomes":
        return tongue.say(
            "In {period}, {share} of the {items} meet the deadline {what}.",
            period=period,
            share=share,
            items=tongue.say(ITEMS[kind_of(indicator, terms)]),
            what=quoted(indicator.of),
        )
    if indicator.basis == "latency" and level.relation == "<=":
        message = N_("In {period}, at least {percent} of the checks of {what} are answered within {length}.")
        return tongue.say(
            message, period=period, percent=percent, what=what, length=amount_text(level, tongue)
        )
    if indicator.basis == "latency":
        message = N_(
            "In {period}, the response time that {percent} of the checks of {what} do not exceed is {share}."
        )
    elif indicator.combine == "bad time":
        message = N_("In {period}, {what} is available {share} of the time.")
    elif indicator.combine == "mean of ratios":
        message = N_(
            "In {period}, {share} of the observations of {what} are good, on average over all slices."
        )
    else:
        message = N_("In {period}, {share} of the observations of {what} are good.")
    return tongue.say(message, period=period, what=what, share=share, percent=percent)


def figure_of(indicator: Indicator, terms: Terms, tongue: Tongue) -> str:
    """What is measured, as a noun phrase: the share of the time in which “api” is available."""
    what = _measured(indicator, terms, tongue)
    if indicator.basis == "outcomes":
        items = tongue.say(ITEMS[kind_of(indicator, terms)])
        message = N_("the share of the {items} that meet the deadline {what}")
        return tongue.say(message, items=items, what=quoted(indicator.of))
    if indicator.basis == "latency":
        message = N_("the response time that {percent} of the checks of {what} do not exceed")
        return tongue.say(message, percent=tongue.percent(indicator.percentile or Fraction(0)), what=what)
    if indicator.combine == "bad time":
        return tongue.say("the share of the time in which {what} is available", what=what)
    if indicator.combine == "mean of ratios":
        return tongue.say("the mean share of the observations of {what} that are good", what=what)
    return tongue.say("the share of the observations of {what} that are good", what=what)


def _measured(indicator: Indicator, terms: Terms, tongue: Tongue) -> str:
    """The component, or each of its parts if every one has a figure of its own."""
    if indicator.across != "each" or indicator.of not in terms.components:
        return quoted(indicator.of)
    parts = gone_over(terms.components, indicator.of)
    if len(parts) == 1:
        return quoted(parts[0])
    if len(parts) > _FEW:
        return tongue.say("each part of {what}", what=quoted(indicator.of))
    return tongue.say("each of {parts}", parts=names(tongue, parts))


def kind_of(indicator: Indicator, terms: Terms) -> SubjectKind:
    """What kind of subject the deadline of an indicator is about."""
    return next((clock.of for clock in terms.clocks if clock.name == indicator.of), "ticket")


# -- what that leaves --------------------------------------------------------------------------------------


def _room(
    commit: CommitRule, level: Level, indicator: Indicator, terms: Terms, tongue: Tongue
) -> Iterator[str]:
    """What may fail without missing the level, exactly."""
    if indicator.basis == "latency":
        yield from _times_told(commit, level, tongue)
        return
    least = _least(commit, level)
    if least is None:
        return
    left = time_left(commit, indicator, tongue)
    if left is not None:
        yield _time_left(left, indicator, terms, tongue)
    elif indicator.combine == "ratio of sums" or indicator.basis == "outcomes":
        yield _items_left(least, indicator, terms, tongue)


def _times_told(commit: CommitRule, level: Level, tongue: Tongue) -> Iterator[str]:
    """From which response times on a percentile is judged, where that is not just the level."""
    kept_us, missed_us = times_told(commit, level)
    if kept_us is None or missed_us is None:
        return
    is_decided = abs(kept_us - missed_us) == 1
    if is_decided and reaches(level, Fraction(kept_us)) and not reaches(level, Fraction(missed_us)):
        return
    if level.relation[0] == "<":
        message = N_(
            "As response times are told apart only in classes, the level is surely kept up to {kept}, and "
            "surely not kept from {missed} on."
        )
    else:
        message = N_(
            "As response times are told apart only in classes, the level is surely kept from {kept} on, and "
            "surely not kept up to {missed}."
        )
    yield tongue.say(message, kept=tongue.length(kept_us), missed=tongue.length(missed_us))
    if not is_decided:
        yield tongue.say("Between the two, the period stays undecided.")


def _least(commit: CommitRule, level: Level) -> Kept | None:
    """From which share on a level is kept, rounded as it is compared; None where no share between decides."""
    least = kept(level, commit.compare)
    return least if level.unit == "ratio" and least.is_least and 0 < least.value < 1 else None


class TimeLeft(NamedTuple):
    """The downtime that a level leaves in a period that is named in words: at most so much, or less."""

    period: str
    most_us: Duration
    is_inside: bool


def time_left(commit: CommitRule, indicator: Indicator, tongue: Tongue) -> TimeLeft | None:
    """The downtime that a level leaves; None where it leaves no such thing."""
    least = None if commit.level is None else _least(commit, commit.level)
    if least is None:
        return None
    if indicator.combine != "bad time" or indicator.basis == "outcomes":
        return None
    period, length_us = lasting(commit.period, tongue)
    if indicator.on != "always":
        length_us = 100 * HOUR
        period = tongue.say(
            "{length} of the calendar {calendar}",
            length=tongue.length(length_us),
            calendar=quoted(indicator.on),
        )
    missing_us = (1 - least.value) * length_us
    # What falls between two microseconds is never reached: the one below it keeps the level in any case.
    return TimeLeft(period, floor(missing_us), least.is_inside or missing_us.denominator != 1)


def _time_left(left: TimeLeft, indicator: Indicator, terms: Terms, tongue: Tongue) -> str:
    can_shrink = any(
        "out of total" in one.effects and (not one.indicators or indicator.name in one.indicators)
        for one in terms.exclusions
    )
    if not left.is_inside:
        message = N_("That leaves less than {length} of downtime in {period}.")
    elif can_shrink:
        message = N_("That leaves at most {length} of downtime in {period} in which everything counts.")
    else:
        message = N_("That leaves at most {length} of downtime in {period}.")
    return tongue.say(message, length=tongue.length(left.most_us), period=left.period)


def _items_left(least: Kept, indicator: Indicator, terms: Terms, tongue: Tongue) -> str:
    missing, of = 1 - least.value, 100
    while (missing * of).denominator != 1 and of < 1_000_000:
        of *= 10
    left = floor(missing * of) if least.is_inside else ceil(missing * of) - 1
    if indicator.basis == "outcomes":
        message = N_("Of {count} {items}, at most {number} may be late.")
    else:
        message = N_("Of {count} observations, at most {number} may be bad.")
    items = tongue.say(ITEMS[kind_of(indicator, terms)])
    return tongue.say(message, number=tongue.number(left), count=tongue.number(of), items=items)
