"""The steps of a claim as facts: filed, assessed, determined, approved, disputed, withdrawn."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from upheld.book.claims import claims
from upheld.book.evaluate import Report, evaluate
from upheld.cli.book_arguments import add_book
from upheld.cli.output import DONE, Stop, instant, named_target, now
from upheld.cli.recording import record
from upheld.core.claiming.claim import Claim
from upheld.core.claiming.claimable import Claimable, FiledClaim
from upheld.core.claiming.deciding import person
from upheld.core.claiming.folding import DECIDES
from upheld.core.facts.fact import Data, Fact
from upheld.core.facts.fact_check import interval_of
from upheld.core.terms.agreement import Terms
from upheld.core.terms.rounding import minor_digits
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.values.frozen import replace
from upheld.core.verdicts.credit import lost_of
from upheld.files.folder import Folder
from upheld.render.figures import money
from upheld.render.naming import zone_of
from upheld.render.words import count, until

STEPS: Final = ("file", "supplement", "assess", "determine", "approve", "dispute", "withdraw")
_OUTCOMES: Final = ("accepted", "partly", "rejected")
_SOURCE: Final = "upheld"
NOTHING_OWED: Final = "nothing that has to be claimed is owed for it, as it stands"
UNKNOWN: Final = "what is owed cannot be told, so nothing is paid until it can; --amount says how much"
NOTHING: Final = "by the numbers nothing is owed, so nothing is granted; --amount says how much"
GIVEN_ONCE: Final = (
    "the credit is given once, under {under}, which granted it before: nothing more is given by this "
    "decision; to grant more, decide on a dispute of {under}"
)
NO_CREDIT: Final = "there is no credit that it is about, as it stands, so nothing is paid by this decision"
MORE: Final = "more is granted than the {computed} that the numbers give"
LANGUAGES: Final = ("en", "nl")
_SAID: Final = ("account", "metrics", "impact")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}", re.ASCII)


def add_steps(forms: Any) -> None:
    """The forms that print a fact."""
    filed = forms.add_parser("file", help="the customer files a claim")
    add_book(filed)
    filed.add_argument("of", metavar="CONTRACT", help="the contract under which it is claimed")
    filed.add_argument(
        "about", metavar="PERIOD|ITEM", help="a period such as 2026-06, or an item that was late"
    )
    filed.add_argument("--id", metavar="CLAIM", help="the id of the claim (default: CONTRACT-PERIOD)")
    filed.add_argument("--sent", metavar="INSTANT", help="when it was sent (default: --at)")
    filed.add_argument("--received", metavar="INSTANT", help="when it arrived")
    filed.add_argument(
        "--channel", metavar="CHANNEL", help="by which channel (default: the first that the agreement allows)"
    )
    filed.add_argument("--filed-by", metavar="NAME", help="who of the customer files it")
    filed.add_argument(
        "--language",
        choices=LANGUAGES,
        default="en",
        help="of what it says: en (default) or nl",
    )
    _add_said(filed)
    _add_step(forms, "supplement", "the customer adds to what a claim says", actor=False)
    assessed = _add_step(forms, "assess", "somebody looks at it, beside what the engine found")
    assessed.add_argument(
        "admissible",
        choices=("admissible", "inadmissible"),
        metavar="FINDING",
        help="what they hold it to be: admissible or inadmissible",
    )
    determined = _add_step(forms, "determine", "the provider decides")
    determined.add_argument(
        "outcome",
        choices=_OUTCOMES,
        metavar="OUTCOME",
        help="the decision: accepted, partly (which needs --amount) or rejected",
    )
    determined.add_argument("--amount", metavar="AMOUNT", help="how much is granted, such as 49.90")
    determined.add_argument("--evidence", action="append", default=[], metavar="REF", help="what it rests on")
    _add_step(forms, "approve", "a second person agrees with the decision")
    _add_step(forms, "dispute", "the customer does not accept the decision", actor=False)
    _add_step(forms, "withdraw", "the customer takes the claim back", actor=False)
    for name, parser in forms.choices.items():
        if name in STEPS:
            parser.add_argument(
                "--into", type=named_target, metavar="FILE.jsonl", help="also append the fact to this file"
            )


def _add_step(forms: Any, name: str, purpose: str, *, actor: bool = True) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = forms.add_parser(name, help=purpose)
    add_book(parser)
    parser.add_argument("claim", metavar="CLAIM", help="the id of the claim")
    parser.add_argument("--actor", required=actor, metavar="NAME", help="who does it")
    parser.add_argument("--reason", metavar="TEXT", help="why")
    if name == "supplement":
        _add_said(parser)
    return parser


def _add_said(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", metavar="TEXT", help="the account it is for")
    parser.add_argument("--metrics", metavar="TEXT", help="what was measured")
    parser.add_argument("--impact", metavar="TEXT", help="what that meant for the customer")
    parser.add_argument("--evidence", action="append", default=[], metavar="REF", help="what is attached")
    parser.add_argument(
        "--interval",
        action="append",
        default=[],
        metavar="START/END",
        help="when it was down, as the customer saw it; may be repeated",
    )


def run_step(options: argparse.Namespace, book: Folder, report: Report) -> int:
    """Prints the fact of a step, if it can be taken."""
    if options.form == "file":
        return _file(options, book, report)
    from upheld.cli.claim_command import claim_named

    filed = claims(book, report, options.contract)
    one = claim_named(filed, options.claim)
    claim = one.claim
    data: dict[str, object] = {}
    if options.actor:
        data["actor"] = options.actor
    if options.reason:
        data["reason"] = options.reason
    fact_type, more = _STEP[options.form](options, claim, one.terms)
    leading = next((one.claim for one in filed if one.claim.id == claim.beside), None)
    if more.get("outcome", "rejected") != "rejected" and leading is not None and leading.granted_at:
        print(f"upheld: {claim.id}: {GIVEN_ONCE.format(under=leading.id)}", file=sys.stderr)
    told = [fact for fact in book.log if (fact.type, fact.subject) == (fact_type, claim.id)]
    said = Data({**data, **more})
    again = next((one for one in told if (one.source, one.at, one.data) == (_SOURCE, report.at, said)), None)
    if again is not None:  # the same step is the same fact, and stands there already
        record([again], [], options.into, options.paths)
        return DONE
    number = f"-{len(told) + 1}" if told else ""
    # The same step has the same id and body, so it counts once.
    fact = _fact(fact_type, f"{claim.id}{number}", claim.id, report.at, said)
    for objection in _objections(book, fact):
        print(f"upheld: {claim.id}: it does not count: {objection}", file=sys.stderr)
    for reason in _lost(book, fact):
        print(f"upheld: {claim.id}: {reason}", file=sys.stderr)
    record([fact], [fact], options.into, options.paths)
    return DONE


def _objections(book: Folder, disputed: Fact) -> Iterator[str]:
    """Why a dispute would not count, once it is told."""
    if disputed.type != "claim.disputed":
        return
    later = replace(book, log=book.log.with_facts([disputed]))
    for one in claims(later, evaluate(later, disputed.at)):
        if one.claim.id == disputed.subject:
            yield from (void.objection for void in one.claim.void_disputes if void.at == disputed.at)


def _lost(book: Folder, decided: Fact) -> Iterator[str]:
    """What of a claim's credits is lost though it is granted, once a decision or an approval is told."""
    if decided.type not in ("claim.determined", "claim.approved"):
        return
    later = replace(book, log=book.log.with_facts([decided]))
    for one in claims(later, evaluate(later, decided.at)):
        if one.claim.id == decided.subject and one.claim.granted_at is not None:
            told = (lost_of(own.instalments, own.currency) for own in one.credits)
            yield from dict.fromkeys(reason for reasons in told for reason in reasons)


def _fact(type_: str, name: str, claim: str, at: Instant, data: Mapping[str, object]) -> Fact:
    return Fact(f"{type_}-{name}", _SOURCE, type_, at, max(now(), at), claim, Data(data))


def _why_not(book: Folder, filed: Fact) -> Iterator[str]:
    """Why a claim would not be admissible, or nobody could tell, once this is told."""
    later = replace(book, log=book.log.with_facts([filed]))
    report = evaluate(later, filed.at)
    found = (one.claim for one in claims(later, report) if one.claim.id == filed.subject)
    for claim in found:
        yield from (check.reason for check in claim.checks if not check.holds)
        credits_ = {one.key: one.state for one in report.evaluation.credits_of(claim.contract)}
        if {credits_[key] for key in claim.credits} <= {"not owed"}:
            yield NOTHING_OWED


def _claimed_already(one: Claimable, filed: Sequence[FiledClaim]) -> str:
    """As what something is claimed already: itself, or by another item of its period."""
    claim = next(other.claim for other in filed if other.claim.id == one.claim)
    if claim.about in ("", one.about):
        return f"{one.about} is claimed already, as {one.claim}"
    remedy, of = one.credit.key.commitment, one.credit.key.subject
    told = f"{remedy} of {of}, in which {one.about} is, is claimed already, as {claim.id} about {claim.about}"
    if one.until_at is None:
        return told
    return f"{told}; about {one.about} itself it is in time until {until(one.until_at, zone_of(one.terms))}"


def _file(options: argparse.Namespace, book: Folder, report: Report) -> int:
    from upheld.cli.claim_command import what_is_filed
    from upheld.render.prose.claim_draft import draft_record

    name = options.id or f"{options.of}-{options.about}"
    if _NAME.fullmatch(name) is None:
        raise Stop(f"upheld: --id {name}: write letters, digits and . _ / -")
    filed = claims(book, report)
    if any(other.claim.id == name for other in filed):
        raise Stop(f"upheld: there is a claim {name} already; give another one a name with --id")
    rule, issue_at, one = what_is_filed(book, report, options.of, options.about)
    if one is not None and one.standing == "claimed" and options.id is None:
        raise Stop(f"upheld: {_claimed_already(one, filed)}; two claims give one credit")
    drafted = {"account": options.of} if one is None else draft_record(one, options.language)
    data: dict[str, object] = {"contract": options.of, "about": options.about}
    if issue_at is not None:
        data["issue_at"] = format_instant(issue_at)
    sent_at = report.at if options.sent is None else instant(options.sent, "--sent")
    data["sent_at"] = format_instant(sent_at)
    told_at = sent_at
    if options.received is not None:
        told_at = instant(options.received, "--received")
        data["received_at"] = format_instant(told_at)
        if told_at < sent_at:
            raise Stop("upheld: --received is before --sent")
    if told_at > report.at:
        raise Stop(
            f"upheld: {format_instant(told_at)} is yet to come at {format_instant(report.at)}: see --at"
        )
    channel = options.channel or (rule.channels[0] if rule.channels else "")
    data |= {"channel": channel} if channel else {}
    data |= {"filed_by": options.filed_by} if options.filed_by else {}
    data |= {said: text for said, text in drafted.items() if said in _SAID and said in rule.include}
    data |= _said(options)
    fact = _fact("claim.filed", name, name, told_at, data)
    for reason in _why_not(book, fact):
        print(f"upheld: {options.about}: {reason}", file=sys.stderr)
    record([fact], [fact], options.into, options.paths)
    return DONE


def _said(options: argparse.Namespace) -> dict[str, object]:
    """What the customer says; intervals that are none are refused."""
    data = {name: getattr(options, name) for name in _SAID if getattr(options, name)}
    if options.evidence:
        data["evidence"] = options.evidence
    for text in options.interval:
        if interval_of(text) is None:
            way_out = "write it as 2026-06-05T14:30:00Z/2026-06-05T14:55:00Z"
            raise Stop(f"upheld: --interval {text}: {way_out}")
    if options.interval:
        data["intervals"] = options.interval
    return data


_Step = tuple[str, Mapping[str, object]]


def _supplement(options: argparse.Namespace, claim: Claim, terms: Terms) -> _Step:
    _tell_over(claim)
    said = _said(options)
    if not said:
        raise Stop("upheld: nothing is added: give --account, --metrics, --impact, --evidence or --interval")
    return "claim.supplemented", said


def _assess(options: argparse.Namespace, claim: Claim, terms: Terms) -> _Step:
    _tell_over(claim)
    return "claim.assessed", {"admissible": options.admissible == "admissible"}


def _determine(options: argparse.Namespace, claim: Claim, terms: Terms) -> _Step:
    _tell_over(claim)
    decided = claim.determination
    if decided is not None and claim.disputed_at is None:
        by = f" by {decided.by}" if decided.by else ""
        raise Stop(
            f"upheld: {claim.id} is determined already: {decided.outcome}{by}; "
            "another decision counts only after a dispute"
        )
    own = next((one for one in claim.conflicts if person(one.by) == person(options.actor)), None)
    if own is not None:
        raise Stop(
            f"upheld: {options.actor} recorded or changed the cause {own.attribution}, which bears on "
            f"{claim.id}; somebody else has to decide"
        )
    more: dict[str, object] = {"outcome": options.outcome}
    if options.outcome == "partly" and options.amount is None:
        raise Stop("upheld: partly: say how much is granted with --amount")
    if options.outcome == "rejected" and options.amount is not None:
        raise Stop("upheld: rejected: nothing is granted, so leave --amount out")
    if options.amount is not None:
        contract = terms.contract
        currency = claim.currency or (contract.currency if contract is not None else "")
        more["amount"] = amount = _amount(options.amount, currency)
        more |= {"currency": currency} if currency else {}
        if claim.computed is not None and options.outcome == "partly" and amount > claim.computed:
            told = MORE.format(computed=money(claim.computed, claim.currency))
            print(f"upheld: {claim.id}: {told}", file=sys.stderr)
    if options.evidence:
        more["evidence"] = options.evidence
    if options.outcome != "rejected" and not claim.credits:
        print(f"upheld: {claim.id}: {NO_CREDIT}", file=sys.stderr)
    elif options.outcome == "accepted" and options.amount is None and not claim.computed:
        is_unknown = claim.computed is None
        print(f"upheld: {claim.id}: {UNKNOWN if is_unknown else NOTHING}", file=sys.stderr)
    return "claim.determined", more


def _amount(text: str, currency: str) -> Decimal:
    """An amount that is not negative, and can be paid in its currency."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0 or re.fullmatch(r"\d{1,15}(\.\d{1,4})?", text, re.ASCII) is None:
        raise Stop(f"upheld: --amount {text}: write a number such as 49.90")
    digits = minor_digits(currency)
    if currency and amount != round(amount, digits):
        finest = count(digits, "decimal") if digits else "no decimals"
        raise Stop(f"upheld: --amount {text}: {currency} has {finest}, and nothing finer can be paid")
    return amount


def _approve(options: argparse.Namespace, claim: Claim, terms: Terms) -> _Step:
    _tell_over(claim)
    pending = claim.pending
    if pending is None:
        raise Stop(f"upheld: {claim.id} has no decision that waits for a second person")
    if not pending.by:
        raise Stop(
            f"upheld: who decided on {claim.id} is not known, so nobody can tell whether this is another"
        )
    if person(options.actor) == person(pending.by):
        raise Stop(f"upheld: {options.actor} has decided on {claim.id}; another person has to agree")
    if any(person(one.by) == person(options.actor) for one in claim.conflicts):
        raise Stop(
            f"upheld: {options.actor} recorded a cause that bears on {claim.id}; somebody else has to agree"
        )
    return "claim.approved", {}


def _dispute(options: argparse.Namespace, claim: Claim, terms: Terms) -> _Step:
    if claim.determination is None:
        raise Stop(f"upheld: {claim.id} is not determined, so there is nothing to dispute")
    if claim.disputed_at is not None:
        raise Stop(f"upheld: {claim.id} is disputed already")
    deciding = {person(one.by) for one in claim.decisions} | {person(one.by) for one in claim.approvals}
    if options.actor and person(options.actor) in deciding:
        raise Stop(f"upheld: {DECIDES.format(by=options.actor)}")
    return "claim.disputed", {}


def _withdraw(options: argparse.Namespace, claim: Claim, terms: Terms) -> _Step:
    _tell_over(claim)
    if claim.determination is not None:
        raise Stop(f"upheld: {claim.id} is determined; what is decided cannot be taken back")
    return "claim.withdrawn", {}


def _tell_over(claim: Claim) -> None:
    if claim.is_withdrawn:
        raise Stop(f"upheld: {claim.id} was withdrawn")


_STEP: Final = {
    "supplement": _supplement,
    "assess": _assess,
    "determine": _determine,
    "approve": _approve,
    "dispute": _dispute,
    "withdraw": _withdraw,
}
