"""The cells of claims: what each is read from, then what came of all of them beside the credits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.claiming.claim import Claim, Conflict, Determination
from upheld.core.claiming.deciding import Computed, decided
from upheld.core.claiming.folding import CLAIM_FACTS, Standing, fold_claim, is_filing, step_of
from upheld.core.clocks.contacts import namings_of
from upheld.core.clocks.subject import OF_A_CONTRACT, OPENING, fold_subject, of_contract
from upheld.core.evaluating.cells import Reader
from upheld.core.evaluating.contracts import Contracts, period_at
from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_check import instant_in
from upheld.core.terms.agreement import ALWAYS, ClockRule, SubjectKind, Terms
from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.life import Life
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import replace
from upheld.core.values.key import FactRef
from upheld.core.values.once import Once
from upheld.core.verdicts.credit import FINAL, Credit, Grant
from upheld.core.verdicts.verdict import Outcome, Verdict

_ITEMS: Final[tuple[SubjectKind, ...]] = ("task", "ticket", "incident")
"""Kinds of which one can be late, and be complained about."""
_ENDS: Final[Mapping[SubjectKind, frozenset[str]]] = {
    "task": frozenset({"task.finished", "task.failed", "task.cancelled"}),
    "ticket": frozenset({"ticket.resolved", "ticket.closed", "ticket.merged", "ticket.cancelled"}),
    "incident": frozenset({"incident.resolved"}),
}
"""The facts by which one is over; a ticket that is reopened is not."""
_REOPENED: Final = "ticket.reopened"


# -- one claim ---------------------------------------------------------------------------------------------


def claim_cell(contracts: Contracts, binding: str, claim_id: str, reader: Reader) -> Claim | None:
    """One claim with its conditions; None before it is filed, or if it is under another plan.

    Its decisions are judged with the credits.
    """
    terms = contracts.terms[binding]
    assert terms.contract is not None
    contract = terms.contract.id
    facts = reader.facts(("subject", "claim", claim_id), CLAIM_FACTS)
    subject = fold_subject("claim", claim_id, facts, terms)
    life = contracts.life(binding, reader)
    if subject is None or not contracts.is_of_subject(binding, life, subject):
        return None
    told = subject.moments[-1].attributes
    about = str(told.get("about") or "")
    start_at, end_at, issue_at = (told.get(name) for name in ("about.start", "about.end", "issue_at"))
    if isinstance(start_at, int) and isinstance(end_at, int):
        periods: tuple[Period, ...] = (Period(start_at, end_at, about),)
    else:
        at = issue_at if isinstance(issue_at, int) else _begun_at(about, contract, reader)
        periods = () if at is None else tuple(_periods(terms, life, at))
    filing = tuple(_judged(contracts, binding, claim_id, reader, is_filing))
    zone = terms.calendars[ALWAYS].rule.zone
    namings = namings_of(terms.contract, reader.facts(("contacts", contract)), zone)
    standing = Standing(life.start_at, life.end_at, namings, periods, _goes_on(terms))
    conflicts = tuple(dict.fromkeys(_conflicts(contracts, terms, about, periods, reader)))
    return fold_claim(subject, terms, filing, standing, conflicts)


def with_answers(claim: Claim, contracts: Contracts, binding: str, reader: Reader) -> Claim:
    """The claim with the deadlines of those who have to answer it, too."""
    answers = _judged(contracts, binding, claim.id, reader, _is_answering)
    return replace(claim, steps=(*claim.steps, *(step_of(clock, verdict) for clock, verdict in answers)))


def _is_answering(clock: ClockRule) -> bool:
    return clock.of == "claim" and not is_filing(clock)


def _judged(
    contracts: Contracts, binding: str, claim_id: str, reader: Reader, wanted: Callable[[ClockRule], bool]
) -> Iterator[tuple[ClockRule, Verdict]]:
    """The deadlines of a claim with their verdicts."""
    for clock in contracts.terms[binding].clocks:
        if wanted(clock):
            outcome = reader.cell(contracts.outcome_key(binding, clock, claim_id))
            assert isinstance(outcome, Outcome)
            yield from ((clock, verdict) for verdict in outcome.verdicts)


def _begun_at(item: str, contract: str, reader: Reader) -> Instant | None:
    """When an item began that a claim names; None if the contract has none of that name."""
    stretch = _stretch(item, contract, reader)
    return None if stretch is None else stretch[0]


def _stretch(item: str, contract: str, reader: Reader) -> tuple[Instant, Instant | None] | None:
    """From when until when an item was there, no end: it still is; None if there is none of that name."""
    for kind in _ITEMS if item else ():
        told = reader.facts(("subject", kind, item), _ENDS[kind] | {OPENING[kind], _REOPENED})
        facts = of_contract(contract, kind, told)
        for fact in facts:
            is_own = kind not in OF_A_CONTRACT or fact.data.get("contract") == contract
            if fact.type == OPENING[kind] and is_own:
                later = [one for one in facts if one.at >= fact.at and one.type != OPENING[kind]]
                return fact.at, later[-1].at if later and later[-1].type != _REOPENED else None
    return None


def _periods(terms: Terms, life: Life, at: Instant) -> Iterator[Period]:
    """The periods that hold an instant, of what can be claimed."""
    commits = {commit.name: commit for commit in terms.commits}
    for remedy in terms.remedies:
        if terms.claim is None or terms.claim.is_for(remedy.name):
            yield period_at(commits[remedy.of].period, life, at)


def _goes_on(terms: Terms) -> bool:
    """Whether anything that can be claimed is measured over whole periods, past the end of the contract."""
    claimed = {one.of for one in terms.remedies if terms.claim is None or terms.claim.is_for(one.name)}
    return any(terms.indicators[one.indicator].whole for one in terms.commits if one.name in claimed)


def _conflicts(
    contracts: Contracts, terms: Terms, about: str, periods: Sequence[Period], reader: Reader
) -> Iterator[Conflict]:
    """Who recorded, ever corrected or withdrew a cause of what the claim is about, or of its periods.

    By all that it ever said: who moves a cause out of a period had a hand in what is owed of that.
    """
    assert terms.contract is not None
    causes = _causes(contracts, terms.provider, reader)
    for fact in of_contract(terms.contract.id, "attribution", [*causes]):
        actor, target = fact.data.get("actor"), str(fact.data.get("target") or "")
        told = fact.hands or (actor,)
        own = [one for one in told if isinstance(one, str) and one]
        if not own or fact.data.get("verified") is False:
            continue
        if target == about or _lies_in(fact, target, terms.contract.id, periods, reader):
            yield from (Conflict(by, fact.subject) for by in own)


def _causes(contracts: Contracts, provider: str, reader: Reader) -> Iterator[Fact]:
    """Every cause that was recorded of something of a provider, what is left of others last."""
    for name in reader.names(("of provider", provider, "attribution")):
        yield from reader.facts(("subject", "attribution", name))
    for of in (provider, *([""] if len(contracts.providers) == 1 else [])):
        yield from reader.facts(("retracted", of))


def _lies_in(fact: Fact, target: str, contract: str, periods: Sequence[Period], reader: Reader) -> bool:
    """Whether a cause was recorded of a stretch or an item of one of the periods."""
    start_at, end_at = instant_in(fact, "starts_at"), instant_in(fact, "ends_at")
    if start_at is None:
        stretch = _stretch(target, contract, reader)
        if stretch is None:
            return False
        start_at, end_at = stretch
    # One that was over at once lies in the period of that instant, too.
    last_at = None if end_at is None else max(start_at, end_at - 1)
    return any(start_at < one.end_at and (last_at is None or one.start_at <= last_at) for one in periods)


# -- claims beside credits ---------------------------------------------------------------------------------


class Borne(NamedTuple):
    """A credit, and the claims about it; `is_final`: what is decided on these takes its place."""

    credit: Credit
    claims: tuple[str, ...]
    is_final: bool = False


def settled(
    claims: Sequence[Claim], rules: Mapping[str, ClaimRule | None], given: Sequence[Borne]
) -> tuple[Claim, ...]:
    """The claims with what they bear on, and their decisions judged by what is at stake.

    `rules` are those of each claim, by its id.
    """
    judged = [decided(claim, rules[claim.id], _computed(claim, given)) for claim in claims]
    granted = _granted(_standing(judged), _about(judged, given), given)
    first: dict[int, str] = {number: found.claim for number, found in granted.items()}
    for number, borne in enumerate(given):
        about = [one for one in judged if one.id in borne.claims and _can_lead(one)]
        leading = min(about, key=lambda one: (one.filed_at, one.recorded_at, one.id), default=None)
        if leading is not None:
            first.setdefault(number, leading.id)
    return tuple(replace(claim, beside=_beside(claim, given, first)) for claim in judged)


def _can_lead(claim: Claim) -> bool:
    return not claim.is_withdrawn and claim.admissibility != "inadmissible"


def _beside(claim: Claim, given: Sequence[Borne], first: Mapping[int, str]) -> str:
    """The claim under which all is given that this one is about; empty if that is (in part) this one."""
    leaders = {first.get(number, claim.id) for number, borne in enumerate(given) if claim.id in borne.claims}
    return min(leaders) if leaders and claim.id not in leaders else ""


def _computed(claim: Claim, given: Sequence[Borne]) -> Computed:
    owed = [borne.credit for borne in given if claim.id in borne.claims]
    currencies = {credit.currency for credit in owed if credit.amount}
    amount: Decimal | None = None
    if owed and len(currencies) <= 1 and all(_is_told(credit) for credit in owed):
        amount = sum((credit.amount or Decimal(0) for credit in owed), Decimal(0))
    told = (credit.currency for credit in owed if credit.currency)
    currency = next(iter(currencies), "") or next(told, "")
    return Computed(tuple(credit.key for credit in owed), amount, currency)


def _is_told(credit: Credit) -> bool:
    return credit.state in ("owed", "not owed")


def _turn(credit: Credit) -> int:
    return 0 if _is_told(credit) else 1 if credit.high is not None else 2


def _most(credit: Credit) -> Decimal | None:
    """What a credit comes to, or may at most; None: nobody can say."""
    if _is_told(credit):
        return credit.amount or Decimal(0)
    return None if credit.high is None else rounded(credit.high, minor_digits(credit.currency), "down")


def grants(claims: Sequence[Claim], given: Sequence[Borne]) -> dict[int, tuple[Grant, ...]]:
    """By the place of a credit: how much of it was granted from when on.

    Every decision that comes to count is taken in at its instant, so that what it changes is known, and what
    it leaves; one that grants the same again, too: what was given by then stays. What is taken back is a
    grant of nothing.
    """
    about = _about(claims, given)
    found: dict[int, list[Grant]] = {}
    deciding: dict[Instant, set[str]] = {}
    for claim in claims:
        for one in claim.grants if not claim.is_withdrawn else ():
            deciding.setdefault(one.at, set()).add(claim.id)
    for at in sorted(deciding):
        now = _granted(_standing(claims, at), about, given)
        for number in sorted({*found, *now}):
            so_far = found.setdefault(number, [])
            amount = now[number].amount if number in now else Decimal(0)
            is_decided = number in now and now[number].claim in deciding[at]
            if is_decided or not so_far or so_far[-1].amount != amount:
                so_far.append(Grant(at, amount))
    return {number: tuple(own) for number, own in found.items()}


class _Granting(NamedTuple):
    """What a claim grants in all (None: what was computed), and when it first granted anything."""

    first_at: Instant
    filed_at: Instant
    claim: str
    amount: Decimal | None


def _standing(claims: Sequence[Claim], at: Instant | None = None) -> list[_Granting]:
    """What claims grant by the decisions that count (by an instant), the first that granted first."""
    found: list[_Granting] = []
    for claim in claims:
        decisions = [
            (counts_at, one)
            for one in claim.decisions
            if (counts_at := one.counts_at) is not None and (at is None or counts_at <= at)
        ]
        granting = [(counts_at, one) for counts_at, one in decisions if one.is_granting]
        if granting and decisions[-1][1].is_granting and not claim.is_withdrawn:
            found.append(_Granting(granting[0][0], claim.filed_at, claim.id, granting[-1][1].amount))
    return sorted(found, key=lambda one: one[:3])


def _about(claims: Sequence[Claim], given: Sequence[Borne]) -> dict[str, list[int]]:
    return {one.id: [n for n, borne in enumerate(given) if one.id in borne.claims] for one in claims}


class _Granted(NamedTuple):
    """Under which claim a credit is granted, and how much of it; None: what was computed."""

    claim: str
    amount: Decimal | None


def _granted(
    standing: Sequence[_Granting], about: Mapping[str, Sequence[int]], given: Sequence[Borne]
) -> dict[int, _Granted]:
    """How much of which credit is granted by what claims grant in all, in order, and by which of them.

    An amount goes to the first credits that nothing has granted yet; the last of them takes what is left. One
    of which it is not known what it comes to may come to what is left beyond those that are known, of several
    each to the most that it may be. No credit is granted twice, however many claims are about it.
    """
    found: dict[int, _Granted] = {}
    for one in standing:
        left = one.amount
        free = [number for number in about[one.claim] if number not in found]
        if left is None or len(free) == 1:
            # What is granted for one credit alone is granted as it is told, be it more than was computed.
            found |= dict.fromkeys(free, _Granted(one.claim, left))
            continue
        # Those of which nobody can say the most come last, as they may take all that is left.
        in_turn = sorted(free, key=lambda number: _turn(given[number].credit))
        for number in in_turn:
            most = _most(given[number].credit)
            share = left if number == in_turn[-1] or most is None else min(left, most)
            left -= share
            if share:  # nothing of it is no grant: a later decision may yet grant that credit
                found[number] = _Granted(one.claim, share)
    return found


def by_decision(
    given: Sequence[Borne], claims: Sequence[Claim], granted: Mapping[int, tuple[Grant, ...]], once: Once
) -> list[Credit]:
    """The credits where what the provider decides takes the place of what was computed. Source: JUST/J12.

    That nothing was granted says no last word while another claim that may be made waits for its decision.
    """
    by_id = {claim.id: claim for claim in claims}
    found: list[Credit] = []
    for number, borne in enumerate(given):
        credit, own = borne.credit, granted.get(number)
        own_claims = [by_id[name] for name in borne.claims]
        decisions = [one.determination for one in own_claims if one.determination is not None]
        amount = own[-1].amount if own else Decimal(0)
        waits = not amount and any(_can_lead(one) and one.determination is None for one in own_claims)
        if not borne.is_final or not decisions or waits or amount is None or amount == credit.amount:
            found.append(credit)
            continue
        last = max(decisions, key=lambda one: (one.at, one.fact))
        seen = "by decision", id(credit), amount, last.outcome, last.fact
        found.append(once(seen, lambda c=credit, a=amount, d=last: _taken(c, a, d)))  # type: ignore[misc]
    return found


def _taken(credit: Credit, amount: Decimal, decision: Determination) -> Credit:
    exact = Fraction(amount)
    reason = f"{FINAL}: {decision.outcome}"
    facts: tuple[FactRef, ...] = tuple(dict.fromkeys((*credit.facts, decision.fact)))
    return replace(
        credit,
        state="owed" if amount else "not owed",
        low=exact,
        high=exact,
        exact=exact,
        amount=amount,
        reasons=(reason, *credit.reasons),
        facts=facts,
    )
