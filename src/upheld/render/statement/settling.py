"""What became of what is owed: claims with their decisions, and the credit memos."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from upheld.render.prose.tongue import N_
from upheld.render.statement.document import Block, Paragraph, Section, Table
from upheld.render.statement.first import in_major
from upheld.render.statement.telling import Telling

_CLAIM: Final = {
    "drafted": N_("drafted"),
    "filed": N_("filed"),
    "acknowledged": N_("acknowledged"),
    "assessed": N_("assessed"),
    "second decision needed": N_("a second person has to agree"),
    "accepted": N_("accepted"),
    "partly accepted": N_("partly accepted"),
    "partly": N_("partly accepted"),
    "rejected": N_("rejected"),
    "disputed": N_("disputed"),
    "credited": N_("credited"),
    "applied": N_("set off"),
    "settled": N_("settled"),
    "withdrawn": N_("withdrawn"),
    "admissible": N_("admissible"),
    "inadmissible": N_("inadmissible"),
    "cannot be told": N_("cannot be told"),
}
_MEMO: Final = {
    "expected": N_("expected"),
    "proposed": N_("proposed"),
    "issued": N_("issued"),
    "applied": N_("set off"),
    "settled": N_("settled"),
    "outstanding": N_("outstanding"),
    "voided": N_("taken back"),
}


def claims(told: Telling) -> Iterator[Section]:
    """Each claim, what was decided, and beside it what the numbers give."""
    found, say = told.record["claims"], told.say
    own = list(_of_customer(told))
    if not found:
        if own:
            yield Section("claims", say("Claims"), tuple(own))
        return
    rows = tuple(
        (one["id"], one["about"], told.at(one["filed_at"]), claim_word(told, one["admissibility"]),
         _amount(told, one["computed"], one["currency"]), _amount(told, one["granted"], one["currency"]),
         claim_word(told, one["state"]))
        for one in found
    )  # fmt: skip
    headers = (say("Claim"), say("About"), say("Filed"), say("May it be made"), say("By the numbers"),
               say("Granted"), say("State"))  # fmt: skip
    blocks: list[Block] = [Table(say("Claims, and what was decided"), headers, rows, frozenset({4, 5}))]
    blocks += [Paragraph(text) for one in found for text in _of_claim(told, one)]
    blocks += own
    yield Section("claims", say("Claims"), tuple(blocks))


def _of_customer(told: Telling) -> Iterator[Block]:
    """What the customer had to do in time: to file a claim, to add to it. No promise of the provider."""
    say = told.say
    rows = tuple(
        (told.subject(one), one["commitment"], told.state(one["state"]), told.until(one["due_at"]),
         told.at(one["stopped_at"]))
        for one in told.record["verdicts"]
        if told.is_of_customer(one)
    )  # fmt: skip
    if rows:
        headers = (say("Claim"), say("Deadline"), say("State"), say("Due"), say("Done"))
        yield Table(say("What the customer had to do"), headers, rows)


def _of_claim(told: Telling, claim: Mapping[str, Any]) -> Iterator[str]:
    """Why a claim may not be made, and every decision with its reason."""
    for check in claim["checks"]:
        if check["holds"] is False:
            yield told.say(
                "{claim} is inadmissible: {reason}.", claim=claim["id"], reason=told.reason(check["reason"])
            )
    for one in claim["decisions"]:
        outcome = claim_word(told, one["outcome"])
        if one["reason"]:
            yield told.say("{claim} was {outcome} on {at} by {by}: {reason}.", claim=claim["id"],
                           outcome=outcome, at=told.at(one["at"]), by=one["by"] or told.say("the provider"),
                           reason=one["reason"])  # fmt: skip
        else:
            yield told.say("{claim} was {outcome} on {at} by {by}.", claim=claim["id"], outcome=outcome,
                           at=told.at(one["at"]), by=one["by"] or told.say("the provider"))  # fmt: skip
        for objection in one["objections"]:
            yield told.say("That decision does not count: {reason}.", reason=told.reason(objection))


def memos(told: Telling) -> Iterator[Section]:
    """The credit memos, and how much of each is set off."""
    found, say = told.record["memos"], told.say
    if not found:
        return
    rows = tuple(
        (one["number"] or "-", f"{one['remedy']}, {one['subject']}", memo_word(told, one["status"]),
         *_amounts(told, one), "; ".join(map(told.reason, one["reasons"])))
        for one in found
    )  # fmt: skip
    headers = (
        say("Number"),
        say("For"),
        say("State"),
        say("Net"),
        say("Tax"),
        say("In all"),
        say("Set off, net"),
        say("Still open, net"),
        say("Why"),
    )
    table = Table(say("Credit memos of the period"), headers, rows, frozenset({3, 4, 5, 6, 7}))
    yield Section("memos", say("Credit memos"), (table,))


def _amounts(told: Telling, memo: Mapping[str, Any]) -> tuple[str, ...]:
    """Net, tax and both, what is set off and what is open; of what is not granted yet only what it may be."""
    least, most, currency = memo["least_minor"], memo["most_minor"], memo["currency"]
    if memo["status"] == "expected" and most != memo["net_minor"]:
        high = None if most is None else in_major(most, currency)
        return (told.between(in_major(least, currency), high, currency), "", "", "", "")
    money = tuple(_minor(told, memo, name) for name in ("net_minor", "tax_minor", "total_minor"))
    if memo["status"] == "expected":
        return (*money, "", "")
    return (*money, _minor(told, memo, "applied_minor"), _minor(told, memo, "open_minor"))


def claim_word(told: Telling, name: str) -> str:
    """How far a claim has come, whether it may be made, or how it was decided."""
    return _word(told, _CLAIM, name)


def memo_word(told: Telling, name: str) -> str:
    """What became of a memo."""
    return _word(told, _MEMO, name)


def _word(told: Telling, messages: Mapping[str, str], name: str) -> str:
    return told.say(messages[name]) if name in messages else name


def _amount(told: Telling, amount: str | None, currency: str) -> str:
    if amount is None:
        return ""
    return told.money(amount, currency) if currency or Fraction(amount) else told.say("nothing")


def _minor(told: Telling, memo: Mapping[str, Any], name: str) -> str:
    return told.money(in_major(memo[name], memo["currency"]), memo["currency"])
