"""The arguments of commands that ask a book, and the report they start from."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from upheld.book.answers import findings_told
from upheld.book.evaluate import Report, evaluate
from upheld.book.horizon import beyond_horizon
from upheld.book.strangers import strangers
from upheld.cli.output import Stop, instant, paths, refuse, tell
from upheld.core.timeline.instant import Instant, parse_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.finding import Finding, has_errors, in_order
from upheld.core.values.frozen import replace
from upheld.files.folder import Folder, read_book
from upheld.render.records import dumps, findings_record
from upheld.render.summary import Numbered

POSITION_DIGITS = 18
_AS_DECLARED = frozenset({"unknown-fact-type", "unknown-field", "missing-field", "bad-field"})
"""What is told of facts by what agreements declare of them."""


def add_book(parser: argparse.ArgumentParser, positional: bool = True) -> None:
    """The files, the instant asked about, and what was known."""
    if positional:
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            help="agreements, contracts, facts, observations; or folders of them",
        )
    parser.add_argument(
        "--at", metavar="INSTANT", help="the instant asked about, such as 2026-06-30T22:00:00Z (default: now)"
    )
    parser.add_argument(
        "--known",
        metavar="N|INSTANT",
        help="only facts recorded up to this position or instant (default: all); observations count always",
    )
    parser.add_argument("--contract", metavar="ID", help="only this contract")


def book_of(given: Iterable[Path]) -> Folder:
    """The book of files and folders, with its observations. OSError if one cannot be read."""
    return with_observations(read_book(given))


def with_observations(book: Folder, providers: Collection[str] | None = None) -> Folder:
    """The same book, its files of observations and lakes opened, with what is wrong with them.

    Those of some providers only, where they are named.
    """
    if not book.observed:
        return book
    from upheld.lake.opening import open_observations  # what has none should not load databases

    observations, findings = open_observations(
        book.observed, book.terms, meanwhile=book.meanwhile, providers=providers
    )
    return replace(book, observations=observations, findings=in_order([*book.findings, *findings]))


def report_of(options: argparse.Namespace, words: Sequence[str]) -> tuple[Folder, Report]:
    """The book and its report; stops with every finding if an agreement or a contract is not right."""
    book = _checked(words, options.format)
    if options.contract and options.contract not in {t.contract.id for t in book.terms if t.contract}:
        raise Stop(f"upheld: there is no contract {options.contract} among these files")
    book = with_observations(book)
    return book, evaluated(book, instant(options.at), position(book, options.known), options.format)


def book_for(words: Sequence[str], form: str) -> Folder:
    """The book; stops with every finding if an agreement or a contract is not right, or if there is none."""
    return with_observations(_checked(words, form))


def book_about(contract: str, words: Sequence[str], form: str) -> Folder:
    """As `book_for`, without the observations that a contract has nothing to do with: of other providers."""
    book = _checked(words, form)
    own = {one.provider for one in book.terms if one.contract and one.contract.id == contract}
    if not own:
        raise Stop(f"upheld: there is no contract {contract} among these files")
    return with_observations(book, own)


def _checked(words: Sequence[str], form: str) -> Folder:
    """The book without its observations, its texts sound."""
    book = read_book(paths(words))
    _refuse_texts(book, form)
    if not book.terms:
        raise Stop("upheld: there is no contract among these files, so there is nothing to evaluate")
    return book


def _refuse_texts(book: Folder, form: str) -> None:
    """Stops if an agreement or a contract is not right, with what else is wrong, as far as that is sure.

    Which types of facts there are, and what they hold, an agreement that cannot be read does not say.
    """
    of_texts = [one for one in book.findings if not one.place.file.endswith(".jsonl")]
    if not has_errors(of_texts):
        return
    told = [one for one in book.findings if one in of_texts or one.code not in _AS_DECLARED]
    if form == "json":
        print(dumps({"findings": findings_record(told)}), end="")
    refuse(told)


def evaluated(
    book: Folder, at: Instant, known: int | None, form: str = "text", contract: str | None = None
) -> Report:
    """The report, of one contract or all; stops with every finding where years are lacking to judge one."""
    asked = None if contract is None else (contract,)
    try:
        return evaluate(book, at, known, contracts=asked)
    except BeyondHorizon as fault:
        position = len(book.log) if known is None else min(known, len(book.log))
        facts = book.log.effective(at, position)
        terms = [one for one in book.terms if asked is None or (one.contract and one.contract.id in asked)]
        beyond = tuple(beyond_horizon(terms, facts, at, book.observations))
        if not beyond:
            raise Stop(f"upheld: {fault}") from None
        of_facts = (*book.log.findings_at(position), *strangers(book.terms, facts))
        found = in_order([*book.findings, *book.meanwhile, *of_facts, *beyond])
        if form == "json":
            print(dumps({"findings": findings_record(found)}), end="")
        refuse(found)
        raise


def position(book: Folder, text: str | None, name: str = "--known") -> int | None:
    """The position of `--known`, or of `name`; None if everything is known."""
    if text is None:
        return None
    if text.isdecimal() and len(text) <= POSITION_DIGITS:
        if int(text) > len(book.log):
            raise Stop(f"upheld: {name} {text}: there is no such position; the last one is {len(book.log)}")
        return int(text)
    try:
        return book.log.position_at(parse_instant(text))
    except ValueError as fault:
        raise Stop(f"upheld: {name} {text}: neither a position nor an instant ({fault})") from None


def numbered(options: argparse.Namespace, report: Report) -> Iterator[Numbered]:
    """The verdicts asked for, with their numbers in the whole report."""
    for number, terms, verdict in report.numbered():
        if options.contract in (None, verdict.key.contract):
            yield Numbered(number, terms, verdict)


def findings_of(book: Folder, report: Report) -> tuple[Finding, ...]:
    """What is wrong with the facts, and which of them count nowhere.

    Where observations are left out because something is wrong with them, that tells why there are none.
    """
    return findings_told(in_order([*book.findings, *book.meanwhile]), report)


OF_THE_WHOLE: Final = frozenset({"unobserved"})
"""Codes of what is missing in a report as a whole, which one verdict or deadline need not have to do with."""


def tell_findings(book: Folder, report: Report, but: frozenset[str] = frozenset()) -> bool:
    """Tells what is wrong with the input, `but` for some codes; whether some of it had to be left out."""
    found = [one for one in findings_of(book, report) if one.severity != "note" and one.code not in but]
    tell(found)
    return has_errors(found)
