"""Which decision on a claim holds: not one by whoever recorded the cause, nor, above an amount, by one alone.

A decision stands until it is disputed. Nothing here changes what was computed. Source: design 8; JUST-6.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple
from unicodedata import normalize

from upheld.core.claiming.claim import Approval, Claim, Conflict, Determination
from upheld.core.facts.fact import Fact
from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.rounding import minor_digits
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey, FactRef

ALREADY: Final = "it was decided before, and nobody has disputed that"
UNTOLD: Final = "it grants a part, and does not say how much"
TOO_FINE: Final = "it grants {amount} {currency}, which is finer than can be paid"
OTHER_CURRENCY: Final = "it grants {currency}, and what is claimed is in {claimed}"
WITHDRAWN: Final = "the claim had been withdrawn"
NOBODY: Final = (
    "who decided is not known, and {by} recorded or changed the cause {cause}, so somebody named has to "
    "decide"
)
OWN_CAUSE: Final = "{by} recorded or changed the cause {cause}, so somebody else has to decide"


class Computed(NamedTuple):
    """What the numbers give for the claim: the cells, and the sum of one currency, if it is known."""

    credits: tuple[CellKey, ...] = ()
    amount: Decimal | None = None
    currency: str = ""


def person(name: str) -> str:
    """Whose name it is, however it is written: capitals and blanks do not make another person of one."""
    return " ".join(normalize("NFKC", name).casefold().split())


def decided(claim: Claim, rule: ClaimRule | None, computed: Computed | None = None) -> Claim:
    """The claim with its decisions judged, in the order in which they were made.

    What counts before the claim is withdrawn cannot be taken back; after that nothing comes to count, no
    second person either. Without `computed` nobody knows what is at stake, and no second person is asked for.
    """
    own = {person(one.by): one for one in claim.conflicts}
    found: list[Determination] = []
    withdrawn_at = claim.withdrawn_at
    for place, one in enumerate(claim.decisions):
        bare = one._replace(objections=(), second="", second_at=None)
        if computed is not None:
            bare = bare._replace(needs_second=_needs_second(bare, rule, computed))
        objections = [
            *_objections(bare, claim, found, own, withdrawn_at),
            *_unpayable(bare, computed.currency if computed is not None else ""),
        ]
        judged = bare._replace(objections=tuple(objections))
        approvals = (by for by in claim.approvals if withdrawn_at is None or by.at <= withdrawn_at)
        later = claim.decisions[place + 1 :]
        agreed = next((by for by in approvals if _agrees(by, judged, later, own)), None)
        if judged.needs_second and agreed is not None:
            judged = judged._replace(second=agreed.by, second_at=agreed.at)
        found.append(judged)
        counts_at = judged.counts_at
        if withdrawn_at is not None and counts_at is not None and counts_at <= withdrawn_at:
            withdrawn_at = None
    claim = replace(claim, decisions=tuple(found))
    if computed is None:
        return claim  # with its withdrawal: whether that holds is known when it is known what is at stake
    # Of what is owed no more nobody says the currency but who granted an amount of it.
    granted = (one.currency for one in reversed(found) if one.amount is not None)
    return replace(
        claim,
        withdrawn_at=withdrawn_at,
        credits=computed.credits,
        computed=computed.amount,
        currency=computed.currency if computed.credits else next(granted, ""),
    )


def when_decided(claim: Claim, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts of a claim in order, each decision when it came to count; one that does not is none."""
    counting = {one.fact: one.counts_at for one in claim.decisions}
    told: list[Fact] = []
    for fact in facts:
        at = counting.get(FactRef(fact.source, fact.id), fact.at)
        if at is not None:
            told.append(fact if at == fact.at else replace(fact, at=at))
    return tuple(sorted(told, key=lambda fact: (fact.at, fact.source, fact.id)))


def _objections(
    one: Determination,
    claim: Claim,
    before: Sequence[Determination],
    own: dict[str, Conflict],
    withdrawn_at: Instant | None,
) -> list[str]:
    """Why a decision does not count."""
    found: list[str] = []
    if withdrawn_at is not None and withdrawn_at < one.at:
        found.append(WITHDRAWN)
    held_at = max(
        (at for past in before if (at := past.counts_at) is not None and at <= one.at), default=None
    )
    if held_at is not None and not any(held_at <= at <= one.at for at in claim.disputes):
        found.append(ALREADY)
    if person(one.by) in own:
        found.append(OWN_CAUSE.format(by=one.by, cause=own[person(one.by)].attribution))
    elif not one.by and own:  # it may be any of those who may not
        first = next(iter(own.values()))
        found.append(NOBODY.format(by=first.by, cause=first.attribution))
    if one.outcome == "partly" and one.amount is None:
        found.append(UNTOLD)
    return found


def _unpayable(one: Determination, claimed: str) -> Iterator[str]:
    """Why what a decision grants cannot be paid: money has a currency, and an end of its decimals."""
    if one.amount is None or not one.currency:
        return
    if one.amount != one.amount.quantize(Decimal(1).scaleb(-minor_digits(one.currency))):
        yield TOO_FINE.format(amount=f"{one.amount:f}", currency=one.currency)
    if claimed and one.currency != claimed:
        yield OTHER_CURRENCY.format(currency=one.currency, claimed=claimed)


def _needs_second(one: Determination, rule: ClaimRule | None, computed: Computed) -> bool:
    """Whether more is at stake than one person may decide; what cannot be told may be more."""
    if rule is None or rule.two_above is None:
        return False
    granted = Decimal(0) if not one.is_granting else computed.amount if one.amount is None else one.amount
    at_stake = [granted, computed.amount]
    if None in at_stake or {one.currency or computed.currency, computed.currency} != {
        rule.two_above.currency
    }:
        return True
    return max(Fraction(amount) for amount in at_stake if amount is not None) > rule.two_above.amount


def _agrees(
    by: Approval, one: Determination, later: Sequence[Determination], own: dict[str, Conflict]
) -> bool:
    """Whether an approval is one of this decision, by another person who may decide.

    One that comes after a later decision is of that, be it of the same instant.
    """
    is_of_it = one.at <= by.at and not any(other.at <= by.at for other in later)
    is_another = bool(one.by) and bool(by.by) and person(by.by) != person(one.by)
    return is_of_it and is_another and person(by.by) not in own
