"""What can be claimed, and what comes next for a claim: values, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from upheld.core.claiming.claim import Claim, Step
from upheld.core.claiming.folding import ABOUT_NOTHING, FILED, is_filing
from upheld.core.clocks.clock import judge
from upheld.core.clocks.subject import fold_subject
from upheld.core.facts.fact import Data, Fact
from upheld.core.terms.agreement import ClockRule, Terms
from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import dataclass, replace
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import LATE, OPEN, Verdict

Party = Literal["customer", "provider", "nobody"]
Standing = Literal["open", "claimed", "forfeited"]
Why = Literal["owed", "undetermined", "protective"]
_DRAFT: Final = "draft"
_ACTS_OF_CUSTOMER: Final = frozenset({"filed", "disputed", "supplemented", "withdrawn"})
_ACTS: Final = {"determined": "decide", "acknowledged": "acknowledge it", "assessed": "assess it"}
_SETTLING: Final = {
    "credit note": "set the credit off",
    "payment": "pay the credit out: no invoice comes",
    "days of service": "give the days of service",
}
_TAKING_BACK: Final = "take back what was given beyond what is owed"


class Next(NamedTuple):
    """What comes next for a claim, whose turn it is, and until when; no instant where nothing says so.

    `also` is what the other side may or has to do meanwhile, or what else the same one may do.
    """

    party: Party
    what: str
    due_at: Instant | None = None
    also: Next | None = None


class Papers(NamedTuple):
    """What stands of the documents of a claim's credits.

    `is_to_issue`: what is granted is not what was issued. `settlement` is how what is issued reaches the
    customer. `anew_until_at` is until when what the claim is about can be claimed anew, if it can be.
    `takes_back`: more was given than is granted by now.
    """

    is_to_issue: bool = False
    settlement: Literal["credit note", "payment", "days of service"] = "credit note"
    anew_until_at: Instant | None = None
    takes_back: bool = False


NOTHING: Final = Next("nobody", "nothing")
NO_PAPERS: Final = Papers()


@dataclass(frozen=True, slots=True)
class FiledClaim:
    """A claim with the terms that it is under, what comes next, and the credits that it bears on.

    `items` are the verdicts on the item that it is about, if it is about one.
    """

    terms: Terms
    claim: Claim
    next: Next
    credits: tuple[Credit, ...] = ()
    items: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimable:
    """What can be claimed: the credit of a period, or an item that was late in it.

    `why` it can: it is owed, it may be owed (nobody can tell), or it may come to be owed (the period still
    runs, or the claim keeps it). `until_at` is the last instant in time; None: no deadline. `claim` is under
    which it was claimed; where it is open all the same, that one was rejected. `issue_at` is when that which
    is claimed for happened, if it is one thing.
    """

    terms: Terms
    credit: Credit
    verdict: Verdict
    about: str
    period: Period
    why: Why
    standing: Standing
    until_at: Instant | None
    issue_at: Instant | None = None
    items: tuple[Verdict, ...] = ()
    claim: str = ""

    @property
    def contract(self) -> str:
        """The contract that it is under."""
        return self.credit.key.contract


def next_of(claim: Claim, papers: Papers = NO_PAPERS) -> Next:
    """What comes next, by how far the claim has come and what became of its documents."""
    state = claim.state
    if papers.is_to_issue and claim.credited_at is not None and state != "disputed":
        return Next("provider", "issue what differs from what was issued")
    if state in ("applied", "settled", "withdrawn") or (claim.gives_nothing and state != "disputed"):
        return NOTHING
    if state in ("accepted", "partly accepted"):
        if not papers.is_to_issue and claim.granted is None and claim.credits:
            return Next("provider", "find out what is owed: nothing can be issued before that is known")
        return Next("provider", "issue the credit") if papers.is_to_issue else NOTHING
    if state == "credited":
        return Next("provider", _TAKING_BACK if papers.takes_back else _SETTLING[papers.settlement])
    if state == "rejected":
        own = _open_step(claim.steps, of_customer=True)
        anew = (
            None if papers.anew_until_at is None else Next("customer", "claim it anew", papers.anew_until_at)
        )
        return Next("customer", "dispute it, or leave it", own.due_at if own else None, anew)
    return _undecided(claim)


def _undecided(claim: Claim) -> Next:
    """Whose turn it is while no decision holds, or one is disputed."""
    due = _open_step(claim.steps)
    due_at = due.due_at if due else None
    is_disputed = claim.state == "disputed"
    if claim.pending is not None:
        return Next("provider", "a second person has to agree", due_at)
    last = claim.decisions[-1] if claim.decisions else None
    if last is not None and last.objections and not is_disputed:
        return Next("provider", f"decide anew: {last.objections[0]}", due_at)
    if is_disputed:
        return Next("provider", "decide on the dispute", due_at)
    answer = Next("provider", _act_of(due), due_at)
    missing = next((check for check in claim.checks if check.of == "form" and check.holds is False), None)
    if missing is not None and missing.way_out == ABOUT_NOTHING:
        return Next("provider", missing.way_out, also=answer)
    if missing is not None:
        return Next("customer", f"add what is missing: it {missing.reason}", also=answer)
    untold = next((one for one in claim.checks if one.of == "deadline" and one.way_out), None)
    if untold is not None:
        return Next("provider", untold.way_out, also=answer)
    own = _open_step(claim.steps, of_customer=True)
    if own is None or own.state not in OPEN or "supplemented" not in own.acts:
        return answer
    added = Next("customer", f"add to it: {own.deadline}", own.due_at)
    if _is_first(own, due):
        return added._replace(also=answer)
    return answer._replace(also=added)


def _act_of(due: Step | None) -> str:
    """What the provider has to do by its next deadline."""
    if due is None or not due.acts:
        return _ACTS["determined"]
    return next((_ACTS[act] for act in due.acts if act in _ACTS), f"do what is due: {due.deadline}")


def _is_first(one: Step, other: Step | None) -> bool:
    """Whether a step is due no later than another."""
    return other is None or other.due_at is None or (one.due_at is not None and one.due_at <= other.due_at)


def _open_step(steps: Sequence[Step], *, of_customer: bool = False) -> Step | None:
    """The step of one side that is due next, overdue ones first."""
    waiting = [
        step
        for step in steps
        if step.done_at is None
        and step.due_at is not None
        and (step.state in OPEN or step.state in LATE)
        and bool(set(step.acts) & _ACTS_OF_CUSTOMER) == of_customer
    ]
    return min(waiting, key=lambda step: (step.due_at, step.deadline), default=None)


# -- what can be claimed -----------------------------------------------------------------------------------


def claimable_of(
    terms: Terms, credit: Credit, verdicts: Sequence[Verdict], filed: Sequence[Claim], at: Instant
) -> Iterator[Claimable]:
    """What can be claimed of a credit at `at`, was claimed, or can be no more; `filed` are the claims."""
    whole = _whole(terms, credit, verdicts)
    if whole is None:
        return
    if _rule(whole).about == "item":
        yield from _of_items(whole, filed, at)
        return
    yield _placed(_with_issue(whole, filed, at), filed, at)


def _with_issue(whole: Claimable, filed: Sequence[Claim], at: Instant) -> Claimable:
    """A period by the last of its late items that can be claimed, where a deadline counts from that alone.

    It is in time as long as one on any of them is.
    """
    if not whole.items or until_of(whole.terms, whole.about, None, at) is not None:
        return whole
    items = [_of_item(whole, item, filed, at) for item in whole.items]
    dated = [one for one in items if one.until_at is not None]
    last = max(dated, key=lambda one: (one.until_at or 0, one.issue_at or 0), default=whole)
    return replace(whole, issue_at=last.issue_at)


def items_of(
    terms: Terms, credit: Credit, verdicts: Sequence[Verdict], filed: Sequence[Claim], at: Instant
) -> Iterator[Claimable]:
    """Every late item by which a credit can be claimed, whatever became of that; none where periods are."""
    whole = _whole(terms, credit, verdicts)
    if whole is not None and _rule(whole).about != "period":
        yield from (_of_item(whole, item, filed, at) for item in whole.items)


def happened_at(items: Iterable[Verdict]) -> Instant | None:
    """When that happened which is claimed for: an item was late or, where none was, due.

    The first of several; None if nobody can tell.
    """
    found = list(items)
    told = [one.late_after_at or one.due_at for one in [late for late in found if late.is_late] or found]
    return min((at for at in told if at is not None), default=None)


def clocks_counted(terms: Terms) -> tuple[ClockRule, ...]:
    """The deadlines whose items are counted by what can be claimed."""
    claimed = [rule for rule in terms.remedies if terms.claim is None or terms.claim.is_for(rule.name)]
    found = dict.fromkeys(clock_counted(terms, rule) for rule in claimed)
    return tuple(clock for clock in found if clock is not None)


def clock_counted(terms: Terms, remedy: RemedyRule) -> ClockRule | None:
    """The deadline whose items a remedy counts; None where it counts something else."""
    commit: CommitRule = next(one for one in terms.commits if one.name == remedy.of)
    indicator = terms.indicators[commit.indicator]
    if indicator.basis != "outcomes":
        return None
    return next(one for one in terms.clocks if one.name == indicator.of)


def _rule(one: Claimable) -> ClaimRule:
    assert one.terms.claim is not None, "nothing is claimed without"
    return one.terms.claim


def _whole(terms: Terms, credit: Credit, verdicts: Sequence[Verdict]) -> Claimable | None:
    """What can be claimed of a credit for its period, as if nobody had and it were in time; None: nothing."""
    own = terms.under(credit.plan)
    rule, remedy = own.claim, next(one for one in own.remedies if one.name == credit.key.commitment)
    if rule is None or not own.must_be_claimed(remedy.name) or remedy.unit == "termination":
        return None
    key = credit.commitment, credit.key.subject
    verdict = next((one for one in verdicts if (one.key.commitment, one.key.subject) == key), None)
    if verdict is None or verdict.measurement is None:
        return None
    why = _why(credit, verdict, rule)
    if why is None:
        return None
    period = verdict.measurement.period
    items = _late_items(own, remedy, verdicts, period)
    return Claimable(own, credit, verdict, period.label, period, why, "open", None, items=items)


def _why(credit: Credit, verdict: Verdict, rule: ClaimRule) -> Why | None:
    """Why something can be claimed; None if nothing can."""
    if credit.state == "owed":
        return "owed"
    if verdict.state == "met" or (verdict.state == "not applicable" and not verdict.is_open):
        return None
    if credit.state in ("undetermined", "open"):
        return "undetermined"
    if credit.state == "running":
        measured = verdict.measurement
        is_bad = measured is not None and bool(measured.bad)
        return "protective" if rule.protective and is_bad else None
    # Nothing is owed: yet it may be that only the complaint is missing.
    is_kept_open = rule.protective and credit.on_complaint and verdict.state in LATE
    return "protective" if is_kept_open else None


def _late_items(
    terms: Terms, remedy: RemedyRule, verdicts: Sequence[Verdict], period: Period
) -> tuple[Verdict, ...]:
    """The items of the period that were late, where items are what is counted."""
    clock = clock_counted(terms, remedy)
    return tuple(
        one
        for one in verdicts
        if clock is not None
        and one.key.commitment == clock.name
        and one.is_late
        and one.started_at is not None
        and period.start_at <= one.started_at < period.end_at
    )


def _of_items(whole: Claimable, filed: Sequence[Claim], at: Instant) -> Iterator[Claimable]:
    """The items that can still be complained about; one line for the period where none can."""
    placed = [_of_item(whole, item, filed, at) for item in whole.items]
    claim = _claim_of(whole, filed)
    still = [one for one in placed if one.standing == "open"]
    if claim is not None and not still:
        last = next((one for one in placed if one.about == claim.about), None)
        yield replace(whole, standing="claimed", claim=claim.id, until_at=last.until_at if last else None)
        return
    yield from sorted(still, key=lambda one: (one.until_at or 0, one.about))
    if not still and placed:
        latest = max(placed, key=lambda one: one.until_at or 0)
        yield replace(whole, standing="forfeited", until_at=latest.until_at)


def _of_item(whole: Claimable, item: Verdict, filed: Sequence[Claim], at: Instant) -> Claimable:
    """The same for one late item of the period."""
    own = replace(whole, about=item.key.subject, issue_at=happened_at([item]), items=(item,))
    return _placed(own, filed, at)


def _placed(one: Claimable, filed: Sequence[Claim], at: Instant) -> Claimable:
    """With its deadline, and whether it was claimed, can be, or no more.

    What was rejected can be claimed anew as long as a deadline is open.
    """
    until_at = until_of(one.terms, one.about, one.issue_at, at)
    claim = _claim_of(one, filed)
    is_over = until_at is not None and at > until_at
    if claim is not None:
        is_open = claim.state == "rejected" and until_at is not None and not is_over
        return replace(one, standing="open" if is_open else "claimed", claim=claim.id, until_at=until_at)
    return replace(one, standing="forfeited" if is_over else "open", until_at=until_at)


def _claim_of(one: Claimable, filed: Sequence[Claim]) -> Claim | None:
    """The claim under which it was claimed: the first that may be made, or was granted.

    One beside another, under which all is given, only where there is no such; one that was rejected, only
    where there is no other.
    """
    about = [claim for claim in filed if one.credit.key in claim.credits and not claim.is_withdrawn]
    good = [claim for claim in about if claim.admissibility != "inadmissible" or claim.granted_at is not None]
    return min(
        good,
        key=lambda claim: (claim.state == "rejected", bool(claim.beside), claim.filed_at, claim.id),
        default=None,
    )


def until_of(terms: Terms, about: str, issue_at: Instant | None, at: Instant) -> Instant | None:
    """The last instant at which a claim about a period or an item is filed in time; None: no deadline says.

    What its deadlines would say if it were filed at `at`.
    """
    assert terms.contract is not None
    data: dict[str, object] = {"contract": terms.contract.id, "about": about}
    if issue_at is not None:
        data["issue_at"] = format_instant(issue_at)
    fact = Fact(_DRAFT, _DRAFT, FILED, at, at, _DRAFT, Data(data))
    subject = fold_subject("claim", _DRAFT, (fact,), terms)
    assert subject is not None, "it is told that it is filed"
    outcomes = [judge(clock, terms, subject, at) for clock in terms.clocks if is_filing(clock)]
    dues = [one.due_at for outcome in outcomes for one in outcome.verdicts if one.due_at is not None]
    return min(dues, default=None)
