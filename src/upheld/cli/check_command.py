"""`upheld check`: whether agreements and contracts say what they should."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from upheld.cli.drawing import add_colour, has_colour
from upheld.cli.output import DOES_NOT_HOLD, DONE, Stop, paths, show, text_of, width
from upheld.cli.sources import Sources
from upheld.core.values.finding import Finding, has_errors, in_order
from upheld.core.values.frozen import dataclass
from upheld.files.folder import Folder, read_book
from upheld.language.check import check_agreement
from upheld.language.coverage import Coverage
from upheld.language.library import AgreementFile, ContractFile, lock_path_of
from upheld.render.words import count

_USUAL_WIDTH = 100
"""How many columns a drawing has where no terminal says."""
_CLEAR = "\x1b[2J\x1b[H"
"""Empties a terminal and puts the next line at its top."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="agreements and contracts, or folders of them"
    )
    parser.add_argument(
        "--page", metavar="FILE", help="the provider's page as text: tells clauses whose paragraph changed"
    )
    parser.add_argument(
        "--resolved",
        action="store_true",
        help="print the agreement as it holds, with where each line comes from",
    )
    parser.add_argument("--plan", default="", help="with --resolved: for this plan")
    parser.add_argument("--quiet", action="store_true", help="no notes, no coverage")
    parser.add_argument("--all", action="store_true", help="also what the agreement acknowledges")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors: exit code 1")
    parser.add_argument(
        "--watch", action="store_true", help="check again whenever a file changes; Ctrl-C ends"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif"),
        default="text",
        help="text (default), json, or SARIF 2.1.0 for code hosts",
    )
    add_colour(parser)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What one look at the files gave."""

    book: Folder
    findings: tuple[Finding, ...]
    coverages: tuple[tuple[AgreementFile, Coverage], ...]

    @property
    def sources(self) -> Sources:
        """The texts that the findings are about."""
        trees = [agreement.node for agreement in self.book.agreements]
        trees += [one.clauses for one in self.book.agreements if one.clauses is not None]
        return Sources([*trees, *(contract.node for contract in self.book.contracts)])


def run(options: argparse.Namespace) -> int:
    """Prints the findings, or the resolved text. 1 if there is an error."""
    if not options.watch:
        return _told(_checked(options), options)
    if options.resolved or options.format != "text":
        raise Stop("upheld: --watch shows findings as text; leave out --resolved and --format")
    from upheld.cli.watching import watch

    given = [*paths(options.paths), *([Path(options.page)] if options.page else [])]

    def once() -> Iterator[Path]:
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)
        yield from given
        try:
            checked = _checked(options)
            _told(checked, options)
            yield from _neighbours(checked.book)
        except (Stop, OSError) as fault:  # a file went away, or is being written: it may come back
            show([fault.message if isinstance(fault, Stop) else f"upheld: {fault}"])
        show(["watching; Ctrl-C ends"])
        sys.stdout.flush()

    watch(given, once, rest)
    return DONE


def rest() -> None:
    """How long nobody looks at the files that are watched."""
    time.sleep(0.5)


def _neighbours(book: Folder) -> Iterator[Path]:
    """The files that were read, or looked for, because an agreement is there."""
    for agreement in book.agreements:
        yield agreement.path
        yield lock_path_of(agreement.path)
        if agreement.clauses_path is not None:
            yield agreement.clauses_path


def _checked(options: argparse.Namespace) -> _Checked:
    book = read_book(paths(options.paths), facts=False)
    if not book.agreements and not book.contracts and not book.findings:
        raise Stop("upheld: there is no agreement and no contract among these files")
    page = None
    if options.page:
        page = (text_of(Path(options.page)).decode("utf-8", "replace"), options.page)
    findings: list[Finding] = list(book.findings)
    coverages: list[tuple[AgreementFile, Coverage]] = []
    for agreement in book.agreements:
        found, coverage = check_agreement(
            agreement.node, clauses=agreement.clauses, lock=agreement.lock, page=page
        )
        findings += found
        coverages.append((agreement, coverage))
    return _Checked(book, in_order(findings), tuple(coverages))


def _told(checked: _Checked, options: argparse.Namespace) -> int:
    """Prints what was found, or the resolved text; the exit code."""
    found = tuple(one for one in checked.findings if not options.quiet or one.severity != "note")
    counted = tuple(one for one in found if not one.acknowledged)
    fails = has_errors(counted) or (options.strict and any(one.severity == "warning" for one in counted))
    if options.resolved and not fails:
        return _resolved(options, checked.book)
    if options.format == "json":
        _print_json(found, checked)
    elif options.format == "sarif":
        _print_sarif(found, checked)
    else:
        _print_text(found if options.all else counted, checked, options.quiet, options.color)
        show([_sum(counted, len(found) - len(counted), checked.book)])
    return DOES_NOT_HOLD if fails else DONE


def _print_text(findings: tuple[Finding, ...], checked: _Checked, quiet: bool, colour: str) -> None:
    if findings:
        from upheld.render.ansi import coloured
        from upheld.render.drawing import drawn

        sources, columns = checked.sources, width() or _USUAL_WIDTH
        lines = (line for one in findings for line in drawn(one, sources.lines, sources.length, columns))
        show(lines, coloured if has_colour(colour) else None)
    if not quiet:
        show(_coverage_line(agreement, coverage) for agreement, coverage in checked.coverages)


def _resolved(options: argparse.Namespace, book: Folder) -> int:
    """The agreement as it holds for a contract, or for a plan."""
    from upheld.language.layers import resolved
    from upheld.language.writer import write_yaml

    texts: list[str] = []
    for contract in book.contracts:
        agreement = _of(contract, book)
        if agreement is not None:
            texts.append(write_yaml(resolved(agreement.node, contract.plan, contract.node), origins=True))
    if not book.contracts:
        for agreement in book.agreements:
            if options.plan and options.plan not in agreement.plans:
                known = ", ".join(agreement.plans) or "none"
                raise Stop(f"upheld: {agreement.path} has no plan {options.plan}; it has {known}")
            texts.append(write_yaml(resolved(agreement.node, options.plan), origins=True))
    print("---\n".join(texts), end="")
    return DONE


def _of(contract: ContractFile, book: Folder) -> AgreementFile | None:
    return next((one for one in book.agreements if one.name == contract.agreement), None)


def _coverage_line(agreement: AgreementFile, coverage: Coverage) -> str:
    told = str(coverage) if coverage.clauses else "no clause list, so coverage is not known"
    return f"{agreement.path}: {told}"


def _print_json(findings: tuple[Finding, ...], checked: _Checked) -> None:
    from upheld.render.records import drawn_finding_record, dumps

    end_of = checked.sources.end_column
    record = {
        "findings": [drawn_finding_record(finding, end_of) for finding in findings],
        "coverage": [
            {
                "agreement": agreement.name,
                "file": str(agreement.path),
                "clauses": {one.clause.number: one.state for one in coverage.clauses},
            }
            for agreement, coverage in checked.coverages
        ],
    }
    print(dumps(record), end="")


def _print_sarif(findings: tuple[Finding, ...], checked: _Checked) -> None:
    from importlib.metadata import version

    from upheld.language.codes import CODES
    from upheld.render.records import dumps
    from upheld.render.sarif import sarif

    print(dumps(sarif(findings, CODES, checked.sources.end_column, version("upheld"))), end="")


def _sum(findings: tuple[Finding, ...], acknowledged: int, book: Folder) -> str:
    counts = Counter(finding.severity for finding in findings)
    told = ", ".join(count(counts[severity], severity) for severity in ("error", "warning", "note"))
    known = f", {acknowledged} acknowledged" if acknowledged else ""
    files = f"{count(len(book.agreements), 'agreement')}, {count(len(book.contracts), 'contract')}"
    return f"{files}: {told}{known}"
