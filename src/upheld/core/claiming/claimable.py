"""What can be claimed, and what comes next for a claim: values, and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from upheld.core.claiming.claim import Claim, Step
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import dataclass
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import LATE, OPEN, Verdict

Party = Literal["customer", "provider", "nobody"]
Standing = Literal["open", "claimed", "forfeited"]
Why = Literal["owed", "undetermined", "protective"]
_ACTS_OF_CUSTOMER: Final = frozenset({"filed", "disputed", "supplemented", "withdrawn"})


class Next(NamedTuple):
    """What comes next for a claim, whose turn it is, and until when; no instant where nothing says so."""

    party: Party
    what: str
    due_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class FiledClaim:
    """A claim with the terms that it is under, and what comes next."""

    terms: Terms
    claim: Claim
    next: Next


@dataclass(frozen=True, slots=True)
class Claimable:
    """What can be claimed: the credit of a period, or an item that was late in it.

    `why` it can: it is owed, it may be owed (nobody can tell), or it may come to be owed (the period still
    runs, or the claim keeps it). `until_at` is the last instant in time; None: no deadline. `claim` is under
    which it was claimed. `issue_at` is when that which is claimed for happened, if it is one thing.
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


def next_of(claim: Claim) -> Next:
    """What comes next, by how far the claim has come."""
    due = _open_step(claim.steps)
    state = claim.state
    if state in ("applied", "withdrawn"):
        return Next("nobody", "nothing")
    if state in ("accepted", "partly accepted"):
        return Next("provider", "issue the credit")
    if state == "credited":
        return Next("provider", "set the credit off")
    if state == "rejected":
        own = _open_step(claim.steps, of_customer=True)
        return Next("customer", "dispute it, or leave it", own.due_at if own else None)
    if state == "second decision needed":
        return Next("provider", "a second person has to agree", due.due_at if due else None)
    last = claim.decisions[-1] if claim.decisions else None
    if last is not None and last.objections and state != "disputed":
        return Next("provider", f"decide anew: {last.objections[0]}", due.due_at if due else None)
    if state == "disputed":
        return Next("provider", "decide on the dispute", due.due_at if due else None)
    missing = next((check for check in claim.checks if check.of == "form" and check.holds is False), None)
    if missing is not None:
        return Next("customer", f"add what is missing: it {missing.reason}")
    return Next("provider", "decide", due.due_at if due else None)


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
