"""A claim from its facts: what was told of it in which order, and its conditions looked at one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from decimal import Decimal
from typing import Any, NamedTuple

from upheld.core.claiming.claim import (
    Approval,
    Assessment,
    Check,
    Claim,
    Conflict,
    Determination,
    Evidence,
    Said,
    Step,
    VoidDispute,
)
from upheld.core.claiming.deciding import decided, person
from upheld.core.clocks.contacts import Naming
from upheld.core.clocks.subject import Event, Subject
from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_check import interval_of
from upheld.core.terms.agreement import ClockRule, Contract, Terms
from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.rounding import minor_digits
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.expression import names_in
from upheld.core.values.frozen import replace
from upheld.core.verdicts.verdict import LATE, Verdict

FILED, DETERMINED, DISPUTED = "claim.filed", "claim.determined", "claim.disputed"
ISSUE_AT = "issue_at"
CLAIM_FACTS = frozenset({
    FILED, DETERMINED, DISPUTED, "claim.supplemented", "claim.acknowledged", "claim.assessed",
    "claim.approved", "claim.withdrawn",
})  # fmt: skip
"""The facts that a claim is told by."""
DECIDES = "{by} decides on the claim, so somebody of the customer has to dispute it"
NAMED_BY_NOBODY = "{by} is nobody whom the contract names"
UNREADABLE = "its deadline cannot be told"
UNTOLD = "find out when that happened, and correct the claim: `issue_at`"
ABOUT_NOTHING = "find out what it is about, and correct the claim: `about`"
_WHAT = "what it is about"
_WAY_OUT = "the customer may add it (`claim.supplemented`)"


class Standing(NamedTuple):
    """What the right to claim is judged by: when the contract holds, whom it names, what the claim is about.

    `periods` are those in which that lies about which something is claimed; none: nobody knows. `goes_on`:
    what is measured in them goes on after the contract has ended.
    """

    start_at: Instant
    end_at: Instant | None
    namings: tuple[Naming, ...] = ()
    periods: tuple[Period, ...] = ()
    goes_on: bool = False

    def over_at(self, period: Period) -> Instant:
        """From when the figure of a period is known."""
        return period.end_at if self.goes_on or self.end_at is None else min(self.end_at, period.end_at)


def is_filing(clock: ClockRule) -> bool:
    """Whether a deadline is the one by which a claim has to be filed."""
    return clock.of == "claim" and any(FILED in match.types for match in clock.stops)


def counts_from_item(clock: ClockRule) -> bool:
    """Whether a deadline of filing counts from when that happened which is claimed for."""
    return is_filing(clock) and clock.due is not None and ISSUE_AT in names_in(clock.due)


def is_answered(clock: ClockRule) -> bool:
    """Whether a deadline is one that a decision on a claim meets."""
    is_met = any(DETERMINED in match.types for match in clock.stops)
    return clock.of == "claim" and is_met and not is_filing(clock)


def step_of(clock: ClockRule, verdict: Verdict) -> Step:
    """One act with its deadline."""
    acts = tuple(match.word for match in clock.stops)
    return Step(clock.name, acts, verdict.state, verdict.due_at, verdict.stopped_at, clock.cited.clauses)


def fold_claim(
    subject: Subject,
    terms: Terms,
    filing: Sequence[tuple[ClockRule, Verdict]],
    standing: Standing,
    conflicts: Sequence[Conflict] = (),
) -> Claim:
    """The claim that these facts tell, its conditions looked at, its decisions as far as no amount matters.

    `filing` are the deadlines of its filing with their verdicts.
    """
    assert terms.contract is not None
    told = subject.moments[-1].attributes
    opened = next(event for event in subject.events if event.fact.type == FILED)
    start_at, end_at, issue_at, sent_at, received_at = (
        one if isinstance(one := told.get(name), int) else None
        for name in ("about.start", "about.end", "issue_at", "sent_at", "received_at")
    )
    claim = Claim(
        id=subject.id,
        contract=terms.contract.id,
        about=str(told.get("about") or ""),
        filed_at=opened.at,
        recorded_at=opened.fact.at,
        start_at=start_at,
        end_at=end_at,
        issue_at=issue_at,
        sent_at=sent_at,
        received_at=received_at,
        filed_by=_text(opened.fact, "filed_by"),
        actor=_text(opened.fact, "actor"),
        channel=_text(opened.fact, "channel"),
        said=_said(subject.events),
        steps=tuple(step_of(clock, verdict) for clock, verdict in filing),
        conflicts=tuple(conflicts),
        plan=terms.plan,
        refs=(opened.ref,),
    )
    claim = _told(claim, subject.events, terms, standing)
    checks = tuple(_checks(claim, terms.claim, terms.contract, filing, standing))
    return decided(replace(claim, checks=checks), terms.claim)


# -- what was told -----------------------------------------------------------------------------------------


def _text(fact: Fact, name: str) -> str:
    value = fact.data.get(name)
    return value if isinstance(value, str) else ""


def _texts(fact: Fact, name: str) -> tuple[str, ...]:
    value = fact.data.get(name)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ()


def _said(events: Sequence[Event]) -> Said:
    """What the filing and its supplements say; a later one adds evidence and replaces the rest."""
    said: dict[str, str] = {}
    evidence: list[Evidence] = []
    for event in events:
        if event.fact.type not in (FILED, "claim.supplemented"):
            continue
        for name in ("account", "metrics", "impact"):
            if _text(event.fact, name):
                said[name] = _text(event.fact, name)
        found = (interval_of(text) for text in _texts(event.fact, "intervals"))
        intervals = tuple(one for one in found if one is not None)
        references = _texts(event.fact, "evidence")
        if references or intervals:
            evidence.append(Evidence(references, intervals, event.ref))
    return Said(evidence=tuple(evidence), **said)


def _told(claim: Claim, events: Sequence[Event], terms: Terms, standing: Standing) -> Claim:
    """The claim with what came after its filing."""
    changes: dict[str, Any] = {}
    decisions: list[Determination] = []
    approvals: list[Approval] = []
    disputes: list[tuple[Instant, str]] = []
    for event in events:
        by = _text(event.fact, "actor")
        match event.fact.type:
            case "claim.acknowledged":
                changes.setdefault("acknowledged_at", event.at)
            case "claim.assessed":
                admissible = event.fact.data.get("admissible") is True
                reason = _text(event.fact, "reason")
                changes["assessment"] = Assessment(event.at, by, admissible, reason, event.ref)
            case "claim.determined":
                decisions.append(_determination(event, terms))
            case "claim.approved":
                approvals.append(Approval(event.at, by, event.ref))
            case "claim.disputed":
                disputes.append((event.at, by))
            case "claim.withdrawn":
                changes.setdefault("withdrawn_at", event.at)
    assert terms.contract is not None
    deciding = ({person(one.by) for one in decisions} | {person(one.by) for one in approvals}) - {""}
    judged = [
        VoidDispute(at, by, _not_disputing(at, by, deciding, terms.contract, standing)) for at, by in disputes
    ]
    return replace(
        claim,
        decisions=tuple(decisions),
        approvals=tuple(approvals),
        disputes=tuple(one.at for one in judged if not one.objection),
        void_disputes=tuple(one for one in judged if one.objection),
        refs=tuple(dict.fromkeys((*claim.refs, *(event.ref for event in events)))),
        **changes,
    )


def _not_disputing(at: Instant, by: str, deciding: Set[str], contract: Contract, standing: Standing) -> str:
    """Why somebody cannot dispute for the customer; empty if they can, or nobody knows who it was."""
    if by and person(by) in deciding:
        return DECIDES.format(by=by)
    return NAMED_BY_NOBODY.format(by=by) if by and _is_stranger(by, at, contract, standing) else ""


def _determination(event: Event, terms: Terms) -> Determination:
    data, amount = event.fact.data, event.fact.data.get("amount")
    is_number = isinstance(amount, int | Decimal) and not isinstance(amount, bool)
    outcome: Any = data.get("outcome")
    currency = _text(event.fact, "currency") or (terms.contract.currency if terms.contract else "")
    return Determination(
        at=event.at,
        by=_text(event.fact, "actor"),
        outcome=outcome,
        amount=_written(Decimal(amount), currency) if is_number else None,  # type: ignore[arg-type]  # narrowed by the test
        currency=currency,
        reason=_text(event.fact, "reason"),
        evidence=_texts(event.fact, "evidence"),
        fact=event.ref,
    )


def _written(amount: Decimal, currency: str) -> Decimal:
    """The same amount with the decimals of its currency, where it has no more than these."""
    if not currency:
        return amount
    exact = amount.quantize(Decimal(1).scaleb(-minor_digits(currency)))
    return exact if exact == amount else amount


# -- conditions --------------------------------------------------------------------------------------------


def _checks(
    claim: Claim,
    rule: ClaimRule | None,
    contract: Contract,
    filing: Sequence[tuple[ClockRule, Verdict]],
    standing: Standing,
) -> Iterator[Check]:
    """Every condition of admissibility, those that hold too."""
    for clock, verdict in filing:
        yield _deadline(clock, verdict, is_told=claim.issue_at is not None or not counts_from_item(clock))
    clauses = rule.cited.clauses if rule is not None else ()
    if rule is not None and not rule.protective:
        yield _moment(claim, standing)._replace(clauses=clauses)
    if rule is not None:
        yield _form(claim, rule, standing)._replace(clauses=clauses)
    yield _standing(claim, contract, standing)._replace(clauses=clauses)
    if rule is not None and rule.channels:
        yield _channel(claim, rule)._replace(clauses=clauses)


def _deadline(clock: ClockRule, verdict: Verdict, *, is_told: bool) -> Check:
    """Whether it was filed in time; `is_told`: the claim says from when that counts."""
    clauses = clock.cited.clauses
    if verdict.state in LATE:
        return Check("deadline", False, f"filed after the end of {clock.name}", clauses)
    if verdict.state == "undetermined":
        if not is_told:
            reason = f"{clock.name}: it does not say when that happened (`issue_at`)"
            return Check("deadline", None, reason, clauses, UNTOLD)
        reasons = "; ".join(verdict.reasons) or UNREADABLE
        return Check("deadline", None, f"{clock.name}: {reasons}", clauses)
    return Check("deadline", True, "", clauses)


def _moment(claim: Claim, standing: Standing) -> Check:
    """Whether the figure was known on which the claim rests. Source: JUST/J6."""
    if not standing.periods:
        return Check("moment", None, "what period it is about is not known")
    if any(claim.filed_at < standing.over_at(period) for period in standing.periods):
        return Check("moment", False, "filed before the end of the period, when its figure is known")
    return Check("moment", True)


def _form(claim: Claim, rule: ClaimRule, standing: Standing) -> Check:
    missing: list[str] = [name for name in rule.include if not _has(claim, name, standing)]
    if rule.about == "period" and claim.start_at is None and "period" not in missing:
        missing.insert(0, "period")
    if rule.about != "period" and not claim.about and claim.issue_at is None:
        missing.insert(0, _WHAT)
    if missing:
        # What a claim is about belongs to the claim itself: nothing that is added to it says another thing.
        way_out = ABOUT_NOTHING if {_WHAT, "period"} & {*missing} else _WAY_OUT
        return Check("form", False, f"does not say: {', '.join(missing)}", (), way_out)
    return Check("form", True)


def _has(claim: Claim, name: str, standing: Standing) -> bool:
    match name:
        case "period":  # an item lies in one
            return claim.start_at is not None or bool(standing.periods)
        case "evidence":
            return bool(claim.said.evidence)
        case _:
            return bool(getattr(claim.said, name))


def _standing(claim: Claim, contract: Contract, standing: Standing) -> Check:
    """Whether the contract was in force in that period, and somebody files it whom the contract names."""
    if standing.periods and not any(_is_in(period, standing) for period in standing.periods):
        return Check("standing", False, "the contract was not in force in that period")
    if claim.filed_by and _is_stranger(claim.filed_by, claim.filed_at, contract, standing):
        way_out = "name them as a contact, or let somebody file it whom the contract names"
        return Check("standing", False, NAMED_BY_NOBODY.format(by=claim.filed_by), (), way_out)
    return Check("standing", True)


def _is_stranger(who: str, at: Instant, contract: Contract, standing: Standing) -> bool:
    """Whether contacts of the customer were named, and somebody is none of them at an instant.

    Roles alone name nobody to the exclusion of others: they may be the provider's, told in other words.
    """
    named = {one.contact for one in standing.namings if _holds(one, at)}
    known = named | {*contract.roles, *contract.roles.values(), contract.customer}
    return bool(standing.namings) and who not in known


def _is_in(period: Period, standing: Standing) -> bool:
    return standing.start_at < period.end_at and (
        standing.end_at is None or period.start_at < standing.end_at
    )


def _holds(one: Naming, at: Instant) -> bool:
    return one.from_at <= at and (one.until_at is None or at < one.until_at)


def _channel(claim: Claim, rule: ClaimRule) -> Check:
    allowed = ", ".join(rule.channels)
    if not claim.channel:
        return Check("channel", None, f"by which channel it came is not known; it has to be {allowed}")
    if claim.channel not in rule.channels:
        return Check("channel", False, f"came by {claim.channel}, and has to come by {allowed}")
    return Check("channel", True)
