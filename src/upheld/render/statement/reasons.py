"""Why something is what it is, in a language: the sentences of the core, with the names that stand in them.

The core says its reasons in English, and a record keeps them. Here each is found again by its form, so that a
page tells it in the language of its reader; a test walks the core and holds that none is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from upheld.render.prose.conditions import quoted
from upheld.render.prose.tongue import N_, Tongue

_FORMS: Final = (
    # verdicts
    N_("no target is promised here"),
    N_("no target is promised any more"),
    N_("it is measured, not promised"),
    N_("it ended before the next was due"),
    N_("the requester is not a named contact"),
    N_("who asked is not known, and only named contacts may"),
    N_("the goal was passed"),
    N_("cancelled by the {who}"),
    N_("cancelled"),
    N_("merged"),
    N_("no limit is promised, it is recorded"),
    N_("the target it changed to was already used up"),
    N_("its time was used up when it was carried over"),
    N_("it was carried over with the time that was counted elsewhere"),
    N_("what the target depends on is not known"),
    N_("what the deadline depends on is not known"),
    N_("refused: the allowance is used up"),
    N_("nothing is due yet"),
    N_("nothing to count"),
    N_("what is unknown decides"),
    N_("the level can no longer be reached"),
    N_("below the level so far"),
    N_("above it so far"),
    N_("the period is not over"),
    N_("the contract was not in force"),
    N_("the contract ended before it was due"),
    N_("the contract was renewed before it was due"),
    N_("the contract rested"),
    N_("the covenant did not hold then"),
    N_("it was the doing of the {who}"),
    N_("when it happened is not known, so it counts when it was learned of"),
    N_("the verdict is undetermined"),
    N_("waiting for the {who}: {duty}"),
    N_("waiting for the {who}"),
    N_("was resolved and reopened"),
    N_("resolved"),
    # credits
    N_("not so: {condition}"),
    N_("it cannot be told whether it was claimed in time"),
    N_("it cannot be told whether {condition}"),
    N_("{name} was kept"),
    N_("{name} is not applicable"),
    N_("{name} was not missed in {number} of the last {periods}"),
    N_("the amount depends on what is not known"),
    N_("it depends on what is not known"),
    N_("the limit per {per} is used up"),
    N_("nothing is given for this value"),
    N_("nothing is given, whatever is true: the limit per {per} is used up"),
    N_("nothing is given, whatever is true"),
    N_("less than the least amount"),
    N_("in no band"),
    N_("there is no value to look up"),
    N_("there is no {name} to count steps of"),
    N_("the remedy names no base"),
    N_("the formula {formula} has no value here"),
    N_("the contract names no fee {name}"),
    N_("the invoice of the period is not known"),
    N_("the invoice of {name} is not known"),
    N_("the base is in {name}"),
    N_("the remedy gives {name}, the bill is in {other}"),
    N_("{name} cannot be given as {other}"),
    N_("{name} comes first, and is not known yet"),
    N_("{name} gives more"),
    N_("{name} gives first"),
    N_("nothing more of it is owed, and the {given} given before is not reclaimed"),
    N_("only {amount} is granted now, and the {given} given before is not reclaimed"),
    N_("lowered to {amount}, and the {given} given before is not reclaimed"),
    N_("lowered to {amount}, all of which was given before"),
    N_("lowered to {amount}, of which {given} was given before"),
    N_("lowered to {amount} when {given} of it stood on invoices, which stays"),  # in records of before
    N_("the contract has ended and no invoice comes any more, so {amount} is lost"),
    N_("each instalment is its share of the invoice it stands on"),
    N_("the decision of the provider is final: {outcome}"),
    # memos
    N_("it is not granted"),
    N_("that is disputed"),
    N_("what is owed is not what was issued"),
    N_("it is owed in {name} now"),
    N_("{month} is closed for {name}: it stands in {other}"),
    N_("taken back: {reason}"),
    N_("taken back"),
    # claims
    N_("filed after the end of {name}"),
    N_("filed before the end of the period, when its figure is known"),
    N_("what period it is about is not known"),
    N_("does not say: {name}"),
    N_("{name}: it does not say when that happened (`issue_at`)"),
    N_("the contract was not in force in that period"),
    N_("{who} is nobody whom the contract names"),
    N_("by which channel it came is not known; it has to be {name}"),
    N_("came by {name}, and has to come by {other}"),
    N_("it was decided before, and nobody has disputed that"),
    N_("it grants a part, and does not say how much"),
    N_("it grants {amount} {name}, which is finer than can be paid"),
    N_("it grants {name}, and what is claimed is in {other}"),
    N_("the claim had been withdrawn"),
    N_("who decided is not known, and {who} recorded or changed the cause {cause}, so somebody named has to "
       "decide"),
    N_("{who} recorded or changed the cause {cause}, so somebody else has to decide"),
    N_("{who} decides on the claim, so somebody of the customer has to dispute it"),
)  # fmt: skip
"""The more special ones first: the first that fits is taken."""
LIMITS: Final = {
    "incident": N_("incident"),
    "day": N_("day"),
    "week": N_("week"),
    "month": N_("month"),
    "quarter": N_("quarter"),
    "year": N_("year"),
    "contract year": N_("contract year"),
    "term": N_("term"),
}
"""What a limit is per."""
_INNER: Final[Mapping[str, Mapping[str, str]]] = {
    "who": {
        "customer": N_("customer"),
        "provider": N_("provider"),
        "vendor": N_("vendor"),
        "somebody": N_("somebody"),
    },
    "outcome": {
        "accepted": N_("accepted"),
        "partly": N_("partly accepted"),
        "rejected": N_("rejected"),
    },
    "per": LIMITS,
}
"""What of the names in a form has words of its own."""
_PERIODS = re.compile(r"(\d+) periods?", re.ASCII)
_MONEY = re.compile(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})", re.ASCII)
Amount = Callable[[str, str], str]
"""How an amount of a currency is written."""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for form in _FORMS:
        parts = re.split(r"\{(\w+)\}", form)
        # Reasons that follow each other are joined by semicolons; only what somebody wrote may hold one.
        text = "".join(
            f"(?P<{part}>{'.+' if part == 'reason' else '[^;]+'})" if n % 2 else re.escape(part)
            for n, part in enumerate(parts)
        )
        found.append((form, re.compile(text, re.DOTALL)))
    return tuple(found)


def reason_told(text: str, tongue: Tongue, amount: Amount) -> str | None:
    """A reason in a language; None if its form is not known. Several in one are told one by one."""
    for form, pattern in _patterns():
        match = pattern.fullmatch(text)
        if match is not None:
            names = {name: _name(name, value, tongue, amount) for name, value in match.groupdict().items()}
            return tongue.say(form, **names)
    parts = text.split("; ")
    told = [reason_told(part, tongue, amount) for part in parts] if len(parts) > 1 else [None]
    return None if None in told else "; ".join(part for part in told if part is not None)


def _name(name: str, value: str, tongue: Tongue, amount: Amount) -> str:
    if name == "condition":
        return quoted(value)  # as the agreement writes it
    words = _INNER.get(name, {})
    if value in words:
        return tongue.say(words[value])
    if name == "periods" and (found := _PERIODS.fullmatch(value)):
        return tongue.plural(int(found[1]), "{number} period", "{number} periods")
    if name in ("amount", "given") and (money := _MONEY.fullmatch(value)):
        return amount(money[1], money[2])
    return value
