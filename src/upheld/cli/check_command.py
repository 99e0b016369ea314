"""`upheld check`: whether agreements and contracts say what they should."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from upheld.cli.output import DOES_NOT_HOLD, DONE, Stop, add_format, paths, show, text_of
from upheld.core.finding import Finding, has_errors, in_order
from upheld.files.folder import AgreementFile, ContractFile, Folder, read_book
from upheld.language.check import check_agreement
from upheld.language.coverage import Coverage
from upheld.render.words import count


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
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the findings, or the resolved text. 1 if there is an error."""
    book = read_book(paths(options.paths), facts=False)
    if not book.agreements and not book.contracts and not book.findings:
        raise Stop("upheld: there is no agreement and no contract among these files")
    findings: list[Finding] = list(book.findings)
    coverages: list[tuple[AgreementFile, Coverage]] = []
    for agreement in book.agreements:
        found, coverage = check_agreement(agreement.node, clauses=agreement.clauses, lock=agreement.lock)
        findings += found
        coverages.append((agreement, coverage))
        if options.page:
            findings += _page(agreement, options.page)
    told = in_order(f for f in findings if not options.quiet or f.severity != "note")
    if options.resolved and not has_errors(told):
        return _resolved(options, book)
    if options.format == "json":
        _print_json(told, coverages)
    else:
        show(line for finding in told for line in finding.lines)
        if not options.quiet:
            show(_coverage_line(agreement, coverage) for agreement, coverage in coverages)
        show([_sum(told, book)])
    return DOES_NOT_HOLD if has_errors(told) else DONE


def _page(agreement: AgreementFile, page: str) -> tuple[Finding, ...]:
    from upheld.language.page import check_page

    if agreement.clauses is None:
        return ()
    return check_page(agreement.clauses, text_of(Path(page)).decode("utf-8", "replace"), page)


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


def _print_json(findings: tuple[Finding, ...], coverages: list[tuple[AgreementFile, Coverage]]) -> None:
    from upheld.render.records import dumps, findings_record

    record = {
        "findings": findings_record(findings),
        "coverage": [
            {
                "agreement": agreement.name,
                "file": str(agreement.path),
                "clauses": {one.clause.number: one.state for one in coverage.clauses},
            }
            for agreement, coverage in coverages
        ],
    }
    print(dumps(record), end="")


def _sum(findings: tuple[Finding, ...], book: Folder) -> str:
    counts = Counter(finding.severity for finding in findings)
    told = ", ".join(count(counts[severity], severity) for severity in ("error", "warning", "note"))
    return f"{count(len(book.agreements), 'agreement')}, {count(len(book.contracts), 'contract')}: {told}"
