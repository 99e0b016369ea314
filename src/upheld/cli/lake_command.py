"""`upheld lake`: observations sealed into day files, and checked."""

from __future__ import annotations

import argparse
from pathlib import Path

from upheld.cli.output import (
    DOES_NOT_HOLD,
    DONE,
    WRONG_USE,
    Stop,
    add_format,
    named_target,
    paths,
    refuse,
    show,
    tell,
)
from upheld.core.terms.agreement import Terms
from upheld.core.values.finding import Finding, has_errors
from upheld.files.folder import Folder, read_book
from upheld.language.compile import compile_terms
from upheld.render.records import dumps, findings_record
from upheld.render.words import count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    forms = parser.add_subparsers(dest="form", required=True, metavar="FORM")
    seal = forms.add_parser("seal", help="observations into a lake: typed day files, slice counts, hashes")
    seal.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="files of observations, agreements, contracts; or folders of them",
    )
    seal.add_argument(
        "--out", type=named_target, required=True, metavar="DIR", help="the lake; late rows are added to it"
    )
    seal.add_argument(
        "--agreement", action="append", default=[], metavar="FILE", help="an agreement that names the signals"
    )
    add_format(seal)
    verify = forms.add_parser("verify", help="whether a lake still is what was sealed, made anew from rows")
    verify.add_argument("lake", metavar="DIR", help="the lake")
    add_format(verify)


def run(options: argparse.Namespace) -> int:
    """Seals, or verifies."""
    return _seal(options) if options.form == "seal" else _verify(options)


def _seal(options: argparse.Namespace) -> int:
    from upheld.lake.sealing import seal

    out = Path(options.out)
    book = read_book(paths([*options.paths, *options.agreement]), facts=False)
    refuse(book.findings, "sealed")
    observed = [path for path in book.observed if not path.is_dir()]
    if not observed:
        raise Stop(
            "upheld: there are no observations among these files (NAME.observations.csv, .jsonl, .parquet)"
        )
    sealed, findings = seal(observed, _terms(book), out)
    if sealed is None:
        refuse(findings, "sealed")
    assert sealed is not None
    if options.format == "json":
        record = {"rows": sealed.rows, "files": sealed.files, "days": len(sealed.lake.days)}
        print(dumps({**record, "findings": findings_record(findings)}), end="")
    else:
        tell(findings)
        new = (
            f"{count(sealed.rows, 'row')} in {count(sealed.files, 'file')}" if sealed.rows else "nothing new"
        )
        show([f"{out}: {new}; {count(len(sealed.lake.days), 'day')} in all"])
    return WRONG_USE if has_errors(findings) else DONE


def _terms(book: Folder) -> list[Terms]:
    """The terms of the contracts, and of agreements that none of them binds to."""
    found = list(book.terms)
    bound = {terms.agreement for terms in found}
    findings: list[Finding] = []
    for agreement in book.agreements:
        if agreement.name not in bound:
            terms, more = compile_terms(agreement.node, lock=agreement.lock)
            findings += more
            found += [terms] if terms is not None else []
    refuse(findings, "sealed")
    return found


def _verify(options: argparse.Namespace) -> int:
    from upheld.lake.manifest import read_lake
    from upheld.lake.verifying import verify

    (home,) = paths([options.lake])
    lake, findings = read_lake(home)
    differences = list(verify(lake)) if lake is not None else []
    told = [*findings, *(difference.finding for difference in differences)]
    if options.format == "json":
        days = len(lake.days) if lake is not None else 0
        print(dumps({"days": days, "findings": findings_record(told)}), end="")
    else:
        tell(told)
        if lake is not None and not told:
            show([f"{home}: {count(len(lake.days), 'day')} as sealed"])
    if lake is None:
        return WRONG_USE
    return DOES_NOT_HOLD if told else DONE
