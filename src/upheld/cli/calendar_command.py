"""`upheld calendar`: elapsed time, deadlines and opening hours, one question at a time or by the thousand."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, file_at, instant, refuse, show
from upheld.core.timeline.calendar import BusinessDayError, Calendar
from upheld.core.timeline.instant import format_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.amount import parse_amount
from upheld.files.folder import read_agreement_file, read_map
from upheld.language.world import YEARS
from upheld.render.calendars import opening_rows
from upheld.render.records import dumps, seconds
from upheld.render.words import length, local, until

FILE = "an agreement's file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    questions = parser.add_subparsers(dest="question", required=True, metavar="QUESTION")
    elapsed = questions.add_parser("elapsed", help="the open time between two instants")
    _add_calendar(elapsed)
    elapsed.add_argument("start", metavar="FROM", help="an instant, such as 2026-06-05T14:30:00Z")
    elapsed.add_argument("end", metavar="TO", help="the instant up to which it counts")
    deadline = questions.add_parser("deadline", help="when an amount of time is used up")
    _add_calendar(deadline)
    deadline.add_argument("start", metavar="FROM", help="an instant, such as 2026-06-05T14:30:00Z")
    deadline.add_argument("amount", metavar="AMOUNT", help="such as 2h, '1 business day', 15d")
    shown = questions.add_parser("show", help="when it is open")
    _add_calendar(shown)
    shown.add_argument("--from", dest="start", metavar="INSTANT", help="from here (default: now)")
    shown.add_argument("--days", type=int, default=14, metavar="N", help="so many days (default: 14)")
    batch = questions.add_parser(
        "batch", help="questions as JSON lines, answers as JSON lines (see docs/reference/calendar-batch.md)"
    )
    batch.add_argument("file", nargs="?", metavar="FILE", help="the questions (default: standard input)")
    batch.add_argument("--agreement", metavar="FILE", help=f"{FILE} whose calendars can be named")
    batch.add_argument("--plan", default="", help="the plan whose calendars are meant")
    batch.add_argument(
        "--years", default="", metavar="A-B", help="the years that can be asked about (default: 1990-2040)"
    )
    for question in (elapsed, deadline, shown):
        add_format(question)


def _add_calendar(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=FILE)
    parser.add_argument("calendar", metavar="CALENDAR", help="one of its calendars, by name")
    parser.add_argument("--plan", default="", help="the plan whose calendar is meant")
    parser.add_argument("--contract", metavar="FILE", help="a contract's file, with what it overrides")


def run(options: argparse.Namespace) -> int:
    """Answers the question."""
    if options.question == "batch":
        return _batch(options)
    calendars = _calendars(options.file, options.plan, contract=options.contract)
    if options.calendar not in calendars:
        known = ", ".join(calendars)
        raise Stop(f"upheld: {options.file} has no calendar {options.calendar}; it has {known}")
    calendar = calendars[options.calendar]
    try:
        record, lines = _answer(options, calendar)
    except (BeyondHorizon, BusinessDayError) as fault:
        raise Stop(f"upheld: {fault}") from None
    if options.format == "json":
        print(dumps(record), end="")
    else:
        show(lines)
    return DONE


def _answer(options: argparse.Namespace, calendar: Calendar) -> tuple[dict[str, object], list[str]]:
    zone = calendar.rule.zone
    start_at = instant(options.start, "FROM")
    if options.question == "elapsed":
        end_at = instant(options.end, "TO")
        counted_us = calendar.elapsed(start_at, end_at)
        record: dict[str, object] = {"elapsed_s": seconds(counted_us)}
        return record, [f"{length(counted_us)} from {local(start_at, zone)} to {local(end_at, zone)}"]
    if options.question == "deadline":
        try:
            amount = parse_amount(options.amount)
        except ValueError as fault:
            raise Stop(f"upheld: {options.amount}: {fault}") from None
        due_at, last_at = calendar.deadline(start_at, amount), calendar.last_in_time(start_at, amount)
        record = {"due_at": format_instant(due_at), "last_in_time_at": format_instant(last_at)}
        lines = [f"{until(due_at, zone)} ({zone.name}), {amount} after {local(start_at, zone)}"]
        if last_at != due_at:
            lines.append(f"in time until {local(last_at, zone)}, since nothing counts between")
        return record, lines
    end_at = zone.day_start(zone.local_of(start_at)[0] + timedelta(days=options.days))
    spans = calendar.spans.clip(start_at, end_at)
    opened = [{"opens_at": format_instant(a), "closes_at": format_instant(b)} for a, b in spans]
    return {"zone": zone.name, "open": opened}, opening_rows(calendar, start_at, end_at)


def _calendars(
    file: str, plan: str, years: tuple[int, int] = YEARS, contract: str | None = None
) -> Mapping[str, Calendar]:
    """The calendars of an agreement, as one of its plans, or a contract, has them."""
    from upheld.language.compile import compile_terms

    agreement, findings = read_agreement_file(file_at(file, "agreement"))
    refuse(findings)
    assert agreement is not None
    bound = None
    if contract is not None:
        bound, findings = read_map(file_at(contract, "contract"))
        refuse(findings)
    terms, found = compile_terms(agreement.node, contract=bound, plan=plan, lock=agreement.lock, years=years)
    refuse(found)
    assert terms is not None
    return terms.calendars


def _batch(options: argparse.Namespace) -> int:
    from upheld.files.calendar_batch import BATCH_YEARS, Batch

    years = years_of(options.years) if options.years else BATCH_YEARS
    known = _calendars(options.agreement, options.plan, years) if options.agreement else {}
    batch = Batch(known, years)
    name = options.file or "standard input"
    try:
        source = Path(options.file).open("rb") if options.file else sys.stdin.buffer  # noqa: SIM115 - closed below
    except OSError as fault:
        raise Stop(f"upheld: {name}: {fault.strerror or fault}") from None
    with source:
        for number, line in enumerate(source, start=1):
            if answer := batch.answer(line, name, number):
                sys.stdout.write(answer + "\n")
                sys.stdout.flush()  # whoever talks with a batch waits for this line before the next question
    return WRONG_USE if batch.failed else DONE


def years_of(text: str) -> tuple[int, int]:
    """The years asked for, such as 1990-2037; those every calendar is compiled for if there are none."""
    if not text:
        return YEARS
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1900 <= int(first) <= int(last) <= 2199):
        raise Stop(f"upheld: --years {text}: give two years from 1900 to 2199, such as 1990-2037")
    return int(first), int(last)
