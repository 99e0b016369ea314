"""What follows if a level is not kept, in plain words: when, how much, and how it is paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from upheld.core.terms.agreement import ALWAYS, ClockRule, Terms
from upheld.core.terms.remedy import Pay, RemedyRule, Rounding, Unit
from upheld.core.values.amount import Amount
from upheld.core.values.expression import names_in
from upheld.core.worked import WorkedExamples
from upheld.render.prose.amounts import Owing
from upheld.render.prose.conditions import own_words, quoted
from upheld.render.prose.document import Block, Section, Sentence
from upheld.render.prose.examples import examples_of
from upheld.render.prose.gathering import names
from upheld.render.prose.levels import level_text
from upheld.render.prose.periods import each_period
from upheld.render.prose.tongue import N_, Tongue

_OWED: Final[Mapping[Unit, str]] = {
    "money": N_("You are owed a credit for {period} in which {condition}."),
    "days of service": N_("You are owed free days of service for {period} in which {condition}."),
    "termination": N_("You may terminate the contract after {period} in which {condition}."),
}
_GROUPS: Final = {
    "sum": N_("What is owed under {group} ({names}) is added up."),
    "max": N_("Of what is owed under {group} ({names}), only the greatest amount is given."),
    "first": N_(
        "Of what is owed under {group} ({names}), only the first in this order that gives anything is given."
    ),
}
_ROUNDED: Final[Mapping[Rounding, str]] = {
    "half up": N_("The amount is rounded once, to the smallest unit of its currency; a half goes up."),
    "half even": N_(
        "The amount is rounded once, to the smallest unit of its currency; a half goes to the even one."
    ),
    "down": N_("The amount is rounded down once, to the smallest unit of its currency."),
    "up": N_("The amount is rounded up once, to the smallest unit of its currency."),
}
_ENDS: Final[Mapping[tuple[Literal["day", "month"], bool], str]] = {
    ("day", True): N_("The contract ends with the day on which you say so."),
    ("day", False): N_("The contract ends with the day on which the notice has passed."),
    ("month", True): N_("The contract ends with the month in which you say so."),
    ("month", False): N_("The contract ends with the month in which the notice has passed."),
}


def remedies_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section | None:
    """Every remedy with its examples; None if nothing follows."""
    sections = tuple(
        Section(
            f"remedy-{number}",
            quoted(one.name),
            (*_blocks(one, terms, tongue), *examples_of(one.name, terms, tongue, worked)),
        )
        for number, one in enumerate(terms.remedies, 1)
    )
    if not sections:
        return None
    return Section("remedies", tongue.say("What you receive if a level is not kept"), (), sections)


def _blocks(remedy: RemedyRule, terms: Terms, tongue: Tongue) -> Iterator[Block]:
    owing = Owing(remedy, terms, tongue)
    yield Sentence(" ".join(when(owing)), remedy.cited)
    yield from owing.amount()
    said = [*_base(owing), *owing.limits(), *_group(owing), *_rounding(owing), *_undecided(owing)]
    said += [*payment(owing), *own_words(remedy.doc, tongue)]
    yield from (Sentence(text, remedy.cited) for text in said)


def reckoning(owing: Owing) -> Iterator[str]:
    """What else belongs to the amount: its base, what it is taken with, its rounding, and remarks."""
    yield from _base(owing)
    yield from _group(owing)
    yield from _rounding(owing)
    yield from _undecided(owing)
    yield from own_words(owing.remedy.doc, owing.tongue)


def payment(owing: Owing) -> Iterator[str]:
    """Whether it has to be claimed, and how it is paid."""
    yield from _claimed(owing)
    yield from _paid(owing)
    if owing.remedy.unit == "termination":
        yield from _exercised(owing)


# -- when --------------------------------------------------------------------------------------------------


def when(owing: Owing, *, says_level: bool = True) -> Iterator[str]:
    """In which periods it is owed, and how many of them it takes."""
    remedy, tongue = owing.remedy, owing.tongue
    level = owing.commit.level
    if remedy.when is not None:
        condition = owing.phrases.condition(remedy.when)
    elif level is not None and says_level:
        condition = tongue.say(
            "{name} is not kept ({level})", name=quoted(remedy.of), level=level_text(level, tongue)
        )
    else:
        condition = tongue.say("{name} is not kept", name=quoted(remedy.of))
    yield tongue.say(
        _OWED[remedy.unit], period=each_period(owing.commit.period, owing.terms, tongue), condition=condition
    )
    if remedy.when is not None and "value" not in names_in(remedy.when):
        yield tongue.say("What decides is {name}.", name=owing.figure())
    if remedy.of_last:
        yield tongue.say(
            "This holds only if {name} was not kept in at least {number} of the last {count} periods, "
            "the one in question included.",
            name=quoted(remedy.of),
            number=tongue.number(remedy.breaches),
            count=tongue.number(remedy.of_last),
        )


# -- how much ----------------------------------------------------------------------------------------------


def _base(owing: Owing) -> Iterator[str]:
    """What belongs to the base, where there is one."""
    remedy, tongue = owing.remedy, owing.tongue
    if remedy.base.kind == "invoice":
        yield tongue.say("An invoice counts as it was issued, before earlier credits.")
    elif remedy.base.kind == "fee" and remedy.base.invoiced_in_part:
        yield tongue.say(
            "If your contract begins or ends within {period}, what was invoiced for {period} takes the place "
            "of {base}.",
            period=owing.period,
            base=owing.base(),
        )
    elif remedy.base.kind == "fee":
        yield tongue.say("What counts is {base}, as your contract says.", base=owing.base())


def _group(owing: Owing) -> Iterator[str]:
    remedy = owing.remedy
    if remedy.group:
        of_group = (one.name for one in owing.terms.remedies if one.group == remedy.group)
        yield owing.tongue.say(
            _GROUPS[remedy.combine], group=quoted(remedy.group), names=names(owing.tongue, of_group)
        )


def _rounding(owing: Owing) -> Iterator[str]:
    if owing.remedy.unit == "money" and owing.remedy.amount is not None:
        yield owing.tongue.say(_ROUNDED[owing.remedy.rounding])


# -- how it is paid ----------------------------------------------------------------------------------------


def _undecided(owing: Owing) -> Iterator[str]:
    """What follows of a period of which nobody can say whether it was kept. Source: terms G3."""
    if owing.commit.unknown == "bounds":
        yield owing.tongue.say("A period that stays undecided gives you no right to it by itself.")


def _claimed(owing: Owing) -> Iterator[str]:
    """Whether it has to be claimed, and which deadline says until when."""
    tongue, claims = owing.tongue, _claims(owing)
    if owing.remedy.unit == "termination":
        return
    if not owing.terms.must_be_claimed(owing.remedy.name):
        yield tongue.say("You do not have to claim it.")
        return
    filed = [one.name for one in claims if any("claim.filed" in match.types for match in one.stops)]
    if filed:
        message = N_("You have to claim it; the deadline {names} says until when.")
        yield tongue.say(message, names=names(tongue, filed))
    else:
        yield tongue.say("You have to claim it.")


def _claims(owing: Owing) -> list[ClockRule]:
    """The deadlines of claims."""
    return [one for one in owing.terms.clocks if one.of == "claim"]


def _paid(owing: Owing) -> Iterator[str]:
    remedy, tongue = owing.remedy, owing.tongue
    if remedy.unit != "money" or remedy.amount is None:
        return
    pay = remedy.pay
    yield _first_invoice(owing, pay)
    if pay.of_each:
        yield tongue.say(
            "Each part is taken of the invoice it stands on, and not of {base}.", base=owing.base()
        )
    if pay.floor:
        yield tongue.say(
            "No invoice falls below {percent} of its amount; what does not fit stands first on the next one.",
            percent=tongue.percent(pay.floor),
        )
    else:
        yield tongue.say("No invoice falls below zero; what does not fit stands first on the next one.")
    if pay.one_at_a_time:
        yield tongue.say("A further credit waits until the one before it is paid.")
    else:
        yield tongue.say("Credits of several periods may stand on one invoice.")
    if pay.after_end == "lost":
        yield tongue.say("If no invoice follows any more, what is left is lost.")
    else:
        yield tongue.say("If no invoice follows any more, what is left is paid out.")


def _first_invoice(owing: Owing, pay: Pay) -> str:
    """On which invoices it stands, in how many parts."""
    tongue = owing.tongue
    if pay.instalments == 1 and pay.starts == "next invoice":
        message = N_("It is set off against the first invoice after {event}.")
    elif pay.instalments == 1:
        message = N_(
            "It is set off against the first invoice that is for a later month and comes after {event}."
        )
    elif pay.starts == "next invoice":
        message = N_(
            "It is paid in {number} equal parts, one on each of the first {number} invoices after {event}."
        )
    else:
        message = N_(
            "It is paid in {number} equal parts, one on each of the first {number} invoices "
            "that are for a later month and come after {event}."
        )
    if owing.terms.must_be_claimed(owing.remedy.name):
        event = tongue.say("the decision on your claim")
    else:
        event = tongue.say("the end of {period}", period=owing.period)
    return tongue.say(message, number=tongue.number(pay.instalments), event=event)


def _exercised(owing: Owing) -> Iterator[str]:
    """Until when a right to terminate may be used, and when the contract then ends."""
    tongue, rule = owing.tongue, owing.remedy.exercise
    if rule.within is None:
        yield tongue.say("You may use it whenever you like once {period} is over.", period=owing.period)
    else:
        message = N_("You may use it for {amount} after the end of {period}.")
        yield tongue.say(message, amount=_counted(rule.within, rule.within_on, tongue), period=owing.period)
    if rule.notice is not None:
        amount = _counted(rule.notice, rule.notice_on, tongue)
        yield tongue.say("Your notice has to be {amount} long.", amount=amount)
    yield tongue.say(_ENDS[rule.ends, rule.notice is None])


def _counted(amount: Amount, on: str, tongue: Tongue) -> str:
    if on == ALWAYS:
        return tongue.amount(amount)
    message = N_("{amount} in the open hours of {calendar}")
    return tongue.say(message, amount=tongue.amount(amount), calendar=quoted(on))
