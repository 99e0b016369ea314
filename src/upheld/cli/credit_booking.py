"""The forms of `upheld credit` that decide: each prints its fact, and appends it to a file if asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from upheld.book.memos import Memos, applicable_minor, invoice_room_minor
from upheld.cli.book_arguments import add_book
from upheld.cli.output import DONE, Stop, named_target, now
from upheld.cli.recording import record
from upheld.core.accounting.booking import apply, close, issue, void
from upheld.core.accounting.ledger import APPLIED, CLOSED, ISSUED, VOIDED, minor_of, next_month, void_fault
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.proposing import numbered
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import Instant, datetime_of, format_instant
from upheld.core.values.frozen import replace
from upheld.export.format import amount_text
from upheld.files.folder import Folder
from upheld.render.memos import amount as money
from upheld.render.words import visible

UNBILLED = "the contract has no `billing`, so the document names no parties and no tax"
CARRIED_OVER = "are not set off there: they carry over to the next invoice"
BOOKING = ("issue", "apply", "void", "close")


def add_booking(forms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words of the forms."""
    issued = forms.add_parser("issue", help="give what is proposed a number: the facts credit.issued")
    add_book(issued)
    issued.add_argument(
        "--memo", action="append", default=[], metavar="ID", help="only this one; may be repeated"
    )
    applied = forms.add_parser("apply", help="set a memo against an invoice: the fact credit.applied")
    add_book(applied)
    applied.add_argument("memo", metavar="ID|NUMBER", help="a memo by its id or its number")
    applied.add_argument("--invoice", default="", metavar="ID", help="the invoice that it is set against")
    applied.add_argument(
        "--pay-out", action="store_true", help="against no invoice: it is paid out, or given as service"
    )
    applied.add_argument(
        "--amount", metavar="N", help="how much, without tax (default: what is due on the invoice)"
    )
    voided = forms.add_parser("void", help="take an issued memo back: the fact credit.voided")
    add_book(voided)
    voided.add_argument("memo", metavar="ID|NUMBER", help="a memo by its id or its number")
    voided.add_argument("--reason", required=True, metavar="TEXT", help="why")
    closed = forms.add_parser("close", help="close a month: the fact period.closed")
    add_book(closed)
    closed.add_argument("--entity", required=True, metavar="NAME", help="the legal entity")
    closed.add_argument("--month", required=True, metavar="2026-06", help="the month")
    for parser in (applied, voided, closed):
        parser.add_argument("--by", default="", metavar="WHO", help="who decides")
    for parser in (issued, applied, voided, closed):
        parser.add_argument(
            "--into", type=named_target, metavar="FILE.jsonl", help="also append the facts to this file"
        )


def run_booking(options: argparse.Namespace, book: Folder, found: Memos, code: int) -> int:
    """Prints the facts of a decision; stops if the ledger or the question does not allow it."""
    if code != DONE:
        raise Stop("upheld: mend what is wrong with the facts first; nothing is decided")
    if not found.is_newest:
        message = "the ledger of credits goes on after what was asked for; nothing is decided"
        raise Stop(f"upheld: {message}\n    way out: give a later --at, and leave out --known")
    in_force = book.log.effective(found.report.at, found.report.known)
    facts = _DECIDES[options.form](options, in_force, found)
    told = {fact.key for fact in in_force}
    for fact in facts:
        if fact.key in told:
            what = visible(f"{fact.type} of {fact.subject}")
            print(
                f"upheld: {what} is told since {format_instant(fact.at)}: nothing is added", file=sys.stderr
            )
    recorded_at = max(now(), found.report.at)
    facts = [fact if fact.key in told else _new(fact, book, recorded_at) for fact in facts]
    record(facts, [fact for fact in facts if fact.key not in told], options.into, options.paths)
    return DONE


def _new(fact: Fact, book: Folder, recorded_at: Instant) -> Fact:
    """A decision under an id that no fact has: one that was withdrawn keeps its own, and can be made anew."""
    taken = {one.key for one in book.log}
    name, number = fact.id, 1
    while fact.key in taken:
        number += 1
        fact = replace(fact, id=f"{name}/{number}")
    return replace(fact, recorded_at=recorded_at)


def _issue(options: argparse.Namespace, facts: Sequence[Fact], found: Memos) -> Sequence[Fact]:
    asked = _asked(options.memo, found) if options.memo else found.of(options.contract)
    issued = {memo.id for memo in asked if memo.status not in ("expected", "proposed")}
    again = [fact for fact in facts if fact.type == ISSUED and fact.subject in issued and options.memo]
    if expected := [memo.id for memo in asked if memo.status == "expected" and options.memo]:
        raise Stop(f"upheld: {', '.join(expected)}: not granted, so there is nothing to issue")
    proposed = numbered([memo for memo in asked if memo.status == "proposed"], found.ledger)
    if not proposed and not again:
        print("upheld: nothing is proposed, so nothing is issued", file=sys.stderr)
    for memo in proposed:
        if memo.billing is None and memo.currency:
            print(f"upheld: {visible(memo.id)}: {UNBILLED}", file=sys.stderr)
    in_order = sorted(proposed, key=lambda memo: (memo.entity, memo.sequence))
    return [*again, *map(issue, in_order)]


def _asked(names: Sequence[str], found: Memos) -> Sequence[CreditMemo]:
    """The memos that are named, each once: one may be named twice, or by its id and by its number."""
    return tuple({memo.id: memo for memo in (_named(found, name) for name in names)}.values())


def _apply(options: argparse.Namespace, facts: Sequence[Fact], found: Memos) -> Sequence[Fact]:
    memo = _named(found, options.memo)
    if bool(options.invoice) == options.pay_out:
        raise Stop(f"upheld: {_way_of_paying(options, memo, found)}")
    before = next((fact for fact in _about(facts, APPLIED, memo) if _invoice(fact) == options.invoice), None)
    if before is not None and options.amount is None:
        return [before]
    if before is not None:
        where = f"against invoice {options.invoice}" if options.invoice else "out"
        raise Stop(f"upheld: {memo.id} was set {where} before; correct that fact to change its amount")
    if memo.status == "settled":
        netted = _netted(memo, found)
        raise Stop(f"upheld: what was open of {memo.id} cancels out with other memos of its credit: {netted}")
    if memo.status not in ("issued", "outstanding"):
        raise Stop(f"upheld: {memo.id} is {memo.status}: only what is issued is applied")
    if options.invoice and options.invoice not in found.invoices(memo.contract):
        message = f"there is no invoice {options.invoice} of contract {memo.contract} among the facts"
        raise Stop(f"upheld: {message}\n    way out: record contract.invoice_issued first")
    amount_minor = _amount(options, memo, found)
    left = memo.open_minor
    room = invoice_room_minor(found, memo, options.invoice) if options.invoice else None
    if room is not None and amount_minor > room:
        most = money(room, memo.currency, memo.digits)
        raise Stop(f"upheld: on invoice {options.invoice} there is room for {most} more")
    if not (0 < amount_minor <= left or left <= amount_minor < 0):
        told = [money(one, memo.currency, memo.digits) for one in (left, amount_minor)]
        raise Stop(f"upheld: of {memo.id} {told[0]} are left, not {told[1]}")
    due_minor = applicable_minor(found, memo, options.invoice) if options.invoice else 0
    if 0 < amount_minor < due_minor:
        rest = money(due_minor - amount_minor, memo.currency, memo.digits)
        print(f"upheld: {rest} of what is due on {options.invoice} {CARRIED_OVER}", file=sys.stderr)
    return [apply(memo, amount_minor, options.invoice, found.report.at, options.by)]


def _way_of_paying(options: argparse.Namespace, memo: CreditMemo, found: Memos) -> str:
    """What has to be said where it is not clear how a memo reaches the customer."""
    if options.invoice:
        return "give --invoice or --pay-out, not both"
    due_minor = applicable_minor(found, memo, "")
    amount = f"{amount_text(due_minor, memo.digits)} {memo.currency or 'days of service'}"
    what = f"without an invoice {amount} of {memo.id} would be paid out, without tax"
    return f"{what}\n    way out: give --invoice ID, or --pay-out if that is meant"


def _amount(options: argparse.Namespace, memo: CreditMemo, found: Memos) -> int:
    if options.amount is None:
        amount_minor = applicable_minor(found, memo, options.invoice)
        if not amount_minor:
            raise Stop(f"upheld: {_nothing_due(memo, found)}")
        return amount_minor
    try:
        given = Decimal(options.amount)
        told = minor_of(given, memo.digits) if given.is_finite() else None
    except InvalidOperation:
        told = None
    if told is None:
        raise Stop(f"upheld: --amount {options.amount}: give a number with {memo.digits} decimals at most")
    return told


def _netted(memo: CreditMemo, found: Memos) -> str:
    """What a memo gives or takes back, and the others of its credit with which it is netted."""
    others = [
        one
        for one in found.memos
        if (one.contract, one.remedy, one.subject) == (memo.contract, memo.remedy, memo.subject)
        and one.currency == memo.currency
        and one.status not in ("expected", "proposed", "voided")
    ]
    told = ", ".join(
        f"{one.number} is {money(one.net_minor, one.currency, one.digits)}, "
        f"of which {money(one.applied_minor, one.currency, one.digits)} is applied"
        for one in others
    )
    return told if len(others) > 1 else ""


def _nothing_due(memo: CreditMemo, found: Memos) -> str:
    """That nothing of a memo is due on an invoice, and why where others of its credit stand beside it."""
    netted = _netted(memo, found)
    told = f"nothing of {memo.id} is due on it by its instalments{f': {netted}' if netted else ''}"
    return f"{told}\n    way out: give --amount to set it against an invoice all the same"


def _void(options: argparse.Namespace, facts: Sequence[Fact], found: Memos) -> Sequence[Fact]:
    memo = _named(found, options.memo)
    if before := _about(facts, VOIDED, memo):
        return before[:1]
    if memo.status in ("expected", "proposed"):
        raise Stop(f"upheld: {memo.id} is {memo.status}: only what is issued is taken back")
    if fault := void_fault(memo, found.ledger.closed, max(now(), found.report.at)):
        raise Stop(f"upheld: {fault[1]}")
    return [void(memo, options.reason, found.report.at, options.by)]


def _close(options: argparse.Namespace, facts: Sequence[Fact], found: Memos) -> Sequence[Fact]:
    from upheld.cli.credit_command import month_of

    month, at = month_of(options.month, found.report.at), found.report.at
    known = {memo.entity for memo in found.memos}
    if known and options.entity not in known:
        raise Stop(f"upheld: there is no legal entity {options.entity}: there is {', '.join(sorted(known))}")
    fact = close(options.entity, month, at, options.by)
    before = [one for one in facts if one.type == CLOSED and one.subject == fact.subject]
    if not before and datetime_of(at).date() < date.fromisoformat(f"{next_month(month)}-01"):
        raise Stop(f"upheld: {month} is not over, so it cannot be closed")
    return before[:1] or [fact]


def _about(facts: Sequence[Fact], kind: str, memo: CreditMemo) -> list[Fact]:
    """The facts in force of a type about a memo."""
    return [fact for fact in facts if fact.type == kind and fact.subject == memo.id]


def _invoice(fact: Fact) -> str:
    return str(fact.data.get("invoice") or "")


def _named(found: Memos, name: str) -> CreditMemo:
    from upheld.cli.credit_command import memo_named

    return memo_named(found, name)


_DECIDES = {"issue": _issue, "apply": _apply, "void": _void, "close": _close}
