"""Claims as text and as data: the list for both sides, and the whole way of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from upheld.core.claiming.claim import Check, Claim, Determination, Step
from upheld.core.claiming.claimable import Claimable, FiledClaim, Next
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.words import local, until
from upheld.core.timeline.zone import Zone
from upheld.core.verdicts.credit import Credit, lost_of
from upheld.render import figures, words
from upheld.render.blocks import Block, Kind, TextLine, rows
from upheld.render.credits import owed
from upheld.render.naming import name_of, zone_of
from upheld.render.record_values import instant

_KINDS: tuple[Kind, ...] = ("subject", "subject", "text", "text", "state", "text")
NOTHING = "nothing is claimed, and nothing can be"
_WHY = {
    "owed": "it is owed",
    "undetermined": "nobody can tell whether it is owed",
    "protective": "to keep the period",
}


def claim_list(filed: Sequence[FiledClaim], found: Sequence[Claimable]) -> list[str]:
    """What was filed with what comes next, then what can still be claimed, then what no more can be."""
    lines: list[str] = []
    if filed:
        lines += ["filed", *_indented([filed_cells(one) for one in filed])]
    for title, standing in (("can be claimed", "open"), ("can be claimed no more", "forfeited")):
        told = [claimable_cells(one) for one in found if one.standing == standing]
        if told:
            lines += ["" for _ in lines[:1]] + [title, *_indented(told)]
    return lines or [NOTHING]


def claims_block(filed: Sequence[FiledClaim]) -> list[Block]:
    """The claims under one contract, as part of its report; nothing where there are none."""
    if not filed:
        return []
    cells = [filed_cells(one) for one in filed]
    told = rows(((name, *rest) for name, _, *rest in cells), _KINDS)
    return [TextLine(""), TextLine("Claims", "head"), *told]


def _indented(rows: Sequence[Sequence[str]]) -> list[str]:
    return words.table([list(row) for row in rows])


def filed_cells(one: FiledClaim) -> tuple[str, ...]:
    """Its id and contract, what it is about, when it was filed, whether it may be, its state, and next."""
    claim, zone = one.claim, zone_of(one.terms)
    more = ", which granted it: nothing more is given" if claim.gives_nothing else ""
    beside = f" (beside {claim.beside}{more})" if claim.beside else ""
    return (
        claim.id,
        claim.contract,
        claim.about or "–",
        f"filed {local(claim.filed_at, zone)}",
        claim.admissibility,
        f"{claim.state}{beside}",
        "; ".join(filter(None, (_next_text(one.next, zone), *dict.fromkeys(map(_lost, one.credits))))),
    )


def _lost(credit: Credit) -> str:
    return "; ".join(lost_of(credit.instalments, credit.currency))


def _next_text(next_: Next, zone: Zone) -> str:
    """provider: decide by Sat 2026-07-25 24:00; customer: add to it: proof by Wed 2026-07-15 24:00."""
    if next_.party == "nobody":
        return ""
    due = f" by {until(next_.due_at, zone)}" if next_.due_at is not None else ""
    also = f"; {_next_text(next_.also, zone)}" if next_.also is not None else ""
    return f"{next_.party}: {next_.what}{due}{also}"


def claimable_cells(one: Claimable) -> tuple[str, ...]:
    """What it is about, its contract, the remedy, why it can be claimed, how much it is, and until when."""
    zone = zone_of(one.terms)
    amount = _amount(one.credit.amount, one.credit.currency) if one.why == "owed" else ""
    by = "without a deadline" if one.until_at is None else f"until {until(one.until_at, zone)}"
    items = (
        f"{words.count(len(one.items), 'late item')}" if one.items and one.about == one.period.label else ""
    )
    return one.about, one.contract, one.credit.key.commitment, _WHY[one.why], amount or items, by


def _amount(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else figures.money(amount, currency)


def claimable_rows(found: Sequence[Claimable]) -> list[str]:
    """What can still be claimed, with its deadline first."""
    cells = [claimable_cells(one) for one in found]
    return _indented([(one[-1], *one[:-1]) for one in cells])


# -- one claim in full -------------------------------------------------------------------------------------


def claim_in_full(one: FiledClaim) -> list[str]:
    """The whole way of one claim: what it says, conditions, deadlines, decisions, what was computed."""
    claim, zone = one.claim, zone_of(one.terms)
    lines = [
        f"{claim.id}: {claim.state}, {claim.admissibility}",
        f"  {name_of(one.terms)}, about {claim.about or '–'}",
    ]
    lines += [f"  {line}" for line in (*_said(claim, zone), f"times are {zone.name}")]
    lines += ["conditions", *_indented([_check_cells(check) for check in claim.checks])]
    if claim.steps:
        lines += ["deadlines", *_indented([step_cells(step, zone) for step in claim.steps])]
    way = list(_way(claim, zone))
    if way:
        lines += ["what happened", *_indented(way)]
    lines += ["what was computed", *(f"  {line}" for line in _computed(one))]
    told = _next_text(one.next, zone)
    return [*lines, f"next: {told}"] if told else lines


def _said(claim: Claim, zone: Zone) -> Iterator[str]:
    by = f" by {claim.filed_by}" if claim.filed_by else ""
    channel = f", by {claim.channel}" if claim.channel else ""
    moments = [
        f"{name} {local(at, zone)}"
        for name, at in (("sent", claim.sent_at), ("received", claim.received_at))
        if at is not None
    ]
    told = f" ({', '.join(moments)})" if moments else ""
    yield f"filed {local(claim.filed_at, zone)}{by}{channel}{told}"
    for name in ("account", "metrics", "impact"):
        if getattr(claim.said, name):
            yield f"{name}: {getattr(claim.said, name)}"
    for evidence in claim.said.evidence:
        if evidence.references:
            yield f"attached: {', '.join(evidence.references)}"
        for start_at, end_at in evidence.intervals:
            yield f"as the customer saw it: {local(start_at, zone)} to {until(end_at, zone)}"


def _check_cells(check: Check) -> tuple[str, ...]:
    holds = {True: "holds", False: "does not hold", None: "cannot be told"}[check.holds]
    clauses = ", ".join(check.clauses)
    return check.of, holds, check.reason, f"({clauses})" if clauses else "", check.way_out


def step_cells(step: Step, zone: Zone) -> tuple[str, ...]:
    """A deadline, its state, when it is due, when it was done, and by which clauses."""
    due = f"due {until(step.due_at, zone)}" if step.due_at is not None else "no limit"
    done = f"done {local(step.done_at, zone)}" if step.done_at is not None else ""
    clauses = ", ".join(step.clauses)
    return step.deadline, step.state, due, done, f"({clauses})" if clauses else ""


def _way(claim: Claim, zone: Zone) -> Iterator[tuple[str, ...]]:
    """What happened to it, in order."""
    found: list[tuple[Instant, tuple[str, ...]]] = []
    if claim.acknowledged_at is not None:
        found.append((claim.acknowledged_at, ("acknowledged", "", "", "")))
    if claim.assessment is not None:
        seen = claim.assessment
        held = "admissible" if seen.is_admissible else "inadmissible"
        found.append((seen.at, ("assessed", f"held to be {held}", _by(seen.by), seen.reason)))
    found += [(one.at, _decision_cells(one)) for one in claim.decisions]
    found += [(one.at, ("approved", "", _by(one.by), "")) for one in claim.approvals]
    found += [(at, ("disputed", "", "", "")) for at in claim.disputes]
    found += [
        (one.at, ("disputed", "", _by(one.by), f"does not count: {one.objection}"))
        for one in claim.void_disputes
    ]
    if claim.withdrawn_at is not None:
        found.append((claim.withdrawn_at, ("withdrawn", "", "", "")))
    if claim.credited_at is not None:
        found.append((claim.credited_at, ("credited", "", "", "")))
    if claim.applied_at is not None:
        found.append((claim.applied_at, ("applied", "", "", "")))
    if claim.settled_at is not None:
        found.append((claim.settled_at, ("settled", "its memos cancel out", "", "")))
    for at, cells in sorted(found, key=lambda pair: pair[0]):
        yield (local(at, zone), *cells)


def _decision_cells(one: Determination) -> tuple[str, ...]:
    amount = f"{one.outcome} {_amount(one.amount, one.currency)}".strip()
    told = [one.reason, *(f"does not count: {reason}" for reason in one.objections)]
    if not one.objections and one.counts_at is None:
        told.append("counts when a second person agrees")
    told += [f"rests on {', '.join(one.evidence)}"] if one.evidence else []
    return "determined", amount, _by(one.by), "; ".join(text for text in told if text)


def _by(actor: str) -> str:
    return f"by {actor}" if actor else ""


def _computed(one: FiledClaim) -> Iterator[str]:
    """Each credit with what the numbers give, and the sum where there are several."""
    claim = one.claim
    if not one.credits:
        yield f"nothing: {_why_nothing(one)}"
        if claim.determination is not None and claim.determination.is_granting:
            yield "there is no credit that it is about: nothing is paid by what was decided"
        return
    for credit in one.credits:
        yield f"{credit.key.commitment} of {credit.key.subject}: {_told(one.terms, credit)}"
    if len(one.credits) > 1:
        total = "cannot be told" if claim.computed is None else _amount(claim.computed, claim.currency)
        yield f"in all: {total}"
    if claim.beside:
        more = ": nothing more is given" if claim.gives_nothing else ""
        yield f"the credit is given once, under {claim.beside}{more}"
    if claim.granted_at is not None and claim.granted is not None and claim.granted != claim.computed:
        yield f"granted: {_amount(claim.granted, claim.currency)}"


def _why_nothing(one: FiledClaim) -> str:
    if not one.items or any(item.is_late for item in one.items):
        return "it is about no period in which something could be owed"
    is_over = not any(item.is_open for item in one.items)
    return f"{one.claim.about} {'was' if is_over else 'is'} not late{'' if is_over else ' so far'}"


def _told(terms: Terms, credit: Credit) -> str:
    if credit.state not in ("owed", "not owed"):
        return f"cannot be told, it is {credit.state}"
    return owed(terms, credit) if credit.state == "owed" else "nothing"


# -- as data -----------------------------------------------------------------------------------------------


def claim_record(one: FiledClaim) -> dict[str, object]:
    """A claim by its names, instants as text, amounts as text."""
    claim = one.claim
    return {
        "id": claim.id,
        "contract": claim.contract,
        "about": claim.about,
        "state": claim.state,
        "admissibility": claim.admissibility,
        "filed_at": instant(claim.filed_at),
        "sent_at": instant(claim.sent_at),
        "received_at": instant(claim.received_at),
        "issue_at": instant(claim.issue_at),
        "filed_by": claim.filed_by or None,
        "channel": claim.channel or None,
        "account": claim.said.account or None,
        "metrics": claim.said.metrics or None,
        "impact": claim.said.impact or None,
        "evidence": [
            {
                "references": list(each.references),
                "intervals": [[instant(start_at), instant(end_at)] for start_at, end_at in each.intervals],
            }
            for each in claim.said.evidence
        ],
        "checks": [_check_record(check) for check in claim.checks],
        "steps": [_step_record(step) for step in claim.steps],
        "acknowledged_at": instant(claim.acknowledged_at),
        "assessment": None
        if claim.assessment is None
        else {
            "at": instant(claim.assessment.at),
            "by": claim.assessment.by or None,
            "admissible": claim.assessment.is_admissible,
            "reason": claim.assessment.reason or None,
        },
        "decisions": [_decision_record(each, claim) for each in claim.decisions],
        "disputed_at": instant(claim.disputed_at),
        "void_disputes": [
            {"at": instant(one.at), "by": one.by, "objection": one.objection} for one in claim.void_disputes
        ],
        "withdrawn_at": instant(claim.withdrawn_at),
        "credits": [{"remedy": key.commitment, "subject": key.subject} for key in claim.credits],
        "beside": claim.beside or None,
        "computed": None if claim.computed is None else str(claim.computed),
        "granted": None if claim.granted is None or claim.granted_at is None else str(claim.granted),
        "currency": claim.currency or None,
        "granted_at": instant(claim.granted_at),
        "credited_at": instant(claim.credited_at),
        "applied_at": instant(claim.applied_at),
        "settled_at": instant(claim.settled_at),
        "next": _next_record(one.next),
    }


def _next_record(next_: Next) -> dict[str, object]:
    return {
        "party": next_.party,
        "what": next_.what,
        "due": instant(next_.due_at),
        "also": None if next_.also is None else _next_record(next_.also),
    }


def _check_record(check: Check) -> dict[str, object]:
    return {
        "of": check.of,
        "holds": check.holds,
        "reason": check.reason or None,
        "clauses": list(check.clauses),
        "way_out": check.way_out or None,
    }


def _step_record(step: Step) -> dict[str, object]:
    return {
        "deadline": step.deadline,
        "acts": list(step.acts),
        "state": step.state,
        "due": instant(step.due_at),
        "done": instant(step.done_at),
        "clauses": list(step.clauses),
    }


def _decision_record(one: Determination, claim: Claim) -> dict[str, object]:
    return {
        "at": instant(one.at),
        "by": one.by or None,
        "outcome": one.outcome,
        "amount": None if one.amount is None else str(one.amount),
        "currency": one.currency or None,
        "reason": one.reason or None,
        "evidence": list(one.evidence),
        "counts_at": instant(one.counts_at),
        "objections": list(one.objections),
        "needs_second": one.needs_second,
        "second": one.second or None,
        "holds": one == claim.determination,
    }


def claimable_record(one: Claimable) -> dict[str, object]:
    """What can be claimed, by its names."""
    return {
        "contract": one.contract,
        "remedy": one.credit.key.commitment,
        "subject": one.credit.key.subject,
        "about": one.about,
        "why": one.why,
        "standing": one.standing,
        "until": instant(one.until_at),
        "issue_at": instant(one.issue_at),
        "credit": one.credit.state,
        "amount": None if one.credit.amount is None else str(one.credit.amount),
        "currency": one.credit.currency or None,
        "items": [item.key.subject for item in one.items],
        "claim": one.claim or None,
    }
