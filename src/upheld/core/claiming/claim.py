"""A claim: what its facts say of it, whether it is admissible, and what was decided. All of it is kept.

What the numbers give (the verdict and the credit), whether a claim may be made (admissibility) and what the
provider decides (determination) are three things; none of them overwrites another. Source: design 8.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Grant
from upheld.core.verdicts.verdict import State

Admissibility = Literal["admissible", "inadmissible", "cannot be told"]
Outcome = Literal["accepted", "partly", "rejected"]
ClaimState = Literal[
    "drafted",
    "filed",
    "acknowledged",
    "assessed",
    "second decision needed",
    "accepted",
    "partly accepted",
    "rejected",
    "disputed",
    "credited",
    "applied",
    "settled",
    "withdrawn",
]
"""How far a claim has come. `second decision needed`: it is decided, and another person has yet to agree.
`settled`: the memos of its credit cancel out, and nothing of them was set off."""
CheckedOf = Literal["deadline", "moment", "form", "standing", "channel"]


class Step(NamedTuple):
    """One act that a deadline of the agreement is about, with what became of it."""

    deadline: str
    acts: tuple[str, ...]
    state: State
    due_at: Instant | None
    done_at: Instant | None
    clauses: tuple[str, ...] = ()


class Check(NamedTuple):
    """One condition of admissibility: whether it holds (None: cannot be told), why not, and which clause."""

    of: CheckedOf
    holds: bool | None
    reason: str = ""
    clauses: tuple[str, ...] = ()
    way_out: str = ""


class Evidence(NamedTuple):
    """What the customer attached: references, and stretches in which it was down as the customer saw it."""

    references: tuple[str, ...] = ()
    intervals: tuple[tuple[Instant, Instant], ...] = ()
    fact: FactRef | None = None


class Said(NamedTuple):
    """What the claim says in its own words; empty where it says nothing."""

    account: str = ""
    metrics: str = ""
    impact: str = ""
    evidence: tuple[Evidence, ...] = ()


class Assessment(NamedTuple):
    """What somebody of the provider thinks of the claim, beside what the engine found."""

    at: Instant
    by: str
    is_admissible: bool
    reason: str
    fact: FactRef


class Determination(NamedTuple):
    """One decision of the provider. `amount` None: what was computed.

    `objections` are why it does not count until somebody else decides; `second` is who agreed with it.
    """

    at: Instant
    by: str
    outcome: Outcome
    amount: Decimal | None
    currency: str
    reason: str
    evidence: tuple[str, ...]
    fact: FactRef
    objections: tuple[str, ...] = ()
    second: str = ""
    second_at: Instant | None = None
    needs_second: bool = False

    @property
    def counts_at(self) -> Instant | None:
        """From when it counts; None: it does not, or not yet."""
        if self.objections:
            return None
        if not self.needs_second:
            return self.at
        return self.second_at

    @property
    def is_granting(self) -> bool:
        """Whether anything is granted by it."""
        return self.outcome != "rejected"


class Approval(NamedTuple):
    """A second person agrees with a decision."""

    at: Instant
    by: str
    fact: FactRef


class VoidDispute(NamedTuple):
    """A dispute that does not count, and why: it is not the customer's."""

    at: Instant
    by: str
    objection: str


class Conflict(NamedTuple):
    """Who recorded (or corrected) a cause that bears on the claim, and as which attribution: they may not
    decide on it."""

    by: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as of an instant. Instants in microseconds UTC.

    `about` is what it names: a period, an item or nothing, then with `issue_at` an instant. `start_at` and
    `end_at` are the ends of the period it names. `filed_at` is from when it counts, of what was `sent_at` or
    `received_at`. `decisions` are all, `determination` is the one that holds. `credits` are the cells that it
    bears on (remedy and period); `beside` is an earlier claim about the same, under which the credit is
    given. `computed` is what the numbers give in all, of one currency; None: it cannot be told. `plan` is
    the one whose terms it is under.
    """

    id: str
    contract: str
    about: str
    filed_at: Instant
    recorded_at: Instant
    start_at: Instant | None = None
    end_at: Instant | None = None
    issue_at: Instant | None = None
    sent_at: Instant | None = None
    received_at: Instant | None = None
    filed_by: str = ""
    actor: str = ""
    channel: str = ""
    said: Said = Said()
    steps: tuple[Step, ...] = ()
    checks: tuple[Check, ...] = ()
    acknowledged_at: Instant | None = None
    assessment: Assessment | None = None
    decisions: tuple[Determination, ...] = ()
    approvals: tuple[Approval, ...] = ()
    disputes: tuple[Instant, ...] = ()
    void_disputes: tuple[VoidDispute, ...] = ()
    withdrawn_at: Instant | None = None
    conflicts: tuple[Conflict, ...] = ()
    credits: tuple[CellKey, ...] = ()
    beside: str = ""
    computed: Decimal | None = None
    currency: str = ""
    plan: str = ""
    credited_at: Instant | None = None
    applied_at: Instant | None = None
    settled_at: Instant | None = None
    refs: tuple[FactRef, ...] = ()

    @property
    def admissibility(self) -> Admissibility:
        """Inadmissible if one condition does not hold, admissible if all do."""
        held = {check.holds for check in self.checks}
        if False in held:
            return "inadmissible"
        return "cannot be told" if None in held else "admissible"

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back before anything was decided that counts."""
        taken_back_at = self.withdrawn_at
        counting = (one.counts_at for one in self.decisions)
        return taken_back_at is not None and not any(
            at is not None and at <= taken_back_at for at in counting
        )

    @property
    def determination(self) -> Determination | None:
        """The decision that holds: the last that counts."""
        return next((one for one in reversed(self.decisions) if one.counts_at is not None), None)

    @property
    def pending(self) -> Determination | None:
        """A decision that waits for a second person; None if there is none."""
        last = self.decisions[-1] if self.decisions else None
        return last if last is not None and not last.objections and last.counts_at is None else None

    @property
    def behind(self) -> tuple[FactRef, ...]:
        """The facts that a credit rests on: its filing, and the decision that grants it."""
        decided = self.determination
        return self.refs[:1] if decided is None or not decided.is_granting else (*self.refs[:1], decided.fact)

    @property
    def gives_nothing(self) -> bool:
        """Whether it was granted and nothing is given for it: another claim has granted all of it before."""
        return bool(self.beside) and self.granted_at is not None

    @property
    def disputed_at(self) -> Instant | None:
        """When the decision that holds was disputed; None if it was not."""
        decided = self.determination
        if decided is None or decided.counts_at is None:
            return None
        after = decided.counts_at
        return next((at for at in self.disputes if at >= after), None)

    @property
    def grants(self) -> tuple[Grant, ...]:
        """How much every decision that counts grants in all, from when on; None: what was computed."""
        return tuple(
            Grant(at, one.amount if one.is_granting else Decimal(0))
            for one in self.decisions
            if (at := one.counts_at) is not None
        )

    @property
    def granted_at(self) -> Instant | None:
        """When it was granted, in whole or in part; None if it was not."""
        decided = self.determination
        return decided.counts_at if decided is not None and decided.is_granting else None

    @property
    def was_granted(self) -> bool:
        """Whether a decision that counted granted anything, be it taken back by a later one."""
        return any(one.is_granting and one.counts_at is not None for one in self.decisions)

    @property
    def granted(self) -> Decimal | None:
        """How much is granted: what the decision says, else what was computed; None if nothing is, or that
        is not known. Beside a claim that has granted all of it before that is nothing.
        """
        decided = self.determination
        if decided is None:
            return None
        if not decided.is_granting or self.gives_nothing:
            return Decimal(0)
        return self.computed if decided.amount is None else decided.amount

    @property
    def state(self) -> ClaimState:
        """How far it has come."""
        if self.is_withdrawn:
            return "withdrawn"
        if self.disputed_at is not None:
            return "disputed"
        decided = self.determination
        if decided is None and self.pending is not None:
            return "second decision needed"
        if decided is None:
            if self.assessment is not None:
                return "assessed"
            return "acknowledged" if self.acknowledged_at is not None else "filed"
        if not decided.is_granting:
            return "rejected"
        if self.applied_at is not None:
            return "applied"
        if self.settled_at is not None:
            return "settled"
        if self.credited_at is not None:
            return "credited"
        return "accepted" if decided.outcome == "accepted" else "partly accepted"
