"""`upheld statement`: the statement of a contract for a period, and whether one comes out again."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from upheld.book.evaluate import Report
from upheld.book.statement import Asked, NotReproducibleError, Stating
from upheld.cli.book_arguments import book_about, evaluated, position, tell_findings
from upheld.cli.output import (
    DOES_NOT_HOLD,
    DONE,
    WRONG_USE,
    Stop,
    instant,
    named_target,
    now,
    paths,
    show,
    write_whole,
)
from upheld.cli.recording import record as keep
from upheld.core.facts.fact import Fact
from upheld.core.stating.rules import AnotherFormatError, RetiredRuleError
from upheld.core.stating.stated_period import kind_of, stated_period
from upheld.core.stating.statement import NotAStatementError, Statement, read_statement
from upheld.core.timeline.instant import format_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.files.folder import Folder
from upheld.render.naming import zone_of
from upheld.render.words import count

if TYPE_CHECKING:
    from upheld.cli.typesetting import SetPages

FORMS = ("text", "html", "pdf", "json")
SHOWN = 20
"""So many differences of a record are told one by one."""
_BY_ITS_RECORD = "; or give the record that was issued: --previous FILE"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="PATH",
        help="agreements, contracts, facts, observations; or folders of them",
    )
    # The paths take every word: which is the last one is seen when it is known what was asked.
    parser.add_argument(
        "contract", nargs="?", metavar="CONTRACT", help="the id of the contract, after the paths"
    )
    parser.add_argument("--period", metavar="2026-06", help="a month, a quarter (2026-Q2) or a year (2026)")
    parser.add_argument(
        "--at", metavar="INSTANT", help="the instant asked about, such as 2026-07-01T00:00:00Z (default: now)"
    )
    parser.add_argument(
        "--known",
        "--as-of",
        action=Named,
        metavar="N|INSTANT",
        help="only facts recorded up to this position or instant (default: all)",
    )
    parser.set_defaults(known_name="--known")
    parser.add_argument("--format", choices=FORMS, help="text (default), html, pdf, or json: the record")
    parser.add_argument(
        "--language",
        choices=("en", "nl"),
        default="en",
        help="the language of text, html and pdf (default: en)",
    )
    parser.add_argument("--output", type=named_target, metavar="FILE", help="write it to a file instead")
    parser.add_argument(
        "--previous",
        type=named_target,
        metavar="RECORD.json",
        help="the record that this one restates (default: the one last issued, computed again)",
    )
    parser.add_argument(
        "--issue", action="store_true", help="print the fact that it was given to the customer instead"
    )
    parser.add_argument(
        "--into", type=named_target, metavar="FILE.jsonl", help="also append that fact to this file"
    )
    parser.add_argument(
        "--verify", type=named_target, metavar="RECORD.json", help="compute a record again and compare"
    )


class Named(argparse.Action):
    """Keeps a value, and by which of its names the option was given, for what is said of it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Keeps both."""
        setattr(namespace, self.dest, values)
        setattr(namespace, f"{self.dest}_name", option_string or self.dest)


def run(options: argparse.Namespace) -> int:
    """Prints or writes the statement, the fact that it was issued, or what differs."""
    if options.verify is not None:
        return _verify(options)
    *words, contract = options.words
    if options.period is None:
        raise Stop("upheld: which period? give --period 2026-06, 2026-Q2 or 2026")
    if kind_of(options.period) is None:
        raise Stop(
            f"upheld: --period {options.period}: write a month (2026-06), quarter (2026-Q2) or year (2026)"
        )
    if not words:
        raise Stop(
            "upheld: give the paths of agreements, contracts and facts, and then the id of the contract"
        )
    if options.into is not None and not options.issue:
        raise Stop("upheld: --into is where a decision goes: give --issue, too")
    if options.issue and options.format is not None and options.output is None:
        raise Stop("upheld: --issue prints a fact: give --output FILE for the statement itself")
    if options.format == "pdf" and options.output is None:
        raise Stop("upheld: a PDF is no text for a terminal: give --output FILE.pdf")
    if options.format == "pdf":
        from upheld.cli.typesetting import typesetting

        with typesetting() as set_pages:
            return _state(options, words, contract, set_pages)
    return _state(options, words, contract)


def _state(
    options: argparse.Namespace, words: Sequence[str], contract: str, set_pages: SetPages | None = None
) -> int:
    book = book_about(contract, words, options.format or "text")
    known = position(book, options.known, options.known_name)
    report = evaluated(book, instant(options.at), known, contract=contract)
    left_out = tell_findings(book, report)
    stating = Stating(book, [contract], report)
    try:
        _refuse_period(report, contract, options.period)
        asked = Asked(contract, options.period, report.at, known)
        found = stating.statement(asked, _record(options.previous))
    except (AnotherFormatError, NotAStatementError) as fault:
        raise Stop(f"upheld: {options.previous}: {fault}") from None
    except NotReproducibleError as fault:
        raise Stop(f"upheld: {fault}{_BY_ITS_RECORD}") from None
    except BeyondHorizon as fault:
        raise Stop(f"upheld: {fault}") from None
    if options.output is not None or not options.issue:
        give(found, options, set_pages)
    if options.issue:
        issue(found, book, options.into, words)
    return WRONG_USE if left_out else DONE


def _refuse_period(report: Report, contract: str, label: str) -> None:
    """Stops at a period that has not begun, or that was over before the contract began."""
    terms = next(one for one in report.terms if one.contract is not None and one.contract.id == contract)
    period = stated_period(label, zone_of(terms))
    begins_at = report.evaluation.lives[contract].start_at
    if period.start_at > report.at:
        raise Stop(
            f"upheld: {label} has not begun as of {format_instant(report.at)}: ask --at a later instant"
        )
    if period.end_at <= begins_at:
        raise Stop(f"upheld: {contract} begins at {format_instant(begins_at)}, when {label} was over")


def give(found: Statement, options: argparse.Namespace, set_pages: SetPages | None = None) -> None:
    """Writes a statement in the form asked for, to the file asked for or to standard output."""
    form = options.format or "text"
    if form == "json":
        _put(found.text, options.output)
        return
    from upheld.render.prose.tongue import Tongue
    from upheld.render.statement.page import document

    told = document(found, Tongue(options.language))
    if set_pages is not None:
        from upheld.render.statement.html import printed
        from upheld.render.statement.pdf import NoPdfError

        try:
            write_whole(Path(options.output), set_pages(printed(told)))
        except NoPdfError as fault:
            raise Stop(f"upheld: {fault}") from None
        return
    if form == "html":
        from upheld.render.statement.html import html

        _put(html(told), options.output)
        return
    from upheld.render.statement.text import text

    if options.output is not None:
        write_whole(Path(options.output), text(told))
    else:
        show(text(told).splitlines())


def _put(text: str, output: str | None) -> None:
    if output is not None:
        write_whole(Path(output), text)
    else:
        sys.stdout.write(text)


def issue(found: Statement, book: Folder, into: str | None, read: Sequence[str]) -> None:
    """Prints the fact that a statement was given to the customer, and appends it where asked.

    Issued again, it is the same fact with the same id and body, so it counts once and is not appended again.
    """
    record = found.record
    chain, contract, label = record["chain"], record["contract"]["id"], record["period"]["label"]
    data = {
        "contract": contract,
        "period": label,
        "sha256": found.sha256,
        "number": chain["number"],
        "as_of": format_instant(record["at"]),
        "position": record["known"],
        **({"previous": chain["previous"]} if chain["previous"] is not None else {}),
    }
    fact = Fact(
        id=f"statement-{found.sha256[:24]}",
        source="upheld",
        type="statement.issued",
        at=record["at"],
        recorded_at=max(now(), record["at"]),
        subject=f"{contract}/{label}/{chain['number']}",
        data=data,
    )
    is_new = book.log.position_of(fact.key) is None
    keep([fact], [fact] if is_new else [], into, read)


def _record(name: str | None) -> Statement | None:
    """The statement in a file; None if none is named."""
    if name is None:
        return None
    (path,) = paths([name])
    try:
        return read_statement(path.read_text(encoding="utf-8"))
    except (NotAStatementError, UnicodeDecodeError) as fault:
        raise Stop(f"upheld: {path}: {fault}") from None


def _verify(options: argparse.Namespace) -> int:
    """Computes a record again; 1 if it comes out otherwise."""
    from upheld.book.statement_check import asked_by, verification

    given = _record(options.verify)
    assert given is not None
    try:
        book = book_about(asked_by(given).contract, options.words, "text")
        found = verification(book, given, _record(options.previous))
    except (AnotherFormatError, RetiredRuleError, NotAStatementError) as fault:
        raise Stop(f"upheld: {options.verify}: {fault}") from None
    except NotReproducibleError as fault:
        raise Stop(f"upheld: {options.verify}: {fault}{_BY_ITS_RECORD}") from None
    except BeyondHorizon as fault:
        raise Stop(f"upheld: {options.verify}: {fault}") from None
    if found.holds:
        show([f"{options.verify} holds: the same record comes out ({given.sha256})"])
        return DONE
    more = len(found.paths) - SHOWN
    rest = [f"  and {count(more, 'more place')}"] if more > 0 else []
    head = (
        f"{options.verify} does not hold: another record comes out ({found.computed.sha256}); it differs at"
    )
    told = [head, *(f"  {path}" for path in found.paths[:SHOWN]), *rest]
    if found.added:
        names = ", ".join(found.added[:SHOWN])
        told.append(f"since then it rests on {names}: told later, and recorded (`recordedtime`) as of before")
    show(told)
    return DOES_NOT_HOLD
