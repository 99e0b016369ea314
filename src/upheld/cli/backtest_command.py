"""`upheld backtest`: the same facts under another version, plan, reading or level."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from upheld.book.backtest import backtest, promised_levels, promised_targets
from upheld.book.backtest_page import compared
from upheld.book.backtest_terms import Change, Page, terms_under, with_plans
from upheld.cli.book_arguments import add_book, evaluated, position, tell_findings, with_observations
from upheld.cli.forecast_command import add_drawing, drawing
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, instant, paths, refuse, show
from upheld.core.terms.agreement import Terms
from upheld.core.values.frozen import replace
from upheld.files.folder import Folder, read_agreement_file, read_book
from upheld.language.library import AgreementFile
from upheld.language.node import Mapping as MapNode
from upheld.render import backtest as page
from upheld.render.backtest_records import backtest_record
from upheld.render.records import dumps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument("new", metavar="NEW", help="the agreement that is tried")
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="the agreements and contracts in force, facts, observations; or folders of them",
    )
    parser.add_argument(
        "--facts", metavar="PATH", action="append", default=[], help="as PATH; may be given several times"
    )
    parser.add_argument(
        "--against", metavar="OLD", help="the agreement compared with (default: each contract's own version)"
    )
    parser.add_argument("--plan", metavar="PLAN", help="put the contracts on this plan of NEW")
    parser.add_argument(
        "--take",
        metavar="ASSUMPTION=OPTION",
        action="append",
        default=[],
        help="take another reading; may be given several times",
    )
    parser.add_argument(
        "--level",
        metavar="COMMITMENT=LEVEL",
        action="append",
        default=[],
        help="try another level (uptime=99.9%%) or target (response=2h); may be given several times",
    )
    add_book(parser, positional=False)
    add_drawing(parser)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints what flips, the money of it, and what could have been promised."""
    draws, seed = drawing(options)
    change = Change(options.plan or "", _pairs(options.take, "--take"), _pairs(options.level, "--level"))
    words = [*options.paths, *options.facts]
    if not words:
        raise Stop("upheld: give the contracts and facts too: upheld backtest NEW PATH...")
    new = _agreement(options.new)
    old = _agreement(options.against) if options.against else None
    book = read_book(paths(words))
    # With another old side it does not matter whether the version that a contract names is there.
    ignored = _VERSIONS if old is not None else frozenset[str]()
    of_texts = [one for one in book.findings if not one.place.file.endswith(".jsonl")]
    refuse([one for one in of_texts if one.code not in ignored])
    contracts = _contracts(options, book, new)
    after = _terms(new, contracts, change, book)
    before = _own(book, after) if old is None else _terms(old, contracts, Change(), book)
    at = instant(options.at)
    of_facts = tuple(one for one in book.findings if one not in of_texts)
    book = with_observations(replace(book, terms=after, findings=of_facts))
    known = position(book, options.known)
    reports = [evaluated(replace(book, terms=terms), at, known, options.format) for terms in (before, after)]
    left_out = tell_findings(book, reports[1])
    levels = promised_levels(reports[1], book.observations, draws, seed)
    found = compared(backtest(*reports), levels, promised_targets(reports[1]))
    if options.format == "json":
        print(dumps(backtest_record(found)), end="")
    else:
        show(page.backtest_lines(found))
    return WRONG_USE if left_out else DONE


_VERSIONS = frozenset({"unknown-agreement", "unknown-version", "ambiguous-agreement"})


def _pairs(given: Iterable[str], name: str) -> dict[str, str]:
    """NAME=VALUE as often as given."""
    found: dict[str, str] = {}
    for text in given:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not (key and equals and value):
            example = "enterprise-gap=no credit" if name == "--take" else "uptime=99.9%"
            raise Stop(f"upheld: {name} {text}: write a name and a value, such as {name} '{example}'")
        found[key] = value
    return found


def _agreement(word: str) -> AgreementFile:
    """An agreement's file; stops with what is wrong with it."""
    (path,) = paths([word])
    if path.is_dir():
        raise Stop(f"upheld: {path} is a folder: name the file of the agreement")
    found, findings = read_agreement_file(path)
    refuse(findings)
    if found is None or found.node.get("document") is None:
        raise Stop(f"upheld: {path} is no agreement: it has no `document`")
    return found


def _contracts(options: argparse.Namespace, book: Folder, new: AgreementFile) -> list[MapNode]:
    """The contracts under an agreement of that name, or the one asked for."""
    found = [one for one in book.contracts if one.agreement == new.name]
    if options.contract:
        found = [one for one in book.contracts if one.id == options.contract]
        if not found:
            raise Stop(f"upheld: there is no contract {options.contract} among these files")
    if not found:
        raise Stop(
            f"upheld: there is no contract under an agreement `{new.name}` among these files\n"
            "  way out: give its file too, or name one under another agreement with --contract"
        )
    return [one.node for one in found]


def _terms(
    agreement: AgreementFile, contracts: Sequence[MapNode], change: Change, book: Folder
) -> tuple[Terms, ...]:
    """The contracts under an agreement by id, with the plans they change to; stops with what is wrong."""
    under = Page(agreement.node, agreement.name, agreement.version, agreement.lock)
    terms, findings = terms_under(under, contracts, change)
    refuse(findings)
    nodes = {one.id: one.node for one in book.contracts}
    terms, findings = with_plans(terms, book.terms, under, nodes, change)
    refuse(findings)
    return tuple(sorted(terms, key=_id))


def _own(book: Folder, others: Iterable[Terms]) -> tuple[Terms, ...]:
    """The same contracts under their own versions."""
    ids = {_id(one) for one in others}
    return tuple(one for one in book.terms if _id(one) in ids)


def _id(terms: Terms) -> str:
    assert terms.contract is not None
    return terms.contract.id
