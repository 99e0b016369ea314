"""Deadlines and cadences in plain words: what happens by when, for what, and what moves the time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from upheld.core.clocks.cycle import is_resolving
from upheld.core.terms.agreement import (
    ALWAYS,
    ChangeRule,
    ClockRule,
    PauseRule,
    Reopening,
    Rows,
    SubjectKind,
    Target,
    Terms,
)
from upheld.core.values.rule import Modality
from upheld.core.worked import WorkedExamples
from upheld.render.prose.conditions import Phrases, own_words, quoted
from upheld.render.prose.document import Block, Section, Sentence
from upheld.render.prose.examples import examples_of
from upheld.render.prose.targets import Targets
from upheld.render.prose.tongue import N_, Tongue

CUSTOMERS_ACTS: Final = frozenset(
    {
        "ticket.opened",
        "ticket.customer_replied",
        "ticket.objected",
        "task.submitted",
        "claim.filed",
        "claim.supplemented",
        "claim.disputed",
        "claim.withdrawn",
    }
)
"""What the customer does: a deadline for one of these binds the customer."""

PROMISED: Final[Mapping[Modality, str]] = {
    "guarantee": N_("{provider} guarantees that {promise}."),
    "objective": N_("{provider} aims to ensure that {promise}."),
    "best effort": N_("{provider} does its best to ensure that {promise}."),
}
LATE: Final[Mapping[Modality, str]] = {
    "guarantee": N_("This is guaranteed: being late is a breach of the agreement."),
    "objective": N_("This is an objective: being late counts as missed, but not as a breach."),
    "best effort": N_("This is best effort: being late counts as missed, but not as a breach."),
}
KINDS: Final[Mapping[Modality, str]] = {
    "guarantee": N_("This is guaranteed."),
    "objective": N_("This is an objective."),
    "best effort": N_("This is best effort."),
}
"""What kind of promise it is, where nothing can be late."""
HOLDS: Final[Mapping[SubjectKind, tuple[str, str]]] = {
    "ticket": (N_("It holds for every ticket."), N_("It holds for a ticket if {condition}.")),
    "incident": (N_("It holds for every incident."), N_("It holds for an incident if {condition}.")),
    "maintenance": (N_("It holds for all maintenance work."), N_("It holds for maintenance if {condition}.")),
    "task": (N_("It holds for every task."), N_("It holds for a task if {condition}.")),
    "claim": (N_("It holds for every claim."), N_("It holds for a claim if {condition}.")),
    "attribution": (N_("It holds for every recorded cause."), N_("It holds for a cause if {condition}.")),
}
_CHANGED: Final[Mapping[ChangeRule, str]] = {
    "keep start": N_("the new time counts from the start"),
    "restart": N_("the new time counts from the change"),
    "pro rata": N_("the share that was used up is carried over to the new time"),
}
_REOPENED: Final[Mapping[Reopening, str]] = {
    "continue": N_(
        "If the ticket is reopened, the same time goes on; "
        "the time between solution and reopening does not count."
    ),
    "new cycle": N_("If the ticket is reopened, the time starts anew."),
    "ignore": N_("If the ticket is reopened, no time starts again."),
}


def clocks_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """Every deadline and cadence; None if there is none."""
    told = tuple(_clock(rule, terms, tongue, worked) for rule in terms.clocks)
    return Section("times", tongue.say("What happens by when"), (), told) if told else None


def _clock(rule: ClockRule, terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section:
    words = _Clock(rule, terms, tongue)
    sentences = tuple(Sentence(text, rule.cited) for text in words.sentences())
    blocks: tuple[Block, ...] = (
        *sentences,
        *words.targets.grids(),
        *examples_of(rule.name, terms, tongue, worked),
    )
    return Section(f"times-{rule.name}", titled(rule.name), blocks)


class _Clock:
    def __init__(self, rule: ClockRule, terms: Terms, tongue: Tongue) -> None:
        self.rule = rule
        self.terms = terms
        self.tongue = tongue
        self.phrases = Phrases(terms, tongue, rule.of)
        self.targets = Targets(rule, terms, tongue)

    def sentences(self) -> Iterator[str]:
        """What is said of it, in the order in which a reader asks."""
        yield self._promise()
        yield from self._goal()
        yield from self._where()
        yield from self._after()
        yield from self._hours()
        yield from self._pauses()
        yield from self._change()
        yield from self._reopening()
        if self.has_limit:
            yield self.tongue.say(LATE[self.rule.modality])
        elif self.rule.modality != "guarantee":
            yield self.tongue.say(KINDS[self.rule.modality])
        yield from own_words(self.rule.doc, self.tongue)

    @property
    def has_limit(self) -> bool:
        """Whether anything of it can be late."""
        return self.rule.due is not None or any(one.limit is not None for one in self.targets.all())

    # -- the promise ---------------------------------------------------------------------------------------

    def _promise(self) -> str:
        rule, say = self.rule, self.tongue.say
        if not self.has_limit:
            return say(
                "{provider} records the time from the moment that {begins} until {happens}. "
                "There is no limit.",
                provider=self.terms.provider,
                begins=self.phrases.events(rule.starts),
                happens=self.phrases.events(rule.stops),
            )
        promise = self._deadline() if not rule.is_cadence else self._cadence()
        if self._is_customers:
            return say("You see to it that {promise}.", promise=promise)
        return say(PROMISED[rule.modality], provider=self.terms.provider, promise=promise)

    @property
    def _is_customers(self) -> bool:
        acts = self.rule.again or self.rule.stops
        return all(match.types <= CUSTOMERS_ACTS for match in acts)

    def _deadline(self) -> str:
        rule, say = self.rule, self.tongue.say
        happens = self.phrases.events(rule.stops)
        if rule.due is not None:
            return say(
                "{happens} no later than {moment}", happens=happens, moment=self.phrases.instant(rule.due)
            )
        begins, only = self.phrases.events(rule.starts), self.targets.only
        if only is not None and only.limit is not None:
            if not only.limit.count:
                return say(
                    "no time that counts passes from the moment that {begins} until {happens}",
                    begins=begins,
                    happens=happens,
                )
            amount = self.targets.amount(only.limit, only.calendar)
            return say(
                "{happens} within {amount} after {begins}", happens=happens, amount=amount, begins=begins
            )
        return say(
            "{happens} within the time given below, counted from the moment that {begins}",
            happens=happens,
            begins=begins,
        )

    def _cadence(self) -> str:
        rule, say, only = self.rule, self.tongue.say, self.targets.only
        happens, ends = self.phrases.events(rule.again), self.phrases.events(rule.stops)
        begins = self.phrases.events(rule.starts)
        if only is not None and only.limit is not None:
            amount = self.targets.amount(only.limit, only.calendar)
            return say(
                "{happens} at least every {amount}, from the moment that {begins} until {ends}",
                happens=happens,
                amount=amount,
                begins=begins,
                ends=ends,
            )
        return say(
            "{happens} at least as often as given below, from the moment that {begins} until {ends}",
            happens=happens,
            begins=begins,
            ends=ends,
        )

    def _goal(self) -> Iterator[str]:
        only = self.targets.only
        if only is not None and only.goal is not None:
            amount = self.targets.amount(only.goal, only.goal_calendar or only.calendar)
            yield self.tongue.say("The goal is {amount}.", amount=amount)
        if isinstance(self.rule.within, Rows):
            if self.rule.within.choose == "first":
                yield self.tongue.say("If several rows below fit, the first one holds.")
            else:
                yield self.tongue.say("If several rows below fit, the one that ends first holds.")

    # -- when it holds -------------------------------------------------------------------------------------

    def _where(self) -> Iterator[str]:
        every, some = HOLDS[self.rule.of]
        if self.rule.where is None:
            yield self.tongue.say(every)
        else:
            yield self.tongue.say(some, condition=self.phrases.condition(self.rule.where))

    def _after(self) -> Iterator[str]:
        if self.rule.after:
            yield self.tongue.say(
                "No time starts before {happens}.", happens=self.phrases.events(self.rule.after)
            )

    def _hours(self) -> Iterator[str]:
        on, say = self.rule.on, self.tongue.say
        if self.rule.due is None and isinstance(on, str) and not self._names_its_hours:
            if on == ALWAYS:
                yield say("Every hour counts, around the clock.")
            else:
                yield say("Only the open hours of {calendar} count.", calendar=quoted(on))
        if self.rule.hours is not None:
            yield say(
                "If {calendar} is closed at that moment, the time lasts until its next opening.",
                calendar=quoted(self.rule.hours),
            )

    @property
    def _names_its_hours(self) -> bool:
        only = self.targets.only
        return only is not None and only.calendar is not None

    # -- what moves the time -------------------------------------------------------------------------------

    def _pauses(self) -> Iterator[str]:
        for pause in self.rule.pauses:
            yield self._waiting(pause) if pause.waiting else self._between(pause)

    def _waiting(self, pause: PauseRule) -> str:
        """A wait ends by itself, whatever the rule says of its end."""
        conditions = [match.where for match in pause.starts if match.where is not None]
        if not conditions:
            return self.tongue.say(
                "The time stands still while a wait is recorded, and no longer than until the ticket is "
                "resolved, closed or withdrawn."
            )
        return self.tongue.say(
            "The time stands still while it is recorded that {condition}, and no longer than until the "
            "ticket is resolved, closed or withdrawn.",
            condition=self.tongue.listed(map(self.phrases.condition, conditions), "or"),
        )

    def _between(self, pause: PauseRule) -> str:
        return self.tongue.say(
            "The time stands still from the moment that {begins} until {ends}.",
            begins=self.phrases.events(pause.starts),
            ends=self.phrases.events(pause.ends),
        )

    def _change(self) -> Iterator[str]:
        rule, say = self.rule, self.tongue.say
        one, other = rule.change_by_customer, rule.change_by_provider
        can_change = not isinstance(rule.within, Target) and rule.due is None
        if one == other:
            if can_change or one != "keep start":
                yield say("If the time allowed changes meanwhile, {then}.", then=say(_CHANGED[one]))
            return
        yield say("If the time allowed changes meanwhile because of you, {then}.", then=say(_CHANGED[one]))
        yield say(
            "If the time allowed changes meanwhile because of {provider}, {then}.",
            provider=self.terms.provider,
            then=say(_CHANGED[other]),
        )

    def _reopening(self) -> Iterator[str]:
        rule, say = self.rule, self.tongue.say
        if not is_resolving(rule) and rule.reopening == "continue":
            return
        if rule.reopening == "ignore" or not (rule.is_cadence or rule.due is not None):
            yield say(_REOPENED[rule.reopening])
        elif rule.is_cadence:  # a round that goes on is a new one
            yield say(_REOPENED["new cycle"])
        else:
            yield say("If the ticket is reopened, what was done before does not count.")


def titled(name: str) -> str:
    """A name as a heading."""
    return name[:1].upper() + name[1:]
