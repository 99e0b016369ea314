"""`upheld credit`: credit memos, listed, issued, applied, exported, and what finance asks of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from upheld.book.memos import Memos, accruals, ageing, memos
from upheld.cli.book_arguments import add_book, report_of, tell_findings
from upheld.cli.credit_booking import BOOKING, add_booking, run_booking
from upheld.cli.forecast_command import add_drawing, drawing
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, named_target, show, tell, write_whole
from upheld.core.accounting.memo import CreditMemo, by_number
from upheld.core.terms.remedy import Pay
from upheld.core.timeline.instant import Instant, datetime_of
from upheld.core.values.finding import has_errors
from upheld.files.folder import Folder
from upheld.render.blocks import Block, lines_of
from upheld.render.memo_records import accrual_record, ageing_record, memo_record
from upheld.render.memos import accrual_table, ageing_table, memo_in_full, memo_list
from upheld.render.records import dumps

STATUSES = ("expected", "proposed", "issued", "applied", "settled", "outstanding", "voided")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    forms = parser.add_subparsers(dest="form", required=True, metavar="FORM")
    listed = forms.add_parser("list", help="every memo: issued, proposed, expected")
    add_book(listed)
    listed.add_argument("--status", choices=STATUSES, help="only those that are so")
    add_format(listed)
    shown = forms.add_parser("show", help="one memo in full")
    add_book(shown)
    add_memo(shown)
    add_format(shown)
    add_booking(forms)
    exported = forms.add_parser("export", help="issued memos as other systems read them")
    add_book(exported)
    exported.add_argument(
        "--memo", action="append", default=[], metavar="ID|NUMBER", help="only this one; may be repeated"
    )
    exported.add_argument(
        "--format",
        default="csv",
        metavar="NAME",
        help="csv (default), stripe, ubl, or another that is installed",
    )
    exported.add_argument(
        "--out", type=named_target, metavar="FILE|DIR", help="a file for each, or one of all; default: output"
    )
    accrual = forms.add_parser("accrual", help="what is to come at the end of a month: least, most, expected")
    add_book(accrual)
    accrual.add_argument("--month", metavar="2026-06", help="the month (default: that of --at, in UTC)")
    add_drawing(accrual)
    add_format(accrual)
    ageing = forms.add_parser("ageing", help="what is granted and not applied, by age")
    add_book(ageing)
    add_format(ageing)


def add_memo(parser: argparse.ArgumentParser) -> None:
    """The memo that is asked about, after the files."""
    parser.add_argument("memo", metavar="ID|NUMBER", help="a memo by its id or its number")


def run(options: argparse.Namespace) -> int:
    """Prints what is asked, or the fact of what is decided."""
    form = "text" if options.form == "export" else getattr(options, "format", "text")
    book, report = report_of(argparse.Namespace(**{**vars(options), "format": form}), options.paths)
    found = memos(book, report)
    left_out = tell_findings(book, report)
    tell(found.ledger.findings)
    code = WRONG_USE if left_out or has_errors(found.ledger.findings) else DONE
    if options.form in BOOKING:
        return run_booking(options, book, found, code)
    return _ASKED[options.form](options, book, found) or code


def _list(options: argparse.Namespace, book: Folder, found: Memos) -> int:
    own = by_number(found.of(options.contract))
    told = [memo for memo in own if options.status in (None, memo.status)]
    _print(options, [memo_record(memo) for memo in told], memo_list(told))
    return DONE


def _show(options: argparse.Namespace, book: Folder, found: Memos) -> int:
    memo = memo_named(found, options.memo)
    _print(options, memo_record(memo), memo_in_full(memo, _pay_of(found, memo), found.credit_of(memo)))
    return DONE


def _pay_of(found: Memos, memo: CreditMemo) -> Pay | None:
    """How the remedy of a memo is paid; None if the terms have it no more."""
    told = (one for one in found.report.terms if one.contract and one.contract.id == memo.contract)
    plans = (own for one in told for own in (one, *one.plans.values()) if own.plan == memo.trace.plan)
    return next((rule.pay for own in plans for rule in own.remedies if rule.name == memo.remedy), None)


def memo_named(found: Memos, name: str) -> CreditMemo:
    """The memo of an id or a number; stops if there is none."""
    memo = found.memo(name)
    if memo is None:
        raise Stop(f"upheld: there is no credit memo {name}; `upheld credit list` names all")
    return memo


def _accrual(options: argparse.Namespace, book: Folder, found: Memos) -> int:
    month = month_of(options.month, found.report.at)
    told = accruals(book, found, month, options.contract, *drawing(options))
    _print(options, accrual_record(month, told), accrual_table(month, told, found.report.at))
    return DONE


def month_of(text: str | None, at: Instant) -> str:
    """A month given as a word, that of an instant (in UTC) if none is."""
    if text is None:
        return f"{datetime_of(at):%Y-%m}"
    try:
        if len(text) != len("2026-06"):
            raise ValueError
        date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Stop(f"upheld: --month {text}: write it as year and month, such as 2026-06") from None
    return text


def _ageing(options: argparse.Namespace, book: Folder, found: Memos) -> int:
    told = ageing(book, found, options.contract)
    _print(options, ageing_record(told), ageing_table(told))
    return DONE


def _print(options: argparse.Namespace, record: object, blocks: Sequence[Block]) -> None:
    if options.format == "json":
        print(dumps(record), end="")
    else:
        show(lines_of(blocks))


def _export(options: argparse.Namespace, book: Folder, found: Memos) -> int:
    """Writes what has a number; what a form cannot say is told, and the rest is written."""
    from upheld.export.format import formats

    known = formats()
    if options.format not in known:
        raise Stop(f"upheld: --format {options.format}: there is {', '.join(known) or 'none'}")
    form = known[options.format]()
    if options.memo:
        told = [memo_named(found, name) for name in options.memo]
    else:
        own = by_number(found.of(options.contract))
        told = [memo for memo in own if memo.status not in ("expected", "proposed")]
        told = told if options.format == "csv" else [memo for memo in told if memo.status != "voided"]
    sound = []
    for memo in told:
        faults = form.faults(memo) if memo.issued_at is not None else ("it is not issued",)
        faults = ("it is only proposed: issue it first",) if memo.status == "proposed" else faults
        if faults:
            tell_left_out(memo, faults)
        else:
            sound.append(memo)
    groups = [[memo] for memo in sound] if form.is_each else [sound]
    if options.out is None:
        for group in groups:
            print(form.text(group), end="")
    elif form.is_each:
        for group in groups:
            folder = Path(options.out)
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / f"{_file_name(group[0].number)}{form.suffix}", form.text(group))
        show([f"{options.out}: {len(groups)} written"])
    else:
        write_whole(Path(options.out), form.text(sound))
    return WRONG_USE if len(sound) < len(told) else DONE


def _file_name(number: str) -> str:
    """A number as the name of a file: what could lead elsewhere is a dash."""
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in number)


def tell_left_out(memo: CreditMemo, faults: Sequence[str]) -> None:
    """On standard error: what has no such form, and why."""
    import sys

    from upheld.render.words import visible

    for fault in faults:
        print(visible(f"upheld: {memo.id} is left out: {fault}"), file=sys.stderr)


_ASKED = {"list": _list, "show": _show, "export": _export, "accrual": _accrual, "ageing": _ageing}
